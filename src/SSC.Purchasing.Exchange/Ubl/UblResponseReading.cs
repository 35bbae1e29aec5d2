using System.Xml.Linq;
using SSC.Purchasing.Exchange.Documents;
using SSC.Purchasing.Exchange.Xml;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.PurchaseOrders;

namespace SSC.Purchasing.Exchange.Ubl;

/// <summary>An OrderResponse that keeps the rules, as the vendor's answer.</summary>
internal static class UblResponseReading
{
    public static VendorDocument Read(XElement root, VendorId sender, XmlFields fields)
    {
        var id = fields.Required(root, root.At("ID"), 100, "document-id");
        var order = fields.Required(root, root.At("OrderReference", "ID"), 50, "order-number");
        var code = Enum.Parse<ResponseCode>(root.At("OrderResponseCode")!.Value.Trim());
        var details = root.All("OrderLine").Select(l => Line(l, fields)).OfType<AnswerDetail>().ToStructuralList();
        var faults = new List<DocumentFault>();
        var lines = AnswersByDrop.Combine(details, faults);
        fields.Add(faults);
        return new VendorDocument.Response(order, new(id, sender, code, lines, XmlFields.Note(root.All("Note"), PlainText.NoteLength)))
        {
            Details = details,
        };
    }

    private static AnswerDetail? Line(XElement line, XmlFields fields)
    {
        var item = line.At("LineItem")!;
        var status = item.At("LineStatusCode")!;
        LineAnswerCode? code = status.Value.Trim() switch
        {
            "5" or "42" => LineAnswerCode.Accept,
            "7" => LineAnswerCode.Reject,
            "3" => LineAnswerCode.Propose,
            _ => null,
        };
        if (code is null) fields.Fault("response-line-added", "Answer the lines that were ordered; a line cannot be added.", status);
        if (UblReader.LineId(line.At("OrderLineReference", "LineID"), fields) is not { } id || code is null) return null;

        var quantity = item.At("Quantity");
        var unit = quantity is null ? null : fields.Unit(quantity, quantity.Attribute("unitCode"));
        var answer = new LineAnswer(id.Line, code.Value, Note: XmlFields.Note(item.All("Note"), PlainText.NoteLength));
        var stated = fields.Quantity(quantity, zeroCounts: code != LineAnswerCode.Propose);
        var period = item.At("Delivery", "PromisedDeliveryPeriod");
        if (code == LineAnswerCode.Propose)
        {
            answer = answer with
            {
                Quantity = stated,
                Price = Price(item.At("Price"), fields),
                DeliverOn = fields.Day(period.At("EndDate") ?? period.At("StartDate")),
                Substitute = UblReader.Item(line.At("SellerSubstitutedLineItem", "Item"), fields),
            };
        }

        // What is accepted as ordered keeps its quantity for the sum over the drops; the answer to the line leaves it out.
        if (code == LineAnswerCode.Accept && id.Site is not null) answer = answer with { Quantity = stated };
        return new(answer, id.Site is { } site ? new DropKey(site, id.Nth) : null, unit);
    }

    private static UnitPrice? Price(XElement? price, XmlFields fields)
    {
        var units = fields.Decimal(price.At("BaseQuantity"), "price-out-of-range", "A base quantity is above zero.") ?? 1;
        return fields.Price(price.At("PriceAmount"), UblNames.CurrencyAttribute, units);
    }
}
