using System.Xml.Linq;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using SSC.Purchasing.Exchange.Documents;
using SSC.Purchasing.Exchange.Ubl;
using SSC.Purchasing.Exchange.Ubl.Rules;
using SSC.Purchasing.Kernel;
using Xunit;
using static SSC.Purchasing.Tests.Exchange.Ubl.UblOrderBack;

namespace SSC.Purchasing.Tests.Exchange.Ubl;

public class UblOrderTests
{
    private static readonly UblOrderWriter Writer = new();

    [Fact]
    public void a_vendor_reads_out_of_the_document_just_what_was_ordered() =>
        Holds(SampleOrders.Any, o => Read(Root(Writer.Write(o))) == o.Order);

    [Fact]
    public void drops_sum_to_the_line_and_lines_to_the_total_to_the_cent() => Holds(SampleOrders.Any, o =>
    {
        var back = Read(Root(Writer.Write(o)));
        return back.Lines.All(l => l.Drops.Select(d => d.Quantity).Sum() == l.Quantity)
            && back.Lines.Select(l => l.Amount + l.Fees - l.Credits).Sum() + back.Freight == o.Order.Total;
    });

    [Fact]
    public void every_order_keeps_every_peppol_rule_of_the_order_transaction() => Holds(SampleOrders.Any, o =>
        PeppolRules.CheckOrder(Root(Writer.Write(o))).Count == 0);

    [Fact]
    public void every_order_is_in_the_sequence_of_ubl_and_valid_by_its_schemas_where_they_are_configured() =>
        Holds(SampleOrders.Any, o => UblSchemas.Faults(Root(Writer.Write(o))).Count == 0);

    [Fact]
    public void an_element_out_of_sequence_is_seen()
    {
        var order = Root(Writer.Write(SampleOrders.ByHand));
        var id = order.Element(Cbc + "ID")!;
        id.Remove();
        order.Add(id);
        UblSchemas.OutOfSequence(order).ShouldHaveSingleItem().ShouldStartWith("Order holds");
    }

    [Fact]
    public void the_same_order_gives_the_same_bytes() =>
        Writer.Write(SampleOrders.ByHand).ShouldBe(Writer.Write(SampleOrders.ByHand));

    [Fact]
    public void a_line_says_its_drop_in_its_identifier() =>
        Root(Writer.Write(SampleOrders.ByHand)).Descendants(Cac + "LineItem").Select(i => Text(i, "ID"))
            .ShouldBe(["1:M-001-HS", "1:M-001-HS:2", "1:M-002-ES", "3:M-003-DO"]);

    [Theory]
    [InlineData("3", 3, null, 1)]
    [InlineData("3:M-014-HS", 3, "M-014-HS", 1)]
    [InlineData(" 3:M-014-HS:2 ", 3, "M-014-HS", 2)]
    public void a_quoted_line_is_understood(string text, int line, string? site, int nth) =>
        UblLineId.TryParse(text).ShouldBe(new UblLineId(line, site is null ? null : new SiteId(site), nth));

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("1:")]
    [InlineData("1:M 1")]
    [InlineData("1:M-1:0")]
    [InlineData("1:M-1:1:1")]
    [InlineData("99999999999")]
    public void what_is_no_line_of_ours_is_not_taken_for_one(string text) => UblLineId.TryParse(text).ShouldBeNull();

    [Fact]
    public void a_party_without_a_public_address_is_named_but_cannot_travel_the_network()
    {
        UblOrderWriter.CheckForNetwork(SampleOrders.ByHand.Parties)!.Code.ShouldBe("endpoint-missing");
        var seller = SampleOrders.Seller with { Endpoints = SampleOrders.Buyer.Endpoints };
        UblOrderWriter.CheckForNetwork(SampleOrders.ByHand.Parties with { Seller = seller }).ShouldBeNull();
    }

    [Fact]
    public void a_later_revision_says_so()
    {
        var order = Root(Writer.Write(SampleOrders.ByHand with { Revision = 2 }));
        Text(order, "Note").ShouldBe("Revision 2; it replaces those before.");
        Text(order, "AdditionalDocumentReference", "ID").ShouldBe("2");
        PeppolRules.CheckOrder(order).ShouldBeEmpty();
    }

    [Fact]
    public void what_xml_cannot_hold_becomes_a_space_and_nothing_is_left_empty()
    {
        var odd = SampleOrders.ByHand.Parties.Sites.ToDictionary(
            s => s.Key, s => s.Value with { Name = "A\u0001B\uD800", Lines = [" ", "\t"], Instructions = " " });
        var order = Root(Writer.Write(SampleOrders.ByHand with { Parties = SampleOrders.ByHand.Parties with { Sites = odd } }));
        Property(order.Descendants(Cac + "LineItem").First(), "DeliverToName").ShouldBe("A B");
        PeppolRules.CheckOrder(order).ShouldBeEmpty();
    }

    internal static void Holds<T>(Gen<T> any, Func<T, bool> law) =>
        Check.One(Config.QuickThrowOnFailure, Prop.ForAll(any.ToArbitrary(), law));
}
