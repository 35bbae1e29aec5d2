using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using SSC.Purchasing.InsurancePool.Billing;
using SSC.Purchasing.InsurancePool.Distributions;
using SSC.Purchasing.InsurancePool.Enrollment;
using SSC.Purchasing.InsurancePool.Experience;
using SSC.Purchasing.InsurancePool.Offers;
using SSC.Purchasing.InsurancePool.Participations;
using SSC.Purchasing.InsurancePool.Pools;
using SSC.Purchasing.InsurancePool.Reserves;
using SSC.Purchasing.InsurancePool.Rules;
using SSC.Purchasing.InsurancePool.StopLoss;
using SSC.Purchasing.InsurancePool.Years;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Tests.Testbed;
using Xunit;
using static SSC.Purchasing.Tests.InsurancePool.PoolSamples;

namespace SSC.Purchasing.Tests.InsurancePool;

public class LeavingSpecs
    : SpecFor<PoolParticipation, PoolParticipation.Command, PoolParticipation.State, PoolParticipation.Event>
{
    private static readonly DateOnly Exit = new(2027, 12, 31);

    internal static History Noticed(LiabilityRegime regime, DateOnly exit) => Active(regime)
        .After(new PoolParticipation.Command.GiveNotice(new(2027, 6, 1), exit, exit, Money.Zero));

    private static History Active(LiabilityRegime regime = LiabilityRegime.PremiumOnly) => Given()
        .After(new PoolParticipation.Command.Apply(School, One, new(2026, 3, 1), null)).After(new PoolParticipation.Command.Approve())
        .After(new PoolParticipation.Command.SignJoinder(NewYear, regime, new())).After(new PoolParticipation.Command.Activate());

    private static History Left() => Noticed(LiabilityRegime.PremiumOnly, Exit)
        .After(new PoolParticipation.Command.Withdraw(new(2028, 1, 1))).After(new PoolParticipation.Command.StartRunOut());

    [Fact]
    public void an_ineligible_member_is_refused_with_what_membership_says() =>
        When(new PoolParticipation.Command.Apply(School, One, NewYear, new("not-a-public-employer", "Pools are for public employers.")))
            .Refuses("not-a-public-employer");

    [Fact]
    public void what_the_bylaws_leave_to_the_board_is_admitted_by_resolution_only()
    {
        var why = new Refusal("board-decision-needed", "The board decides.");
        When(new PoolParticipation.Command.Apply(School, One, NewYear, why)).Refuses("board-decision-needed");
        When(new PoolParticipation.Command.Apply(School, One, NewYear, why, Adopted(ResolutionKind.PoolChange, "SCHOOL:M-009")))
            .Refuses("resolution-other-subject");
        When(new PoolParticipation.Command.Apply(School, One, NewYear, why, Adopted(ResolutionKind.PoolChange, "SCHOOL:M-001")))
            .ShouldBeAccepted().Count.ShouldBe(1);
    }

    [Fact]
    public void a_notice_out_of_time_within_the_minimum_term_or_with_debts_is_recorded_as_rejected_with_every_reason() =>
        Active().When(new PoolParticipation.Command.GiveNotice(new(2027, 6, 1), new(2027, 6, 30), Exit, Usd(12m)))
            .RecordsOne(e => e as PoolParticipation.Event.WithdrawalRejected).Reasons
            .ShouldBe([NoticeFault.NotAtYearEnd, NoticeFault.TooLate, NoticeFault.MinimumTerm, NoticeFault.Debt]);

    [Fact]
    public void an_accepted_notice_is_rescinded_by_the_board_only()
    {
        var noticed = Noticed(LiabilityRegime.PremiumOnly, Exit).After(new PoolParticipation.Command.AcceptNotice());
        noticed.When(new PoolParticipation.Command.RescindNotice()).Refuses("resolution-missing");
        noticed.When(new PoolParticipation.Command.RescindNotice(Adopted(ResolutionKind.PoolWaiver, "SCHOOL:M-001")))
            .ShouldBeAccepted().Count.ShouldBe(1);
    }

    [Fact]
    public void nobody_is_expelled_without_a_resolution_on_just_that()
    {
        Active().When(new PoolParticipation.Command.Expel(new(2027, 6, 30), null)).Refuses("resolution-missing");
        Active().When(new PoolParticipation.Command.Expel(new(2027, 6, 30), Adopted(ResolutionKind.RateAdoption, "SCHOOL:M-001")))
            .Refuses("resolution-other-kind");
    }

    [Fact]
    public void coming_back_is_barred_for_twelve_months_and_not_before_the_release()
    {
        Left().When(new PoolParticipation.Command.Apply(School, One, new(2028, 3, 1), null)).Refuses("liability-open");
        var released = Left().After(new PoolParticipation.Command.CloseRunOut(new(2028, 6, 29)))
            .After(new PoolParticipation.Command.Release(new(2028, 6, 29)));
        released.When(new PoolParticipation.Command.Apply(School, One, new(2028, 12, 31), null)).Refuses("reentry-barred");
        released.When(new PoolParticipation.Command.Apply(School, One, new(2029, 1, 1), null)).ShouldBeAccepted().Count.ShouldBe(1);
    }
}

