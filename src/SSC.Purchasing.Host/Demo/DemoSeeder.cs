using System.Text.Json;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Sagas;

namespace SSC.Purchasing.Host.Demo;

/// <summary>The sagas under the script's clock; the store's runtime in life.</summary>
internal interface ISagaClockwork
{
    /// <summary>Hears what was recorded, executes commands, fires the timers due by a time, until nothing is left to do.</summary>
    Task RunUntilIdle(DateTimeOffset now, CancellationToken ct);

    /// <summary>When the next timer is due.</summary>
    Task<DateTimeOffset?> NextTimer(CancellationToken ct);
}

/// <summary>What is made, for whom and when it ends.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="Seed">The same seed and the same today give the same log, byte for byte.</param>
/// <param name="Now">Today.</param>
internal sealed record DemoTask(string Tenant, int Seed, DateTimeOffset Now);

/// <summary>What a seeding made.</summary>
/// <param name="Events">Events in the log.</param>
/// <param name="Orders">Joint orders.</param>
/// <param name="Commitments">Commitments placed.</param>
/// <param name="Refusals">Refusals that the script asked for, by code.</param>
internal sealed record DemoReport(long Events, int Orders, int Commitments, IReadOnlyDictionary<string, int> Refusals);

/// <summary>
/// Plays the script: goes from happening to happening and from timer to timer in the order of time, gives the real commands, lets the
/// sagas work, and adds what follows from what was recorded. No event is written by hand.
/// </summary>
internal sealed class DemoSeeder
{
    private readonly DemoTask task;
    private readonly DemoScript script;
    private readonly SeedingLog log;
    private readonly ScriptedTime time;
    private readonly IReadOnlyList<ISaga> sagas;
    private readonly ISagaClockwork clockwork;
    private readonly DemoStage stage;
    private readonly PriorityQueue<Happening, (DateTimeOffset At, long Order)> agenda = new();
    private long order;
    private int heard;
    private DateTimeOffset? nextTimer;

    /// <summary>Makes a seeder over a log that is empty.</summary>
    /// <param name="task">What is made.</param>
    /// <param name="script">The script.</param>
    /// <param name="log">The log, and its clock.</param>
    /// <param name="time">The clock that stamps the log.</param>
    /// <param name="sagas">The sagas in play.</param>
    /// <param name="commands">The way in, over the log.</param>
    /// <param name="handler">Executes what sagas ask for.</param>
    /// <param name="clockwork">Runs the sagas.</param>
    public DemoSeeder(
        DemoTask task, DemoScript script, SeedingLog log, ScriptedTime time, IReadOnlyList<ISaga> sagas, Commands commands,
        SagaCommandHandler handler, ISagaClockwork clockwork)
    {
        (this.task, this.script, this.log, this.time, this.sagas, this.clockwork) = (task, script, log, time, sagas, clockwork);
        stage = new(task.Tenant, commands, handler, time);
        foreach (var happening in script.Happenings.Where(h => h.At < script.Start))
            throw new DemoScriptException(happening.At, $"this is before the script's start, {script.Start:O}");
        Add(script.Happenings);
    }

    /// <summary>Plays it to the end.</summary>
    public async Task<DemoReport> Play(IProgress<(long Done, long Total)> progress, CancellationToken ct)
    {
        var (from, whole) = (script.Start.UtcTicks, Math.Max(1, task.Now.UtcTicks - script.Start.UtcTicks));
        var concerned = false;
        for (var step = 0; ; step++)
        {
            ct.ThrowIfCancellationRequested();
            if (step % 200 == 0) progress.Report((time.Now.UtcTicks - from, whole));
            var next = agenda.TryPeek(out _, out var due) ? due.At : DateTimeOffset.MaxValue;
            if (nextTimer is { } timer && timer <= next && timer <= task.Now)
            {
                time.MoveTo(timer);
                await RunSagas(ct);
                continue;
            }

            if (next > task.Now) break;
            time.MoveTo(next);
            await agenda.Dequeue().Act(stage);
            concerned |= Concerns(heard);
            TakeIn();

            // Whatever happens in the same instant comes first: sagas hear it together.
            if (!concerned || (agenda.TryPeek(out _, out var following) && following.At == next)) continue;
            concerned = false;
            await RunSagas(ct);
        }

        time.MoveTo(task.Now);
        await log.Flush();
        progress.Report((whole, whole));
        return new(log.Events.Count, script.Orders.Count, stage.Commitments, stage.Refusals);
    }

    private async Task RunSagas(CancellationToken ct)
    {
        await clockwork.RunUntilIdle(time.Now, ct);
        nextTimer = await clockwork.NextTimer(ct);
        TakeIn();
    }

    /// <summary>True when a saga has something to hear after a position.</summary>
    private bool Concerns(int after)
    {
        for (var i = after; i < log.Events.Count; i++)
        {
            foreach (var saga in sagas)
            {
                if (saga.Correlate(log.Events[i]) is not null) return true;
            }
        }

        return false;
    }

    private void TakeIn()
    {
        for (; heard < log.Events.Count; heard++) Add(script.After(log.Events[heard]));
        foreach (var message in log.TakeDeliveries())
        {
            var key = JsonSerializer.Deserialize<VendorOrderDelivery>(message.Body, EventCatalogue.Json)!.Key;
            Add([script.Deliver(message, key, time.Now)]);
        }
    }

    private void Add(IEnumerable<Happening> happenings)
    {
        foreach (var happening in happenings) agenda.Enqueue(happening, (happening.At, order++));
    }
}
