using System.Text;
using SSC.Purchasing.Audit;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Tests.Testbed;

namespace SSC.Purchasing.Tests.Audit;

/// <summary>An aggregate of no module at all: the audit must do its work on any.</summary>
internal sealed class Shelf : IDecider<Shelf.Command, Shelf.State, Shelf.Event>
{
    public abstract record Command;

    public abstract record Event
    {
        [EventAlias("shelf_stocked")]
        public sealed record Stocked(string Item, int Units) : Event;

        [EventAlias("shelf_cleared")]
        public sealed record Cleared : Event;

        /// <summary>A stored decision: the units counted.</summary>
        [EventAlias("shelf_counted")]
        public sealed record Counted(int Units, int RuleVersion) : Event;
    }

    public sealed record Stock(string Item, int Units);

    public abstract record State
    {
        public sealed record Bare : State;

        public sealed record Filled(StructuralList<Stock> Items) : State;
    }

    public static string Category => "shelf";

    public static State Initial { get; } = new State.Bare();

    public static Decision<Event> Decide(Command command, State state) => new Decision<Event>.Accepted();

    public static State Evolve(State state, Event fact) => (state, fact) switch
    {
        (State.Bare, Event.Stocked e) => new State.Filled([new(e.Item, e.Units)]),
        (State.Filled s, Event.Stocked e) => new State.Filled([new(e.Item, e.Units), .. s.Items.Where(i => i.Item != e.Item)]),
        (State.Filled, Event.Cleared) => new State.Bare(),
        (_, Event.Counted) => state,
        _ => throw new InvalidOperationException($"{fact} cannot follow {state}"),
    };

    public static int Count(IEnumerable<RecordedEvent> events) => events.Select(e => e.Fact).OfType<Event.Stocked>().Sum(e => e.Units);
}

/// <summary>A shelf whose category begins like another's.</summary>
internal sealed class ShelfLabel : IDecider<Shelf.Command, Shelf.State, Shelf.Event>
{
    public static string Category => "shelf-label";

    public static Shelf.State Initial => Shelf.Initial;

    public static Decision<Shelf.Event> Decide(Shelf.Command command, Shelf.State state) => Shelf.Decide(command, state);

    public static Shelf.State Evolve(Shelf.State state, Shelf.Event fact) => Shelf.Evolve(state, fact);
}

/// <summary>Counts again.</summary>
internal sealed class CountCheck : IDecisionCheck
{
    public IReadOnlyCollection<string> EventTypes => ["shelf_counted"];

    public async Task<IReadOnlyList<RecomputedDecision>> Recompute(RecordedEvent e, IEventStore store, CancellationToken ct)
    {
        var stored = (Shelf.Event.Counted)e.Fact;
        if (stored.RuleVersion != 1) throw new NotSupportedException($"Counting rule {stored.RuleVersion} is not known.");
        var events = await store.ReadStream(e.Tenant, e.Stream, upToVersion: e.Version, ct: ct);
        return [new("count", e.Stream, stored.RuleVersion, $"{stored.Units}", $"{Shelf.Count(events)}")];
    }
}

/// <summary>A log with shelves on it.</summary>
internal sealed class ShelfLog
{
    public const string Tenant = "mn";

    public static readonly DateTimeOffset Monday = new(2026, 3, 2, 15, 0, 0, TimeSpan.Zero);

    public static readonly EventCatalogue Catalogue = EventCatalogue.Of([typeof(Shelf).Assembly]);

    private int ids;

    public ShelfLog() => Store = new(Catalogue, Clock);

    public ScriptedClock Clock { get; } = new(Monday);

    public InMemoryEventStore Store { get; }

    public static AggregateRegistry Aggregates => new AggregateRegistry()
        .Register<Shelf, Shelf.Command, Shelf.State, Shelf.Event>()
        .Register<ShelfLabel, Shelf.Command, Shelf.State, Shelf.Event>();

