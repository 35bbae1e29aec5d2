using SSC.Purchasing.InsurancePool.Rules;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.InsurancePool.Years;

/// <summary>What a member's rate is made of, as given.</summary>
/// <param name="Member">Whose rate.</param>
/// <param name="ContractMonths">Contract-months of the experience period.</param>
/// <param name="Experience">Claims of the experience period per employee and month, large claims cut at the pooling point.</param>
/// <param name="Trend">Yearly trend, 0.085 for 8.5 %.</param>
/// <param name="TrendMonths">Months from the middle of the experience period to the middle of the plan year.</param>
/// <param name="PoolingCharge">What the pooled large claims cost, per employee and month.</param>
/// <param name="Manual">The manual rate's claims, per employee and month.</param>
/// <param name="Retention">Administration and stop-loss, per employee and month.</param>
/// <param name="Current">The rate in force.</param>
/// <param name="Contracts">Contracts of the census.</param>
public sealed record RateInput(
    MemberNo Member, int ContractMonths, UnitPrice Experience, Factor Trend, int TrendMonths, UnitPrice PoolingCharge, UnitPrice Manual,
    UnitPrice Retention, Money Current, int Contracts);

/// <summary>A member's rate with every factor that it came from, so that it can be explained and is never computed otherwise.</summary>
/// <param name="Input">What was given.</param>
/// <param name="Credibility">Z: how far the member's own experience is believed; four decimals.</param>
/// <param name="TrendFactor">Trend over the months; six decimals.</param>
/// <param name="Trended">Experience at the prices of the plan year; four decimals.</param>
/// <param name="WithPooling">And its part of the large claims.</param>
/// <param name="Blend">Z parts of it and 1 − Z of the manual rate.</param>
/// <param name="Needed">The rate that would carry itself.</param>
/// <param name="Change">Change needed against the current rate; four decimals.</param>
/// <param name="Least">Lower end of the band; null without a band.</param>
/// <param name="Most">Upper end of the band.</param>
/// <param name="Applied">Change that is applied.</param>
/// <param name="Rate">The composite rate per contract and month.</param>
/// <param name="ReserveDraw">What the rate stabilization reserve gives over the year; negative when it receives.</param>
public sealed record MemberRate(
    RateInput Input, Factor Credibility, Factor TrendFactor, UnitPrice Trended, UnitPrice WithPooling, UnitPrice Blend, UnitPrice Needed,
    Factor Change, Factor? Least, Factor? Most, Factor Applied, Money Rate, Money ReserveDraw);

/// <summary>
/// Experience rating of groups: credibility-weighted blend of pooled, trended experience and the manual rate, retention and margin,
/// and a band around the pool's average that the rate stabilization reserve pays for.
/// </summary>
public static class RateCalculation
{
    /// <summary>Version of the rule that new rates name.</summary>
    public const int CurrentRuleVersion = 1;

    private const int MonthsOfYear = 12;
    private const int MostTrendMonths = 60;

    /// <summary>A member's rate.</summary>
    /// <param name="input">Sound by <see cref="Flaw"/>.</param>
    /// <param name="rules">Full credibility, margin, band.</param>
    /// <param name="average">The pool's average change, centre of the band.</param>
    public static MemberRate Of(RateInput input, RatingRules rules, Factor average)
    {
        var credibility = Credibility(input.ContractMonths, rules.FullCredibility);
        var trend = TrendOver(input.Trend, input.TrendMonths);
        var trended = ExactDecimals.Pepm(input.Experience.Dollars * trend.Value);
        var pooled = ExactDecimals.Pepm(trended.Dollars + input.PoolingCharge.Dollars);
        var blend = ExactDecimals.Pepm((credibility.Value * pooled.Dollars) + ((1m - credibility.Value) * input.Manual.Dollars));
        var needed = ExactDecimals.Pepm((blend.Dollars + input.Retention.Dollars) / (1m - rules.Margin.Value));
        var change = Factor.Of((needed.Dollars / input.Current.Dollars) - 1m, 4);
        var (least, most) = rules.Band is { } band
            ? (Factor.Of(average.Value - band.Value), Factor.Of(average.Value + band.Value))
            : ((Factor?)null, (Factor?)null);
        var applied = least is { } low && change < low ? low : most is { } high && change > high ? high : change;
        // Inside the band the rate is what is needed; the rounded change would not give it back.
        var rate = applied == change ? Money.Round(needed.Dollars) : Money.Round(input.Current.Dollars * (1m + applied.Value));
        var draw = applied == change
            ? Money.Zero
            : Money.Round((needed.Dollars - rate.Dollars) * input.Contracts * MonthsOfYear);
        return new(input, credibility, trend, trended, pooled, blend, needed, change, least, most, applied, rate, draw);
    }

