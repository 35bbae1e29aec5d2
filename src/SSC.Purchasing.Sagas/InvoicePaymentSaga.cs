using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Invoicing;
using SSC.Purchasing.Procurement.PurchaseOrders;
using SSC.Purchasing.Procurement.Receiving;
using SSC.Purchasing.Procurement.Rules;

namespace SSC.Purchasing.Sagas;

/// <summary>
/// The promise: every invoice is matched as soon as it can be, sent back in time when it is wrong, paid in time when it is right, and
/// where it is not, interest is reckoned month by month (Minn. Stat. 471.425); payments reach budgets and fees. One instance per purchase
/// order, since a receipt concerns all of its invoices.
/// </summary>
public sealed class InvoicePaymentSaga : Saga<InvoicePromises>
{
    private const string Exceptions = "exceptions", Dispute = "dispute", Payment = "payment", Late = "late";
    private const int ExceptionReminderDays = 7, PaymentReminderDays = 5;
    private static readonly TimeOnly Morning = new(9, 0);

    /// <inheritdoc/>
    public override string Name => "invoice_payment";

    /// <inheritdoc/>
    public override InvoicePromises Initial(string id) => new(id, default);

    /// <inheritdoc/>
    public override string? Correlate(RecordedEvent e) => e.Type switch
    {
        _ when e.KeyIn(VendorInvoice.Category) is not null && e.Fact is VendorInvoice.Event fact =>
            PurchaseOrder.Key(fact.JointOrder, fact.Vendor),
        _ when e.KeyIn(Delivery.Category) is not null && e.Fact is Delivery.Event fact && (Counts(fact) || fact.IsComplete) =>
            PurchaseOrder.Key(fact.JointOrder, fact.Vendor),
        _ => null,
    };

    /// <inheritdoc/>
    public override SagaStep<InvoicePromises> On(InvoicePromises state, SagaInput input) => input switch
    {
        SagaInput.Heard { Event.Fact: VendorInvoice.Event fact } i =>
            OnInvoice(state, i.Event.KeyIn(VendorInvoice.Category)!, fact, i.Event),
        SagaInput.Heard { Event.Fact: Delivery.Event fact } => new(state,
        [
            .. MatchAgain(state),
            .. fact.IsComplete && state.Invoices.Count == 0 ? [Check(fact.JointOrder, fact.Vendor)] : Array.Empty<SagaEffect>(),
        ]),
        SagaInput.Woken i => OnTimer(state, i),
        SagaInput.WasRefused i => new(state with { LastRefusal = i.Refusal }), // it changed nothing; a person sees it on the invoice
        _ => new(state),
    };

    private static SagaStep<InvoicePromises> OnInvoice(
        InvoicePromises state, string key, VendorInvoice.Event fact, RecordedEvent e) => fact switch
    {
        VendorInvoice.Event.Registered { Facts.Document.Kind: InvoiceKind.CreditNote } =>
            new(state, new SagaEffect.Send(new ApplyCreditMemo(key))),
        VendorInvoice.Event.Registered f => new(
            state.With(key, new(InvoiceAwaits.Match)),
            new SagaEffect.Send(new MatchInvoice(key)),
            Check(f.JointOrder, f.Vendor),
            Wake(Exceptions, key, f.Facts.ReceivedOn.AddDays(ExceptionReminderDays), Morning),
            Wake(Dispute, key, PromptPayment.LastDayToDispute(f.Facts.ReceivedOn), Morning)),
        VendorInvoice.Event.Matched => new(
            state.Of(key) is { Awaits: InvoiceAwaits.Match } p ? state.With(key, p with { Awaits = InvoiceAwaits.Exceptions }) : state),
        VendorInvoice.Event.Cleared f => new(
            state.With(key, new(InvoiceAwaits.Payment) { DueOn = f.DueOn }),
            Wake(Payment, key, BusinessCalendar.Minnesota.AddBusinessDays(f.DueOn, -PaymentReminderDays), Morning),
            AfterDay(key, f.DueOn)),
        VendorInvoice.Event.Disputed => new(state.With(key, new(InvoiceAwaits.Vendor))),
        VendorInvoice.Event.PaymentRecorded f => new(state, Paid(key, f, e.Version)),
        VendorInvoice.Event.Credited => new(state, new SagaEffect.Send(new AccrueFee(key, e.Version))),
        VendorInvoice.Event.Settled => new(state.Without(key), Check(fact.JointOrder, fact.Vendor)),

        // What no longer counts before the others may clear them.
        VendorInvoice.Event.Rejected =>
            new(state.Without(key), [.. MatchAgain(state.Without(key)), Check(fact.JointOrder, fact.Vendor)]),
        VendorInvoice.Event.CreditApplied => new(state, [.. MatchAgain(state), Check(fact.JointOrder, fact.Vendor)]),
        _ => new(state),
    };

