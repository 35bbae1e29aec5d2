using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.InsurancePool.Rules;

/// <summary>Who pays when a pool runs short. The largest fork between pools, so it is a setting and not an assumption.</summary>
public enum LiabilityRegime
{
    /// <summary>
    /// Participants owe their premium and nothing else; an assessment needs each one's consent (joint powers agreement of a service
    /// cooperative). The default.
    /// </summary>
    PremiumOnly,

    /// <summary>Participants answer for each other, also for years after leaving (Minn. R. ch. 2785).</summary>
    JointAndSeveral,
}

/// <summary>What a pool takes in.</summary>
public enum PoolPopulation
{
    /// <summary>School districts.</summary>
    Schools,

    /// <summary>Cities, counties and other governmental agencies.</summary>
    Government,
}

/// <summary>What an offer becomes that nobody answered.</summary>
public enum NonResponseRule
{
    /// <summary>The joint powers agreement continues: the plans renew at the offered rates. The default.</summary>
    RenewAsIs,

    /// <summary>Silence declines.</summary>
    TreatAsDecline,

    /// <summary>One more week and a person who asks; after that the plans renew.</summary>
    Escalate7Days,
}

/// <summary>What is charged for the month in which a contract begins or ends.</summary>
public enum PartialMonthRule
{
    /// <summary>By the day.</summary>
    PerDay,

    /// <summary>The whole month when coverage begins on or before the 15th, nothing after it.</summary>
    ByFifteenth,

    /// <summary>The whole month.</summary>
    FullMonth,

    /// <summary>Nothing: the month after is the first.</summary>
    NextMonth,
}

/// <summary>Days of a renewal round, counted back from the first day of the plan year (D) unless stated otherwise.</summary>
public sealed record RenewalTimeline
{
    /// <summary>The census opens: D − 180.</summary>
    public int CensusOpens { get; init; } = 180;

    /// <summary>The census is locked; who kept silent stands with the last ledger: D − 150.</summary>
    public int CensusLocks { get; init; } = 150;

    /// <summary>Offers go out: D − 120.</summary>
    public int Offers { get; init; } = 120;

    /// <summary>First reminder: D − 90.</summary>
    public int FirstReminder { get; init; } = 90;

    /// <summary>Second reminder: D − 80.</summary>
    public int SecondReminder { get; init; } = 80;

    /// <summary>The actuary's attestation is due to the Department of Commerce: D − 90 (Minn. Stat. 471.617 subd. 2).</summary>
    public int Attestation { get; init; } = 90;

    /// <summary>Last day to answer an offer: D − 75.</summary>
    public int Response { get; init; } = 75;

    /// <summary>Stop-loss must be bound: D − 30.</summary>
    public int StopLoss { get; init; } = 30;

    /// <summary>Days that a re-quote gives at least, from the re-quote.</summary>
    public int RequoteDays { get; init; } = 14;

    /// <summary>Days by which a failed participation test extends the offering, once.</summary>
    public int ExtensionDays { get; init; } = 10;

    /// <summary>Days that an escalated silence has.</summary>
    public int EscalationDays { get; init; } = 7;

    /// <summary>Days within which the board may reverse a default.</summary>
    public int ContestDays { get; init; } = 10;

    /// <summary>How often rates may be proposed again after a rejection.</summary>
    public int Reproposals { get; init; } = 2;

    internal bool IsSound => CensusOpens > CensusLocks && CensusLocks > Offers && Offers > FirstReminder && FirstReminder > SecondReminder
        && SecondReminder > Response && Response > StopLoss && StopLoss >= 0 && Attestation < CensusOpens && Attestation > 0
        && CensusOpens <= 365 && RequoteDays is >= 1 and <= 60 && ExtensionDays is >= 1 and <= 60 && EscalationDays is >= 1 and <= 60
        && ContestDays is >= 1 and <= 60 && Reproposals is >= 0 and <= 5;
}

/// <summary>How rates are made and offers judged.</summary>
public sealed record RatingRules
{
    /// <summary>Contract-months at which experience is believed in full.</summary>
    public int FullCredibility { get; init; } = 12_000;

    /// <summary>Margin in the rate, of the rate.</summary>
    public Factor Margin { get; init; } = Factor.Of(0.02m);

    /// <summary>How far a member's change may lie from the pool's average, either way; null, the default, for no band.</summary>
    public Factor? Band { get; init; }

    /// <summary>Census change after the lock beyond which an offer is made again.</summary>
    public Factor CensusDrift { get; init; } = Factor.Of(0.10m);

