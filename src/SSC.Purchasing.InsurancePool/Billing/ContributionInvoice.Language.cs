using SSC.Purchasing.InsurancePool.Enrollment;
using SSC.Purchasing.InsurancePool.Rules;
using SSC.Purchasing.InsurancePool.Years;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.InsurancePool.Billing;

/// <summary>Where a contribution invoice stands.</summary>
public enum ContributionPhase
{
    /// <summary>None for this month.</summary>
    Absent,

    /// <summary>Being put together.</summary>
    Draft,

    /// <summary>Owed.</summary>
    Issued,

    /// <summary>Paid.</summary>
    Paid,

    /// <summary>Paid in part.</summary>
    PartPaid,

    /// <summary>Owed for too long.</summary>
    Overdue,

    /// <summary>Coverage is suspended and expulsion proposed.</summary>
    Suspended,

    /// <summary>Taken back.</summary>
    Credited,
}

/// <summary>What a line is for.</summary>
public enum LineKind
{
    /// <summary>A cell of the month: contracts × rate.</summary>
    Contribution,

    /// <summary>A change of an earlier month, or of a part of one.</summary>
    Adjustment,

    /// <summary>A dividend or an assessment.</summary>
    Credit,
}

/// <summary>A line of a contribution invoice.</summary>
/// <param name="Kind">What it is for.</param>
/// <param name="Month">Month it is about; null for a correction of the pool's own.</param>
/// <param name="Plan">Plan design.</param>
/// <param name="Tier">Tier.</param>
/// <param name="Contracts">Contracts, for a contribution.</param>
/// <param name="Amount">Amount; negative for a credit.</param>
/// <param name="Reference">What it answers, for a line added to the draft.</param>
public sealed record ContributionLine(
    LineKind Kind, CoverageMonth? Month, PlanId? Plan, Tier? Tier, int Contracts, Money Amount, OpaqueRef? Reference = null)
{
    /// <summary>The lines of a frozen month.</summary>
    public static StructuralList<ContributionLine> Of(EnrollmentLedger.Event.MonthFrozen frozen, Func<Tier, Money> rate) =>
    [
        .. frozen.Counts.Select(c => new ContributionLine(
            LineKind.Contribution, frozen.Month, c.Plan, c.Tier, c.Contracts, new(checked(rate(c.Tier).Cents * c.Contracts)))),
        .. Of(frozen.Adjustments, frozen.Credits),
    ];

    /// <summary>Adjustments and credits alone.</summary>
    public static StructuralList<ContributionLine> Of(IEnumerable<AdjustmentLine> adjustments, IEnumerable<LedgerCredit> credits) =>
    [
        .. adjustments.Select(a => new ContributionLine(LineKind.Adjustment, a.Month, a.Plan, a.Tier, 0, a.Amount)),
        .. credits.Select(c => new ContributionLine(LineKind.Credit, null, null, null, 0, c.Amount, c.Reference)),
    ];
}

/// <summary>Why an invoice is taken back.</summary>
public enum CreditReason
{
    /// <summary>It was wrong; another one follows.</summary>
    Reissued,

    /// <summary>The member left.</summary>
    Withdrawn,

    /// <summary>The board waived it.</summary>
    Waived,
}

/// <summary>Return reason codes of the NACHA operating rules that a debit of an employer's account meets.</summary>
public static class AchReturnCodes
{
    private static readonly Dictionary<string, string> Meanings = new(StringComparer.Ordinal)
    {
        ["R01"] = "insufficient funds",
        ["R02"] = "account closed",
        ["R03"] = "no account",
        ["R04"] = "invalid account number",
        ["R05"] = "unauthorized debit to a consumer account",
        ["R06"] = "returned at the originator's request",
        ["R07"] = "authorization revoked",
        ["R08"] = "payment stopped",
        ["R09"] = "uncollected funds",
        ["R10"] = "not authorized",
        ["R13"] = "invalid routing number",
        ["R16"] = "account frozen",
        ["R20"] = "non-transaction account",
        ["R29"] = "corporate customer advises not authorized",
    };

