using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Host.Demo;

/// <summary>
/// The log while the demo is being made. Nobody else writes then, so every append is judged here, in memory, by the store's own rules,
/// answered at once, and handed on in the same order to the durable store, which judges it again: an answer that is not the expected one
/// ends the seeding. Reads are answered from memory. Without a durable store it is the whole log (tests).
/// </summary>
/// <param name="catalogue">The events.</param>
/// <param name="time">Stamps every append.</param>
/// <param name="durable">Where it is kept; null for nowhere.</param>
internal sealed class SeedingLog(EventCatalogue catalogue, ScriptedTime time, IEventStore? durable) : IEventStore
{
    private const int MostInFlight = 3_000;
    private readonly List<RecordedEvent> log = [];
    private readonly Dictionary<string, List<RecordedEvent>> streams = new(StringComparer.Ordinal);
    private readonly Dictionary<string, KeyedOutcome> keys = new(StringComparer.Ordinal);
    private readonly Queue<(AppendOutcome.Appended Expected, Task<AppendOutcome> Answer)> inFlight = new();
    private readonly List<OutboxMessage> deliveries = [];
    private DateTimeOffset lastAt;

    /// <summary>Every event so far; position <c>n</c> at index <c>n − 1</c>.</summary>
    public IReadOnlyList<RecordedEvent> Events => log;

    /// <summary>
    /// Deliveries that were asked for and not taken yet. They are made in the script's time, so the durable outbox never sees them: three
    /// years of orders must not go out to anybody today.
    /// </summary>
    public IReadOnlyList<OutboxMessage> TakeDeliveries()
    {
        if (deliveries.Count == 0) return [];
        var taken = deliveries.ToList();
        deliveries.Clear();
        return taken;
    }

    /// <inheritdoc/>
    public async Task<AppendOutcome> Append(Append append, CancellationToken ct)
    {
        var stamped = append with { ScriptedAt = time.Now, Outbox = [] };
        var outcome = Judge(stamped);
        if (outcome is not AppendOutcome.Appended { Repeated: false } appended) return outcome;
        deliveries.AddRange(append.Outbox);
        if (durable is null) return outcome;
        inFlight.Enqueue((appended, durable.Append(stamped, ct)));
        while (inFlight.Count > MostInFlight) await TakeAnswer();
        return outcome;
    }

