using Shouldly;
using SSC.Purchasing.Audit;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.JointOrders;
using Xunit;
using static SSC.Purchasing.Tests.Audit.Shelf.Event;

namespace SSC.Purchasing.Tests.Audit;

public class AggregateViewTests
{
    [Fact]
    public async Task an_aggregate_is_seen_as_it_stood_at_a_position()
    {
        var shelf = await At(new PointInHistory.AtPosition(2));
        shelf!.State!.Value.GetRawText().ShouldBe(
            """{"$state":"Filled","items":[{"item":"chalk","units":2},{"item":"paper","units":4}]}""");
        (shelf.Version, shelf.Position, shelf.RecordedAt).ShouldBe((2, 2, ShelfLog.Monday.AddMinutes(2)));
        shelf.Events.Select(e => e.Type).ShouldBe(["shelf_stocked", "shelf_stocked"]);
    }

    [Fact]
    public async Task what_was_recorded_at_that_very_time_counts()
    {
        (await At(new PointInHistory.AtTime(ShelfLog.Monday.AddMinutes(3))))!.Version.ShouldBe(3);
        (await At(new PointInHistory.AtTime(ShelfLog.Monday.AddMinutes(3).AddTicks(-1))))!.Version.ShouldBe(2);
        (await At(new PointInHistory.AtTime(ShelfLog.Monday))).ShouldBeNull("nothing was recorded by then");
    }

    [Fact]
    public async Task an_answer_for_a_position_beyond_the_log_says_how_far_it_looked() =>
        (await At(new PointInHistory.AtPosition(1_000)))!.AsOfPosition.ShouldBe(4);

    [Fact]
    public void a_stream_belongs_to_the_longest_category_that_fits()
    {
        ShelfLog.Aggregates.FoldOf("shelf-label-7")!.Category.ShouldBe("shelf-label");
        ShelfLog.Aggregates.FoldOf("shelf-7-label")!.Category.ShouldBe("shelf");
        ShelfLog.Aggregates.FoldOf("cupboard-7").ShouldBeNull();
        ShelfLog.Aggregates.FoldOf("shelf").ShouldBeNull();
    }

    [Fact]
    public void every_decider_of_a_module_is_found_and_a_category_belongs_to_one()
    {
        var procurement = AggregateRegistry.Of([typeof(JointOrder).Assembly]);
        procurement.Categories.ShouldContain("joint-order");
        procurement.FoldOf("commitment-JO-1:A")!.Category.ShouldBe("commitment");
        Should.Throw<ArgumentException>(() => ShelfLog.Aggregates.Register<Shelf, Shelf.Command, Shelf.State, Shelf.Event>());
    }

    [Fact]
    public async Task the_difference_names_what_changed_and_the_events_that_did_it()
    {
        var difference = await View().Difference(
            ShelfLog.Tenant, "shelf-a", new PointInHistory.AtPosition(1), new PointInHistory.AtPosition(3));
        difference!.Changes.Select(c => (c.Path, c.Kind, c.Before?.ToString(), c.After?.ToString())).ShouldBe(
        [
            ("items[item=paper].units", ChangeKind.Changed, "4", "9"),
            ("items[item=chalk]", ChangeKind.Added, null, """{"item":"chalk","units":2}"""),
        ], ignoreOrder: true);
        difference.Events.Select(e => e.Position).ShouldBe([2, 3]);
        (difference.FromVersion, difference.ToVersion).ShouldBe((1, 3));
    }

    [Fact]
    public async Task the_difference_is_told_forwards_in_whatever_order_the_points_are_given()
    {
        var (one, four) = (new PointInHistory.AtPosition(1), new PointInHistory.AtPosition(4));
        var there = await View().Difference(ShelfLog.Tenant, "shelf-a", one, four);
        var back = await View().Difference(ShelfLog.Tenant, "shelf-a", four, one);
        back!.Changes.Select(c => c.ToString()).ShouldBe(there!.Changes.Select(c => c.ToString()));
        back.FromPosition.ShouldBe(1);
    }

    [Fact]
    public async Task the_difference_from_before_the_beginning_starts_at_the_empty_aggregate()
    {
        var difference = await View().Difference(
            ShelfLog.Tenant, "shelf-a", new PointInHistory.AtPosition(0), new PointInHistory.AtPosition(1));
        difference!.FromVersion.ShouldBe(0);
        var became = difference.Changes.Single(c => c.Path == "$state");
        (became.Before!.Value.GetString(), became.After!.Value.GetString()).ShouldBe(("Bare", "Filled"));
    }

    [Fact]
    public async Task events_that_cannot_be_folded_are_still_shown_with_the_reason()
    {
        var store = (await Story()).Store;
        var unknown = new DoctoredLog(store, ShelfLog.Catalogue, e =>
            DoctoredLog.Forgery.Honest(e) with { Type = e.Position == 2 ? "shelf_moved" : e.Type });
        var shelf = await new AggregateView(unknown, ShelfLog.Aggregates).At(ShelfLog.Tenant, "shelf-a", new PointInHistory.Latest());
        shelf!.State.ShouldBeNull();
        shelf.Problem!.ShouldContain("shelf_moved at position 2");
        shelf.Events.Count.ShouldBe(4);

        var unregistered = await new AggregateView(store, new()).At(ShelfLog.Tenant, "shelf-a", new PointInHistory.Latest());
        (unregistered!.Category, unregistered.State.HasValue, unregistered.Events.Count).ShouldBe((null, false, 4));
    }

    [Theory]
    [InlineData("", "Latest { }")]
    [InlineData("17", "AtPosition { Position = 17 }")]
    [InlineData("2026-03-02T15:00:00Z", "AtTime { Time = 03/02/2026 15:00:00 +00:00 }")]
    [InlineData("2026-03-02T09:00:00.5-06:00", "AtTime { Time = 03/02/2026 09:00:00 -06:00 }")]
    [InlineData("2026-03-02T15:00:00", null)] // a time without its offset means another moment in every place
    [InlineData("2026-03-02", null)]
    [InlineData("-1", null)]
    [InlineData("yesterday", null)]
    public void a_point_in_history_is_a_position_or_a_time_with_its_offset(string text, string? expected) =>
        (PointInHistory.TryParse(text)?.ToString()).ShouldBe(expected);

    private static async Task<AggregateAt?> At(PointInHistory point) =>
        await new AggregateView((await Story()).Store, ShelfLog.Aggregates).At(ShelfLog.Tenant, "shelf-a", point);

    private static AggregateView View() => new(Story().GetAwaiter().GetResult().Store, ShelfLog.Aggregates);

    private static Task<ShelfLog> Story() => new ShelfLog().Given(
        "shelf-a", new Stocked("paper", 4), new Stocked("chalk", 2), new Stocked("paper", 9), new Cleared());
}
