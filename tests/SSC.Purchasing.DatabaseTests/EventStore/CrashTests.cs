using System.Collections.Concurrent;
using Shouldly;
using SSC.Purchasing.EventStore;
using SSC.Purchasing.EventStore.ReadModels;
using SSC.Purchasing.Kernel;
using Xunit;

namespace SSC.Purchasing.DatabaseTests.EventStore;

/// <summary>G8: nothing acknowledged is lost and nothing happens twice, however the service or PostgreSQL dies. Fsync is on.</summary>
public sealed class ServiceCrashTests(DatabaseServer server)
{
    private const int Kills = 24;
    private const int AtOnce = 8;

    [Fact]
    public async Task a_service_killed_under_load_loses_nothing_it_acknowledged_and_does_nothing_twice()
    {
        var seed = AfterCrash.Seed();
        var database = await server.NewDatabase();
        await TestedEngine.Migrate(database, EventCatalogue.Of([typeof(CrashWriter).Assembly]));
        var acknowledged = new ConcurrentBag<string>();
        for (var round = 0; round < Kills / AtOnce; round++)
        {
            // Several services on one database; each dies at an instant of its own.
            await Task.WhenAll(Enumerable.Range(0, AtOnce)
                .Select(n => KillOne(database, new Random(seed + (round * AtOnce) + n), acknowledged)));
        }

        await AfterCrash.Verify(database, acknowledged);
    }

    private static async Task KillOne(string database, Random random, ConcurrentBag<string> acknowledged)
    {
        using var process = CrashWriter.Start(database);
        var untilKill = random.Next(1, 150);
        var spins = random.Next(0, 200_000);
        for (var line = 1; await process.StandardOutput.ReadLineAsync() is { } command; line++)
        {
            acknowledged.Add(command);
            if (line != untilKill) continue;
            Thread.SpinWait(spins);
            process.Kill(); // SIGKILL; what it had said by then is still read
        }

        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(128 + 9);
    }
}

/// <summary>The same promise when PostgreSQL itself dies, and comes back.</summary>
public sealed class DatabaseCrashTests
{
    private const int Crashes = 10;

    [Fact]
    public async Task postgres_stopped_without_mercy_under_load_loses_nothing_it_acknowledged_and_does_nothing_twice()
    {
        var random = new Random(AfterCrash.Seed());
        var folder = Path.Combine(Path.GetTempPath(), $"purchasing-crash-{Guid.NewGuid():N}");
        await using var own = await EmbeddedPostgres.Start(new() { Folder = folder });
        var database = await own.CreateDatabase("crash");
        var catalogue = EventCatalogue.Of([typeof(CrashWriter).Assembly]);
        await TestedEngine.Migrate(database, catalogue);
        var acknowledged = new ConcurrentBag<string>();
        await using (var pool = StorePool.Open(database))
        await using (var opened = TestedEngine.Open(database, pool, catalogue))
        {
            await using var runtime = CrashWriter.Runtime(pool, opened.Store);
            runtime.Start();
            using var writing = new CancellationTokenSource();
            using var heard = new SemaphoreSlim(0);
            var writers = CrashWriter.Write(
                opened.Store,
                command =>
                {
                    acknowledged.Add(command);
                    heard.Release();
                },
                writing.Token);
            for (var crash = 0; crash < Crashes; crash++)
            {
                for (var n = random.Next(1, 500); n > 0; n--)
                    await await Task.WhenAny(heard.WaitAsync(TestContext.Current.CancellationToken), writers); // a failed writer fails us
                await own.StopImmediately(TestContext.Current.CancellationToken);
                await own.StartAgain(TestContext.Current.CancellationToken);
            }

            await writing.CancelAsync();
            await writers;
        }

        await AfterCrash.Verify(database, acknowledged);
        await own.StopImmediately(TestContext.Current.CancellationToken);
        await own.DisposeAsync();
        Directory.Delete(own.Folder, recursive: true);
    }
}

/// <summary>What must hold after any crash.</summary>
internal static class AfterCrash
{
    public static int Seed()
    {
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        return seed;
    }

    public static async Task Verify(string database, ConcurrentBag<string> acknowledged)
    {
        await using var pool = StorePool.Open(database);
        await using var store = new PostgresEventStore(pool, EventCatalogue.Of([typeof(CrashWriter).Assembly]));
        var log = new List<RecordedEvent>();
        while (await store.ReadAll(log.Count, 5_000) is { Count: > 0 } page) log.AddRange(page);

        log.Select(e => e.Position).ShouldBe(Enumerable.Range(1, log.Count).Select(p => (long)p));
        log.Zip(log.Skip(1)).ShouldAllBe(pair => pair.First.At <= pair.Second.At);
        foreach (var stream in log.GroupBy(e => e.Stream, StringComparer.Ordinal))
            stream.Select(e => e.Version).ShouldBe(Enumerable.Range(1, stream.Count()).Select(v => (long)v));

        // Whole, once, in one piece: also those whose writer never heard of it.
        var commands = log.GroupBy(e => e.Metadata.CorrelationId, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.ToList(), StringComparer.Ordinal);
        foreach (var events in commands.Values)
        {
            var facts = events.ConvertAll(e => (CrashWriter.Written)e.Fact);
            facts.Select(f => f.Part).ShouldBe(Enumerable.Range(0, facts[0].Parts));
            events[^1].Position.ShouldBe(events[0].Position + events.Count - 1);
        }

        acknowledged.Distinct(StringComparer.Ordinal).Count().ShouldBe(acknowledged.Count);
        acknowledged.Where(a => !commands.ContainsKey(a)).ShouldBeEmpty();
        (await store.Head()).Position.ShouldBe(log.Count);
        await VerifyReadModel(pool, store, log);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{acknowledged.Count} acknowledged, {commands.Count} recorded, {log.Count} events");
    }

    /// <summary>The read model that the dead nodes kept, taken over by a new one, equals a fresh fold of the log.</summary>
    private static async Task VerifyReadModel(StorePool pool, PostgresEventStore store, List<RecordedEvent> log)
    {
        await using var runtime = CrashWriter.Runtime(pool, store);
        runtime.Start();
        var rows = new PostgresReadModels(pool.Reading);
        (await rows.WaitFor(CrashWriter.Tallies.Instance, log.Count, TimeSpan.FromSeconds(60))).ShouldBeTrue();
        var kept = await rows.List(CrashWriter.Tallies.Instance, "mn", new() { Limit = 10_000 });
        kept.ToDictionary(r => r.Key, r => r.Row, StringComparer.Ordinal).ShouldBe(
            log.GroupBy(e => e.Stream, StringComparer.Ordinal).ToDictionary(
                g => g.Key, g => new CrashWriter.Tally(g.Count(), g.Max(e => e.Position)), StringComparer.Ordinal),
            ignoreOrder: true);
    }
}
