using System.Text;
using FsCheck.Fluent;
using Shouldly;
using SSC.Purchasing.Exchange.Cxml;
using SSC.Purchasing.Exchange.Documents;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Invoicing;
using SSC.Purchasing.Procurement.PurchaseOrders;
using SSC.Purchasing.Procurement.Receiving;
using Xunit;
using static SSC.Purchasing.Tests.Exchange.Cxml.CxmlSamples;
using static SSC.Purchasing.Tests.Exchange.Ubl.UblOrderTests;
using static SSC.Purchasing.Tests.Exchange.Ubl.UblSamples;
using Invoice = SSC.Purchasing.Exchange.Documents.VendorDocument.Invoice;

namespace SSC.Purchasing.Tests.Exchange.Cxml;

public class CxmlReaderTests
{
    private static readonly CxmlVendorWriter Vendor =
        new(VendorSamples.Order, new(new("DUNS", "081234567"), new("DUNS", "080123456")));

    [Fact]
    public void a_confirmation_is_read_as_the_vendors_answer()
    {
        var response = Only<VendorDocument.Response>(CxmlSamples.Read(Confirmation));
        response.Answer.ShouldBe(new VendorResponse(
            "C-77", CxmlSamples.Sender, ResponseCode.CA,
            [
                new(1, LineAnswerCode.Propose, Quantity.Of(6), DeliverOn: new(2026, 9, 4)),
                new(3, LineAnswerCode.Propose, Quantity.FromDecimal(1.5m), UnitPrice.FromDollars(1200m), Substitute: new("LINER-40")),
            ],
            "Second truck on Friday")
        {
            Revision = 2,
        });
        response.AcceptsTheRest.ShouldBeTrue();
        AnswersByDrop.Against(response, VendorSamples.Order).Answer!.Lines.ShouldBe(
            [
                new(1, LineAnswerCode.Propose, Quantity.Of(26), DeliverOn: new(2026, 9, 4)),
                new(3, LineAnswerCode.Propose, null, UnitPrice.FromDollars(1200m), Substitute: new("LINER-40")),
            ]);
    }

    [Theory]
    [InlineData("accept", ResponseCode.AP)]
    [InlineData("reject", ResponseCode.RE)]
    public void an_answer_to_the_whole_order_has_no_lines(string type, ResponseCode code) =>
        Only<VendorDocument.Response>(CxmlSamples.Read(With(Confirmation, "type=\"except\"", $"type=\"{type}\"")))
            .ShouldSatisfyAllConditions(
            r => r.Answer.Code.ShouldBe(code), r => r.Answer.Lines.ShouldBeEmpty(), r => r.Details.ShouldBeEmpty());

    [Fact]
    public void a_ship_notice_is_read_as_a_despatch_note() =>
        Only<VendorDocument.Despatch>(CxmlSamples.Read(ShipNotice)).Note.ShouldBe(new DespatchNote(
            "S-9", "JO-2026-014:V-whitewater", CxmlSamples.Sender, new("M-001-HS"), new(2026, 8, 28),
            [new(1, new("PAPER-20LB"), Quantity.Of(10), "XCT") { Lot = "L-5" }])
        {
            ExpectedOn = new(2026, 8, 29), Carrier = "River Freight", Tracking = "RF-1122",
        });

    [Fact]
    public void an_invoice_is_read_with_everything_it_asks_for()
    {
        var invoice = Only<Invoice>(CxmlSamples.Read(CxmlSamples.Invoice)).Document;
        invoice.ShouldBe(new InvoiceDocument(
            "INV-100", InvoiceKind.Invoice, CxmlSamples.Sender, "JO-2026-014:V-whitewater", new(2026, 9, 2),
            [
                new("1", 1, new("M-001-HS"), new("PAPER-20LB"), "Copy paper", Quantity.Of(15), "XCT", UnitPrice.FromDollars(37.85m),
                    Money.FromDollars(567.75m)),
            ],
            [
                new(ChargeKind.Tax, "Tax", Money.FromDollars(3.1m)), new(ChargeKind.Freight, "Freight", Money.FromDollars(12m)),
                new(ChargeKind.Discount, "Discount", Money.FromDollars(-2.5m)), new(ChargeKind.Other, "Prepaid", Money.FromDollars(-100m)),
            ],
            Money.FromDollars(480.35m))
        {
            BillTo = new("M-001"), DueOn = new(2026, 10, 7),
        });
        invoice.Sum().ShouldBe(invoice.Total);
    }