public class DividendSpecs : SpecFor<Distribution, Distribution.Command, Distribution.State, Distribution.Event>
{
    internal static readonly Distribution.Command Approve =
        new Distribution.Command.Approve(Adopted(ResolutionKind.Distribution, "SCHOOL:D-1"));

    internal static Distribution.Command.Propose Propose(Money amount) => new(
        School, "D-1", amount, new(2027, 12, 31), Usd(1_000_000m), Usd(600_000m), new(2027, 12, 31), DistributionMethod.CreditMemo);

    internal static DividendHistory Approved(Money amount) => new(Given().After(Propose(amount)).After(Approve));

    internal sealed record DividendHistory(History Of)
    {
        public Decision<Distribution.Event> When(Distribution.Command command) => Of.When(command);
    }

    [Fact]
    public void no_more_is_shared_than_lies_above_the_target() => When(Propose(Usd(400_000.01m))).Refuses("surplus-below-target");

    [Fact]
    public void nothing_is_shared_out_without_a_resolution()
    {
        Given().After(Propose(Usd(100m))).When(new Distribution.Command.Approve(null)).Refuses("resolution-missing");
        Given().After(Propose(Usd(100m))).When(new Distribution.Command.Allocate([new(One, Usd(1m), Money.Zero)], null, new(2028, 1, 1)))
            .Refuses("run-not-ready");
    }

    [Fact]
    public void where_nobody_contributed_there_is_nobody_to_share_among() => Approved(Usd(100m)).When(
        new Distribution.Command.Allocate([new(One, Usd(1m), Usd(2m)), new(Two, Money.Zero, Money.Zero)], null, new(2028, 1, 1)))
        .Refuses("basis-zero");

    [Fact]
    public void a_correction_after_posting_is_a_counter_run_of_differences_that_sum_to_zero()
    {
        StructuralList<ContributionBasis> bases = [new(One, Usd(500m), Usd(100m)), new(Two, Usd(500m), Usd(300m))];
        var posted = SharingOut.Dividend(Usd(100m), null, bases)!.Value;
        var counter = Given()
            .After(Propose(Usd(100m)) with { Id = "D-2", Corrects = "D-1", Before = posted })
            .After(new Distribution.Command.Approve(Adopted(ResolutionKind.Distribution, "SCHOOL:D-2")))
            .When(new Distribution.Command.Allocate(
                [new(One, Usd(500m), Usd(200m)), new(Two, Usd(500m), Usd(300m))], null, new(2028, 1, 1)))
            .RecordsOne(e => e as Distribution.Event.Allocated);
        counter.Shares.Select(s => s.Amount.Dollars).ShouldBe([-6.67m, 6.67m]);
    }

    [Fact]
    public void shares_sum_to_the_total_to_the_cent_whatever_the_figures() => Check.One(
        Config.QuickThrowOnFailure,
        Prop.ForAll(
            (from total in Gen.Choose(1, 1_000_000_000)
             from figures in (from premium in Gen.Choose(0, 2_000_000_000) from losses in Gen.Choose(0, 2_000_000_000)
                              select (premium, losses)).ListOf()
             from limit in Gen.Elements<decimal?>(null, 0.5m, 0.95m, 1.2m)
             select (total, figures, limit)).ToArbitrary(),
            x =>
            {
                var bases = x.figures.Take(60).Select((f, i) =>
                    new ContributionBasis(new($"M-{i:000}"), new(f.premium), new(f.losses))).ToList();
                var limit = x.limit is { } l ? Factor.Of(l) : (Factor?)null;
                var both = new[] { SharingOut.Dividend(new(x.total), limit, bases), SharingOut.Assessment(new(-x.total), bases) };
                foreach (var shares in both)
                {
                    if (shares is not { } all) continue;
                    Math.Abs(all.Select(s => s.Amount).Sum().Cents).ShouldBe(x.total);
                    all.ShouldAllBe(s => s.Weight >= Money.Zero && (s.Weight > Money.Zero || s.Amount == Money.Zero));
                }
            }));
}

