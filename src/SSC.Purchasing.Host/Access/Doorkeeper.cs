using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using SSC.Purchasing.Host.Api;

namespace SSC.Purchasing.Host.Access;

/// <summary>
/// Who is asking, may they, and not too often — in this order, before an endpoint reads a byte of the body.
/// </summary>
internal sealed class Doorkeeper(ApiKeyring keys, BearerUsers users, Settings settings) : IDisposable
{
    private const string ApiKeyScheme = "ApiKey ";
    private const string BearerScheme = "Bearer ";

    private readonly PartitionedRateLimiter<string> organizations = Buckets(settings.RequestsPerSecond, settings.RequestBurst);
    private readonly PartitionedRateLimiter<string> strangers = Buckets(settings.FailedSignInsPerSecond,
        settings.FailedSignInsPerSecond * 5);

    /// <summary>The caller, or the problem to answer with.</summary>
    public async ValueTask<(Principal? Principal, Problem? Problem)> Admit(HttpContext http, ApiOperation operation)
    {
        var (principal, why) = await Identify(http);
        if (principal is null) return (null, Stranger(http, why!));
        using var lease = organizations.AttemptAcquire(principal.OrganizationKey);
        if (!lease.IsAcquired) return (null, Problem.TooManyRequests(Wait(lease)));
        return WhyNot(principal, operation) is { } forbidden ? (null, forbidden) : (principal, null);
    }

    /// <summary>Null when somebody without a key may ask for something that needs none; else the problem to answer with.</summary>
    public Problem? TooOften(HttpContext http)
    {
        using var lease = strangers.AttemptAcquire(http.Connection.RemoteIpAddress?.ToString() ?? "unknown");
        return lease.IsAcquired ? null : Problem.TooManyRequests(Wait(lease));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        organizations.Dispose();
        strangers.Dispose();
    }

    /// <summary>Null when the roles permit the operation.</summary>
    internal static Problem? WhyNot(Principal principal, ApiOperation operation)
    {
        if (operation.IsWrite && principal.IsAuditor) return Problem.Forbidden("Auditors read everything and write nothing.");
        if (!operation.IsWrite && (operation.AllowedRoles.Count == 0 || principal.IsAuditor)) return null;
        foreach (var role in operation.AllowedRoles)
        {
            if (principal.Has(role)) return null;
        }

        return Problem.Forbidden(
            $"This needs one of the roles: {string.Join(", ", operation.AllowedRoles.Order(StringComparer.Ordinal))}.");
    }

    private async ValueTask<(Principal? Principal, string? Why)> Identify(HttpContext http)
    {
        if (http.Features.Get<Principal>() is { } known) return (known, null);
        var header = http.Request.Headers.Authorization;
        string? secret = null;
        if (header.Count == 1 && header[0] is { } credentials)
        {
            if (credentials.StartsWith(ApiKeyScheme,
                StringComparison.OrdinalIgnoreCase)) secret = credentials[ApiKeyScheme.Length..].Trim();
            else if (credentials.StartsWith(BearerScheme, StringComparison.OrdinalIgnoreCase))
            {
                if (!ApiKeyring.LooksLikeKey(credentials.AsSpan(BearerScheme.Length))) return await ByToken(http);
                secret = credentials[BearerScheme.Length..].Trim();
            }
        }
        else if (header.Count == 0 && http.Request.Headers["X-Api-Key"] is { Count: 1 } given)
        {
            secret = given[0];
        }

        if (secret is null) return (null, "Send Authorization: ApiKey … (or X-Api-Key), or Authorization: Bearer …");
        return await keys.Find(secret, http.RequestAborted) is { } principal ? (principal, null)
            : (null, "The API key is unknown, expired or revoked.");
    }

    private async ValueTask<(Principal?, string?)> ByToken(HttpContext http)
    {
        if (settings.Authority is null) return (null, "This service accepts API keys only; no token issuer is configured.");
        var result = await http.AuthenticateAsync(JwtBearerDefaults.AuthenticationScheme);
        if (!result.Succeeded) return (null, "The bearer token is not valid here, or no longer.");
        var (issuer, subject) = (result.Principal.FindFirst("iss")?.Value, result.Principal.FindFirst("sub")?.Value);
        if (issuer is null || subject is null) return (null, "The bearer token names no issuer or no subject.");
        return await users.Find(issuer, subject, http.RequestAborted) is { } principal
            ? (principal, null)
            : (null, "The token is valid, but its subject is not a user of this service.");
    }

    private Problem Stranger(HttpContext http, string why) => TooOften(http) ?? Problem.Unauthenticated(why);

    private static TimeSpan Wait(RateLimitLease lease) =>
        lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : TimeSpan.FromSeconds(1);

    private static PartitionedRateLimiter<string> Buckets(int perSecond, int burst) => PartitionedRateLimiter.Create<string, string>(key =>
        RateLimitPartition.GetTokenBucketLimiter(key, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = Math.Max(burst, perSecond),
            TokensPerPeriod = Math.Max(1, perSecond / 10),
            ReplenishmentPeriod = TimeSpan.FromMilliseconds(100),
            QueueLimit = 0,
        }));
}
