using System.Diagnostics;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Rules;

namespace SSC.Purchasing.Procurement.Contracts;

/// <summary>The agreement by which a member's governing body joins a contract (Minn. Stat. 471.59, 123A.21).</summary>
/// <param name="Contract">The contract.</param>
/// <param name="Member">The member.</param>
/// <param name="ResolvedOn">Day of the governing body's resolution.</param>
/// <param name="Scope">How far the agreement reaches: orders of the member's cooperative, or statewide ones too.</param>
/// <param name="ValidFrom">First day it holds; not before the resolution.</param>
/// <param name="ValidUntil">Last day it holds; null until the contract ends.</param>
public sealed record ParticipationAgreement(
    ContractId Contract, MemberNo Member, DateOnly ResolvedOn, ContractScope Scope, DateOnly ValidFrom, DateOnly? ValidUntil = null)
{
    /// <summary>The resolution's number in the minutes, at most 100 characters.</summary>
    public string? Resolution { get; init; }
}

/// <summary>What a member's governing body allows to be ordered under a contract without asking it again.</summary>
/// <param name="PerFiscalYear">Most money in one fiscal year (1 July – 30 June); null for no limit.</param>
/// <param name="PerOrder">Most money in one joint order; null for no limit.</param>
public sealed record ParticipationLimits(Money? PerFiscalYear, Money? PerOrder)
{
    /// <summary>No limits.</summary>
    public static readonly ParticipationLimits None = new(null, null);

    /// <summary>
    /// The limit that an order would break, or null: <c>order-limit-exceeded</c>, <c>year-limit-exceeded</c>.
    /// </summary>
    /// <param name="order">Cost of the order.</param>
    /// <param name="yearSoFar">Cost of the member's other orders under the contract in the fiscal year.</param>
    public Refusal? Check(Money order, Money yearSoFar) => this switch
    {
        { PerOrder: { } limit } when order > limit =>
            new("order-limit-exceeded", $"One order may cost at most ${limit}, this is ${order}; order less or have the limit raised."),
        { PerFiscalYear: { } limit } when order + yearSoFar > limit =>
            new("year-limit-exceeded",
                $"Orders of this fiscal year may cost at most ${limit} and ${yearSoFar} is committed already, so ${order} is too much; "
                + "order less or have the limit raised."),
        _ => null,
    };
}

/// <summary>A member's right to order under a contract. Stream <c>participation-{ContractId}:{MemberNo}</c>.</summary>
public sealed class Participation : IDecider<Participation.Command, Participation.State, Participation.Event>
{
    /// <summary>What can be asked.</summary>
    public abstract record Command
    {
        private Command()
        {
        }

        /// <summary>
        /// Join, or renew with other dates or scope. Refused: <c>member-invalid</c>, <c>contract-invalid</c>, <c>resolution-invalid</c>,
        /// <c>agreement-before-resolution</c>, <c>agreement-dates-wrong</c>, <c>agreement-of-another</c>, <c>participation-suspended</c>.
        /// </summary>
        public sealed record Join(ParticipationAgreement Agreement) : Command;

        /// <summary>Stop new orders of this member under this contract.</summary>
        public sealed record Suspend(string Reason) : Command;

        /// <summary>Allow them again.</summary>
        public sealed record Resume : Command;

        /// <summary>Set money limits; <c>limit-invalid</c> when negative or the order's limit is above the year's.</summary>
        public sealed record SetLimits(ParticipationLimits Limits) : Command;
    }

    /// <summary>What has happened.</summary>
    public abstract record Event
    {
        private Event()
        {
        }

        /// <summary>The member joined.</summary>
        [EventAlias("participation_joined")]
        public sealed record Joined(ParticipationAgreement Agreement) : Event;

        /// <summary>The agreement was replaced by a later one.</summary>
        [EventAlias("participation_renewed")]
        public sealed record Renewed(ParticipationAgreement Agreement) : Event;

        /// <summary>New orders were stopped.</summary>
        [EventAlias("participation_suspended")]
        public sealed record Suspended(string Reason) : Event;

        /// <summary>New orders are allowed again.</summary>
        [EventAlias("participation_resumed")]
        public sealed record Resumed : Event;

        /// <summary>Money limits were set.</summary>
        [EventAlias("participation_limits_set")]
        public sealed record LimitsSet(ParticipationLimits Limits) : Event;
    }

    /// <summary>Where a participation stands.</summary>
    public abstract record State
    {
        private State()
        {
        }

        /// <summary>True when the member may commit on a day: joined, not suspended, agreement valid.</summary>
        public bool IsValidOn(DateOnly date) =>
            this is Active { Agreement: var a } && date >= a.ValidFrom && (a.ValidUntil is not { } end || date <= end);

