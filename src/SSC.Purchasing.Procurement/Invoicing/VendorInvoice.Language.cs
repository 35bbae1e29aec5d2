using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Procurement.Invoicing;

/// <content>The commands and events of an invoice.</content>
public sealed partial class VendorInvoice
{
    /// <summary>What can be asked of an invoice. Any of them but <see cref="Register"/> before it: <c>invoice-unknown</c>.</summary>
    public abstract record Command
    {
        private Command()
        {
        }

        /// <summary>
        /// Register a document as received. The same document again records nothing; another one under the number is refused:
        /// <c>invoice-number-used</c>. Otherwise refused as <see cref="InvoiceRules.Check"/> says.
        /// </summary>
        /// <param name="Facts">The document and its order.</param>
        /// <param name="SourceHash">SHA-256 of the bytes it came in, when it came in a file or message.</param>
        public sealed record Register(InvoiceFacts Facts, string? SourceHash = null) : Command, IStartsStream;

        /// <summary>Record what the match found; refused <c>not-an-invoice</c>. Paid, rejected and clean ones are not matched
        /// again.</summary>
        public sealed record Match(InvoiceMatch Found) : Command;

        /// <summary>
        /// Send it back as incorrect. Refused after the tenth day with <c>dispute-too-late</c>; <c>reason-missing</c>,
        /// <c>invoice-approved</c>, <c>invoice-rejected</c>.
        /// </summary>
        public sealed record Dispute(string Reason, string By, DateOnly Today) : Command;

        /// <summary>
        /// Settle one exception. Refused: <c>exception-unknown</c>, <c>reason-missing</c>, <c>credit-too-small</c> while credit memos do
        /// not cover it, <c>duplicate-is-rejected</c>, <c>invoice-rejected</c>.
        /// </summary>
        public sealed record Resolve(int Exception, ExceptionOutcome Outcome, string Reason, string By, DateOnly Today) : Command;

        /// <summary>Reject it as a whole: nothing of it is owed. Refused: <c>invoice-approved</c>, <c>reason-missing</c>.</summary>
        public sealed record Reject(string Reason, string By) : Command;

        /// <summary>
        /// Approve a payer's part. Refused: <c>invoice-not-matched</c>, <c>exception-open</c>, <c>payer-unknown</c>,
        /// <c>invoice-rejected</c>.
        /// </summary>
        public sealed record ApproveForPayment(MemberNo Payer, string By) : Command;

        /// <summary>
        /// Record a payment, partial or whole. A reference counts once per payer. Refused: <c>payment-not-approved</c>,
        /// <c>payment-invalid</c>, <c>payment-day-invalid</c>, <c>payment-above-balance</c>, <c>interest-above-accrued</c>,
        /// <c>payment-exists</c>.
        /// </summary>
        public sealed record RecordPayment(MemberNo Payer, InvoicePayment Payment, string By, DateOnly Today) : Command;

        /// <summary>
        /// Count a credit memo against it. Refused: <c>credit-of-another-order</c>, <c>credit-above-invoice</c>,
        /// <c>invoice-not-matched</c>, <c>invoice-rejected</c>, <c>credit-exists</c>.
        /// </summary>
        public sealed record Credit(InvoiceFacts Memo) : Command;

        /// <summary>
        /// Record money that came back to a payer that had paid more than it owes after a credit: from the vendor, or from the
        /// cooperative that it paid. A reference counts once per payer. Refused: <c>invoice-not-matched</c>, <c>payer-unknown</c>,
        /// <c>refund-invalid</c>, <c>refund-above-credit</c>, <c>refund-exists</c>.
        /// </summary>
        public sealed record RecordRefund(MemberNo Payer, InvoiceRefund Refund, string By, DateOnly Today) : Command;

        /// <summary>On a credit memo: it was counted against its invoice, or (with the refusal's reason) could not be.</summary>
        public sealed record CloseCredit(string? Refusal) : Command;

        /// <summary>Accrue the interest of every month begun since the due day on what is unpaid.</summary>
        public sealed record AccrueInterest(DateOnly Today) : Command;

        /// <summary>Remind of open exceptions (<c>exceptions</c>) or of a payment that falls due (<c>payment</c>), once per
        /// number.</summary>
        public sealed record Remind(string About, int Number) : Command;
    }

    /// <summary>What has happened to an invoice.</summary>
    public abstract record Event
    {
        private Event()
        {
        }

        /// <summary>The joint order behind it: in every event, since the ids in a stream name cannot be told apart.</summary>
        public JointOrderId JointOrder { get; init; }

        /// <summary>The vendor that sent it.</summary>
        public VendorId Vendor { get; init; }

        /// <summary>It was received.</summary>
        [EventAlias("vendor_invoice_registered")]
        public sealed record Registered(InvoiceFacts Facts, string ContentHash, string? SourceHash = null) : Event;

        /// <summary>It was compared with what was agreed and received; each member's part is in it.</summary>
        [EventAlias("vendor_invoice_matched")]
        public sealed record Matched(InvoiceMatch Match) : Event;

