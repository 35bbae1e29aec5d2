using System.Text;
using Shouldly;
using SSC.Purchasing.Exchange.PriceLists;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Contracts;
using Xunit;

namespace SSC.Purchasing.Tests.Exchange;

public class PriceListImportTests
{
    private static readonly DateOnly July = new(2026, 7, 1);

    [Fact]
    public async Task a_list_as_a_vendor_really_sends_it()
    {
        var ready = (await Read(
            """
            Whitewater Paper Supply — contract prices,,,,,,,
            "Valid from July 1, 2026",,,,,,,
            ,,,,,,,
            Item #,Mfr Part,Description,U/M,Pack,Net Price,200+,840 and up
            PAPER PRODUCTS,,,,,,,
            PAPER-20LB,X-9,8½×11 20 lb,CTN,10 RM,$41.90,"$39.75","$37.85"
            ,,,,,,,
            PEN-1,X-8,"Pen, blue",each,12/BX,0.0845,,
            DESK,X-7,Desk,EA,,"$1,234.50",,
            Item #,Mfr Part,Description,U/M,Pack,Net Price,200+,840 and up
            DESK,X-7,Desk,EA,,1234.5,,
            """)).ShouldBeOfType<PriceListOutcome.Ready>();
        ready.Schedule.Version.ShouldBe(1);
        ready.Schedule.Lines.ShouldBe(
        [
            new ScheduleLine(
                new("PAPER-20LB"), "8½×11 20 lb (10 RM)", "XCT", Quantity.Of(1), Quantity.Of(1),
                [Tier(0, 41.90m), Tier(200, 39.75m), Tier(840, 37.85m)]),
            new ScheduleLine(new("PEN-1"), "Pen, blue", "EA", Quantity.Of(12), Quantity.Of(1), [Tier(0, 0.0845m)]) { Package = "XBX" },
            new ScheduleLine(new("DESK"), "Desk", "EA", Quantity.Of(1), Quantity.Of(1), [Tier(0, 1234.50m)]),
        ]);
        ready.Report.HeaderRow.ShouldBe(4);
        ready.Report.Notes.Select(n => (n.Row, n.Code)).ShouldBe([(5, "heading"), (10, "header-repeated"), (11, "row-repeated")]);
        ready.Diff.Added.Count.ShouldBe(3);
    }

    [Fact]
    public async Task every_bad_row_is_named_with_its_number_and_nothing_is_imported()
    {
        var report = (await Read(
            """
            SKU,Description,UOM,Pack,Unit Cost,UNSPSC,UPC
            A-1,Paper,CASE,10,(41.90),,
            A-2,Paper,CASE,10,call us,,
            A-3,Paper,FLOCK,10,1,,
            A-4,Paper,ST,10,1,,
            A-5,Paper,EA,assorted,1,,
            ,Paper,EA,1,1,,
            A 7,Paper,EA,1,1,,
            A-8,,EA,1,,,
            A-9,Paper,EA,1,1.2345678,,
            A-10,Paper,EA,1,"41,90",,
            A-11,Paper,EA,1,€ 41.90,,
            A-12,Paper,EA,1,1,1411,
            A-13,Paper,EA,1,1,,123456789013
            A-14,Paper,EA,1,2,,
            A-14,Paper,EA,1,3,,
            A-14,Other paper,EA,1,2,,
            A-15,Paper,EA,1,0,,
            """)).ShouldBeOfType<PriceListOutcome.Faulty>().Report;
        report.Faults.Select(f => (f.Row, f.Column, f.Code)).ShouldBe(
        [
            (2, "Unit Cost", "price-negative"), (3, "Unit Cost", "price-not-a-number"), (4, "UOM", "unit-unknown"),
            (5, "UOM", "unit-ambiguous"), (6, "Pack", "pack-not-understood"), (7, "SKU", "item-missing"), (8, "SKU", "item-invalid"),
            (9, "Description", "description-missing"), (9, "Unit Cost", "price-missing"), (10, "Unit Cost", "price-too-fine"),
            (11, "Unit Cost", "price-not-a-number"), (12, "Unit Cost", "price-currency"), (13, "UNSPSC", "unspsc-invalid"),
            (14, "UPC", "gtin-invalid"), (16, "SKU", "item-price-conflict"), (17, "SKU", "item-repeated"),
            (18, "Unit Cost", "price-invalid"),
        ]);
        report.Faults.ShouldAllBe(f => f.Reason.EndsWith('.'));
    }

