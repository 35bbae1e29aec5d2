using System.Diagnostics.Metrics;
using Npgsql;
using SSC.Purchasing.EventStore.Outbox;
using SSC.Purchasing.EventStore.ReadModels;
using SSC.Purchasing.EventStore.Sagas;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.EventStore.Subscriptions;

/// <summary>What the runtime is to run on this node.</summary>
public sealed record RuntimePlan
{
    /// <summary>Read models to keep up to the log.</summary>
    public IReadOnlyList<IReadModel> ReadModels { get; init; } = [];

    /// <summary>Further listeners.</summary>
    public IReadOnlyList<Subscription> Subscriptions { get; init; } = [];

    /// <summary>Sagas; null when this node runs none.</summary>
    public SagaPlan? Sagas { get; init; }

    /// <summary>Deliveries; null when this node makes none.</summary>
    public OutboxPlan? Outbox { get; init; }
}

/// <summary>A snapshot for <c>/health/ready</c>.</summary>
/// <param name="IsReady">False while a loop is stopped or failing, or the database is out of reach.</param>
/// <param name="Loops">Every loop of this node.</param>
/// <param name="Alarms">Every stored alarm, of all nodes.</param>
public sealed record RuntimeHealth(bool IsReady, IReadOnlyList<LoopHealth> Loops, IReadOnlyList<Alarm> Alarms);

/// <summary>Everything that runs around the log on one node: feed, projections, subscriptions, sagas, timers and deliveries.</summary>
public sealed class StoreRuntime : IAsyncDisposable
{
    private readonly RuntimeParts parts;
    private readonly RuntimePlan plan;
    private readonly List<RuntimeLoop> loops = [];
    private readonly List<Task> running = [];
    private readonly SagaParts? sagas;
    private readonly SagaDrain? drain;
    private CancellationTokenSource? stop;
    private IDisposable? advances;
    private Meter? meter;

    /// <summary>Makes a runtime that does nothing until <see cref="Start"/>.</summary>
    /// <param name="db">The database, its schema up to date.</param>
    /// <param name="store">The log.</param>
    /// <param name="plan">What to run.</param>
    /// <param name="readModels">The read side, which waits for this node's projections.</param>
    /// <param name="clock">For timers and retries; the machine's when null.</param>
    /// <param name="options">How it works.</param>
    public StoreRuntime(
        NpgsqlDataSource db, IEventStore store, RuntimePlan plan, PostgresReadModels readModels, TimeProvider? clock = null,
        RuntimeOptions? options = null)
    {
        var chosen = options ?? new RuntimeOptions();
        this.plan = plan;
        parts = new(db, store, new LogFeed(store, chosen.Poll), readModels, new(), new(db), clock ?? TimeProvider.System, chosen);
        readModels.Wanted = parts.Feed.Want;
        if (plan.Sagas is null) return;
        sagas = new(parts, plan.Sagas);
        drain = new(sagas);
    }

    /// <summary>Row changes as they happen, for server-sent events.</summary>
    public Changes Changes => parts.Changes;

    /// <summary>
    /// The shared reader of the log's tail; the appender calls its <see cref="LogFeed.Take"/> (<see cref="PostgresEventStore"/>'s
    /// is wired).
    /// </summary>
    public LogFeed Feed => parts.Feed;

    /// <summary>The stored alarms.</summary>
    public Alarms Alarms => parts.Alarms;

    /// <summary>Starts every loop.</summary>
    public void Start()
    {
        if (stop is not null) throw new InvalidOperationException("The runtime is running.");
        stop = new();
        advances = (parts.Store as IAnnounceAdvances)?.OnAdvanced(parts.Feed.Take);
        loops.Add(new FeedLoop(parts.Feed));
        loops.AddRange(plan.ReadModels.Select(m => new ProjectionRunner(parts, m)));
        loops.AddRange(plan.Subscriptions.Select(s => new SubscriptionRunner(parts, s)));
        if (sagas is not null)
        {
            loops.AddRange(sagas.Plan.All.Select(s => new SagaRunner(sagas, s)));
            loops.Add(new SagaDispatcher(sagas));
            loops.Add(new TimerRunner(sagas));
        }

        if (plan.Outbox is not null) loops.Add(new OutboxDispatcher(parts, plan.Outbox));
        RuntimeLoop[] watched = [.. loops];
        meter = RuntimeMetrics.Watch(() => watched.Select(l => l.Health));
        var token = stop.Token;
        running.AddRange(loops.Select(l => Task.Run(() => l.Run(token), CancellationToken.None)));
    }

