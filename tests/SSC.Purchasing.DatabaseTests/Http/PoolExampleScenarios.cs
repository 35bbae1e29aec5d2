using System.Globalization;
using System.Text.Json.Nodes;
using Shouldly;
using SSC.Purchasing.DatabaseTests.Runtime;
using SSC.Purchasing.Host.Api.Resources;
using SSC.Purchasing.InsurancePool.Distributions;
using SSC.Purchasing.InsurancePool.Enrollment;
using SSC.Purchasing.InsurancePool.Reserves;
using SSC.Purchasing.InsurancePool.Rules;
using SSC.Purchasing.InsurancePool.StopLoss;
using SSC.Purchasing.InsurancePool.Years;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using Xunit;

namespace SSC.Purchasing.DatabaseTests.Http;

/// <summary>The worked examples of the pools over real HTTP, each under its key; X2 is in <see cref="PoolScenarios"/>.</summary>
public sealed class PoolExampleScenarios(Stage stage) : IClassFixture<Stage>
{
    private static readonly int LastYear = Stage.Today.Year - 1;

    [Fact]
    public async Task X1_a_thousand_dollars_by_equal_premiums_is_shared_to_the_cent()
    {
        using var admin = await stage.PoolAdmin();
        var (pool, members) = await Assessed(admin, 1_000m, (100m, 0m), (100m, 0m), (100m, 0m));
        var run = await Run(admin, $"pools/{pool}/assessments", "A-1", "allocated");
        members.Select(m => run["shares"]![m.Value]!["share"]!["amount"].Dollars()).ShouldBe(["333.34", "333.33", "333.33"]);
        (await admin.Post($"pools/{pool}/assessments", new AssessmentProposal("A-2", Money.FromDollars(-0.05m), Stage.Today)))
            .ShouldBe(409, "refusal:amount-invalid");
    }

    [Fact]
    public async Task X3_an_offer_states_tier_rates_that_bring_the_composite_rate_and_is_answered_once_by_its_version()
    {
        using var admin = await stage.PoolAdmin();
        var pool = await stage.OpenPool(admin, parameters: new() { Rating = new() { Band = Factor.Of(0.05m) } });
        var member = await stage.Join(admin, pool);
        var start = Soon();
        var year = $"pools/{pool}/years/{start.Year}";
        (await admin.Put(year, new YearDraft(start, [PoolSetting.Ppo]))).ShouldBe(200);
        (await admin.Post($"{year}/census/opening", null)).ShouldBe(200);
        (await admin.Put($"{year}/census/{member}", new CensusReport(PoolSetting.Counted))).ShouldBe(200);
        (await admin.Post($"{year}/census/lock", null)).ShouldBe(200);
        (await admin.Post($"{year}/rates", new RateProposal([PoolScenarios.Input(member)], Factor.Of(0.065m)))).ShouldBe(200);
        using var approver = await stage.As(OrgRef.Of(member), Roles.MemberApprover);
        var offer = $"{year}/offers/{member}";
        (await approver.Get(offer)).ShouldBe(404, "not-found"); // nothing is offered before the board adopted the rates
        (await admin.Post($"{year}/rates/adoption", new ByResolution(
            await stage.Resolve(ResolutionKind.RateAdoption, $"{pool}:{start.Year}")))).ShouldBe(200);
        await Until.True(async () => (await approver.Get(offer)).Status == 200, "the offer goes out by itself");

        var tiers = (await approver.Get(offer)).ShouldBe(200).Body!["terms"]!["tiers"]!;
        tiers["rates"].Amounts("rate").ShouldBe([652.28m, 1_304.55m, 1_826.37m]);
        (tiers["base"].Dollars(), tiers["month"].Dollars(), tiers["rounding"].Dollars()).ShouldBe(("652.275", "198292.08", "0.48"));
        (await approver.Post($"{offer}/acceptance", new OfferAcceptance(2, "Minute 4"))).ShouldBe(409, "refusal:offer-version-stale");
        var accepted = (await approver.Post($"{offer}/acceptance", new OfferAcceptance(1, "Minute 4"))).ShouldBe(200);
        (await approver.Post($"{offer}/acceptance", new OfferAcceptance(1, "Minute 4"))).ShouldBe(200).Headers["ETag"]
            .ShouldBe(accepted.Headers["ETag"], "accepted once");
        using var auditor = await stage.Auditor();
        (await auditor.Get($"audit/replay?stream=renewal-offer-{pool}:{start.Year}:{member}")).ShouldBe(200).Body!["isClean"]!
            .GetValue<bool>().ShouldBeTrue();
    }

