using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Procurement.Receiving;

/// <content>The commands and events of a delivery.</content>
public sealed partial class Delivery
{
    /// <summary>
    /// What can be said of a delivery. Any of them but <see cref="Expect"/> before it: <c>delivery-not-expected</c>. A document number
    /// that is known records nothing. About a line: <c>unknown-line</c>, <c>quantity-out-of-range</c>, <c>quantity-not-whole</c>,
    /// <c>quantity-exceeds-open</c>.
    /// </summary>
    public abstract record Command
    {
        private Command()
        {
        }

        /// <summary>The joint order is closed out, as the edge has read it: <c>order-closed-out</c>.</summary>
        public bool IsAfterCloseOut { get; init; }

        /// <summary>
        /// Expect what was agreed; again after a revision: lines that nothing was said of take the new quantities. Refused:
        /// <c>expectation-invalid</c>.
        /// </summary>
        public sealed record Expect(Expectation Expectation) : Command;

        /// <summary>
        /// The vendor says what it sent, and what follows later until a day. More than may still come is kept as the vendor said it, with
        /// a finding for each line. Refused: <c>wrong-vendor</c>, <c>wrong-order</c>,
        /// <c>wrong-site</c>, <c>document-id-invalid</c>, <c>document-lines-invalid</c>, <c>unit-differs</c>, <c>note-invalid</c>.
        /// </summary>
        public sealed record RecordDespatch(DespatchNote Note, DateOnly BackOrderUntil) : Command;

        /// <summary>
        /// Goods arrived, announced or not. Another item is held as a substitute, what is beyond the tolerance as excess. Refused:
        /// <c>document-id-invalid</c>, <c>document-lines-invalid</c>, <c>unit-differs</c>, <c>item-invalid</c>, <c>note-invalid</c>.
        /// </summary>
        public sealed record Receive(GoodsReceipt Receipt) : Command;

        /// <summary>Goods are missing: a claim. Concealed: they had been counted as received. <c>quantity-exceeds-received</c>.</summary>
        public sealed record ReportShortage(string Document, int Line, Quantity Quantity, bool Concealed, string? Note) : Command;

        /// <summary>Goods are damaged: a claim. Concealed: they had been counted as received. <c>quantity-exceeds-received</c>.</summary>
        public sealed record ReportDamage(string Document, int Line, Quantity Quantity, bool Concealed, string? Note) : Command;

        /// <summary>Goods for this site were left at another: held until they are forwarded or returned. <c>site-invalid</c>.</summary>
        public sealed record ReportWrongSite(string Document, int Line, Quantity Quantity, SiteId FoundAt, string? Note) : Command;

        /// <summary>Goods were turned away, for good or to be delivered again by a day. <c>reason-missing</c>.</summary>
        public sealed record Refuse(string Document, int Line, Quantity Quantity, string Reason, DateOnly? RedeliverBy) : Command;

        /// <summary>The vendor sends a part later, until a day.</summary>
        public sealed record BackOrder(string Document, int Line, Quantity Quantity, DateOnly Until) : Command;

        /// <summary>Wait longer for a back-order: <c>no-back-order</c>, <c>deadline-not-later</c>.</summary>
        public sealed record KeepBackOrder(int Line, DateOnly Until) : Command;

        /// <summary>Wait no longer for a back-order: <c>no-back-order</c>, <c>reason-missing</c>.</summary>
        public sealed record ReleaseBackOrder(int Line, string Reason) : Command;

        /// <summary>A back-order's day is over: it is released, or the coordinator is asked, as the order's terms say.</summary>
        public sealed record LapseBackOrder(int Line, DateOnly Today) : Command;

        /// <summary>Goods on hold count as received: <c>hold-unknown</c>, <c>hold-decided</c>.</summary>
        public sealed record AcceptHeld(int No) : Command;

        /// <summary>Goods on hold go back, for good or to come again by a day: <c>hold-unknown</c>, <c>hold-decided</c>.</summary>
        public sealed record ReturnHeld(int No, string Reason, DateOnly? RedeliverBy) : Command;

