using System.Text.Json.Nodes;
using Shouldly;
using SSC.Purchasing.Host.Api;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using Xunit;

namespace SSC.Purchasing.Tests.Host;

/// <summary>What holds for every endpoint, shown on members: the conventions of architecture §3.</summary>
public sealed class HttpConventionTests : IAsyncLifetime
{
    private ServiceOnMemory service = null!;

    private static readonly Member.Command.Admit Rochester = new(
        new("M-001"), new("SSC"), new("Rochester Public Schools", MemberType.Education, MemberKind.SchoolDistrict, "Olmsted", true));

    public async ValueTask InitializeAsync() => service = await ServiceOnMemory.Start();

    public ValueTask DisposeAsync() => service.DisposeAsync();

    [Fact]
    public async Task a_write_answers_with_its_version_position_and_place_and_can_be_read_back()
    {
        using var staff = await service.Coordinator();
        var made = (await staff.Post("members", Rochester)).ShouldBe(201);
        made.Headers["Location"].ShouldBe("/api/v1/members/M-001");
        made.ETag.ShouldBe("\"1\"");
        var read = (await staff.Get(made.Headers["Location"])).ShouldBe(200);
        read.ETag.ShouldBe("\"1\"");
        read.Body!["facts"]!["type"]!.GetValue<string>().ShouldBe("education");
        read.Body["approval"]!["threshold"]!.ToJsonString().ShouldBe("""{"amount":"25000.00","currency":"USD"}""");
        (await staff.Get(made.Headers["Location"], ("If-None-Match", "\"1\""))).Status.ShouldBe(304);
        var list = (await staff.Get("members", ("X-At-Least-Position", made.Position!))).ShouldBe(200);
        list.Body!["items"]!.AsArray().Count.ShouldBe(1);
    }

    [Fact]
    public async Task the_same_key_with_the_same_request_has_one_effect_and_one_answer_and_with_another_is_refused()
    {
        using var staff = await service.Coordinator();
        var first = await staff.Post("members", Rochester, ("Idempotency-Key", "k1"));
        var head = (await service.Store.Head()).Position;
        var again = (await staff.Post("members", Rochester, ("Idempotency-Key", "k1"))).ShouldBe(201);
        again.Text.ShouldBe(first.Text);
        again.Headers["Idempotent-Replayed"].ShouldBe("true");
        first.Headers.ShouldNotContainKey("Idempotent-Replayed");
        (await service.Store.Head()).Position.ShouldBe(head);
        (await staff.Post("members", Rochester with { Member = new("M-002") }, ("Idempotency-Key", "k1")))
            .ShouldBe(422, "idempotency-key-reused");
    }

    [Fact]
    public async Task another_organizations_key_of_the_same_name_is_another_key()
    {
        using var staff = await service.Coordinator();
        using var other = await service.As(new(OrganizationKind.Cooperative, "NESC"), Roles.Coordinator);
        (await staff.Post("members", Rochester, ("Idempotency-Key", "1"))).ShouldBe(201);
        (await other.Post("members", Rochester with { Member = new("M-900") }, ("Idempotency-Key", "1"))).ShouldBe(201);
    }

    [Fact]
    public async Task a_write_on_an_old_version_is_told_so_and_records_nothing()
    {
        using var staff = await service.Coordinator();
        await staff.Post("members", Rochester);
        var correction = new Member.Command.Correct("Rochester", "Olmsted", 17_000, null);
        (await staff.Put("members/M-001/facts", correction, ("If-Match", "\"0\""))).ShouldBe(412, "stale");
        var done = (await staff.Put("members/M-001/facts", correction, ("If-Match", "\"1\""))).ShouldBe(200);
        done.ETag.ShouldBe("\"2\"");
        (await staff.Put("members/M-001/facts", correction with { Teachers = 1 }, ("If-Match", "seven"))).ShouldBe(400, "malformed");
    }

    [Fact]
    public async Task a_business_no_is_a_conflict_with_a_stable_code()
    {
        using var staff = await service.Coordinator();
        await staff.Post("members", Rochester);
        var no = (await staff.Post("members", Rochester with { Facts = Rochester.Facts with { Name = "Other" } }))
            .ShouldBe(409, "refusal:member-exists");
        no.Body!["code"]!.GetValue<string>().ShouldBe("member-exists");
    }

