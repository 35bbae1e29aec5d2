using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Invoicing;
using SSC.Purchasing.Procurement.PurchaseOrders;
using SSC.Purchasing.Procurement.Receiving;

namespace SSC.Purchasing.Sagas;

/// <summary>
/// Where vendors' documents take effect: one method for each kind. Each does all that a document asks for or refuses it; a document that
/// is known by its number has no second effect.
/// </summary>
public sealed class VendorDocumentWork(Commands commands, PurchaseOrderWork purchaseOrders, InvoiceWork invoices)
{
    /// <summary>
    /// An answer to an order: what <see cref="PurchaseOrder.Command.RecordResponse"/> decides, and <c>order-unknown</c> when the vendor has
    /// no order of that number.
    /// </summary>
    public async Task<CommandOutcome> Respond(CommandContext context, string orderNumber, VendorResponse answer, CancellationToken ct) =>
        await FindOrder(context.Tenant, orderNumber, answer.Vendor, ct).ConfigureAwait(false) is not { } order
            ? OrderUnknown
            : await purchaseOrders.Decide(
                context, order.JointOrder, answer.Vendor, new PurchaseOrder.Command.RecordResponse(answer), ct).ConfigureAwait(false);

    /// <summary>Goods on their way. Refused: <c>order-unknown</c>, and what <see cref="Delivery.Command.RecordDespatch"/> says.</summary>
    public async Task<CommandOutcome> Despatch(CommandContext context, DespatchNote note, CancellationToken ct) =>
        await FindOrder(context.Tenant, note.OrderNumber, note.Vendor, ct).ConfigureAwait(false) is not { } order
            ? OrderUnknown
            : await new ReceiveGoods(commands).Despatch(context, new(order.JointOrder, order.Vendor, note.Site), note, ct)
                .ConfigureAwait(false);

    /// <summary>An invoice or a credit memo. Refused: as <see cref="InvoiceWork.Register"/> says.</summary>
    /// <param name="context">Who, when, which key.</param>
    /// <param name="invoice">As received.</param>
    /// <param name="sourceHash">SHA-256 of the bytes it came in.</param>
    /// <param name="ct">Cancellation.</param>
    public Task<CommandOutcome> Invoice(CommandContext context, InvoiceDocument invoice, string sourceHash, CancellationToken ct) =>
        invoices.Register(context, invoice, sourceHash, ct);

    /// <summary>The vendor's order of a number, or null.</summary>
    public async Task<OrderDocument?> FindOrder(string tenant, string number, VendorId vendor, CancellationToken ct) =>
        (await purchaseOrders.Find(tenant, number, vendor, ct).ConfigureAwait(false))?.File.Document;

    private static readonly CommandOutcome OrderUnknown =
        Refused("order-unknown", "You have no purchase order of that number; quote the number that the order states.");

    private static CommandOutcome.Refused Refused(string code, string reason) => new(new(code, reason));
}
