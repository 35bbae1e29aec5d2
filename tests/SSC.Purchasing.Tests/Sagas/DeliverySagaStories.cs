using Shouldly;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.JointOrders;
using SSC.Purchasing.Procurement.PurchaseOrders;
using SSC.Purchasing.Procurement.Receiving;
using Xunit;
using static SSC.Purchasing.Tests.Sagas.DeliveryStory;
using static SSC.Purchasing.Tests.Sagas.JointOrderStory;

namespace SSC.Purchasing.Tests.Sagas;

/// <summary>Every branch of a delivery to a member's own site, each told as its story.</summary>
public class DeliverySagaStories
{
    private static readonly DateOnly Later = new(2026, 4, 30);

    [Fact]
    public async Task each_site_expects_what_the_vendor_agreed_to_and_no_more()
    {
        var story = await (await Begin()).OpenOrder();
        await story.Commit("M-001", 120);
        await story.Commit("M-002", 80);
        await story.Bed.AdvanceTo(Cutoff);
        await story.Answer(Whitewater, ResponseCode.CA, new LineAnswer(1, LineAnswerCode.Propose, Quantity.Of(160)));
        await story.PurchaseOrderCommand(Whitewater, new PurchaseOrder.Command.AcceptChange(1));
        (await story.LineAt("M-001-A")).Ordered.ShouldBe(Quantity.Of(96));
        (await story.LineAt("M-002-A")).Ordered.ShouldBe(Quantity.Of(64));
        (await story.FileOf("M-001-A")).Expectation.OrderNumber.ShouldBe("PO-JO-1-1");
    }

