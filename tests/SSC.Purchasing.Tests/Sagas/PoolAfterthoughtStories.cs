using Shouldly;
using SSC.Purchasing.InsurancePool.Billing;
using SSC.Purchasing.InsurancePool.Distributions;
using SSC.Purchasing.InsurancePool.Enrollment;
using SSC.Purchasing.InsurancePool.Participations;
using SSC.Purchasing.InsurancePool.Rules;
using SSC.Purchasing.InsurancePool.StopLoss;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Tests.Testbed;
using Xunit;
using static SSC.Purchasing.Tests.InsurancePool.PoolSamples;
using static SSC.Purchasing.Tests.Sagas.PoolStory;

namespace SSC.Purchasing.Tests.Sagas;

/// <summary>What comes when everything seemed to be done: a denial, a payment taken back, a member put out within a year.</summary>
public class PoolAfterthoughtStories
{
    private const string CaseStream = "stop-loss-case-SCHOOL:REF-0001";
    private static readonly DateOnly Denied = new(2026, 6, 12);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task a_denial_is_brought_to_mind_five_days_before_its_appeal_runs_out_once(bool twice)
    {
        var story = await Denial(twice);
        await story.Bed.AdvanceTo(At(Denied.AddDays(24)));
        (await story.Types(CaseStream))[^1].ShouldBe("stop_loss_recovery_denied");
        await story.Bed.AdvanceTo(At(Denied.AddDays(25)));
        (await story.Types(CaseStream))[^1].ShouldBe("stop_loss_appeal_reminded");
        await Tell(story, new StopLossCase.Command.RemindOfAppeal(Denied.AddDays(30), Denied.AddDays(26)));
        await story.Bed.AdvanceTo(At(Denied.AddDays(90)));
        (await story.Types(CaseStream)).Count(t => t == "stop_loss_appeal_reminded").ShouldBe(1);
        Refusal(await story.Work.Streams.Tell(
            story.Admin, School, Ref(1), new StopLossCase.Command.Appeal(Denied.AddDays(31), 30), default)).ShouldBe("appeal-too-late");
    }

    [Fact]
    public async Task the_reminder_of_a_denial_that_was_appealed_finds_nothing_to_do_and_the_carrier_is_chased()
    {
        var story = await Denial();
        await story.Bed.AdvanceTo(At(Denied.AddDays(20)));
        await Tell(story, new StopLossCase.Command.Appeal(Denied.AddDays(20), 30));
        await story.Bed.AdvanceTo(At(Denied.AddDays(70)));
        (await story.Types(CaseStream)).TakeLast(2).ShouldBe(["stop_loss_denial_appealed", "stop_loss_carrier_chased"]);
    }

    [Fact]
    public async Task a_reminder_that_comes_when_the_days_are_over_is_not_given()
    {
        var story = await Denial();
        await story.Bed.ResumeAt(At(Denied.AddDays(45)));
        (await story.Types(CaseStream))[^1].ShouldBe("stop_loss_recovery_denied");
    }

    [Fact]
    public async Task a_second_denial_has_days_and_a_reminder_of_its_own()
    {
        var story = await Denial();
        await Tell(story, new StopLossCase.Command.Appeal(Denied.AddDays(1), 30));
        await Tell(story, new StopLossCase.Command.Deny(DenialReason.NotCovered, Denied.AddDays(10), 30));
        await story.Bed.AdvanceTo(At(Denied.AddDays(26)));
        (await story.Types(CaseStream))[^1].ShouldBe("stop_loss_recovery_denied", "the first denial's timer is of no account");
        await story.Bed.AdvanceTo(At(Denied.AddDays(36)));
        (await story.Types(CaseStream))[^1].ShouldBe("stop_loss_appeal_reminded");
    }

    [Fact]
    public async Task a_payment_that_is_taken_back_reopens_a_booked_assessment_and_the_others_take_it_over()
    {
        var story = await PoolSagaStories.Assessing(LiabilityRegime.JointAndSeveral);
        foreach (var member in Terms.Members) await Assess(story, new AssessmentRun.Command.RecordPayment(member, new(2027, 6, 10)));
        await Assess(story, new AssessmentRun.Command.Post(new(2027, 6, 11)));
        for (var time = 0; time < 2; time++)
            await Assess(story, new AssessmentRun.Command.ReversePayment(Ref(7), Three, Usd(30_000m), new(2027, 6, 14)));
        var run = await Assessment(story);
        (run.Phase, run.Shares[Three].Standing, run.Shares[Three].Paid).ShouldBe((RunPhase.Allocated, ShareStanding.Open, Money.Zero));
        Refusal(await story.Work.Streams.Tell(story.Admin, School, "A-1", new AssessmentRun.Command.Post(new(2027, 6, 15)), default))
            .ShouldBe("shares-open");
        await story.Bed.AdvanceTo(At(new(2027, 7, 14)));
        (await Assessment(story)).Shares[Three].Standing.ShouldBe(ShareStanding.Open, "it has thirty days again");
        await story.Bed.AdvanceTo(At(new(2027, 7, 16)));
        run = await Assessment(story);
        run.Shares.Values.Select(s => (s.Owed.Dollars, s.Standing)).ShouldBe(
            [(45_000m, ShareStanding.Open), (45_000m, ShareStanding.Open), (30_000m, ShareStanding.Defaulted)]);
        await PoolSagaStories.Replays(story);
    }

