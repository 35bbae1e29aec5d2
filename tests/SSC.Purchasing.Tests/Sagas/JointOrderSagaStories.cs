using Shouldly;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Procurement.Contracts;
using SSC.Purchasing.Procurement.JointOrders;
using SSC.Purchasing.Procurement.PurchaseOrders;
using SSC.Purchasing.Sagas;
using SSC.Purchasing.Tests.Testbed;
using Xunit;
using static SSC.Purchasing.Tests.Sagas.JointOrderStory;

namespace SSC.Purchasing.Tests.Sagas;

/// <summary>Every branch of a joint order up to the vendor's answer, each told as its story.</summary>
public class JointOrderSagaStories
{
    private static readonly string[] Happy =
    [
        "joint_order_planned", "joint_order_opened", "joint_order_closed", "joint_order_line_allocated", "joint_order_settled",
        "joint_order_encumbered", "joint_order_tier_fixed", "joint_order_ready", "joint_order_issued", "joint_order_confirmed",
    ];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task members_pool_an_order_and_the_vendor_accepts_it_even_when_everything_is_delivered_twice(bool deliverTwice)
    {
        var story = await (await Begin(deliverTwice: deliverTwice)).OpenOrder();
        await story.Commit("M-001", 100, 10);
        await story.Commit("M-002", 90);
        await story.Bed.AdvanceTo(Cutoff);
        (await story.PurchaseOrderTo(Whitewater)).ShouldBeOfType<PurchaseOrder.State.Sent>().File.Document.ShouldSatisfyAllConditions(
            d => d.Total.ShouldBe(Money.FromDollars(7_950)),
            d => d.Lines[0].Drops.Select(x => x.Quantity.Units).ShouldBe([110m, 90m]));
        await story.Answer(Whitewater, ResponseCode.AP);
        (await story.Types("joint-order-JO-1")).ShouldBe(Happy);
    }

    [Fact]
    public async Task what_is_recorded_at_the_cutoff_is_too_late_and_is_told_so()
    {
        var story = await (await Begin()).OpenOrder();
        await story.Commit("M-001", 200);
        story.Bed.Clock.Now = Cutoff;
        Refusal(await story.TryCommit("M-002", 40)).ShouldBe("order-closed");
        await story.Bed.RunUntilIdle();
        (await story.Allocated()).Keys.ShouldBe(["M-001"]);
    }

    [Fact]
    public async Task an_order_closed_early_goes_on_at_once_and_its_cutoff_finds_nothing_left_to_do()
    {
        var story = await (await Begin()).OpenOrder();
        await story.Commit("M-001", 200);
        await story.Coordinator(new JointOrder.Command.CloseEarly("everybody is in"));
        Refusal(await story.TryCommit("M-002", 40)).ShouldBe("order-closed");
        (await story.PurchaseOrderTo(Whitewater)).ShouldBeOfType<PurchaseOrder.State.Sent>();
        await story.Answer(Whitewater, ResponseCode.AP);
        await story.Bed.AdvanceTo(Cutoff);
        (await story.Types("joint-order-JO-1")).ShouldBe(Happy);
    }

    [Fact]
    public async Task an_outage_at_the_cutoff_delays_the_close_and_lets_nobody_slip_in()
    {
        var story = await (await Begin()).OpenOrder();
        await story.Commit("M-001", 200);
        story.Bed.Clock.Now = Cutoff.AddHours(5);
        Refusal(await story.TryCommit("M-002", 40)).ShouldBe("order-closed");
        await story.Bed.ResumeAt(Cutoff.AddHours(5));
        (await story.State()).Phase.ShouldBe(OrderPhase.Issued);
    }

    [Fact]
    public async Task a_contract_that_expires_holds_the_order_until_it_is_extended()
    {
        var story = await Begin();
        await story.Award(PaperContract, endsOn: new(2026, 3, 4));
        var ready = await OpenOnExpiring(story);
        await ready.Bed.AdvanceTo(Cutoff);
        (await ready.State()).Phase.ShouldBe(OrderPhase.Held);
        Refusal(await ready.TryCommit("M-002", 40)).ShouldBe("order-held");

        await ready.Contracting(new Contract.Command.Extend(new(2027, 6, 30), "2026-17", new(2026, 3, 6)));
        await ready.Coordinator(new JointOrder.Command.Resume(Cutoff.AddDays(3), ready.Bed.Clock.Now));
        await ready.Commit("M-002", 100);
        await ready.Bed.AdvanceTo(Cutoff.AddDays(3));
        (await ready.State()).Phase.ShouldBe(OrderPhase.Issued);
    }