    /// <summary>Rate relation of the tiers.</summary>
    public StructuralList<TierFactor> TierFactors { get; init; } =
        [new(Tier.Single, Factor.One), new(Tier.SinglePlusOne, Factor.Of(2m)), new(Tier.Family, Factor.Of(2.8m))];

    /// <summary>Part of the offered contracts that must be bound.</summary>
    public Factor ParticipationShare { get; init; } = Factor.Of(0.85m);

    /// <summary>Members that must be bound.</summary>
    public int ParticipationMembers { get; init; } = 2;

    /// <summary>Annual premium that must be bound: $300,000 (Minn. R. 2785.1100).</summary>
    public Money PremiumFloor { get; init; } = Money.FromDollars(300_000m);

    /// <summary>What silence means.</summary>
    public NonResponseRule NonResponse { get; init; } = NonResponseRule.RenewAsIs;

    internal bool IsSound => FullCredibility is >= 1 and <= 10_000_000 && Margin >= Factor.Zero && Margin < Factor.Of(0.5m)
        && (Band is null || (Band >= Factor.Zero && Band <= Factor.One)) && CensusDrift > Factor.Zero && CensusDrift <= Factor.One
        && TierFactors.Count == 3 && TierFactors.Select(t => t.Tier).Distinct().Count() == 3
        && TierFactors.All(t => t.Value > Factor.Zero && t.Value <= Factor.Of(10m))
        && ParticipationShare >= Factor.Zero && ParticipationShare <= Factor.One && ParticipationMembers is >= 1 and <= 1_000
        && PremiumFloor >= Money.Zero;
}

/// <summary>The rate of a tier in relation to the single rate.</summary>
public sealed record TierFactor(Tier Tier, Factor Value);

/// <summary>Enrollment changes and the bills made of them.</summary>
public sealed record BillingRules
{
    /// <summary>Months, the reporting month included, that a change may reach back.</summary>
    public int RetroMonths { get; init; } = 2;

    /// <summary>What a month costs in which coverage begins or ends.</summary>
    public PartialMonthRule PartialMonth { get; init; } = PartialMonthRule.FullMonth;

    /// <summary>Day of the month before, on which a month's counts are frozen and billed.</summary>
    public int FreezeDay { get; init; } = 20;

    /// <summary>Day of the month on which the bill is collected.</summary>
    public int CollectionDay { get; init; } = 5;

    /// <summary>Days after a returned collection until the next attempt.</summary>
    public int RetryDays { get; init; } = 5;

    /// <summary>Days overdue: the notice.</summary>
    public int NoticeDays { get; init; } = 15;

    /// <summary>Days overdue: the warning that coverage is suspended.</summary>
    public int WarningDays { get; init; } = 30;

    /// <summary>Days overdue: expulsion is proposed to the board.</summary>
    public int ExpulsionDays { get; init; } = 60;

    internal bool IsSound => RetroMonths is >= 1 and <= 12 && FreezeDay is >= 1 and <= 28 && CollectionDay is >= 1 and <= 28
        && RetryDays is >= 1 and <= 30 && NoticeDays >= 1 && WarningDays > NoticeDays && ExpulsionDays > WarningDays
        && ExpulsionDays <= 365;
}

/// <summary>Stop-loss insurance of the pool.</summary>
public sealed record StopLossRules
{
    /// <summary>Claims of one case that the pool bears; at most $50,000 below 1,000 employees (Minn. R. 2785.1300).</summary>
    public Money Specific { get; init; } = Money.FromDollars(150_000m);

    /// <summary>Part of the specific amount at which the carrier is told.</summary>
    public Factor NoticeShare { get; init; } = Factor.Of(0.5m);

    /// <summary>
    /// Expected claims times this is the aggregate attachment; at most 1.25 (N.Y. Ins. L. art. 47, where Minnesota is silent).
    /// </summary>
    public Factor Aggregate { get; init; } = Factor.Of(1.25m);

    /// <summary>Days to file after the specific amount is reached.</summary>
    public int FilingDays { get; init; } = 60;

    /// <summary>Days of a carrier's silence until it is chased.</summary>
    public int ChaseDays { get; init; } = 45;

    /// <summary>Days to appeal a denial.</summary>
    public int AppealDays { get; init; } = 30;

    internal bool IsSound => Specific > Money.Zero && NoticeShare > Factor.Zero && NoticeShare <= Factor.One && Aggregate >= Factor.One
        && Aggregate <= Factor.Of(2m) && FilingDays is >= 1 and <= 365 && ChaseDays is >= 1 and <= 365 && AppealDays is >= 1 and <= 365;
}

