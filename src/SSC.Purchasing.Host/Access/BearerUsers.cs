using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;

namespace SSC.Purchasing.Host.Access;

/// <summary>Users by the subject of a bearer token; a deactivation takes effect within five seconds.</summary>
internal sealed class BearerUsers(Node node, TimeProvider clock)
{
    private readonly RecentlyRead<Principal?> users = new(clock, async (hash, ct) =>
    {
        var tenant = node.Settings.Tenant;
        if (await node.Models.Find(Modules.Subjects, tenant, hash, ct) is not { } subject) return null;
        var loaded = await node.Commands.Load<User, User.Command, User.State, User.Event>(tenant, subject.UserId, fresh: true, ct);
        return loaded.State is User.State.Active user && user.Links.Any(l => string.Equals(l.SubjectHash, hash, StringComparison.Ordinal))
            ? new Principal($"user:{subject.UserId}", user.Organization, user.Roles)
            : null;
    });

    /// <summary>The user of a subject; null when there is none, or none that is active.</summary>
    public ValueTask<Principal?> Find(string issuer, string subject, CancellationToken ct) =>
        users.Get(SubjectLink.Of(issuer, subject).SubjectHash, ct);
}
