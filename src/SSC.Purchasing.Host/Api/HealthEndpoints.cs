using System.Text.Json;

namespace SSC.Purchasing.Host.Api;

/// <summary>What a probe sees.</summary>
/// <param name="Ready">Whether this node should get requests.</param>
/// <param name="Position">End of the log, as this node last saw it.</param>
/// <param name="Lag">Events that the slowest read model or saga is behind.</param>
/// <param name="Alarms">What has stopped and needs a person; a stopped projection does not make the node unready, it makes it say
/// so.</param>
public sealed record Readiness(bool Ready, long Position, long Lag, IReadOnlyList<string> Alarms);

/// <summary>Where the state of the node comes from.</summary>
public interface IReadinessSource
{
    /// <summary>The state now; throws when the database cannot be reached.</summary>
    Task<Readiness> Read(CancellationToken ct);
}

/// <summary><c>/health/live</c>: the process answers. <c>/health/ready</c>: it can do its work. Neither needs a key or tells
/// secrets.</summary>
internal static class HealthEndpoints
{
    private static readonly string[] Reading = ["GET", "HEAD"];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static void MapHealth(this IEndpointRouteBuilder routes, IReadinessSource source)
    {
        routes.MapMethods("/health/live", Reading, (RequestDelegate)(http => Write(http, 200, "{\"live\":true}"u8.ToArray())));
        routes.MapMethods("/health/ready", Reading, (RequestDelegate)(async http =>
        {
            var readiness = await Read(source, http.RequestAborted);
            await Write(http, readiness.Ready ? 200 : 503, JsonSerializer.SerializeToUtf8Bytes(readiness, EdgeJson.Of<Readiness>()));
        }));
    }

    private static async Task<Readiness> Read(IReadinessSource source, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Patience);
        try
        {
            return await source.Read(patience.Token);
        }
        catch (Exception error) when (error is not OperationCanceledException || !ct.IsCancellationRequested)
        {
            return new(false, 0, 0, [$"The database does not answer ({error.GetType().Name})."]);
        }
    }

    private static Task Write(HttpContext http, int status, byte[] body)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = body.Length;
        http.Response.Headers.CacheControl = "no-store";
        return HttpMethods.IsHead(http.Request.Method) ? Task.CompletedTask : http.Response.Body.WriteAsync(body).AsTask();
    }
}
