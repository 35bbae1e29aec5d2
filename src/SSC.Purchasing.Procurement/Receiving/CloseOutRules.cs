using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.JointOrders;
using SSC.Purchasing.Procurement.PurchaseOrders;

namespace SSC.Purchasing.Procurement.Receiving;

/// <summary>
/// When a joint order is done: every site the vendor is bound to deliver to has a complete delivery, and the purchase order is billed
/// to the end. Pure; the evidence is stored with the close-out and recomputed by <see cref="CloseOutCheck"/>.
/// </summary>
public static class CloseOutRules
{
    /// <summary>Version of the rule; stored with every close-out.</summary>
    public const int CurrentVersion = 1;

    /// <summary>The evidence, from the streams as they are now.</summary>
    public static Task<CloseOutEvidence> Gather(
        IEventStore store, string tenant, JointOrderId order, VendorId vendor, CancellationToken ct) =>
        Gather(store, tenant, order, vendor, null, null, ct);

    /// <summary>The evidence as of a position.</summary>
    /// <param name="store">The log.</param>
    /// <param name="tenant">Operator's store.</param>
    /// <param name="order">The joint order.</param>
    /// <param name="vendor">Its vendor.</param>
    /// <param name="upToPosition">Nothing after it counts; null for now.</param>
    /// <param name="deliveries">The delivery streams as they were read then; null for as they are at the position.</param>
    /// <param name="ct">Cancellation.</param>
    internal static async Task<CloseOutEvidence> Gather(
        IEventStore store, string tenant, JointOrderId order, VendorId vendor, long? upToPosition,
        StructuralList<StreamPosition>? deliveries, CancellationToken ct)
    {
        var stream = $"{PurchaseOrder.Category}-{PurchaseOrder.Key(order, vendor)}";
        var history = await store.ReadStream(tenant, stream, upToPosition: upToPosition, ct: ct).ConfigureAwait(false);
        var purchase = history.Aggregate(PurchaseOrder.Initial, (s, e) => PurchaseOrder.Evolve(s, (PurchaseOrder.Event)e.Fact));
        var pooled = await store.ReadStream(tenant, $"{JointOrder.Category}-{order}", upToPosition: upToPosition, ct: ct)
            .ConfigureAwait(false);
        var names = OrderFulfilment.Streams(order, vendor, OrderFulfilment.SitesOf(history, pooled));
        var events = await store.ReadStreams(tenant, names, upToPosition, ct).ConfigureAwait(false);
        if (deliveries is { } read)
        {
            var versions = read.ToDictionary(d => d.Stream, d => d.Version, StringComparer.Ordinal);
            events = [.. events.Where(e => versions.TryGetValue(e.Stream, out var version) && e.Version <= version)];
        }

        var allocation = pooled.Aggregate(JointOrder.Initial, (s, e) => JointOrder.Evolve(s, (JointOrder.Event)e.Fact)).Lines;
        return Judge(stream, purchase, history.Count, OrderFulfilment.Of(events, allocation), allocation);
    }

    private static CloseOutEvidence Judge(
        string stream, PurchaseOrder.State purchase, long version, OrderFulfilment fulfilment, StructuralMap<int, LineOutcome> allocation)
    {
        var file = (purchase as PurchaseOrder.State.Known)?.File;
        var bound = file is null ? [] : ExpectedDeliveries.Of(file, allocation, new()).Select(e => e.Site).ToHashSet();
        bound.ExceptWith(fulfilment.Shares.Select(s => s.Site));
        return new(
            stream, version, file?.IsBilled == true, fulfilment.Deliveries, bound.Count == 0 && fulfilment.IsComplete,
            [.. fulfilment.Shares.GroupBy(s => s.Line).Select(g => new LineFulfilment(
                g.Key, g.Select(s => s.Ordered).Sum(), g.Select(s => s.Accepted).Sum(), g.Select(s => s.WrittenOff).Sum()))],
            CurrentVersion);
    }
}
