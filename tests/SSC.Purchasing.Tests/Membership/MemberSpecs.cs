using Shouldly;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Tests.Testbed;
using Xunit;

namespace SSC.Purchasing.Tests.Membership;

public class MemberSpecs : SpecFor<Member, Member.Command, Member.State, Member.Event>
{
    private static readonly MemberNo Oak = new("M-1");
    private static readonly MemberFacts School = new("Oak Schools", MemberType.Education, MemberKind.SchoolDistrict, "Rice", true, 900, 60);
    private static readonly Member.Event Admitted = new Member.Event.Admitted(Oak, MinnesotaCooperatives.Home, School);
    private static readonly SiteFacts Gym = new("Gym", new(["1 Oak St"], "Oak", "55021"));

    [Fact]
    public void a_member_is_expelled_and_readmitted_by_resolution_only()
    {
        var expulsion = new AdoptedResolution(
            new("R-1"), MinnesotaCooperatives.Home, ResolutionKind.Expulsion, "M-1", "2026-7", new(2026, 3, 25), new(2026, 4, 1));
        var expel = new Member.Command.Expel(new(2026, 6, 30), expulsion);
        Given(Admitted).When(expel with { By = null }).Refuses("resolution-missing");
        Given(Admitted).When(expel with { By = expulsion with { Subject = "M-2" } }).Refuses("resolution-other-subject");
        Given(Admitted).When(expel with { LastDay = new(2026, 3, 31) }).Refuses("resolution-not-effective");
        var expelled = Given(Admitted).After(expel);
        expelled.When(expel).RecordsNothing();
        expelled.When(new Member.Command.Rejoin(new(2027, 7, 1))).Refuses("member-expelled");
        expelled.When(new Member.Command.Leave(new(2030, 6, 30))).Refuses("member-expelled");
        var back = expulsion with { Resolution = new("R-2"), Kind = ResolutionKind.Other };
        expelled.When(new Member.Command.Readmit(new(2027, 7, 1), expulsion)).Refuses("resolution-other-kind");
        expelled.After(new Member.Command.Readmit(new(2027, 7, 1), back)).State.ShouldBeOfType<Member.State.Admitted>().LastDay
            .ShouldBeNull();
    }

    [Theory]
    [InlineData("", "name-missing")]
    [InlineData("Oak\0Schools", "name-not-plain")]
    [InlineData("Oak\nSchools", "name-not-plain")]
    [InlineData("Oak \u202Eschools", "name-not-plain")]
    public void a_name_that_could_fool_a_reader_is_refused(string name, string code) =>
        Admit(School with { Name = name }).Refuses(code);

    [Fact]
    public void a_name_of_two_hundred_characters_is_taken_and_one_more_is_not()
    {
        Admit(School with { Name = new('x', 200) }).ShouldBeAccepted();
        Admit(School with { Name = new('x', 201) }).Refuses("name-too-long");
    }

    [Fact]
    public void counts_below_zero_are_refused()
    {
        Admit(School with { Enrollment = -1 }).Refuses("enrollment-out-of-range");
        Admit(School with { Teachers = -1 }).Refuses("teachers-out-of-range");
    }

    [Theory]
    [InlineData(MemberType.Education, MemberKind.SchoolDistrict, true)]
    [InlineData(MemberType.Ccoga, MemberKind.County, true)]
    [InlineData(MemberType.Associate, MemberKind.NonpublicSchool, false)]
    [InlineData(MemberType.NonProfit, MemberKind.NonProfit, false)]
    public void the_vote_follows_from_the_type(MemberType type, MemberKind kind, bool votes)
    {
        var facts = School with { Type = type, Kind = kind };
        Admit(facts with { Voting = votes }).ShouldBeAccepted();
        Admit(facts with { Voting = !votes }).Refuses("voting-mismatch");
    }

    [Fact]
    public void a_charter_school_under_three_hundred_students_is_an_associate()
    {
        var charter = School with { Kind = MemberKind.CharterSchool, Enrollment = 299 };
        Admit(charter).Refuses("charter-below-voting-size");
        Admit(charter with { Enrollment = null }).Refuses("charter-below-voting-size");
        Admit(charter with { Enrollment = 300 }).ShouldBeAccepted();
        Admit(charter with { Type = MemberType.Associate, Voting = false }).ShouldBeAccepted();
    }

