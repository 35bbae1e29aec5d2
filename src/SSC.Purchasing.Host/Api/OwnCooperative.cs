using System.Collections.Frozen;
using SSC.Purchasing.InsurancePool.Pools;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;

namespace SSC.Purchasing.Host.Api;

/// <summary>
/// A cooperative's staff works for its own members and pools: under these headings those of another cooperative do not exist for it (404).
/// Joint orders are made across cooperatives and have rules of their own; the State's auditors see everything.
/// </summary>
internal static class OwnCooperative
{
    private static readonly FrozenSet<string> Headings = new[]
    {
        "Insurance pools", "Insurance pool years", "Insurance pool experience and reserves", "Insurance pool stop-loss",
        "Insurance pool distributions and assessments", "Insurance pool contributions", "Enrollments", "Teams", "Services", "Calendars",
        "Member invoices", "Membership years",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>True when what the route and the body name is not another cooperative's.</summary>
    public static async Task<bool> Holds(ApiOperation operation, ApiRequest r, object? body)
    {
        if (r.Principal.Organization.Kind != OrganizationKind.Cooperative || !Headings.Contains(operation.Tag)) return true;
        var own = new CooperativeId(r.Principal.Organization.Id);
        var (member, cooperative) = body is null ? default : operation.NamedBy(body);
        if (cooperative is { } named && named != own) return false;
        string? Route(string name) => r.Http.Request.RouteValues.TryGetValue(name, out var value) ? value as string : null;
        var pool = Route("poolId") ?? Route("invoice")?.Split(':')[0];
        if (pool is not null && Id.IsWellFormed(pool) && await OfPool(r, pool) is { } itsPool && itsPool != own) return false;
        foreach (var no in new[] { Route("memberNo"), member?.Value })
        {
            if (no is not null && Id.IsWellFormed(no) && await OfMember(r, no) is { } itsMember && itsMember != own) return false;
        }

        return true;
    }

    private static async Task<CooperativeId?> OfPool(ApiRequest r, string pool) =>
        (await r.Services.Commands.Load<Pool, Pool.Command, Pool.State, Pool.Event>(r.Services.Tenant, pool, ct: r.Cancelled))
            .State.Facts?.Cooperative;

    private static async Task<CooperativeId?> OfMember(ApiRequest r, string member) =>
        (await r.Services.Commands.Load<Member, Member.Command, Member.State, Member.Event>(r.Services.Tenant, member, ct: r.Cancelled))
            .State is Member.State.Admitted s ? s.Cooperative : null;
}
