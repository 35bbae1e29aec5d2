using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Contracts;
using SSC.Purchasing.Procurement.Invoicing;
using SSC.Purchasing.Procurement.Rules;

namespace SSC.Purchasing.Procurement.Detectors;

/// <summary>Vendors that were paid after the last day, or are not paid and it is over (Minn. Stat. 471.425), and the interest on
/// it.</summary>
public sealed class LatePayments : IDetector
{
    /// <inheritdoc/>
    public IReadOnlyCollection<string> EventTypes =>
    [
        "vendor_invoice_registered", "vendor_invoice_matched", "vendor_invoice_cleared", "vendor_invoice_disputed",
        "vendor_invoice_exception_resolved", "vendor_invoice_payment_recorded", "vendor_invoice_credited",
            "vendor_invoice_interest_accrued",
        "vendor_invoice_rejected", "vendor_invoice_settled", "vendor_invoice_approved",
    ];

    /// <inheritdoc/>
    public IDetection Begin() => new Look();

    private sealed class Look : IDetection
    {
        private readonly SortedDictionary<string, (VendorInvoice.State State, Citation Due)> invoices = new(StringComparer.Ordinal);

        public void Hear(RecordedEvent e)
        {
            var key = e.KeyIn(VendorInvoice.Category)!;
            var (state, due) = invoices.TryGetValue(key, out var known) ? known : (VendorInvoice.Initial, Citation.Of(e));
            invoices[key] = (
                VendorInvoice.Evolve(state, (VendorInvoice.Event)e.Fact), e.Fact is VendorInvoice.Event.Cleared ? Citation.Of(e) : due);
        }

        public IEnumerable<Finding> Findings(DateOnly asOf) =>
            from invoice in invoices
            where invoice.Value.State is VendorInvoice.State.Payable or VendorInvoice.State.Paid
            let file = ((VendorInvoice.State.Known)invoice.Value.State).File
            from payer in file.Facts.PayersOfVendor(file.Bills)
            let finding = Judge(invoice.Key, file, payer, asOf, invoice.Value.Due)
            where finding is not null
            select finding;

        private static Finding? Judge(string key, InvoiceFile file, MemberNo payer, DateOnly asOf, Citation evidence)
        {
            if (file.DueOn is not { } due) return null;
            var late = file.AccountOf(payer).Payments.Where(p => p.PaidOn > due && p.Amount > Money.Zero).ToList();
            var unpaid = asOf > due ? file.Balance(payer) : Money.Zero;
            if (late.Count == 0 && unpaid <= Money.Zero) return null;
            var amount = late.Select(p => p.Amount).Sum() + (unpaid > Money.Zero ? unpaid : Money.Zero);
            var account = file.AccountOf(payer);
            var days = (unpaid > Money.Zero ? asOf : late[^1].PaidOn).DayNumber - due.DayNumber;
            return new(
                unpaid > Money.Zero ? "payment-overdue" : "late-payment", PromptPayment.Terms.EntryOn(due)!.Source, $"{key}, {payer}",
                $"Due on {due:yyyy-MM-dd}, {(unpaid > Money.Zero ? $"{unpaid} still unpaid" : "paid")} {days} days later; interest accrued "
                + $"{account.Interest.Select(i => i.Amount).Sum()}, not paid {account.InterestDue}.",
                [evidence])
            { Member = file.Facts.Billing == BillingMode.Cooperative ? null : payer, Amount = amount };
        }
    }
}
