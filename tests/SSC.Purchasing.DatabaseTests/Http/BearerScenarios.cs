using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.Tokens;
using Shouldly;
using SSC.Purchasing.Host;
using SSC.Purchasing.Host.Api.Resources;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using Xunit;

namespace SSC.Purchasing.DatabaseTests.Http;

/// <summary>An identity provider with a discovery document, a key and tokens, over real HTTP.</summary>
internal sealed class Issuer : IDisposable
{
    private readonly RSA key = RSA.Create(2048);
    private readonly WebApplication app;

    public Issuer()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        app = builder.Build();
        app.MapGet("/.well-known/openid-configuration", () => Results.Json(new { issuer = Url, jwks_uri = $"{Url}/jwks" }));
        app.MapGet("/jwks", () =>
        {
            var shown = key.ExportParameters(false);
            return Results.Json(new
            {
                keys = new[]
                {
                    new
                    {
                        kty = "RSA", kid = "k1", use = "sig", alg = "RS256",
                        n = Base64UrlEncoder.Encode(shown.Modulus), e = Base64UrlEncoder.Encode(shown.Exponent),
                    },
                },
            });
        });
        app.StartAsync().GetAwaiter().GetResult();
    }

    public string Url => app.Urls.Single();

    public string Token(string subject, string audience = "ssc-purchasing", int expiresInSeconds = 600, RSA? signedBy = null)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var head = Encode(new { alg = "RS256", kid = "k1", typ = "JWT" });
        var body = Encode(new { iss = Url, sub = subject, aud = audience, iat = now, nbf = now - 600, exp = now + expiresInSeconds });
        var signature = (signedBy ?? key).SignData(
            System.Text.Encoding.ASCII.GetBytes($"{head}.{body}"), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return $"{head}.{body}.{Base64UrlEncoder.Encode(signature)}";
    }

    public void Dispose()
    {
        app.DisposeAsync().AsTask().GetAwaiter().GetResult();
        key.Dispose();
    }

    private static string Encode(object part) => Base64UrlEncoder.Encode(JsonSerializer.SerializeToUtf8Bytes(part));
}

/// <summary>A stage that accepts the tokens of an identity provider.</summary>
public sealed class TokenStage(DatabaseServer server) : Stage(server), IDisposable
{
    internal Issuer Issuer { get; } = new();

    public void Dispose() => Issuer.Dispose();

    private protected override Settings Adjust(Settings settings) => settings with { Authority = Issuer.Url };
}

/// <summary>People sign in at their own identity provider; this service only knows which subject is which user.</summary>
public sealed class BearerScenarios(TokenStage stage) : IClassFixture<TokenStage>
{
    [Fact]
    public async Task a_linked_subject_acts_as_its_user_and_nobody_else_does()
    {
        var user = Stage.New("u");
        (await stage.Staff.Post("users", new UserEntry(user, OrgRef.Of(new MemberNo("M-001")), [Roles.MemberBuyer]))).ShouldBe(201);
        var linked = (await stage.Staff.Post($"users/{user}/subjects", new User.Command.LinkSubject(stage.Issuer.Url, "subject-1")))
            .ShouldBe(200);
        (await stage.Staff.Get("users", ("X-At-Least-Position", linked.Position))).ShouldBe(200);
        await stage.Node.Models.WaitFor(Modules.Subjects, long.Parse(linked.Position, null), TimeSpan.FromSeconds(20));

        (await Status(stage.Issuer.Token("subject-1"))).ShouldBe(200);
        (await Status(stage.Issuer.Token("subject-2"))).ShouldBe(401, "no user is linked to it");
        (await Status(stage.Issuer.Token("subject-1", audience: "another-service"))).ShouldBe(401);
        (await Status(stage.Issuer.Token("subject-1", expiresInSeconds: -120))).ShouldBe(401, "it has expired");
        using var forger = RSA.Create(2048);
        (await Status(stage.Issuer.Token("subject-1", signedBy: forger))).ShouldBe(401, "the issuer did not sign it");
    }

    [Fact]
    public async Task what_a_user_may_do_follows_from_its_roles_not_from_the_token()
    {
        var user = Stage.New("u");
        (await stage.Staff.Post("users", new UserEntry(user, new(OrganizationKind.State, "MN"), [Roles.Auditor]))).ShouldBe(201);
        var linked = (await stage.Staff.Post($"users/{user}/subjects", new User.Command.LinkSubject(stage.Issuer.Url, user))).ShouldBe(200);
        await stage.Node.Models.WaitFor(Modules.Subjects, long.Parse(linked.Position, null), TimeSpan.FromSeconds(20));
        (await Status(stage.Issuer.Token(user), "audit/events")).ShouldBe(200);
        (await Status(stage.Issuer.Token(user), "vendors", HttpMethod.Post)).ShouldBe(403);
    }

