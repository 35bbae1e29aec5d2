using Shouldly;
using SSC.Purchasing.InsurancePool.Distributions;
using SSC.Purchasing.InsurancePool.Enrollment;
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

/// <summary>The worked examples of the design, X1 to X11, each through the aggregate that decides it.</summary>
public class WorkedExamples
{
    private static readonly MemberNo[] Members = [new("M-001"), new("M-002"), new("M-003"), new("M-004"), new("M-005")];

    private static readonly StructuralList<ContributionBasis> FiveMembers =
    [
        new(Members[0], Usd(1_840_200m), Usd(1_502_116.25m)), new(Members[1], Usd(912_450m), Usd(1_010_400.10m)),
        new(Members[2], Usd(402_118m), Usd(280_004.75m)), new(Members[3], Usd(233_900m), Usd(410_000m)),
        new(Members[4], Usd(96_420m), Usd(61_233.40m)),
    ];

    [Fact]
    public void X1_thirds_of_a_thousand_dollars_and_of_minus_five_cents_sum_to_the_cent()
    {
        var even = Members[..3].Select(m => new ContributionBasis(m, Usd(1m), Money.Zero)).ToStructuralList();
        SharingOut.Assessment(Usd(1_000m), even)!.Value.Select(s => s.Amount.Dollars).ShouldBe([333.34m, 333.33m, 333.33m]);
        SharingOut.Assessment(Usd(-0.05m), even)!.Value.Select(s => s.Amount.Dollars).ShouldBe([-0.02m, -0.02m, -0.01m]);
    }

    [Fact]
    public void X2_experience_is_trended_pooled_believed_to_sixty_percent_and_loaded()
    {
        var rate = Rated().Rates[One];
        rate.Credibility.Value.ShouldBe(0.6000m);
        rate.TrendFactor.Value.ShouldBe(1.130172m);
        rate.Trended.Dollars.ShouldBe(974.6603m);
        rate.WithPooling.Dollars.ShouldBe(1_045.8603m);
        rate.Blend.Dollars.ShouldBe(989.5162m);
        rate.Needed.Dollars.ShouldBe(1_123.2308m);
        rate.Change.Value.ShouldBe(0.1369m);
    }

    [Fact]
    public void X2b_the_band_caps_the_rise_and_the_reserve_pays_the_difference()
    {
        var rate = Rated().Rates[One];
        (rate.Least!.Value.Value, rate.Most!.Value.Value, rate.Applied.Value).ShouldBe((0.0150m, 0.1150m, 0.1150m));
        (rate.Rate.Dollars, rate.ReserveDraw.Dollars).ShouldBe((1_101.62m, 46_679.33m));
    }

    [Fact]
    public void X3_tier_rates_bring_the_composite_rates_revenue_but_for_rounding()
    {
        var tiers = OfferTerms.Of(Rated().Rates[One], new(Census, false), Parameters.Rating).Tiers;
        (tiers.Revenue.Dollars, tiers.Units.Value, tiers.Base.Dollars).ShouldBe((198_291.60m, 304.00m, 652.275000m));
        tiers.Rates.Select(r => r.Rate.Dollars).ShouldBe([652.28m, 1_304.55m, 1_826.37m]);
        (tiers.Month.Dollars, tiers.Rounding.Dollars).ShouldBe((198_292.08m, 0.48m));
    }

    [Fact]
    public void X4_a_late_report_is_credited_for_two_months_and_denied_for_the_others()
    {
        var events = Adjust(
            Opened(PartialMonthRule.FullMonth, frozenThrough: 7), new(2027, 3, 1), new(2027, 7, 10),
            new CountChange(Ppo, Tier.Family, -1), new CountChange(Ppo, Tier.Single, 1));
        var adjusted = events.OfType<EnrollmentLedger.Event.CountsAdjusted>().Single();
        adjusted.Lines.Select(l => l.Month).Distinct().ShouldBe([Month(2027, 6), Month(2027, 7)]);
        adjusted.Lines.Select(l => l.Amount).Sum().Dollars.ShouldBe(-2_348.18m);
        var denied = events.OfType<EnrollmentLedger.Event.RetroOutsideWindow>().Single();
        denied.Lines.Select(l => l.Month.ToString()).Distinct().ShouldBe(["2027-03", "2027-04", "2027-05"]);
        denied.Amount.Dollars.ShouldBe(-3_522.27m);
    }

