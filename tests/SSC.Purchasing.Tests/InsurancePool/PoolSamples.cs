using SSC.Purchasing.InsurancePool.Enrollment;
using SSC.Purchasing.InsurancePool.Rules;
using SSC.Purchasing.InsurancePool.Years;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Tests.InsurancePool;

/// <summary>A school pool in small: one plan, three members, the year 2027.</summary>
internal static class PoolSamples
{
    public static readonly PoolId School = new("SCHOOL");
    public static readonly PlanId Ppo = new("PPO-500");
    public static readonly MemberNo One = new("M-001");
    public static readonly MemberNo Two = new("M-002");
    public static readonly MemberNo Three = new("M-003");
    public static readonly PoolParameters Parameters = new() { Rating = new() { Band = Factor.Of(0.05m) } };
    public static readonly DateOnly NewYear = new(2027, 1, 1);

    public static readonly YearTerms Terms =
        new(School, 2027, NewYear, [Ppo], [One, Two, Three], LiabilityRegime.PremiumOnly, 1, Parameters);

    /// <summary>96 / 34 / 50 contracts of the worked examples, at the tier rates that follow.</summary>
    public static readonly StructuralList<TierCount> Census =
        [new(Ppo, Tier.Single, 96), new(Ppo, Tier.SinglePlusOne, 34), new(Ppo, Tier.Family, 50)];

    public static readonly StructuralList<TierRate> Rates =
        [new(Tier.Single, Usd(652.28m)), new(Tier.SinglePlusOne, Usd(1_304.55m)), new(Tier.Family, Usd(1_826.37m))];

    public static readonly FileHash OneFile = new(new string('a', 64));

    public static Money Usd(decimal dollars) => Money.FromDollars(dollars);

    public static UnitPrice Price(decimal dollars) => UnitPrice.FromDollars(dollars);

    public static OpaqueRef Ref(int number) => new($"REF-{number:0000}");

    public static CoverageMonth Month(int year, int month) => new(year, month);

    /// <summary>The rate inputs of the worked example.</summary>
    public static RateInput Input(MemberNo member, int contracts = 180) => new(
        member, 4_320, Price(862.40m), Factor.Of(0.085m), 18, Price(71.20m), Price(905m), Price(111.25m), Usd(988m), contracts);

    public static AdoptedResolution Adopted(ResolutionKind kind, string subject, string id = "R-2026-014") =>
        new(new(id), new("SSC"), kind, subject, "2026-14", new(2026, 8, 1), new(2026, 8, 1));

    public static LedgerTerms Ledger(PartialMonthRule rule = PartialMonthRule.FullMonth, int retro = 2) => new(
        School, 2027, One, NewYear, [Ppo], Rates, new() { PartialMonth = rule, RetroMonths = retro });

    public static string Refused<T>(this Decision<T> decision) => ((Decision<T>.Refused)decision).Refusal.Code;
}
