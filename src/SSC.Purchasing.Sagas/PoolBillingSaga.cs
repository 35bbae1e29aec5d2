using SSC.Purchasing.InsurancePool.Billing;
using SSC.Purchasing.InsurancePool.Enrollment;
using SSC.Purchasing.InsurancePool.Rules;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Sagas;

/// <summary>
/// The promise: every month of coverage is frozen, billed, collected and, where it stays unpaid, followed up step by step; a payment
/// anywhere ends it. One instance per member and pool year.
/// </summary>
public sealed class PoolBillingSaga : Saga<BillingPromise>
{
    private const string Freeze = "freeze", CloseLedger = "close-ledger";
    private const string Collect = "collect", Unpaid = "unpaid", Notice = "notice", Warning = "warning", Expulsion = "expulsion";

    /// <inheritdoc/>
    public override string Name => "pool_billing";

    /// <inheritdoc/>
    public override BillingPromise Initial(string id) => new(id);

    /// <inheritdoc/>
    public override string? Correlate(RecordedEvent e) => e.KeyIn(EnrollmentLedger.Category)
        ?? (e.KeyIn(ContributionInvoice.Category) is not null && e.Fact is ContributionInvoice.Event fact
            ? EnrollmentLedger.Key(fact.Pool, fact.Year, fact.Member)
            : null);

    /// <inheritdoc/>
    public override SagaStep<BillingPromise> On(BillingPromise state, SagaInput input) => input switch
    {
        SagaInput.Heard { Event.Fact: EnrollmentLedger.Event fact } => OnLedger(state, fact),
        _ when state.Terms is null => new(state),
        SagaInput.Heard { Event.Fact: ContributionInvoice.Event fact } i => OnInvoice(state, i.Event, fact, i.At),
        SagaInput.Woken i => OnTimer(state, i),
        SagaInput.WasRefused i => new(state with { LastRefusal = i.Refusal }),
        _ => new(state),
    };

    private static SagaStep<BillingPromise> OnLedger(BillingPromise state, EnrollmentLedger.Event fact)
    {
        switch (fact)
        {
            case EnrollmentLedger.Event.CountsReported f:
                var first = CoverageMonth.Of(f.Terms.StartsOn);
                return new(state with { Terms = f.Terms, Next = first }, FreezeOf(first, f.Terms.Rules));
            case EnrollmentLedger.Event.MonthFrozen f when state.Terms is { } terms:
                var next = f.Month.AddMonths(1);
                var over = next.Since(CoverageMonth.Of(terms.StartsOn)) >= 12;
                return new(
                    state with { Next = next },
                    new SagaEffect.Send(new BillPoolMonth(terms.Pool, terms.Year, terms.Member, f.Month)),
                    over ? CloseOf(terms) : FreezeOf(next, terms.Rules));
            case EnrollmentLedger.Event.Closed f when f.Adjustments.Count + f.Credits.Count > 0 && state.Terms is { } terms:
                return new(state, new SagaEffect.Send(new SettlePoolEnrollment(terms.Pool, terms.Year, terms.Member)));
            default:
                return new(state);
        }
    }