    [Theory]
    [InlineData(PartialMonthRule.PerDay, "652.28")]
    [InlineData(PartialMonthRule.ByFifteenth, "0.00")]
    [InlineData(PartialMonthRule.FullMonth, "1304.55")]
    public void X4b_a_contract_from_the_sixteenth_costs_what_the_rule_of_partial_months_says(PartialMonthRule rule, string june)
    {
        var events = Adjust(
            Opened(rule, frozenThrough: 6), new(2027, 6, 16), new(2027, 6, 16), new CountChange(Ppo, Tier.SinglePlusOne, 1));
        events.OfType<EnrollmentLedger.Event.CountsAdjusted>().Single().Lines
            .Where(l => l.Month == Month(2027, 6)).Select(l => l.Amount).Sum().ToString().ShouldBe(june);
    }

    [Fact]
    public void X5_completion_factors_say_what_is_incurred_and_unpaid()
    {
        StructuralList<PaidMonth> months =
        [
            new(Month(2027, 1), Usd(412_300.10m), Factor.Of(.992m)), new(Month(2027, 2), Usd(388_940.55m), Factor.Of(.961m)),
            new(Month(2027, 3), Usd(301_877.20m), Factor.Of(.842m)), new(Month(2027, 4), Usd(96_412.75m), Factor.Of(.287m)),
        ];
        var estimate = ReserveValuation.Decide(
            new ReserveValuation.Command.Estimate(
                School, new(2027, 4, 30), months, new(2027, Usd(2_000_000m), Money.Zero, Usd(1_000_000m), Usd(1_000_000m)), new()),
            ReserveValuation.Initial).RecordsOne(e => e as ReserveValuation.Event.Estimated).Estimate;
        estimate.Months.Select(m => m.Unpaid.Dollars).ShouldBe([3_325.00m, 15_784.27m, 56_646.79m, 239_520.18m]);
        (estimate.Unpaid.Dollars, estimate.Paid.Dollars, estimate.Incurred.Dollars)
            .ShouldBe((315_276.24m, 1_199_530.60m, 1_514_806.84m));
    }

    [Fact]
    public void X6_a_case_is_told_at_half_of_the_specific_amount_and_recovered_above_it()
    {
        var crossed = StopLossCase.Decide(
            new StopLossCase.Command.Report(School, 2027, Ref(1), Usd(212_480.55m), Parameters.StopLoss, new(2027, 5, 1)),
            StopLossCase.Initial).RecordsOne(e => e as StopLossCase.Event.ThresholdCrossed);
        (crossed.NoticeAt.Dollars, crossed.Recoverable.Dollars).ShouldBe((75_000.00m, 62_480.55m));
    }

    [Fact]
    public void X6b_the_aggregate_pays_what_lies_above_the_attachment_after_specific_recoveries()
    {
        var position = AggregatePosition.Of(
            Price(1_012.40m), Factor.Of(1.25m), 55_200, Usd(72_104_338.19m), Usd(1_486_220.40m));
        var reference = StopLossCase.AggregateOf(2027);
        var tested = StopLossCase.Decide(
            new StopLossCase.Command.TestAggregate(School, 2027, reference, position, new(2028, 1, 20)), StopLossCase.Initial)
            .RecordsOne(e => e as StopLossCase.Event.AggregateTested).Position;
        (tested.AttachmentPepm.Dollars, tested.Attachment.Dollars, tested.Net.Dollars, tested.Excess.Dollars)
            .ShouldBe((1_265.50m, 69_855_600.00m, 70_618_117.79m, 762_517.79m));
    }