    [Fact]
    public void a_participating_member_takes_one_or_two_services_and_no_pool()
    {
        var guest = School with { Type = MemberType.Participating, Kind = MemberKind.ParticipatingOrganization, Voting = false };
        Admit(guest).Refuses("services-mismatch");
        Admit(guest with { Services = [CooperativeService.Purchasing, CooperativeService.Programs] }).ShouldBeAccepted();
        Admit(guest with { Services = [CooperativeService.InsurancePool] }).Refuses("service-for-full-members");
        Admit(School with { Services = [CooperativeService.Purchasing] }).Refuses("services-mismatch");
    }

    [Fact]
    public void a_correction_that_would_break_the_type_is_refused() =>
        Given(new Member.Event.Admitted(Oak, MinnesotaCooperatives.Home, School with { Kind = MemberKind.CharterSchool }))
            .When(new Member.Command.Correct(School.Name, School.County, 200, 20)).Refuses("charter-below-voting-size");

    [Theory]
    [InlineData("5502", "zip-malformed")]
    [InlineData("55021-12", "zip-malformed")]
    [InlineData("٥٥٠٢١", "zip-malformed")]
    public void a_site_without_a_zip_code_gets_no_truck(string zip, string code) =>
        Given(Admitted).When(new Member.Command.AddSite(new("S-1"), Gym with { Address = Gym.Address with { Zip = zip } })).Refuses(code);

    [Fact]
    public void a_dock_that_closes_before_it_opens_is_refused() =>
        Given(Admitted).When(new Member.Command.AddSite(new("S-1"), Gym with { Windows = [new(DayOfWeek.Monday, new(9, 0), new(8, 0))] }))
            .Refuses("delivery-window-empty");

    [Fact]
    public void a_closed_site_takes_no_delivery_and_its_id_is_not_used_again()
    {
        var closed = Given(Admitted, new Member.Event.SiteAdded(new("S-1"), Gym)).After(new Member.Command.CloseSite(new("S-1")));
        closed.State.ShouldBeOfType<Member.State.Admitted>().DeliversTo(new("S-1")).ShouldBeFalse();
        closed.When(new Member.Command.AddSite(new("S-1"), Gym)).Refuses("site-closed");
        closed.When(new Member.Command.ChangeSite(new("S-1"), Gym with { Name = "Hall" })).Refuses("site-closed");
    }

    [Fact]
    public void after_notice_a_member_only_closes_sites_moves_the_day_or_rejoins()
    {
        var leaving = Given(Admitted, new Member.Event.SiteAdded(new("S-1"), Gym), new Member.Event.Left(new(2026, 6, 30)));
        leaving.When(new Member.Command.AddSite(new("S-2"), Gym)).Refuses("member-left");
        leaving.When(new Member.Command.CloseSite(new("S-1"))).Records(new Member.Event.SiteClosed(new("S-1")));
        leaving.When(new Member.Command.Leave(new(2026, 7, 31))).Records(new Member.Event.Left(new(2026, 7, 31)));
        leaving.When(new Member.Command.Rejoin(new(2026, 6, 30))).Refuses("rejoining-too-early");
        leaving.When(new Member.Command.Rejoin(new(2026, 7, 1))).Records(new Member.Event.Rejoined(new(2026, 7, 1)));
    }

    [Fact]
    public void a_late_repetition_of_the_admission_does_not_bring_a_corrected_member_back_to_old_facts() =>
        Given(Admitted, new Member.Event.Corrected("Elm Schools", "Rice", 1, 1))
            .When(new Member.Command.Admit(Oak, MinnesotaCooperatives.Home, School)).Refuses("member-exists");

    [Fact]
    public void until_a_member_decides_a_second_person_approves_above_the_quotation_threshold() =>
        Given(Admitted).State.ShouldBeOfType<Member.State.Admitted>().Approval.ShouldBe(new(new(2_500_000), true));

    private static Decision<Member.Event> Admit(MemberFacts facts) =>
        When(new Member.Command.Admit(Oak, MinnesotaCooperatives.Home, facts));
}

public class EligibilityTests
{
    private static readonly DateOnly Today = new(2026, 3, 6);

    [Fact]
    public void road_salt_is_for_cities_and_counties_only()
    {
        MemberEligibility.Buying(Of(MemberType.Ccoga, MemberKind.City), BuyerGroup.CitiesAndCounties, Today).ShouldBeNull();
        MemberEligibility.Buying(Of(MemberType.Ccoga, MemberKind.County), BuyerGroup.CitiesAndCounties, Today).ShouldBeNull();
        MemberEligibility.Buying(Of(MemberType.Ccoga, MemberKind.OtherGovernment), BuyerGroup.CitiesAndCounties, Today)!.Code
            .ShouldBe("not-for-this-buyer");
        MemberEligibility.Buying(Of(MemberType.Education, MemberKind.SchoolDistrict), BuyerGroup.CitiesAndCounties, Today)!.Code
            .ShouldBe("not-for-this-buyer");
    }

