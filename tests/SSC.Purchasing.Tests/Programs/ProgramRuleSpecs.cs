using Shouldly;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Programs;
using SSC.Purchasing.Tests.Testbed;
using Xunit;
using static SSC.Purchasing.Tests.Programs.ProgramSamples;

namespace SSC.Purchasing.Tests.Programs;

public class CoopProgramSpecs : SpecFor<CoopProgram, CoopProgram.Command, CoopProgram.State, CoopProgram.Event>
{
    private static readonly CoopProgram.Event Drafted = new CoopProgram.Event.Drafted(Workshop, "Number sense",
        ProgramKind.StudentChallenge);

    private static readonly ProgramPricing Seat = new(new([new(new(2026, 7, 1), Money.FromDollars(49m), Money.FromDollars(49m))]));

    [Fact]
    public void a_program_that_names_no_cooperative_is_the_home_cooperatives_and_a_new_one_says_whose_it_is()
    {
        Given(Drafted).State.Cooperative.ShouldBe(CoopProgram.Home);
        CoopProgram.Home.ShouldBe(SSC.Purchasing.Membership.MinnesotaCooperatives.Home);
        When(new CoopProgram.Command.Draft(Workshop, "Number sense", ProgramKind.ProfessionalDevelopment, new("LCSC")))
            .RecordsOne(e => e as CoopProgram.Event.Drafted).Cooperative.ShouldBe(new CooperativeId("LCSC"));
        Given(Drafted).When(new CoopProgram.Command.Draft(Workshop, "Number sense", ProgramKind.StudentChallenge, new("LCSC")))
            .Refuses("program-exists");
    }

    [Fact]
    public void it_is_published_with_a_price()
    {
        Given(Drafted).When(new CoopProgram.Command.Publish()).Refuses("pricing-missing");
        Given(Drafted).After(new CoopProgram.Command.SetPricing(Seat)).After(new CoopProgram.Command.Publish()).State.Phase
            .ShouldBe(ProgramPhase.Published);
        When(new CoopProgram.Command.Publish()).Refuses("program-unknown");
        Given(Drafted).After(new CoopProgram.Command.Retire("done")).When(new CoopProgram.Command.Publish()).Refuses("program-retired");
    }

    [Fact]
    public void what_a_published_program_costs_is_changed_by_the_board_only()
    {
        var published = Given(Drafted).After(new CoopProgram.Command.SetPricing(Seat)).After(new CoopProgram.Command.Publish());
        var dearer = new CoopProgram.Command.SetPricing(new(Seat.Seats! with { Steps = [new(new(2026, 7, 1), new(6_000), new(6_000))] }))
        {
            Program = Workshop, Today = new(2026, 9, 1),
            By = new(new("R-2026-014"), CoopProgram.Home, ResolutionKind.FeeSchedule, Workshop.Value, "2026-14", new(2026, 8, 1),
                new(2026, 8, 1)),
        };
        published.When(dearer with { By = null }).Refuses("resolution-missing");
        published.When(dearer with { By = dearer.By with { Subject = "KB-2027" } }).Refuses("resolution-other-subject");
        published.When(dearer with { By = dearer.By with { Cooperative = new("LCSC") } }).Refuses("resolution-other-cooperative");
        published.When(dearer with { Today = new(2026, 7, 31) }).Refuses("resolution-not-effective");
        published.When(dearer).RecordsOne(e => e as CoopProgram.Event.PricingSet).Resolution.ShouldBe(new ResolutionId("R-2026-014"));
        published.When(new CoopProgram.Command.SetPricing(Seat)).ShouldBeAccepted().ShouldBeEmpty();
    }

    [Fact]
    public void prices_refunds_grades_and_tiers_are_checked()
    {
        Pricing("pricing-empty", new());
        Pricing("price-out-of-range", new(new([new(new(2026, 7, 1), new(-1), new(0))])));
        Pricing("price-steps-invalid", new(new([])));
        Pricing("discounts-invalid", new(Seat.Seats! with { Discounts = [new(1, 100)] }));
        Pricing("surcharge-invalid", Seat with { Surcharge = new(0, ["NonProfit"]) });
        Pricing("notice-days-out-of-range", new(Subscription: new(new(1), 0, new(1), 400)));
        Given(Drafted).When(new CoopProgram.Command.SetRefundPolicy(new([new(7, 5_000), new(7, 1)]))).Refuses("refund-tiers-invalid");
        Given(Drafted).When(new CoopProgram.Command.SetEligibility(new([], 8, 4))).Refuses("eligibility-invalid");
        Given(Drafted).When(new CoopProgram.Command.SetTiers(new(default, "rules", [new("A", 100)]))).Refuses("tier-bands-invalid");

        static void Pricing(string code, ProgramPricing pricing) =>
            Given(Drafted).When(new CoopProgram.Command.SetPricing(pricing)).Refuses(code);
    }