    private static IEnumerable<SagaEffect> MatchAgain(InvoicePromises state) => state.Invoices
        .Where(i => i.Value.Awaits != InvoiceAwaits.Payment).Select(i => new SagaEffect.Send(new MatchInvoice(i.Key)));

    private static SagaEffect.Send Check(JointOrderId order, VendorId vendor) => new(new CheckBilling(order, vendor));

    /// <summary>True for facts that change what an invoice may ask for.</summary>
    private static bool Counts(Delivery.Event fact) => fact is Delivery.Event.Received or Delivery.Event.HeldAccepted
        or Delivery.Event.ClaimResolved or Delivery.Event.ShortageReported or Delivery.Event.DamageReported
        or Delivery.Event.GoodsReturned;

    private static SagaEffect[] Paid(string key, VendorInvoice.Event.PaymentRecorded fact, long version) =>
    [
        .. fact.Payer != InvoiceKeys.Cooperative && fact.Payment.Amount > Money.Zero
            ? [new SagaEffect.Send(new LiquidatePayment(key, fact.Payer, fact.No))]
            : Array.Empty<SagaEffect>(),
        new SagaEffect.Send(new AccrueFee(key, version)),
    ];

    private static SagaStep<InvoicePromises> OnTimer(InvoicePromises state, SagaInput.Woken timer)
    {
        var (name, key) = timer.Timer.Split('|', 2) is [var first, var second] ? (first, second) : (timer.Timer, string.Empty);
        if (state.Of(key) is not { } promise) return new(state); // settled or rejected since
        return (name, promise.Awaits) switch
        {
            (Exceptions, InvoiceAwaits.Match or InvoiceAwaits.Exceptions) =>
                new(state, new SagaEffect.Send(new RemindOfInvoice(key, VendorInvoice.AboutExceptions, 1))),
            (Dispute, InvoiceAwaits.Exceptions) =>
                new(state, new SagaEffect.Send(new DisputeInvoice(key, "The exceptions were not settled by the last day to dispute."))),
            (Payment, InvoiceAwaits.Payment) =>
                new(state, new SagaEffect.Send(new RemindOfInvoice(key, VendorInvoice.AboutPayment, 1))),
            (Late, InvoiceAwaits.Payment) when promise.DueOn is { } due
                && PromptPayment.MonthsLate(due, BusinessCalendar.LocalDate(timer.At)) is > 0 and var months =>
                new(state, new SagaEffect.Send(new AccrueLateInterest(key)), AfterDay(key, due.AddMonths(months))),
            _ => new(state), // late, repeated or overtaken: the state makes it harmless
        };
    }

    private static SagaEffect.Wake Wake(string timer, string key, DateOnly on, TimeOnly at) =>
        new($"{timer}|{key}", BusinessCalendar.InstantOf(on, at));

    private static SagaEffect.Wake AfterDay(string key, DateOnly day) =>
        new($"{Late}|{key}", BusinessCalendar.EndOfDay(day).AddSeconds(1));
}

/// <summary>What the saga remembers of a purchase order's invoices.</summary>
/// <param name="PurchaseOrder">Key of the purchase order.</param>
/// <param name="Invoices">Invoices that are neither paid nor rejected, by key.</param>
public sealed record InvoicePromises(string PurchaseOrder, StructuralMap<string, InvoicePromise> Invoices)
{
    /// <summary>The last refusal that a command of the saga met.</summary>
    public Refusal? LastRefusal { get; init; }

    /// <summary>What is remembered of an invoice, or null.</summary>
    public InvoicePromise? Of(string key) => Invoices.TryGetValue(key, out var promise) ? promise : null;

    internal InvoicePromises With(string key, InvoicePromise promise) => this with { Invoices = Invoices.Set(key, promise) };

    internal InvoicePromises Without(string key) => this with { Invoices = Invoices.Remove(key) };
}

/// <summary>One invoice.</summary>
/// <param name="Awaits">What it waits for.</param>
public sealed record InvoicePromise(InvoiceAwaits Awaits)
{
    /// <summary>Last day to pay in time.</summary>
    public DateOnly? DueOn { get; init; }
}

/// <summary>What an invoice waits for.</summary>
public enum InvoiceAwaits
{
    /// <summary>The match.</summary>
    Match,

    /// <summary>Somebody who settles or disputes its exceptions.</summary>
    Exceptions,

    /// <summary>The vendor: it was sent back.</summary>
    Vendor,

    /// <summary>Approval and payment.</summary>
    Payment,
}