    [Fact]
    public async Task X4_what_is_reported_in_July_is_credited_for_June_and_July_and_denied_for_the_months_before()
    {
        using var admin = await stage.PoolAdmin();
        var (pool, member, year) = (await stage.OpenPool(admin), await stage.Admit(), Stage.Today.Year + 2);
        var ledger = await stage.Enrolled(pool, member, year, PartialMonthRule.FullMonth, frozen: 7);
        var change = new EnrollmentChange(
            new("ECH-0001"), [new(PoolSetting.Ppo, Tier.Family, -1), new(PoolSetting.Ppo, Tier.Single, 1)], new(year, 3, 1),
            new(year, 7, 10), ChangeReason.FamilyChange);
        using var buyer = await stage.As(OrgRef.Of(member), Roles.MemberBuyer);
        for (var time = 0; time < 2; time++) (await buyer.Post($"{ledger}/changes", change)).ShouldBe(200);
        var seen = (await buyer.Get(ledger)).ShouldBe(200).Body!;
        Months(seen["pending"]).ShouldBe([$"{year}-06", $"{year}-07"]);
        seen["pending"].Amounts().Sum().ShouldBe(-2_348.18m);
        Months(seen["denied"]!["ECH-0001"]).ShouldBe([$"{year}-03", $"{year}-04", $"{year}-05"]);
        seen["denied"]!["ECH-0001"].Amounts().Sum().ShouldBe(-3_522.27m);
        var waiver = new RetroWaiver(new("ECH-0001"), new("R-none"));
        (await admin.Post($"{ledger}/retro-waiver", waiver)).ShouldBe(409, "refusal:resolution-missing");
        var resolution = await stage.Resolve(ResolutionKind.RetroWaiver, $"{pool}:{year}:{member}");
        (await admin.Post($"{ledger}/retro-waiver", waiver with { Resolution = resolution })).ShouldBe(200);
        (await buyer.Get(ledger)).Body!["pending"].Amounts().Sum().ShouldBe(-5_870.45m);
        using var auditor = await stage.Auditor();
        (await auditor.Get($"audit/replay?stream=pool-enrollment-{pool}:{year}:{member}")).ShouldBe(200).Body!["isClean"]!
            .GetValue<bool>().ShouldBeTrue();
    }

    [Theory]
    [InlineData(PartialMonthRule.PerDay, 652.28)]
    [InlineData(PartialMonthRule.ByFifteenth, 0)]
    [InlineData(PartialMonthRule.FullMonth, 1_304.55)]
    public async Task X4b_a_contract_from_the_sixteenth_of_June_costs_what_the_pools_rule_says(PartialMonthRule rule, double june)
    {
        using var admin = await stage.PoolAdmin();
        var (pool, member, year) = (await stage.OpenPool(admin), await stage.Admit(), Stage.Today.Year + 2);
        var ledger = await stage.Enrolled(pool, member, year, rule, frozen: 6);
        (await admin.Post($"{ledger}/changes", new EnrollmentChange(
            new("ECH-0001"), [new(PoolSetting.Ppo, Tier.SinglePlusOne, 1)], new(year, 6, 16), new(year, 6, 16), ChangeReason.NewHire)))
            .ShouldBe(200);
        (await admin.Get(ledger)).ShouldBe(200).Body!["pending"].Amounts().Sum().ShouldBe((decimal)june);
    }

