using System.Net;
using System.Net.Http.Headers;

namespace SSC.Purchasing.Host.Deliveries;

/// <summary>What a foreign server answered, as far as it was read.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Body">The whole body; an answer longer than the limit is an error.</param>
/// <param name="RetryAfter">When it wants to be asked again.</param>
/// <param name="Echo">A header that repeats one of the request's, or null.</param>
internal sealed record Answered(int Status, byte[] Body, TimeSpan? RetryAfter, Func<string, string?> Echo);

/// <summary>
/// Posts bytes to foreign servers: public addresses only, no redirects, no cookies, answers read to their end within a limit.
/// </summary>
internal sealed class HttpPoster : IDisposable
{
    private readonly HttpClient http;

    /// <summary>A poster.</summary>
    /// <param name="allowPrivate">True only in tests and inside one's own network.</param>
    /// <param name="largestAnswer">Bytes of an answer that are read.</param>
    public HttpPoster(bool allowPrivate, int largestAnswer) => http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        MaxResponseHeadersLength = 16,
        ConnectCallback = (context, ct) => PublicAddresses.Connect(context.DnsEndPoint, allowPrivate, ct),
    })
    {
        Timeout = Timeout.InfiniteTimeSpan, // the pipeline's limit counts
        MaxResponseContentBufferSize = largestAnswer,
    };

    /// <summary>Posts, and reads the answer whole: half an answer is an error.</summary>
    public async Task<Answered> Post(
        string url, byte[] content, string mediaType, IEnumerable<(string Name, string Value)> headers, CancellationToken ct)
    {
        using var body = new ByteArrayContent(content);
        body.Headers.ContentType = MediaTypeHeaderValue.Parse(mediaType);
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = body };
        foreach (var (name, value) in headers) request.Headers.Add(name, value);
        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseContentRead, ct);
        var after = answer.Headers.RetryAfter;
        var rest = after?.Delta ?? (after?.Date is { } date ? date - (answer.Headers.Date ?? date) : null);
        var echoes = answer.Headers.ToDictionary(h => h.Key, h => h.Value.First(), StringComparer.OrdinalIgnoreCase);
        return new(
            (int)answer.StatusCode, await answer.Content.ReadAsByteArrayAsync(ct), rest is { Ticks: > 0 } ? rest : null,
            echoes.GetValueOrDefault);
    }

    public void Dispose() => http.Dispose();
}
