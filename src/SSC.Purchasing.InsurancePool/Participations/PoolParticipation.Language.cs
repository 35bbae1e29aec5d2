using SSC.Purchasing.InsurancePool.Rules;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.InsurancePool.Participations;

/// <summary>Where a member stands in a pool.</summary>
public enum ParticipationPhase
{
    /// <summary>Never applied.</summary>
    Absent,

    /// <summary>Applied.</summary>
    Applied,

    /// <summary>Approved; the joinder is not signed.</summary>
    Approved,

    /// <summary>Not admitted.</summary>
    Rejected,

    /// <summary>The joinder is signed.</summary>
    JoinderSigned,

    /// <summary>On the roster.</summary>
    Active,

    /// <summary>Leaves at the end of the plan year.</summary>
    NoticeGiven,

    /// <summary>Coverage has ended.</summary>
    Withdrawn,

    /// <summary>Claims run out, and what it is liable for lasts.</summary>
    RunOut,

    /// <summary>Owes nothing more.</summary>
    Released,

    /// <summary>Put out by the board.</summary>
    Expelled,
}

/// <summary>Why an application is not approved.</summary>
public enum RejectionReason
{
    /// <summary>Not a public employer of the pool's population.</summary>
    NotEligible,

    /// <summary>The census or the experience was not supplied.</summary>
    InformationMissing,

    /// <summary>The board judges the risk too high.</summary>
    Risk,

    /// <summary>The member withdrew its application.</summary>
    TakenBack,
}

/// <summary>Why a notice of withdrawal does not hold.</summary>
public enum NoticeFault
{
    /// <summary>Coverage ends at the end of a plan year only.</summary>
    NotAtYearEnd,

    /// <summary>Too few days before it.</summary>
    TooLate,

    /// <summary>The minimum term is not over.</summary>
    MinimumTerm,

    /// <summary>Contributions are owed.</summary>
    Debt,
}

/// <summary>The dates of leaving.</summary>
public static class Exits
{
    /// <summary>Last day on which claims are taken: the exit and so many days, 180 unless the pool says otherwise.</summary>
    public static DateOnly RunOutEnds(DateOnly exit, WithdrawalRules rules) => exit.AddDays(rules.RunOutDays);

    /// <summary>
    /// Last day of liability: so many complete fund years after the exit (Minn. R. 2785.1400); null where a participant owes its premium
    /// and nothing else.
    /// </summary>
    public static DateOnly? LiableUntil(DateOnly exit, LiabilityRegime regime, WithdrawalRules rules) =>
        regime == LiabilityRegime.JointAndSeveral ? exit.AddYears(rules.LiabilityYears) : null;

    /// <summary>First day on which a member may apply again.</summary>
    public static DateOnly ReentryFrom(DateOnly exit, WithdrawalRules rules) => exit.AddDays(1).AddMonths(rules.ReentryMonths);

    /// <summary>Everything that speaks against leaving on a day.</summary>
    /// <param name="exit">Last day of coverage asked for.</param>
    /// <param name="on">Day of the notice.</param>
    /// <param name="owed">Contributions owed.</param>
    /// <param name="since">First day of coverage.</param>
    /// <param name="yearEnds">Last day of a plan year: its month and day count.</param>
    /// <param name="rules">Notice and minimum term.</param>
    public static StructuralList<NoticeFault> ReasonsAgainst(
        DateOnly exit, DateOnly on, Money owed, DateOnly since, DateOnly yearEnds, WithdrawalRules rules)
    {
        List<NoticeFault> faults = [];
        if (exit.AddDays(1) is var next && yearEnds.AddDays(1) is var start && (next.Month, next.Day) != (start.Month, start.Day))
            faults.Add(NoticeFault.NotAtYearEnd);
        if (on > exit.AddDays(-rules.NoticeDays)) faults.Add(NoticeFault.TooLate);
        if (exit < since.AddYears(rules.MinimumYears).AddDays(-1)) faults.Add(NoticeFault.MinimumTerm);
        if (owed > Money.Zero) faults.Add(NoticeFault.Debt);
        return [.. faults];
    }
}

/// <content>The commands, events and state of a participation.</content>
public sealed partial class PoolParticipation
{
    /// <summary>What can be asked of a participation. Any but <see cref="Apply"/> before it: <c>participation-unknown</c>.</summary>
    public abstract record Command
    {
        private Command()
        {
        }

        /// <summary>
        /// Apply. <paramref name="Ineligible"/> is what membership says against it; where it leaves the matter to the board, a resolution
        /// decides. <c>participation-exists</c>, <c>reentry-barred</c>, <c>liability-open</c>.
        /// </summary>
        public sealed record Apply(PoolId Pool, MemberNo Member, DateOnly On, Refusal? Ineligible, AdoptedResolution? Adopted = null)
            : Command;

        /// <summary>Admit the applicant; <c>application-not-pending</c>.</summary>
        public sealed record Approve : Command;

        /// <summary>Do not admit it; <c>application-not-pending</c>.</summary>
        public sealed record Reject(RejectionReason Reason) : Command;

        /// <summary>The joinder is signed, under the pool's regime and rules of the day. <c>joinder-day-invalid</c>.</summary>
        public sealed record SignJoinder(DateOnly EffectiveOn, LiabilityRegime Regime, WithdrawalRules Rules) : Command;

        /// <summary>It is on the pool's roster.</summary>
        public sealed record Activate : Command;

        /// <summary>
        /// Leave on a last day. A notice that does not hold is recorded as rejected, with every reason; the same one again changes nothing
        /// unless it <paramref name="Cures"/> what was wrong (a debt paid). <c>not-active</c>.
        /// </summary>
        public sealed record GiveNotice(DateOnly On, DateOnly ExitOn, DateOnly YearEnds, Money Owed, bool Cures = false) : Command;

