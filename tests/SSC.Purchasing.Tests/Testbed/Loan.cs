using System.Diagnostics;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Tests.Testbed;

/// <summary>A tool on loan: the smallest aggregate that is still an aggregate, for testing what tests stand on.</summary>
public sealed class Loan : IDecider<Loan.Command, Loan.State, Loan.Event>
{
    public abstract record Command
    {
        private Command()
        {
        }

        public sealed record Lend(string Tool, DateTimeOffset Due) : Command;

        public sealed record Remind(int Number) : Command;

        public sealed record Return : Command;
    }

    public abstract record Event
    {
        private Event()
        {
        }

        /// <summary>The tool left.</summary>
        [EventAlias("tool_lent")]
        public sealed record Lent(string Tool, DateTimeOffset Due) : Event;

        /// <summary>The borrower was reminded.</summary>
        [EventAlias("borrower_reminded")]
        public sealed record Reminded(int Number) : Event;

        /// <summary>The tool came back.</summary>
        [EventAlias("tool_returned")]
        public sealed record Returned : Event;
    }

    public abstract record State
    {
        private State()
        {
        }

        public sealed record OnShelf : State;

        public sealed record Out(string Tool, DateTimeOffset Due, int Reminders) : State;

        public sealed record Back : State;
    }

    public static string Category => "loan";

    public static State Initial { get; } = new State.OnShelf();

    public static Decision<Event> Decide(Command command, State state) => (command, state) switch
    {
        (Command.Lend c, State.OnShelf) => new Event.Lent(c.Tool, c.Due),
        (Command.Lend c, State.Out s) when (c.Tool, c.Due).Equals((s.Tool, s.Due)) => new Decision<Event>.Accepted(),
        (Command.Lend, _) => new Refusal("not-on-shelf", "The tool is not there; ask for another one."),
        (Command.Remind c, State.Out s) when c.Number <= s.Reminders => new Decision<Event>.Accepted(),
        (Command.Remind c, State.Out) => new Event.Reminded(c.Number),
        (Command.Return, State.Out) => new Event.Returned(),
        (Command.Return, State.Back) => new Decision<Event>.Accepted(),
        _ => new Refusal("not-out", "Nobody has the tool; nothing needs doing."),
    };

    public static State Evolve(State state, Event fact) => (state, fact) switch
    {
        (_, Event.Lent e) => new State.Out(e.Tool, e.Due, 0),
        (State.Out s, Event.Reminded e) => s with { Reminders = e.Number },
        (_, Event.Returned) => new State.Back(),
        _ => throw new UnreachableException($"{fact} cannot follow {state}"),
    };
}

/// <summary>A borrower is reminded on the day and three days later; when the tool turns out to be back, the saga rests.</summary>
public sealed class LoanReminders : Saga<LoanReminders.Progress>
{
    public enum Phase
    {
        Waiting,
        GivenUp,
        Over,
    }

    public sealed record Progress(string Loan, int Reminders, Phase Phase);

    [SagaCommand("remind_borrower")]
    public sealed record RemindBorrower(string Loan, int Number);

    public override string Name => "loan_reminders";

    public override string? Correlate(RecordedEvent e) => e.Fact is Loan.Event ? e.Stream["loan-".Length..] : null;

    public override Progress Initial(string id) => new(id, 0, Phase.Waiting);

    public override SagaStep<Progress> On(Progress state, SagaInput input) => (state, input) switch
    {
        (_, SagaInput.Heard { Event.Fact: Loan.Event.Lent e }) => new(state, new SagaEffect.Wake("due", e.Due)),
        ({ Phase: Phase.Waiting, Reminders: < 2 }, SagaInput.Woken w) when w.Due >= DueOf(state, w) =>
            new(state with { Reminders = state.Reminders + 1 }, new SagaEffect.Send(new RemindBorrower(state.Loan, state.Reminders + 1))),
        (_, SagaInput.Heard { Event: { Fact: Loan.Event.Reminded { Number: 1 } } e }) =>
            new(state, new SagaEffect.Wake("again", e.At.AddDays(3))),
        (_, SagaInput.Heard { Event.Fact: Loan.Event.Reminded }) => new(state with { Phase = Phase.GivenUp }),
        (_, SagaInput.WasRefused) => new(state with { Phase = Phase.Over }),
        _ => new(state),
    };

    // The first timer asks for the first reminder and the second for the second, however often each of them rings.
    private static DateTimeOffset DueOf(Progress state, SagaInput.Woken woken) =>
        (woken.Timer, state.Reminders) is ("due", 0) or ("again", 1) ? woken.Due : DateTimeOffset.MaxValue;
}
