namespace SSC.Purchasing.Kernel;

/// <summary>
/// The port to the event store. Guarantees G1–G8 (atomic, prefix-stable, dense, stream-ordered, real-time, conditional,
/// idempotent for ever, back-pressure) are proved by one contract suite that every adapter runs.
/// </summary>
public interface IEventStore
{
    /// <summary>Records events on one stream, or nothing.</summary>
    /// <returns>What became of it; business outcomes are values, only broken infrastructure throws.</returns>
    Task<AppendOutcome> Append(Append append, CancellationToken ct);

    /// <summary>One stream's events in version order, from <paramref name="afterVersion"/> (exclusive) up to a bound.</summary>
    Task<IReadOnlyList<RecordedEvent>> ReadStream(
        string tenant, string stream, long afterVersion = 0, long? upToVersion = null, long? upToPosition = null,
        CancellationToken ct = default);

    /// <summary>Several streams at once, each as in <see cref="ReadStream"/>, in position order.</summary>
    Task<IReadOnlyList<RecordedEvent>> ReadStreams(
        string tenant, IReadOnlyCollection<string> streams, long? upToPosition = null, CancellationToken ct = default);

    /// <summary>The log after a position (exclusive), in position order, at most <paramref name="limit"/> events.</summary>
    Task<IReadOnlyList<RecordedEvent>> ReadAll(long afterPosition, int limit, EventFilter? filter = null, CancellationToken ct = default);

    /// <summary>The last position and its recorded time.</summary>
    Task<LogHead> Head(CancellationToken ct = default);

    /// <summary>The last position recorded at or before a time; 0 when there is none.</summary>
    Task<long> PositionAsOf(DateTimeOffset time, CancellationToken ct = default);

    /// <summary>The first outcome under an idempotency key, or null when the key was never used.</summary>
    Task<KeyedOutcome?> FindKey(string tenant, string key, CancellationToken ct = default);
}

/// <summary>The end of the log.</summary>
/// <param name="Position">Last position; 0 when the log is empty.</param>
/// <param name="RecordedAt">Its database time.</param>
public sealed record LogHead(long Position, DateTimeOffset RecordedAt);

/// <summary>What was first answered under an idempotency key.</summary>
/// <param name="RequestHash">SHA-256 of the request.</param>
/// <param name="Appended">The first outcome.</param>
public sealed record KeyedOutcome(byte[] RequestHash, AppendOutcome.Appended Appended);

/// <summary>One append: events for one stream, with everything that must hold in the transaction that records them.</summary>
public sealed record Append
{
    /// <summary>Operator's store.</summary>
    public required string Tenant { get; init; }

    /// <summary>Stream name, <c>{category}-{key}</c>, at most 200 characters.</summary>
    public required string Stream { get; init; }

    /// <summary>The version the decision was made at: 0 for a new stream.</summary>
    public required long ExpectedVersion { get; init; }

    /// <summary>Events to record; may be empty when only the idempotency key is to be remembered.</summary>
    public required IReadOnlyList<NewEvent> Events { get; init; }

    /// <summary>Who, why, by which request.</summary>
    public required EventMetadata Metadata { get; init; }

    /// <summary>Idempotency key and the SHA-256 of the request it stands for.</summary>
    public IdempotencyKey? Key { get; init; }

    /// <summary>Other streams that must still be at a version (G6).</summary>
    public IReadOnlyList<StreamAt> Conditions { get; init; } = [];

    /// <summary>The recorded time must be earlier than this, by the database's clock (G6).</summary>
    public DateTimeOffset? RecordedBefore { get; init; }

    /// <summary>Deliveries that commit together with the events (G1).</summary>
    public IReadOnlyList<OutboxMessage> Outbox { get; init; } = [];

    /// <summary>Scripted time, accepted only while an empty store is being seeded; null means the database's clock.</summary>
    public DateTimeOffset? ScriptedAt { get; init; }
}

/// <summary>An event to record.</summary>
/// <param name="Id">Time-ordered (v7) id, from the edge.</param>
/// <param name="Fact">The event; its type is in the <see cref="EventCatalogue"/>.</param>
public sealed record NewEvent(Guid Id, object Fact);

/// <summary>Who caused an event and by which request.</summary>
/// <param name="Actor">Opaque id of a user, key, saga or the system; never a person's name.</param>
/// <param name="CorrelationId">Follows one piece of work through commands, sagas and deliveries.</param>
/// <param name="CausationId">The event, timer or request that led to this.</param>
public sealed record EventMetadata(string Actor, string CorrelationId, string? CausationId = null);

