using Shouldly;
using SSC.Purchasing.Membership;
using Xunit;

namespace SSC.Purchasing.DatabaseTests.Http;

/// <summary>The service on real PostgreSQL: what the conventions promise must hold on the store, the read side and more than one
/// node.</summary>
public sealed class ServiceTests(Service service) : IClassFixture<Service>
{
    private static int numbers;

    private static string NewMember() => $"M-{Interlocked.Increment(ref numbers):000}";

    private static object Admission(string member, string name = "Rochester Public Schools") => new
    {
        member, cooperative = "SSC",
        facts = new { name, type = "education", kind = "schoolDistrict", county = "Olmsted", voting = true },
    };

    [Fact]
    public async Task what_was_written_is_listed_as_soon_as_its_position_is_asked_for()
    {
        using var staff = await service.Staff();
        var member = NewMember();
        var made = (await staff.Post("members", Admission(member))).ShouldBe(201);
        var list = (await staff.Get("members?limit=1000", ("X-At-Least-Position", made.Position))).ShouldBe(200);
        list.Items.ShouldContain(i => i["member"]!.GetValue<string>() == member);
    }

    [Fact]
    public async Task a_request_sent_eight_times_at_once_has_one_effect_and_one_answer()
    {
        using var staff = await service.Staff();
        var member = NewMember();
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => staff.Post("members", Admission(member), ("Idempotency-Key", member))));
        answers.ShouldAllBe(a => a.Status == 201);
        answers.Select(a => a.Text).Distinct(StringComparer.Ordinal).Count().ShouldBe(1);
        answers.Count(a => !a.Headers.ContainsKey("Idempotent-Replayed")).ShouldBe(1);
        (await service.Node.Store.ReadStream("mn", $"member-{member}")).Count.ShouldBe(1);
        (await staff.Post("members", Admission(member, "Another"), ("Idempotency-Key", member))).ShouldBe(422, "idempotency-key-reused");
    }

    [Fact]
    public async Task a_refusal_a_stale_version_and_a_malformed_body_record_nothing()
    {
        using var staff = await service.Staff();
        var member = NewMember();
        await staff.Post("members", Admission(member));
        (await staff.Post("members", Admission(member, "Another"))).ShouldBe(409, "refusal:member-exists");
        (await staff.Put($"members/{member}/facts", new { name = "X", county = "Olmsted" }, ("If-Match", "\"7\""))).ShouldBe(412, "stale");
        (await staff.Put($"members/{member}/facts", new { name = "X\u0007", county = "Olmsted" })).ShouldBe(400, "malformed")
            .Body!["errors"]![0]!["field"]!.GetValue<string>().ShouldBe("$.name");
        (await staff.Put($"members/{member}/facts", new { name = "X", county = "Olmsted", nickname = "Y" })).ShouldBe(400, "malformed");
        (await service.Node.Store.ReadStream("mn", $"member-{member}")).Count.ShouldBe(1);
    }

    [Fact]
    public async Task the_past_reads_as_it_was_by_position_and_by_time()
    {
        using var staff = await service.Staff();
        var member = NewMember();
        var first = await staff.Post("members", Admission(member));
        (await staff.Put($"members/{member}/facts", new { name = "Renamed", county = "Olmsted" })).ShouldBe(200);
        var at = (await service.Node.Store.ReadStream("mn", $"member-{member}"))[0].At.UtcDateTime.ToString("O");
        foreach (var moment in new[] { first.Position, at })
            (await staff.Get($"members/{member}?asOf={moment}")).ShouldBe(200).Body!["facts"]!["name"]!.GetValue<string>()
                .ShouldBe("Rochester Public Schools");
        var difference = (await staff.Get($"audit/streams/member-{member}/difference?from={first.Position}")).ShouldBe(200);
        difference.Text.ShouldContain("Renamed");
        (await staff.Get("members/M-999?asOf=1")).ShouldBe(404, "not-found");
    }

    [Fact]
    public async Task other_organizations_see_nothing_and_auditors_see_all_and_write_nothing()
    {
        using var staff = await service.Staff();
        var (mine, theirs) = (NewMember(), NewMember());
        await staff.Post("members", Admission(mine));
        var last = await staff.Post("members", Admission(theirs));
        using var buyer = await service.Buyer(mine);
        (await buyer.Get($"members/{mine}")).ShouldBe(200);
        (await buyer.Get($"members/{theirs}")).ShouldBe(404, "not-found");
        (await buyer.Get("members", ("X-At-Least-Position", last.Position))).Items.Single()["member"]!.GetValue<string>().ShouldBe(mine);
        (await buyer.Post("members", Admission(NewMember()))).ShouldBe(403, "forbidden");
        using var vendor = await service.Vendor("V-1");
        (await vendor.Get("members")).ShouldBe(403, "forbidden");
        (await vendor.Get("joint-orders")).ShouldBe(404, "not-found");
        using var auditor = await service.Auditor();
        (await auditor.Get("audit/events?type=member_admitted")).ShouldBe(200).Items.Count.ShouldBeGreaterThanOrEqualTo(2);
        (await auditor.Post("members", Admission(NewMember()))).ShouldBe(403, "forbidden");
    }

    [Fact]
    public async Task a_key_revoked_on_one_node_is_refused_on_the_other_within_five_seconds()
    {
        using var staff = await service.Staff();
        using var buyer = await service.Buyer("M-001");
        var other = await service.StartNode();
        using var there = buyer.At(other);
        (await there.Get("cooperatives")).ShouldBe(200);
        (await staff.Post($"api-keys/{buyer.KeyId}/revocation", new { reason = "lost" })).ShouldBe(200);
        (await buyer.Get("cooperatives")).ShouldBe(401, "unauthenticated");
        var since = System.Diagnostics.Stopwatch.StartNew();
        while ((await there.Get("cooperatives")).Status == 200) since.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(6));
    }

    [Fact]
    public async Task a_person_is_kept_beside_the_log_and_erased()
    {
        using var staff = await service.Staff();
        var user = new { userId = "u-77", organization = new { kind = "member", id = "M-001" }, roles = new[] { "member-buyer" },
            person = new { name = "Ada Example" } };
        (await staff.Post("users", user)).ShouldBe(201);
        (await staff.Get("users/u-77")).Body!["person"]!["name"]!.GetValue<string>().ShouldBe("Ada Example");
        (await staff.Send(HttpMethod.Delete, "users/u-77/person", null)).ShouldBe(200);
        (await staff.Get("users/u-77")).Body!["person"].ShouldBeNull();
    }

    [Fact]
    public async Task a_list_of_members_is_imported_whole_or_not_at_all()
    {
        using var staff = await service.Staff();
        const string good = "memberNo,name,type,county\nI-001,Byron Public Schools,Education,Olmsted\nI-002,City of Byron,CCOGA,Olmsted\n";
        using (var preview = File(good)) (await staff.Post("members/import?dryRun=true", preview)).ShouldBe(200)
            .Body!["effect"]!["admitted"]!.GetValue<int>().ShouldBe(2);
        (await staff.Get("members/I-001")).ShouldBe(404);
        using (var bad = File(good + "I-003,Nobody,Spaceship,Olmsted\n"))
            (await staff.Post("members/import", bad)).ShouldBe(409, "refusal:rows-at-fault")
                .Body!["errors"]![0]!["field"]!.GetValue<string>().ShouldStartWith("row 4");
        (await staff.Get("members/I-001")).ShouldBe(404);
        using (var list = File(good)) (await staff.Post("members/import", list)).ShouldBe(200);
        (await staff.Get("members/I-002")).ShouldBe(200).Body!["facts"]!["type"]!.GetValue<string>().ShouldBe("ccoga");
    }

    [Fact]
    public async Task a_node_that_keeps_up_is_ready()
    {
        using var staff = await service.Staff();
        var ready = (await staff.Get("/health/ready")).ShouldBe(200);
        ready.Body!["alarms"]!.AsArray().ShouldBeEmpty();
    }

    private static MultipartFormDataContent File(string csv) =>
        new() { { new StringContent(csv, System.Text.Encoding.UTF8, "text/csv"), "file", "members.csv" } };
}
