using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Procurement.PurchaseOrders;

/// <content>The commands and events of a purchase order.</content>
public sealed partial class PurchaseOrder
{
    /// <summary>What can be asked of an order. Any of them but <see cref="Issue"/> before it: <c>order-not-issued</c>.</summary>
    public abstract record Command
    {
        private Command()
        {
        }

        /// <summary>
        /// Issue revision 1. Refused: <c>order-exists</c>, or what is wrong with the document: <c>order-number-invalid</c>,
        /// <c>order-parties-invalid</c>, <c>order-terms-invalid</c>, <c>order-lines-invalid</c>, <c>line-number-invalid</c>,
        /// <c>line-item-invalid</c>, <c>quantity-out-of-range</c>, <c>drops-do-not-sum</c>, <c>drop-invalid</c>, <c>amount-wrong</c>,
        /// <c>total-wrong</c>.
        /// </summary>
        public sealed record Issue(OrderDocument Document) : Command;

        /// <summary>The latest revision was sent; <c>content-hash-mismatch</c> when other bytes were; <c>dispatch-invalid</c>.</summary>
        public sealed record RecordDispatch(string Channel, int Attempt, string ContentHash) : Command
        {
            /// <summary>Format of the bytes that were sent; null for the canonical form itself.</summary>
            public string? Format { get; init; }

            /// <summary>SHA-256 of the bytes that were sent, lower-case hexadecimal; null for the canonical form itself.</summary>
            public string? DocumentHash { get; init; }
        }

        /// <summary>
        /// Send the latest revision once more, for the n-th time, asked for by an opaque id; <c>resend-by-missing</c>. The vendor gets the
        /// same bytes.
        /// </summary>
        public sealed record Resend(int Number, string By) : Command;

        /// <summary>The vendor says that it has fetched the latest revision; <c>order-not-sent</c>, <c>content-hash-mismatch</c>.</summary>
        public sealed record RecordPickUp(string ContentHash) : Command;

        /// <summary>Sending failed so many times.</summary>
        public sealed record RecordDispatchFailure(string Reason, int Attempts) : Command;

        /// <summary>Someone brought the latest revision to the vendor: how, and the opaque id of who.</summary>
        public sealed record RecordManualDispatch(string How, string By, string ContentHash) : Command;

        /// <summary>
        /// The vendor answered. A proposed price above the ordered one is rejected in the same decision. Refused: <c>wrong-vendor</c>,
        /// <c>document-id-invalid</c>, <c>note-invalid</c>, <c>response-lines-unexpected</c>, <c>response-lines-missing</c>,
        /// <c>response-line-repeated</c>, <c>quantity-out-of-range</c>, <c>price-negative</c>, <c>substitute-invalid</c>,
        /// <c>proposal-empty</c>, <c>order-re-awarded</c> (also when counted as rejected), <c>cancellation-pending</c>,
        /// <c>order-cancelled</c>, <c>order-closed</c>, <c>response-outdated</c>, <c>order-already-confirmed</c>,
        /// <c>response-unknown-line</c>, <c>line-settled</c>. A document number that is known records nothing.
        /// </summary>
        public sealed record RecordResponse(VendorResponse Response) : Command;

        /// <summary>Remind the vendor for the n-th time; <c>order-not-sent</c> while it does not have the order.</summary>
        public sealed record Remind(int Number) : Command;

        /// <summary>Tell the coordinator that the vendor is silent or cannot be reached.</summary>
        public sealed record Escalate(string Reason) : Command;

        /// <summary>Silence counts as rejection: <c>order-not-sent</c>, <c>order-answered</c>, <c>order-already-confirmed</c>.</summary>
        public sealed record CountAsRejected : Command;

        /// <summary>Accept a proposed change: <c>unknown-line</c>, <c>no-proposal</c>.</summary>
        public sealed record AcceptChange(int Line) : Command;

        /// <summary>Decline a proposed change: <c>unknown-line</c>, <c>no-proposal</c>, <c>reason-missing</c>.</summary>
        public sealed record RejectChange(int Line, string Reason) : Command;

        /// <summary>Take a line back that the vendor is not bound to: <c>unknown-line</c>, <c>line-accepted</c>.</summary>
        public sealed record CancelLine(int Line, string Reason) : Command;

        /// <summary>Give a rejected order to another vendor: <c>order-not-rejected</c>, <c>re-award-vendor-invalid</c>.</summary>
        public sealed record ReAward(VendorId To) : Command;

        /// <summary>Cancel: at once while the vendor does not have it, else by asking the vendor.</summary>
        public sealed record RequestCancellation(string Reason) : Command;

        /// <summary>The vendor lets go, for a fee or none: <c>no-cancellation-requested</c>, <c>fee-invalid</c>.</summary>
        public sealed record ConfirmCancellation(Money Fee) : Command;

        /// <summary>The vendor does not let go; the order stands as it stood.</summary>
        public sealed record DeclineCancellation(string Reason) : Command;

        /// <summary>
        /// Replace the document by its next revision; lines whose terms are already agreed stay agreed. Refused as <see cref="Issue"/>,
        /// and <c>order-identity-fixed</c>, <c>price-above-schedule</c>, <c>reason-missing</c>.
        /// </summary>
        public sealed record Revise(OrderDocument Document, string Reason) : Command;

