using JasperFx.Events;
using Marten;
using SSC.Purchasing.EventStore;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.CritterStack;

/// <summary>
/// The event store on Marten, on the same tables as <see cref="PostgresEventStore"/> and with the same guarantees: nodes of both kinds
/// may work on one database at the same time. Appends go through Marten sessions, streams are read through Marten; the log as a whole,
/// its positions and its keys are read as they stand.
/// </summary>
public sealed class MartenEventStore : Kernel.IEventStore, IAnnounceAdvances, IAsyncDisposable
{
    private readonly PostgresEventStore store;
    private readonly EventCatalogue catalogue;

    /// <summary>A store over Marten's.</summary>
    /// <param name="pool">Connections of the appender, and for what is read past Marten.</param>
    /// <param name="marten">
    /// Set up by <see cref="MartenSetup.UsePurchasingEvents"/> on the same database; the caller disposes of it.
    /// </param>
    /// <param name="catalogue">Every event, by its stored name.</param>
    /// <param name="options">Limits.</param>
    public MartenEventStore(StorePool pool, IDocumentStore marten, EventCatalogue catalogue, EventStoreOptions? options = null)
    {
        (Marten, this.catalogue) = (marten, catalogue);
        store = new(pool, catalogue, (seeds, ct) => MartenBatchWriter.Open(pool.Appending, marten, catalogue, seeds, ct), options);
    }

    /// <summary>Marten's queries and aggregations over the same history: it reads, nothing that rewrites can be reached.</summary>
    /// <param name="tenant">Whose history.</param>
    public IQuerySession Query(string tenant) => Marten.QuerySession(tenant);

    internal IDocumentStore Marten { get; }

    /// <inheritdoc/>
    public IDisposable OnAdvanced(Action<LogAdvance> heard) => store.OnAdvanced(heard);

    /// <inheritdoc/>
    public Task<AppendOutcome> Append(Append append, CancellationToken ct) => store.Append(append, ct);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RecordedEvent>> ReadStream(
        string tenant, string stream, long afterVersion = 0, long? upToVersion = null, long? upToPosition = null,
        CancellationToken ct = default)
    {
        if (upToVersion is 0) return [];
        var session = Query(tenant);
        await using (session.ConfigureAwait(false))
        {
            var reading = session.Events.FetchStreamAsync(stream, upToVersion ?? 0, null, afterVersion + 1, ct);
            await MartenFaults.Unwrapped(reading).ConfigureAwait(false);
            var events = await reading.ConfigureAwait(false);
            return [.. events.Where(e => upToPosition is not { } bound || e.Sequence <= bound).Select(Recorded)];
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<RecordedEvent>> ReadStreams(
        string tenant, IReadOnlyCollection<string> streams, long? upToPosition = null, CancellationToken ct = default) =>
        store.ReadStreams(tenant, streams, upToPosition, ct);

    /// <inheritdoc/>
    public Task<IReadOnlyList<RecordedEvent>> ReadAll(
        long afterPosition, int limit, EventFilter? filter = null, CancellationToken ct = default) =>
        store.ReadAll(afterPosition, limit, filter, ct);

    /// <inheritdoc/>
    public Task<LogHead> Head(CancellationToken ct = default) => store.Head(ct);

    /// <inheritdoc/>
    public Task<long> PositionAsOf(DateTimeOffset time, CancellationToken ct = default) => store.PositionAsOf(time, ct);

    /// <inheritdoc/>
    public Task<KeyedOutcome?> FindKey(string tenant, string key, CancellationToken ct = default) => store.FindKey(tenant, key, ct);

    /// <inheritdoc cref="PostgresEventStore.BeginSeeding"/>
    public Task BeginSeeding(Func<DateTimeOffset>? clock = null, CancellationToken ct = default) => store.BeginSeeding(clock, ct);

    /// <inheritdoc cref="PostgresEventStore.EndSeeding"/>
    public Task EndSeeding(CancellationToken ct = default) => store.EndSeeding(ct);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => store.DisposeAsync();

    /// <summary>What Marten has read, as the port tells it.</summary>
    private RecordedEvent Recorded(IEvent e) => new(catalogue, e.Data)
    {
        Position = e.Sequence,
        Id = e.Id,
        Tenant = e.TenantId,
        Stream = e.StreamKey!,
        Version = e.Version,
        Type = e.EventTypeName,
        Data = EventCatalogue.Serialize(e.Data),
        At = e.Timestamp,
        Metadata = new(e.GetHeader("actor")?.ToString() ?? "unknown", e.CorrelationId ?? "", e.CausationId),
    };
}
