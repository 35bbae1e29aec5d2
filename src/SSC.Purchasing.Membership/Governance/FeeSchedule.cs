using System.Diagnostics;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Membership;

/// <summary>What participating members pay a year, and until when. Set by the board; nothing here is a constant of the program.</summary>
/// <param name="OneService">Fee of a member that takes one service.</param>
/// <param name="TwoServices">Fee of a member that takes two.</param>
/// <param name="DueDays">Days to pay after the fee was assessed, 1 to 180.</param>
/// <param name="GraceDays">Days after the due day until the membership lapses, 0 to 180.</param>
public sealed record MembershipFees(Money OneService, Money TwoServices, int DueDays, int GraceDays)
{
    /// <summary>Version of the way a fee is found.</summary>
    public const int RuleVersion = 1;

    private const int MaxDays = 180;
    private static readonly Money MaxFee = Money.FromDollars(1_000_000m);

    /// <summary>The fee for so many services; members that are not participating have none.</summary>
    public Money For(MemberType type, int services) =>
        type != MemberType.Participating ? Money.Zero : services > 1 ? TwoServices : OneService;

    /// <summary>The first thing wrong, or null: <c>fee-out-of-range</c>, <c>days-out-of-range</c>.</summary>
    public Refusal? Flaw() =>
        OneService < Money.Zero || TwoServices < OneService || TwoServices > MaxFee
            ? new("fee-out-of-range", $"Give fees from 0.00 to {MaxFee}, two services not below one.")
            : DueDays is < 1 or > MaxDays || GraceDays is < 0 or > MaxDays
                ? new("days-out-of-range", $"Give 1 to {MaxDays} days to pay and 0 to {MaxDays} days of grace.")
                : null;
}

/// <summary>Fees as a board has adopted them.</summary>
/// <param name="Fees">The fees.</param>
/// <param name="From">First day on which a fee is assessed by them.</param>
/// <param name="Resolution">The resolution.</param>
public sealed record AdoptedFees(MembershipFees Fees, DateOnly From, ResolutionId Resolution);

/// <summary>
/// The membership fees of a cooperative through the years. Nothing is recorded without the board's resolution. Stream
/// <c>fee-schedule-{CooperativeId}</c>.
/// </summary>
public sealed class FeeSchedule : IDecider<FeeSchedule.Command, FeeSchedule.State, FeeSchedule.Event>
{
    /// <summary>What can be asked of a fee schedule.</summary>
    public abstract record Command
    {
        private Command()
        {
        }

        /// <summary>
        /// Adopt fees from a day on, by a resolution of kind FeeSchedule about <see cref="SubjectOf"/>: a code of
        /// <see cref="AdoptedResolution.Flaw"/> or of <see cref="MembershipFees.Flaw"/>, <c>fees-not-later</c>,
        /// <c>too-many-fee-schedules</c>, <c>cooperative-malformed</c>.
        /// </summary>
        public sealed record Adopt(CooperativeId Cooperative, MembershipFees Fees, DateOnly From, AdoptedResolution? By) : Command;
    }

    /// <summary>What has happened to a fee schedule.</summary>
    public abstract record Event
    {
        private Event()
        {
        }

        /// <summary>Fees were adopted.</summary>
        [EventAlias("membership_fees_adopted")]
        public sealed record Adopted(CooperativeId Cooperative, AdoptedFees Fees) : Event;
    }

    /// <summary>Where a fee schedule stands: every schedule adopted, oldest first.</summary>
    /// <param name="Adopted">By first day, ascending.</param>
    public sealed record State(StructuralList<AdoptedFees> Adopted)
    {
        /// <summary>The fees in force on a day; null before the first.</summary>
        public AdoptedFees? On(DateOnly day) => Adopted.LastOrDefault(f => f.From <= day);
    }

    private const int MaxSchedules = 100;
    private static readonly Decision<Event> Nothing = new Decision<Event>.Accepted();

    /// <inheritdoc/>
    public static string Category => "fee-schedule";

    /// <inheritdoc/>
    public static State Initial { get; } = new([]);

    /// <summary>The subject of a resolution about a cooperative's membership fees.</summary>
    public static string SubjectOf(CooperativeId cooperative) => $"MEMBERSHIP-FEES:{cooperative}";

    /// <inheritdoc/>
    public static Decision<Event> Decide(Command command, State state) => command switch
    {
        Command.Adopt c => Adopting(c, state),
        _ => throw new UnreachableException($"{command} is not a command of a fee schedule."),
    };

    /// <inheritdoc/>
    public static State Evolve(State state, Event fact) => fact switch
    {
        Event.Adopted e => new(state.Adopted.Add(e.Fees)),
        _ => throw new UnreachableException($"{fact} cannot follow {state}"),
    };

    private static Decision<Event> Adopting(Command.Adopt c, State state)
    {
        if (PlainText.CheckId("cooperative", c.Cooperative.Value) is { } malformed) return malformed;
        if (AdoptedResolution.Flaw(c.By, c.Cooperative, ResolutionKind.FeeSchedule, SubjectOf(c.Cooperative), c.From) is { } no) return no;
        var adopted = new AdoptedFees(c.Fees, c.From, c.By!.Resolution);
        if (state.Adopted.Contains(adopted)) return Nothing;
        if (c.Fees.Flaw() is { } flaw) return flaw;
        if (state.Adopted.Count >= MaxSchedules)
            return new Refusal("too-many-fee-schedules", $"A cooperative's fees are adopted {MaxSchedules} times at most.");
        return state.Adopted.Count > 0 && c.From <= state.Adopted[^1].From
            ? new Refusal("fees-not-later", $"Fees were adopted from {state.Adopted[^1].From:yyyy-MM-dd} on; give a later day.")
            : new Event.Adopted(c.Cooperative, adopted);
    }
}
