using System.Globalization;
using SSC.Purchasing.InsurancePool.Rules;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.InsurancePool.Years;

/// <summary>Where a pool year stands.</summary>
public enum YearPhase
{
    /// <summary>Never drafted.</summary>
    Absent,

    /// <summary>Drafted.</summary>
    Draft,

    /// <summary>Participants report their counts, or the census is locked and rates are being made.</summary>
    CensusOpen,

    /// <summary>Rates are proposed.</summary>
    Rated,

    /// <summary>The board adopted them.</summary>
    Adopted,

    /// <summary>Offers are out.</summary>
    Offering,

    /// <summary>Bound.</summary>
    Bound,

    /// <summary>Coverage runs.</summary>
    Active,

    /// <summary>Claims run out.</summary>
    RunOut,

    /// <summary>Over.</summary>
    Closed,

    /// <summary>Given up.</summary>
    Abandoned,
}

/// <summary>Why a year was given up.</summary>
public enum AbandonReason
{
    /// <summary>The board adopted no rates.</summary>
    RatesNotAdopted,

    /// <summary>Too few take part.</summary>
    TooFewParticipants,

    /// <summary>No stop-loss or attestation could be had.</summary>
    NotInsurable,

    /// <summary>The board decided so.</summary>
    BoardDecision,
}

/// <summary>Who pays when stop-loss becomes dearer after binding.</summary>
public enum RepricingAnswer
{
    /// <summary>The rate stabilization reserve.</summary>
    ReserveAbsorbs,

    /// <summary>The board takes the matter up again; the bound rates stay.</summary>
    BoardReopens,
}

/// <summary>A change of stop-loss that the Department of Commerce hears of before it takes effect.</summary>
public enum StopLossChange
{
    /// <summary>A case is excluded or given an amount of its own.</summary>
    Lasered,

    /// <summary>The cover ends.</summary>
    Terminated,
}

/// <summary>What a year is drafted with: a snapshot, so that a later amendment does not reach it.</summary>
/// <param name="Pool">Pool.</param>
/// <param name="Year">Calendar year in which it begins; names it.</param>
/// <param name="StartsOn">D: first day of coverage, the first of a month.</param>
/// <param name="Plans">Plan designs.</param>
/// <param name="Members">Participants that the census asks.</param>
/// <param name="Regime">Who is liable.</param>
/// <param name="ParametersVersion">Version of the parameters.</param>
/// <param name="Parameters">The parameters.</param>
public sealed record YearTerms(
    PoolId Pool, int Year, DateOnly StartsOn, StructuralList<PlanId> Plans, StructuralList<MemberNo> Members, LiabilityRegime Regime,
    int ParametersVersion, PoolParameters Parameters)
{
    /// <summary>Last day of coverage.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public DateOnly EndsOn => StartsOn.AddYears(1).AddDays(-1);

    /// <summary>Key of the year.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string Key => PoolYear.Key(Pool, Year);

    /// <summary>So many days before its first day.</summary>
    public DateOnly Before(int days) => StartsOn.AddDays(-days);

    /// <summary>Refuses with <c>terms-invalid</c>, <c>parameters-unsound</c> or an id at fault.</summary>
    internal Refusal? Flaw =>
        PlainText.CheckId("pool", Pool.Value)
        ?? (Year is >= 1990 and <= 2200 && StartsOn.Year == Year && StartsOn.Day == 1 && Plans.Count is > 0 and <= 50
            && Plans.Distinct().Count() == Plans.Count && Plans.All(p => Id.IsWellFormed(p.Value)) && Members.Count is > 0 and <= 1_000
            && Members.Distinct().Count() == Members.Count && Members.All(m => Id.IsWellFormed(m.Value)) && Enum.IsDefined(Regime)
                ? (Refusal?)null
                : new(
                    "terms-invalid",
                    "A year begins on the first of a month of its year, with 1 to 50 plans and its participants, each once."))
        ?? Parameters.Flaw;
}

/// <summary>A member's census.</summary>
/// <param name="Counts">Contracts by plan and tier.</param>
/// <param name="Defaulted">True when it kept silent and its last ledger stands.</param>
public sealed record CensusEntry(StructuralList<TierCount> Counts, bool Defaulted);

/// <summary>Counts of a member that kept silent, from its last ledger.</summary>
public sealed record CensusDefault(MemberNo Member, StructuralList<TierCount> Counts);

/// <summary>The stop-loss that a year is insured by.</summary>
/// <param name="Contract">The carrier's contract.</param>
/// <param name="Specific">What the pool bears of one case.</param>
/// <param name="ExpectedPepm">Expected claims per employee and month.</param>
/// <param name="AggregateFactor">Attachment in parts of expected claims.</param>
public sealed record StopLossCover(OpaqueRef Contract, Money Specific, UnitPrice ExpectedPepm, Factor AggregateFactor);

/// <summary>What became of an offer.</summary>
public enum OfferOutcome
{
    /// <summary>Not answered, and no rule has spoken yet.</summary>
    Open,

    /// <summary>Accepted, by the member or by the rule.</summary>
    Accepted,

    /// <summary>Declined, by the member or by the rule.</summary>
    Declined,
}

/// <summary>Where an offer stood when the participation was tested.</summary>
/// <param name="Member">Member.</param>
/// <param name="Contracts">Contracts offered.</param>
/// <param name="Rate">Composite rate per contract and month.</param>
/// <param name="Outcome">Accepted or declined.</param>
/// <param name="ByDefault">True when the member said nothing.</param>
/// <param name="StreamVersion">Version of the offer's stream.</param>
public sealed record OfferStanding(MemberNo Member, int Contracts, Money Rate, OfferOutcome Outcome, bool ByDefault, long StreamVersion);

/// <summary>A participation test.</summary>
/// <param name="Offered">Contracts offered.</param>
/// <param name="Bound">Contracts accepted.</param>
/// <param name="Share">Bound ÷ offered, four decimals.</param>
/// <param name="Members">Members that accepted.</param>
/// <param name="Premium">Their premium of a year.</param>
/// <param name="Passed">Whether share, members and premium reach what the pool asks.</param>
public sealed record ParticipationResult(int Offered, int Bound, Factor Share, int Members, Money Premium, bool Passed)
{
    /// <summary>Version of the rule that new tests name.</summary>
    public const int CurrentRuleVersion = 1;

    /// <summary>Tests: contracts bound ÷ offered, member count, premium floor.</summary>
    public static ParticipationResult Of(IReadOnlyList<OfferStanding> offers, RatingRules rules)
    {
        var accepted = offers.Where(o => o.Outcome == OfferOutcome.Accepted).ToList();
        var (offered, bound) = (offers.Sum(o => o.Contracts), accepted.Sum(o => o.Contracts));
        var share = offered == 0 ? Factor.Zero : Factor.Of((decimal)bound / offered, 4);
        var premium = accepted.Select(o => new Money(checked(o.Rate.Cents * o.Contracts * 12))).Sum();
        // The share is judged unrounded: 84.996 % is not 85 %.
        var passed = bound >= offered * rules.ParticipationShare.Value && offered > 0 && accepted.Count >= rules.ParticipationMembers
            && premium >= rules.PremiumFloor;
        return new(offered, bound, share, accepted.Count, premium, passed);
    }

    /// <summary>For messages, e.g. <c>4600 of 5120 (0.8984)</c>.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Bound} of {Offered} ({Share}), {Members} members, {Premium} a year: {(Passed ? "passed" : "failed")}");
}
