using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Contracts;
using SSC.Purchasing.Procurement.Invoicing;
using SSC.Purchasing.Procurement.JointOrders;

namespace SSC.Purchasing.Procurement.Fees;

/// <summary>
/// What one event of an invoice changed about what was paid to the vendor: the basis of a fee. Pure, from the invoice's own history, so
/// that the basis can be computed again.
/// </summary>
/// <param name="Day">Day of the payment, credit or refund.</param>
/// <param name="Before">The invoice before the event.</param>
/// <param name="After">The invoice after it.</param>
public sealed record PaidStep(DateOnly Day, InvoiceFile Before, InvoiceFile After)
{
    /// <summary>What the last event of an invoice's history made; null where there was no invoice before it.</summary>
    public static PaidStep? Of(IReadOnlyList<RecordedEvent> history)
    {
        var states = history.Aggregate(
            (Before: VendorInvoice.Initial, After: VendorInvoice.Initial),
            (s, e) => (s.After, VendorInvoice.Evolve(s.After, (VendorInvoice.Event)e.Fact)));
        if (states is not (VendorInvoice.State.Known { File: var before }, VendorInvoice.State.Known { File: var after })) return null;
        return new(
            history[^1].Fact is VendorInvoice.Event.PaymentRecorded paid
                ? paid.Payment.PaidOn
                : BusinessCalendar.LocalDate(history[^1].At),
            before, after);
    }

    /// <summary>
    /// What the event made paid to the vendor, net of credits and refunds, by member and order line: each line in proportion to the paid
    /// part of the member's bill. Over the life of an invoice it sums to the goods that were paid and kept.
    /// </summary>
    /// <param name="invoice">Key of the invoice.</param>
    /// <param name="terms">The joint order's terms: items, and which are federally funded food.</param>
    /// <param name="ruleVersion">
    /// Version of the fee rules: before <see cref="FeeRules.SellsNothingBelowZero"/>, credits beyond a bill made a sale of less than
    /// nothing, and a fee of it, although nothing had been paid.
    /// </param>
    public StructuralList<PaidSale> Sales(string invoice, OrderTerms terms, int ruleVersion = FeeRules.CurrentVersion)
    {
        var (was, now) = (PaidNet(Before, ruleVersion), PaidNet(After, ruleVersion));
        return
        [
            .. from bill in After.Bills
               where bill.Total > Money.Zero && bill.Member != SettlementRules.Stock
               let lines = (from line in bill.Lines.GroupBy(l => l.OrderLine)
                            let item = terms.Line(line.Key)?.Item
                            where item is not null
                            let goods = line.Select(l => l.Amount).Sum()
                            let units = line.Select(l => l.Quantity).Sum()
                            let paid = Part(goods.Cents, now[bill.Member], bill.Total) - Part(goods.Cents, was[bill.Member], bill.Total)
                            let taken = Part(units.Thousandths, now[bill.Member], bill.Total)
                                - Part(units.Thousandths, was[bill.Member], bill.Total)
                            where paid != 0 || taken != 0
                            select new SaleLine(line.Key, item.Item, item.FederalFood, new(taken), new(paid))).ToStructuralList()
               where lines.Count > 0
               select new PaidSale(
                   invoice, After.Facts.Document.OrderNumber, After.Facts.JointOrder, bill.Member, Day, lines),
        ];
    }

    /// <summary>What was paid to the vendor for each member and is not to be given back.</summary>
    private static Dictionary<MemberNo, Money> PaidNet(InvoiceFile file, int ruleVersion)
    {
        Money Net(MemberNo payer)
        {
            var (paid, owed) = (file.AccountOf(payer).Paid, file.Owed(payer));
            var net = paid < owed ? paid : owed;
            return net < Money.Zero && ruleVersion >= FeeRules.SellsNothingBelowZero ? Money.Zero : net;
        }

        if (file.Facts.Billing != BillingMode.Cooperative) return file.Bills.ToDictionary(b => b.Member, b => Net(b.Member));
        var shares = LargestRemainder.Share(
            file.Bills.Count == 0 ? Money.Zero : Net(InvoiceKeys.Cooperative),
                [.. file.Bills.Select(b => Math.Max(0, file.Owed(b.Member).Cents))]);
        return file.Bills.Select((b, i) => (b.Member, shares[i])).ToDictionary(s => s.Member, s => s.Item2);
    }

    private static long Part(long whole, Money paid, Money total) =>
        (long)decimal.Round((decimal)whole * paid.Cents / total.Cents, 0, MidpointRounding.AwayFromZero);
}
