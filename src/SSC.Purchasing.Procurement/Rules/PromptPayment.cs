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

/// <summary>Minn. Stat. 471.425, prompt payment of local government bills, by the rule of the day.</summary>
public static class PromptPayment
{
    /// <summary>The terms and the day each came into these tables.</summary>
    public static readonly EffectiveDated<PromptPaymentTerms> Terms = new(
        [new(new(2006, 1, 1), new(35, 45, 10, 150, Money.FromDollars(10m), Money.FromDollars(100m)), "Minn. Stat. 471.425 subd. 2-4")]);
}