    [Fact]
    public async Task a_suspended_contract_holds_the_order_which_moves_to_a_successor_where_only_those_who_confirm_again_take_part()
    {
        var story = await (await Begin()).OpenOrder();
        await story.Commit("M-001", 120);
        await story.Commit("M-002", 80);
        await story.Contracting(new Contract.Command.Suspend("recall"));
        var successor = new ContractId("C-paper-2");
        await story.Award(successor);
        await story.MoveTo(successor, Cutoff.AddDays(7));
        await story.Reconfirm("M-001");
        await story.Bed.AdvanceTo(Cutoff.AddDays(7));
        var state = await story.State();
        state.Excluded.ShouldBe([new(new("M-002"), "not-reconfirmed")]);
        (await story.Allocated()).ShouldBe(new Dictionary<string, decimal> { ["M-001"] = 120 });
    }

    [Fact]
    public async Task a_held_order_can_be_cancelled()
    {
        var story = await (await Begin()).OpenOrder();
        await story.Contracting(new Contract.Command.Suspend("recall"));
        await story.Coordinator(new JointOrder.Command.Cancel("no successor"));
        await story.Bed.AdvanceTo(Cutoff.AddDays(30));
        (await story.State()).Phase.ShouldBe(OrderPhase.Cancelled);
    }

    [Fact]
    public async Task a_price_rise_published_after_the_opening_does_not_apply()
    {
        var story = await (await Begin()).OpenOrder();
        await story.Contracting(new Contract.Command.PublishPriceSchedule(
            Schedule(2, 49.90m, new(2026, 3, 3)), new(2026, 3, 2), "pulp"));
        await story.Commit("M-001", 40);
        await story.Bed.AdvanceTo(Cutoff);
        (await story.State()).Lines[1].Price.ShouldBe(UnitPrice.FromDollars(41.90m));
    }

    [Fact]
    public async Task a_price_rise_in_force_before_the_opening_applies()
    {
        var story = await Begin();
        await story.Award(PaperContract);
        await story.Contracting(new Contract.Command.PublishPriceSchedule(
            Schedule(2, 49.90m, new(2026, 3, 2)), new(2026, 3, 2), "pulp"));
        await story.OpenPlanned();
        await story.Commit("M-001", 40);
        await story.Bed.AdvanceTo(Cutoff);
        (await story.State()).Lines[1].Price.ShouldBe(UnitPrice.FromDollars(49.90m));
    }

    [Fact]
    public async Task box_fill_lets_those_who_take_part_fill_the_last_case()
    {
        var story = await (await Begin()).OpenOrder(new() { BoxFillHours = 24 });
        await story.Commit("M-001", 30);
        await story.Commit("M-002", 40);
        await story.Bed.AdvanceTo(Cutoff);
        Refusal(await story.TryCommit("M-001", 40)).ShouldBe("box-fill-only");
        Refusal(await story.ClaimBoxFill("M-003", 5)).ShouldBe("box-fill-not-a-participant");
        Refusal(await story.ClaimBoxFill("M-001", 11)).ShouldBe("box-fill-exceeds-shortfall");
        (await story.ClaimBoxFill("M-001", 6)).ShouldBeOfType<CommandOutcome.Done>();
        (await story.ClaimBoxFill("M-002", 4)).ShouldBeOfType<CommandOutcome.Done>();
        await story.Bed.AdvanceTo(Cutoff.AddHours(24));
        (await story.Allocated()).ShouldBe(new Dictionary<string, decimal> { ["M-001"] = 36, ["M-002"] = 44 });
    }

    [Fact]
    public async Task a_missed_minimum_extends_the_order_once_and_keeps_the_commitments()
    {
        var story = await (await Begin()).OpenOrder(Minimum(200, MinimumMissedAction.Extend));
        await story.Commit("M-001", 120);
        await story.Bed.AdvanceTo(Cutoff);
        (await story.State()).Phase.ShouldBe(OrderPhase.Open);
        await story.Commit("M-002", 80);
        await story.Bed.AdvanceTo(BusinessCalendar.AddCalendarDays(Cutoff, 7));
        (await story.Allocated()).ShouldBe(new Dictionary<string, decimal> { ["M-001"] = 120, ["M-002"] = 80 });
    }

