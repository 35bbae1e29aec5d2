using Shouldly;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.JointOrders;
using SSC.Purchasing.Procurement.PurchaseOrders;
using SSC.Purchasing.Sagas;
using SSC.Purchasing.Tests.Testbed;
using Xunit;
using static SSC.Purchasing.Tests.Sagas.JointOrderStory;

namespace SSC.Purchasing.Tests.Sagas;

/// <summary>Whatever becomes of an order, those who committed to it are told.</summary>
public class MemberNoticeStories
{
    [Fact]
    public async Task a_missed_minimum_extends_and_then_cancels_the_order_and_everyone_is_told_both()
    {
        var story = await (await Begin()).OpenOrder(
            new() { MinimumUnits = Quantity.Of(200), WhenMinimumMissed = [MinimumMissedAction.Extend] });
        await story.Commit("M-001", 120);
        await story.Bed.AdvanceTo(Cutoff.AddDays(8));
        var told = await Told(story, MemberNotices.Everyone);
        told.Select(n => n.Kind).ShouldBe([NoticeKind.OrderExtended, NoticeKind.OrderCancelled]);
        told.ShouldAllBe(n => n.Order == Order && n.Member == null && n.Position > 0);
        told[0].Until.ShouldNotBeNull().ShouldBeGreaterThan(Cutoff);
    }

    [Fact]
    public async Task what_fills_no_case_is_told_to_each_member_and_the_end_to_everyone()
    {
        var story = await (await Begin()).OpenOrder(new() { Remainder = RemainderPolicy.Waitlist });
        await story.Commit("M-001", 30);
        await story.Commit("M-002", 25);
        await story.Bed.AdvanceTo(Cutoff);
        await story.Answer(Whitewater, ResponseCode.AP);
        (await Told(story, "M-001")).ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            n => n.Kind.ShouldBe(NoticeKind.Shortfall),
            n => n.Text.ShouldStartWith("Line 1: 8 of 30 committed units"),
            n => (n.Line, n.Code).ShouldBe((1, "waitlist")));
        (await Told(story, "M-002")).ShouldHaveSingleItem().Text.ShouldStartWith("Line 1: 7 of 25");
        (await Told(story, MemberNotices.Everyone)).Select(n => n.Kind).ShouldBe([NoticeKind.OrderReady, NoticeKind.OrderConfirmed]);
    }

    [Fact]
    public async Task a_member_above_its_threshold_is_asked_and_told_what_became_of_it()
    {
        var story = await (await Begin()).OpenOrder();
        await story.Commit("M-001", 800);
        await story.Commit("M-002", 40);
        await story.Bed.AdvanceTo(Cutoff);
        await story.Tell("M-001", new Commitment.Command.Decline("approver-M-001", "too much"));
        var told = await Told(story, "M-001");
        told[0].Kind.ShouldBe(NoticeKind.ApprovalNeeded);
        told.Skip(1).ShouldAllBe(n => n.Kind == NoticeKind.Declined && n.Code == "approval-declined");
        (await Told(story, "M-002")).ShouldBeEmpty();
    }

    [Fact]
    public async Task a_vendor_that_delivers_part_makes_shares_smaller_and_says_by_how_much()
    {
        var story = await (await Begin()).OpenOrder();
        await story.Commit("M-001", 120);
        await story.Commit("M-002", 80);
        await story.Bed.AdvanceTo(Cutoff);
        await story.Answer(
            Whitewater, ResponseCode.CA, new LineAnswer(1, LineAnswerCode.Propose, Quantity.Of(100)));
        await story.PurchaseOrderCommand(Whitewater, new PurchaseOrder.Command.AcceptChange(1));
        (await Told(story, "M-001")).ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            n => n.Kind.ShouldBe(NoticeKind.ShareChanged),
            n => n.Text.ShouldStartWith("Line 1: 60 units instead of 120"));
    }

    [Fact]
    public async Task notices_are_kept_in_the_order_of_the_log()
    {
        var story = await (await Begin()).OpenOrder(new() { Remainder = RemainderPolicy.Waitlist });
        await story.Commit("M-001", 30);
        await story.Commit("M-002", 25);
        await story.Bed.AdvanceTo(Cutoff);
        var rows = await story.ReadModels.List(MemberNotices.Instance, SagaTestbed.Tenant, new RowQuery { Limit = 1_000 });
        rows.Select(r => r.Row.Position).ShouldBeInOrder();
        rows.Select(r => r.Row.Member).Distinct().Count().ShouldBe(3);
    }

    private static async Task<IReadOnlyList<Notice>> Told(JointOrderStory story, string audience) =>
    [
        .. (await story.ReadModels.List(
            MemberNotices.Instance, SagaTestbed.Tenant,
            new RowQuery { Where = new Dictionary<string, string>(StringComparer.Ordinal) { ["audience"] = audience } }))
            .Select(r => r.Row),
    ];
}
