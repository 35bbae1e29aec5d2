using System.Text;
using Shouldly;
using SSC.Purchasing.Host;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.JointOrders;
using SSC.Purchasing.Procurement.PurchaseOrders;
using SSC.Purchasing.Procurement.Receiving;
using SSC.Purchasing.Tests.Audit;
using SSC.Purchasing.Tests.Testbed;
using Xunit;
using static SSC.Purchasing.Tests.Sagas.DeliveryStory;
using static SSC.Purchasing.Tests.Sagas.JointOrderStory;

namespace SSC.Purchasing.Tests.Sagas;

/// <summary>How joint orders end: closed out for good, cancelled before shipment, or sent back after it.</summary>
public class CloseOutSagaStories
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public async Task an_order_that_is_delivered_and_billed_is_closed_out_and_nothing_stays_set_aside(bool deliverTwice, bool billedFirst)
    {
        var story = await TwoSchools(deliverTwice: deliverTwice);
        if (billedFirst) await story.Billed();
        await story.Send("M-001-A", "DA-1", 100);
        (await story.State()).Phase.ShouldBe(OrderPhase.Delivering);
        await story.Receive("M-001-A", "PS-1", 100);
        await story.Receive("M-002-A", "PS-2", 100);
        (await story.State()).Phase.ShouldBe(billedFirst ? OrderPhase.ClosedOut : OrderPhase.Delivering);
        if (!billedFirst) await story.Billed();
        (await story.State()).Phase.ShouldBe(OrderPhase.ClosedOut);
        (await story.PurchaseOrderTo(Whitewater)).ShouldBeOfType<PurchaseOrder.State.Closed>();
        (await story.Encumbered("M-001"), await story.Encumbered("M-002")).ShouldBe((Money.Zero, Money.Zero));
        (await story.Types("joint-order-JO-1")).TakeLast(2).ShouldBe(["joint_order_delivery_started", "joint_order_closed_out"]);
    }

    [Fact]
    public async Task an_open_claim_keeps_an_order_from_being_closed_out()
    {
        var story = await TwoSchools();
        await story.Receive("M-001-A", "PS-1", 98);
        await story.Tell("M-001-A", new Delivery.Command.ReportShortage("S-1", 1, Quantity.Of(2), false, null));
        await story.Receive("M-002-A", "PS-2", 100);
        await story.Billed();
        (await story.State()).Phase.ShouldBe(OrderPhase.Delivering);
        await story.Tell("M-001-A", new Delivery.Command.ResolveClaim(1, ClaimResolution.Credited, "CM-1"));
        (await story.State()).Phase.ShouldBe(OrderPhase.ClosedOut);
    }

    [Fact]
    public async Task a_bill_that_comes_in_after_all_keeps_it_open_too()
    {
        var story = await TwoSchools();
        await story.Billed();
        await story.PurchaseOrderCommand(Whitewater, new PurchaseOrder.Command.ReopenBilling("a second invoice"));
        await story.Receive("M-001-A", "PS-1", 100);
        await story.Receive("M-002-A", "PS-2", 100);
        (await story.State()).Phase.ShouldBe(OrderPhase.Delivering);
        await story.Billed();
        (await story.State()).Phase.ShouldBe(OrderPhase.ClosedOut);
    }

    [Fact]
    public async Task nothing_is_reopened_and_a_compensation_cites_the_original()
    {
        var story = await ClosedOut();
        JointOrderStory.Refusal(await story.TryTell("M-001-A", new Delivery.Command.ReportDamage("X-1", 1, Quantity.Of(1), true, null)))
            .ShouldBe("order-closed-out");
        JointOrderStory.Refusal(await new OpenJointOrder(story.Bed.Commands).Handle(
            story.Bed.As("coordinator"), Order, new JointOrder.Command.Cancel("too late"), CancellationToken.None))
            .ShouldBe("order-closed-out");
        var spoiled = new Compensation(
            "CM-9", new("delivery-JO-1:V-whitewater:M-001-A", 2), new("M-001"), 1, Quantity.Of(-1), Money.FromDollars(-39.75m), "spoiled");
        await story.Coordinator(new JointOrder.Command.Compensate(spoiled));
        await story.Coordinator(new JointOrder.Command.Compensate(spoiled));
        (await story.Types("joint-order-JO-1")).Count(t => t == "joint_order_compensated").ShouldBe(1);
        (await story.State()).Phase.ShouldBe(OrderPhase.ClosedOut);
    }

    [Fact]
    public async Task a_replay_finds_the_same_evidence_again_and_notices_when_it_is_not_the_same()
    {
        var story = await ClosedOut();
        var recorded = (await story.Bed.Store.ReadStream(SagaTestbed.Tenant, "joint-order-JO-1"))
            .Single(e => e.Fact is JointOrder.Event.ClosedOut);
        var again = await new CloseOutCheck().Recompute(recorded, story.Bed.Store, CancellationToken.None);
        again.Select(d => d.Kind).ShouldBe(["close-out", "close-out-lines"]);
        again.ShouldAllBe(d => d.Agrees);

        var log = new DoctoredLog(story.Bed.Store, EventCatalogue.Of(Modules.Assemblies), e => DoctoredLog.Forgery.Honest(e) with
        {
            Data = e.Type == "delivery_received"
                ? Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(e.Data.Span)
                    .Replace("\"accepted\":100", "\"accepted\":99", StringComparison.Ordinal))
                : e.Data,
        });
        var other = await new CloseOutCheck().Recompute(recorded, log, CancellationToken.None);
        other.Where(d => !d.Agrees).Select(d => d.Kind).ShouldBe(["close-out", "close-out-lines"]);
        other[1].Recomputed.ShouldNotBe(other[1].Stored);
    }

    [Fact]
    public async Task after_shipment_an_order_is_not_cancelled_but_sent_back_and_its_budgets_are_free_once_it_is_credited()
    {
        var story = await TwoSchools();
        await story.Send("M-001-A", "DA-1", 100);
        JointOrderStory.Refusal(await new OpenJointOrder(story.Bed.Commands).Handle(
            story.Bed.As("coordinator"), Order, new JointOrder.Command.Cancel("levy failed"), CancellationToken.None))
            .ShouldBe("cancel-after-shipment");
        (await story.Work.Receiving.SendBack(story.Bed.As("coordinator"), Order, Whitewater, "levy failed", CancellationToken.None))
            .ShouldBeOfType<CommandOutcome.Done>();
        await story.Bed.RunUntilIdle();
        (await story.FileOf("M-001-A")).Returns.Single().Quantity.ShouldBe(Quantity.Of(100));
        (await story.LineAt("M-002-A")).Released.ShouldBe(Quantity.Of(100), "nothing was sent there");
        await story.Tell("M-001-A", new Delivery.Command.RecordReturn(1, new(2026, 3, 30)));
        await story.Tell("M-001-A", new Delivery.Command.CreditReturn(1, "CM-2"));
        (await story.Encumbered("M-001"), await story.Encumbered("M-002")).ShouldBe((Money.Zero, Money.Zero));
        await story.Billed();
        (await story.State()).Phase.ShouldBe(OrderPhase.ClosedOut);
    }

    [Fact]
    public async Task an_order_cancelled_before_shipment_that_the_vendor_lets_go_expects_nothing_any_more()
    {
        var story = await TwoSchools();
        await story.Coordinator(new JointOrder.Command.Cancel("levy failed"));
        await story.PurchaseOrderCommand(Whitewater, new PurchaseOrder.Command.ConfirmCancellation(Money.Zero));
        (await story.LineAt("M-001-A")).Released.ShouldBe(Quantity.Of(100));
        (await story.FileOf("M-002-A")).IsComplete().ShouldBeTrue();
        (await story.State()).Phase.ShouldBe(OrderPhase.Cancelled);
    }

    [Fact]
    public async Task goods_that_were_sent_while_the_vendor_was_asked_to_cancel_go_back()
    {
        var story = await TwoSchools();
        await story.Coordinator(new JointOrder.Command.Cancel("levy failed"));
        await story.Send("M-001-A", "DA-1", 100);
        await story.PurchaseOrderCommand(Whitewater, new PurchaseOrder.Command.DeclineCancellation("it is on the truck"));
        (await story.FileOf("M-001-A")).Returns.Single().Status.ShouldBe(ReturnStatus.Authorized);
        (await story.LineAt("M-002-A")).Released.ShouldBe(Quantity.Of(100));
    }

    private static async Task<JointOrderStory> ClosedOut()
    {
        var story = await TwoSchools();
        await story.Receive("M-001-A", "PS-1", 100);
        await story.Receive("M-002-A", "PS-2", 100);
        await story.Billed();
        return story;
    }
}
