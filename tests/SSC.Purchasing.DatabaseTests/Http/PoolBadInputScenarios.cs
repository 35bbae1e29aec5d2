using System.Text.Json.Nodes;
using Shouldly;
using SSC.Purchasing.Host.Api;
using SSC.Purchasing.Host.Api.Resources;
using SSC.Purchasing.InsurancePool.Enrollment;
using SSC.Purchasing.InsurancePool.Offers;
using SSC.Purchasing.InsurancePool.Rules;
using SSC.Purchasing.InsurancePool.StopLoss;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using Xunit;

namespace SSC.Purchasing.DatabaseTests.Http;

/// <summary>What a pool must not take in: each has a code of its own and leaves no trace.</summary>
public sealed class PoolBadInputScenarios(Stage stage) : IClassFixture<Stage>
{
    private static readonly int Year = Stage.Today.Year + 2;

    [Fact]
    public async Task an_offer_is_answered_in_time_and_by_its_live_version_or_not_at_all()
    {
        using var admin = await stage.PoolAdmin();
        var (pool, late, live) = (await stage.OpenPool(admin), await stage.Admit(), await stage.Admit());
        await Issue(pool, late, Stage.Today.AddDays(-1));
        await Issue(pool, live, Stage.Today.AddDays(20));
        using var tooLate = await stage.As(OrgRef.Of(late), Roles.MemberApprover);
        var route = $"pools/{pool}/years/{Year}/offers/{late}";
        (await tooLate.Post($"{route}/acceptance", new OfferAcceptance(1, "Minute 4"))).ShouldBe(409, "refusal:offer-deadline-passed");
        (await tooLate.Post($"{route}/decline", new OfferDecline(1))).ShouldBe(409, "refusal:offer-deadline-passed");
        (await stage.Length($"renewal-offer-{pool}:{Year}:{late}")).ShouldBe(1);

        using var member = await stage.As(OrgRef.Of(live), Roles.MemberApprover);
        route = $"pools/{pool}/years/{Year}/offers/{live}";
        (await member.Post($"{route}/acceptance", new OfferAcceptance(2, "Minute 4"))).ShouldBe(409, "refusal:offer-version-stale");
        (await member.Post($"{route}/decline", new OfferDecline(0))).ShouldBe(409, "refusal:offer-version-stale");
        (await member.Post($"{route}/acceptance", new OfferAcceptance(1, " "))).ShouldBe(409, "refusal:approval-missing");
        (await member.Post($"{route}/acceptance", new OfferAcceptance(1, new string('x', 101)))).ShouldBe(409, "refusal:approval-too-long");
        (await member.Post($"pools/{pool}/years/{Year + 1}/offers/{live}/acceptance", new OfferAcceptance(1, "Minute 4")))
            .ShouldBe(409, "refusal:offer-unknown");
        (await member.Post($"{route.Replace(live.Value, late.Value, StringComparison.Ordinal)}/acceptance", new OfferAcceptance(1, "M")))
            .ShouldBe(404, "not-found");
        (await stage.Length($"renewal-offer-{pool}:{Year}:{live}")).ShouldBe(1);
        await stage.Tell<RenewalOffer, RenewalOffer.Command, RenewalOffer.State, RenewalOffer.Event>(
            RenewalOffer.Key(new(pool), Year, live), new RenewalOffer.Command.Supersede(OfferChangeReason.CensusMoved));
        (await member.Post($"{route}/acceptance", new OfferAcceptance(1, "Minute 4"))).ShouldBe(409, "refusal:offer-superseded");
        (await stage.Length($"renewal-offer-{pool}:{Year}:{live}")).ShouldBe(2);
    }