    [Theory]
    [InlineData(true, new[] { "152923.41", "20636.15", "55234.76", "5289.93", "15915.75" })]
    [InlineData(false, new[] { "170617.15", "0.00", "61625.60", "0.00", "17757.25" })]
    public void X7_dividends_are_limited_by_losses_of_ninety_five_percent_of_premium_or_clamped_at_zero(bool limited, string[] shares)
    {
        var events = Approved().When(new Distribution.Command.Allocate(FiveMembers, limited ? Factor.Of(0.95m) : null, new(2028, 6, 30)))
            .ShouldBeAccepted();
        var allocated = (Distribution.Event.Allocated)events[0];
        allocated.Shares.Select(s => s.Amount.ToString()).ShouldBe(shares);
        allocated.Shares.Select(s => s.Amount).Sum().ShouldBe(Usd(250_000m));
        if (limited)
        {
            allocated.Shares.Select(s => s.Counted.Dollars)
                .ShouldBe([1_502_116.25m, 866_827.50m, 280_004.75m, 222_205.00m, 61_233.40m]);
            allocated.Shares.Select(s => s.Weight.Dollars).ShouldBe([338_083.75m, 45_622.50m, 122_113.25m, 11_695.00m, 35_186.60m]);
        }
    }

    [Fact]
    public void X8_a_member_that_does_not_pay_is_paid_for_by_the_others_in_proportion()
    {
        var day = new DateOnly(2028, 7, 1);
        var run = new AssessmentStory()
            .After(new AssessmentRun.Command.Propose(
                School, "A-1", Usd(186_420.17m), LiabilityRegime.JointAndSeveral, day, ConsentDays: 30, PaymentDays: 30))
            .After(new AssessmentRun.Command.Approve(Adopted(ResolutionKind.Assessment, "SCHOOL:A-1")))
            .After(new AssessmentRun.Command.Allocate([.. FiveMembers.Take(4)], day));
        run.State.Shares.Values.Select(s => s.Owed.Dollars).ShouldBe([101_234.59m, 50_196.44m, 22_121.64m, 12_867.50m]);
        foreach (var member in Members[..3]) run = run.After(new AssessmentRun.Command.RecordPayment(member, day));
        var respread = run.Decide(new AssessmentRun.Command.DeclareDefaults(day.AddDays(31)))
            .RecordsOne(e => e as AssessmentRun.Event.Respread);
        respread.Shares.Select(s => s.Amount.Dollars).ShouldBe([7_505.71m, 3_721.65m, 1_640.14m]);
        run = run.After(new AssessmentRun.Command.DeclareDefaults(day.AddDays(31)));
        run.State.Shares.Values.Take(3).Select(s => s.Owed.Dollars).ShouldBe([108_740.30m, 53_918.09m, 23_761.78m]);
        foreach (var member in Members[..3]) run = run.After(new AssessmentRun.Command.RecordPayment(member, day.AddDays(40)));
        run.Decide(new AssessmentRun.Command.Post(day.AddDays(41))).RecordsOne(e => e as AssessmentRun.Event.Posted).Paid
            .ShouldBe(Usd(186_420.17m));
    }

    [Theory]
    [InlineData(OfferOutcome.Accepted, true, "0.8984")]
    [InlineData(OfferOutcome.Declined, false, "0.8418")]
    public void X9_silence_binds_the_pool_when_it_renews_and_fails_it_when_it_declines(OfferOutcome silence, bool passes, string share)
    {
        StructuralList<OfferStanding> offers =
        [
            new(One, 4_310, Usd(1_000m), OfferOutcome.Accepted, false, 2), new(Two, 290, Usd(1_000m), silence, true, 2),
            new(Three, 520, Usd(1_000m), OfferOutcome.Declined, false, 2),
        ];
        var tested = YearLaws.Offering().Aggregate(PoolYear.Initial, Step);
        var events = PoolYear.Decide(
            new PoolYear.Command.TestParticipation(1, offers, new(2026, 10, 19)),
            tested with { Terms = Terms with { Parameters = Parameters with { Rating = new() { ParticipationMembers = 1 } } } })
            .ShouldBeAccepted();
        var result = ((PoolYear.Event.ParticipationTested)events[0]).Result;
        (result.Offered, result.Passed, result.Share.ToString()).ShouldBe((5_120, passes, share));
        events.OfType<PoolYear.Event.OfferingExtended>().Any().ShouldBe(!passes);
    }

