using Shouldly;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Programs;
using SSC.Purchasing.Tests.Testbed;
using Xunit;
using static SSC.Purchasing.Programs.Enrollment;
using static SSC.Purchasing.Tests.Programs.ProgramSamples;

namespace SSC.Purchasing.Tests.Programs;

public class EnrollmentSpecs : SpecFor<Enrollment, Command, State, Event>
{
    [Fact]
    public void it_follows_the_seats_charges_what_is_confirmed_and_forgets_older_versions()
    {
        var placement = Placement(Quote(50m), seats: 3);
        var waiting = Given().After(new Command.Follow(placement, new(0, 0, 3, 0), 2));
        waiting.State.Status.ShouldBe(EnrollmentStatus.Waitlisted);
        waiting.State.Charged.ShouldBe(Money.Zero);
        var part = waiting.After(new Command.Follow(placement, new(0, 2, 1, 0), 5));
        (part.State.Status, part.State.Seats, part.State.Charged.ToString()).ShouldBe((EnrollmentStatus.Confirmed, 2, "100.00"));
        part.When(new Command.Follow(placement, new(0, 0, 3, 0), 4)).RecordsNothing();
        part.When(new Command.Follow(placement, new(0, 2, 1, 0), 5)).RecordsNothing();
        part.After(new Command.Follow(placement, new(0, 3, 0, 0), 7)).State.Charged.ToString().ShouldBe("150.00");
    }

    [Fact]
    public void a_hold_that_ran_out_lapses_and_another_request_begins_anew()
    {
        var held = Given().After(new Command.Follow(Placement(Quote(50m)), new(6, 0, 0, 0), 2));
        held.State.Status.ShouldBe(EnrollmentStatus.Held);
        var lapsed = held.After(new Command.Follow(Placement(Quote(50m)), new(0, 0, 0, 0), 3));
        lapsed.State.Status.ShouldBe(EnrollmentStatus.Lapsed);
        lapsed.When(new Command.Reduce(1, Now)).Refuses("enrollment-over");
        var again = lapsed.After(new Command.Follow(Placement(Quote(60m), request: "M-001.2"), new(0, 6, 0, 0), 5));
        again.State.Charged.ToString().ShouldBe("360.00");
    }

    [Fact]
    public void giving_up_has_its_bounds()
    {
        var six = Given(Confirmed(Quote(49m), 6));
        six.When(new Command.Reduce(0, Now)).Refuses("seats-not-positive");
        six.When(new Command.Reduce(7, Now)).Refuses("seats-not-fewer");
        six.When(new Command.Reduce(6, Now)).RecordsNothing();
        six.When(new Command.Reduce(4, Start)).Refuses("offering-started");
        six.When(new Command.Cancel("late", Start)).Refuses("offering-started");
        six.When(new Command.Cancel(" ", Now)).Refuses("reason-missing");
        When(new Command.Reduce(1, Now)).Refuses("enrollment-unknown");
        six.After(new Command.Cancel("ill", Start.AddDays(-6))).State.Refunded.ShouldBe(Money.Zero, "six days are below every tier");
        six.After(new Command.Cancel("ill", Now)).State.Refunded.ToString().ShouldBe("294.00");
        six.After(new Command.Cancel("ill", Now)).When(new Command.Follow(Placement(Quote(49m)), new(0, 7, 0, 0), 99)).RecordsNothing();
    }

    [Fact]
    public void another_person_comes_free_of_charge()
    {
        var named = Given(Confirmed(Quote(49m), 2)).After(new Command.NameParticipants([new("T-1"), new("T-2")]));
        named.When(new Command.Substitute(new("T-1"), new("T-3"))).Records(new Event.ParticipantSubstituted(new("T-1"), new("T-3")));
        named.When(new Command.Substitute(new("T-9"), new("T-3"))).Refuses("participant-unknown");
        named.When(new Command.Substitute(new("T-1"), new("T-2"))).Refuses("participant-named");
        named.When(new Command.NameParticipants([new("A"), new("B"), new("C")])).Refuses("too-many-participants");
        named.When(new Command.NameParticipants([new("A"), new("A")])).Refuses("participants-invalid");
    }

    [Fact]
    public void a_move_needs_a_consent_in_time_and_brings_everything_back()
    {
        var asked = Given(Confirmed(Quote(49m), 2, new([]))).After(new Command.AskToMove(new("PD-nov"), Now.AddDays(3)));
        asked.When(new Command.Move(new("PD-nov"))).Refuses("move-not-consented");
        asked.When(new Command.AnswerMove(true, Now.AddDays(3))).Refuses("move-answer-late");
        var yes = asked.After(new Command.AnswerMove(true, Now));
        yes.When(new Command.AnswerMove(false, Now)).Refuses("move-answered");
        yes.After(new Command.Move(new("PD-nov"))).State.Refunded.ToString().ShouldBe("98.00");
        Given(Confirmed(Quote(49m), 2)).When(new Command.AnswerMove(true, Now)).Refuses("no-move-asked");
    }

    [Fact]
    public void who_does_not_come_pays_the_full_price()
    {
        var missed = Given(Confirmed(Quote(49m), 2)).After(new Command.RecordAttendance(false));
        (missed.State.Status, missed.State.Refunded).ShouldBe((EnrollmentStatus.NoShow, Money.Zero));
        Given(Confirmed(Quote(49m), 2)).After(new Command.RecordAttendance(true)).State.Status.ShouldBe(EnrollmentStatus.Attended);
    }
}
