using System.Diagnostics;
using System.Globalization;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Programs;

/// <summary>
/// What a member used of a service in one month, billed by use. Stream <c>service-use-{ProgramId}:{MemberNo}:{yyyy}-{MM}</c>, so that
/// streams stay small.
/// </summary>
public sealed class ServiceUse : IDecider<ServiceUse.Command, ServiceUse.State, ServiceUse.Event>
{
    /// <summary>Version of the rule: quantity × price of the day, rounded once to the cent.</summary>
    public const int RuleVersion = 1;

    /// <summary>What can be asked of it.</summary>
    public abstract record Command
    {
        private Command()
        {
        }

        /// <summary>
        /// Record a use: <c>use-exists</c>, <c>quantity-out-of-range</c>, the id or note at fault, or why the member may not.
        /// </summary>
        public sealed record Record(UseRecord Use, Refusal? NotEligible) : Command;

        /// <summary>Take a use back: <c>use-unknown</c>, or the reason at fault.</summary>
        public sealed record Reverse(string Use, string Reason) : Command;
    }

    /// <summary>What has happened.</summary>
    public abstract record Event
    {
        private Event()
        {
        }

        /// <summary>A use was recorded, for so much.</summary>
        [EventAlias("service_use_recorded")]
        public sealed record Recorded(UseRecord Use, Money Amount, int RuleVersion) : Event;

        /// <summary>A use was taken back.</summary>
        [EventAlias("service_use_reversed")]
        public sealed record Reversed(UseRecord Use, string Reason, Money Amount) : Event;
    }

    /// <summary>Uses of the month.</summary>
    /// <param name="Uses">What stands, by id.</param>
    /// <param name="Reversed">What was taken back.</param>
    public sealed record State(StructuralMap<string, Event.Recorded> Uses, StructuralList<string> Reversed);

    /// <inheritdoc/>
    public static string Category => "service-use";

    /// <inheritdoc/>
    public static State Initial { get; } = new(default, default);

    /// <summary>The key of a member's month.</summary>
    public static string Key(ProgramId service, MemberNo member, DateOnly on) =>
        string.Create(CultureInfo.InvariantCulture, $"{service}:{member}:{on:yyyy-MM}");

    /// <inheritdoc/>
    public static Decision<Event> Decide(Command command, State state) => command switch
    {
        Command.Record c when state.Uses.TryGetValue(c.Use.Use ?? "", out var known) => known.Use == c.Use ? Nothing : Exists,
        Command.Record c when state.Reversed.Contains(c.Use.Use, StringComparer.Ordinal) => Exists,
        Command.Record c => (Flaw(c.Use) ?? c.NotEligible) is { } flaw
            ? flaw
            : new Event.Recorded(c.Use, c.Use.Price.Extend(c.Use.Quantity), RuleVersion),
        Command.Reverse c when state.Reversed.Contains(c.Use, StringComparer.Ordinal) => Nothing,
        Command.Reverse c => !state.Uses.TryGetValue(c.Use ?? "", out var use)
            ? new Refusal("use-unknown", "No such use is recorded in this month.")
            : PlainText.Check("reason", c.Reason, PlainText.NoteLength) is { } flaw ? flaw
            : new Event.Reversed(use.Use, c.Reason, use.Amount),
        _ => throw new UnreachableException($"{command} has no answer"),
    };

    /// <inheritdoc/>
    public static State Evolve(State state, Event fact) => fact switch
    {
        Event.Recorded e => state with { Uses = state.Uses.Set(e.Use.Use, e) },
        Event.Reversed e => new(state.Uses.Remove(e.Use.Use), state.Reversed.Add(e.Use.Use)),
        _ => throw new UnreachableException($"{fact} cannot follow {state}"),
    };

    private static readonly Decision<Event> Nothing = new Decision<Event>.Accepted();

    private static readonly Refusal Exists = new("use-exists", "A use of this id was recorded; give the new one another id.");

    private static Refusal? Flaw(UseRecord use)
    {
        if (PlainText.CheckId("use", use.Use) is { } flaw) return flaw;
        if (use.Quantity <= Quantity.Zero || use.Quantity > Quantity.Max)
            return new("quantity-out-of-range", "A use is more than nothing and at most a billion units.");
        if (use.Price.Dollars * use.Quantity.Units > PricingRules.Highest.Dollars)
            return new("amount-too-large", "One use is billed up to a million dollars; record it in parts.");
        return PlainText.CheckOptional("note", use.Note, PlainText.NoteLength);
    }
}

/// <summary>A use of a service.</summary>
/// <param name="Use">Its id, unique in the month.</param>
/// <param name="Service">Program of the service.</param>
/// <param name="Member">Member.</param>
/// <param name="On">Day.</param>
/// <param name="Quantity">How much.</param>
/// <param name="Unit">Of what.</param>
/// <param name="Price">Price of a unit on the day, the member's surcharge included.</param>
/// <param name="Title">What members call the service.</param>
/// <param name="Note">What it was, without a person's name; null when the service says it all.</param>
public sealed record UseRecord(
    string Use, ProgramId Service, MemberNo Member, DateOnly On, Quantity Quantity, string Unit, UnitPrice Price, string Title,
        string? Note);
