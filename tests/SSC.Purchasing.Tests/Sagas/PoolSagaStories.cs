using Shouldly;
using SSC.Purchasing.Audit;
using SSC.Purchasing.Host;
using SSC.Purchasing.InsurancePool.Billing;
using SSC.Purchasing.InsurancePool.Checks;
using SSC.Purchasing.InsurancePool.Distributions;
using SSC.Purchasing.InsurancePool.Offers;
using SSC.Purchasing.InsurancePool.Participations;
using SSC.Purchasing.InsurancePool.Reserves;
using SSC.Purchasing.InsurancePool.Rules;
using SSC.Purchasing.InsurancePool.StopLoss;
using SSC.Purchasing.InsurancePool.Years;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Tests.Testbed;
using Xunit;
using static SSC.Purchasing.Tests.InsurancePool.PoolSamples;
using static SSC.Purchasing.Tests.Sagas.PoolStory;

namespace SSC.Purchasing.Tests.Sagas;

/// <summary>Every branch of a pool's renewal, billing, stop-loss, sharing and withdrawal, each told as its story.</summary>
public class PoolSagaStories
{
    private static readonly CoverageMonth January = Month(2027, 1);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task a_year_is_counted_rated_adopted_offered_bound_and_begun_even_when_everything_is_delivered_twice(bool twice)
    {
        var story = await (await Begin(deliverTwice: twice)).Bound();
        (await story.YearState()).Phase.ShouldBe(YearPhase.Bound);
        (await story.OfferState(One)).Phase.ShouldBe(OfferPhase.Bound);
        await story.Bed.AdvanceTo(At(NewYear));
        (await story.YearState()).Phase.ShouldBe(YearPhase.Active);
        (await story.InvoiceState(One, January)).Total.ShouldBe(Usd(198_292.08m));
        (await story.Types("rate-stabilization-SCHOOL")).Count(t => t == "pool_reserve_drawn").ShouldBe(3, "each member's band");
        await story.Bed.AdvanceTo(At(new(2028, 7, 1)));
        (await story.YearState()).Phase.ShouldBe(YearPhase.Closed);
        await Replays(story);
    }

    [Fact]
    public async Task who_reports_no_census_stands_with_its_last_ledger()
    {
        var story = await Begin();
        await story.Bed.Given("pool-enrollment-SCHOOL:2026:M-003", new SSC.Purchasing.InsurancePool.Enrollment.EnrollmentLedger.Event
            .CountsReported(Ledger() with { Year = 2026, Member = Three, StartsOn = new(2026, 1, 1) }, Census)
        { Pool = School, Year = 2026, Member = Three });
        await story.Year(new PoolYear.Command.Draft(Terms));
        await story.Bed.AdvanceTo(At(NewYear.AddDays(-170)));
        await story.Year(new PoolYear.Command.ReportCensus(One, Census));
        await story.Bed.AdvanceTo(At(NewYear.AddDays(-149)));
        var state = await story.YearState();
        (state.CensusLocked, state.Census[Three].Defaulted, state.Census.ContainsKey(Two)).ShouldBe((true, true, false));
    }

    [Fact]
    public async Task rates_that_the_board_rejects_three_times_are_held_with_trend_and_abandoned_when_that_is_rejected_too()
    {
        var story = await (await Begin()).Rated();
        await story.Year(new PoolYear.Command.RescheduleAdoption(new(2026, 8, 25)));
        for (var round = 1; round <= 3; round++)
        {
            if (round > 1) await story.Propose();
            await story.Year(new PoolYear.Command.RejectRates(round));
        }

        var held = await story.YearState();
        (held.Phase, held.Held, held.Rates[One].Rate).ShouldBe((YearPhase.Rated, true, Usd(1_071.98m)));
        await story.Year(new PoolYear.Command.RejectRates(4));
        (await story.YearState()).Phase.ShouldBe(YearPhase.Abandoned);
    }

    [Fact]
    public async Task rates_are_adopted_by_a_resolution_on_just_them_and_by_no_other()
    {
        var story = await (await Begin()).Rated();
        var other = await story.Resolve(ResolutionKind.RateAdoption, "SCHOOL:2026");
        Refusal(await story.Work.Board.Year(
            story.Admin, School, 2027, other, ResolutionKind.RateAdoption, a => new PoolYear.Command.AdoptRates(a), default))
            .ShouldBe("resolution-missing");
        await story.Adopt();
        (await story.YearState()).Adopted!.Number.ShouldBe("2026-2");
    }

