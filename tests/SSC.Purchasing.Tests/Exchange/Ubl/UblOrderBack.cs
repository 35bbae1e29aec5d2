using System.Globalization;
using System.Xml.Linq;
using Shouldly;
using SSC.Purchasing.Exchange.Ubl;
using SSC.Purchasing.Exchange.Xml;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.PurchaseOrders;

namespace SSC.Purchasing.Tests.Exchange.Ubl;

/// <summary>An order as a vendor's system takes it out of the UBL document.</summary>
internal static class UblOrderBack
{
    public static readonly XNamespace Cac = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2";
    public static readonly XNamespace Cbc = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2";

    public static XElement Root(byte[] bytes) => SafeXml.Read(bytes).ShouldBeOfType<XmlReading.Read>().Root;

    public static OrderDocument Read(XElement order)
    {
        var catalogue = Text(order, "CatalogueReference", "ID")!.Split(':');
        var lines = order.Elements(Cac + "OrderLine").Select(l => l.Element(Cac + "LineItem")!)
            .GroupBy(i => Property(i, "ConsolidatedLine")!, StringComparer.Ordinal).Select(Line);
        return new(
            Text(order, "ID")!, new(Text(order, "OriginatorDocumentReference", "ID")!), new(Text(order, "Contract", "ID")!),
            new(Text(order, "SellerSupplierParty", "Party", "PartyIdentification", "ID")!), [.. lines],
            Cents(Text(order, "AnticipatedMonetaryTotal", "ChargeTotalAmount") ?? "0"),
            Cents(Text(order, "AnticipatedMonetaryTotal", "PayableAmount")!),
            Day(Text(order, "Delivery", "RequestedDeliveryPeriod", "EndDate")!), Text(order, "PaymentTerms", "Note")!)
        {
            ScheduleVersion = int.Parse(catalogue[1], CultureInfo.InvariantCulture),
        };
    }

    public static string? Text(XElement? element, params string[] steps) =>
        steps.Aggregate(element, (e, step) => e?.Element(Cac + step) ?? e?.Element(Cbc + step))?.Value;

    public static string? Property(XElement item, string name) => item.Element(Cac + "Item")!.Elements(Cac + "AdditionalItemProperty")
        .Where(p => Text(p, "Name") == name).Select(p => Text(p, "Value")).SingleOrDefault();

    private static OrderLine Line(IGrouping<string, XElement> items)
    {
        var first = items.First();
        var fees = items.Select(i => Charge(i, "true")).Sum();
        var credits = items.Select(i => Charge(i, "false")).Sum();
        var net = items.Select(i => Cents(Text(i, "LineExtensionAmount")!)).Sum();
        var unit = (string)first.Element(Cbc + "Quantity")!.Attribute("unitCode")!;
        return new(
            int.Parse(items.Key, CultureInfo.InvariantCulture), new(Text(first, "Item", "SellersItemIdentification", "ID")!),
            Text(first, "Item", "Name")!, unit == "XST" ? "ST" : unit, Units(Property(first, "CaseSize")!),
            Units(Property(first, "ConsolidatedQuantity")!), UnitPrice.FromDollars(Number(Text(first, "Price", "PriceAmount")!)),
            net - fees + credits, [.. items.Select(Drop)])
        {
            Fees = fees, Credits = credits,
        };
    }

    private static Drop Drop(XElement item)
    {
        var id = UblLineId.TryParse(Text(item, "ID")!)!;
        Property(item, "DeliverTo").ShouldBe(id.Site!.Value.Value);
        return new(
            new(Text(item, "OriginatorParty", "PartyIdentification", "ID")!), id.Site!.Value, Units(Text(item, "Quantity")!),
            Day(Text(item, "Delivery", "RequestedDeliveryPeriod", "EndDate")!), Text(item, "AccountingCost"),
            Property(item, "MemberOrder"));
    }

    private static Money Charge(XElement item, string indicator) => item.Elements(Cac + "AllowanceCharge")
        .Where(c => Text(c, "ChargeIndicator") == indicator).Select(c => Cents(Text(c, "Amount")!)).Sum();

    private static decimal Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);

    private static Money Cents(string text) => Money.FromDollars(Number(text));

    private static Quantity Units(string text) => Quantity.FromDecimal(Number(text));

    private static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);
}
