using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Membership;

/// <summary>The five kinds of membership of a service cooperative (Minn. Stat. 123A.21 subd. 3; the cooperative's bylaws).</summary>
public enum MemberType
{
    /// <summary>Public school districts and larger charter schools; vote.</summary>
    Education,

    /// <summary>Cities, counties and other governmental agencies; vote.</summary>
    Ccoga,

    /// <summary>Nonpublic schools, charter schools under 300 students, districts of another cooperative; no vote.</summary>
    Associate,

    /// <summary>Non-profit organizations; no vote.</summary>
    NonProfit,

    /// <summary>Pay an annual fee for one or two services; no vote, no insurance pool.</summary>
    Participating,
}

/// <summary>What an organization is, finer than its membership: some things may be bought by some kinds only.</summary>
public enum MemberKind
{
    /// <summary>A public school district.</summary>
    SchoolDistrict,

    /// <summary>A charter school: a public school that is not a district.</summary>
    CharterSchool,

    /// <summary>A nonpublic school.</summary>
    NonpublicSchool,

    /// <summary>A district whose full membership is in another cooperative.</summary>
    OtherCooperativeDistrict,

    /// <summary>An associate in education that is not told apart further; treated as the least entitled, a nonpublic school.</summary>
    AssociateEducation,

    /// <summary>A city.</summary>
    City,

    /// <summary>A county.</summary>
    County,

    /// <summary>Any other governmental unit: a library system, a soil and water district, a township.</summary>
    OtherGovernment,

    /// <summary>A non-profit organization.</summary>
    NonProfit,

    /// <summary>Takes single services by agreement, whatever it is otherwise.</summary>
    ParticipatingOrganization,
}

/// <summary>What a cooperative does for members; a participating member takes one or two of these.</summary>
public enum CooperativeService
{
    /// <summary>Joint orders and contracts.</summary>
    Purchasing,

    /// <summary>Workshops, conferences, student programs.</summary>
    Programs,

    /// <summary>Technology services.</summary>
    Technology,

    /// <summary>Health and safety service; full members only.</summary>
    HealthAndSafety,

    /// <summary>Insurance pools; full members only.</summary>
    InsurancePool,
}

/// <summary>What a member says of itself.</summary>
/// <param name="Name">The organization's name, at most 200 characters; organizations are not persons.</param>
/// <param name="Type">Kind of membership.</param>
/// <param name="Kind">What the organization is; must fit the type.</param>
/// <param name="County">County it lies in, as text: members of neighbouring states are allowed.</param>
/// <param name="Voting">Must be what the type says: it is stated so that a wrong list is noticed, not to be chosen.</param>
/// <param name="Enrollment">Students, 0 to ten million; null when unknown or meaningless.</param>
/// <param name="Teachers">Teachers, 0 to ten million; null when unknown or meaningless.</param>
public sealed record MemberFacts(
    string Name, MemberType Type, MemberKind Kind, string County, bool Voting, int? Enrollment = null, int? Teachers = null)
{
    /// <summary>Services of a participating member, one or two; empty for all others, who have every service their type allows.</summary>
    public StructuralList<CooperativeService> Services { get; init; }
}

/// <summary>Above which value a member's own purchase needs approval, and by whom.</summary>
/// <param name="Threshold">Purchases above this amount need an approval.</param>
/// <param name="NeedsSecondPerson">True when the approver must be somebody else than the buyer.</param>
public sealed record ApprovalRules(Money Threshold, bool NeedsSecondPerson)
{
    /// <summary>
    /// What holds until a member decides: a second person above $25,000, where Minn. Stat. 471.345 subd. 4 starts to ask for
    /// quotations.
    /// </summary>
    public static readonly ApprovalRules Default = new(Money.FromDollars(25_000m), true);
}