    [Fact]
    public async Task X5_completion_factors_say_what_is_incurred_and_not_paid()
    {
        using var admin = await stage.PoolAdmin();
        var pool = await stage.OpenPool(admin);
        var valuation = $"pools/{pool}/valuations/{LastYear}-04-30";
        PaidMonth Paid(int month, decimal paid, decimal completion) =>
            new(new(LastYear, month), Money.FromDollars(paid), Factor.Of(completion));
        (await admin.Put(valuation, new ValuationEstimate(
            [Paid(1, 412_300.10m, .992m), Paid(2, 388_940.55m, .961m), Paid(3, 301_877.20m, .842m), Paid(4, 96_412.75m, .287m)],
            new(LastYear, Money.Zero, Money.Zero, Money.Zero, Money.Zero)))).ShouldBe(200);
        (await admin.Post($"{valuation}/booking", null)).ShouldBe(409, "refusal:attestation-missing");
        JsonNode? estimate = null;
        await Until.True(async () =>
            (estimate = (await admin.Get($"pools/{pool}/valuations")).ShouldBe(200).Items.SingleOrDefault()?["estimate"]) is not null,
            "the valuation is listed");
        estimate!["months"].Amounts("unpaid").ShouldBe([3_325.00m, 15_784.27m, 56_646.79m, 239_520.18m]);
        (estimate["unpaid"].Dollars(), estimate["paid"].Dollars(), estimate["incurred"].Dollars())
            .ShouldBe(("315276.24", "1199530.60", "1514806.84"));
    }

    [Fact]
    public async Task X6_and_X6b_a_case_is_told_at_half_filed_above_it_and_the_aggregate_pays_what_is_left()
    {
        using var admin = await stage.PoolAdmin();
        var pool = await stage.OpenPool(admin, parameters: new() { StopLoss = new() { AppealDays = 10 } });
        var member = await stage.Join(admin, pool);
        var year = $"pools/{pool}/years/{LastYear}";
        (await admin.Put(year, new YearDraft(new(LastYear, 1, 1), [PoolSetting.Ppo]))).ShouldBe(200);
        (await admin.Post($"{year}/census/opening", null)).ShouldBe(200);
        (await admin.Put($"{year}/census/{member}", new CensusReport([new(PoolSetting.Ppo, Tier.Single, 4_600)]))).ShouldBe(200);
        (await admin.Put($"{year}/stop-loss", new StopLossCover(
            new("CAR-2026"), Money.FromDollars(150_000m), UnitPrice.FromDollars(1_012.40m), Factor.Of(1.25m)))).ShouldBe(200);

        var day = new DateOnly(LastYear, 5, 3);
        CaseReport Cost(decimal paid) => new(Money.FromDollars(paid), day);
        (await admin.Post($"{year}/stop-loss-cases/SLC-0001", Cost(74_999.99m))).ShouldBe(200);
        (await stage.Length($"stop-loss-case-{pool}:SLC-0001")).ShouldBe(0, "below half of the specific amount nobody is told");
        (await admin.Post($"{year}/stop-loss-cases/SLC-0001", Cost(75_000m))).ShouldBe(200);
        (await admin.Post($"pools/{pool}/stop-loss/SLC-0001/filing", new OnDay(day))).ShouldBe(409, "refusal:nothing-to-file");
        (await admin.Post($"{year}/stop-loss-cases/SLC-0001", Cost(212_480.55m))).ShouldBe(200);
        (await stage.Recorded($"stop-loss-case-{pool}:SLC-0001", "stop_loss_threshold_crossed")).Count.ShouldBe(2);
        await Case(
            admin, year, c => c["reference"]!.GetValue<string>() is "SLC-0001" && c["recoverable"].Dollars() == "62480.55");
        (await admin.Post($"pools/{pool}/stop-loss/SLC-0001/filing", new OnDay(day))).ShouldBe(200);
        (await admin.Post($"pools/{pool}/stop-loss/SLC-0001/denial", new CarrierDenial(DenialReason.DocumentsMissing, day))).ShouldBe(200);
        (await Case(admin, year, c => c["reference"]!.GetValue<string>() is "SLC-0001" && c["appealBy"] is not null))["appealBy"]!
            .GetValue<string>().ShouldBe($"{LastYear}-05-13", "ten days, as this pool's rules say");
        var appeal = $"pools/{pool}/stop-loss/SLC-0001/appeal";
        (await admin.Post(appeal, new OnDay(day.AddDays(11)))).ShouldBe(409, "refusal:appeal-too-late");
        (await admin.Post(appeal, new OnDay(day.AddDays(10)))).ShouldBe(200);
        MoneyReceived Came(int number, decimal amount) => new(new($"REC-{number:0000}"), Money.FromDollars(amount), day.AddDays(30));
        var recoveries = $"pools/{pool}/stop-loss/SLC-0001/recoveries";
        (await admin.Post(recoveries, Came(1, 62_480.56m))).ShouldBe(409, "refusal:recovery-exceeds-filed");
        (await admin.Post(recoveries, Came(1, 62_480.55m))).ShouldBe(200);

        // The rest of what was recovered for single cases: 1,486,220.40 in all.
        (await admin.Post($"{year}/stop-loss-cases/SLC-0002", Cost(1_573_739.85m))).ShouldBe(200);
        (await admin.Post($"pools/{pool}/stop-loss/SLC-0002/filing", new OnDay(day))).ShouldBe(200);
        (await admin.Post($"pools/{pool}/stop-loss/SLC-0002/recoveries", Came(2, 1_423_739.85m))).ShouldBe(200);
        var months = Enumerable.Range(1, 12).Select(m => string.Create(
            CultureInfo.InvariantCulture, $",{LastYear}-{m:00},4600,{(m == 12 ? 6_008_694.84m : 6_008_694.85m)}\n"));
        (await admin.SendFile($"pools/{pool}/experience/import", $"memberNo,month,contracts,paid\n{string.Concat(months)}")).ShouldBe(200);
        var aggregate = (await Case(admin, year, c => c["aggregate"] is not null))["aggregate"]!;
        new[] { "attachmentPepm", "attachment", "net", "excess" }.Select(figure => aggregate[figure].Dollars())
            .ShouldBe(["1265.50", "69855600.00", "70618117.79", "762517.79"]);
    }

