using SSC.Purchasing.Exchange.Documents;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.PurchaseOrders;

namespace SSC.Purchasing.Host.Deliveries;

/// <summary>Purchase orders as writers need them: the document of a revision from its own event, and everyone it names.</summary>
internal static class OutgoingOrders
{
    /// <summary>A revision of an order, the latest when none is named; null when there is none.</summary>
    /// <param name="commands">The store.</param>
    /// <param name="numbers">Gives the revision its control number, where the writer needs one.</param>
    /// <param name="writer">Who is to write it.</param>
    /// <param name="tenant">The operator's store.</param>
    /// <param name="key">Key of the order, <c>{joint order}:{vendor}</c>.</param>
    /// <param name="revision">1 and up.</param>
    /// <param name="ct">Cancellation.</param>
    public static async Task<OrderToWrite?> Find(
        Commands commands, IControlNumbers numbers, IOrderWriter writer, string tenant, string key, int? revision, CancellationToken ct)
    {
        var stream = Commands.StreamOf<PurchaseOrder, PurchaseOrder.Command, PurchaseOrder.State, PurchaseOrder.Event>(key);
        var revisions = (await commands.Store.ReadStream(tenant, stream, ct: ct)).Select(e => (Event: e, Written: Written(e.Fact)))
            .Where(e => e.Written is not null && (revision is null || e.Written.Value.Revision == revision)).ToList();
        if (revisions.Count == 0) return null;
        var (recorded, written) = revisions[^1];
        var document = written!.Value.Document;
        return new(
            document, written.Value.Revision, recorded.At, await new PartiesOfOrders(commands).Of(tenant, document, ct),
            await OrderFormats.NumberOf(numbers, writer, tenant, document, written.Value.Revision, ct));
    }

    private static (OrderDocument Document, int Revision)? Written(object fact) => fact switch
    {
        PurchaseOrder.Event.Issued e => (e.Document, e.Revision),
        PurchaseOrder.Event.Revised e => (e.Document, e.Revision),
        _ => null,
    };
}