    /// <summary>Ends every loop; what was not committed is done again later, by any node.</summary>
    public async Task Stop()
    {
        if (stop is null) return;
        advances?.Dispose();
        meter?.Dispose();
        await stop.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(running).ConfigureAwait(false);
        foreach (var loop in loops) await loop.Stopped().ConfigureAwait(false);
        foreach (var loop in loops) (loop as IDisposable)?.Dispose();
        loops.Clear();
        running.Clear();
        stop.Dispose();
        stop = null;
    }

    /// <summary>Folds a read model anew beside the live rows and switches.</summary>
    /// <param name="model">Name of a read model of the plan.</param>
    /// <param name="progress">Told now and then.</param>
    /// <param name="ct">Cancellation.</param>
    /// <exception cref="ArgumentException">No such read model.</exception>
    /// <exception cref="PoisonException">It cannot apply an event; the live rows stay.</exception>
    public Task Rebuild(string model, IProgress<RebuildProgress>? progress = null, CancellationToken ct = default)
    {
        var chosen = plan.ReadModels.FirstOrDefault(m => string.Equals(m.Name, model, StringComparison.Ordinal))
            ?? throw new ArgumentException($"There is no read model '{model}'.", nameof(model));
        return parts.Rebuild.Run(chosen, progress, _ => true, ct);
    }

    /// <summary>
    /// Without background loops, and always in the same order, lets the sagas hear every event, executes every command and delivers
    /// every timer that is due at or before a time, until nothing is left. For seeding and tests; nobody else may run the sagas meanwhile.
    /// </summary>
    /// <param name="now">The time that commands and timers see.</param>
    /// <param name="ct">Cancellation.</param>
    /// <returns>Steps taken and commands executed.</returns>
    /// <exception cref="PoisonException">A saga cannot take an event.</exception>
    public Task<long> RunUntilIdle(DateTimeOffset now, CancellationToken ct = default)
    {
        if (stop is not null) throw new InvalidOperationException("The loops are running; stop them first.");
        return drain is null ? Task.FromResult(0L) : drain.Run(now, ct);
    }

    /// <summary>When the next timer is due, so that a scripted clock can step there; null when none is set.</summary>
    public Task<DateTimeOffset?> NextTimer(CancellationToken ct = default) =>
        sagas is null || drain is null ? Task.FromResult<DateTimeOffset?>(null)
        : drain.KnowsNextTimer(out var due) ? Task.FromResult(due)
        : parts.Db.Ask([SagaTables.NextTimer(sagas.Names)], reader => reader.Value<DateTimeOffset>(ct), ct);

    /// <summary>Sends a parked message again, from the first attempt. False when there is no such parked message.</summary>
    public Task<bool> Resend(string tenant, string id, CancellationToken ct = default) =>
        Mend(OutboxTable.Resend(tenant, id), OutboxTable.AlarmOf(tenant, id), ct);

    /// <summary>Tries a saga's parked command again. False when there is no such parked command.</summary>
    public Task<bool> RetryCommand(string tenant, string commandId, CancellationToken ct = default) =>
        Mend(SagaTables.Unpark(tenant, commandId, "pending"), SagaTables.AlarmOf(tenant, commandId), ct);

    /// <summary>Gives a saga's parked command up, so that the later ones of its instance go on. False when there is none.</summary>
    public Task<bool> DiscardCommand(string tenant, string commandId, CancellationToken ct = default) =>
        Mend(SagaTables.Unpark(tenant, commandId, "discarded"), SagaTables.AlarmOf(tenant, commandId), ct);

    /// <summary>How every loop is, and what alarms stand.</summary>
    public async Task<RuntimeHealth> Health(CancellationToken ct = default)
    {
        var now = loops.Select(l => l.Health).ToList();
        var isWell = stop is not null && now.TrueForAll(l => l.Stopped is null && l.Error is null);
        try
        {
            return new(isWell, now, await parts.Alarms.List(ct).ConfigureAwait(false));
        }
        catch (NpgsqlException unreachable)
        {
            return new(false, now, [new("database", null, unreachable.Message, parts.Clock.GetUtcNow())]);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Stop().ConfigureAwait(false);
        parts.Feed.Dispose();
        sagas?.Dispose();
    }

    private Task<bool> Mend(NpgsqlBatchCommand change, string alarm, CancellationToken ct) => parts.Db.InTransaction(async connection =>
    {
        if (await connection.Run(change, ct).ConfigureAwait(false) == 0) return false;
        await connection.Run(Alarms.ClearCommand(alarm), ct).ConfigureAwait(false);
        return true;
    }, ct);
}
