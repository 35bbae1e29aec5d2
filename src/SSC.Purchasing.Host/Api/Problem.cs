using System.Buffers;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.Features;
using Npgsql;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Host.Api;

/// <summary>An error as RFC 9457 describes it (<c>application/problem+json</c>).</summary>
/// <param name="Type">What kind of error, stable: <c>urn:ssc:refusal:{code}</c>, <c>urn:ssc:malformed</c>, <c>urn:ssc:stale</c> …</param>
/// <param name="Title">The kind in a few words.</param>
/// <param name="Status">HTTP status.</param>
/// <param name="Detail">What is wrong with this request and how to mend it.</param>
public sealed record Problem(string Type, string Title, int Status, string Detail)
{
    /// <summary>The last part of the type, for programs that switch on it.</summary>
    public string Code => Type[(Type.LastIndexOf(':') + 1)..];

    /// <summary>What was malformed, field by field.</summary>
    public IReadOnlyList<FieldError>? Errors { get; init; }

    /// <summary>Quote it when asking for help.</summary>
    public string? CorrelationId { get; init; }

    /// <summary>Seconds to wait before trying again.</summary>
    [JsonIgnore]
    public int? RetryAfter { get; init; }

    /// <summary>The business said no (409).</summary>
    public static Problem Refused(Refusal refusal) => new($"urn:ssc:refusal:{refusal.Code}", "Refused", 409, refusal.Reason);

    /// <summary>The request cannot be read (400).</summary>
    public static Problem Malformed(string field, string reason, string kind = "malformed") =>
        new($"urn:ssc:{kind}", "Malformed request", 400, field.Length == 0 ? reason
            : $"{field}: {reason}") { Errors = [new(field, reason)] };

    /// <summary>Nobody is known to be asking (401).</summary>
    public static Problem Unauthenticated(string detail) => new("urn:ssc:unauthenticated", "Who is asking?", 401, detail);

    /// <summary>Known, but without the role (403).</summary>
    public static Problem Forbidden(string detail) => new("urn:ssc:forbidden", "Not permitted", 403, detail);

    /// <summary>Nothing there, or nothing of yours (404).</summary>
    public static Problem NotFound(string detail = "There is nothing here, or it belongs to another organization.") =>
        new("urn:ssc:not-found", "Not found", 404, detail);

    /// <summary>The caller has seen an older version (412).</summary>
    public static Problem Stale(long actual) => new("urn:ssc:stale", "Changed meanwhile", 412,
        string.Create(CultureInfo.InvariantCulture,
            $"The resource is at version {actual}; read it again, then repeat with If-Match: \"{actual}\"."));

    /// <summary>The key stands for another request (422).</summary>
    public static Problem KeyReused(string key) => new("urn:ssc:idempotency-key-reused", "Idempotency key reused", 422,
        $"Idempotency-Key '{key}' was used for a different request; use a new key for a new request.");

    /// <summary>The organization asks too often (429).</summary>
    public static Problem TooManyRequests(TimeSpan wait) => new("urn:ssc:rate-limited", "Too many requests", 429,
        "Your organization has used up its requests for now.") { RetryAfter = Seconds(wait) };

    /// <summary>The store is full or contended (503).</summary>
    public static Problem Busy(TimeSpan wait) => new("urn:ssc:busy", "Busy", 503,
        "The service is busy and has recorded nothing; repeat the same request with the same Idempotency-Key.") { RetryAfter = Seconds(
            wait) };

    /// <summary>The read side has not reached the asked position in time (503).</summary>
    public static Problem Behind(long position) => new("urn:ssc:position-not-reached", "Not there yet", 503,
        string.Create(CultureInfo.InvariantCulture, $"Position {position} has not been reached; try again.")) { RetryAfter = 1 };

    /// <summary>A status that the framework decided.</summary>
    public static Problem OfStatus(int status, string? detail = null) => status switch
    {
        400 => Malformed(string.Empty, detail ?? "The request is not valid HTTP."),
        401 => Unauthenticated("Send Authorization: ApiKey … or Authorization: Bearer …"),
        403 => Forbidden("Your roles do not permit this."),
        404 => NotFound(),
        405 => new("urn:ssc:method-not-allowed", "Method not allowed", 405, "The Allow header lists what this resource understands."),
        408 => new("urn:ssc:request-timeout", "Request timeout", 408, "The request body arrived too slowly."),
        413 => new("urn:ssc:too-large", "Too large", 413, "The body is larger than this endpoint accepts (1 MB; imports 32 MB)."),
        415 => new("urn:ssc:unsupported-media-type", "Unsupported media type", 415, detail ?? "Send Content-Type: application/json."),
        431 => new("urn:ssc:headers-too-large", "Headers too large", 431, "Send fewer or shorter headers."),
        503 => Busy(TimeSpan.FromSeconds(1)),
        < 500 => new("urn:ssc:bad-request", "Bad request", status, detail ?? "The request was not understood."),
        _ => new("urn:ssc:internal-error", "Internal error", status, "Something is wrong on our side; nothing was acknowledged."),
    };

