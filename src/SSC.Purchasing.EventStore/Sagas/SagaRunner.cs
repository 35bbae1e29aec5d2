using System.Diagnostics;
using Npgsql;
using SSC.Purchasing.EventStore.ReadModels;
using SSC.Purchasing.EventStore.Subscriptions;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.EventStore.Sagas;

/// <summary>
/// Lets one saga hear the log in order: its states, timers and commands are stored in one transaction with its checkpoint, by
/// whichever node holds the checkpoint's lock. At an event that the saga cannot take it stops, alarms and never skips.
/// </summary>
internal sealed class SagaRunner : RuntimeLoop, IDisposable
{
    private const int BatchSize = 500;
    private static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Idle = TimeSpan.FromMilliseconds(500);

    private readonly SagaParts sagas;
    private readonly RuntimeParts parts;
    private readonly ISaga saga;
    private readonly Signal wake = new();
    private readonly KeyValuePair<string, object?> tag;
    private readonly SkippedEvents skipped;
    private long? checkpoint;
    private long started; // the last batch
    private string? stopped;

    public SagaRunner(SagaParts sagas, ISaga saga)
        : base(SagaParts.CheckpointOf(saga))
    {
        this.sagas = sagas;
        this.saga = saga;
        parts = sagas.Runtime;
        skipped = new(parts.Db);
        tag = new("loop", Name);
        parts.Feed.Listen(wake);
    }

    public override LoopHealth Health =>
        new(Name, checkpoint ?? 0, Math.Max(0, parts.Feed.Head - (checkpoint ?? 0)), Volatile.Read(ref stopped), Error);

    protected override async Task Step(CancellationToken ct)
    {
        if (checkpoint is null)
        {
            // A restart tries again what stopped it.
            await LookAround(ct).ConfigureAwait(false);
            await parts.Alarms.Clear(Name, ct).ConfigureAwait(false);
        }

        var from = checkpoint!.Value;
        if (stopped is not null || parts.Feed.Head <= from)
        {
            if (stopped is null && !await skipped.Keep(Name, from, ct).ConfigureAwait(false)) await LookAround(ct).ConfigureAwait(false);
            await wake.Sleep(Idle, ct).ConfigureAwait(false);
            return;
        }

        // What comes soon after the last batch is gathered for a moment.
        var since = Stopwatch.GetElapsedTime(started);
        if (since < Linger && parts.Feed.Head - from < BatchSize) await Task.Delay(Linger - since, ct).ConfigureAwait(false);
        started = Stopwatch.GetTimestamp();
        var batch = new SagaBatch(saga, from, await parts.Feed.Read(from, BatchSize, ct).ConfigureAwait(false));
        if (!await Store(batch, ct).ConfigureAwait(false))
        {
            await LookAround(ct).ConfigureAwait(false);
            if (checkpoint <= from) await wake.Sleep(Retry, ct).ConfigureAwait(false);
            return;
        }

        checkpoint = batch.To;
        RuntimeMetrics.Events.Add(batch.To - from, tag);
        RuntimeMetrics.Batches.Record(Stopwatch.GetElapsedTime(started).TotalSeconds, tag);
        if (batch.Poison is not { } poison) return;
        Volatile.Write(ref stopped, poison.Message);
        RuntimeMetrics.Alarms.Add(1, new KeyValuePair<string, object?>("source", Name));
        await parts.Alarms.Raise(Name, poison.Position, poison.Message, ct).ConfigureAwait(false);
    }

    /// <summary>Where the stored checkpoint is: at the start, and when another node or a crash has moved it.</summary>
    private async Task LookAround(CancellationToken ct)
    {
        checkpoint = await Checkpoints.Ensure(parts.Db, Name, ct).ConfigureAwait(false);
        skipped.Stored(checkpoint.Value);
    }

    private async Task<bool> Store(SagaBatch batch, CancellationToken ct)
    {
        if (batch.Relevant.Count == 0)
        {
            return await skipped.Keep(Name, batch.To, ct).ConfigureAwait(false);
        }

        var unit = new SagaUnit(sagas.Plan.Commands);
        var isStored = await parts.Db.InTransaction(connection => Store(connection, batch, unit, ct), ct).ConfigureAwait(false);
        if (!isStored) return false;
        skipped.Stored(batch.To);
        sagas.Announce(unit);
        return true;
    }

    private async Task<bool> Store(NpgsqlConnection connection, SagaBatch batch, SagaUnit unit, CancellationToken ct)
    {
        var known = new Dictionary<SagaKey, SagaInstance>();
        var isMine = await connection.Ask([Checkpoints.NoWait, Checkpoints.TryLock(Name), .. SagaTables.Load(batch.Keys)], async reader =>
        {
            await reader.NextResultAsync(ct).ConfigureAwait(false);
            if (await reader.Value<long>(ct).ConfigureAwait(false) is not { } at || !skipped.Allows(at, batch.From)) return false;
            while (await reader.NextResultAsync(ct).ConfigureAwait(false))
            {
                foreach (var instance in await reader.Rows(row => SagaTables.Instance(row, sagas.ByName), ct).ConfigureAwait(false))
                    known[instance.Key] = instance;
            }

            return true;
        }, ct).ConfigureAwait(false);
        if (!isMine) return false;
        batch.Take(known, unit);
        if (batch.To > batch.From)
            await SagaTables.Write(connection, unit, [Checkpoints.Move(Name, batch.From, batch.To)], ct).ConfigureAwait(false);
        return true;
    }

    public override Task Stopped() =>
        checkpoint is not { } at || stopped is not null ? Task.CompletedTask : skipped.Leave(Name, at);

    public void Dispose()
    {
        parts.Feed.Leave(wake);
        wake.Dispose();
    }
}

/// <summary>A run of events and the instances of one saga that hear them, up to the first event that cannot be taken.</summary>
internal sealed class SagaBatch
{
    private readonly ISaga saga;
    private readonly List<(RecordedEvent Event, SagaKey Key)> relevant = [];

    public SagaBatch(ISaga saga, long from, IReadOnlyList<RecordedEvent> events)
    {
        this.saga = saga;
        From = from;
        To = from;
        foreach (var e in events)
        {
            try
            {
                if (saga.Correlate(e) is { } id) relevant.Add((e, new(saga.Name, e.Tenant, id)));
            }
            catch (Exception cause) when (cause is not OutOfMemoryException)
            {
                Poison = new(e, cause);
                break;
            }

            To = e.Position;
        }
    }

    public long From { get; }

    public long To { get; private set; }

    public PoisonException? Poison { get; private set; }

    public IReadOnlyList<(RecordedEvent Event, SagaKey Key)> Relevant => relevant;

    public IEnumerable<SagaKey> Keys => relevant.Select(r => r.Key).Distinct();

    /// <summary>Takes the steps, in log order.</summary>
    public void Take(Dictionary<SagaKey, SagaInstance> known, SagaUnit unit)
    {
        foreach (var (e, key) in relevant)
        {
            try
            {
                if (!known.TryGetValue(key, out var instance))
                    known[key] = instance = new(saga, key, saga.Initial(key.Id), 0, 0);
                unit.Step(instance, new SagaInput.Heard(e), SagaCause.Of(e));
            }
            catch (Exception cause) when (cause is not OutOfMemoryException)
            {
                Poison = new(e, cause);
                To = e.Position - 1;
                return;
            }
        }
    }
}
