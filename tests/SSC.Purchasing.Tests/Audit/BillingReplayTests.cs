using Shouldly;
using SSC.Purchasing.Audit;
using SSC.Purchasing.Host;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Fees;
using SSC.Purchasing.Procurement.JointOrders;
using SSC.Purchasing.Tests.Sagas;
using Xunit;
using static SSC.Purchasing.Tests.Sagas.InvoiceStory;

namespace SSC.Purchasing.Tests.Audit;

/// <summary>What was decided about money after the goods came is computed again, and a figure that was altered is found.</summary>
public class BillingReplayTests
{
    private static readonly EventCatalogue Catalogue = EventCatalogue.Of(Modules.Assemblies);

    [Fact]
    public async Task a_billed_and_closed_order_comes_out_again()
    {
        var report = await Replay((await Told()).Bed.Store);
        report.FirstDifferences.ShouldBeEmpty();
        report.FirstProblems.ShouldBeEmpty();
        string[] kinds =
        [
            "close-out", "close-out-lines", "credit-shares", "due-day", "fee", "fee-basis", "fee-findings", "fee-terms", "invoice-split",
            "rebate", "receipt-split",
        ];
        kinds.Except(report.Kinds.Select(k => k.Kind), StringComparer.Ordinal).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("fee_accrued", "\"fees\":[3180]", "\"fees\":[3181]", "fee")]
    [InlineData("fee_accrued", "\"goods\":318000", "\"goods\":317999", "fee-basis")]
    [InlineData("fee_accrued", "\"member\":\"M-002\"", "\"member\":\"M-001\"", "fee-basis")]
    [InlineData("fee_accrued", "\"basisPoints\":100", "\"basisPoints\":99", "fee-terms")]
    [InlineData("delivery_received", "\"accepted\":80", "\"accepted\":79", "receipt-split")]
    [InlineData("fee_report_reconciled", "\"received\":120", "\"received\":110", "fee-findings")]
    [InlineData("fee_report_reconciled", "\"reported\":110", "\"reported\":118", "fee-findings")]
    [InlineData("rebate_allocated", "\"amount\":10000,\"credited\":0", "\"amount\":9999,\"credited\":0", "rebate")]
    [InlineData("rebate_allocated", "\"credited\":469050", "\"credited\":400000", "rebate")]
    [InlineData("vendor_invoice_matched", "\"amount\":477000", "\"amount\":477001", "invoice-split")]
    [InlineData("vendor_invoice_cleared", "\"dueOn\":\"2026-04-10\"", "\"dueOn\":\"2026-05-11\"", "due-day")]
    [InlineData("vendor_invoice_cleared", "\"from\":\"2026-03-06\"", "\"from\":\"2026-03-07\"", "due-day")]
    [InlineData("vendor_invoice_credited", "\"M-001\":7950", "\"M-001\":7949", "credit-shares")]
    [InlineData("joint_order_closed_out", "\"accepted\":200", "\"accepted\":199", "close-out-lines")]
    [InlineData("joint_order_closed_out", "\"deliveriesComplete\":true", "\"deliveriesComplete\":false", "close-out")]
    public async Task a_figure_that_someone_altered_is_found(string type, string honest, string forged, string kind)
    {
        var log = DoctoredLog.Forged((await Told()).Bed.Store, Catalogue, type, honest, forged);
        (await log.Altered()).ShouldBeGreaterThan(0, "the story must hold the figure that is altered");
        var report = await Replay(log);
        report.FirstDifferences.Select(d => d.Kind).ShouldContain(kind);
        report.IsClean.ShouldBeFalse();
    }

    /// <summary>
    /// Two members' bills, one with a credit, paid; the order closed out; a report that states too few units. In the next quarter all that
    /// one member has paid is credited, and a rebate of $100 on the first quarter goes to the other alone.
    /// </summary>
    private static async Task<InvoiceStory> Told()
    {
        var story = await InvoiceStory.Begin();
        await story.Receive("M-001", 120);
        await story.Receive("M-002", 80);
        await story.Send(Bill("INV-1", ("M-001", 120)));
        await story.Send(Bill("INV-2", ("M-002", 80)));
        await story.Send(Memo("CM-1", "INV-1", 79.50m));
        await story.Pay("INV-1", new("M-001"), 4_690.50m);
        await story.Pay("INV-2", new("M-002"), 3_180m);
        (await story.Order.State()).Phase.ShouldBe(OrderPhase.ClosedOut);
        var (today, fees) = (BusinessCalendar.LocalDate(story.Bed.Clock.Now), story.Order.Work.Fees);
        var quarter = FeePeriod.Of(JointOrderStory.PaperContract, today);
        Done(await fees.Decide(story.Bed.As("vendor"), quarter, new FeeLedger.Command.RecordVendorReport(quarter, new(
            "R-1", today,
            [Reported("M-001", 110, 4_690.50m), Reported("M-002", 80, 3_180m)], Money.FromDollars(78.70m))), CancellationToken.None));
        Done(await fees.Reconcile(story.Bed.As("coordinator"), quarter, CancellationToken.None));
        await story.Bed.AdvanceTo(JointOrderStory.Cutoff.AddMonths(2));
        await story.Send(Memo("CM-2", "INV-1", 4_690.50m));
        Done(await fees.AllocateRebate(
            story.Bed.As("coordinator"), quarter, new("CHK-R", Money.FromDollars(100m), today, "coordinator"), CancellationToken.None));
        var shares = (await story.Ledger(today)).Rebates["CHK-R"].Shares;
        shares.Select(s => (s.Member.Value, s.Amount, s.Credited)).ShouldBe(
            [("M-001", Money.Zero, Money.FromDollars(4_690.50m)), ("M-002", Money.FromDollars(100m), Money.Zero)]);
        return story;
    }

    private static ReportedSale Reported(string member, long units, decimal sales) =>
        new(2, "PO-JO-1-1", new MemberNo(member), null, Quantity.Of(units), Money.FromDollars(sales));

    private static void Done(CommandOutcome outcome) => outcome.ShouldBeOfType<CommandOutcome.Done>();

    private static Task<ReplayReport> Replay(IEventStore log) =>
        new ReplayCheck(log, Modules.Aggregates, Modules.Checks, TimeProvider.System).Run(ReplayScope.All);
}
