using System.Diagnostics;
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

/// <summary>
/// A recovery from the stop-loss carrier, under an opaque reference and for the pool as a whole: neither a claimant nor an employer is
/// known here. Stream <c>stop-loss-case-{PoolId}:{reference}</c>.
/// </summary>
public sealed class StopLossCase : IDecider<StopLossCase.Command, StopLossCase.State, StopLossCase.Event>
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

        /// <summary>The carrier denies. <c>case-not-filed</c>.</summary>
        public sealed record Deny(DenialReason Reason, DateOnly On) : Command;

        /// <summary>Appeal a denial in time. <c>case-not-denied</c>, <c>appeal-too-late</c>.</summary>
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

        /// <summary>Denied.</summary>
        [EventAlias("stop_loss_recovery_denied")]
        public sealed record RecoveryDenied(DenialReason Reason, DateOnly On) : Event;

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

        /// <summary>It was appealed once.</summary>
        public bool Appealed { get; init; }

        /// <summary>Times the carrier was asked again.</summary>
        public int Chases { get; init; }
    }

    /// <inheritdoc/>
    public static string Category => "stop-loss-case";

    /// <inheritdoc/>
    public static State Initial { get; } = new(CasePhase.Absent);

    /// <summary>The key of a case.</summary>
    public static string Key(PoolId pool, OpaqueRef reference) => $"{pool}:{reference}";

    /// <summary>The reference of a year's aggregate.</summary>
    public static OpaqueRef AggregateOf(int year) => new($"AGG-{year:0000}");

    /// <inheritdoc/>
    public static Decision<Event> Decide(Command command, State state) => (command, state.Phase) switch
    {
        (Command.Report c, _) => Report(c, state),
        (Command.TestAggregate c, _) => c.Reference.Flaw is { } no ? no : state.Aggregate == c.Position ? Nothing
            : new Event.AggregateTested(c.Position, c.On) { Pool = c.Pool, Year = c.Year, Reference = c.Reference },
        (_, CasePhase.Absent) => new Refusal("case-unknown", "There is no case under this reference."),
        (Command.File, CasePhase.Noticed or CasePhase.Reimbursed) when state.Recoverable <= state.Filed =>
            state.Phase == CasePhase.Reimbursed ? Nothing
            : new Refusal("nothing-to-file", "The case has not passed the specific amount, or the year its attachment."),
        (Command.File c, CasePhase.Noticed or CasePhase.Reimbursed) => Stamp(state, new Event.RecoveryFiled(state.Recoverable, c.On, c.ChaseDays)),
        (Command.File, CasePhase.Filed) => Nothing,
        (Command.File, _) => new Refusal("case-filed", "The case was denied; appeal it."),
        (Command.Receive c, _) when state.Received.ContainsKey(c.Payment) => Nothing,
        (Command.Receive c, CasePhase.Filed or CasePhase.Reimbursed) => Receive(c, state),
        (Command.Deny, CasePhase.Denied) => Nothing,
        (Command.Deny c, CasePhase.Filed) => Stamp(state, new Event.RecoveryDenied(c.Reason, c.On)),
        (Command.Receive or Command.Deny, _) => new Refusal("case-not-filed", "The case is not before the carrier."),
        (Command.Appeal c, CasePhase.Denied) => c.On > state.DeniedOn!.Value.AddDays(c.AppealDays)
            ? new Refusal("appeal-too-late", $"A denial is appealed within {c.AppealDays} days.")
            : Stamp(state, new Event.DenialAppealed(c.On)),
        (Command.Appeal, _) => state.Appealed ? Nothing : new Refusal("case-not-denied", "Only a denial is appealed."),
        (Command.Chase c, CasePhase.Filed) => c.Number > state.Chases ? Stamp(state, new Event.CarrierChased(c.Number)) : Nothing,
        (Command.Chase, _) => Nothing,
        _ => throw new UnreachableException($"{command} has no answer in {state}"),
    };

    /// <inheritdoc/>
    public static State Evolve(State state, Event fact) => fact switch
    {
        Event.ThresholdCrossed e => (state.Phase == CasePhase.Absent ? Begin(e, StopLossKind.Specific) : state) with
        {
            Paid = e.Paid, Recoverable = e.Recoverable, FileBy = e.FileBy,
        },
        Event.AggregateTested e => (state.Phase == CasePhase.Absent ? Begin(e, StopLossKind.Aggregate) : state) with
        {
            Paid = e.Position.Net, Recoverable = e.Position.Excess, Aggregate = e.Position,
        },
        Event.RecoveryFiled e => state with { Phase = CasePhase.Filed, Filed = e.Amount },
        Event.RecoveryReceived e => state with { Phase = CasePhase.Reimbursed, Received = state.Received.Set(e.Payment, e.Amount) },
        Event.RecoveryDenied e => state with { Phase = CasePhase.Denied, DeniedOn = e.On },
        Event.DenialAppealed => state with { Phase = CasePhase.Filed, Appealed = true },
        Event.CarrierChased e => state with { Chases = e.Number },
        _ => throw new UnreachableException($"{fact} cannot follow {state}"),
    };

    /// <summary>The amount at which the carrier is told.</summary>
    public static Money NoticeAt(StopLossRules rules) => Money.Round(rules.Specific.Dollars * rules.NoticeShare.Value);

    private static readonly Decision<Event> Nothing = new Decision<Event>.Accepted();

    private static State Begin(Event e, StopLossKind kind) =>
        new(CasePhase.Noticed) { Pool = e.Pool, Year = e.Year, Reference = e.Reference, Kind = kind };

    private static Event Stamp(State s, Event fact) => fact with { Pool = s.Pool, Year = s.Year, Reference = s.Reference };

    private static Decision<Event> Report(Command.Report c, State state)
    {
        if (c.Reference.Flaw is { } no) return no;
        if (c.Paid < Money.Zero || c.Paid > Money.FromDollars(1_000_000_000m))
            return new Refusal("amount-invalid", "Give what was paid, not negative.");
        if (c.Paid < state.Paid) return new Refusal("paid-falls", $"{state.Paid} was reported before; paid claims do not fall.");
        if (c.Paid == state.Paid) return Nothing;
        var notice = NoticeAt(c.Rules);
        if (c.Paid < notice) return Nothing;
        var over = c.Paid > c.Rules.Specific ? c.Paid - c.Rules.Specific : Money.Zero;
        var fileBy = state.FileBy ?? (c.Paid >= c.Rules.Specific ? c.On.AddDays(c.Rules.FilingDays) : null);
        return new Event.ThresholdCrossed(c.Paid, notice, c.Rules.Specific, over, fileBy)
        {
            Pool = c.Pool, Year = c.Year, Reference = c.Reference,
        };
    }

    private static Decision<Event> Receive(Command.Receive c, State state)
    {
        if (c.Payment.Flaw is { } no) return no;
        if (c.Amount <= Money.Zero) return new Refusal("amount-invalid", "A recovery is above zero.");
        var outstanding = state.Filed - state.Received.Values.Sum() - c.Amount;
        return outstanding < Money.Zero
            ? new Refusal("recovery-exceeds-filed", "This is more than was filed for; file the rest first.")
            : Stamp(state, new Event.RecoveryReceived(c.Payment, c.Amount, c.On, outstanding));
    }
}
