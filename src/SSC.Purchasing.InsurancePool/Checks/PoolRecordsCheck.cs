using SSC.Purchasing.InsurancePool.Billing;
using SSC.Purchasing.InsurancePool.Participations;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.InsurancePool.Checks;

/// <summary>
/// Recomputes the dates of whoever left a pool (the end of the run-out, of the liability, of the bar) from its last day and the rules that
/// it joined under, and the total of every contribution invoice from its lines.
/// </summary>
public sealed class PoolRecordsCheck : IDecisionCheck
{
    /// <inheritdoc/>
    public IReadOnlyCollection<string> EventTypes =>
        ["pool_participant_withdrawn", "pool_reentry_barred", "contribution_invoice_issued"];

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RecomputedDecision>> Recompute(RecordedEvent e, IEventStore store, CancellationToken ct)
    {
        var before = await store.ReadStream(e.Tenant, e.Stream, upToVersion: e.Version - 1, ct: ct).ConfigureAwait(false);
        switch (e.Fact)
        {
            case PoolParticipation.Event.Withdrawn f:
                var leaving = Left(before);
                var exit = leaving.ExitOn!.Value;
                return
                [
                    Of("exit", e, $"{f.ExitOn:O} {f.RunOutEnds:O} {f.LiableUntil:O}", $"{exit:O} {Exits.RunOutEnds(exit, leaving.Rules):O} "
                        + $"{Exits.LiableUntil(exit, leaving.Regime, leaving.Rules):O}"),
                ];
            case PoolParticipation.Event.ReentryBarred f:
                var left = Left(before);
                return [Of("re-entry", e, $"{f.Until:O}", $"{Exits.ReentryFrom(left.ExitOn!.Value, left.Rules):O}")];
            case ContributionInvoice.Event.Issued f:
                var draft = before.Aggregate(
                    ContributionInvoice.Initial, (s, h) => ContributionInvoice.Evolve(s, (ContributionInvoice.Event)h.Fact));
                return [Of("contribution-total", e, f.Total.ToString(), draft.Total.ToString())];
            default:
                throw new ArgumentException($"{e.Type} is not recomputed here.", nameof(e));
        }
    }

    private static PoolParticipation.State Left(IEnumerable<RecordedEvent> history) =>
        history.Aggregate(PoolParticipation.Initial, (s, h) => PoolParticipation.Evolve(s, (PoolParticipation.Event)h.Fact));

    private static RecomputedDecision Of(string kind, RecordedEvent e, string stored, string again) =>
        new(kind, e.Stream, 1, stored, again);
}