    [Fact]
    public async Task X7_a_dividend_is_limited_by_losses_shared_out_booked_and_corrected_by_a_counter_run()
    {
        using var admin = await stage.PoolAdmin();
        var pool = await stage.OpenPool(admin, parameters: new() { Sharing = new() { LossLimit = Factor.Of(0.95m) } });
        var members = await stage.Brought(
            pool, LastYear, (1_840_200m, 1_502_116.25m), (912_450m, 1_010_400.10m), (402_118m, 280_004.75m), (233_900m, 410_000m),
            (96_420m, 61_233.40m));
        var valuation = $"pools/{pool}/valuations/{LastYear}-12-31";
        (await admin.Put(valuation, new ValuationEstimate(
            [new(new(LastYear, 12), Money.FromDollars(1m), Factor.One)],
            new(LastYear, Money.Zero, Money.Zero, Money.FromDollars(250_000m), Money.Zero)))).ShouldBe(200);
        (await admin.Post($"{valuation}/attestation", new ActuaryAttestation(new("ACT-2026"), Stage.Today))).ShouldBe(200);
        (await admin.Post($"{valuation}/booking", null)).ShouldBe(200);

        var (runs, id) = ($"pools/{pool}/distributions", $"D-{LastYear}1231");
        await Run(admin, runs, id, "proposed");
        (await admin.Post($"{runs}/{id}/approval", new ByResolution(new("R-none")))).ShouldBe(409, "refusal:resolution-missing");
        await Approve(admin, runs, pool, id, ResolutionKind.Distribution);
        var shared = (await Run(admin, runs, id, "allocated"))["shares"];
        shared.Amounts().ShouldBe([152_923.41m, 20_636.15m, 55_234.76m, 5_289.93m, 15_915.75m]);
        using var second = await stage.As(OrgRef.Of(members[1]), Roles.MemberApprover);
        (await second.Get(runs)).Items.Single()["shares"].Amounts().ShouldBe([20_636.15m], "a member sees its own share only");

        var counter = new CounterRun("D-COUNTER", Money.FromDollars(240_000m));
        (await admin.Post($"{runs}/{id}/counter-run", counter)).ShouldBe(409, "refusal:run-not-booked");
        (await admin.Post($"{runs}/D-none/counter-run", counter)).ShouldBe(404, "not-found");
        (await admin.Post($"{runs}/{id}/posting", new OnDay(Stage.Today))).ShouldBe(200);
        (await admin.Post($"{runs}/{id}/cancellation", new Distribution.Command.Cancel(RunCancellation.Corrected)))
            .ShouldBe(409, "refusal:run-posted");
        (await admin.Post($"{runs}/{id}/counter-run", counter with { Amount = Money.Zero })).ShouldBe(409, "refusal:amount-invalid");
        (await admin.Post($"{runs}/{id}/counter-run", counter)).ShouldBe(200);
        await Approve(admin, runs, pool, "D-COUNTER", ResolutionKind.Distribution);
        var corrected = await Run(admin, runs, "D-COUNTER", "allocated");
        corrected["proposal"]!["corrects"]!.GetValue<string>().ShouldBe(id);
        corrected["shares"].Amounts().Sum().ShouldBe(-10_000m, "what was shared too much comes back");
        corrected["shares"].Amounts()[0].ShouldBe(-6_116.94m);
        (await second.Get(runs)).Items.ShouldAllBe(
            r => r["shares"]!.AsArray().Count == 1 && r["proposal"]!["before"]!.AsArray().Count <= 1);
        using var auditor = await stage.Auditor();
        foreach (var run in new[] { id, "D-COUNTER" })
        {
            (await auditor.Get($"audit/replay?stream=pool-distribution-{pool}:{run}")).ShouldBe(200).Body!["isClean"]!
                .GetValue<bool>().ShouldBeTrue(run);
        }
    }

