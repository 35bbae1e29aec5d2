using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.InsurancePool.Rules;

/// <summary>How many contracts of a plan and tier.</summary>
/// <param name="Plan">Plan design.</param>
/// <param name="Tier">Whom a contract covers.</param>
/// <param name="Contracts">Employees enrolled, not negative.</param>
public sealed record TierCount(PlanId Plan, Tier Tier, int Contracts);

/// <summary>What counts must be.</summary>
public static class Counts
{
    /// <summary>Most contracts in a cell.</summary>
    public const int Most = 1_000_000;

    /// <summary>Fewest contracts of a cell that is published; smaller cells could point at a person.</summary>
    public const int LeastPublished = 11;

    /// <summary>All contracts.</summary>
    public static int Total(this IEnumerable<TierCount> counts) => counts.Sum(c => c.Contracts);

    /// <summary>All contracts of a tier.</summary>
    public static int Of(this IEnumerable<TierCount> counts, Tier tier) => counts.Where(c => c.Tier == tier).Sum(c => c.Contracts);

    /// <summary>The count as it may be published: null below <see cref="LeastPublished"/>, except for none at all.</summary>
    public static int? Published(int contracts) => contracts is 0 or >= LeastPublished ? contracts : null;

    /// <summary>In plan and tier order, empty cells left out.</summary>
    internal static StructuralList<TierCount> InOrder(IEnumerable<TierCount> counts) =>
        [.. counts.Where(c => c.Contracts != 0).OrderBy(c => c.Plan).ThenBy(c => c.Tier)];

    /// <summary>Refuses with <c>count-out-of-range</c>, <c>cell-repeated</c>, <c>plan-unknown</c>.</summary>
    internal static Refusal? Flaw(IReadOnlyList<TierCount> counts, IEnumerable<PlanId> plans)
    {
        if (counts.Any(c => c.Contracts is < 0 or > Most || !Enum.IsDefined(c.Tier)))
            return new("count-out-of-range", $"Give counts from 0 to {Most} under a tier.");
        if (counts.Select(c => (c.Plan, c.Tier)).Distinct().Count() != counts.Count)
            return new("cell-repeated", "Give each plan and tier once.");
        return counts.Any(c => !plans.Contains(c.Plan))
            ? new("plan-unknown", "The pool year has no such plan; use the plans that it was drafted with.")
            : null;
    }
}
