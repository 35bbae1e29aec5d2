using System.Diagnostics;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Membership;

/// <summary>A fee as it was assessed, with everything it was found from.</summary>
/// <param name="Member">Who owes it.</param>
/// <param name="Cooperative">To whom.</param>
/// <param name="Year">Fiscal year, named by the year in which it ends.</param>
/// <param name="Type">Type of membership on the day.</param>
/// <param name="Services">Number of services it takes.</param>
/// <param name="Amount">The fee.</param>
/// <param name="Fees">The schedule it comes from.</param>
/// <param name="AssessedOn">The day.</param>
/// <param name="DueOn">Last day to pay.</param>
/// <param name="LapsesOn">The day on which the membership lapses while it is unpaid.</param>
public sealed record MembershipFee(
    MemberNo Member, CooperativeId Cooperative, int Year, MemberType Type, int Services, Money Amount, AdoptedFees Fees,
    DateOnly AssessedOn, DateOnly DueOn, DateOnly LapsesOn);

/// <summary>
/// A participating member's year: its fee is assessed, reminded of, and paid, or the membership lapses. Stream
/// <c>membership-year-{MemberNo}:{year}</c>.
/// </summary>
public sealed class MembershipYear : IDecider<MembershipYear.Command, MembershipYear.State, MembershipYear.Event>
{
    /// <summary>What can be asked of a membership year.</summary>
    public abstract record Command
    {
        private Command()
        {
        }

        /// <summary>
        /// Assess the fee by the schedule of a day: <c>fee-schedule-missing</c>, <c>no-membership-fee</c>, <c>member-malformed</c>,
        /// <c>cooperative-malformed</c>, <c>year-out-of-range</c>. Once assessed, it stands.
        /// </summary>
        public sealed record Assess(
            MemberNo Member, CooperativeId Cooperative, int Year, MemberType Type, int Services, AdoptedFees? Fees, DateOnly On) : Command;

        /// <summary>Remind the member for the n-th time.</summary>
        public sealed record Remind(int Number) : Command;

        /// <summary>The fee is paid: through an invoice, or as <paramref name="Reference"/> says. Revives a lapsed year.</summary>
        public sealed record RecordPayment(string Reference, DateOnly On) : Command;

        /// <summary>The payment was taken back: the fee is owed again.</summary>
        public sealed record ReversePayment(string Reference, DateOnly On) : Command;

        /// <summary>Let it lapse, on or after its day, while it is unpaid: <c>too-early-to-lapse</c>.</summary>
        public sealed record Lapse(DateOnly On) : Command;
    }

    /// <summary>What has happened to a membership year.</summary>
    public abstract record Event
    {
        private Event()
        {
        }

        /// <summary>The fee was assessed.</summary>
        [EventAlias("membership_fee_assessed")]
        public sealed record Assessed(MembershipFee Fee, int RuleVersion) : Event;

        /// <summary>The member was reminded.</summary>
        [EventAlias("membership_fee_reminded")]
        public sealed record Reminded(int Number) : Event;

        /// <summary>The fee was paid.</summary>
        [EventAlias("membership_fee_paid")]
        public sealed record Paid(string Reference, DateOnly On) : Event;

        /// <summary>The payment was taken back.</summary>
        [EventAlias("membership_fee_payment_reversed")]
        public sealed record PaymentReversed(string Reference, DateOnly On) : Event;

        /// <summary>The membership lapsed.</summary>
        [EventAlias("membership_year_lapsed")]
        public sealed record Lapsed(DateOnly On) : Event;
    }

    /// <summary>Where a membership year stands.</summary>
    public abstract record State
    {
        private State()
        {
        }

        /// <summary>The fee; null before it was assessed.</summary>
        public virtual MembershipFee? Fee => null;

        /// <summary>Not assessed.</summary>
        public sealed record Absent : State;

        /// <summary>Owed; <paramref name="Reminders"/> sent so far.</summary>
        public sealed record Owed(MembershipFee Fee, int Reminders) : State
        {
            /// <inheritdoc/>
            public override MembershipFee Fee { get; } = Fee;
        }

        /// <summary>Paid.</summary>
        public sealed record Paid(MembershipFee Fee, string Reference, DateOnly On) : State
        {
            /// <inheritdoc/>
            public override MembershipFee Fee { get; } = Fee;
        }

