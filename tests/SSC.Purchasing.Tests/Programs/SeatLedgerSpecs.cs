using Shouldly;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Programs;
using SSC.Purchasing.Tests.Testbed;
using Xunit;
using static SSC.Purchasing.Programs.SeatLedger;
using static SSC.Purchasing.Tests.Programs.ProgramSamples;

namespace SSC.Purchasing.Tests.Programs;

public class SeatLedgerSpecs : SpecFor<SeatLedger, Command, State, Event>
{
    [Fact]
    public void free_seats_are_held_for_fifteen_minutes_and_a_purchase_order_confirms_them_at_once()
    {
        var asked = Given(Open(Terms())).When(Ask("M-001", 4)).ShouldBeAccepted();
        asked.ShouldBe([new Event.SeatsHeld(new("M-001.1", new("M-001"), 4, 0, Now), Now.AddMinutes(15))]);
        var held = Given([.. Open(Terms()), .. asked]);
        held.When(new Command.Confirm("M-001.1", Now.AddMinutes(14))).Records(new Event.SeatsConfirmed("M-001.1", new("M-001"), 4));
        held.When(new Command.Confirm("M-001.1", Now.AddMinutes(15))).Refuses("hold-expired");
        Given(Open(Terms())).After(Ask("M-001", 4, "PO 7")).State.Taken.ShouldBe(4);
    }

    [Fact]
    public void a_hold_that_ran_out_is_free_and_its_timer_is_harmless_when_late_or_repeated()
    {
        var held = Given(Open(Terms())).After(Ask("M-001", 4));
        var until = Now.AddMinutes(15);
        held.When(new Command.ExpireHold("M-001.1", until, Now.AddMinutes(1))).Refuses("too-early");
        var expired = held.After(new Command.ExpireHold("M-001.1", until, until));
        expired.State.Free.ShouldBe(10);
        expired.When(new Command.ExpireHold("M-001.1", until, until.AddDays(1))).RecordsNothing();
        held.After(new Command.Confirm("M-001.1", Now)).When(new Command.ExpireHold("M-001.1", until, until.AddDays(1))).RecordsNothing();
        expired.When(new Command.Confirm("M-001.1", until)).Refuses("hold-expired");
    }

    [Fact]
    public void zero_seats_are_none_and_no_number_is_no_limit()
    {
        Given(Open(Terms(0))).When(Ask("M-001", 1)).ShouldBeAccepted().ShouldHaveSingleItem().ShouldBeOfType<Event.WaitlistJoined>();
        Given(Open(Terms(null))).After(Ask("M-001", 100_000, "PO")).State.Taken.ShouldBe(100_000);
        Given(Open(Terms(0))).State.Phase.ShouldBe(OfferingPhase.Full);
    }

    [Fact]
    public void who_comes_now_does_not_pass_those_who_wait()
    {
        var line = Given([.. Open(Terms(10)), Has("X", 9), Waits("A", 3, 1)]);
        line.When(Ask("B", 1)).ShouldBeAccepted().ShouldHaveSingleItem().ShouldBeOfType<Event.WaitlistJoined>();
    }

    [Theory]
    [InlineData(0, "seats-not-positive")]
    [InlineData(-3, "seats-not-positive")]
    [InlineData(4, "member-cap-exceeded")]
    [InlineData(1_000_001, "seats-too-many")]
    public void seats_out_of_bounds_are_refused(int seats, string code) =>
        Given(Open(Terms() with { SeatsPerMember = 3 })).When(Ask("M-001", seats)).Refuses(code);

    [Fact]
    public void asking_again_for_something_else_or_without_the_right_is_refused()
    {
        Given(Open(Terms())).After(Ask("M-001", 2)).When(Ask("M-001", 3)).Refuses("already-enrolled");
        Given(Open(Terms())).When(Ask("M-001", 2) with { Member = new(new("M-001"), 0, new("service-not-taken", "Take programs.")) })
            .Refuses("service-not-taken");
        Given(new Event.Scheduled(October, Terms())).When(Ask("M-001", 2)).Refuses("offering-not-open");
        Given([.. Open(Terms()), new Event.Closed("full")]).When(Ask("M-001", 2)).Refuses("offering-closed");
        Given([.. Open(Terms()), new Event.Cancelled("ill")]).When(Ask("M-001", 2)).Refuses("offering-cancelled");
        Given(Open(Terms())).When(Ask("M-001", 2, at: Start)).Refuses("offering-started");
        When(Ask("M-001", 2)).Refuses("offering-unknown");
    }

