using System.Net.Http.Headers;
using System.Text;
using Shouldly;
using SSC.Purchasing.Exchange.Ach;
using SSC.Purchasing.Host.Api.Resources;
using SSC.Purchasing.InsurancePool.Pools;
using SSC.Purchasing.InsurancePool.Rules;
using SSC.Purchasing.InsurancePool.Years;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using Xunit;

namespace SSC.Purchasing.DatabaseTests.Http;

/// <summary>A pool over real HTTP: who joins, what it is rated at and why, what files bring in, and what nobody else sees.</summary>
public sealed class PoolScenarios(Stage stage) : IClassFixture<Stage>
{
    private static readonly PlanId Ppo = new("PPO-500");

    [Fact]
    public async Task X2_and_X2b_a_members_rate_is_made_adopted_explained_and_recomputed()
    {
        using var admin = await stage.As(OrgRef.Of(new CooperativeId("SSC")), Roles.PoolAdmin);
        var (pool, one, two) = await Open(admin);
        var year = $"pools/{pool}/years/2028";
        (await admin.Put(year, new YearDraft(new(2028, 1, 1), [Ppo]))).ShouldBe(200);
        (await admin.Post($"{year}/census/opening", null)).ShouldBe(200);
        var census = new CensusReport([new(Ppo, Tier.Single, 96), new(Ppo, Tier.SinglePlusOne, 34), new(Ppo, Tier.Family, 50)]);
        using var member = await stage.As(OrgRef.Of(one), Roles.MemberApprover);
        (await member.Put($"{year}/census/{one}", census)).ShouldBe(200);
        (await member.Put($"{year}/census/{two}", census)).ShouldBe(404, "not-found");
        await CensusOfAFile(admin, year, two);
        (await admin.Post($"{year}/census/lock", null)).ShouldBe(200);
        (await admin.Post($"{year}/rates", new RateProposal([Input(one), Input(two)], Factor.Of(0.065m)))).ShouldBe(200);

        (await admin.Post($"{year}/rates/adoption", new ByResolution(new("R-none")))).ShouldBe(409, "refusal:resolution-missing");
        var resolution = await Resolve($"{pool}:2028");
        (await admin.Post($"{year}/rates/adoption", new ByResolution(resolution))).ShouldBe(200);

        var why = (await member.Get($"audit/explanations/pool-rate?pool={pool}&year=2028&member={one}")).ShouldBe(200);
        why.Body!["explanation"]!["answer"]!.GetValue<string>()
            .ShouldBe("1101.62 per contract and month: 11.5 % on 988.00, where 13.69 % was needed.");
        why.Text.ShouldContain("46679.33");
        why.Text.ShouldNotContain(two.Value);
        (await member.Get($"audit/explanations/pool-rate?pool={pool}&year=2028&member={two}")).ShouldBe(404, "not-found");

        var seen = (await member.Get(year)).ShouldBe(200);
        seen.Text.ShouldNotContain("862.4");
        using var auditor = await stage.Auditor();
        var replay = (await auditor.Get($"audit/replay?stream=pool-year-{pool}:2028")).ShouldBe(200).Body!;
        (replay["decisions"].Number(), replay["differences"].Number(), replay["problems"].Number())
            .ShouldBe((2, 0, 0), replay.ToJsonString());
    }

    [Fact]
    public async Task experience_comes_in_whole_or_not_at_all_and_each_member_sees_its_own()
    {
        using var admin = await stage.As(OrgRef.Of(new CooperativeId("SSC")), Roles.PoolAdmin);
        var (pool, one, two) = await Open(admin);
        const string header = "memberNo,month,contracts,paid\n";
        var bad = await Send(
            admin, $"pools/{pool}/experience/import",
            $"{header}{one},2026-01,180,100.00\n{two},2026-13,-1,abc\nM-none,2026-01,1,1\n");
        bad.ShouldBe(409, "refusal:rows-at-fault");
        bad.Text.ShouldContain("row 3");
        using var first = await stage.As(OrgRef.Of(one), Roles.MemberApprover);
        (await first.Get($"pools/{pool}/experience/{one}")).ShouldBe(404);

        var good = $"{header}{one},2026-01,180,\"150,000.00\"\n{two},2026-01,90,70000.50\n";
        (await Send(admin, $"pools/{pool}/experience/import?dryRun=true", good)).ShouldBe(200).Body!["recorded"]!.GetValue<bool>()
            .ShouldBeFalse();
        (await Send(admin, $"pools/{pool}/experience/import", good)).ShouldBe(200);
        (await Send(admin, $"pools/{pool}/experience/import", good)).ShouldBe(200).Headers["ETag"]
            .ShouldBe("\"1\"", "the same file counts once");
        (await first.Get($"pools/{pool}/experience/{one}")).ShouldBe(200).Text.ShouldContain("150000.00");
        (await first.Get($"pools/{pool}/experience/{two}")).ShouldBe(404, "not-found");
        (await first.Get($"pools/{pool}/experience")).ShouldBe(404, "not-found");
    }

