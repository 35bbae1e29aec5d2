using Shouldly;
using SSC.Purchasing.EventStore.ReadModels;
using SSC.Purchasing.EventStore.Subscriptions;
using SSC.Purchasing.Kernel;
using Xunit;

namespace SSC.Purchasing.DatabaseTests.Runtime;

public sealed class ReadModelTests(DatabaseServer server)
{
    private static readonly JarRows Jars = new();
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task who_waits_for_the_position_of_a_command_sees_its_effect()
    {
        await using var node = new TestNode(await server.NewDatabase(), new() { ReadModels = [Jars] }).Started();
        for (var i = 1; i <= 50; i++)
        {
            var done = await node.Drop("a", "red", 1);
            (await node.ReadModels.WaitFor(Jars, done.Position, Patience)).ShouldBeTrue();
            (await node.ReadModels.Find(Jars, TestNode.Tenant, "jar-a")).ShouldNotBeNull().Marbles.ShouldBe(i);
        }
    }

    [Fact]
    public async Task a_node_that_runs_no_projection_waits_for_another_nodes()
    {
        var database = await server.NewDatabase();
        await using var worker = new TestNode(database, new() { ReadModels = [Jars] }).Started();
        await using var reader = new TestNode(database, new());
        var done = await reader.Drop("a", "red", 3);
        (await reader.ReadModels.WaitFor(Jars, done.Position, Patience)).ShouldBeTrue();
        (await reader.ReadModels.Find(Jars, TestNode.Tenant, "jar-a")).ShouldNotBeNull().Marbles.ShouldBe(3);
    }

    [Fact]
    public async Task a_wait_for_what_never_comes_ends_with_its_time()
    {
        await using var node = new TestNode(await server.NewDatabase(), new() { ReadModels = [Jars] }).Started();
        (await node.ReadModels.WaitFor(Jars, 1_000_000, TimeSpan.FromMilliseconds(150))).ShouldBeFalse();
    }

    [Fact]
    public async Task rows_are_listed_by_index_in_ordinal_key_order_page_by_page_and_only_the_tenants_own()
    {
        await using var node = new TestNode(await server.NewDatabase(), new() { ReadModels = [Jars] }).Started();
        foreach (var jar in new[] { "b", "a", "Z", "ä", "c" }) await node.Drop(jar, jar is "c" ? "blue" : "red", 12);
        await node.Drop("a", "red", 1, tenant: "wi");
        await node.Drop("gone", "red", 1);
        var last = await node.Do("gone", new Jar.Command.Empty());
        await node.ReadModels.WaitFor(Jars, last.Position, Patience);

        var red = new RowQuery
        {
            Where = new Dictionary<string, string>(StringComparer.Ordinal) { ["color"] = "red", ["is_full"] = "yes" },
            Limit = 2,
        };
        var first = await node.ReadModels.List(Jars, TestNode.Tenant, red);
        var second = await node.ReadModels.List(Jars, TestNode.Tenant, red with { After = first[^1].Key });

        first.Select(r => r.Key).ShouldBe(["jar-Z", "jar-a"]);
        second.Select(r => r.Key).ShouldBe(["jar-b", "jar-ä"]);
        (await node.Rows(Jars, "wi")).Keys.ShouldBe(["jar-a"]);
        (await node.ReadModels.Find(Jars, TestNode.Tenant, "jar-gone")).ShouldBeNull();
    }

    [Fact]
    public async Task a_projection_stops_at_an_event_it_cannot_apply_alarms_and_never_skips_while_others_go_on()
    {
        var sick = new SuperstitiousRows();
        var database = await server.NewDatabase();
        await using var node = new TestNode(database, new() { ReadModels = [sick, Jars] }).Started();
        var before = await node.Drop("a", "red", 5);
        var poison = await node.Drop("a", "red", 13);
        var after = await node.Drop("b", "red", 1);

        (await node.ReadModels.WaitFor(Jars, after.Position, Patience)).ShouldBeTrue();
        await Until.True(async () => (await node.Runtime.Health()).Alarms.Count == 1, "the alarm");

        var health = await node.Runtime.Health();
        health.IsReady.ShouldBeFalse();
        health.Alarms.Single().ShouldSatisfyAllConditions(
            a => a.Source.ShouldBe($"read_model/{sick.Name}"),
            a => a.Position.ShouldBe(poison.Position),
            a => a.Message.ShouldContain("thirteen!"));
        health.Loops.Single(l => l.Stopped is not null).Checkpoint.ShouldBe(before.Position);
        (await node.Rows(sick)).Keys.ShouldBe(["jar-a"]);
        (await node.Rows(sick))["jar-a"].Marbles.ShouldBe(5);
        (await node.ReadModels.WaitFor(sick, after.Position, TimeSpan.FromMilliseconds(100))).ShouldBeFalse();

        // A release that can apply it goes on from there.
        sick.IsCured = true;
        await using var mended = new TestNode(database, new() { ReadModels = [sick] }).Started();
        (await mended.ReadModels.WaitFor(sick, after.Position, Patience)).ShouldBeTrue();
        (await mended.Rows(sick)).ShouldBe(await mended.Replay(sick), ignoreOrder: true);
        (await mended.Runtime.Health()).Alarms.ShouldBeEmpty();
    }

