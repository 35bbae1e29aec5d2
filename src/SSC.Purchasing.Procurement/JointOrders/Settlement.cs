using System.Text.Json.Serialization;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Contracts;

namespace SSC.Purchasing.Procurement.JointOrders;

/// <summary>
/// What a settlement was computed from, by reference: with it and the log, the same figures come out years later.
/// </summary>
/// <param name="AsOfPosition">Position of the closing event (or of the later event that led to this round).</param>
/// <param name="Inputs">Each commitment stream's version that counted.</param>
/// <param name="OrderVersion">Version of the joint order that was read.</param>
/// <param name="RuleVersion">Version of the settlement rules.</param>
/// <param name="CpvThreshold">Amount above which the State's contract must have been considered first, on the closing date.</param>
/// <param name="Final">No further approvals are asked: an unapproved excess is out.</param>
public sealed record SettlementBasis(
    long AsOfPosition, StructuralList<CommitmentVersion> Inputs, long OrderVersion, int RuleVersion, Money CpvThreshold, bool Final);

/// <summary>A commitment stream's version that counted.</summary>
public sealed record CommitmentVersion(MemberNo Member, long Version);

/// <summary>What settling found; rule version 1.</summary>
/// <param name="Minimum">Pooled total against the minimum.</param>
/// <param name="Lines">Cases, tier, shares per line.</param>
/// <param name="Totals">What each member owes.</param>
/// <param name="ApprovalsNeeded">Members whose excess or evidence needs a person.</param>
/// <param name="Excluded">Everyone who is out, with the reason, before and in this round.</param>
/// <param name="Iterations">Rounds until nobody else fell out.</param>
/// <param name="Basis">Inputs by reference.</param>
public sealed record Settlement(
    MinimumEvidence Minimum,
    StructuralList<LineOutcome> Lines,
    StructuralList<MemberTotal> Totals,
    StructuralList<ApprovalNeeded> ApprovalsNeeded,
    StructuralList<Exclusion> Excluded,
    int Iterations,
    SettlementBasis Basis);

/// <summary>Pooled totals after case filling, against the order's minimum (net, before freight).</summary>
public sealed record MinimumEvidence(Quantity Units, Money Net, Quantity MinimumUnits, Money MinimumNet, bool Met);

/// <summary>One line's decision: case filling, tier, allocation, split to the cent.</summary>
/// <param name="LineNo">Line.</param>
/// <param name="Committed">Σ quantity (Q).</param>
/// <param name="Tolerance">Σ tolerance (T).</param>
/// <param name="Cases">Whole cases that Q and T fill.</param>
/// <param name="Ordered">Units ordered: cases × case size.</param>
/// <param name="TierFrom">Tier reached by the total after rounding.</param>
/// <param name="Price">Its unit price.</param>
/// <param name="Goods">Price × ordered, rounded once.</param>
/// <param name="Shares">Per member, in member order.</param>
public sealed record LineOutcome(
    int LineNo,
    Quantity Committed,
    Quantity Tolerance,
    long Cases,
    Quantity Ordered,
    Quantity TierFrom,
    UnitPrice Price,
    Money Goods,
    StructuralList<MemberShare> Shares);

/// <summary>One member's share of a line, with its reason.</summary>
/// <param name="Member">Member, or the coordinator's stock.</param>
/// <param name="Allocated">Units.</param>
/// <param name="OfWhichTolerance">Units out of the tolerance.</param>
/// <param name="Short">Committed units that no case was filled with.</param>
/// <param name="Remainder">What becomes of <paramref name="Short"/>: <c>short</c> or <c>waitlist</c>; null when nothing is short.</param>
/// <param name="Goods">Share of the line's goods amount.</param>
/// <param name="Fee">Share of the per-unit fee.</param>
/// <param name="Credit">Share of the commodity credit, positive.</param>
/// <param name="Drops">The member's units by site.</param>
/// <param name="Reason">Why this number: the token that <see cref="ShareReason.Parse"/> reads.</param>
public sealed record MemberShare(
    MemberNo Member,
    Quantity Allocated,
    Quantity OfWhichTolerance,
    Quantity Short,
    string? Remainder,
    Money Goods,
    Money Fee,
    Money Credit,
    StructuralList<SiteQuantity> Drops,
    string Reason)
{
    /// <summary>Goods plus fee less credit.</summary>
    [JsonIgnore]
    public Money Amount => Goods + Fee - Credit;
}

/// <summary>Units at a site.</summary>
public sealed record SiteQuantity(SiteId Site, Quantity Quantity);