    [Fact]
    public async Task a_receipt_that_is_missing_is_reminded_of_once()
    {
        var story = await TwoSchools();
        await story.Receive("M-002-A", "PS-2", 100);
        await story.Bed.AdvanceTo(Cutoff.AddDays(60));
        (await story.Delivered("M-001-A")).ShouldBe(["delivery_expected", "delivery_reminded"]);
        (await story.Delivered("M-002-A")).ShouldBe(["delivery_expected", "delivery_received"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task a_back_order_that_does_not_come_is_released_and_only_its_members_budget_is_freed(bool deliverTwice)
    {
        var story = await TwoSchools(deliverTwice: deliverTwice);
        (await story.Encumbered("M-001")).ShouldBe(Money.FromDollars(3_975m));
        await story.Send("M-001-A", "DA-1", 90, 10);
        await story.Receive("M-001-A", "PS-1", 90);
        await story.Receive("M-002-A", "PS-2", 100);
        await story.Bed.AdvanceTo(Cutoff.AddDays(60));
        (await story.Delivered("M-001-A")).ShouldBe(
            ["delivery_expected", "delivery_despatched", "delivery_received", "delivery_back_order_released"]);
        (await story.Encumbered("M-001")).ShouldBe(Money.FromDollars(3_577.50m));
        (await story.Encumbered("M-002")).ShouldBe(Money.FromDollars(3_975m));
        (await story.Types("joint-order-JO-1")).ShouldNotContain("joint_order_line_reallocated", "one site's shortage is nobody else's");
    }

    [Fact]
    public async Task a_back_order_that_is_kept_on_comes_late_and_is_received()
    {
        var story = await TwoSchools();
        await story.Send("M-001-A", "DA-1", 90, 10);
        await story.Receive("M-001-A", "PS-1", 90);
        var until = (await story.LineAt("M-001-A")).BackOrderUntil!.Value;
        await story.Tell("M-001-A", new Delivery.Command.KeepBackOrder(1, until.AddDays(30)));
        await story.Bed.AdvanceTo(BusinessCalendar.EndOfDay(until.AddDays(29)));
        (await story.LineAt("M-001-A")).BackOrdered.ShouldBe(Quantity.Of(10));
        await story.Receive("M-001-A", "PS-3", 10);
        await story.Bed.AdvanceTo(BusinessCalendar.EndOfDay(until.AddDays(60)));
        (await story.LineAt("M-001-A")).ShouldSatisfyAllConditions(
            l => l.Accepted.ShouldBe(Quantity.Of(100)), l => l.Released.ShouldBe(Quantity.Zero));
    }

    [Fact]
    public async Task an_order_may_ask_before_a_back_order_is_given_up()
    {
        var story = await TwoSchools(new() { BackOrderLapse = BackOrderLapse.Ask });
        await story.Tell("M-001-A", new Delivery.Command.BackOrder("BO-1", 1, Quantity.Of(100), Later));
        await story.Bed.AdvanceTo(BusinessCalendar.EndOfDay(Later.AddDays(2)));
        (await story.Delivered("M-001-A"))[^1].ShouldBe("delivery_back_order_overdue");
        await story.Tell("M-001-A", new Delivery.Command.ReleaseBackOrder(1, "bought elsewhere"));
        (await story.Encumbered("M-001")).ShouldBe(Money.Zero);
    }

    [Fact]
    public async Task an_earlier_day_never_ends_a_back_order_that_stands_until_a_later_one()
    {
        var story = await TwoSchools();
        await story.Tell("M-001-A", new Delivery.Command.BackOrder("BO-1", 1, Quantity.Of(10), Later));
        await story.Tell("M-001-A", new Delivery.Command.Refuse("F-1", 1, Quantity.Of(5), "dock closed", Later.AddDays(-10)));
        await story.Bed.AdvanceTo(BusinessCalendar.EndOfDay(Later.AddDays(-1)));
        (await story.LineAt("M-001-A")).BackOrdered.ShouldBe(Quantity.Of(15));
        await story.Bed.AdvanceTo(BusinessCalendar.EndOfDay(Later.AddDays(1)));
        (await story.LineAt("M-001-A")).Released.ShouldBe(Quantity.Of(15));
    }

    [Fact]
    public async Task a_shortage_that_the_vendor_does_not_answer_is_escalated_then_credited_and_frees_the_budget()
    {
        var story = await TwoSchools();
        await story.Receive("M-001-A", "PS-1", 96);
        await story.Tell("M-001-A", new Delivery.Command.ReportShortage("S-1", 1, Quantity.Of(4), false, null));
        (await story.Encumbered("M-001")).ShouldBe(Money.FromDollars(3_975m), "the claim is open");
        await story.Bed.AdvanceTo(Cutoff.AddDays(40));
        (await story.FileOf("M-001-A")).Claims.Single().IsOverdue.ShouldBeTrue();
        await story.Tell("M-001-A", new Delivery.Command.AnswerClaim(1, ClaimAnswer.CreditPromised, null, null));
        await story.Tell("M-001-A", new Delivery.Command.ResolveClaim(1, ClaimResolution.Credited, "CM-1"));
        (await story.Encumbered("M-001")).ShouldBe(Money.FromDollars(3_816m));
    }

    [Fact]
    public async Task damaged_goods_are_replaced()
    {
        var story = await TwoSchools();
        await story.Receive("M-001-A", "PS-1", 100);
        await story.Tell("M-001-A", new Delivery.Command.ReportDamage("X-1", 1, Quantity.Of(7), true, "wet"));
        await story.Tell("M-001-A", new Delivery.Command.AnswerClaim(1, ClaimAnswer.Replacement, null, Later));
        await story.Receive("M-001-A", "PS-9", 7);
        await story.Tell("M-001-A", new Delivery.Command.ResolveClaim(1, ClaimResolution.Replaced, null));
        await story.Bed.AdvanceTo(BusinessCalendar.EndOfDay(Later.AddDays(5)));
        (await story.Delivered("M-001-A")).ShouldNotContain("delivery_claim_overdue");
        (await story.LineAt("M-001-A")).Accepted.ShouldBe(Quantity.Of(100));
        (await story.Encumbered("M-001")).ShouldBe(Money.FromDollars(3_975m));
    }

    [Fact]
    public async Task a_replacement_that_never_comes_is_released_like_any_back_order_and_counted_once()
    {
        var story = await TwoSchools();
        await story.Receive("M-001-A", "PS-1", 90);
        await story.Tell("M-001-A", new Delivery.Command.ReportShortage("S-1", 1, Quantity.Of(10), false, null));
        await story.Tell("M-001-A", new Delivery.Command.AnswerClaim(1, ClaimAnswer.Replacement, null, Later));
        await story.Bed.AdvanceTo(BusinessCalendar.EndOfDay(Later.AddDays(2)));
        await story.Tell("M-001-A", new Delivery.Command.ResolveClaim(1, ClaimResolution.Credited, "CM-1"));
        (await story.LineAt("M-001-A")).WrittenOff.ShouldBe(Quantity.Of(10));
        (await story.Encumbered("M-001")).ShouldBe(Money.FromDollars(3_577.50m));
    }

    [Theory]
    [InlineData(true, 100, 3_975)]
    [InlineData(false, 0, 0)]
    public async Task a_substitute_is_accepted_or_goes_back_for_good(bool accepted, long units, int dollars)
    {
        var story = await TwoSchools();
        await story.Receive("M-001-A", "PS-1", 100, "PAPER-24LB");
        (await story.LineAt("M-001-A")).Held.ShouldBe(Quantity.Of(100));
        await story.Tell("M-001-A", accepted
            ? new Delivery.Command.AcceptHeld(1)
            : new Delivery.Command.ReturnHeld(1, "too heavy for the copiers", null));
        (await story.LineAt("M-001-A")).Accepted.ShouldBe(Quantity.Of(units));
        (await story.Encumbered("M-001")).ShouldBe(Money.FromDollars(dollars));
    }

    [Fact]
    public async Task goods_left_at_another_school_are_forwarded()
    {
        var story = await TwoSchools();
        await story.Tell("M-001-A", new Delivery.Command.ReportWrongSite("W-1", 1, Quantity.Of(100), new("M-002-A"), null));
        await story.Receive("M-002-A", "PS-2", 100);
        await story.Tell("M-001-A", new Delivery.Command.AcceptHeld(1));
        (await story.Fulfilment()).Shares.Select(s => (s.Member.Value, s.Accepted.Units)).ShouldBe([("M-001", 100m), ("M-002", 100m)]);
    }

    [Fact]
    public async Task goods_turned_away_for_good_free_the_budget()
    {
        var story = await TwoSchools();
        await story.Tell("M-001-A", new Delivery.Command.Refuse("F-1", 1, Quantity.Of(40), "mouldy", null));
        (await story.Encumbered("M-001")).ShouldBe(Money.FromDollars(2_385m));
    }

    [Fact]
    public async Task what_arrives_beyond_the_tolerance_waits_for_a_decision_and_what_is_within_counts()
    {
        var story = await TwoSchools(new() { OverDeliveryBasisPoints = 500 });
        await story.Receive("M-001-A", "PS-1", 108);
        (await story.LineAt("M-001-A")).Accepted.ShouldBe(Quantity.Of(105));
        (await story.FileOf("M-001-A")).Holds.Single().ShouldBe(new(1, HoldKind.Excess, 1, new("PAPER-20LB"), Quantity.Of(3)));
        await story.Tell("M-001-A", new Delivery.Command.ReturnHeld(1, "not ordered", null));
        (await story.Encumbered("M-001")).ShouldBe(Money.FromDollars(3_975m));
        (await story.FileOf("M-001-A")).IsComplete().ShouldBeTrue();
    }

    [Fact]
    public async Task the_budget_that_is_freed_is_that_of_the_year_in_which_it_was_set_aside()
    {
        var story = await TwoSchools();
        await story.Bed.AdvanceTo(BusinessCalendar.InstantOf(new(2026, 7, 15), new(9, 0)));
        await story.Tell("M-001-A", new Delivery.Command.ReleaseRest("never delivered"));
        (await story.Encumbered("M-001")).ShouldBe(Money.Zero);
    }
}