    [Fact]
    public void responses_are_read_as_meant() => Holds(VendorSamples.Responses.Where(r => r.Answer.Code != ResponseCode.AB), r =>
    {
        var read = Only<VendorDocument.Response>(CxmlSamples.Read(Vendor.Confirmation(r, 1, "SSC", SampleOrders.Issued)));
        var meant = AnswersByDrop.Against(r, VendorSamples.Order).Answer! with { Revision = 1 };
        return AnswersByDrop.Against(read, VendorSamples.Order).Answer == meant;
    });

    [Fact]
    public void ship_notices_are_read_as_meant() => Holds(VendorSamples.Despatches, d =>
        Only<VendorDocument.Despatch>(CxmlSamples.Read(Vendor.ShipNotice(d, SampleOrders.Issued))).Note == d);

    [Fact]
    public void invoices_and_credit_memos_are_read_as_meant() => Holds(VendorSamples.Invoices, i =>
    {
        var read = Only<Invoice>(CxmlSamples.Read(Vendor.Invoice(i, SampleOrders.Issued))).Document;
        return read with { Charges = i.Charges } == i && Sorted(read.Charges).SequenceEqual(Sorted(i.Charges));
    });

    public static TheoryData<string, string, string> BadConfirmations => new()
    {
        { "document-dtd", "Fulfill.dtd\">", "Fulfill.dtd\" [<!ENTITY x \"y\">]>" },
        { "document-dtd", "http://xml.cXML.org/schemas", "http://127.0.0.1/schemas" },
        { "document-dtd", "SYSTEM \"http://xml.cXML.org/schemas/cXML/1.2.014/Fulfill.dtd\"", "SYSTEM \"file:///etc/passwd\"" },
        { "document-malformed", "Second truck", "&x;" },
        { "document-version", " version=\"1.2.014\" xml:lang", " version=\"1.1.009\" xml:lang" },
        { "document-unknown", "<ConfirmationRequest>", "<ProfileRequest/><ConfirmationRequest>" },
        { "document-id-missing", "confirmID=\"C-77\"", "" },
        { "order-number-missing", "orderID=\"JO-2026-014:V-whitewater\"", "" },
        { "operation-unsupported", "type=\"except\"", "type=\"except\" operation=\"update\"" },
        { "confirmation-type-unknown", "type=\"except\"", "type=\"replace\"" },
        { "confirmation-status-unknown", "quantity=\"4\" type=\"reject\"", "quantity=\"4\" type=\"maybe\"" },
        { "order-line-invalid", "lineNumber=\"100001\"", "lineNumber=\"-1\"" },
        { "order-line-invalid", "lineNumber=\"100001\"", "lineNumber=\"one\"" },
        { "order-line-missing", "lineNumber=\"100001\"", "" },
        { "quantity-out-of-range", "quantity=\"6\"", "quantity=\"-6\"" },
        { "quantity-out-of-range", "quantity=\"6\"", "quantity=\"1000000000000000000\"" },
        { "quantities-differ", "quantity=\"6\"", "quantity=\"5\"" },
        { "unit-unknown", "<UnitOfMeasure>CT<", "<UnitOfMeasure>ST<" },
        { "currency-unknown", "currency=\"USD\"", "currency=\"CAD\"" },
        { "price-precision", ">1200.00<", ">1200.0000001<" },
        { "item-invalid", ">LINER-40<", ">LINER 40<" },
        { "date-invalid", "2026-09-04", "09/04/2026" },
    };

    [Theory]
    [MemberData(nameof(BadConfirmations))]
    public void a_bad_confirmation_is_refused_as_a_whole_and_answered(string code, string passage, string instead)
    {
        if (code == "unit-unknown") instead = "<UnitOfMeasure>GR<";
        var refused = CxmlSamples.Read(With(Confirmation, passage, instead)).ShouldBeOfType<DocumentReading.Refused>();
        refused.Faults.Select(f => f.Code).ShouldContain(code);
        refused.Faults.ShouldAllBe(f => f.At != null);
        var (status, _) = CxmlResponse.Read(refused.Acknowledgement!);
        status!.Code.ShouldBe(code switch { "document-unknown" => 450, _ when code.StartsWith("document-", StringComparison.Ordinal) =>
            406, _ => 400 });
        status.Message.ShouldContain(code);
    }