    [Fact]
    public async Task the_past_is_read_by_position_and_by_time()
    {
        using var staff = await service.Coordinator();
        var first = await staff.Post("members", Rochester);
        await staff.Put("members/M-001/facts", new Member.Command.Correct("Renamed", "Olmsted", null, null));
        (await staff.Get("members/M-001")).Body!["facts"]!["name"]!.GetValue<string>().ShouldBe("Renamed");
        var then = (await staff.Get($"members/M-001?asOf={first.Position}")).ShouldBe(200);
        then.Body!["facts"]!["name"]!.GetValue<string>().ShouldBe("Rochester Public Schools");
        then.ETag.ShouldBe("\"1\"");
        (await staff.Get("members/M-001?asOf=2001-01-01T00:00:00Z")).ShouldBe(404, "not-found");
        (await staff.Get("members/M-001?asOf=yesterday")).ShouldBe(400, "malformed").Body!["errors"]![0]!["field"]!.GetValue<string>()
            .ShouldBe("asOf");
        (await staff.Get("members?asOf=1")).ShouldBe(400, "malformed");
    }

    [Theory]
    [InlineData("{}", "application/json", 400, "malformed")]
    [InlineData("{\"lastDay\":\"2026-02-30\"}", "application/json", 400, "malformed")]
    [InlineData("{\"lastDay\":\"2026-06-30\",\"force\":true}", "application/json", 400, "malformed")]
    [InlineData("", "application/json", 400, "malformed")]
    [InlineData("lastDay=2026-06-30", "application/x-www-form-urlencoded", 415, "unsupported-media-type")]
    public async Task a_body_that_cannot_be_read_says_where(string body, string type, int status, string problem)
    {
        using var staff = await service.Coordinator();
        using var content = new StringContent(body, System.Text.Encoding.UTF8, type);
        (await staff.Post("members/M-001/notice", content)).ShouldBe(status, problem);
        (await service.Store.ReadStream("mn", "member-M-001")).ShouldBeEmpty();
    }

    [Fact]
    public async Task a_body_over_one_megabyte_is_too_large()
    {
        using var staff = await service.Coordinator();
        using var content = new StringContent("{\"name\":\"" + new string('x', 1_100_000), System.Text.Encoding.UTF8, "application/json");
        (await staff.Post("members", content)).ShouldBe(413, "too-large");
    }

    [Fact]
    public async Task every_write_needs_an_idempotency_key()
    {
        using var staff = await service.Coordinator();
        (await staff.Post("members", Rochester, ("Idempotency-Key", ""))).ShouldBe(400, "idempotency-key-missing");
        (await staff.Post("members", Rochester, ("Idempotency-Key", new string('k', 101)))).ShouldBe(400, "malformed");
    }

    [Fact]
    public async Task nobody_unknown_is_let_in()
    {
        using var nobody = new Caller(service.Address, null);
        (await nobody.Get("members")).ShouldBe(401, "unauthenticated").Headers["WWW-Authenticate"].ShouldContain("ApiKey");
        using var forger = new Caller(service.Address, "ssc_k1_" + new string('A', 43));
        (await forger.Get("members")).ShouldBe(401, "unauthenticated");
        using var staff = await service.Coordinator();
        using var thief = new Caller(service.Address, $"ssc_{staff.KeyId}_{new string('A', 43)}");
        (await thief.Get("members")).ShouldBe(401, "unauthenticated");
        (await nobody.Get("members", ("X-Api-Key", staff.Token!))).ShouldBe(200);
        (await nobody.Get("members", ("Authorization", "Bearer " + staff.Token!))).ShouldBe(200);
    }

    [Fact]
    public async Task a_revoked_key_opens_nothing_any_more()
    {
        using var root = await service.Operator();
        var issued = (await root.Post("api-keys",
            new { organization = new { kind = "member", id = "M-001" }, roles = new[] { "member-buyer" }, label = "erp" })).ShouldBe(201);
        using var buyer = new Caller(service.Address, issued.Body!["token"]!.GetValue<string>());
        (await buyer.Get("sites")).ShouldBe(200);
        (await root.Post($"api-keys/{issued.Body["keyId"]}/revocation", new { reason = "lost" })).ShouldBe(200);
        (await buyer.Get("sites")).ShouldBe(401, "unauthenticated");
    }

