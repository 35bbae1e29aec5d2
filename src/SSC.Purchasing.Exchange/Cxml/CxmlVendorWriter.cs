using System.Xml.Linq;
using SSC.Purchasing.Exchange.Documents;
using SSC.Purchasing.Exchange.Xml;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Invoicing;
using SSC.Purchasing.Procurement.PurchaseOrders;
using SSC.Purchasing.Procurement.Receiving;
using static SSC.Purchasing.Exchange.Cxml.CxmlNames;

namespace SSC.Purchasing.Exchange.Cxml;

/// <summary>
/// Writes what vendors answer in cXML, as a vendor's system would: for demonstration vendors, and so that reading is tested against
/// what was meant. It writes to an order it has at hand, since a confirmation restates quantities and units.
/// </summary>
/// <param name="order">The order that is answered.</param>
/// <param name="sender">The vendor as it presents itself.</param>
public sealed class CxmlVendorWriter(OrderDocument order, CxmlSender sender)
{
    /// <summary>
    /// A ConfirmationRequest for the whole order, or item by item. A mere acknowledgement (AB) has none: the Response with status 200
    /// is it.
    /// </summary>
    /// <param name="response">What to say; its details, or else its line answers.</param>
    /// <param name="revision">The revision that is answered.</param>
    /// <param name="buyer">The cooperative's id, as the order's payload identifier ends.</param>
    /// <param name="at">When.</param>
    public byte[] Confirmation(VendorDocument.Response response, int revision, string buyer, DateTimeOffset at)
    {
        var details = response.Details.Count > 0 ? response.Details
            : response.Answer.Lines.Select(l => new AnswerDetail(l)).ToStructuralList();
        return CxmlEnvelope.Request($"conf.{response.Answer.DocumentId}@{order.Vendor}", at, sender, new(
            "ConfirmationRequest",
            new XElement(
                "ConfirmationHeader", new XAttribute("confirmID", response.Answer.DocumentId), new XAttribute("type", Type(response)),
                new XAttribute("noticeDate", Timestamp(at)), Said("Comments", response.Answer.Note)),
            Reference(PayloadId(order.Number, revision, buyer)), details.Select(Item)), "Fulfill");
    }

    /// <summary>A ShipNoticeRequest for one site.</summary>
    public byte[] ShipNotice(DespatchNote note, DateTimeOffset at) =>
        CxmlEnvelope.Request($"ship.{note.DocumentId}@{order.Vendor}", at, sender, new(
        "ShipNoticeRequest",
        new XElement(
            "ShipNoticeHeader", new XAttribute("shipmentID", note.DocumentId), new XAttribute("noticeDate", Timestamp(at)),
            new XAttribute("shipmentDate", XmlWriting.Text(note.DespatchedOn)),
            Attribute("deliveryDate", note.ExpectedOn is { } day ? XmlWriting.Text(day) : null), Contact("shipTo", note.Site.Value)),
        E("ShipControl", Domain("CarrierIdentifier", "companyName", note.Carrier),
            Domain("ShipmentIdentifier", "trackingNumber", note.Tracking)),
        new XElement("ShipNoticePortion", Reference(note.OrderNumber), note.Lines.Select(l => new XElement(
            "ShipNoticeItem", new XAttribute("quantity", l.Quantity.ToString()),
            new XAttribute("lineNumber", Number(l.OrderLine, note.Site)),
            new XElement("ItemID", new XElement("SupplierPartID", l.Item.Value)), new XElement("UnitOfMeasure", DocumentUnits.Code(l.Unit)),
            E("Batch", E("SupplierBatchID", l.Lot)))))), "Fulfill");

    /// <summary>An InvoiceDetailRequest by lines; a credit memo with negative amounts, as cXML has it.</summary>
    public byte[] Invoice(InvoiceDocument invoice, DateTimeOffset at)
    {
        var isCredit = invoice.Kind == InvoiceKind.CreditNote;
        var sites = invoice.Lines.Select(l => l.Site).Distinct().ToList();
        return CxmlEnvelope.Request($"inv.{invoice.Number}@{order.Vendor}", at, sender, new(
            "InvoiceDetailRequest",
            new XElement(
                "InvoiceDetailRequestHeader", new XAttribute("invoiceID", invoice.Number),
                new XAttribute("purpose", isCredit ? "lineLevelCreditMemo" : "standard"), new XAttribute("operation", "new"),
                new XAttribute("invoiceDate", XmlWriting.Text(invoice.IssuedOn)), new XElement("InvoiceDetailHeaderIndicator"),
                new XElement("InvoiceDetailLineIndicator"), E("InvoicePartner", Contact("billTo", invoice.BillTo?.Value)),
                invoice.Credits is { } credited ? new XElement("InvoiceIDInfo", new XAttribute("invoiceID", credited)) : null,
                sites is [{ } site] ? new XElement("InvoiceDetailShipping", Contact("shipTo", site.Value)) : null,
                invoice.DueOn is { } due
                    ? new XElement("PaymentInformation", new XAttribute("paymentNetDueDate", XmlWriting.Text(due)))
                    : null),
            new XElement(
                "InvoiceDetailOrder", new XElement("InvoiceDetailOrderInfo", Reference(invoice.OrderNumber)),
                invoice.Lines.Select(l => Line(l, isCredit, sites.Count > 1))),
            Summary(invoice, isCredit ? -1 : 1)), "InvoiceDetail");
    }