    [Fact]
    public async Task a_minimum_missed_again_after_the_extension_cancels_the_order()
    {
        var story = await (await Begin()).OpenOrder(Minimum(200, MinimumMissedAction.Extend));
        await story.Commit("M-001", 120);
        await story.Bed.AdvanceTo(Cutoff.AddDays(8));
        (await story.Types("joint-order-JO-1")).Count(t => t == "joint_order_minimum_missed").ShouldBe(2);
        (await story.State()).Phase.ShouldBe(OrderPhase.Cancelled);
    }

    [Fact]
    public async Task a_missed_minimum_can_be_bought_at_the_fallback_tier_by_those_who_confirm()
    {
        var story = await (await Begin()).OpenOrder(Minimum(200, MinimumMissedAction.FallbackTier));
        await story.Commit("M-001", 80);
        await story.Commit("M-002", 80);
        await story.Bed.AdvanceTo(Cutoff);
        (await story.State()).Phase.ShouldBe(OrderPhase.Reconfirming);
        await story.Reconfirm("M-002");
        await story.Bed.AdvanceTo(Cutoff.AddDays(6));
        (await story.Allocated()).ShouldBe(new Dictionary<string, decimal> { ["M-002"] = 80 });
        (await story.State()).Lines[1].Price.ShouldBe(UnitPrice.FromDollars(41.90m));
    }

    [Fact]
    public async Task the_coordinator_can_top_up_a_missed_minimum_to_stock()
    {
        var story = await (await Begin()).OpenOrder(Minimum(200, MinimumMissedAction.TopUp));
        await story.Commit("M-001", 160);
        await story.Bed.AdvanceTo(Cutoff);
        await story.Coordinator(new JointOrder.Command.TopUp(1, Quantity.Of(40), "stock for spring"));
        (await story.Allocated()).ShouldBe(new Dictionary<string, decimal> { ["M-001"] = 160, ["STOCK"] = 40 });
        (await story.State()).Phase.ShouldBe(OrderPhase.Issued);
    }

    [Fact]
    public async Task a_top_up_that_does_not_come_in_time_cancels_the_order()
    {
        var story = await (await Begin()).OpenOrder(Minimum(200, MinimumMissedAction.TopUp));
        await story.Commit("M-001", 160);
        await story.Bed.AdvanceTo(Cutoff.AddDays(10));
        (await story.State()).Phase.ShouldBe(OrderPhase.Cancelled);
    }

    [Fact]
    public async Task an_order_nobody_committed_to_is_cancelled()
    {
        var story = await (await Begin()).OpenOrder();
        await story.Bed.AdvanceTo(Cutoff);
        (await story.State()).Phase.ShouldBe(OrderPhase.Cancelled);
    }

    [Fact]
    public async Task a_drop_out_over_its_maximum_price_lowers_the_tier_for_the_rest()
    {
        var story = await (await Begin()).OpenOrder();
        await story.Commit("M-001", 160);
        await story.Commit("M-002", 40, maxPrice: 39m);
        await story.Bed.AdvanceTo(Cutoff);
        var state = await story.State();
        state.Excluded.ShouldBe([new(new("M-002"), "max-price-exceeded") { LineNo = 1 }]);
        state.Lines[1].Price.ShouldBe(UnitPrice.FromDollars(41.90m));
    }

    [Fact]
    public async Task a_remainder_below_a_case_is_named_and_waits_for_the_next_order()
    {
        var story = await (await Begin()).OpenOrder(new() { Remainder = RemainderPolicy.Waitlist });
        await story.Commit("M-001", 30);
        await story.Commit("M-002", 25);
        await story.Bed.AdvanceTo(Cutoff);
        (await story.State()).Lines[1].Shares.Select(s => (s.Allocated.Units, s.Short.Units, s.Remainder))
            .ShouldBe([(22m, 8m, "waitlist"), (18m, 7m, "waitlist")]);
    }

    [Fact]
    public async Task a_cost_above_the_commitment_is_approved_and_the_order_goes_on()
    {
        var story = await OverCommitted();
        (await story.State()).Phase.ShouldBe(OrderPhase.Approving);
        await story.Approve("M-001", 2_000);
        (await story.State()).Phase.ShouldBe(OrderPhase.Issued);
    }

    [Fact]
    public async Task a_declined_approval_takes_out_that_member_and_allocates_again_once()
    {
        var story = await OverCommitted();
        await story.Tell("M-001", new Commitment.Command.Decline("approver-M-001", "too much"));
        var state = await story.State();
        state.Excluded.ShouldBe([new(new("M-001"), "approval-declined")]);
        state.Round.ShouldBe(2);
        (await story.Allocated()).ShouldBe(new Dictionary<string, decimal> { ["M-002"] = 40 });
    }

