using System.Globalization;
using System.Text;
using System.Xml.Linq;
using FsCheck.Fluent;
using Shouldly;
using SSC.Purchasing.Exchange.Cxml;
using SSC.Purchasing.Exchange.Xml;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.PurchaseOrders;
using Xunit;
using static SSC.Purchasing.Tests.Exchange.Ubl.UblOrderTests;

namespace SSC.Purchasing.Tests.Exchange.Cxml;

public class CxmlOrderTests
{
    private static readonly CxmlOrderWriter Writer = new();

    [Fact]
    public void a_vendor_reads_out_of_the_document_just_what_was_ordered() =>
        Holds(SampleOrders.Any, o => Back(Root(Writer.Write(o))) == o.Order);

    [Fact]
    public void every_item_is_in_the_sequence_of_the_dtd_and_has_a_number_of_its_own() => Holds(SampleOrders.Any, o =>
    {
        var items = Root(Writer.Write(o)).Descendants("ItemOut").ToList();
        return items.Select(i => (string)i.Attribute("lineNumber")!).Distinct().Count() == items.Count
            && items.All(i => InSequence(i, "ItemID", "ItemDetail", "ShipTo", "Distribution")
                && InSequence(i.Element("ItemDetail")!, "UnitPrice", "Description", "UnitOfMeasure", "Classification", "Extrinsic"));
    });

    [Fact]
    public void the_header_is_in_the_sequence_of_the_dtd() => Holds(SampleOrders.Any, o =>
    {
        var root = Root(Writer.Write(o));
        return InSequence(root, "Header", "Request")
            && InSequence(root.Element("Header")!, "From", "To", "Sender")
            && InSequence(Header(root), "Total", "BillTo", "Shipping", "Comments", "DocumentReference", "Extrinsic");
    });

    [Fact]
    public void the_document_names_the_public_dtd_and_this_reader_never_opens_it()
    {
        var bytes = Writer.Write(SampleOrders.ByHand);
        Encoding.UTF8.GetString(bytes).ShouldContain("<!DOCTYPE cXML SYSTEM \"http://xml.cxml.org/schemas/cXML/1.2.060/cXML.dtd\"");
        SafeXml.Read(bytes).ShouldBeOfType<XmlReading.Refused>().Fault.Code.ShouldBe("document-dtd");
        Root(bytes).Name.LocalName.ShouldBe("cXML");
    }

    [Fact]
    public void each_drop_says_where_it_goes_and_where_it_is_booked()
    {
        var items = Root(Writer.Write(SampleOrders.ByHand)).Descendants("ItemOut").ToList();
        items.Select(i => (string)i.Attribute("lineNumber")!).ShouldBe(["100001", "100002", "100003", "300001"]);
        items.Select(i => (string)i.Element("ShipTo")!.Element("Address")!.Attribute("addressID")!)
            .ShouldBe(["M-001-HS", "M-001-HS", "M-002-ES", "M-003-DO"]);
        ((string)items[0].Descendants("AccountingSegment").Single().Attribute("id")!).ShouldBe("01-005-203-000-401-000");
        items.Descendants("Charge").Select(c => decimal.Parse(c.Value, CultureInfo.InvariantCulture)).Sum()
            .ShouldBe((SampleOrders.ByHand.Order.Total - SampleOrders.ByHand.Order.Freight).Dollars);
    }

    [Fact]
    public void a_later_revision_is_an_update_of_the_one_before()
    {
        var header = Header(Root(Writer.Write(SampleOrders.ByHand with { Revision = 2 })));
        ((string)header.Attribute("type")!, (string)header.Attribute("orderVersion")!).ShouldBe(("update", "2"));
        ((string)header.Element("DocumentReference")!.Attribute("payloadID")!).ShouldBe("JO-2026-014:V-whitewater.1@SSC");
    }

    [Fact]
    public void a_vendor_knows_the_sender_by_its_secret()
    {
        var sender = new CxmlSender(new("NetworkID", "AN01"), new("DUNS", "081234567"), "s3cret & more", "test");
        var root = Root(new CxmlOrderWriter(sender).Write(SampleOrders.ByHand));
        root.Descendants("Sender").Single().Descendants("SharedSecret").Single().Value.ShouldBe("s3cret & more");
        ((string)root.Element("Request")!.Attribute("deploymentMode")!).ShouldBe("test");
        Root(Writer.Write(SampleOrders.ByHand)).Descendants("SharedSecret").ShouldBeEmpty();
    }

