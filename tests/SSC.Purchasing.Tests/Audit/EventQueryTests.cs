using Shouldly;
using SSC.Purchasing.Audit;
using SSC.Purchasing.Kernel;
using Xunit;
using static SSC.Purchasing.Tests.Audit.Shelf.Event;

namespace SSC.Purchasing.Tests.Audit;

public class EventQueryTests
{
    private static readonly EventSearch Everything = new(ShelfLog.Tenant);

    [Fact]
    public async Task pages_fit_together_although_the_log_grows_between_them()
    {
        var log = await Shelves();
        var query = new EventQuery(log.Store);
        var first = await query.List(Everything with { Limit = 3 });
        await log.Given("shelf-c", new Stocked("soap", 1));
        var second = await query.List(Everything with { Limit = 3, AfterPosition = first.Next!.Value });
        first.Events.Concat(second.Events).Select(e => e.Position).ShouldBe([1, 2, 3, 4, 5, 6]);
        second.Next.ShouldBeNull();
        second.Head.ShouldBe(6);
    }

    [Fact]
    public async Task events_are_found_by_stream_type_actor_correlation_time_and_position()
    {
        var query = new EventQuery((await Shelves()).Store);
        (await Found(query, Everything with { Stream = "shelf-b" })).ShouldBe([4, 5]);
        (await Found(query, Everything with { Types = ["shelf_cleared", "shelf_counted"] })).ShouldBe([3, 5]);
        (await Found(query, Everything with { Types = [] })).ShouldBe([1, 2, 3, 4, 5], "no types means all types");
        (await Found(query, Everything with { Actor = "clerk-shelf-a" })).ShouldBe([1, 2, 3]);
        (await Found(query, Everything with { Correlation = "work-0" })).ShouldBe([2, 4]);
        var (second, fourth) = (ShelfLog.Monday.AddMinutes(2), ShelfLog.Monday.AddMinutes(4));
        (await Found(query, Everything with { From = second, Until = fourth })).ShouldBe([2, 3]);
        (await Found(query, Everything with { AfterPosition = 1, UpToPosition = 2 })).ShouldBe([2]);
        (await Found(query, Everything with { Tenant = "wi" })).ShouldBeEmpty();
    }

    [Fact]
    public async Task an_event_of_a_newer_version_is_listed_as_it_is_stored()
    {
        var log = await Shelves();
        var today = EventCatalogue.Of([]); // knows none of these events
        var read = new DoctoredLog(log.Store, today, DoctoredLog.Forgery.Honest);
        var listed = await new EventQuery(read).List(Everything with { Limit = 1 });
        var e = listed.Events.ShouldHaveSingleItem();
        (e.Type, e.Stream, e.Version, e.Actor).ShouldBe(("shelf_stocked", "shelf-a", 1, "clerk-shelf-a"));
        e.Body.GetRawText().ShouldBe("""{"item":"paper","units":4}""");
    }

    [Fact]
    public async Task following_tells_what_is_there_and_what_comes_exactly_once()
    {
        var log = await Shelves();
        var pauses = 0;
        var heard = new List<long>();
        var search = Everything with { Types = ["shelf_stocked"], Limit = 2, UpToPosition = 7 };
        await foreach (var e in new EventQuery(log.Store).Follow(search, async _ =>
        {
            pauses++;
            await log.Given("shelf-c", new Stocked("soap", pauses));
        }))
        {
            heard.Add(e.Position);
        }

        heard.ShouldBe([1, 2, 4, 6, 7]);
        pauses.ShouldBe(2);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1_001)]
    public async Task a_page_is_bounded(int limit) => await Should.ThrowAsync<ArgumentOutOfRangeException>(
        () => new EventQuery(new ShelfLog().Store).List(Everything with { Limit = limit }));

    private static async Task<IEnumerable<long>> Found(EventQuery query, EventSearch search) =>
        (await query.List(search)).Events.Select(e => e.Position);

    private static async Task<ShelfLog> Shelves()
    {
        var log = await new ShelfLog().Given("shelf-a", new Stocked("paper", 4), new Stocked("chalk", 2), new Counted(6, 1));
        return await log.Given("shelf-b", new Stocked("paper", 1), new Cleared());
    }
}