    [Fact]
    public async Task an_approval_that_does_not_come_in_time_counts_as_declined()
    {
        var story = await OverCommitted();
        await story.Bed.AdvanceTo(Cutoff.AddDays(14));
        (await story.State()).Excluded.ShouldBe([new(new("M-001"), "approval-timeout")]);
    }

    [Fact]
    public async Task goods_above_25_000_dollars_wait_until_the_states_contract_was_considered()
    {
        var story = await (await Begin()).OpenOrder();
        await story.Commit("M-001", 800);
        await story.Bed.AdvanceTo(Cutoff);
        (await story.State()).ApprovalsNeeded.ShouldHaveSingleItem().Reasons.ShouldContain("cpv-missing");
        await story.Tell("M-001", new Commitment.Command.ConsiderCpv("CPV release P-123, memo of 2 March"));
        await story.Approve("M-001", 40_000);
        (await story.State()).Phase.ShouldBe(OrderPhase.Issued);
    }

    [Fact]
    public async Task a_budget_that_refuses_takes_out_that_member_only()
    {
        var story = await (await Begin()).OpenOrder();
        await story.SetBudget("M-001", 10_000);
        await story.SetBudget("M-002", 100);
        await story.Commit("M-001", 80);
        await story.Commit("M-002", 40);
        await story.Bed.AdvanceTo(Cutoff);
        var state = await story.State();
        state.Phase.ShouldBe(OrderPhase.Issued);
        state.Excluded.ShouldBe([new(new("M-002"), "budget-exceeded")]);
        (await story.Encumbered("M-001")).ShouldBe(Money.FromDollars(80 * 41.90m));
        (await story.Encumbered("M-002")).ShouldBe(Money.Zero);
    }

    [Fact]
    public async Task a_purchase_order_that_cannot_be_sent_is_dispatched_by_hand()
    {
        var story = await (await Begin(OrderChannelKind.HttpsPush)).OpenOrder();
        await story.Commit("M-001", 40);
        await story.Bed.AdvanceTo(Cutoff);
        await story.PurchaseOrderCommand(Whitewater, new PurchaseOrder.Command.RecordDispatchFailure("connection refused", 5));
        var failed = (await story.PurchaseOrderTo(Whitewater)).ShouldBeAssignableTo<PurchaseOrder.State.Known>()!.File;
        failed.IsEscalated.ShouldBeTrue();
        await story.PurchaseOrderCommand(
            Whitewater, new PurchaseOrder.Command.RecordManualDispatch("fax", "coordinator", failed.ContentHash));
        await story.Answer(Whitewater, ResponseCode.AP);
        (await story.State()).Phase.ShouldBe(OrderPhase.Confirmed);
    }

    [Theory]
    [InlineData(OrderChannelKind.Manual, "dispatch the order by hand")]
    [InlineData(OrderChannelKind.HttpsPush, "'Net 30 days' is too long for a note. Until then dispatch the order by hand")]
    public async Task a_revision_that_cannot_be_sent_is_told_to_the_coordinator_with_the_reason(OrderChannelKind channel, string reason)
    {
        var story = await (await Begin(channel, formats: new FirstRevisionOnly())).OpenOrder();
        await story.Commit("M-001", 40);
        await story.Bed.AdvanceTo(Cutoff);
        var first = (PurchaseOrder.State.Known)await story.PurchaseOrderTo(Whitewater);
        await story.PurchaseOrderCommand(
            Whitewater, new PurchaseOrder.Command.RecordManualDispatch("fax", "coordinator", first.File.ContentHash));
        await story.Answer(Whitewater, ResponseCode.AP);
        (await story.Work.PurchaseOrders.Revise(
            story.Bed.As("coordinator"), Order, Whitewater, first.File.Document with { Terms = "Net 30 days" }, "as agreed",
            CancellationToken.None)).ShouldBeOfType<CommandOutcome.Done>();
        await story.Bed.RunUntilIdle();
        var recorded = await story.Bed.Store.ReadStream(SagaTestbed.Tenant, $"purchase-order-{PurchaseOrder.Key(Order, Whitewater)}");
        recorded.SkipWhile(e => e.Fact is not PurchaseOrder.Event.Revised).Select(e => e.Fact).OfType<PurchaseOrder.Event.Escalated>()
            .ShouldHaveSingleItem().Reason.ShouldContain(reason);
        var second = (PurchaseOrder.State.Known)await story.PurchaseOrderTo(Whitewater);
        await story.PurchaseOrderCommand(
            Whitewater, new PurchaseOrder.Command.RecordManualDispatch("fax", "coordinator", second.File.ContentHash));
        ((PurchaseOrder.State.Known)await story.PurchaseOrderTo(Whitewater)).File.DispatchedRevision.ShouldBe(2);
    }

