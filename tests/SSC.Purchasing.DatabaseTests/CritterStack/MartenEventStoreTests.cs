using System.Text;
using Marten;
using Npgsql;
using Shouldly;
using SSC.Purchasing.CritterStack;
using SSC.Purchasing.EventStore;
using SSC.Purchasing.Host;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Tests.EventStore;
using Xunit;

namespace SSC.Purchasing.DatabaseTests.CritterStack;

/// <summary>Marten keeps every promise of the port, also beside nodes on the Npgsql store.</summary>
public sealed class MartenEventStoreTests(MartenDatabases databases) : EventStoreContract, IClassFixture<MartenDatabases>, IAsyncDisposable
{
    private readonly List<IAsyncDisposable> opened = [];

    public async ValueTask DisposeAsync()
    {
        foreach (var one in Enumerable.Reverse(opened)) await one.DisposeAsync();
    }

    protected override async Task<IEventStore> NewStore(EventCatalogue catalogue) => OnMarten(await databases.NewDatabase(), catalogue);

    private MartenEventStore OnMarten(string database, EventCatalogue? catalogue = null)
    {
        var pool = StorePool.Open(database);
        var marten = MartenDatabases.Marten(database, catalogue ?? Catalogue);
        var store = new MartenEventStore(pool, marten, catalogue ?? Catalogue);
        opened.AddRange([pool, marten, store]);
        return store;
    }

    private PostgresEventStore OnNpgsql(string database)
    {
        var pool = StorePool.Open(database);
        var store = new PostgresEventStore(pool, Catalogue);
        opened.AddRange([pool, store]);
        return store;
    }

    [Fact]
    public async Task nodes_of_both_kinds_on_one_database_make_one_log()
    {
        var database = await databases.NewDatabase();
        var (marten, npgsql) = (OnMarten(database), OnNpgsql(database));
        var written = await WriteAtRandom(marten, 8, npgsql);

        foreach (var store in new IEventStore[] { marten, npgsql })
        {
            var log = await Log(store);
            log.Select(e => e.Position).ShouldBe(Enumerable.Range(1, written.Sum(w => w.Events)).Select(p => (long)p));
            log.Zip(log.Skip(1)).ShouldAllBe(pair => pair.First.At <= pair.Second.At);
            foreach (var stream in log.GroupBy(e => e.Stream, StringComparer.Ordinal))
                stream.Select(e => e.Version).ShouldBe(Enumerable.Range(1, stream.Count()).Select(v => (long)v));
        }
    }

    [Fact]
    public async Task one_key_at_nodes_of_both_kinds_has_one_effect()
    {
        var database = await databases.NewDatabase();
        var (marten, npgsql) = (OnMarten(database), OnNpgsql(database));
        for (var n = 0; n < 20; n++)
        {
            var key = Key($"k-{n}", "body");
            var answers = await Task.WhenAll(
                Record(marten, Make($"s-{n}", 0, new Counted(n)) with { Key = key }),
                Record(npgsql, Make($"s-{n}", 0, new Counted(n)) with { Key = key }));
            answers.Count(a => a.Repeated).ShouldBe(1);
            answers[0].Position.ShouldBe(answers[1].Position);
        }

        (await marten.Head(Ct)).Position.ShouldBe(20);
    }

    [Fact]
    public async Task each_store_continues_the_others_streams_version_by_version_with_the_same_answers_of_the_past()
    {
        var database = await databases.NewDatabase();
        var (marten, npgsql) = (OnMarten(database), OnNpgsql(database));
        for (var version = 0; version < 20; version++)
        {
            IEventStore turn = version % 2 == 0 ? npgsql : marten;
            (await Record(turn, Make("s-1", version, new Counted(version)) with { Metadata = Ada })).Position.ShouldBe(version + 1);
        }

        for (long version = 0; version <= 20; version++)
        {
            var (one, other) = (
                await marten.ReadStream(Tenant, "s-1", upToVersion: version, ct: Ct),
                await npgsql.ReadStream(Tenant, "s-1", upToVersion: version, ct: Ct));
            one.Select(Told).ShouldBe(other.Select(Told));
            (await marten.ReadStream(Tenant, "s-1", upToPosition: version, ct: Ct)).Select(Told)
                .ShouldBe((await npgsql.ReadStream(Tenant, "s-1", upToPosition: version, ct: Ct)).Select(Told));
        }
    }

    [Fact]
    public async Task marten_itself_aggregates_what_both_stores_recorded()
    {
        var database = await databases.NewDatabase();
        var (marten, npgsql) = (OnMarten(database), OnNpgsql(database));
        await Record(npgsql, Make("tally-1", 0, new Counted(3), new Counted(4)));
        await Record(marten, Make("tally-1", 2, new Counted(5)));

        await using var session = marten.Query(Tenant);
        (await session.Events.AggregateStreamAsync<Tally>("tally-1", token: Ct))!.Sum.ShouldBe(12);
        (await session.Events.AggregateStreamAsync<Tally>("tally-1", version: 2, token: Ct))!.Sum.ShouldBe(7);
    }