    [Fact]
    public void X10_run_out_is_a_hundred_and_eighty_days_and_liability_three_fund_years()
    {
        var left = LeavingSpecs.Noticed(LiabilityRegime.JointAndSeveral, new(2027, 12, 31))
            .When(new PoolParticipation.Command.Withdraw(new(2028, 1, 1)))
            .RecordsOne(e => e as PoolParticipation.Event.Withdrawn);
        (left.RunOutEnds, left.LiableUntil).ShouldBe((new DateOnly(2028, 6, 28), new DateOnly(2030, 12, 31)));
    }

    [Fact]
    public void X11_a_dissolved_pool_is_shared_by_member_months_and_by_premium_above_the_community_rate()
    {
        StructuralList<DissolutionBasis> bases =
        [
            new(One, 118_800, Money.Zero), new(Two, 64_200, Usd(41_250m)), new(Three, 21_000, Usd(8_750m)),
        ];
        var shares = Pool.Decide(
            new Pool.Command.Dissolve(Usd(1_000_000m), bases, Adopted(ResolutionKind.PoolChange, "SCHOOL")),
            new Pool.State(PoolPhase.RunOff) { Facts = new(School, new("SSC"), "School pool", PoolPopulation.Schools) })
            .RecordsOne(e => e as Pool.Event.Dissolved).Shares;
        shares.Select(s => s.ByMonths.Dollars).ShouldBe([407_647.06m, 220_294.12m, 72_058.82m]);
        shares.Select(s => s.ByPremium.Dollars).ShouldBe([0m, 247_500m, 52_500m]);
        shares.Select(s => s.Amount.Dollars).ShouldBe([407_647.06m, 467_794.12m, 124_558.82m]);
    }

    private static PoolYear.State Rated() => YearLaws.Rated().Aggregate(PoolYear.Initial, Step);

    internal static PoolYear.State Step(PoolYear.State state, PoolYear.Command command) =>
        PoolYear.Decide(command, state).ShouldBeAccepted().Aggregate(state, PoolYear.Evolve);

    private static EnrollmentLedger.State Opened(PartialMonthRule rule, int frozenThrough)
    {
        List<EnrollmentLedger.Command> commands = [new EnrollmentLedger.Command.Open(Ledger(rule), Census)];
        for (var month = 1; month <= frozenThrough; month++) commands.Add(new EnrollmentLedger.Command.Freeze(Month(2027, month)));
        return commands.Aggregate(EnrollmentLedger.Initial, (s, c) =>
            EnrollmentLedger.Decide(c, s).ShouldBeAccepted().Aggregate(s, EnrollmentLedger.Evolve));
    }

    private static IReadOnlyList<EnrollmentLedger.Event> Adjust(
        EnrollmentLedger.State state, DateOnly effective, DateOnly reported, params StructuralList<CountChange> changes) =>
        EnrollmentLedger.Decide(
            new EnrollmentLedger.Command.Adjust(Ref(1), changes, effective, reported, ChangeReason.FamilyChange), state).ShouldBeAccepted();

    private static DividendSpecs.DividendHistory Approved() => DividendSpecs.Approved(Usd(250_000m));

    private sealed record AssessmentStory(AssessmentRun.State? Known = null)
    {
        public AssessmentRun.State State => Known ?? AssessmentRun.Initial;

        public AssessmentStory After(AssessmentRun.Command command) =>
            new(Decide(command).ShouldBeAccepted().Aggregate(State, AssessmentRun.Evolve));

        public Decision<AssessmentRun.Event> Decide(AssessmentRun.Command command) => AssessmentRun.Decide(command, State);
    }
}
