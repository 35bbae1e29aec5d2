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
        SagaInput.Heard { Event.Fact: ContributionInvoice.Event fact } i => OnInvoice(state, fact, i.At),
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

    private static SagaStep<BillingPromise> OnInvoice(BillingPromise state, ContributionInvoice.Event fact, DateTimeOffset at)
    {
        var rules = state.Terms!.Rules;
        return fact switch
        {
            ContributionInvoice.Event.Issued f when f.Total > Money.Zero => new(
                state with { Open = state.Open.Set(f.Month, f.Total) },
                At(Collect, f.Month, BusinessCalendar.InstantOf(f.DueOn, TimeOnly.MinValue)),
                At(Unpaid, f.Month, BusinessCalendar.EndOfDay(f.DueOn.AddDays(rules.RetryDays)).AddSeconds(1))),
            ContributionInvoice.Event.PaymentReceived f => new(state with { Open = Less(state.Open, f.Month, f.Amount) }),
            ContributionInvoice.Event.AchReturned { Retry: true } f => new(
                state with { Open = state.Open.Set(f.Month, state.Owed(f.Month)) },
                At(Collect, f.Month, BusinessCalendar.AddCalendarDays(at, rules.RetryDays)),
                At(Unpaid, f.Month, BusinessCalendar.AddCalendarDays(at, 2 * rules.RetryDays))),
            ContributionInvoice.Event.AchReturned f => new(
                state with { Open = state.Open.Set(f.Month, state.Owed(f.Month)) },
                Overdue(state, f.Month)),
            ContributionInvoice.Event.PaymentReversed f => new(
                state with { Open = state.Open.Set(f.Month, state.Open.GetValueOrDefault(f.Month) + f.Amount) },
                Overdue(state, f.Month)),
            ContributionInvoice.Event.BecameOverdue f => new(
                state with { Open = state.Open.Set(f.Month, f.Open) },
                At(Notice, f.Month, BusinessCalendar.AddCalendarDays(at, rules.NoticeDays)),
                At(Warning, f.Month, BusinessCalendar.AddCalendarDays(at, rules.WarningDays)),
                At(Expulsion, f.Month, BusinessCalendar.AddCalendarDays(at, rules.ExpulsionDays))),
            ContributionInvoice.Event.Credited f => new(state with { Open = state.Open.Remove(f.Month) }),
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
        if (timer.Timer.Split(':') is not [var step, var text] || CoverageMonth.TryParse(text) is not { } month
            || !state.Open.ContainsKey(month)) return new(state);
        return step switch
        {
            Collect => Send(state, new CollectContribution(pool, year, member, month)),
            Unpaid => new(state, Overdue(state, month)),
            Notice => Send(state, new DunContribution(pool, year, member, month, DunningStep.Notice)),
            Warning => Send(state, new DunContribution(pool, year, member, month, DunningStep.Warning)),
            Expulsion => Send(state, new DunContribution(pool, year, member, month, DunningStep.Expulsion)),
            _ => new(state),
        };
    }

    private static SagaEffect.Send Overdue(BillingPromise state, CoverageMonth month) => new(
        new DunContribution(state.Terms!.Pool, state.Terms.Year, state.Terms.Member, month, DunningStep.Overdue));

    private static StructuralMap<CoverageMonth, Money> Less(StructuralMap<CoverageMonth, Money> open, CoverageMonth month, Money paid) =>
        open.GetValueOrDefault(month) - paid is var left && left > Money.Zero ? open.Set(month, left) : open.Remove(month);

    private static SagaEffect.Wake FreezeOf(CoverageMonth month, BillingRules rules) => new(
        Freeze, BusinessCalendar.InstantOf(month.AddMonths(-1).FirstDay.AddDays(rules.FreezeDay - 1), new(18, 0)));

    /// <summary>When the last month's window for retroactive changes is over.</summary>
    private static SagaEffect.Wake CloseOf(LedgerTerms terms) => new(
        CloseLedger, BusinessCalendar.InstantOf(terms.StartsOn.AddYears(1).AddMonths(terms.Rules.RetroMonths), TimeOnly.MinValue));

    private static SagaEffect.Wake At(string step, CoverageMonth month, DateTimeOffset at) => new($"{step}:{month}", at);

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

    /// <summary>What is owed, by month.</summary>
    public StructuralMap<CoverageMonth, Money> Open { get; init; }

    /// <summary>The last refusal that a command met.</summary>
    public Refusal? LastRefusal { get; init; }

    /// <summary>What is owed for a month, at least a cent when the bank has just taken a payment back.</summary>
    public Money Owed(CoverageMonth month) => Open.TryGetValue(month, out var open) ? open : new(1);
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
public sealed record CollectContribution(PoolId Pool, int Year, MemberNo Member, CoverageMonth Month)
    : PoolBillingCommand(Pool, Year, Member);

/// <summary>The next step after an unpaid bill.</summary>
[SagaCommand("dun_pool_contribution")]
public sealed record DunContribution(PoolId Pool, int Year, MemberNo Member, CoverageMonth Month, DunningStep Step)
    : PoolBillingCommand(Pool, Year, Member);

/// <summary>Take no more enrollment changes.</summary>
[SagaCommand("close_pool_enrollment")]
public sealed record ClosePoolEnrollment(PoolId Pool, int Year, MemberNo Member) : PoolBillingCommand(Pool, Year, Member);

/// <summary>Bill what changed after the last month's bill.</summary>
[SagaCommand("settle_pool_enrollment")]
public sealed record SettlePoolEnrollment(PoolId Pool, int Year, MemberNo Member) : PoolBillingCommand(Pool, Year, Member);