        /// <summary>
        /// Everything that was delivered is billed, and every bill is paid or credited: the invoices' side of the close-out, told by
        /// whoever keeps the invoices. Refused: <c>order-not-confirmed</c>, <c>evidence-missing</c>.
        /// </summary>
        public sealed record SettleBilling(string Evidence) : Command;

        /// <summary>A bill is open (again): <c>reason-missing</c>, <c>order-closed</c> after the close-out.</summary>
        public sealed record ReopenBilling(string Reason) : Command;

        /// <summary>Everything is delivered and settled; <c>order-not-confirmed</c>.</summary>
        public sealed record Close : Command;
    }

    /// <summary>What has happened to an order.</summary>
    public abstract record Event
    {
        private Event()
        {
        }

        /// <summary>The joint order it buys for: in every event, since the ids in a stream name cannot be told apart.</summary>
        public JointOrderId JointOrder { get; init; }

        /// <summary>The vendor it goes to.</summary>
        public VendorId Vendor { get; init; }

        /// <summary>Issued, with the hash of its canonical bytes.</summary>
        [EventAlias("purchase_order_issued")]
        public sealed record Issued(OrderDocument Document, int Revision, string ContentHash) : Event;

        /// <summary>Replaced by its next revision.</summary>
        [EventAlias("purchase_order_revised")]
        public sealed record Revised(OrderDocument Document, int Revision, string ContentHash, string Reason) : Event;

        /// <summary>Sent through a channel.</summary>
        [EventAlias("purchase_order_dispatched")]
        public sealed record Dispatched(string Channel, int Attempt, int Revision, string ContentHash) : Event
        {
            /// <summary>Format of the bytes that were sent; null for the canonical form itself.</summary>
            public string? Format { get; init; }

            /// <summary>SHA-256 of the bytes that were sent; null for the canonical form itself.</summary>
            public string? DocumentHash { get; init; }
        }

        /// <summary>Sent once more on request, for the n-th time: the same bytes under the same delivery id.</summary>
        [EventAlias("purchase_order_resent")]
        public sealed record Resent(int Number, string By, int Revision, string ContentHash) : Event;

        /// <summary>The vendor acknowledged that it has fetched a revision.</summary>
        [EventAlias("purchase_order_picked_up")]
        public sealed record PickedUp(int Revision, string ContentHash) : Event;

        /// <summary>Could not be sent.</summary>
        [EventAlias("purchase_order_dispatch_failed")]
        public sealed record DispatchFailed(string Reason, int Attempts, int Revision) : Event;

        /// <summary>Brought to the vendor by someone, named by an opaque id.</summary>
        [EventAlias("purchase_order_manually_dispatched")]
        public sealed record ManuallyDispatched(string How, string By, int Revision, string ContentHash) : Event;

        /// <summary>The vendor answered a revision.</summary>
        [EventAlias("purchase_order_response_recorded")]
        public sealed record ResponseRecorded(VendorResponse Response, int Revision) : Event;

        /// <summary>A proposed change was accepted; this is what is agreed now.</summary>
        [EventAlias("purchase_order_change_accepted")]
        public sealed record ChangeAccepted(AgreedLine Agreed) : Event;

        /// <summary>A proposed change was declined, by the buyer or by the rule that no price rises above schedule.</summary>
        [EventAlias("purchase_order_change_rejected")]
        public sealed record ChangeRejected(int Line, string Reason, bool Automatic) : Event;

        /// <summary>A line was taken back.</summary>
        [EventAlias("purchase_order_line_cancelled")]
        public sealed record LineCancelled(int Line, string Reason) : Event;

        /// <summary>Every line is settled: what will be delivered, and the lines that will not.</summary>
        [EventAlias("purchase_order_confirmed")]
        public sealed record Confirmed(int Revision, StructuralList<AgreedLine> Lines, StructuralList<int> RejectedLines) : Event;

        /// <summary>Nothing will be delivered: the vendor said so, or said nothing.</summary>
        [EventAlias("purchase_order_rejected")]
        public sealed record Rejected(string Reason, bool BySilence) : Event;

        /// <summary>The vendor was reminded.</summary>
        [EventAlias("purchase_order_reminded")]
        public sealed record Reminded(int Number) : Event;

        /// <summary>The coordinator was told.</summary>
        [EventAlias("purchase_order_escalated")]
        public sealed record Escalated(string Reason) : Event;

        /// <summary>Given to another vendor.</summary>
        [EventAlias("purchase_order_re_awarded")]
        public sealed record ReAwarded(VendorId To) : Event;

        /// <summary>The vendor was asked to let go.</summary>
        [EventAlias("purchase_order_cancellation_requested")]
        public sealed record CancellationRequested(string Reason) : Event;

        /// <summary>The vendor did not let go.</summary>
        [EventAlias("purchase_order_cancellation_declined")]
        public sealed record CancellationDeclined(string Reason) : Event;

        /// <summary>Cancelled, for a fee or none.</summary>
        [EventAlias("purchase_order_cancelled")]
        public sealed record Cancelled(Money Fee) : Event;

        /// <summary>Everything delivered is billed, every bill paid or credited; where that can be seen.</summary>
        [EventAlias("purchase_order_billing_settled")]
        public sealed record BillingSettled(string Evidence) : Event;

        /// <summary>A bill is open again.</summary>
        [EventAlias("purchase_order_billing_reopened")]
        public sealed record BillingReopened(string Reason) : Event;

        /// <summary>Delivered and done.</summary>
        [EventAlias("purchase_order_closed")]
        public sealed record Closed : Event;
    }
}
