using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Invoicing;
using SSC.Purchasing.Procurement.PurchaseOrders;
using SSC.Purchasing.Procurement.Receiving;

namespace SSC.Purchasing.Sagas;

/// <summary>
/// Where vendors' documents take effect: one method for each kind. Each does all that a document asks for or refuses it; a document that
/// is known by its number has no second effect.
/// </summary>
public sealed class VendorDocumentWork(Commands commands, IReadModels readModels, PurchaseOrderWork purchaseOrders)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>
    /// An answer to an order: what <see cref="PurchaseOrder.Command.RecordResponse"/> decides, and <c>order-unknown</c> when the vendor has
    /// no order of that number.
    /// </summary>
    public async Task<CommandOutcome> Respond(CommandContext context, string orderNumber, VendorResponse answer, CancellationToken ct) =>
        await FindOrder(context.Tenant, orderNumber, answer.Vendor, ct).ConfigureAwait(false) is not { } order
            ? OrderUnknown
            : await purchaseOrders.Decide(
                context, order.JointOrder, answer.Vendor, new PurchaseOrder.Command.RecordResponse(answer), ct).ConfigureAwait(false);

    /// <summary>Goods on their way. Refused: <c>order-unknown</c>, <c>despatch-not-taken</c>.</summary>
    public async Task<CommandOutcome> Despatch(CommandContext context, DespatchNote note, CancellationToken ct) =>
        await FindOrder(context.Tenant, note.OrderNumber, note.Vendor, ct).ConfigureAwait(false) is null
            ? OrderUnknown
            : Refused("despatch-not-taken", "Despatch advice is not taken in here yet; tell the site by the way you have agreed on.");

    /// <summary>An invoice or a credit memo. Refused: <c>order-unknown</c>, <c>invoice-not-taken</c>.</summary>
    public async Task<CommandOutcome> Invoice(CommandContext context, InvoiceDocument invoice, CancellationToken ct) =>
        await FindOrder(context.Tenant, invoice.OrderNumber, invoice.Vendor, ct).ConfigureAwait(false) is null
            ? OrderUnknown
            : Refused("invoice-not-taken", "Invoices are not taken in here yet; send it by the way you have agreed on.");

    /// <summary>The vendor's order of a number. Another vendor's order is not there, as everywhere.</summary>
    private async Task<OrderDocument?> FindOrder(string tenant, string number, VendorId vendor, CancellationToken ct)
    {
        var head = await commands.Store.Head(ct).ConfigureAwait(false);
        if (!await readModels.WaitFor(PurchaseOrderBoard.Instance, head.Position, Patience, ct).ConfigureAwait(false))
            throw new TimeoutException("The board of purchase orders has not reached the log's end.");
        var query = new RowQuery
        {
            Where = new Dictionary<string, string>(StringComparer.Ordinal) { ["number"] = number, ["vendor"] = vendor.Value },
            Limit = 1,
        };
        var rows = await readModels.List(PurchaseOrderBoard.Instance, tenant, query, ct).ConfigureAwait(false);
        return rows is [var found] ? found.Row.File.Document : null;
    }

    private static readonly CommandOutcome OrderUnknown =
        Refused("order-unknown", "You have no purchase order of that number; quote the number that the order states.");

    private static CommandOutcome.Refused Refused(string code, string reason) => new(new(code, reason));
}
