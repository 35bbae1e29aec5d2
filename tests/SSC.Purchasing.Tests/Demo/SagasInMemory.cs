using System.Security.Cryptography;
using System.Text;
using SSC.Purchasing.Host.Demo;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Sagas;

namespace SSC.Purchasing.Tests.Demo;

/// <summary>The saga runner without a database, in the order of the real one: events, then commands, then the earliest timers.</summary>
internal sealed class SagasInMemory(SeedingLog log, IReadOnlyList<ISaga> sagas, SagaCommandHandler handler) : ISagaClockwork
{
    private readonly Dictionary<(string Saga, string Instance), object> states = [];
    private readonly Dictionary<(string Saga, string Instance, string Timer), (DateTimeOffset Due, int Step)> timers = [];
    private readonly Queue<(ISaga Saga, string Instance, string Tenant, string Id, object Command)> waiting = new();
    private int heard;
    private int steps;

    public Task<DateTimeOffset?> NextTimer(CancellationToken ct) =>
        Task.FromResult(timers.Count == 0 ? (DateTimeOffset?)null : timers.Values.Min(t => t.Due));

    public async Task RunUntilIdle(DateTimeOffset now, CancellationToken ct)
    {
        while (Hear() || await Execute(now, ct) || Fire(now))
        {
        }
    }

    private bool Hear()
    {
        var from = heard;
        for (; heard < log.Events.Count; heard++)
        {
            var e = log.Events[heard];
            foreach (var saga in sagas)
            {
                if (saga.Correlate(e) is { } instance) Step(saga, instance, e.Tenant, new SagaInput.Heard(e), $"e{e.Position}");
            }
        }

        return heard > from;
    }

    private async Task<bool> Execute(DateTimeOffset now, CancellationToken ct)
    {
        if (!waiting.TryDequeue(out var next)) return false;
        var key = new IdempotencyKey(next.Id, SHA256.HashData(EventCatalogue.Serialize(next.Command)));
        var context = new CommandContext(next.Tenant, $"saga:{next.Saga.Name}", next.Id, now) { Key = key };
        var outcome = await handler.Execute(next.Command, context, ct);
        if (outcome is CommandOutcome.Refused no)
            Step(next.Saga, next.Instance, next.Tenant, new SagaInput.WasRefused(next.Command, no.Refusal, now), next.Id + "/no");
        else if (outcome is not CommandOutcome.Done)
            throw new InvalidOperationException($"{next.Command}: {outcome}");
        return true;
    }

    private bool Fire(DateTimeOffset now)
    {
        if (timers.Count == 0 || timers.Values.Min(t => t.Due) is var due && due > now) return false;
        foreach (var (timer, set) in timers.Where(t => t.Value.Due == due).OrderBy(t => $"{t.Key}", StringComparer.Ordinal).ToList())
        {
            timers.Remove(timer);
            var saga = sagas.Single(s => s.Name == timer.Saga);
            Step(saga, timer.Instance, DemoInMemory.Tenant, new SagaInput.Woken(timer.Timer, due, now), $"t{timer.Timer}@{set.Step}");
        }

        return true;
    }

    private void Step(ISaga saga, string instance, string tenant, SagaInput input, string cause)
    {
        var step = saga.On(states.GetValueOrDefault((saga.Name, instance)) ?? saga.Initial(instance), input);
        steps++;
        states[(saga.Name, instance)] = step.State;
        for (var i = 0; i < step.Effects.Count; i++)
        {
            if (step.Effects[i] is SagaEffect.Wake wake) timers[(saga.Name, instance, wake.Timer)] = (wake.At, steps);
            if (step.Effects[i] is SagaEffect.Send send) waiting.Enqueue(
                (saga, instance, tenant, $"{saga.Name}/{instance}/{cause}/{i}", send.Command));
        }
    }
}

/// <summary>The demo made without a database.</summary>
internal static class DemoInMemory
{
    public const string Tenant = "demo";

    public const int Seed = 2026;

    /// <summary>A day in the middle of a fiscal year.</summary>
    public static readonly DateTimeOffset Today = new(2026, 11, 22, 18, 0, 0, TimeSpan.Zero);

    private static readonly Lazy<Task<(SeedingLog Log, DemoReport Report)>> Once = new(() => Make(Seed, Today));

    /// <summary>One run that all tests look at.</summary>
    public static Task<(SeedingLog Log, DemoReport Report)> Made => Once.Value;

    /// <summary>One hash over time, stream, type and body of every event.</summary>
    public static string HashOf(IEnumerable<RecordedEvent> events)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var e in events)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{e.Position} {e.At:O} {e.Id} {e.Stream} {e.Type} {e.Metadata.Actor}\n"));
            hash.AppendData(e.Data.Span);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public static string HashOf(SeedingLog log) => HashOf(log.Events);

    public static async Task<(SeedingLog Log, DemoReport Report)> Make(int seed, DateTimeOffset today)
    {
        var script = await DemoScript.Write(seed, today, DemoAccess.FromSeed(seed), default);
        var time = new ScriptedTime(script.Start);
        var log = new SeedingLog(EventCatalogue.Of(SSC.Purchasing.Host.Modules.Assemblies), time, null);
        var commands = new Commands(log, new ScriptedIds(seed, time).Next, 200_000);
        var handler = SagaCommandHandler.Over(commands, new SeedingReadModels(log));
        var sagas = SSC.Purchasing.Host.Modules.Sagas;
        var seeder = new DemoSeeder(
            new(Tenant, seed, today), script, log, time, sagas, commands, handler, new SagasInMemory(log, sagas, handler));
        return (log, await seeder.Play(new Progress<(long, long)>(), default));
    }
}