    [Fact]
    public async Task a_census_that_moves_supersedes_the_offer_and_gives_fourteen_days()
    {
        var story = await (await Begin()).Offered();
        await story.Bed.AdvanceTo(At(Deadline.AddDays(-4)));
        await story.Year(new PoolYear.Command.ReportCensus(One, [new(Ppo, Tier.Single, 150)]));
        var offer = await story.OfferState(One);
        (offer.Version, offer.Deadline, offer.Terms!.Contracts).ShouldBe((2, Deadline.AddDays(10), 150));
        Refusal(await story.Work.Streams.Tell(
            story.Admin, School, 2027, One, new RenewalOffer.Command.Accept(1, "Minute 4", story.Bed.Clock.Now), default))
            .ShouldBe("offer-version-stale");
    }

    [Fact]
    public async Task who_keeps_silent_is_reminded_twice_and_renews_as_it_is_until_the_board_says_otherwise()
    {
        var story = await (await Begin()).Offered();
        await story.Insure();
        await story.Bed.AdvanceTo(At(Deadline.AddDays(11)));
        (await story.YearState()).Phase.ShouldBe(YearPhase.Offering, "the board has ten days to reverse what silence meant");
        await story.Bed.AdvanceTo(At(Deadline.AddDays(12)));
        (await story.Types("renewal-offer-SCHOOL:2027:M-001")).ShouldBe(
        [
            "renewal_offer_issued", "renewal_offer_reminded", "renewal_offer_reminded", "renewal_offer_default_applied",
            "renewal_offer_bound",
        ]);
        (await story.YearState()).Test!.Share.Value.ShouldBe(1m);
        Refusal(await PoolSecondThoughtStories.Reverse(story, One, renews: false)).ShouldBe("offer-bound");
    }

    [Fact]
    public async Task a_late_or_repeated_deadline_changes_nothing()
    {
        var story = await (await Begin(deliverTwice: true)).Bound();
        var before = (await story.Types("renewal-offer-SCHOOL:2027:M-001")).Count;
        await story.Bed.ResumeAt(At(NewYear.AddDays(-20)));
        (await story.Types("renewal-offer-SCHOOL:2027:M-001")).Count.ShouldBe(before);
    }

    [Fact]
    public async Task silence_that_declines_fails_the_test_twice_and_the_board_lets_it_pass()
    {
        var rules = Parameters with { Rating = Parameters.Rating with { NonResponse = NonResponseRule.TreatAsDecline } };
        var story = await (await Begin(rules)).Offered(rules);
        await story.Insure();
        await story.Accept(One);
        await story.Accept(Two);
        await story.Bed.AdvanceTo(At(Deadline.AddDays(1)));
        (await story.YearState()).Test!.Passed.ShouldBeFalse("two of three members are 66 %");
        (await story.Participant(Three)).Phase.ShouldBe(ParticipationPhase.NoticeGiven);
        await story.Bed.AdvanceTo(At(Deadline.AddDays(12)));
        (await story.YearState()).Tests.ShouldBe(2);
        Done(await story.Work.Board.Year(
            story.Admin, School, 2027, await story.Resolve(ResolutionKind.PoolWaiver, "SCHOOL:2027"), ResolutionKind.PoolWaiver,
            a => new PoolYear.Command.OverrideTest(a), default));
        await story.Bed.RunUntilIdle();
        (await story.YearState()).Members.ShouldBe([One, Two]);
        await story.Bed.AdvanceTo(At(NewYear));
        (await story.Participant(Three)).Phase.ShouldBe(ParticipationPhase.RunOut);
    }

    [Fact]
    public async Task silence_is_escalated_for_a_week_and_then_renews()
    {
        var rules = Parameters with { Rating = Parameters.Rating with { NonResponse = NonResponseRule.Escalate7Days } };
        var story = await (await Begin(rules)).Offered(rules);
        await story.Bed.AdvanceTo(At(Deadline.AddDays(1)));
        (await story.OfferState(One)).Escalated.ShouldBeTrue();
        await story.Bed.AdvanceTo(At(Deadline.AddDays(9)));
        (await story.OfferState(One)).Phase.ShouldBe(OfferPhase.Accepted);
    }