    [Fact]
    public async Task a_director_casts_its_own_vote_and_nobody_elses_and_a_key_votes_for_nobody()
    {
        var (own, other, resolution) = (await Linked(Roles.Director), Stage.New("u"), Stage.New("R"));
        await stage.Given(
            $"resolution-{resolution}",
            new Resolution.Event.Drafted(new(new(resolution), new("SSC"), ResolutionKind.Other, "X-1", "A matter")),
            new Resolution.Event.Proposed(Stage.Today),
            new Resolution.Event.RollCallOpened(new("BM-1", Stage.Today, [new(own), new(other)], VotingRules.Customary)));
        string Vote(string director) => $"resolutions/{resolution}/votes/{director}";
        (await Status(stage.Issuer.Token(own), Vote(other), HttpMethod.Put, """{"vote":"for"}""")).ShouldBe(404, "it is not its vote");
        (await Status(stage.Issuer.Token(own), Vote(own), HttpMethod.Put, """{"vote":"perhaps"}""")).ShouldBe(400);
        (await Status(stage.Issuer.Token(own), "resolutions/R-none/votes/" + own, HttpMethod.Put, """{"vote":"for"}""")).ShouldBe(404);
        (await stage.Length($"resolution-{resolution}")).ShouldBe(3, "nothing is recorded");
        (await Status(stage.Issuer.Token(own), Vote(own), HttpMethod.Put, """{"vote":"for"}""")).ShouldBe(200);
        (await Status(stage.Issuer.Token(own), $"resolutions/{resolution}/withdrawal", HttpMethod.Post, """{"reason":"no"}"""))
            .ShouldBe(403, "the clerk's");
        using var key = await stage.As(OrgRef.Of(new MemberNo("M-001")), Roles.Director);
        (await key.Put(Vote(own), new VoteEntry(Membership.Vote.Against))).ShouldBe(404, "not-found");
        var term = new SeatHolder(new(new(own), new("M-001"), true), SeatedBy.Election, "SSC-2025", new(2025, 7, 1), new(2029, 6, 30));
        await stage.Given(
            "board-SSC", new Board.Event.Constituted(new("SSC"), BoardRules.Customary, new(2020, 7, 1), "Bylaws of 2020"),
            new Board.Event.SeatEstablished(new("S-1"), new("Olmsted", true, 2025), new(2020, 7, 1)),
            new Board.Event.DirectorSeated(new("S-1"), term));
        (await Status(stage.Issuer.Token(own), $"calendars/board/SSC/directors/{own}")).ShouldBe(200);
        (await Status(stage.Issuer.Token(own), $"calendars/board/SSC/directors/{other}")).ShouldBe(404, "it is not its calendar");
        var buyer = await Linked(Roles.MemberBuyer);
        (await Status(stage.Issuer.Token(buyer), Vote(buyer), HttpMethod.Put, """{"vote":"for"}""")).ShouldBe(403);
        var seen = (await key.Get($"resolutions/{resolution}")).ShouldBe(200).Body!["rollCall"]!["votes"]!.AsObject();
        seen.Select(v => (v.Key, (string?)v.Value)).ShouldBe([(own, "for")]);
    }

    /// <summary>A user of a member, with a subject of its own id.</summary>
    private async Task<string> Linked(string role)
    {
        var user = Stage.New("u");
        (await stage.Staff.Post("users", new UserEntry(user, OrgRef.Of(new MemberNo("M-001")), [role]))).ShouldBe(201);
        var linked = (await stage.Staff.Post($"users/{user}/subjects", new User.Command.LinkSubject(stage.Issuer.Url, user))).ShouldBe(200);
        await stage.Node.Models.WaitFor(Modules.Subjects, long.Parse(linked.Position, null), TimeSpan.FromSeconds(20));
        return user;
    }

    private async Task<int> Status(string token, string path = "joint-orders", HttpMethod? method = null, string body = "{}")
    {
        using var client = stage.Front.Client();
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, $"/api/v1/{path}");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (method is not null)
        {
            request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString());
            request.Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        }

        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return (int)answer.StatusCode;
    }
}
