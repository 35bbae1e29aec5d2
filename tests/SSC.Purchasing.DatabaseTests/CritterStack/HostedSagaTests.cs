using System.Globalization;
using System.Text.Json.Nodes;
using Npgsql;
using Shouldly;
using SSC.Purchasing.CritterStack;
using SSC.Purchasing.DatabaseTests.Runtime;
using SSC.Purchasing.EventStore;
using SSC.Purchasing.EventStore.Sagas;
using SSC.Purchasing.EventStore.Subscriptions;
using SSC.Purchasing.Kernel;
using Xunit;

namespace SSC.Purchasing.DatabaseTests.CritterStack;

/// <summary>A saga on Wolverine: whatever message comes twice, late or after its saga has gone on, has one effect.</summary>
public sealed class HostedSagaTests(MartenDatabases databases) : IClassFixture<MartenDatabases>
{
    [Fact]
    public async Task every_kind_of_message_has_one_effect_however_often_it_is_delivered()
    {
        await using var node = await HostedEcho.Start(await databases.NewDatabase());
        var dropped = await node.Drop("a", 3);
        var refused = await node.Drop("a", 666);

        // The events, handed over again by a node that ended before it stored how far it had come.
        foreach (var _ in new[] { 1, 2, 3 }) await node.HandOver();
        await node.Echo("a", heard: 2, echoes: 1, woken: 0, refusals: 1);
        foreach (var _ in new[] { 1, 2 }) await node.HandOver();

        // The commands: the one that was done, and the one that was refused and would be accepted by now.
        node.Forgives = true;
        foreach (var _ in new[] { 1, 2 })
        {
            await node.Deliver(node.Command("a", dropped, 3));
            await node.Deliver(node.Command("a", refused, -1));
        }

        // The refusal.
        foreach (var _ in new[] { 1, 2 })
        {
            var command = node.Command("a", refused, -1);
            await node.Deliver(new HearRefusal(command.Instance, command.Commands[0], "negative-marbles", "Drop at least no marble."));
        }

        // The timer: the one that was set anew, the last one, and that again.
        var (due, revision) = await node.Timer("a");
        node.Clock.Now = due;
        foreach (var step in new[] { revision - 1, revision, revision }) await node.Deliver(node.Wake("a", due, step));
        await node.Deliver(node.Wake("nobody", due, 1));

        await node.HandOver();
        await node.Echo("a", heard: 2, echoes: 1, woken: 1, refusals: 1);
        (await node.Marbles("a")).ShouldBe([("red", 3), ("red", 666), ("green", 3)], ignoreOrder: true);
        (await node.Marbles("woken")).ShouldBe([("blue", 1)]);
    }

    [Fact]
    public async Task messages_that_meet_one_instance_at_the_same_time_are_each_taken_once()
    {
        await using var node = await HostedEcho.Start(await databases.NewDatabase());
        var dropped = new List<long>();
        for (var i = 0; i < 6; i++) dropped.Add(await node.Drop("a", 2));
        await node.HandOver();
        await node.Echo("a", heard: 6, echoes: 6, woken: 0, refusals: 0);
        var repeated = dropped.SelectMany(at => new object[]
        {
            new HearEvent(HostedEcho.Instance("a"), at), node.Command("a", at, 2),
        });
        await Task.WhenAll(repeated.Concat(repeated).Select(node.Deliver));
        await node.HandOver();
        await node.Echo("a", heard: 6, echoes: 6, woken: 0, refusals: 0);
        (await node.Marbles("a")).Sum(m => m.Marbles).ShouldBe(24);
    }

    /// <summary>A node that runs the echo saga on Wolverine; the log is handed over by the test.</summary>
    private sealed class HostedEcho : IAsyncDisposable
    {
        private static readonly EventCatalogue Catalogue = EventCatalogue.Of([typeof(TestNode).Assembly]);
        private readonly StorePool pool;
        private readonly CritterStackRuntime critters;
        private readonly Commands commands;
        private readonly Subscription relay;

