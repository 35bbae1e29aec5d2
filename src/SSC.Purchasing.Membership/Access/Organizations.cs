using System.Collections.Frozen;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Membership;

/// <summary>What kind of organization a user or key acts for.</summary>
public enum OrganizationKind
{
    /// <summary>A member; it acts only for itself.</summary>
    Member,

    /// <summary>A vendor; it sees only its own orders.</summary>
    Vendor,

    /// <summary>A service cooperative.</summary>
    Cooperative,

    /// <summary>The State: its auditor, and whoever operates the service for all cooperatives.</summary>
    State,
}

/// <summary>The organization that a user or key acts for.</summary>
/// <param name="Kind">Of which kind.</param>
/// <param name="Id">Member number, vendor id, cooperative id, or the state's two letters.</param>
public sealed record OrgRef(OrganizationKind Kind, string Id)
{
    /// <summary>One text for an index column, e.g. <c>Member/M-001</c>.</summary>
    public string Key => $"{Kind}/{Id}";

    /// <summary>A member.</summary>
    public static OrgRef Of(MemberNo member) => new(OrganizationKind.Member, member.Value);

    /// <summary>A vendor.</summary>
    public static OrgRef Of(VendorId vendor) => new(OrganizationKind.Vendor, vendor.Value);

    /// <summary>A cooperative.</summary>
    public static OrgRef Of(CooperativeId cooperative) => new(OrganizationKind.Cooperative, cooperative.Value);
}

/// <summary>What users and keys may do. Stored names, for ever.</summary>
public static class Roles
{
    /// <summary>Commits, for its member.</summary>
    public const string MemberBuyer = "member-buyer";

    /// <summary>Approves what a buyer committed, for its member.</summary>
    public const string MemberApprover = "member-approver";

    /// <summary>Runs joint orders.</summary>
    public const string Coordinator = "coordinator";

    /// <summary>Runs insurance pools.</summary>
    public const string PoolAdmin = "pool-admin";

    /// <summary>Runs programs.</summary>
    public const string ProgramAdmin = "program-admin";

    /// <summary>Clerk of the board.</summary>
    public const string Clerk = "clerk";

    /// <summary>Sits on the cooperative's board and records its own vote; works for a member.</summary>
    public const string Director = "director";

    /// <summary>Answers purchase orders, for its vendor.</summary>
    public const string Vendor = "vendor";

    /// <summary>Reads everything, writes nothing.</summary>
    public const string Auditor = "auditor";

    /// <summary>Runs the service: users, keys, imports, rebuilds.</summary>
    public const string Operator = "operator";

    private static readonly FrozenDictionary<string, OrganizationKind[]> Holders = new Dictionary<string, OrganizationKind[]>(
        StringComparer.Ordinal)
    {
        [MemberBuyer] = [OrganizationKind.Member],
        [MemberApprover] = [OrganizationKind.Member],
        [Coordinator] = [OrganizationKind.Cooperative],
        [PoolAdmin] = [OrganizationKind.Cooperative],
        [ProgramAdmin] = [OrganizationKind.Cooperative],
        [Clerk] = [OrganizationKind.Cooperative],
        [Director] = [OrganizationKind.Member],
        [Vendor] = [OrganizationKind.Vendor],
        [Auditor] = [OrganizationKind.Cooperative, OrganizationKind.State],
        [Operator] = [OrganizationKind.Cooperative, OrganizationKind.State],
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Every role, in ordinal order.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Holders.Keys.Order(StringComparer.Ordinal)];

    /// <summary>True when an organization of a kind can give somebody a role.</summary>
    public static bool IsHeldBy(string role, OrganizationKind kind) => Holders.TryGetValue(role, out var kinds) && kinds.Contains(kind);

    /// <summary>
    /// The first thing wrong with an organization and its roles, or null: <c>organization-malformed</c>,
    /// <c>organization-kind-unknown</c>, <c>roles-missing</c>, <c>role-unknown</c>, <c>role-not-of-organization</c>,
    /// <c>auditor-writes-nothing</c>.
    /// </summary>
    public static Refusal? Flaw(OrgRef organization, StructuralList<string> roles)
    {
        if (!Enum.IsDefined(organization.Kind)) return new("organization-kind-unknown", "Give a member, vendor, cooperative or the state.");
        if (PlainText.CheckId("organization", organization.Id) is { } no) return no;
        if (roles.Count == 0) return new("roles-missing", "Give at least one role.");
        foreach (var role in roles)
        {
            if (role is null || !Holders.ContainsKey(role)) return new("role-unknown", $"Give roles out of: {string.Join(", ", All)}.");
            if (!IsHeldBy(role, organization.Kind))
                return new("role-not-of-organization", $"The role {role} is not for a {organization.Kind}.");
        }

        return roles.Contains(Auditor, StringComparer.Ordinal) && roles.Distinct(StringComparer.Ordinal).Count() > 1
            ? new("auditor-writes-nothing", "An auditor reads everything and writes nothing, so it holds no other role.")
            : null;
    }

    /// <summary>Each role once, in ordinal order, so that the same set is the same value.</summary>
    internal static StructuralList<string> Normal(StructuralList<string> roles) =>
        roles.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToStructuralList();
}