    [Fact]
    public async Task a_failed_test_is_abandoned_by_the_board_and_every_offer_is_void()
    {
        var story = await (await Begin()).Offered();
        await story.Answer(Two, new RenewalOffer.Command.Decline(1, [], story.Bed.Clock.Now));
        await story.Answer(Three, new RenewalOffer.Command.Decline(1, [], story.Bed.Clock.Now));
        await story.Bed.AdvanceTo(At(Deadline.AddDays(12)));
        await story.Year(new PoolYear.Command.Abandon(AbandonReason.TooFewParticipants));
        (await story.OfferState(One)).Phase.ShouldBe(OfferPhase.Voided);
    }

    [Fact]
    public async Task rating_anew_voids_the_offers_and_makes_them_again_under_the_next_version()
    {
        var story = await (await Begin()).Offered();
        await story.Year(new PoolYear.Command.ReRate());
        (await story.OfferState(One)).Phase.ShouldBe(OfferPhase.Voided);
        await story.Propose();
        await story.Adopt();
        var again = await story.OfferState(One);
        (again.Phase, again.Version).ShouldBe((OfferPhase.Issued, 2));
    }

    [Fact]
    public async Task attestation_and_stop_loss_are_alarmed_on_their_days_block_binding_and_bind_when_they_come()
    {
        var story = await (await Begin()).Offered();
        foreach (var member in Terms.Members) await story.Accept(member);
        await story.Bed.AdvanceTo(At(NewYear.AddDays(-29)));
        var state = await story.YearState();
        (state.Phase, state.AttestationAlarmed, state.StopLossAlarmed).ShouldBe((YearPhase.Offering, true, true));
        await story.Insure();
        (await story.YearState()).Phase.ShouldBe(YearPhase.Bound);
    }

    [Fact]
    public async Task dearer_stop_loss_after_binding_is_the_reserves_and_no_rate_changes()
    {
        var story = await (await Begin()).Bound();
        var rate = (await story.OfferState(One)).Terms!.Rate;
        await story.Year(new PoolYear.Command.RepriceStopLoss(Usd(9_000m), RepricingAnswer.ReserveAbsorbs));
        (await story.Types("rate-stabilization-SCHOOL")).Count(t => t == "pool_reserve_drawn").ShouldBe(4);
        (await story.OfferState(One)).Terms!.Rate.ShouldBe(rate);
    }

    [Fact]
    public async Task when_the_board_takes_dearer_stop_loss_up_again_the_reserve_is_not_touched_and_no_rate_changes()
    {
        var story = await (await Begin()).Bound();
        var rate = (await story.OfferState(One)).Terms!.Rate;
        await story.Year(new PoolYear.Command.RepriceStopLoss(Usd(9_000m), RepricingAnswer.BoardReopens));
        (await story.Bed.Store.ReadStream(SagaTestbed.Tenant, "pool-year-SCHOOL:2027"))[^1].Fact
            .ShouldBeOfType<PoolYear.Event.StopLossRepriced>().Answer.ShouldBe(RepricingAnswer.BoardReopens);
        (await story.Types("rate-stabilization-SCHOOL")).Count(t => t == "pool_reserve_drawn").ShouldBe(3, "each member's band");
        (await story.OfferState(One)).Terms!.Rate.ShouldBe(rate);
    }

    [Fact]
    public async Task a_bill_that_bounces_is_tried_again_then_overdue_noticed_warned_and_brought_before_the_board()
    {
        var story = await (await Begin()).Bound();
        await story.Bed.AdvanceTo(At(new(2027, 1, 5)));
        var first = (await story.InvoiceState(One, January)).Trace!.Value;
        await story.Invoice(One, January, new ContributionInvoice.Command.ReturnCollection(first, "R01", new(2027, 1, 6)));
        await story.Bed.AdvanceTo(At(new(2027, 1, 11)));
        var second = (await story.InvoiceState(One, January)).Trace!.Value;
        second.ShouldNotBe(first);
        await story.Invoice(One, January, new ContributionInvoice.Command.ReturnCollection(second, "R01", new(2027, 1, 12)));
        (await story.InvoiceState(One, January)).Phase.ShouldBe(ContributionPhase.Overdue);
        await story.Bed.AdvanceTo(At(new(2027, 3, 15)));
        (await story.Types("pool-invoice-SCHOOL:M-001:2027-01")).TakeLast(4).ShouldBe(
        [
            "contribution_invoice_overdue", "contribution_notice_sent", "contribution_suspension_warned",
            "contribution_expulsion_proposed",
        ]);
        Refusal(await story.Work.Board.Participation(
            story.Admin, School, One, null, ResolutionKind.Expulsion, a => new PoolParticipation.Command.Expel(new(2027, 3, 31), a),
            default)).ShouldBe("resolution-missing");
    }