    [Fact]
    public void an_order_bears_the_identities_that_were_agreed_with_its_vendor()
    {
        var parties = SampleOrders.ByHand.Parties;
        var order = SampleOrders.ByHand with
        {
            Parties = parties with
            {
                Buyer = parties.Buyer with { Credential = new("NetworkID", "AN01-SSC") },
                Seller = parties.Seller with { Credential = new("DUNS", "081234567") },
            },
        };
        var header = Root(Writer.Write(order)).Element("Header")!;
        string Identity(string party) => (string)header.Element(party)!.Element("Credential")!.Attribute("domain")! + " "
            + header.Element(party)!.Element("Credential")!.Element("Identity")!.Value;
        (Identity("From"), Identity("To"), Identity("Sender")).ShouldBe(("NetworkID AN01-SSC", "DUNS 081234567", "NetworkID AN01-SSC"));
    }

    internal static XElement Root(byte[] bytes) =>
        SafeXml.Read(bytes, isKnownDoctype: (_, _) => true).ShouldBeOfType<XmlReading.Read>().Root;

    private static XElement Header(XElement root) => root.Descendants("OrderRequestHeader").Single();

    private static bool InSequence(XElement element, params string[] names)
    {
        var places = element.Elements().Select(e => Array.IndexOf(names, e.Name.LocalName)).ToList();
        return !places.Contains(-1) && places.Zip(places.Skip(1)).All(p => p.First <= p.Second);
    }

    private static OrderDocument Back(XElement root)
    {
        var header = Header(root);
        var lines = root.Descendants("ItemOut").GroupBy(i => Extrinsic(i, "ConsolidatedLine")!, StringComparer.Ordinal).Select(Line);
        return new(
            (string)header.Attribute("orderID")!, new((string)header.Attribute("requisitionID")!),
            new((string)header.Attribute("agreementID")!),
            new(root.Element("Header")!.Element("To")!.Value), [.. lines], Dollars(header.Element("Shipping")?.Element("Money")?.Value),
            Dollars(header.Element("Total")!.Value), Day(Named(header, "RequiredBy")!), header.Element("Comments")!.Value)
        {
            ScheduleVersion = int.Parse(Named(header, "ScheduleVersion")!, CultureInfo.InvariantCulture),
        };
    }

    private static OrderLine Line(IGrouping<string, XElement> items)
    {
        var first = items.First();
        var detail = first.Element("ItemDetail")!;
        var unit = detail.Element("UnitOfMeasure")!.Value;
        return new(
            int.Parse(items.Key, CultureInfo.InvariantCulture), new(first.Element("ItemID")!.Value), detail.Element("Description")!.Value,
            unit == "XST" ? "ST" : unit, Units(Extrinsic(first, "CaseSize")!), Units(Extrinsic(first, "ConsolidatedQuantity")!),
            UnitPrice.FromDollars(Number(detail.Element("UnitPrice")!.Value)), Sum(items, "Amount"),
            [.. items.Select(i => new Drop(
                new(Extrinsic(i, "Member")!), new((string)i.Descendants("Address").Single().Attribute("addressID")!),
                Units((string)i.Attribute("quantity")!), Day((string)i.Attribute("requestedDeliveryDate")!),
                (string?)i.Descendants("AccountingSegment").SingleOrDefault()?.Attribute("id"), Extrinsic(i, "MemberOrder")))])
        {
            Fees = Sum(items, "Fee"), Credits = Sum(items, "Credit"),
        };
    }

    private static Money Sum(IEnumerable<XElement> items, string extrinsic) => items.Select(i => Dollars(Extrinsic(i, extrinsic))).Sum();

    private static string? Extrinsic(XElement item, string name) => Named(item.Element("ItemDetail")!, name);

    private static string? Named(XElement owner, string name) =>
        owner.Elements("Extrinsic").SingleOrDefault(e => (string)e.Attribute("name")! == name)?.Value;

    private static decimal Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);

    private static Money Dollars(string? text) => text is null ? Money.Zero : Money.FromDollars(Number(text));

    private static Quantity Units(string text) => Quantity.FromDecimal(Number(text));

    private static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);
}