    [Theory]
    [InlineData("NonProfit", 5, "member-type-not-eligible")]
    [InlineData("Education", null, "grade-missing")]
    [InlineData("Education", 9, "grade-not-eligible")]
    [InlineData("Education", 8, null)]
    public void who_may_take_part_depends_on_type_and_grade(string type, int? grade, string? code) =>
        new ProgramEligibility(["Education"], 4, 8).WhyNot(type, grade)?.Code.ShouldBe(code);

    [Fact]
    public void the_price_is_that_of_the_day_of_enrollment()
    {
        var pricing = new ProgramPricing(new(
            [new(new(2026, 7, 1), Money.FromDollars(125m), Money.FromDollars(125m)), new(new(2026, 9, 1), Money.FromDollars(150m),
                Money.FromDollars(150m))]));
        PricingRules.Quote(pricing, "Education", new(2026, 8, 31))!.First.ToString().ShouldBe("125.00");
        PricingRules.Quote(pricing, "Education", new(2026, 9, 1))!.First.ToString().ShouldBe("150.00");
        PricingRules.Quote(pricing, "Education", new(2026, 6, 30)).ShouldBeNull();
    }
}

public class TeamSpecs : SpecFor<Team, Team.Command, Team.State, Team.Event>
{
    private static readonly TierBands Bands = new(new(2026, 7, 1), "rules", [new("A", 500), new("AA", 1_500), new("AAA", null)]);
    private static readonly TeamEntry First = new(October, new("M-001"), 1, "Austin A", 5);

    [Theory]
    [InlineData(499, "A")]
    [InlineData(500, "AA")]
    [InlineData(5_000, "AAA")]
    public void its_tier_follows_from_the_members_enrollment(int students, string tier) =>
        Given().After(new Team.Command.Register(First, new(1, students, Bands))).State.Tier.ShouldBe(tier);

    [Fact]
    public void it_needs_a_place_a_tier_and_a_number()
    {
        When(new Team.Command.Register(First, new(0, 900, Bands))).Refuses("team-without-place");
        When(new Team.Command.Register(First, new(1, null, Bands))).Refuses("tier-unknown");
        When(new Team.Command.Register(First with { Number = 0 }, new(1, 900, Bands))).Refuses("team-number-invalid");
        When(new Team.Command.Register(First with { Students = -1 }, new(1, 900, Bands))).Refuses("students-out-of-range");
    }

    [Fact]
    public void it_is_seeded_and_goes_on_round_by_round()
    {
        var team = Given().After(new Team.Command.Register(First, new(1, 900, Bands)));
        team.When(new Team.Command.Advance(1)).Refuses("not-seeded");
        var seeded = team.After(new Team.Command.Seed(3)).After(new Team.Command.Advance(1));
        seeded.When(new Team.Command.Advance(3)).Refuses("round-not-next");
        seeded.After(new Team.Command.Withdraw("ill")).When(new Team.Command.Advance(2)).Refuses("team-withdrawn");
    }
}

public class SubscriptionSpecs : SpecFor<Subscription, Subscription.Command, Subscription.State, Subscription.Event>
{
    private static History Begun => Given().After(new Subscription.Command.Subscribe(ServiceExamples.Filter, new(2026, 7, 1), 21, null));

    [Fact]
    public void slots_are_never_used_beyond_their_number()
    {
        var all = Enumerable.Range(1, 21).Aggregate(Begun, (h, i) => h.After(new Subscription.Command.UseSlot($"lab-{i}")));
        all.When(new Subscription.Command.UseSlot("lab-22")).Refuses("no-slot-free");
        all.After(new Subscription.Command.FreeSlot("lab-1")).After(new Subscription.Command.UseSlot("lab-22"))
            .State.Uses.Count.ShouldBe(21);
        all.When(new Subscription.Command.FreeSlot("lab-99")).Refuses("use-unknown");
        all.When(new Subscription.Command.UseSlot("not good")).Refuses("use-malformed");
        var more = Begun.After(new Subscription.Command.AddSlots("PO-1", 5, new(2027, 6, 30)));
        more.Events.OfType<Subscription.Event.SlotsAdded>().Single().Fee.Amount.ToString().ShouldBe("0.41");
        more.When(new Subscription.Command.AddSlots("PO-1", 6, new(2027, 6, 30))).Refuses("slots-added-before");
    }

