using Shouldly;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Receiving;
using SSC.Purchasing.Tests.Testbed;
using Xunit;
using static SSC.Purchasing.Procurement.Receiving.Delivery;
using static SSC.Purchasing.Tests.Procurement.Receiving.DeliverySamples;

namespace SSC.Purchasing.Tests.Procurement.Receiving;

public class DeliverySpecs : SpecFor<Delivery, Command, State, Event>
{
    private static History Awaited => Given().After(new Command.Expect(Expected));

    [Fact]
    public void what_was_ordered_arrives_as_it_was_announced_and_nothing_is_left()
    {
        var history = Awaited.After(new Command.RecordDespatch(Note("A-1", Sent(1, 10), Sent(2, 40)), Later));
        history.State.ShouldBeOfType<State.UnderWay>();
        var received = history.When(Receive("R-1", (1, 10), (2, 40))).RecordsOne(e => e as Event.Received);
        received.ShouldSatisfyAllConditions(
            r => r.WithoutDespatch.ShouldBeFalse(), r => r.IsComplete.ShouldBeTrue(),
            r => (r.JointOrder, r.Vendor, r.Site).ShouldBe((Order, Bluffland, School)));
        history.After(Receive("R-1", (1, 10), (2, 40))).State.ShouldBeOfType<State.Complete>();
    }

    [Fact]
    public void goods_that_nobody_announced_are_received_all_the_same_and_say_so() =>
        Awaited.When(Receive("R-1", (1, 10))).RecordsOne(e => e as Event.Received).WithoutDespatch.ShouldBeTrue();

    [Fact]
    public void nothing_is_received_where_nothing_is_expected() => When(Receive("R-1", (1, 10))).Refuses("delivery-not-expected");

    [Fact]
    public void the_same_document_twice_has_one_effect()
    {
        var history = Awaited.After(new Command.RecordDespatch(Note("A-1", Sent(1, 7, 3)), Later)).After(Receive("R-1", (1, 5)));
        history.When(Receive("R-1", (1, 5))).RecordsNothing();
        history.When(new Command.RecordDespatch(Note("A-1", Sent(1, 7, 3)), Later)).RecordsNothing();
    }

    [Fact]
    public void more_than_may_still_come_is_kept_as_announced_and_found_and_the_receipt_decides()
    {
        Awaited.When(new Command.RecordDespatch(Note("A-1", Sent(1, 11)), Later)).ShouldBeAccepted().Count.ShouldBe(1); // tolerated
        var decision = Awaited.When(new Command.RecordDespatch(Note("A-1", Sent(1, 14), Sent(2, 40)), Later));
        decision.RecordsOne(e => e as Event.DespatchExceeded).Finding
            .ShouldBe(new DespatchFinding("A-1", 1, Quantity.Of(14), Quantity.Of(3)));
        var history = Awaited.After(new Command.RecordDespatch(Note("A-1", Sent(1, 14), Sent(2, 40)), Later));
        history.When(new Command.RecordDespatch(Note("A-1", Sent(1, 14), Sent(2, 40)), Later)).RecordsNothing();
        history.State.ShouldBeOfType<State.UnderWay>();
        LineOf(history, 1).ShouldSatisfyAllConditions(
            l => l.Despatched.ShouldBe(Quantity.Of(14)), l => l.Open().ShouldBe(Quantity.Of(10)), l => l.Accepted.ShouldBe(Quantity.Zero));
        FileOf(history).Findings.ShouldHaveSingleItem();
        history.After(Receive("R-1", (1, 10), (2, 40))).State.ShouldBeOfType<State.Complete>();
        FileOf(history.After(Receive("R-1", (1, 14), (2, 40)))).Holds.ShouldHaveSingleItem().Quantity.ShouldBe(Quantity.Of(3));
    }

    [Fact]
    public void several_despatches_count_together_and_what_was_heard_of_does_not()
    {
        var history = Awaited.After(new Command.RecordDespatch(Note("A-1", Sent(1, 6, 4)), Later));
        history.When(new Command.RecordDespatch(Note("A-2", Sent(1, 4)), Later)).ShouldBeAccepted().Count.ShouldBe(1);
        history.When(new Command.RecordDespatch(Note("A-2", Sent(1, 8)), Later)).RecordsOne(e => e as Event.DespatchExceeded)
            .Finding.Excess.ShouldBe(Quantity.Of(3));
        var replaced = history.After(new Command.RecordDespatch(Note("A-2", Sent(1, 4)), Later)).After(Receive("R-1", (1, 8)))
            .After(Damaged("X-1", 1, 2)).After(new Command.AnswerClaim(1, ClaimAnswer.Replacement, null, Later));
        LineOf(replaced, 1).OnTheWay.ShouldBe(Quantity.Zero);
        replaced.When(new Command.RecordDespatch(Note("A-3", Sent(1, 2)), Later)).ShouldBeAccepted().Count.ShouldBe(1);
    }

