using System.Diagnostics;
using System.Globalization;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Programs;

/// <summary>
/// A member's subscription to a service for one service year (1 July to 30 June), with slots. Stream
/// <c>subscription-{ProgramId}:{MemberNo}:{year}</c>; the next year is a stream of its own.
/// </summary>
public sealed class Subscription : IDecider<Subscription.Command, Subscription.State, Subscription.Event>
{
    /// <summary>Most slots of a subscription.</summary>
    public const int MostSlots = 10_000;

    /// <summary>What can be asked of a subscription. Any of them but the first two before it: <c>subscription-unknown</c>.</summary>
    public abstract record Command
    {
        private Command()
        {
        }

        /// <summary>
        /// Subscribe from a day: <c>subscription-exists</c>, <c>day-outside-year</c>, <c>slots-out-of-range</c>, or why the member may not.
        /// </summary>
        public sealed record Subscribe(SubscriptionTerms Terms, DateOnly From, int Slots, Refusal? NotEligible) : Command;

        /// <summary>Go on from the year before: <c>subscription-exists</c>.</summary>
        public sealed record Continue(SubscriptionTerms Terms, int Slots) : Command;

        /// <summary>Add slots from a day, for the rest of the year: <c>slots-out-of-range</c>, <c>day-outside-year</c>.</summary>
        public sealed record AddSlots(string Reference, int Slots, DateOnly From) : Command;

        /// <summary>Put a slot to use: <c>no-slot-free</c>, <c>use-malformed</c>.</summary>
        public sealed record UseSlot(string Use) : Command;

        /// <summary>Free a slot: <c>use-unknown</c>.</summary>
        public sealed record FreeSlot(string Use) : Command;

        /// <summary>Give notice for the year's end: <c>notice-too-late</c>.</summary>
        public sealed record GiveNotice(DateOnly On) : Command;

        /// <summary>The year is over: it lapses after a notice and is renewed without one. <c>too-early</c>.</summary>
        public sealed record EndYear(DateOnly On) : Command;
    }

    /// <summary>What has happened to a subscription.</summary>
    public abstract record Event
    {
        private Event()
        {
        }

        /// <summary>It began, for the fee of the days that are left of the year.</summary>
        [EventAlias("subscription_begun")]
        public sealed record Begun(SubscriptionTerms Terms, DateOnly From, int Slots, Proration Fee) : Event;

        /// <summary>It went on from the year before, for the whole fee.</summary>
        [EventAlias("subscription_continued")]
        public sealed record Continued(SubscriptionTerms Terms, int Slots, Money Fee) : Event;

        /// <summary>Slots were added for the rest of the year.</summary>
        [EventAlias("subscription_slots_added")]
        public sealed record SlotsAdded(string Reference, int Slots, DateOnly From, Proration Fee) : Event;

        /// <summary>A slot was put to use.</summary>
        [EventAlias("subscription_slot_used")]
        public sealed record SlotUsed(string Use) : Event;

        /// <summary>A slot was freed.</summary>
        [EventAlias("subscription_slot_freed")]
        public sealed record SlotFreed(string Use) : Event;

        /// <summary>It ends with the year.</summary>
        [EventAlias("subscription_notice_given")]
        public sealed record NoticeGiven(DateOnly On) : Event;

        /// <summary>The year ended and the next one begins.</summary>
        [EventAlias("subscription_renewed")]
        public sealed record Renewed(int Slots) : Event;

        /// <summary>The year ended and nothing follows.</summary>
        [EventAlias("subscription_lapsed")]
        public sealed record Lapsed : Event;
    }

    /// <summary>Where a subscription stands.</summary>
    /// <param name="Phase">In one word.</param>
    /// <param name="Terms">What it is; null only before it.</param>
    public sealed record State(SubscriptionPhase Phase, SubscriptionTerms? Terms)
    {
        /// <summary>Slots.</summary>
        public int Slots { get; init; }

        /// <summary>What slots are used for.</summary>
        public StructuralList<string> Uses { get; init; }

        /// <summary>Slots added later, by reference.</summary>
        public StructuralMap<string, int> Added { get; init; }
    }

    /// <inheritdoc/>
    public static string Category => "subscription";

    /// <inheritdoc/>
    public static State Initial { get; } = new(SubscriptionPhase.Absent, null);

