using System.Diagnostics.Metrics;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.EventStore;

/// <summary>
/// The event store on PostgreSQL. One instance per process has one appender; any number of processes may use one database.
/// Dispose it before the pool: it answers what waits and then closes.
/// </summary>
public sealed class PostgresEventStore : IEventStore, IAnnounceAdvances, IAsyncDisposable
{
    private readonly StorePool pool;
    private readonly EventStoreOptions options;
    private readonly EventCatalogue catalogue;
    private readonly Appender appender;
    private readonly LogReader log;
    private readonly Lock listening = new();
    private Action<LogAdvance>[] listeners = [];
    private Func<DateTimeOffset>? script;

    /// <summary>Starts the appender; it connects when the first append comes.</summary>
    public PostgresEventStore(StorePool pool, EventCatalogue catalogue, EventStoreOptions? options = null)
        : this(pool, catalogue, async (seeds, ct) => await AppendSession.Open(pool.Appending, seeds, ct).ConfigureAwait(false), options)
    {
    }

    /// <summary>With another way to write.</summary>
    internal PostgresEventStore(StorePool pool, EventCatalogue catalogue, OpenBatchWriter open, EventStoreOptions? options)
    {
        this.pool = pool;
        this.catalogue = catalogue;
        this.options = options ?? new();
        appender = new(open, this.options, Advance);
        log = new(pool.Reading, catalogue);
        QueueGauge.Watch(appender);
    }

