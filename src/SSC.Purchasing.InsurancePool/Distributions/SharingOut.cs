using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SSC.Purchasing.InsurancePool.Rules;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.InsurancePool.Distributions;

/// <summary>What a member brought and cost, as the record date froze it.</summary>
/// <param name="Member">Member.</param>
/// <param name="Premium">Contributions earned.</param>
/// <param name="Losses">Claims, paid and incurred.</param>
public sealed record ContributionBasis(MemberNo Member, Money Premium, Money Losses);

/// <summary>A member's share and the weight that it came from.</summary>
/// <param name="Member">Member.</param>
/// <param name="Counted">Losses counted, after the limit.</param>
/// <param name="Weight">What is shared by, in cents; never negative.</param>
/// <param name="Amount">The share.</param>
public sealed record MemberShareOut(MemberNo Member, Money Counted, Money Weight, Money Amount);

/// <summary>A member's part of a dissolved pool.</summary>
/// <param name="Member">Member, also one that left.</param>
/// <param name="MemberMonths">Member-months of the last 120 months.</param>
/// <param name="OverCommunity">Premium paid above the community rate.</param>
public sealed record DissolutionBasis(MemberNo Member, long MemberMonths, Money OverCommunity);

/// <summary>A member's part of a dissolved pool, by both keys.</summary>
/// <param name="Member">Member.</param>
/// <param name="ByMonths">Of the part that goes by member-months.</param>
/// <param name="ByPremium">Of the part that goes by premium above the community rate.</param>
/// <param name="Amount">Both.</param>
public sealed record DissolutionShare(MemberNo Member, Money ByMonths, Money ByPremium, Money Amount);

/// <summary>How surplus, deficit and what is left are shared: by largest remainder, so that the shares are the total to the cent.</summary>
public static class SharingOut
{
    /// <summary>Version of the rule that new allocations name.</summary>
    public const int CurrentRuleVersion = 1;

    private static readonly Factor PartByMonths = Factor.Of(0.70m); // Minn. R. 2785, dissolution: 70 % by member-months, 30 % by premium

    /// <summary>
    /// A dividend by contribution: premium less losses, losses counted up to a part of the premium, a negative contribution as zero.
    /// Ties go to the lower member number.
    /// </summary>
    /// <returns>Null when nobody contributed anything.</returns>
    public static StructuralList<MemberShareOut>? Dividend(Money total, Factor? lossLimit, IEnumerable<ContributionBasis> bases)
    {
        var weighed = bases.OrderBy(b => b.Member).Select(b =>
        {
            var counted = lossLimit is { } limit && b.Losses > Part(b.Premium, limit) ? Part(b.Premium, limit) : b.Losses;
            var contribution = b.Premium - counted;
            return (b.Member, Counted: counted, Weight: contribution > Money.Zero ? contribution : Money.Zero);
        }).ToList();
        if (weighed.All(w => w.Weight == Money.Zero)) return null;
        var shares = LargestRemainder.Share(total, [.. weighed.Select(w => w.Weight.Cents)]);
        return [.. weighed.Select((w, i) => new MemberShareOut(w.Member, w.Counted, w.Weight, shares[i]))];
    }

    /// <summary>A deficit by premium. Null when nobody paid any.</summary>
    public static StructuralList<MemberShareOut>? Assessment(Money total, IEnumerable<ContributionBasis> bases)
    {
        var payers = bases.OrderBy(b => b.Member).ToList();
        if (payers.All(p => p.Premium <= Money.Zero)) return null;
        var weights = payers.Select(p => p.Premium > Money.Zero ? p.Premium : Money.Zero).ToList();
        var shares = LargestRemainder.Share(total, [.. weights.Select(w => w.Cents)]);
        return [.. payers.Select((p, i) => new MemberShareOut(p.Member, p.Losses, weights[i], shares[i]))];
    }

    /// <summary>
    /// What is left of a dissolved pool: 70 % by member-months, 30 % by premium above the community rate; where nobody paid above it, all
    /// of it goes by member-months. Null when there are no member-months.
    /// </summary>
    public static StructuralList<DissolutionShare>? Dissolution(Money total, IEnumerable<DissolutionBasis> bases)
    {
        var sharers = bases.OrderBy(b => b.Member).ToList();
        if (sharers.All(s => s.MemberMonths <= 0)) return null;
        var byPremium = sharers.Any(s => s.OverCommunity > Money.Zero);
        var first = byPremium ? Part(total, PartByMonths) : total;
        var months = LargestRemainder.Share(first, [.. sharers.Select(s => s.MemberMonths)]);
        var premium = byPremium
            ? LargestRemainder.Share(total - first, [.. sharers.Select(s => s.OverCommunity.Cents)])
            : [.. sharers.Select(_ => Money.Zero)];
        return [.. sharers.Select((s, i) => new DissolutionShare(s.Member, months[i], premium[i], months[i] + premium[i]))];
    }

    /// <summary>SHA-256 over what was shared by, in member order: proof of the basis that the record date froze.</summary>
    public static FileHash HashOf(IEnumerable<ContributionBasis> bases)
    {
        var lines = bases.OrderBy(b => b.Member)
            .Select(b => string.Create(CultureInfo.InvariantCulture, $"{b.Member}:{b.Premium.Cents}:{b.Losses.Cents}"));
        return new(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', lines)))));
    }

    /// <summary>Refuses with <c>basis-invalid</c>: a member twice, a negative figure, nobody.</summary>
    internal static Refusal? Flaw(IReadOnlyList<ContributionBasis> bases) =>
        bases.Count is > 0 and <= 1_000 && bases.Select(b => b.Member).Distinct().Count() == bases.Count
        && bases.All(b => b.Premium >= Money.Zero && b.Losses >= Money.Zero && Id.IsWellFormed(b.Member.Value))
            ? null
            : new("basis-invalid", "Give each member once, with a premium and losses that are not negative.");

    private static Money Part(Money amount, Factor part) => Money.Round(amount.Dollars * part.Value);
}