public class OfferSpecs : SpecFor<RenewalOffer, RenewalOffer.Command, RenewalOffer.State, RenewalOffer.Event>
{
    private static History Issued => Given().After(OfferLaws.Issue);

    [Fact]
    public void an_acceptance_names_the_live_version()
    {
        var again = Issued.After(new RenewalOffer.Command.Supersede(OfferChangeReason.CensusMoved));
        again.When(new RenewalOffer.Command.Accept(1, "Minute 4", OfferLaws.InTime)).Refuses("offer-superseded");
        again.After(new RenewalOffer.Command.Reissue(OfferLaws.Offered with { Contracts = 200 }, new(2026, 10, 1), 14))
            .When(new RenewalOffer.Command.Accept(1, "Minute 4", OfferLaws.InTime)).Refuses("offer-version-stale");
    }

    [Fact]
    public void the_deadline_is_the_last_second_of_its_day_in_central_time()
    {
        Issued.When(new RenewalOffer.Command.Accept(1, "Minute 4", OfferLaws.InTime)).ShouldBeAccepted().Count.ShouldBe(1);
        Issued.When(new RenewalOffer.Command.Accept(1, "Minute 4", OfferLaws.TooLate)).Refuses("offer-deadline-passed");
    }

    [Fact]
    public void a_requote_gives_fourteen_days_or_the_old_deadline_whichever_is_later()
    {
        DateOnly DeadlineAfter(DateOnly today) => Issued.When(
            new RenewalOffer.Command.Reissue(OfferLaws.Offered with { Contracts = 200 }, today, 14))
            .RecordsOne(e => e as RenewalOffer.Event.Reissued).Deadline;
        DeadlineAfter(new(2026, 9, 1)).ShouldBe(OfferLaws.Deadline);
        DeadlineAfter(new(2026, 10, 10)).ShouldBe(new DateOnly(2026, 10, 24));
    }

    [Fact]
    public void a_member_that_may_not_leave_stays_and_is_told_why()
    {
        var refused = Issued.After(new RenewalOffer.Command.Decline(1, [NoticeFault.MinimumTerm], OfferLaws.InTime));
        refused.State.Phase.ShouldBe(OfferPhase.Issued);
        refused.When(new RenewalOffer.Command.ApplyDefault(
            NonResponseRule.TreatAsDecline, 7, [NoticeFault.MinimumTerm], OfferLaws.TooLate))
            .RecordsOne(e => e as RenewalOffer.Event.DefaultApplied).Renews.ShouldBeTrue();
    }

    [Fact]
    public void a_default_is_reversed_by_the_board_within_ten_days_only()
    {
        var yes = Adopted(ResolutionKind.PoolWaiver, "SCHOOL:2027:M-001");
        var renewed = Issued.After(new RenewalOffer.Command.ApplyDefault(NonResponseRule.RenewAsIs, 7, [], OfferLaws.TooLate));
        renewed.When(new RenewalOffer.Command.ReverseDefault(false, yes, OfferLaws.TooLate.AddDays(12), 10)).Refuses("contest-too-late");
        renewed.When(new RenewalOffer.Command.ReverseDefault(false, null, OfferLaws.TooLate, 10)).Refuses("resolution-missing");
    }
}

public class YearSpecs : SpecFor<PoolYear, PoolYear.Command, PoolYear.State, PoolYear.Event>
{
    private static History After(IEnumerable<PoolYear.Command> commands) => commands.Aggregate(Given(), (h, c) => h.After(c));

    [Fact]
    public void nothing_is_offered_before_the_board_adopted_the_rates()
    {
        After(YearLaws.Rated()).When(new PoolYear.Command.StartOffering(new(2026, 10, 18))).Refuses("rates-not-adopted");
        After(YearLaws.Rated()).When(new PoolYear.Command.AdoptRates(null)).Refuses("resolution-missing");
        After(YearLaws.Rated()).When(new PoolYear.Command.AdoptRates(Adopted(ResolutionKind.RateAdoption, "SCHOOL:2026")))
            .Refuses("resolution-other-subject");
    }

