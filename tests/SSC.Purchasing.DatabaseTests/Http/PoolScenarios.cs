using Shouldly;
using SSC.Purchasing.Exchange.Ach;
using SSC.Purchasing.Host.Api.Resources;
using SSC.Purchasing.InsurancePool.Offers;
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
    [Fact]
    public async Task X2_and_X2b_a_members_rate_is_made_adopted_explained_and_recomputed()
    {
        using var admin = await stage.PoolAdmin();
        var (pool, one, two) = await Open(admin);
        var year = $"pools/{pool}/years/2028";
        (await admin.Put(year, new YearDraft(new(2028, 1, 1), [PoolSetting.Ppo]))).ShouldBe(200);
        (await admin.Post($"{year}/census/opening", null)).ShouldBe(200);
        var census = new CensusReport(PoolSetting.Counted);
        using var member = await stage.As(OrgRef.Of(one), Roles.MemberApprover);
        (await member.Put($"{year}/census/{one}", census)).ShouldBe(200);
        (await member.Put($"{year}/census/{two}", census)).ShouldBe(404, "not-found");
        await CensusOfAFile(admin, year, two);
        (await admin.Post($"{year}/census/lock", null)).ShouldBe(200);
        (await admin.Post($"{year}/rates", new RateProposal([Input(one), Input(two)], Factor.Of(0.065m)))).ShouldBe(200);

        (await admin.Post($"{year}/rates/adoption", new ByResolution(new("R-none")))).ShouldBe(409, "refusal:resolution-missing");
        var resolution = await stage.Resolve(ResolutionKind.RateAdoption, $"{pool}:2028");
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
    public async Task who_is_silent_when_the_census_is_locked_by_hand_stands_with_its_last_ledger()
    {
        using var admin = await stage.PoolAdmin();
        var (pool, one, two) = await Open(admin);
        await stage.Enrolled(pool, two, 2027);
        var year = $"pools/{pool}/years/2028";
        (await admin.Put(year, new YearDraft(new(2028, 1, 1), [PoolSetting.Ppo]))).ShouldBe(200);
        (await admin.Post($"{year}/census/opening", null)).ShouldBe(200);
        (await admin.Put($"{year}/census/{one}", new CensusReport(PoolSetting.Counted))).ShouldBe(200);
        (await admin.Post($"{year}/census/lock", null)).ShouldBe(200);
        (await admin.Post($"{year}/census/lock", null)).ShouldBe(200);
        var silent = (await stage.Node.Store.ReadStream("mn", $"pool-year-{pool}:2028"))
            .Select(e => e.Fact).OfType<PoolYear.Event.CensusDefaulted>().Single();
        (silent.Member, silent.Counts).ShouldBe((two, PoolSetting.Counted));
        (await admin.Post($"{year}/rates", new RateProposal([Input(one), Input(two)], Factor.Of(0.065m)))).ShouldBe(200);
        (await admin.Post($"pools/{pool}/years/2029/census/lock", null)).ShouldBe(409, "refusal:pool-year-unknown");
    }

    [Fact]
    public async Task experience_comes_in_whole_or_not_at_all_and_each_member_sees_its_own()
    {
        using var admin = await stage.PoolAdmin();
        var (pool, one, two) = await Open(admin);
        const string header = "memberNo,month,contracts,paid\n";
        var bad = await admin.SendFile(
            $"pools/{pool}/experience/import",
            $"{header}{one},2026-01,180,100.00\n{two},2026-13,-1,abc\nM-none,2026-01,1,1\n");
        bad.ShouldBe(409, "refusal:rows-at-fault");
        bad.Text.ShouldContain("row 3");
        using var first = await stage.As(OrgRef.Of(one), Roles.MemberApprover);
        (await first.Get($"pools/{pool}/experience/{one}")).ShouldBe(404);

        var good = $"{header}{one},2026-01,180,\"150,000.00\"\n{two},2026-01,90,70000.50\n";
        (await admin.SendFile($"pools/{pool}/experience/import?dryRun=true", good)).ShouldBe(200).Body!["recorded"]!.GetValue<bool>()
            .ShouldBeFalse();
        (await admin.SendFile($"pools/{pool}/experience/import", good)).ShouldBe(200);
        (await admin.SendFile($"pools/{pool}/experience/import", good)).ShouldBe(200).Headers["ETag"]
            .ShouldBe("\"1\"", "the same file counts once");
        (await first.Get($"pools/{pool}/experience/{one}")).ShouldBe(200).Text.ShouldContain("150000.00");
        (await first.Get($"pools/{pool}/experience/{two}")).ShouldBe(404, "not-found");
        (await first.Get($"pools/{pool}/experience")).ShouldBe(404, "not-found");
    }

    [Fact]
    public async Task who_may_not_join_is_told_why_and_nothing_is_collected_from_nobody()
    {
        using var admin = await stage.PoolAdmin();
        var (pool, _, _) = await Open(admin);
        var city = await stage.Admit(MemberType.Ccoga, MemberKind.City);
        (await admin.Put($"pools/{pool}/participants/{city}/application", new PoolApplication())).ShouldBe(409, "refusal:other-pool");
        (await admin.Get($"pools/{pool}/participants/{city}")).ShouldBe(404);
        var request = new AchRequest(
            new("091000019", "EXAMPLE BANK", "1410000000", "SERVICE COOP"), StructuralMap<MemberNo, BankAccount>.Empty, new(2027, 1, 5));
        (await admin.Put($"pools/{pool}/ach-files/F-1", request)).ShouldBe(409, "refusal:ach-empty");
        using var buyer = await stage.As(OrgRef.Of(city), Roles.MemberBuyer);
        (await buyer.Put($"pools/{pool}/ach-files/F-1", request)).ShouldBe(403, "forbidden");
    }

    internal static RateInput Input(MemberNo member) => new(
        member, 4_320, UnitPrice.FromDollars(862.40m), Factor.Of(0.085m), 18, UnitPrice.FromDollars(71.20m), UnitPrice.FromDollars(905m),
        UnitPrice.FromDollars(111.25m), Money.FromDollars(988m), 180);

    /// <summary>What a member is offered by the worked examples' figures.</summary>
    internal static OfferTerms Offer(MemberNo member) => OfferTerms.Of(
        RateCalculation.Of(Input(member), new(), Factor.Of(0.065m)), new(PoolSetting.Counted, false), new());

    private static async Task CensusOfAFile(Caller admin, string year, MemberNo member)
    {
        const string header = "Member #,Plan Code,Tier,Employees\n";
        (await admin.SendFile($"{year}/census/import", $"{header}{member},PPO-500,Single,-4\n")).ShouldBe(409, "refusal:rows-at-fault");
        (await admin.SendFile($"{year}/census/import", $"{header}{member},HMO,Single,4\n")).ShouldBe(409, "refusal:rows-at-fault")
            .Text.ShouldContain("plan-unknown");
        (await admin.SendFile($"{year}/census/import", $"{header}{member},PPO-500,Single,100\n{member},PPO-500,Family,80\n"))
            .ShouldBe(200);
    }

    /// <summary>A pool with a band of five points and two participants.</summary>
    private async Task<(string Pool, MemberNo One, MemberNo Two)> Open(Caller admin)
    {
        var pool = await stage.OpenPool(admin, parameters: new() { Rating = new() { Band = Factor.Of(0.05m) } });
        return (pool, await stage.Join(admin, pool), await stage.Join(admin, pool));
    }
}
