using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Membership;

/// <summary>Everything about a member that eligibility depends on.</summary>
/// <param name="Facts">What the member is.</param>
/// <param name="LastDay">Last day of its membership; null while it has not given notice.</param>
public sealed record MemberStanding(MemberFacts Facts, DateOnly? LastDay);

/// <summary>Who may buy a category of goods or use a contract.</summary>
public enum BuyerGroup
{
    /// <summary>Every member with purchasing.</summary>
    AllMembers,

    /// <summary>Political subdivisions and public schools: tax-exempt or state-contract goods.</summary>
    PublicBodies,

    /// <summary>Cities and counties only: road salt, bituminous, highway signs.</summary>
    CitiesAndCounties,

    /// <summary>Schools of every kind: school food, classroom furniture at education prices.</summary>
    Schools,
}

/// <summary>The insurance pools of a cooperative.</summary>
public enum PoolKind
{
    /// <summary>School districts.</summary>
    Schools,

    /// <summary>Cities, counties and other governmental agencies.</summary>
    Ccoga,
}

/// <summary>
/// Who may take part in what, on a day. Each function answers null for yes, or a refusal that says why not:
/// <c>member-left</c>, <c>service-not-taken</c>, <c>no-statewide-agreement</c>, <c>not-for-this-buyer</c>,
/// <c>not-a-public-employer</c>, <c>board-decision-needed</c>, <c>other-pool</c>.
/// </summary>
public static class MemberEligibility
{
    /// <summary>
    /// Orders of the member's own cooperative: every member (cooperative purchasing is a program of a service cooperative,
    /// Minn. Stat. 123A.21 subd. 7), a participating one when purchasing is a service that it takes.
    /// </summary>
    public static Refusal? JointOrder(MemberStanding member, DateOnly on) =>
        Left(member, on) ?? Service(member, CooperativeService.Purchasing);

    /// <summary>
    /// Orders across the cooperatives: as <see cref="JointOrder"/>, and the member's cooperative is party to a joint powers agreement
    /// that holds on the day (Minn. Stat. 471.59 subd. 1). The cooperatives are the parties; members buy through theirs.
    /// </summary>
    /// <param name="member">The member.</param>
    /// <param name="agreement">The agreement of its cooperative; null when it has none.</param>
    /// <param name="on">Day of the commitment.</param>
    public static Refusal? StatewideOrder(MemberStanding member, StatewideAgreement? agreement, DateOnly on) =>
        JointOrder(member, on)
        ?? (agreement?.HoldsOn(on) == true
            ? null
            : new("no-statewide-agreement", "The member's cooperative has no joint powers agreement for statewide orders on this day."));

    /// <summary>Goods that are sold to some kinds of buyer only, e.g. road salt to cities and counties.</summary>
    public static Refusal? Buying(MemberStanding member, BuyerGroup group, DateOnly on) =>
        JointOrder(member, on)
        ?? (IsIn(group, member.Facts.Kind)
            ? null
            : new("not-for-this-buyer", $"These goods are for {Spoken(group)}; this is an organization of kind {member.Facts.Kind}."));

    /// <summary>
    /// Insurance pools: public employers that are full members (Minn. Stat. 471.617, 471.59; the cooperative's joint powers agreement).
    /// Non-profits and nonpublic schools are not political subdivisions, participating members have no pool, and a charter school or a
    /// district of another cooperative needs a decision of the board.
    /// </summary>
    public static Refusal? InsurancePool(MemberStanding member, PoolKind pool, DateOnly on) => Left(member, on) ?? member.Facts switch
    {
        { Type: MemberType.Education, Kind: MemberKind.SchoolDistrict } when pool == PoolKind.Schools => null,
        { Type: MemberType.Ccoga } when pool == PoolKind.Ccoga => null,
        { Type: MemberType.Education, Kind: MemberKind.SchoolDistrict } or { Type: MemberType.Ccoga } =>
            new("other-pool", "Schools join the school pool; cities, counties and other agencies join theirs."),
        { Kind: MemberKind.CharterSchool or MemberKind.OtherCooperativeDistrict } =>
            new("board-decision-needed", "The board decides whether this organization may join; bring it a resolution."),
        { Type: MemberType.Participating } =>
            new("service-not-taken", "Participating membership leaves out the insurance pools; become a full member."),
        _ => new("not-a-public-employer", "Insurance pools are open to political subdivisions only (Minn. Stat. 471.617)."),
    };

    /// <summary>Programs (workshops, conferences, student events): every member, a participating one when it takes them.</summary>
    public static Refusal? Program(MemberStanding member, DateOnly on) =>
        Left(member, on) ?? Service(member, CooperativeService.Programs);

    /// <summary>A vote in elections and at the annual meeting: full members (Minn. Stat. 123A.21 subd. 3).</summary>
    public static bool MayVote(MemberStanding member, DateOnly on) => Left(member, on) is null && MemberRules.Votes(member.Facts.Type);

    /// <summary>True when organizations of a kind belong to a group of buyers.</summary>
    public static bool IsIn(BuyerGroup group, MemberKind kind) => group switch
    {
        BuyerGroup.AllMembers => true,
        BuyerGroup.PublicBodies => kind is MemberKind.SchoolDistrict or MemberKind.CharterSchool or MemberKind.OtherCooperativeDistrict
            or MemberKind.City or MemberKind.County or MemberKind.OtherGovernment,
        BuyerGroup.CitiesAndCounties => kind is MemberKind.City or MemberKind.County,
        BuyerGroup.Schools => kind is MemberKind.SchoolDistrict or MemberKind.CharterSchool or MemberKind.NonpublicSchool
            or MemberKind.OtherCooperativeDistrict or MemberKind.AssociateEducation,
        _ => false,
    };

    private static Refusal? Left(MemberStanding member, DateOnly on) => member.LastDay is { } last && on > last
        ? new("member-left", $"The membership ended on {last:yyyy-MM-dd}.")
        : null;

    private static Refusal? Service(MemberStanding member, CooperativeService service) =>
        member.Facts.Type != MemberType.Participating || member.Facts.Services.Contains(service)
            ? null
            : new("service-not-taken", $"This participating member does not take the service {service}.");

    private static string Spoken(BuyerGroup group) => group switch
    {
        BuyerGroup.PublicBodies => "public bodies only",
        BuyerGroup.CitiesAndCounties => "cities and counties only",
        BuyerGroup.Schools => "schools only",
        _ => "all members",
    };
}
