using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.JointOrders;
using SSC.Purchasing.Procurement.PurchaseOrders;

namespace SSC.Purchasing.Procurement.Receiving;

/// <summary>Recomputes every close-out from the streams it names: what was received and written off, and whether it was done.</summary>
public sealed class CloseOutCheck : IDecisionCheck
{
    /// <inheritdoc/>
    public IReadOnlyCollection<string> EventTypes => ["joint_order_closed_out"];

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RecomputedDecision>> Recompute(RecordedEvent e, IEventStore store, CancellationToken ct)
    {
        var stored = ((JointOrder.Event.ClosedOut)e.Fact).Evidence;
        var key = stored.PurchaseOrder[(PurchaseOrder.Category.Length + 1)..].Split(':');
        var order = new JointOrderId(key[0]);
        var again = await CloseOutRules.Gather(store, e.Tenant, order, new(key[1]), e.Position - 1, stored.Deliveries, ct)
            .ConfigureAwait(false);
        return
        [
            new("close-out", order.Value, stored.RuleVersion, Verdict(stored), Verdict(again)),
            new("close-out-lines", order.Value, stored.RuleVersion, stored.Lines.ToString(), again.Lines.ToString()),
        ];
    }

    private static string Verdict(CloseOutEvidence e) =>
        $"deliveries {(e.DeliveriesComplete ? "complete" : "open")}, {(e.Billed ? "billed" : "not billed")}: {e.Deliveries}";
}