        /// <summary>Never joined.</summary>
        public sealed record Absent : State;

        /// <summary>Joined.</summary>
        public sealed record Active(ParticipationAgreement Agreement, ParticipationLimits Limits) : State;

        /// <summary>Stopped for the time being.</summary>
        public sealed record Suspended(ParticipationAgreement Agreement, ParticipationLimits Limits, string Reason) : State;
    }

    /// <inheritdoc/>
    public static string Category => "participation";

    /// <inheritdoc/>
    public static State Initial { get; } = new State.Absent();

    /// <summary>The key of a participation.</summary>
    public static string Key(ContractId contract, MemberNo member) => $"{contract}:{member}";

    /// <inheritdoc/>
    public static Decision<Event> Decide(Command command, State state) => (command, state) switch
    {
        (Command.Join c, State.Absent) => Check(c.Agreement) is { } wrong ? wrong : new Event.Joined(c.Agreement),
        (Command.Join c, State.Active s) when c.Agreement == s.Agreement => Nothing,
        (Command.Join c, State.Active s) => Renew(c.Agreement, s.Agreement),
        (Command.Join, State.Suspended) =>
            new Refusal("participation-suspended", "Resume the participation before renewing its agreement."),
        (_, State.Absent) => new Refusal("participation-not-joined", "The member has not joined this contract; record an agreement."),

        (Command.Suspend, State.Suspended) => Nothing,
        (Command.Suspend c, _) => PlainText.IsWellFormed(c.Reason, 500)
            ? new Event.Suspended(c.Reason)
            : new Refusal("reason-missing", "Give the reason in 1 to 500 printable characters."),
        (Command.Resume, State.Active) => Nothing,
        (Command.Resume, State.Suspended) => new Event.Resumed(),

        (Command.SetLimits c, State.Active s) => SetLimits(c.Limits, s.Limits),
        (Command.SetLimits c, State.Suspended s) => SetLimits(c.Limits, s.Limits),
        _ => throw new UnreachableException($"{command} has no answer in {state}"),
    };

    /// <inheritdoc/>
    public static State Evolve(State state, Event fact) => (state, fact) switch
    {
        (State.Absent, Event.Joined e) => new State.Active(e.Agreement, ParticipationLimits.None),
        (State.Active s, Event.Renewed e) => s with { Agreement = e.Agreement },
        (State.Active s, Event.Suspended e) => new State.Suspended(s.Agreement, s.Limits, e.Reason),
        (State.Suspended s, Event.Resumed) => new State.Active(s.Agreement, s.Limits),
        (State.Active s, Event.LimitsSet e) => s with { Limits = e.Limits },
        (State.Suspended s, Event.LimitsSet e) => s with { Limits = e.Limits },
        _ => throw new UnreachableException($"{fact} cannot follow {state}"),
    };

    private static readonly Decision<Event> Nothing = new Decision<Event>.Accepted();

    private static Decision<Event> Renew(ParticipationAgreement agreement, ParticipationAgreement current) =>
        (agreement.Contract, agreement.Member) != (current.Contract, current.Member)
            ? new Refusal("agreement-of-another", "This participation belongs to another member or contract.")
            : Check(agreement) is { } wrong ? wrong : new Event.Renewed(agreement);

    private static Decision<Event> SetLimits(ParticipationLimits limits, ParticipationLimits current) => limits switch
    {
        _ when limits == current => Nothing,
        _ when limits is { PerFiscalYear.Cents: < 0 } or { PerOrder.Cents: < 0 } || limits.PerFiscalYear < limits.PerOrder =>
            new Refusal("limit-invalid", "Limits are not negative, and one order's limit is not above the year's."),
        _ => new Event.LimitsSet(limits),
    };

    private static Refusal? Check(ParticipationAgreement agreement) => agreement switch
    {
        _ when !Id.IsWellFormed(agreement.Member.Value) => new("member-invalid", "Name the member by its number."),
        _ when !Id.IsWellFormed(agreement.Contract.Value) => new("contract-invalid", "Name the contract by its id."),
        _ when !PlainText.IsWellFormedOrAbsent(agreement.Resolution, 100) =>
            new("resolution-invalid", "A resolution's number has 1 to 100 printable characters."),
        _ when agreement.ValidFrom < agreement.ResolvedOn =>
            new("agreement-before-resolution", "An agreement holds from the day of the resolution at the earliest (Minn. Stat. 471.59)."),
        { ValidUntil: { } end } when end < agreement.ValidFrom =>
            new("agreement-dates-wrong", "The agreement must end on or after the day it starts."),
        _ => null,
    };
}
