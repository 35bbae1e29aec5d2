using System.Collections.Frozen;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;

namespace SSC.Purchasing.Host.Access;

/// <summary>Who is asking: an opaque id, the organization it acts for, and its roles there. No names.</summary>
public sealed class Principal
{
    private readonly FrozenSet<string> roles;

    /// <summary>Makes one.</summary>
    /// <param name="actor">Id of the user or the key as events record it, e.g. <c>key:erp-1</c>.</param>
    /// <param name="organization">The organization it acts for.</param>
    /// <param name="roles">Its roles there, out of <see cref="Membership.Roles"/>.</param>
    public Principal(string actor, OrgRef organization, IEnumerable<string> roles)
    {
        (Actor, Organization, this.roles) = (actor, organization, roles.ToFrozenSet(StringComparer.Ordinal));
        OrganizationKey = organization.Key;
        IsAuditor = Has(Membership.Roles.Auditor);
    }

    /// <summary>Id of the user or the key.</summary>
    public string Actor { get; }

    /// <summary>The organization it acts for.</summary>
    public OrgRef Organization { get; }

    /// <summary>The organization as one text.</summary>
    public string OrganizationKey { get; }

    /// <summary>Its roles, in ordinal order.</summary>
    public IEnumerable<string> Roles => roles.Order(StringComparer.Ordinal);

    /// <summary>Reads everything, writes nothing.</summary>
    public bool IsAuditor { get; }

    /// <summary>Works for a cooperative or the State, so that members and vendors are its business.</summary>
    public bool IsStaff => Organization.Kind is OrganizationKind.Cooperative or OrganizationKind.State;

    /// <summary>The member it acts for, if any.</summary>
    public MemberNo? Member => Organization.Kind == OrganizationKind.Member ? new(Organization.Id) : null;

    /// <summary>The vendor it acts for, if any.</summary>
    public VendorId? Vendor => Organization.Kind == OrganizationKind.Vendor ? new(Organization.Id) : null;

    /// <summary>Whether it holds a role.</summary>
    public bool Has(string role) => roles.Contains(role);

    /// <summary>Whether a member's resources exist for it.</summary>
    public bool SeesMember(MemberNo member) => IsStaff || Member == member;

    /// <summary>Whether a vendor's resources exist for it.</summary>
    public bool SeesVendor(VendorId vendor) => IsStaff || Vendor == vendor;

    /// <summary>Whether an organization's own resources (users, keys) exist for it.</summary>
    public bool SeesOrganization(OrgRef organization) => IsStaff || Organization == organization;
}
