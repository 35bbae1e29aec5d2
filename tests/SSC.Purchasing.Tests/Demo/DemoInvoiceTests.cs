using Shouldly;
using SSC.Purchasing.Host.Demo;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Budgets;
using SSC.Purchasing.Procurement.Fees;
using SSC.Purchasing.Procurement.Invoicing;
using SSC.Purchasing.Procurement.JointOrders;
using Xunit;

namespace SSC.Purchasing.Tests.Demo;

/// <summary>Every branch of billing, disputing, paying, fees and rebates can be opened and looked at, under its title.</summary>
public class DemoInvoiceTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("Copy paper — billed above the agreed price, disputed, credited",
        "registered matched disputed credited exception_resolved cleared approved payment_recorded settled")]
    [InlineData("Copy paper — disputed, then withdrawn", "matched cleared disputed exception_resolved cleared payment_recorded settled")]
    [InlineData("Copy paper — paid in two parts", "cleared approved payment_recorded settled")]
    [InlineData("Copy paper — billed above the agreed price, to be decided", "registered matched")]
    [InlineData("Diesel, rack price — paid late, with interest", "cleared reminded interest_accrued payment_recorded settled")]
    [InlineData("Diesel, rack price — tax billed, sent back on the tenth day",
        "matched reminded disputed credited exception_resolved cleared payment_recorded settled")]
    [InlineData("Milk — more billed than received, disputed, credited", "matched disputed credited exception_resolved cleared settled")]
    [InlineData("Milk — credit memo before payment", "cleared credited payment_recorded settled")]
    [InlineData("Apples and pears — credit on a paid invoice, refunded",
        "cleared payment_recorded settled credited refund_recorded")]
    [InlineData("Gloves and liners — a little above the agreed price, within the tolerance", "matched cleared payment_recorded settled")]
    [InlineData("Gloves and liners — item billed that nobody ordered, rejected",
        "registered matched rejected registered matched cleared payment_recorded settled")]
    [InlineData("Gloves and liners — discount shared", "matched cleared payment_recorded settled")]
    [InlineData("Student laptops — freight billed that nobody ordered, rejected", "matched rejected registered matched cleared settled")]
    [InlineData("Classroom chairs — freight shared", "matched cleared payment_recorded settled")]
    [InlineData("Floor finish — billed twice, the duplicate rejected", "cleared registered matched rejected settled")]
    [InlineData("Playground fiber — billed to members, one pays late", "registered registered cleared settled interest_accrued settled")]
    public async Task the_branch_is_there(string title, string inThisOrder)
    {
        var story = (await Invoices(title)).Select(e => e.Type.Replace("vendor_invoice_", "", StringComparison.Ordinal)).ToList();
        story.ShouldTake(inThisOrder);
    }

    [Theory]
    [InlineData("Copy paper — billed above the agreed price, to be decided", MatchExceptionKind.PriceAboveAgreed)]
    [InlineData("Milk — more billed than received, disputed, credited", MatchExceptionKind.QuantityAboveReceived)]
    [InlineData("Floor finish — billed twice, the duplicate rejected", MatchExceptionKind.Duplicate)]
    [InlineData("Student laptops — freight billed that nobody ordered, rejected", MatchExceptionKind.UnorderedCharge)]
    [InlineData("Diesel, rack price — tax billed, sent back on the tenth day", MatchExceptionKind.Tax)]
    [InlineData("Gloves and liners — item billed that nobody ordered, rejected", MatchExceptionKind.UnknownLine)]
    public async Task the_match_finds_what_is_wrong(string title, MatchExceptionKind kind)
    {
        var found = (await Invoices(title)).Select(e => e.Fact).OfType<VendorInvoice.Event.Matched>().SelectMany(m => m.Match.Exceptions);
        found.Select(x => x.Kind).ShouldContain(kind);
    }

    [Fact]
    public async Task nothing_but_what_the_script_gets_wrong_is_an_exception()
    {
        var wrong = (await All()).Select(e => e.Fact).OfType<VendorInvoice.Event.Matched>().Where(m => m.Match.Exceptions.Count > 0)
            .Select(m => $"{m.JointOrder}: {string.Join(", ", m.Match.Exceptions.Select(x => $"{x.Kind} {x.Explanation}"))}").ToList();
        output.WriteLine(string.Join('\n', wrong));
        wrong.Count.ShouldBeInRange(6, 9);
    }

    [Fact]
    public async Task what_members_owe_is_what_vendors_ask_and_what_was_paid_or_credited_to_the_cent()
    {
        var files = (await All()).GroupBy(e => e.Stream, StringComparer.Ordinal)
            .Select(g => g.Aggregate(VendorInvoice.Initial, (s, e) => VendorInvoice.Evolve(s, (VendorInvoice.Event)e.Fact))).ToList();
        output.WriteLine($"{files.Count} invoices and credit memos");
        files.OfType<VendorInvoice.State.CreditMemo>().ShouldAllBe(m => m.Closed && m.Refusal == null);
        foreach (var state in files.OfType<VendorInvoice.State.Known>().Where(s => s is not VendorInvoice.State.CreditMemo))
        {
            var (file, asked) = (state.File, state.File.Facts.Document.Total);
            file.Bills.Select(b => b.Total).Sum().ShouldBe(asked, file.Facts.Document.Number);
            if (state is not VendorInvoice.State.Paid) continue;
            var credits = file.Credits.Select(c => c.Amount).Sum();
            var balances = file.Payers.Where(p => p != InvoiceKeys.Cooperative).Select(file.Balance).Sum();
            var paid = file.Bills.Select(b => file.AccountOf(b.Member).Paid).Sum();
            (paid + credits + balances).ShouldBe(asked, file.Facts.Document.Number);
        }

        files.OfType<VendorInvoice.State.Paid>().Select(p => p.File.Facts.Billing).Distinct().Count().ShouldBe(2, "both ways of billing");
        files.OfType<VendorInvoice.State.Payable>().ShouldNotBeEmpty("a visitor has something to pay");
    }

    [Fact]
    public async Task orders_whose_invoices_are_paid_are_closed_out_and_their_encumbrances_liquidated()
    {
        var (log, _) = await DemoInMemory.Made;
        foreach (var title in new[] { "Copy paper — disputed, then withdrawn", "Classroom chairs — freight shared" })
        {
            var order = await OrderOf(title);
            log.Events.ShouldContain(e => e.Stream == $"joint-order-{order}" && e.Fact is JointOrder.Event.ClosedOut, title);
            log.Events.Select(e => e.Fact).OfType<BudgetLine.Event.Liquidated>().ShouldContain(f => f.Reference == order.Value, title);
        }
    }

    [Fact]
    public async Task vendors_report_every_quarter_and_what_they_left_out_is_found()
    {
        var (log, _) = await DemoInMemory.Made;
        var compared = DemoTests.Facts<FeeLedger.Event.Reconciled>(log).ToList();
        output.WriteLine(string.Join(
            '\n', compared.Where(c => c.Findings.Count > 0).Select(c => $"{c.Period.Key()} {c.Report} {c.Findings}")));
        var found = compared.SelectMany(c => c.Findings.Select(f => (c.Report, f.Kind))).ToList();
        found.ShouldContain(("janitorial-2026-Q4", FeeFindingKind.UnderReported));
        found.ShouldNotContain(f => f.Report.EndsWith("-corrected", StringComparison.Ordinal));
        compared.ShouldContain(c => c.Findings.Count == 0 && c.Paid > Money.Zero);
        DemoTests.Facts<FeeLedger.Event.ReportRecorded>(log).ShouldContain(r => r.Report.Rows.Count == 0, "no sales are reported too");
    }

    [Fact]
    public async Task rebates_reach_those_who_bought_federally_funded_food_included()
    {
        var (log, _) = await DemoInMemory.Made;
        var rebates = DemoTests.Facts<FeeLedger.Event.RebateAllocated>(log).ToList();
        rebates.ShouldAllBe(r => r.Shares.Select(s => s.Amount).Sum() == r.Amount);
        rebates.ShouldContain(r => r.Shares.Any(s => s.FederalFood));
        rebates.ShouldContain(r => r.Period.Contract == DemoMarket.Paper.Id, "a rebate that came three quarters after the purchases");
        DemoTests.Facts<FeeLedger.Event.Accrued>(log)
            .Where(a => a.Sales.Any(s => s.Lines.Any(l => l.FederalFood))).ShouldAllBe(a => !a.Terms.IsMemberPaidPercentage());
    }

    private static async Task<IEnumerable<RecordedEvent>> All() =>
        (await DemoInMemory.Made).Log.Events.Where(e => e.Fact is VendorInvoice.Event);

    private static async Task<IEnumerable<RecordedEvent>> Invoices(string title)
    {
        var order = await OrderOf(title);
        return (await All()).Where(e => ((VendorInvoice.Event)e.Fact).JointOrder == order);
    }

    private static async Task<JointOrderId> OrderOf(string title)
    {
        var (log, _) = await DemoInMemory.Made;
        var planned = log.Events.Single(e => e.Fact is JointOrder.Event.Planned f && f.Terms.Title == title);
        return new(planned.Stream["joint-order-".Length..]);
    }
}
