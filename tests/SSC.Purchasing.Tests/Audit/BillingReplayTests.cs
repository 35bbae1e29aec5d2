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
            "close-out", "close-out-lines", "credit-shares", "due-day", "fee", "fee-basis", "fee-terms", "invoice-split", "rebate",
            "receipt-split",
        ];
        kinds.Except(report.Kinds.Select(k => k.Kind), StringComparer.Ordinal).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("fee_accrued", "\"fees\":[3180]", "\"fees\":[3181]", "fee")]
    [InlineData("fee_accrued", "\"goods\":318000", "\"goods\":317999", "fee-basis")]
    [InlineData("fee_accrued", "\"member\":\"M-002\"", "\"member\":\"M-001\"", "fee-basis")]
    [InlineData("fee_accrued", "\"basisPoints\":100", "\"basisPoints\":99", "fee-terms")]
    [InlineData("delivery_received", "\"accepted\":80", "\"accepted\":79", "receipt-split")]
    [InlineData("rebate_allocated", "\"amount\":4040", "\"amount\":4041", "rebate")]
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

    /// <summary>Two members' bills, one with a credit, paid; the order closed out; a rebate of $100 shared.</summary>
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
        var today = BusinessCalendar.LocalDate(story.Bed.Clock.Now);
        (await story.Bed.Commands.Handle<FeeLedger, FeeLedger.Command, FeeLedger.State, FeeLedger.Event>(
            story.Bed.As("coordinator"), FeePeriod.Of(JointOrderStory.PaperContract, today).Key(),
            new FeeLedger.Command.AllocateRebate("CHK-R", Money.FromDollars(100m), today, "coordinator"), CancellationToken.None))
            .ShouldBeOfType<CommandOutcome.Done>();
        return story;
    }

    private static Task<ReplayReport> Replay(IEventStore log) =>
        new ReplayCheck(log, Modules.Aggregates, Modules.Checks, TimeProvider.System).Run(ReplayScope.All);
}
