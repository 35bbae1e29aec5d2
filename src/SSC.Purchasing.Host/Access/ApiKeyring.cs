using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;

namespace SSC.Purchasing.Host.Access;

/// <summary>API keys against their aggregates: a revocation takes effect at once on the node that made it, within five seconds on
/// others.</summary>
internal sealed class ApiKeyring
{
    private const string Prefix = "ssc_";
    private readonly RecentlyRead<(ApiKeyFacts Facts, Principal Principal)?> keys;
    private readonly TimeProvider clock;

    public ApiKeyring(Commands commands, Settings settings, TimeProvider clock)
    {
        this.clock = clock;
        keys = new(clock, async (keyId, ct) =>
        {
            var loaded = await commands.Load<ApiKey, ApiKey.Command, ApiKey.State, ApiKey.Event>(settings.Tenant, keyId, fresh: true, ct);
            return loaded.State is ApiKey.State.Active { Facts: var facts }
                ? (facts, new Principal($"key:{facts.KeyId}", facts.Organization, facts.Roles))
                : null;
        });
    }

    /// <summary>Whether a credential is a key of ours rather than a token of an issuer.</summary>
    public static bool LooksLikeKey(ReadOnlySpan<char> text) => text.TrimStart().StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Whose key it is; null when it is unknown, wrong, expired or revoked.</summary>
    public async ValueTask<Principal?> Find(string token, CancellationToken ct)
    {
        if (ApiKeySecret.TryParse(token) is not { } secret) return null;
        if (await keys.Get(secret.KeyId, ct) is not { } known || !secret.Matches(known.Facts.SecretHash)) return null;
        return known.Facts.ExpiresAt is { } end && clock.GetUtcNow() >= end ? null : known.Principal;
    }

    /// <summary>This node has just changed a key.</summary>
    public void Forget(string keyId) => keys.Forget(keyId);
}