    [Fact]
    public void capacity_is_never_cut_below_what_is_committed()
    {
        var some = Given([.. Open(Terms(10)), Has("X", 7)]);
        some.When(new Command.SetCapacity(6, "smaller")).Refuses("capacity-below-committed");
        some.When(new Command.SetCapacity(-1, "smaller")).Refuses("capacity-negative");
        some.When(new Command.SetCapacity(7, "smaller")).Records(new Event.CapacityChanged(10, 7, "smaller"));
        some.When(new Command.SetCapacity(null, "open air")).Records(new Event.CapacityChanged(10, null, "open air"));
        some.When(new Command.SetCapacity(10, "same")).RecordsNothing();
    }

    [Fact]
    public void an_offer_lasts_two_days_but_never_into_the_last_day_and_is_not_taken_late()
    {
        var line = Given([.. Open(Terms(10)), Has("X", 8), Waits("A", 2, 1)]);
        var offered = line.After(new Command.Promote(Now));
        var expires = Now.AddHours(48);
        offered.State.Lines["A.1"].Offers["A.1.1"].Expires.ShouldBe(expires);
        offered.When(new Command.AcceptOffer("A.1.1", expires)).Refuses("offer-expired");
        offered.When(new Command.AcceptOffer("A.1.2", Now)).Refuses("offer-unknown");
        offered.When(new Command.AcceptOffer("nonsense", Now)).Refuses("offer-unknown");
        offered.When(new Command.AcceptOffer("A.1.1", Now)).Records(new Event.OfferAccepted("A.1.1", "A.1", new("A"), 2));
        offered.After(new Command.AcceptOffer("A.1.1", Now)).When(new Command.AcceptOffer("A.1.1", Now)).RecordsNothing();
        var late = line.After(new Command.Promote(Cutoff.AddHours(-3)));
        late.State.Lines["A.1"].Offers["A.1.1"].Expires.ShouldBe(Cutoff);
    }

    [Fact]
    public void an_offer_that_runs_out_goes_to_the_tail_once_and_out_of_the_line_the_second_time()
    {
        var line = Given([.. Open(Terms(10)), Has("X", 8), Waits("A", 2, 1), Waits("B", 2, 2)]);
        var first = line.After(new Command.Promote(Now)).After(new Command.ExpireOffer("A.1.1", Now.AddHours(48)));
        first.State.Waitlist.Select(l => l.Request.Id).ShouldBe(["B.1", "A.1"]);
        first.When(new Command.AcceptOffer("A.1.1", Now)).Refuses("offer-over");
        first.When(new Command.ExpireOffer("A.1.1", Now.AddHours(50))).RecordsNothing();
        var second = first.After(new Command.Promote(Now.AddHours(48))).After(new Command.DeclineOffer("B.1.1"))
            .After(new Command.Promote(Now.AddHours(49))).After(new Command.ExpireOffer("A.1.2", Now.AddHours(97)));
        second.State.Waitlist.ShouldBeEmpty();
        second.State.Lines["A.1"].IsLive.ShouldBeFalse();
        second.State.Free.ShouldBe(2);
    }

    [Fact]
    public void a_head_is_passed_twice_at_most_then_seats_are_kept_for_it()
    {
        var line = Given(
        [
            .. Open(Terms(10, allowSkip: true)), Has("X", 9), Waits("A", 3, 1), Waits("B", 1, 2), Waits("C", 1, 3), Waits("D", 1, 4),
        ]).After(new Command.Promote(Now)).After(new Command.DeclineOffer("A.1.1"));
        var passed = line.After(new Command.Promote(Now)).After(new Command.DeclineOffer("B.1.1"))
            .After(new Command.Promote(Now)).After(new Command.DeclineOffer("C.1.1"));
        passed.State.Lines["A.1"].Skips.ShouldBe(2);
        passed.When(new Command.Promote(Now)).RecordsNothing();
        var more = passed.After(new Command.Release("X.1", 2, false)).After(new Command.Promote(Now)).State;
        more.Lines["A.1"].Offered.ShouldBe(3, "what was kept and what came go to the head");
        var strict = Given([.. Open(Terms(10)), Has("X", 9), Waits("A", 3, 1), Waits("B", 1, 2)])
            .After(new Command.Promote(Now)).After(new Command.DeclineOffer("A.1.1"));
        strict.When(new Command.Promote(Now)).RecordsNothing();
    }