    [Fact]
    public void a_census_has_no_negative_counts_unknown_plans_or_strangers()
    {
        var open = After(YearLaws.Rated().Take(2));
        open.When(new PoolYear.Command.ReportCensus(One, [new(Ppo, Tier.Single, -1)])).Refuses("count-out-of-range");
        open.When(new PoolYear.Command.ReportCensus(One, [new(new("HMO"), Tier.Single, 1)])).Refuses("plan-unknown");
        open.When(new PoolYear.Command.ReportCensus(new("M-099"), Census)).Refuses("not-a-participant");
    }

    [Fact]
    public void a_small_pool_bears_at_most_fifty_thousand_dollars_of_a_case() => After(YearLaws.Rated()).When(
        new PoolYear.Command.BindStopLoss(new(new("CAR-2027"), Usd(50_000.01m), Price(900m), Factor.Of(1.25m))))
        .Refuses("retention-too-high");

    [Fact]
    public void commerce_is_told_before_a_laser_takes_effect() => After([
        .. YearLaws.Rated(), new PoolYear.Command.BindStopLoss(new(new("CAR-2027"), Usd(50_000m), Price(900m), Factor.Of(1.25m)))]).When(
        new PoolYear.Command.ChangeStopLoss(StopLossChange.Lasered, new(2027, 3, 1), new(2027, 3, 1))).Refuses("commerce-notice-late");

    [Fact]
    public void a_census_that_moves_by_more_than_a_tenth_after_the_lock_asks_for_a_new_quote()
    {
        var offering = After(YearLaws.Offering());
        offering.When(new PoolYear.Command.ReportCensus(One, [new(Ppo, Tier.Single, 162)]))
            .RecordsOne(e => e as PoolYear.Event.CensusReported).Member.ShouldBe(One);
        offering.When(new PoolYear.Command.ReportCensus(One, [new(Ppo, Tier.Single, 161)]))
            .RecordsOne(e => e as PoolYear.Event.CensusMoved).Drift.Value.ShouldBe(0.1056m);
    }

    [Fact]
    public void adoption_is_put_off_for_want_of_a_quorum_once()
    {
        var moved = After([.. YearLaws.Rated(), new PoolYear.Command.RescheduleAdoption(new(2026, 8, 20))]);
        moved.When(new PoolYear.Command.RescheduleAdoption(new(2026, 8, 27))).Refuses("already-rescheduled");
    }

    [Fact]
    public void a_census_that_moves_in_small_steps_is_measured_from_what_was_quoted()
    {
        static PoolYear.Command Report(int contracts) => new PoolYear.Command.ReportCensus(One, [new(Ppo, Tier.Single, contracts)]);
        var first = After([.. YearLaws.Offering(), Report(164)]);
        first.When(Report(162)).RecordsOne(e => e as PoolYear.Event.CensusReported).Member.ShouldBe(One);
        var moved = first.When(Report(150)).RecordsOne(e => e as PoolYear.Event.CensusMoved);
        (moved.Before, moved.After, moved.Drift.Value).ShouldBe((180, 150, 0.1667m));
        After([.. YearLaws.Offering(), Report(150)]).When(Report(164))
            .RecordsOne(e => e as PoolYear.Event.CensusReported).Member.ShouldBe(One);
    }
}

public class LedgerSpecs : SpecFor<EnrollmentLedger, EnrollmentLedger.Command, EnrollmentLedger.State, EnrollmentLedger.Event>
{
    private static History Open => Given().After(new EnrollmentLedger.Command.Open(Ledger(), Census));

    [Fact]
    public void bad_changes_are_refused_each_under_its_own_code()
    {
        Open.When(Change(-51, new(2027, 4, 1))).Refuses("count-below-zero");
        Open.When(Change(1, new(2028, 1, 1))).Refuses("month-outside-year");
        Open.When(Change(0, new(2027, 4, 1))).Refuses("change-invalid");
        Open.When(Change(1, new(2027, 4, 1)) with { Reference = new("Jane Doe 1970") }).Refuses("reference-not-opaque");
        Open.When(Change(1, new(2027, 4, 1)) with { Changes = [new(new("HMO"), Tier.Family, 1)] }).Refuses("plan-unknown");
    }

    [Fact]
    public void a_month_is_frozen_once_and_in_order()
    {
        Open.When(new EnrollmentLedger.Command.Freeze(Month(2027, 2))).Refuses("month-out-of-order");
        Open.When(new EnrollmentLedger.Command.Freeze(Month(2028, 1))).Refuses("month-outside-year");
        Open.After(new EnrollmentLedger.Command.Freeze(Month(2027, 1))).When(new EnrollmentLedger.Command.Freeze(Month(2027, 1)))
            .RecordsNothing();
    }