    [Fact]
    public async Task a_change_of_counts_stays_in_the_year_above_zero_and_says_nothing_about_a_person()
    {
        using var admin = await stage.PoolAdmin();
        var (pool, member) = (await stage.OpenPool(admin), await stage.Admit());
        var route = await stage.Enrolled(pool, member, Year);
        var stream = $"pool-enrollment-{pool}:{Year}:{member}";
        var good = new EnrollmentChange(
            new("ECH-0001"), [new(PoolSetting.Ppo, Tier.Family, 1)], new(Year, 6, 1), new(Year, 6, 10), ChangeReason.NewHire);
        EnrollmentChange By(int change, Tier tier = Tier.Family) => good with { Changes = [new(PoolSetting.Ppo, tier, change)] };
        using var buyer = await stage.As(OrgRef.Of(member), Roles.MemberBuyer);
        foreach (var (code, change) in new[]
        {
            ("count-below-zero", By(-51)), ("count-out-of-range", By(1_000_000)), ("change-invalid", By(0)),
            ("change-invalid", good with { Changes = [] }), ("change-invalid", good with { Changes = [.. good.Changes, .. good.Changes] }),
            ("month-outside-year", good with { EffectiveOn = new(Year - 1, 12, 31) }),
            ("month-outside-year", good with { EffectiveOn = new(Year + 1, 1, 1) }),
            ("plan-unknown", good with { Changes = [new(new("HMO"), Tier.Family, 1)] }),
            ("report-day-invalid", good with { ReportedOn = new(Year - 3, 1, 1) }),
        })
        {
            (await buyer.Post($"{route}/changes", change)).ShouldBe(409, $"refusal:{code}");
        }

        var body = JsonNode.Parse(System.Text.Json.JsonSerializer.Serialize(good, EdgeJson.Options))!.AsObject();
        string With(string name, JsonNode? value)
        {
            var copy = body.DeepClone().AsObject();
            copy[name] = value;
            return copy.ToJsonString();
        }

        foreach (var (name, value) in new (string, JsonNode?)[]
        {
            ("note", "J. Doe is ill"), ("reason", "J. Doe is ill"), ("reference", "J. Doe 1970"), ("effectiveOn", $"{Year}-13-01"),
            ("changes", "two"),
        })
        {
            (await buyer.Post($"{route}/changes", With(name, value))).ShouldBe(400, "malformed");
        }

        (await admin.Post($"{route}/retro-waiver", new RetroWaiver(new("ECH-0009"), new("R-none"))))
            .ShouldBe(409, "refusal:nothing-denied");
        (await buyer.Post($"pools/{pool}/years/{Year + 1}/enrollment/{member}/changes", good)).ShouldBe(409, "refusal:ledger-unknown");
        (await stage.Length(stream)).ShouldBe(1, "nothing is recorded");
        await stage.Tell<EnrollmentLedger, EnrollmentLedger.Command, EnrollmentLedger.State, EnrollmentLedger.Event>(
            EnrollmentLedger.Key(new(pool), Year, member), new EnrollmentLedger.Command.EndCoverage(new(Year, 5, 31)));
        (await buyer.Post($"{route}/changes", good)).ShouldBe(409, "refusal:coverage-ended");
        (await stage.Length(stream)).ShouldBe(2);
    }

