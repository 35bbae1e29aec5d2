using System.Collections.Concurrent;

namespace SSC.Purchasing.Kernel;

/// <summary>Everything about a request that is not the command itself; made at the edge.</summary>
/// <param name="Tenant">Operator's store.</param>
/// <param name="Actor">Opaque id of who asks.</param>
/// <param name="CorrelationId">Follows the work.</param>
/// <param name="Now">The edge's clock (the scripted clock while seeding).</param>
public sealed record CommandContext(string Tenant, string Actor, string CorrelationId, DateTimeOffset Now)
{
    /// <summary>What led to this.</summary>
    public string? CausationId { get; init; }

    /// <summary>Idempotency key and request hash, when the caller gave one.</summary>
    public IdempotencyKey? Key { get; init; }

    /// <summary>Stream version that the caller has seen (<c>If-Match</c>); another one is <see cref="CommandOutcome.Stale"/>.</summary>
    public long? IfVersion { get; init; }

    /// <summary>The same request's part with a name: same key, suffixed, so that several appends of one request each happen once.</summary>
    public CommandContext Part(string name) =>
        this with { Key = Key is null ? null : Key with { Value = $"{Key.Value}/{name}" }, IfVersion = null };
}

/// <summary>What became of a command.</summary>
public abstract record CommandOutcome
{
    private CommandOutcome()
    {
    }

    /// <summary>Done, now or under the same key before, or nothing was left to do.</summary>
    /// <param name="Stream">Stream of the aggregate.</param>
    /// <param name="Version">Its version now.</param>
    /// <param name="Position">Read models at this position show the effect.</param>
    /// <param name="Repeated">True when nothing new was recorded.</param>
    public sealed record Done(string Stream, long Version, long Position, bool Repeated) : CommandOutcome;

    /// <summary>The business said no.</summary>
    public sealed record Refused(Refusal Refusal) : CommandOutcome;

    /// <summary>The caller's <see cref="CommandContext.IfVersion"/> is not the current version.</summary>
    public sealed record Stale(long Actual) : CommandOutcome;

    /// <summary>The idempotency key was used for another request.</summary>
    public sealed record KeyReused(string Key) : CommandOutcome;

    /// <summary>The store is full or contended; try again later.</summary>
    public sealed record Busy(TimeSpan RetryAfter) : CommandOutcome;
}

/// <summary>What must hold besides the decision when its events are recorded.</summary>
public sealed record AppendConditions
{
    /// <summary>Nothing further.</summary>
    public static readonly AppendConditions None = new();

    /// <summary>Streams that the decision has read.</summary>
    public IReadOnlyList<StreamAt> Unchanged { get; init; } = [];

    /// <summary>The cutoff, by the database's clock.</summary>
    public DateTimeOffset? RecordedBefore { get; init; }

    /// <summary>The refusal when the cutoff has passed.</summary>
    public Refusal? WhenLate { get; init; }

    /// <summary>Deliveries that commit with the events.</summary>
    public IReadOnlyList<OutboxMessage> Outbox { get; init; } = [];
}

/// <summary>An aggregate at a version.</summary>
public sealed record Loaded<TState>(TState State, long Version);

/// <summary>
/// The one way in: load, decide, append. Loaded states are kept in a bounded cache that may be thrown away at any time: the
/// append's expected version catches a stale one, and the command is decided again on a fresh read.
/// </summary>
public sealed class Commands(IEventStore store, Func<Guid> newId, int cacheCapacity = 20_000)
{
    private const int Attempts = 16;
    private readonly Lock turning = new();
    private volatile ConcurrentDictionary<(string Tenant, string Stream), object> cache = new();
    private volatile ConcurrentDictionary<(string Tenant, string Stream), object> olderCache = new();
    private int cacheSize;

    /// <summary>The store, for use cases that read.</summary>
    public IEventStore Store => store;

    /// <summary>The stream of an aggregate.</summary>
    public static string StreamOf<TDecider, TCommand, TState, TEvent>(string key)
        where TDecider : IDecider<TCommand, TState, TEvent>
        where TEvent : notnull => $"{TDecider.Category}-{key}";

