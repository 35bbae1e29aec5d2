using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using SSC.Purchasing.Exchange.Documents;
using SSC.Purchasing.Procurement.Invoicing;
using SSC.Purchasing.Procurement.PurchaseOrders;
using SSC.Purchasing.Procurement.Receiving;

namespace SSC.Purchasing.Tests.Exchange.Vendors;

/// <summary>A vendor that sends JSON as it is described on <c>src/docs/formats/json.md</c>.</summary>
internal sealed class JsonVendor() : VendorSystem("json", "application/json")
{
    public override byte[] Write(VendorDocument document) => Encoding.UTF8.GetBytes((document switch
    {
        VendorDocument.Response r => Response(r.OrderNumber, r.Answer),
        VendorDocument.Despatch d => Despatch(d.Note),
        VendorDocument.Invoice i => Invoice(i.Document),
        _ => throw new ArgumentOutOfRangeException(nameof(document)),
    }).ToJsonString());

    private static JsonObject Response(string order, VendorResponse answer) => Said(
        ("format", "ssc-order-response/1"), ("documentId", answer.DocumentId), ("order", order), ("code", answer.Code.ToString()),
        ("revision", answer.Revision), ("note", answer.Note), ("lines", Each(answer.Lines, l => Said(
            ("line", l.Line), ("answer", l.Code.ToString().ToLowerInvariant()), ("quantity", l.Quantity?.Units),
            ("price", l.Price?.ToString()), ("deliverOn", Day(l.DeliverOn)), ("substitute", l.Substitute?.Value), ("note", l.Note)))));

    private static JsonObject Despatch(DespatchNote note) => Said(
        ("format", "ssc-despatch/1"), ("documentId", note.DocumentId), ("order", note.OrderNumber), ("site", note.Site.Value),
        ("despatchedOn", Day(note.DespatchedOn)), ("expectedOn", Day(note.ExpectedOn)), ("carrier", note.Carrier),
        ("tracking", note.Tracking), ("lines", Each(note.Lines, l => Said(
            ("line", l.OrderLine), ("item", l.Item.Value), ("quantity", l.Quantity.Units), ("unit", l.Unit),
            ("backOrdered", l.BackOrdered?.Units), ("lot", l.Lot)))));

    private static JsonObject Invoice(InvoiceDocument invoice) => Said(
        ("format", "ssc-invoice/1"), ("number", invoice.Number), ("order", invoice.OrderNumber),
        ("kind", invoice.Kind == InvoiceKind.CreditNote ? "credit-note" : null), ("issuedOn", Day(invoice.IssuedOn)),
        ("dueOn", Day(invoice.DueOn)), ("billTo", invoice.BillTo?.Value), ("credits", invoice.Credits),
        ("lines", Each(invoice.Lines, l => Said(
            ("id", l.Id), ("line", l.OrderLine), ("site", l.Site?.Value), ("item", l.Item?.Value), ("description", l.Description),
            ("quantity", l.Quantity.Units), ("unit", l.Unit), ("price", l.Price.Dollars), ("amount", l.Amount.Dollars)))),
        ("charges", Each(invoice.Charges, c => Said(
            ("kind", c.Kind.ToString().ToLowerInvariant()), ("reason", c.Reason), ("amount", c.Amount.Dollars)))),
        ("total", invoice.Total.Dollars));

    private static JsonArray? Each<T>(IReadOnlyList<T> of, Func<T, JsonObject> say) => of.Count == 0 ? null : new([.. of.Select(say)]);

    private static JsonObject Said(params (string Name, JsonNode? Value)[] members) =>
        new(members.Where(m => m.Value is not null).Select(m => KeyValuePair.Create(m.Name, m.Value)));

    private static string? Day(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