        /// <summary>Accept a notice: from then on only the board lets it be rescinded.</summary>
        public sealed record AcceptNotice : Command;

        /// <summary>Stay after all; by resolution when the notice was accepted (<c>resolution-missing</c>).</summary>
        public sealed record RescindNotice(AdoptedResolution? Adopted = null) : Command;

        /// <summary>Coverage has ended; <c>too-early</c> through the last day.</summary>
        public sealed record Withdraw(DateOnly On) : Command;

        /// <summary>Put it out after a last day, by resolution.</summary>
        public sealed record Expel(DateOnly LastDay, AdoptedResolution? Adopted) : Command;

        /// <summary>Claims run out from now on.</summary>
        public sealed record StartRunOut : Command;

        /// <summary>No more claims; <c>too-early</c> through the last day of the run-out.</summary>
        public sealed record CloseRunOut(DateOnly On) : Command;

        /// <summary>It owes nothing more; <c>too-early</c> while it is liable, <c>run-out-open</c>.</summary>
        public sealed record Release(DateOnly On) : Command;
    }

    /// <summary>What has happened to a participation.</summary>
    public abstract record Event
    {
        private Event()
        {
        }

        /// <summary>The pool, in every event.</summary>
        public PoolId Pool { get; init; }

        /// <summary>The member.</summary>
        public MemberNo Member { get; init; }

        /// <summary>It applied.</summary>
        [EventAlias("pool_participation_applied")]
        public sealed record Applied(DateOnly On, ResolutionCited? Resolution) : Event;

        /// <summary>It is admitted.</summary>
        [EventAlias("pool_participation_approved")]
        public sealed record Approved : Event;

        /// <summary>It is not admitted.</summary>
        [EventAlias("pool_participation_rejected")]
        public sealed record Rejected(RejectionReason Reason) : Event;

        /// <summary>The joinder is signed; what of the pool's rules it is under.</summary>
        [EventAlias("pool_joinder_signed")]
        public sealed record JoinderSigned(DateOnly EffectiveOn, LiabilityRegime Regime, WithdrawalRules Rules) : Event;

        /// <summary>It takes part.</summary>
        [EventAlias("pool_participation_activated")]
        public sealed record Activated : Event;

        /// <summary>It leaves.</summary>
        [EventAlias("pool_withdrawal_noticed")]
        public sealed record WithdrawalNoticed(DateOnly On, DateOnly ExitOn) : Event;

        /// <summary>Its notice does not hold.</summary>
        [EventAlias("pool_withdrawal_rejected")]
        public sealed record WithdrawalRejected(DateOnly On, DateOnly ExitOn, StructuralList<NoticeFault> Reasons) : Event;

        /// <summary>Its notice is accepted.</summary>
        [EventAlias("pool_withdrawal_accepted")]
        public sealed record WithdrawalAccepted : Event;

        /// <summary>It stays.</summary>
        [EventAlias("pool_notice_rescinded")]
        public sealed record NoticeRescinded(ResolutionCited? Resolution) : Event;

        /// <summary>Put out by the board.</summary>
        [EventAlias("pool_participant_expelled")]
        public sealed record Expelled(ResolutionCited Resolution, DateOnly LastDay) : Event;

        /// <summary>Coverage ended; how long claims are taken and it is liable.</summary>
        [EventAlias("pool_participant_withdrawn")]
        public sealed record Withdrawn(DateOnly ExitOn, DateOnly RunOutEnds, DateOnly? LiableUntil) : Event;

        /// <summary>It may apply again from a day on. Other pools are not affected.</summary>
        [EventAlias("pool_reentry_barred")]
        public sealed record ReentryBarred(DateOnly Until) : Event;

        /// <summary>Claims run out.</summary>
        [EventAlias("pool_run_out_started")]
        public sealed record RunOutStarted(DateOnly Ends) : Event;

        /// <summary>No more claims are taken.</summary>
        [EventAlias("pool_run_out_closed")]
        public sealed record RunOutClosed : Event;

        /// <summary>It owes nothing more.</summary>
        [EventAlias("pool_liability_released")]
        public sealed record LiabilityReleased : Event;
    }

    /// <summary>A participation.</summary>
    public sealed record State(ParticipationPhase Phase)
    {
        /// <summary>The pool.</summary>
        public PoolId Pool { get; init; }

        /// <summary>The member.</summary>
        public MemberNo Member { get; init; }

        /// <summary>When it applied.</summary>
        public DateOnly? AppliedOn { get; init; }

        /// <summary>First day of coverage.</summary>
        public DateOnly? EffectiveOn { get; init; }

        /// <summary>The regime that it joined under.</summary>
        public LiabilityRegime Regime { get; init; }

        /// <summary>The rules that it joined under.</summary>
        public WithdrawalRules Rules { get; init; } = new();

        /// <summary>Last day of coverage.</summary>
        public DateOnly? ExitOn { get; init; }

        /// <summary>The pool accepted the notice.</summary>
        public bool NoticeAccepted { get; init; }

        /// <summary>Exit of the last notice that did not hold.</summary>
        public DateOnly? LastRejected { get; init; }

        /// <summary>Last day on which claims are taken.</summary>
        public DateOnly? RunOutEnds { get; init; }

        /// <summary>The run-out is over.</summary>
        public bool RunOutClosed { get; init; }

        /// <summary>Last day of liability.</summary>
        public DateOnly? LiableUntil { get; init; }

        /// <summary>It may apply again on this day.</summary>
        public DateOnly? BarredUntil { get; init; }
    }
}
