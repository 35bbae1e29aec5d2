using System.Diagnostics;
using Npgsql;
using SSC.Purchasing.EventStore.Subscriptions;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.EventStore.ReadModels;

/// <summary>
/// Keeps one read model's live rows up to the log. Any node may: whoever gets the checkpoint's row lock applies the next events, rows
/// and checkpoint in one transaction. At an event that the model cannot apply it stops, alarms and never skips.
/// </summary>
internal sealed class ProjectionRunner : RuntimeLoop, IDisposable
{
    private const int BatchSize = 1_000;
    private static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Idle = TimeSpan.FromMilliseconds(500);

    private readonly RuntimeParts parts;
    private readonly IReadModel model;
    private readonly ModelProgress progress;
    private readonly Signal wake = new();
    private readonly Signal hurry = new();
    private readonly KeyValuePair<string, object?> tag;
    private readonly SkippedEvents skipped;
    private ReadModelTable? table;
    private long checkpoint;
    private long started; // the last batch
    private string? stopped;

    public ProjectionRunner(RuntimeParts parts, IReadModel model)
        : base($"read_model/{model.Name}")
    {
        this.parts = parts;
        this.model = model;
        tag = new("loop", Name);
        skipped = new(parts.Db);
        progress = parts.ReadModels.ProgressOf(model);
        progress.Runner = hurry;
        parts.Feed.Listen(wake);
    }

    public override LoopHealth Health
    {
        get
        {
            var at = Volatile.Read(ref checkpoint);
            return new(Name, at, Math.Max(0, parts.Feed.Head - at), Volatile.Read(ref stopped), Error);
        }
    }

    protected override async Task Step(CancellationToken ct)
    {
        if (table is null && !await Prepare(ct).ConfigureAwait(false))
        {
            await wake.Sleep(Idle, ct).ConfigureAwait(false);
            return;
        }

        if (stopped is not null)
        {
            await LookForRebuild(ct).ConfigureAwait(false);
            return;
        }

        if (parts.Feed.Head <= checkpoint)
        {
            if (!await skipped.Keep(table!.Checkpoint, checkpoint, ct).ConfigureAwait(false)) await LookAround(ct).ConfigureAwait(false);
            await wake.Sleep(Idle, ct).ConfigureAwait(false);
            return;
        }

        // What comes soon after the last batch is gathered for a moment, unless a reader waits for it.
        var since = Stopwatch.GetElapsedTime(started);
        if (since < Linger && !progress.IsAwaited && parts.Feed.Head - checkpoint < BatchSize)
        {
            await hurry.Sleep(Linger - since, ct).ConfigureAwait(false);
            return;
        }

        started = Stopwatch.GetTimestamp();
        var events = await parts.Feed.Read(checkpoint, BatchSize, ct).ConfigureAwait(false);
        var batch = new ProjectionBatch(table!, checkpoint, events);
        if (!await (batch.IsIrrelevant ? Skip(batch, ct) : Apply(batch, ct)).ConfigureAwait(false))
        {
            await wake.Sleep(Retry, ct).ConfigureAwait(false);
            return;
        }

        RuntimeMetrics.Events.Add(batch.To - batch.From, tag);
        RuntimeMetrics.Batches.Record(Stopwatch.GetElapsedTime(started).TotalSeconds, tag);
        if (parts.Changes.HasListeners)
        {
            foreach (var row in batch.Touched) parts.Changes.Publish(new(model.Name, row.Tenant, row.Key, row.Position));
        }

        MoveTo(batch.To);
        if (batch.Poison is { } poison) await Stop(poison, ct).ConfigureAwait(false);
    }

    /// <summary>Finds the live generation, rebuilding it first when it is of an older version or far behind.</summary>
    private async Task<bool> Prepare(CancellationToken ct)
    {
        var live = await parts.ReadModels.Locate(model, ct).ConfigureAwait(false);
        if (live.Version > model.Version)
        {
            Volatile.Write(ref stopped, $"Version {live.Version} is live; this node knows version {model.Version}. Rebuild to go back.");
            await Watch(ct).ConfigureAwait(false);
            return false;
        }

        if (live.Version == model.Version && !live.IndexColumns.SequenceEqual(model.IndexNames, StringComparer.Ordinal))
        {
            const string Advice = "The index columns have changed under the same version. Raise the read model's Version.";
            if (stopped is null) await parts.Alarms.Raise(Name, null, Advice, ct).ConfigureAwait(false);
            Volatile.Write(ref stopped, Advice);
            return false;
        }

        Volatile.Write(ref stopped, null);
        await parts.Alarms.Clear(Name, ct).ConfigureAwait(false);
        var at = await parts.ReadModels.Position(model, ct).ConfigureAwait(false) ?? 0;
        var end = (await parts.Store.Head(ct).ConfigureAwait(false)).Position;
        var isFarBehind = end - at > parts.Options.RebuildWhenBehind && at < end / 2;
        if (live.Version < model.Version || isFarBehind)
        {
            try
            {
                bool IsNeeded(ReadModelPointer now) => now.Version < model.Version || (isFarBehind && now.Generation == live.Generation);
                await parts.Rebuild.Run(model, null, IsNeeded, ct).ConfigureAwait(false);
            }
            catch (PoisonException poison)
            {
                table = new(model, live.Generation);
                await Stop(poison, ct).ConfigureAwait(false);
                return true;
            }

            live = await parts.ReadModels.Locate(model, ct).ConfigureAwait(false);
            parts.Changes.Publish(new(model.Name, null, null, end));
        }

        table = new(model, live.Generation);
        MoveTo(await Checkpoints.Ensure(parts.Db, table.Checkpoint, ct).ConfigureAwait(false));
        skipped.Stored(checkpoint);
        return true;
    }

