using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Procurement.JointOrders;

/// <summary>
/// One pooled order on one contract: planned, open for commitments, closed at the cutoff, settled (tier, cases, allocation),
/// approved, encumbered, issued to the vendor and answered. Stream <c>joint-order-{id}</c>. It goes in one direction: what was
/// decided is corrected by later events that cite it, never undone. Commitments are streams of their own.
/// </summary>
public sealed partial class JointOrder : IDecider<JointOrder.Command, JointOrder.State, JointOrder.Event>
{
    /// <summary>What may be asked of a joint order.</summary>
    public abstract record Command
    {
        private Command()
        {
        }

        /// <summary>
        /// Plans it. Refuses <c>order-exists</c>, <c>order-without-lines</c>, <c>order-line-invalid</c>, <c>order-policy-invalid</c>.
        /// </summary>
        public sealed record Plan(OrderTerms Terms) : Command;

        /// <summary>
        /// Opens it for commitments, on the schedule in force today: a later price rise does not apply. Refuses
        /// <c>cutoff-passed</c>, <c>contract-not-active</c>, <c>authority-missing</c>.
        /// </summary>
        public sealed record Open(DateTimeOffset Now, ContractStanding Contract) : Command;

        /// <summary>Moves the cutoff later. Refuses <c>cutoff-not-later</c>.</summary>
        public sealed record Extend(DateTimeOffset Cutoff, string Reason, DateTimeOffset Now) : Command;

        /// <summary>Stops taking commitments while the contract is suspended or expired.</summary>
        public sealed record Hold(string Reason) : Command;

        /// <summary>Takes commitments again, after a hold, until a cutoff.</summary>
        public sealed record Resume(DateTimeOffset Cutoff, DateTimeOffset Now) : Command;

        /// <summary>
        /// Moves a held order to a successor contract; members confirm again or are out. Refuses <c>successor-lines-differ</c>.
        /// </summary>
        public sealed record MoveToSuccessor(OrderTerms Terms, DateTimeOffset Now) : Command;

        /// <summary>Starts the box-fill phase with what each line lacks to its next case. Refuses <c>too-early</c>.</summary>
        public sealed record StartBoxFill(StructuralList<LineQuantity> Shortfalls, SettlementBasis Basis, DateTimeOffset Now) : Command;

        /// <summary>
        /// Takes so much of a line's shortfall in all; more than before, since only what reduces the shortfall is taken. Refuses
        /// <c>box-fill-exceeds-shortfall</c>, <c>box-fill-only-more</c>, <c>box-fill-not-a-participant</c>, <c>not-in-box-fill</c>.
        /// </summary>
        public sealed record ClaimBoxFill(MemberNo Member, SiteId Site, int LineNo, Quantity Quantity, bool HasCommitment) : Command;

        /// <summary>Closes at the cutoff. Refuses <c>too-early</c>.</summary>
        public sealed record Close(DateTimeOffset Now) : Command;

        /// <summary>
        /// Closes before the announced cutoff, because nobody is waited for any more; box-fill is left out. What is recorded by then
        /// counts, as at the cutoff. Refuses <c>reason-missing</c>.
        /// </summary>
        /// <param name="Reason">Why, 1–500 characters: the board shows it to members.</param>
        public sealed record CloseEarly(string Reason) : Command;

        /// <summary>
        /// Records what settling found: a missed minimum, or tiers, cases and shares. Refuses <c>settlement-unbalanced</c>.
        /// </summary>
        public sealed record Settle(Settlement Settlement) : Command;

        /// <summary>Takes the next branch after a missed minimum.</summary>
        public sealed record TakeMinimumBranch(DateTimeOffset Now, DateTimeOffset Until) : Command;

        /// <summary>The coordinator buys to stock what the minimum lacks.</summary>
        public sealed record TopUp(int LineNo, Quantity Quantity, string Reason) : Command;

        /// <summary>Records which members' excess was approved and who is out.</summary>
        public sealed record CloseApprovals(StructuralList<MemberNo> Approved, StructuralList<Exclusion> Declined) : Command;

        /// <summary>Records what was encumbered, and whose budget refused.</summary>
        public sealed record RecordEncumbrances(StructuralList<MemberNo> Reserved, StructuralList<Exclusion> Refused) : Command;

