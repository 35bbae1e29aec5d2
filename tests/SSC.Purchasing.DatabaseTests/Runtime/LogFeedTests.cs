using Shouldly;
using SSC.Purchasing.EventStore;
using SSC.Purchasing.EventStore.Subscriptions;
using SSC.Purchasing.Kernel;
using Xunit;

namespace SSC.Purchasing.DatabaseTests.Runtime;

/// <summary>What listeners are shown, whoever recorded it, and how often the log is read for it.</summary>
public sealed class LogFeedTests
{
    private static readonly EventCatalogue Catalogue = EventCatalogue.Of([typeof(LogFeedTests).Assembly]);
    private readonly CountingLog log = new();

    [Fact]
    public async Task what_this_node_records_is_shown_without_being_read_back()
    {
        using var feed = await Begun();
        var reads = log.Reads;
        feed.Take(log.Record(2));
        feed.Take(log.Record(1));
        await feed.Step(TestContext.Current.CancellationToken);
        feed.Head.ShouldBe(3);
        log.Reads.ShouldBe(reads);
        (await feed.Read(0, 10, TestContext.Current.CancellationToken)).Select(e => e.Position).ShouldBe([1L, 2L, 3L]);
        log.Reads.ShouldBe(reads);
    }

    [Fact]
    public async Task what_another_node_has_recorded_in_between_is_read_and_nothing_is_missed_or_shown_twice()
    {
        using var feed = await Begun();
        feed.Take(log.Record(1));
        _ = log.Record(2); // by another node
        feed.Take(log.Record(1));
        await feed.Step(TestContext.Current.CancellationToken);
        feed.Head.ShouldBe(4);
        feed.Take(log.Record(3));
        await feed.Step(TestContext.Current.CancellationToken);
        feed.Head.ShouldBe(7);
        (await feed.Read(0, 10, TestContext.Current.CancellationToken)).Select(e => e.Position)
            .ShouldBe([1L, 2L, 3L, 4L, 5L, 6L, 7L]);
    }

    [Fact]
    public async Task an_event_that_was_read_while_it_was_handed_over_is_kept_once()
    {
        using var feed = await Begun();
        var own = log.Record(1);
        log.WhenRead = () => feed.Take(own);
        await feed.Step(TestContext.Current.CancellationToken);
        feed.Head.ShouldBe(1);
        feed.Take(log.Record(1));
        await feed.Step(TestContext.Current.CancellationToken);
        (await feed.Read(0, 10, TestContext.Current.CancellationToken)).Select(e => e.Position).ShouldBe([1L, 2L]);
    }

    /// <summary>A feed whose loop has looked at the empty log once.</summary>
    private async Task<LogFeed> Begun()
    {
        var feed = new LogFeed(log, TimeSpan.Zero);
        await feed.Step(TestContext.Current.CancellationToken);
        return feed;
    }

    private sealed class CountingLog : IEventStore
    {
        private readonly List<RecordedEvent> events = [];

        public int Reads { get; private set; }

        public Action WhenRead { get; set; } = () => { };

        public LogAdvance Record(int count)
        {
            var recorded = new List<RecordedEvent>();
            for (var i = 0; i < count; i++)
            {
                recorded.Add(new(Catalogue)
                {
                    Position = events.Count + 1, Id = Guid.CreateVersion7(), Tenant = "mn", Stream = "s-1", Version = events.Count + 1,
                    Type = "counted", Data = "{}"u8.ToArray(), At = DateTimeOffset.UnixEpoch, Metadata = new("test", "test"),
                });
                events.Add(recorded[^1]);
            }

            return new(events.Count, recorded);
        }

        public Task<IReadOnlyList<RecordedEvent>> ReadAll(long afterPosition, int limit, EventFilter? filter = null,
            CancellationToken ct = default)
        {
            Reads++;
            var found = events.Where(e => e.Position > afterPosition).Take(limit).ToList();
            WhenRead();
            return Task.FromResult<IReadOnlyList<RecordedEvent>>(found);
        }

        public Task<LogHead> Head(CancellationToken ct = default) => Task.FromResult(new LogHead(events.Count, DateTimeOffset.UnixEpoch));

        public Task<AppendOutcome> Append(Append append, CancellationToken ct) => throw new NotSupportedException();

        public Task<IReadOnlyList<RecordedEvent>> ReadStream(string tenant, string stream, long afterVersion = 0, long? upToVersion = null,
            long? upToPosition = null, CancellationToken ct = default) => throw new NotSupportedException();

        public Task<IReadOnlyList<RecordedEvent>> ReadStreams(string tenant, IReadOnlyCollection<string> streams, long? upToPosition = null,
            CancellationToken ct = default) => throw new NotSupportedException();

        public Task<long> PositionAsOf(DateTimeOffset time, CancellationToken ct = default) => throw new NotSupportedException();

        public Task<KeyedOutcome?> FindKey(string tenant, string key, CancellationToken ct = default) => throw new NotSupportedException();
    }
}
