using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using SSC.Purchasing.Exchange.Csv;
using SSC.Purchasing.Exchange.Documents;
using SSC.Purchasing.Exchange.Tabular;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Invoicing;
using SSC.Purchasing.Procurement.PurchaseOrders;
using Xunit;
using static SSC.Purchasing.Tests.Exchange.ExchangeOrders;

namespace SSC.Purchasing.Tests.Exchange.Csv;

public class TableDocumentTests
{
    private const string Response =
        """
        Confirmation #,PO #,Line,Answer,Qty,Unit Price,Promised Date,Substitute,Notes
        OR-1,PO-1,1,Accept,120,39.75,,,
        OR-1,PO-1,2,Change,80,"$1,041.90",4/2/2026,P-2,back in April
        OR-1,PO-1,3,Reject,,,,,
        """;

    private const string Despatch =
        """
        Shipment #,PO #,Ship Date,ETA,Site,Carrier,Tracking #,Line,Item,Qty Shipped,UOM,Backordered,Lot
        SH-1,PO-1,2026-03-18,2026-03-20,M-001-HS,ABF,9-1,1,P-1,100,carton,20,L7
        SH-2,PO-1,2026-03-18,,M-002-DO,ABF,9-2,1,P-1,40,CTN,,
        """;

    private const string Invoice =
        """
        Invoice #,Invoice Date,PO #,Line,Site,Item,Description,Qty,UOM,Price,Amount,Charge,Kind,Invoice Total
        I-1,3/21/2026,PO-1,1,M-001-HS,P-1,Paper,40,CTN,39.75,"1,590.00",,,1607.50
        I-1,3/21/2026,PO-1,,,,Truck,,,,18.50,Freight,,1607.50
        I-1,3/21/2026,PO-1,,,,,,,,(1.00),Discount,,1607.50
        C-1,3/22/2026,PO-1,1,,P-1,,2,CTN,39.75,79.50,,Credit memo,
        """;

    [Fact]
    public void the_rows_of_any_order_sum_to_it_to_the_cent() =>
        Check.One(Config.QuickThrowOnFailure, Prop.ForAll(Any.ToArbitrary(), order =>
        {
            var csv = Table(new CsvOrderWriter().Write(order));
            var xlsx = Table(new XlsxOrderWriter().Write(order));
            xlsx.Header.Texts.ShouldBe(csv.Header.Texts);
            xlsx.Rows.Count.ShouldBe(csv.Rows.Count);
            new XlsxOrderWriter().Write(order).ShouldBe(new XlsxOrderWriter().Write(order));
            foreach (var table in new[] { csv, xlsx })
            {
                decimal Sum(string column) => table.Rows.Sum(r => decimal.Parse(At(table, r, column), CultureInfo.InvariantCulture));
                Sum("Row Total").ShouldBe(order.Order.Total.Dollars);
                Sum("Freight").ShouldBe(order.Order.Freight.Dollars);
                foreach (var line in order.Order.Lines)
                {
                    var rows = table.Rows.Where(r => At(table, r, "Line") == line.No.ToString(CultureInfo.InvariantCulture)).ToList();
                    rows.Count.ShouldBe(line.Drops.Count);
                    decimal Of(string column) => rows.Sum(r => decimal.Parse(At(table, r, column), CultureInfo.InvariantCulture));
                    Of("Quantity").ShouldBe(line.Quantity.Units);
                    (Of("Amount"), Of("Fees"), Of("Credits")).ShouldBe((line.Amount.Dollars, line.Fees.Dollars, line.Credits.Dollars));
                }
            }

            At(xlsx, xlsx.Rows[0], "Description").ShouldBe(order.Order.Lines[0].Description);
        }));