    public override Task Stopped() =>
        table is null || stopped is not null ? Task.CompletedTask : skipped.Leave(table.Checkpoint, checkpoint);

    private async Task<bool> Skip(ProjectionBatch batch, CancellationToken ct)
    {
        if (await skipped.Keep(batch.Table.Checkpoint, batch.To, ct).ConfigureAwait(false)) return true;
        await LookAround(ct).ConfigureAwait(false);
        return false;
    }

    private async Task<bool> Apply(ProjectionBatch batch, CancellationToken ct)
    {
        try
        {
            if (await parts.Db.InTransaction(connection => Apply(connection, batch, ct), ct).ConfigureAwait(false))
            {
                skipped.Stored(batch.To);
                return true;
            }
        }
        catch (PostgresException gone) when (gone.SqlState is PostgresErrorCodes.UndefinedTable)
        {
            // Rebuilt, switched and removed meanwhile.
        }

        await LookAround(ct).ConfigureAwait(false);
        return false;
    }

    private async Task<bool> Apply(NpgsqlConnection connection, ProjectionBatch batch, CancellationToken ct)
    {
        NpgsqlBatchCommand[] questions = [Checkpoints.NoWait, Checkpoints.TryLock(batch.Table.Checkpoint), .. batch.Loads()];
        var isMine = await connection.Ask(questions, async reader =>
        {
            await reader.NextResultAsync(ct).ConfigureAwait(false);
            if (await reader.Value<long>(ct).ConfigureAwait(false) is not { } at || !skipped.Allows(at, batch.From)) return false;
            await reader.NextResultAsync(ct).ConfigureAwait(false);
            return await batch.TakeAll(reader, ct).ConfigureAwait(false);
        }, ct).ConfigureAwait(false);
        if (!isMine) return false;
        batch.Apply();
        await connection.Run(batch.Writes(), ct).ConfigureAwait(false);
        return true;
    }

    /// <summary>Another node was first, the generation was switched, or a crash undid the last batches: see where things are now.</summary>
    private async Task LookAround(CancellationToken ct)
    {
        var live = await parts.ReadModels.Locate(model, ct).ConfigureAwait(false);
        if (live.Generation != table!.Generation)
        {
            table = null;
            parts.Changes.Publish(new(model.Name, null, null, checkpoint));
            return;
        }

        if (await Checkpoints.Read(parts.Db, table.Checkpoint, ct).ConfigureAwait(false) is not { } now
            || (now <= checkpoint && !skipped.IsLost(now))) return;
        if (parts.Changes.HasListeners) await TellOfOthers(now, ct).ConfigureAwait(false);
        skipped.Stored(now);
        MoveTo(now);
    }

    /// <summary>Listeners here hear of rows that another node has changed: the events say which.</summary>
    private async Task TellOfOthers(long now, CancellationToken ct)
    {
        var events = now - checkpoint is > 0 and <= BatchSize
            ? await parts.Feed.Read(checkpoint, (int)(now - checkpoint), ct).ConfigureAwait(false)
            : [];
        var fold = new RowFold(model);
        if (events.Count == 0) parts.Changes.Publish(new(model.Name, null, null, now));
        foreach (var e in events)
        {
            foreach (var key in fold.KeysOf(e)) parts.Changes.Publish(new(model.Name, e.Tenant, key, e.Position));
        }
    }

    private async Task Stop(PoisonException poison, CancellationToken ct)
    {
        Volatile.Write(ref stopped, poison.Message);
        RuntimeMetrics.Alarms.Add(1, new KeyValuePair<string, object?>("source", Name));
        await parts.Alarms.Raise(Name, poison.Position, poison.Message, ct).ConfigureAwait(false);
    }

    private async Task LookForRebuild(CancellationToken ct)
    {
        await Watch(ct).ConfigureAwait(false);
        var live = await parts.ReadModels.Locate(model, ct).ConfigureAwait(false);
        if (live.Generation == table!.Generation) return;
        Volatile.Write(ref stopped, null);
        table = null;
    }

    /// <summary>Does not work on the log, but tells waiting readers what other nodes have done.</summary>
    private async Task Watch(CancellationToken ct)
    {
        await wake.Sleep(Idle, ct).ConfigureAwait(false);
        if (await parts.ReadModels.Position(model, ct).ConfigureAwait(false) is { } now && now > checkpoint) progress.Advance(now);
    }

    private void MoveTo(long position)
    {
        Volatile.Write(ref checkpoint, position);
        progress.Advance(position);
    }

    public void Dispose()
    {
        parts.Feed.Leave(wake);
        progress.Runner = null;
        wake.Dispose();
        hurry.Dispose();
    }
}
