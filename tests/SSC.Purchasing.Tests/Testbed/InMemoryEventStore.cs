using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Tests.Testbed;

/// <summary>
/// The event store's port without a database: one lock instead of one head row. Bodies are kept as JSON, so that what a test reads
/// has gone the same way as in life. The contract suite runs on it as on PostgreSQL.
/// </summary>
public sealed class InMemoryEventStore(EventCatalogue catalogue, TimeProvider clock) : IEventStore
{
    private readonly Lock gate = new();
    private readonly List<RecordedEvent> log = [];
    private readonly Dictionary<(string Tenant, string Stream), long> versions = [];
    private readonly Dictionary<(string Tenant, string Key), KeyedOutcome> keys = [];
    private readonly List<OutboxMessage> outbox = [];
    private DateTimeOffset lastRecordedAt;

    /// <summary>Deliveries that committed with their events, in order.</summary>
    public IReadOnlyList<OutboxMessage> Outbox
    {
        get
        {
            lock (gate) return [.. outbox];
        }
    }

    /// <summary>When set, asked before each append; an outcome other than null is answered and nothing is recorded.</summary>
    public Func<Append, AppendOutcome?>? Interfere { get; set; }

    public Task<AppendOutcome> Append(Append append, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        lock (gate) return Task.FromResult(Interfere?.Invoke(append) ?? Judge(append));
    }

    public Task<IReadOnlyList<RecordedEvent>> ReadStream(
        string tenant, string stream, long afterVersion = 0, long? upToVersion = null, long? upToPosition = null,
        CancellationToken ct = default) => Read(e =>
            Is(e.Tenant, tenant) && Is(e.Stream, stream) && e.Version > afterVersion
            && e.Version <= (upToVersion ?? long.MaxValue) && e.Position <= (upToPosition ?? long.MaxValue));

    public Task<IReadOnlyList<RecordedEvent>> ReadStreams(
        string tenant, IReadOnlyCollection<string> streams, long? upToPosition = null, CancellationToken ct = default) => Read(e =>
            Is(e.Tenant, tenant) && streams.Contains(e.Stream, StringComparer.Ordinal) && e.Position <= (upToPosition ?? long.MaxValue));

    public Task<IReadOnlyList<RecordedEvent>> ReadAll(
        long afterPosition, int limit, EventFilter? filter = null, CancellationToken ct = default) =>
        Read(e => Passes(filter, e), limit, skip: (int)Math.Clamp(afterPosition, 0, int.MaxValue));

    public Task<LogHead> Head(CancellationToken ct = default)
    {
        lock (gate) return Task.FromResult(new LogHead(log.Count, lastRecordedAt));
    }

    public Task<long> PositionAsOf(DateTimeOffset time, CancellationToken ct = default)
    {
        lock (gate) return Task.FromResult(log.FindLast(e => e.At <= time)?.Position ?? 0);
    }

    public Task<KeyedOutcome?> FindKey(string tenant, string key, CancellationToken ct = default)
    {
        lock (gate) return Task.FromResult(keys.GetValueOrDefault((tenant, key)));
    }

    private AppendOutcome Judge(Append append)
    {
        if (append.Key is { } used && keys.TryGetValue((append.Tenant, used.Value), out var first))
        {
            return first.RequestHash.AsSpan().SequenceEqual(used.RequestHash)
                ? first.Appended with { Repeated = true }
                : new AppendOutcome.KeyReused(used.Value);
        }

        var version = VersionOf(append.Tenant, append.Stream);
        if (version != append.ExpectedVersion) return new AppendOutcome.VersionConflict(append.Stream, version);
        foreach (var condition in append.Conditions)
        {
            var actual = VersionOf(append.Tenant, condition.Stream);
            if (actual != condition.Version) return new AppendOutcome.ConditionFailed(condition.Stream, actual);
        }

        var now = append.ScriptedAt ?? clock.GetUtcNow();
        now = Microseconds(now > lastRecordedAt ? now : lastRecordedAt);
        return append.RecordedBefore <= now ? new AppendOutcome.TooLate(now) : Record(append, version, now);
    }

    private AppendOutcome.Appended Record(Append append, long version, DateTimeOffset now)
    {
        // Bodies are written first: an event that cannot be written must leave nothing behind.
        var bodies = append.Events.Select(e => (e.Id, Alias: catalogue.AliasOf(e.Fact), Data: EventCatalogue.Serialize(e.Fact))).ToList();
        foreach (var (id, alias, data) in bodies)
        {
            log.Add(new(catalogue)
            {
                Position = log.Count + 1,
                Id = id,
                Tenant = append.Tenant,
                Stream = append.Stream,
                Version = ++version,
                Type = alias,
                Data = data,
                At = now,
                Metadata = append.Metadata,
            });
        }

        if (bodies.Count > 0) lastRecordedAt = now;
        versions[(append.Tenant, append.Stream)] = version;
        outbox.AddRange(append.Outbox);
        var appended = new AppendOutcome.Appended(append.Stream, version, log.Count, now);
        if (append.Key is { } key) keys.Add((append.Tenant, key.Value), new(key.RequestHash, appended));
        return appended;
    }

    private long VersionOf(string tenant, string stream) => versions.GetValueOrDefault((tenant, stream));

    private Task<IReadOnlyList<RecordedEvent>> Read(Func<RecordedEvent, bool> matches, int limit = int.MaxValue, int skip = 0)
    {
        // Positions are dense: the events after a position are those after so many.
        lock (gate) return Task.FromResult<IReadOnlyList<RecordedEvent>>([.. log.Skip(skip).Where(matches).Take(limit)]);
    }

    private static bool Passes(EventFilter? f, RecordedEvent e) => f is null
        || ((f.Tenant is null || Is(f.Tenant, e.Tenant))
            && (f.Stream is null || Is(f.Stream, e.Stream))
            && (f.Types is null || f.Types.Contains(e.Type, StringComparer.Ordinal))
            && (f.Actor is null || Is(f.Actor, e.Metadata.Actor))
            && (f.CorrelationId is null || Is(f.CorrelationId, e.Metadata.CorrelationId))
            && e.At >= (f.From ?? DateTimeOffset.MinValue)
            && (f.Until is null || e.At < f.Until)
            && e.Position <= (f.UpToPosition ?? long.MaxValue));

    private static bool Is(string a, string b) => string.Equals(a, b, StringComparison.Ordinal);

    private static DateTimeOffset Microseconds(DateTimeOffset time) => new(time.UtcTicks - (time.UtcTicks % 10), TimeSpan.Zero);
}
