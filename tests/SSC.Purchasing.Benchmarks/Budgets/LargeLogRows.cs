using System.Diagnostics;
using System.Globalization;
using Npgsql;
using SSC.Purchasing.EventStore.ReadModels;
using SSC.Purchasing.EventStore.Subscriptions;
using SSC.Purchasing.Procurement.JointOrders;

namespace SSC.Purchasing.Benchmarks.Budgets;

/// <summary>What a log of 1,000,000 events does to reading the past, to rebuilding and to appending.</summary>
internal static class LargeLogRows
{
    private const int SmallLog = 10_000;
    private const string AsOf = "any aggregate as of any time, 1,000,000 events, p99";
    private const string Rebuild = "rebuilding one read model, events/s";
    private const string Kept = "throughput kept from 10 k to 1 M events";

    public static string[] Names { get; } = [AsOf, Rebuild, Kept];

    public static async Task Measure(Bench bench)
    {
        Bench.Say(string.Create(CultureInfo.InvariantCulture, $"filling a log of {bench.LargeLog:#,0} events"));
        var connection = await bench.NewDatabase("bench_large");
        await LargeLog.Fill(connection, bench.LargeLog);
        if (bench.Options.Wants(AsOf)) await MeasureAsOf(bench, connection);
        if (bench.Options.Wants(Rebuild)) await MeasureRebuild(bench, connection);
        if (bench.Options.Wants(Kept)) await MeasureKept(bench, connection);
    }

    private static async Task MeasureAsOf(Bench bench, string connection)
    {
        await using var node = new OpenStore(connection, bench.Catalogue);
        await using var db = NpgsqlDataSource.Create(connection);
        await using var opened = await db.OpenConnectionAsync();
        var random = new Random(471);
        var time = bench.PhaseTime / 2;
        var pairs = new Pairs();
        Bench.Say("reading aggregates as of a time");
        for (var round = -1; round < bench.Rounds; round++)
        {
            var plain = await Callers.Run(1, time, (_, _) => PlainRead(opened, random.Next(bench.LargeLog / LargeLog.EventsPerCommitment)));
            var ours = await Callers.Run(1, time, async (_, _) =>
            {
                var commitment = random.Next(bench.LargeLog / LargeLog.EventsPerCommitment);
                var position = await node.Store.PositionAsOf(LargeLog.TimeOf(random.Next(bench.LargeLog)));
                await node.Commands.LoadAsOf<Commitment, Commitment.Command, Commitment.State, Commitment.Event>(
                    Bench.Tenant, LargeLog.KeyOf(commitment), position);
            });
            if (round >= 0) pairs.Add(ours.P99, plain.P99);
        }

        bench.Report(Budget.Below(AsOf, pairs, 20, "ms") with { Against = "plain read of one stream" });
    }

    private static async Task PlainRead(NpgsqlConnection opened, int commitment)
    {
        await using var command = new NpgsqlCommand("select data from public.mt_events where tenant_id = $1 and stream_id = $2", opened)
        {
            Parameters = { new() { Value = Bench.Tenant }, new() { Value = $"commitment-{LargeLog.KeyOf(commitment)}" } },
        };
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync()) _ = reader.GetFieldValue<byte[]>(0);
    }

    private static async Task MeasureRebuild(Bench bench, string connection)
    {
        await using var node = new OpenStore(connection, bench.Catalogue);
        await using var runtime = new StoreRuntime(
            node.Pool.Reading, node.Store, new() { ReadModels = [MemberCommitments.Instance] }, new PostgresReadModels(node.Pool.Reading));
        var pairs = new Pairs();
        var why = "";
        for (var round = 0; round < Math.Min(3, bench.Rounds); round++)
        {
            Bench.Say("rebuilding a read model");
            var plain = await Copy(connection);
            var cpu = new CpuTime(bench, ("this process", Environment.ProcessId));
            var start = Stopwatch.GetTimestamp();
            TimeSpan? folded = null;
            var progress = new Told<RebuildProgress>(p => folded ??= p.Position >= p.End ? Stopwatch.GetElapsedTime(start) : null);
            await runtime.Rebuild(MemberCommitments.Instance.Name, progress);
            var took = Stopwatch.GetElapsedTime(start);
            why = string.Create(
                CultureInfo.InvariantCulture,
                $"reading, folding {folded?.TotalSeconds:0.0} s, writing {(took - folded)?.TotalSeconds:0.0} s; {cpu.Shares()}.");
            pairs.Add(bench.LargeLog / took.TotalSeconds, bench.LargeLog / plain.TotalSeconds);
        }

        bench.Report(Budget.AtLeast(Rebuild, pairs, 0.5, "events/s") with { Against = "binary COPY of the same rows", Why = why });
    }

    /// <summary>Binary COPY of what a rebuild reads, straight through.</summary>
    private static async Task<TimeSpan> Copy(string connection)
    {
        await using var db = NpgsqlDataSource.Create(connection);
        await using var opened = await db.OpenConnectionAsync();
        var start = Stopwatch.GetTimestamp();
        await using var copy = await opened.BeginRawBinaryCopyAsync("""
            copy (select seq_id, id, tenant_id, stream_id, version, type, data, timestamp, correlation_id, causation_id, headers ->> 'actor'
                  from public.mt_events order by seq_id) to stdout (format binary)
            """);
        var buffer = new byte[1 << 16];
        while (await copy.ReadAsync(buffer, CancellationToken.None) > 0)
        {
            // Only taken in.
        }

        return Stopwatch.GetElapsedTime(start);
    }

    private static async Task MeasureKept(Bench bench, string large)
    {
        const string Template = "bench_small";
        await LargeLog.Fill(await bench.NewDatabase(Template), SmallLog);
        NpgsqlConnection.ClearAllPools();
        await using var big = new OpenStore(large, bench.Catalogue);
        var onBig = new Appends(big);
        await onBig.Run(64, bench.WarmUp);
        var pairs = new Pairs();
        var why = "";
        for (var round = 1; round <= bench.Rounds; round++)
        {
            Bench.Say(string.Create(CultureInfo.InvariantCulture, $"small and large log, round {round} of {bench.Rounds}"));

            // The small log is a fresh copy every time, or it would not stay small.
            var copy = await bench.Server.CreateDatabase(string.Create(CultureInfo.InvariantCulture, $"{Template}_{round}"), Template);
            await using var small = new OpenStore(copy, bench.Catalogue);
            var onSmall = new Appends(small);
            await onSmall.Run(64, TimeSpan.FromSeconds(0.5));
            var little = await onSmall.Run(64, bench.PhaseTime);
            await onBig.Run(64, TimeSpan.FromSeconds(0.5));
            var cpu = new CpuTime(bench, ("this process", Environment.ProcessId));
            using var batches = new BatchSizes();
            var much = await onBig.Run(64, bench.PhaseTime);
            why = $"{batches}{cpu.Shares()}.";
            pairs.Add(much.PerSecond, little.PerSecond);
        }

        bench.Report(Budget.AtLeast(Kept, pairs, 0.85, "/s") with { Against = "the small log", Why = why });
    }

    private sealed class Told<T>(Action<T> hear) : IProgress<T>
    {
        public void Report(T value) => hear(value);
    }
}
