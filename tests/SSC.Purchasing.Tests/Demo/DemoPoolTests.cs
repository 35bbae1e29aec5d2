using Shouldly;
using SSC.Purchasing.InsurancePool.Billing;
using SSC.Purchasing.InsurancePool.Distributions;
using SSC.Purchasing.InsurancePool.Offers;
using SSC.Purchasing.InsurancePool.Rules;
using SSC.Purchasing.InsurancePool.Years;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Programs;
using Xunit;

namespace SSC.Purchasing.Tests.Demo;

/// <summary>Every branch of pools, programs and governance can be opened and followed event by event in the demo.</summary>
public class DemoPoolTests
{
    [Theory]
    [InlineData("R1, a whole year", "pool-year-SCHOOL:2025", "drafted census_opened census_locked rates_proposed rates_adopted "
        + "offering_started participation_tested year_bound year_activated year_run_out_started year_closed")]
    [InlineData("R1, rejected, no quorum, a census that moves, alarms, a dearer stop-loss", "pool-year-SCHOOL:2026",
        "census_defaulted rates_reviewed rates_rejected rates_proposed adoption_rescheduled rates_adopted census_moved "
        + "attestation_overdue participation_tested stop_loss_overdue stop_loss_bound year_bound year_activated stop_loss_repriced "
        + "stop_loss_changed")]
    [InlineData("R1, too few, extended, enough", "pool-year-CCOGA:2026",
        "participation_tested offering_extended participation_tested year_bound year_activated")]
    [InlineData("R1, too few twice, the board lets it pass", "pool-year-CCOGA:2027",
        "participation_tested offering_extended participation_tested participation_overridden year_bound")]
    [InlineData("R1, no rates ever", "pool-year-TOWNS:2027",
        "rates_rejected rates_rejected rates_rejected rates_proposed rates_rejected year_abandoned")]
    [InlineData("R1, quoted again", "renewal-offer-SCHOOL:2026:M-002", "issued superseded reissued accepted bound")]
    [InlineData("R1, taken back and given again", "renewal-offer-SCHOOL:2026:M-004", "accepted acceptance_withdrawn accepted bound")]
    [InlineData("R1, silent until the timer", "renewal-offer-SCHOOL:2026:M-021", "reminded reminded default_applied bound")]
    [InlineData("R1, leaves", "renewal-offer-SCHOOL:2026:M-022", "issued declined")]
    [InlineData("R1, a default set aside", "renewal-offer-SCHOOL:2026:M-023", "default_applied default_reversed")]
    [InlineData("R1, may not leave yet", "renewal-offer-SCHOOL:2026:M-025", "decline_refused default_applied bound")]
    [InlineData("R3, told, filed by itself, chased, paid in part", "stop-loss-case-SCHOOL:SLC-0001",
        "threshold_crossed threshold_crossed recovery_filed carrier_chased recovery_received")]
    [InlineData("R3, denied, brought to mind and appealed", "stop-loss-case-SCHOOL:SLC-0002",
        "recovery_filed recovery_denied appeal_reminded denial_appealed recovery_received")]
    [InlineData("R3, the aggregate", "stop-loss-case-SCHOOL:AGG-2025", "aggregate_tested aggregate_tested")]
    [InlineData("R4, a dividend", "pool-distribution-SCHOOL:D-20260228", "proposed approved allocated posted")]
    [InlineData("R4, by consent", "pool-assessment-SCHOOL:A-1",
        "proposed approved allocated consent_given consent_refused consents_closed posted payment_reversed paid posted")]
    [InlineData("R4, one for the other", "pool-assessment-TOWNS:A-1", "allocated paid paid respread paid paid posted")]
    [InlineData("R5, to the end", "pool-participation-SCHOOL:M-022",
        "withdrawal_noticed participant_withdrawn reentry_barred run_out_started run_out_closed liability_released")]
    [InlineData("R5, too late", "pool-participation-SCHOOL:M-020", "withdrawal_rejected")]
    [InlineData("R5, rescinded", "pool-participation-SCHOOL:M-021", "withdrawal_noticed notice_rescinded")]
    [InlineData("R5, admitted when its papers came", "pool-participation-SCHOOL:M-025", "applied rejected applied approved activated")]
    [InlineData("a change outside the window", "pool-enrollment-SCHOOL:2025:M-001",
        "counts_adjusted month_frozen counts_adjusted retro_outside_window retro_waived enrollment_closed")]
    [InlineData("P1, parts, skips, an offer that ran out, a larger room", "offering-WS-line",
        "waitlist_offered offer_declined head_skipped offer_accepted offer_expired capacity_changed offer_accepted")]
    [InlineData("P1, run out, offered again at the tail, run out for good; closed with a line", "offering-WS-cutoff",
        "waitlist_joined waitlist_offered offer_expired waitlist_offered offer_expired cutoff_reached completed")]
    [InlineData("P1, a hold that ran out; P3, run anyway", "offering-WS-anyway", "hold_expired below_minimum runs_anyway completed")]
    [InlineData("P2, opened in rounds", "offering-KB-practice", "request_collected round_drawn")]
    [InlineData("P3, put off and cancelled", "offering-WS-few", "below_minimum decision_extended below_minimum cancelled")]
    [InlineData("P3, merged", "offering-WS-merge-1", "below_minimum merge_proposed cancelled")]
    [InlineData("P4, given up and held", "seat-enrollment-WS-held:M-004", "seats_confirmed seats_reduced")]
    [InlineData("P4, a discount given up", "seat-enrollment-WS-few:M-009", "seats_confirmed seats_reduced called_off")]
    [InlineData("clock hours", "attendance-WS-held", "attendance_opened attendance_marked attendance_closed")]
    [InlineData("P4, called off", "seat-enrollment-WS-ill:M-014", "called_off")]
    public async Task a_branch_can_be_followed(string branch, string stream, string steps)
    {
        var (log, _) = await DemoInMemory.Made;
        var types = log.Events.Where(e => e.Stream == stream).Select(e => e.Type).ToList();
        types.ShouldNotBeEmpty(branch);
        types.ShouldTake(steps, (type, step) => type.EndsWith(step, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("R1, silence declines; all asked anew", "renewal-offer-VISION:",
        "issued reminded default_applied voided reissued accepted bound")]
    [InlineData("R1, silence asked once more", "renewal-offer-HEARING:", "issued reminded escalated default_applied voided")]
    [InlineData("R1, too few twice, rated anew; R1, the carrier wants more and goes", "pool-year-VISION:",
        "participation_tested offering_extended participation_tested year_re_rated rates_proposed rates_adopted offering_started "
        + "participation_tested year_bound year_activated stop_loss_repriced stop_loss_changed")]
    [InlineData("R1, too few twice, given up", "pool-year-HEARING:",
        "participation_tested offering_extended participation_tested year_abandoned")]
    [InlineData("R4, a dividend given up", "pool-distribution-SCHOOL:", "proposed cancelled")]
    [InlineData("R4, a counter-run", "pool-distribution-SCHOOL:D-20260228-2", "proposed approved allocated posted")]
    [InlineData("R4, nothing to share by", "pool-assessment-HEARING:A-1", "proposed approved cancelled")]
    [InlineData("R5, put out", "pool-participation-VISION:", "activated participant_expelled participant_withdrawn reentry_barred")]
    [InlineData("a pool's end", "insurance-pool-HEARING", "pool_opened pool_closed released run_off_started pool_dissolved")]
    [InlineData("a certificate that holds no more", "certificate-", "certificate_issued certificate_revoked")]
    public async Task a_branch_is_taken_by_somebody(string branch, string streams, string steps)
    {
        var (log, _) = await DemoInMemory.Made;
        var stories = log.Events.Where(e => e.Stream.StartsWith(streams, StringComparison.Ordinal)).GroupBy(e => e.Stream)
            .Select(g => g.Select(e => e.Type).ToList()).ToList();
        stories.ShouldContain(
            story => DemoSteps.Takes(story, steps), $"{branch}:\n{string.Join('\n', stories.Select(s => string.Join(' ', s)))}");
    }

    [Fact]
    public async Task the_answers_that_the_branches_are_named_for_are_the_ones_given()
    {
        var (log, _) = await DemoInMemory.Made;
        var facts = log.Events.Select(e => e.Fact).ToList();
        facts.OfType<RenewalOffer.Event.DefaultApplied>().Select(f => (f.Pool.Value, f.Rule, f.Renews)).Distinct().ShouldBe(
            [
                ("SCHOOL", NonResponseRule.RenewAsIs, true), ("VISION", NonResponseRule.TreatAsDecline, false),
                ("HEARING", NonResponseRule.Escalate7Days, true),
            ], ignoreOrder: true);
        facts.OfType<PoolYear.Event.StopLossRepriced>().Select(f => f.Answer)
            .ShouldBe([RepricingAnswer.BoardReopens, RepricingAnswer.ReserveAbsorbs], ignoreOrder: true);
        facts.OfType<PoolYear.Event.StopLossChanged>().Select(f => f.Change).ShouldContain(StopLossChange.Terminated);
        facts.OfType<Distribution.Event.Proposed>().Count(f => f.Corrects is not null).ShouldBe(1);
        facts.OfType<Distribution.Event.Allocated>().Last().Shares.Select(s => s.Amount).Sum().ShouldBe(Money.FromDollars(-5_000m));
        facts.OfType<PoolYear.Event.YearAbandoned>().Select(f => f.Reason).ShouldContain(AbandonReason.TooFewParticipants);
    }

    [Fact]
    public async Task every_step_of_an_unpaid_bill_is_there_and_a_return_after_it_was_paid()
    {
        var (log, _) = await DemoInMemory.Made;
        var bills = log.Events.Where(e => e.KeyIn(ContributionInvoice.Category) is not null).GroupBy(e => e.Stream)
            .Select(g => string.Join(' ', g.Select(e => e.Type.Replace("contribution_", "", StringComparison.Ordinal)))).ToHashSet();
        string Has(string steps) => bills.FirstOrDefault(b => b.Contains(steps, StringComparison.Ordinal)).ShouldNotBeNull(steps);
        Has("collection_requested payment_received");
        Has("ach_returned collection_requested payment_received");
        Has("ach_returned invoice_overdue notice_sent suspension_warned expulsion_proposed payment_received");
        Has("payment_received ach_returned");
    }

    [Fact]
    public async Task something_waits_for_a_visitor()
    {
        var (log, _) = await DemoInMemory.Made;
        var next = SSC.Purchasing.Host.Demo.DemoPools.NextYear(DemoInMemory.Today).Year;
        var offer = log.Events.Where(e => e.Stream == $"renewal-offer-SCHOOL:{next}:M-001").Select(e => (RenewalOffer.Event)e.Fact)
            .Aggregate(RenewalOffer.Initial, RenewalOffer.Evolve);
        offer.Phase.ShouldBe(OfferPhase.Issued);
        offer.Deadline.ShouldBeGreaterThan(BusinessCalendar.LocalDate(DemoInMemory.Today));
        var conference = log.Events.Where(e => e.Stream == "offering-CONF-1").Select(e => (SeatLedger.Event)e.Fact)
            .Aggregate(SeatLedger.Initial, SeatLedger.Evolve);
        conference.Phase.ShouldBe(OfferingPhase.Open);
        conference.Free.ShouldNotBe(0);
    }

    [Fact]
    public async Task the_invoices_of_all_members_carry_every_charge_once_and_balance()
    {
        var (log, _) = await DemoInMemory.Made;
        var charged = log.Events.Select(e => e.Fact).OfType<MemberInvoice.Event.Charged>()
            .Where(c => c.Charge.Source is ChargeSource.Program or ChargeSource.Service).Select(c => c.Charge.Amount).Sum();
        charged.ShouldBe(log.Events.SelectMany(ProgramCharges.Of).Select(c => c.Amount).Sum());
        var contributions = log.Events.Select(e => e.Fact).OfType<ContributionInvoice.Event.Issued>().Select(i => i.Total).Sum();
        log.Events.Select(e => e.Fact).OfType<MemberInvoice.Event.Charged>().Select(c => c.Charge)
            .Where(c => c.Source == ChargeSource.Pool && c.Reference.Split(':')[0] is not ("assessment" or "dividend"))
            .Select(c => c.Amount).Sum().ShouldBe(contributions);
        log.Events.Select(e => e.Fact).OfType<MemberInvoice.Event.CarriedOver>().ShouldNotBeEmpty();
    }
}