/// <summary>What a member owes for the order: its shares of all lines and of the freight.</summary>
public sealed record MemberTotal(MemberNo Member, Money Lines, Money Freight, Money Committed)
{
    /// <summary>Lines and freight.</summary>
    [JsonIgnore]
    public Money Total => Lines + Freight;
}

/// <summary>A member whose cost or evidence needs a person's approval.</summary>
/// <param name="Member">Member.</param>
/// <param name="Total">What it would owe.</param>
/// <param name="Committed">What it committed to.</param>
/// <param name="Reasons"><c>over-commitment</c>, <c>cpv-missing</c>, <c>above-approval-threshold</c>.</param>
public sealed record ApprovalNeeded(MemberNo Member, Money Total, Money Committed, StructuralList<string> Reasons);

/// <summary>Everything a settlement reads, gathered at one position.</summary>
public sealed record SettlementInput(
    OrderTerms Terms,
    int Generation,
    StructuralList<CommitmentAtClose> Commitments,
    StructuralMap<int, Quantity> ToppedUp,
    StructuralList<Exclusion> Excluded,
    bool MinimumWaived,
    SettlementBasis Basis);

/// <summary>A member's commitment as it stood at the close.</summary>
public sealed record CommitmentAtClose(
    MemberNo Member,
    int PriorityClass,
    int Generation,
    StructuralList<LineClaim> Lines,
    Money Committed,
    Money? ApprovedUpTo,
    Money? ApprovalThreshold,
    bool CpvConsidered);

/// <summary>A member's claim on one line.</summary>
public sealed record LineClaim(
    int LineNo, Quantity Quantity, Quantity Tolerance, UnitPrice? MaxPrice, StructuralList<SiteQuantity> Sites,
        StructuralList<ClaimStep> Steps);

/// <summary>
/// Settles a closed order: fills cases, finds the tier of the total after rounding, takes out members whose maximum price is
/// exceeded (which can lower the tier: repeated until nobody else falls out), allocates, splits to the cent and shares freight.
/// Pure, exact, independent of the order of its inputs.
/// </summary>
public static class SettlementRules
{
    /// <summary>Version of these rules; stored with every settlement.</summary>
    public const int CurrentVersion = 1;

    /// <summary>Stands for the coordinator's stock among the members of a line.</summary>
    public static readonly MemberNo Stock = new("STOCK");

    /// <summary>Where the coordinator's stock is delivered.</summary>
    public static SiteId StockSite(CooperativeId lead) => new($"{lead}-STOCK");

    /// <summary>Computes a settlement.</summary>
    /// <exception cref="NotSupportedException">A rule version this code does not know.</exception>
    public static Settlement Compute(SettlementInput input)
    {
        if (input.Basis.RuleVersion != CurrentVersion)
            throw new NotSupportedException($"Settlement rules {input.Basis.RuleVersion} are not known to this version.");

        var commitments = input.Commitments.OrderBy(c => c.Member).ToList();
        var excluded = new List<Exclusion>(input.Excluded);
        excluded.AddRange(commitments
            .Where(c => c.Generation != input.Generation && !excluded.Any(e => e.Member == c.Member && e.LineNo is null))
            .Select(c => new Exclusion(c.Member, "not-reconfirmed")));

        for (var iteration = 1; ; iteration++)
        {
            var out_ = new Outs(excluded);
            var lines = input.Terms.Lines.Select(l => Line(l, input, commitments, out_)).ToStructuralList();
            var fallen = OverMaximumPrice(lines, commitments, out_).ToList();
            if (fallen.Count == 0)
            {
                var totals = Totals(lines, commitments, input.Terms.Policies.Freight);
                var approvals = Approvals(lines, totals, commitments, input);
                if (!input.Basis.Final || approvals.Count == 0)
                {
                    return new(
                        Minimum(lines, input), lines, totals, approvals,
                        excluded.OrderBy(e => e.Member).ThenBy(e => e.LineNo ?? 0).ToStructuralList(), iteration, input.Basis);
                }

                fallen.AddRange(approvals.Select(a => new Exclusion(a.Member, "approval-not-given")));
            }

            excluded.AddRange(fallen); // every round takes at least one claim out, so this ends
        }
    }

