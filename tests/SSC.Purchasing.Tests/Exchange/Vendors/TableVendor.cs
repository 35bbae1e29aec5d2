using System.Globalization;
using System.Text;
using SSC.Purchasing.Exchange.Documents;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Invoicing;
using SSC.Purchasing.Procurement.PurchaseOrders;
using SSC.Purchasing.Procurement.Receiving;

namespace SSC.Purchasing.Tests.Exchange.Vendors;

/// <summary>A vendor that fills in a sheet and saves it as CSV; the rows are those of its workbook too.</summary>
internal sealed class TableVendor() : VendorSystem("csv", "text/csv")
{
    public override byte[] Write(VendorDocument document) =>
        Encoding.UTF8.GetBytes(string.Concat(Rows(document).Select(r => string.Join(',', r.Select(Cell)) + "\r\n")));

    /// <summary>A sheet has no place for a note of the whole answer; a unit counts beside a proposed quantity.</summary>
    public override VendorDocument Meant(VendorDocument document) => document switch
    {
        VendorDocument.Response r => r with
        {
            Answer = r.Answer with { Note = null },
            Details = r.Details.Any(d => d is { Unit: not null, Answer.Quantity: not null })
                ? [.. r.Answer.Lines.Select(l => new AnswerDetail(l, Unit: l.Quantity is null
                    ? null : r.Details.FirstOrDefault(d => d.Answer.Line == l.Line)?.Unit))]
                : [],
        },
        _ => document,
    };

    /// <summary>The header and the rows, every cell as text.</summary>
    public static string[][] Rows(VendorDocument document) => document switch
    {
        VendorDocument.Response r => Response(r.OrderNumber, r.Answer, r.Details),
        VendorDocument.Despatch d => Despatch(d.Note),
        VendorDocument.Invoice i => Invoice(i.Document),
        _ => throw new ArgumentOutOfRangeException(nameof(document)),
    };

    private static string[][] Response(string order, VendorResponse answer, StructuralList<AnswerDetail> details)
    {
        string UnitOf(LineAnswer of) => details.FirstOrDefault(d => d.Answer.Line == of.Line)?.Unit ?? "";
        string[] whole = [answer.DocumentId, order, Text(answer.Revision), answer.Code.ToString()];
        return
        [
            ["Confirmation #", "PO #", "Revision", "Order Status", "Line", "Answer", "Qty", "UOM", "Unit Price", "Promised Date",
                "Substitute", "Notes"],
            .. answer.Lines.Count == 0
                ? [[.. whole, "", "", "", "", "", "", "", ""]]
                : answer.Lines.Select(l => (string[])
                [
                    .. whole, Text(l.Line), l.Code == LineAnswerCode.Propose ? "Change" : l.Code.ToString(), Text(l.Quantity?.Units),
                    UnitOf(l), Text(l.Price?.Dollars), Day(l.DeliverOn), l.Substitute?.Value ?? "", l.Note ?? "",
                ]),
        ];
    }

    private static string[][] Despatch(DespatchNote note) =>
    [
        ["Shipment #", "PO #", "Ship Date", "ETA", "Ship To", "Carrier", "Tracking #", "Line", "Item", "Qty Shipped", "UOM", "Backordered",
            "Lot"],
        .. note.Lines.Select(l => (string[])
        [
            note.DocumentId, note.OrderNumber, Day(note.DespatchedOn), Day(note.ExpectedOn), note.Site.Value, note.Carrier ?? "",
            note.Tracking ?? "", Text(l.OrderLine), l.Item.Value, Text(l.Quantity.Units), l.Unit, Text(l.BackOrdered?.Units), l.Lot ?? "",
        ]),
    ];

    private static string[][] Invoice(InvoiceDocument invoice)
    {
        string[] whole =
        [
            invoice.Number, invoice.Kind == InvoiceKind.CreditNote ? "Credit memo" : "Invoice", Day(invoice.IssuedOn), Day(invoice.DueOn),
            invoice.OrderNumber, invoice.BillTo?.Value ?? "", invoice.Credits ?? "", Text(invoice.Total.Dollars),
        ];
        return
        [
            ["Invoice #", "Type", "Invoice Date", "Due Date", "PO #", "Bill To", "Original Invoice #", "Invoice Total", "Invoice Line",
                "Line", "Site", "Item", "Description", "Qty", "UOM", "Price", "Amount", "Charge"],
            .. invoice.Lines.Select(l => (string[])
            [
                .. whole, l.Id, Text(l.OrderLine), l.Site?.Value ?? "", l.Item?.Value ?? "", l.Description, Text(l.Quantity.Units), l.Unit,
                Text(l.Price.Dollars), Text(l.Amount.Dollars), "",
            ]),
            .. invoice.Charges.Select(c => (string[])
            [
                .. whole, "", "", "", "", c.Reason, "", "", "",
                c.Amount < Money.Zero ? $"({Text(-c.Amount.Dollars)})" : Text(c.Amount.Dollars), c.Kind.ToString(),
            ]),
        ];
    }

    private static string Cell(string text) => text.AsSpan().IndexOfAny(",\"\r\n") < 0
        ? text
        : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static string Text(decimal? number) => number?.ToString("0.######", CultureInfo.InvariantCulture) ?? "";

    private static string Text(int? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "";

    private static string Day(DateOnly? day) => day?.ToString("M/d/yyyy", CultureInfo.InvariantCulture) ?? "";
}
