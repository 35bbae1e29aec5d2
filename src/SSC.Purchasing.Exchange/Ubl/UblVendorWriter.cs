using System.Xml.Linq;
using SSC.Purchasing.Exchange.Documents;
using SSC.Purchasing.Exchange.Xml;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Invoicing;
using SSC.Purchasing.Procurement.PurchaseOrders;
using SSC.Purchasing.Procurement.Receiving;
using static SSC.Purchasing.Exchange.Ubl.UblNames;

namespace SSC.Purchasing.Exchange.Ubl;

/// <summary>
/// Writes what vendors answer, as a vendor's system would: for demonstration vendors, and so that reading is tested against what was
/// meant. What it writes keeps the Peppol rules that reading checks.
/// </summary>
/// <param name="buyer">The cooperative that orders.</param>
/// <param name="seller">The vendor.</param>
public sealed class UblVendorWriter(TradingParty buyer, TradingParty seller)
{
    /// <summary>An OrderResponse: one line for each of its details, or for each line answer when it has none.</summary>
    public byte[] Response(VendorDocument.Response response, DateOnly on)
    {
        var details = response.Details.Count > 0 ? response.Details
            : response.Answer.Lines.Select(l => new AnswerDetail(l)).ToStructuralList();
        return XmlWriting.Bytes(Document(
            "OrderResponse", B("CustomizationID", ResponseSpecification), B("ProfileID", OrderingProfile),
            B("ID", response.Answer.DocumentId), B("IssueDate", XmlWriting.Text(on)),
            B("OrderResponseCode", response.Answer.Code.ToString()), B("Note", response.Answer.Note), B("DocumentCurrencyCode", Currency),
            A("OrderReference", B("ID", response.OrderNumber)), A("SellerSupplierParty", UblParties.Respondent(seller)),
            A("BuyerCustomerParty", UblParties.Respondent(buyer)), details.Select((d, i) => ResponseLine(d, i + 1))));
    }

    /// <summary>A DespatchAdvice for one site.</summary>
    public byte[] Despatch(DespatchNote note) => XmlWriting.Bytes(Document(
        "DespatchAdvice", B("CustomizationID", DespatchSpecification), B("ProfileID", DespatchProfile), B("ID", note.DocumentId),
        B("IssueDate", XmlWriting.Text(note.DespatchedOn)), A("OrderReference", B("ID", note.OrderNumber)),
        A("DespatchSupplierParty", UblParties.Carrier(seller)),
        A("DeliveryCustomerParty", UblParties.Carrier(buyer with { Id = note.Site.Value, Name = note.Site.Value })),
        A(
            "Shipment", B("ID", "NA"),
            note.Carrier is null ? null : A("Consignment", B("ID", "NA"), A("CarrierParty", A("PartyName", B("Name", note.Carrier)))),
            A(
                "Delivery", B("TrackingID", note.Tracking),
                A("EstimatedDeliveryPeriod", B("EndDate", note.ExpectedOn is { } day ? XmlWriting.Text(day) : null)),
                A("Despatch", B("ActualDespatchDate", XmlWriting.Text(note.DespatchedOn))))),
        note.Lines.Select((l, i) => DespatchLine(note.Site, l, i + 1))));

    /// <summary>An Invoice, or a CreditNote.</summary>
    public byte[] Invoice(InvoiceDocument invoice)
    {
        var isCredit = invoice.Kind == InvoiceKind.CreditNote;
        return XmlWriting.Bytes(Document(
            isCredit ? "CreditNote" : "Invoice", B("CustomizationID", BillingSpecification), B("ProfileID", BillingProfile),
            B("ID", invoice.Number), B("IssueDate", XmlWriting.Text(invoice.IssuedOn)),
            isCredit ? null : B("DueDate", invoice.DueOn is { } due ? XmlWriting.Text(due) : null),
            B(isCredit ? "CreditNoteTypeCode" : "InvoiceTypeCode", isCredit ? "381" : "380"), B("DocumentCurrencyCode", Currency),
            A("OrderReference", B("ID", invoice.OrderNumber)),
            A("BillingReference", A("InvoiceDocumentReference", B("ID", invoice.Credits))),
            A("AccountingSupplierParty", UblParties.Trader(seller)), A("AccountingCustomerParty", UblParties.Trader(BilledTo(invoice))),
            isCredit && invoice.DueOn is { } day ? A("PaymentMeans", B("PaymentMeansCode", "1"), B("PaymentDueDate", XmlWriting.Text(day)))
                : null,
            invoice.Charges.Where(c => c.Kind != ChargeKind.Tax).Select(Charge), TaxTotal(invoice), Totals(invoice),
            invoice.Lines.Select(l => Line(l, isCredit))));
    }