    [Fact]
    public void the_bill_of_a_month_is_the_sum_of_its_lines()
    {
        var frozen = Open.When(new EnrollmentLedger.Command.Freeze(Month(2027, 1)))
            .RecordsOne(e => e as EnrollmentLedger.Event.MonthFrozen);
        frozen.Total.ShouldBe(Usd(198_292.08m));
        ContributionLine.Of(frozen, Open.State.RateOf).Select(l => l.Amount).Sum().ShouldBe(frozen.Total);
    }

    [Fact]
    public void what_is_outside_the_window_counts_when_the_board_lets_it()
    {
        var late = Open.After(new EnrollmentLedger.Command.Adjust(
            Ref(1), [new(Ppo, Tier.Family, -1)], new(2027, 3, 1), new(2027, 7, 10), ChangeReason.Termination));
        late.When(new EnrollmentLedger.Command.WaiveRetro(Ref(1), null)).Refuses("resolution-missing");
        late.When(new EnrollmentLedger.Command.WaiveRetro(Ref(1), Adopted(ResolutionKind.RetroWaiver, "SCHOOL:2027:M-001")))
            .RecordsOne(e => e as EnrollmentLedger.Event.RetroWaived).Lines.Select(l => l.Amount).Sum().ShouldBe(Usd(-5_479.11m));
    }

    [Theory]
    [InlineData(PartialMonthRule.PerDay, 16, "2027-07", -1_412_395L)]
    [InlineData(PartialMonthRule.ByFifteenth, 10, "2027-06", -3_026_561L)]
    [InlineData(PartialMonthRule.ByFifteenth, 20, "2027-07", 0L)]
    [InlineData(PartialMonthRule.FullMonth, 16, "2027-07", 0L)]
    [InlineData(PartialMonthRule.FullMonth, 30, "2027-07", 0L)]
    public void a_month_in_which_coverage_ends_costs_what_the_rule_of_partial_months_says(
        PartialMonthRule rule, int lastDay, string countsFrom, long cents)
    {
        var billed = Enumerable.Range(1, 6).Aggregate(
            Given().After(new EnrollmentLedger.Command.Open(Ledger(rule), [new(Ppo, Tier.Single, 10), new(Ppo, Tier.Family, 13)])),
            (h, m) => h.After(new EnrollmentLedger.Command.Freeze(Month(2027, m))));
        var ended = billed.When(new EnrollmentLedger.Command.EndCoverage(new(2027, 6, lastDay)))
            .RecordsOne(e => e as EnrollmentLedger.Event.CoverageEnded);
        (ended.CountsFrom.ToString(), ended.Lines.Select(l => l.Amount).Sum().Cents).ShouldBe((countsFrom, cents));
    }

    [Fact]
    public void coverage_that_has_ended_takes_no_changes_after_it_and_ends_once()
    {
        var ended = Open.After(new EnrollmentLedger.Command.EndCoverage(new(2027, 6, 30)));
        ended.State.CountsIn(Month(2027, 6)).Total().ShouldBe(180);
        ended.State.CountsIn(Month(2027, 7)).Total().ShouldBe(0);
        ended.When(new EnrollmentLedger.Command.EndCoverage(new(2027, 6, 30))).RecordsNothing();
        ended.When(new EnrollmentLedger.Command.EndCoverage(new(2027, 9, 30))).RecordsNothing();
        ended.When(Change(1, new(2027, 7, 1))).Refuses("coverage-ended");
        ended.After(Change(1, new(2027, 4, 1))).State.CountsIn(Month(2027, 7)).Total().ShouldBe(0, "a correction ends with the coverage");
        Open.When(new EnrollmentLedger.Command.EndCoverage(new(2027, 12, 31))).RecordsNothing();
        Open.After(new EnrollmentLedger.Command.EndCoverage(new(2026, 11, 30))).State.CountsIn(Month(2027, 1)).Total().ShouldBe(0);
    }

    private static EnrollmentLedger.Command.Adjust Change(int change, DateOnly effective) =>
        new(Ref(1), [new(Ppo, Tier.Family, change)], effective, new(2027, 4, 1), ChangeReason.Correction);
}