        private HostedEcho(string database)
        {
            pool = StorePool.Open(database);
            critters = CritterStackRuntime.Open(database, pool, Catalogue, Clock);
            commands = new(critters.Store, Guid.CreateVersion7);
            relay = critters.Relay(TestNode.Sagas(Execute));
        }

        public HandClock Clock { get; } = new(TimeProvider.System.GetUtcNow());

        /// <summary>What was refused would be done now.</summary>
        public bool Forgives { get; set; }

        public static async Task<HostedEcho> Start(string database)
        {
            var node = new HostedEcho(database);
            await node.critters.Start(default);
            return node;
        }

        public static string Instance(string jar) => HostedSaga.IdOf("test_echo", TestNode.Tenant, jar);

        public async Task<long> Drop(string jar, int marbles)
        {
            var context = new CommandContext(TestNode.Tenant, "test", "test", Clock.Now);
            return (await Execute(new DropMarbles(jar, "red", marbles), context, default)).ShouldBeOfType<CommandOutcome.Done>().Position;
        }

        /// <summary>Hands the whole log over, as after a crash.</summary>
        public async Task HandOver()
        {
            await using var connection = await pool.Reading.OpenConnectionAsync();
            await relay.Handler(await critters.Store.ReadAll(0, 1_000), connection, default);
        }

        public Task Deliver(object message) => critters.Deliver([message], default);

        public ExecuteSagaCommands Command(string jar, long position, int marbles) => new(Instance(jar), [new(
            string.Create(CultureInfo.InvariantCulture, $"test_echo/{jar}/{position}/0"), "test_drop_marbles",
            new JsonObject { ["jar"] = jar, ["color"] = "green", ["marbles"] = marbles }.ToJsonString(), "test", null, Clock.Now)]);

        public WakeSaga Wake(string jar, DateTimeOffset due, long revision) => new(Instance(jar), "quiet", due, revision, "test", null);

        public async Task<(DateTimeOffset Due, long Revision)> Timer(string jar) =>
            (Clock.Now.AddHours(1), (await Saga(jar)).Timers["quiet"]);

        public async Task<IReadOnlyList<(string Color, int Marbles)>> Marbles(string jar) =>
            [.. (await critters.Store.ReadStream(TestNode.Tenant, $"jar-{jar}")).Select(e => (Jar.Event.Dropped)e.Fact)
                .Select(d => (d.Color, d.Marbles))];

        /// <summary>Waits until the saga has come so far, and nothing of it is under way.</summary>
        public async Task Echo(string jar, int heard, int echoes, int woken, int refusals)
        {
            var found = "";
            await Until.True(
                async () =>
                {
                    await HandOver();
                    var state = (await Saga(jar)).State!;
                    found = state;
                    var echo = JsonNode.Parse(state)!;
                    return ((int)echo["heard"]!, (int)echo["echoes"]!, (int)echo["woken"]!, echo["refusals"]!.AsArray().Count)
                        == (heard, echoes, woken, refusals) && await UnderWay() == 0;
                },
                $"{heard} heard, {echoes} echoed, {woken} woken, {refusals} refused");
            found.ShouldNotBeEmpty();
        }

        private async Task<HostedSaga> Saga(string jar)
        {
            await using var session = critters.Store.Query(TestNode.Tenant);
            return (await session.LoadAsync<HostedSaga>(Instance(jar))).ShouldNotBeNull();
        }

        private async Task<long> UnderWay()
        {
            await using var ask = pool.Reading.CreateCommand(
                "select count(*) from critter.wolverine_incoming_envelopes where status = 'Incoming'");
            return (long)(await ask.ExecuteScalarAsync())!;
        }

        private Task<CommandOutcome> Execute(object command, CommandContext context, CancellationToken ct)
        {
            var drop = (DropMarbles)command;
            return commands.Handle<Jar, Jar.Command, Jar.State, Jar.Event>(
                context, drop.Jar, new Jar.Command.Drop(drop.Color, Forgives ? Math.Abs(drop.Marbles) : drop.Marbles), ct);
        }

        public async ValueTask DisposeAsync()
        {
            await critters.DisposeAsync();
            await pool.DisposeAsync();
        }
    }
}
