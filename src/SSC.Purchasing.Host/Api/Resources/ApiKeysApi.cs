using System.Security.Cryptography;
using SSC.Purchasing.Host.Access;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;

namespace SSC.Purchasing.Host.Api.Resources;

/// <summary>A key to issue.</summary>
/// <param name="Organization">Whom it acts for.</param>
/// <param name="Roles">What it may do.</param>
/// <param name="Label">What it is for; not a person.</param>
/// <param name="KeyId">Letters, digits and dashes, at most 32; chosen by the service when absent.</param>
/// <param name="ExpiresAt">From when on it is refused; never when absent.</param>
public sealed record ApiKeyEntry(OrgRef Organization, StructuralList<string> Roles, string Label, string? KeyId = null,
    DateTimeOffset? ExpiresAt = null);

/// <summary>A key that was just issued.</summary>
/// <param name="KeyId">Its id.</param>
/// <param name="Token">The token, shown this once; absent when the request was a repetition: the service does not keep it.</param>
public sealed record IssuedKey(string KeyId, string? Token);

/// <summary>A key without its hash.</summary>
/// <param name="KeyId">Its id.</param>
/// <param name="Organization">Whom it acts for.</param>
/// <param name="Roles">What it may do.</param>
/// <param name="Label">What it is for.</param>
/// <param name="ExpiresAt">From when on it is refused.</param>
/// <param name="Revoked">Whether it is refused already.</param>
public sealed record ApiKeyView(
    string KeyId, OrgRef Organization, StructuralList<string> Roles, string Label, DateTimeOffset? ExpiresAt, bool Revoked)
{
    internal static ApiKeyView Of(ApiKeyFacts facts, bool revoked) =>
        new(facts.KeyId, facts.Organization, facts.Roles, facts.Label, facts.ExpiresAt, revoked);
}

/// <summary>API keys of members' systems and vendors.</summary>
internal static class ApiKeysApi
{
    public static void Map(ApiRoutes routes, ApiKeyring keyring)
    {
        var api = routes.Under("API keys");
        api.List<ApiKeyView>("/api-keys", "List API keys", List)
            .Says("An organization sees its own keys; staff see all. Secrets are never shown.")
            .Takes("organization", "Only keys of this organization, e.g. `Member/M-001`.");
        api.Get<ApiKeyView>("/api-keys/{keyId}", "One API key, now or as of a moment", Find).AsOf();
        api.Post<ApiKeyEntry>("/api-keys", "Issue an API key", Issue).For(Roles.Operator).Creates()
            .Says("The token is in this answer only. A repetition with the same Idempotency-Key issues nothing and does not show it again.")
            .Refuses("api-key-exists", "api-key-malformed", "role-unknown", "role-not-of-organization")
            .Example(() => new ApiKeyEntry(new(OrganizationKind.Member, "M-001"), [Roles.MemberBuyer], "finance system"))
            .Shows(() => new IssuedKey("k3f9a1c20b7d4e65", "ssc_k3f9a1c20b7d4e65_…")).Answers<IssuedKey>();
        api.Post<Because>("/api-keys/{keyId}/revocation", "Revoke an API key", async (r, body) =>
            {
                var answer = await Send(r, r.Text("keyId"), new ApiKey.Command.Revoke(body.Reason));
                keyring.Forget(r.Text("keyId"));
                return answer;
            })
            .For(Roles.Operator).Says("In force at once here, within five seconds on every node.").Refuses("api-key-unknown")
            .Example(() => new Because("The finance system was replaced."));
    }

    /// <summary>Makes a key: id, token to hand out, facts to record.</summary>
    public static (string Token, ApiKeyFacts Facts) Make(ApiKeyEntry entry)
    {
        var secret = RandomNumberGenerator.GetBytes(ApiKeySecret.SecretLength);
        var keyId = entry.KeyId ?? $"k{RandomNumberGenerator.GetHexString(15, lowercase: true)}";
        var facts = new ApiKeyFacts(keyId, ApiKeySecret.HashOf(secret), entry.Organization, entry.Roles, entry.Label, entry.ExpiresAt);
        return (IsKeyId(keyId) ? ApiKeySecret.Format(keyId, secret) : string.Empty, facts);
    }

    private static bool IsKeyId(string id) =>
        id.Length is > 0 and <= 32 && id.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') && id[0] != '-';

    private static Task<IResult> Send(ApiRequest r, string keyId, ApiKey.Command command) =>
        r.Handle<ApiKey, ApiKey.Command, ApiKey.State, ApiKey.Event>(keyId, command);

    private static async Task<IResult> Issue(ApiRequest r, ApiKeyEntry body)
    {
        if (body.KeyId is { } chosen && !IsKeyId(chosen)) throw new MalformedRequestException("$.keyId",
            "A key id is 1 to 32 letters, digits and dashes.");
        var (token, facts) = Make(body);
        var outcome = await r.Services.Commands.Handle<ApiKey, ApiKey.Command, ApiKey.State, ApiKey.Event>(
            r.Context, facts.KeyId, new ApiKey.Command.Issue(facts), r.Cancelled);
        if (outcome is not CommandOutcome.Done done) return Answer.Of(outcome);
        var keyId = done.Stream[(ApiKey.Category.Length + 1)..];
        return Answer.Made(done, new IssuedKey(keyId, done.Repeated ? null : token), $"/api-keys/{keyId}");
    }

    private static Task<IResult> List(ApiRequest r) => r.List(
        Modules.ApiKeys, [("organization", r.Principal.IsStaff ? r.Query("organization") : r.Principal.OrganizationKey)],
        row => ApiKeyView.Of(row.Row.Facts, row.Row.Revoked));

    private static async Task<IResult> Find(ApiRequest r)
    {
        var loaded = await r.Load<ApiKey, ApiKey.Command, ApiKey.State, ApiKey.Event>(r.Text("keyId"));
        var view = loaded.State switch
        {
            ApiKey.State.Active a => ApiKeyView.Of(a.Facts, false),
            ApiKey.State.Revoked v => ApiKeyView.Of(v.Facts, true),
            _ => null,
        };
        return view is null || !r.Principal.SeesOrganization(view.Organization) ? Answer.NotFound : Answer.Versioned(view, loaded.Version);
    }
}