    [Fact]
    public async Task X8_who_does_not_pay_is_paid_for_by_the_others_and_a_payment_taken_back_is_owed_again()
    {
        using var admin = await stage.PoolAdmin();
        var (pool, members) = await Assessed(
            admin, 186_420.17m, (1_840_200m, 0m), (912_450m, 0m), (402_118m, 0m), (233_900m, 0m));
        var (runs, payments) = ($"pools/{pool}/assessments", $"pools/{pool}/assessments/A-1/payments");
        string[] Owed(JsonNode run) => [.. members.Select(m => run["shares"]![m.Value]!["owed"].Dollars())];
        Owed(await Run(admin, runs, "A-1", "allocated")).ShouldBe(["101234.59", "50196.44", "22121.64", "12867.50"]);
        foreach (var member in members[..3]) (await admin.Post($"{payments}/{member}", new OnDay(Stage.Today))).ShouldBe(200);
        (await admin.Post($"{runs}/A-1/posting", new OnDay(Stage.Today))).ShouldBe(409, "refusal:shares-open");
        await stage.Tell<AssessmentRun, AssessmentRun.Command, AssessmentRun.State, AssessmentRun.Event>(
            $"{pool}:A-1", new AssessmentRun.Command.DeclareDefaults(Stage.Today.AddDays(31)));
        var spread = await Run(admin, runs, "A-1", "allocated", r => Standing(r, members[3]) is "defaulted");
        Owed(spread)[..3].ShouldBe(["108740.30", "53918.09", "23761.78"]);
        foreach (var member in members[..3]) (await admin.Post($"{payments}/{member}", new OnDay(Stage.Today))).ShouldBe(200);
        (await admin.Post($"{runs}/A-1/posting", new OnDay(Stage.Today))).ShouldBe(200);

        PaymentReversal Back(string reference, decimal amount) => new(new(reference), Money.FromDollars(amount), Stage.Today);
        (await admin.Post($"{payments}/{members[0]}/reversal", Back("REV-0001", 108_740.31m)))
            .ShouldBe(409, "refusal:reversal-exceeds-paid");
        (await admin.Post($"{payments}/{members[0]}/reversal", new { reference = "from J. Doe", amount = "1", on = Stage.Today }))
            .ShouldBe(400, "malformed");
        for (var time = 0; time < 2; time++)
            (await admin.Post($"{payments}/{members[0]}/reversal", Back("REV-0001", 7_505.71m))).ShouldBe(200);
        var again = await Run(admin, runs, "A-1", "allocated", r => Standing(r, members[0]) is "open");
        again["shares"]![members[0].Value]!["paid"].Dollars().ShouldBe("101234.59");
        using var auditor = await stage.Auditor();
        (await auditor.Get($"audit/replay?stream=pool-assessment-{pool}:A-1")).ShouldBe(200).Body!["isClean"]!.GetValue<bool>()
            .ShouldBeTrue();
    }

