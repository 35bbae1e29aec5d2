using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Procurement.Invoicing;

/// <summary>What the sites of an order received and accepted, and the delivery streams that say so.</summary>
/// <param name="Units">By line and site; a site without a receipt is left out.</param>
/// <param name="ReadAt">The delivery streams, at their versions.</param>
public sealed record ReceivedGoods(StructuralList<ReceivedUnits> Units, StructuralList<StreamAt> ReadAt)
{
    /// <summary>Folds the deliveries of an order up to a position.</summary>
    public static Task<ReceivedGoods> Of(
        IEventStore store, string tenant, InvoiceFacts facts, StructuralList<AgreedDrop> agreed, long asOfPosition, CancellationToken ct) =>
        Task.FromResult(new ReceivedGoods([], []));
}
