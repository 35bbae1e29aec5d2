using System.Text;
using Shouldly;
using SSC.Purchasing.Exchange.Documents;
using SSC.Purchasing.Exchange.Ubl;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Invoicing;
using SSC.Purchasing.Procurement.PurchaseOrders;
using SSC.Purchasing.Procurement.Receiving;
using Xunit;
using static SSC.Purchasing.Tests.Exchange.Ubl.UblSamples;

namespace SSC.Purchasing.Tests.Exchange.Ubl;

public class UblReaderTests
{
    private static readonly DateOnly Day = new(2026, 9, 4);

    [Fact]
    public void a_response_is_read_as_the_vendors_answer()
    {
        var response = Only<VendorDocument.Response>(Read(Response));
        response.OrderNumber.ShouldBe("JO-2026-014:V-whitewater");
        response.Answer.ShouldBe(new VendorResponse(
            "OR-77", Sender, ResponseCode.CA,
            [
                new(1, LineAnswerCode.Propose, Quantity.Of(27), DeliverOn: Day), new(3, LineAnswerCode.Reject, Note: "Out of production"),
            ],
            "Second truck on Friday"));
        response.Details.Select(d => (d.Drop, d.Unit)).ShouldBe(
            [(new DropKey(new("M-001-HS"), 1), "XCT"), (new DropKey(new("M-002-ES"), 1), "XCT"), (null, null)]);
    }

    [Fact]
    public void a_despatch_advice_is_read_as_one_note_per_site()
    {
        var notes = Read(Despatch).ShouldBeOfType<DocumentReading.Read>().Documents.Cast<VendorDocument.Despatch>().Select(d => d.Note)
            .ToList();
        notes.Select(n => (n.DocumentId, n.Site.Value)).ShouldBe([("DA-9:M-001-HS", "M-001-HS"), ("DA-9:M-003-DO", "M-003-DO")]);
        notes[0].ShouldBe(new DespatchNote(
            "DA-9:M-001-HS", "JO-2026-014:V-whitewater", Sender, new("M-001-HS"), new(2026, 8, 28),
            [new(1, new("PAPER-20LB"), Quantity.Of(10), "XCT") { BackOrdered = Quantity.Of(5), Lot = "L-5" }])
        {
            ExpectedOn = new(2026, 8, 29), Carrier = "River Freight", Tracking = "RF-1122",
        });
        notes[1].Lines.ShouldBe([new(3, new("LINER-40"), Quantity.FromDecimal(1.5m), "XPX")]);
    }

    [Fact]
    public void an_invoice_is_read_with_everything_it_asks_for()
    {
        var invoice = Only<VendorDocument.Invoice>(Read(Invoice)).Document;
        invoice.ShouldBe(new InvoiceDocument(
            "INV-100", InvoiceKind.Invoice, Sender, "JO-2026-014:V-whitewater", new(2026, 9, 2),
            [
                new("1", 1, new("M-001-HS"), new("PAPER-20LB"), "Copy paper, 20 lb", Quantity.Of(15), "XCT", UnitPrice.FromDollars(37.85m),
                    Money.FromDollars(567.75m)),
                new("2", null, new("M-001-HS"), null, "Catalogue", Quantity.Of(1), "EA", new UnitPrice(0), Money.Zero),
            ],
            [
                new(ChargeKind.Freight, "Freight", Money.FromDollars(12m)),
                    new(ChargeKind.Discount, "Prompt payment discount", Money.FromDollars(-2.5m)),
                new(ChargeKind.Tax, "Tax", Money.FromDollars(3.1m)), new(ChargeKind.Other, "Prepaid", Money.FromDollars(-100m)),
            ],
            Money.FromDollars(480.35m))
        {
            BillTo = new("M-001"), DueOn = new(2026, 10, 7),
        });
        invoice.Sum().ShouldBe(invoice.Total);
    }

    [Fact]
    public void a_total_that_does_not_add_up_is_read_as_stated()
    {
        var invoice = Only<VendorDocument.Invoice>(Read(With(Invoice, ">480.35<", ">999.99<"))).Document;
        invoice.Total.ShouldBe(Money.FromDollars(999.99m));
        invoice.Sum().ShouldNotBe(invoice.Total);
    }