    [Fact]
    public void parts_add_up() =>
        LineOf(Awaited.After(Receive("R-1", (1, 4))).After(Receive("R-2", (1, 5))), 1)
            .ShouldSatisfyAllConditions(l => l.Accepted.ShouldBe(Quantity.Of(9)), l => l.Outstanding.ShouldBe(Quantity.Of(1)));

    [Fact]
    public void one_more_case_in_ten_is_tolerated_and_the_next_waits_for_a_decision()
    {
        var history = Awaited.After(Receive("R-1", (1, 13)));
        LineOf(history, 1).ShouldSatisfyAllConditions(l => l.Accepted.ShouldBe(Quantity.Of(11)), l => l.Surplus.ShouldBe(Quantity.Of(1)));
        var held = FileOf(history).Holds.Single();
        (held.Kind, held.Quantity).ShouldBe((HoldKind.Excess, Quantity.Of(2)));
        LineOf(history.After(new Command.AcceptHeld(1)), 1).Accepted.ShouldBe(Quantity.Of(13));
        LineOf(history.After(new Command.ReturnHeld(1, "not ordered", null)), 1).Accepted.ShouldBe(Quantity.Of(11));
        history.After(new Command.AcceptHeld(1)).When(new Command.ReturnHeld(1, "no", null)).Refuses("hold-decided");
    }

    [Fact]
    public void a_substitute_waits_until_it_is_accepted()
    {
        var history = Awaited.After(ReceiveItem("R-1", 1, "GLOVES-LATEX", 10));
        LineOf(history, 1).ShouldSatisfyAllConditions(
            l => l.Held.ShouldBe(Quantity.Of(10)), l => l.Open().ShouldBe(Quantity.Zero), l => l.Accepted.ShouldBe(Quantity.Zero));
        LineOf(history.After(new Command.AcceptHeld(1)), 1).Accepted.ShouldBe(Quantity.Of(10));
        var rejected = LineOf(history.After(new Command.ReturnHeld(1, "latex allergy", Later)), 1);
        (rejected.BackOrdered, rejected.BackOrderUntil).ShouldBe((Quantity.Of(10), Later));
    }

    [Fact]
    public void goods_left_at_another_site_are_forwarded_or_go_back()
    {
        var history = Awaited.After(new Command.ReportWrongSite("W-1", 1, Quantity.Of(10), new("M-001-MS"), null));
        FileOf(history).Holds.Single().FoundAt.ShouldBe(new SiteId("M-001-MS"));
        LineOf(history.After(new Command.AcceptHeld(1)), 1).Accepted.ShouldBe(Quantity.Of(10));
        LineOf(history.After(new Command.ReturnHeld(1, "the vendor takes them back", null)), 1).WrittenOff.ShouldBe(Quantity.Of(10));
        Awaited.When(new Command.ReportWrongSite("W-1", 1, Quantity.Of(1), School, null)).Refuses("site-invalid");
    }

    [Fact]
    public void a_shortage_is_claimed_and_credited()
    {
        var history = Awaited.After(Receive("R-1", (1, 8), (2, 40))).After(Short("S-1", 1, 2));
        history.State.ShouldBeOfType<State.Arriving>("a claim is open");
        var answered = history.After(new Command.AnswerClaim(1, ClaimAnswer.CreditPromised, null, null));
        answered.When(new Command.ResolveClaim(1, ClaimResolution.Credited, null)).Refuses("credit-document-missing");
        answered.When(new Command.ResolveClaim(1, ClaimResolution.Replaced, null)).Refuses("claim-not-replaced");
        var credited = answered.After(new Command.ResolveClaim(1, ClaimResolution.Credited, "CM-88"));
        credited.State.ShouldBeOfType<State.Complete>();
        LineOf(credited, 1).WrittenOff.ShouldBe(Quantity.Of(2));
    }