    [Fact]
    public async Task a_payment_anywhere_ends_the_dunning()
    {
        var story = await (await Begin()).Bound();
        await story.Bed.AdvanceTo(At(new(2027, 1, 20)));
        (await story.InvoiceState(One, January)).Phase.ShouldBe(ContributionPhase.Overdue);
        await story.Invoice(One, January, new ContributionInvoice.Command.RecordPayment(Ref(1), Usd(198_292.08m), new(2027, 1, 20)));
        await story.Bed.AdvanceTo(At(new(2027, 3, 15)));
        (await story.Types("pool-invoice-SCHOOL:M-001:2027-01"))[^1].ShouldBe("contribution_payment_received");
    }

    [Fact]
    public async Task a_case_above_the_specific_amount_is_filed_in_time_and_a_silent_carrier_is_chased()
    {
        var story = await Begin();
        async Task Tell(StopLossCase.Command command)
        {
            Done(await story.Work.Streams.Tell(story.Admin, School, Ref(1), command, default));
            await story.Bed.RunUntilIdle();
        }

        await Tell(new StopLossCase.Command.Report(School, 2026, Ref(1), Usd(80_000m), new(), new(2026, 3, 2)));
        await Tell(new StopLossCase.Command.Report(School, 2026, Ref(1), Usd(212_480.55m), new(), new(2026, 3, 2)));
        await story.Bed.AdvanceTo(At(new(2026, 4, 27)));
        await story.Bed.AdvanceTo(At(new(2026, 6, 12)));
        await Tell(new StopLossCase.Command.Deny(DenialReason.DocumentsMissing, new(2026, 6, 12), 30));
        await Tell(new StopLossCase.Command.Appeal(new(2026, 7, 1), 30));
        await story.Bed.AdvanceTo(At(new(2026, 7, 20)));
        await Tell(new StopLossCase.Command.Receive(Ref(2), Usd(60_000m), new(2026, 12, 2)));
        (await story.Types("stop-loss-case-SCHOOL:REF-0001")).ShouldBe(
        [
            "stop_loss_threshold_crossed", "stop_loss_threshold_crossed", "stop_loss_recovery_filed", "stop_loss_carrier_chased",
            "stop_loss_recovery_denied", "stop_loss_denial_appealed", "stop_loss_recovery_received",
        ]);
    }

    [Fact]
    public async Task the_aggregate_is_tested_with_each_import_and_filed_when_the_run_out_is_over()
    {
        var story = await (await Begin()).Bound();
        await story.Bed.AdvanceTo(At(new(2027, 6, 1)));
        await story.Experience(null, 1, new(Month(2027, 1), 540, Usd(100_000m), 2), new(Month(2027, 2), 540, Usd(2_000_000m), 3));
        await story.Bed.AdvanceTo(At(new(2028, 7, 1)));
        (await story.Types("stop-loss-case-SCHOOL:AGG-2027")).Take(2)
            .ShouldBe(["stop_loss_aggregate_tested", "stop_loss_recovery_filed"]);
    }

