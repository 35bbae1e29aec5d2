using Shouldly;
using SSC.Purchasing.EventStore.Subscriptions;
using SSC.Purchasing.Kernel;
using Xunit;

namespace SSC.Purchasing.DatabaseTests.Runtime;

public sealed class SagaTests(DatabaseServer server, ITestOutputHelper output)
{
    private static readonly JarRows Jars = new();
    private static readonly RuntimeOptions Quick = new()
    {
        Commands = new(4, TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(100)),
    };

    [Fact]
    public async Task a_saga_hears_its_tenants_events_sends_commands_and_hears_what_they_did()
    {
        await using var node = TestNode.WithSaga(await server.NewDatabase()).Started();
        await node.Drop("a", "red", 3);
        await node.Drop("a", "red", 4);
        await node.Drop("a", "red", 5, tenant: "wi");
        await Until.True(async () => (await node.Echoes()).GetValueOrDefault("a")?.Echoes == 2
            && (await node.Echoes("wi")).GetValueOrDefault("a")?.Echoes == 1, "echoes");
        (await node.Replay(Jars))["jar-a"].Marbles.ShouldBe(14);
        (await node.Replay(Jars, "wi"))["jar-a"].Marbles.ShouldBe(10);
    }

    [Fact]
    public async Task a_command_carries_the_deterministic_id_the_cause_and_the_sagas_name()
    {
        await using var node = TestNode.WithSaga(await server.NewDatabase()).Started();
        var cause = await node.Drop("a", "red", 3);
        await Until.True(async () => (await node.Echoes()).GetValueOrDefault("a")?.Echoes == 1, "the echo");
        var echo = (await node.Store.ReadStream(TestNode.Tenant, "jar-a"))[^1];
        var first = (await node.Store.ReadStream(TestNode.Tenant, "jar-a"))[0];
        echo.Metadata.ShouldBe(new EventMetadata("saga:test_echo", "test", $"event:{first.Id}"));
        (await node.Store.FindKey(TestNode.Tenant, $"test_echo/a/{cause.Position}/0")).ShouldNotBeNull().Appended.Position
            .ShouldBe(echo.Position);
    }

    [Fact]
    public async Task a_refusal_is_fed_back()
    {
        await using var node = TestNode.WithSaga(await server.NewDatabase()).Started();
        await node.Drop("a", "red", 666);
        await Until.True(async () => (await node.Echoes()).GetValueOrDefault("a")?.Refusals.Count == 1, "the refusal");
        (await node.Echoes())["a"].Refusals.ShouldBe(["negative-marbles"]);
        (await node.Query<string>("select status from coop.saga_command")).ShouldBe(["refused"]);
    }

    [Fact]
    public async Task timers_fire_after_downtime_and_a_timer_that_was_set_again_fires_once_at_its_last_time()
    {
        var database = await server.NewDatabase();
        var clock = new HandClock(TimeProvider.System.GetUtcNow());
        await using (var node = TestNode.WithSaga(database, clock).Started())
        {
            await node.Drop("a", "red", 1);
            await node.Drop("a", "red", 1);
            await Until.True(async () => (await node.Echoes()).GetValueOrDefault("a")?.Echoes == 2, "the echoes");
            (await node.Echoes())["a"].Woken.ShouldBe(0);
        }

        clock.Now = clock.Now.AddDays(2);
        await using var later = TestNode.WithSaga(database, clock).Started();
        await Until.True(async () => (await later.Echoes())["a"].Woken == 1, "the timer");
        await Until.True(async () => await later.Scalar<long>("select count(*) from coop.saga_command where status = 'done'") == 3,
            "its command");
        var second = (await later.Store.ReadStream(TestNode.Tenant, "jar-a"))
            .Where(e => e.Fact is Jar.Event.Dropped { Color: "red" }).ElementAt(1);
        (await later.Echoes())["a"].LastWoken.ShouldBe(second.At.AddHours(1));
        (await later.Scalar<long>("select count(*) from coop.saga_timer")).ShouldBe(0);
    }