    [Fact]
    public void a_text_that_would_be_computed_is_text()
    {
        var order = With([Line(1, "A", "=cmd|' /C calc'!A0", "EA", 1m, 1, Drop("M-001", "S-1", 1, "-2+3"))]);
        var table = Table(new CsvOrderWriter().Write(order));
        At(table, table.Rows[0], "Description").ShouldBe("'=cmd|' /C calc'!A0");
        At(table, table.Rows[0], "Member Order Number").ShouldBe("'-2+3");
        Encoding.UTF8.GetString(new CsvOrderWriter().Write(order))[0].ShouldBe('\uFEFF');
    }

    [Fact]
    public void a_response_is_read_line_by_line() =>
        Documents(Response).Single().ShouldBe(new VendorDocument.Response("PO-1", new("OR-1", Whitewater, ResponseCode.CA,
        [
            new(1, LineAnswerCode.Accept),
            new(2, LineAnswerCode.Propose, Quantity.Of(80), UnitPrice.FromDollars(1041.9m), new(2026, 4, 2), new("P-2"), "back in April"),
            new(3, LineAnswerCode.Reject),
        ])));

    [Fact]
    public void a_response_as_a_whole_needs_no_lines() =>
        ((VendorDocument.Response)Documents("Response #,PO,Response Code,Revision\nOR-2,PO-1,accepted,2").Single()).Answer
            .ShouldBe(new("OR-2", Whitewater, ResponseCode.AP, []) { Revision = 2 });

    [Fact]
    public void despatch_notes_are_read_by_their_numbers()
    {
        var notes = Documents(Despatch).Cast<VendorDocument.Despatch>().Select(d => d.Note).ToList();
        notes.Select(n => (n.DocumentId, n.Site.Value, n.Tracking)).ShouldBe([("SH-1", "M-001-HS", "9-1"), ("SH-2", "M-002-DO", "9-2")]);
        notes.Select(n => n.Lines.Single()).Select(l => (l.Quantity.Units, l.Unit, l.BackOrdered?.Units))
            .ShouldBe([(100m, "XCT", 20m), (40m, "XCT", null)]);
    }

    [Fact]
    public void invoices_are_read_with_their_charges()
    {
        var invoices = Documents(Invoice).Cast<VendorDocument.Invoice>().Select(d => d.Document).ToList();
        invoices[0].Lines.Single().Amount.ShouldBe(new(159_000));
        invoices[0].Charges.ShouldBe([new(ChargeKind.Freight, "Truck", new(1_850)), new(ChargeKind.Discount, "Discount", new(-100))]);
        (invoices[0].Total, invoices[0].Sum()).ShouldBe((new(160_750), new(160_750)));
        (invoices[1].Kind, invoices[1].Total).ShouldBe((InvoiceKind.CreditNote, new(7_950)));
    }

    [Fact]
    public void a_workbook_says_the_same()
    {
        var rows = Response.Replace("\"$1,041.90\"", "1041.90", StringComparison.Ordinal).Split('\n')
            .Select(l => l.TrimEnd().Split(',')).ToArray();
        new TableDocumentReader("xlsx").Read(Workbooks.OfRows(Workbooks.Rows(rows)), Whitewater).ShouldBeOfType<DocumentReading.Read>()
            .Documents.ShouldBe(Documents(Response));
    }

