using System.Diagnostics;
using SSC.Purchasing.InsurancePool.Rules;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.InsurancePool.Participations;

/// <summary>
/// A member's place in a pool, from its application to the end of what it is liable for. Stream
/// <c>pool-participation-{PoolId}:{MemberNo}</c>.
/// Commands, events and state are in <c>PoolParticipation.Language.cs</c>.
/// </summary>
public sealed partial class PoolParticipation : IDecider<PoolParticipation.Command, PoolParticipation.State, PoolParticipation.Event>
{
    /// <inheritdoc/>
    public static string Category => "pool-participation";

    /// <inheritdoc/>
    public static State Initial { get; } = new(ParticipationPhase.Absent);

    /// <summary>The key of a participation.</summary>
    public static string Key(PoolId pool, MemberNo member) => $"{pool}:{member}";

    /// <inheritdoc/>
    public static Decision<Event> Decide(Command command, State state)
    {
        var (pool, member) = command is Command.Apply apply ? (apply.Pool, apply.Member) : (state.Pool, state.Member);
        return Judge(command, state) is Decision<Event>.Accepted accepted
            ? new Decision<Event>.Accepted([.. accepted.Events.Select(e => e with { Pool = pool, Member = member })])
            : Judge(command, state);
    }

    private static Decision<Event> Judge(Command command, State state) => (command, state.Phase) switch
    {
        (Command.Apply c, _) => Apply(c, state),
        (_, ParticipationPhase.Absent) => new Refusal("participation-unknown", "The member has not applied to this pool."),

        (Command.Approve, ParticipationPhase.Applied) => new Event.Approved(),
        (Command.Reject c, ParticipationPhase.Applied) => new Event.Rejected(c.Reason),
        (Command.Approve, ParticipationPhase.Approved) or (Command.Reject, ParticipationPhase.Rejected) => Nothing,
        (Command.SignJoinder c, ParticipationPhase.Approved) => c.EffectiveOn.Day != 1
            ? new Refusal("joinder-day-invalid", "Coverage begins on the first day of a month.")
            : new Event.JoinderSigned(c.EffectiveOn, c.Regime, c.Rules),
        (Command.SignJoinder c, ParticipationPhase.JoinderSigned or ParticipationPhase.Active) when c.EffectiveOn == state.EffectiveOn =>
            Nothing,
        (Command.Activate, ParticipationPhase.JoinderSigned) => new Event.Activated(),

        (Command.GiveNotice c, ParticipationPhase.Active) => Notice(c, state),
        (Command.GiveNotice c, ParticipationPhase.NoticeGiven) when c.ExitOn == state.ExitOn => Nothing,
        (Command.AcceptNotice, ParticipationPhase.NoticeGiven) => state.NoticeAccepted ? Nothing : new Event.WithdrawalAccepted(),
        (Command.RescindNotice c, ParticipationPhase.NoticeGiven) => Rescind(c, state),
        (Command.RescindNotice, ParticipationPhase.Active) => Nothing,
        (Command.Withdraw c, ParticipationPhase.NoticeGiven) => c.On <= state.ExitOn
            ? new Refusal("too-early", "Coverage lasts through the last day of the plan year.")
            : Leave(state, state.ExitOn!.Value),
        (Command.Expel c, ParticipationPhase.Active or ParticipationPhase.NoticeGiven) =>
            ResolutionCited.Flaw(c.Adopted, ResolutionKind.Expulsion, Key(state.Pool, state.Member)) is { } no
                ? no
                : new Decision<Event>.Accepted([new Event.Expelled(ResolutionCited.Of(c.Adopted!), c.LastDay), .. Exit(state, c.LastDay)]),
        (Command.Expel, ParticipationPhase.Expelled) => Nothing,

        // The clock of the run-out: late and repeated timers find nothing left to do.
        (Command.StartRunOut, ParticipationPhase.Withdrawn) => new Event.RunOutStarted(state.RunOutEnds!.Value),
        (Command.CloseRunOut c, ParticipationPhase.RunOut or ParticipationPhase.Expelled) => state.RunOutClosed ? Nothing
            : c.On <= state.RunOutEnds ? new Refusal("too-early", "Claims are taken through the last day of the run-out.")
            : new Event.RunOutClosed(),
        (Command.Release c, ParticipationPhase.RunOut or ParticipationPhase.Expelled) => !state.RunOutClosed
            ? new Refusal("run-out-open", "The run-out is not over.")
            : state.LiableUntil is { } until && c.On <= until
                ? new Refusal("too-early", $"The member is liable through {until:yyyy-MM-dd}.")
                : new Event.LiabilityReleased(),
        (Command.Activate or Command.Withdraw or Command.StartRunOut or Command.CloseRunOut or Command.Release, _) => Nothing,

        (Command.GiveNotice or Command.Expel or Command.AcceptNotice or Command.RescindNotice, _) =>
            new Refusal("not-active", "The member does not take part at this time."),
        (Command.Approve or Command.Reject or Command.SignJoinder, _) =>
            new Refusal("application-not-pending", "There is no application in this state; apply first, then approve, then sign."),
        _ => throw new UnreachableException($"{command} has no answer in {state}"),
    };

