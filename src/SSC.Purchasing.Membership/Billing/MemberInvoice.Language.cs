using System.Globalization;
using System.Text.Json.Serialization;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Membership;

/// <summary>A calendar month that members are billed for, e.g. <c>2026-07</c>.</summary>
[JsonConverter(typeof(IdJsonConverter<BillingMonth>))]
public readonly record struct BillingMonth(string Value) : IId<BillingMonth>, IComparable<BillingMonth>
{
    private const string Pattern = "yyyy-MM";

    /// <inheritdoc/>
    public static BillingMonth From(string value) => new(value);

    /// <summary>The month that a day lies in.</summary>
    public static BillingMonth Of(DateOnly day) => new(day.ToString(Pattern, CultureInfo.InvariantCulture));

    /// <summary>True for a year and a month.</summary>
    [JsonIgnore]
    public bool IsWellFormed => DateOnly.TryParseExact(Value, Pattern, CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    /// <summary>Its first day; call <see cref="IsWellFormed"/> on outside input first.</summary>
    [JsonIgnore]
    public DateOnly FirstDay => DateOnly.ParseExact(Value, Pattern, CultureInfo.InvariantCulture);

    /// <summary>The month after it.</summary>
    [JsonIgnore]
    public BillingMonth Next => Of(FirstDay.AddMonths(1));

    /// <summary>Calendar order.</summary>
    public int CompareTo(BillingMonth other) => string.CompareOrdinal(Value, other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>Which part of the cooperative a charge comes from.</summary>
public enum ChargeSource
{
    /// <summary>Annual membership fees.</summary>
    Membership,

    /// <summary>Programs: workshops, conferences, student events.</summary>
    Program,

    /// <summary>Technology and administrative services.</summary>
    Service,

    /// <summary>Insurance pools: contributions, adjustments, assessments, distributions as credits.</summary>
    Pool,

    /// <summary>Purchasing: fees that members pay, goods that the cooperative invoices.</summary>
    Purchasing,

    /// <summary>An earlier month of the same member whose bill came out below zero.</summary>
    CarriedOver,
}

/// <summary>One line of a member's invoice.</summary>
/// <param name="Source">Where it comes from.</param>
/// <param name="Reference">What it is for, as ids joined by colons; unique within its source, for ever.</param>
/// <param name="Description">What the member reads, at most 200 characters; no persons.</param>
/// <param name="Amount">What is owed; negative for an adjustment in the member's favor, never zero.</param>
public sealed record Charge(ChargeSource Source, string Reference, string Description, Money Amount)
{
    /// <summary>One text for source and reference, e.g. <c>Pool:SCHOOLS:2027-03</c>.</summary>
    [JsonIgnore]
    public string Key => KeyOf(Source, Reference);

    /// <summary>The key of a charge.</summary>
    public static string KeyOf(ChargeSource source, string reference) => $"{source}:{reference}";

    /// <summary>The reference in a key.</summary>
    public static string ReferenceIn(string key) => key[(key.IndexOf(':', StringComparison.Ordinal) + 1)..];
}

/// <summary>Money that came or went after the invoice was issued.</summary>
/// <param name="Reference">Of the bank or the credit memo; unique among payments, credits and refunds of the invoice.</param>
/// <param name="Amount">Positive.</param>
/// <param name="On">Its day.</param>
public sealed record Settlement(string Reference, Money Amount, DateOnly On);

/// <summary>A credit on an issued invoice.</summary>
/// <param name="Reference">Of the credit memo.</param>
/// <param name="Amount">Positive, at most what is left of the total.</param>
/// <param name="On">Its day.</param>
/// <param name="Reason">What the member reads.</param>
public sealed record CreditMemo(string Reference, Money Amount, DateOnly On, string Reason);

/// <content>The commands, events and states of a member's invoice.</content>
public sealed partial class MemberInvoice
{
    /// <summary>What can be asked of an invoice.</summary>
    public abstract record Command
    {
        private Command()
        {
        }

        /// <summary>
        /// Put a charge on the member's invoice of a month; under a reference that it has already, nothing happens. Refused:
        /// <c>charge-differs</c>, <c>charge-removed</c>, <c>invoice-issued</c>, <c>invoice-voided</c>, <c>member-malformed</c>,
        /// <c>month-malformed</c>, <c>charge-source-unknown</c>, <c>charge-reference-malformed</c>, <c>description-*</c>,
        /// <c>amount-zero</c>, <c>amount-too-large</c>, <c>too-many-charges</c>.
        /// </summary>
        public sealed record PostCharge(MemberNo Member, BillingMonth Month, Charge Charge) : Command;

        /// <summary>Take a charge off before it is issued: <c>charge-unknown</c>, <c>invoice-issued</c>, <c>reason-*</c>.</summary>
        public sealed record RemoveCharge(ChargeSource Source, string Reference, string Reason) : Command;

        /// <summary>
        /// Freeze and number it: <c>nothing-to-issue</c>, <c>number-*</c>, <c>due-before-issue</c>, <c>invoice-issued</c> under another
        /// number.
        /// </summary>
        public sealed record Issue(string Number, DateOnly IssuedOn, DateOnly DueOn) : Command;

        /// <summary>
        /// A payment arrived, all or a part: <c>invoice-not-issued</c>, <c>payment-exceeds-balance</c>, <c>reference-taken</c>,
        /// <c>amount-not-positive</c>.
        /// </summary>
        public sealed record RecordPayment(Settlement Payment) : Command
        {
            /// <summary>
            /// True when a source has the money already: what exceeds the balance then is the member's, to be refunded.
            /// </summary>
            public bool Received { get; init; }
        }

        /// <summary>
        /// The issued invoice came out below zero: its credit goes to a later month. <c>nothing-to-carry-over</c>,
        /// <c>carried-over-already</c>, <c>month-not-later</c>.
        /// </summary>
        public sealed record CarryOver(BillingMonth To) : Command;

        /// <summary>The bank took a payment back, all of it or all but a part: <c>payment-unknown</c>, <c>reason-*</c>.</summary>
        public sealed record ReversePayment(string Reference, string Reason) : Command
        {
            /// <summary>What stays of the payment; when no more than that stands already, nothing happens.</summary>
            public Money Stays { get; init; }
        }

        /// <summary>
        /// Owe the member less than was issued: <c>credit-exceeds-total</c>, <c>reference-taken</c>, <c>reason-*</c>.
        /// </summary>
        public sealed record Credit(CreditMemo Memo) : Command;

        /// <summary>Pay back what the member has paid too much after a credit: <c>refund-exceeds-credit-balance</c>.</summary>
        public sealed record Refund(Settlement Payment) : Command;

        /// <summary>
        /// Void the invoice with everything on it; <c>invoice-has-payments</c> once money came, <c>invoice-carried-over</c>.
        /// </summary>
        public sealed record Void(string Reason) : Command;
    }

    /// <summary>What has happened to an invoice.</summary>
    public abstract record Event
    {
        private Event()
        {
        }

        /// <summary>A charge was put on.</summary>
        [EventAlias("member_invoice_charged")]
        public sealed record Charged(MemberNo Member, BillingMonth Month, Charge Charge) : Event;

        /// <summary>A charge was taken off.</summary>
        [EventAlias("member_invoice_charge_removed")]
        public sealed record ChargeRemoved(ChargeSource Source, string Reference, string Reason) : Event;

        /// <summary>Frozen and numbered. The total is Σ of the charges.</summary>
        [EventAlias("member_invoice_issued")]
        public sealed record Issued(string Number, DateOnly IssuedOn, DateOnly DueOn, Money Total, int RuleVersion) : Event;

        /// <summary>Paid, all or in part.</summary>
        [EventAlias("member_invoice_payment_recorded")]
        public sealed record PaymentRecorded(Settlement Payment) : Event;

        /// <summary>A payment, or so much of it, was taken back; its reference is used up when nothing of it stays.</summary>
        [EventAlias("member_invoice_payment_reversed")]
        public sealed record PaymentReversed(string Reference, Money Amount, string Reason) : Event;

        /// <summary>Credited.</summary>
        [EventAlias("member_invoice_credited")]
        public sealed record Credited(CreditMemo Memo) : Event;

        /// <summary>Paid back.</summary>
        [EventAlias("member_invoice_refunded")]
        public sealed record Refunded(Settlement Payment) : Event;

        /// <summary>Its credit went to a later month, where it is a charge below zero of the same amount.</summary>
        [EventAlias("member_invoice_carried_over")]
        public sealed record CarriedOver(MemberNo Member, BillingMonth Month, BillingMonth To, Money Amount) : Event;

        /// <summary>Void: nothing on it is owed.</summary>
        [EventAlias("member_invoice_voided")]
        public sealed record Voided(string Reason) : Event;
    }

    /// <summary>What is on an invoice.</summary>
    /// <param name="Member">Who owes it.</param>
    /// <param name="Month">The month it is for.</param>
    /// <param name="Charges">By <see cref="Charge.Key"/>.</param>
    /// <param name="Removed">Keys of charges that were taken off.</param>
    public sealed record Content(
        MemberNo Member, BillingMonth Month, StructuralMap<string, Charge> Charges, StructuralList<string> Removed)
    {
        /// <summary>Σ of the charges, exact.</summary>
        [JsonIgnore]
        public Money Total => Charges.Values.Select(c => c.Amount).Sum();
    }

    /// <summary>Where an invoice stands.</summary>
    public abstract record State
    {
        private State()
        {
        }

        /// <summary>What is on it; null before the first charge.</summary>
        public virtual Content? On => null;

        /// <summary>No charge yet.</summary>
        public sealed record Absent : State;

        /// <summary>Collecting charges.</summary>
        public sealed record Open(Content On) : State
        {
            /// <inheritdoc/>
            public override Content On { get; } = On;
        }

        /// <summary>Frozen; owed until its balance is zero.</summary>
        public sealed record Issued(
            Content On, string Number, DateOnly IssuedOn, DateOnly DueOn, StructuralMap<string, Settlement> Payments,
            StructuralList<string> Reversed, StructuralMap<string, CreditMemo> Credits, StructuralMap<string, Settlement> Refunds) : State
        {
            /// <inheritdoc/>
            public override Content On { get; } = On;

            /// <summary>What went to a later month; zero for most.</summary>
            public Money Carried { get; init; }

            /// <summary>The month that it went to.</summary>
            public BillingMonth? CarriedTo { get; init; }

            /// <summary>
            /// Total less payments and credits, plus refunds and what was carried over; negative when the cooperative owes the member.
            /// </summary>
            [JsonIgnore]
            public Money Balance => On.Total + Carried - Payments.Values.Select(p => p.Amount).Sum()
                - Credits.Values.Select(c => c.Amount).Sum() + Refunds.Values.Select(r => r.Amount).Sum();

            /// <summary>True when a reference is used, so that no two movements share one.</summary>
            public bool Knows(string reference) => Payments.ContainsKey(reference) || Credits.ContainsKey(reference)
                || Refunds.ContainsKey(reference) || Reversed.Contains(reference, StringComparer.Ordinal);
        }

        /// <summary>Void.</summary>
        public sealed record Voided(Content On, string? Number, string Reason) : State
        {
            /// <inheritdoc/>
            public override Content On { get; } = On;
        }
    }
}