    /// <summary>A format that takes the terms of the first revision and no others.</summary>
    private sealed class FirstRevisionOnly : IOrderFormats
    {
        public bool Knows(string format) => true;

        public Task<(WrittenOrder? Written, Refusal? WhyNot)> Write(
            CommandContext context, OrderDocument document, int revision, string format, CancellationToken ct) =>
            Task.FromResult<(WrittenOrder?, Refusal?)>(revision == 1
                ? (CanonicalOrders.Of(document, revision), null)
                : (null, new("note-too-long", $"'{document.Terms}' is too long for a note.")));
    }

    [Fact]
    public async Task an_acknowledgement_is_not_an_acceptance()
    {
        var story = await Issued();
        await story.Answer(Whitewater, ResponseCode.AB);
        (await story.State()).Phase.ShouldBe(OrderPhase.Issued);
        story.Bed.Clock.Now = story.Bed.Clock.Now.AddHours(1);
        await story.Answer(Whitewater, ResponseCode.AP);
        (await story.State()).Phase.ShouldBe(OrderPhase.Confirmed);
    }

    [Fact]
    public async Task a_vendor_that_rejects_is_followed_by_the_next_ranked_one()
    {
        var story = await Issued();
        await story.Answer(Whitewater, ResponseCode.RE);
        (await story.PurchaseOrderTo(SecondVendor)).ShouldBeOfType<PurchaseOrder.State.Sent>();
        await story.Answer(SecondVendor, ResponseCode.AP);
        (await story.State()).ShouldSatisfyAllConditions(
            s => s.Phase.ShouldBe(OrderPhase.Confirmed), s => s.CurrentVendor.ShouldBe(SecondVendor));
    }

    [Fact]
    public async Task when_no_vendor_is_left_the_order_is_cancelled_and_every_encumbrance_released()
    {
        var story = await Issued(budget: 10_000);
        (await story.Encumbered("M-001")).ShouldBe(Money.FromDollars(40 * 41.90m));
        await story.Answer(Whitewater, ResponseCode.RE);
        await story.Answer(SecondVendor, ResponseCode.RE);
        (await story.State()).Phase.ShouldBe(OrderPhase.Cancelled);
        (await story.Encumbered("M-001")).ShouldBe(Money.Zero);
    }

    [Fact]
    public async Task a_vendor_that_can_deliver_only_part_is_accepted_and_the_line_is_allocated_again()
    {
        var story = await Issued(budget: 10_000, quantity: 80);
        await story.Answer(Whitewater, ResponseCode.CA, new LineAnswer(1, LineAnswerCode.Propose, Quantity: Quantity.Of(40)));
        (await story.State()).Phase.ShouldBe(OrderPhase.Issued);
        await story.PurchaseOrderCommand(Whitewater, new PurchaseOrder.Command.AcceptChange(1));
        (await story.State()).Phase.ShouldBe(OrderPhase.Confirmed);
        (await story.Allocated()).ShouldBe(new Dictionary<string, decimal> { ["M-001"] = 40 });
        (await story.Encumbered("M-001")).ShouldBe(Money.FromDollars(40 * 41.90m));
    }

    [Fact]
    public async Task a_proposed_price_above_the_schedule_is_rejected_automatically()
    {
        var story = await Issued();
        await story.Answer(Whitewater, ResponseCode.CA, new LineAnswer(1, LineAnswerCode.Propose, Price: UnitPrice.FromDollars(45)));
        (await story.Types("purchase-order-JO-1:V-whitewater")).ShouldContain("purchase_order_change_rejected");
        (await story.State()).Phase.ShouldBe(OrderPhase.Issued);
    }

    [Fact]
    public async Task a_vendor_that_rejects_the_only_line_is_followed_by_the_next_ranked_one()
    {
        var story = await Issued(budget: 10_000);
        await story.Answer(Whitewater, ResponseCode.CA, new LineAnswer(1, LineAnswerCode.Reject));
        (await story.PurchaseOrderTo(Whitewater)).ShouldBeOfType<PurchaseOrder.State.ReAwarded>();
        (await story.State()).CurrentVendor.ShouldBe(SecondVendor);
        (await story.State()).Phase.ShouldBe(OrderPhase.Issued);
    }

