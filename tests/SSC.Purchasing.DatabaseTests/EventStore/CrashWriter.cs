using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using SSC.Purchasing.EventStore;
using SSC.Purchasing.EventStore.ReadModels;
using SSC.Purchasing.EventStore.Subscriptions;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.DatabaseTests.EventStore;

/// <summary>
/// Writes under load and says of every command that was acknowledged so, as a client would see it, before the crash and after.
/// </summary>
internal static class CrashWriter
{
    public const string DatabaseVariable = "PURCHASING_CRASH_WRITER";
    private const int Writers = 24;

    [EventAlias("crash_test_written")]
    public sealed record Written(string Command, int Part, int Parts);

    /// <summary>What was written to a stream, folded: a read model that dies and comes back with its node.</summary>
    public sealed record Tally(int Events, long LastPosition);

    /// <summary>Tallies by stream.</summary>
    public sealed class Tallies : ReadModel<Tally>
    {
        public static readonly Tallies Instance = new();

        public override string Name => "crash_tallies";

        public override int Version => 1;

        public override IEnumerable<string> KeysOf(RecordedEvent e) => [e.Stream];

        // Applying an event twice, or leaving one out, shows in the count for good.
        public override Tally Apply(string key, Tally? row, RecordedEvent e) => new((row?.Events ?? 0) + 1, e.Position);
    }

    /// <summary>A node's runtime with that read model.</summary>
    public static StoreRuntime Runtime(StorePool pool, IEventStore store) =>
        new(pool.Reading, store, new() { ReadModels = [Tallies.Instance] }, new PostgresReadModels(pool.Reading));

    /// <summary>A process of this program that writes; its output has one acknowledged command a line.</summary>
    public static Process Start(string database)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", typeof(CrashWriter).Assembly.Location])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        start.Environment[DatabaseVariable] = database;
        return Process.Start(start)!;
    }

    public static async Task RunUntilKilled(string database)
    {
        await using var pool = StorePool.Open(database, readers: 4);
        await using var opened = TestedEngine.Open(database, pool, EventCatalogue.Of([typeof(CrashWriter).Assembly]));
        await using var runtime = Runtime(pool, opened.Store);
        runtime.Start();
        var output = TextWriter.Synchronized(new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true });
        await Write(opened.Store, output.WriteLine, CancellationToken.None);
    }

    /// <summary>Writes until cancelled: own and shared streams, one to three events, every other command under a key.</summary>
    public static Task Write(IEventStore store, Action<string> acknowledged, CancellationToken stop)
    {
        var run = $"{Environment.ProcessId}-{Stopwatch.GetTimestamp()}";
        return Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            var versions = new Dictionary<string, long>(StringComparer.Ordinal);
            for (var n = 0; !stop.IsCancellationRequested; n++)
            {
                var command = $"{run}-{writer}-{n}";
                var stream = n % 8 == 0 ? $"shared-{writer % 3}" : $"own-{run}-{writer}";
                if (await Execute(store, command, stream, versions, n)) acknowledged(command);
            }
        })));
    }

    private static async Task<bool> Execute(
        IEventStore store, string command, string stream, Dictionary<string, long> versions, int n)
    {
        var parts = 1 + (n % 3);
        var append = new Append
        {
            Tenant = "mn",
            Stream = stream,
            ExpectedVersion = 0,
            Events = [.. Enumerable.Range(0, parts).Select(p => new NewEvent(Guid.CreateVersion7(), new Written(command, p, parts)))],
            Metadata = new("crash-writer", command),
            Key = n % 2 == 0 ? new(command, SHA256.HashData(Encoding.UTF8.GetBytes(command))) : null,
        };
        while (true)
        {
            try
            {
                var outcome = await store.Append(
                    append with { ExpectedVersion = versions.GetValueOrDefault(stream) }, CancellationToken.None);
                switch (outcome)
                {
                    case AppendOutcome.Appended done:
                        versions[stream] = done.Version;
                        return true;
                    case AppendOutcome.VersionConflict conflict:
                        versions[stream] = conflict.Actual;
                        break;
                    default:
                        throw new InvalidOperationException($"{outcome}");
                }
            }
            catch (StoreUnavailableException)
            {
                // Under a key it is safe to ask again; without one nobody knows, and this command stays unacknowledged.
                if (append.Key is null) return false;
            }
        }
    }
}
