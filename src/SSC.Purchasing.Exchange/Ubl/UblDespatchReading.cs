using System.Xml.Linq;
using SSC.Purchasing.Exchange.Documents;
using SSC.Purchasing.Exchange.Xml;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Receiving;

namespace SSC.Purchasing.Exchange.Ubl;

/// <summary>
/// A DespatchAdvice that keeps the rules, as one note per site. The site of a line is the one in the order line it quotes, else the
/// delivery party's; an advice for several sites gives notes numbered <c>{id}:{site}</c>, so that each still counts once.
/// </summary>
internal static class UblDespatchReading
{
    public static IReadOnlyList<VendorDocument> Read(XElement root, VendorId sender, XmlFields fields)
    {
        var id = fields.Required(root, root.At("ID"), 100, "document-id");
        var order = OrderNumber(root, fields);
        var site = Site(root, fields);
        var lines = new List<(SiteId Site, DespatchLine Line)>();
        foreach (var line in root.All("DespatchLine"))
        {
            if (Line(line, fields) is not { } read) continue;
            if ((read.Site ?? site) is { } place) lines.Add((place, read.Line));
            else
                fields.Fault("site-missing", "Name the site: quote the order line as ordered, or identify the delivery party.", line);
        }

        var delivery = root.At("Shipment", "Delivery");
        var period = delivery.At("EstimatedDeliveryPeriod");
        var despatched = fields.Day(delivery.At("Despatch", "ActualDespatchDate") ?? root.At("IssueDate")) ?? default;
        var expected = fields.Day(period.At("EndDate") ?? period.At("StartDate"));
        var carrier = fields.Text(root.At("Shipment", "Consignment", "CarrierParty", "PartyName", "Name"), 100, "carrier");
        var tracking = fields.Text(delivery.At("TrackingID") ?? Consignment(root), 100, "tracking");
        var sites = lines.GroupBy(l => l.Site).ToList();
        return
        [
            .. sites.Select(s => new VendorDocument.Despatch(
                new(sites.Count == 1 ? id : NoteId(id, s.Key, root, fields), order, sender, s.Key, despatched, [.. s.Select(l => l.Line)])
                {
                    ExpectedOn = expected, Carrier = carrier, Tracking = tracking,
                })),
        ];
    }

    private static XElement? Consignment(XElement root) =>
        root.At("Shipment", "Consignment", "ID") is { } id && id.Value.Trim() != "NA" ? id : null;

    private static string NoteId(string id, SiteId site, XElement root, XmlFields fields)
    {
        var note = $"{id}:{site}";
        if (note.Length > 100) fields.Fault("document-id-invalid", "Shorten the document's number, or send one advice per site.", root);
        return note;
    }

    private static string OrderNumber(XElement root, XmlFields fields)
    {
        var references = root.All("OrderReference").Select(r => r.At("ID"))
            .Concat(root.All("DespatchLine").Select(l => l.At("OrderLineReference", "OrderReference", "ID"))).OfType<XElement>().ToList();
        var numbers = references.Select(r => r.Value.Trim()).Distinct(StringComparer.Ordinal).ToList();
        if (numbers.Count > 1) fields.Fault("orders-several", "Send one despatch advice per purchase order.", references[^1]);
        return fields.Required(root, references.FirstOrDefault(), 50, "order-number");
    }

    private static SiteId? Site(XElement root, XmlFields fields)
    {
        var parties = new[] { root.At("Shipment", "Delivery", "DeliveryParty"), root.At("DeliveryCustomerParty", "Party") };
        return fields.Id<SiteId>(parties.Select(p => UblReader.OwnId(UblReader.IdsOf(p))).FirstOrDefault(i => i is not null), "site");
    }

    private static (SiteId? Site, DespatchLine Line)? Line(XElement line, XmlFields fields)
    {
        var id = UblReader.LineId(line.At("OrderLineReference", "LineID"), fields);
        var item = UblReader.Item(line.At("Item"), fields);
        if (item is null && fields.Faults.Count == 0)
            fields.Fault("item-missing", "Name the item by the number it was ordered under, or by your own for a substitute.", line);
        var sent = line.At("DeliveredQuantity");
        var outstanding = line.At("OutstandingQuantity");
        var quantity = fields.Quantity(sent);
        var unit = fields.Unit(line, sent?.Attribute("unitCode"));
        var rest = fields.Quantity(outstanding, zeroCounts: true);
        if (outstanding?.Attribute("unitCode") is not null && fields.Unit(line, outstanding.Attribute("unitCode")) != unit)
            fields.Fault("unit-differs", "State what is sent and what follows in the same unit.", outstanding);
        if (id is null || item is null || quantity is null) return null;
        var instance = line.At("Item", "ItemInstance");
        var lot = instance.At("LotIdentification", "LotNumberID") ?? instance.At("SerialID");
        return (id.Site, new(id.Line, item.Value, quantity.Value, unit)
        {
            BackOrdered = rest is { Thousandths: > 0 } ? rest : null, Lot = fields.Text(lot, 100, "lot"),
        });
    }
}
