using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.JointOrders;
using SSC.Purchasing.Procurement.Receiving;

namespace SSC.Purchasing.Procurement.Invoicing;

/// <summary>What the sites of an order received and accepted, and the delivery streams that say so.</summary>
/// <param name="Units">By line and site; a site without a delivery is left out.</param>
/// <param name="Shared">Who has what of a line that comes to one site for several members, e.g. a warehouse; others are left out.</param>
/// <param name="ReadAt">The delivery streams, at their versions.</param>
public sealed record ReceivedGoods(
    StructuralList<ReceivedUnits> Units, StructuralList<FulfilledShare> Shared, StructuralList<StreamAt> ReadAt)
{
    /// <summary>Folds the deliveries of an order up to a position.</summary>
    /// <param name="store">The log.</param>
    /// <param name="tenant">Operator's store.</param>
    /// <param name="facts">The invoice, which names the order and the vendor.</param>
    /// <param name="purchaseOrder">The purchase order's events: they name every site there ever was.</param>
    /// <param name="jointOrder">The joint order's events: so do its allocations.</param>
    /// <param name="asOfPosition">Nothing after it counts.</param>
    /// <param name="ct">Cancellation.</param>
    public static async Task<ReceivedGoods> Of(
        IEventStore store, string tenant, InvoiceFacts facts, IReadOnlyList<RecordedEvent> purchaseOrder,
        IReadOnlyList<RecordedEvent> jointOrder, long asOfPosition, CancellationToken ct)
    {
        var streams = OrderFulfilment.Streams(
            facts.JointOrder, facts.Document.Vendor, OrderFulfilment.SitesOf(purchaseOrder, jointOrder));
        var events = await store.ReadStreams(tenant, streams, asOfPosition, ct).ConfigureAwait(false);
        var order = jointOrder.Aggregate(JointOrder.Initial, (s, e) => JointOrder.Evolve(s, (JointOrder.Event)e.Fact));
        var shared = OrderFulfilment.Of(events, order.Lines).Shares.GroupBy(s => (s.Line, s.Site))
            .Where(g => g.Count() > 1 && g.Any(s => s.Accepted > Quantity.Zero)).SelectMany(g => g);
        var deliveries = events.GroupBy(e => e.Stream, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal).ToList();
        return new(
            [.. deliveries.SelectMany(UnitsOf)], [.. shared], [.. deliveries.Select(g => new StreamAt(g.Key, g.Last().Version))]);
    }

    private static IEnumerable<ReceivedUnits> UnitsOf(IEnumerable<RecordedEvent> delivery)
    {
        var state = Delivery.Initial;
        var lastOn = default(DateOnly);
        foreach (var e in delivery)
        {
            state = Delivery.Evolve(state, (Delivery.Event)e.Fact);
            if (e.Fact is Delivery.Event.Received receipt && receipt.Receipt.ReceivedOn > lastOn) lastOn = receipt.Receipt.ReceivedOn;
        }

        if (state is not Delivery.State.Known { File: var file }) return [];
        return file.Lines.Values.Where(l => l.Accepted > Quantity.Zero).Select(l => new ReceivedUnits(
            l.Expected.Line, file.Expectation.Site, l.Accepted, lastOn)
        {
            Substitutes = [.. file.Holds.Where(h => h is { Kind: HoldKind.Substitute, Decision: HoldDecision.Accepted }
                && h.Line == l.Expected.Line)
                .Select(h => h.Item).Distinct().Order()],
        });
    }
}