    /// <summary>What a code means; null when it is not known.</summary>
    public static string? MeaningOf(string code) => Meanings.GetValueOrDefault(code);

    /// <summary>True when the rules let the debit be presented again: funds were lacking (R01, R09).</summary>
    public static bool MayRetry(string code) => code is "R01" or "R09";
}

/// <content>The commands, events and state of an invoice.</content>
public sealed partial class ContributionInvoice
{
    /// <summary>What can be asked of an invoice. Any but <see cref="Draft"/> before it: <c>invoice-unknown</c>.</summary>
    public abstract record Command
    {
        private Command()
        {
        }

        /// <summary>Put it together; <c>invoice-lines-invalid</c>. A member's month has one.</summary>
        public sealed record Draft(
            PoolId Pool, int Year, MemberNo Member, CoverageMonth Month, StructuralList<ContributionLine> Lines, bool Settlement = false)
            : Command;

        /// <summary>Add a correction to the draft; <c>invoice-issued</c>.</summary>
        public sealed record AddAdjustment(OpaqueRef Reference, Money Amount) : Command;

        /// <summary>Issue it, due on a day.</summary>
        public sealed record Issue(DateOnly DueOn) : Command;

        /// <summary>
        /// Money came, once under a reference. <c>payment-exceeds-open</c>, <c>amount-invalid</c>, <c>invoice-draft</c>,
        /// <c>invoice-credited</c>.
        /// </summary>
        public sealed record RecordPayment(OpaqueRef Reference, Money Amount, DateOnly On) : Command;

        /// <summary>Ask the bank for what is open; <c>collection-running</c>.</summary>
        public sealed record RequestCollection(OpaqueRef Trace, DateOnly On) : Command;

        /// <summary>
        /// The running collection goes to the bank in a file, and in no other one. <c>trace-in-other-file</c>, <c>trace-unknown</c>.
        /// </summary>
        public sealed record TakeIntoFile(OpaqueRef Trace, string File) : Command;

        /// <summary>The bank returned a collection. <c>trace-unknown</c>, <c>return-code-unknown</c>.</summary>
        public sealed record ReturnCollection(OpaqueRef Trace, string Code, DateOnly On) : Command;

        /// <summary>A payment that did not come through the bank's file was taken back; <c>payment-unknown</c>.</summary>
        public sealed record ReversePayment(OpaqueRef Reference, DateOnly On) : Command;

        /// <summary>It is owed for too long.</summary>
        public sealed record MarkOverdue : Command;

        /// <summary>Tell the member; <c>dunning-out-of-order</c>.</summary>
        public sealed record SendNotice : Command;

        /// <summary>Warn that coverage is suspended; <c>dunning-out-of-order</c>.</summary>
        public sealed record WarnSuspension : Command;

        /// <summary>Propose expulsion to the board; <c>dunning-out-of-order</c>.</summary>
        public sealed record ProposeExpulsion : Command;

        /// <summary>Take it back; <c>invoice-draft</c>.</summary>
        public sealed record Credit(CreditReason Reason) : Command;
    }

    /// <summary>What has happened to an invoice.</summary>
    public abstract record Event
    {
        private Event()
        {
        }

        /// <summary>The pool.</summary>
        public PoolId Pool { get; init; }

        /// <summary>The pool year.</summary>
        public int Year { get; init; }

        /// <summary>The member.</summary>
        public MemberNo Member { get; init; }

        /// <summary>The month.</summary>
        public CoverageMonth Month { get; init; }

        /// <summary>It was put together.</summary>
        [EventAlias("contribution_invoice_drafted")]
        public sealed record Drafted(StructuralList<ContributionLine> Lines, bool Settlement) : Event;

        /// <summary>A line was added before it was issued.</summary>
        [EventAlias("contribution_invoice_adjustment_added")]
        public sealed record AdjustmentLineAdded(ContributionLine Line) : Event;