    [Fact]
    public async Task a_file_counts_once_and_a_row_that_the_pool_refuses_keeps_the_whole_file_out()
    {
        using var admin = await stage.PoolAdmin();
        var (pool, member) = (await stage.OpenPool(admin), await stage.Admit());
        await stage.Enrolled(pool, member, Year);
        var (route, stream) = ($"pools/{pool}/years/{Year}/enrollment/import", $"pool-enrollment-{pool}:{Year}:{member}");
        const string header = "memberNo,reference,plan,tier,change,effectiveOn,reportedOn,reason\n";
        string Row(int reference, int change, string from) =>
            $"{member},ECH-{reference:0000},PPO-500,Family,{change},{from},{Year}-06-10,NewHire\n";
        foreach (var (code, bad) in new[]
        {
            ("count-below-zero", Row(2, -60, $"{Year}-06-01")), ("month-outside-year", Row(2, 1, $"{Year + 1}-02-01")),
            ("date-unknown", Row(2, 1, $"{Year}-13-01")), ("not-a-whole-number", Row(2, 1, $"{Year}-06-01").Replace(",1,", ",one,",
                StringComparison.Ordinal)),
            ("reference-not-opaque", Row(2, 1, $"{Year}-06-01").Replace("ECH-0002", "J. Doe", StringComparison.Ordinal)),
        })
        {
            var answer = (await admin.SendFile(route, header + Row(1, 1, $"{Year}-06-01") + bad)).ShouldBe(409, "refusal:rows-at-fault");
            answer.Text.ShouldContain(code);
            (await stage.Length(stream)).ShouldBe(1, code);
        }

        (await admin.SendFile(route, header)).ShouldBe(409, "refusal:list-empty");
        var good = header + Row(1, 1, $"{Year}-06-01") + Row(2, 1, $"{Year}-06-01");
        (await admin.SendFile(route, good)).ShouldBe(200);
        (await admin.SendFile(route, good)).ShouldBe(200);
        (await stage.Length(stream)).ShouldBe(3, "the file again changes nothing");
        using var other = await stage.As(OrgRef.Of(member), Roles.MemberBuyer);
        (await other.SendFile(route, good)).ShouldBe(403, "forbidden");
    }

    [Fact]
    public async Task the_claim_side_takes_amounts_and_opaque_references_and_no_text()
    {
        using var admin = await stage.PoolAdmin();
        var pool = await stage.OpenPool(admin);
        await stage.Join(admin, pool);
        var year = $"pools/{pool}/years/{Year}";
        (await admin.Put(year, new YearDraft(new(Year, 1, 1), [PoolSetting.Ppo]))).ShouldBe(200);
        var cases = $"{year}/stop-loss-cases";
        var report = new CaseReport(Money.FromDollars(80_000m), Stage.Today);
        (await admin.Post($"{cases}/J-Doe-1970", report)).ShouldBe(400, "malformed");
        (await admin.Post($"{cases}/SLC-0001", new { paid = new { amount = "80000.00", currency = "USD" }, on = Stage.Today, name = "J." }))
            .ShouldBe(400, "malformed");
        (await admin.Post($"{cases}/SLC-0001", report with { Paid = Money.FromDollars(-1m) })).ShouldBe(409, "refusal:amount-invalid");
        (await admin.Post($"pools/{pool}/stop-loss/SLC-0001/filing", new OnDay(Stage.Today))).ShouldBe(409, "refusal:case-unknown");
        (await admin.Post($"pools/{pool}/stop-loss/SLC-0001/denial", new { reason = "ill since May", on = Stage.Today }))
            .ShouldBe(400, "malformed");
        (await stage.Length($"stop-loss-case-{pool}:SLC-0001")).ShouldBe(0);
        (await admin.Post($"{cases}/SLC-0001", report)).ShouldBe(200);
        (await admin.Post($"{cases}/SLC-0001", report with { Paid = Money.FromDollars(70_000m) })).ShouldBe(409, "refusal:paid-falls");
        (await admin.Post($"pools/{pool}/stop-loss/SLC-0001/denial", new CarrierDenial(DenialReason.Late, Stage.Today)))
            .ShouldBe(409, "refusal:case-not-filed");
        (await admin.Post($"pools/{pool}/stop-loss/SLC-0001/appeal", new OnDay(Stage.Today))).ShouldBe(409, "refusal:case-not-denied");
        (await stage.Length($"stop-loss-case-{pool}:SLC-0001")).ShouldBe(1);

        const string header = "memberNo,month,contracts,paid\n";
        foreach (var (code, row) in new[]
        {
            ("month-unknown", ",2025-13,10,1.00"), ("month-in-future", $",{Year}-01,10,1.00"), ("amount-unknown", ",2025-01,10,much"),
            ("count-out-of-range", ",2025-01,-10,1.00"), ("not-a-participant", "M-none,2025-01,10,1.00"),
        })
        {
            (await admin.SendFile($"pools/{pool}/experience/import", $"{header}{row}\n")).ShouldBe(409, "refusal:rows-at-fault")
                .Text.ShouldContain(code);
        }

        (await admin.Get($"pools/{pool}/experience")).ShouldBe(404, "not-found");
    }