    private static SagaStep<BillingPromise> OnInvoice(
        BillingPromise state, RecordedEvent e, ContributionInvoice.Event fact, DateTimeOffset at)
    {
        var (rules, bill) = (state.Terms!.Rules, ContributionBill.Of(e, fact));
        return fact switch
        {
            ContributionInvoice.Event.Issued f when f.Total > Money.Zero => new(
                state with { Open = state.Open.Set(bill.Text, f.Total) },
                At(Collect, bill, BusinessCalendar.InstantOf(f.DueOn, TimeOnly.MinValue)),
                At(Unpaid, bill, BusinessCalendar.EndOfDay(f.DueOn.AddDays(rules.RetryDays)).AddSeconds(1))),
            ContributionInvoice.Event.PaymentReceived f => new(state with { Open = Less(state.Open, bill, f.Amount) }),
            ContributionInvoice.Event.AchReturned { Retry: true } => new(
                state with { Open = state.Open.Set(bill.Text, state.Owed(bill)) },
                At(Collect, bill, BusinessCalendar.AddCalendarDays(at, rules.RetryDays)),
                At(Unpaid, bill, BusinessCalendar.AddCalendarDays(at, 2 * rules.RetryDays))),
            ContributionInvoice.Event.AchReturned => new(
                state with { Open = state.Open.Set(bill.Text, state.Owed(bill)) },
                Dun(state, bill, DunningStep.Overdue)),
            ContributionInvoice.Event.PaymentReversed f => new(
                state with { Open = state.Open.Set(bill.Text, state.Open.GetValueOrDefault(bill.Text) + f.Amount) },
                Dun(state, bill, DunningStep.Overdue)),
            ContributionInvoice.Event.BecameOverdue f => new(
                state with { Open = state.Open.Set(bill.Text, f.Open) },
                At(Notice, bill, BusinessCalendar.AddCalendarDays(at, rules.NoticeDays)),
                At(Warning, bill, BusinessCalendar.AddCalendarDays(at, rules.WarningDays)),
                At(Expulsion, bill, BusinessCalendar.AddCalendarDays(at, rules.ExpulsionDays))),
            ContributionInvoice.Event.Credited => new(state with { Open = state.Open.Remove(bill.Text) }),
            _ => new(state),
        };
    }

    private static SagaStep<BillingPromise> OnTimer(BillingPromise state, SagaInput.Woken timer)
    {
        var (pool, year, member) = (state.Terms!.Pool, state.Terms.Year, state.Terms.Member);
        if (timer.Timer is Freeze)
            return state.Next is { } next ? Send(state, new FreezePoolMonth(pool, year, member, next)) : new(state);
        if (timer.Timer is CloseLedger) return Send(state, new ClosePoolEnrollment(pool, year, member));
        // What is paid meanwhile is no longer open: the timer finds nothing to do.
        if (timer.Timer.Split(':', 2) is not [var step, var text] || ContributionBill.TryParse(text) is not { } bill
            || !state.Open.ContainsKey(text)) return new(state);
        return step switch
        {
            Collect => Send(state, new CollectContribution(pool, year, member, bill.Month, bill.Settlement)),
            Unpaid => new(state, Dun(state, bill, DunningStep.Overdue)),
            Notice => new(state, Dun(state, bill, DunningStep.Notice)),
            Warning => new(state, Dun(state, bill, DunningStep.Warning)),
            Expulsion => new(state, Dun(state, bill, DunningStep.Expulsion)),
            _ => new(state),
        };
    }

    private static SagaEffect.Send Dun(BillingPromise state, ContributionBill bill, DunningStep step) => new(new DunContribution(
        state.Terms!.Pool, state.Terms.Year, state.Terms.Member, bill.Month, step, bill.Settlement));

    private static StructuralMap<string, Money> Less(StructuralMap<string, Money> open, ContributionBill bill, Money paid) =>
        open.GetValueOrDefault(bill.Text) - paid is var left && left > Money.Zero ? open.Set(bill.Text, left) : open.Remove(bill.Text);

    private static SagaEffect.Wake FreezeOf(CoverageMonth month, BillingRules rules) => new(
        Freeze, BusinessCalendar.InstantOf(month.AddMonths(-1).FirstDay.AddDays(rules.FreezeDay - 1), new(18, 0)));

    /// <summary>When the last month's window for retroactive changes is over.</summary>
    private static SagaEffect.Wake CloseOf(LedgerTerms terms) => new(
        CloseLedger, BusinessCalendar.InstantOf(terms.StartsOn.AddYears(1).AddMonths(terms.Rules.RetroMonths), TimeOnly.MinValue));

    private static SagaEffect.Wake At(string step, ContributionBill bill, DateTimeOffset at) => new($"{step}:{bill.Text}", at);

    private static SagaStep<BillingPromise> Send(BillingPromise state, object command) => new(state, new SagaEffect.Send(command));
}