    [Theory]
    [InlineData(4_310, 290, 520, OfferOutcome.Accepted, true, 0.8984)]
    [InlineData(4_310, 290, 520, OfferOutcome.Declined, false, 0.8418)]
    [InlineData(4_310, 290, 5, OfferOutcome.Accepted, true, null)] // five contracts could be found by subtracting
    [InlineData(3, 2, 0, OfferOutcome.Accepted, false, null)]
    public async Task X9_the_participation_test_is_public_but_for_cells_below_eleven(
        int accept, int silent, int decline, OfferOutcome silence, bool passed, double? share)
    {
        using var admin = await stage.PoolAdmin();
        var (pool, start) = (new PoolId(await stage.OpenPool(admin)), Soon());
        MemberNo[] members = [new(Stage.New("M")), new(Stage.New("M")), new(Stage.New("M"))];
        var key = PoolYear.Key(pool, start.Year);
        await stage.Given(
            $"pool-year-{key}",
            new PoolYear.Event.Drafted(new(pool, start.Year, start, [PoolSetting.Ppo], [.. members], LiabilityRegime.PremiumOnly, 1,
                new() { Rating = new() { ParticipationMembers = 1 } })),
            new PoolYear.Event.OfferingStarted(Stage.Today.AddDays(14), [.. members]));
        OfferStanding Stands(int at, int contracts, OfferOutcome outcome) =>
            new(members[at], contracts, Money.FromDollars(1_000m), outcome, at == 1, 0);
        await stage.Tell<PoolYear, PoolYear.Command, PoolYear.State, PoolYear.Event>(key, new PoolYear.Command.TestParticipation(
            1, [Stands(0, accept, OfferOutcome.Accepted), Stands(1, silent, silence), Stands(2, decline, OfferOutcome.Declined)],
            Stage.Today));
        using var anyMember = await stage.As(OrgRef.Of(await stage.Admit()), Roles.MemberBuyer);
        var seen = (await anyMember.Get($"pools/{pool}/years/{start.Year}")).ShouldBe(200);
        var test = seen.Body!["test"]!;
        test["passed"]!.GetValue<bool>().ShouldBe(passed);
        if (share is { } shown)
        {
            test["share"].Number().ShouldBe((decimal)shown);
            (test["offered"].Number(), test["bound"].Number()).ShouldBe((5_120m, silence == OfferOutcome.Accepted ? 4_600m : 4_310m));
        }
        else
        {
            (test["share"], test["offered"], test["bound"]).ShouldBe((null, null, null));
        }

    }

    [Fact]
    public async Task X10_who_is_out_on_the_last_day_of_2027_runs_out_in_June_and_is_liable_for_three_fund_years()
    {
        using var admin = await stage.PoolAdmin();
        var pool = await stage.OpenPool(admin, LiabilityRegime.JointAndSeveral);
        var member = await stage.Join(admin, pool);
        var expulsion = new PoolExpulsion(new(2027, 12, 31), new("R-none"));
        (await admin.Post($"pools/{pool}/participants/{member}/expulsion", expulsion)).ShouldBe(409, "refusal:resolution-missing");
        (await admin.Post($"pools/{pool}/participants/{member}/expulsion", expulsion with
        {
            Resolution = await stage.Resolve(ResolutionKind.Expulsion, $"{pool}:{member}"),
        })).ShouldBe(200);
        var left = (await admin.Get($"pools/{pool}/participants/{member}")).ShouldBe(200).Body!;
        (left["runOutEnds"]!.GetValue<string>(), left["liableUntil"]!.GetValue<string>()).ShouldBe(("2028-06-28", "2030-12-31"));
    }