    /// <inheritdoc/>
    public IDisposable OnAdvanced(Action<LogAdvance> heard)
    {
        lock (listening) listeners = [.. listeners, heard];
        return new Listening(this, heard);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A name or body that cannot be stored; nothing was recorded.</exception>
    /// <exception cref="StoreUnavailableException">The database did not answer in time.</exception>
    public Task<AppendOutcome> Append(Append append, CancellationToken ct)
    {
        ObjectDisposedException.ThrowIf(appender.IsClosed, this);
        if (script is { } clock && append.ScriptedAt is null) append = append with { ScriptedAt = clock() };
        var pending = new PendingAppend(append, catalogue);
        if (append.Key is { } key && appender.Remembered(new(append.Tenant, key.Value)) is { } first)
            return Task.FromResult(BatchPlan.AnswerAgain(first, key));
        if (!appender.TryEnqueue(pending))
        {
            ObjectDisposedException.ThrowIf(appender.IsClosed, this);
            StoreTelemetry.Appends.Add(1, new KeyValuePair<string, object?>("outcome", nameof(AppendOutcome.Overloaded)));
            return Task.FromResult<AppendOutcome>(new AppendOutcome.Overloaded(options.RetryAfter));
        }

        return ct.CanBeCanceled || StoreTelemetry.Appends.Enabled || StoreTelemetry.Latency.Enabled ? Watched(pending, ct) : pending.Task;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<RecordedEvent>> ReadStream(
        string tenant, string stream, long afterVersion = 0, long? upToVersion = null, long? upToPosition = null,
        CancellationToken ct = default) => log.Stream(tenant, stream, afterVersion, upToVersion, upToPosition, ct);

    /// <inheritdoc/>
    public Task<IReadOnlyList<RecordedEvent>> ReadStreams(
        string tenant, IReadOnlyCollection<string> streams, long? upToPosition = null, CancellationToken ct = default) =>
        log.Streams(tenant, streams, upToPosition, ct);

    /// <inheritdoc/>
    public Task<IReadOnlyList<RecordedEvent>> ReadAll(
        long afterPosition, int limit, EventFilter? filter = null, CancellationToken ct = default) =>
        log.All(afterPosition, limit, filter, ct);

    /// <inheritdoc/>
    public Task<LogHead> Head(CancellationToken ct = default) => log.Head(ct);

    /// <inheritdoc/>
    public Task<long> PositionAsOf(DateTimeOffset time, CancellationToken ct = default) => log.PositionAsOf(time, ct);

    /// <inheritdoc/>
    public Task<KeyedOutcome?> FindKey(string tenant, string key, CancellationToken ct = default) => log.FindKey(tenant, key, ct);

    /// <summary>
    /// Allows scripted time on an empty store. Until <see cref="EndSeeding"/>, commits do not wait for the disk: a crash in between
    /// leaves a part, to be thrown away.
    /// </summary>
    /// <param name="clock">Stamps appends that bring no time of their own; without it they take the database's clock.</param>
    /// <param name="ct">Cancellation.</param>
    /// <exception cref="InvalidOperationException">The store holds events already.</exception>
    public async Task BeginSeeding(Func<DateTimeOffset>? clock = null, CancellationToken ct = default)
    {
        using var command = pool.Reading.CreateCommand("update coop.head set seeding = true where position = 0");
        if (await command.ExecuteNonQueryAsync(ct).ConfigureAwait(false) == 0)
            throw new InvalidOperationException("Only an empty store can be seeded with scripted time; this one holds events.");
        script = clock;
        appender.IsSeeding = true;
    }

    /// <summary>
    /// Ends seeding, once every append of it is answered: from here on the database's clock rules, and all that was recorded is on
    /// the disk when this returns.
    /// </summary>
    public async Task EndSeeding(CancellationToken ct = default)
    {
        script = null;
        appender.IsSeeding = false;

        // A commit that waits for the disk waits for every commit before it, too.
        using var command = pool.Reading.CreateCommand("update coop.head set seeding = false");
        await command.ExecuteNonQueryAsync(ct).ConfigureAwait(false);
    }

    /// <summary>Takes no more appends, answers those that wait, closes the appender's connection.</summary>
    public async ValueTask DisposeAsync()
    {
        QueueGauge.Forget(appender);
        await appender.DisposeAsync().ConfigureAwait(false);
    }

    private static async Task<AppendOutcome> Watched(PendingAppend pending, CancellationToken ct)
    {
        using var registration = ct.UnsafeRegister(static (p, token) => ((PendingAppend)p!).TrySetCanceled(token), pending);
        var outcome = await pending.Task.ConfigureAwait(false);
        if (StoreTelemetry.Latency.Enabled) StoreTelemetry.Latency.Record(pending.Age.TotalMilliseconds);
        if (StoreTelemetry.Appends.Enabled)
            StoreTelemetry.Appends.Add(1, new KeyValuePair<string, object?>("outcome", outcome.GetType().Name));
        return outcome;
    }

    private void Advance(BatchPlan plan, long start, DateTimeOffset recordedAt)
    {
        var hearing = Volatile.Read(ref listeners);
        if (hearing.Length == 0) return;
        var advance = new LogAdvance(start + plan.EventIds.Count, plan.Recorded(catalogue, start, recordedAt));
        foreach (var listener in hearing) listener(advance);
    }

    private sealed class Listening(PostgresEventStore store, Action<LogAdvance> heard) : IDisposable
    {
        public void Dispose()
        {
            lock (store.listening) store.listeners = [.. store.listeners.Where(l => l != heard)];
        }
    }

    /// <summary>One gauge over all appenders of the process.</summary>
    private static class QueueGauge
    {
        private static readonly System.Collections.Concurrent.ConcurrentDictionary<Appender, bool> Appenders = new();

        private static readonly ObservableGauge<int> Gauge = StoreTelemetry.Meter.CreateObservableGauge(
            "eventstore.queue.length", () => Appenders.Keys.Sum(a => a.QueueLength), "{append}", "Appends that wait.");

        public static void Watch(Appender appender)
        {
            _ = Gauge;
            Appenders[appender] = true;
        }

        public static void Forget(Appender appender) => Appenders.TryRemove(appender, out _);
    }
}

/// <summary>A store that says what this process has recorded.</summary>
public interface IAnnounceAdvances
{
    /// <summary>
    /// Calls back after every commit of this process with what it has recorded, so that subscriptions wake without polling and need
    /// not read it back. The callback runs in the appender: it must return at once and not throw. Commits of other processes are not
    /// heard here.
    /// </summary>
    /// <returns>Dispose it to hear no more.</returns>
    IDisposable OnAdvanced(Action<LogAdvance> heard);
}

/// <summary>A commit of this process.</summary>
/// <param name="Position">The log's last position after it.</param>
/// <param name="Events">What it has recorded, in position order, up to <paramref name="Position"/>.</param>
public sealed record LogAdvance(long Position, IReadOnlyList<RecordedEvent> Events);
