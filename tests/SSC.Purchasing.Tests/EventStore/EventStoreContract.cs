using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Shouldly;
using SSC.Purchasing.Kernel;
using Xunit;

namespace SSC.Purchasing.Tests.EventStore;

/// <summary>
/// What every event store promises (architecture §2, G1–G8). An adapter inherits this class and says how an empty store is made.
/// </summary>
public abstract class EventStoreContract
{
    protected const string Tenant = "mn";
    private const int Writers = 64;

    protected static readonly EventCatalogue Catalogue = EventCatalogue.Of([typeof(EventStoreContract).Assembly]);
    protected static readonly EventMetadata Ada = new("user-ada", "correlation-1", "request-1");

    /// <summary>An empty store of its own.</summary>
    protected abstract Task<IEventStore> NewStore(EventCatalogue catalogue);

    [EventAlias("contract_test_counted")]
    public sealed record Counted(int Number, string Note = "");

    [EventAlias("contract_test_noted")]
    public sealed record Noted(string Text);

    // ---------- G1 atomic

    [Fact]
    public async Task an_append_of_several_events_is_recorded_whole_and_read_back_as_it_was()
    {
        var store = await NewStore(Catalogue);
        var facts = new object[] { new Counted(1, "crème brûlée – 価格 \\u0000 \"x\""), new Noted("two"), new Counted(3) };
        var done = (await store.Append(Make("s-1", 0, facts) with { Metadata = Ada }, Ct)).ShouldBeOfType<AppendOutcome.Appended>();

        done.ShouldBe(new AppendOutcome.Appended("s-1", 3, 3, done.RecordedAt));
        var read = await store.ReadStream(Tenant, "s-1", ct: Ct);
        read.Select(e => e.Fact).ShouldBe(facts);
        read.Select(e => (e.Position, e.Version, e.Type)).ShouldBe(
            [(1L, 1L, "contract_test_counted"), (2L, 2L, "contract_test_noted"), (3L, 3L, "contract_test_counted")]);
        read.ShouldAllBe(e => e.Metadata == Ada && e.Tenant == Tenant && e.Stream == "s-1" && e.At == done.RecordedAt);
        (await store.Head(Ct)).ShouldBe(new LogHead(3, done.RecordedAt));
    }

    [Fact]
    public async Task a_refused_append_records_neither_events_nor_its_key()
    {
        var store = await NewStore(Catalogue);
        await Record(store, Make("s-1", 0, new Counted(1)));
        var key = Key("once", "body");
        (await store.Append(Make("s-1", 0, new Counted(2), new Counted(3)) with { Key = key }, Ct))
            .ShouldBe(new AppendOutcome.VersionConflict("s-1", 1));

        (await store.FindKey(Tenant, "once", Ct)).ShouldBeNull();
        (await store.Head(Ct)).Position.ShouldBe(1);
        (await Record(store, Make("s-1", 1, new Counted(2)) with { Key = key })).Repeated.ShouldBeFalse();
    }

    [Fact]
    public async Task a_refused_append_leaves_its_batch_mates_untouched()
    {
        var store = await NewStore(Catalogue);
        await Record(store, Make("taken-1", 0, new Counted(0)));
        var past = DateTimeOffset.UtcNow.AddHours(-1);
        var appends = Enumerable.Range(0, 200).Select(n => (n % 5) switch
        {
            0 => Make("taken-1", 0, new Counted(n)),
            1 => Make($"late-{n}", 0, new Counted(n)) with { RecordedBefore = past },
            2 => Make($"conditional-{n}", 0, new Counted(n)) with { Conditions = [new("taken-1", 0)] },
            _ => Make($"good-{n}", 0, new Counted(n), new Counted(n)),
        }).ToList();

        var outcomes = await Task.WhenAll(appends.Select(a => store.Append(a, Ct)));

        foreach (var (append, outcome) in appends.Zip(outcomes))
        {
            var expected = append.Stream.Split('-')[0] switch
            {
                "taken" => typeof(AppendOutcome.VersionConflict),
                "late" => typeof(AppendOutcome.TooLate),
                "conditional" => typeof(AppendOutcome.ConditionFailed),
                _ => typeof(AppendOutcome.Appended),
            };
            outcome.ShouldBeOfType(expected);
            var inLog = await store.ReadStream(Tenant, append.Stream, ct: Ct);
            inLog.Count.ShouldBe(append.Stream.StartsWith("good", StringComparison.Ordinal) ? 2 : append.Stream is "taken-1" ? 1 : 0);
        }

        (await store.Head(Ct)).Position.ShouldBe(1 + (2 * 80));
    }

