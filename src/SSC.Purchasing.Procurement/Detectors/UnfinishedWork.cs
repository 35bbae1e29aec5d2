using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Invoicing;
using SSC.Purchasing.Procurement.JointOrders;
using SSC.Purchasing.Procurement.PurchaseOrders;
using SSC.Purchasing.Procurement.Receiving;
using SSC.Purchasing.Procurement.VendorDocuments;

namespace SSC.Purchasing.Procurement.Detectors;

/// <summary>
/// Promises that nobody kept: a joint order that closed and was never closed out, a delivery with something left to come, to decide or to
/// claim, a cancellation or a revision that the vendor has not answered, an invoice whose exceptions nobody settles, a credit memo that
/// counts against nothing, a vendor's document that waits for a person. Nothing happens to a thing for so many days after its last event,
/// or after the day that was agreed for it, and it is not at an end. What happens to an order's deliveries and invoices happens to the
/// order.
/// </summary>
public sealed class UnfinishedWork : IDetector
{
    /// <summary>Days without any event after which something open counts as left behind: the cooperative's own parameter.</summary>
    public static readonly EffectiveDated<int> StaleAfterDays = new([new(new(2006, 1, 1), 30, "auditing practice of the cooperative")]);

    /// <inheritdoc/>
    /// <remarks>Reminders and the passing of a deadline are not among them: a clock that ticks is nobody's work.</remarks>
    public IReadOnlyCollection<string> EventTypes =>
    [
        "joint_order_closed", "joint_order_minimum_missed", "joint_order_fallback_offered", "joint_order_top_up_requested",
        "joint_order_settled", "joint_order_approvals_closed", "joint_order_encumbered", "joint_order_ready", "joint_order_issued",
        "joint_order_re_awarded", "joint_order_extended", "joint_order_resumed", "joint_order_confirmed", "joint_order_cancelled",
        "joint_order_held", "joint_order_moved_to_successor", "joint_order_delivery_started", "joint_order_line_reallocated",
        "joint_order_closed_out",
        "delivery_expected", "delivery_expectation_revised", "delivery_despatched", "delivery_despatch_exceeded_order",
        "delivery_received", "delivery_shortage_reported", "delivery_damage_reported", "delivery_wrong_site_reported",
        "delivery_goods_refused", "delivery_back_ordered", "delivery_back_order_kept", "delivery_back_order_released",
        "delivery_held_goods_accepted", "delivery_held_goods_returned", "delivery_claim_answered", "delivery_claim_resolved",
        "delivery_return_authorized", "delivery_goods_returned", "delivery_return_cancelled", "delivery_return_credited",
        "delivery_rest_released",
        "purchase_order_revised", "purchase_order_confirmed", "purchase_order_rejected", "purchase_order_re_awarded",
        "purchase_order_cancellation_requested", "purchase_order_cancellation_declined", "purchase_order_cancelled",
        "purchase_order_closed",
        "vendor_invoice_registered", "vendor_invoice_matched", "vendor_invoice_exception_resolved", "vendor_invoice_cleared",
        "vendor_invoice_disputed", "vendor_invoice_rejected", "vendor_invoice_settled", "vendor_credit_applied",
        "vendor_credit_not_applied",
        "vendor_document_exception_raised", "vendor_document_exception_resolved",
    ];

    /// <inheritdoc/>
    public IDetection Begin() => new Look();

    private sealed class Look : IDetection
    {
        private readonly SortedDictionary<string, Matter> open = new(StringComparer.Ordinal);

        public void Hear(RecordedEvent e)
        {
            switch (e.Fact)
            {
                case JointOrder.Event fact:
                    Follow(new("order-unfinished", e.Stream, e, open.GetValueOrDefault(e.Stream)?.AgreedFor), IsAtAnEnd(fact));
                    break;
                case Delivery.Event fact:
                    Follow(new("delivery-unfinished", e.Stream, e, DayAgreed(fact) ?? open.GetValueOrDefault(e.Stream)?.AgreedFor),
                        fact.IsComplete);
                    Touch(fact.JointOrder, e, DayAgreed(fact));
                    break;
                case PurchaseOrder.Event fact:
                    Ask(e, fact);
                    break;
                case VendorInvoice.Event fact:
                    Follow(new(fact is VendorInvoice.Event.CreditNotApplied ? "credit-not-applied" : "invoice-unfinished", e.Stream, e),
                        IsAtAnEnd(fact));
                    Touch(fact.JointOrder, e, null);
                    break;
                case ReceivedDocument.Event.ExceptionRaised fact:
                    Follow(new("document-unresolved", $"{e.Stream}, document {fact.Part}", e), isOver: false);
                    break;
                case ReceivedDocument.Event.ExceptionResolved fact:
                    open.Remove($"{e.Stream}, document {fact.Part}");
                    break;
            }
        }