    [Fact]
    public void at_the_cutoff_the_line_is_let_go_and_what_is_free_is_public()
    {
        var line = Given([.. Open(Terms(10)), Has("X", 8), Waits("A", 3, 1)]).After(new Command.Promote(Now));
        line.When(new Command.ReachCutoff(Cutoff.AddSeconds(-1))).Refuses("too-early");
        var after = line.After(new Command.ReachCutoff(Cutoff));
        after.State.Free.ShouldBe(2);
        after.State.Waitlist.ShouldBeEmpty();
        after.When(new Command.ReachCutoff(Cutoff.AddHours(1))).RecordsNothing();
        after.After(Ask("B", 2, "PO", Cutoff)).State.Taken.ShouldBe(10);
        after.When(Ask("B", 3, "PO", Cutoff)).Refuses("offering-full");
        after.When(new Command.ExpireOffer("A.1.1", Start)).RecordsNothing();
    }

    [Fact]
    public void below_the_minimum_the_rules_come_one_after_the_other_then_a_person_is_asked()
    {
        var terms = Terms(20, minimum: 12) with { UnderMinimum = [UnderMinimumAction.Extend, UnderMinimumAction.Cancel] };
        var few = Given([.. Open(terms), Has("X", 11)]);
        few.When(new Command.RunAnyway("why")).Refuses("not-below-minimum");
        few.When(new Command.CheckMinimum(Now)).Refuses("too-early");
        var missed = few.After(new Command.CheckMinimum(terms.DecideAt!.Value));
        missed.Events[^1].ShouldBe(new Event.BelowMinimum(11, 12, UnderMinimumAction.Extend));
        var extended = missed.After(new Command.Extend(terms.DecideAt.Value));
        extended.When(new Command.Extend(terms.DecideAt.Value)).RecordsNothing();
        var again = extended.After(new Command.CheckMinimum(terms.DecideAt.Value.AddDays(5)));
        again.Events[^1].ShouldBe(new Event.BelowMinimum(11, 12, UnderMinimumAction.Cancel));
        again.When(new Command.Extend(terms.DecideAt.Value)).Refuses("extended-before");
        again.When(new Command.RunAnyway("")).Refuses("reason-missing");
        again.After(new Command.RunAnyway("needed")).State.Minimum.ShouldBe(MinimumStanding.Runs);
        again.When(new Command.ProposeMerge(October, Now)).Refuses("merge-target-invalid");
        again.After(new Command.ProposeMerge(new("PD-nov"), Now)).When(new Command.ProposeMerge(new("PD-dec"), Now))
            .Refuses("merge-pending");
        Given([.. Open(terms), Has("X", 12)]).When(new Command.CheckMinimum(terms.DecideAt.Value)).Records(new Event.MinimumReached(12,
            12));
    }

    [Fact]
    public void what_is_wrong_with_an_offering_has_a_code_of_its_own()
    {
        Expect("capacity-negative", Terms(-1));
        Expect("minimum-out-of-range", Terms(10, minimum: 11));
        Expect("sessions-invalid", Terms() with { Sessions = [] });
        Expect("sessions-invalid", Terms() with { Sessions = [new(Start, 0)] });
        Expect("cap-out-of-range", Terms() with { SeatsPerMember = 0 });
        Expect("offering-times-invalid", Terms() with { Cutoff = Start.AddDays(1) });
        Expect("offering-times-invalid", Terms() with { RoundUntil = Cutoff });
        Expect("seat-rules-invalid", Terms() with { Rules = SeatRules.Default with { HoldMinutes = 0 } });
        Expect("title-missing", Terms() with { Title = " " });
        Expect("under-minimum-invalid", Terms() with { UnderMinimum = [(UnderMinimumAction)9] });
        Given(Open(Terms())).When(new Command.Schedule(October, Terms(11))).Refuses("offering-exists");

        static void Expect(string code, OfferingTerms terms) => When(new Command.Schedule(October, terms)).Refuses(code);
    }

    [Fact]
    public void a_cost_is_shared_once_and_only_among_those_who_have_seats()
    {
        var some = Given([.. Open(Terms(null)), Has("M-001", 2)]);
        some.When(new Command.SplitCost("INV-1", "Consultant", Money.Zero)).Refuses("amount-not-positive");
        some.When(new Command.SplitCost("no good", "Consultant", new Money(1))).Refuses("split-reference-malformed");
        some.After(new Command.SplitCost("INV-1", "Consultant", new Money(5))).When(new Command.SplitCost("INV-1", "x", new Money(6)))
            .Refuses("split-exists");
        Given(Open(Terms())).When(new Command.SplitCost("INV-1", "Consultant", new Money(1))).Refuses("nobody-to-share");
    }
}