        /// <summary>Remind the site of a receipt that is missing.</summary>
        public sealed record Remind(int Number) : Command;

        /// <summary>
        /// The vendor answers a claim; a replacement comes by a day. Refused: <c>claim-unknown</c>, <c>claim-resolved</c>,
        /// <c>claim-replaced</c>, <c>replacement-day-missing</c>.
        /// </summary>
        public sealed record AnswerClaim(int No, ClaimAnswer Answer, string? Note, DateOnly? ReplaceBy) : Command;

        /// <summary>The vendor has not answered a claim in time.</summary>
        public sealed record EscalateClaim(int No) : Command;

        /// <summary>
        /// A claim ends. Refused: <c>claim-unknown</c>, <c>claim-resolved</c>, <c>claim-replaced</c> (withdrawn though replaced),
        /// <c>claim-not-replaced</c>, <c>credit-document-missing</c>.
        /// </summary>
        public sealed record ResolveClaim(int No, ClaimResolution Resolution, string? Document) : Command;

        /// <summary>Goods may go back after shipment or receipt: <c>quantity-exceeds-received</c>, <c>reason-missing</c>.</summary>
        public sealed record AuthorizeReturn(string Document, int Line, Quantity Quantity, string Reason) : Command;

        /// <summary>They went back: <c>return-unknown</c>, <c>quantity-exceeds-received</c>.</summary>
        public sealed record RecordReturn(int No, DateOnly On) : Command;

        /// <summary>They stay after all: <c>return-unknown</c>, <c>return-made</c>, <c>reason-missing</c>.</summary>
        public sealed record CancelReturn(int No, string Reason) : Command;

        /// <summary>The vendor credited them: <c>return-unknown</c>, <c>return-not-made</c>, <c>credit-document-missing</c>.</summary>
        public sealed record CreditReturn(int No, string Document) : Command;

        /// <summary>Wait for nothing any more, of all lines or of one: what has not come is given up. <c>reason-missing</c>.</summary>
        public sealed record ReleaseRest(string Reason, int? Line = null) : Command;
    }

    /// <summary>What has happened to a delivery.</summary>
    public abstract record Event
    {
        private Event()
        {
        }

        /// <summary>The joint order it belongs to.</summary>
        public JointOrderId JointOrder { get; init; }

        /// <summary>The vendor that delivers.</summary>
        public VendorId Vendor { get; init; }

        /// <summary>The site it goes to.</summary>
        public SiteId Site { get; init; }

        /// <summary>Whose goods they are, when they are one member's; null at a central site.</summary>
        public MemberNo? Member { get; init; }

        /// <summary>True when after this nothing is left to come, to decide, to claim or to credit.</summary>
        public bool IsComplete { get; init; }

        /// <summary>The vendor is bound to deliver this.</summary>
        [EventAlias("delivery_expected")]
        public sealed record Expected(Expectation Expectation) : Event;

        /// <summary>The vendor is bound to deliver something else since a revision.</summary>
        [EventAlias("delivery_expectation_revised")]
        public sealed record ExpectationRevised(Expectation Expectation) : Event;

        /// <summary>The vendor sent goods; a part follows until a day.</summary>
        [EventAlias("delivery_despatched")]
        public sealed record Despatched(DespatchNote Note, DateOnly? BackOrderUntil) : Event;

        /// <summary>A despatch advice announced more of a line than may still come; whoever receives it looks twice.</summary>
        [EventAlias("delivery_despatch_exceeded_order")]
        public sealed record DespatchExceeded(DespatchFinding Finding) : Event;

        /// <summary>Goods arrived, and what each line came to.</summary>
        [EventAlias("delivery_received")]
        public sealed record Received(GoodsReceipt Receipt, StructuralList<ArrivedLine> Arrived, bool WithoutDespatch) : Event;

