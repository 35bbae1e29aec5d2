using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using SSC.Purchasing.Host;
using SSC.Purchasing.Host.Api;
using SSC.Purchasing.Host.Api.Resources;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Tests.Testbed;

namespace SSC.Purchasing.Tests.Host;

/// <summary>The whole service over real HTTP, on the store that lives in memory.</summary>
internal sealed class ServiceOnMemory : IAsyncDisposable
{
    private readonly WebApplication app;

    private ServiceOnMemory(WebApplication app, Node node, InMemoryEventStore store, InMemoryReadModels models, Uri address) =>
        (this.app, Node, Store, Models, Address) = (app, node, store, models, address);

    public Node Node { get; }

    public InMemoryEventStore Store { get; }

    public InMemoryReadModels Models { get; }

    public Uri Address { get; }

    public static async Task<ServiceOnMemory> Start(Func<Settings, Settings>? change = null)
    {
        var builder = ServiceHost.NewBuilder([]);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var settings = new Settings { Tenant = "mn", PositionTimeout = TimeSpan.FromMilliseconds(50) };
        var store = new InMemoryEventStore(EventCatalogue.Of(Modules.Assemblies, Modules.Upcasters), TimeProvider.System);
        var models = new InMemoryReadModels(store);
        var exchange = new InMemoryExchange(store);
        var node = new Node(
            change?.Invoke(settings) ?? settings, TimeProvider.System, store, models, new InMemoryPeople(), exchange.Stores,
            async ct => new(true, (await store.Head(ct)).Position, 0, []), () => ValueTask.CompletedTask);
        var host = ServiceHost.Build(builder, node);
        await host.StartAsync();
        return new(host, node, store, models, new(host.Urls.Single()));
    }

    /// <summary>A caller with a key of its own.</summary>
    public async Task<Caller> As(OrgRef organization, params string[] roles)
    {
        var (token, facts) = ApiKeysApi.Make(new(organization, [.. roles], "test"));
        var outcome = await Node.Commands.Handle<ApiKey, ApiKey.Command, ApiKey.State, ApiKey.Event>(
            new("mn", "test", "test", DateTimeOffset.UtcNow), facts.KeyId, new ApiKey.Command.Issue(facts), default);
        outcome.ShouldBeOfType<CommandOutcome.Done>();
        return new(Address, token) { KeyId = facts.KeyId };
    }

    public Task<Caller> Operator() => As(OrgRef.Of(new CooperativeId("SSC")), Roles.Operator);

    public Task<Caller> Coordinator() => As(OrgRef.Of(new CooperativeId("SSC")), Roles.Coordinator);

    public Task<Caller> Auditor() => As(new(OrganizationKind.State, "MN"), Roles.Auditor);

    public Task<Caller> Buyer(string member) => As(OrgRef.Of(new MemberNo(member)), Roles.MemberBuyer);

    /// <summary>Facts as if they had been decided.</summary>
    public async Task Given(string stream, params IReadOnlyList<object> facts) => (await Store.Append(
        new()
        {
            Tenant = "mn", Stream = stream, ExpectedVersion = (await Store.ReadStream("mn", stream)).Count,
            Events = [.. facts.Select(f => new NewEvent(Guid.CreateVersion7(), f))], Metadata = new("test", "test"),
        }, default)).ShouldBeOfType<AppendOutcome.Appended>();

    /// <summary>Every endpoint as it was declared.</summary>
    public IReadOnlyList<ApiOperation> Operations() =>
    [
        .. app.Services.GetRequiredService<EndpointDataSource>().Endpoints
            .Select(e => e.Metadata.GetMetadata<ApiOperation>()).OfType<ApiOperation>(),
    ];

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        await Node.DisposeAsync();
    }

    private sealed class InMemoryPeople : IPersonalDetails
    {
        private readonly Dictionary<string, PersonalDetails> people = [];

        public Task<PersonalDetails?> Find(string tenant, string personId, CancellationToken ct = default) =>
            Task.FromResult(people.GetValueOrDefault(personId));

        public Task Save(string tenant, string personId, PersonalDetails details, CancellationToken ct = default)
        {
            people[personId] = details;
            return Task.CompletedTask;
        }

        public Task Erase(string tenant, string personId, CancellationToken ct = default)
        {
            people.Remove(personId);
            return Task.CompletedTask;
        }
    }
}

/// <summary>Somebody with an API key, speaking HTTP.</summary>
internal sealed class Caller(Uri address, string? token) : IDisposable
{
    private readonly HttpClient client = new() { BaseAddress = address };

    public string? Token => token;

    public string KeyId { get; init; } = string.Empty;

    public Task<Heard> Get(string path, params (string Name, string Value)[] headers) => Send(HttpMethod.Get, path, null, headers);

    public Task<Heard> Post(string path, object? body, params (string Name, string Value)[] headers) =>
        Send(HttpMethod.Post, path, body, headers);

    public Task<Heard> Put(string path, object? body, params (string Name, string Value)[] headers) =>
        Send(HttpMethod.Put, path, body, headers);

    public Task<Heard> Delete(string path, params (string Name, string Value)[] headers) => Send(HttpMethod.Delete, path, null, headers);

    /// <summary>Sends a request; a write gets an idempotency key unless the headers give one (an empty one means none).</summary>
    public async Task<Heard> Send(HttpMethod method, string path, object? body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path.StartsWith('/') ? path : "/api/v1/" + path);
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("ApiKey", token);
        if (method != HttpMethod.Get && !headers.Any(h => h.Name is "Idempotency-Key")) request.Headers.Add("Idempotency-Key",
            Guid.NewGuid().ToString());
        request.Content = body switch
        {
            null => null,
            HttpContent content => content,
            string json => new StringContent(json, Encoding.UTF8, "application/json"),
            _ => JsonContent.Create(body, body.GetType(), options: EdgeJson.Options),
        };
        foreach (var (name, value) in headers)
        {
            if (value.Length > 0) request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        var isJson = response.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) == true;
        return new((int)response.StatusCode, text, isJson && text.Length > 0 ? JsonNode.Parse(text) : null,
            response.Headers.Concat(response.Content.Headers)
                .ToDictionary(h => h.Key, h => string.Join(',', h.Value), StringComparer.OrdinalIgnoreCase));
    }

    public void Dispose() => client.Dispose();
}

/// <summary>An answer.</summary>
internal sealed record Heard(int Status, string Text, JsonNode? Body, Dictionary<string, string> Headers)
{
    public string? ETag => Headers.GetValueOrDefault("ETag");

    public string? Position => Headers.GetValueOrDefault("X-Position");

    /// <summary>It is this, and if it is an error, a problem of this type.</summary>
    public Heard ShouldBe(int status, string? type = null)
    {
        Status.ShouldBe(status, Text);
        if (status < 400) return this;
        Headers["Content-Type"].ShouldBe("application/problem+json");
        Body!["status"]!.GetValue<int>().ShouldBe(status);
        Body["detail"]!.GetValue<string>().ShouldNotBeNullOrWhiteSpace();
        if (type is not null) Body["type"]!.GetValue<string>().ShouldBe("urn:ssc:" + type);
        return this;
    }
}
