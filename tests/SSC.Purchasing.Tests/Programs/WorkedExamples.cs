using Shouldly;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Programs;
using SSC.Purchasing.Tests.Testbed;
using Xunit;
using static SSC.Purchasing.Tests.Programs.ProgramSamples;
using Ledger = SSC.Purchasing.Programs.SeatLedger;

namespace SSC.Purchasing.Tests.Programs;

/// <summary>The worked examples of programs, each under its key, decided by the deciders themselves.</summary>
public class OfferingExamples : SpecFor<Ledger, Ledger.Command, Ledger.State, Ledger.Event>
{
    [Fact]
    public void G1_twelve_places_go_round_by_round_and_two_wait_in_line()
    {
        var terms = Terms(12) with { RoundUntil = Now.AddDays(1) };
        var asked = new[] { ("A", 5), ("B", 3), ("C", 2), ("D", 2), ("E", 1), ("F", 1) }
            .Aggregate(Given(Open(terms)), (h, m) => h.After(Ask(m.Item1, m.Item2, "PO", Now)));
        var drawn = asked.When(new Ledger.Command.DrawRound("seed1", terms.RoundUntil.Value))
            .RecordsOne<Ledger.Event, Ledger.Event.RoundDrawn>(e => e as Ledger.Event.RoundDrawn);
        drawn.Grants.ToDictionary(g => g.Member.Value, g => g.Seats).ShouldBe(
            new Dictionary<string, int> { ["A"] = 3, ["B"] = 3, ["C"] = 2, ["D"] = 2, ["E"] = 1, ["F"] = 1 }, ignoreOrder: true);
        var after = asked.And(drawn).State;
        after.Waitlist.ShouldHaveSingleItem().Request.Member.Value.ShouldBe("A");
        after.Waitlist[0].Waiting.ShouldBe(2);
        after.Waitlist[0].Round.ShouldBe(4, "A's fourth place waits, then its fifth");
        after.Phase.ShouldBe(OfferingPhase.Full);
    }

    [Fact]
    public void G2_a_partial_offer_keeps_the_rest_of_the_place_and_a_declined_part_lets_the_next_that_fits_go_ahead()
    {
        var queue = Given([.. Open(Terms(10, allowSkip: true)), Has("X", 10), Waits("A", 3, 1), Waits("B", 2, 2), Waits("C", 1, 3)])
            .After(new Ledger.Command.Release("X.1", 2, false)).After(new Ledger.Command.Promote(Now));
        var offered = queue.State.Lines["A.1"];
        (offered.Offered, offered.Waiting).ShouldBe((2, 1));
        queue.State.Waitlist[0].Request.Id.ShouldBe("A.1");

        var declined = queue.After(new Ledger.Command.DeclineOffer("A.1.1"));
        declined.State.Waitlist[0].Request.Id.ShouldBe("A.1", "declining a part keeps the rank");
        declined.State.Waitlist[0].Waiting.ShouldBe(3);

        var next = declined.After(new Ledger.Command.Promote(Now.AddMinutes(5))).State;
        next.Lines["B.1"].Offered.ShouldBe(2);
        next.Lines["A.1"].Skips.ShouldBe(1);
        next.Free.ShouldBe(0);
    }

    [Fact]
    public void G9_a_consultants_cost_is_shared_by_seats_to_the_cent()
    {
        var split = Given([.. Open(Terms(null)), Has("M-001", 18), Has("M-002", 11), Has("M-003", 7)])
            .When(new Ledger.Command.SplitCost("INV-1", "Consultant", Money.FromDollars(4_350m)))
            .RecordsOne<Ledger.Event, Ledger.Event.CostSplit>(e => e as Ledger.Event.CostSplit);
        split.Shares.Values.Select(s => s.ToString()).ShouldBe(["2175.00", "1329.17", "845.83"]);
        split.Shares.Values.Sum().ShouldBe(split.Total);
    }
}

