using Shouldly;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Tests.Testbed;
using Xunit;
using static SSC.Purchasing.Membership.Board;

namespace SSC.Purchasing.Tests.Membership.Governance;

public class BoardSpecs : SpecFor<Board, Command, State, Event>
{
    private static readonly DateOnly Start = new(2023, 7, 1);
    private static readonly DateOnly Today = new(2026, 3, 25);

    private static readonly History Constituted =
        Given(new Event.Constituted(new("SSC"), BoardRules.Customary, Start, "Bylaws of 2020"));

    private static readonly History Seated = Establish(Constituted, "OLMSTED-1", true, 2023)
        .After(new Command.Install(new("OLMSTED-1"), Person(1), "SSC-2023", Start));

    [Fact]
    public void terms_are_staggered_by_the_year_of_election_and_last_four_years()
    {
        HolderOf(Seated, "OLMSTED-1").Until.ShouldBe(new(2027, 6, 30));
        var rules = BoardRules.Customary;
        rules.TermOf(2025, Today).ShouldBe((new(2025, 7, 1), new(2029, 6, 30)));
        rules.TermOf(2027, Today).ShouldBe((new(2023, 7, 1), new(2027, 6, 30)));
        rules.TermOf(2025, new(2025, 6, 30)).ShouldBe((new(2021, 7, 1), new(2025, 6, 30)));
    }

    [Fact]
    public void somebody_elected_to_the_rest_of_a_term_serves_to_its_end_only()
    {
        var vacant = Seated.After(new Command.Vacate(new("OLMSTED-1"), new("p-1"), VacancyReason.Resigned, Today));
        var by = vacant.After(new Command.Install(new("OLMSTED-1"), Person(2), "SSC-2025", new(2025, 7, 1)));
        HolderOf(by, "OLMSTED-1").Until.ShouldBe(new(2027, 6, 30));
    }

    [Fact]
    public void an_appointment_lasts_until_directors_of_the_next_election_take_office()
    {
        var vacant = Seated.After(new Command.Vacate(new("OLMSTED-1"), new("p-1"), VacancyReason.NoLongerQualified, Today));
        var appointed = vacant.After(new Command.Appoint(new("OLMSTED-1"), Person(2), "R-2026-020", Today));
        HolderOf(appointed, "OLMSTED-1").ShouldBe(
            new(Person(2), SeatedBy.Appointment, "R-2026-020", Today, new(2027, 6, 30)));
        BoardRules.Customary.LastDayBeforeNextElected(new(2025, 6, 30)).ShouldBe(new(2025, 6, 30));
        BoardRules.Customary.LastDayBeforeNextElected(new(2025, 7, 1)).ShouldBe(new(2027, 6, 30));
    }

    [Fact]
    public void a_seat_that_is_held_is_not_given_away_and_a_person_holds_one_seat()
    {
        Seated.When(new Command.Appoint(new("OLMSTED-1"), Person(2), "R-1", Today)).Refuses("seat-taken");
        Establish(Seated, "RICE-1", true, 2025).When(new Command.Appoint(new("RICE-1"), Person(1), "R-1", Today))
            .Refuses("person-has-a-seat");
        Seated.When(new Command.Appoint(new("NOWHERE"), Person(2), "R-1", Today)).Refuses("seat-unknown");
    }

    [Fact]
    public void a_school_board_seat_is_for_a_school_board_member() => Establish(Constituted, "OLMSTED-1", true, 2023)
        .When(new Command.Install(new("OLMSTED-1"), Person(1) with { SchoolBoard = false }, "SSC-2023", Start))
        .Refuses("not-a-school-board-member");

    [Fact]
    public void a_majority_of_the_seats_is_for_school_board_members_at_every_size()
    {
        Constituted.When(new Command.EstablishSeat(new("CITIES"), new("Cities", false, 2023), Start)).Refuses("school-board-majority");
        var three = Establish(Establish(Establish(Constituted, "A", true, 2023), "B", true, 2025), "C", false, 2023);
        three.When(new Command.EstablishSeat(new("D"), new("Counties", false, 2023), Start)).Refuses("school-board-majority");
        Establish(Establish(three, "E", true, 2023), "F", false, 2025).State.ShouldBeOfType<State.Constituted>().Seats.Count.ShouldBe(5);
    }

    [Fact]
    public void a_board_has_fifteen_seats_at_most_and_elections_in_odd_years()
    {
        var full = Enumerable.Range(1, 15).Aggregate(Constituted, (h, n) => Establish(h, $"S-{n}", true, 2023));
        full.When(new Command.EstablishSeat(new("S-16"), new("Rice", true, 2023), Start)).Refuses("board-full");
        Constituted.When(new Command.EstablishSeat(new("S-1"), new("Rice", true, 2024), Start)).Refuses("not-an-election-year");
        When(new Command.Constitute(new("SSC"), BoardRules.Customary with { MostDirectors = 16 }, Start, "Bylaws"))
            .Refuses("board-size-out-of-range");
    }

