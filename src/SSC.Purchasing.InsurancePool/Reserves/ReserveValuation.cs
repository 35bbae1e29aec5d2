using System.Diagnostics;
using SSC.Purchasing.InsurancePool.Rules;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.InsurancePool.Reserves;

/// <summary>Where a valuation stands.</summary>
public enum ValuationPhase
{
    /// <summary>None on this day.</summary>
    Absent,

    /// <summary>Estimated.</summary>
    Proposed,

    /// <summary>The actuary attests it.</summary>
    Attested,

    /// <summary>In the books.</summary>
    Booked,
}

/// <summary>What was paid for a month of incurral and how much of it is thought to be paid.</summary>
public sealed record PaidMonth(CoverageMonth Month, Money Paid, Factor Completion);

/// <summary>A month with what is still unpaid.</summary>
/// <param name="Month">Month of incurral.</param>
/// <param name="Paid">Paid so far.</param>
/// <param name="Completion">Part of the ultimate claims that is paid.</param>
/// <param name="Unpaid">Paid ÷ completion − paid.</param>
public sealed record UnpaidMonth(CoverageMonth Month, Money Paid, Factor Completion, Money Unpaid);

/// <summary>What a pool holds and owes on a day, beside the estimate.</summary>
/// <param name="Year">Plan year that is valued; a row of the development table.</param>
/// <param name="Contributions">Contributions earned.</param>
/// <param name="Ceded">Recovered or recoverable from stop-loss.</param>
/// <param name="Assets">Assets of the pool.</param>
/// <param name="Expected">Expected incurred claims, base of the least reserve.</param>
public sealed record ValuationFigures(int Year, Money Contributions, Money Ceded, Money Assets, Money Expected);

/// <summary>An estimate of incurred and unpaid claims.</summary>
/// <param name="Months">By month of incurral.</param>
/// <param name="Paid">Σ paid.</param>
/// <param name="Unpaid">Σ unpaid: incurred but not reported or not paid (GASB 10, 30).</param>
/// <param name="Incurred">Both.</param>
/// <param name="Least">Least reserve: a part of expected claims.</param>
/// <param name="Reserve">The larger of unpaid and least.</param>
/// <param name="Surplus">Assets less reserve.</param>
/// <param name="Target">Surplus that is kept.</param>
public sealed record IbnrEstimate(
    StructuralList<UnpaidMonth> Months, Money Paid, Money Unpaid, Money Incurred, Money Least, Money Reserve, Money Surplus, Money Target)
{
    /// <summary>Version of the rule that new estimates name.</summary>
    public const int CurrentRuleVersion = 1;

    /// <summary>Estimates by completion factors.</summary>
    public static IbnrEstimate Of(IEnumerable<PaidMonth> months, ValuationFigures figures, SharingRules rules)
    {
        var lines = months.OrderBy(m => m.Month)
            .Select(m => new UnpaidMonth(
                m.Month, m.Paid, m.Completion, Money.Round((m.Paid.Dollars / m.Completion.Value) - m.Paid.Dollars)))
            .ToStructuralList();
        var (paid, unpaid) = (lines.Select(l => l.Paid).Sum(), lines.Select(l => l.Unpaid).Sum());
        var least = Money.Round(figures.Expected.Dollars * rules.LeastIbnr.Value);
        var reserve = unpaid > least ? unpaid : least;
        return new(
            lines, paid, unpaid, paid + unpaid, least, reserve, figures.Assets - reserve,
            Money.Round(figures.Contributions.Dollars * rules.SurplusTarget.Value));
    }
}

/// <summary>
/// What a pool owes on a day for claims that are incurred and unpaid, attested by an actuary and booked once for a day. Stream
/// <c>pool-valuation-{PoolId}:{yyyy-MM-dd}</c>.
/// </summary>
public sealed class ReserveValuation : IDecider<ReserveValuation.Command, ReserveValuation.State, ReserveValuation.Event>
{
    /// <summary>What can be asked of a valuation.</summary>
    public abstract record Command
    {
        private Command()
        {
        }

        /// <summary>Estimate, or estimate again before it is attested. <c>valuation-attested</c>, <c>months-invalid</c>.</summary>
        public sealed record Estimate(
            PoolId Pool, DateOnly AsOf, StructuralList<PaidMonth> Months, ValuationFigures Figures, SharingRules Rules) : Command;

        /// <summary>The actuary attests. <c>valuation-unknown</c>, <c>valuation-attested</c>.</summary>
        public sealed record Attest(OpaqueRef Attestation, DateOnly On) : Command;

        /// <summary>Book it. <c>attestation-missing</c>.</summary>
        public sealed record Book : Command;
    }

    /// <summary>What has happened to a valuation.</summary>
    public abstract record Event
    {
        private Event()
        {
        }

        /// <summary>The pool, in every event.</summary>
        public PoolId Pool { get; init; }

        /// <summary>The day, in every event.</summary>
        public DateOnly AsOf { get; init; }

        /// <summary>It was estimated, by the rule of a version.</summary>
        [EventAlias("pool_ibnr_estimated")]
        public sealed record Estimated(IbnrEstimate Estimate, ValuationFigures Figures, SharingRules Rules, int RuleVersion) : Event;