/// <summary>A stream at a version.</summary>
public sealed record StreamAt(string Stream, long Version);

/// <summary>A key that makes a request take effect once, for ever, and the hash of that request.</summary>
/// <param name="Value">1–200 characters, unique in the tenant.</param>
/// <param name="RequestHash">SHA-256 of the request, 32 bytes.</param>
public sealed record IdempotencyKey(string Value, byte[] RequestHash);

/// <summary>A delivery to make after the commit, at least once, under a deterministic id.</summary>
/// <param name="Id">Deterministic: the same decision always makes the same id.</param>
/// <param name="Channel">Which sender takes it, e.g. <c>vendor-order</c>.</param>
/// <param name="Destination">Partition for circuit breaking and ordering, e.g. the vendor id.</param>
/// <param name="Body">What is sent, as JSON.</param>
public sealed record OutboxMessage(string Id, string Channel, string Destination, byte[] Body);

/// <summary>What became of an append.</summary>
public abstract record AppendOutcome
{
    private AppendOutcome()
    {
    }

    /// <summary>Recorded, now or under the same key before.</summary>
    /// <param name="Stream">Stream written.</param>
    /// <param name="Version">Version of the stream after it.</param>
    /// <param name="Position">Position of its last event (of the log's end, when there was no event).</param>
    /// <param name="RecordedAt">Database time.</param>
    /// <param name="Repeated">True when the key had been used for the same request: this is the first outcome.</param>
    public sealed record Appended(string Stream, long Version, long Position, DateTimeOffset RecordedAt, bool Repeated = false)
        : AppendOutcome;

    /// <summary>The stream is not at the expected version.</summary>
    public sealed record VersionConflict(string Stream, long Actual) : AppendOutcome;

    /// <summary>A stream named in the conditions has moved on.</summary>
    public sealed record ConditionFailed(string Stream, long Actual) : AppendOutcome;

    /// <summary>The database's clock had reached the bound.</summary>
    public sealed record TooLate(DateTimeOffset Now) : AppendOutcome;

    /// <summary>The key was used for another request.</summary>
    public sealed record KeyReused(string Key) : AppendOutcome;

    /// <summary>The queue is full; nothing was recorded; try again later (G8).</summary>
    public sealed record Overloaded(TimeSpan RetryAfter) : AppendOutcome;
}

/// <summary>A recorded event with what the store knows of it. Projections read time from here, never from a clock.</summary>
/// <param name="catalogue">Reads bodies.</param>
/// <param name="known">The event itself, where this process has just recorded it: its body need not be read again.</param>
public sealed class RecordedEvent(EventCatalogue catalogue, object? known = null)
{
    private object? fact = known;

    /// <summary>1…n over the whole log, without a hole.</summary>
    public required long Position { get; init; }

    /// <summary>Event id.</summary>
    public required Guid Id { get; init; }

    /// <summary>Operator's store.</summary>
    public required string Tenant { get; init; }

    /// <summary>Stream name.</summary>
    public required string Stream { get; init; }

    /// <summary>1…n within the stream.</summary>
    public required long Version { get; init; }

    /// <summary>Stored name.</summary>
    public required string Type { get; init; }

    /// <summary>Body, UTF-8 JSON; read from the database, its members stand in the database's order.</summary>
    public required ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>Database time of recording.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Who and why.</summary>
    public required EventMetadata Metadata { get; init; }

    /// <summary>The event as today's code sees it.</summary>
    /// <exception cref="UnknownEventException">A newer version of the service wrote it.</exception>
    public object Fact => fact ??= catalogue.Deserialize(Type, Data);
}

/// <summary>Narrows a read of the log. Every part given must hold.</summary>
public sealed record EventFilter
{
    /// <summary>Only this tenant.</summary>
    public string? Tenant { get; init; }

    /// <summary>Only this stream.</summary>
    public string? Stream { get; init; }

    /// <summary>Only these stored names.</summary>
    public IReadOnlyCollection<string>? Types { get; init; }

    /// <summary>Only this actor.</summary>
    public string? Actor { get; init; }

    /// <summary>Only this correlation id.</summary>
    public string? CorrelationId { get; init; }

    /// <summary>Recorded at or after.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Recorded before.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>At or below this position.</summary>
    public long? UpToPosition { get; init; }
}
