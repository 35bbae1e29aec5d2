using System.Diagnostics;
using System.Threading.Channels;
using Npgsql;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.EventStore;

/// <summary>
/// One loop that drains the queue of appends into one transaction after the other. The fast path assumes the state, and lets the
/// database verify the assumption while it writes, in one round trip; when it does not hold, the careful path takes the lock, reads
/// and then writes, and is kept for a while, because conflicts come in swarms.
/// </summary>
internal sealed class Appender : IAsyncDisposable
{
    private const int CarefulBatchesAfterConflict = 16;

    private readonly OpenBatchWriter open;
    private readonly EventStoreOptions options;
    private readonly Channel<PendingAppend> queue;
    private readonly AssumedState assumed = new();
    private readonly Action<BatchPlan, long, DateTimeOffset> advanced;
    private readonly Task loop;
    private IBatchWriter? session;
    private int carefulBatchesLeft;
    private volatile bool isSeeding;
    private bool sessionSeeds;

    /// <param name="open">Opens its connection.</param>
    /// <param name="options">Limits.</param>
    /// <param name="advanced">Told of every plan that was written, the position before it and its recorded time.</param>
    public Appender(OpenBatchWriter open, EventStoreOptions options, Action<BatchPlan, long, DateTimeOffset> advanced)
    {
        this.open = open;
        this.options = options;
        this.advanced = advanced;
        queue = Channel.CreateBounded<PendingAppend>(new BoundedChannelOptions(options.QueueCapacity) { SingleReader = true });
        loop = Task.Run(Drain);
    }

    public int QueueLength => queue.Reader.Count;

    /// <summary>While true, commits do not wait for the disk; see <see cref="PostgresEventStore.BeginSeeding"/>.</summary>
    public bool IsSeeding
    {
        get => isSeeding;
        set => isSeeding = value;
    }

    /// <summary>The first outcome under a key, when it is remembered here.</summary>
    public KeyedOutcome? Remembered(KeyId key) => assumed.FirstOutcome(key);

    /// <summary>False when the queue is full or closed.</summary>
    public bool TryEnqueue(PendingAppend pending) => queue.Writer.TryWrite(pending);

    public bool IsClosed => queue.Reader.Completion.IsCompleted || isClosing;

    private volatile bool isClosing;