    public static TheoryData<string, string, string> BadShipNotices => new()
    {
        { "site-missing", "role=\"shipTo\"", "role=\"shipFrom\"" },
        { "site-invalid", "addressID=\"M-001-HS\"", "addressID=\"High school\"" },
        { "item-missing", "<ItemID><SupplierPartID>PAPER-20LB</SupplierPartID></ItemID>", "" },
        { "quantity-missing", "quantity=\"10\"", "" },
        { "unit-missing", "<UnitOfMeasure>XCT</UnitOfMeasure>", "" },
        { "operation-unsupported", "operation=\"new\"", "operation=\"delete\"" },
        { "document-id-missing", "shipmentID=\"S-9\"", "" },
    };

    [Theory]
    [MemberData(nameof(BadShipNotices))]
    public void a_bad_ship_notice_is_refused_as_a_whole(string code, string passage, string instead) =>
        CxmlSamples.Faults(With(ShipNotice, passage, instead)).Select(f => f.Code).ShouldContain(code);

    [Fact]
    public void a_shipment_of_everything_by_saying_nothing_is_refused()
    {
        var from = ShipNotice.IndexOf("<ShipNoticeItem", StringComparison.Ordinal);
        var to = ShipNotice.IndexOf("</ShipNoticePortion>", StringComparison.Ordinal);
        CxmlSamples.Faults(string.Concat(ShipNotice.AsSpan(0, from), ShipNotice.AsSpan(to))).Select(f => f.Code)
            .ShouldBe(["despatch-lines-missing"]);
    }

    public static TheoryData<string, string, string> BadInvoices => new()
    {
        { "invoice-type-unknown", "purpose=\"standard\"", "purpose=\"debitMemo\"" },
        { "invoice-type-unknown", "purpose=\"standard\"", "isInformationOnly=\"yes\"" },
        { "invoice-number-missing", "invoiceID=\"INV-100\"", "" },
        { "date-missing", "invoiceDate=\"2026-09-02T09:00:00-05:00\"", "" },
        { "total-missing", "<InvoiceDetailSummary>", "<InvoiceDetailSummary/><Other>" },
        { "amount-precision", ">480.35<", ">480.355<" },
        { "amount-out-of-range", ">480.35<", ">1e400<" },
        { "quantity-out-of-range", "quantity=\"15\"", "quantity=\"-15\"" },
        { "currency-unknown", "<DueAmount><Money currency=\"USD\"", "<DueAmount><Money currency=\"EUR\"" },
        { "orders-several", "</InvoiceDetailOrder>",
            "</InvoiceDetailOrder><InvoiceDetailOrder><InvoiceDetailOrderInfo><OrderIDInfo orderID=\"JO-2\"/>"
                + "</InvoiceDetailOrderInfo></InvoiceDetailOrder>" },
        { "price-missing", "<UnitPrice><Money currency=\"USD\">37.85</Money></UnitPrice>", "" },
        { "bill-to-invalid", "addressID=\"M-001\"", "addressID=\"Member one\"" },
    };

    [Theory]
    [MemberData(nameof(BadInvoices))]
    public void a_bad_invoice_is_refused_as_a_whole(string code, string passage, string instead)
    {
        var document = With(CxmlSamples.Invoice, passage, instead == ">1e400<" ? ">" + new string('9', 50) + "<" : instead);
        if (code == "total-missing") document = With(document, "</InvoiceDetailSummary>", "</Other>");
        CxmlSamples.Faults(document).Select(f => f.Code).ShouldContain(code);
    }

    [Fact]
    public void what_is_read_is_answered_with_200_and_the_same_bytes_always_with_the_same_answer()
    {
        var first = CxmlSamples.Read(ShipNotice).ShouldBeOfType<DocumentReading.Read>().Acknowledgement!;
        var (status, fault) = CxmlResponse.Read(first);
        fault.ShouldBeNull();
        (status!.Code, status.IsSuccess).ShouldBe((200, true));
        CxmlSamples.Read(ShipNotice).ShouldBeOfType<DocumentReading.Read>().Acknowledgement.ShouldBe(first);
        Encoding.UTF8.GetString(first).ShouldContain("timestamp=\"2026-08-28T09:00:00-05:00\"");
    }

    [Fact]
    public void a_document_that_is_no_xml_is_answered_too()
    {
        var refused = CxmlSamples.Read("hello").ShouldBeOfType<DocumentReading.Refused>();
        CxmlResponse.Read(refused.Acknowledgement!).Status!.Code.ShouldBe(406);
    }

    private static IEnumerable<(ChargeKind, Money)> Sorted(StructuralList<InvoiceCharge> charges) =>
        charges.Select(c => (c.Kind, c.Amount)).OrderBy(c => c);
}
