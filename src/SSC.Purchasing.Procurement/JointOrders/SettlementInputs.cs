using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Procurement.JointOrders;

/// <summary>Puts together what a settlement reads, from recorded events only, so that it can be put together again years later.</summary>
public static class SettlementInputs
{
    /// <summary>The inputs as of a position: the members' commitment streams up to it.</summary>
    public static async Task<SettlementInput> Gather(
        IEventStore store, string tenant, JointOrderId order, JointOrder.State state,
        IEnumerable<MemberNo> members, SettlementBasis basis, CancellationToken ct)
    {
        var streams = members.Distinct()
            .ToDictionary(m => $"{Commitment.Category}-{Commitment.Key(order, m)}", m => m, StringComparer.Ordinal);
        var events = await store.ReadStreams(tenant, streams.Keys, basis.AsOfPosition, ct).ConfigureAwait(false);
        var commitments = events.GroupBy(e => e.Stream, StringComparer.Ordinal)
            .Select(g => (Member: streams[g.Key], Events: g.ToList()))
            .OrderBy(g => g.Member)
            .ToList();
        return From(
            state, commitments.Select(c => Fold(c.Member, c.Events)),
            basis with { Inputs = commitments.Select(c => new CommitmentVersion(c.Member, c.Events[^1].Version)).ToStructuralList() });
    }

    private static SettlementInput From(JointOrder.State state, IEnumerable<FoldedCommitment> commitments, SettlementBasis basis)
    {
        var taking = commitments.Where(c => c.State.Lines.Count > 0).ToList();
        var declined = taking.Where(c => c.State.IsDeclined && state.Excluded.All(e => e.Member != c.Member || e.LineNo is not null))
            .Select(c => new Exclusion(c.Member, "approval-declined"));
        return new(
            state.Terms!, state.Generation, taking.Select(c => AtClose(c, state, basis)).ToStructuralList(), state.ToppedUp,
            [.. state.Excluded, .. declined], state.MinimumWaived, basis);
    }

    private static CommitmentAtClose AtClose(FoldedCommitment folded, JointOrder.State state, SettlementBasis basis)
    {
        var claims = folded.State.Lines.GroupBy(l => l.LineNo).Select(line =>
        {
            var boxFill = state.Claims.Where(c => c.Member == folded.Member && c.LineNo == line.Key).ToList();
            var quantity = line.Select(l => l.Quantity).Sum() + boxFill.Select(c => c.Quantity).Sum();
            var steps = folded.Steps.GetValueOrDefault(line.Key);
            if (boxFill.Count > 0) steps = ClaimSteps.Apply(steps, basis.AsOfPosition, quantity);
            var sites = line.Select(l => new SiteQuantity(l.Site, l.Quantity))
                .Concat(boxFill.Select(c => new SiteQuantity(c.Site, c.Quantity)))
                .GroupBy(s => s.Site).OrderBy(s => s.Key)
                .Select(s => new SiteQuantity(s.Key, s.Select(q => q.Quantity).Sum()));
            var limits = line.Where(l => l.MaxPrice is not null).Select(l => l.MaxPrice!.Value).ToList();
            return new LineClaim(
                line.Key, quantity, line.Select(l => l.Tolerance).Sum(), limits.Count == 0 ? null : limits.Min(), [.. sites], steps);
        });
        var s = folded.State;
        return new(
            folded.Member, s.PriorityClass, s.Generation, [.. claims.OrderBy(c => c.LineNo)], s.Amount, s.ApprovedUpTo,
            s.ApprovalThreshold, s.CpvEvidence is not null);
    }

    private static FoldedCommitment Fold(MemberNo member, List<RecordedEvent> events)
    {
        var state = Commitment.Initial;
        var steps = new Dictionary<int, StructuralList<ClaimStep>>();
        foreach (var e in events)
        {
            var fact = (Commitment.Event)e.Fact;
            state = Commitment.Evolve(state, fact);
            foreach (var change in ChangesOf(fact))
                steps[change.LineNo] = ClaimSteps.Apply(steps.GetValueOrDefault(change.LineNo), e.Position, change.To);
        }

        return new(member, state, steps);
    }

    /// <summary>What an event changed per line.</summary>
    internal static StructuralList<LineChange> ChangesOf(Commitment.Event fact) => fact switch
    {
        Commitment.Event.Placed e => e.Changes,
        Commitment.Event.Revised e => e.Changes,
        Commitment.Event.Withdrawn e => e.Changes,
        _ => [],
    };

    private sealed record FoldedCommitment(MemberNo Member, Commitment.State State, Dictionary<int, StructuralList<ClaimStep>> Steps);
}
