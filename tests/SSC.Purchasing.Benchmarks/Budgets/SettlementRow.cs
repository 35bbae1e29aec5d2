using System.Diagnostics;
using System.Globalization;
using Npgsql;
using SSC.Purchasing.EventStore.ReadModels;
using SSC.Purchasing.EventStore.Subscriptions;
using SSC.Purchasing.Host;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.JointOrders;
using SSC.Purchasing.Sagas;

namespace SSC.Purchasing.Benchmarks.Budgets;

/// <summary>Closing a joint order of 1,000 members × 50 lines, up to its stored allocation, with every read model running.</summary>
internal static class SettlementRow
{
    private const int Members = 1_000;
    private const int Lines = 50;
    private const string Name = "closing an order of 1,000 members × 50 lines, to a stored allocation";

    public static string[] Names { get; } = [Name];

    public static async Task Measure(Bench bench)
    {
        var connection = await bench.NewDatabase("bench_settlement");
        await using var node = new OpenStore(connection, bench.Catalogue);
        var models = new PostgresReadModels(node.Pool.Reading);
        await using var runtime = new StoreRuntime(node.Pool.Reading, node.Store, new() { ReadModels = Modules.ReadModels }, models);
        runtime.Start();
        var work = SagaCommandHandler.Over(node.Commands, models).Orders;
        var pairs = new Pairs();
        var why = "";
        for (var round = -1; round < Math.Min(3, bench.Rounds); round++)
        {
            Bench.Say(round < 0 ? "settling, to warm up" : "settling");
            var order = new JointOrderId(string.Create(CultureInfo.InvariantCulture, $"JO-{round + 1}"));
            await Commit(node, order);
            await CatchUp(node, models);
            var cpu = new CpuTime(bench, ("this process", Environment.ProcessId));
            var start = Stopwatch.GetTimestamp();
            var close = new JointOrder.Command.Close(DateTimeOffset.UtcNow);
            World.Done(await work.Decide(OpenStore.Context, order, close, CancellationToken.None));
            var closed = Stopwatch.GetElapsedTime(start);
            World.Done(await work.Settle(OpenStore.Context, order, CancellationToken.None));
            var took = Stopwatch.GetElapsedTime(start);
            why = string.Create(
                CultureInfo.InvariantCulture,
                $"close {closed.TotalMilliseconds:0} ms, settle {(took - closed).TotalMilliseconds:0} ms; {cpu.Shares()}.");
            var history = await work.LoadOrder(Bench.Tenant, order, CancellationToken.None);
            var state = history.State;
            if (state.Lines.Count != Lines || state.Totals.Count(t => t.Member != SettlementRules.Stock) != Members)
            {
                throw new InvalidOperationException(
                    $"{order}: {state.Lines.Count} lines and {state.Totals.Count} members; last: {history.Events[^1].Type}.");
            }

            if (round >= 0) pairs.Add(took.TotalSeconds, (await PlainRead(connection, order)).TotalSeconds);
        }

        bench.Report(Budget.Below(Name, pairs, 2, "s") with { Against = "plain read of the commitments", Why = why });
    }

    private static async Task Commit(OpenStore node, JointOrderId order)
    {
        var lines = World.Schedule(Lines)
            .Select((item, i) => new OrderLine(i + 1, item, AllocationPolicy.ProRata, Quantity.Of(1))).ToStructuralList();
        var cutoff = DateTimeOffset.UtcNow.AddSeconds(-1);
        var terms = new OrderTerms(
            "For measuring", World.Contract, World.Vendor, [], World.Cooperative, OrderScope.Cooperative, 1, lines, cutoff, new());
        await node.Given($"joint-order-{order}", new JointOrder.Event.Planned(terms), new JointOrder.Event.Opened(1, lines, cutoff));
        await Task.WhenAll(Enumerable.Range(0, Members).Select(m =>
        {
            var committed = World.Lines(m, Lines, 30 + (m % 50));
            return node.Given(
                $"commitment-{Commitment.Key(order, World.Member(m))}",
                new Commitment.Event.Placed(
                    order, World.Member(m), World.Cooperative, committed, CommitmentRules.Changes([], committed),
                    Money.FromDollars(100_000m), null, 0, 1, "buyer"));
        }));
    }

    private static async Task CatchUp(OpenStore node, PostgresReadModels models)
    {
        var end = (await node.Store.Head()).Position;
        foreach (var model in Modules.ReadModels)
        {
            if (!await models.WaitFor(model, end, TimeSpan.FromMinutes(2)))
                throw new InvalidOperationException($"{model.Name} does not reach {end}.");
        }
    }

    private static async Task<TimeSpan> PlainRead(string connection, JointOrderId order)
    {
        await using var db = NpgsqlDataSource.Create(connection);
        await using var opened = await db.OpenConnectionAsync();
        var start = Stopwatch.GetTimestamp();
        await using var command = new NpgsqlCommand(
            "select data from public.mt_events where tenant_id = $1 and stream_id = any($2)", opened);
        command.Parameters.Add(new() { Value = Bench.Tenant });
        command.Parameters.Add(new()
        {
            Value = Enumerable.Range(0, Members).Select(m => $"commitment-{Commitment.Key(order, World.Member(m))}").ToArray(),
        });
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync()) _ = reader.GetFieldValue<byte[]>(0);
        return Stopwatch.GetElapsedTime(start);
    }
}