    [Fact]
    public async Task surplus_above_the_target_is_proposed_approved_shared_out_and_credited_on_the_next_bill()
    {
        var story = await (await Begin()).Bound();
        await story.Bed.AdvanceTo(At(new(2027, 6, 1)));
        foreach (var member in Terms.Members)
            await story.Experience(member, member.GetHashCode() & 0xFFFF, new SSC.Purchasing.InsurancePool.Experience.ExperienceMonth(
                Month(2027, 1), 180, Usd(100_000m), 0));
        await Book(story);
        var run = await story.Work.Streams.Dividend(SagaTestbed.Tenant, School, "D-20270531", default);
        run.Phase.ShouldBe(RunPhase.Proposed);
        Done(await story.Work.Board.ApproveDividend(
            story.Admin, School, "D-20270531", await story.Resolve(ResolutionKind.Distribution, "SCHOOL:D-20270531"), default));
        await story.Bed.RunUntilIdle();
        Done(await story.Work.Streams.Tell(story.Admin, School, "D-20270531", new Distribution.Command.Post(new(2027, 6, 2)), default));
        await story.Bed.AdvanceTo(At(new(2027, 6, 21)));
        run = await story.Work.Streams.Dividend(SagaTestbed.Tenant, School, "D-20270531", default);
        run.Shares.Select(s => s.Amount).Sum().ShouldBe(Usd(90_000m));
        (await story.InvoiceState(One, Month(2027, 7))).Lines.Where(l => l.Kind == LineKind.Credit).Select(l => l.Amount)
            .ShouldBe([Usd(-30_000m)]);
        await Replays(story);
    }

    [Fact]
    public async Task a_premium_only_assessment_asks_and_charges_the_reserve_with_what_is_refused_or_not_answered()
    {
        var story = await Assessing(LiabilityRegime.PremiumOnly);
        Done(await story.Work.Streams.Tell(
            story.Admin, School, "A-1", new AssessmentRun.Command.AnswerConsent(One, true, new(2027, 6, 2)), default));
        Done(await story.Work.Streams.Tell(
            story.Admin, School, "A-1", new AssessmentRun.Command.AnswerConsent(Two, false, new(2027, 6, 2)), default));
        await story.Bed.AdvanceTo(At(new(2027, 7, 3)));
        var run = await story.Work.Streams.Assessment(SagaTestbed.Tenant, School, "A-1", default);
        run.Shares.Values.Select(s => s.Standing).ShouldBe(
            [ShareStanding.Consented, ShareStanding.ChargedToReserve, ShareStanding.ChargedToReserve]);
        (await story.Bed.Store.ReadStream(SagaTestbed.Tenant, "rate-stabilization-SCHOOL"))[^1].Fact
            .ShouldBeOfType<RateStabilization.Event.Drawn>().Amount.ShouldBe(Usd(60_000m));
    }

    [Fact]
    public async Task a_joint_and_several_assessment_spreads_what_is_not_paid_over_those_that_paid()
    {
        var story = await Assessing(LiabilityRegime.JointAndSeveral);
        foreach (var member in new[] { One, Two })
        {
            Done(await story.Work.Streams.Tell(
                story.Admin, School, "A-1", new AssessmentRun.Command.RecordPayment(member, new(2027, 6, 10)), default));
        }

        await story.Bed.AdvanceTo(At(new(2027, 7, 3)));
        var run = await story.Work.Streams.Assessment(SagaTestbed.Tenant, School, "A-1", default);
        run.Shares.Values.Select(s => (s.Owed.Dollars, s.Standing)).ShouldBe(
            [(45_000m, ShareStanding.Open), (45_000m, ShareStanding.Open), (30_000m, ShareStanding.Defaulted)]);
        await Replays(story);
    }

    [Theory]
    [InlineData(LiabilityRegime.PremiumOnly, "2028-06-29")]
    [InlineData(LiabilityRegime.JointAndSeveral, "2031-01-01")]
    public async Task who_leaves_is_covered_to_the_year_end_runs_out_and_is_released_on_its_regimes_day(
        LiabilityRegime regime, string released)
    {
        var story = await Begin(regime: regime);
        await story.Bed.AdvanceTo(At(new(2027, 6, 1)));
        Done(await story.Work.Board.GiveNotice(story.Admin, School, One, new(2027, 12, 31), new(2027, 12, 31), default));
        await story.Bed.AdvanceTo(At(new(2027, 12, 31), 23));
        (await story.Participant(One)).Phase.ShouldBe(ParticipationPhase.NoticeGiven);
        await story.Bed.AdvanceTo(At(new(2028, 1, 1)));
        (await story.Participant(One)).Phase.ShouldBe(ParticipationPhase.RunOut);
        await story.Bed.AdvanceTo(At(DateOnly.Parse(released, null).AddDays(-1), 23));
        (await story.Participant(One)).Phase.ShouldBe(ParticipationPhase.RunOut);
        await story.Bed.AdvanceTo(At(DateOnly.Parse(released, null)));
        (await story.Participant(One)).Phase.ShouldBe(ParticipationPhase.Released);
        (await story.Work.Streams.Pool(SagaTestbed.Tenant, School, default)).Roster.ContainsKey(One).ShouldBeFalse();
    }

