using System.Globalization;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Contracts;
using SSC.Purchasing.Procurement.Fees;
using SSC.Purchasing.Procurement.Invoicing;
using SSC.Purchasing.Procurement.JointOrders;

namespace SSC.Purchasing.Sagas;

/// <summary>Brings what was paid on invoices into the fee ledgers: where invoices, orders and contracts meet fees.</summary>
public sealed class FeeWork(Commands commands, JointOrderWork orders)
{
    /// <summary>Any command that a ledger decides by itself.</summary>
    public Task<CommandOutcome> Decide(CommandContext context, FeePeriod period, FeeLedger.Command command, CancellationToken ct) =>
        commands.Handle<FeeLedger, FeeLedger.Command, FeeLedger.State, FeeLedger.Event>(context, period.Key(), command, ct);

    /// <summary>
    /// Accrues the fee on the difference that one event of an invoice made to what was paid to the vendor, net of credits: each line in
    /// proportion to the paid part of the member's bill, so that partial payments and credits sum to the whole to the cent.
    /// </summary>
    public async Task<CommandOutcome> Accrue(CommandContext context, string invoice, long version, CancellationToken ct)
    {
        var events = await commands.Store.ReadStream(
            context.Tenant, $"{VendorInvoice.Category}-{invoice}", upToVersion: version, ct: ct).ConfigureAwait(false);
        var states = events.Aggregate(
            (Before: VendorInvoice.Initial, After: VendorInvoice.Initial),
            (s, e) => (s.After, VendorInvoice.Evolve(s.After, (VendorInvoice.Event)e.Fact)));
        var nothing = new CommandOutcome.Done($"{VendorInvoice.Category}-{invoice}", version, events[^1].Position, true);
        if (states is not (VendorInvoice.State.Known { File: var before }, VendorInvoice.State.Known { File: var after })) return nothing;
        var day = events[^1].Fact is VendorInvoice.Event.PaymentRecorded paid
            ? paid.Payment.PaidOn : BusinessCalendar.LocalDate(events[^1].At);
        var order = await orders.LoadOrder(context.Tenant, after.Facts.JointOrder, ct).ConfigureAwait(false);
        var sales = Sales(invoice, day, before, after, order.State.Terms!);
        if (sales.Count == 0) return nothing;
        var contract = (await commands.Load<Contract, Contract.Command, Contract.State, Contract.Event>(
            context.Tenant, after.Facts.Contract.Value, true, ct).ConfigureAwait(false)).State.File;
        var period = FeePeriod.Of(after.Facts.Contract, day);
        var id = string.Create(CultureInfo.InvariantCulture, $"{invoice}@{version}");
        return await Decide(
            context, period, new FeeLedger.Command.Accrue(period, id, sales, contract?.Trading.Fee ?? FeeTerms.None),
                ct).ConfigureAwait(false);
    }

    /// <summary>
    /// What one event of an invoice made paid to the vendor, net of credits and refunds, by member and order line: each line in proportion
    /// to the paid part of the member's bill. Over the life of an invoice it sums to the goods that were paid and kept.
    /// </summary>
    /// <param name="invoice">Key of the invoice.</param>
    /// <param name="day">Day of the payment, credit or refund.</param>
    /// <param name="before">The invoice before the event.</param>
    /// <param name="after">The invoice after it.</param>
    /// <param name="terms">The joint order's terms: items, and which are federally funded food.</param>
    public static StructuralList<PaidSale> Sales(
        string invoice, DateOnly day, InvoiceFile before, InvoiceFile after, OrderTerms terms)
    {
        var (was, now) = (PaidNet(before), PaidNet(after));
        return
        [
            .. from bill in after.Bills
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
                   invoice, after.Facts.Document.OrderNumber, after.Facts.JointOrder, bill.Member, day, lines),
        ];
    }

    /// <summary>What was paid to the vendor for each member and is not to be given back.</summary>
    private static Dictionary<MemberNo, Money> PaidNet(InvoiceFile file)
    {
        Money Net(MemberNo payer)
        {
            var (paid, owed) = (file.AccountOf(payer).Paid, file.Owed(payer));
            return paid < owed ? paid : owed;
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
