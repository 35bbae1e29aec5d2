using Shouldly;
using SSC.Purchasing.Audit;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.JointOrders;
using SSC.Purchasing.Tests.Testbed;
using Xunit;
using static SSC.Purchasing.Tests.Audit.Shelf.Event;

namespace SSC.Purchasing.Tests.Audit;

public class ReplayCheckTests
{
    [Fact]
    public async Task a_settled_order_comes_out_again_to_the_cent()
    {
        var order = await SettledOrder.Told();
        var report = await Orders(order.Store).Run(ReplayScope.All);
        report.FirstDifferences.ShouldBeEmpty();
        report.FirstProblems.ShouldBeEmpty();
        report.Summary.ShouldBe("13 decisions, 0 differences");
        report.Kinds.Select(k => k.Kind).ShouldBe(
            ["allocation", "approvals", "case-filling", "exclusions", "inputs", "minimum", "split", "tier", "totals"]);
        report.EventsFolded.ShouldBe(report.EventsRead);
    }

    [Theory]
    [InlineData("joint_order_line_allocated", "\"goods\":43725", "\"goods\":43726", "split")]
    [InlineData("joint_order_line_allocated", "\"cases\":2", "\"cases\":3", "case-filling")]
    [InlineData("joint_order_line_allocated", "\"price\":39750000", "\"price\":37850000", "tier")]
    [InlineData("commitment_revised", "\"quantity\":10", "\"quantity\":9", "allocation")]
    [InlineData("joint_order_settled", "\"max-price-exceeded\"", "\"approval-declined\"", "exclusions")]
    public async Task a_figure_that_someone_altered_in_the_log_is_found(string type, string honest, string forged, string kind)
    {
        var order = await SettledOrder.Told();
        var log = DoctoredLog.Forged(order.Store, SettledOrder.Catalogue, type, honest, forged);
        (await log.Altered()).ShouldBeGreaterThan(0, "the story must hold the figure that is altered");
        var report = await Orders(log).Run(ReplayScope.All);
        report.FirstDifferences.Select(d => d.Kind).ShouldContain(kind);
        report.Differences.ShouldBe(report.FirstDifferences.Count);
        report.IsClean.ShouldBeFalse();
    }

    [Fact]
    public async Task a_wrong_stored_decision_is_named_with_both_results()
    {
        var log = await new ShelfLog().Given(
            "shelf-a", new Stocked("paper", 4), new Counted(5, 1), new Stocked("chalk", 2), new Counted(6, 1));
        var report = await Shelves(log.Store).Run(ReplayScope.All);
        report.Summary.ShouldBe("2 decisions, 1 differences");
        report.FirstDifferences.ShouldHaveSingleItem()
            .ShouldBe(new ReplayDifference(2, "shelf-a", "shelf_counted", "count", "shelf-a", 1, "5", "4"));
        report.IsClean.ShouldBeFalse();
    }

    [Fact]
    public async Task an_event_of_a_newer_version_is_a_named_problem_and_the_rest_is_still_checked()
    {
        var report = await Tampered(e => e.Position == 2 ? e with { Type = "shelf_moved" } : e);
        report.FirstProblems.Select(p => (p.Position, p.Code)).ShouldBe([(2, "unknown-event"), (6, "decision-not-recomputed")]);
        (report.EventsRead, report.Decisions).ShouldBe((6, 1), "the other shelf's decision is recomputed all the same");
        report.EventsFolded.ShouldBe(3, "one before it, and the other shelf");
    }

    [Fact]
    public async Task a_body_that_does_not_fit_its_type_is_a_named_problem() =>
        (await Tampered(e => e.Position == 2 ? e with { Data = "{\"units\":\"many\"}"u8.ToArray() } : e))
            .FirstProblems.Select(p => p.Code).ShouldBe(["unreadable-event", "decision-not-recomputed"]);

    [Fact]
    public async Task an_event_that_cannot_follow_its_history_is_a_named_problem() =>
        (await Tampered(e => e.Position == 1 ? e with { Type = "shelf_cleared", Data = "{}"u8.ToArray() } : e))
            .FirstProblems.ShouldHaveSingleItem().Code.ShouldBe("corrupt-history");

    [Fact]
    public async Task a_hole_in_the_log_is_found_wherever_it_is()
    {
        (await Tampered(e => e.Position == 3 ? null : e)).FirstProblems.Select(p => p.Code).ShouldBe(["position-gap", "version-gap"]);
        (await Tampered(e => e.Position == 6 ? null : e)).FirstProblems.ShouldHaveSingleItem().Code.ShouldBe("position-gap");
    }