        /// <summary>Nothing is open; it is to be paid by a day.</summary>
        /// <param name="DueOn">Last day to pay in time (Minn. Stat. 471.425).</param>
        /// <param name="From">Day from which the period runs.</param>
        [EventAlias("vendor_invoice_cleared")]
        public sealed record Cleared(DateOnly DueOn, DateOnly From) : Event;

        /// <summary>It was sent back in time.</summary>
        /// <param name="On">Day.</param>
        /// <param name="Reason">Why.</param>
        /// <param name="By">Opaque id of who.</param>
        /// <param name="Contested">What is contested beside the exceptions of the match.</param>
        [EventAlias("vendor_invoice_disputed")]
        public sealed record Disputed(DateOnly On, string Reason, string By, MatchException? Contested = null) : Event;

        /// <summary>An exception was settled.</summary>
        [EventAlias("vendor_invoice_exception_resolved")]
        public sealed record ExceptionResolved(int Exception, ExceptionSettlement Settlement) : Event;

        /// <summary>Nothing of it is owed.</summary>
        [EventAlias("vendor_invoice_rejected")]
        public sealed record Rejected(string Reason, string By) : Event;

        /// <summary>A payer's part may be paid; <paramref name="Amount"/> is what it owed then.</summary>
        [EventAlias("vendor_invoice_approved")]
        public sealed record Approved(MemberNo Payer, Money Amount, string By) : Event;

        /// <summary>A payer paid; <paramref name="Balance"/> is what it owes after that.</summary>
        /// <param name="Payer">Member, or the cooperative.</param>
        /// <param name="No">1…n among the payer's payments.</param>
        /// <param name="Payment">Reference, amounts and day.</param>
        /// <param name="Balance">What the payer owes after it.</param>
        /// <param name="By">Opaque id of who recorded it.</param>
        [EventAlias("vendor_invoice_payment_recorded")]
        public sealed record PaymentRecorded(MemberNo Payer, int No, InvoicePayment Payment, Money Balance, string By) : Event;

        /// <summary>Money came back to a payer; <paramref name="Balance"/> is what it owes after that.</summary>
        /// <param name="Payer">Member, or the cooperative.</param>
        /// <param name="Refund">Reference, amount and day.</param>
        /// <param name="Balance">Zero, or negative while more is to come back.</param>
        /// <param name="By">Opaque id of who recorded it.</param>
        [EventAlias("vendor_invoice_refund_recorded")]
        public sealed record RefundRecorded(MemberNo Payer, InvoiceRefund Refund, Money Balance, string By) : Event;

        /// <summary>A credit memo counts against it.</summary>
        [EventAlias("vendor_invoice_credited")]
        public sealed record Credited(InvoiceCredit Credit) : Event;

        /// <summary>On a credit memo: it was counted against its invoice.</summary>
        [EventAlias("vendor_credit_applied")]
        public sealed record CreditApplied(string Invoice) : Event;

        /// <summary>On a credit memo: it could not be counted against its invoice; a person sees to it.</summary>
        [EventAlias("vendor_credit_not_applied")]
        public sealed record CreditNotApplied(string Invoice, string Reason) : Event;

        /// <summary>A payer of the vendor is late: interest of one month or part of it.</summary>
        [EventAlias("vendor_invoice_interest_accrued")]
        public sealed record InterestAccrued(MemberNo Payer, InterestMonth Month, int RuleVersion) : Event;

        /// <summary>Somebody was reminded.</summary>
        [EventAlias("vendor_invoice_reminded")]
        public sealed record Reminded(string About, int Number) : Event;

        /// <summary>Everybody has paid.</summary>
        /// <param name="Paid">Σ payments to the vendor on the bill.</param>
        /// <param name="Credits">Σ credit memos.</param>
        [EventAlias("vendor_invoice_settled")]
        public sealed record Settled(Money Paid, Money Credits) : Event;
    }

    /// <summary>Where an invoice stands.</summary>
    public abstract record State
    {
        private State()
        {
        }

        /// <summary>Never received.</summary>
        public sealed record Absent : State;

        /// <summary>Received once; every state below is one of these.</summary>
        public abstract record Known(InvoiceFile File) : State;

        /// <summary>Received, not matched yet.</summary>
        public sealed record Registered(InvoiceFile File) : Known(File);

        /// <summary>Matched, and something is open.</summary>
        public sealed record Excepted(InvoiceFile File) : Known(File);

        /// <summary>Sent back to the vendor; something is open.</summary>
        public sealed record Disputed(InvoiceFile File) : Known(File);

        /// <summary>In order: to be approved and paid.</summary>
        public sealed record Payable(InvoiceFile File) : Known(File);

        /// <summary>Paid by everybody.</summary>
        public sealed record Paid(InvoiceFile File) : Known(File);

        /// <summary>Not owed.</summary>
        public sealed record Rejected(InvoiceFile File, string Reason) : Known(File);

        /// <summary>A credit memo, counted against its invoice or (with a reason) not.</summary>
        public sealed record CreditMemo(InvoiceFile File, bool Closed, string? Refusal) : Known(File);
    }
}