    [Fact]
    public async Task a_saga_that_is_stopped_again_and_again_in_the_middle_loses_nothing_and_repeats_nothing()
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var database = await server.NewDatabase();
        await using var writer = new TestNode(database, new());
        var marbles = 0;
        for (var i = 0; i < 150; i++)
        {
            var some = random.Next(1, 9);
            marbles += some;
            await writer.Drop($"{i % 12}", "red", some);
        }

        var clock = new HandClock(TimeProvider.System.GetUtcNow().AddDays(1));
        for (var life = 0; life < 12; life++)
        {
            var until = random.Next(1, 25);
            var dies = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            TestNode? node = null;
            await using (node = new TestNode(database, new(), clock, Quick, async (command, context, ct) =>
            {
                var mine = Interlocked.Decrement(ref until);
                if (mine == 0) dies.TrySetResult();
                if (mine is 0 or -2) ct.ThrowIfCancellationRequested();
                var outcome = await node!.Execute(command, context, ct);

                // Killed after the append and before the command is settled.
                return mine <= 0 && random.Next(2) == 0 ? throw new OperationCanceledException() : outcome;
            }))
            {
                node.Started();
                await Task.WhenAny(dies.Task, Task.Delay(TimeSpan.FromSeconds(2)));
            }
        }

        await using var last = TestNode.WithSaga(database, clock).Started();
        await Until.True(
            async () => await last.Scalar<long>("select count(*) from coop.saga_command where status <> 'done'") == 0
                && (await last.Echoes()).Values.Sum(s => s.Echoes) == 150 && (await last.Echoes()).Values.Sum(s => s.Woken) == 12,
            $"rest (seed {seed})");

