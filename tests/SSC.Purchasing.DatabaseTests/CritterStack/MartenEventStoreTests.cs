using Shouldly;
using SSC.Purchasing.CritterStack;
using SSC.Purchasing.EventStore;
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

        await using var session = marten.Marten.QuerySession(Tenant);
        (await session.Events.AggregateStreamAsync<Tally>("tally-1", token: Ct))!.Sum.ShouldBe(12);
        (await session.Events.AggregateStreamAsync<Tally>("tally-1", version: 2, token: Ct))!.Sum.ShouldBe(7);
    }

    [Fact]
    public async Task a_program_that_appends_past_the_head_is_met_with_the_streams_real_version()
    {
        var database = await databases.NewDatabase();
        var store = OnMarten(database);
        await Record(store, Make("s-1", 0, new Counted(1)));
        (await store.Append(Make("s-1", 0, new Counted(2)), Ct)).ShouldBe(new AppendOutcome.VersionConflict("s-1", 1));
        (await Record(store, Make("s-1", 1, new Counted(2)))).Version.ShouldBe(2);
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