    /// <summary>The current rate carried on with trend only, when the board adopted nothing else.</summary>
    public static MemberRate Held(RateInput input, RatingRules rules, Factor average)
    {
        var rate = Of(input, rules with { Band = null }, average);
        var trended = Money.Round(input.Current.Dollars * (1m + input.Trend.Value));
        return rate with
        {
            Applied = input.Trend,
            Rate = trended,
            ReserveDraw = Money.Round((rate.Needed.Dollars - trended.Dollars) * input.Contracts * MonthsOfYear),
        };
    }

    /// <summary>√(contract-months ÷ full credibility), at most 1; four decimals. Limited fluctuation credibility.</summary>
    public static Factor Credibility(int contractMonths, int full) =>
        contractMonths >= full ? Factor.One : Factor.Of(ExactDecimals.Root((decimal)contractMonths / full, 2), 4);

    /// <summary>(1 + trend)^(months ÷ 12); six decimals.</summary>
    public static Factor TrendOver(Factor yearly, int months) =>
        Factor.Of(ExactDecimals.Root(ExactDecimals.Power(1m + yearly.Value, months), MonthsOfYear));

    /// <summary>Refuses with <c>rate-input-invalid</c> what no rate can be made of.</summary>
    internal static Refusal? Flaw(RateInput input) =>
        Id.IsWellFormed(input.Member.Value) && input.ContractMonths is >= 0 and <= 100_000_000 && IsPrice(input.Experience)
        && IsPrice(input.PoolingCharge) && IsPrice(input.Manual) && IsPrice(input.Retention)
        && input.Trend > Factor.Of(-0.5m) && input.Trend <= Factor.One && input.TrendMonths is >= 0 and <= MostTrendMonths
        && input.Current > Money.Zero && input.Current <= Money.FromDollars(100_000m) && input.Contracts is >= 0 and <= Counts.Most
            ? null
            : new("rate-input-invalid", $"Mend the rate inputs of {input.Member}: amounts are not negative, trend is at most 100 %, "
                + $"months at most {MostTrendMonths}, the current rate above zero.");

    private static bool IsPrice(UnitPrice price) => price.Dollars is >= 0m and <= 100_000m;
}

/// <summary>The rate of one tier.</summary>
/// <param name="Tier">Tier.</param>
/// <param name="Rate">Per contract and month.</param>
public sealed record TierRate(Tier Tier, Money Rate);

/// <summary>Tier rates that bring the composite rate's revenue.</summary>
/// <param name="Revenue">Composite rate × contracts: what a month should bring.</param>
/// <param name="Units">Σ factor × contracts.</param>
/// <param name="Base">Revenue ÷ units, six decimals: the rate of factor 1.</param>
/// <param name="Rates">Base × factor, rounded to the cent.</param>
/// <param name="Month">What a month brings at these rates.</param>
/// <param name="Rounding">What rounding added.</param>
public sealed record TierRates(Money Revenue, Factor Units, UnitPrice Base, StructuralList<TierRate> Rates, Money Month, Money Rounding)
{
    /// <summary>Splits a composite rate over tiers.</summary>
    /// <param name="composite">Rate per contract and month.</param>
    /// <param name="counts">The census; without any contract every tier counts as one.</param>
    /// <param name="factors">Relation of the tiers.</param>
    public static TierRates Of(Money composite, IReadOnlyList<TierCount> counts, IReadOnlyList<TierFactor> factors)
    {
        int CountOf(Tier tier) => counts.Total() == 0 ? 1 : counts.Of(tier);
        var revenue = new Money(checked(composite.Cents * factors.Sum(f => (long)CountOf(f.Tier))));
        var units = Factor.Of(factors.Sum(f => f.Value.Value * CountOf(f.Tier)));
        var single = UnitPrice.FromDollars(decimal.Round(revenue.Dollars / units.Value, 6, MidpointRounding.AwayFromZero));
        var rates = factors.Select(f => new TierRate(f.Tier, Money.Round(single.Dollars * f.Value.Value))).ToStructuralList();
        var month = rates.Select(r => new Money(checked(r.Rate.Cents * CountOf(r.Tier)))).Sum();
        return new(revenue, units, single, rates, month, month - revenue);
    }
}