    // ---------- optimistic concurrency

    [Fact]
    public async Task when_two_writers_race_one_wins_and_the_other_hears_the_version()
    {
        var store = await NewStore(Catalogue);
        for (var version = 0; version < 50; version++)
        {
            var race = await Task.WhenAll(
                store.Append(Make("s-1", version, new Counted(1)), Ct),
                store.Append(Make("s-1", version, new Counted(2)), Ct));
            race.Count(o => o is AppendOutcome.Appended).ShouldBe(1);
            race.OfType<AppendOutcome.VersionConflict>().ShouldHaveSingleItem().ShouldBe(new("s-1", version + 1));
        }

        (await store.ReadStream(Tenant, "s-1", ct: Ct)).Count.ShouldBe(50);
    }

    [Fact]
    public async Task appends_that_follow_each_other_on_one_stream_need_not_wait_for_each_other()
    {
        var store = await NewStore(Catalogue);
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 100).Select(v => store.Append(Make("s-1", v, new Counted(v)), Ct)));
        outcomes.Select(o => o.ShouldBeOfType<AppendOutcome.Appended>().Version).ShouldBe(Enumerable.Range(1, 100).Select(v => (long)v));
        (await store.ReadStream(Tenant, "s-1", ct: Ct)).Select(e => ((Counted)e.Fact).Number).ShouldBe(Enumerable.Range(0, 100));
    }

    [Fact]
    public async Task an_expected_version_that_the_stream_has_not_reached_is_a_conflict()
    {
        var store = await NewStore(Catalogue);
        (await store.Append(Make("s-1", 7, new Counted(1)), Ct)).ShouldBe(new AppendOutcome.VersionConflict("s-1", 0));
        await Record(store, Make("s-1", 0, new Counted(1)));
        (await store.Append(Make("s-1", 7, new Counted(1)), Ct)).ShouldBe(new AppendOutcome.VersionConflict("s-1", 1));
    }

    // ---------- G2–G5 order

    [Fact]
    public async Task readers_never_skip_while_64_writers_write()
    {
        var store = await NewStore(Catalogue);
        using var writing = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 4).Select(_ => Task.Run(() => Follow(store, writing.Token), Ct)).ToList();
        var written = await WriteAtRandom(store, batchesEach: 12);
        await writing.CancelAsync();

        var log = await Log(store);
        log.Count.ShouldBe(written.Sum(w => w.Events));
        foreach (var seen in await Task.WhenAll(readers)) seen.ShouldBe(log.Select(e => (e.Position, e.Id)));
    }

    [Fact]
    public async Task under_64_writers_positions_are_dense_times_ordered_and_streams_in_position_order()
    {
        var store = await NewStore(Catalogue);
        var written = await WriteAtRandom(store, batchesEach: 12);

        var log = await Log(store);
        log.Select(e => e.Position).ShouldBe(Enumerable.Range(1, written.Sum(w => w.Events)).Select(p => (long)p));
        log.Zip(log.Skip(1)).ShouldAllBe(pair => pair.First.At <= pair.Second.At);
        foreach (var stream in log.GroupBy(e => e.Stream, StringComparer.Ordinal))
            stream.Select(e => e.Version).ShouldBe(Enumerable.Range(1, stream.Count()).Select(v => (long)v));
        foreach (var w in written)
        {
            var last = log[(int)w.Done.Position - 1];
            (last.Stream, last.Version, last.At).ShouldBe((w.Done.Stream, w.Done.Version, w.Done.RecordedAt));
        }
    }

    [Fact]
    public async Task an_append_that_returned_before_another_began_comes_before_it()
    {
        var store = await NewStore(Catalogue);
        var written = await WriteAtRandom(store, batchesEach: 8);
        var highest = 0L;
        var time = DateTimeOffset.MinValue;
        var returned = new Queue<Written>(written.OrderBy(w => w.ReturnedAt));
        foreach (var later in written.OrderBy(w => w.BeganAt))
        {
            while (returned.TryPeek(out var earlier) && earlier.ReturnedAt < later.BeganAt)
            {
                highest = Math.Max(highest, returned.Dequeue().Done.Position);
                time = earlier.Done.RecordedAt > time ? earlier.Done.RecordedAt : time;
            }

            later.Done.Position.ShouldBeGreaterThan(highest);
            later.Done.RecordedAt.ShouldBeGreaterThanOrEqualTo(time);
        }
    }

    [Fact]
    public async Task as_of_a_time_is_exactly_as_of_a_position()
    {
        var store = await NewStore(Catalogue);
        await WriteAtRandom(store, batchesEach: 3);
        var log = await Log(store);
        foreach (var e in log.Where(e => e.Position % 7 == 0))
        {
            (await store.PositionAsOf(e.At, Ct)).ShouldBe(log.Last(o => o.At <= e.At).Position);
            (await store.PositionAsOf(e.At.AddTicks(-1), Ct)).ShouldBe(log.LastOrDefault(o => o.At < e.At)?.Position ?? 0);
        }

        (await store.PositionAsOf(log[0].At.AddDays(-1), Ct)).ShouldBe(0);
        (await store.PositionAsOf(log[^1].At.AddDays(1), Ct)).ShouldBe(log.Count);
        (await store.PositionAsOf(DateTimeOffset.MinValue, Ct)).ShouldBe(0);
        (await store.PositionAsOf(DateTimeOffset.MaxValue, Ct)).ShouldBe(log.Count);
    }

    // ---------- G6 conditions

    [Fact]
    public async Task an_append_may_require_that_other_streams_are_unchanged()
    {
        var store = await NewStore(Catalogue);
        await Record(store, Make("order-1", 0, new Counted(1)));
        await Record(store, Make("pledge-1", 0, new Counted(1)) with { Conditions = [new("order-1", 1), new("void-1", 0)] });

        (await store.Append(Make("pledge-2", 0, new Counted(1)) with { Conditions = [new("order-1", 0)] }, Ct))
            .ShouldBe(new AppendOutcome.ConditionFailed("order-1", 1));
        (await store.Append(Make("pledge-2", 0, new Counted(1)) with { Conditions = [new("order-1", 1), new("pledge-1", 2)] }, Ct))
            .ShouldBe(new AppendOutcome.ConditionFailed("pledge-1", 1));
        (await store.ReadStream(Tenant, "pledge-2", ct: Ct)).ShouldBeEmpty();
    }

    [Fact]
    public async Task of_two_appends_that_each_need_the_others_stream_unchanged_only_one_happens()
    {
        var store = await NewStore(Catalogue);
        for (var n = 0; n < 40; n++)
        {
            var outcomes = await Task.WhenAll(
                store.Append(Make($"left-{n}", 0, new Counted(n)) with { Conditions = [new($"right-{n}", 0)] }, Ct),
                store.Append(Make($"right-{n}", 0, new Counted(n)) with { Conditions = [new($"left-{n}", 0)] }, Ct));
            outcomes.Count(o => o is AppendOutcome.Appended).ShouldBe(1);
            outcomes.Count(o => o is AppendOutcome.ConditionFailed { Actual: 1 }).ShouldBe(1);
        }
    }

    [Fact]
    public async Task nothing_is_recorded_at_or_after_a_bound_and_everything_before_it()
    {
        var store = await NewStore(Catalogue);
        (await store.Append(Make("s-0", 0, new Counted(1)) with { RecordedBefore = DateTimeOffset.UtcNow.AddSeconds(-5) }, Ct))
            .ShouldBeOfType<AppendOutcome.TooLate>();
        var now = (await Record(
            store, Make("clock", 0, new Counted(0)) with { RecordedBefore = DateTimeOffset.UtcNow.AddHours(1) })).RecordedAt;

        // Writers run over the bound; the database's clock, read at the append before, says when that is.
        var bound = now.AddMilliseconds(80);
        var outcomes = new ConcurrentBag<(bool Accepted, DateTimeOffset At)>();
        await Task.WhenAll(Enumerable.Range(0, 16).Select(async w =>
        {
            for (var n = 0; ; n++)
            {
                var outcome = await store.Append(Make($"w-{w}-{n}", 0, new Counted(n)) with { RecordedBefore = bound }, Ct);
                outcomes.Add(outcome is AppendOutcome.Appended done
                    ? (true, done.RecordedAt) : (false, ((AppendOutcome.TooLate)outcome).Now));
                if (outcome is AppendOutcome.TooLate) return;
            }
        }));

        outcomes.Where(o => o.Accepted).ShouldAllBe(o => o.At < bound);
        outcomes.Where(o => !o.Accepted).ShouldAllBe(o => o.At >= bound);
        (await store.Head(Ct)).Position.ShouldBe(1 + outcomes.Count(o => o.Accepted));
        (await store.Head(Ct)).RecordedAt.ShouldBeLessThan(bound);
    }

    // ---------- G7 idempotency

    [Fact]
    public async Task the_same_key_many_times_in_parallel_has_one_effect_and_one_answer()
    {
        var store = await NewStore(Catalogue);
        for (var n = 0; n < 20; n++)
        {
            var key = Key($"key-{n}", "same");
            var answers = await Task.WhenAll(Enumerable.Range(0, 24)
                .Select(_ => Record(store, Make($"s-{n}", 0, new Counted(n)) with { Key = key })));
            answers.Count(a => !a.Repeated).ShouldBe(1);
            answers.Select(a => a with { Repeated = false }).Distinct().ShouldHaveSingleItem();
            (await store.ReadStream(Tenant, $"s-{n}", ct: Ct)).ShouldHaveSingleItem();
        }
    }

    [Fact]
    public async Task a_repeated_key_answers_the_first_outcome_even_when_the_stream_has_moved_on()
    {
        var store = await NewStore(Catalogue);
        var first = Make("s-1", 0, new Counted(1)) with { Key = Key("k", "body") };
        var done = await Record(store, first);
        await Record(store, Make("s-1", 1, new Counted(2)));

        (await store.Append(first with { ExpectedVersion = 2 }, Ct)).ShouldBe(done with { Repeated = true });
        (await store.Head(Ct)).Position.ShouldBe(2);
    }

    [Fact]
    public async Task a_key_that_was_used_for_another_request_is_refused()
    {
        var store = await NewStore(Catalogue);
        await Record(store, Make("s-1", 0, new Counted(1)) with { Key = Key("k", "one") });
        (await store.Append(Make("s-1", 1, new Counted(2)) with { Key = Key("k", "two") }, Ct)).ShouldBe(new AppendOutcome.KeyReused("k"));

        var race = await Task.WhenAll(
            store.Append(Make("s-2", 0, new Counted(1)) with { Key = Key("raced", "one") }, Ct),
            store.Append(Make("s-3", 0, new Counted(1)) with { Key = Key("raced", "two") }, Ct));
        race.Count(o => o is AppendOutcome.Appended).ShouldBe(1);
        race.Count(o => o is AppendOutcome.KeyReused { Key: "raced" }).ShouldBe(1);
        (await store.Head(Ct)).Position.ShouldBe(2);
    }

    [Fact]
    public async Task a_key_is_remembered_after_thousands_of_others()
    {
        var store = await NewStore(Catalogue);
        var first = Make("s-1", 0, new Counted(1)) with { Key = Key("first", "body") };
        var done = await Record(store, first);
        for (var round = 0; round < 10; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, 400).Select(n =>
                Record(store, Make($"other-{round}-{n}", 0, new Counted(n)) with { Key = Key($"other-{round}-{n}", "body") })));
        }

        (await store.Append(first, Ct)).ShouldBe(done with { Repeated = true });
        var found = (await store.FindKey(Tenant, "first", Ct)).ShouldNotBeNull();
        found.RequestHash.ShouldBe(first.Key!.RequestHash);
        found.Appended.ShouldBe(done);
    }

    [Fact]
    public async Task a_decision_that_there_was_nothing_to_do_is_remembered_under_its_key()
    {
        var store = await NewStore(Catalogue);
        await Record(store, Make("s-1", 0, new Counted(1)));
        var nothing = Make("s-1", 1) with { Key = Key("nothing", "body") };
        (await Record(store, nothing)).ShouldSatisfyAllConditions(
            done => done.Version.ShouldBe(1), done => done.Position.ShouldBe(1), done => done.Repeated.ShouldBeFalse());
        await Record(store, Make("s-1", 1, new Counted(2)));

        (await Record(store, nothing)).ShouldSatisfyAllConditions(done => done.Version.ShouldBe(1), done => done.Repeated.ShouldBeTrue());
        (await store.Append(Make("s-1", 1) with { Key = Key("stale", "body") }, Ct)).ShouldBe(new AppendOutcome.VersionConflict("s-1", 2));
        (await store.FindKey(Tenant, "stale", Ct)).ShouldBeNull();
        (await store.Head(Ct)).Position.ShouldBe(2);
    }

    // ---------- reading

    [Fact]
    public async Task tenants_share_nothing()
    {
        var store = await NewStore(Catalogue);
        var here = Make("s-1", 0, new Counted(1)) with { Key = Key("k", "here") };
        await Record(store, here);
        await Record(store, here with { Tenant = "wi", Key = Key("k", "there"), Events = [New(new Counted(2))] });

        (await store.ReadStream("wi", "s-1", ct: Ct)).ShouldHaveSingleItem().Fact.ShouldBe(new Counted(2));
        (await store.ReadAll(0, 10, new() { Tenant = "wi" }, Ct)).ShouldHaveSingleItem().Position.ShouldBe(2);
        (await store.ReadAll(0, 10, new() { Stream = "s-1" }, Ct)).Select(e => e.Tenant).ShouldBe([Tenant, "wi"]);
        (await store.FindKey("wi", "k", Ct))!.Appended.Position.ShouldBe(2);
    }

    [Fact]
    public async Task streams_are_read_by_version_by_position_and_together()
    {
        var store = await NewStore(Catalogue);
        for (var n = 0; n < 6; n++) await Record(store, Make($"s-{n % 2}", n / 2, new Counted(n)));

        (await store.ReadStream(Tenant, "s-0", afterVersion: 1, ct: Ct)).Select(e => e.Position).ShouldBe([3L, 5L]);
        (await store.ReadStream(Tenant, "s-0", afterVersion: 1, upToVersion: 2, ct: Ct)).Select(e => e.Position).ShouldBe([3L]);
        (await store.ReadStream(Tenant, "s-0", upToPosition: 4, ct: Ct)).Select(e => e.Position).ShouldBe([1L, 3L]);
        (await store.ReadStream(Tenant, "s-9", ct: Ct)).ShouldBeEmpty();
        (await store.ReadStreams(Tenant, ["s-1", "s-0", "s-9"], ct: Ct)).Select(e => e.Position).ShouldBe([1L, 2L, 3L, 4L, 5L, 6L]);
        (await store.ReadStreams(Tenant, ["s-1", "s-0"], upToPosition: 3, ct: Ct)).Select(e => e.Position).ShouldBe([1L, 2L, 3L]);
        (await store.ReadAll(2, 3, ct: Ct)).Select(e => e.Position).ShouldBe([3L, 4L, 5L]);
    }

    [Fact]
    public async Task the_log_is_narrowed_by_stream_type_actor_correlation_time_and_position()
    {
        var store = await NewStore(Catalogue);
        for (var n = 0; n < 24; n++)
        {
            await Record(store, Make($"s-{n % 3}", n / 3, n % 4 == 0 ? new Noted($"{n}") : new Counted(n)) with
            {
                Metadata = new($"actor-{n % 2}", $"correlation-{n % 6}"),
            });
        }

        var log = await Log(store);
        var (from, until) = (log[5].At, log[15].At);
        await Check(new() { Stream = "s-1" }, e => e.Stream is "s-1");
        await Check(new() { Types = ["contract_test_noted"] }, e => e.Type is "contract_test_noted");
        await Check(new() { Types = [] }, _ => false);
        await Check(new() { Actor = "actor-1" }, e => e.Metadata.Actor is "actor-1");
        await Check(new() { CorrelationId = "correlation-4" }, e => e.Metadata.CorrelationId is "correlation-4");
        await Check(new() { From = from }, e => e.At >= from);
        await Check(new() { Until = until }, e => e.At < until);
        await Check(new() { From = from.AddTicks(1), Until = until.AddTicks(1) }, e => e.At > from && e.At <= until);
        await Check(new() { UpToPosition = 9 }, e => e.Position <= 9);
        await Check(
            new() { Tenant = Tenant, Stream = "s-0", Types = ["contract_test_counted"], Actor = "actor-1", From = from, Until = until },
            e => e is { Stream: "s-0", Type: "contract_test_counted", Metadata.Actor: "actor-1" } && e.At >= from && e.At < until);

        async Task Check(EventFilter filter, Func<RecordedEvent, bool> matches)
        {
            (await store.ReadAll(0, 100, filter, Ct)).Select(e => e.Position)
                .ShouldBe(log.Where(matches).Select(e => e.Position), $"{filter}");
            (await store.ReadAll(7, 2, filter, Ct)).Select(e => e.Position)
                .ShouldBe(log.Where(e => e.Position > 7 && matches(e)).Take(2).Select(e => e.Position), $"{filter}");
        }
    }

    // ---------- what the tests are written with

    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    protected static NewEvent New(object fact) => new(Guid.CreateVersion7(), fact);

    protected static Append Make(string stream, long version, params object[] facts) => new()
    {
        Tenant = Tenant,
        Stream = stream,
        ExpectedVersion = version,
        Events = [.. facts.Select(New)],
        Metadata = Ada,
    };

    protected static IdempotencyKey Key(string value, string request) => new(value, SHA256.HashData(Encoding.UTF8.GetBytes(request)));

    protected static async Task<AppendOutcome.Appended> Record(IEventStore store, Append append) =>
        (await store.Append(append, Ct)).ShouldBeOfType<AppendOutcome.Appended>();

    protected static async Task<List<RecordedEvent>> Log(IEventStore store)
    {
        var log = new List<RecordedEvent>();
        while (await store.ReadAll(log.Count, 500, ct: Ct) is { Count: > 0 } page) log.AddRange(page);
        return log;
    }

    /// <summary>An append that succeeded, and when it began and returned on a counter that all writers share.</summary>
    protected sealed record Written(AppendOutcome.Appended Done, int Events, long BeganAt, long ReturnedAt);

    /// <summary>64 writers append 1–6 events at a time to a few shared streams, again when another was faster.</summary>
    protected static async Task<List<Written>> WriteAtRandom(IEventStore store, int batchesEach, params IEventStore[] others)
    {
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        IEventStore[] stores = [store, .. others];
        var counter = 0L;
        var written = new ConcurrentBag<Written>();
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            var random = new Random(seed + writer);
            var mine = stores[writer % stores.Length];
            for (var batch = 0; batch < batchesEach; batch++)
            {
                var stream = random.Next(4) == 0 ? $"shared-{random.Next(8)}" : $"own-{writer}";
                var facts = Enumerable.Range(0, random.Next(1, 7)).Select(n => (object)new Counted(n, $"{writer}/{batch}")).ToArray();
                var version = random.Next(3) == 0 ? random.Next(5) : 0L;
                while (true)
                {
                    var began = Interlocked.Increment(ref counter);
                    var outcome = await mine.Append(Make(stream, version, facts), Ct);
                    if (outcome is AppendOutcome.Appended done)
                    {
                        written.Add(new(done, facts.Length, began, Interlocked.Increment(ref counter)));
                        break;
                    }

                    version = outcome.ShouldBeOfType<AppendOutcome.VersionConflict>().Actual;
                }
            }
        })));
        return [.. written];
    }

    /// <summary>Polls the log as a subscription does, from wherever it is, until the writers are done and nothing is left.</summary>
    private static async Task<List<(long Position, Guid Id)>> Follow(IEventStore store, CancellationToken writing)
    {
        var seen = new List<(long Position, Guid Id)>();
        while (true)
        {
            var wasWriting = !writing.IsCancellationRequested;
            var page = await store.ReadAll(seen.Count == 0 ? 0 : seen[^1].Position, 50, ct: Ct);
            seen.AddRange(page.Select(e => (e.Position, e.Id)));
            if (page.Count == 0 && !wasWriting) return seen;
            if (page.Count == 0) await Task.Yield();
        }
    }
}