    [Fact]
    public async Task what_others_took_over_is_not_owed_again_by_a_member_whose_first_payment_bounces()
    {
        var story = await PoolSagaStories.Assessing(LiabilityRegime.JointAndSeveral);
        foreach (var member in new[] { One, Two }) await Assess(story, new AssessmentRun.Command.RecordPayment(member, new(2027, 6, 10)));
        await story.Bed.AdvanceTo(At(new(2027, 7, 3)));
        await Assess(story, new AssessmentRun.Command.RecordPayment(One, new(2027, 7, 5)));
        await story.Bed.AdvanceTo(At(new(2027, 8, 10)));
        (await Assessment(story)).Shares[Two].Standing.ShouldBe(ShareStanding.Defaulted, "it paid its share and not the addition");
        await Assess(story, new AssessmentRun.Command.ReversePayment(Ref(7), Two, Usd(30_000m), new(2027, 8, 11)));
        var two = (await Assessment(story)).Shares[Two];
        (two.Owed, two.Paid, two.Standing).ShouldBe((Usd(30_000m), Money.Zero, ShareStanding.Open));
        Refusal(await story.Work.Streams.Tell(
            story.Admin, School, "A-1", new AssessmentRun.Command.ReversePayment(Ref(8), Two, new(1), new(2027, 8, 12)), default))
            .ShouldBe("reversal-exceeds-paid");
    }