    /// <summary>The key of a subscription.</summary>
    public static string Key(ProgramId service, MemberNo member, int year) =>
        string.Create(CultureInfo.InvariantCulture, $"{service}:{member}:{year}");

    /// <inheritdoc/>
    public static Decision<Event> Decide(Command command, State state) => (command, state) switch
    {
        (Command.Subscribe c, { Terms: null }) => Subscribe(c),
        (Command.Continue c, { Terms: null }) => new Event.Continued(c.Terms, c.Slots, c.Terms.Fee(c.Slots)),
        (Command.Subscribe c, _) => c.Terms == state.Terms && c.Slots == state.Slots - state.Added.Values.Sum() ? Nothing : Exists,
        (Command.Continue c, _) => c.Terms.Year == state.Terms.Year ? Nothing : Exists,
        (_, { Terms: null }) => new Refusal("subscription-unknown", "The member has no such subscription; subscribe first."),
        (Command.EndYear, { Phase: SubscriptionPhase.Lapsed or SubscriptionPhase.Renewed }) => Nothing,
        (Command.EndYear c, { Terms: var terms }) when c.On <= new FiscalYear(terms.Year).LastDay =>
            new Refusal("too-early", "The service year is not over yet."),
        (Command.EndYear, { Phase: SubscriptionPhase.CancelNoticed }) => new Event.Lapsed(),
        (Command.EndYear, _) => new Event.Renewed(state.Slots),
        (Command.UseSlot c, _) when state.Uses.Contains(c.Use, StringComparer.Ordinal) => Nothing,
        (_, { Phase: SubscriptionPhase.Lapsed or SubscriptionPhase.Renewed }) =>
            new Refusal("subscription-ended", "The service year is over; use the subscription of this year."),
        (Command.GiveNotice, { Phase: SubscriptionPhase.CancelNoticed }) => Nothing,
        (Command.GiveNotice c, { Terms: var terms }) => c.On > terms.LastDayOfNotice
            ? new Refusal("notice-too-late", $"Notice for this year was possible until {terms.LastDayOfNotice:yyyy-MM-dd}; it is renewed.")
            : new Event.NoticeGiven(c.On),
        (Command.AddSlots c, _) => Add(c, state),
        (Command.UseSlot c, _) => !Id.IsWellFormed(c.Use) ? Malformed
            : state.Uses.Count < state.Slots ? new Event.SlotUsed(c.Use)
            : new Refusal("no-slot-free", $"All {state.Slots} slots are in use; free one or add slots."),
        (Command.FreeSlot c, _) => state.Uses.Contains(c.Use, StringComparer.Ordinal)
            ? new Event.SlotFreed(c.Use)
            : new Refusal("use-unknown", "No slot is used for this."),
        _ => throw new UnreachableException($"{command} has no answer in {state}"),
    };

    /// <inheritdoc/>
    public static State Evolve(State state, Event fact) => fact switch
    {
        Event.Begun e => new(SubscriptionPhase.Active, e.Terms) { Slots = e.Slots },
        Event.Continued e => new(SubscriptionPhase.Active, e.Terms) { Slots = e.Slots },
        Event.SlotsAdded e => state with { Slots = state.Slots + e.Slots, Added = state.Added.Set(e.Reference, e.Slots) },
        Event.SlotUsed e => state with { Uses = state.Uses.Add(e.Use) },
        Event.SlotFreed e => state with { Uses = state.Uses.Where(u => u != e.Use).ToStructuralList() },
        Event.NoticeGiven => state with { Phase = SubscriptionPhase.CancelNoticed },
        Event.Renewed => state with { Phase = SubscriptionPhase.Renewed },
        Event.Lapsed => state with { Phase = SubscriptionPhase.Lapsed },
        _ => throw new UnreachableException($"{fact} cannot follow {state}"),
    };

    private static readonly Decision<Event> Nothing = new Decision<Event>.Accepted();

    private static readonly Refusal Exists =
        new("subscription-exists", "The member has this service for this year; add slots to it instead.");

    private static readonly Refusal Malformed = new("use-malformed",
        "Name what uses the slot by an id of letters, digits, '.', '_' or '-'.");

    private static readonly Refusal OutsideYear = new("day-outside-year", "The day lies outside the service year, 1 July to 30 June.");

