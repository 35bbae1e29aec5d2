using SSC.Purchasing.InsurancePool.Rules;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.InsurancePool.StopLoss;

/// <summary>Where a case stands.</summary>
public enum CasePhase
{
    /// <summary>None under this reference.</summary>
    Absent,

    /// <summary>The carrier is told.</summary>
    Noticed,

    /// <summary>Filed.</summary>
    Filed,

    /// <summary>Reimbursed, in full or in part.</summary>
    Reimbursed,

    /// <summary>Denied.</summary>
    Denied,
}

/// <summary>What is recovered.</summary>
public enum StopLossKind
{
    /// <summary>One case above the specific amount.</summary>
    Specific,

    /// <summary>All claims above the attachment.</summary>
    Aggregate,
}

/// <summary>Why a carrier denies.</summary>
public enum DenialReason
{
    /// <summary>Filed too late.</summary>
    Late,

    /// <summary>Not covered.</summary>
    NotCovered,

    /// <summary>Lasered.</summary>
    Lasered,

    /// <summary>Documents are missing.</summary>
    DocumentsMissing,
}

/// <summary>Aggregate stop-loss of a year.</summary>
/// <param name="ExpectedPepm">Expected claims per employee and month.</param>
/// <param name="Factor">Attachment in parts of them.</param>
/// <param name="ContractMonths">Contract-months.</param>
/// <param name="Claims">Claims, gross.</param>
/// <param name="Specific">Recovered under specific stop-loss.</param>
/// <param name="AttachmentPepm">Expected × factor.</param>
/// <param name="Attachment">For the year.</param>
/// <param name="Net">Claims less specific.</param>
/// <param name="Excess">What lies above the attachment; zero when nothing does.</param>
public sealed record AggregatePosition(
    UnitPrice ExpectedPepm, Factor Factor, int ContractMonths, Money Claims, Money Specific, UnitPrice AttachmentPepm, Money Attachment,
    Money Net, Money Excess)
{
    /// <summary>Computes the position.</summary>
    public static AggregatePosition Of(UnitPrice expectedPepm, Factor factor, int contractMonths, Money claims, Money specific)
    {
        var pepm = ExactDecimals.Pepm(expectedPepm.Dollars * factor.Value);
        var attachment = Money.Round(pepm.Dollars * contractMonths);
        var net = claims - specific;
        return new(
            expectedPepm, factor, contractMonths, claims, specific, pepm, attachment, net,
            net > attachment ? net - attachment : Money.Zero);
    }
}

/// <content>The commands, events and state of a case.</content>
public sealed partial class StopLossCase
{
    /// <summary>What can be asked of a case. Any but the reports before them: <c>case-unknown</c>.</summary>
    public abstract record Command
    {
        private Command()
        {
        }

        /// <summary>
        /// What a case has cost so far. Below the part at which the carrier is told, nothing is recorded. <c>paid-falls</c>,
        /// <c>reference-not-opaque</c>, <c>amount-invalid</c>.
        /// </summary>
        public sealed record Report(PoolId Pool, int Year, OpaqueRef Reference, Money Paid, StopLossRules Rules, DateOnly On) : Command;

        /// <summary>Where a year's aggregate stands; recorded when it changes.</summary>
        public sealed record TestAggregate(PoolId Pool, int Year, OpaqueRef Reference, AggregatePosition Position, DateOnly On) : Command;

        /// <summary>File for what is above; the carrier is chased so often. <c>nothing-to-file</c>, <c>case-filed</c>.</summary>
        public sealed record File(DateOnly On, int ChaseDays) : Command;

        /// <summary>
        /// Money came, once under a reference. <c>case-not-filed</c>, <c>recovery-exceeds-filed</c>, <c>amount-invalid</c>.
        /// </summary>
        public sealed record Receive(OpaqueRef Payment, Money Amount, DateOnly On) : Command;

        /// <summary>The carrier denies; it is appealed within so many days. <c>case-not-filed</c>.</summary>
        public sealed record Deny(DenialReason Reason, DateOnly On, int AppealDays) : Command;

        /// <summary>
        /// Remind the pool that a denial is appealed through a day and no longer; harmless once it is appealed, or too late.
        /// </summary>
        public sealed record RemindOfAppeal(DateOnly AppealBy, DateOnly On) : Command;