    [Fact]
    public async Task a_rescinded_notice_leaves_its_timer_behind_and_nothing_happens()
    {
        var story = await Begin();
        await story.Bed.AdvanceTo(At(new(2027, 6, 1)));
        Done(await story.Work.Board.GiveNotice(story.Admin, School, One, new(2027, 12, 31), new(2027, 12, 31), default));
        Done(await story.Work.Streams.Tell(story.Admin, School, One, new PoolParticipation.Command.RescindNotice(), default));
        await story.Bed.AdvanceTo(At(new(2028, 2, 1)));
        (await story.Participant(One)).Phase.ShouldBe(ParticipationPhase.Active);
    }

    [Fact]
    public async Task why_a_rate_is_what_it_is_is_told_from_events_and_shows_nobody_elses_experience()
    {
        var story = await (await Begin()).Rated();
        var subject = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["pool"] = "SCHOOL", ["year"] = "2027", ["member"] = "M-001",
        };
        var told = (await new WhyThisNumber(story.Bed.Store, [new RateExplained()]).Explain(
            SagaTestbed.Tenant, "pool-rate", subject, PointInHistory.TryParse(null)!))!;
        told.Explanation.Answer.ShouldBe("1101.62 per contract and month: 11.5 % on 988.00, where 13.69 % was needed.");
        told.Missing.ShouldBeEmpty();
        string.Concat(told.Evidence.Select(e => e.ToString())).ShouldNotContain("M-002");
    }

    private static async Task Book(PoolStory story)
    {
        var asOf = new DateOnly(2027, 5, 31);
        ReserveValuation.Command[] commands =
        [
            new ReserveValuation.Command.Estimate(
                School, asOf, [new(Month(2027, 5), Usd(100m), Factor.One)],
                new(2027, Usd(200_000m), Money.Zero, Usd(100_000m), Money.Zero), new()),
            new ReserveValuation.Command.Attest(new("ACT-2027"), asOf), new ReserveValuation.Command.Book(),
        ];
        foreach (var command in commands)
        {
            Done(await story.Bed.Commands
                .Handle<ReserveValuation, ReserveValuation.Command, ReserveValuation.State, ReserveValuation.Event>(
                story.Admin, ReserveValuation.Key(School, asOf), command, default));
        }

        await story.Bed.RunUntilIdle();
    }

    internal static async Task<PoolStory> Assessing(LiabilityRegime regime)
    {
        var story = await (await Begin(regime: regime)).Bound();
        await story.Bed.AdvanceTo(At(new(2027, 6, 1)));
        Done(await story.Work.Streams.Tell(
            story.Admin, School, "A-1", new AssessmentRun.Command.Propose(
                School, "A-1", Usd(90_000m), regime, new(2027, 6, 1), 30, 30), default));
        Refusal(await story.Work.Board.ApproveAssessment(story.Admin, School, "A-1", null, default)).ShouldBe("resolution-missing");
        Done(await story.Work.Board.ApproveAssessment(
            story.Admin, School, "A-1", await story.Resolve(ResolutionKind.Assessment, "SCHOOL:A-1"), default));
        await story.Bed.RunUntilIdle();
        return story;
    }

    /// <summary>Every stored decision of the story is recomputed to the same.</summary>
    internal static async Task Replays(PoolStory story)
    {
        var decisions = new List<RecomputedDecision>();
        foreach (var e in await story.Bed.Store.ReadAll(0, 10_000))
        {
            foreach (var check in Modules.Checks.Where(c => c.EventTypes.Contains(e.Type)))
                decisions.AddRange(await check.Recompute(e, story.Bed.Store, default));
        }

        decisions.ShouldNotBeEmpty();
        decisions.Where(d => !d.Agrees).ShouldBeEmpty();
    }
}
