using Shouldly;
using SSC.Purchasing.Exchange.Documents;
using SSC.Purchasing.Exchange.X12;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Invoicing;
using SSC.Purchasing.Procurement.PurchaseOrders;
using SSC.Purchasing.Procurement.Receiving;
using Xunit;
using static SSC.Purchasing.Tests.Exchange.ExchangeOrders;

namespace SSC.Purchasing.Tests.Exchange.X12;

public class X12ReaderTests
{
    private static readonly DateOnly April2 = new(2026, 4, 2);

    [Fact]
    public void an_855_answers_line_by_line()
    {
        var response = Only<VendorDocument.Response>(Edi.Of("PR", ("855", Edi.Acceptance)));
        response.OrderNumber.ShouldBe("PO-JO-2026-014-1");
        response.Answer.ShouldBe(new("855-905-1-0001", Whitewater, ResponseCode.CA,
        [
            new(1, LineAnswerCode.Accept),
            new(2, LineAnswerCode.Propose, Quantity.Of(2), DeliverOn: April2, Note: "One is discontinued"),
        ]) { Revision = 1 });
    }

    [Theory]
    [InlineData("AK", ResponseCode.AP)]
    [InlineData("AT", ResponseCode.AP)]
    [InlineData("AD", ResponseCode.AP)]
    [InlineData("AH", ResponseCode.AB)]
    [InlineData("RJ", ResponseCode.RE)]
    [InlineData("RD", ResponseCode.RE)]
    public void an_855_without_lines_answers_as_a_whole(string type, ResponseCode code) =>
        Only<VendorDocument.Response>(Edi.Of("PR", ("855", $"BAK*00*{type}*PO-1*20260306"))).Answer.Code.ShouldBe(code);

    public static TheoryData<string, LineAnswer> LineAnswers => new()
    {
        { "ACK*IA", new(1, LineAnswerCode.Accept) },
        { "ACK*IR", new(1, LineAnswerCode.Reject) },
        { "ACK*ID", new(1, LineAnswerCode.Reject) },
        { "ACK*IQ*60*CT", new(1, LineAnswerCode.Propose, Quantity.Of(60)) },
        { "ACK*IP\nCTP**CON*41.123456", new(1, LineAnswerCode.Propose, Price: UnitPrice.FromDollars(41.123456m)) },
        { "ACK*IP", new(1, LineAnswerCode.Propose, Price: UnitPrice.FromDollars(40m)) },
        { "ACK*DR*100*CT*067*20260402", new(1, LineAnswerCode.Propose, DeliverOn: April2) },
        { "ACK*DR\nDTM*002*20260402", new(1, LineAnswerCode.Propose, DeliverOn: April2) },
        {
            "ACK*IS*100*CT****VN*PAPER-2\nCTP**CON*39",
            new(1, LineAnswerCode.Propose, Price: UnitPrice.FromDollars(39m), Substitute: new("PAPER-2"))
        },
        { "ACK*IA*70*CT\nACK*IR*30*CT", new(1, LineAnswerCode.Propose, Quantity.Of(70)) },
    };

    [Theory]
    [MemberData(nameof(LineAnswers))]
    public void a_line_status_says_what_the_vendor_means(string acks, LineAnswer answer) =>
        Only<VendorDocument.Response>(Edi.Of("PR", ("855", $"BAK*00*AC*PO-1*20260306\nPO1*1*100*CT*40**VN*PAPER\n{acks}\nCTT*1")))
            .Answer.Lines.ShouldHaveSingleItem().ShouldBe(answer);

    [Fact]
    public void a_line_on_hold_is_no_answer_yet() =>
        Only<VendorDocument.Response>(Edi.Of("PR", ("855", "BAK*00*AC*PO-1*20260306\nPO1*1*100*CT*40**VN*PAPER\nACK*IH")))
            .Answer.Code.ShouldBe(ResponseCode.AB);

