using System.Text;
using Shouldly;
using SSC.Purchasing.Exchange.Cxml;
using SSC.Purchasing.Exchange.Documents;
using SSC.Purchasing.Kernel;
using Xunit;
using static SSC.Purchasing.Tests.Exchange.Cxml.CxmlSamples;
using static SSC.Purchasing.Tests.Exchange.Ubl.UblSamples;
using PunchOutOperation = SSC.Purchasing.Procurement.PunchOuts.PunchOutOperation;

namespace SSC.Purchasing.Tests.Exchange.Cxml;

public class PunchOutTests
{
    private static readonly CxmlSender Sender = new(new("DUNS", "080123456"), new("DUNS", "081234567"), "s3cret");
    private static readonly Uri ReturnTo = new("https://purchasing.example/punchout/return?x=1&y=2");

    [Fact]
    public void a_setup_says_who_asks_and_where_the_basket_comes_back_to()
    {
        var setup = new PunchOutSetup("p-1@SSC", SampleOrders.Issued, "c00k1e", ReturnTo, PunchOutOperation.Edit)
        {
            Shop = new("https://shop.example/in"), ShipTo = SampleOrders.Buyer with { Id = "M-001-HS" }, Cart = Cart(Basket),
        };
        var request = CxmlOrderTests.Root(PunchOut.Write(setup, Sender)).Descendants("PunchOutSetupRequest").Single();
        ((string)request.Attribute("operation")!).ShouldBe("edit");
        request.Elements().Select(e => e.Name.LocalName).ShouldBe(["BuyerCookie", "BrowserFormPost", "SupplierSetup", "ShipTo", "ItemOut",
            "ItemOut"]);
        request.Element("BrowserFormPost")!.Value.ShouldBe(ReturnTo.AbsoluteUri);
        request.Elements("ItemOut").First().Descendants("SupplierPartAuxiliaryID").Single().Value.ShouldBe("cfg-1");
    }

    [Fact]
    public void a_shop_opens_at_an_https_address()
    {
        Start("https://shop.example/s?id=1").ShouldBe(new PunchOutStart.Open(new("https://shop.example/s?id=1")));
        foreach (var address in new[] { "http://shop.example/", "javascript:alert(1)", "/start", "https://user:pw@shop.example/", "" })
            Start(address).ShouldBeOfType<PunchOutStart.Unreadable>().Fault.Code.ShouldBe("start-page-invalid");
    }

    [Fact]
    public void a_shop_may_say_no()
    {
        var no = PunchOut.ReadSetupResponse(CxmlResponse.Write(new(401, "Unauthorized", "Who are you?"), "r@shop", SampleOrders.Issued));
        no.ShouldBeOfType<PunchOutStart.Declined>().Status.ShouldBe(new CxmlStatus(401, "Unauthorized", "Who are you?"));
        PunchOut.ReadSetupResponse("<cXML/>"u8.ToArray()).ShouldBeOfType<PunchOutStart.Unreadable>()
            .Fault.Code.ShouldBe("document-unknown");
        PunchOut.ReadSetupResponse("<cXML><Response><Status code='no'/></Response></cXML>"u8.ToArray())
            .ShouldBeOfType<PunchOutStart.Unreadable>().Fault.Code.ShouldBe("status-invalid");
    }

    [Fact]
    public void a_basket_comes_back() => Cart(Basket).ShouldBe(new PunchOutCart(
        "c00k1e",
        [
            new(1, new("PAPER-20LB"), Quantity.Of(20), "XCT", UnitPrice.FromDollars(41.9m), "Copy paper") { AuxiliaryId = "cfg-1",
                Unspsc = "14111507" },
            new(2, new("PAPER-20LB"), Quantity.FromDecimal(2.5m), "XCT", UnitPrice.FromDollars(41.9m), "Copy paper"),
        ])
    { From = [new("DUNS", "081234567")] });

    [Fact]
    public void a_shopper_who_left_without_a_change_changes_nothing()
    {
        var cart = Cart(With(Basket, "<Message>", "<Message><Status code=\"204\" text=\"No Content\"/>"));
        (cart.IsUnchanged, cart.Items.Count).ShouldBe((true, 0));
        Cart(Basket).IsUnchanged.ShouldBeFalse();
    }