        var states = await last.Echoes();
        states.Values.Sum(s => s.Heard).ShouldBe(150);
        var log = (await last.Store.ReadAll(0, 10_000)).Select(e => (Jar.Event.Dropped)e.Fact).ToList();
        log.Where(d => d.Color is "green").Sum(d => d.Marbles).ShouldBe(marbles);
        log.Count(d => d.Color is "green").ShouldBe(150);
        log.Count(d => d.Color is "blue").ShouldBe(12);
        (await last.Runtime.Health()).Alarms.ShouldBeEmpty();
    }

    [Fact]
    public async Task two_nodes_run_the_same_saga_and_every_step_happens_once()
    {
        var database = await server.NewDatabase();
        await using var one = TestNode.WithSaga(database).Started();
        await using var two = TestNode.WithSaga(database).Started();
        await Task.WhenAll(Enumerable.Range(0, 6).Select(async writer =>
        {
            for (var i = 0; i < 30; i++) await (writer % 2 == 0 ? one : two).Drop($"{writer % 4}", "red", writer == 0 && i == 7 ? 666 : 2);
        }));

        await Until.True(async () => (await one.Echoes()).Values.Sum(s => s.Echoes + s.Refusals.Count) == 180, "all echoes");
        var states = await one.Echoes();
        states.Values.Sum(s => s.Heard).ShouldBe(180);
        states.Values.Sum(s => s.Refusals.Count).ShouldBe(1);
        (await one.Store.ReadAll(0, 10_000)).Count(e => e.Fact is Jar.Event.Dropped { Color: "green" }).ShouldBe(179);
        await Until.True(
            async () => await one.Scalar<long>("select count(*) from coop.saga_command where status = 'pending'") == 0, "all settled");
        (await one.Runtime.Health()).Alarms.ShouldBeEmpty();
    }

    [Fact]
    public async Task commands_of_one_instance_are_executed_in_order_and_one_at_a_time()
    {
        var order = new List<string>();
        var inside = 0;
        var database = await server.NewDatabase();
        TestNode? node = null;
        await using (node = new TestNode(database, new(), options: Quick, execute: async (command, context, ct) =>
        {
            if (((DropMarbles)command).Jar is "a")
            {
                Interlocked.Increment(ref inside).ShouldBe(1);
                await Task.Yield();
                lock (order) order.Add(context.Key!.Value);
                Interlocked.Decrement(ref inside);
                if (order.Count == 3) throw new TimeoutException("once");
            }

            return await node!.Execute(command, context, ct);
        }))
        {
            var expected = new List<string>();
            for (var i = 0; i < 8; i++) expected.Add($"test_echo/a/{(await node.Drop("a", "red", 1)).Position}/0");
            for (var i = 0; i < 20; i++) await node.Drop($"b{i}", "red", 1);
            node.Started();
            await Until.True(async () => (await node.Echoes()).Values.Sum(s => s.Echoes) == 28, "all echoes");
            expected.Insert(2, expected[2]);
            order.ShouldBe(expected);
        }
    }

    [Fact]
    public async Task a_command_that_keeps_failing_is_parked_with_an_alarm_holds_up_only_its_instance_and_can_be_tried_again()
    {
        var isBroken = true;
        var tries = 0;
        var database = await server.NewDatabase();
        TestNode? node = null;
        await using (node = new TestNode(database, new(), options: Quick, execute: (command, context, ct) =>
        {
            if (((DropMarbles)command).Jar is not "a" || !isBroken) return node!.Execute(command, context, ct);
            Interlocked.Increment(ref tries);
            throw new TimeoutException("out of order");
        }))
        {
            node.Started();
            var first = await node.Drop("a", "red", 1);
            await node.Drop("a", "red", 1);
            await node.Drop("b", "red", 1);
            await Until.True(async () => (await node.Runtime.Health()).Alarms.Count == 1, "the alarm");
            await Until.True(async () => (await node.Echoes())["b"].Echoes == 1, "the other instance");
            tries.ShouldBe(4);
            var id = $"test_echo/a/{first.Position}/0";
            (await node.Runtime.Health()).Alarms.Single().Source.ShouldBe($"saga_command/{TestNode.Tenant}/{id}");
            (await node.Echoes())["a"].Echoes.ShouldBe(0);

            isBroken = false;
            (await node.Runtime.RetryCommand(TestNode.Tenant, id)).ShouldBeTrue();
            await Until.True(async () => (await node.Echoes())["a"].Echoes == 2, "both commands");
            (await node.Runtime.Health()).Alarms.ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task what_a_killed_node_had_claimed_is_taken_up_when_its_lease_has_run_out_and_not_before()
    {
        var database = await server.NewDatabase();
        var executedAt = new List<DateTimeOffset>();
        TestNode? node = null;
        await using (node = new TestNode(database, new(), options: Quick, execute: (command, context, ct) =>
        {
            lock (executedAt) executedAt.Add(TimeProvider.System.GetUtcNow());
            return node!.Execute(command, context, ct);
        }))
        {
            // Heard and claimed by a node that was killed then.
            await node.Drop("a", "red", 1);
            await using (var killed = new TestNode(database, new(), execute: (_, _, ct) => Task.Delay(-1, ct).ContinueWith<CommandOutcome>(
                _ => throw new OperationCanceledException(ct), TaskScheduler.Default)).Started())
            {
                await Until.True(async () => await killed.Scalar<long>("select count(*) from coop.saga_command") == 1, "the command");
            }

            await node.Execute(
                "update coop.saga_command set lease = gen_random_uuid(), lease_until = clock_timestamp() + interval '1200 ms'");
            var until = await node.Scalar<DateTime>("select lease_until from coop.saga_command");
            node.Started();
            await Until.True(async () => (await node.Echoes())["a"].Echoes == 1, "the echo");
            executedAt.Single().UtcDateTime.ShouldBeGreaterThanOrEqualTo(until);
        }
    }

    [Fact]
    public async Task a_saga_stops_at_an_event_that_it_cannot_take_and_the_others_go_on()
    {
        var database = await server.NewDatabase();
        TestNode? node = null;
        var plan = TestNode.Sagas((command, context, ct) => node!.Execute(command, context, ct));
        await using (node = new TestNode(database,
            new() { ReadModels = [Jars], Sagas = plan with { All = [.. plan.All, new TouchySaga()] } }))
        {
            node.Started();
            var fine = await node.Drop("a", "red", 1);
            var poison = await node.Drop("a", "red", 13);
            await node.Drop("a", "red", 2);
            await Until.True(async () => (await node.Echoes()).GetValueOrDefault("a")?.Echoes == 3, "the other saga");
            await Until.True(async () => (await node.Runtime.Health()).Alarms.Count == 1, "the alarm");
            (await node.Runtime.Health()).Alarms.Single().ShouldSatisfyAllConditions(
                a => a.Source.ShouldBe("saga/test_touchy"), a => a.Position.ShouldBe(poison.Position));
            (await node.Scalar<long>("select position from coop.saga where saga = 'test_touchy'")).ShouldBe(fine.Position);
        }
    }

    [Fact]
    public async Task run_until_idle_does_the_same_in_the_same_order_every_time_and_leaves_nothing_that_is_due()
    {
        var first = await Script();
        var second = await Script();
        first.ShouldBe(second);
        first.Count(e => e.Contains("blue", StringComparison.Ordinal)).ShouldBe(9);
        first.Count(e => e.Contains("green", StringComparison.Ordinal)).ShouldBe(29);

        async Task<List<string>> Script()
        {
            var clock = new HandClock(new(2024, 7, 1, 8, 0, 0, TimeSpan.Zero));
            await using var node = TestNode.WithSaga(await server.NewDatabase(), clock);
            await node.Store.BeginSeeding(() => clock.Now);
            for (var i = 0; i < 30; i++)
            {
                clock.Now = clock.Now.AddMinutes(7);
                await node.Drop($"{i % 9}", "red", i == 5 ? 666 : i);
                await node.Runtime.RunUntilIdle(clock.Now);
            }

            while (await node.Runtime.NextTimer() is { } due)
            {
                clock.Now = due > clock.Now ? due : clock.Now;
                await node.Runtime.RunUntilIdle(clock.Now);
            }

            await node.Store.EndSeeding();
            (await node.Query<string>("select distinct status from coop.saga_command order by 1")).ShouldBe(["done", "refused"]);
            (await node.Echoes()).Values.Sum(s => s.Woken).ShouldBe(9);
            var log = await node.Store.ReadAll(0, 1_000);
            return [.. log.Select(e => $"{e.Position} {e.At:O} {e.Stream}@{e.Version} {e.Fact} {e.Metadata.Actor}")];
        }
    }

    [Fact]
    public async Task the_loops_go_on_where_run_until_idle_stopped()
    {
        await using var node = TestNode.WithSaga(await server.NewDatabase());
        await node.Drop("a", "red", 1);
        await node.Runtime.RunUntilIdle(TimeProvider.System.GetUtcNow());
        (await node.Echoes())["a"].Echoes.ShouldBe(1);
        node.Started();
        await node.Drop("a", "red", 1);
        await Until.True(async () => (await node.Echoes())["a"].Echoes == 2, "the second echo");
        (await node.Echoes())["a"].Heard.ShouldBe(2);
    }

    private sealed class TouchySaga : Saga<EchoState>
    {
        public override string Name => "test_touchy";

        public override string? Correlate(RecordedEvent e) => e.Fact is Jar.Event.Dropped { Color: "red" } ? "all" : null;

        public override EchoState Initial(string id) => new(0, 0, 0, [], null);

        public override SagaStep<EchoState> On(EchoState state, SagaInput input) =>
            input is SagaInput.Heard { Event.Fact: Jar.Event.Dropped { Marbles: 13 } }
                ? throw new InvalidOperationException("thirteen!")
                : new(state with { Heard = state.Heard + 1 });
    }
}