public class PoolBadInputSpecs
{
    [Fact]
    public void the_same_file_counts_once_and_too_late_claims_not_at_all()
    {
        var import = new ExperienceLedger.Command.Import(
            School, One, OneFile, [new(Month(2027, 3), 180, Usd(150_000m), 0)], new(2028, 6, 28), new(2028, 6, 28));
        var state = ExperienceLedger.Decide(import, ExperienceLedger.Initial).ShouldBeAccepted()
            .Aggregate(ExperienceLedger.Initial, ExperienceLedger.Evolve);
        ExperienceLedger.Decide(import, state).RecordsNothing();
        ExperienceLedger.Decide(import with { ReceivedOn = new(2028, 6, 29) }, ExperienceLedger.Initial).Refuses("claims-after-run-out");
        ExperienceLedger.Decide(import with { Months = [new(Month(2027, 3), -1, Money.Zero, 0)] }, ExperienceLedger.Initial)
            .Refuses("months-invalid");
        ExperienceLedger.Decide(import with { Months = [new(Month(2027, 3), 10, Money.Zero, 1)] }, ExperienceLedger.Initial)
            .Refuses("member-large-cases");
    }

    [Fact]
    public void the_regime_is_fixed_while_anybody_takes_part()
    {
        var state = new Pool.State(PoolPhase.Open)
        {
            Facts = new(School, new("SSC"), "School pool", PoolPopulation.Schools),
            Roster = StructuralMap<MemberNo, bool>.Empty.Set(One, false),
        };
        Pool.Decide(
            new Pool.Command.ChangeRegime(LiabilityRegime.JointAndSeveral, Adopted(ResolutionKind.PoolChange, "SCHOOL")), state)
            .Refuses("regime-fixed");
    }

    [Fact]
    public void the_reserve_never_falls_below_zero() => RateStabilization.Decide(
        new RateStabilization.Command.Draw("SCHOOL:2027", Usd(1m), ReservePurpose.RateBand, NewYear), RateStabilization.Initial)
        .Refuses("reserve-short");

    [Fact]
    public void a_reserve_is_booked_with_an_actuarys_word_only()
    {
        var estimated = ReserveValuation.Decide(
            new ReserveValuation.Command.Estimate(
                School, new(2027, 6, 30), [new(Month(2027, 5), Usd(100m), Factor.One)],
                new(2027, Usd(1_000m), Money.Zero, Usd(500m), Usd(200m)), new()), ReserveValuation.Initial)
            .ShouldBeAccepted().Aggregate(ReserveValuation.Initial, ReserveValuation.Evolve);
        estimated.Estimate!.Reserve.ShouldBe(Usd(50m), "the least reserve is a quarter of expected claims");
        ReserveValuation.Decide(new ReserveValuation.Command.Book(), estimated).Refuses("attestation-missing");
    }

    [Fact]
    public void an_appeal_has_thirty_days_and_a_recovery_no_more_than_was_filed()
    {
        var denied = new StopLossCase.State(CasePhase.Denied) { DeniedOn = new(2027, 5, 1) };
        StopLossCase.Decide(new StopLossCase.Command.Appeal(new(2027, 6, 1), 30), denied).Refuses("appeal-too-late");
        var longer = denied with { AppealBy = new(2027, 6, 30) };
        StopLossCase.Decide(new StopLossCase.Command.Appeal(new(2027, 6, 30), 30), longer)
            .RecordsOne(e => e as StopLossCase.Event.DenialAppealed).On.ShouldBe(new(2027, 6, 30), "the denial itself says until when");
        var filed = new StopLossCase.State(CasePhase.Filed) { Filed = Usd(10m) };
        StopLossCase.Decide(new StopLossCase.Command.Receive(Ref(1), Usd(10.01m), NewYear), filed).Refuses("recovery-exceeds-filed");
    }

    [Fact]
    public void cells_below_eleven_are_not_published()
    {
        new[] { 0, 1, 10, 11 }.Select(Counts.Published).ShouldBe([0, null, null, 11]);
    }

    [Theory]
    [InlineData("REF-0001", true)]
    [InlineData("SLC-202700017", true)]
    [InlineData("Smith-1970", false)]
    [InlineData("JANE-DOE", false)]
    [InlineData("AB-123", false)]
    [InlineData("123-45-6789", false)]
    public void a_reference_of_the_claim_side_has_no_room_for_a_person(string text, bool fits) =>
        OpaqueRef.IsWellFormed(text).ShouldBe(fits);
}