    [Fact]
    public async Task a_consented_share_whose_payment_is_taken_back_is_owed_again_and_nobody_else_pays_it()
    {
        var story = await PoolSagaStories.Assessing(LiabilityRegime.PremiumOnly);
        foreach (var member in Terms.Members) await Assess(story, new AssessmentRun.Command.AnswerConsent(member, true, new(2027, 6, 2)));
        await story.Bed.AdvanceTo(At(new(2027, 7, 3)));
        foreach (var member in Terms.Members) await Assess(story, new AssessmentRun.Command.RecordPayment(member, new(2027, 7, 4)));
        await Assess(story, new AssessmentRun.Command.Post(new(2027, 7, 5)));
        await Assess(story, new AssessmentRun.Command.ReversePayment(Ref(7), One, Usd(30_000m), new(2027, 7, 6)));
        await story.Bed.AdvanceTo(At(new(2027, 9, 1)));
        var run = await Assessment(story);
        (run.Phase, run.Shares[One].Standing).ShouldBe((RunPhase.Allocated, ShareStanding.Consented));
        await Assess(story, new AssessmentRun.Command.RecordPayment(One, new(2027, 9, 2)));
        await Assess(story, new AssessmentRun.Command.Post(new(2027, 9, 3)));
        (await story.Types("pool-assessment-SCHOOL:A-1"))[^1].ShouldBe("pool_assessment_posted");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task an_expelled_member_is_billed_through_its_last_day_and_credited_for_what_was_billed_after_it(bool twice)
    {
        var story = await (await Begin(deliverTwice: twice)).Bound();
        await story.Bed.AdvanceTo(At(new(2027, 4, 21))); // May is frozen and billed
        var resolution = await story.Resolve(ResolutionKind.Expulsion, "SCHOOL:M-001");
        Done(await story.Work.Board.Participation(
            story.Admin, School, One, resolution, ResolutionKind.Expulsion,
            a => new PoolParticipation.Command.Expel(new(2027, 4, 30), a), default));
        await story.Bed.RunUntilIdle();
        var ledger = await story.Work.Streams.Ledger(SagaTestbed.Tenant, School, 2027, One, default);
        (ledger.CoverageEndsOn, ledger.CountsIn(Month(2027, 4)).Total(), ledger.CountsIn(Month(2027, 5)).Total())
            .ShouldBe((new DateOnly(2027, 4, 30), 180, 0));
        await story.Bed.AdvanceTo(At(new(2027, 5, 21)));
        (await story.InvoiceState(One, Month(2027, 6))).Total.ShouldBe(Usd(-198_292.08m), "May is credited, June costs nothing");
        await story.Bed.AdvanceTo(At(new(2028, 3, 15)));
        (await story.InvoiceState(One, Month(2027, 7))).Phase.ShouldBe(ContributionPhase.Absent);
        (await story.InvoiceState(Two, Month(2027, 7))).Total.ShouldBe(Usd(198_292.08m));
        await PoolSagaStories.Replays(story);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task what_a_late_report_adds_to_december_is_collected_and_dunned_as_any_months_bill(bool twice)
    {
        const string stream = "pool-invoice-SCHOOL:M-001:2027-12:settlement";
        var story = await (await Begin(deliverTwice: twice)).Bound();
        await story.Bed.AdvanceTo(At(new(2027, 12, 10)));
        Done(await story.Work.Streams.Tell(story.Admin, School, 2027, One, new EnrollmentLedger.Command.Adjust(
            Ref(1), [new(Ppo, Tier.Single, 1)], new(2027, 12, 1), new(2027, 12, 10), ChangeReason.NewHire), default));
        await story.Bed.AdvanceTo(At(new(2028, 3, 16)));
        (await story.Types(stream)).ShouldBe(
            ["contribution_invoice_drafted", "contribution_invoice_issued", "contribution_collection_requested"]);
        var settlement = ContributionInvoice.Key(School, One, Month(2027, 12), settlement: true);
        (await story.Work.Streams.Invoice(SagaTestbed.Tenant, settlement, default)).Total.ShouldBe(Usd(652.28m));
        await story.Bed.AdvanceTo(At(new(2028, 4, 10)));
        (await story.Types(stream)).TakeLast(2).ShouldBe(["contribution_invoice_overdue", "contribution_notice_sent"]);
        Done(await story.Work.Streams.Tell(
            story.Admin, settlement, new ContributionInvoice.Command.RecordPayment(Ref(2), Usd(652.28m), new(2028, 4, 10)), default));
        await story.Bed.AdvanceTo(At(new(2028, 6, 30)));
        (await story.Types(stream))[^1].ShouldBe("contribution_payment_received");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task a_payment_that_is_taken_back_after_the_notice_is_followed_up_from_the_first_step(bool twice)
    {
        var january = Month(2027, 1);
        var story = await (await Begin(deliverTwice: twice)).Bound();
        await story.Bed.AdvanceTo(At(new(2027, 2, 1)));
        (await story.Types("pool-invoice-SCHOOL:M-001:2027-01"))[^1].ShouldBe("contribution_notice_sent");
        await story.Invoice(One, january, new ContributionInvoice.Command.RecordPayment(Ref(1), Usd(198_292.08m), new(2027, 2, 1)));
        await story.Invoice(One, january, new ContributionInvoice.Command.ReversePayment(Ref(1), new(2027, 2, 1)));
        (await story.InvoiceState(One, january)).Phase.ShouldBe(ContributionPhase.Overdue);
        await story.Bed.AdvanceTo(At(new(2027, 4, 10)));
        (await story.Types("pool-invoice-SCHOOL:M-001:2027-01")).TakeLast(6).ShouldBe(
        [
            "contribution_payment_received", "contribution_payment_reversed", "contribution_invoice_overdue", "contribution_notice_sent",
            "contribution_suspension_warned", "contribution_expulsion_proposed",
        ]);
    }

    private static async Task<PoolStory> Denial(bool twice = false)
    {
        var story = await Begin(deliverTwice: twice);
        await Tell(story, new StopLossCase.Command.Report(School, 2026, Ref(1), Usd(212_480.55m), new(), new(2026, 3, 2)));
        await Tell(story, new StopLossCase.Command.File(new(2026, 3, 3), 45));
        await story.Bed.AdvanceTo(At(Denied));
        await Tell(story, new StopLossCase.Command.Deny(DenialReason.DocumentsMissing, Denied, 30));
        return story;
    }

    private static async Task Tell(PoolStory story, StopLossCase.Command command)
    {
        Done(await story.Work.Streams.Tell(story.Admin, School, Ref(1), command, default));
        await story.Bed.RunUntilIdle();
    }

    private static async Task Assess(PoolStory story, AssessmentRun.Command command)
    {
        Done(await story.Work.Streams.Tell(story.Admin, School, "A-1", command, default));
        await story.Bed.RunUntilIdle();
    }

    private static Task<AssessmentRun.State> Assessment(PoolStory story) =>
        story.Work.Streams.Assessment(SagaTestbed.Tenant, School, "A-1", default);
}
