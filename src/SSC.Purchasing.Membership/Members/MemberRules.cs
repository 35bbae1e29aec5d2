using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Membership;

/// <summary>Who votes, and what a member's facts must be to be recorded.</summary>
public static class MemberRules
{
    /// <summary>A charter school below this many students is an associate without a vote (the cooperative's membership terms).</summary>
    public const int CharterVotingEnrollment = 300;

    /// <summary>Most students or teachers taken for a fact.</summary>
    public const int MaxHeadCount = 10_000_000;

    private const int MaxParticipatingServices = 2;

    /// <summary>
    /// True for full members: public school districts and governmental units. Everyone else is non-voting
    /// (Minn. Stat. 123A.21 subd. 3).
    /// </summary>
    public static bool Votes(MemberType type) => type is MemberType.Education or MemberType.Ccoga;

    /// <summary>True when an organization of a kind can hold a type of membership.</summary>
    public static bool Fits(MemberKind kind, MemberType type) => type switch
    {
        MemberType.Education => kind is MemberKind.SchoolDistrict or MemberKind.CharterSchool,
        MemberType.Ccoga => kind is MemberKind.City or MemberKind.County or MemberKind.OtherGovernment,
        MemberType.Associate => kind is MemberKind.NonpublicSchool or MemberKind.CharterSchool or MemberKind.OtherCooperativeDistrict
            or MemberKind.AssociateEducation,
        MemberType.NonProfit => kind is MemberKind.NonProfit,
        MemberType.Participating => kind is MemberKind.ParticipatingOrganization,
        _ => false,
    };

    /// <summary>
    /// The first thing wrong with a member's facts, or null: <c>name-*</c>, <c>county-*</c>, <c>member-type-unknown</c>,
    /// <c>kind-mismatch</c>, <c>voting-mismatch</c>, <c>enrollment-out-of-range</c>, <c>teachers-out-of-range</c>,
    /// <c>charter-below-voting-size</c>, <c>services-mismatch</c>, <c>service-for-full-members</c>.
    /// </summary>
    public static Refusal? Flaw(MemberFacts facts) =>
        PlainText.Check("name", facts.Name)
        ?? PlainText.Check("county", facts.County)
        ?? FlawOfType(facts)
        ?? HeadCount("enrollment", facts.Enrollment)
        ?? HeadCount("teachers", facts.Teachers)
        ?? FlawOfServices(facts);

    private static Refusal? FlawOfType(MemberFacts facts)
    {
        if (!Enum.IsDefined(facts.Type)) return new("member-type-unknown", "Give one of the five membership types.");
        if (!Fits(facts.Kind, facts.Type))
            return new("kind-mismatch", $"An organization of kind {facts.Kind} cannot hold a membership of type {facts.Type}.");
        if (facts is { Kind: MemberKind.CharterSchool, Type: MemberType.Education } && !(facts.Enrollment >= CharterVotingEnrollment))
        {
            return new(
                "charter-below-voting-size",
                $"A charter school needs {CharterVotingEnrollment} students for an Education membership; admit it as an Associate.");
        }

        return facts.Voting == Votes(facts.Type)
            ? null
            : new("voting-mismatch", $"A membership of type {facts.Type} {(Votes(facts.Type) ? "votes" : "has no vote")}.");
    }

    private static Refusal? FlawOfServices(MemberFacts facts)
    {
        var services = facts.Services;
        if (facts.Type != MemberType.Participating)
        {
            return services.Count == 0
                ? null
                : new("services-mismatch", "Only a participating member names its services; leave them out.");
        }

        if (services.Count is < 1 or > MaxParticipatingServices || services.Distinct().Count() != services.Count
            || services.Any(s => !Enum.IsDefined(s)))
        {
            return new("services-mismatch", "A participating member takes one or two different services; name them.");
        }

        return services.Any(s => s is CooperativeService.InsurancePool or CooperativeService.HealthAndSafety)
            ? new("service-for-full-members", "Insurance pools and health and safety are not open to participating members.")
            : null;
    }

    private static Refusal? HeadCount(string field, int? count) => count is < 0 or > MaxHeadCount
        ? new($"{field}-out-of-range", $"Give the {field} as a number from 0 to {MaxHeadCount}, or leave it out.")
        : null;
}
