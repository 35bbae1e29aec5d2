using SSC.Purchasing.InsurancePool.Rules;
using SSC.Purchasing.InsurancePool.Years;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.InsurancePool.Enrollment;

/// <summary>Where a ledger stands.</summary>
public enum LedgerPhase
{
    /// <summary>Not opened.</summary>
    Absent,

    /// <summary>Takes changes.</summary>
    Open,

    /// <summary>Takes nothing more.</summary>
    Frozen,
}

/// <summary>What a ledger is opened with: a snapshot of the bound offer.</summary>
/// <param name="Pool">Pool.</param>
/// <param name="Year">Pool year.</param>
/// <param name="Member">Member.</param>
/// <param name="StartsOn">First day of coverage.</param>
/// <param name="Plans">Plan designs.</param>
/// <param name="Rates">Rate per contract and month of each tier.</param>
/// <param name="Rules">Billing rules.</param>
public sealed record LedgerTerms(
    PoolId Pool, int Year, MemberNo Member, DateOnly StartsOn, StructuralList<PlanId> Plans, StructuralList<TierRate> Rates,
    BillingRules Rules);

/// <summary>What a credit on the next bill is for.</summary>
public enum CreditCause
{
    /// <summary>A dividend, negative.</summary>
    Dividend,

    /// <summary>An assessment, positive.</summary>
    Assessment,
}

/// <summary>An amount on the next bill that no count stands behind.</summary>
/// <param name="Reference">Once under it.</param>
/// <param name="Cause">What it is for.</param>
/// <param name="Amount">Negative for a credit.</param>
public sealed record LedgerCredit(OpaqueRef Reference, CreditCause Cause, Money Amount);

/// <content>The commands, events and state of a ledger.</content>
public sealed partial class EnrollmentLedger
{
    /// <summary>What can be asked of a ledger. Any but <see cref="Open"/> before it: <c>ledger-unknown</c>.</summary>
    public abstract record Command
    {
        private Command()
        {
        }

        /// <summary>Open it with counts. <c>ledger-terms-invalid</c>, <c>count-out-of-range</c>, <c>cell-repeated</c>.</summary>
        public sealed record Open(LedgerTerms Terms, StructuralList<TierCount> Counts) : Command;

        /// <summary>
        /// Change counts from a day on, once under a reference. What lies further back than the window is recorded as outside it.
        /// <c>change-invalid</c>, <c>plan-unknown</c>, <c>month-outside-year</c>, <c>coverage-ended</c>, <c>count-below-zero</c>,
        /// <c>ledger-frozen</c>, <c>reference-not-opaque</c>.
        /// </summary>
        public sealed record Adjust(
            OpaqueRef Reference, StructuralList<CountChange> Changes, DateOnly EffectiveOn, DateOnly ReportedOn, ChangeReason Reason)
            : Command
        {
            /// <summary>The file it came from.</summary>
            public FileHash? Source { get; init; }
        }

        /// <summary>The board lets a change count that was outside the window. <c>nothing-denied</c>, <c>resolution-missing</c>.</summary>
        public sealed record WaiveRetro(OpaqueRef Reference, AdoptedResolution? Adopted) : Command;

        /// <summary>Put an amount on the next bill, once under a reference. <c>amount-invalid</c>, <c>ledger-frozen</c>.</summary>
        public sealed record Credit(OpaqueRef Reference, CreditCause Cause, Money Amount) : Command;

        /// <summary>
        /// The member's coverage ends with a day before the year does: no contract counts after it, and what was billed for later is
        /// credited; <c>ledger-frozen</c>.
        /// </summary>
        public sealed record EndCoverage(DateOnly LastDay) : Command;

        /// <summary>Freeze a month: what is billed. <c>month-outside-year</c>, <c>month-out-of-order</c>.</summary>
        public sealed record Freeze(CoverageMonth Month) : Command;

        /// <summary>Take no more changes; <c>months-not-billed</c>.</summary>
        public sealed record Close : Command;
    }

    /// <summary>What has happened to a ledger.</summary>
    public abstract record Event
    {
        private Event()
        {
        }

        /// <summary>The pool, in every event.</summary>
        public PoolId Pool { get; init; }

        /// <summary>The year.</summary>
        public int Year { get; init; }

        /// <summary>The member.</summary>
        public MemberNo Member { get; init; }

        /// <summary>It was opened with counts.</summary>
        [EventAlias("pool_counts_reported")]
        public sealed record CountsReported(LedgerTerms Terms, StructuralList<TierCount> Counts) : Event;

        /// <summary>Counts changed from a month on; lines for what was billed already and for the part of a month.</summary>
        [EventAlias("pool_counts_adjusted")]
        public sealed record CountsAdjusted(
            OpaqueRef Reference, StructuralList<CountChange> Changes, DateOnly EffectiveOn, DateOnly ReportedOn, CoverageMonth CountsFrom,
            ChangeReason Reason, StructuralList<AdjustmentLine> Lines, FileHash? Source, int RuleVersion) : Event;

