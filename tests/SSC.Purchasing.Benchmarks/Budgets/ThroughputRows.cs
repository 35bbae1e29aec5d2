using System.Diagnostics.Metrics;
using System.Globalization;
using SSC.Purchasing.EventStore;
using SSC.Purchasing.Host;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.JointOrders;

namespace SSC.Purchasing.Benchmarks.Budgets;

/// <summary>Appends and commands per second and their latency against R1, and the host's memory meanwhile.</summary>
internal static class ThroughputRows
{
    private const string Commitments = "HTTP commands/s: members revise commitments, 64 connections";
    private const string Adoptions = "HTTP commands/s: a new stream each (budgets adopted), 64 connections";
    private const string Store64 = "store appends/s, 64 callers";
    private const string Store256 = "store appends/s, 256 callers";
    private const string StoreP99 = "p99 of one append, 64 callers";
    private const string HttpP99 = "p99 of one HTTP command, 64 connections";
    private const string Memory = "resident memory of the host under load";


    /// <summary>The stores of this build; each has the same rows, measured in turn in the same run.</summary>
    private static readonly (Engine Engine, string On)[] Stores =
    [
        (Engine.Npgsql, ""),
#if CRITTER_STACK
        (Engine.CritterStack, ", on Marten"),
#endif
    ];

    public static string[] Names { get; } =
    [
        Commitments, Adoptions, HttpP99, Memory, .. Stores.SelectMany(s => new[] { Store64 + s.On, Store256 + s.On, StoreP99 + s.On }),
    ];

    public static async Task Measure(Bench bench)
    {
        var withHttp = new[] { Commitments, Adoptions, HttpP99, Memory }.Any(bench.Options.Wants);
        var contenders = new List<Contender>();
        await using var nodes = new Opened();
        foreach (var (engine, on) in Stores)
        {
            if (!new[] { Store64 + on, Store256 + on, StoreP99 + on }.Any(bench.Options.Wants)) continue;
            var appends = new Appends(nodes.Add(new(await bench.NewDatabase($"bench_{engine}", engine), bench.Catalogue, engine)));
            contenders.Add(new(Store64 + on, time => appends.Run(64, time)));
            contenders.Add(new(Store256 + on, time => appends.Run(256, time)));
        }

        RunningHost? host = null;
        if (withHttp)
        {
            var http = await bench.Http();
            host = http.Host;
            contenders.Add(new(Commitments, time => http.Run("commitments", time), ("host", host.ProcessId), ("load", http.LoadProcess)));
            contenders.Add(new(Adoptions, time => http.Run("budgets", time), ("host", host.ProcessId), ("load", http.LoadProcess)));
        }

        var atRest = host?.ResidentMemory / 1e6 ?? 0;
        Bench.Say("warming up");
        await bench.Reference.Run(TimeSpan.FromSeconds(2));
        foreach (var contender in contenders) await contender.Run(bench.WarmUp);
        var memory = 0.0;
        for (var round = 1; round <= bench.Rounds; round++)
        {
            Bench.Say(string.Create(CultureInfo.InvariantCulture, $"throughput, round {round} of {bench.Rounds}"));
            foreach (var contender in contenders)
            {
                var theirs = await bench.Reference.Run(bench.PhaseTime);
                contender.Add(await contender.Measure(bench), theirs);
                memory = Math.Max(memory, host?.ResidentMemory / 1e6 ?? 0);
            }
        }

        Contender? Of(string name) => contenders.Find(c => c.Name == name);
        if (Of(Commitments) is { } commitments && Of(Adoptions) is { } adoptions)
        {
            bench.Report(Budget.AtLeast(Commitments, commitments.Rates, 1.0, "/s") with { Why = commitments.Why });
            bench.Report(Budget.AtLeast(Adoptions, adoptions.Rates, 1.0, "/s") with { Why = adoptions.Why });
            bench.Report(Budget.AtMost(HttpP99, commitments.Tails, 2.0, "ms") with { Why = commitments.Why });
            var used = new Pairs();
            used.Add(memory, atRest);
            bench.Report(Budget.Below(Memory, used, 300, "MB") with
            {
                Against = "before the load", Why = "Highest resident memory after the phases.",
            });
        }

        foreach (var (_, on) in Stores)
        {
            if (Of(Store64 + on) is not { } few || Of(Store256 + on) is not { } many) continue;
            bench.Report(Budget.AtLeast(Store64 + on, few.Rates, 1.4, "/s") with { Why = few.Why });
            bench.Report(Budget.AtLeast(Store256 + on, many.Rates, 1.6, "/s") with { Why = many.Why });
            bench.Report(Budget.AtMost(StoreP99 + on, few.Tails, 1.0, "ms") with { Why = few.Why });
        }
    }