/// <summary>How a member leaves.</summary>
public sealed record WithdrawalRules
{
    /// <summary>Days of notice before the plan year ends.</summary>
    public int NoticeDays { get; init; } = 60;

    /// <summary>Whole plan years to stay at least (Minn. R. 2785.1400: one).</summary>
    public int MinimumYears { get; init; } = 1;

    /// <summary>Days after the exit in which claims are taken.</summary>
    public int RunOutDays { get; init; } = 180;

    /// <summary>Complete fund years of liability after the exit, joint and several only (Minn. R. 2785.1400).</summary>
    public int LiabilityYears { get; init; } = 3;

    /// <summary>Months before a member may come back, premium only (joint powers agreement).</summary>
    public int ReentryMonths { get; init; } = 12;

    internal bool IsSound => NoticeDays is >= 1 and <= 365 && MinimumYears is >= 0 and <= 10 && RunOutDays is >= 0 and <= 730
        && LiabilityYears is >= 0 and <= 10 && ReentryMonths is >= 0 and <= 120;
}

/// <summary>Reserves, and how surplus and deficit are shared.</summary>
public sealed record SharingRules
{
    /// <summary>A member's losses count up to this part of its premium; null, the default, for no limit.</summary>
    public Factor? LossLimit { get; init; }

    /// <summary>
    /// Least reserve for incurred and unpaid claims, of expected claims (N.Y. Ins. L. art. 47, where Minnesota is silent).
    /// </summary>
    public Factor LeastIbnr { get; init; } = Factor.Of(0.25m);

    /// <summary>Surplus kept, of annual contributions: 5 % for large pools (N.Y. Ins. L. art. 47, where Minnesota is silent).</summary>
    public Factor SurplusTarget { get; init; } = Factor.Of(0.05m);

    /// <summary>Days to consent to an assessment, premium only.</summary>
    public int ConsentDays { get; init; } = 30;

    /// <summary>Days to pay an assessment, joint and several.</summary>
    public int AssessmentDays { get; init; } = 30;

    internal bool IsSound => (LossLimit is null || (LossLimit > Factor.Zero && LossLimit <= Factor.Of(10m)))
        && LeastIbnr >= Factor.Zero && LeastIbnr <= Factor.One && SurplusTarget >= Factor.Zero && SurplusTarget <= Factor.One
        && ConsentDays is >= 1 and <= 365 && AssessmentDays is >= 1 and <= 365;
}

/// <summary>
/// Everything that a pool's agreement or board sets. Defaults are a proposal, not the cooperative's figures, which are not public; a
/// pool is opened with its own, and amends them by resolution from a day on.
/// </summary>
public sealed record PoolParameters
{
    /// <summary>Days of the renewal round.</summary>
    public RenewalTimeline Renewal { get; init; } = new();

    /// <summary>Rates and offers.</summary>
    public RatingRules Rating { get; init; } = new();

    /// <summary>Enrollment and bills.</summary>
    public BillingRules Billing { get; init; } = new();

    /// <summary>Stop-loss.</summary>
    public StopLossRules StopLoss { get; init; } = new();

    /// <summary>Leaving.</summary>
    public WithdrawalRules Withdrawal { get; init; } = new();

    /// <summary>Reserves, surplus, deficit.</summary>
    public SharingRules Sharing { get; init; } = new();

    /// <summary>Refuses with <c>parameters-unsound</c>, naming the part, what no pool can run by.</summary>
    public Refusal? Flaw =>
        !Renewal.IsSound ? Unsound("renewal: the days run from the census down to the stop-loss, one after the other")
        : !Rating.IsSound ? Unsound("rating: each tier has one factor, shares are from 0 to 1, full credibility is above zero")
        : !Billing.IsSound ? Unsound("billing: days are 1 to 28, the notice is before the warning and the warning before the expulsion")
        : !StopLoss.IsSound ? Unsound("stop-loss: the specific amount is above zero, the aggregate factor from 1 to 2")
        : !Withdrawal.IsSound ? Unsound("withdrawal: notice is 1 to 365 days, run-out at most 730")
        : !Sharing.IsSound ? Unsound("sharing: shares are from 0 to 1, days from 1 to 365")
        : null;

    private static Refusal Unsound(string part) => new("parameters-unsound", $"Mend the parameters; {part}.");
}

/// <summary>Parameters from a day on.</summary>
/// <param name="Version">1 and up.</param>
/// <param name="From">First day.</param>
/// <param name="Values">The parameters.</param>
public sealed record ParameterVersion(int Version, DateOnly From, PoolParameters Values);