        /// <summary>Fixes tier and price of every line, once, on the settlement in hand.</summary>
        public sealed record FixTiers : Command;

        /// <summary>The purchase order went to a vendor.</summary>
        public sealed record RecordIssued(VendorId Vendor, string PurchaseOrder) : Command;

        /// <summary>The vendor accepted.</summary>
        public sealed record RecordConfirmed(VendorId Vendor) : Command;

        /// <summary>The vendor refused or kept silent: the next-ranked one is asked, or the order is cancelled.</summary>
        public sealed record ReAward(VendorId From, string Reason) : Command;

        /// <summary>
        /// Less of a line will come, as <paramref name="Source"/> says: allocates again on the new total and books the differences.
        /// </summary>
        public sealed record Reallocate(LineOutcome Outcome, SettlementBasis Basis, string Reason, StreamAt? Source = null) : Command;

        /// <summary>The first goods are on their way or have arrived.</summary>
        public sealed record RecordShipped(VendorId Vendor) : Command;

        /// <summary>Everything is delivered, claimed, billed and paid. Refuses <c>deliveries-open</c>, <c>billing-open</c>.</summary>
        public sealed record CloseOut(CloseOutEvidence Evidence) : Command;

        /// <summary>
        /// Corrects an order that is closed out, citing the event that is corrected. Refuses <c>order-not-closed-out</c>,
        /// <c>compensation-invalid</c>, <c>unknown-line</c>, <c>unknown-member</c>.
        /// </summary>
        public sealed record Compensate(Compensation Compensation) : Command;

        /// <summary>
        /// Cancels. After issue the vendor is asked; after shipment it is refused with <c>cancel-after-shipment</c>: goods go back by
        /// the deliveries' return flow; after the close-out with <c>order-closed-out</c>.
        /// </summary>
        public sealed record Cancel(string Reason) : Command;
    }

    /// <summary>What has happened to a joint order.</summary>
    public abstract record Event
    {
        private Event()
        {
        }

        /// <summary>Planned by a coordinator.</summary>
        [EventAlias("joint_order_planned")]
        public sealed record Planned(OrderTerms Terms) : Event;

        /// <summary>Open for commitments, at these lines and prices.</summary>
        [EventAlias("joint_order_opened")]
        public sealed record Opened(int ScheduleVersion, StructuralList<OrderLine> Lines, DateTimeOffset Cutoff) : Event;

        /// <summary>The cutoff moved later; commitments are kept.</summary>
        [EventAlias("joint_order_extended")]
        public sealed record Extended(DateTimeOffset Cutoff, string Reason) : Event;

        /// <summary>No commitments until further notice.</summary>
        [EventAlias("joint_order_held")]
        public sealed record Held(string Reason) : Event;

        /// <summary>Commitments are taken again.</summary>
        [EventAlias("joint_order_resumed")]
        public sealed record Resumed(DateTimeOffset Cutoff) : Event;

        /// <summary>Bought on another contract from here on; commitments count only when confirmed again for this generation.</summary>
        [EventAlias("joint_order_moved_to_successor")]
        public sealed record MovedToSuccessor(OrderTerms Terms, int Generation) : Event;

        /// <summary>Only claims that reduce these shortfalls are taken now.</summary>
        [EventAlias("joint_order_box_fill_started")]
        public sealed record BoxFillStarted(StructuralList<LineQuantity> Shortfalls, DateTimeOffset Until, SettlementBasis Basis) : Event;

        /// <summary>A member took a part of a shortfall, on top of what it took before.</summary>
        [EventAlias("joint_order_box_fill_claimed")]
        public sealed record BoxFillClaimed(MemberNo Member, SiteId Site, int LineNo, Quantity Quantity) : Event;

        /// <summary>Closed: what is recorded before this event counts, nothing after it.</summary>
        /// <param name="Cutoff">The cutoff that was announced.</param>
        /// <param name="EarlyBecause">Why the coordinator closed it before that; null when the cutoff closed it.</param>
        [EventAlias("joint_order_closed")]
        public sealed record Closed(DateTimeOffset Cutoff, string? EarlyBecause = null) : Event;

        /// <summary>The pooled commitments do not reach the order's minimum.</summary>
        [EventAlias("joint_order_minimum_missed")]
        public sealed record MinimumMissed(int Round, MinimumEvidence Evidence, SettlementBasis Basis) : Event;