    /// <summary>Records events, each a minute after the one before.</summary>
    public async Task<ShelfLog> Given(string stream, params object[] facts)
    {
        foreach (var fact in facts)
        {
            Clock.Now += TimeSpan.FromMinutes(1);
            var version = (await Store.ReadStream(Tenant, stream)).Count;
            await Store.Append(
                new()
                {
                    Tenant = Tenant,
                    Stream = stream,
                    ExpectedVersion = version,
                    Events = [new(new(++ids, 0, 0x7000, 0x80, 0, 0, 0, 0, 0, 0, 0), fact)],
                    Metadata = new($"clerk-{stream}", $"work-{ids % 2}"),
                },
                CancellationToken.None);
        }

        return this;
    }
}

/// <summary>A log that someone has tampered with: each event is read as the doctor leaves it, or not at all.</summary>
internal sealed class DoctoredLog(IEventStore store, EventCatalogue catalogue, Func<RecordedEvent, DoctoredLog.Forgery?> doctor)
    : IEventStore
{
    public sealed record Forgery(long Position, long Version, string Type, ReadOnlyMemory<byte> Data, DateTimeOffset At)
    {
        public static Forgery Honest(RecordedEvent e) => new(e.Position, e.Version, e.Type, e.Data, e.At);
    }

    /// <summary>A log in which events of one type say something else, wherever the honest words stand in them.</summary>
    public static DoctoredLog Forged(IEventStore store, EventCatalogue catalogue, string type, string honest, string forged) =>
        new(store, catalogue, e => e.Type != type
            ? Forgery.Honest(e)
            : Forgery.Honest(e) with
            {
                Data = Encoding.UTF8.GetBytes(
                    Encoding.UTF8.GetString(e.Data.Span).Replace(honest, forged, StringComparison.Ordinal)),
            });

    /// <summary>How many events the doctor altered; a test of forgery without any proves nothing.</summary>
    public async Task<int> Altered() => (await store.ReadAll(0, int.MaxValue))
        .Count(e => doctor(e) is not { } forged || !forged.Data.Span.SequenceEqual(e.Data.Span));

    public Task<AppendOutcome> Append(Append append, CancellationToken ct) =>
        throw new InvalidOperationException("An auditor writes nothing.");

    public async Task<IReadOnlyList<RecordedEvent>> ReadStream(
        string tenant, string stream, long afterVersion = 0, long? upToVersion = null, long? upToPosition = null,
        CancellationToken ct = default) => Doctored(await store.ReadStream(tenant, stream, afterVersion, upToVersion, upToPosition, ct));

    public async Task<IReadOnlyList<RecordedEvent>> ReadStreams(
        string tenant, IReadOnlyCollection<string> streams, long? upToPosition = null, CancellationToken ct = default) =>
        Doctored(await store.ReadStreams(tenant, streams, upToPosition, ct));

    public async Task<IReadOnlyList<RecordedEvent>> ReadAll(
        long afterPosition, int limit, EventFilter? filter = null, CancellationToken ct = default) =>
        Doctored(await store.ReadAll(afterPosition, limit, filter, ct));

    public Task<LogHead> Head(CancellationToken ct = default) => store.Head(ct);

    public Task<long> PositionAsOf(DateTimeOffset time, CancellationToken ct = default) => store.PositionAsOf(time, ct);

    public Task<KeyedOutcome?> FindKey(string tenant, string key, CancellationToken ct = default) => store.FindKey(tenant, key, ct);

    private List<RecordedEvent> Doctored(IReadOnlyList<RecordedEvent> events)
    {
        var read = new List<RecordedEvent>();
        foreach (var e in events)
        {
            if (doctor(e) is not { } forged) continue;
            read.Add(new(catalogue)
            {
                Position = forged.Position,
                Id = e.Id,
                Tenant = e.Tenant,
                Stream = e.Stream,
                Version = forged.Version,
                Type = forged.Type,
                Data = forged.Data,
                At = forged.At,
                Metadata = e.Metadata,
            });
        }

        return read;
    }
}