    [Theory]
    [InlineData(MemberType.Education, MemberKind.SchoolDistrict, PoolKind.Schools, null)]
    [InlineData(MemberType.Education, MemberKind.SchoolDistrict, PoolKind.Ccoga, "other-pool")]
    [InlineData(MemberType.Ccoga, MemberKind.OtherGovernment, PoolKind.Ccoga, null)]
    [InlineData(MemberType.Ccoga, MemberKind.City, PoolKind.Schools, "other-pool")]
    [InlineData(MemberType.Education, MemberKind.CharterSchool, PoolKind.Schools, "board-decision-needed")]
    [InlineData(MemberType.Associate, MemberKind.OtherCooperativeDistrict, PoolKind.Schools, "board-decision-needed")]
    [InlineData(MemberType.Associate, MemberKind.NonpublicSchool, PoolKind.Schools, "not-a-public-employer")]
    [InlineData(MemberType.Associate, MemberKind.AssociateEducation, PoolKind.Schools, "not-a-public-employer")]
    [InlineData(MemberType.NonProfit, MemberKind.NonProfit, PoolKind.Ccoga, "not-a-public-employer")]
    [InlineData(MemberType.Participating, MemberKind.ParticipatingOrganization, PoolKind.Ccoga, "service-not-taken")]
    public void insurance_pools_are_for_public_employers_each_in_its_own(MemberType type, MemberKind kind, PoolKind pool, string? code) =>
        (MemberEligibility.InsurancePool(Of(type, kind), pool, Today)?.Code).ShouldBe(code);

    [Fact]
    public void a_participating_member_orders_only_when_purchasing_is_its_service()
    {
        var guest = Of(MemberType.Participating, MemberKind.ParticipatingOrganization);
        MemberEligibility.JointOrder(guest, Today)!.Code.ShouldBe("service-not-taken");
        var buying = guest with { Facts = guest.Facts with { Services = [CooperativeService.Purchasing] } };
        MemberEligibility.JointOrder(buying, Today).ShouldBeNull();
        MemberEligibility.Program(buying, Today)!.Code.ShouldBe("service-not-taken");
    }

    [Fact]
    public void the_last_day_of_a_membership_is_a_day_of_it()
    {
        var leaving = Of(MemberType.Education, MemberKind.SchoolDistrict) with { LastDay = Today };
        MemberEligibility.JointOrder(leaving, Today).ShouldBeNull();
        MemberEligibility.JointOrder(leaving, Today.AddDays(1))!.Code.ShouldBe("member-left");
        MemberEligibility.MayVote(leaving, Today).ShouldBeTrue();
        MemberEligibility.MayVote(leaving, Today.AddDays(1)).ShouldBeFalse();
    }

    [Fact]
    public void statewide_orders_need_an_agreement_that_holds_on_the_day()
    {
        var member = Of(MemberType.Education, MemberKind.SchoolDistrict);
        var agreement = new StatewideAgreement(Today, Today.AddDays(10), "R-1");
        MemberEligibility.StatewideOrder(member, agreement, Today).ShouldBeNull();
        MemberEligibility.StatewideOrder(member, agreement, Today.AddDays(10)).ShouldBeNull();
        MemberEligibility.StatewideOrder(member, agreement, Today.AddDays(11))!.Code.ShouldBe("no-statewide-agreement");
        MemberEligibility.StatewideOrder(member, agreement, Today.AddDays(-1))!.Code.ShouldBe("no-statewide-agreement");
        MemberEligibility.StatewideOrder(member, null, Today)!.Code.ShouldBe("no-statewide-agreement");
    }

    [Fact]
    public void no_county_belongs_to_two_of_the_seven_cooperatives()
    {
        MinnesotaCooperatives.All.Count.ShouldBe(7);
        MinnesotaCooperatives.All.SelectMany(c => c.Counties).GroupBy(c => c).Where(g => g.Count() > 1).ShouldBeEmpty();
        MinnesotaCooperatives.Find(MinnesotaCooperatives.Home)!.Counties.Count.ShouldBe(11);
    }

    private static MemberStanding Of(MemberType type, MemberKind kind) =>
        new(new("Oak", type, kind, "Rice", MemberRules.Votes(type)), null);
}