    [Fact]
    public void the_third_consecutive_unexcused_absence_removes_a_director()
    {
        var two = Attended(Attended(Seated, 1, Attendance.Unexcused), 2, Attendance.Unexcused);
        var third = two.When(Attend(3, Attendance.Unexcused)).ShouldBeAccepted();
        third[1].ShouldBe(new Event.DirectorRemoved(new("OLMSTED-1"), new("p-1"), ["BM-1", "BM-2", "BM-3"], 3, Today.AddDays(3)));
        Attended(two, 3, Attendance.Present).When(Attend(4, Attendance.Unexcused)).ShouldBeAccepted().Count.ShouldBe(1);
        Attended(two, 3, Attendance.Excused).When(Attend(4, Attendance.Unexcused)).ShouldBeAccepted().Count
            .ShouldBe(2, "an excused absence neither counts nor breaks the row");
    }

    [Fact]
    public void attendance_is_recorded_once_and_in_order_for_every_director()
    {
        var met = Attended(Seated, 2, Attendance.Present);
        met.When(Attend(2, Attendance.Present)).RecordsNothing();
        met.When(Attend(2, Attendance.Unexcused)).Refuses("attendance-differs");
        met.When(Attend(1, Attendance.Present)).Refuses("meeting-out-of-order");
        met.When(new Command.RecordAttendance("BM-3", Today.AddDays(3), default)).Refuses("attendance-missing");
        met.When(new Command.RecordAttendance("BM-3", Today.AddDays(3),
            StructuralMap<PersonId, Attendance>.Empty.Set(new("p-9"), Attendance.Present))).Refuses("not-a-director");
    }

    [Fact]
    public void a_term_ends_on_its_day_whenever_the_timer_fires()
    {
        Seated.When(new Command.EndTerms(new(2027, 6, 30))).RecordsNothing();
        var ended = Seated.After(new Command.EndTerms(new(2027, 9, 1)));
        ended.State.ShouldBeOfType<State.Constituted>().VacantSince[new("OLMSTED-1")].ShouldBe(new(2027, 7, 1));
        ended.When(new Command.EndTerms(new(2027, 9, 1))).RecordsNothing();
    }

    [Fact]
    public void the_composition_says_what_is_not_as_it_should_be()
    {
        var board = Seated.State.ShouldBeOfType<State.Constituted>();
        board.CompositionOn(Today).ShouldBe(new(1, 1, 1, ["too-few-seats"]));
        board.CompositionOn(new(2027, 7, 1)).Findings.ShouldBe(["too-few-seats", "seats-vacant", "no-school-board-majority"]);
        board.RollOf("BM-1", Today).Directors.ShouldBe([new("p-1")]);
    }

    [Fact]
    public void other_rules_hold_from_their_day_on()
    {
        var amended = Seated.After(new Command.AmendRules(BoardRules.Customary with { AbsenceLimit = 2 }, Today, "Bylaws of 2026"));
        var board = amended.State.ShouldBeOfType<State.Constituted>();
        (board.RulesOn(Today.AddDays(-1)).AbsenceLimit, board.RulesOn(Today).AbsenceLimit).ShouldBe((3, 2));
        amended.When(new Command.AmendRules(BoardRules.Customary, Today, "Bylaws of 2026")).Refuses("rules-not-later");
    }

    private static Candidate Person(int n) => new(new($"p-{n}"), new($"M-00{n}"), true);

    private static History Establish(History history, string seat, bool schoolBoard, int year) =>
        history.After(new Command.EstablishSeat(new(seat), new("Olmsted", schoolBoard, year), Start));

    private static SeatHolder HolderOf(History history, string seat) =>
        history.State.ShouldBeOfType<State.Constituted>().Seats[new(seat)].Holder!;

    private static Command.RecordAttendance Attend(int n, Attendance came) =>
        new($"BM-{n}", Today.AddDays(n), StructuralMap<PersonId, Attendance>.Empty.Set(new("p-1"), came));

    private static History Attended(History history, int n, Attendance came) => history.After(Attend(n, came));
}

public class ElectionSpecs : SpecFor<Election, Election.Command, Election.State, Election.Event>
{
    private static readonly History Nominating = Given(new Election.Event.Called(Elections.Terms));

    private static readonly History Voting = Nominating.After(Elections.Nominate(1)).After(Elections.Nominate(2))
        .After(new Election.Command.OpenVoting([new("M-003"), new("M-001"), new("M-002")], 41, Elections.NominationsEnd));