    [Fact]
    public async Task X11_a_dissolved_pool_is_shared_by_member_months_and_premium_above_the_community_rate()
    {
        using var admin = await stage.PoolAdmin();
        var pool = await stage.OpenPool(admin);
        var resolution = await stage.Resolve(ResolutionKind.PoolChange, pool);
        var dissolution = new PoolDissolution(
            Money.FromDollars(1_000_000m),
            [
                new(new("M-1"), 118_800, Money.Zero), new(new("M-2"), 64_200, Money.FromDollars(41_250m)),
                new(new("M-3"), 21_000, Money.FromDollars(8_750m)),
            ], resolution);
        (await admin.Post($"pools/{pool}/dissolution", dissolution)).ShouldBe(409, "refusal:pool-not-in-run-off");
        (await admin.Post($"pools/{pool}/closing", new ByResolution(resolution))).ShouldBe(200);
        (await admin.Post($"pools/{pool}/run-off", null)).ShouldBe(200);
        (await admin.Post($"pools/{pool}/dissolution", dissolution)).ShouldBe(200);
        var shares = (await stage.Recorded($"insurance-pool-{pool}", "pool_dissolved")).Single().ToJsonString();
        foreach (var cents in new[] { "40764706", "46779412", "12455882" }) shares.ShouldContain(cents);
        using var auditor = await stage.Auditor();
        (await auditor.Get($"audit/replay?stream=insurance-pool-{pool}")).ShouldBe(200).Body!["isClean"]!.GetValue<bool>().ShouldBeTrue();
    }

    /// <summary>The first of a month that offers of a year beginning then go out for at once, and can still be answered.</summary>
    internal static DateOnly Soon()
    {
        var day = Stage.Today.AddDays(90);
        return day.Day == 1 ? day : new DateOnly(day.Year, day.Month, 1).AddMonths(1);
    }

    private static string? Standing(JsonNode run, MemberNo member) => (string?)run["shares"]![member.Value]!["standing"];

    private static string[] Months(JsonNode? lines) =>
        [.. lines!.AsArray().Select(l => l!["month"]!.GetValue<string>()).Distinct(StringComparer.Ordinal)];

    /// <summary>An assessment, approved, of a pool whose members answer for each other.</summary>
    private async Task<(string Pool, MemberNo[] Members)> Assessed(
        Caller admin, decimal deficit, params (decimal Premium, decimal Losses)[] each)
    {
        var pool = await stage.OpenPool(admin, LiabilityRegime.JointAndSeveral);
        var members = await stage.Brought(pool, LastYear, each);
        (await admin.Post($"pools/{pool}/assessments", new AssessmentProposal(
            "A-1", Money.FromDollars(deficit), new(LastYear, 12, 31)))).ShouldBe(200);
        await Approve(admin, $"pools/{pool}/assessments", pool, "A-1", ResolutionKind.Assessment);
        return (pool, members);
    }

    private async Task Approve(Caller admin, string runs, string pool, string id, ResolutionKind kind) =>
        (await admin.Post($"{runs}/{id}/approval", new ByResolution(await stage.Resolve(kind, $"{pool}:{id}")))).ShouldBe(200);

    /// <summary>A run as the list shows it, as soon as it is in a phase.</summary>
    private static async Task<JsonNode> Run(Caller admin, string runs, string id, string phase, Func<JsonNode, bool>? and = null)
    {
        JsonNode? found = null;
        await Until.True(async () =>
        {
            found = (await admin.Get(runs)).ShouldBe(200).Items.SingleOrDefault(r => (string?)r["proposal"]?["id"] == id);
            return found is not null && (string?)found["phase"] == phase && and?.Invoke(found) != false;
        }, $"{id} is {phase}");
        return found!;
    }

    private static async Task<JsonNode> Case(Caller admin, string year, Func<JsonNode, bool> which)
    {
        JsonNode? found = null;
        await Until.True(async () =>
        {
            found = (await admin.Get($"{year}/stop-loss-cases")).ShouldBe(200).Items.Select(i => i["case"]!).FirstOrDefault(which);
            return found is not null;
        }, "the case is listed");
        return found!;
    }
}
