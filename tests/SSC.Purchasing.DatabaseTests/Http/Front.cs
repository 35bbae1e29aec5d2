using Microsoft.AspNetCore.Hosting;
using SSC.Purchasing.Host;
#if CRITTER_STACK
using Alba;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
#else
using Microsoft.AspNetCore.Builder;
#endif

namespace SSC.Purchasing.DatabaseTests.Http;

/// <summary>
/// HTTP in front of a node. The scenarios are written once: the default build reaches the service over a real socket, the Critter
/// Stack's build through Alba.
/// </summary>
internal sealed class Front : IAsyncDisposable
{
#if CRITTER_STACK
    private readonly IAlbaHost alba;

    private Front(IAlbaHost alba) => this.alba = alba;

    /// <summary>What the service works with, its endpoints among it.</summary>
    public IServiceProvider Services => alba.Services;

    /// <summary>Serves a node, which the caller disposes of afterwards.</summary>
    public static async Task<Front> Open(Node node)
    {
        var builder = ServiceHost.NewBuilder([]);
        ServiceHost.Register(builder, node);
        return new(await AlbaHost.For(builder, app => ServiceHost.Map(app, node)));
    }

    /// <summary>A plain client, for answers that are read as they come.</summary>
    public HttpClient Client() => alba.GetTestClient();

    /// <summary>One request and its whole answer; Alba needs no client.</summary>
    public async Task<HttpResponseMessage> Send(HttpClient client, HttpRequestMessage request)
    {
        _ = client;
        var body = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync();
        var target = new Uri(alba.Server.BaseAddress, request.RequestUri!);
        var told = await alba.Scenario(scenario =>
        {
            scenario.IgnoreStatusCode();
            scenario.ConfigureHttpContext(http => Fill(http.Request, request, target, body));
        });
        var answer = new HttpResponseMessage((System.Net.HttpStatusCode)told.Context.Response.StatusCode)
        {
            Content = new StringContent(await told.ReadAsTextAsync()),
        };
        answer.Content.Headers.ContentType = null;
        foreach (var (name, values) in told.Context.Response.Headers)
        {
            if (!answer.Headers.TryAddWithoutValidation(name, values.ToArray()))
                answer.Content.Headers.TryAddWithoutValidation(name, values.ToArray());
        }

        return answer;
    }

    public ValueTask DisposeAsync() => alba.DisposeAsync();

    private static void Fill(HttpRequest filled, HttpRequestMessage request, Uri target, byte[] body)
    {
        filled.Method = request.Method.Method;
        filled.Scheme = target.Scheme;
        filled.Host = HostString.FromUriComponent(target);
        filled.Path = PathString.FromUriComponent(target);
        filled.QueryString = QueryString.FromUriComponent(target);
        foreach (var (name, values) in request.Headers.Concat(request.Content?.Headers.AsEnumerable() ?? []))
            filled.Headers[name] = values.ToArray();
        filled.Body = new MemoryStream(body);
        filled.ContentLength = body.Length;
    }
#else
    private readonly WebApplication app;

    private Front(WebApplication app) => this.app = app;

    /// <summary>What the service works with, its endpoints among it.</summary>
    public IServiceProvider Services => app.Services;

    /// <summary>Serves a node, which the caller disposes of afterwards.</summary>
    public static async Task<Front> Open(Node node)
    {
        var builder = ServiceHost.NewBuilder([]);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var service = ServiceHost.Build(builder, node);
        await service.StartAsync();
        return new(service);
    }

    /// <summary>A plain client, for answers that are read as they come.</summary>
    public HttpClient Client() => new() { BaseAddress = new(app.Urls.Single()) };

    /// <summary>One request and its whole answer.</summary>
    /// <param name="client">A client of this front: its connections are the caller's own.</param>
    /// <param name="request">Its address is relative.</param>
    public Task<HttpResponseMessage> Send(HttpClient client, HttpRequestMessage request)
    {
        if (client.BaseAddress != new Uri(app.Urls.Single())) throw new ArgumentException("Another front's client.", nameof(client));
        return client.SendAsync(request);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
#endif
}
