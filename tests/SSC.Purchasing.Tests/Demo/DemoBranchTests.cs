using Shouldly;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Contracts;
using SSC.Purchasing.Procurement.JointOrders;
using SSC.Purchasing.Procurement.PurchaseOrders;
using Xunit;

namespace SSC.Purchasing.Tests.Demo;

/// <summary>Every branch of the saga up to the vendor's response can be opened and looked at, under the title that names it.</summary>
public class DemoBranchTests
{
    private const string Happy = "planned opened closed settled encumbered ready issued confirmed";

    [Theory]
    [InlineData("Copy paper, 1", Happy)]
    [InlineData("Copy paper truck — box-fill", "opened box_fill_started box_fill_claimed box_fill_claimed closed settled confirmed")]
    [InlineData("Copy paper — dispatch failed, dispatched by hand",
        "ready po:dispatch_failed po:escalated po:manually_dispatched po:confirmed confirmed")]
    [InlineData("Copy paper — minimum missed, bought at the fallback tier", "minimum_missed fallback_offered closed settled confirmed")]
    [InlineData("Copy paper — minimum missed, topped up to stock", "minimum_missed top_up_requested topped_up settled confirmed")]
    [InlineData("Copy paper — cutoff extended by the coordinator", "opened extended closed confirmed")]
    [InlineData("Copy paper — pallets whole to each site", Happy)]
    [InlineData("Copy paper — statewide, led by Resource Training & Solutions", Happy)]
    [InlineData("Diesel, fixed price — whole lots, remainder on the waitlist", Happy)]
    [InlineData("Milk — price rise while open, not applied", Happy)]
    [InlineData("Apples — vendor delivers a part, accepted and allocated again",
        "po:response_recorded po:change_accepted po:confirmed line_reallocated confirmed")]
    [InlineData("Apples — substitute proposed and declined",
        "po:response_recorded po:change_rejected po:response_recorded po:confirmed confirmed")]
    [InlineData("Gloves and liners — vendor rejects a line", "po:response_recorded po:confirmed line_reallocated confirmed")]
    [InlineData("Gloves and liners — price above schedule refused, then accepted",
        "po:response_recorded po:change_rejected po:response_recorded po:confirmed confirmed")]
    [InlineData("Gloves and liners — price above schedule refused, line cancelled",
        "po:change_rejected po:line_cancelled po:confirmed line_reallocated confirmed")]
    [InlineData("Student laptops — approval granted", "settled approvals_closed encumbered confirmed")]
    [InlineData("Student laptops — approval declined, allocated again", "settled approvals_closed settled encumbered confirmed")]
    [InlineData("Student laptops — approval timed out, allocated again", "settled approvals_closed settled encumbered confirmed")]
    [InlineData("Student laptops — statewide, CPV evidence missing, then given", "settled approvals_closed encumbered confirmed")]
    [InlineData("Classroom chairs — tier drop by a drop-out", Happy)]
    [InlineData("Classroom chairs — encumbrance refused for one member", "settled encumbered settled encumbered ready confirmed")]
    [InlineData("Classroom chairs — cancelled while approvals ran", "settled cancelled")]
    [InlineData("Road salt — cancelled after the vendor confirmed, for a fee",
        "confirmed cancelled po:cancellation_requested po:cancelled")]
    [InlineData("Bus tires — vendor rejects, next vendor accepts",
        "issued po:rejected re_awarded po:re_awarded po:issued issued confirmed")]
    [InlineData("Bus tires — silence, counted as rejected, late acceptance refused",
        "po:reminded po:reminded po:escalated po:rejected re_awarded issued confirmed")]
    [InlineData("Defibrillators — contract suspended, held, resumed", "opened held resumed closed confirmed")]
    [InlineData("Defibrillators — vendor rejects, none left, cancelled", "issued po:rejected cancelled")]
    [InlineData("Defibrillators — cancelled before opening", "planned cancelled")]
    [InlineData("LED lamps — contract expired, moved to its successor", "opened held moved_to_successor closed settled confirmed")]
    [InlineData("LED lamps — acknowledged, then accepted", "po:response_recorded po:response_recorded po:confirmed confirmed")]
    [InlineData("Playground fiber — minimum met", Happy)]
    [InlineData("Playground fiber — minimum missed, extended", "closed minimum_missed extended closed settled confirmed")]
    [InlineData("Playground fiber — minimum missed, cancelled", "minimum_missed cancelled")]
    [InlineData("Playground fiber — extended and missed again, cancelled", "minimum_missed extended closed minimum_missed cancelled")]
    [InlineData("Playground fiber — top-up never came, cancelled", "minimum_missed top_up_requested cancelled")]
    [InlineData("Playground fiber — contract expired, extended by resolution, resumed", "opened held resumed closed confirmed")]
    [InlineData("Floor finish — cancelled while open", "opened cancelled")]
    [InlineData("Floor finish — contract suspended, held, cancelled", "held cancelled")]
    [InlineData("Floor finish — cancelled after issue, vendor lets go", "issued cancelled po:cancellation_requested po:cancelled")]
    [InlineData("Floor finish — cancelled after issue, vendor insists",
        "issued cancelled po:cancellation_requested po:cancellation_declined")]
    public async Task the_branch_is_there(string title, string inThisOrder)
    {
        var story = (await Story(title)).Select(Short).ToList();
        story.ShouldTake(inThisOrder);
    }

    [Fact]
    public async Task what_is_refused_leaves_no_event_but_was_tried()
    {
        var (_, report) = await DemoInMemory.Made;
        report.Refusals.Keys.Order(StringComparer.Ordinal)
            .ShouldBe([
                "basis-zero", "below-minimum-drop", "box-fill-exceeds-shortfall", "cancel-after-shipment", "duplicate-is-rejected",
                "exception-open", "not-a-public-employer", "offer-over", "offer-version-stale", "offering-full", "order-closed",
                "order-closed-out", "order-re-awarded", "other-pool",
            ]);
    }