    /// <inheritdoc/>
    public static State Evolve(State state, Event fact) => fact switch
    {
        Event.Applied e => new(ParticipationPhase.Applied) { Pool = e.Pool, Member = e.Member, AppliedOn = e.On },
        Event.Approved => state with { Phase = ParticipationPhase.Approved },
        Event.Rejected => state with { Phase = ParticipationPhase.Rejected },
        Event.JoinderSigned e => state with
        {
            Phase = ParticipationPhase.JoinderSigned, EffectiveOn = e.EffectiveOn, Regime = e.Regime, Rules = e.Rules,
        },
        Event.Activated => state with { Phase = ParticipationPhase.Active },
        Event.WithdrawalNoticed e => state with
        {
            Phase = ParticipationPhase.NoticeGiven, ExitOn = e.ExitOn, NoticeAccepted = false, LastRejected = null,
        },
        Event.WithdrawalRejected e => state with { LastRejected = e.ExitOn },
        Event.WithdrawalAccepted => state with { NoticeAccepted = true },
        Event.NoticeRescinded => state with { Phase = ParticipationPhase.Active, ExitOn = null, NoticeAccepted = false },
        Event.Expelled e => state with { Phase = ParticipationPhase.Expelled, ExitOn = e.LastDay },
        Event.Withdrawn e => state with
        {
            Phase = state.Phase == ParticipationPhase.Expelled ? state.Phase : ParticipationPhase.Withdrawn,
            ExitOn = e.ExitOn, RunOutEnds = e.RunOutEnds, LiableUntil = e.LiableUntil,
        },
        Event.ReentryBarred e => state with { BarredUntil = e.Until },
        Event.RunOutStarted => state with { Phase = ParticipationPhase.RunOut },
        Event.RunOutClosed => state with { RunOutClosed = true },
        Event.LiabilityReleased => state with { Phase = ParticipationPhase.Released },
        _ => throw new UnreachableException($"{fact} cannot follow {state}"),
    };

    private static readonly Decision<Event> Nothing = new Decision<Event>.Accepted();

    private static Decision<Event> Apply(Command.Apply c, State state)
    {
        if (state.Phase == ParticipationPhase.Applied) return Nothing;
        if (state.Phase is not (ParticipationPhase.Absent or ParticipationPhase.Rejected or ParticipationPhase.Released))
        {
            return state.ExitOn is { } && state.RunOutEnds is { }
                ? new Refusal("liability-open", "The member left this pool and is not released from it yet.")
                : new Refusal("participation-exists", "The member takes part in this pool, or is about to.");
        }

        if (state.BarredUntil is { } bar && c.On < bar)
            return new Refusal("reentry-barred", $"The member left this pool and may come back on {bar:yyyy-MM-dd}.");
        if ((PlainText.CheckId("pool", c.Pool.Value) ?? PlainText.CheckId("member-number", c.Member.Value)) is { } malformed)
            return malformed;
        if (c.Ineligible is not { } why) return new Event.Applied(c.On, null);
        // A charter school or a district of another cooperative: the bylaws leave it to the board, by resolution.
        if (why.Code is not "board-decision-needed" || c.Adopted is null) return why;
        return ResolutionCited.Flaw(c.Adopted, ResolutionKind.PoolChange, Key(c.Pool, c.Member)) is { } no
            ? no
            : new Event.Applied(c.On, ResolutionCited.Of(c.Adopted));
    }

    private static Decision<Event> Notice(Command.GiveNotice c, State state)
    {
        if (state.LastRejected == c.ExitOn && !c.Cures) return Nothing; // the same notice again, and nothing has changed
        var reasons = Exits.ReasonsAgainst(c.ExitOn, c.On, c.Owed, state.EffectiveOn!.Value, c.YearEnds, state.Rules);
        return reasons.Count == 0
            ? new Event.WithdrawalNoticed(c.On, c.ExitOn)
            : state.LastRejected == c.ExitOn ? Nothing : new Event.WithdrawalRejected(c.On, c.ExitOn, reasons);
    }

    private static Decision<Event> Rescind(Command.RescindNotice c, State state) =>
        !state.NoticeAccepted ? new Event.NoticeRescinded(null)
        : ResolutionCited.Flaw(c.Adopted, ResolutionKind.PoolWaiver, Key(state.Pool, state.Member)) is { } no ? no
        : new Event.NoticeRescinded(ResolutionCited.Of(c.Adopted!));

    private static Decision<Event> Leave(State state, DateOnly exit) => new Decision<Event>.Accepted(Exit(state, exit));

    private static StructuralList<Event> Exit(State state, DateOnly exit)
    {
        var left = new Event.Withdrawn(exit, Exits.RunOutEnds(exit, state.Rules), Exits.LiableUntil(exit, state.Regime, state.Rules));
        return state.Regime == LiabilityRegime.PremiumOnly
            ? [left, new Event.ReentryBarred(Exits.ReentryFrom(exit, state.Rules))]
            : [left];
    }
}
