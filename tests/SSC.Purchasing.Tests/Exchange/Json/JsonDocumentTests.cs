using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using SSC.Purchasing.Exchange.Documents;
using SSC.Purchasing.Exchange.Json;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Invoicing;
using SSC.Purchasing.Procurement.PurchaseOrders;
using SSC.Purchasing.Procurement.Receiving;
using Xunit;
using static SSC.Purchasing.Tests.Exchange.ExchangeOrders;

namespace SSC.Purchasing.Tests.Exchange.Json;

public class JsonDocumentTests
{
    private const string Response =
        """
        {"format": "ssc-order-response/1", "documentId": "OR-1", "order": "PO-1", "code": "CA", "revision": 2, "note": "Thanks",
         "lines": [{"line": 1, "answer": "accept"},
                   {"line": 2, "answer": "propose", "quantity": 12.5, "price": "41.90", "deliverOn": "2026-04-02", "substitute": "P-2"}]}
        """;

    private const string Despatch =
        """
        {"format": "ssc-despatch/1", "documentId": "SH-1", "order": "PO-1", "site": "M-001-HS", "despatchedOn": "2026-03-18",
         "expectedOn": "2026-03-20", "carrier": "ABF", "tracking": "9-1",
         "lines": [{"line": 1, "item": "P-1", "quantity": 40, "unit": "XCT", "backOrdered": 2, "lot": "L7"}]}
        """;

    private const string Invoice =
        """
        {"format": "ssc-invoice/1", "number": "I-1", "order": "PO-1", "issuedOn": "2026-03-21", "dueOn": "2026-04-25", "billTo": "M-001",
         "lines": [{"id": "a", "line": 1, "site": "M-001-HS", "item": "P-1", "description": "Paper", "quantity": 40, "unit": "XCT",
                    "price": 39.75, "amount": 1590}],
         "charges": [{"kind": "freight", "reason": "Truck", "amount": "18.50"}, {"kind": "discount", "amount": -1.00}], "total": "1607.50"}
        """;

    [Fact]
    public void an_order_is_its_recorded_bytes()
    {
        var bytes = new JsonOrderWriter().Write(Sample);
        Convert.ToHexStringLower(SHA256.HashData(bytes)).ShouldBe(PurchaseOrderContent.Hash(Sample.Order, 1));
    }