/// <summary>What the saga remembers of a member's bills.</summary>
/// <param name="Key">Key of the ledger.</param>
public sealed record BillingPromise(string Key)
{
    /// <summary>What the ledger was opened with.</summary>
    public LedgerTerms? Terms { get; init; }

    /// <summary>The month that is frozen next.</summary>
    public CoverageMonth? Next { get; init; }

    /// <summary>What is owed, by bill: its month, e.g. <c>2027-12</c>, or <c>2027-12:settlement</c> for the year's last one.</summary>
    public StructuralMap<string, Money> Open { get; init; }

    /// <summary>The last refusal that a command met.</summary>
    public Refusal? LastRefusal { get; init; }

    /// <summary>What is owed on a bill, at least a cent when the bank has just taken a payment back.</summary>
    internal Money Owed(ContributionBill bill) => Open.TryGetValue(bill.Text, out var open) ? open : new(1);
}

/// <summary>A bill of the promise: a month's, or the year's settlement, which has the last month's and its own key.</summary>
internal readonly record struct ContributionBill(CoverageMonth Month, bool Settlement)
{
    private const string Settled = ":settlement";

    /// <summary>For the promise and its timers.</summary>
    public string Text => Month + (Settlement ? Settled : string.Empty);

    /// <summary>The bill that an invoice's event is about.</summary>
    public static ContributionBill Of(RecordedEvent e, ContributionInvoice.Event fact) =>
        new(fact.Month, e.Stream.EndsWith(Settled, StringComparison.Ordinal));

    /// <summary>Null when it is no bill.</summary>
    public static ContributionBill? TryParse(string text)
    {
        var settlement = text.EndsWith(Settled, StringComparison.Ordinal);
        return CoverageMonth.TryParse(settlement ? text[..^Settled.Length] : text) is { } month
            ? new ContributionBill(month, settlement)
            : null;
    }
}

/// <summary>A step after an unpaid bill.</summary>
public enum DunningStep
{
    /// <summary>It is overdue.</summary>
    Overdue,

    /// <summary>The notice.</summary>
    Notice,

    /// <summary>The warning that coverage is suspended.</summary>
    Warning,

    /// <summary>The proposal to the board.</summary>
    Expulsion,
}

/// <summary>A command of the monthly billing.</summary>
public abstract record PoolBillingCommand(PoolId Pool, int Year, MemberNo Member);

/// <summary>Freeze a month.</summary>
[SagaCommand("freeze_pool_month")]
public sealed record FreezePoolMonth(PoolId Pool, int Year, MemberNo Member, CoverageMonth Month)
    : PoolBillingCommand(Pool, Year, Member);

/// <summary>Draft and issue the bill of a frozen month.</summary>
[SagaCommand("bill_pool_month")]
public sealed record BillPoolMonth(PoolId Pool, int Year, MemberNo Member, CoverageMonth Month) : PoolBillingCommand(Pool, Year, Member);

/// <summary>Collect a bill through the bank.</summary>
[SagaCommand("collect_pool_contribution")]
public sealed record CollectContribution(PoolId Pool, int Year, MemberNo Member, CoverageMonth Month, bool Settlement = false)
    : PoolBillingCommand(Pool, Year, Member);

/// <summary>The next step after an unpaid bill.</summary>
[SagaCommand("dun_pool_contribution")]
public sealed record DunContribution(
    PoolId Pool, int Year, MemberNo Member, CoverageMonth Month, DunningStep Step, bool Settlement = false)
    : PoolBillingCommand(Pool, Year, Member);

/// <summary>Take no more enrollment changes.</summary>
[SagaCommand("close_pool_enrollment")]
public sealed record ClosePoolEnrollment(PoolId Pool, int Year, MemberNo Member) : PoolBillingCommand(Pool, Year, Member);

/// <summary>Bill what changed after the last month's bill.</summary>
[SagaCommand("settle_pool_enrollment")]
public sealed record SettlePoolEnrollment(PoolId Pool, int Year, MemberNo Member) : PoolBillingCommand(Pool, Year, Member);