        /// <summary>Members are asked to confirm at the fallback tier.</summary>
        [EventAlias("joint_order_fallback_offered")]
        public sealed record FallbackOffered(DateTimeOffset Until, int Generation) : Event;

        /// <summary>The coordinator is asked to top up.</summary>
        [EventAlias("joint_order_top_up_requested")]
        public sealed record TopUpRequested(DateTimeOffset Until) : Event;

        /// <summary>The coordinator bought to stock.</summary>
        [EventAlias("joint_order_topped_up")]
        public sealed record ToppedUp(int LineNo, Quantity Quantity, string Reason) : Event;

        /// <summary>One line's cases, tier and shares, each with its reason; provisional until the tiers are fixed.</summary>
        [EventAlias("joint_order_line_allocated")]
        public sealed record LineAllocated(int Round, LineOutcome Outcome) : Event;

        /// <summary>All lines are allocated; who is out, what each member owes, who must approve.</summary>
        [EventAlias("joint_order_settled")]
        public sealed record Settled(
            int Round,
            MinimumEvidence Minimum,
            StructuralList<MemberTotal> Totals,
            StructuralList<ApprovalNeeded> ApprovalsNeeded,
            StructuralList<Exclusion> Excluded,
            SettlementBasis Basis) : Event;

        /// <summary>Approvals are in, or their time is up.</summary>
        [EventAlias("joint_order_approvals_closed")]
        public sealed record ApprovalsClosed(StructuralList<MemberNo> Approved, StructuralList<Exclusion> Declined) : Event;

        /// <summary>Budgets are encumbered; members whose budget refused are out.</summary>
        [EventAlias("joint_order_encumbered")]
        public sealed record Encumbered(StructuralList<MemberNo> Reserved, StructuralList<Exclusion> Refused) : Event;

        /// <summary>A line's tier and price, for good, with the pooled total after rounding that it was taken from.</summary>
        [EventAlias("joint_order_tier_fixed")]
        public sealed record TierFixed(int LineNo, Quantity TierFrom, UnitPrice Price, Quantity Ordered, int Round) : Event;

        /// <summary>Everything needed for the vendor is there.</summary>
        [EventAlias("joint_order_ready")]
        public sealed record Ready(VendorId Vendor, int Round) : Event;

        /// <summary>The purchase order was issued.</summary>
        [EventAlias("joint_order_issued")]
        public sealed record Issued(VendorId Vendor, string PurchaseOrder) : Event;

        /// <summary>The vendor accepted.</summary>
        [EventAlias("joint_order_confirmed")]
        public sealed record Confirmed(VendorId Vendor) : Event;

        /// <summary>The next-ranked vendor is asked.</summary>
        [EventAlias("joint_order_re_awarded")]
        public sealed record ReAwarded(VendorId From, VendorId To, string Reason) : Event;

        /// <summary>A line was allocated again on a smaller total; the differences to the earlier shares are booked here.</summary>
        [EventAlias("joint_order_line_reallocated")]
        public sealed record LineReallocated(
            LineOutcome Outcome, StructuralList<ShareDifference> Differences, string Reason, SettlementBasis Basis) : Event
        {
            /// <summary>The purchase order or delivery, at a version, that says how much will come; null where none was named.</summary>
            public StreamAt? Source { get; init; }
        }

        /// <summary>The first goods are on their way or have arrived: from here on goods go back, the order is not cancelled.</summary>
        [EventAlias("joint_order_delivery_started")]
        public sealed record DeliveryStarted(VendorId Vendor) : Event;

        /// <summary>Done for good, on this evidence; what turns out wrong later is compensated, never reopened.</summary>
        [EventAlias("joint_order_closed_out")]
        public sealed record ClosedOut(CloseOutEvidence Evidence) : Event;

        /// <summary>Something was corrected after the close-out, citing the original event.</summary>
        [EventAlias("joint_order_compensated")]
        public sealed record Compensated(Compensation Compensation) : Event;

        /// <summary>Cancelled; <paramref name="Phase"/> says how far it had come.</summary>
        [EventAlias("joint_order_cancelled")]
        public sealed record Cancelled(string Reason, OrderPhase Phase) : Event;
    }
}