    [Fact]
    public async Task a_repeated_issue_shows_no_secret_again()
    {
        using var root = await service.Operator();
        var entry = new { organization = new { kind = "vendor", id = "V-1" }, roles = new[] { "vendor" }, label = "edi" };
        var issued = (await root.Post("api-keys", entry, ("Idempotency-Key", "k"))).ShouldBe(201);
        var again = (await root.Post("api-keys", entry, ("Idempotency-Key", "k"))).ShouldBe(201);
        again.Body!["keyId"]!.GetValue<string>().ShouldBe(issued.Body!["keyId"]!.GetValue<string>());
        again.Body["token"].ShouldBeNull();
    }

    [Fact]
    public async Task roles_decide_and_auditors_write_nothing()
    {
        using var staff = await service.Coordinator();
        await staff.Post("members", Rochester);
        using var buyer = await service.Buyer("M-001");
        (await buyer.Post("members", Rochester)).ShouldBe(403, "forbidden");
        using var auditor = await service.Auditor();
        (await auditor.Get("members/M-001")).ShouldBe(200);
        (await auditor.Get("members")).Body!["items"]!.AsArray().Count.ShouldBe(1);
        foreach (var operation in service.Operations().Where(o => o.IsWrite))
        {
            var path = operation.Pattern.TrimStart('/').Replace("{", "", StringComparison.Ordinal)
                .Replace("}", "", StringComparison.Ordinal);
            (await auditor.Send(new(operation.Method), path, "{}")).ShouldBe(403, "forbidden");
        }
    }

    [Fact]
    public async Task what_belongs_to_another_organization_does_not_exist()
    {
        using var staff = await service.Coordinator();
        await staff.Post("members", Rochester);
        using var other = await service.Buyer("M-002");
        (await other.Get("members/M-001")).ShouldBe(404, "not-found");
        (await other.Get("members")).Body!["items"]!.AsArray().ShouldBeEmpty();
        var site = new { site = "S-1",
            facts = new { name = "Dock", address = new { lines = new[] { "1 Main" }, city = "X", zip = "55901" } } };
        (await other.Post("members/M-001/sites", site)).ShouldBe(404, "not-found");
        using var self = await service.Buyer("M-001");
        (await self.Post("members/M-001/sites", site)).ShouldBe(201);
        (await other.Get("sites?member=M-001")).Body!["items"]!.AsArray().ShouldBeEmpty();
        (await self.Get("sites")).Body!["items"]!.AsArray().Count.ShouldBe(1);
    }

    [Fact]
    public async Task lists_are_read_page_by_page()
    {
        using var staff = await service.Coordinator();
        for (var i = 1; i <= 5; i++) (await staff.Post("members", Rochester with { Member = new($"M-00{i}") })).ShouldBe(201);
        var seen = new List<string>();
        var next = "members?limit=2&county=Olmsted";
        while (next is not null)
        {
            var page = (await staff.Get(next)).ShouldBe(200).Body!;
            seen.AddRange(page["items"]!.AsArray().Select(i => i!["member"]!.GetValue<string>()));
            next = page["next"]?.GetValue<string>();
        }

        seen.ShouldBe(["M-001", "M-002", "M-003", "M-004", "M-005"]);
        (await staff.Get("members?limit=0")).ShouldBe(400, "malformed");
        (await staff.Get("members?type=school")).ShouldBe(400, "malformed");
    }

    [Fact]
    public async Task a_read_that_waits_in_vain_says_when_to_come_back()
    {
        using var staff = await service.Coordinator();
        service.Models.StuckAt = 1;
        (await staff.Get("members", ("X-At-Least-Position", "99"))).ShouldBe(503, "position-not-reached")
            .Headers["Retry-After"].ShouldBe("1");
        (await staff.Get("members", ("X-At-Least-Position", "soon"))).ShouldBe(400, "malformed");
    }

    [Fact]
    public async Task a_full_store_answers_busy_and_when_to_come_back()
    {
        using var staff = await service.Coordinator();
        await staff.Get("members");
        service.Store.Interfere = _ => new AppendOutcome.Overloaded(TimeSpan.FromSeconds(3));
        (await staff.Post("members", Rochester)).ShouldBe(503, "busy").Headers["Retry-After"].ShouldBe("3");
        service.Store.Interfere = _ => throw new InvalidOperationException("a bug");
        var bug = (await staff.Post("members", Rochester, ("X-Correlation-Id", "case-7"))).ShouldBe(500, "internal-error");
        bug.Body!["correlationId"]!.GetValue<string>().ShouldBe("case-7");
        bug.Text.ShouldNotContain("a bug");
    }