    /// <summary>Takes no more appends, answers those that wait, closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        isClosing = true;
        queue.Writer.TryComplete();
        await loop.ConfigureAwait(false);
        await DropSession().ConfigureAwait(false);
    }

    private async Task Drain()
    {
        var batch = new List<PendingAppend>(options.LargestBatch);
        while (await queue.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            // Callers that were just answered come back with their next append in a moment: let them join this batch.
            await Task.Yield();
            batch.Clear();
            while (batch.Count < options.LargestBatch && queue.Reader.TryRead(out var pending))
            {
                // Cancelled while it waited.
                if (!pending.Task.IsCompleted) batch.Add(pending);
            }

            if (batch.Count > 0) await Process(batch).ConfigureAwait(false);
        }
    }

    /// <summary>Answers every append of a batch, whatever happens.</summary>
    private async Task Process(List<PendingAppend> batch)
    {
        StoreTelemetry.BatchSize.Record(batch.Count);
        using var activity = StoreTelemetry.Activities.StartActivity("append batch", ActivityKind.Client);
        activity?.SetTag("eventstore.batch.size", batch.Count);
        var pause = TimeSpan.FromMilliseconds(20);
        while (true)
        {
            try
            {
                await WriteOnce(batch).ConfigureAwait(false);
                return;
            }
            catch (Exception e) when (IsDefinite(e))
            {
                // A poisonous append, or a full disk: each by itself, so that one does not take the others down.
                await RollBackQuietly().ConfigureAwait(false);
                foreach (var pending in batch) pending.MayBeRecorded = false;
                if (batch.Count == 1)
                {
                    batch[0].TrySetException(e);
                    return;
                }

                foreach (var one in batch.ToArray()) await Process([one]).ConfigureAwait(false);
                return;
            }
            catch (Exception e)
                when ((e is NpgsqlException or IOException or TimeoutException or OperationCanceledException) && !IsHopeless(e))
            {
                activity?.SetStatus(ActivityStatusCode.Error, e.Message);
                await DropSession().ConfigureAwait(false);
                carefulBatchesLeft = CarefulBatchesAfterConflict;
                GiveUpOld(batch, e);
                if (batch.Count == 0) return;
                await Task.Delay(pause).ConfigureAwait(false);
                pause = pause * 2 < TimeSpan.FromSeconds(1) ? pause * 2 : TimeSpan.FromSeconds(1);
            }
            catch (Exception e)
            {
                await DropSession().ConfigureAwait(false);
                foreach (var pending in batch) pending.TrySetException(e);
                return;
            }
        }
    }

    private async Task WriteOnce(List<PendingAppend> batch)
    {
        if (session is { IsAlive: false } || sessionSeeds != isSeeding) await DropSession().ConfigureAwait(false);
        if (session is null)
        {
            sessionSeeds = isSeeding;
            session = await open(sessionSeeds, CancellationToken.None).ConfigureAwait(false);
        }

        if (session.WritesByStream) GatherStreams(batch);
        if (session.CanAssume && carefulBatchesLeft == 0 && await WriteFast(session, batch).ConfigureAwait(false)) return;
        await WriteCarefully(session, batch).ConfigureAwait(false);
    }

    /// <summary>Streams in the order in which they first appear, each one's appends together; all wait at the same time.</summary>
    private static void GatherStreams(List<PendingAppend> batch)
    {
        PendingAppend[] gathered = [.. batch.GroupBy(p => new StreamId(p.Append.Tenant, p.Append.Stream)).SelectMany(g => g)];
        batch.Clear();
        batch.AddRange(gathered);
    }

    private async Task<bool> WriteFast(IBatchWriter on, List<PendingAppend> batch)
    {
        var plan = BatchPlan.Make(batch, assumed);
        if (plan.HasScript && !CanScriptFast(plan)) return false;
        try
        {
            foreach (var pending in batch) pending.MayBeRecorded = true;
            var (start, recordedAt) = await on.Write(plan, plan.HasScript ? assumed.Position : null, CancellationToken.None)
                .ConfigureAwait(false);
            Answer(plan, start, recordedAt);
            return true;
        }
        catch (PostgresException e) when (e.SqlState is "CP001" or "CP002" or PostgresErrorCodes.UniqueViolation)
        {
            foreach (var pending in batch) pending.MayBeRecorded = false;
            carefulBatchesLeft = CarefulBatchesAfterConflict;
            return false;
        }
    }

    /// <summary>
    /// Scripted times are put in order here, which needs the last one: only when nobody else appends, and all bring a time.
    /// </summary>
    private bool CanScriptFast(BatchPlan plan) =>
        isSeeding && assumed.Position is not null && plan.Batch.All(p => p.Append.ScriptedAt is not null);

    private async Task WriteCarefully(IBatchWriter on, List<PendingAppend> batch)
    {
        StoreTelemetry.CarefulBatches.Add(1);
        carefulBatchesLeft = Math.Max(0, carefulBatchesLeft - 1);
        var state = await on.LockAndRead(batch, CancellationToken.None).ConfigureAwait(false);
        var plan = BatchPlan.Make(batch, state);
        if (plan.IsEmpty)
        {
            await on.Rollback(CancellationToken.None).ConfigureAwait(false);
            Answer(plan, state.Position, state.Now!.Value);
            return;
        }

        foreach (var pending in batch) pending.MayBeRecorded = true;
        var (start, recordedAt) = await on.WriteAndCommit(plan, state, CancellationToken.None).ConfigureAwait(false);
        Answer(plan, start, recordedAt);
    }

    private void Answer(BatchPlan plan, long start, DateTimeOffset recordedAt)
    {
        assumed.Learn(plan, start, recordedAt);
        for (var i = 0; i < plan.Batch.Count; i++)
        {
            var pending = plan.Batch[i];
            if (plan.IsScriptRefused(i))
            {
                pending.TrySetException(new InvalidOperationException(
                    "Scripted time is accepted only between BeginSeeding and EndSeeding, on a store that was empty."));
                continue;
            }

            var outcome = plan.Outcome(i, start, recordedAt);
            if (outcome is AppendOutcome.Appended appended && pending.Append.Key is { } key)
                assumed.Remember(new(pending.Append.Tenant, key.Value), new(key.RequestHash, appended with { Repeated = false }));
            pending.TrySetResult(outcome);
        }

        if (plan.EventIds.Count == 0) return;
        StoreTelemetry.Events.Add(plan.EventIds.Count);
        advanced(plan, start, recordedAt);
    }

    private void GiveUpOld(List<PendingAppend> batch, Exception cause)
    {
        foreach (var pending in batch.Where(p => p.Age > options.Patience))
        {
            pending.TrySetException(new StoreUnavailableException(
                pending.MayBeRecorded
                    ? "The database was lost before it answered; the append may have been recorded. Send it again under the same key."
                    : "The database does not answer; nothing was recorded. Try again.",
                cause));
        }

        batch.RemoveAll(p => p.Task.IsCompleted);
    }

    /// <summary>True when the database answered, with an error: then nothing of the batch was recorded.</summary>
    private bool IsDefinite(Exception e) =>
        e is PostgresException { IsTransient: false } p && session is { IsAlive: true }
        && !p.SqlState.StartsWith("57P", StringComparison.Ordinal) && !p.SqlState.StartsWith("08", StringComparison.Ordinal)
        && p.InvariantSeverity is "ERROR";

    /// <summary>True when waiting cannot help: wrong password, no such database, no schema.</summary>
    private static bool IsHopeless(Exception e) => e is PostgresException p && p.SqlState[..2] is ("28" or "3D" or "3F" or "42" or "0A");

    private async Task RollBackQuietly()
    {
        try
        {
            if (session is { } open) await open.Rollback(CancellationToken.None).ConfigureAwait(false);
        }
        catch (NpgsqlException)
        {
            await DropSession().ConfigureAwait(false);
        }
    }

    private async Task DropSession()
    {
        if (session is not { } old) return;
        session = null;
        try
        {
            await old.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is NpgsqlException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            // It is broken already.
        }
    }
}