    /// <summary>What each line lacks to its next case, before the box-fill phase.</summary>
    public static StructuralList<LineQuantity> Shortfalls(SettlementInput input) => input.Terms.Lines.Select(line =>
    {
        var claims = input.Commitments.SelectMany(c => c.Lines).Where(l => l.LineNo == line.LineNo).ToList();
        return new LineQuantity(line.LineNo, CaseFilling.MissingToNextCase(
            claims.Select(c => c.Quantity).Sum(), claims.Select(c => c.Tolerance).Sum(), line.Item.CaseSize));
    }).Where(s => s.Quantity > Quantity.Zero).ToStructuralList();

    /// <summary>
    /// Allocates a line again on the smaller total that will come, at the price that was fixed: not house-monotone, so it is run
    /// anew on the new total and the differences are booked.
    /// </summary>
    public static LineOutcome Reallocate(SettlementInput input, int lineNo, Quantity arriving, UnitPrice price) => Line(
        input.Terms.Line(lineNo) ?? throw new ArgumentOutOfRangeException(nameof(lineNo)),
        input, [.. input.Commitments.OrderBy(c => c.Member)], new([.. input.Excluded]), (arriving, price));

    private static LineOutcome Line(
        OrderLine line, SettlementInput input, List<CommitmentAtClose> commitments, Outs outs,
            (Quantity Arriving, UnitPrice Price)? given = null)
    {
        var claims = new List<(LineClaim Claim, Claim Allocation)>();
        foreach (var commitment in commitments)
        {
            if (commitment.Lines.FirstOrDefault(l => l.LineNo == line.LineNo) is not { } claim
                || outs.Has(commitment.Member, line.LineNo)) continue;
            claims.Add((claim, new(commitment.Member, claim.Quantity, claim.Tolerance, commitment.PriorityClass, claim.Steps)));
        }

        if (input.ToppedUp.TryGetValue(line.LineNo, out var stock) && stock > Quantity.Zero)
        {
            claims.Add((
                new(line.LineNo, stock, Quantity.Zero, null, [new(StockSite(input.Terms.Lead), stock)], []),
                new(Stock, stock, Quantity.Zero, int.MaxValue, [new(long.MaxValue, stock)])));
        }

        var committed = claims.Select(c => c.Claim.Quantity).Sum();
        var tolerance = claims.Select(c => c.Claim.Tolerance).Sum();
        var cases = CasesOf(line.Item, committed, tolerance);
        var ordered = given?.Arriving ?? (line.Item.CaseSize * cases);
        var allocation = Allocator.Allocate(
            line.Policy, Allocator.CurrentRuleVersion, ordered, line.SiteIncrement, [.. claims.Select(c => c.Allocation)]);
        ordered -= allocation.Unplaced;
        var tier = given is { Price: var price }
            ? new(line.Item.TierAt(line.Item.CaseSize * cases).From, price) : line.Item.TierAt(ordered);
        var goods = tier.Price.Extend(ordered);
        var weights = allocation.Shares.Select(s => s.Allocated.Thousandths).ToList();
        var goodsShares = LargestRemainder.Share(goods, weights);
        var fees = LargestRemainder.Share(line.Item.FeeOn(ordered), weights);
        var credits = LargestRemainder.Share(line.Item.CreditOn(ordered), weights);
        var sites = claims.ToDictionary(c => c.Allocation.Member, c => c.Claim.Sites);
        var shares = allocation.Shares.Select((s, i) => new MemberShare(
            s.Member, s.Allocated, s.OfWhichTolerance, s.Short,
            s.Short > Quantity.Zero ? input.Terms.Policies.Remainder.ToString().ToLowerInvariant() : null,
            ordered == Quantity.Zero ? Money.Zero : goodsShares[i],
            ordered == Quantity.Zero ? Money.Zero : fees[i],
            ordered == Quantity.Zero ? Money.Zero : credits[i],
            Drops(s.Allocated, sites[s.Member], line.SiteIncrement), s.Reason)).ToStructuralList();
        return new(line.LineNo, committed, tolerance, cases, ordered, tier.From, tier.Price, goods, shares);
    }

    /// <summary>Cases that a line's total fills, no less than the vendor's minimum order.</summary>
    public static long CasesOf(ScheduleLine item, Quantity committed, Quantity tolerance)
    {
        var cases = CaseFilling.Cases(committed, tolerance, item.CaseSize);
        if (item.MinimumOrder == Quantity.Zero || item.CaseSize * cases >= item.MinimumOrder) return cases;
        var least = CaseFilling.OrderQuantity(committed, tolerance, item.MinimumOrder);
        if (least == Quantity.Zero) return 0;
        var needed = (least.Thousandths + item.CaseSize.Thousandths - 1) / item.CaseSize.Thousandths;
        return item.CaseSize * needed <= committed + tolerance ? needed : 0;
    }