        /// <summary>The actuary attests it.</summary>
        [EventAlias("pool_valuation_attested")]
        public sealed record Attested(OpaqueRef Attestation, DateOnly On) : Event;

        /// <summary>It is in the books.</summary>
        [EventAlias("pool_reserve_booked")]
        public sealed record Booked(int Year, Money Reserve, Money Surplus, Money Target) : Event;
    }

    /// <summary>A valuation.</summary>
    public sealed record State(ValuationPhase Phase)
    {
        /// <summary>The pool.</summary>
        public PoolId Pool { get; init; }

        /// <summary>The day.</summary>
        public DateOnly AsOf { get; init; }

        /// <summary>The estimate.</summary>
        public IbnrEstimate? Estimate { get; init; }

        /// <summary>Figures beside it.</summary>
        public ValuationFigures? Figures { get; init; }

        /// <summary>Rules it was made by.</summary>
        public SharingRules? Rules { get; init; }

        /// <summary>The attestation.</summary>
        public OpaqueRef? Attestation { get; init; }
    }

    /// <inheritdoc/>
    public static string Category => "pool-valuation";

    /// <inheritdoc/>
    public static State Initial { get; } = new(ValuationPhase.Absent);

    /// <summary>The key of a valuation.</summary>
    public static string Key(PoolId pool, DateOnly asOf) => $"{pool}:{asOf:yyyy-MM-dd}";

    /// <inheritdoc/>
    public static Decision<Event> Decide(Command command, State state) => (command, state.Phase) switch
    {
        (Command.Estimate c, ValuationPhase.Absent or ValuationPhase.Proposed) => Estimate(c, state),
        (Command.Estimate c, _) => Same(c, state)
            ? Nothing
            : new Refusal("valuation-attested", "The valuation of this day is attested; value another day."),
        (_, ValuationPhase.Absent) => new Refusal("valuation-unknown", "Estimate first."),
        (Command.Attest c, ValuationPhase.Proposed) => c.Attestation.Flaw is { } no ? no
            : new Event.Attested(c.Attestation, c.On) { Pool = state.Pool, AsOf = state.AsOf },
        (Command.Attest c, _) => c.Attestation == state.Attestation
            ? Nothing
            : new Refusal("valuation-attested", "The valuation is attested already."),
        (Command.Book, ValuationPhase.Proposed) => new Refusal("attestation-missing", "The actuary attests before it is booked."),
        (Command.Book, ValuationPhase.Attested) => new Event.Booked(
            state.Figures!.Year, state.Estimate!.Reserve, state.Estimate.Surplus, state.Estimate.Target)
        {
            Pool = state.Pool, AsOf = state.AsOf,
        },
        (Command.Book, ValuationPhase.Booked) => Nothing,
        _ => throw new UnreachableException($"{command} has no answer in {state}"),
    };

    /// <inheritdoc/>
    public static State Evolve(State state, Event fact) => fact switch
    {
        Event.Estimated e => new(ValuationPhase.Proposed)
        {
            Pool = e.Pool, AsOf = e.AsOf, Estimate = e.Estimate, Figures = e.Figures, Rules = e.Rules,
        },
        Event.Attested e => state with { Phase = ValuationPhase.Attested, Attestation = e.Attestation },
        Event.Booked => state with { Phase = ValuationPhase.Booked },
        _ => throw new UnreachableException($"{fact} cannot follow {state}"),
    };

    private static readonly Decision<Event> Nothing = new Decision<Event>.Accepted();

    private static bool Same(Command.Estimate c, State state) => state.Figures == c.Figures && state.Rules == c.Rules
        && Flaw(c) is null && IbnrEstimate.Of(c.Months, c.Figures, c.Rules) == state.Estimate;

    private static Decision<Event> Estimate(Command.Estimate c, State state)
    {
        if (Flaw(c) is { } no) return no;
        return Same(c, state)
            ? Nothing
            : new Event.Estimated(IbnrEstimate.Of(c.Months, c.Figures, c.Rules), c.Figures, c.Rules, IbnrEstimate.CurrentRuleVersion)
            {
                Pool = c.Pool, AsOf = c.AsOf,
            };
    }

    private static Refusal? Flaw(Command.Estimate c) =>
        PlainText.CheckId("pool", c.Pool.Value)
        ?? (c.Months.Count is > 0 and <= 240 && c.Months.Select(m => m.Month).Distinct().Count() == c.Months.Count
            && c.Months.All(m => m.Paid >= Money.Zero && m.Completion >= Factor.Of(0.001m) && m.Completion <= Factor.One
                && m.Month <= CoverageMonth.Of(c.AsOf))
            && c.Figures is { Year: >= 1990 and <= 2200 } && c.Figures.Contributions >= Money.Zero && c.Figures.Ceded >= Money.Zero
            && c.Figures.Expected >= Money.Zero
                ? (Refusal?)null
                : new("months-invalid", "Give each month through the day once, paid not negative, completion from 0.001 to 1."));
}
