using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.JointOrders;
using SSC.Purchasing.Procurement.Receiving;
using SSC.Purchasing.Tests.Procurement.JointOrders;
using SSC.Purchasing.Tests.Testbed;
using Xunit;
using static SSC.Purchasing.Tests.Sagas.DeliveryStory;
using static SSC.Purchasing.Tests.Sagas.JointOrderStory;

namespace SSC.Purchasing.Tests.Sagas;

/// <summary>Goods for several members that come to one site: what is short is shared by the order's policy, on the new total.</summary>
public class CentralDeliveryStories
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task a_shortage_at_the_warehouse_is_shared_by_policy_and_the_differences_are_booked(bool deliverTwice)
    {
        var story = await Warehouse(deliverTwice);
        (await story.LineAt("SSC-WH")).Ordered.ShouldBe(Quantity.Of(200));
        await story.Receive("SSC-WH", "PS-1", 150);
        await story.Tell("SSC-WH", new Delivery.Command.ReportShortage("S-1", 1, Quantity.Of(50), false, null));

        (await story.Allocated()).ShouldBe(new Dictionary<string, decimal> { ["M-001"] = 75, ["M-002"] = 45, ["M-003"] = 30 });
        var booked = (await story.Bed.Store.ReadStream(SagaTestbed.Tenant, "joint-order-JO-1"))
            .Select(e => e.Fact).OfType<JointOrder.Event.LineReallocated>().Single();
        booked.Differences.Select(d => (d.Member.Value, d.Before.Units, d.After.Units))
            .ShouldBe([("M-001", 100m, 75m), ("M-002", 60m, 45m), ("M-003", 40m, 30m)]);
        (await story.Encumbered("M-002")).ShouldBe(Money.FromDollars(1_788.75m));
        (await story.Fulfilment()).Shares.Select(s => (s.Member.Value, s.Accepted.Units))
            .ShouldBe([("M-001", 75m), ("M-002", 45m), ("M-003", 30m)]);
    }

    [Fact]
    public async Task what_is_sent_again_is_shared_again_on_the_new_total()
    {
        var story = await Warehouse();
        await story.Receive("SSC-WH", "PS-1", 150);
        await story.Tell("SSC-WH", new Delivery.Command.ReportShortage("S-1", 1, Quantity.Of(50), false, null));
        await story.Tell("SSC-WH", new Delivery.Command.AnswerClaim(1, ClaimAnswer.Replacement, null, new(2026, 4, 30)));
        (await story.Allocated()).Values.ShouldBe([100, 60, 40]);
        (await story.Encumbered("M-002")).ShouldBe(Money.FromDollars(2_385m));
        await story.Receive("SSC-WH", "PS-2", 48);
        await story.Tell("SSC-WH", new Delivery.Command.ReleaseBackOrder(1, "two cartons were lost"));
        (await story.Fulfilment()).Shares.Select(s => s.Accepted.Units).ShouldBe([99m, 59m, 40m]);
    }

    [Fact]
    public async Task a_partial_receipt_is_shown_in_proportion_until_the_rest_has_come()
    {
        var story = await Warehouse();
        await story.Receive("SSC-WH", "PS-1", 20);
        (await story.Fulfilment()).Shares.Select(s => (s.Accepted.Units, s.Open.Units)).ShouldBe([(10m, 90m), (6m, 54m), (4m, 36m)]);
        (await story.Types("joint-order-JO-1")).ShouldNotContain("joint_order_line_reallocated");
    }

    [Fact]
    public async Task a_replay_recomputes_what_the_warehouse_was_allocated_again()
    {
        var story = await Warehouse();
        await story.Receive("SSC-WH", "PS-1", 131);
        await story.Tell("SSC-WH", new Delivery.Command.ReportDamage("X-1", 1, Quantity.Of(69), false, null));
        var recorded = (await story.Bed.Store.ReadStream(SagaTestbed.Tenant, "joint-order-JO-1"))
            .Single(e => e.Fact is JointOrder.Event.LineReallocated);
        var again = await new SettlementCheck().Recompute(recorded, story.Bed.Store, CancellationToken.None);
        again.ShouldNotBeEmpty();
        again.ShouldAllBe(d => d.Agrees);
    }

    [Fact]
    public void whatever_arrives_its_shares_sum_to_the_new_total_and_nobody_gets_more_than_was_asked()
    {
        var inputs =
            from quantities in Gen.ListOf(Gen.Choose(1, 60))
            from arriving in Gen.Choose(0, 400)
            from policy in Gen.Elements(Enum.GetValues<AllocationPolicy>())
            where quantities.Count > 0
            select (quantities, arriving, policy);
        Prop.ForAll(inputs.ToArbitrary(), i =>
        {
            var commitments = i.quantities.Select((q, n) => Orders.Commits($"M-{n:000}", q, position: n + 1)).ToArray();
            var input = Orders.Input(Orders.Terms(Orders.Line(Orders.Paper(1), i.policy)), commitments);
            var line = SettlementRules.Reallocate(input, 1, Quantity.Of(i.arriving), UnitPrice.FromDollars(39.75m));
            line.Shares.Select(s => s.Allocated).Sum().ShouldBe(Quantity.Of(Math.Min(i.arriving, i.quantities.Sum())));
            line.Shares.Select(s => s.Goods).Sum().ShouldBe(line.Goods);
            line.Shares.Select((s, n) => s.Allocated <= Quantity.Of(i.quantities[n])).ShouldAllBe(within => within);
        }).QuickCheckThrowOnFailure();
    }
}
