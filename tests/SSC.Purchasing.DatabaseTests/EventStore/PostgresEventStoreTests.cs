using Npgsql;
using Shouldly;
using SSC.Purchasing.EventStore;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Tests.EventStore;
using Xunit;

namespace SSC.Purchasing.DatabaseTests.EventStore;

public sealed class PostgresEventStoreTests(DatabaseServer server) : EventStoreContract, IAsyncDisposable
{
    private readonly List<IAsyncDisposable> opened = [];

    public async ValueTask DisposeAsync()
    {
        foreach (var one in Enumerable.Reverse(opened)) await one.DisposeAsync();
    }

    protected override async Task<IEventStore> NewStore(EventCatalogue catalogue) => Open(await server.NewDatabase());

    private PostgresEventStore Open(string database, EventStoreOptions? options = null)
    {
        var pool = StorePool.Open(database);
        var store = new PostgresEventStore(pool, Catalogue, options);
        opened.AddRange([pool, store]);
        return store;
    }

    [Fact]
    public async Task two_processes_on_one_database_make_one_log()
    {
        var database = await server.NewDatabase();
        var (one, two) = (Open(database), Open(database));
        var written = await WriteAtRandom(one, 10, two);

        var log = await Log(two);
        log.Select(e => e.Position).ShouldBe(Enumerable.Range(1, written.Sum(w => w.Events)).Select(p => (long)p));
        log.Zip(log.Skip(1)).ShouldAllBe(pair => pair.First.At <= pair.Second.At);
        foreach (var stream in log.GroupBy(e => e.Stream, StringComparer.Ordinal))
            stream.Select(e => e.Version).ShouldBe(Enumerable.Range(1, stream.Count()).Select(v => (long)v));
    }

    [Fact]
    public async Task one_key_at_two_processes_has_one_effect()
    {
        var database = await server.NewDatabase();
        var (one, two) = (Open(database), Open(database));
        for (var n = 0; n < 20; n++)
        {
            var key = Key($"k-{n}", "body");
            var answers = await Task.WhenAll(
                Record(one, Make($"s-{n}", 0, new Counted(n)) with { Key = key }),
                    Record(two, Make($"s-{n}", 0, new Counted(n)) with { Key = key }));
            answers.Count(a => a.Repeated).ShouldBe(1);
            answers[0].Position.ShouldBe(answers[1].Position);
        }

        (await one.Head(Ct)).Position.ShouldBe(20);
    }

    [Fact]
    public async Task a_full_queue_answers_overloaded_and_keeps_what_it_took()
    {
        var database = await server.NewDatabase();
        var store = Open(database, new() { QueueCapacity = 8, LargestBatch = 4 });
        await using var blocker = new NpgsqlConnection(database);
        await blocker.OpenAsync(Ct);
        await using var transaction = await blocker.BeginTransactionAsync(Ct);
        await using (var hold = new NpgsqlCommand("select 1 from coop.head for update", blocker)) await hold.ExecuteNonQueryAsync(Ct);

        var answers = Enumerable.Range(0, 40).Select(n => store.Append(Make($"s-{n}", 0, new Counted(n)), Ct)).ToList();
        var refused = answers.Where(a => a.IsCompleted).ToList();
        refused.Count.ShouldBeInRange(40 - 8 - 4, 40 - 8);
        foreach (var answer in refused) (await answer).ShouldBe(new AppendOutcome.Overloaded(TimeSpan.FromSeconds(1)));

        await transaction.RollbackAsync(Ct);
        var kept = await Task.WhenAll(answers.Except(refused));
        kept.ShouldAllBe(a => a is AppendOutcome.Appended);
        (await store.Head(Ct)).Position.ShouldBe(kept.Length);
    }

    [Fact]
    public async Task closing_answers_everything_that_waits()
    {
        var database = await server.NewDatabase();
        var store = Open(database);
        var answers = Enumerable.Range(0, 2_000).Select(n => store.Append(Make($"s-{n}", 0, new Counted(n)), Ct)).ToList();
        await store.DisposeAsync();
        (await Task.WhenAll(answers)).ShouldAllBe(a => a is AppendOutcome.Appended);
        Should.Throw<ObjectDisposedException>(() => { _ = store.Append(Make("s-x", 0, new Counted(1)), Ct); });
        (await Open(database).Head(Ct)).Position.ShouldBe(2_000);
    }

    [Fact]
    public async Task scripted_time_is_accepted_only_while_an_empty_store_is_seeded()
    {
        var database = await server.NewDatabase();
        var store = Open(database);
        var then = new DateTimeOffset(2023, 7, 1, 12, 0, 0, TimeSpan.Zero);
        await Should.ThrowAsync<InvalidOperationException>(store.Append(Make("s-1", 0, new Counted(1)) with { ScriptedAt = then }, Ct));

        await store.BeginSeeding(ct: Ct);
        var seeded = await Task.WhenAll(Enumerable.Range(0, 200).Select(n =>
            Record(store, Make($"s-{n}", 0, new Counted(n), new Counted(n))
                with { ScriptedAt = then.AddMinutes(n), Key = Key($"k-{n}", "b") })));
        seeded.Select(s => s.RecordedAt).ShouldBe(Enumerable.Range(0, 200).Select(n => then.AddMinutes(n)));
        (await Record(store, Make("back-1", 0, new Counted(1)) with { ScriptedAt = then })).RecordedAt.ShouldBe(then.AddMinutes(199));
        (await store.Append(Make("late-1", 0, new Counted(1)) with { ScriptedAt = then.AddDays(9), RecordedBefore = then.AddDays(9) }, Ct))
            .ShouldBe(new AppendOutcome.TooLate(then.AddDays(9)));
        (await store.FindKey(Tenant, "k-7", Ct))!.Appended.RecordedAt.ShouldBe(then.AddMinutes(7));
        (await store.PositionAsOf(then.AddMinutes(9.5), Ct)).ShouldBe(20);
        await store.EndSeeding(Ct);

        await Should.ThrowAsync<InvalidOperationException>(store.Append(Make("s-x", 0, new Counted(1)) with { ScriptedAt = then }, Ct));
        (await Record(store, Make("s-x", 0, new Counted(1)))).RecordedAt.ShouldBeGreaterThan(DateTimeOffset.UtcNow.AddHours(-1));
        await Should.ThrowAsync<InvalidOperationException>(store.BeginSeeding(ct: Ct));
    }