    [Fact]
    public async Task an_event_type_that_this_version_does_not_know_stops_the_projection()
    {
        await using var node = new TestNode(await server.NewDatabase(), new() { ReadModels = [Jars] });
        var known = await node.Drop("a", "red", 1);
        await node.Execute(
            """
            with next as (update coop.head set position = position + 1 returning position)
            insert into mt_events (seq_id, id, stream_id, version, data, type, tenant_id, correlation_id, headers)
            select next.position, gen_random_uuid(), 'x-1', 1, '{}', 'test_from_the_future', 'mn', 'c', e.headers from next, mt_events e
            """);
        node.Started();
        await Until.True(async () => (await node.Runtime.Health()).Alarms.Count == 1, "the alarm");
        (await node.Runtime.Health()).Alarms.Single().Message.ShouldContain("test_from_the_future");
        (await node.ReadModels.Position(Jars)).ShouldBe(known.Position);
    }

    [Fact]
    public async Task a_rebuild_under_writes_equals_a_fresh_replay_and_readers_never_see_a_part_of_it()
    {
        await using var node = new TestNode(await server.NewDatabase(), new() { ReadModels = [Jars] }).Started();
        for (var i = 0; i < 300; i++) await node.Drop($"{i % 30}", "red", 1);
        var settled = await node.Drop("settled", "red", 7);
        (await node.ReadModels.WaitFor(Jars, settled.Position, Patience)).ShouldBeTrue();

        using var stop = new CancellationTokenSource();
        var last = settled;
        var writing = Task.Run(async () =>
        {
            for (var i = 0; !stop.IsCancellationRequested; i++) last = await node.Drop($"{i % 40}", "red", 1);
        });
        var reading = Task.Run(async () =>
        {
            var reads = 0;
            while (!stop.IsCancellationRequested)
            {
                var rows = await node.Rows(Jars);
                rows.Count.ShouldBeGreaterThanOrEqualTo(31);
                rows["jar-settled"].Marbles.ShouldBe(7);
                reads++;
            }

            return reads;
        });

        var reports = new List<RebuildProgress>();
        for (var i = 0; i < 3; i++) await node.Runtime.Rebuild(Jars.Name, new Progressing(reports.Add));
        await stop.CancelAsync();
        await writing;
        (await reading).ShouldBeGreaterThan(0);

        reports.ShouldNotBeEmpty();
        (await node.ReadModels.WaitFor(Jars, last.Position, Patience)).ShouldBeTrue();
        (await node.Rows(Jars)).ShouldBe(await node.Replay(Jars), ignoreOrder: true);
        (await node.Query<string>("select tablename::text from pg_tables where tablename like 'rm_test_jars%'"))
            .ShouldBe(["rm_test_jars_g4"]);
    }

    [Fact]
    public async Task a_new_version_is_built_beside_the_live_one_and_an_old_node_stands_back()
    {
        var database = await server.NewDatabase();
        var next = new JarRowsNext();
        await using var old = new TestNode(database, new() { ReadModels = [Jars] }).Started();
        var first = await old.Drop("a", "red", 5);
        (await old.ReadModels.WaitFor(Jars, first.Position, Patience)).ShouldBeTrue();

        await using var fresh = new TestNode(database, new() { ReadModels = [next] }).Started();
        var second = await fresh.Drop("b", "blue", 5);
        (await fresh.ReadModels.WaitFor(next, second.Position, Patience)).ShouldBeTrue();
        await Until.True(async () => await fresh.Scalar<int>("select version from coop.read_model") == 2, "the switch");
        var third = await old.Drop("c", "blue", 5);
        (await fresh.ReadModels.WaitFor(next, third.Position, Patience)).ShouldBeTrue();

        var blue = new RowQuery { Where = new Dictionary<string, string>(StringComparer.Ordinal) { ["hue"] = "BLUE" } };
        (await fresh.ReadModels.List(next, TestNode.Tenant, blue)).Select(r => r.Key).ShouldBe(["jar-b", "jar-c"]);
        (await old.ReadModels.Find(Jars, TestNode.Tenant, "jar-c")).ShouldNotBeNull();
        await Until.True(async () => (await old.Runtime.Health()).Loops.Any(l => l.Stopped is not null), "the old node stands back");
    }

    [Fact]
    public async Task two_nodes_apply_each_event_once()
    {
        var database = await server.NewDatabase();
        await using var one = new TestNode(database, new() { ReadModels = [Jars] }).Started();
        await using var two = new TestNode(database, new() { ReadModels = [Jars] }).Started();
        var done = await Task.WhenAll(Enumerable.Range(0, 8).Select(async writer =>
        {
            CommandOutcome.Done? last = null;
            for (var i = 0; i < 50; i++) last = await (writer % 2 == 0 ? one : two).Drop($"{writer}-{i % 5}", "red", 1);
            return last!.Position;
        }));

        (await one.ReadModels.WaitFor(Jars, done.Max(), Patience)).ShouldBeTrue();
        (await two.ReadModels.WaitFor(Jars, done.Max(), Patience)).ShouldBeTrue();
        var rows = await two.Rows(Jars);
        rows.ShouldBe(await one.Replay(Jars), ignoreOrder: true);
        rows.Values.Sum(r => r.Events).ShouldBe(400);
    }