    [Fact]
    public void a_bill_to_the_cooperative_bills_no_member() =>
        Only<VendorDocument.Invoice>(Read(With(Invoice, "<cbc:ID>M-001</cbc:ID>", "<cbc:ID>SSC</cbc:ID>"))).Document.BillTo.ShouldBeNull();

    public static TheoryData<string, string, string> BadResponses => new()
    {
        { "document-version", "order_response:3<", "order_response:2<" },
        { "document-version", "xsd:OrderResponse-2\"", "xsd:OrderResponse-3\"" },
        { "document-unknown", "<OrderResponse xmlns=\"urn:oasis:names:specification:ubl:schema:xsd:OrderResponse-2\"",
            "<OrderResponse xmlns=\"urn:other\"" },
        { "peppol-t76-r007", "<cac:OrderLine>", "<!--" },
        { "peppol-t76-r008", "<cbc:OrderResponseCode>CA", "<cbc:OrderResponseCode>AP" },
        { "peppol-t76-r009", "<cbc:OrderResponseCode>CA", "<cbc:OrderResponseCode>RE" },
        { "peppol-t76-r010", "<cbc:OrderResponseCode>CA", "<cbc:OrderResponseCode>AB" },
        { "peppol-t76-b00801", "<cbc:OrderResponseCode>CA", "<cbc:OrderResponseCode>OK" },
        { "peppol-t76-b01202", "V-whitewater</cbc:ID></cac:OrderReference>",
            "V-whitewater</cbc:ID><cbc:UUID>1</cbc:UUID></cac:OrderReference>" },
        { "peppol-t76-b01501", "<cbc:EndpointID schemeID=\"0060\">081234567</cbc:EndpointID>", "" },
        { "peppol-t76-b01601", "<cbc:EndpointID schemeID=\"0060\">081234567", "<cbc:EndpointID>081234567" },
        { "peppol-t76-r003", "<cbc:ID>2</cbc:ID><cbc:LineStatusCode>5", "<cbc:ID>1</cbc:ID><cbc:LineStatusCode>5" },
        { "peppol-t76-r004", "<cbc:EndDate>2026-09-04", "<cbc:EndDate>2026-09-02" },
        { "peppol-common-r001", "<cbc:Note>Second truck on Friday</cbc:Note>", "<cbc:Note/>" },
        { "peppol-common-r030", "<cbc:IssueDate>2026-08-04", "<cbc:IssueDate>8/4/2026" },
        { "currency-unknown", "<cbc:DocumentCurrencyCode>USD", "<cbc:DocumentCurrencyCode>EUR" },
        { "quantity-out-of-range", "\"XCT\">12<", "\"XCT\">-12<" },
        { "quantity-out-of-range", "\"XCT\">12<", "\"XCT\">1000000000000000000<" },
        { "quantity-out-of-range", "\"XCT\">12<", "\"XCT\">99999999999999999999999999999999999999999<" },
        { "quantity-out-of-range", "\"XCT\">12<", "\"XCT\">0<" },
        { "quantity-precision", "\"XCT\">12<", "\"XCT\">1.0001<" },
        { "number-invalid", "\"XCT\">12<", "\"XCT\">1e3<" },
        { "number-invalid", "\"XCT\">12<", "\"XCT\">twelve<" },
        { "unit-unknown", "\"XCT\">12<", "\"LBS of\">12<" },
        { "unit-unknown", "\"XCT\">12<", "\"GR8\">12<" },
        { "peppol-t76-b04301", "unitCode=\"XCT\">12<", ">12<" },
        { "order-line-invalid", "<cbc:LineID>3<", "<cbc:LineID>three<" },
        { "order-line-invalid", "<cbc:LineID>3<", "<cbc:LineID>99999999999999<" },
        { "response-line-repeated", "<cbc:LineID>1:M-002-ES<", "<cbc:LineID>1:M-001-HS<" },
        { "response-line-repeated", "<cbc:LineID>1:M-002-ES<", "<cbc:LineID>1<" },
        { "response-line-added", "<cbc:LineStatusCode>5", "<cbc:LineStatusCode>1" },
        { "response-quantity-missing", "<cbc:Quantity unitCode=\"XCT\">15</cbc:Quantity>", "" },
        { "document-id-invalid", "OR-77", "OR\u202E77" },
        { "document-malformed", "</OrderResponse>", "" },
        { "document-dtd", "<OrderResponse ", "<!DOCTYPE OrderResponse SYSTEM \"file:///etc/passwd\"><OrderResponse " },
    };

