using System.Security.Cryptography;
using System.Text;
using SSC.Purchasing.Host.Cli;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;

namespace SSC.Purchasing.Host.Demo;

/// <summary>
/// The keys of the demo's visitor, one for each role. Their secrets are random, or derived from the seed where that was asked for: whoever
/// knows the seed then knows every key, so such a demo must not be reachable by anybody else.
/// </summary>
/// <param name="secretOf">The 32 bytes of a key's secret.</param>
internal sealed class DemoAccess(Func<string, byte[]> secretOf)
{
    private static readonly (string Key, string Role, OrgRef Organization)[] Keys =
    [
        ("demo-buyer", Roles.MemberBuyer, OrgRef.Of(new MemberNo("M-001"))),
        ("demo-approver", Roles.MemberApprover, OrgRef.Of(new MemberNo("M-001"))),
        ("demo-coordinator", Roles.Coordinator, OrgRef.Of(MinnesotaCooperatives.Home)),
        ("demo-vendor", Roles.Vendor, OrgRef.Of(DemoMarket.Whitewater.Id)),
        ("demo-auditor", Roles.Auditor, new(OrganizationKind.State, "MN")),
        ("demo-operator", Roles.Operator, OrgRef.Of(MinnesotaCooperatives.Home)),
        ("demo-clerk", Roles.Clerk, OrgRef.Of(MinnesotaCooperatives.Home)),
        ("demo-director", Roles.Director, OrgRef.Of(new MemberNo("M-001"))),
        ("demo-pool-admin", Roles.PoolAdmin, OrgRef.Of(MinnesotaCooperatives.Home)),
        ("demo-program-admin", Roles.ProgramAdmin, OrgRef.Of(MinnesotaCooperatives.Home)),
    ];

    private readonly Dictionary<string, byte[]> secrets = new(StringComparer.Ordinal);

    /// <summary>Secrets that nobody can guess.</summary>
    public static DemoAccess Random() => new(_ => RandomNumberGenerator.GetBytes(ApiKeySecret.SecretLength));

    /// <summary>Secrets that follow from the seed: for tests and a demo on one's own machine only.</summary>
    public static DemoAccess FromSeed(int seed) =>
        new(key => SHA256.HashData(Encoding.UTF8.GetBytes($"ssc demo only, not a secret/{seed}/{key}")));

    /// <summary>The way in for each role, once the keys are issued.</summary>
    public IReadOnlyList<DemoSignIn> SignIns => [.. Keys.Where(k => secrets.ContainsKey(k.Key))
        .Select(k => new DemoSignIn(k.Role, k.Organization.Id, ApiKeySecret.Format(k.Key + Suffix, secrets[k.Key])))];

    /// <summary>Tells keys of a later start from the first ones: their secrets are gone, and a key id is used once.</summary>
    private string Suffix { get; init; } = string.Empty;

    /// <summary>The keys of a later start, under ids of their own.</summary>
    public DemoAccess ForStart(int start) => new(secretOf) { Suffix = $"-{start}" };

    /// <summary>True when a recorded key has the secret that is known here.</summary>
    public bool Knows(ApiKeyFacts facts) =>
        secrets.TryGetValue(facts.KeyId, out var secret) && ApiKeySecret.HashOf(secret) == facts.SecretHash;

    /// <summary>Issues the keys.</summary>
    public IEnumerable<Happening> Plan(DateTimeOffset at) =>
        Keys.Select((key, i) => new Happening(at.AddMinutes(i), s => Issue(key.Key, key.Role, key.Organization, s.Key)));

    /// <summary>Issues the keys now, by a way to give a command to a key.</summary>
    public async Task Issue(Func<string, ApiKey.Command, Task> give)
    {
        foreach (var (key, role, organization) in Keys) await Issue(key, role, organization, give);
    }

    private Task Issue(string key, string role, OrgRef organization, Func<string, ApiKey.Command, Task> give)
    {
        var secret = secrets[key] = secretOf(key);
        var facts = new ApiKeyFacts(key + Suffix, ApiKeySecret.HashOf(secret), organization, [role], $"demo visitor, {role}");
        return give(facts.KeyId, new ApiKey.Command.Issue(facts));
    }
}
