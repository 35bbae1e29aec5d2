using System.Text;
using Shouldly;
using SSC.Purchasing.Exchange.FeeReports;
using SSC.Purchasing.Kernel;
using Xunit;

namespace SSC.Purchasing.Tests.Exchange;

public class FeeReportImportTests
{
    [Fact]
    public async Task a_quarters_report_as_a_vendor_sends_it()
    {
        var ready = (await Read(
            """
            Quarterly sales report,,,,,
            PO #,Member #,Item #,Qty,Net Sales,Admin Fee
            PO-JO-1-1,M-001,PAPER-20LB,40,"$1,590.00",23.85
            PO-JO-2-1,,,,0,
            """)).ShouldBeOfType<FeeReportOutcome.Ready>();
        ready.Rows.Select(r => $"{r.Row} {r.OrderNumber} {r.Member} {r.Item} {r.Units} {r.Sales}").ShouldBe(
            ["3 PO-JO-1-1 M-001 PAPER-20LB 40 1590.00", "4 PO-JO-2-1    0.00"]);
        ready.Fee.ShouldBe(Money.FromDollars(23.85m));
    }

    [Fact]
    public async Task a_workbook_says_the_same_as_the_sheet_saved_from_it()
    {
        string[][] rows =
        [
            ["Quarterly sales report"], ["PO #", "Member #", "Item #", "Qty", "Net Sales", "Admin Fee"],
            ["PO-JO-1-1", "M-001", "PAPER-20LB", "40", "$1,590.00", "23.85"], ["PO-JO-2-1", "", "", "", "0", ""],
        ];
        var book = (await FeeReportImport.Read(new MemoryStream(Workbooks.OfRows(Workbooks.Rows(rows)))))
            .ShouldBeOfType<FeeReportOutcome.Ready>();
        var sheet = (await Read(string.Join('\n', rows.Select(r => string.Join(',', r.Select(c => $"\"{c}\""))))))
            .ShouldBeOfType<FeeReportOutcome.Ready>();
        (book.Rows, book.Fee).ShouldBe((sheet.Rows, sheet.Fee));
        book.Rows.Count.ShouldBe(2);

        rows[2][3] = "many";
        var faults = (await FeeReportImport.Read(new MemoryStream(Workbooks.OfRows(Workbooks.Rows(rows)))))
            .ShouldBeOfType<FeeReportOutcome.Faulty>().Report.Faults;
        faults.Select(f => (f.Row, f.Code)).ShouldBe([(3, "quantity-not-a-number")]);
    }

    [Fact]
    public async Task a_header_without_rows_reports_no_sales() =>
        (await Read("PO #,Net Sales,Fee\n")).ShouldBeOfType<FeeReportOutcome.Ready>().Rows.ShouldBeEmpty();

    [Fact]
    public async Task one_bad_row_and_nothing_is_recorded()
    {
        var faults = (await Read(
            """
            PO #,Member #,Qty,Net Sales,Fee
            PO-JO-1-1,M-001,4,159.00,2.39
            ,M-001,4,159.00,2.39
            PO-JO-1-1,M 001,4,159.00,2.39
            PO-JO-1-1,M-001,many,159.00,2.39
            PO-JO-1-1,M-001,4,-1,2.39
            PO-JO-1-1,M-001,4,,2.39
            """)).ShouldBeOfType<FeeReportOutcome.Faulty>().Report.Faults;
        faults.Select(f => (f.Row, f.Code)).ShouldBe(
        [
            (3, "order-missing"), (4, "id-malformed"), (5, "quantity-not-a-number"), (6, "amount-not-a-number"), (7, "sales-missing"),
        ]);
        (await Read("PO #,Net Sales\nPO-JO-1-1,1\n")).ShouldBeOfType<FeeReportOutcome.Refused>().Refusal.Code.ShouldBe("column-missing");
        (await Read("PO #,Net Sales,Fee,Fee\n")).ShouldBeOfType<FeeReportOutcome.Refused>().Refusal.Code.ShouldBe("column-repeated");
    }

    private static Task<FeeReportOutcome> Read(string csv) => FeeReportImport.Read(new MemoryStream(Encoding.UTF8.GetBytes(csv)));
}