    /// <summary>Stores that are open for the time of the measurement.</summary>
    private sealed class Opened : IAsyncDisposable
    {
        private readonly List<OpenStore> all = [];

        public OpenStore Add(OpenStore node)
        {
            all.Add(node);
            return node;
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var node in all) await node.DisposeAsync();
        }
    }

    /// <summary>Something that is measured in turn with the reference.</summary>
    private sealed class Contender(string name, Func<TimeSpan, Task<Phase>> run, params (string Name, int Pid)[] processes)
    {
        private string why = "";

        public string Name => name;

        public Pairs Rates { get; } = new();

        public Pairs Tails { get; } = new();

        public string Why => why;

        public Task<Phase> Run(TimeSpan time) => run(time);

        public async Task<Phase> Measure(Bench bench)
        {
            var cpu = new CpuTime(bench, processes.Length > 0 ? processes : [("this process", Environment.ProcessId)]);
            using var batches = new BatchSizes();
            var phase = await run(bench.PhaseTime);
            why = string.Create(CultureInfo.InvariantCulture, $"p50 {phase.P50:0.0} ms, p99 {phase.P99:0.0} ms; {batches}{cpu.Shares()}.");
            return phase;
        }

        public void Add(Phase ours, Phase theirs)
        {
            Rates.Add(ours.PerSecond, theirs.PerSecond);
            Tails.Add(ours.P99, theirs.P99);
        }
    }
}

/// <summary>
/// One-event appends, each under an idempotency key of its own; every caller fills a stream with ten events and begins the next.
/// </summary>
internal sealed class Appends(OpenStore node)
{
    private const int PerStream = 10;
    private static int runs;

    public Task<Phase> Run(int callers, TimeSpan time)
    {
        var run = Interlocked.Increment(ref runs);
        var fact = new JointOrder.Event.BoxFillClaimed(new("M-0001"), new("M-0001-A"), 1, Quantity.Of(60));
        var hash = new byte[32];
        return Callers.Run(callers, time, async (caller, n) =>
        {
            var id = Guid.CreateVersion7();
            var outcome = await node.Store.Append(
                new()
                {
                    Tenant = Bench.Tenant,
                    Stream = string.Create(CultureInfo.InvariantCulture, $"joint-order-{run}-{caller}-{n / PerStream}"),
                    ExpectedVersion = n % PerStream,
                    Events = [new(id, fact)],
                    Metadata = new("bench", "bench"),
                    Key = new(id.ToString("N"), hash),
                },
                CancellationToken.None);
            if (outcome is not AppendOutcome.Appended) throw new InvalidOperationException($"{outcome}");
        });
    }
}

/// <summary>Appends per transaction of this process's appenders since it was made, from the store's own meter.</summary>
internal sealed class BatchSizes : IDisposable
{
    private readonly MeterListener listener = new();
    private long appends;
    private long batches;
    private long careful;

    public BatchSizes()
    {
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Meter.Name == StoreTelemetry.Name && instrument.Name is "eventstore.batch.size" or "eventstore.batches.careful")
                l.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<int>((_, size, _, _) =>
        {
            Interlocked.Add(ref appends, size);
            Interlocked.Increment(ref batches);
        });
        listener.SetMeasurementEventCallback<long>((_, count, _, _) => Interlocked.Add(ref careful, count));
        listener.Start();
    }

    public void Dispose() => listener.Dispose();

    /// <summary>A part of a sentence; empty when nothing was appended in this process.</summary>
    public override string ToString() => batches == 0 ? "" : string.Create(
        CultureInfo.InvariantCulture, $"{(double)appends / batches:0} appends a transaction, {careful} of {batches} on the careful path; ");
}