    [Fact]
    public async Task who_may_not_join_is_told_why_and_nothing_is_collected_from_nobody()
    {
        using var admin = await stage.As(OrgRef.Of(new CooperativeId("SSC")), Roles.PoolAdmin);
        var (pool, _, _) = await Open(admin);
        var city = await Admit(MemberType.Ccoga, MemberKind.City);
        (await admin.Put($"pools/{pool}/participants/{city}/application", new PoolApplication())).ShouldBe(409, "refusal:other-pool");
        (await admin.Get($"pools/{pool}/participants/{city}")).ShouldBe(404);
        var request = new AchRequest(
            new("091000019", "EXAMPLE BANK", "1410000000", "SERVICE COOP"), StructuralMap<MemberNo, BankAccount>.Empty, new(2027, 1, 5));
        (await admin.Put($"pools/{pool}/ach-files/F-1", request)).ShouldBe(409, "refusal:ach-empty");
        using var buyer = await stage.As(OrgRef.Of(city), Roles.MemberBuyer);
        (await buyer.Put($"pools/{pool}/ach-files/F-1", request)).ShouldBe(403, "forbidden");
    }

    private static RateInput Input(MemberNo member) => new(
        member, 4_320, UnitPrice.FromDollars(862.40m), Factor.Of(0.085m), 18, UnitPrice.FromDollars(71.20m), UnitPrice.FromDollars(905m),
        UnitPrice.FromDollars(111.25m), Money.FromDollars(988m), 180);

    private static async Task CensusOfAFile(Caller admin, string year, MemberNo member)
    {
        const string header = "Member #,Plan Code,Tier,Employees\n";
        (await Send(admin, $"{year}/census/import", $"{header}{member},PPO-500,Single,-4\n")).ShouldBe(409, "refusal:rows-at-fault");
        (await Send(admin, $"{year}/census/import", $"{header}{member},HMO,Single,4\n")).ShouldBe(409, "refusal:rows-at-fault")
            .Text.ShouldContain("plan-unknown");
        (await Send(admin, $"{year}/census/import", $"{header}{member},PPO-500,Single,100\n{member},PPO-500,Family,80\n"))
            .ShouldBe(200);
    }

    private static Task<Heard> Send(Caller caller, string path, string csv)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(csv));
        content.Headers.ContentType = new MediaTypeHeaderValue("text/csv");
        return caller.Post(path, content);
    }

    /// <summary>A pool with a band of five points and two participants.</summary>
    private async Task<(string Pool, MemberNo One, MemberNo Two)> Open(Caller admin)
    {
        var pool = Stage.New("POOL");
        var parameters = new PoolParameters { Rating = new() { Band = Factor.Of(0.05m) } };
        (await admin.Post("pools", new PoolOpening(
            new(new(pool), new("SSC"), "School pool", PoolPopulation.Schools), LiabilityRegime.PremiumOnly, new(2020, 1, 1), parameters)))
            .ShouldBe(201);
        var members = new List<MemberNo>();
        for (var i = 0; i < 2; i++)
        {
            var member = await Admit(MemberType.Education, MemberKind.SchoolDistrict);
            var part = $"pools/{pool}/participants/{member}";
            (await admin.Put($"{part}/application", new PoolApplication())).ShouldBe(200);
            (await admin.Post($"{part}/approval", null)).ShouldBe(200);
            (await admin.Put($"{part}/joinder", new Joinder(new(2026, 1, 1)))).ShouldBe(200);
            members.Add(member);
            await OnTheRoster(admin, pool, member);
        }

        return (pool, members[0], members[1]);
    }

    /// <summary>The saga puts a member on the roster once the joinder is signed.</summary>
    private static async Task OnTheRoster(Caller admin, string pool, MemberNo member)
    {
        for (var left = 2_000; left > 0; left--)
        {
            var seen = (await admin.Get($"pools/{pool}/participants/{member}")).ShouldBe(200);
            if (seen.Text("phase") is "active") return;
        }

        throw new TimeoutException($"{member} never became active.");
    }

    private async Task<MemberNo> Admit(MemberType type, MemberKind kind)
    {
        var member = new MemberNo(Stage.New("M"));
        (await stage.Node.Commands.Handle<Member, Member.Command, Member.State, Member.Event>(
            Context, member.Value, new Member.Command.Admit(
                member, new("SSC"),
                new($"Member {member} (demo)", type, kind, "Olmsted", true, type == MemberType.Education ? 900 : null, null)),
            default)).ShouldBeOfType<CommandOutcome.Done>();
        return member;
    }

    /// <summary>A resolution that the board adopts.</summary>
    private async Task<ResolutionId> Resolve(string subject)
    {
        var (id, today) = (new ResolutionId(Stage.New("R")), Stage.Today);
        StructuralList<PersonId> directors = [.. Enumerable.Range(1, 7).Select(n => new PersonId($"p-{n}"))];
        Resolution.Command[] commands =
        [
            new Resolution.Command.Draft(new(id, new("SSC"), ResolutionKind.RateAdoption, subject, "Rates of the school pool")),
            new Resolution.Command.Propose(today),
            new Resolution.Command.OpenRollCall(new("BM-1", today, directors, VotingRules.Customary)),
            .. directors.Take(5).Select(d => new Resolution.Command.RecordVote(d, Vote.For)),
            new Resolution.Command.CloseRollCall("BM-1", "2026-1", today),
        ];
        foreach (var command in commands)
        {
            (await stage.Node.Commands.Handle<Resolution, Resolution.Command, Resolution.State, Resolution.Event>(
                Context, id.Value, command, default)).ShouldBeOfType<CommandOutcome.Done>();
        }

        return id;
    }

    private static CommandContext Context => new("mn", "test", "test", DateTimeOffset.UtcNow);
}
