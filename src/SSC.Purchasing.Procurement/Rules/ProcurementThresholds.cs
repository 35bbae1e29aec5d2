using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Procurement.Rules;

/// <summary>How a purchase must be made; a later one is stricter.</summary>
public enum PurchaseMethod
{
    /// <summary>A quotation or the open market, as the buyer decides (a federal micro-purchase).</summary>
    OpenMarket,

    /// <summary>Two or more quotations where possible, kept at least a year (federal simplified acquisition).</summary>
    Quotations,

    /// <summary>Sealed bids on public notice (federal: sealed bids or proposals).</summary>
    SealedBids,
}

/// <summary>Amounts that divide the methods.</summary>
/// <param name="OpenMarketUpTo">Up to and including this, the open market.</param>
/// <param name="QuotationsUpTo">Up to and including this, quotations; above it, sealed bids.</param>
public sealed record MethodLimits(Money OpenMarketUpTo, Money QuotationsUpTo)
{
    /// <summary>The method for an amount.</summary>
    public PurchaseMethod MethodFor(Money amount) =>
        amount > QuotationsUpTo ? PurchaseMethod.SealedBids
        : amount > OpenMarketUpTo ? PurchaseMethod.Quotations
        : PurchaseMethod.OpenMarket;
}

/// <summary>The method a purchase requires, and why.</summary>
/// <param name="Method">The strictest that applies.</param>
/// <param name="Citation">The rule it comes from.</param>
/// <param name="ConsiderCpv">True when the State's cooperative contract must be considered first (471.345 subd. 15(a)).</param>
public sealed record RequiredMethod(PurchaseMethod Method, string Citation, bool ConsiderCpv);

/// <summary>
/// Which procurement method an estimated amount requires, by the rule of the day: Minn. Stat. 471.345 subd. 3–5, and 2 CFR 200.320 when
/// federal money pays; the stricter one wins. Members that buy under a contract with a 15(b) basis need none of their own.
/// </summary>
public static class ProcurementThresholds
{
    /// <summary>
    /// Uniform Municipal Contracting Law. The table begins with Minnesota Statutes 2006; the 2018 amounts hold for contracts entered into
    /// on or after 1 August 2018, by a law whose chapter this table does not cite because it was not verified.
    /// </summary>
    public static readonly EffectiveDated<MethodLimits> State = new(
    [
        new(new(2006, 1, 1), Limits(10_000, 50_000), "Minn. Stat. 2006, 471.345 subd. 3-5"),
        new(new(2008, 8, 1), Limits(25_000, 100_000), "Minn. Stat. 471.345 subd. 3-5, as amended by Laws of Minnesota 2008, chapter 207"),
        new(new(2018, 8, 1), Limits(25_000, 175_000), "Minn. Stat. 471.345 subd. 3-5 (contracts from 1 August 2018)"),
    ]);

    /// <summary>
    /// Federal awards, Uniform Guidance: micro-purchase and simplified acquisition thresholds. The Guidance takes them from 48 CFR 2.101,
    /// where they are adjusted every five years (41 U.S.C. 1908); OMB raised them for awards ahead of that rule on 20 June 2018.
    /// </summary>
    public static readonly EffectiveDated<MethodLimits> Federal = new(
    [
        new(new(2014, 12, 26), Limits(3_000, 150_000), "2 CFR 200.67, 200.88, 200.320 (in force from 26 December 2014)"),
        new(new(2015, 10, 1), Limits(3_500, 150_000), "2 CFR 200.67, 200.88, 200.320 (48 CFR 2.101, 80 FR 38293, from 1 October 2015)"),
        new(new(2018, 6, 20), Limits(10_000, 250_000), "2 CFR 200.320 (OMB Memorandum M-18-18 of 20 June 2018; Pub. L. 115-91)"),
        new(new(2025, 10, 1), Limits(15_000, 350_000), "2 CFR 200.320 (48 CFR 2.101, 90 FR 41872, from 1 October 2025)"),
    ]);

    /// <summary>
    /// Above this the State's venture is considered first. Minnesota Statutes 2008 did not ask for it; the State Auditor's advice of 13
    /// November 2009 cites it as law. The amending chapter and its day were not verified: 1 August 2009 is the day on which a law of that
    /// session without another date takes effect (Minn. Stat. 645.02).
    /// </summary>
    public static readonly EffectiveDated<Money> CpvConsideredAbove = new(
        [new(new(2009, 8, 1), Money.FromDollars(25_000m), "Minn. Stat. 471.345 subd. 15(a), as amended in 2009 (day not verified)")]);

    /// <summary>The amount above which the State's venture is considered first on a day; out of reach before the rule.</summary>
    public static Money CpvConsideration(DateOnly day) => CpvConsideredAbove.EntryOn(day)?.Value ?? new Money(long.MaxValue);

    /// <summary>The method for an estimated amount on a day.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The day is before the tables begin (2006; federal: 26 December 2014).</exception>
    public static RequiredMethod For(Money estimate, DateOnly day, bool federallyFunded)
    {
        var consider = estimate > CpvConsideration(day);
        var state = State.EntryOn(day) ?? throw new ArgumentOutOfRangeException(nameof(day), day, "No threshold is known.");
        var required = new RequiredMethod(state.Value.MethodFor(estimate), state.Source, consider);
        if (!federallyFunded) return required;
        var federal = Federal.EntryOn(day) ?? throw new ArgumentOutOfRangeException(nameof(day), day, "No threshold is known.");
        var method = federal.Value.MethodFor(estimate);
        return method > required.Method ? new(method, federal.Source, consider) : required;
    }

    private static MethodLimits Limits(long openMarket, long quotations) => new(new(openMarket * 100), new(quotations * 100));
}
