namespace SSC.Purchasing.Kernel;

/// <summary>
/// Shares what there is among claims: ordered quantity first, tolerance after it, each by the policy. Works in whole increments,
/// so Σ allocated is what is available or what can be taken, whichever is less, rounded down to increments.
/// </summary>
public static class Allocator
{
    /// <summary>Version of the rule that new allocations name in their event.</summary>
    public const int CurrentRuleVersion = 1;

    /// <summary>Allocates.</summary>
    /// <param name="policy">Who goes first.</param>
    /// <param name="ruleVersion">Version named by the event, so that old decisions recompute with their own rule.</param>
    /// <param name="available">What there is, not negative.</param>
    /// <param name="increment">Smallest lot a claim can receive, above zero; a pallet where a pallet must reach one site.</param>
    /// <param name="claims">At most one per member, in any order. Figures not negative.</param>
    /// <returns>One share per claim by member number, and what was not placed.</returns>
    /// <exception cref="ArgumentException">Unknown rule version, a repeated member, a negative figure, or rows that do not sum.</exception>
    public static AllocationResult Allocate(
        AllocationPolicy policy, int ruleVersion, Quantity available, Quantity increment, IReadOnlyList<Claim> claims)
    {
        if (ruleVersion != CurrentRuleVersion)
            throw new ArgumentException($"Allocation rule version {ruleVersion} is not known to this version of the service.",
                nameof(ruleVersion));
        ArgumentOutOfRangeException.ThrowIfNegative(available.Thousandths, nameof(available));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(increment.Thousandths, 0, nameof(increment));

        var lines = claims.Select(c => new Line(c, increment)).ToArray();
        Array.Sort(lines, (a, b) => a.Claim.Member.CompareTo(b.Claim.Member));
        Check(policy, lines);

        var left = available.Thousandths / increment.Thousandths;
        left -= Place(policy, left, lines, ofTolerance: false);
        if (left > 0) left -= Place(policy, left, lines, ofTolerance: true);

        var shares = lines.Select(line => line.ToShare(increment)).ToStructuralList();
        return new(shares, available - shares.Select(s => s.Allocated).Sum());
    }

    private static void Check(AllocationPolicy policy, Line[] lines)
    {
        for (var i = 0; i < lines.Length; i++)
        {
            var claim = lines[i].Claim;
            if (i > 0 && claim.Member == lines[i - 1].Claim.Member)
                throw new ArgumentException($"{claim.Member} claims twice.", nameof(lines));
            if (claim.Quantity < Quantity.Zero || claim.Tolerance < Quantity.Zero)
                throw new ArgumentException($"{claim.Member} claims a negative quantity or tolerance.", nameof(lines));
            if (policy == AllocationPolicy.FirstCome && claim.Steps.Select(s => s.Increase).Sum() != claim.Quantity)
                throw new ArgumentException($"{claim.Member}'s rows in time do not sum to {claim.Quantity}.", nameof(lines));
        }
    }

    private static long Place(AllocationPolicy policy, long offered, Line[] lines, bool ofTolerance)
    {
        foreach (var line in lines) line.Begin(ofTolerance);
        return policy switch
        {
            AllocationPolicy.ProRata => InProportion(offered, lines),
            AllocationPolicy.FirstCome => ofTolerance ? ToleranceInLine(offered, lines) : RowsInLine(offered, lines),
            AllocationPolicy.PriorityClass => ByClass(offered, lines),
            AllocationPolicy.EqualThenProRata => EquallyFirst(offered, lines),
            _ => throw new ArgumentException($"Unknown policy {policy}.", nameof(policy)),
        };
    }

    private static long InProportion(long offered, IReadOnlyList<Line> lines)
    {
        var asked = 0L;
        var weights = new long[lines.Count];
        for (var i = 0; i < weights.Length; i++) asked += weights[i] = lines[i].Unmet;
        if (asked == 0) return 0;
        if (offered >= asked)
        {
            foreach (var line in lines.Where(l => l.Unmet > 0)) line.Take(ShareReason.InFull(line.OfTolerance, line.Unmet));
            return asked;
        }

        var sharing = LargestRemainder.Explain(offered, weights);
        for (var i = 0; i < weights.Length; i++)
        {
            if (weights[i] > 0) lines[i].Take(ShareReason.Proportion(lines[i].OfTolerance, sharing, i, weights[i]));
        }

        return offered;
    }

    private static long ByClass(long offered, Line[] lines)
    {
        var left = offered;
        foreach (var group in lines.GroupBy(l => l.Claim.PriorityClass).OrderBy(g => g.Key)) left -= InProportion(left, [.. group]);
        return offered - left;
    }

    private static long EquallyFirst(long offered, Line[] lines)
    {
        var asking = lines.Where(l => l.Unmet > 0).ToList();
        if (asking.Count == 0) return 0;
        var each = offered / asking.Count;
        var left = offered;
        foreach (var line in asking)
        {
            var reason = ShareReason.Equal(line.OfTolerance, Math.Min(each, line.Unmet), offered, asking.Count, line.Unmet);
            line.Take(reason);
            left -= reason.Placed;
        }

        return offered - left + InProportion(left, asking);
    }

    private static long RowsInLine(long offered, Line[] lines)
    {
        var rows = new List<(long Position, Line Line, long Lots)>();
        foreach (var line in lines)
        {
            var (asked, known) = (Quantity.Zero, 0L);
            foreach (var step in line.Claim.Steps)
            {
                asked += step.Increase;
                var lots = line.LotsIn(asked);
                if (lots > known) rows.Add((step.Position, line, lots - known));
                known = lots;
            }
        }

        return InLine(offered, rows);
    }

    private static long ToleranceInLine(long offered, Line[] lines) => InLine(
        offered,
        [.. lines.Where(l => l.Unmet > 0).Select(l => (l.Claim.Steps.Count == 0 ? long.MaxValue : l.Claim.Steps[0].Position, l, l.Unmet))]);

    private static long InLine(long offered, List<(long Position, Line Line, long Lots)> rows)
    {
        var ahead = 0L;
        foreach (var (position, line, lots) in rows.OrderBy(r => r.Position).ThenBy(r => r.Line.Claim.Member))
        {
            var placed = Math.Min(lots, offered - ahead);
            line.Take(ShareReason.FirstCome(line.OfTolerance, placed, offered, ahead, lots, position));
            ahead += placed;
        }

        return ahead;
    }

    /// <summary>A claim in increments while it is being served.</summary>
    private sealed class Line
    {
        private readonly Quantity increment;
        private readonly List<ShareReason> reasons = [];
        private long taken;

        public Line(Claim claim, Quantity increment) => (Claim, this.increment) = (claim, increment);

        public Claim Claim { get; }

        public bool OfTolerance { get; private set; }

        public long Unmet { get; private set; }

        public long LotsIn(Quantity quantity) => quantity.Thousandths / increment.Thousandths;

        public void Begin(bool ofTolerance)
        {
            OfTolerance = ofTolerance;
            Unmet = ofTolerance ? LotsIn(Claim.Quantity + Claim.Tolerance) - LotsIn(Claim.Quantity) : LotsIn(Claim.Quantity);
        }

        public void Take(ShareReason reason)
        {
            reasons.Add(reason);
            taken += reason.Placed;
            Unmet -= reason.Placed;
        }

        public Share ToShare(Quantity lot)
        {
            var allocated = lot * taken;
            var surplus = allocated > Claim.Quantity ? allocated - Claim.Quantity : Quantity.Zero;
            return new(Claim.Member, allocated, surplus, Claim.Quantity + surplus - allocated, ShareReason.Token(lot, reasons));
        }
    }
}