    [Theory]
    [MemberData(nameof(BadResponses))]
    public void a_bad_response_is_refused_as_a_whole_by_name_and_place(string code, string passage, string instead)
    {
        var document = With(Response, passage, instead);
        if (instead == "<!--") document = string.Concat(Response.AsSpan(0, Response.IndexOf("<cac:OrderLine>", StringComparison.Ordinal)),
            "</OrderResponse>");
        if (instead.Contains("urn:other", StringComparison.Ordinal)) document = "<Letter/>";
        var faults = Faults(document);
        faults.Select(f => f.Code).ShouldContain(code);
        faults.ShouldAllBe(f => f.At != null && f.At.StartsWith("line ", StringComparison.Ordinal) && f.Message.Length > 10);
    }

    public static TheoryData<string, string, string> BadDespatches => new()
    {
        { "document-version", "despatch_advice:3</cbc:CustomizationID>", "despatch_advice:4</cbc:CustomizationID>" },
        { "peppol-t16-r003", "<cac:SellersItemIdentification><cbc:ID>LINER-40</cbc:ID></cac:SellersItemIdentification>", "" },
        { "peppol-t16-r006", ">1.5<", ">-1.5<" },
        { "quantity-out-of-range", ">1.5<", ">0<" },
        { "quantity-out-of-range", ">1.5<", ">1000000000000000000<" },
        { "unit-differs", "OutstandingQuantity unitCode=\"XCT\"", "OutstandingQuantity unitCode=\"EA\"" },
        { "orders-several", "<cac:OrderLineReference><cbc:LineID>3</cbc:LineID>",
            "<cac:OrderLineReference><cbc:LineID>3</cbc:LineID><cac:OrderReference><cbc:ID>JO-1</cbc:ID></cac:OrderReference>" },
        { "order-number-missing", "<cac:OrderReference><cbc:ID>JO-2026-014:V-whitewater</cbc:ID></cac:OrderReference>", "" },
        { "site-missing", "<cac:PartyIdentification><cbc:ID>M-003-DO</cbc:ID></cac:PartyIdentification>", "" },
        { "site-invalid", "<cbc:ID>M-003-DO</cbc:ID>", "<cbc:ID>M 003</cbc:ID>" },
        { "item-invalid", "<cbc:ID>LINER-40</cbc:ID>", "<cbc:ID>LINER 40/2</cbc:ID>" },
        { "date-invalid", "<cbc:ActualDespatchDate>2026-08-28", "<cbc:ActualDespatchDate>2026-02-30" },
    };

    [Theory]
    [MemberData(nameof(BadDespatches))]
    public void a_bad_despatch_advice_is_refused_as_a_whole(string code, string passage, string instead) =>
        Faults(With(Despatch, passage, instead)).Select(f => f.Code).ShouldContain(code);