    [Fact]
    public async Task rows_that_a_crash_of_the_database_took_back_with_their_checkpoint_are_applied_again()
    {
        await using var node = new TestNode(await server.NewDatabase(), new() { ReadModels = [Jars] }).Started();
        await node.Drop("a", "red", 1);
        var last = await node.Drop("b", "red", 2);
        (await node.ReadModels.WaitFor(Jars, last.Position, Patience)).ShouldBeTrue();

        // Rows and checkpoints are committed without waiting for the disk: a crash may undo the last of them, the log never.
        await node.Execute("with gone as (delete from coop.rm_test_jars_g1) update mt_event_progression set last_seq_id = 0");
        await Until.True(async () =>
        {
            await node.Drop("c", "red", 1);
            return (await node.Rows(Jars)).Count == 3;
        }, "the lost rows are back");
        var end = await node.Drop("c", "red", 1);
        (await node.ReadModels.WaitFor(Jars, end.Position, Patience)).ShouldBeTrue();
        (await node.Rows(Jars)).ShouldBe(await node.Replay(Jars), ignoreOrder: true);
    }

    [Fact]
    public async Task events_that_mean_nothing_move_the_checkpoint_too_though_not_each_by_itself()
    {
        await using var node = new TestNode(await server.NewDatabase(), new() { ReadModels = [new NothingRows()] }).Started();
        var last = 0L;
        for (var i = 0; i < 20; i++) last = (await node.Drop("a", "red", 1)).Position;
        (await node.ReadModels.WaitFor(new NothingRows(), last, Patience)).ShouldBeTrue();
        await Until.True(
            async () => await node.ReadModels.Position(new NothingRows()) == last, "the checkpoint is stored at the end of the log");
    }

    [Fact]
    public async Task a_projection_that_starts_far_behind_is_rebuilt_instead_of_caught_up()
    {
        await using var node = new TestNode(await server.NewDatabase(), new() { ReadModels = [Jars] },
            options: new() { RebuildWhenBehind = 20 });
        var last = await node.Drop("a", "red", 1);
        for (var i = 0; i < 60; i++) last = await node.Drop($"{i % 7}", "red", 1);
        node.Started();
        (await node.ReadModels.WaitFor(Jars, last.Position, Patience)).ShouldBeTrue();
        (await node.Scalar<int>("select generation from coop.read_model")).ShouldBe(2);
        (await node.Rows(Jars)).ShouldBe(await node.Replay(Jars), ignoreOrder: true);
    }

    [Fact]
    public async Task listeners_hear_which_rows_changed_on_whichever_node()
    {
        var database = await server.NewDatabase();
        await using var one = new TestNode(database, new() { ReadModels = [Jars] }).Started();
        await using var two = new TestNode(database, new() { ReadModels = [Jars] }).Started();
        using var stop = new CancellationTokenSource(Patience);
        var heard = new[] { one, two }.Select(n => Task.Run(async () =>
        {
            await foreach (var change in n.Runtime.Changes.Listen(Jars.Name, TestNode.Tenant, "jar-mine", stop.Token)) return change;
            throw new InvalidOperationException("nothing was heard");
        })).ToArray();
        await Until.True(async () =>
        {
            await one.Drop("other", "red", 1);
            await one.Drop("mine", "red", 1);
            return Array.TrueForAll(heard, t => t.IsCompleted);
        }, "both hear");
        foreach (var change in heard) (await change).Key.ShouldBe("jar-mine");
    }

    [Fact]
    public async Task a_subscription_handles_every_event_once_across_nodes_and_restarts()
    {
        var database = await server.NewDatabase();
        var plan = new RuntimePlan
        {
            Subscriptions =
            [
                new("test_copy", async (events, connection, ct) =>
                {
                    foreach (var e in events)
                    {
                        await using var copy = new Npgsql.NpgsqlCommand($"insert into copied values ({e.Position})", connection);
                        await copy.ExecuteNonQueryAsync(ct);
                    }
                }, BatchSize: 7),
            ],
        };
        await using var one = new TestNode(database, plan);
        await one.Execute("create table copied (position bigint primary key)");
        one.Started();
        for (var i = 0; i < 40; i++) await one.Drop("a", "red", 1);
        await one.Runtime.Stop();
        await using var two = new TestNode(database, plan).Started();
        await using var three = new TestNode(database, plan).Started();
        for (var i = 0; i < 40; i++) await one.Drop("a", "red", 1);
        await Until.True(async () => await one.Scalar<long>("select count(*) from copied") == 80, "all copied");
    }

    private sealed class Progressing(Action<RebuildProgress> report) : IProgress<RebuildProgress>
    {
        public void Report(RebuildProgress value) => report(value);
    }
}