    [Fact]
    public void most_votes_win_and_the_certificate_names_who()
    {
        var counted = Voting.After(Elections.Cast(1, 1)).After(Elections.Cast(2, 2)).After(Elections.Cast(3, 2))
            .After(new Election.Command.Close(Elections.VotingEnd));
        counted.After(new Election.Command.Certify(new(2027, 5, 20))).State.ShouldBeOfType<Election.State.Certified>().Elected
            .ShouldBe([new("SSC-2027", Elections.Seat, new(Boards.Person(2), new("M-002"), true), new(2027, 7, 1))]);
    }

    [Fact]
    public void a_member_votes_once_and_only_if_it_could_when_voting_opened()
    {
        var cast = Voting.After(Elections.Cast(1, 1));
        cast.When(Elections.Cast(1, 1)).RecordsNothing();
        cast.When(Elections.Cast(1, 2)).Refuses("member-has-voted");
        cast.When(Elections.Cast(9, 1)).Refuses("member-may-not-vote");
        cast.When(Elections.Cast(2, 3)).Refuses("candidate-unknown");
        cast.When(Elections.Cast(2, 2) with { Now = Elections.VotingEnd }).Refuses("voting-closed");
        cast.When(Elections.Cast(2, 2) with { Ballot = new(default) }).Refuses("ballot-empty");
    }

    [Fact]
    public void nominations_end_before_voting_opens()
    {
        Nominating.When(Elections.Nominate(4)).Refuses("not-a-school-board-member");
        Nominating.When(Elections.Nominate(1, new("RICE-1"))).Refuses("seat-not-on-ballot");
        Nominating.When(Elections.Nominate(1) with { Now = Elections.NominationsEnd }).Refuses("nominations-closed");
        Nominating.When(new Election.Command.OpenVoting([new("M-001")], 1, Elections.Start)).Refuses("nominations-open");
        Nominating.When(Elections.Cast(1, 1)).Refuses("voting-not-open");
        Voting.When(new Election.Command.Close(Elections.NominationsEnd)).Refuses("voting-open");
    }

    [Fact]
    public void a_tie_is_broken_only_by_the_rule_that_was_announced()
    {
        var lot = Tied(TieRule.Lot);
        lot.When(new Election.Command.Certify(new(2027, 5, 20))).Refuses("tie-not-broken");
        lot.When(new Election.Command.BreakTie(Elections.Seat, null, 42)).Refuses("tie-rule-differs");
        lot.When(new Election.Command.BreakTie(Elections.Seat, Boards.Person(3), null)).Refuses("winner-not-tied");
        var seed = Tied(TieRule.Seed);
        seed.When(new Election.Command.BreakTie(Elections.Seat, Boards.Person(1), null)).Refuses("tie-rule-differs");
        var broken = seed.After(new Election.Command.BreakTie(Elections.Seat, null, 42));
        broken.When(new Election.Command.BreakTie(Elections.Seat, null, 42)).RecordsNothing();
        broken.When(new Election.Command.BreakTie(Elections.Seat, null, 43)).Refuses("tie-broken-otherwise");
    }

    [Fact]
    public void a_seed_always_draws_the_same_and_different_seeds_draw_everybody()
    {
        PersonId[] tied = [Boards.Person(1), Boards.Person(2), Boards.Person(3)];
        var drawn = Enumerable.Range(0, 60).Select(seed => ElectionTally.Draw(seed, Elections.Seat, tied)).ToList();
        drawn.ShouldBe(Enumerable.Range(0, 60).Select(seed => ElectionTally.Draw(seed, Elections.Seat, tied.Reverse())));
        drawn.Distinct().Count().ShouldBe(3);
    }

    private static History Tied(TieRule rule) => Elections.Tied(rule).SkipLast(2).Aggregate(Given(), (h, c) => h.After(c));
}

public class MembershipYearSpecs : SpecFor<MembershipYear, MembershipYear.Command, MembershipYear.State, MembershipYear.Event>
{
    private static readonly MembershipYear.Command.Assess Assess = new(
        new("M-081"), new("SSC"), 2027, MemberType.Participating, 2, Fees.Adopted, new(2026, 7, 1));

    [Fact]
    public void the_fee_follows_from_the_services_and_the_schedule()
    {
        var fee = When(Assess).RecordsOne<MembershipYear.Event, MembershipYear.Event.Assessed>(e => e as MembershipYear.Event.Assessed).Fee;
        (fee.Amount, fee.DueOn, fee.LapsesOn).ShouldBe((new Money(40_000), new(2026, 7, 31), new(2026, 9, 30)));
        When(Assess with { Services = 1 }).RecordsOne<MembershipYear.Event, MembershipYear.Event.Assessed>(
            e => e as MembershipYear.Event.Assessed).Fee.Amount.ShouldBe(new(25_000));
        When(Assess with { Fees = null }).Refuses("fee-schedule-missing");
        When(Assess with { Type = MemberType.Education }).Refuses("no-membership-fee");
    }