    private static StructuralList<SiteQuantity> Drops(Quantity allocated, StructuralList<SiteQuantity> sites, Quantity increment)
    {
        if (sites.Count == 0 || allocated == Quantity.Zero) return [];
        var units = LargestRemainder.Share(
            allocated.Thousandths / increment.Thousandths, [.. sites.Select(s => s.Quantity.Thousandths)]);
        return sites.Select((s, i) => new SiteQuantity(s.Site, new(units[i] * increment.Thousandths)))
            .Where(d => d.Quantity > Quantity.Zero).ToStructuralList();
    }

    private static IEnumerable<Exclusion> OverMaximumPrice(
        StructuralList<LineOutcome> lines, List<CommitmentAtClose> commitments, Outs outs) =>
        from commitment in commitments
        from claim in commitment.Lines
        where claim.MaxPrice is { } max && !outs.Has(commitment.Member, claim.LineNo)
            && lines.First(l => l.LineNo == claim.LineNo).Price > max
        select new Exclusion(commitment.Member, "max-price-exceeded") { LineNo = claim.LineNo };

    private static StructuralList<MemberTotal> Totals(
        StructuralList<LineOutcome> lines, List<CommitmentAtClose> commitments, Money freight)
    {
        var amounts = new SortedDictionary<MemberNo, Money>();
        foreach (var share in lines.SelectMany(l => l.Shares).Where(s => s.Allocated > Quantity.Zero))
            amounts[share.Member] = amounts.GetValueOrDefault(share.Member) + share.Amount;
        var committed = commitments.ToDictionary(c => c.Member, c => c.Committed);
        var freightShares = amounts.Count == 0
            ? [] : LargestRemainder.Share(freight, [.. amounts.Values.Select(a => Math.Max(0, a.Cents))]);
        return amounts.Select((a, i) => new MemberTotal(a.Key, a.Value, freightShares[i], committed.GetValueOrDefault(a.Key)))
            .ToStructuralList();
    }

    private static StructuralList<ApprovalNeeded> Approvals(
        StructuralList<LineOutcome> lines, StructuralList<MemberTotal> totals, List<CommitmentAtClose> commitments, SettlementInput input)
    {
        var byMember = commitments.ToDictionary(c => c.Member);
        var largestLine = lines.SelectMany(l => l.Shares).GroupBy(s => s.Member).ToDictionary(g => g.Key, g => g.Max(s => s.Amount));
        return totals.Where(t => byMember.ContainsKey(t.Member)).Select(total =>
        {
            var commitment = byMember[total.Member];
            var approved = commitment.ApprovedUpTo is { } limit && limit >= total.Total;
            List<string> reasons = [];
            if (!approved && total.Total > Allowed(total.Committed, input.Terms.Policies.ApprovalToleranceBasisPoints))
                reasons.Add("over-commitment");
            if (!approved && commitment.ApprovalThreshold is { } threshold && total.Total > threshold)
                reasons.Add("above-approval-threshold");
            if (!commitment.CpvConsidered && largestLine[total.Member] > input.Basis.CpvThreshold) reasons.Add("cpv-missing");
            return new ApprovalNeeded(total.Member, total.Total, total.Committed, [.. reasons]);
        }).Where(a => a.Reasons.Count > 0).ToStructuralList();
    }

    private static Money Allowed(Money committed, int basisPoints) =>
        committed + new Money((long)((Int128)committed.Cents * basisPoints / AccountSplit.Whole));

    private static MinimumEvidence Minimum(StructuralList<LineOutcome> lines, SettlementInput input)
    {
        var units = lines.Select(l => l.Ordered).Sum();
        var net = lines.Select(l => l.Goods).Sum();
        var policies = input.Terms.Policies;
        var met = units > Quantity.Zero
            && (input.MinimumWaived || (units >= policies.MinimumUnits && net >= policies.MinimumNet));
        return new(units, net, policies.MinimumUnits, policies.MinimumNet, met);
    }

    /// <summary>Who is out, for quick look-up.</summary>
    private sealed class Outs(List<Exclusion> exclusions)
    {
        private readonly HashSet<(MemberNo, int)> set = [.. exclusions.Select(e => (e.Member, e.LineNo ?? 0))];

        public bool Has(MemberNo member, int lineNo) => set.Contains((member, 0)) || set.Contains((member, lineNo));
    }
}