    /// <summary>Writes it, unless the answer has begun.</summary>
    public async Task Write(HttpContext http)
    {
        if (http.Response.HasStarted) return;
        http.Response.StatusCode = Status;
        http.Response.ContentType = "application/problem+json";
        if (RetryAfter is { } seconds) http.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        if (Status == 401) http.Response.Headers.WWWAuthenticate = "ApiKey, Bearer";
        var body = JsonSerializer.SerializeToUtf8Bytes(this with { CorrelationId = Correlation.Of(http) }, EdgeJson.Of<Problem>());
        http.Response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(http.Request.Method)) await http.Response.Body.WriteAsync(body, http.RequestAborted);
    }

    private static int Seconds(TimeSpan wait) => Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds));
}

/// <summary>One thing that is wrong with a request.</summary>
/// <param name="Field">JSON path, header, query or route parameter.</param>
/// <param name="Reason">What was expected.</param>
public sealed record FieldError(string Field, string Reason);

/// <summary>A request that cannot be read; the boundary answers it with 400.</summary>
internal sealed class MalformedRequestException(string where, string reason, string kind = "malformed") : Exception(reason)
{
    public Problem ToProblem() => Problem.Malformed(where, Message, kind);
}

/// <summary>
/// The outermost middleware: whatever goes wrong inside, and every bare error status of the framework, leaves as a problem.
/// </summary>
internal sealed partial class ProblemBoundary(RequestDelegate next, ILogger<ProblemBoundary> logger)
{
    public async Task Invoke(HttpContext http)
    {
        try
        {
            await next(http);
            if (http.Response is { HasStarted: false, StatusCode: >= 400, ContentLength: null, ContentType: null } bare)
                await Problem.OfStatus(bare.StatusCode).Write(http);
        }
        catch (MalformedRequestException malformed)
        {
            await malformed.ToProblem().Write(http);
        }
        catch (BadHttpRequestException bad)
        {
            await Problem.OfStatus(bad.StatusCode, bad.StatusCode == 400 ? bad.Message : null).Write(http);
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException && http.RequestAborted.IsCancellationRequested)
        {
            http.Response.StatusCode = StatusCodes.Status499ClientClosedRequest; // nobody is listening any more
        }
        catch (Exception outage) when (outage is NpgsqlException or TimeoutException)
        {
            Failed(logger, outage, http.Request.Method, http.Request.Path, Correlation.Of(http));
            await Problem.Busy(TimeSpan.FromSeconds(2)).Write(http);
        }
        catch (Exception bug)
        {
            Failed(logger, bug, http.Request.Method, http.Request.Path, Correlation.Of(http));
            if (http.Response.HasStarted) http.Abort();
            else await Problem.OfStatus(500).Write(http);
        }
    }

    [LoggerMessage(1, LogLevel.Error, "{Method} {Path} failed (correlation {Correlation}).")]
    private static partial void Failed(ILogger logger, Exception error, string method, PathString path, string correlation);
}

/// <summary>The id that follows one piece of work through commands, sagas and deliveries.</summary>
internal static class Correlation
{
    /// <summary>Request and answer header.</summary>
    public const string Header = "X-Correlation-Id";

    /// <summary>From <c>X-Correlation-Id</c>, else the trace of <c>traceparent</c>, else the server's own request id.</summary>
    public static string Of(HttpContext http)
    {
        var given = http.Request.Headers[Header];
        if (given.Count == 1 && Id.IsWellFormed(given[0])) return given[0]!;
        var parent = http.Request.Headers.TraceParent;
        if (parent.Count == 1 && parent[0] is { Length: >= 55 } trace && !trace.AsSpan(3, 32).ContainsAnyExcept(Hexadecimal))
            return trace.Substring(3, 32);
        return http.Features.Get<IHttpRequestIdentifierFeature>()?.TraceIdentifier ?? http.TraceIdentifier;
    }

    private static readonly SearchValues<char> Hexadecimal = SearchValues.Create("0123456789abcdef");
}