        /// <summary>Lapsed.</summary>
        public sealed record Lapsed(MembershipFee Fee, DateOnly On) : State
        {
            /// <inheritdoc/>
            public override MembershipFee Fee { get; } = Fee;
        }
    }

    private const int EarliestYear = 2000;
    private const int LatestYear = 2200;
    private static readonly Decision<Event> Nothing = new Decision<Event>.Accepted();

    /// <inheritdoc/>
    public static string Category => "membership-year";

    /// <inheritdoc/>
    public static State Initial { get; } = new State.Absent();

    /// <summary>The key of a member's year.</summary>
    public static string Key(MemberNo member, int year) => FormattableString.Invariant($"{member}:{year}");

    /// <summary>The reference of the fee on the member's invoice.</summary>
    public static string ReferenceOf(MemberNo member, int year) => FormattableString.Invariant($"{member}:FY{year}");

    /// <inheritdoc/>
    public static Decision<Event> Decide(Command command, State state) => (command, state) switch
    {
        (Command.Assess c, State.Absent) => Assessing(c),
        (Command.Assess, _) => Nothing,
        (_, State.Absent) => new Refusal("membership-year-unknown", "No fee was assessed for this member and year."),

        (Command.Remind c, State.Owed s) => c.Number > s.Reminders ? new Event.Reminded(c.Number) : Nothing,
        (Command.Remind, _) => Nothing,
        (Command.RecordPayment c, State.Paid s) => string.Equals(s.Reference, c.Reference, StringComparison.Ordinal)
            ? Nothing
            : new Refusal("fee-already-paid", $"This fee was paid by {s.Reference}."),
        (Command.RecordPayment c, _) => PlainText.Check("reference", c.Reference) is { } no ? no : new Event.Paid(c.Reference, c.On),
        (Command.ReversePayment c, State.Paid s) when string.Equals(s.Reference, c.Reference, StringComparison.Ordinal) =>
            new Event.PaymentReversed(c.Reference, c.On),
        (Command.ReversePayment, _) => Nothing,
        (Command.Lapse c, State.Owed s) => c.On < s.Fee.LapsesOn
            ? new Refusal("too-early-to-lapse", $"The member may pay until the day before {s.Fee.LapsesOn:yyyy-MM-dd}.")
            : new Event.Lapsed(c.On),
        (Command.Lapse, _) => Nothing,
        _ => throw new UnreachableException($"{command} is not a command of a membership year."),
    };

    /// <inheritdoc/>
    public static State Evolve(State state, Event fact) => (state, fact) switch
    {
        (State.Absent, Event.Assessed e) => new State.Owed(e.Fee, 0),
        (State.Owed s, Event.Reminded e) => s with { Reminders = e.Number },
        (State.Owed or State.Lapsed, Event.Paid e) => new State.Paid(state.Fee!, e.Reference, e.On),
        (State.Paid s, Event.PaymentReversed) => new State.Owed(s.Fee, 0),
        (State.Owed s, Event.Lapsed e) => new State.Lapsed(s.Fee, e.On),
        _ => throw new UnreachableException($"{fact} cannot follow {state}"),
    };

    private static Decision<Event> Assessing(Command.Assess c)
    {
        if ((PlainText.CheckId("member", c.Member.Value) ?? PlainText.CheckId("cooperative", c.Cooperative.Value)) is { } no) return no;
        if (c.Year is < EarliestYear or > LatestYear)
            return new Refusal("year-out-of-range", $"Give a fiscal year from {EarliestYear} to {LatestYear}.");
        if (c.Fees is null)
            return new Refusal("fee-schedule-missing", "No membership fees were in force on this day; adopt a schedule by resolution.");
        var amount = c.Fees.Fees.For(c.Type, c.Services);
        if (amount == Money.Zero) return new Refusal("no-membership-fee", "This member owes no annual fee.");
        var due = c.On.AddDays(c.Fees.Fees.DueDays);
        return new Event.Assessed(
            new(c.Member, c.Cooperative, c.Year, c.Type, c.Services, amount, c.Fees, c.On, due, due.AddDays(c.Fees.Fees.GraceDays + 1)),
            MembershipFees.RuleVersion);
    }
}
