using System.Xml.Linq;
using SSC.Purchasing.Exchange.Documents;
using SSC.Purchasing.Exchange.Xml;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.PurchaseOrders;
using static SSC.Purchasing.Exchange.Cxml.CxmlNames;

namespace SSC.Purchasing.Exchange.Cxml;

/// <summary>
/// A ConfirmationRequest as the vendor's answer: <c>accept</c> is AP, <c>reject</c> RE; <c>except</c>, <c>detail</c>, <c>allDetail</c> and
/// <c>backordered</c> are CA. An item may be split over several statuses: what is rejected is not delivered, what is back-ordered comes
/// on the latest day named.
/// </summary>
internal static class CxmlConfirmationReading
{
    private static readonly string[] Kept = ["accept", "detail", "allDetail", "backordered"];

    public static VendorDocument Read(XElement request, VendorId sender, XmlFields fields)
    {
        var header = request.Element("ConfirmationHeader") ?? request;
        CxmlReader.CheckIsNew(header, fields);
        var reference = request.Element("OrderReference");
        var order = CxmlReader.Order(request, reference, fields);
        var id = fields.Required(header, header.Attribute("confirmID"), 100, "document-id");
        var type = XmlFields.Raw(header.Attribute("type"));
        var details = request.Elements("ConfirmationItem").Select(i => Item(i, fields)).OfType<AnswerDetail>().ToStructuralList();
        var code = Code(header, type, details.Count > 0, fields);
        var lines = StructuralList<LineAnswer>.Empty;
        if (code == ResponseCode.CA)
        {
            var faults = new List<DocumentFault>();
            lines = AnswersByDrop.Combine(details, faults);
            fields.Add(faults);
            if (details.Count == 0)
                fields.Fault("response-lines-missing", "Confirm at least one item, or accept or reject the order.", request);
        }

        var payload = XmlFields.Raw(reference?.Element("DocumentReference")?.Attribute("payloadID"));
        return new VendorDocument.Response(order, new(id, sender, code, lines,
            XmlFields.Note(header.Elements("Comments"), PlainText.NoteLength))
        {
            Revision = RevisionOf(payload, order),
        })
        {
            Details = code == ResponseCode.CA ? details : [],
            AcceptsTheRest = type == "except",
        };
    }

    private static ResponseCode Code(XElement header, string? type, bool hasItems, XmlFields fields)
    {
        switch (type)
        {
            case "accept": return ResponseCode.AP;
            case "reject": return ResponseCode.RE;
            case "detail" or "allDetail" when !hasItems && header.Parent!.Elements("ConfirmationItem").Any(): return ResponseCode.AB;
            case "except" or "detail" or "allDetail" or "backordered": return ResponseCode.CA;
            default:
                fields.Fault("confirmation-type-unknown", "Confirm with accept, except, detail, allDetail, backordered or reject.", header);
                return ResponseCode.AB;
        }
    }

    private static AnswerDetail? Item(XElement item, XmlFields fields)
    {
        if (item.Attribute("lineNumber") is null) fields.Fault("order-line-missing", "Quote the lineNumber of the order's item.", item);
        var line = CxmlReader.Line(item, item.Attribute("lineNumber"), fields);
        var statuses = item.Elements("ConfirmationStatus").ToList();
        if (statuses.Count > 0 && statuses.TrueForAll(s => Type(s) == "unknown")) return null;
        if (statuses.Count == 0 || statuses.Exists(s => Type(s) != "reject" && !Kept.Contains(Type(s), StringComparer.Ordinal)))
        {
            fields.Fault("confirmation-status-unknown", "Confirm the item with accept, detail, allDetail, backordered or reject.", item);
            return null;
        }

        var unit = fields.Unit(item, item.Element("UnitOfMeasure"));
        var stated = fields.Quantity(item.Attribute("quantity"));
        var parts = statuses.Select(s => (Status: s, Quantity: fields.Quantity(s.Attribute("quantity"), zeroCounts: true))).ToList();
        if (stated is null || parts.Exists(p => p.Quantity is null) || line is not { } place)
        {
            if (stated is null && fields.Faults.Count == 0) fields.Fault("quantity-missing", "State the quantity that is confirmed.", item);
            return null;
        }

        if (parts.Select(p => p.Quantity!.Value).Sum() != stated)
            fields.Fault("quantities-differ", "The quantities of an item's statuses sum to the item's quantity.", item);
        var drop = place.Drop > 0 ? new DropKey(null, place.Drop) : null;
        return new(Answer(place.Line, [.. parts.Select(p => (p.Status, p.Quantity!.Value))], drop is not null, fields), drop, unit);
    }

    private static LineAnswer Answer(int line, List<(XElement Status, Quantity Quantity)> parts, bool isDrop, XmlFields fields)
    {
        var note = XmlFields.Note(parts.SelectMany(p => p.Status.Elements("Comments")), PlainText.NoteLength);
        var kept = parts.FindAll(p => Type(p.Status) != "reject");
        var quantity = kept.Select(p => p.Quantity).Sum();
        if (quantity == Quantity.Zero) return new(line, LineAnswerCode.Reject, Note: note);
        if (kept.Count == parts.Count && kept.TrueForAll(p => Type(p.Status) == "accept" && Day(p.Status, fields) is null))
            return new(line, LineAnswerCode.Accept, isDrop ? quantity : null, Note: note);
        return new(
            line, LineAnswerCode.Propose, quantity, kept.Select(p => Price(p.Status, fields)).FirstOrDefault(p => p is not null),
            kept.Max(p => Day(p.Status, fields)), kept.Select(p => Substitute(p.Status, fields)).FirstOrDefault(i => i is not null), note);
    }

    private static string Type(XElement status) => XmlFields.Raw(status.Attribute("type")) ?? string.Empty;

    private static DateOnly? Day(XElement status, XmlFields fields) =>
        fields.Day(status.Attribute("deliveryDate") ?? status.Attribute("shipmentDate"));

    private static UnitPrice? Price(XElement status, XmlFields fields)
    {
        var price = status.Element("UnitPrice") ?? status.Element("ItemIn")?.Element("ItemDetail")?.Element("UnitPrice");
        return fields.Price(price?.Element("Money"), CurrencyAttribute);
    }

    private static ItemNo? Substitute(XElement status, XmlFields fields) =>
        fields.Id<ItemNo>(status.Element("ItemIn")?.Element("ItemID")?.Element("SupplierPartID"), "item");
}
