using Npgsql;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.EventStore.Subscriptions;

/// <summary>
/// Handles a run of events, in log order. What it writes through the connection commits with the checkpoint: exactly once.
/// Anything outside the database may happen again after a failure.
/// </summary>
/// <param name="events">At least one.</param>
/// <param name="connection">In a transaction that the runtime commits.</param>
/// <param name="ct">Cancellation.</param>
public delegate Task SubscriptionHandler(IReadOnlyList<RecordedEvent> events, NpgsqlConnection connection, CancellationToken ct);

/// <summary>A listener to the log with a checkpoint of its own; on any number of nodes, one at a time handles it.</summary>
/// <param name="Name">snake_case, unique.</param>
/// <param name="Handler">What it does.</param>
/// <param name="BatchSize">At most so many events at once.</param>
public sealed record Subscription(string Name, SubscriptionHandler Handler, int BatchSize = 200);

internal sealed class SubscriptionRunner : RuntimeLoop, IDisposable
{
    private static readonly TimeSpan Idle = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(20);

    private readonly RuntimeParts parts;
    private readonly Subscription subscription;
    private readonly Signal wake = new();
    private long? checkpoint;

    public SubscriptionRunner(RuntimeParts parts, Subscription subscription)
        : base($"subscription/{subscription.Name}")
    {
        this.parts = parts;
        this.subscription = subscription;
        parts.Feed.Listen(wake);
    }

    public override LoopHealth Health => new(Name, checkpoint ?? 0, Math.Max(0, parts.Feed.Head - (checkpoint ?? 0)), null, Error);

    protected override async Task Step(CancellationToken ct)
    {
        checkpoint ??= await Checkpoints.Ensure(parts.Db, Name, ct).ConfigureAwait(false);
        if (parts.Feed.Head <= checkpoint)
        {
            await wake.Sleep(Idle, ct).ConfigureAwait(false);
            return;
        }

        if (!await parts.Db.InTransaction(connection => Handle(connection, ct), ct).ConfigureAwait(false))
            await wake.Sleep(Retry, ct).ConfigureAwait(false);
    }

    private async Task<bool> Handle(NpgsqlConnection connection, CancellationToken ct)
    {
        var at = await connection.Ask([Checkpoints.TryLock(Name)], reader => reader.Value<long>(ct), ct).ConfigureAwait(false);
        if (at is not { } from) return false;
        checkpoint = from;
        var events = await parts.Feed.Read(from, subscription.BatchSize, ct).ConfigureAwait(false);
        if (events.Count == 0) return false;
        await subscription.Handler(events, connection, ct).ConfigureAwait(false);
        await connection.Run(Checkpoints.Move(Name, from, events[^1].Position), ct).ConfigureAwait(false);
        RuntimeMetrics.Events.Add(events.Count, new KeyValuePair<string, object?>("loop", Name));
        return true;
    }

    public void Dispose()
    {
        parts.Feed.Leave(wake);
        wake.Dispose();
    }
}
