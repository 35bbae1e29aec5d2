using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Procurement.Receiving;

/// <summary>
/// Recomputes what each counted line of a receipt came to (accepted, surplus within tolerance, substituted, excess) from the delivery as
/// it stood before.
/// </summary>
public sealed class ReceiptCheck : IDecisionCheck
{
    /// <inheritdoc/>
    public IReadOnlyCollection<string> EventTypes => ["delivery_received"];

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RecomputedDecision>> Recompute(RecordedEvent e, IEventStore store, CancellationToken ct)
    {
        var stored = (Delivery.Event.Received)e.Fact;
        var history = await store.ReadStream(e.Tenant, e.Stream, upToVersion: e.Version - 1, ct: ct).ConfigureAwait(false);
        var before = ((Delivery.State.Known)history.Aggregate(
            Delivery.Initial, (s, h) => Delivery.Evolve(s, (Delivery.Event)h.Fact))).File;
        return
        [
            new("receipt-split", $"{e.KeyIn(Delivery.Category)} {stored.Receipt.DocumentId}", ReceivingRules.CurrentVersion,
                Split(stored.Arrived, stored.WithoutDespatch),
                Split(ReceivingRules.Judge(stored.Receipt, before), before.Despatches == 0)),
        ];
    }

    private static string Split(StructuralList<ArrivedLine> arrived, bool withoutDespatch) =>
        $"{arrived}{(withoutDespatch ? ", not announced" : "")}";
}
