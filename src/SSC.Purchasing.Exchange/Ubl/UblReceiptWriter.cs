using System.Globalization;
using System.Xml.Linq;
using SSC.Purchasing.Exchange.Documents;
using SSC.Purchasing.Exchange.Xml;
using SSC.Purchasing.Kernel;
using static SSC.Purchasing.Exchange.Ubl.UblNames;

namespace SSC.Purchasing.Exchange.Ubl;

/// <summary>Writes a receipt as a UBL 2.1 ReceiptAdvice. Peppol has no such transaction, so the document names no profile.</summary>
public sealed class UblReceiptWriter : IReceiptWriter
{
    /// <inheritdoc/>
    public string Format => "ubl";

    /// <inheritdoc/>
    public string MediaType => "application/xml";

    /// <inheritdoc/>
    public string FileExtension => "xml";

    /// <inheritdoc/>
    public byte[] Write(ReceiptToWrite receipt) => XmlWriting.Bytes(Document(receipt));

    private static XElement Document(ReceiptToWrite receipt) => UblNames.Document(
        "ReceiptAdvice", B("UBLVersionID", UblNames.Version), B("ID", receipt.DocumentId),
        B("IssueDate", XmlWriting.Text(DateOnly.FromDateTime(receipt.IssuedAt.UtcDateTime))),
        B("IssueTime", receipt.IssuedAt.UtcDateTime.ToString("HH:mm:ss'Z'", CultureInfo.InvariantCulture)), B("Note", receipt.Note),
        A("OrderReference", B("ID", receipt.OrderNumber)), A("DespatchDocumentReference", B("ID", receipt.DespatchId)),
        A("DeliveryCustomerParty", UblParties.Trader(receipt.Site)), A("DespatchSupplierParty", UblParties.Trader(receipt.Seller)),
        A("BuyerCustomerParty", UblParties.Trader(receipt.Buyer)), A("SellerSupplierParty", UblParties.Trader(receipt.Seller)),
        receipt.Lines.Select((l, i) => Line(receipt, l, i + 1)));

    private static XElement? Line(ReceiptToWrite receipt, ReceiptLineToWrite line, int number) => A(
        "ReceiptLine", B("ID", XmlWriting.Text(number)), B("Note", line.Note),
        UblOrderWriter.Quantity("ReceivedQuantity", line.Received, line.Unit),
        Some("ShortQuantity", line.Short, line.Unit), Some("RejectedQuantity", line.Rejected, line.Unit),
        line.Rejected > Quantity.Zero ? B("RejectReason", Reason(line.Reason)) : null, Some("OversupplyQuantity", line.Over, line.Unit),
        B("ReceivedDate", XmlWriting.Text(receipt.ReceivedOn)),
        A("OrderLineReference", B("LineID", new UblLineId(line.OrderLine, new SiteId(receipt.Site.Id)).ToString())),
        A("Item", B("Name", line.Description), A("SellersItemIdentification", B("ID", line.Item.Value))));

    private static XElement? Some(string name, Quantity quantity, string unit) =>
        quantity > Quantity.Zero ? UblOrderWriter.Quantity(name, quantity, unit) : null;

    private static string Reason(RejectionReason reason) => reason switch
    {
        RejectionReason.Damaged => "Damaged",
        RejectionReason.WrongSite => "Wrong site",
        RejectionReason.WrongItem => "Wrong item",
        _ => "Refused",
    };
}