        /// <summary>Goods are missing.</summary>
        [EventAlias("delivery_shortage_reported")]
        public sealed record ShortageReported(int Claim, string Document, int Line, Quantity Quantity, bool Concealed, string? Note)
            : Event;

        /// <summary>Goods are damaged.</summary>
        [EventAlias("delivery_damage_reported")]
        public sealed record DamageReported(int Claim, string Document, int Line, Quantity Quantity, bool Concealed, string? Note) : Event;

        /// <summary>Goods were left at another site.</summary>
        [EventAlias("delivery_wrong_site_reported")]
        public sealed record WrongSiteReported(int Hold, string Document, int Line, Quantity Quantity, SiteId FoundAt, string? Note)
            : Event;

        /// <summary>Goods were turned away.</summary>
        [EventAlias("delivery_goods_refused")]
        public sealed record GoodsRefused(string Document, int Line, Quantity Quantity, string Reason, DateOnly? RedeliverBy) : Event;

        /// <summary>A part comes later.</summary>
        [EventAlias("delivery_back_ordered")]
        public sealed record BackOrdered(string Document, int Line, Quantity Quantity, DateOnly Until) : Event;

        /// <summary>A back-order is waited for longer.</summary>
        [EventAlias("delivery_back_order_kept")]
        public sealed record BackOrderKept(int Line, Quantity Quantity, DateOnly Until) : Event;

        /// <summary>A back-order is not waited for any more: by a person, or because its day was over.</summary>
        [EventAlias("delivery_back_order_released")]
        public sealed record BackOrderReleased(int Line, Quantity Quantity, string Reason, bool Automatic) : Event;

        /// <summary>A back-order's day is over; somebody must keep or release it.</summary>
        [EventAlias("delivery_back_order_overdue")]
        public sealed record BackOrderOverdue(int Line, Quantity Quantity, DateOnly Until) : Event;

        /// <summary>Goods on hold count as received.</summary>
        [EventAlias("delivery_held_goods_accepted")]
        public sealed record HeldAccepted(int No, HoldKind Kind, int Line, Quantity Quantity) : Event;

        /// <summary>Goods on hold go back.</summary>
        [EventAlias("delivery_held_goods_returned")]
        public sealed record HeldReturned(int No, HoldKind Kind, int Line, Quantity Quantity, string Reason, DateOnly? RedeliverBy) : Event;

        /// <summary>The site was reminded.</summary>
        [EventAlias("delivery_reminded")]
        public sealed record Reminded(int Number) : Event;

        /// <summary>The vendor answered a claim.</summary>
        [EventAlias("delivery_claim_answered")]
        public sealed record ClaimAnswered(int Claim, ClaimAnswer Answer, string? Note, DateOnly? ReplaceBy) : Event;

        /// <summary>The vendor did not answer a claim in time; the coordinator was told.</summary>
        [EventAlias("delivery_claim_overdue")]
        public sealed record ClaimOverdue(int Claim) : Event;

        /// <summary>A claim ended.</summary>
        [EventAlias("delivery_claim_resolved")]
        public sealed record ClaimResolved(int Claim, ClaimResolution Resolution, string? Document) : Event;

        /// <summary>Goods may go back.</summary>
        [EventAlias("delivery_return_authorized")]
        public sealed record ReturnAuthorized(int Return, string Document, int Line, Quantity Quantity, string Reason) : Event;

        /// <summary>Goods went back.</summary>
        [EventAlias("delivery_goods_returned")]
        public sealed record GoodsReturned(int Return, DateOnly On) : Event;

        /// <summary>Goods do not go back after all.</summary>
        [EventAlias("delivery_return_cancelled")]
        public sealed record ReturnCancelled(int Return, string Reason) : Event;

        /// <summary>Returned goods were credited.</summary>
        [EventAlias("delivery_return_credited")]
        public sealed record ReturnCredited(int Return, string Document) : Event;

        /// <summary>What had not come was given up.</summary>
        [EventAlias("delivery_rest_released")]
        public sealed record RestReleased(string Reason, int? Line = null) : Event;
    }
}