        /// <summary>
        /// Appeal a denial in time: by the day that the denial names, or within so many days of one that names none.
        /// <c>case-not-denied</c>, <c>appeal-too-late</c>.
        /// </summary>
        public sealed record Appeal(DateOnly On, int AppealDays) : Command;

        /// <summary>The carrier is silent: ask again, for the n-th time.</summary>
        public sealed record Chase(int Number) : Command;
    }

    /// <summary>What has happened to a case.</summary>
    public abstract record Event
    {
        private Event()
        {
        }

        /// <summary>The pool, in every event.</summary>
        public PoolId Pool { get; init; }

        /// <summary>The year, in every event.</summary>
        public int Year { get; init; }

        /// <summary>The case, in every event.</summary>
        public OpaqueRef Reference { get; init; }

        /// <summary>
        /// A threshold was crossed: the notice amount, or the specific amount itself, from which it is to be filed by a day.
        /// </summary>
        [EventAlias("stop_loss_threshold_crossed")]
        public sealed record ThresholdCrossed(Money Paid, Money NoticeAt, Money Specific, Money Recoverable, DateOnly? FileBy) : Event;

        /// <summary>Where the aggregate stands.</summary>
        [EventAlias("stop_loss_aggregate_tested")]
        public sealed record AggregateTested(AggregatePosition Position, DateOnly On) : Event;

        /// <summary>Filed for an amount.</summary>
        [EventAlias("stop_loss_recovery_filed")]
        public sealed record RecoveryFiled(Money Amount, DateOnly On, int ChaseDays) : Event;

        /// <summary>Money came.</summary>
        [EventAlias("stop_loss_recovery_received")]
        public sealed record RecoveryReceived(OpaqueRef Payment, Money Amount, DateOnly On, Money Outstanding) : Event;

        /// <summary>Denied; the last day of an appeal, which denials recorded before it was kept do not have.</summary>
        [EventAlias("stop_loss_recovery_denied")]
        public sealed record RecoveryDenied(DenialReason Reason, DateOnly On, DateOnly? AppealBy = null) : Event;

        /// <summary>The pool was reminded that the days of an appeal run out.</summary>
        [EventAlias("stop_loss_appeal_reminded")]
        public sealed record AppealReminded(DateOnly AppealBy, DateOnly On) : Event;

        /// <summary>Appealed: it is filed again.</summary>
        [EventAlias("stop_loss_denial_appealed")]
        public sealed record DenialAppealed(DateOnly On) : Event;

        /// <summary>The carrier was asked again.</summary>
        [EventAlias("stop_loss_carrier_chased")]
        public sealed record CarrierChased(int Number) : Event;
    }

    /// <summary>A case.</summary>
    public sealed record State(CasePhase Phase)
    {
        /// <summary>The pool.</summary>
        public PoolId Pool { get; init; }

        /// <summary>The year.</summary>
        public int Year { get; init; }

        /// <summary>The reference.</summary>
        public OpaqueRef Reference { get; init; }

        /// <summary>Specific or aggregate.</summary>
        public StopLossKind Kind { get; init; }

        /// <summary>What it cost.</summary>
        public Money Paid { get; init; }

        /// <summary>What is above the specific amount or the attachment.</summary>
        public Money Recoverable { get; init; }

        /// <summary>Day by which it is to be filed.</summary>
        public DateOnly? FileBy { get; init; }

        /// <summary>The aggregate.</summary>
        public AggregatePosition? Aggregate { get; init; }

        /// <summary>Filed for.</summary>
        public Money Filed { get; init; }

        /// <summary>Money that came, by reference.</summary>
        public StructuralMap<OpaqueRef, Money> Received { get; init; }

        /// <summary>When it was denied.</summary>
        public DateOnly? DeniedOn { get; init; }

        /// <summary>Last day of an appeal.</summary>
        public DateOnly? AppealBy { get; init; }

        /// <summary>The pool was reminded of the appeal.</summary>
        public bool AppealReminded { get; init; }

        /// <summary>It was appealed once.</summary>
        public bool Appealed { get; init; }

        /// <summary>Times the carrier was asked again.</summary>
        public int Chases { get; init; }
    }
}