    private XElement Reference(string payloadId) => new(
        "OrderReference", new XAttribute("orderID", order.Number),
        new XElement("DocumentReference", new XAttribute("payloadID", payloadId)));

    private static string Type(VendorDocument.Response response) => response.Answer.Code switch
    {
        ResponseCode.AP => "accept",
        ResponseCode.RE => "reject",
        ResponseCode.CA => response.AcceptsTheRest ? "except" : "detail",
        _ => throw new ArgumentOutOfRangeException(nameof(response), response.Answer.Code,
            "An acknowledgement is a Response, not a confirmation."),
    };

    private XElement Item(AnswerDetail detail)
    {
        var line = order.Find(detail.Answer.Line)!;
        var ordered = detail.Drop is { } drop ? line.Drops[drop.Nth - 1].Quantity : line.Quantity;
        var quantity = detail.Answer.Quantity ?? ordered;
        var unit = new XElement("UnitOfMeasure", DocumentUnits.Code(detail.Unit ?? line.Unit));
        var rejected = detail.Answer.Code == LineAnswerCode.Reject ? ordered : ordered > quantity ? ordered - quantity : Quantity.Zero;
        var kept = detail.Answer.Code == LineAnswerCode.Reject ? Quantity.Zero : quantity;
        var number = detail.Drop is { } d ? DropNumber(line.No, d.Nth) : line.No;
        return new(
            "ConfirmationItem", new XAttribute("lineNumber", XmlWriting.Text(number)),
            new XAttribute("quantity", (kept + rejected).ToString()), unit,
            kept > Quantity.Zero ? Status(detail.Answer, kept, unit) : null,
            rejected > Quantity.Zero
                ? new XElement("ConfirmationStatus", new XAttribute("quantity", rejected.ToString()), new XAttribute("type", "reject"),
                    unit,
                    kept > Quantity.Zero ? null : Said("Comments", detail.Answer.Note))
                : null);
    }

    private static XElement Status(LineAnswer answer, Quantity quantity, XElement unit) => new(
        "ConfirmationStatus", new XAttribute("quantity", quantity.ToString()),
        new XAttribute("type", answer.Code == LineAnswerCode.Accept ? "accept" : "detail"),
        Attribute("deliveryDate", answer.DeliverOn is { } day ? XmlWriting.Text(day) : null), unit,
        answer.Substitute is { } item
            ? new XElement("ItemIn", new XAttribute("quantity", quantity.ToString()),
                new XElement("ItemID", new XElement("SupplierPartID", item.Value)),
                answer.Price is { } p ? new XElement("ItemDetail", new XElement("UnitPrice", Money(p.ToString()))) : null)
            : answer.Price is { } price ? new XElement("UnitPrice", Money(price.ToString())) : null,
        Said("Comments", answer.Note));

    private string Number(int line, SiteId? site)
    {
        var drops = order.Find(line)?.Drops ?? [];
        var nth = drops.TakeWhile(d => d.Site != site).Count() + 1;
        return XmlWriting.Text(nth <= drops.Count ? DropNumber(line, nth) : line);
    }

    private XElement Line(InvoiceLine line, bool isCredit, bool namesSite) => new(
        "InvoiceDetailItem", new XAttribute("invoiceLineNumber", line.Id),
        new XAttribute("quantity", (isCredit ? "-" : "") + line.Quantity),
        new XElement("UnitOfMeasure", DocumentUnits.Code(line.Unit)), new XElement("UnitPrice", Money(line.Price.ToString())),
        new XElement(
            "InvoiceDetailItemReference", Attribute("lineNumber", line.OrderLine is { } no ? Number(no, line.Site) : null),
            line.Item is { } item ? new XElement("ItemID", new XElement("SupplierPartID", item.Value)) : null,
            Said("Description", line.Description)),
        new XElement("SubtotalAmount", Money(isCredit ? -line.Amount : line.Amount)),
        namesSite && line.Site is { } site
            ? new XElement("InvoiceDetailLineShipping", new XElement("InvoiceDetailShipping", Contact("shipTo", site.Value)),
                Money(Kernel.Money.Zero))
            : null);

    private static XElement Summary(InvoiceDocument invoice, int sign)
    {
        Money Signed(Money amount) => sign < 0 ? -amount : amount;
        XElement? Sum(string element, bool isTaken, params ChargeKind[] kinds)
        {
            var sum = invoice.Charges.Where(c => kinds.Contains(c.Kind)).Select(c => c.Amount).Sum();
            return sum == Kernel.Money.Zero ? null : new(element, Money(Signed(isTaken ? -sum : sum)));
        }

        return new(
            "InvoiceDetailSummary", new XElement("SubtotalAmount", Money(Signed(invoice.Lines.Select(l => l.Amount).Sum()))),
            Sum("Tax", false, ChargeKind.Tax), Sum("SpecialHandlingAmount", false, ChargeKind.Other, ChargeKind.Fee),
            Sum("ShippingAmount", false, ChargeKind.Freight),
            Sum("InvoiceDetailDiscount", true, ChargeKind.Discount, ChargeKind.CommodityCredit),
            new XElement("NetAmount", Money(Signed(invoice.Total))), new XElement("DueAmount", Money(Signed(invoice.Total))));
    }

    private static XElement? Contact(string role, string? id) => id is null
        ? null
        : new("Contact", new XAttribute("role", role), new XAttribute("addressID", id), Said("Name", id));

    private static XElement? Domain(string name, string domain, string? text) =>
        text is null ? null : new(name, new XAttribute("domain", domain), XmlWriting.Clean(text));
}