    [Fact]
    public async Task every_allocation_policy_shares_a_shortage()
    {
        var (log, _) = await DemoInMemory.Made;
        foreach (var (title, policy) in new[]
        {
            ("Diesel, fixed price — whole lots, remainder on the waitlist", AllocationPolicy.ProRata),
            ("Diesel, fixed price — first come, first served", AllocationPolicy.FirstCome),
            ("Diesel, fixed price — schools first", AllocationPolicy.PriorityClass),
            ("Diesel, fixed price — equal shares, then in proportion", AllocationPolicy.EqualThenProRata),
        })
        {
            var story = await Story(title);
            story.Select(e => e.Fact).OfType<JointOrder.Event.Opened>().Single().Lines[0].Policy.ShouldBe(policy);
            var outcome = story.Select(e => e.Fact).OfType<JointOrder.Event.LineAllocated>().Last().Outcome;
            outcome.Ordered.ShouldBe(Quantity.Of(126_000), title);
            outcome.Shares.Count(s => s.Short > Quantity.Zero).ShouldBeGreaterThan(0, title);
        }

        (await Story("Diesel, fixed price — whole lots, remainder on the waitlist")).Select(e => e.Fact)
            .OfType<JointOrder.Event.LineAllocated>().Last().Outcome.Shares.ShouldContain(s => s.Remainder == "waitlist");
        log.Events.Count.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task drop_outs_lower_the_tier_until_nobody_else_falls_out()
    {
        var story = await Story("Classroom chairs — tier drop by a drop-out");
        story.Select(e => e.Fact).OfType<JointOrder.Event.Settled>().Last().Excluded.Count(x => x.Code == "max-price-exceeded").ShouldBe(2);
        var fix = story.Select(e => e.Fact).OfType<JointOrder.Event.TierFixed>().Single();
        fix.Ordered.ShouldBe(Quantity.Of(440));
        fix.TierFrom.ShouldBe(Quantity.Zero, "with the two it would have been the tier from 500");
    }

    [Theory]
    [InlineData("Student laptops — approval declined, allocated again", "approval-declined", 1)]
    [InlineData("Student laptops — approval timed out, allocated again", "approval-timeout", 1)]
    [InlineData("Classroom chairs — encumbrance refused for one member", "budget-exceeded", 1)]
    [InlineData("LED lamps — contract expired, moved to its successor", "not-reconfirmed", 1)]
    [InlineData("Copy paper — minimum missed, bought at the fallback tier", "not-reconfirmed", 1)]
    public async Task only_the_member_concerned_is_out(string title, string code, int members)
    {
        var story = await Story(title);
        story.Select(e => e.Fact).OfType<JointOrder.Event.Settled>().Last().Excluded.Select(x => x.Code)
            .ShouldBe(Enumerable.Repeat(code, members));
    }

    [Fact]
    public async Task evidence_of_the_states_contract_was_missing_and_given()
    {
        var story = await Story("Student laptops — statewide, CPV evidence missing, then given");
        var asked = story.Select(e => e.Fact).OfType<JointOrder.Event.Settled>().First().ApprovalsNeeded;
        asked.SelectMany(a => a.Reasons).ShouldContain("cpv-missing");
        story.Select(e => e.Fact).OfType<JointOrder.Event.ApprovalsClosed>().Single().Declined.ShouldBeEmpty();
    }

    [Fact]
    public async Task a_rise_after_opening_is_not_paid()
    {
        var story = await Story("Milk — price rise while open, not applied");
        var opened = (JointOrder.Event.Opened)story.First(e => e.Fact is JointOrder.Event.Opened).Fact;
        var closed = story.First(e => e.Fact is JointOrder.Event.Closed);
        var (log, _) = await DemoInMemory.Made;
        var newer = log.Events.Where(e => e.Stream == "contract-C-milk" && e.Position < closed.Position).Select(e => e.Fact)
            .OfType<Contract.Event.PriceSchedulePublished>().Last().Schedule;
        newer.EffectiveFrom.ShouldBeLessThanOrEqualTo(BusinessCalendar.LocalDate(closed.At));
        newer.Lines[0].Tiers[0].Price.ShouldBeGreaterThan(opened.Lines[0].Item.Tiers[0].Price);
        story.Select(e => e.Fact).OfType<JointOrder.Event.TierFixed>().Single().Price.ShouldBe(opened.Lines[0].Item.Tiers[0].Price);
    }

    [Fact]
    public async Task statewide_orders_have_members_of_every_cooperative()
    {
        var (log, _) = await DemoInMemory.Made;
        var order = (await Story("Copy paper — statewide, led by Resource Training & Solutions"))[0].Stream["joint-order-".Length..];
        DemoTests.Facts<Commitment.Event.Placed>(log).Where(c => c.Order.Value == order).Select(c => c.Cooperative.Value)
            .Distinct().Count().ShouldBe(7);
    }

    private static async Task<IReadOnlyList<RecordedEvent>> Story(string title)
    {
        var (log, _) = await DemoInMemory.Made;
        var planned = log.Events.Single(e => e.Fact is JointOrder.Event.Planned f && f.Terms.Title == title);
        var id = new JointOrderId(planned.Stream["joint-order-".Length..]);
        return [.. log.Events.Where(e => e.Stream == planned.Stream || (e.Fact is PurchaseOrder.Event po && po.JointOrder == id))];
    }

    private static string Short(RecordedEvent e) => e.Type.Replace("joint_order_", "", StringComparison.Ordinal)
        .Replace("purchase_order_", "po:", StringComparison.Ordinal);
}