    [Theory]
    [InlineData("200+", 200)]
    [InlineData("Qty 200", 200)]
    [InlineData("200 - 839", 200)]
    [InlineData("1,000 and up", 1000)]
    [InlineData("Price @ 200", 200)]
    [InlineData(">= 200", 200)]
    [InlineData("200 or more cases", 200)]
    public async Task a_quantity_in_a_header_begins_a_tier(string header, long start)
    {
        var ready = (await Read($"Item,Description,Unit,Price,\"{header}\"\nA-1,Paper,EA,2,1\n")).ShouldBeOfType<PriceListOutcome.Ready>();
        ready.Schedule.Lines[0].Tiers.ShouldBe([Tier(0, 2), Tier(start, 1)]);
    }

    [Theory]
    [InlineData("2026")]
    [InlineData("Tier 2")]
    [InlineData("Price 2025")]
    public async Task a_number_that_may_be_anything_begins_no_tier(string header)
    {
        var ready = (await Read($"Item,Description,Unit,Price,{header}\nA-1,Paper,EA,2,1\n")).ShouldBeOfType<PriceListOutcome.Ready>();
        ready.Schedule.Lines[0].Tiers.ShouldBe([Tier(0, 2)]);
    }

    [Fact]
    public async Task a_ladder_may_begin_with_its_own_lowest_column()
    {
        var ready = (await Read("Item,Description,Unit,Under 200,200-839,840+\nA-1,Paper,EA,3,,1\n"))
            .ShouldBeOfType<PriceListOutcome.Ready>();
        ready.Schedule.Lines[0].Tiers.ShouldBe([Tier(0, 3), Tier(840, 1)]);
    }

    [Fact]
    public async Task a_higher_tier_that_costs_more_is_a_fault_unless_there_is_a_reason()
    {
        const string List = "Item,Description,Unit,Price,200+\nA-1,Paper,EA,2,3\n";
        (await Read(List)).ShouldBeOfType<PriceListOutcome.Faulty>().Report.Faults.Single().Code.ShouldBe("tier-price-rises");
        (await Read(List, new(1, July, false) { RiseReason = "scarce" })).ShouldBeOfType<PriceListOutcome.Ready>();
    }

    [Theory]
    [InlineData("Net Price", "Price")]
    [InlineData("Price", "Net")]
    public async Task the_net_price_counts_wherever_it_stands(string first, string second)
    {
        var ready = (await Read($"Item,Description,Unit,{first},{second},List Price\nA-1,Paper,EA,1,2,9\n"))
            .ShouldBeOfType<PriceListOutcome.Ready>();
        ready.Schedule.Lines[0].Tiers[0].Price.Dollars.ShouldBe(first.StartsWith("Net", StringComparison.Ordinal) ? 1 : 2);
    }

    [Theory]
    [InlineData("CS/12", "", "XCS", 1)]
    [InlineData("EA", "case of 24", "EA", 24)]
    [InlineData("CT", "40 CT/pallet", "XCT", 40)]
    [InlineData("gallon", "55", "GLL", 55)]
    [InlineData("Doz", "1", "DZN", 1)]
    [InlineData("ton", "", "STN", 1)]
    public async Task units_and_packs_are_told_as_vendors_write_them(string unit, string pack, string code, long caseSize)
    {
        var line = (await Read($"Item,Description,Unit,Pack,Price\nA-1,Paper,{unit},{pack},1\n")).ShouldBeOfType<PriceListOutcome.Ready>()
            .Schedule.Lines[0];
        line.Unit.ShouldBe(code);
        line.CaseSize.ShouldBe(Quantity.Of(caseSize));
    }

    [Fact]
    public async Task a_upc_without_its_leading_zero_is_restored_only_when_the_check_digit_proves_it()
    {
        const string Header = "Item,Description,Unit,Price,UPC\n";
        var ready = (await Read(Header + "A-1,Paper,EA,1,36000291452\n")).ShouldBeOfType<PriceListOutcome.Ready>();
        ready.Schedule.Lines[0].Gtin.ShouldBe("036000291452");
        ready.Report.Notes.Single().Code.ShouldBe("gtin-zero-restored");
        (await Read(Header + "A-1,Paper,EA,1,36000291453\n")).ShouldBeOfType<PriceListOutcome.Faulty>();
    }

    [Theory]
    [InlineData("Item,Unit,Price\nA-1,EA,1\n", "column-missing")]
    [InlineData("Item,Description,Price\nA-1,Paper,1\n", "column-missing")]
    [InlineData("Item,Description,Unit,Price,Price\nA-1,Paper,EA,1,2\n", "column-repeated")]
    [InlineData("Item,Description,Unit,200+,Qty 200\nA-1,Paper,EA,1,2\n", "column-repeated")]
    [InlineData("Item,Description,Unit,Price\n", "list-empty")]
    [InlineData("Item,Description,Unit,Price\nSEE OUR WEBSITE,,,\n", "list-empty")]
    [InlineData("Item,Description\nA-1,Paper\n", "header-missing")]
    public async Task a_list_without_what_is_needed_is_refused(string text, string code) =>
        (await Read(text)).ShouldBeOfType<PriceListOutcome.Refused>().Refusal.Code.ShouldBe(code);

