using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Invoicing;
using SSC.Purchasing.Procurement.JointOrders;

namespace SSC.Purchasing.Procurement.Detectors;

/// <summary>
/// Promises that nobody kept: a joint order that closed and came to no end, an invoice whose exceptions nobody settles, a credit memo that
/// counts against nothing. Nothing happens to a thing for so many days, and it is not at an end.
/// </summary>
public sealed class UnfinishedWork : IDetector
{
    /// <summary>Days without any event after which something open counts as left behind: the cooperative's own parameter.</summary>
    public static readonly EffectiveDated<int> StaleAfterDays = new([new(new(2006, 1, 1), 30, "auditing practice of the cooperative")]);

    /// <inheritdoc/>
    public IReadOnlyCollection<string> EventTypes =>
    [
        "joint_order_closed", "joint_order_minimum_missed", "joint_order_fallback_offered", "joint_order_top_up_requested",
        "joint_order_settled", "joint_order_approvals_closed", "joint_order_encumbered", "joint_order_ready", "joint_order_issued",
        "joint_order_re_awarded", "joint_order_extended", "joint_order_resumed", "joint_order_confirmed", "joint_order_cancelled",
        "joint_order_held", "joint_order_moved_to_successor",
        "vendor_invoice_registered", "vendor_invoice_matched", "vendor_invoice_cleared", "vendor_invoice_disputed",
        "vendor_invoice_rejected", "vendor_invoice_settled", "vendor_credit_applied", "vendor_credit_not_applied",
    ];

    /// <inheritdoc/>
    public IDetection Begin() => new Look();

    private sealed class Look : IDetection
    {
        private readonly SortedDictionary<string, RecordedEvent> open = new(StringComparer.Ordinal);

        public void Hear(RecordedEvent e)
        {
            if (IsAtAnEnd(e.Fact)) open.Remove(e.Stream);
            else open[e.Stream] = e;
        }

        public IEnumerable<Finding> Findings(DateOnly asOf)
        {
            foreach (var (stream, e) in open)
            {
                var (day, rule) = (BusinessCalendar.LocalDate(e.At), StaleAfterDays.EntryOn(asOf));
                if (rule is null) continue;
                var days = asOf.DayNumber - day.DayNumber;
                if (days <= rule.Value) continue;
                var kind = e.Fact is VendorInvoice.Event.CreditNotApplied ? "credit-not-applied"
                    : e.Fact is VendorInvoice.Event ? "invoice-unfinished" : "order-unfinished";
                yield return new(kind, rule.Source, stream, $"Nothing has happened since {e.Type} {days} days ago.", [Citation.Of(e)]);
            }
        }

        private static bool IsAtAnEnd(object fact) => fact is JointOrder.Event.Confirmed or JointOrder.Event.Cancelled
            or JointOrder.Event.Extended or JointOrder.Event.Resumed or JointOrder.Event.MovedToSuccessor
            or VendorInvoice.Event.Cleared or VendorInvoice.Event.Rejected or VendorInvoice.Event.Settled
            or VendorInvoice.Event.CreditApplied;
    }
}