        /// <summary>It is owed; the total is the sum of its lines.</summary>
        [EventAlias("contribution_invoice_issued")]
        public sealed record Issued(Money Total, DateOnly DueOn) : Event;

        /// <summary>Money came.</summary>
        [EventAlias("contribution_payment_received")]
        public sealed record PaymentReceived(OpaqueRef Reference, Money Amount, DateOnly On) : Event;

        /// <summary>The bank was asked to collect; the trace number is all that the log knows of the account.</summary>
        [EventAlias("contribution_collection_requested")]
        public sealed record CollectionRequested(OpaqueRef Trace, int Attempt, Money Amount, DateOnly On) : Event;

        /// <summary>It goes to the bank in a file.</summary>
        [EventAlias("contribution_taken_into_file")]
        public sealed record TakenIntoFile(OpaqueRef Trace, string File) : Event;

        /// <summary>The bank returned it.</summary>
        [EventAlias("contribution_ach_returned")]
        public sealed record AchReturned(OpaqueRef Trace, string Code, bool Retry, DateOnly On) : Event;

        /// <summary>A payment was taken back: what it paid is owed again.</summary>
        [EventAlias("contribution_payment_reversed")]
        public sealed record PaymentReversed(OpaqueRef Reference, Money Amount, DateOnly On) : Event;

        /// <summary>Owed for too long.</summary>
        [EventAlias("contribution_invoice_overdue")]
        public sealed record BecameOverdue(Money Open) : Event;

        /// <summary>The member was told.</summary>
        [EventAlias("contribution_notice_sent")]
        public sealed record NoticeSent(Money Open) : Event;

        /// <summary>The member was warned.</summary>
        [EventAlias("contribution_suspension_warned")]
        public sealed record SuspensionWarned(Money Open) : Event;

        /// <summary>Expulsion is proposed to the board, which alone decides it.</summary>
        [EventAlias("contribution_expulsion_proposed")]
        public sealed record ExpulsionProposed(Money Open) : Event;

        /// <summary>Taken back.</summary>
        [EventAlias("contribution_invoice_credited")]
        public sealed record Credited(Money Total, CreditReason Reason) : Event;
    }

    /// <summary>An invoice.</summary>
    public sealed record State(ContributionPhase Phase)
    {
        /// <summary>The pool.</summary>
        public PoolId Pool { get; init; }

        /// <summary>The pool year.</summary>
        public int Year { get; init; }

        /// <summary>The member.</summary>
        public MemberNo Member { get; init; }

        /// <summary>The month.</summary>
        public CoverageMonth Month { get; init; }

        /// <summary>A year's last settlement.</summary>
        public bool Settlement { get; init; }

        /// <summary>What it is for.</summary>
        public StructuralList<ContributionLine> Lines { get; init; }

        /// <summary>When it is due.</summary>
        public DateOnly? DueOn { get; init; }

        /// <summary>Payments that stand, by reference.</summary>
        public StructuralMap<OpaqueRef, Money> Payments { get; init; }

        /// <summary>Payments that the bank took back.</summary>
        public StructuralList<OpaqueRef> Returned { get; init; }

        /// <summary>Collections so far.</summary>
        public int Attempts { get; init; }

        /// <summary>Trace number of the last one.</summary>
        public OpaqueRef? Trace { get; init; }

        /// <summary>A collection runs.</summary>
        public bool Collecting { get; init; }

        /// <summary>The file that the running collection went to the bank in.</summary>
        public string? File { get; init; }

        /// <summary>Traces that were returned.</summary>
        public StructuralList<OpaqueRef> ReturnedTraces { get; init; }

        /// <summary>How far dunning has come.</summary>
        public int Dunning { get; init; }

        /// <summary>Σ lines.</summary>
        public Money Total => Lines.Select(l => l.Amount).Sum();

        /// <summary>What is owed.</summary>
        public Money Open => Total - Payments.Values.Sum();
    }
}