        public IEnumerable<Finding> Findings(DateOnly asOf)
        {
            if (StaleAfterDays.EntryOn(asOf) is not { } rule) yield break;
            foreach (var matter in open.Values)
            {
                var days = asOf.DayNumber - matter.From().DayNumber;
                if (days <= rule.Value) continue;
                var since = matter.AgreedFor is { } day && day == matter.From()
                    ? $"Agreed for {day:yyyy-MM-dd}, {days} days ago; the last that happened is {matter.Last.Type}."
                    : $"Nothing has happened since {matter.Last.Type} {days} days ago.";
                yield return new(matter.Kind, rule.Source, matter.Subject, since, [Citation.Of(matter.Last)]);
            }
        }

        private void Follow(Matter matter, bool isOver)
        {
            if (isOver) open.Remove(matter.Subject);
            else open[matter.Subject] = matter;
        }

        /// <summary>Something happened to what an order waits for.</summary>
        private void Touch(JointOrderId order, RecordedEvent e, DateOnly? agreed)
        {
            var stream = $"{JointOrder.Category}-{order}";
            if (!open.TryGetValue(stream, out var matter)) return;
            open[stream] = matter with { Last = e, AgreedFor = Later(matter.AgreedFor, agreed) };
        }

        /// <summary>What the vendor of a purchase order was asked and has not answered.</summary>
        private void Ask(RecordedEvent e, PurchaseOrder.Event fact)
        {
            var (cancellation, revision) = ($"{e.Stream}, cancellation", $"{e.Stream}, revision");
            if (fact is PurchaseOrder.Event.CancellationRequested)
                Follow(new("cancellation-unanswered", cancellation, e), isOver: false);
            else if (fact is PurchaseOrder.Event.Revised)
                Follow(new("revision-unanswered", revision, e), isOver: false);
            else
                open.Remove(cancellation);
            if (fact is PurchaseOrder.Event.Confirmed or PurchaseOrder.Event.Rejected or PurchaseOrder.Event.ReAwarded
                or PurchaseOrder.Event.Cancelled or PurchaseOrder.Event.Closed) open.Remove(revision);
        }

        private static DateOnly? DayAgreed(Delivery.Event fact) => fact switch
        {
            Delivery.Event.Expected f => f.Expectation.DueOn,
            Delivery.Event.ExpectationRevised f => f.Expectation.DueOn,
            Delivery.Event.Despatched f => f.BackOrderUntil,
            Delivery.Event.GoodsRefused f => f.RedeliverBy,
            Delivery.Event.BackOrdered f => f.Until,
            Delivery.Event.BackOrderKept f => f.Until,
            Delivery.Event.HeldReturned f => f.RedeliverBy,
            Delivery.Event.ClaimAnswered f => f.ReplaceBy,
            _ => null,
        };

        private static DateOnly? Later(DateOnly? one, DateOnly? other) => one is null || other > one ? other : one;

        private static bool IsAtAnEnd(JointOrder.Event fact) => fact is JointOrder.Event.ClosedOut or JointOrder.Event.Cancelled
            or JointOrder.Event.Extended or JointOrder.Event.Resumed or JointOrder.Event.MovedToSuccessor;

        private static bool IsAtAnEnd(VendorInvoice.Event fact) => fact is VendorInvoice.Event.Cleared or VendorInvoice.Event.Rejected
            or VendorInvoice.Event.Settled or VendorInvoice.Event.CreditApplied;
    }

    /// <summary>Something that is open.</summary>
    /// <param name="Kind">What it will be found as.</param>
    /// <param name="Subject">What it is about.</param>
    /// <param name="Last">The last that happened to it.</param>
    /// <param name="AgreedFor">The day by which more was to happen, if one was agreed.</param>
    private sealed record Matter(string Kind, string Subject, RecordedEvent Last, DateOnly? AgreedFor = null)
    {
        public DateOnly From() => BusinessCalendar.LocalDate(Last.At) is var day && AgreedFor > day ? AgreedFor.Value : day;
    }
}