    /// <summary>The current state, fresh from the store unless the cache has it (then possibly behind other nodes).</summary>
    public async Task<Loaded<TState>> Load<TDecider, TCommand, TState, TEvent>(
        string tenant, string key, bool fresh = false, CancellationToken ct = default)
        where TDecider : IDecider<TCommand, TState, TEvent>
        where TEvent : notnull
    {
        var stream = StreamOf<TDecider, TCommand, TState, TEvent>(key);
        var cached = Recall<TState>(tenant, stream);
        if (cached is not null && !fresh) return cached;
        var known = cached ?? new(TDecider.Initial, 0);
        var events = await store.ReadStream(tenant, stream, known.Version, ct: ct).ConfigureAwait(false);
        if (events.Count == 0) return known;
        return Remember(tenant, stream, Fold<TDecider, TCommand, TState, TEvent>(known, events));
    }

    /// <summary>The state as of a position.</summary>
    public async Task<Loaded<TState>> LoadAsOf<TDecider, TCommand, TState, TEvent>(
        string tenant, string key, long position, CancellationToken ct = default)
        where TDecider : IDecider<TCommand, TState, TEvent>
        where TEvent : notnull
    {
        var stream = StreamOf<TDecider, TCommand, TState, TEvent>(key);
        var events = await store.ReadStream(tenant, stream, upToPosition: position, ct: ct).ConfigureAwait(false);
        return Fold<TDecider, TCommand, TState, TEvent>(new(TDecider.Initial, 0), events);
    }

    /// <summary>
    /// Executes a command: decides on the current state and records the events, again from the start when others were faster.
    /// </summary>
    public Task<CommandOutcome> Handle<TDecider, TCommand, TState, TEvent>(
        CommandContext context, string key, TCommand command, CancellationToken ct)
        where TDecider : IDecider<TCommand, TState, TEvent>
        where TEvent : notnull =>
        Handle<TDecider, TCommand, TState, TEvent>(
            context, key, _ => Task.FromResult((command, AppendConditions.None)), ct);

    /// <summary>As above, where the command and its conditions are prepared anew (from other streams) for each attempt.</summary>
    /// <param name="context">Who, when, which key.</param>
    /// <param name="key">Key of the aggregate.</param>
    /// <param name="prepare">Called with true from the second attempt on: read afresh, past every cache.</param>
    /// <param name="ct">Cancellation.</param>
    public async Task<CommandOutcome> Handle<TDecider, TCommand, TState, TEvent>(
        CommandContext context, string key, Func<bool, Task<(TCommand Command, AppendConditions Conditions)>> prepare, CancellationToken ct)
        where TDecider : IDecider<TCommand, TState, TEvent>
        where TEvent : notnull
    {
        var stream = StreamOf<TDecider, TCommand, TState, TEvent>(key);
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var fresh = attempt > 0;
            var (command, conditions) = await prepare(fresh).ConfigureAwait(false);
            var loaded = !fresh && command is IStartsStream
                ? Recall<TState>(context.Tenant, stream) ?? new(TDecider.Initial, 0)
                : await Load<TDecider, TCommand, TState, TEvent>(context.Tenant, key, fresh, ct).ConfigureAwait(false);
            var decision = TDecider.Decide(command, loaded.State);
            var events = (decision as Decision<TEvent>.Accepted)?.Events;
            var stale = context.IfVersion is { } seen && seen != loaded.Version;

            if (stale || events is not { Count: > 0 })
            {
                // A cached state may be behind other nodes; a no, a nothing or a stale is only said on a fresh one.
                if (!fresh) continue;
                if (await FirstOutcome(context, ct).ConfigureAwait(false) is { } first) return first;
                if (stale) return new CommandOutcome.Stale(loaded.Version);
                if (decision is Decision<TEvent>.Refused no) return new CommandOutcome.Refused(no.Refusal);
                if (context.Key is null) return new CommandOutcome.Done(stream, loaded.Version, await End(ct).ConfigureAwait(false), true);
            }

            var outcome = await store.Append(
                ToAppend(context, stream, loaded.Version, events ?? [], conditions), ct).ConfigureAwait(false);
            switch (outcome)
            {
                case AppendOutcome.Appended { Repeated: false } done:
                    if (done.Version == loaded.Version + events!.Count && events.Count > 0)
                        Remember(context.Tenant, stream, new Loaded<TState>(events.Aggregate(loaded.State, TDecider.Evolve), done.Version));
                    return new CommandOutcome.Done(stream, done.Version, done.Position, events.Count == 0);
                case AppendOutcome.Appended again:
                    return new CommandOutcome.Done(again.Stream, again.Version, again.Position, true);
                case AppendOutcome.TooLate:
                    return new CommandOutcome.Refused(conditions.WhenLate ?? new("too-late", "The deadline has passed."));
                case AppendOutcome.KeyReused reused:
                    return new CommandOutcome.KeyReused(reused.Key);
                case AppendOutcome.Overloaded full:
                    return new CommandOutcome.Busy(full.RetryAfter);
                default:
                    continue; // another writer was first: decide again on what is there now
            }
        }