    [Fact]
    public async Task a_script_stamps_every_append_of_the_seeding()
    {
        var store = Open(await server.NewDatabase());
        var now = new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);
        await store.BeginSeeding(() => now, Ct);
        (await Record(store, Make("s-1", 0, new Counted(1)))).RecordedAt.ShouldBe(now);
        now = now.AddDays(3);
        (await Record(store, Make("s-1", 1, new Counted(2)))).RecordedAt.ShouldBe(now);
        await store.EndSeeding(Ct);
    }

    [Fact]
    public async Task deliveries_commit_with_the_events_and_only_with_them()
    {
        var database = await server.NewDatabase();
        var store = Open(database);
        OutboxMessage Message(string id) => new(id, "vendor-order", "V-1", """{"b":1, "a":2}"""u8.ToArray());
        await Record(store, Make("s-1", 0, new Counted(1)) with { Outbox = [Message("m-1"), Message("m-2")] });
        await store.Append(Make("s-1", 0, new Counted(1)) with { Outbox = [Message("m-3")] }, Ct);
        await Record(store, Make("s-1", 1, new Counted(2)) with { Outbox = [Message("m-1")] });

        (await Rows(database, "select id || ' ' || position || ' ' || body || ' ' || state from coop.outbox order by id")).ShouldBe(
            ["""m-1 1 {"b":1, "a":2} waiting""", """m-2 1 {"b":1, "a":2} waiting"""]);
    }

    [Fact]
    public async Task what_cannot_be_stored_is_refused_before_it_reaches_the_others()
    {
        var store = Open(await server.NewDatabase());
        var good = Make("s-1", 0, new Counted(1));
        foreach (var bad in new[]
        {
            good with { Events = [New(new Noted("a\0b"))] },
            good with { Stream = "" },
            good with { Stream = new string('x', 201) },
            good with { Stream = "s\n1" },
            good with { Key = new("", new byte[32]) },
            good with { Key = new("k", new byte[5]) },
            good with { ExpectedVersion = -1 },
            good with { Metadata = new("", "c") },
        })
        {
            Should.Throw<ArgumentException>(() => { _ = store.Append(bad, Ct); });
        }

        // Past every check here, yet not JSON to the database: it alone fails.
        var poison = good with { Stream = "poison", Outbox = [new("m", "c", "d", "{"u8.ToArray())] };
        var tasks = Enumerable.Range(0, 20).Select(n => store.Append(n == 9 ? poison : Make($"ok-{n}", 0, new Counted(n)), Ct)).ToList();
        await Should.ThrowAsync<PostgresException>(tasks[9]);
        tasks.RemoveAt(9);
        (await Task.WhenAll(tasks)).ShouldAllBe(o => o is AppendOutcome.Appended);
        (await store.Head(Ct)).Position.ShouldBe(19);
    }

    [Fact]
    public async Task listeners_hear_of_every_commit()
    {
        var store = Open(await server.NewDatabase());
        var heard = new List<long>();
        using (store.OnAdvanced(a => heard.Add(a.Position)))
        {
            for (var n = 0; n < 5; n++) await Record(store, Make("s-1", n, new Counted(n)));
            await store.DisposeAsync();
        }

        heard.ShouldBe([1L, 2L, 3L, 4L, 5L]);
    }

    [Fact]
    public async Task a_connection_killed_by_the_administrator_costs_no_append_and_doubles_none()
    {
        var database = await server.NewDatabase();
        var store = Open(database);
        using var writing = new CancellationTokenSource();
        var kills = 0;
        var killer = Task.Run(async () =>
        {
            for (var last = 0L; !writing.IsCancellationRequested;)
            {
                // Between two kills something is recorded, else no append would ever come through.
                var (now, before) = ((await store.Head(Ct)).Position, last);
                if (now < before + 20) continue;
                last = now;
                kills += (await Rows(database, """
                    select pg_terminate_backend(pid)::text from pg_stat_activity
                    where application_name = 'purchasing-appender' and datname = current_database()
                    """)).Count;
            }
        }, Ct);
        var written = await WriteAtRandom(store, 6);
        var more = 0;
        for (; Volatile.Read(ref kills) <= 3; more++) await Record(store, Make($"more-{more}", 0, new Counted(more)));
        await writing.CancelAsync();
        await killer;

        var log = await Log(store);
        log.Select(e => e.Position).ShouldBe(Enumerable.Range(1, written.Sum(w => w.Events) + more).Select(p => (long)p));
        log.Select(e => e.Id).Distinct().Count().ShouldBe(log.Count);
    }

    private static async Task<List<string>> Rows(string database, string sql)
    {
        await using var source = NpgsqlDataSource.Create($"{database};Pooling=false");
        await using var command = source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync()) rows.Add(reader.GetString(0));
        return rows;
    }
}
