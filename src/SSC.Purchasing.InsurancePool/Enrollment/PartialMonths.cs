using SSC.Purchasing.InsurancePool.Rules;
using SSC.Purchasing.InsurancePool.Years;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.InsurancePool.Enrollment;

/// <summary>Why enrollment changes. A closed list: there is nothing to write about a person.</summary>
public enum ChangeReason
{
    /// <summary>Hired.</summary>
    NewHire,

    /// <summary>Employment ended.</summary>
    Termination,

    /// <summary>Another tier after a change in the family.</summary>
    FamilyChange,

    /// <summary>Another plan, at open enrollment.</summary>
    OpenEnrollment,

    /// <summary>Coverage lost elsewhere.</summary>
    SpecialEnrollment,

    /// <summary>Retired.</summary>
    Retirement,

    /// <summary>A report was wrong.</summary>
    Correction,
}

/// <summary>A change of contracts from a day on: so many more or fewer in a cell.</summary>
/// <param name="Plan">Plan design.</param>
/// <param name="Tier">Tier.</param>
/// <param name="Change">Contracts, not zero; negative when they end.</param>
public sealed record CountChange(PlanId Plan, Tier Tier, int Change);

/// <summary>What a change costs or gives back for one month.</summary>
/// <param name="Month">Month.</param>
/// <param name="Plan">Plan design.</param>
/// <param name="Tier">Tier.</param>
/// <param name="Change">Contracts.</param>
/// <param name="Part">Part of the month.</param>
/// <param name="Amount">Change × rate × part; negative for a credit.</param>
public sealed record AdjustmentLine(CoverageMonth Month, PlanId Plan, Tier Tier, int Change, Factor Part, Money Amount);

/// <summary>The month in which a change takes effect, and how far back one may reach.</summary>
public static class PartialMonths
{
    /// <summary>Version of the rule that new adjustments name.</summary>
    public const int CurrentRuleVersion = 1;

    /// <summary>Days charged and days of the month of a change that takes effect on a day.</summary>
    public static (int Days, int Of) PartOf(DateOnly effective, PartialMonthRule rule)
    {
        var month = CoverageMonth.Of(effective);
        var charged = rule switch
        {
            _ when effective.Day == 1 => month.Days,
            PartialMonthRule.PerDay => month.Days - effective.Day + 1,
            PartialMonthRule.ByFifteenth => effective.Day <= 15 ? month.Days : 0,
            PartialMonthRule.FullMonth => month.Days,
            _ => 0,
        };
        return (charged, month.Days);
    }

    /// <summary>The first month that a change may reach, N months with the month of the report as the last one.</summary>
    public static CoverageMonth Earliest(DateOnly reportedOn, int months) => CoverageMonth.Of(reportedOn).AddMonths(1 - months);

    /// <summary>What a change amounts to in a month.</summary>
    public static AdjustmentLine Line(CoverageMonth month, CountChange change, DateOnly effective, BillingRules rules, Money rate)
    {
        var (days, of) = month == CoverageMonth.Of(effective) ? PartOf(effective, rules.PartialMonth) : (month.Days, month.Days);
        return new(month, change.Plan, change.Tier, change.Change, Factor.Of((decimal)days / of),
            Money.Round(rate.Dollars * change.Change * days / of));
    }
}