        return new CommandOutcome.Busy(TimeSpan.FromSeconds(1));
    }

    private static Loaded<TState> Fold<TDecider, TCommand, TState, TEvent>(Loaded<TState> from, IReadOnlyList<RecordedEvent> events)
        where TDecider : IDecider<TCommand, TState, TEvent>
        where TEvent : notnull => events.Count == 0
            ? from
            : new(events.Aggregate(from.State, (state, e) => TDecider.Evolve(state, (TEvent)e.Fact)), events[^1].Version);

    /// <summary>
    /// How the same request was answered before: done, or <see cref="CommandOutcome.KeyReused"/> when its key stands for another one; null
    /// when nothing was recorded under it. For who must not ask somebody else a second time.
    /// </summary>
    /// <param name="context">Who asks, with which key.</param>
    /// <param name="ct">Cancellation.</param>
    public async Task<CommandOutcome?> FirstOutcome(CommandContext context, CancellationToken ct)
    {
        if (context.Key is not { } key || await store.FindKey(context.Tenant, key.Value, ct).ConfigureAwait(false) is not { } first)
            return null;
        return first.RequestHash.AsSpan().SequenceEqual(key.RequestHash)
            ? new CommandOutcome.Done(first.Appended.Stream, first.Appended.Version, first.Appended.Position, true)
            : new CommandOutcome.KeyReused(key.Value);
    }

    private async Task<long> End(CancellationToken ct) => (await store.Head(ct).ConfigureAwait(false)).Position;

    private Append ToAppend<TEvent>(
        CommandContext context, string stream, long version, IReadOnlyList<TEvent> events, AppendConditions conditions)
        where TEvent : notnull => new()
        {
            Tenant = context.Tenant,
            Stream = stream,
            ExpectedVersion = version,
            Events = [.. events.Select(e => new NewEvent(newId(), e))],
            Metadata = new(context.Actor, context.CorrelationId, context.CausationId),
            Key = context.Key,
            Conditions = conditions.Unchanged,
            RecordedBefore = conditions.RecordedBefore,
            Outbox = conditions.Outbox,
        };

    private Loaded<TState>? Recall<TState>(string tenant, string stream)
    {
        if (cache.TryGetValue((tenant, stream), out var found)) return (Loaded<TState>)found;
        if (!olderCache.TryGetValue((tenant, stream), out found)) return null;
        if (cache.TryAdd((tenant, stream), found)) Count(); // in use: it stays; what another caller has just learned is newer
        return (Loaded<TState>)found;
    }

    private Loaded<TState> Remember<TState>(string tenant, string stream, Loaded<TState> loaded)
    {
        var young = cache;
        if (young.TryAdd((tenant, stream), loaded)) Count();
        else young[(tenant, stream)] = loaded;
        return loaded;
    }

    /// <summary>
    /// Two generations: the younger takes over when it is full, so that what is in use stays, however many streams are only met once.
    /// </summary>
    private void Count()
    {
        if (Interlocked.Increment(ref cacheSize) <= cacheCapacity / 2) return;
        lock (turning)
        {
            if (cacheSize <= cacheCapacity / 2) return;
            (olderCache, cache, cacheSize) = (cache, new(), 0);
        }
    }
}