    [Fact]
    public void with_parties_it_is_the_recorded_content_and_everyone_it_names() =>
        Check.One(Config.QuickThrowOnFailure, Prop.ForAll(Any.ToArbitrary(), order =>
        {
            var json = JsonNode.Parse(new JsonPartiesOrderWriter().Write(order))!;
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Raw(new JsonPartiesOrderWriter().Write(order), "order"))))
                .ShouldBe(json["contentHash"]!.GetValue<string>());
            foreach (var drop in order.Order.Lines.SelectMany(l => l.Drops))
            {
                json["parties"]!["members"]![drop.Member.Value]!["sites"]![drop.Site.Value]!["name"]!.GetValue<string>()
                    .ShouldBe(order.Parties.Site(drop.Member, drop.Site).Name);
            }
        }));

    [Fact]
    public void a_response_a_despatch_and_an_invoice_are_read()
    {
        Only<VendorDocument.Response>(Response).ShouldBe(new VendorDocument.Response("PO-1", new("OR-1", Whitewater, ResponseCode.CA,
        [
            new(1, LineAnswerCode.Accept),
            new(2, LineAnswerCode.Propose, new(12_500), UnitPrice.FromDollars(41.9m), new(2026, 4, 2), new("P-2")),
        ], "Thanks") { Revision = 2 }));
        Only<VendorDocument.Despatch>(Despatch).Note.ShouldBe(new(
            "SH-1", "PO-1", Whitewater, new("M-001-HS"), new(2026, 3, 18),
            [new(1, new("P-1"), Quantity.Of(40), "XCT") { BackOrdered = Quantity.Of(2), Lot = "L7" }])
        {
            ExpectedOn = new(2026, 3, 20), Carrier = "ABF", Tracking = "9-1",
        });
        var invoice = Only<VendorDocument.Invoice>(Invoice).Document;
        invoice.ShouldBe(new InvoiceDocument(
            "I-1", InvoiceKind.Invoice, Whitewater, "PO-1", new(2026, 3, 21),
            [
                new("a", 1, new SiteId("M-001-HS"), new ItemNo("P-1"), "Paper", Quantity.Of(40), "XCT", UnitPrice.FromDollars(39.75m),
                    new(159_000)),
            ],
            [new(ChargeKind.Freight, "Truck", new(1_850)), new(ChargeKind.Discount, "Discount", new(-100))], new(160_750))
        {
            BillTo = new("M-001"), DueOn = new(2026, 4, 25),
        });
        invoice.Sum().ShouldBe(invoice.Total);
    }

    [Theory]
    [InlineData("", "document-malformed", "line 1, byte 1")]
    [InlineData("[1]", "document-malformed", "$")]
    [InlineData("{\"format\": \"ssc-invoice/1\",\n oops}", "document-malformed", "line 2, byte 2")]
    [InlineData("{\"format\": \"ssc-invoice/1\", \"format\": \"ssc-invoice/1\"}", "document-malformed", null)]
    [InlineData("{\"format\": \"ssc-invoice/9\"}", "document-version", "$.format")]
    [InlineData("{}", "member-missing", "$.format")]
    public void what_is_no_document_is_refused(string text, string code, string? at) =>
        Refused(Encoding.UTF8.GetBytes(text)).Select(f => (f.Code, f.At)).ShouldContain((code, at));

    [Theory]
    [InlineData(Response, "\"quantity\": 12.5", "\"quantity\": -12.5", "quantity-out-of-range", "$.lines[1].quantity")]
    [InlineData(Response, "\"quantity\": 12.5", "\"quantity\": 1000000000000000000", "quantity-out-of-range", "$.lines[1].quantity")]
    [InlineData(Response, "\"quantity\": 12.5", "\"quantity\": 1e3", "number-invalid", "$.lines[1].quantity")]
    [InlineData(Response, "\"quantity\": 12.5", "\"quantity\": 1.0005", "quantity-too-fine", "$.lines[1].quantity")]
    [InlineData(Response, "\"quantity\": 12.5", "\"quantty\": 12.5", "member-unknown", "$.lines[1].quantty")]
    [InlineData(Response, "\"line\": 2", "\"line\": 1", "line-repeated", "$.lines")]
    [InlineData(Response, "\"propose\"", "\"accept\"", "answer-contradictory", "$.lines[1].answer")]
    [InlineData(Response, "\"CA\"", "\"AP\"", "response-lines-unexpected", "$.lines")]
    [InlineData(Response, "\"CA\"", "\"XX\"", "code-unknown", "$.code")]
    [InlineData(Response, "\"2026-04-02\"", "\"04/02/2026\"", "date-invalid", "$.lines[1].deliverOn")]
    [InlineData(Response, "\"Thanks\"", "\"a\\u0000b\"", "text-invalid", "$.note")]
    [InlineData(Response, "\"P-2\"", "\"P 2\"", "id-malformed", "$.lines[1].substitute")]
    [InlineData(Despatch, "\"XCT\"", "\"FLOCK\"", "unit-unknown", "$.lines[0].unit")]
    [InlineData(Despatch, "\"site\": \"M-001-HS\", ", "", "member-missing", "$.site")]
    [InlineData(Despatch, "\"line\": 1,", "\"line\": 0,", "number-invalid", "$.lines[0].line")]
    [InlineData(Invoice, "39.75", "-39.75", "price-negative", "$.lines[0].price")]
    [InlineData(Invoice, "1590", "1590.005", "amount-too-fine", "$.lines[0].amount")]
    [InlineData(Invoice, "-1.00", "1.00", "amount-positive", "$.charges[1].amount")]
    [InlineData(Invoice, "\"1607.50\"", "\"-1607.50\"", "amount-negative", "$.total")]
    [InlineData(Invoice, "\"freight\"", "\"ransom\"", "code-unknown", "$.charges[0].kind")]
    public void a_member_at_fault_is_named_by_its_path(string document, string from, string to, string code, string at) =>
        Refused(Encoding.UTF8.GetBytes(document.Replace(from, to, StringComparison.Ordinal)))
            .Select(f => (f.Code, f.At)).ShouldContain((code, at));

    [Fact]
    public void another_encoding_and_too_much_are_refused()
    {
        Refused(Encoding.Latin1.GetBytes(Response.Replace("Thanks", "Größe", StringComparison.Ordinal)))
            .Single().Code.ShouldBe("document-encoding");
        new JsonDocumentReader(10).Read(Encoding.UTF8.GetBytes(Response), Whitewater).ShouldBeOfType<DocumentReading.Refused>()
            .Faults.Single().Code.ShouldBe("document-too-large");
        Refused(Encoding.UTF8.GetBytes(new string('[', 10_000))).Single().Code.ShouldBe("document-malformed");
        Refused(Encoding.UTF8.GetBytes(Response.Replace("Thanks", "\\ud800", StringComparison.Ordinal)))
            .Single().Code.ShouldBe("document-malformed");
    }

    [Fact]
    public void whatever_happens_to_a_document_it_is_read_or_refused_and_never_throws() => Mutations.Hold(
        [Encoding.UTF8.GetBytes(Response), Encoding.UTF8.GetBytes(Despatch), Encoding.UTF8.GetBytes(Invoice)],
        bytes => new JsonDocumentReader().Read(bytes, Whitewater) switch
        {
            DocumentReading.Read r => r.Documents.Count == 1,
            DocumentReading.Refused r => r.Faults.Count is > 0 and <= 100,
            _ => false,
        });

    private static string Raw(byte[] document, string member)
    {
        using var json = JsonDocument.Parse(document);
        return json.RootElement.GetProperty(member).GetRawText();
    }

    private static T Only<T>(string document)
        where T : VendorDocument => new JsonDocumentReader().Read(Encoding.UTF8.GetBytes(document), Whitewater)
            .ShouldBeOfType<DocumentReading.Read>().Documents.ShouldHaveSingleItem().ShouldBeOfType<T>();

    private static IReadOnlyList<DocumentFault> Refused(byte[] document) =>
        new JsonDocumentReader().Read(document, Whitewater).ShouldBeOfType<DocumentReading.Refused>().Faults;
}