    /// <summary>Waits until the durable store has everything.</summary>
    /// <exception cref="InvalidOperationException">It answered otherwise than expected.</exception>
    public async Task Flush()
    {
        while (inFlight.Count > 0) await TakeAnswer();
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<RecordedEvent>> ReadStream(
        string tenant, string stream, long afterVersion = 0, long? upToVersion = null, long? upToPosition = null,
        CancellationToken ct = default) => Task.FromResult<IReadOnlyList<RecordedEvent>>(
            [.. Of(stream).Skip((int)afterVersion)
                .Where(e => e.Version <= (upToVersion ?? long.MaxValue) && e.Position <= (upToPosition ?? long.MaxValue))]);

    /// <inheritdoc/>
    public Task<IReadOnlyList<RecordedEvent>> ReadStreams(
        string tenant, IReadOnlyCollection<string> streams, long? upToPosition = null, CancellationToken ct = default) =>
        Task.FromResult<IReadOnlyList<RecordedEvent>>([
            .. streams.Distinct(StringComparer.Ordinal).SelectMany(Of).Where(e => e.Position <= (upToPosition ?? long.MaxValue))
                .OrderBy(e => e.Position)]);

    /// <inheritdoc/>
    public Task<IReadOnlyList<RecordedEvent>> ReadAll(
        long afterPosition, int limit, EventFilter? filter = null, CancellationToken ct = default)
    {
        if (filter is not null
            && filter != new EventFilter { Tenant = filter.Tenant, UpToPosition = filter.UpToPosition, Types = filter.Types })
        {
            throw new NotSupportedException("Nothing but types narrows the log while it is being seeded.");
        }

        var from = (int)Math.Min(afterPosition, log.Count);
        if (filter?.Types is { } types)
        {
            return Task.FromResult<IReadOnlyList<RecordedEvent>>(
            [
                .. log.Skip(from).TakeWhile(e => e.Position <= (filter.UpToPosition ?? long.MaxValue))
                    .Where(e => types.Contains(e.Type, StringComparer.Ordinal)).Take(limit),
            ]);
        }

        var to = (int)Math.Min(log.Count, Math.Min(from + (long)limit, filter?.UpToPosition ?? long.MaxValue));
        return Task.FromResult<IReadOnlyList<RecordedEvent>>(log.GetRange(from, Math.Max(0, to - from)));
    }

    /// <inheritdoc/>
    public Task<LogHead> Head(CancellationToken ct = default) => Task.FromResult(new LogHead(log.Count, lastAt));

    /// <inheritdoc/>
    public Task<long> PositionAsOf(DateTimeOffset time, CancellationToken ct = default) =>
        Task.FromResult(log.FindLast(e => e.At <= time)?.Position ?? 0);

    /// <inheritdoc/>
    public Task<KeyedOutcome?> FindKey(string tenant, string key, CancellationToken ct = default) =>
        Task.FromResult(keys.GetValueOrDefault(key));

    private async Task TakeAnswer()
    {
        var (expected, answer) = inFlight.Dequeue();
        var actual = await answer;
        if (actual is not AppendOutcome.Appended { Repeated: false } appended
            || appended.Position != expected.Position || appended.Version != expected.Version)
        {
            throw new InvalidOperationException(
                $"The store answered {actual} where {expected} was expected: somebody else writes to it. Empty it and seed again.");
        }
    }

    private AppendOutcome Judge(Append append)
    {
        if (append.Key is { } used && keys.TryGetValue(append.Tenant + '\n' + used.Value, out var first))
        {
            return first.RequestHash.AsSpan().SequenceEqual(used.RequestHash)
                ? first.Appended with { Repeated = true }
                : new AppendOutcome.KeyReused(used.Value);
        }

        var version = Of(append.Stream).Count;
        if (version != append.ExpectedVersion) return new AppendOutcome.VersionConflict(append.Stream, version);
        foreach (var condition in append.Conditions)
        {
            var actual = Of(condition.Stream).Count;
            if (actual != condition.Version) return new AppendOutcome.ConditionFailed(condition.Stream, actual);
        }

        var at = append.ScriptedAt!.Value > lastAt ? append.ScriptedAt.Value : lastAt;
        return append.RecordedBefore <= at ? new AppendOutcome.TooLate(at) : Record(append, at);
    }

    private AppendOutcome.Appended Record(Append append, DateTimeOffset at)
    {
        if (!streams.TryGetValue(append.Stream, out var stream)) streams[append.Stream] = stream = [];
        foreach (var e in append.Events)
        {
            var recorded = new RecordedEvent(catalogue)
            {
                Position = log.Count + 1,
                Id = e.Id,
                Tenant = append.Tenant,
                Stream = append.Stream,
                Version = stream.Count + 1,
                Type = catalogue.AliasOf(e.Fact),
                Data = EventCatalogue.Serialize(e.Fact),
                At = at,
                Metadata = append.Metadata,
            };
            log.Add(recorded);
            stream.Add(recorded);
            lastAt = at;
        }

        var appended = new AppendOutcome.Appended(append.Stream, stream.Count, log.Count, at);
        if (append.Key is { } key) keys.Add(append.Tenant + '\n' + key.Value, new(key.RequestHash, appended));
        return appended;
    }

    private List<RecordedEvent> Of(string stream) => streams.TryGetValue(stream, out var events) ? events : Empty;

    private static readonly List<RecordedEvent> Empty = [];
}

/// <summary>The read side while the demo is being made: rows folded in memory, as far as the log goes. Only what sagas read is
/// asked.</summary>
internal sealed class SeedingReadModels(SeedingLog log) : IReadModels
{
    private readonly Dictionary<IReadModel, Rows> models = [];

    /// <inheritdoc/>
    public Task<TRow?> Find<TRow>(ReadModel<TRow> model, string tenant, string key, CancellationToken ct = default)
        where TRow : class => Task.FromResult((TRow?)CaughtUp(model).ByKey.GetValueOrDefault(key));

    /// <inheritdoc/>
    public Task<IReadOnlyList<KeyedRow<TRow>>> List<TRow>(
        ReadModel<TRow> model, string tenant, RowQuery query, CancellationToken ct = default)
        where TRow : class
    {
        var rows = CaughtUp(model).ByKey.Where(r => query.After is null || string.CompareOrdinal(r.Key, query.After) > 0);
        foreach (var (name, value) in query.Where)
        {
            var index = model.Indexes.Single(i => string.Equals(i.Name, name, StringComparison.Ordinal));
            rows = rows.Where(r => string.Equals(index.Value((TRow)r.Value), value, StringComparison.Ordinal));
        }

        return Task.FromResult<IReadOnlyList<KeyedRow<TRow>>>(
            [.. rows.Take(query.Limit).Select(r => new KeyedRow<TRow>(r.Key, (TRow)r.Value))]);
    }

    /// <inheritdoc/>
    public Task<bool> WaitFor(IReadModel model, long position, TimeSpan timeout, CancellationToken ct = default) => Task.FromResult(true);

    private Rows CaughtUp(IReadModel model)
    {
        if (!models.TryGetValue(model, out var rows)) models[model] = rows = new();
        for (; rows.Applied < log.Events.Count; rows.Applied++)
        {
            var e = log.Events[rows.Applied];
            foreach (var key in model.KeysOf(e))
            {
                if (model.Apply(key, rows.ByKey.GetValueOrDefault(key), e) is { } row) rows.ByKey[key] = row;
                else rows.ByKey.Remove(key);
            }
        }

        return rows;
    }

    private sealed class Rows
    {
        public SortedDictionary<string, object> ByKey { get; } = new(StringComparer.Ordinal);

        public int Applied { get; set; }
    }
}