    [Fact]
    public void damaged_goods_are_sent_again_and_the_replacement_is_awaited_by_its_day()
    {
        var history = Awaited.After(Receive("R-1", (1, 10), (2, 40))).After(Damaged("X-1", 1, 3, concealed: true));
        LineOf(history, 1).Accepted.ShouldBe(Quantity.Of(7));
        history.When(new Command.AnswerClaim(1, ClaimAnswer.Replacement, null, null)).Refuses("replacement-day-missing");
        var promised = history.After(new Command.AnswerClaim(1, ClaimAnswer.Replacement, null, Later));
        LineOf(promised, 1).BackOrdered.ShouldBe(Quantity.Of(3));
        var replaced = promised.After(Receive("R-2", (1, 3))).After(new Command.ResolveClaim(1, ClaimResolution.Replaced, null));
        replaced.State.ShouldBeOfType<State.Complete>();
        LineOf(replaced, 1).Accepted.ShouldBe(Quantity.Of(10));
    }

    [Fact]
    public void a_denied_claim_is_withdrawn_and_the_goods_count_as_received()
    {
        var history = Awaited.After(Receive("R-1", (1, 8))).After(Short("S-1", 1, 2))
            .After(new Command.AnswerClaim(1, ClaimAnswer.Denied, "signed for", null))
            .After(new Command.ResolveClaim(1, ClaimResolution.Withdrawn, null));
        LineOf(history, 1).Accepted.ShouldBe(Quantity.Of(10));
        history.When(new Command.ResolveClaim(1, ClaimResolution.Credited, "CM-1")).Refuses("claim-resolved");
    }

    [Fact]
    public void more_than_is_open_or_received_is_not_claimed()
    {
        Awaited.When(Short("S-1", 1, 11)).Refuses("quantity-exceeds-open");
        Awaited.After(Receive("R-1", (1, 5))).When(Damaged("X-1", 1, 6, concealed: true)).Refuses("quantity-exceeds-received");
    }

    [Fact]
    public void goods_turned_away_for_good_are_never_paid_and_those_to_be_delivered_again_are_awaited()
    {
        LineOf(Awaited.After(new Command.Refuse("F-1", 1, Quantity.Of(4), "wet", null)), 1).WrittenOff.ShouldBe(Quantity.Of(4));
        LineOf(Awaited.After(new Command.Refuse("F-1", 1, Quantity.Of(4), "dock closed", Later)), 1).BackOrdered.ShouldBe(Quantity.Of(4));
    }

    [Fact]
    public void a_back_order_has_its_own_day_and_is_released_after_it()
    {
        var history = Awaited.After(new Command.RecordDespatch(Note("A-1", Sent(1, 7, 3)), Later)).After(Receive("R-1", (1, 7)));
        history.When(new Command.LapseBackOrder(1, Later)).RecordsNothing();
        var lapsed = history.When(new Command.LapseBackOrder(1, Later.AddDays(1))).RecordsOne(e => e as Event.BackOrderReleased);
        (lapsed.Quantity, lapsed.Automatic).ShouldBe((Quantity.Of(3), true));
    }

    [Fact]
    public void a_back_order_that_is_kept_on_does_not_lapse()
    {
        var history = Awaited.After(new Command.BackOrder("B-1", 1, Quantity.Of(3), Later))
            .After(new Command.KeepBackOrder(1, Later.AddDays(20)));
        history.When(new Command.LapseBackOrder(1, Later.AddDays(1))).RecordsNothing();
        history.When(new Command.KeepBackOrder(1, Later)).Refuses("deadline-not-later");
        Awaited.When(new Command.KeepBackOrder(1, Later)).Refuses("no-back-order");
    }

    [Fact]
    public void an_order_may_ask_a_person_before_a_back_order_is_given_up()
    {
        var history = Given().After(new Command.Expect(Expected with { Terms = new() { BackOrderLapse = BackOrderLapse.Ask } }))
            .After(new Command.BackOrder("B-1", 1, Quantity.Of(3), Friday));
        history.When(new Command.LapseBackOrder(1, Later)).RecordsOne(e => e as Event.BackOrderOverdue).Quantity.ShouldBe(Quantity.Of(3));
        LineOf(history.After(new Command.LapseBackOrder(1, Later)), 1).BackOrdered.ShouldBe(Quantity.Of(3));
    }

    [Fact]
    public void what_the_vendor_says_last_of_a_back_order_counts() =>
        LineOf(Awaited.After(new Command.RecordDespatch(Note("A-1", Sent(1, 6, 4)), Later))
            .After(new Command.RecordDespatch(Note("A-2", Sent(1, 3, 1)), Later)), 1).BackOrdered.ShouldBe(Quantity.Of(1));

