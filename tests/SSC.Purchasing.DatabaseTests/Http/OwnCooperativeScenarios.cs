using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using SSC.Purchasing.Host.Api;
using SSC.Purchasing.Host.Api.Resources;
using SSC.Purchasing.InsurancePool.Pools;
using SSC.Purchasing.InsurancePool.Rules;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Programs;
using Xunit;

namespace SSC.Purchasing.DatabaseTests.Http;

/// <summary>Every endpoint of pools, programs and members' money, asked by the staff of another cooperative.</summary>
public sealed class OwnCooperativeScenarios(Stage stage) : IClassFixture<Stage>
{
    private static readonly string[] Named = ["{poolId}", "{memberNo}", "{invoice}", "{programId}", "{offeringId}", "{code}"];

    [Fact]
    public async Task another_cooperatives_staff_finds_nothing_whatever_it_asks()
    {
        var (pool, member) = (new PoolId(Stage.New("POOL")), new MemberNo(Stage.New("M")));
        await stage.Tell<Pool, Pool.Command, Pool.State, Pool.Event>(pool.Value, new Pool.Command.Open(
            new(pool, new("SSC"), "School pool", PoolPopulation.Schools), LiabilityRegime.PremiumOnly, new(2020, 1, 1), new()));
        await stage.Tell<Member, Member.Command, Member.State, Member.Event>(member.Value, new Member.Command.Admit(
            member, new("SSC"), new("A district (demo)", MemberType.Education, MemberKind.SchoolDistrict, "Olmsted", true, 900)));
        var (_, program, offering) = await stage.Offer(49m, 10, DateTimeOffset.UtcNow.AddDays(40));
        var code = Certificate.CodeOf(Guid.CreateVersion7(), new("T-1"));
        await stage.Tell<Certificate, Certificate.Command, Certificate.State, Certificate.Event>(code, new Certificate.Command.Issue(
            new(
                new(offering), new(program), "Number sense", new("T-1"), member, Stage.Today, Stage.Today, 320, Quantity.FromDecimal(5.25m),
                Quantity.FromDecimal(0.525m)), true));
        using var stranger = await stage.As(
            OrgRef.Of(new CooperativeId("LCSC")), Roles.PoolAdmin, Roles.ProgramAdmin, Roles.Coordinator, Roles.Clerk, Roles.Operator);
        var asked = 0;
        foreach (var operation in Operations())
        {
            var path = operation.Pattern.TrimStart('/').Replace("{poolId}", pool.Value, StringComparison.Ordinal)
                .Replace("{memberNo}", member.Value, StringComparison.Ordinal).Replace("{code}", code, StringComparison.Ordinal)
                .Replace("{programId}", program, StringComparison.Ordinal).Replace("{offeringId}", offering, StringComparison.Ordinal)
                .Replace("{invoice}", $"{pool}:{member}:2027-01", StringComparison.Ordinal)
                .Replace("{year}", "2027", StringComparison.Ordinal).Replace("{month}", "2027-01", StringComparison.Ordinal)
                .Replace("{asOfDay}", "2027-06-30", StringComparison.Ordinal).Replace("{reference}", "SLC-0001", StringComparison.Ordinal);
            path = string.Join('/', path.Split('/').Select(p => p.StartsWith('{') ? "X-1" : p));
            var heard = await stranger.Send(new(operation.Method), path, BodyOf(operation, member, new(program)));
            if (heard.Status == 403) continue; // members' own matters, which no staff does
            heard.Status.ShouldBe(404, $"{operation.Method} {operation.Pattern}: {heard.Text}");
            asked++;
        }

        asked.ShouldBeGreaterThan(95);
    }

    [Fact]
    public async Task its_own_staff_finds_them()
    {
        var pool = new PoolId(Stage.New("POOL"));
        using var own = await stage.As(OrgRef.Of(new CooperativeId("LCSC")), Roles.PoolAdmin);
        var opening = new PoolOpening(
            new(pool, new("LCSC"), "School pool", PoolPopulation.Schools), LiabilityRegime.PremiumOnly, new(2020, 1, 1));
        (await own.Post("pools", opening)).ShouldBe(201);
        (await own.Get($"pools/{pool}")).ShouldBe(200);
        (await own.Post("pools", opening with { Facts = opening.Facts with { Id = new(Stage.New("POOL")), Cooperative = new("SSC") } }))
            .ShouldBe(404);
        using var auditor = await stage.Auditor();
        (await auditor.Get($"pools/{pool}")).ShouldBe(200);
    }

