using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.DatabaseTests.Runtime;

/// <summary>A small aggregate to drive the runtime with: marbles go into jars.</summary>
public sealed class Jar : IDecider<Jar.Command, Jar.State, Jar.Event>
{
    public abstract record Command
    {
        private Command()
        {
        }

        public sealed record Drop(string Color, int Marbles) : Command;

        public sealed record Empty : Command;
    }

    public abstract record Event
    {
        private Event()
        {
        }

        [EventAlias("test_marbles_dropped")]
        public sealed record Dropped(string Color, int Marbles) : Event;

        [EventAlias("test_jar_emptied")]
        public sealed record Emptied : Event;
    }

    public sealed record State(int Marbles);

    public static string Category => "jar";

    public static State Initial { get; } = new(0);

    public static Decision<Event> Decide(Command command, State state) => command switch
    {
        Command.Drop { Marbles: < 0 } => new Refusal("negative-marbles", "Drop at least no marble."),
        Command.Drop c => new Event.Dropped(c.Color, c.Marbles),
        Command.Empty when state.Marbles == 0 => new Decision<Event>.Accepted(),
        _ => new Event.Emptied(),
    };

    public static State Evolve(State state, Event fact) =>
        fact is Event.Dropped dropped ? new(state.Marbles + dropped.Marbles) : new(0);
}

public sealed record JarRow(string Color, int Marbles, int Events, StructuralList<long> Positions);

/// <summary>One row per jar that has marbles; each event leaves its position, so that one applied twice or never is seen.</summary>
public class JarRows : ReadModel<JarRow>
{
    public override string Name => "test_jars";

    public override int Version => 1;

    public override IReadOnlyList<IndexColumn<JarRow>> Indexes =>
        [new("color", r => r.Color), new("is_full", r => r.Marbles >= 10 ? "yes" : null)];

    public override IEnumerable<string> KeysOf(RecordedEvent e) => e.Fact is Jar.Event ? [e.Stream] : [];

    public override JarRow? Apply(string key, JarRow? row, RecordedEvent e) => e.Fact switch
    {
        Jar.Event.Dropped d => new(d.Color, (row?.Marbles ?? 0) + d.Marbles, (row?.Events ?? 0) + 1,
            (row?.Positions ?? []).Add(e.Position)),
        _ => null,
    };
}

/// <summary>The same, as the next release sees it.</summary>
public sealed class JarRowsNext : JarRows
{
    public override int Version => 2;

    public override IReadOnlyList<IndexColumn<JarRow>> Indexes => [new("hue", r => r.Color.ToUpperInvariant())];
}

/// <summary>No event means anything to it.</summary>
public sealed class NothingRows : JarRows
{
    public override string Name => "test_nothing";

    public override IEnumerable<string> KeysOf(RecordedEvent e) => [];
}

/// <summary>Cannot bear thirteen marbles.</summary>
public sealed class SuperstitiousRows : JarRows
{
    public override string Name => "test_superstitious_jars";

    /// <summary>The bug is mended.</summary>
    public bool IsCured { get; set; }

    public override JarRow? Apply(string key, JarRow? row, RecordedEvent e) =>
        !IsCured && e.Fact is Jar.Event.Dropped { Marbles: 13 } ? throw new InvalidOperationException("thirteen!")
            : base.Apply(key, row, e);
}

[SagaCommand("test_drop_marbles")]
public sealed record DropMarbles(string Jar, string Color, int Marbles);

public sealed record EchoState(int Heard, int Echoes, int Woken, StructuralList<string> Refusals, DateTimeOffset? LastWoken);

/// <summary>
/// For every red marble a green one goes into the same jar, and when nothing happened in a jar for an hour, one blue marble.
/// The instance hears all colours, so that what it did comes back to it.
/// </summary>
public sealed class EchoSaga : Saga<EchoState>
{
    public override string Name => "test_echo";

    public override string? Correlate(RecordedEvent e) => e.Fact is Jar.Event ? e.Stream["jar-".Length..] : null;

    public override EchoState Initial(string id) => new(0, 0, 0, [], null);

    public override SagaStep<EchoState> On(EchoState state, SagaInput input) => input switch
    {
        SagaInput.Heard { Event: { Fact: Jar.Event.Dropped { Color: "red" } d } e } => new(
            state with { Heard = state.Heard + 1 },
            new SagaEffect.Send(new DropMarbles(Id(e), "green", d.Marbles == 666 ? -1 : d.Marbles)),
            new SagaEffect.Wake("quiet", input.At.AddHours(1))),
        SagaInput.Heard { Event.Fact: Jar.Event.Dropped { Color: "green" } } => new(state with { Echoes = state.Echoes + 1 }),
        SagaInput.Woken woken => new(
            state with { Woken = state.Woken + 1, LastWoken = woken.Due },
            new SagaEffect.Send(new DropMarbles("woken", "blue", 1))),
        SagaInput.WasRefused no => new(state with { Refusals = state.Refusals.Add(no.Refusal.Code) }),
        _ => new(state),
    };

    private static string Id(RecordedEvent e) => e.Stream["jar-".Length..];
}
