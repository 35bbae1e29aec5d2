using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Procurement.JointOrders;

/// <summary>What procurement may know of a member; implemented where the modules meet.</summary>
public interface IMemberDirectory
{
    /// <summary>
    /// The member's facts on a day and the version of the stream they were read at, or null when there is no such member.
    /// </summary>
    Task<MemberFacts?> Find(string tenant, MemberNo member, DateOnly on, bool fresh, CancellationToken ct);
}

/// <summary>Facts of a member that a commitment depends on.</summary>
/// <param name="Member">Member number.</param>
/// <param name="ReadAt">Stream and version, for the append's condition.</param>
/// <param name="Cooperative">Its cooperative.</param>
/// <param name="Kind">What the organization is, e.g. <c>SchoolDistrict</c>, <c>City</c>.</param>
/// <param name="Sites">Open sites.</param>
/// <param name="PriorityClass">Lower goes first where an order allocates by priority class.</param>
/// <param name="ApprovalThreshold">Cost above which a second person approves.</param>
/// <param name="NotEligible">Why it may not buy in joint orders at all; null when it may.</param>
/// <param name="Statewide">Its cooperative is party to the statewide joint powers agreement.</param>
public sealed record MemberFacts(
    MemberNo Member,
    StreamAt ReadAt,
    CooperativeId Cooperative,
    string Kind,
    StructuralList<SiteId> Sites,
    int PriorityClass,
    Money? ApprovalThreshold,
    Refusal? NotEligible,
    bool Statewide);