    [Fact]
    public async Task time_that_runs_backwards_is_found() =>
        (await Tampered(e => e.Position == 4 ? e with { At = ShelfLog.Monday } : e))
            .FirstProblems.ShouldHaveSingleItem().Code.ShouldBe("time-decreases");

    [Fact]
    public async Task a_decision_by_an_unknown_rule_is_a_problem_and_not_a_difference()
    {
        var log = await new ShelfLog().Given("shelf-a", new Stocked("paper", 4), new Counted(4, 2));
        var report = await Shelves(log.Store).Run(ReplayScope.All);
        report.FirstProblems.ShouldHaveSingleItem().Code.ShouldBe("decision-not-recomputed");
        (report.Decisions, report.Differences, report.IsClean).ShouldBe((0, 0, false));
    }

    [Fact]
    public async Task streams_that_nobody_registered_are_named_once_for_each_type_of_event()
    {
        var log = await new ShelfLog().Given("box-a", new Stocked("paper", 4), new Stocked("chalk", 4));
        (await Shelves(log.Store).Run(ReplayScope.All)).FirstProblems.ShouldHaveSingleItem().Code.ShouldBe("unknown-aggregate");
    }

    [Fact]
    public async Task a_range_that_starts_within_a_stream_folds_what_came_before()
    {
        var report = await Shelves((await Story()).Store).Run(new() { FromPosition = 3, ToPosition = 5 });
        report.IsClean.ShouldBeTrue();
        (report.EventsRead, report.EventsFolded, report.Decisions, report.ToPosition).ShouldBe((3, 3, 1, 5));
    }

    [Fact]
    public async Task one_stream_can_be_replayed_by_itself()
    {
        var report = await Shelves((await Story()).Store).Run(new() { Stream = "shelf-b", Tenant = ShelfLog.Tenant });
        (report.EventsRead, report.Decisions, report.IsClean).ShouldBe((2, 1, true));
    }

    [Fact]
    public async Task a_long_log_is_read_in_pages_with_progress_after_each()
    {
        var log = new ShelfLog();
        object[] stocked = [.. Enumerable.Range(1, 20).Select(n => new Stocked("paper", n))];
        for (var i = 0; i < 30; i++) await log.Given($"shelf-{i}", stocked);
        var told = new List<ReplayProgress>();
        var report = await Shelves(log.Store).Run(ReplayScope.All, new Listener(told.Add));
        told.Select(t => t.Position).ShouldBe([250, 500, 600]);
        told.ShouldAllBe(t => t.ToPosition == 600);
        (report.EventsRead, report.EventsFolded, report.IsClean).ShouldBe((600, 600, true));
    }

    [Fact]
    public async Task a_replay_stops_when_it_is_told_to_or_the_database_is_gone()
    {
        var log = await Story();
        var cancelled = new DoctoredLog(log.Store, ShelfLog.Catalogue, _ => throw new OperationCanceledException());
        await Should.ThrowAsync<OperationCanceledException>(() => Shelves(cancelled).Run(ReplayScope.All));
        var calls = 0;
        var gone = new DoctoredLog(
            log.Store, ShelfLog.Catalogue, e => ++calls > 6 ? throw new IOException("connection reset") : DoctoredLog.Forgery.Honest(e));
        await Should.ThrowAsync<IOException>(() => Shelves(gone).Run(ReplayScope.All));
    }

    private static async Task<ReplayReport> Tampered(Func<DoctoredLog.Forgery, DoctoredLog.Forgery?> tamper) => await Shelves(
        new DoctoredLog((await Story()).Store, ShelfLog.Catalogue, e => tamper(DoctoredLog.Forgery.Honest(e)))).Run(ReplayScope.All);

    private static async Task<ShelfLog> Story()
    {
        var log = await new ShelfLog().Given("shelf-a", new Stocked("paper", 4), new Stocked("chalk", 2), new Stocked("soap", 0));
        await log.Given("shelf-b", new Stocked("paper", 1), new Counted(1, 1));
        return await log.Given("shelf-a", new Counted(6, 1));
    }

    private static ReplayCheck Shelves(IEventStore store) =>
        new(store, ShelfLog.Aggregates, [new CountCheck()], new ScriptedClock(ShelfLog.Monday));

    private static ReplayCheck Orders(IEventStore store) => new(
        store,
        new AggregateRegistry()
            .Register<JointOrder, JointOrder.Command, JointOrder.State, JointOrder.Event>()
            .Register<Commitment, Commitment.Command, Commitment.State, Commitment.Event>(),
        [new SettlementCheck()], new ScriptedClock(ShelfLog.Monday));

    private sealed class Listener(Action<ReplayProgress> hear) : IProgress<ReplayProgress>
    {
        public void Report(ReplayProgress value) => hear(value);
    }
}