    private static XElement? ResponseLine(AnswerDetail detail, int number)
    {
        var answer = detail.Answer;
        var id = new UblLineId(answer.Line, detail.Drop?.Site, detail.Drop?.Nth ?? 1);
        var day = answer.DeliverOn is { } on ? XmlWriting.Text(on) : null;
        return A(
            "OrderLine",
            A(
                "LineItem", B("ID", XmlWriting.Text(number)), B("Note", answer.Note), B("LineStatusCode", Status(answer.Code)),
                answer.Quantity is { } q ? UblOrderWriter.Quantity("Quantity", q, detail.Unit ?? "EA") : null,
                A("Delivery", A("PromisedDeliveryPeriod", B("EndDate", day))),
                answer.Price is { } price ? A("Price", B("PriceAmount", price.ToString(), UblOrderWriter.Usd())) : null,
                A("Item", B("Name", $"Line {id}"))),
            answer.Substitute is { } item
                ? A("SellerSubstitutedLineItem", B("ID", "1"),
                    A("Item", B("Name", item.Value), A("SellersItemIdentification", B("ID", item.Value))))
                : null,
            A("OrderLineReference", B("LineID", id.ToString())));
    }

    private static string Status(LineAnswerCode code) => code switch
    {
        LineAnswerCode.Accept => "5",
        LineAnswerCode.Reject => "7",
        _ => "3",
    };

    private static XElement? DespatchLine(SiteId site, DespatchLine line, int number) => A(
        "DespatchLine", B("ID", XmlWriting.Text(number)), UblOrderWriter.Quantity("DeliveredQuantity", line.Quantity, line.Unit),
        line.BackOrdered is { } rest ? UblOrderWriter.Quantity("OutstandingQuantity", rest, line.Unit) : null,
        B("OutstandingReason", line.BackOrdered is null ? null : "Back-ordered"),
        A("OrderLineReference", B("LineID", new UblLineId(line.OrderLine, site).ToString())),
        A(
            "Item", B("Name", line.Item.Value), A("SellersItemIdentification", B("ID", line.Item.Value)),
            A("ItemInstance", A("LotIdentification", B("LotNumberID", line.Lot)))));

    private TradingParty BilledTo(InvoiceDocument invoice) =>
        invoice.BillTo is { } member ? buyer with { Id = member.Value, Name = member.Value } : buyer;

    private static XElement? Charge(InvoiceCharge charge)
    {
        var isCharge = charge.Amount >= Money.Zero;
        var code = charge.Kind switch { ChargeKind.Freight => "FC", ChargeKind.Discount => "95", _ => null };
        return A(
            "AllowanceCharge", B("ChargeIndicator", isCharge ? "true" : "false"), B("AllowanceChargeReasonCode", code),
            B("AllowanceChargeReason", charge.Reason), UblOrderWriter.Amount("Amount", isCharge ? charge.Amount : -charge.Amount));
    }

    private static XElement? TaxTotal(InvoiceDocument invoice)
    {
        var tax = invoice.Charges.Where(c => c.Kind == ChargeKind.Tax).Select(c => c.Amount).Sum();
        return tax == Money.Zero ? null : A("TaxTotal", UblOrderWriter.Amount("TaxAmount", tax));
    }

    private static XElement? Totals(InvoiceDocument invoice)
    {
        var net = invoice.Lines.Select(l => l.Amount).Sum();
        var charges = invoice.Charges.Where(c => c.Kind != ChargeKind.Tax).ToList();
        var tax = invoice.Charges.Where(c => c.Kind == ChargeKind.Tax).Select(c => c.Amount).Sum();
        var beforeTax = net + charges.Select(c => c.Amount).Sum();
        return A(
            "LegalMonetaryTotal", UblOrderWriter.Amount("LineExtensionAmount", net), UblOrderWriter.Amount("TaxExclusiveAmount", beforeTax),
            UblOrderWriter.Amount("TaxInclusiveAmount", beforeTax + tax), UblOrderWriter.Amount("PayableAmount", invoice.Total));
    }

    private static XElement? Line(InvoiceLine line, bool isCredit) => A(
        isCredit ? "CreditNoteLine" : "InvoiceLine", B("ID", line.Id),
        UblOrderWriter.Quantity(isCredit ? "CreditedQuantity" : "InvoicedQuantity", line.Quantity, line.Unit),
        UblOrderWriter.Amount("LineExtensionAmount", line.Amount),
        line.OrderLine is { } no ? A("OrderLineReference", B("LineID", new UblLineId(no, line.Site).ToString())) : null,
        A("Delivery", A("DeliveryLocation", B("ID", line.OrderLine is null ? line.Site?.Value : null))),
        A("Item", B("Name", line.Description), A("SellersItemIdentification", B("ID", line.Item?.Value))),
        A("Price", B("PriceAmount", line.Price.ToString(), UblOrderWriter.Usd())));
}
