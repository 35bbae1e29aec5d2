using Shouldly;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Budgets;
using SSC.Purchasing.Procurement.JointOrders;
using SSC.Purchasing.Procurement.Receiving;
using Xunit;

namespace SSC.Purchasing.Tests.Demo;

/// <summary>Every branch of shipping, receiving, sharing again and closing out can be opened and looked at, under its title.</summary>
public class DemoDeliveryTests
{
    [Theory]
    [InlineData("Apples and pears — short at one site, credited", "despatched received shortage_reported claim_answered claim_resolved")]
    [InlineData("Apples and pears — substitute accepted", "received held_goods_accepted")]
    [InlineData("Apples and pears — substitute returned, delivered again", "received held_goods_returned received")]
    [InlineData("Milk — claim unanswered, escalated, credited", "received shortage_reported claim_overdue claim_answered claim_resolved")]
    [InlineData("Milk — excess accepted", "received held_goods_accepted")]
    [InlineData("Gloves and liners — damaged, replaced", "despatched received damage_reported claim_answered received claim_resolved")]
    [InlineData("Gloves and liners — damage denied, claim withdrawn", "received damage_reported claim_answered claim_resolved")]
    [InlineData("Gloves and liners — damaged at the warehouse, replaced",
        "despatched received damage_reported claim_answered received claim_resolved")]
    [InlineData("Copy paper — short at the warehouse, shared again", "despatched received shortage_reported claim_answered claim_resolved")]
    [InlineData("Classroom chairs — left at the wrong site, forwarded", "wrong_site_reported held_goods_accepted")]
    [InlineData("Chicken patties — turned away at the door", "goods_refused")]
    [InlineData("Student laptops — part back-ordered, delivered", "despatched received received")]
    [InlineData("Student laptops — back-order lapsed, released", "despatched received back_order_released")]
    [InlineData("Student laptops — back-order kept on, delivered late", "despatched received back_order_kept received")]
    [InlineData("Road salt — a fifth more tolerated, the rest returned", "received held_goods_returned")]
    [InlineData("Floor finish — received without despatch", "received")]
    [InlineData("Floor finish — receipt missing, reminded", "reminded received")]
    [InlineData("Bus tires — cancelled after shipment, sent back", "despatched return_authorized goods_returned return_credited")]
    public async Task the_branch_is_there_and_its_delivery_is_complete(string title, string inThisOrder)
    {
        var expected = inThisOrder.Split(' ').Prepend("expected").ToList();
        var deliveries = (await Deliveries(title)).ToList();
        var told = deliveries.Select(d => d.Select(e => e.Type["delivery_".Length..]).ToList()).ToList();
        var seen = string.Join(" | ", told.Select(d => string.Join(' ', d)).Distinct(StringComparer.Ordinal));
        told.ShouldContain(d => d.SequenceEqual(expected), $"{title}: {seen}");
        deliveries.Select(d => ((Delivery.Event)d[^1].Fact).IsComplete).ShouldAllBe(complete => complete, title);
    }

    [Fact]
    public async Task what_was_short_at_the_warehouse_is_shared_again_to_the_new_total()
    {
        var (log, _) = await DemoInMemory.Made;
        var order = await OrderOf("Copy paper — short at the warehouse, shared again");
        var reallocated = log.Events.Where(e => e.Stream == $"joint-order-{order}").Select(e => e.Fact)
            .OfType<JointOrder.Event.LineReallocated>().ToList();
        reallocated.ShouldNotBeEmpty();
        var accepted = await Fulfilment("Copy paper — short at the warehouse, shared again");
        accepted.Shares.Where(s => s.Line == 1).Select(s => s.Accepted).Sum().ShouldBe(reallocated[^1].Outcome.Ordered);
    }

    [Fact]
    public async Task orders_that_are_delivered_and_billed_are_closed_out_and_nothing_stays_set_aside()
    {
        var (log, _) = await DemoInMemory.Made;
        var closed = log.Events.Where(e => e.Fact is JointOrder.Event.ClosedOut).Select(e => e.Stream).ToHashSet(StringComparer.Ordinal);
        closed.Count.ShouldBeGreaterThan(50);
        log.Events.ShouldContain(e => e.Fact is JointOrder.Event.Compensated);
        var numbers = closed.Select(s => s["joint-order-".Length..]).ToHashSet(StringComparer.Ordinal);
        var budgets = log.Events.Where(e => e.Stream.StartsWith("budget-", StringComparison.Ordinal)).GroupBy(e => e.Stream)
            .Select(g => g.Aggregate(
                BudgetLine.Initial,
                (s, e) => BudgetLine.Evolve(s, (BudgetLine.Event)e.Fact)))
            .OfType<BudgetLine.State.Open>();
        budgets.SelectMany(b => b.Encumbrances.Keys).Where(numbers.Contains).ShouldBeEmpty();
    }

    private static async Task<JointOrderId> OrderOf(string title)
    {
        var (log, _) = await DemoInMemory.Made;
        var planned = log.Events.Single(e => e.Fact is JointOrder.Event.Planned f && f.Terms.Title == title);
        return new(planned.Stream["joint-order-".Length..]);
    }

    private static async Task<IEnumerable<List<RecordedEvent>>> Deliveries(string title)
    {
        var (log, _) = await DemoInMemory.Made;
        var order = await OrderOf(title);
        return log.Events.Where(e => e.Fact is Delivery.Event f && f.JointOrder == order).GroupBy(e => e.Stream, StringComparer.Ordinal)
            .Select(g => g.ToList());
    }

    private static async Task<OrderFulfilment> Fulfilment(string title)
    {
        var (log, _) = await DemoInMemory.Made;
        var first = (Delivery.Event)(await Deliveries(title)).First()[0].Fact;
        return await OrderFulfilment.Gather(log, DemoInMemory.Tenant, first.JointOrder, first.Vendor, null, CancellationToken.None);
    }
}
