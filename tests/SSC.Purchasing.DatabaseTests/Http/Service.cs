using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Shouldly;
using SSC.Purchasing.Host;
using SSC.Purchasing.Host.Api;
using SSC.Purchasing.Host.Api.Resources;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using Xunit;

namespace SSC.Purchasing.DatabaseTests.Http;

/// <summary>A whole node on a database of its own, reached over real HTTP; another one can be started beside it.</summary>
public sealed class Service(DatabaseServer server) : IAsyncLifetime
{
    private readonly List<(Front Front, Node Node)> running = [];
    private string connection = string.Empty;

    internal Node Node => running[0].Node;

    internal Front Front => running[0].Front;

    public async ValueTask InitializeAsync()
    {
        connection = await server.NewDatabase();
        await StartNode();
    }

    /// <summary>One more node on the same database.</summary>
    internal async Task<Front> StartNode()
    {
        var settings = new Settings { ConnectionString = connection, Tenant = "mn", Engine = TestedEngine.Here };
        var node = await Node.Open(settings, run: true, default);
        running.Add((await Front.Open(node), node));
        return running[^1].Front;
    }

    internal async Task<Caller> As(OrgRef organization, params string[] roles)
    {
        var (token, facts) = ApiKeysApi.Make(new(organization, [.. roles], "test"));
        (await Node.Commands.Handle<ApiKey, ApiKey.Command, ApiKey.State, ApiKey.Event>(
            new("mn", "test", "test", DateTimeOffset.UtcNow), facts.KeyId, new ApiKey.Command.Issue(facts),
                default)).ShouldBeOfType<CommandOutcome.Done>();
        return new(Front, token, facts.KeyId);
    }

    internal Task<Caller> Staff() => As(OrgRef.Of(new CooperativeId("SSC")), Roles.Coordinator, Roles.Operator);

    internal Task<Caller> Buyer(string member) => As(OrgRef.Of(new MemberNo(member)), Roles.MemberBuyer);

    internal Task<Caller> Vendor(string vendor) => As(OrgRef.Of(new VendorId(vendor)), Roles.Vendor);

    internal Task<Caller> Auditor() => As(new(OrganizationKind.State, "MN"), Roles.Auditor);

    public async ValueTask DisposeAsync()
    {
        foreach (var (front, node) in running)
        {
            await front.DisposeAsync();
            await node.DisposeAsync();
        }
    }
}

/// <summary>Somebody with an API key.</summary>
internal sealed class Caller(Front front, string token, string keyId) : IDisposable
{
    private readonly HttpClient client = front.Client();

    public string KeyId => keyId;

    /// <summary>The same caller at another node.</summary>
    public Caller At(Front other) => new(other, token, keyId);

    public Task<Heard> Get(string path, params (string Name, string Value)[] headers) => Send(HttpMethod.Get, path, null, headers);

    public Task<Heard> Post(string path, object? body, params (string Name, string Value)[] headers) =>
        Send(HttpMethod.Post, path, body, headers);

    public Task<Heard> Put(string path, object? body, params (string Name, string Value)[] headers) =>
        Send(HttpMethod.Put, path, body, headers);

    public async Task<Heard> Send(HttpMethod method, string path, object? body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path.StartsWith('/') ? path : "/api/v1/" + path);
        request.Headers.Authorization = new AuthenticationHeaderValue("ApiKey", token);
        if (method != HttpMethod.Get && !headers.Any(h => h.Name is "Idempotency-Key")) request.Headers.Add("Idempotency-Key",
            Guid.NewGuid().ToString());
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        request.Content = body switch
        {
            null => null,
            HttpContent content => content,
            string json => new StringContent(json, Encoding.UTF8, "application/json"),
            _ => JsonContent.Create(body, body.GetType(), options: EdgeJson.Options),
        };
        using var response = await front.Send(client, request);
        var text = await response.Content.ReadAsStringAsync();
        return new(
            (int)response.StatusCode, text, text.StartsWith('{') ? JsonNode.Parse(text) : null,
            response.Headers.Concat(response.Content.Headers)
                .ToDictionary(h => h.Key, h => string.Join(',', h.Value), StringComparer.OrdinalIgnoreCase));
    }

    public void Dispose() => client.Dispose();
}

/// <summary>An answer.</summary>
internal sealed record Heard(int Status, string Text, JsonNode? Body, Dictionary<string, string> Headers)
{
    public string Position => Headers["X-Position"];

    public IReadOnlyList<JsonNode> Items => [.. Body!["items"]!.AsArray().Select(i => i!)];

    public Heard ShouldBe(int status, string? type = null)
    {
        Status.ShouldBe(status, Text);
        if (type is not null) Body!["type"]!.GetValue<string>().ShouldBe("urn:ssc:" + type);
        return this;
    }
}