    [Fact]
    public void an_856_is_a_note_for_each_site()
    {
        var notes = Documents(Edi.Of("SH", ("856", Edi.Notice))).Cast<VendorDocument.Despatch>().Select(d => d.Note).ToList();
        notes.ShouldBe(
        [
            new DespatchNote("SH-501/1", "PO-JO-2026-014-1", Whitewater, new("M-001-HS"), new(2026, 3, 17),
                [new(1, new("PAPER-20LB"), Quantity.Of(100), "XCT") { BackOrdered = Quantity.Of(20), Lot = "LOT-7" }])
            {
                ExpectedOn = new(2026, 3, 20), Carrier = "ABF Freight", Tracking = "PRO-99-1",
            },
            new DespatchNote("SH-501/2", "PO-JO-2026-014-1", Whitewater, new("M-002-DO"), new(2026, 3, 17),
                [new(1, new("PAPER-20LB"), Quantity.Of(40), "XCT")])
            {
                ExpectedOn = new(2026, 3, 20), Carrier = "ABF Freight", Tracking = "PRO-99-1",
            },
        ]);
    }

    [Fact]
    public void an_810_is_an_invoice_whose_lines_and_charges_add_up_as_the_vendor_says()
    {
        var invoice = Only<VendorDocument.Invoice>(Edi.Of("IN", ("810", Edi.Bill))).Document;
        (invoice.Number, invoice.Kind, invoice.OrderNumber, invoice.IssuedOn, invoice.BillTo, invoice.DueOn)
            .ShouldBe((
                "INV-9001", InvoiceKind.Invoice, "PO-JO-2026-014-1", new DateOnly(2026, 3, 21), new MemberNo("M-001"),
                new DateOnly(2026, 4, 25)));
        invoice.Lines.Select(l => (l.Id, l.OrderLine, l.Site?.Value, l.Quantity.Units, l.Unit, l.Amount.Dollars)).ShouldBe(
        [
            ("1.1", 1, "M-001-HS", 120m, "XCT", 4770m), ("1.2", 1, "M-001-WH", 80m, "XCT", 3180m),
            ("2.1", 2, "M-001-HS", 1m, "EA", 118.5m), ("2.2", 2, "M-001-WH", 2m, "EA", 237m),
        ]);
        invoice.Lines[0].Description.ShouldBe("Copy paper");
        invoice.Charges.ShouldBe([new(ChargeKind.Freight, "Freight", new(18_500)), new(ChargeKind.Discount, "Discount", new(-100))]);
        invoice.Total.ShouldBe(new(849_400));
        invoice.Sum().Dollars.ShouldBe(4770m + 3180m + 118.5m + 237m + 185m - 1m);
    }

    [Fact]
    public void a_credit_memo_names_the_invoice_it_credits()
    {
        var credit = Only<VendorDocument.Invoice>(Edi.Of("IN", ("810",
            "BIG*20260401*CM-12*20260306*PO-1***CR***INV-9001\nIT1*7*2*CT*39.75**VN*PAPER-20LB*PL*1\nTDS*7950"))).Document;
        (credit.Kind, credit.Credits, credit.Lines[0].Id, credit.Lines[0].OrderLine).ShouldBe((InvoiceKind.CreditNote, "INV-9001", "7", 1));
    }

    [Fact]
    public void other_separators_and_line_ends_are_taken_from_the_header()
    {
        var text = System.Text.Encoding.UTF8.GetString(Edi.Of("PR", ("855", Edi.Acceptance)))
            .Replace('*', '|').Replace("~", "'\r\n", StringComparison.Ordinal);
        Only<VendorDocument.Response>(Edi.Bytes(text)).Answer.Lines.Count.ShouldBe(2);
    }

    [Fact]
    public void a_vendors_own_acknowledgements_are_no_documents_and_get_no_answer()
    {
        var refused = Read(Edi.Of("FA", ("997", "AK1*PO*4711\nAK9*A*1*1*1"))).ShouldBeOfType<DocumentReading.Refused>();
        refused.Faults.Single().Code.ShouldBe("acknowledgement-only");
        refused.Acknowledgement.ShouldBeNull();
    }

    private static DocumentReading Read(byte[] interchange) => new X12Reader().Read(interchange, Whitewater);

    private static IReadOnlyList<VendorDocument> Documents(byte[] interchange) => Read(interchange) switch
    {
        DocumentReading.Read read => read.Documents,
        DocumentReading.Refused refused => throw new InvalidOperationException(string.Join("\n", refused.Faults)),
        _ => [],
    };

    private static T Only<T>(byte[] interchange)
        where T : VendorDocument => Documents(interchange).ShouldHaveSingleItem().ShouldBeOfType<T>();
}