    [Fact]
    public async Task an_organization_that_asks_too_often_waits()
    {
        await using var strict = await ServiceOnMemory.Start(s => s with { RequestsPerSecond = 10, RequestBurst = 10 });
        using var hasty = await strict.Coordinator();
        using var calm = await strict.Buyer("M-001");
        var answers = new List<Heard>();
        for (var i = 0; i < 40; i++) answers.Add(await hasty.Get("cooperatives"));
        answers[0].ShouldBe(200);
        answers.First(a => a.Status != 200).ShouldBe(429, "rate-limited").Headers.ShouldContainKey("Retry-After");
        (await calm.Get("cooperatives")).ShouldBe(200);
    }

    [Fact]
    public async Task errors_of_the_framework_are_problems_too()
    {
        using var staff = await service.Coordinator();
        (await staff.Get("nothing-here")).ShouldBe(404, "not-found");
        (await staff.Get("/elsewhere")).ShouldBe(404, "not-found");
        (await staff.Delete("members")).ShouldBe(405, "method-not-allowed").Headers["Allow"].ShouldContain("POST");
        (await staff.Get("members/a%20b")).ShouldBe(400, "malformed");
    }

    [Fact]
    public async Task the_correlation_follows_into_the_log()
    {
        using var staff = await service.Coordinator();
        var made = await staff.Post("members", Rochester, ("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"));
        made.Headers["X-Correlation-Id"].ShouldBe("4bf92f3577b34da6a3ce929d0e0e4736");
        var e = (await service.Store.ReadStream("mn", "member-M-001")).Single();
        e.Metadata.CorrelationId.ShouldBe("4bf92f3577b34da6a3ce929d0e0e4736");
        e.Metadata.Actor.ShouldBe($"key:{staff.KeyId}");
    }

    [Fact]
    public async Task a_person_is_beside_the_log_and_can_be_erased()
    {
        using var root = await service.Operator();
        var user = new { userId = "u-1", organization = new { kind = "member", id = "M-001" }, roles = new[] { "member-buyer" },
            person = new { name = "Ada Example", email = "ada@example.org" } };
        (await root.Post("users", user)).ShouldBe(201);
        (await root.Get("users/u-1")).Body!["person"]!["name"]!.GetValue<string>().ShouldBe("Ada Example");
        foreach (var e in await service.Store.ReadAll(0, 1_000)) System.Text.Encoding.UTF8.GetString(e.Data.Span).ShouldNotContain("Ada");
        (await root.Delete("users/u-1/person")).ShouldBe(200);
        (await root.Get("users/u-1")).Body!["person"].ShouldBeNull();
        (await root.Delete("users/u-2/person")).ShouldBe(404, "not-found");
    }

    [Fact]
    public async Task probes_need_no_key()
    {
        using var probe = new Caller(service.Address, null);
        (await probe.Get("/health/live")).ShouldBe(200);
        (await probe.Get("/health/ready")).ShouldBe(200).Body!["ready"]!.GetValue<bool>().ShouldBeTrue();
    }

    [Fact]
    public async Task the_document_describes_every_operation_with_examples_that_can_be_sent()
    {
        using var reader = new Caller(service.Address, null);
        var document = (await reader.Get("/openapi/v1.json")).ShouldBe(200).Body!;
        document["openapi"]!.GetValue<string>().ShouldStartWith("3.1");
        document["components"]!["securitySchemes"]!.AsObject().Select(s => s.Key).Order(StringComparer.Ordinal)
            .ShouldBe(["apiKey", "bearer"]);
        foreach (var operation in service.Operations())
        {
            var described = document["paths"]!["/api/v1" + operation.Pattern]?[operation.Method.ToLowerInvariant()].ShouldNotBeNull(
                operation.Pattern);
            var responses = described!["responses"]!.AsObject();
            responses.ShouldContainKey("401");
            responses.ShouldContainKey("404");
            var parameters = described["parameters"]!.AsArray().Select(p => p!["name"]!.GetValue<string>()).ToList();
            if (!operation.IsWrite) continue;
            parameters.Contains("Idempotency-Key", StringComparer.Ordinal).ShouldBeTrue();
            responses.ShouldContainKey("409");
            if (described["requestBody"]?["content"]?["application/json"] is not { } json) continue;
            json["example"].ShouldNotBeNull($"{operation.Method} {operation.Pattern} has no example");
            operation.AllowedRoles.ShouldNotBeEmpty();
        }

        (await reader.Get("/docs/index.html")).ShouldBe(200).Text.ShouldContain("swagger-ui");
    }
}