        /// <summary>What a change would have reached further back than the window: not billed, not credited.</summary>
        [EventAlias("pool_retro_outside_window")]
        public sealed record RetroOutsideWindow(
            OpaqueRef Reference, StructuralList<AdjustmentLine> Lines, Money Amount, int RetroMonths) : Event;

        /// <summary>The board let it count.</summary>
        [EventAlias("pool_retro_waived")]
        public sealed record RetroWaived(OpaqueRef Reference, StructuralList<AdjustmentLine> Lines, ResolutionCited Resolution) : Event;

        /// <summary>An amount comes on the next bill.</summary>
        [EventAlias("pool_ledger_credited")]
        public sealed record Credited(LedgerCredit Credit) : Event;

        /// <summary>
        /// Coverage ended with a day: no contracts from a month on, and lines for what was billed after it, by the rule of a version.
        /// </summary>
        [EventAlias("pool_coverage_ended")]
        public sealed record CoverageEnded(
            DateOnly LastDay, CoverageMonth CountsFrom, StructuralList<AdjustmentLine> Lines, int RuleVersion) : Event;

        /// <summary>A month is frozen: its counts, the adjustments and credits on its bill, and the bill.</summary>
        [EventAlias("pool_month_frozen")]
        public sealed record MonthFrozen(
            CoverageMonth Month, StructuralList<TierCount> Counts, StructuralList<AdjustmentLine> Adjustments,
            StructuralList<LedgerCredit> Credits, Money Total) : Event;

        /// <summary>The year's enrollment is frozen; adjustments since the last bill are settled.</summary>
        [EventAlias("pool_enrollment_closed")]
        public sealed record Closed(StructuralList<AdjustmentLine> Adjustments, StructuralList<LedgerCredit> Credits) : Event;
    }

    /// <summary>A ledger.</summary>
    public sealed record State(LedgerPhase Phase)
    {
        /// <summary>What it was opened with.</summary>
        public LedgerTerms? Terms { get; init; }

        /// <summary>Contracts by cell, for each month of the year.</summary>
        public StructuralMap<string, StructuralList<int>> Cells { get; init; }

        /// <summary>References of the changes so far.</summary>
        public StructuralList<OpaqueRef> References { get; init; }

        /// <summary>Files that changes came from.</summary>
        public StructuralList<FileHash> Sources { get; init; }

        /// <summary>What was outside the window and is not waived.</summary>
        public StructuralMap<OpaqueRef, StructuralList<AdjustmentLine>> Denied { get; init; }

        /// <summary>Lines for the next bill.</summary>
        public StructuralList<AdjustmentLine> Pending { get; init; }

        /// <summary>Amounts for the next bill.</summary>
        public StructuralList<LedgerCredit> Credits { get; init; }

        /// <summary>The last month that is billed.</summary>
        public CoverageMonth? FrozenThrough { get; init; }

        /// <summary>Last day of coverage, where it ends before the year.</summary>
        public DateOnly? CoverageEndsOn { get; init; }

        /// <summary>The last month with contracts, where coverage ends before the year.</summary>
        public CoverageMonth? CountsThrough { get; init; }

        /// <summary>The last month in which a count may change.</summary>
        public CoverageMonth LastCounted => CountsThrough ?? LastMonth;

        /// <summary>First month of the year.</summary>
        public CoverageMonth FirstMonth => CoverageMonth.Of(Terms?.StartsOn ?? default);

        /// <summary>Last month of the year.</summary>
        public CoverageMonth LastMonth => FirstMonth.AddMonths(11);

        /// <summary>Contracts of a cell in a month.</summary>
        public int CountOf(PlanId plan, Tier tier, CoverageMonth month) =>
            Cells.TryGetValue(Cell(plan, tier), out var months) && month.Since(FirstMonth) is >= 0 and < 12 and var at ? months[at] : 0;

        /// <summary>All cells of a month that are not empty.</summary>
        public StructuralList<TierCount> CountsIn(CoverageMonth month) => Counts.InOrder(
            from plan in Terms!.Plans
            from rate in Terms.Rates
            select new TierCount(plan, rate.Tier, CountOf(plan, rate.Tier, month)));

        /// <summary>What a month's bill comes to: counts × rates, adjustments and credits.</summary>
        public Money BillOf(CoverageMonth month) =>
            CountsIn(month).Select(c => new Money(checked(RateOf(c.Tier).Cents * c.Contracts))).Sum()
            + Pending.Select(l => l.Amount).Sum() + Credits.Select(c => c.Amount).Sum();

        /// <summary>The rate of a tier.</summary>
        public Money RateOf(Tier tier) => Terms!.Rates.First(r => r.Tier == tier).Rate;
    }
}