    [Fact]
    public async Task a_dry_run_shows_what_changes_and_gives_nothing_to_publish()
    {
        var now = (await Read(
            "Item,Description,Unit,Pack,Price,200+\nA-1,Paper,EA,1,4,3\nA-2,Pens,EA,12,1,\nA-3,Glue,EA,1,1,\nA-4,Tape,EA,1,1,\n"))
            .ShouldBeOfType<PriceListOutcome.Ready>().Schedule;
        var diff = (await Read(
            "Item,Description,Unit,Pack,Price,200+\nA-1,Paper,EA,1,5,2.5\nA-2,Pens,EA,10,1,\nA-4,Tape,EA,1,1,\nA-5,Ink,EA,1,1,\n",
            new(2, July, DryRun: true) { Current = now })).ShouldBeOfType<PriceListOutcome.Previewed>().Diff;
        diff.Added.Single().Item.ShouldBe(new("A-5"));
        diff.Removed.Single().Item.ShouldBe(new("A-3"));
        diff.Unchanged.ShouldBe(1);
        diff.Changed.Select(c => (c.Item.Value, c.PackChanged)).ShouldBe([("A-1", false), ("A-2", true)]);
        diff.Changed[0].Moves.Select(m => (m.From, m.Percent, m.IsUp))
            .ShouldBe([(Quantity.Of(0), 25m, true), (Quantity.Of(200), -16.67m, false)]);
        diff.HasRise.ShouldBeTrue();
    }

    [Fact]
    public async Task the_same_list_as_a_workbook_gives_the_same_schedule()
    {
        string[][] rows = [["Price list"], ["Item", "Description", "Unit", "Price", "200+"], ["A-1", "Paper", "EA", "2.5", "2.25"]];
        var csv = (await Read(string.Join('\n', rows.Select(r => string.Join(',', r))))).ShouldBeOfType<PriceListOutcome.Ready>();
        var workbook = Workbooks.OfRows(Workbooks.Rows(rows));
        var xlsx = (await PriceListImport.Read(new MemoryStream(workbook), new(1, July, false))).ShouldBeOfType<PriceListOutcome.Ready>();
        xlsx.Schedule.ShouldBe(csv.Schedule);
        xlsx.Report.Sheet.ShouldBe("Prices");
    }

    [Fact]
    public async Task the_steps_of_a_ladder_may_be_rows()
    {
        var ready = (await Read(
            """
            Item,Description,UOM,Qty Break,Price
            A-1,Paper,CTN,1,41.90
            A-1,Paper,CTN,840+,37.85
            A-1,,,200 - 839,39.75
            A-1,Paper,CTN,200,39.75
            B-1,Pens,EA,,1
            """)).ShouldBeOfType<PriceListOutcome.Ready>();
        ready.Schedule.Lines.Select(l => (l.Item.Value, l.Tiers)).ShouldBe(
            [("A-1", [Tier(0, 41.90m), Tier(200, 39.75m), Tier(840, 37.85m)]), ("B-1", [Tier(0, 1)])]);
        ready.Report.Notes.Select(n => (n.Row, n.Code)).ShouldBe([(5, "row-repeated")]);
    }

    [Fact]
    public async Task rows_of_one_ladder_that_contradict_each_other_are_faults()
    {
        var report = (await Read(
            """
            Item,Description,UOM,Qty Break,Price
            A-1,Paper,EA,1,5
            A-1,Paper,EA,200,4
            A-1,Paper,EA,200,3
            A-1,Card,EA,300,3
            A-2,Pens,EA,1,1
            A-2,Pens,EA,200,2
            A-3,Glue,EA,many,1
            A-4,,,200,1
            """)).ShouldBeOfType<PriceListOutcome.Faulty>().Report;
        report.Faults.Select(f => (f.Row, f.Code)).ShouldBe(
        [
            (4, "item-price-conflict"), (5, "item-repeated"), (6, "tier-price-rises"), (8, "quantity-not-a-number"),
            (9, "description-missing"), (9, "unit-missing"),
        ]);
        (await Read("Item,Description,UOM,Qty Break,Price,200+\nA-1,Paper,EA,1,5,4\n"))
            .ShouldBeOfType<PriceListOutcome.Refused>().Refusal.Code.ShouldBe("tiers-stated-twice");
    }

    private static Tier Tier(long start, decimal price) => new(Quantity.Of(start), UnitPrice.FromDollars(price));

    private static Task<PriceListOutcome> Read(string text, PriceListRequest? request = null) =>
        PriceListImport.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)), request ?? new(1, July, false));
}