    [Fact]
    public void a_line_whose_goods_go_back_stays_when_the_order_is_revised_without_it()
    {
        var history = Awaited.After(new Command.AuthorizeReturn("RMA-1", 2, Quantity.Of(12), "recall"))
            .After(new Command.Expect(Expecting(Line(1, "GLOVES-NITRILE", 6))));
        history.When(new Command.CreditReturn(1, "CM-8")).Refuses("return-not-made");
        LineOf(history, 1).Expected.Total().ShouldBe(Quantity.Of(6));
    }

    [Fact]
    public void received_goods_go_back_are_credited_and_never_paid()
    {
        var history = Awaited.After(Receive("R-1", (1, 10), (2, 40)))
            .After(new Command.AuthorizeReturn("RMA-1", 1, Quantity.Of(10), "cancelled after shipment"));
        history.When(new Command.AuthorizeReturn("RMA-2", 1, Quantity.Of(1), "more")).Refuses("quantity-exceeds-received");
        history.When(new Command.CreditReturn(1, "CM-3")).Refuses("return-not-made");
        var credited = history.After(new Command.RecordReturn(1, Later)).After(new Command.CreditReturn(1, "CM-3"));
        credited.State.ShouldBeOfType<State.Complete>();
        LineOf(credited, 1).ShouldSatisfyAllConditions(
            l => l.Returned.ShouldBe(Quantity.Of(10)), l => l.Accepted.ShouldBe(Quantity.Zero),
            l => l.WrittenOff.ShouldBe(Quantity.Of(10)));
    }

    [Fact]
    public void a_site_is_reminded_once_and_only_while_something_may_still_come()
    {
        Awaited.When(new Command.Remind(1)).Records(Stamped(new Event.Reminded(1)));
        Awaited.After(new Command.Remind(1)).When(new Command.Remind(1)).RecordsNothing();
        Awaited.After(Short("S-1", 1, 10)).After(new Command.ReleaseRest("never sent", 2)).When(new Command.Remind(1)).RecordsNothing();
    }

    [Fact]
    public void a_revision_changes_only_what_nothing_was_said_of()
    {
        var history = Awaited.After(Receive("R-1", (1, 3)))
            .After(new Command.Expect(Expecting(Line(1, "GLOVES-NITRILE", 8), Line(2, "LINERS-33", 20), Line(3, "TOWELS", 5))));
        FileOf(history).Lines.Select(l => (l.Key, l.Value.Ordered.Units)).ShouldBe([(1, 10m), (2, 20m), (3, 5m)]);
    }

    [Theory]
    [InlineData("wrong-vendor")]
    [InlineData("wrong-order")]
    [InlineData("wrong-site")]
    [InlineData("unknown-line")]
    [InlineData("unit-differs")]
    [InlineData("quantity-out-of-range")]
    [InlineData("quantity-not-whole")]
    [InlineData("document-id-invalid")]
    [InlineData("document-lines-invalid")]
    [InlineData("quantity-exceeds-open")]
    public void a_despatch_advice_that_is_wrong_is_refused_and_records_nothing(string code)
    {
        var good = Note("A-1", Sent(1, 7));
        var bad = code switch
        {
            "wrong-vendor" => good with { Vendor = new("V-rival") },
            "wrong-order" => good with { OrderNumber = "PO-1" },
            "wrong-site" => good with { Site = new("M-002-HS") },
            "unknown-line" => Note("A-1", new DespatchLine(9, new("GLOVES"), Quantity.Of(1), "XCS")),
            "unit-differs" => Note("A-1", new DespatchLine(1, new("GLOVES"), Quantity.Of(1), "EA")),
            "quantity-out-of-range" => Note("A-1", new DespatchLine(1, new("GLOVES"), Quantity.Of(-1), "XCS")),
            "quantity-not-whole" => Note("A-1", new DespatchLine(1, new("GLOVES"), Quantity.FromDecimal(0.5m), "XCS")),
            "document-id-invalid" => good with { DocumentId = "" },
            "document-lines-invalid" => good with { Lines = [] },
            _ => Note("A-1", Sent(1, 7, 11)),
        };
        Awaited.When(new Command.RecordDespatch(bad, Later)).Refuses(code);
    }

    private static Event Stamped(Event fact) => fact with
    {
        JointOrder = Order, Vendor = Bluffland, Site = School, Member = new MemberNo("M-001"),
    };

    private static DeliveryFile FileOf(History history) => ((State.Known)history.State).File;

    private static LineBalance LineOf(History history, int line) => FileOf(history).Lines[line];
}
