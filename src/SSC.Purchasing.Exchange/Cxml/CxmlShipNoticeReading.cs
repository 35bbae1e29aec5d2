using System.Xml.Linq;
using SSC.Purchasing.Exchange.Documents;
using SSC.Purchasing.Exchange.Xml;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Receiving;

namespace SSC.Purchasing.Exchange.Cxml;

/// <summary>
/// A ShipNoticeRequest as despatch notes, one for each order in it. A notice goes to one site: its <c>shipTo</c> contact names it by
/// the <c>addressID</c> of the order's item. By the standard a portion without items means the whole order; that is refused, since
/// nobody means it.
/// </summary>
internal static class CxmlShipNoticeReading
{
    public static IReadOnlyList<VendorDocument> Read(XElement request, VendorId sender, XmlFields fields)
    {
        var header = request.Element("ShipNoticeHeader") ?? request;
        CxmlReader.CheckIsNew(header, fields);
        var id = fields.Required(header, header.Attribute("shipmentID"), 100, "document-id");
        var despatched = fields.Day(header.Attribute("shipmentDate") ?? header.Attribute("noticeDate"));
        if (despatched is null && fields.Faults.Count == 0) fields.Fault("date-missing", "State the shipmentDate.", header);
        var expected = fields.Day(header.Attribute("deliveryDate"));
        var control = request.Elements("ShipControl").FirstOrDefault();
        var carriers = control?.Elements("CarrierIdentifier").ToList() ?? [];
        var carrier = carriers.Find(c => (string?)c.Attribute("domain") == "companyName") ?? carriers.FirstOrDefault();
        var carrierName = fields.Text(carrier, 100, "carrier");
        var tracking = fields.Text(control?.Element("ShipmentIdentifier"), 100, "tracking");

        var portions = request.Elements("ShipNoticePortion").ToList();
        if (portions.Count == 0) fields.Fault("despatch-lines-missing", "Say what is in the shipment.", request);
        var notes = new List<VendorDocument>();
        foreach (var portion in portions)
        {
            var order = CxmlReader.Order(portion, portion.Element("OrderReference"), fields);
            var site = fields.Id<SiteId>(CxmlReader.AddressOf(portion.Elements("Contact").Concat(header.Elements("Contact")), "shipTo"),
                "site");
            if (site is null) fields.Fault("site-missing", "Name the site: a shipTo contact with the addressID of the order.", portion);
            var lines = portion.Elements("ShipNoticeItem").Select(i => Line(i, fields)).OfType<DespatchLine>().ToStructuralList();
            if (!portion.Elements("ShipNoticeItem").Any())
                fields.Fault("despatch-lines-missing", "Name every item of the shipment.", portion);
            var number = portions.Count == 1 ? id : $"{id}:{order}";
            if (number.Length > 100)
                fields.Fault("document-id-invalid", "Shorten the shipment's id, or send one notice per order.", header);
            notes.Add(new VendorDocument.Despatch(new(number, order, sender, site ?? default, despatched ?? default, lines)
            {
                ExpectedOn = expected, Carrier = carrierName, Tracking = tracking,
            }));
        }

        return notes;
    }

    private static DespatchLine? Line(XElement item, XmlFields fields)
    {
        if (item.Attribute("lineNumber") is null) fields.Fault("order-line-missing", "Quote the lineNumber of the order's item.", item);
        if (item.Attribute("quantity") is null) fields.Fault("quantity-missing", "State the quantity sent.", item);
        var line = CxmlReader.Line(item, item.Attribute("lineNumber"), fields);
        var quantity = fields.Quantity(item.Attribute("quantity"));
        var unit = fields.Unit(item, item.Element("UnitOfMeasure"));
        var number = item.Element("ItemID")?.Element("SupplierPartID");
        var part = fields.Id<ItemNo>(number, "item");
        if (XmlFields.Raw(number) is null) fields.Fault("item-missing", "Name the item by the SupplierPartID it was ordered under.", item);
        var lot = fields.Text(item.Element("Batch")?.Element("SupplierBatchID") ?? item.Element("SupplierBatchID"), 100, "lot");
        return line is null || quantity is null || part is null
            ? null
            : new(line.Value.Line, part.Value, quantity.Value, unit) { Lot = lot };
    }
}