    [Theory]
    [InlineData(Response, ",120,", ",-120,", null, null)] // what stands beside an acceptance is as ordered
    [InlineData(Response, ",80,", ",-80,", "quantity-out-of-range", "row 3, Qty")]
    [InlineData(Response, ",80,", ",1000000000000000000,", "quantity-out-of-range", "row 3, Qty")]
    [InlineData(Response, ",80,", ",many,", "number-invalid", "row 3, Qty")]
    [InlineData(Response, "4/2/2026", "2/4/26", "date-invalid", "row 3, Promised Date")]
    [InlineData(Response, "OR-1,PO-1,3", "OR-1,PO-2,3", "rows-disagree", "row 4, PO #")]
    [InlineData(Response, "OR-1,PO-1,3", "OR-1,PO-1,2", "line-repeated", "row 4, Line")]
    [InlineData(Response, "OR-1,PO-1,3", ",PO-1,3", "cell-missing", "row 4, Confirmation #")]
    [InlineData(Response, "Reject", "Perhaps", "code-unknown", "row 4, Answer")]
    [InlineData(Despatch, "carton", "flock", "unit-unknown", "row 2, UOM")]
    [InlineData(Despatch, "carton", "GR", "unit-ambiguous", "row 2, UOM")]
    [InlineData(Despatch, "M-001-HS", "", "cell-missing", "row 2, Site")]
    [InlineData(Invoice, "40,CTN", "0,CTN", "quantity-out-of-range", "row 2, Qty")]
    [InlineData(Invoice, "(1.00)", "1.00", "amount-positive", "row 4, Amount")]
    [InlineData(Invoice, "\"1,590.00\"", "=A1", "file-formula", null)]
    [InlineData(Invoice, "Price,Amount", "Amount,Amount", "column-repeated", null)]
    [InlineData(Invoice, "PO #", "Nothing", "header-missing", null)]
    public void every_bad_row_is_named_and_nothing_is_used(string file, string from, string to, string? code, string? at)
    {
        var reading = new TableDocumentReader().Read(Encoding.UTF8.GetBytes(file.Replace(from, to, StringComparison.Ordinal)), Whitewater);
        if (code is null) reading.ShouldBeOfType<DocumentReading.Read>();
        else reading.ShouldBeOfType<DocumentReading.Refused>().Faults.ShouldContain(f => f.Code == code && f.At == at, $"{reading}");
    }

    [Fact]
    public void files_that_are_none_are_refused()
    {
        string Code(byte[] file, TableLimits? limits = null) => new TableDocumentReader("csv", limits).Read(file, Whitewater)
            .ShouldBeOfType<DocumentReading.Refused>().Faults.Single().Code;
        Code([]).ShouldBe("document-empty");
        Code("%PDF-1.7"u8.ToArray()).ShouldBe("document-malformed");
        Code([0x50, 0x4B, 3, 4, 9, 9]).ShouldBe("document-malformed");
        Code(Encoding.Latin1.GetBytes("PO #,Größe")).ShouldBe("document-encoding");
        Code(Encoding.UTF8.GetBytes(Invoice), new() { MaxBytes = 20 }).ShouldBe("document-too-large");
        Code(Encoding.UTF8.GetBytes(Invoice.Split('\n')[0])).ShouldBe("document-empty");
    }

    [Fact]
    public void whatever_happens_to_a_file_it_is_read_or_refused_and_never_throws()
    {
        var reader = new TableDocumentReader();
        var workbook = Workbooks.OfRows(Workbooks.Rows([.. Despatch.Split('\n').Select(l => l.TrimEnd().Split(','))]));
        Mutations.Hold(
            [Encoding.UTF8.GetBytes(Response), Encoding.UTF8.GetBytes(Despatch), Encoding.UTF8.GetBytes(Invoice), workbook],
            bytes => reader.Read(bytes, Whitewater) switch
            {
                DocumentReading.Read r => r.Documents.Count > 0,
                DocumentReading.Refused r => r.Faults.Count is > 0 and <= 100,
                _ => false,
            });
    }

    private static Table Table(byte[] file) =>
        TableReader.Read(file, h => h.Contains("Order Number", StringComparer.Ordinal)).ShouldBeOfType<TableOutcome.Read>().Table;

    private static string At(Table table, TableRow row, string column) => row[table.Header.Texts.ToList().IndexOf(column)].Text;

    private static IReadOnlyList<VendorDocument> Documents(string file) =>
        new TableDocumentReader().Read(Encoding.UTF8.GetBytes(file), Whitewater) switch
        {
            DocumentReading.Read read => read.Documents,
            DocumentReading.Refused refused => throw new InvalidOperationException(string.Join("\n", refused.Faults)),
            _ => [],
        };
}