    public static TheoryData<string, string, string> BadInvoices => new()
    {
        { "document-version", "billing:3.0", "billing:2.0" },
        { "document-version", "<cbc:UBLVersionID>2.1", "<cbc:UBLVersionID>2.0" },
        { "peppol-en16931-r051", "<cbc:PayableAmount currencyID=\"USD\"", "<cbc:PayableAmount currencyID=\"EUR\"" },
        { "peppol-en16931-r007", "poacc:billing:01:1.0", "poacc:billing:01" },
        { "peppol-en16931-r003", "<cac:OrderReference><cbc:ID>JO-2026-014:V-whitewater</cbc:ID></cac:OrderReference>", "" },
        { "order-number-missing", "<cac:OrderReference><cbc:ID>JO-2026-014:V-whitewater</cbc:ID></cac:OrderReference>",
            "<cbc:BuyerReference>someone</cbc:BuyerReference>" },
        { "peppol-en16931-r121", ">100</cbc:BaseQuantity>", ">0</cbc:BaseQuantity>" },
        { "peppol-en16931-r130", "<cbc:BaseQuantity unitCode=\"XCT\"", "<cbc:BaseQuantity unitCode=\"EA\"" },
        { "br-02", "<cbc:ID>INV-100</cbc:ID>", "" },
        { "br-15", "<cbc:PayableAmount currencyID=\"USD\">480.35</cbc:PayableAmount>", "" },
        { "br-22", "<cbc:InvoicedQuantity unitCode=\"EA\">1</cbc:InvoicedQuantity>", "" },
        { "br-23", "<cbc:InvoicedQuantity unitCode=\"EA\">1", "<cbc:InvoicedQuantity>1" },
        { "br-25", "<cbc:Name>Catalogue</cbc:Name>", "<cbc:Description>x</cbc:Description>" },
        { "br-27", "<cbc:PriceAmount currencyID=\"USD\">0<", "<cbc:PriceAmount currencyID=\"USD\">-1<" },
        { "invoice-type-unknown", "<cbc:InvoiceTypeCode>380", "<cbc:InvoiceTypeCode>384" },
        { "amount-precision", ">480.35<", ">480.355<" },
        { "amount-out-of-range", ">480.35<", ">10000000000.01<" },
        { "amount-out-of-range", ">480.35<", ">1000000000000000000<" },
        { "price-precision", ">100</cbc:BaseQuantity>", ">3</cbc:BaseQuantity>" },
        { "price-out-of-range", ">3785.00<", ">1000000000<" },
        { "quantity-out-of-range", "<cbc:InvoicedQuantity unitCode=\"EA\">1<", "<cbc:InvoicedQuantity unitCode=\"EA\">-1<" },
        { "unit-unknown", "<cbc:InvoicedQuantity unitCode=\"EA\">1<", "<cbc:InvoicedQuantity unitCode=\"LT\">1<" },
        { "bill-to-invalid", "<cbc:ID>M-001</cbc:ID>", "<cbc:ID>Member 1</cbc:ID>" },
        { "invoice-number-invalid", "<cbc:ID>INV-100</cbc:ID>", "<cbc:ID>123456789012345678901234567890123456789012345678901</cbc:ID>" },
    };

    [Theory]
    [MemberData(nameof(BadInvoices))]
    public void a_bad_invoice_is_refused_as_a_whole(string code, string passage, string instead) =>
        Faults(With(Invoice, passage, instead)).Select(f => f.Code).ShouldContain(code);

    [Fact]
    public void entities_are_never_expanded_and_nothing_is_fetched()
    {
        var bomb = "<!DOCTYPE Invoice [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;\">]>" + With(Invoice,
            "Catalogue", "&c;");
        Faults(bomb).ShouldHaveSingleItem().Code.ShouldBe("document-dtd");
        Faults(With(Invoice, "Catalogue", "&c;")).ShouldHaveSingleItem().Code.ShouldBe("document-malformed");
    }

    [Fact]
    public void a_document_too_large_or_too_deep_is_refused_before_it_costs_anything()
    {
        Read(new byte[(10 * 1024 * 1024) + 1]).ShouldBeOfType<DocumentReading.Refused>().Faults[0].Code.ShouldBe("document-too-large");
        Faults(string.Concat(Enumerable.Repeat("<x>", 1000))).ShouldHaveSingleItem().Code.ShouldBe("document-too-deep");
    }

    [Fact]
    public void no_more_than_a_hundred_faults_are_named()
    {
        var line = Response[Response.IndexOf("<cac:OrderLine>", StringComparison.Ordinal)..Response.IndexOf("</OrderResponse>",
            StringComparison.Ordinal)];
        Faults(With(Response, "</OrderResponse>", string.Concat(Enumerable.Repeat(line, 200)) + "</OrderResponse>")).Count.ShouldBe(100);
    }

    [Theory]
    [InlineData("CT", "XCT")]
    [InlineData("cs", "XCS")]
    [InlineData("GA", "GLL")]
    [InlineData("Each", "EA")]
    [InlineData("XST", "ST")]
    public void units_that_vendors_use_are_understood(string written, string unit) =>
        Only<VendorDocument.Invoice>(Read(With(Invoice, "unitCode=\"EA\"", $"unitCode=\"{written}\"")))
            .Document.Lines[1].Unit.ShouldBe(unit);
}
