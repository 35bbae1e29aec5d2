using System.Text.RegularExpressions;
using Shouldly;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Tests.Testbed;

/// <summary>A decider told as given events, when a command, then events or a refusal. Events pass through JSON, as in life.</summary>
public abstract class SpecFor<TDecider, TCommand, TState, TEvent>
    where TDecider : IDecider<TCommand, TState, TEvent>
    where TEvent : notnull
{
    /// <summary>What has happened before; nothing for a stream that does not exist yet.</summary>
    protected static History Given(params IReadOnlyList<TEvent> events) => new(events);

    /// <summary>The command on a stream that does not exist yet.</summary>
    protected static Decision<TEvent> When(TCommand command) => Given().When(command);

    /// <summary>Events so far.</summary>
    public sealed record History(IReadOnlyList<TEvent> Events)
    {
        /// <summary>What they amount to.</summary>
        public TState State => Events.Select(Stored).Aggregate(TDecider.Initial, TDecider.Evolve);

        /// <summary>More events after these.</summary>
        public History And(params IReadOnlyList<TEvent> events) => new([.. Events, .. events]);

        /// <summary>The events that a command led to, as further history; fails when it was refused.</summary>
        public History After(TCommand command) => new([.. Events, .. When(command).ShouldBeAccepted()]);

        /// <summary>The decision on this history.</summary>
        public Decision<TEvent> When(TCommand command) => TDecider.Decide(command, State);

        private static TEvent Stored(TEvent fact) =>
            (TEvent)System.Text.Json.JsonSerializer.Deserialize(EventCatalogue.Serialize(fact), fact.GetType(), EventCatalogue.Json)!;
    }
}

/// <summary>What a decision is expected to be.</summary>
public static partial class Then
{
    /// <summary>Exactly these events, in this order.</summary>
    public static void Records<TEvent>(this Decision<TEvent> decision, params IReadOnlyList<TEvent> expected) =>
        decision.ShouldBeAccepted().ShouldBe(expected);

    /// <summary>Accepted, and nothing is left to do.</summary>
    public static void RecordsNothing<TEvent>(this Decision<TEvent> decision) => decision.ShouldBeAccepted().ShouldBeEmpty();

    /// <summary>One event of a type, for a closer look at it.</summary>
    public static TFact RecordsOne<TEvent, TFact>(this Decision<TEvent> decision, Func<TEvent, TFact?> pick)
        where TFact : class => decision.ShouldBeAccepted().Select(pick).Single(f => f is not null)!;

    /// <summary>Refused under a stable kebab-case code, with a sentence that a person can act on.</summary>
    public static void Refuses<TEvent>(this Decision<TEvent> decision, string code)
    {
        var refusal = decision.ShouldBeOfType<Decision<TEvent>.Refused>().Refusal;
        refusal.Code.ShouldBe(code);
        ShouldBeWellFormed(refusal);
    }

    /// <summary>The events of an acceptance.</summary>
    public static IReadOnlyList<TEvent> ShouldBeAccepted<TEvent>(this Decision<TEvent> decision)
    {
        if (decision is Decision<TEvent>.Refused no) throw new ShouldAssertException($"refused: {no.Refusal.Code}: {no.Refusal.Reason}");
        return decision.ShouldBeOfType<Decision<TEvent>.Accepted>().Events;
    }

    /// <summary>A refusal's code never changes and its reason is a sentence.</summary>
    public static void ShouldBeWellFormed(Refusal refusal)
    {
        KebabCase().IsMatch(refusal.Code).ShouldBeTrue($"'{refusal.Code}' is not kebab-case");
        refusal.Reason.ShouldMatch(@"^\S.*[.?!]$", "a reason is a sentence");
    }

    [GeneratedRegex("^[a-z0-9]+(-[a-z0-9]+)*$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex KebabCase();
}
