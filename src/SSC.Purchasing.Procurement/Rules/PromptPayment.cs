using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Procurement.Rules;

/// <summary>When local governments pay, and what being late costs.</summary>
/// <param name="DaysToPay">Days from the later of receipt and correct invoice.</param>
/// <param name="DaysToPayJointPowers">The same for a joint powers organization, whose board meets less often.</param>
/// <param name="DaysToDispute">Days from receipt in which an incorrect invoice is sent back.</param>
/// <param name="MonthlyInterestBasisPoints">Interest per month or part of one, hundredths of a percent.</param>
/// <param name="MinimumInterest">Least interest on a balance of at least <paramref name="MinimumInterestFrom"/>.</param>
/// <param name="MinimumInterestFrom">Unpaid balance from which the minimum holds.</param>
public sealed record PromptPaymentTerms(
    int DaysToPay, int DaysToPayJointPowers, int DaysToDispute, int MonthlyInterestBasisPoints, Money MinimumInterest,
    Money MinimumInterestFrom);

/// <summary>
/// Minn. Stat. 471.425, prompt payment of local government bills, by the rule of the day. Periods that end on a weekend or legal holiday
/// end on the next business day (Minn. Stat. 645.15).
/// </summary>
public static class PromptPayment
{
    /// <summary>Version of how the days and the interest are computed.</summary>
    public const int RuleVersion = 1;

    /// <summary>The terms and the day each came into these tables.</summary>
    public static readonly EffectiveDated<PromptPaymentTerms> Terms = new(
        [new(new(2006, 1, 1), new(35, 45, 10, 150, Money.FromDollars(10m), Money.FromDollars(100m)), "Minn. Stat. 471.425 subd. 2-4")]);

    /// <summary>The last day on which a bill that was received on a day is disputed in time.</summary>
    public static DateOnly LastDayToDispute(DateOnly received) =>
        BusinessCalendar.Minnesota.OnOrAfter(received.AddDays(TermsOn(received).DaysToDispute));

    /// <summary>The last day on which a bill is paid in time, counted from the later of goods and correct bill.</summary>
    /// <param name="from">Day of the later one.</param>
    /// <param name="jointPowers">True when a joint powers organization pays.</param>
    public static DateOnly LastDayToPay(DateOnly from, bool jointPowers)
    {
        var terms = TermsOn(from);
        return BusinessCalendar.Minnesota.OnOrAfter(from.AddDays(jointPowers ? terms.DaysToPayJointPowers : terms.DaysToPay));
    }

    /// <summary>Months or parts of a month that a day lies after a due day; 0 when it does not.</summary>
    public static int MonthsLate(DateOnly due, DateOnly on)
    {
        var months = 0;
        while (due.AddMonths(months) < on) months++;
        return months;
    }

    /// <summary>Interest of one month or part of it on an unpaid balance, rounded once, no less than the minimum where that
    /// holds.</summary>
    public static Money MonthlyInterest(Money unpaid, DateOnly on)
    {
        if (unpaid <= Money.Zero) return Money.Zero;
        var terms = TermsOn(on);
        var interest = Money.Round(unpaid.Dollars * terms.MonthlyInterestBasisPoints / AccountSplit.Whole);
        return unpaid >= terms.MinimumInterestFrom && interest < terms.MinimumInterest ? terms.MinimumInterest : interest;
    }

    private static PromptPaymentTerms TermsOn(DateOnly day) => Terms.EntryOn(day)?.Value ?? Terms.Entries[0].Value;
}