    [Fact]
    public async Task a_substitute_that_the_coordinator_accepts_is_what_the_members_get()
    {
        var story = await Issued(budget: 10_000, quantity: 80);
        await story.Answer(
            Whitewater, ResponseCode.CA, new LineAnswer(1, LineAnswerCode.Propose, Substitute: new("PAPER-20LB-RECYCLED")));
        (await story.State()).Phase.ShouldBe(OrderPhase.Issued);
        await story.PurchaseOrderCommand(Whitewater, new PurchaseOrder.Command.AcceptChange(1));
        (await story.State()).Phase.ShouldBe(OrderPhase.Confirmed);
        var file = (await story.PurchaseOrderTo(Whitewater)).ShouldBeOfType<PurchaseOrder.State.Confirmed>().File;
        file.Lines[1].Agreed(file.Document.Find(1)!).Item.ShouldBe(new("PAPER-20LB-RECYCLED"));
        (await story.Allocated()).ShouldBe(new Dictionary<string, decimal> { ["M-001"] = 80 });
        (await story.Encumbered("M-001")).ShouldBe(Money.FromDollars(80 * 41.90m));
    }

    [Fact]
    public async Task a_silent_vendor_is_reminded_twice_then_passed_over_and_a_late_acceptance_is_refused()
    {
        var story = await Issued();
        await story.Bed.AdvanceTo(Cutoff.AddDays(30));
        var types = await story.Types("purchase-order-JO-1:V-whitewater");
        types.Count(t => t == "purchase_order_reminded").ShouldBe(2);
        types.ShouldContain("purchase_order_escalated");
        types.ShouldContain("purchase_order_rejected");
        (await story.State()).CurrentVendor.ShouldNotBe(Whitewater);
        Refusal(await story.TryAnswer(Whitewater, ResponseCode.AP)).ShouldBe("order-re-awarded");
    }

    [Fact]
    public async Task cancelling_after_issue_asks_the_vendor_who_may_charge_for_it()
    {
        var story = await Issued(budget: 10_000);
        await story.Coordinator(new JointOrder.Command.Cancel("budget freeze"));
        (await story.PurchaseOrderTo(Whitewater)).ShouldBeOfType<PurchaseOrder.State.CancellationRequested>();
        (await story.Encumbered("M-001")).ShouldBe(Money.Zero);
        await story.PurchaseOrderCommand(Whitewater, new PurchaseOrder.Command.ConfirmCancellation(Money.FromDollars(75)));
        (await story.PurchaseOrderTo(Whitewater)).ShouldBeOfType<PurchaseOrder.State.Cancelled>().Fee.ShouldBe(Money.FromDollars(75));
    }

    [Fact]
    public async Task every_settlement_told_here_is_computed_again_from_the_log_with_no_difference()
    {
        foreach (var story in new[] { await Issued(), await OverCommitted() })
        {
            var check = new SettlementCheck();
            var settled = (await story.Bed.Store.ReadAll(0, 10_000)).Where(e => check.EventTypes.Contains(e.Type)).ToList();
            settled.ShouldNotBeEmpty();
            foreach (var e in settled)
                (await check.Recompute(e, story.Bed.Store, CancellationToken.None)).ShouldAllBe(d => d.Agrees);
        }
    }

    private static OrderPolicies Minimum(long units, params MinimumMissedAction[] branches) =>
        new() { MinimumUnits = Quantity.Of(units), WhenMinimumMissed = [.. branches] };

    private static async Task<JointOrderStory> OpenOnExpiring(JointOrderStory story)
    {
        await story.OpenPlanned();
        await story.Commit("M-001", 100);
        return story;
    }

    /// <summary>One member takes 10 of its tolerance to fill the case, a third more than it committed to.</summary>
    private static async Task<JointOrderStory> OverCommitted()
    {
        var story = await (await Begin()).OpenOrder();
        await story.Commit("M-001", 30, 10);
        await story.Commit("M-002", 40);
        await story.Bed.AdvanceTo(Cutoff);
        return story;
    }

    private static async Task<JointOrderStory> Issued(decimal? budget = null, long quantity = 40)
    {
        var story = await (await Begin()).OpenOrder();
        if (budget is { } amount) await story.SetBudget("M-001", amount);
        await story.Commit("M-001", quantity);
        await story.Bed.AdvanceTo(Cutoff);
        (await story.State()).Phase.ShouldBe(OrderPhase.Issued);
        return story;
    }
}