    [Fact]
    public void a_form_carries_the_basket_in_one_of_two_fields()
    {
        PunchOut.FromForm("cxml-urlencoded", "<a/>")!.Value.ToArray().ShouldBe("<a/>"u8.ToArray());
        PunchOut.FromForm("cXML-base64", Convert.ToBase64String("<a/>"u8))!.Value.ToArray().ShouldBe("<a/>"u8.ToArray());
        PunchOut.FromForm("cxml-base64", "not base 64!").ShouldBeNull();
        PunchOut.FromForm("cart", "<a/>").ShouldBeNull();
    }

    public static TheoryData<string, string, string> BadBaskets => new()
    {
        { "document-dtd", "cXML.dtd\">", "cXML.dtd\" [<!ENTITY % x SYSTEM \"http://127.0.0.1/\"> %x;]>" },
        { "document-unknown", "PunchOutOrderMessage>", "Other>" },
        { "buyer-cookie-missing", "<BuyerCookie>c00k1e</BuyerCookie>", "" },
        { "sender-missing", "<From><Credential domain=\"DUNS\"><Identity>081234567</Identity></Credential></From>", "<From/>" },
        { "sender-missing", "<From><Credential domain=\"DUNS\"><Identity>081234567<", "<From><Credential domain=\"DUNS\"><Identity><" },
    };

    [Theory]
    [MemberData(nameof(BadBaskets))]
    public void a_bad_basket_is_refused_as_a_whole(string code, string passage, string instead)
    {
        var document = With(Basket, passage, instead);
        if (code == "document-unknown") document = With(document, "/PunchOutOrderMessage>", "/Other>");
        PunchOut.ReadOrderMessage(Encoding.UTF8.GetBytes(document)).ShouldBeOfType<PunchOutReturn.Refused>().Faults
            .Select(f => f.Code).ShouldContain(code);
    }

    public static TheoryData<string, string, string> BadLines => new()
    {
        { "quantity-out-of-range", "quantity=\"20\"", "quantity=\"0\"" },
        { "quantity-out-of-range", "quantity=\"20\"", "quantity=\"-3\"" },
        { "quantity-out-of-range", "quantity=\"20\"", "quantity=\"1000000000000000000\"" },
        { "quantity-missing", "quantity=\"20\"", "quantity=\" \"" },
        { "unit-unknown", ">CT<", ">LT<" },
        { "currency-unknown", "<UnitPrice><Money currency=\"USD\"", "<UnitPrice><Money currency=\"CAD\"" },
        { "price-missing", "<UnitPrice><Money currency=\"USD\">41.90</Money></UnitPrice>", "" },
        { "item-missing", "<SupplierPartID>PAPER-20LB</SupplierPartID>", "" },
        { "item-invalid", "<SupplierPartID>PAPER-20LB</SupplierPartID>", "<SupplierPartID>../etc</SupplierPartID>" },
    };

    [Theory]
    [MemberData(nameof(BadLines))]
    public void a_line_that_cannot_be_read_is_named_and_the_others_are_read(string code, string passage, string instead)
    {
        var cart = Cart(With(Basket, passage, instead));
        var fault = cart.Faults.ShouldHaveSingleItem();
        (fault.No, fault.Code).ShouldBe((1, code));
        cart.Items.ShouldHaveSingleItem().No.ShouldBe(2);
    }

    private static PunchOutStart Start(string address) => PunchOut.ReadSetupResponse(Encoding.UTF8.GetBytes(
        "<cXML><Response><Status code=\"200\" text=\"OK\"/><PunchOutSetupResponse><StartPage><URL>"
        + address.Replace("&", "&amp;", StringComparison.Ordinal) + "</URL></StartPage></PunchOutSetupResponse></Response></cXML>"));

    private static PunchOutCart Cart(string document) =>
        PunchOut.ReadOrderMessage(Encoding.UTF8.GetBytes(document)).ShouldBeOfType<PunchOutReturn.Returned>().Cart;
}
