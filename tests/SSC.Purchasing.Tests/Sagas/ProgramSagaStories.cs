using Shouldly;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Programs;
using SSC.Purchasing.Tests.Testbed;
using Xunit;
using static SSC.Purchasing.Tests.Sagas.ProgramStory;

namespace SSC.Purchasing.Tests.Sagas;

/// <summary>Every branch of enrollment, waiting, opening, too few and giving up, each told as its story.</summary>
public class ProgramSagaStories
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task a_hold_is_confirmed_or_runs_out_and_its_seats_go_to_the_line_even_when_everything_is_delivered_twice(bool twice)
    {
        var story = await Begin(deliverTwice: twice);
        await story.Enroll("M-001", 6, po: null);
        await story.Enroll("M-002", 4, po: null);
        await story.Enroll("M-003", 5);
        (await story.Of("M-003")).Status.ShouldBe(EnrollmentStatus.Waitlisted);
        await story.Confirm("M-002");
        await story.Bed.AdvanceTo(story.Bed.Clock.Now.AddMinutes(16));
        (await story.Of("M-001")).Status.ShouldBe(EnrollmentStatus.Lapsed);
        (await story.Of("M-002")).Charged.ToString().ShouldBe("196.00");
        (await story.Of("M-003")).Status.ShouldBe(EnrollmentStatus.Offered);
        await story.Accept("M-003", "M-003.1.1");
        (await story.Of("M-003")).Charged.ToString().ShouldBe("245.00");
        (await story.Seats()).Taken.ShouldBe(9);
    }

    [Fact]
    public async Task a_part_is_offered_declined_and_the_next_that_fits_goes_ahead()
    {
        var story = await Begin(Terms(10, allowSkip: true));
        await story.Enroll("M-001", 10);
        await story.Enroll("M-002", 3);
        await story.Enroll("M-003", 2);
        await story.Tell("M-001", new Enrollment.Command.Reduce(8, story.Bed.Clock.Now));
        var offered = await story.Of("M-002");
        (offered.Standing.Offered, offered.Standing.Waiting).ShouldBe((2, 1));
        await story.Decline("M-002", "M-002.1.1");
        (await story.Of("M-003")).Standing.Offered.ShouldBe(2);
        (await story.Seats()).Lines["M-002.1"].Skips.ShouldBe(1);
        (await story.Seats()).Waitlist[0].Request.Member.Value.ShouldBe("M-002");
    }

    [Fact]
    public async Task an_offer_runs_out_once_to_the_tail_and_then_out_and_a_late_acceptance_is_refused()
    {
        var story = await Begin(Terms(4));
        await story.Enroll("M-001", 4);
        await story.Enroll("M-002", 2);
        await story.Tell("M-001", new Enrollment.Command.Reduce(2, story.Bed.Clock.Now));
        await story.Bed.AdvanceTo(story.Bed.Clock.Now.AddHours(49));
        Refusal(await story.TryAccept("M-002", "M-002.1.1")).ShouldBe("offer-over");
        (await story.Of("M-002")).Standing.Offered.ShouldBe(2, "alone in line, the tail is the head: it gets one more offer");
        await story.Bed.AdvanceTo(story.Bed.Clock.Now.AddHours(49));
        (await story.Of("M-002")).Status.ShouldBe(EnrollmentStatus.Lapsed);
        (await story.Seats()).Free.ShouldBe(2);
        (await story.Of("M-002")).Charged.ShouldBe(Money.Zero);
    }

    [Fact]
    public async Task an_outage_over_every_deadline_ends_as_if_all_timers_had_fired_in_time()
    {
        var story = await Begin(Terms(4));
        await story.Enroll("M-001", 4);
        await story.Enroll("M-002", 2);
        await story.Tell("M-001", new Enrollment.Command.Reduce(2, story.Bed.Clock.Now));
        await story.Bed.ResumeAt(Start.AddDays(1));
        var seats = await story.Seats();
        seats.Phase.ShouldBe(OfferingPhase.Completed);
        seats.Waitlist.ShouldBeEmpty();
        (await story.Of("M-002")).Status.ShouldBe(EnrollmentStatus.Lapsed);
    }

    [Fact]
    public async Task at_the_cutoff_the_line_is_told_and_what_is_free_is_public()
    {
        var story = await Begin(Terms(4));
        await story.Enroll("M-001", 3);
        await story.Enroll("M-002", 3);
        await story.Bed.AdvanceTo(Cutoff.AddMinutes(1));
        (await story.Of("M-002")).Status.ShouldBe(EnrollmentStatus.Lapsed);
        (await story.Of("M-002")).Charged.ShouldBe(Money.Zero);
        Refusal(await story.TryEnroll("M-003", 2)).ShouldBe("offering-full");
        await story.Enroll("M-003", 1);
        (await story.Seats()).Phase.ShouldBe(OfferingPhase.Full);
    }

    [Fact]
    public async Task a_scarce_date_is_opened_in_rounds_and_the_seed_is_that_of_the_requests()
    {
        var story = await Begin(Terms(5) with { RoundUntil = Begins.AddDays(2) });
        foreach (var (member, seats) in new[] { ("M-001", 4), ("M-002", 3), ("M-003", 1) }) await story.Enroll(member, seats);
        (await story.Of("M-001")).Status.ShouldBe(EnrollmentStatus.Waitlisted);
        await story.Bed.AdvanceTo(Begins.AddDays(2));
        ((await story.Of("M-001")).Seats, (await story.Of("M-002")).Seats, (await story.Of("M-003")).Seats).ShouldBe((2, 2, 1));
        var drawn = (await story.Bed.Store.ReadStream(SagaTestbed.Tenant, "offering-PD-oct")).Single(e => e.Type == "offering_round_drawn");
        var check = await new SeatDecisionCheck().Recompute(drawn, story.Bed.Store, default);
        check.Single().Agrees.ShouldBeTrue(check.Single().ToString());
    }

    [Fact]
    public async Task too_few_is_put_off_once_and_then_cancelled_with_everything_paid_back()
    {
        var story = await Begin(Terms(10) with
        {
            Minimum = 8, DecideAt = Start.AddDays(-14), UnderMinimum = [UnderMinimumAction.Extend, UnderMinimumAction.Cancel],
        });
        await story.Schedule(November, Terms(10));
        await story.Enroll("M-001", 5);
        await story.Bed.AdvanceTo(Start.AddDays(-13));
        (await story.Seats()).IsExtended.ShouldBeTrue();
        await story.Bed.AdvanceTo(Start.AddDays(-8));
        (await story.Seats()).Phase.ShouldBe(OfferingPhase.Cancelled);
        var enrolled = await story.Of("M-001");
        (enrolled.Status, enrolled.Charged, enrolled.Refunded).ShouldBe(
            (EnrollmentStatus.Cancelled, Money.FromDollars(245m), Money.FromDollars(245m)));
        var called = (await story.Bed.Store.ReadStream(SagaTestbed.Tenant, "seat-enrollment-PD-oct:M-001"))
            .Select(e => e.Fact).OfType<Enrollment.Event.CalledOff>().Single();
        called.Alternatives.ShouldBe([November]);
    }

    [Fact]
    public async Task too_few_runs_anyway_for_a_reason()
    {
        var story = await Begin(Terms(10) with { Minimum = 8, DecideAt = Start.AddDays(-14) });
        await story.Enroll("M-001", 5);
        await story.Bed.AdvanceTo(Start.AddDays(-13));
        (await story.Seats()).Minimum.ShouldBe(MinimumStanding.Below);
        await story.Ledger(new SeatLedger.Command.RunAnyway("needed this fall"));
        await story.Bed.AdvanceTo(Start.AddDays(1));
        (await story.Seats()).Phase.ShouldBe(OfferingPhase.Completed);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task who_consents_moves_at_its_price_and_who_is_silent_is_paid_back(bool twice)
    {
        var story = await Begin(Terms(10) with { Minimum = 9, DecideAt = Start.AddDays(-14) }, twice);
        await story.Schedule(November, Terms(3));
        await story.Enroll("M-001", 3);
        await story.Enroll("M-002", 2);
        await story.Enroll("M-003", 2);
        await story.Bed.AdvanceTo(Start.AddDays(-14));
        await story.Ledger(new SeatLedger.Command.ProposeMerge(November, story.Bed.Clock.Now));
        await story.Tell("M-001", new Enrollment.Command.AnswerMove(true, story.Bed.Clock.Now));
        await story.Tell("M-003", new Enrollment.Command.AnswerMove(true, story.Bed.Clock.Now));
        await story.Bed.AdvanceTo(story.Bed.Clock.Now.AddDays(4));
        (await story.Seats()).Phase.ShouldBe(OfferingPhase.Cancelled);
        (await story.Of("M-001", November)).Seats.ShouldBe(3);
        (await story.Of("M-001", November)).Charged.ShouldBe((await story.Of("M-001")).Refunded);
        (await story.Of("M-002")).Refunded.ToString().ShouldBe("98.00");
        (await story.Of("M-003")).Refunded.ToString().ShouldBe("98.00", "there was no room left at the other date");
        (await story.Of("M-003", November)).Status.ShouldBe(EnrollmentStatus.Absent);
    }

    [Fact]
    public async Task who_gives_up_is_paid_back_and_the_seats_are_free_again()
    {
        var story = await Begin();
        await story.Enroll("M-001", 6);
        await story.Bed.AdvanceTo(Start.AddDays(-9));
        await story.Tell("M-001", new Enrollment.Command.Reduce(4, story.Bed.Clock.Now));
        (await story.Of("M-001")).Refunded.ToString().ShouldBe("49.00");
        (await story.Seats()).Taken.ShouldBe(4);
        await story.Tell("M-001", new Enrollment.Command.Cancel("ill", story.Bed.Clock.Now));
        (await story.Seats()).Free.ShouldBe(10);
        await story.Enroll("M-001", 2);
        (await story.Of("M-001")).Seats.ShouldBe(2);
    }

    [Fact]
    public async Task who_attended_has_a_certificate_and_who_did_not_come_is_noted()
    {
        var story = await Begin();
        await story.Enroll("M-001", 2);
        await story.Enroll("M-002", 1);
        await story.Run(story.Work.OpenAttendance(story.Bed.As("program-admin"), October, default));
        await story.Run(story.Work.Attendance(
            story.Bed.As("program-admin"), October,
            new AttendanceSheet.Command.Mark([new(1, new("T-1"), new("M-001"), 180), new(2, new("T-1"), new("M-001"), 140), new(1,
                new("T-2"), new("M-001"), 60)]),
            default));
        await story.Bed.AdvanceTo(Start.AddHours(8));
        await story.Run(story.Work.Attendance(
            story.Bed.As("program-admin"), October, new AttendanceSheet.Command.Close(story.Bed.Clock.Now), default));
        var issued = (await story.Bed.Store.ReadAll(0, 10_000)).Select(e => e.Fact).OfType<Certificate.Event.Issued>().Single();
        (issued.Text.Participant.Value, issued.Text.ClockHours.ToString()).ShouldBe(("T-1", "5.25"));
        (await story.Of("M-001")).Status.ShouldBe(EnrollmentStatus.Attended);
        (await story.Of("M-002")).Status.ShouldBe(EnrollmentStatus.NoShow);
        (await story.Of("M-002")).Refunded.ShouldBe(Money.Zero);
    }

    [Fact]
    public async Task a_subscription_goes_on_with_the_next_year_unless_notice_was_given()
    {
        var story = await Begin();
        foreach (var member in new[] { "M-001", "M-002" })
        {
            await story.Run(story.Work.Services.Subscribe(
                story.Bed.As(member), new("PD"), new(member), 2027, new(2026, 10, 15), 20, default));
        }

        await story.Run(story.Bed.Commands.Handle<Subscription, Subscription.Command, Subscription.State, Subscription.Event>(
            story.Bed.As("M-002"), "PD:M-002:2027", new Subscription.Command.GiveNotice(new(2027, 3, 1)), default));
        await story.Bed.AdvanceTo(BusinessCalendar.InstantOf(new(2027, 7, 1), new(9, 0)));
        (await story.Bed.Store.ReadStream(SagaTestbed.Tenant, "subscription-PD:M-001:2028")).Single()
            .Type.ShouldBe("subscription_continued");
        (await story.Bed.Store.ReadStream(SagaTestbed.Tenant, "subscription-PD:M-002:2028")).ShouldBeEmpty();
        (await story.Bed.Store.ReadStream(SagaTestbed.Tenant, "subscription-PD:M-002:2027"))[^1].Type.ShouldBe("subscription_lapsed");
    }

    [Fact]
    public async Task every_decision_of_a_long_story_is_recomputed_and_explained()
    {
        var story = await Begin(Terms(6, allowSkip: true));
        await story.Enroll("M-001", 6);
        await story.Enroll("M-002", 3);
        await story.Enroll("M-003", 1);
        await story.Tell("M-001", new Enrollment.Command.Reduce(5, story.Bed.Clock.Now));
        await story.Decline("M-002", "M-002.1.1");
        await story.Accept("M-003", "M-003.1.1");
        await story.Ledger(new SeatLedger.Command.SplitCost("INV-1", "Consultant", Money.FromDollars(100m)));
        IDecisionCheck[] checks = [new SeatPriceCheck(), new SeatDecisionCheck(), new ServiceFeeCheck(), new ClockHourCheck()];
        var recomputed = new List<RecomputedDecision>();
        foreach (var e in await story.Bed.Store.ReadAll(0, 10_000))
        {
            foreach (var check in checks.Where(c => c.EventTypes.Contains(e.Type)))
                recomputed.AddRange(await check.Recompute(e, story.Bed.Store, default));
        }

        recomputed.ShouldAllBe(r => r.Agrees);
        recomputed.Select(r => r.Kind).Distinct().ShouldBe(["seat-price", "refund", "waitlist-offer", "cost-split"], ignoreOrder: true);

        var position = new WaitlistExplained();
        var head = (await story.Bed.Store.Head()).Position;
        var subject = new Dictionary<string, string> { ["offering"] = "PD-oct", ["member"] = "M-002" };
        (await position.Explain(story.Bed.Store, SagaTestbed.Tenant, subject, head, default)).ShouldNotBeNull().Answer
            .ShouldBe("Number 1 in line, for 3 seats.");
        subject["member"] = "M-001";
        (await new RefundExplained().Explain(story.Bed.Store, SagaTestbed.Tenant, subject, head, default)).ShouldNotBeNull()
            .Steps[^1].Figures["amount"].ShouldBe("49.00");
        (await new RefundExplained().Explain(story.Bed.Store, SagaTestbed.Tenant, new Dictionary<string, string>(), head, default))
            .ShouldBeNull();
    }

    [Theory]
    [InlineData("M-999", "member-unknown")]
    public async Task who_may_not_enroll_is_told_why_and_nothing_is_recorded(string member, string code)
    {
        var story = await Begin();
        var head = (await story.Bed.Store.Head()).Position;
        Refusal(await story.TryEnroll(member, 1)).ShouldBe(code);
        Refusal(await story.TryEnroll("M-001", 0)).ShouldBe("seats-not-positive");
        Refusal(await story.TryEnroll("M-001", 1, offering: new("PD-nowhere"))).ShouldBe("offering-unknown");
        (await story.Bed.Store.Head()).Position.ShouldBe(head);
    }
}
