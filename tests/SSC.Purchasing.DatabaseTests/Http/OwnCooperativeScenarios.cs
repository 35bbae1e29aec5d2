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
    private static readonly string[] Named = ["{poolId}", "{memberNo}", "{invoice}"];

    [Fact]
    public async Task another_cooperatives_staff_finds_nothing_whatever_it_asks()
    {
        var (pool, member) = (new PoolId(Stage.New("POOL")), new MemberNo(Stage.New("M")));
        await Tell<Pool, Pool.Command, Pool.State, Pool.Event>(pool.Value, new Pool.Command.Open(
            new(pool, new("SSC"), "School pool", PoolPopulation.Schools), LiabilityRegime.PremiumOnly, new(2020, 1, 1), new()));
        await Tell<Member, Member.Command, Member.State, Member.Event>(member.Value, new Member.Command.Admit(
            member, new("SSC"), new("A district (demo)", MemberType.Education, MemberKind.SchoolDistrict, "Olmsted", true, 900)));
        using var stranger = await stage.As(
            OrgRef.Of(new CooperativeId("LCSC")), Roles.PoolAdmin, Roles.ProgramAdmin, Roles.Coordinator, Roles.Clerk, Roles.Operator);
        var asked = 0;
        foreach (var operation in Operations())
        {
            var path = operation.Pattern.TrimStart('/').Replace("{poolId}", pool.Value, StringComparison.Ordinal)
                .Replace("{memberNo}", member.Value, StringComparison.Ordinal)
                .Replace("{invoice}", $"{pool}:{member}:2027-01", StringComparison.Ordinal)
                .Replace("{year}", "2027", StringComparison.Ordinal).Replace("{month}", "2027-01", StringComparison.Ordinal)
                .Replace("{asOfDay}", "2027-06-30", StringComparison.Ordinal).Replace("{reference}", "SLC-0001", StringComparison.Ordinal);
            path = string.Join('/', path.Split('/').Select(p => p.StartsWith('{') ? "X-1" : p));
            var heard = await stranger.Send(new(operation.Method), path, BodyOf(operation, member));
            if (heard.Status == 403) continue; // members' own matters, which no staff does
            heard.Status.ShouldBe(404, $"{operation.Method} {operation.Pattern}: {heard.Text}");
            asked++;
        }

        asked.ShouldBeGreaterThan(70);
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

    private IEnumerable<ApiOperation> Operations() => stage.Services.GetRequiredService<IEnumerable<EndpointDataSource>>()
        .SelectMany(s => s.Endpoints).Select(e => e.Metadata.GetMetadata<ApiOperation>()).OfType<ApiOperation>().Distinct()
        .Where(o => o.Tag.StartsWith("Insurance pool", StringComparison.Ordinal)
            || o.Tag is "Enrollments" or "Teams" or "Services" or "Calendars" or "Member invoices" or "Membership years")
        .Where(o => Named.Any(n => o.Pattern.Contains(n, StringComparison.Ordinal)) || o.Body == typeof(EnrollmentEntry)
            || o.Body == typeof(TeamEntry) || o.Body == typeof(SubscriptionEntry) || o.Body == typeof(ServiceUseEntry));

    private static object? BodyOf(ApiOperation operation, MemberNo member) => operation.BodyExample?.Invoke() switch
    {
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

    private async Task Tell<TDecider, TCommand, TState, TEvent>(string key, TCommand command)
        where TDecider : IDecider<TCommand, TState, TEvent>
        where TEvent : notnull =>
        (await stage.Node.Commands.Handle<TDecider, TCommand, TState, TEvent>(
            new("mn", "test", "test", DateTimeOffset.UtcNow), key, command, default)).ShouldBeOfType<CommandOutcome.Done>();
}