    [Fact]
    public async Task marten_writes_every_event_of_the_service_as_the_service_writes_it()
    {
        var catalogue = EventCatalogue.Of(Modules.Assemblies, Modules.Upcasters);
        await using var marten = MartenDatabases.Marten(await databases.NewDatabase(), catalogue);
        var samples = Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "samples"), "*.json");
        samples.Length.ShouldBeGreaterThan(300);
        foreach (var sample in samples)
        {
            var fact = catalogue.Deserialize(Path.GetFileNameWithoutExtension(sample), await File.ReadAllBytesAsync(sample, Ct));
            marten.Options.Serializer().ToJson(fact).ShouldBe(Encoding.UTF8.GetString(EventCatalogue.Serialize(fact)), sample);
        }
    }

    [Fact]
    public async Task deliveries_commit_with_the_events_and_only_with_them()
    {
        var database = await databases.NewDatabase();
        var store = OnMarten(database);
        OutboxMessage Message(string id) => new(id, "vendor-order", "V-1", """{"b":1, "a":2}"""u8.ToArray());
        await Record(store, Make("s-1", 0, new Counted(1)) with { Outbox = [Message("m-1"), Message("m-2")] });
        await store.Append(Make("s-1", 0, new Counted(1)) with { Outbox = [Message("m-3")] }, Ct);
        await Record(store, Make("s-1", 1, new Counted(2)) with { Outbox = [Message("m-1")] });

        await using var source = NpgsqlDataSource.Create($"{database};Pooling=false");
        await using var command = source.CreateCommand(
            "select string_agg(id || ' ' || position || ' ' || body || ' ' || state, '; ' order by id) from coop.outbox");
        (await command.ExecuteScalarAsync(Ct)).ShouldBe("""m-1 1 {"b":1, "a":2} waiting; m-2 1 {"b":1, "a":2} waiting""");
    }

    [Fact]
    public async Task marten_refuses_to_append_at_a_version_that_is_not_the_streams_and_the_port_says_conflict()
    {
        var database = await databases.NewDatabase();
        var (marten, npgsql) = (OnMarten(database), OnNpgsql(database));
        await Record(marten, Make("s-1", 0, new Counted(1)));

        // What its session makes of a version that somebody else has taken is what the adapter takes for a conflict.
        await using (var session = marten.Marten.LightweightSession(Tenant))
        {
            session.Events.Append("s-1", 1, session.Events.BuildEvent(new Counted(2)));
            (await Should.ThrowAsync<Exception>(() => session.SaveChangesAsync(Ct))).ShouldSatisfyAllConditions(
                e => MartenFaults.IsConflict(e).ShouldBeTrue(e.GetType().FullName));
        }

        // A node that has planned on what another one has changed since is answered with the stream's real version.
        await Record(npgsql, Make("s-1", 1, new Counted(2)));
        (await marten.Append(Make("s-1", 1, new Counted(3)), Ct)).ShouldBe(new AppendOutcome.VersionConflict("s-1", 2));
        (await Record(marten, Make("s-1", 2, new Counted(3)))).Version.ShouldBe(3);
    }

    [Fact]
    public async Task a_stream_that_somebody_has_locked_is_a_conflict_as_well()
    {
        var database = await databases.NewDatabase();
        var marten = OnMarten(database);
        await Record(marten, Make("s-1", 0, new Counted(1)));
        await using var holder = marten.Marten.LightweightSession(Tenant);
        await holder.BeginTransactionAsync(Ct);
        await holder.Events.AppendExclusive("s-1", Ct, new Counted(2));
        await using var other = marten.Marten.LightweightSession(Tenant);
        var refused = await Should.ThrowAsync<Exception>(() => other.Events.AppendExclusive("s-1", Ct, new Counted(3)));
        MartenFaults.IsConflict(refused).ShouldBeTrue(refused.GetType().FullName);
    }

    [Fact]
    public async Task a_session_that_failed_after_its_events_were_written_leaves_nothing_behind()
    {
        var database = await databases.NewDatabase();
        await using (var pool = StorePool.Open(database))
        await using (var marten = MartenDatabases.Marten(database, Catalogue))
        await using (var store = new MartenEventStore(pool, marten, Catalogue))
        {
            await Run("create function stop() returns trigger language plpgsql as $$ begin raise 'stop'; end $$");
            await Run("create trigger stop before update on coop.head for each row execute function stop()");
            await Should.ThrowAsync<PostgresException>(() => store.Append(Make("s-1", 0, new Counted(1), new Counted(2)), Ct));
        }

        // Marten has ended by now, and has done what it does after a failure.
        await Run("drop trigger stop on coop.head");
        (await Log(OnNpgsql(database))).ShouldBeEmpty();
        (await Record(OnMarten(database), Make("s-1", 0, new Counted(3)))).Position.ShouldBe(1);
        (await Run("select count(*) from mt_streams")).ShouldBe(1L);

        async Task<object?> Run(string sql)
        {
            await using var source = NpgsqlDataSource.Create($"{database};Pooling=false");
            await using var command = source.CreateCommand(sql);
            return await command.ExecuteScalarAsync(Ct);
        }
    }

    private static object Told(RecordedEvent e) => (e.Position, e.Id, e.Tenant, e.Stream, e.Version, e.Type, e.At, e.Metadata, e.Fact);

    /// <summary>Folded by Marten.</summary>
    public sealed class Tally
    {
        public string Id { get; set; } = "";

        public int Sum { get; set; }

        public void Apply(Counted e) => Sum += e.Number;
    }
}
