using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Programs;

/// <summary>The tiers in which teams of schools of like size meet.</summary>
/// <param name="From">First day on which the bands hold.</param>
/// <param name="Source">Where they come from, e.g. the event's rules of a year.</param>
/// <param name="Bands">By size, strictly ascending; the last one without an upper limit.</param>
public sealed record TierBands(DateOnly From, string Source, StructuralList<TierBand> Bands)
{
    /// <summary>The tier of a member with so many students; null when no band reaches so far.</summary>
    public string? TierOf(int enrollment) => Bands.FirstOrDefault(b => b.Below is null || enrollment < b.Below)?.Tier;

    /// <summary><c>tier-bands-invalid</c>; null when all is well.</summary>
    public static Refusal? Flaw(TierBands bands)
    {
        var known = bands.Bands.Count is > 0 and <= 10 && PlainText.IsWellFormed(bands.Source, PlainText.NameLength)
            && bands.Bands.All(b => Id.IsWellFormed(b.Tier) && b.Below is not <= 0)
            && bands.Bands.Select(b => b.Tier).Distinct(StringComparer.Ordinal).Count() == bands.Bands.Count
            && bands.Bands.Take(bands.Bands.Count - 1).All(b => b.Below is not null) && bands.Bands[^1].Below is null
            && bands.Bands.Take(bands.Bands.Count - 1).Zip(bands.Bands.Skip(1)).All(p =>
                p.Second.Below is null || p.First.Below < p.Second.Below);
        return known
            ? null
            : new("tier-bands-invalid",
                "Give 1 to 10 tiers by ascending enrollment, the last without a limit, and say where they come from.");
    }
}

/// <summary>One tier.</summary>
/// <param name="Tier">Its name, e.g. <c>AA</c>.</param>
/// <param name="Below">Fewer students than this; null for the tier of the largest.</param>
public sealed record TierBand(string Tier, int? Below);