public class EnrollmentExamples : SpecFor<Enrollment, Enrollment.Command, Enrollment.State, Enrollment.Event>
{
    [Fact]
    public void G3_two_of_six_given_up_nine_days_before_bring_half_of_their_price_back()
    {
        var history = Given(Confirmed(Quote(49m), 6)).After(new Enrollment.Command.Reduce(4, Start.AddDays(-9)));
        history.State.Charged.ToString().ShouldBe("294.00");
        history.State.Refunded.ToString().ShouldBe("49.00");
        (history.State.Charged - history.State.Refunded).ToString().ShouldBe("245.00");
    }

    [Fact]
    public void G4_a_discount_that_is_lost_is_not_paid_out()
    {
        var history = Given(Confirmed(Quote(125m, discountFrom: 5, discount: 1_000), 6))
            .After(new Enrollment.Command.Reduce(4, Start.AddDays(-30)));
        history.State.Charged.ToString().ShouldBe("675.00");
        var reduced = history.Events.OfType<Enrollment.Event.SeatsReduced>().Single();
        reduced.Refund.Remaining.ToString().ShouldBe("500.00");
        reduced.Refund.Amount.ToString().ShouldBe("175.00");
    }

    [Theory]
    [InlineData(0, "185.00")]
    [InlineData(2_500, "231.25")]
    public void G5_a_members_first_team_costs_more_than_its_others_and_others_than_members_pay_a_quarter_more(int surcharge,
        string price) =>
        Given(Confirmed(Quote(75m, 55m, surcharge: surcharge), 3)).State.Charged.ToString().ShouldBe(price);

    [Fact]
    public void G8_below_the_minimum_everybody_gets_everything_back_whatever_the_policy()
    {
        var refunds = new[] { (125m, 5), (150m, 3), (195m, 1) }.Select(e =>
            Given(Confirmed(Quote(e.Item1), e.Item2, new RefundPolicy([]))).After(new Enrollment.Command.CallOff("too few", []))
                .State.Refunded);
        refunds.Sum().ToString().ShouldBe("1270.00");
    }
}

public class ServiceExamples : SpecFor<Subscription, Subscription.Command, Subscription.State, Subscription.Event>
{
    internal static readonly SubscriptionTerms Filter = new(
        new("TECH-filter"), new("M-001"), 2027, "Web filter", new(Money.FromDollars(1_200m), 20, Money.FromDollars(30m), 60), 0);

    [Fact]
    public void G6_joining_on_15_October_costs_259_of_365_days()
    {
        var begun = When(new Subscription.Command.Subscribe(Filter, new(2026, 10, 15), 20, null))
            .RecordsOne<Subscription.Event, Subscription.Event.Begun>(e => e as Subscription.Event.Begun);
        (begun.Fee.Days, begun.Fee.OfDays, begun.Fee.Amount.ToString()).ShouldBe((259, 365, "851.51"));
    }
}

public class AttendanceExamples : SpecFor<AttendanceSheet, AttendanceSheet.Command, AttendanceSheet.State, AttendanceSheet.Event>
{
    [Fact]
    public void G7_320_of_360_minutes_are_five_and_a_quarter_clock_hours()
    {
        Session[] sessions = [.. Enumerable.Range(0, 6).Select(i => new Session(Start.AddHours(i), 60))];
        var sheet = When(new AttendanceSheet.Command.Open(October, Workshop, "Number sense", [.. sessions])).ShouldBeAccepted();
        StructuralList<AttendanceMark> marks =
            [.. Enumerable.Range(1, 6).Select(s => new AttendanceMark(s, new("T-17"), new("M-001"), s == 6 ? 20 : 60))];
        var result = Given(sheet).After(new AttendanceSheet.Command.Mark(marks))
            .When(new AttendanceSheet.Command.Close(Start.AddHours(6)))
            .RecordsOne<AttendanceSheet.Event, AttendanceSheet.Event.Closed>(e => e as AttendanceSheet.Event.Closed).Results.Single();
        (result.Minutes, result.BasisPoints, result.Reached).ShouldBe((320, 8_889, true));
        result.ClockHours.ToString().ShouldBe("5.25");
        result.Ceu.ToString().ShouldBe("0.525");
    }
}
