using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.PurchaseOrders;

namespace SSC.Purchasing.Procurement.Receiving;

/// <summary>
/// How much of a line will come, from one stream at one version: what the vendor agreed to, or what is at a central site.
/// </summary>
internal static class ArrivingUnits
{
    /// <summary>The units; null when the stream says nothing of the line.</summary>
    public static async Task<Quantity?> At(IEventStore store, string tenant, StreamAt source, int line, CancellationToken ct)
    {
        var history = await store.ReadStream(tenant, source.Stream, upToVersion: source.Version, ct: ct).ConfigureAwait(false);
        if (history is not [var first, ..]) return null;
        if (first.KeyIn(PurchaseOrder.Category) is not null)
        {
            return history.Aggregate(PurchaseOrder.Initial, (s, e) => PurchaseOrder.Evolve(s, (PurchaseOrder.Event)e.Fact))
                is PurchaseOrder.State.Known { File: var order } && order.Document.Find(line) is { } ordered
                ? order.WillCome(ordered)
                : null;
        }

        return first.KeyIn(Delivery.Category) is not null
            && history.Aggregate(Delivery.Initial, (s, e) => Delivery.Evolve(s, (Delivery.Event)e.Fact))
                is Delivery.State.Known { File: var delivery } && delivery.Lines.TryGetValue(line, out var balance)
            ? balance.Available()
            : null;
    }
}
