using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.JointOrders;
using SSC.Purchasing.Procurement.PurchaseOrders;

namespace SSC.Purchasing.Procurement.Invoicing;

/// <summary>Puts together what a match reads, from recorded events only, so that it can be put together again years later.</summary>
public static class MatchInputs
{
    private const string InvoiceStream = "vendor-invoice-";

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
        var agreed = Agreed(purchase.File, order);
        var received = await ReceivedGoods.Of(
            store, tenant, facts.JointOrder, facts.Document.Vendor, byStream[purchaseStream], basis.AsOfPosition, ct).ConfigureAwait(false);
        var documents = earlierStreams.Where(byStream.Contains).OrderBy(s => byStream[s].First().Position)
            .Select(s => byStream[s].Aggregate(VendorInvoice.Initial, (state, e) => VendorInvoice.Evolve(state, (VendorInvoice.Event)e.Fact)))
            .Where(Counts).Select(s => ((VendorInvoice.State.Known)s).File.Facts.Document);
        var inputs = byStream.Select(g => new StreamAt(g.Key, g.Last().Version)).Concat(received.ReadAt)
            .OrderBy(i => i.Stream, StringComparer.Ordinal);
        return new(facts, purchase.File.Document, agreed, received.Units, [.. documents], basis with { Inputs = [.. inputs] });
    }

    /// <summary>The earlier invoices that a basis names, by key.</summary>
    internal static IEnumerable<string> EarlierIn(MatchBasis basis) => basis.Inputs
        .Where(i => i.Stream.StartsWith(InvoiceStream, StringComparison.Ordinal)).Select(i => i.Stream[InvoiceStream.Length..]);

    private static (string Purchase, string Order) OrderStreams(InvoiceFacts facts) => (
        $"{PurchaseOrder.Category}-{PurchaseOrder.Key(facts.JointOrder, facts.Document.Vendor)}",
        $"{JointOrder.Category}-{facts.JointOrder}");

    private static bool Counts(VendorInvoice.State state) => state is VendorInvoice.State.CreditMemo { Closed: true, Refusal: null }
        or (VendorInvoice.State.Known and not (VendorInvoice.State.Rejected or VendorInvoice.State.CreditMemo));

    /// <summary>What the vendor is bound to, shared over members and sites as last allocated.</summary>
    private static StructuralList<AgreedDrop> Agreed(OrderFile file, JointOrder.State order) =>
    [
        .. from line in file.Document.Lines
           let standing = file.Lines[line.No]
           where standing.Status == LineStatus.Accepted && order.Lines.ContainsKey(line.No)
           let agreed = standing.Agreed(line)
           from share in order.Lines[line.No].Shares
           from drop in share.Drops
           orderby line.No, share.Member, drop.Site
           select new AgreedDrop(line.No, share.Member, drop.Site, agreed.Item, line.Unit, agreed.Price, drop.Quantity),
    ];
}