    [Fact]
    public void it_goes_on_unless_notice_came_in_time()
    {
        Begun.When(new Subscription.Command.GiveNotice(new(2027, 5, 2))).Refuses("notice-too-late");
        Begun.When(new Subscription.Command.EndYear(new(2027, 6, 30))).Refuses("too-early");
        Begun.When(new Subscription.Command.EndYear(new(2027, 7, 1))).Records(new Subscription.Event.Renewed(21));
        Begun.After(new Subscription.Command.GiveNotice(new(2027, 5, 1))).When(new Subscription.Command.EndYear(new(2027, 7, 1)))
            .Records(new Subscription.Event.Lapsed());
        When(new Subscription.Command.Subscribe(ServiceExamples.Filter, new(2027, 7, 1), 20, null)).Refuses("day-outside-year");
        When(new Subscription.Command.Subscribe(ServiceExamples.Filter, new(2026, 7, 1), 19, null)).Refuses("slots-out-of-range");
    }
}

public class ServiceUseSpecs : SpecFor<ServiceUse, ServiceUse.Command, ServiceUse.State, ServiceUse.Event>
{
    internal static UseRecord Check(long quantity = 3, string id = "BC-1") => new(
        id, new("ADM-checks"), new("M-001"), new(2026, 10, 15), Quantity.Of(quantity), "check", UnitPrice.FromDollars(12.345m),
        "Background checks", null);

    [Fact]
    public void a_use_is_billed_once_and_can_be_taken_back()
    {
        var used = Given().After(new ServiceUse.Command.Record(Check(), null));
        used.Events.OfType<ServiceUse.Event.Recorded>().Single().Amount.ToString().ShouldBe("37.04");
        used.When(new ServiceUse.Command.Record(Check(4), null)).Refuses("use-exists");
        used.After(new ServiceUse.Command.Reverse("BC-1", "twice")).When(new ServiceUse.Command.Record(Check(), null))
            .Refuses("use-exists");
        When(new ServiceUse.Command.Record(Check(0), null)).Refuses("quantity-out-of-range");
        When(new ServiceUse.Command.Reverse("BC-9", "twice")).Refuses("use-unknown");
    }
}

public class CertificateSpecs : SpecFor<Certificate, Certificate.Command, Certificate.State, Certificate.Event>
{
    internal static readonly CertificateText Hours = new(
        October, Workshop, "Number sense", new("T-17"), new("M-001"), new(2026, 10, 14), new(2026, 10, 14), 320,
            Quantity.FromDecimal(5.25m),
        Quantity.FromDecimal(0.525m));

    [Fact]
    public void it_needs_the_threshold_and_can_be_revoked()
    {
        When(new Certificate.Command.Issue(Hours, false)).Refuses("threshold-not-reached");
        var issued = Given().After(new Certificate.Command.Issue(Hours, true));
        issued.After(new Certificate.Command.Revoke("wrong person")).State.Phase.ShouldBe(CertificatePhase.Revoked);
        When(new Certificate.Command.Revoke("why")).Refuses("certificate-unknown");
    }

    [Theory]
    [InlineData(287, false, "0")]
    [InlineData(288, true, "4.75")]
    [InlineData(360, true, "6")]
    public void the_threshold_is_four_fifths_and_hours_are_counted_in_quarters(int minutes, bool reached, string hours)
    {
        var result = ClockHourRule.InForce.On(new(2026, 10, 14)).Judge(new("T-1"), new("M-1"), minutes, 360);
        (result.Reached, result.ClockHours.ToString()).ShouldBe((reached, hours));
    }

    [Fact]
    public void its_code_is_the_same_again_and_another_for_another_person()
    {
        var end = new Guid(7, 0, 0x7000, 0x80, 0, 0, 0, 0, 0, 0, 1);
        Certificate.CodeOf(end, new("T-1")).ShouldBe(Certificate.CodeOf(end, new("T-1")));
        Certificate.CodeOf(end, new("T-2")).ShouldNotBe(Certificate.CodeOf(end, new("T-1")));
        Certificate.CodeOf(end, new("T-1")).Length.ShouldBe(20);
    }
}