    [Fact]
    public void an_unpaid_year_lapses_on_its_day_and_a_late_payment_revives_it()
    {
        var owed = Given().After(Assess);
        owed.When(new MembershipYear.Command.Lapse(new(2026, 9, 29))).Refuses("too-early-to-lapse");
        var lapsed = owed.After(new MembershipYear.Command.Lapse(new(2026, 9, 30)));
        lapsed.When(new MembershipYear.Command.Remind(1)).RecordsNothing();
        var paid = lapsed.After(new MembershipYear.Command.RecordPayment("INV-1", new(2026, 10, 3)));
        paid.When(new MembershipYear.Command.Lapse(new(2026, 10, 4))).RecordsNothing();
        paid.When(new MembershipYear.Command.RecordPayment("INV-2", new(2026, 10, 4))).Refuses("fee-already-paid");
        paid.After(new MembershipYear.Command.ReversePayment("INV-1", new(2026, 10, 5))).State
            .ShouldBeOfType<MembershipYear.State.Owed>();
    }

    [Fact]
    public void fees_are_refused_without_the_boards_resolution()
    {
        var adopt = new FeeSchedule.Command.Adopt(new("SSC"), Fees.Adopted.Fees, new(2026, 7, 1), Fees.By("R-1"));
        string? Code(FeeSchedule.Command.Adopt c) =>
            (FeeSchedule.Decide(c, FeeSchedule.Initial) as Decision<FeeSchedule.Event>.Refused)?.Refusal.Code;
        Code(adopt).ShouldBeNull();
        Code(adopt with { By = null }).ShouldBe("resolution-missing");
        Code(adopt with { By = Fees.By("R-1") with { Cooperative = new("NESC") } }).ShouldBe("resolution-other-cooperative");
        Code(adopt with { By = Fees.By("R-1") with { EffectiveOn = new(2026, 7, 2) } }).ShouldBe("resolution-not-effective");
        Code(adopt with { Fees = Fees.Adopted.Fees with { TwoServices = new(1) } }).ShouldBe("fee-out-of-range");
    }
}

public class AnnualPlanSpecs : SpecFor<AnnualPlan, AnnualPlan.Command, AnnualPlan.State, AnnualPlan.Event>
{
    private static readonly History Due = Given().After(new AnnualPlan.Command.Schedule(new("SSC"), 2027));
    private static readonly string Text = new('a', 64);

    [Fact]
    public void the_plan_of_a_fiscal_year_is_due_on_the_first_of_june_before_it()
    {
        Due.State.ShouldBeOfType<AnnualPlan.State.Due>().DueOn.ShouldBe(new(2026, 6, 1));
        AnnualPlan.NextYear(new(2026, 6, 1)).ShouldBe(2027);
        AnnualPlan.NextYear(new(2026, 6, 2)).ShouldBe(2028);
    }

    [Fact]
    public void on_the_day_itself_it_is_in_time_and_a_day_later_it_is_overdue()
    {
        Due.When(new AnnualPlan.Command.RaiseOverdue(new(2026, 6, 1))).Refuses("plan-not-overdue");
        Due.After(new AnnualPlan.Command.Deliver(Text, [new("M-001")], new(2026, 6, 1))).State
            .ShouldBeOfType<AnnualPlan.State.Delivered>().InTime.ShouldBeTrue();
        Due.After(new AnnualPlan.Command.RaiseOverdue(new(2026, 6, 2)))
            .After(new AnnualPlan.Command.Deliver(Text, [new("M-001")], new(2026, 6, 9))).State
            .ShouldBeOfType<AnnualPlan.State.Delivered>().InTime.ShouldBeFalse();
    }

    [Fact]
    public void a_delivered_plan_reaches_more_members_but_never_with_another_text()
    {
        var delivered = Due.After(new AnnualPlan.Command.Deliver(Text, [new("M-002")], new(2026, 5, 20)));
        delivered.When(new AnnualPlan.Command.Deliver(Text, [new("M-002")], new(2026, 5, 21))).RecordsNothing();
        delivered.After(new AnnualPlan.Command.Deliver(Text, [new("M-001"), new("M-002")], new(2026, 5, 21))).State
            .ShouldBeOfType<AnnualPlan.State.Delivered>().Members.ShouldBe([new("M-002"), new("M-001")]);
        delivered.When(new AnnualPlan.Command.Deliver(new('b', 64), [new("M-003")], new(2026, 5, 21))).Refuses("plan-differs");
        delivered.When(new AnnualPlan.Command.Remind(3)).RecordsNothing();
        delivered.When(new AnnualPlan.Command.RaiseOverdue(new(2026, 6, 2))).RecordsNothing();
    }
}
