using System.Diagnostics;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Membership;

/// <summary>The joint powers agreement by which a cooperative takes part in statewide orders (Minn. Stat. 471.59).</summary>
/// <param name="AgreedOn">First day on which it holds.</param>
/// <param name="LastDay">Last day on which it holds; null while it is open-ended.</param>
/// <param name="Resolution">Reference of the governing body's resolution.</param>
public sealed record StatewideAgreement(DateOnly AgreedOn, DateOnly? LastDay, string Resolution)
{
    /// <summary>True when the agreement holds on a day.</summary>
    public bool HoldsOn(DateOnly day) => day >= AgreedOn && (LastDay is not { } last || day <= last);
}

/// <summary>A service cooperative that owns members and leads orders. Stream <c>cooperative-{CooperativeId}</c>.</summary>
public sealed class Cooperative : IDecider<Cooperative.Command, Cooperative.State, Cooperative.Event>
{
    /// <summary>What can be asked of a cooperative.</summary>
    public abstract record Command
    {
        private Command()
        {
        }

        /// <summary>Enter it. <c>cooperative-exists</c> when it was entered with other facts.</summary>
        public sealed record Register(CooperativeFacts Facts) : Command;

        /// <summary>Record the agreement for statewide orders; a new one replaces the old.</summary>
        public sealed record SetStatewideAgreement(StatewideAgreement Agreement) : Command;
    }

    /// <summary>What has happened to a cooperative.</summary>
    public abstract record Event
    {
        private Event()
        {
        }

        /// <summary>It was entered.</summary>
        [EventAlias("cooperative_registered")]
        public sealed record Registered(CooperativeFacts Facts) : Event;

        /// <summary>It takes part in statewide orders from a day on.</summary>
        [EventAlias("statewide_agreement_set")]
        public sealed record StatewideAgreementSet(StatewideAgreement Agreement) : Event;
    }

    /// <summary>Where a cooperative stands.</summary>
    public abstract record State
    {
        private State()
        {
        }

        /// <summary>Not entered.</summary>
        public sealed record Absent : State;

        /// <summary>Entered.</summary>
        public sealed record Registered(CooperativeFacts Facts, StatewideAgreement? Agreement) : State;
    }

    /// <inheritdoc/>
    public static string Category => "cooperative";

    /// <inheritdoc/>
    public static State Initial { get; } = new State.Absent();

    /// <inheritdoc/>
    public static Decision<Event> Decide(Command command, State state) => (command, state) switch
    {
        (Command.Register c, State.Absent) => Flaw(c.Facts) is { } no ? no : new Event.Registered(c.Facts),
        (Command.Register c, State.Registered s) when s.Facts == c.Facts => Nothing,
        (Command.Register, _) => new Refusal("cooperative-exists", "This cooperative is registered with other facts."),

        (_, State.Absent) => new Refusal("cooperative-unknown", "Register the cooperative first."),

        (Command.SetStatewideAgreement c, State.Registered s) when s.Agreement == c.Agreement => Nothing,
        (Command.SetStatewideAgreement c, _) => Flaw(c.Agreement) is { } no ? no : new Event.StatewideAgreementSet(c.Agreement),

        _ => throw new UnreachableException($"{command} is not a command of a cooperative."),
    };

    /// <inheritdoc/>
    public static State Evolve(State state, Event fact) => (state, fact) switch
    {
        (State.Absent, Event.Registered e) => new State.Registered(e.Facts, null),
        (State.Registered s, Event.StatewideAgreementSet e) => s with { Agreement = e.Agreement },
        _ => throw new UnreachableException($"{fact} cannot follow {state}"),
    };

    private static readonly Decision<Event> Nothing = new Decision<Event>.Accepted();

    private static Refusal? Flaw(CooperativeFacts facts) =>
        PlainText.CheckId("cooperative", facts.Id.Value)
        ?? PlainText.Check("name", facts.Name)
        ?? (facts.Counties.Count > 100 ? new Refusal("too-many-counties", "A region has at most 100 counties.") : null)
        ?? facts.Counties.Select(c => PlainText.Check("county", c)).FirstOrDefault(no => no is not null);

    private static Refusal? Flaw(StatewideAgreement agreement) =>
        PlainText.Check("resolution", agreement.Resolution)
        ?? (agreement.LastDay < agreement.AgreedOn
            ? new Refusal("agreement-ends-before-it-begins", "Give a last day on or after the day of the agreement.")
            : null);
}