    [Fact]
    public async Task a_census_takes_whole_counts_of_the_years_plans_from_its_participants()
    {
        using var admin = await stage.PoolAdmin();
        var pool = await stage.OpenPool(admin);
        var (member, stranger) = (await stage.Join(admin, pool), await stage.Admit());
        var year = $"pools/{pool}/years/{Year}";
        (await admin.Put(year, new YearDraft(new(Year, 1, 1), [PoolSetting.Ppo]))).ShouldBe(200);
        CensusReport Of(int contracts, string plan = "PPO-500") => new([new(new(plan), Tier.Single, contracts)]);
        (await admin.Put($"{year}/census/{member}", Of(10))).ShouldBe(409, "refusal:census-not-open");
        (await admin.Post($"{year}/census/opening", null)).ShouldBe(200);
        (await admin.Put($"{year}/census/{member}", Of(-1))).ShouldBe(409, "refusal:count-out-of-range");
        (await admin.Put($"{year}/census/{member}", Of(1, "HMO"))).ShouldBe(409, "refusal:plan-unknown");
        (await admin.Put($"{year}/census/{member}", new CensusReport([.. Of(1).Counts, .. Of(2).Counts])))
            .ShouldBe(409, "refusal:cell-repeated");
        (await admin.Put($"{year}/census/{member}", """{"counts":[{"plan":"PPO-500","tier":"single","contracts":1.5}]}"""))
            .ShouldBe(400, "malformed");
        (await admin.Put($"{year}/census/{stranger}", Of(10))).ShouldBe(409, "refusal:not-a-participant");
        (await admin.Put($"pools/{pool}/years/20280", new YearDraft(new(Year, 1, 1), [PoolSetting.Ppo]))).ShouldBe(400, "malformed");
        (await admin.Put($"pools/{pool}/years/{Year + 1}", new YearDraft(new(Year, 1, 1), [PoolSetting.Ppo])))
            .ShouldBe(409, "refusal:terms-invalid");
        (await admin.Post($"{year}/census/lock", null)).ShouldBe(409, "refusal:census-empty");
        (await stage.Length($"pool-year-{pool}:{Year}")).ShouldBe(2);
    }

    [Theory]
    [InlineData(MemberType.NonProfit, MemberKind.NonProfit, "not-a-public-employer")]
    [InlineData(MemberType.Associate, MemberKind.NonpublicSchool, "not-a-public-employer")]
    [InlineData(MemberType.Ccoga, MemberKind.County, "other-pool")]
    [InlineData(MemberType.Associate, MemberKind.CharterSchool, "board-decision-needed")]
    public async Task who_is_not_eligible_is_told_why_and_no_application_is_there(MemberType type, MemberKind kind, string code)
    {
        using var admin = await stage.PoolAdmin();
        var (pool, member) = (await stage.OpenPool(admin), await stage.Admit(type, kind));
        var route = $"pools/{pool}/participants/{member}";
        (await admin.Put($"{route}/application", new PoolApplication())).ShouldBe(409, $"refusal:{code}");
        (await admin.Post($"{route}/approval", null)).ShouldBe(409, "refusal:participation-unknown");
        (await admin.Put($"{route}/notice", new WithdrawalNotice(new(Year, 12, 31), new(Year, 12, 31))))
            .ShouldBe(409, "refusal:participation-unknown");
        (await stage.Length($"pool-participation-{pool}:{member}")).ShouldBe(0);
    }

    private Task Issue(string pool, MemberNo member, DateOnly deadline) =>
        stage.Tell<RenewalOffer, RenewalOffer.Command, RenewalOffer.State, RenewalOffer.Event>(
            RenewalOffer.Key(new(pool), Year, member),
            new RenewalOffer.Command.Issue(new(pool), Year, member, PoolScenarios.Offer(member), deadline));
}