    private static Refusal OutOfRange => new("slots-out-of-range", $"Slots are 1 to {MostSlots} in all, and at least those included.");

    private static Decision<Event> Subscribe(Command.Subscribe c)
    {
        if (c.NotEligible is { } why) return why;
        if (!new FiscalYear(c.Terms.Year).Contains(c.From)) return OutsideYear;
        if (c.Slots < c.Terms.Pricing.Slots || c.Slots is < 0 or > MostSlots) return OutOfRange;
        return new Event.Begun(c.Terms, c.From, c.Slots, Proration.Of(c.Terms.Fee(c.Slots), c.Terms.Year, c.From));
    }

    private static Decision<Event> Add(Command.AddSlots c, State state)
    {
        if (state.Added.TryGetValue(c.Reference ?? "", out var before))
        {
            return before == c.Slots
                ? Nothing
                : new Refusal("slots-added-before", "Slots were added under this reference; give the new ones another.");
        }

        if (PlainText.CheckId("reference", c.Reference) is { } flaw) return flaw;
        if (!new FiscalYear(state.Terms!.Year).Contains(c.From)) return OutsideYear;
        if (c.Slots < 1 || c.Slots > MostSlots || state.Slots + c.Slots > MostSlots) return OutOfRange;
        var yearly = state.Terms.Fee(state.Slots + c.Slots) - state.Terms.Fee(state.Slots);
        return new Event.SlotsAdded(c.Reference!, c.Slots, c.From, Proration.Of(yearly, state.Terms.Year, c.From));
    }
}

/// <summary>What is subscribed to.</summary>
/// <param name="Service">Program of the service.</param>
/// <param name="Member">Member.</param>
/// <param name="Year">Service year, named by the year in which it ends, e.g. 2027 for 1 July 2026 to 30 June 2027.</param>
/// <param name="Title">What members call the service.</param>
/// <param name="Pricing">The yearly fee.</param>
/// <param name="SurchargeBasisPoints">What the member pays on top, hundredths of a percent.</param>
public sealed record SubscriptionTerms(
    ProgramId Service, MemberNo Member, int Year, string Title, SubscriptionPricing Pricing, int SurchargeBasisPoints)
{
    /// <summary>The last day on which notice can be given.</summary>
    public DateOnly LastDayOfNotice => new FiscalYear(Year).LastDay.AddDays(-Pricing.NoticeDays);

    /// <summary>The fee of a whole year with so many slots, surcharge included, rounded once to the cent.</summary>
    public Money Fee(int slots) => Money.Round(
        (Pricing.AnnualFee.Dollars + (Math.Max(0, slots - Pricing.Slots) * Pricing.SlotFee.Dollars))
        * (AccountSplit.Whole + SurchargeBasisPoints) / AccountSplit.Whole);
}

/// <summary>A yearly fee for a part of the year.</summary>
/// <param name="Yearly">For the whole year.</param>
/// <param name="Days">Days from the first to 30 June, both counted.</param>
/// <param name="OfDays">Days of the year.</param>
/// <param name="Amount">yearly × days / days of the year, rounded once to the cent.</param>
/// <param name="RuleVersion">Version of the rule.</param>
public sealed record Proration(Money Yearly, int Days, int OfDays, Money Amount, int RuleVersion)
{
    /// <summary>Version of the rule that new prorations name.</summary>
    public const int CurrentVersion = 1;

    /// <summary>Prorates by days.</summary>
    public static Proration Of(Money yearly, int year, DateOnly from)
    {
        var (first, last) = (new FiscalYear(year).FirstDay, new FiscalYear(year).LastDay);
        var (days, all) = (last.DayNumber - from.DayNumber + 1, last.DayNumber - first.DayNumber + 1);
        return new(yearly, days, all, Money.Round(yearly.Dollars * days / all), CurrentVersion);
    }
}

/// <summary>Where a subscription stands.</summary>
public enum SubscriptionPhase
{
    /// <summary>Not begun.</summary>
    Absent,

    /// <summary>In force; goes on next year.</summary>
    Active,

    /// <summary>In force; ends with the year.</summary>
    CancelNoticed,

    /// <summary>The year is over; the next one is in force.</summary>
    Renewed,

    /// <summary>The year is over and nothing follows.</summary>
    Lapsed,
}
