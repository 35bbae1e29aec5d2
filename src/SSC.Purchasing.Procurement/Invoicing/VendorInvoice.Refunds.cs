using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Procurement.Invoicing;

/// <content>What comes back when a credit comes after the payment.</content>
public sealed partial class VendorInvoice
{
    private static Decision<Event> Refund(Command.RecordRefund c, InvoiceFile f)
    {
        var (r, credit) = (c.Refund, -f.Balance(c.Payer));
        if (f.AccountOf(c.Payer).Refunds.FirstOrDefault(k => k.Reference == r.Reference) is { } known)
            return known == r ? Nothing : new Refusal("refund-exists", "This reference was recorded with another amount or day.");
        if (f.Match is null) return NotMatched;
        if (!f.Payers.Contains(c.Payer)) return new Refusal("payer-unknown", "Nothing of this invoice is billed to this payer.");
        if (!PlainText.IsWellFormed(r.Reference, 50) || r.Amount <= Money.Zero || r.ReceivedOn > c.Today
            || r.ReceivedOn < f.Facts.ReceivedOn)
        {
            return new Refusal(
                "refund-invalid", "Give the refund's reference in 1 to 50 characters, an amount above zero and a day up to today.");
        }

        return r.Amount > credit
            ? new Refusal(
                "refund-above-credit", $"{(credit > Money.Zero ? credit : Money.Zero)} is to come back to this payer; record no more.")
            : new Event.RefundRecorded(c.Payer, r, r.Amount - credit, c.By);
    }
}