    [Fact]
    public async Task its_lists_hold_its_own_members_pools_and_programs_and_who_takes_part_in_them()
    {
        var cooperative = new CooperativeId("NWSC");
        using var own = await stage.As(OrgRef.Of(cooperative), Roles.ProgramAdmin, Roles.PoolAdmin);
        var (theirs, _, foreign) = await stage.Offer(49m, 10, DateTimeOffset.UtcNow.AddDays(40));
        var (mine, _, offering) = await stage.Offer(49m, 10, DateTimeOffset.UtcNow.AddDays(40), admin: own);
        (await own.Post("programs", new ProgramEntry(new(Stage.New("PD")), "Not mine", ProgramKind.StudentChallenge, new("SSC"))))
            .ShouldBe(404, "not-found");
        var (number, buyer) = await stage.Asks(offering, 1); // a member of SSC
        var (stranger, other) = await stage.Asks(foreign, 1);
        var last = await stage.Node.Store.Head();
        (string, string) at = ("X-At-Least-Position", $"{last.Position}");

        var programs = (await own.Get("programs?limit=1", at)).ShouldBe(200);
        programs.Items.Select(p => (string)p["cooperative"]!).ShouldBe(["NWSC"]);
        programs.Body!["next"].ShouldBeNull("what is another's is no page of its own");
        (await own.Get("offerings", at)).Items.Select(o => (string)o["id"]!).ShouldBe([offering]);
        (await own.Get($"offerings?limit=1000", at)).Items.Count.ShouldBe(1);
        (await own.Get("enrollments", at)).Items.Select(e => (string)e["member"]!).ShouldBe([number]);
        (await own.Get($"enrollments/{offering}/{number}")).ShouldBe(200);
        (await own.Get($"enrollments/{foreign}/{stranger}")).ShouldBe(404, "not-found");
        foreach (var list in new[] { "member-invoices", "membership-years", "contribution-invoices", "pools", "teams", "certificates" })
            (await own.Get(list, at)).ShouldBe(200).Items.ShouldBeEmpty(list);

        (await theirs.Get("enrollments?limit=1000", at)).Items.Select(e => (string)e["member"]!).ShouldContain(number, "its own member");
        (await theirs.Get("programs?limit=1000", at)).Items.ShouldAllBe(p => (string)p["cooperative"]! == "SSC");
        (await buyer.Get("programs?limit=1000", at)).Items.Select(p => (string)p["cooperative"]!).Distinct().Count().ShouldBeGreaterThan(1);
        using var auditor = await stage.Auditor();
        (await auditor.Get("enrollments?limit=1000", at)).Items.Select(e => (string)e["member"]!).ShouldContain(stranger);
        foreach (var caller in new[] { theirs, buyer, other }) caller.Dispose();
        mine.ShouldBe(own);
    }

    [Fact]
    public async Task a_programs_staff_enrolls_another_cooperatives_member_in_it_and_a_third_ones_finds_neither()
    {
        using var own = await stage.As(OrgRef.Of(new CooperativeId("SWWC")), Roles.ProgramAdmin);
        using var third = await stage.As(OrgRef.Of(new CooperativeId("LCSC")), Roles.ProgramAdmin);
        var (_, _, offering) = await stage.Offer(49m, 10, DateTimeOffset.UtcNow.AddDays(40), admin: own);
        var (_, _, foreign) = await stage.Offer(49m, 10, DateTimeOffset.UtcNow.AddDays(40));
        var member = await stage.Admit(); // of SSC
        (await third.Post("enrollments", new EnrollmentEntry(new(offering), member, 2, "PO 7"))).ShouldBe(404, "not-found");
        (await own.Post("enrollments", new EnrollmentEntry(new(foreign), member, 2, "PO 7"))).ShouldBe(404, "not-found");
        (await own.Post("enrollments", new EnrollmentEntry(new(offering), member, 2, "PO 7"))).ShouldBe(201);
        (await own.Get($"enrollments/{offering}/{member}")).ShouldBe(200);
    }

    private IEnumerable<ApiOperation> Operations() => stage.Services.GetRequiredService<IEnumerable<EndpointDataSource>>()
        .SelectMany(s => s.Endpoints).Select(e => e.Metadata.GetMetadata<ApiOperation>()).OfType<ApiOperation>().Distinct()
        .Where(o => o.Tag.StartsWith("Insurance pool", StringComparison.Ordinal)
            || o.Tag is "Programs" or "Offerings" or "Enrollments" or "Teams" or "Services" or "Attendance and certificates"
                or "Calendars" or "Member invoices" or "Membership years")
        .Where(o => Named.Any(n => o.Pattern.Contains(n, StringComparison.Ordinal)) || o.Body == typeof(EnrollmentEntry)
            || o.Body == typeof(ProgramEntry) || o.Body == typeof(OfferingEntry) || o.Body == typeof(TeamEntry)
            || o.Body == typeof(SubscriptionEntry) || o.Body == typeof(ServiceUseEntry));

    private static object? BodyOf(ApiOperation operation, MemberNo member, ProgramId program) => operation.BodyExample?.Invoke() switch
    {
        ProgramEntry e => e with { Cooperative = new("SSC") },
        OfferingEntry e => e with { Terms = e.Terms with { Program = program } },
        EnrollmentEntry e => e with { Member = member },
        TeamEntry e => e with { Member = member },
        SubscriptionEntry e => e with { Member = member },
        ServiceUseEntry e => e with { Member = member },
        null when operation is { Method: "POST", BodyMedia: "multipart/form-data" } => File(),
        var example => example,
    };

    private static ByteArrayContent File()
    {
        var content = new ByteArrayContent(Encoding.ASCII.GetBytes("memberNo,month\n"));
        content.Headers.ContentType = new MediaTypeHeaderValue("text/csv");
        return content;
    }
}
