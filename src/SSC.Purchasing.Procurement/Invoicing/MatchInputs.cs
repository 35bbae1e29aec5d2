using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.JointOrders;
using SSC.Purchasing.Procurement.PurchaseOrders;
using SSC.Purchasing.Procurement.Receiving;

namespace SSC.Purchasing.Procurement.Invoicing;

/// <summary>Puts together what a match reads, from recorded events only, so that it can be put together again years later.</summary>
public static class MatchInputs
{
    private const string InvoiceStream = "invoice-";

    /// <summary>The inputs as of a position.</summary>
    /// <param name="store">The log.</param>
    /// <param name="tenant">Operator's store.</param>
    /// <param name="facts">The invoice.</param>
    /// <param name="earlier">Keys of the invoices and credit memos of the same order that were registered before it.</param>
    /// <param name="basis">Position, rule version and tolerance; its inputs are filled in.</param>
    /// <param name="ct">Cancellation.</param>
    /// <returns>Null when the purchase order is not confirmed at that position.</returns>
    public static async Task<MatchInput?> Gather(
        IEventStore store, string tenant, InvoiceFacts facts, IEnumerable<string> earlier, MatchBasis basis, CancellationToken ct)
    {
        var (purchaseStream, orderStream) = OrderStreams(facts);
        var earlierStreams = earlier.Select(k => InvoiceStream + k).ToList();
        var events = await store.ReadStreams(tenant, [purchaseStream, orderStream, .. earlierStreams], basis.AsOfPosition, ct)
            .ConfigureAwait(false);
        var byStream = events.ToLookup(e => e.Stream, StringComparer.Ordinal);
        var purchase = byStream[purchaseStream].Aggregate(
            PurchaseOrder.Initial, (s, e) => PurchaseOrder.Evolve(s, (PurchaseOrder.Event)e.Fact)) as PurchaseOrder.State.Known;
        if (purchase is null) return null;
        var order = byStream[orderStream].Aggregate(JointOrder.Initial, (s, e) => JointOrder.Evolve(s, (JointOrder.Event)e.Fact));
        var received = await ReceivedGoods.Of(
            store, tenant, facts, [.. byStream[purchaseStream]], [.. byStream[orderStream]], basis.AsOfPosition, ct).ConfigureAwait(false);
        var agreed = Agreed(purchase.File, order, received);
        var documents = earlierStreams.Where(byStream.Contains).OrderBy(s => byStream[s].First().Position)
            .Select(s => byStream[s].Aggregate(VendorInvoice.Initial, (state, e) =>
                VendorInvoice.Evolve(state, (VendorInvoice.Event)e.Fact)))
            .Where(Counts).Select(s => ((VendorInvoice.State.Known)s).File.Facts.Document);
        var inputs = byStream.Select(g => new StreamAt(g.Key, g.Last().Version)).Concat(received.ReadAt)
            .OrderBy(i => i.Stream, StringComparer.Ordinal);
        return new(facts, purchase.File.Document, agreed, received.Units, [.. documents], basis with { Inputs = [.. inputs] });
    }

    /// <summary>
    /// True when a purchase order is billed to the end: every delivery is complete, all that was accepted is billed, every invoice is paid
    /// or rejected and every credit memo counts.
    /// </summary>
    /// <param name="store">The log.</param>
    /// <param name="tenant">Operator's store.</param>
    /// <param name="order">The joint order.</param>
    /// <param name="vendor">Its vendor.</param>
    /// <param name="invoices">Keys of every invoice and credit memo of the order.</param>
    /// <param name="ct">Cancellation.</param>
    public static async Task<bool> IsBilledToTheEnd(
        IEventStore store, string tenant, JointOrderId order, VendorId vendor, IEnumerable<string> invoices, CancellationToken ct)
    {
        var events = await store.ReadStreams(tenant, [.. invoices.Select(k => InvoiceStream + k)], ct: ct).ConfigureAwait(false);
        var states = events.GroupBy(e => e.Stream, StringComparer.Ordinal)
            .Select(g => g.Aggregate(VendorInvoice.Initial, (s, e) => VendorInvoice.Evolve(s, (VendorInvoice.Event)e.Fact))).ToList();
        if (!states.TrueForAll(s => s is VendorInvoice.State.Paid or VendorInvoice.State.Rejected
            or VendorInvoice.State.CreditMemo { Closed: true, Refusal: null })) return false;
        var fulfilment = await OrderFulfilment.Gather(store, tenant, order, vendor, null, ct).ConfigureAwait(false);
        if (!fulfilment.IsComplete) return false;
        var billed = states.OfType<VendorInvoice.State.Paid>().SelectMany(s => s.File.Bills).SelectMany(b => b.Lines)
            .ToLookup(l => (l.OrderLine, l.Site), l => l.Quantity);
        return fulfilment.Shares.GroupBy(s => (s.Line, s.Site))
            .All(s => billed[s.Key].Sum() >= s.Select(x => x.Accepted).Sum());
    }

    /// <summary>The earlier invoices that a basis names, by key.</summary>
    internal static IEnumerable<string> EarlierIn(MatchBasis basis) => basis.Inputs
        .Where(i => i.Stream.StartsWith(InvoiceStream, StringComparison.Ordinal)).Select(i => i.Stream[InvoiceStream.Length..]);

    private static (string Purchase, string Order) OrderStreams(InvoiceFacts facts) => (
        $"{PurchaseOrder.Category}-{PurchaseOrder.Key(facts.JointOrder, facts.Document.Vendor)}",
        $"{JointOrder.Category}-{facts.JointOrder}");

    private static bool Counts(VendorInvoice.State state) => state is VendorInvoice.State.CreditMemo { Closed: true, Refusal: null }
        or (VendorInvoice.State.Known and not (VendorInvoice.State.Rejected or VendorInvoice.State.CreditMemo));

    /// <summary>
    /// What the vendor is bound to, by site and member. Where several members have goods at one site, what arrived is shared as it was
    /// allocated, so that nobody pays for what another got.
    /// </summary>
    private static StructuralList<AgreedDrop> Agreed(OrderFile file, JointOrder.State order, ReceivedGoods received)
    {
        var shared = received.Shared.ToLookup(s => (s.Line, s.Site), s => new DropShare(s.Member, s.Accepted));
        return
        [
            .. from expected in ExpectedDeliveries.Of(file, order.Lines, new())
               from line in expected.Lines
               let price = file.Lines[line.Line].Agreed(file.Document.Find(line.Line)!).Price
               from share in shared.Contains((line.Line, expected.Site)) ? shared[(line.Line, expected.Site)] : line.Shares
               orderby line.Line, share.Member, expected.Site
               select new AgreedDrop(line.Line, share.Member, expected.Site, line.Item, line.Unit, price, share.Quantity),
        ];
    }
}
