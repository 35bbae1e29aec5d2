using System.Globalization;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Contracts;
using SSC.Purchasing.Procurement.Fees;
using SSC.Purchasing.Procurement.Invoicing;
using SSC.Purchasing.Procurement.JointOrders;
using SSC.Purchasing.Procurement.PurchaseOrders;
using SSC.Purchasing.Procurement.Receiving;
using OrderLine = SSC.Purchasing.Procurement.PurchaseOrders.OrderLine;

namespace SSC.Purchasing.Host.Demo;

/// <summary>How a vendor writes an invoice that is not simply what was received at the agreed price.</summary>
internal delegate InvoiceDocument InvoiceSlip(InvoiceDocument right);

/// <content>What vendors bill and what is paid.</content>
internal sealed partial class DemoStage
{
    private readonly Dictionary<(JointOrderId Order, int Line, SiteId Site, MemberNo? Member), Quantity> billed = [];
    private readonly HashSet<JointOrderId> freightBilled = [];
    private readonly Dictionary<JointOrderId, int> invoices = [];

    /// <summary>
    /// Bills, as the vendor, what was received and accepted and is not billed yet: one invoice to the cooperative, or one to each member
    /// where the contract has the vendor bill members. Nothing is sent while there is nothing to bill.
    /// </summary>
    /// <param name="order">The order.</param>
    /// <param name="vendor">Its vendor.</param>
    /// <param name="slip">What the vendor gets wrong on its first invoice; null for nothing.</param>
    public async Task Bill(DemoOrder order, VendorId vendor, InvoiceSlip? slip = null)
    {
        var loaded = await commands.Load<PurchaseOrder, PurchaseOrder.Command, PurchaseOrder.State, PurchaseOrder.Event>(
            tenant, Procurement.PurchaseOrders.PurchaseOrder.Key(order.Id, vendor));
        if (loaded.State is not Procurement.PurchaseOrders.PurchaseOrder.State.Confirmed { File: var file }) return;
        var fulfilment = await OrderFulfilment.Gather(commands.Store, tenant, order.Id, vendor, null, default);
        var direct = order.Contract.Billing == BillingMode.VendorDirect;
        var open = (from share in fulfilment.Shares
                    let key = (order.Id, share.Line, share.Site, direct ? share.Member : (MemberNo?)null)
                    group share by key into there
                    let rest = there.Select(s => s.Accepted).Sum() - billed.GetValueOrDefault(there.Key)
                    where rest > Quantity.Zero
                    select new Unbilled(there.Key, rest, [.. there])).ToList();
        foreach (var bill in open.GroupBy(o => o.Key.Member).OrderBy(g => g.Key))
        {
            var no = invoices[order.Id] = invoices.GetValueOrDefault(order.Id) + 1;
            var document = Write(order, vendor, file, [.. bill], bill.Key, no);
            if (no == 1 && slip is not null) document = slip(document);
            await Send(document);
            foreach (var there in bill) billed[there.Key] = billed.GetValueOrDefault(there.Key) + there.Rest;
        }
    }

    /// <summary>Sends a document as its vendor.</summary>
    public Task Send(InvoiceDocument document) => Done(
        handler.Invoices.Register(As(DemoMarket.Vendor(document.Vendor).Desk), document, null, default), about: document.Number);

    /// <summary>Says something of an invoice.</summary>
    public Task Invoice(string actor, string key, VendorInvoice.Command command) =>
        Done(handler.Invoices.Decide(As(actor), key, command, default), about: $"{key} {command}");

    /// <summary>Says something of an invoice that is refused.</summary>
    public Task InvoiceRefused(string actor, string key, VendorInvoice.Command command, string code) =>
        Refused(handler.Invoices.Decide(As(actor), key, command, default), code, key);

    /// <summary>What is known of an invoice.</summary>
    public async Task<InvoiceFile> InvoiceFile(string key) => ((VendorInvoice.State.Known)(await commands
        .Load<VendorInvoice, VendorInvoice.Command, VendorInvoice.State, VendorInvoice.Event>(tenant, key)).State).File;

    /// <summary>A payer approves its part and pays of it so many hundredths, with the interest that is due then.</summary>
    public async Task Pay(string actor, string key, MemberNo payer, string reference, int percent = 100)
    {
        if ((await InvoiceFile(key)).Balance(payer) <= Money.Zero) return;
        await Invoice(actor, key, new VendorInvoice.Command.ApproveForPayment(payer, actor));
        var file = await InvoiceFile(key);
        var amount = percent == 100 ? file.Balance(payer) : Money.Round(file.Balance(payer).Dollars * percent / 100);
        var today = BusinessCalendar.LocalDate(Now);
        var payment = new InvoicePayment(reference, amount, file.AccountOf(payer).InterestDue, today);
        await Invoice(actor, key, new VendorInvoice.Command.RecordPayment(payer, payment, actor, today));
    }

    /// <summary>What a payer has paid too much after a credit comes back to it.</summary>
    public async Task Refund(string actor, string key, MemberNo payer)
    {
        var (file, today) = (await InvoiceFile(key), BusinessCalendar.LocalDate(Now));
        if (file.Balance(payer) >= Money.Zero) return;
        var refund = new InvoiceRefund($"RF-{file.Credits[^1].Number}", -file.Balance(payer), today);
        await Invoice(actor, key, new VendorInvoice.Command.RecordRefund(payer, refund, actor, today));
    }

    /// <summary>Something about a quarter's fees.</summary>
    public Task Fees(string actor, FeePeriod period, FeeLedger.Command command) =>
        Done(commands.Handle<FeeLedger, FeeLedger.Command, FeeLedger.State, FeeLedger.Event>(As(actor), period.Key(), command, default),
            about: period);

    /// <summary>Compares a quarter's report with what was paid and received.</summary>
    public Task Compare(FeePeriod period) => Done(handler.Fees.Reconcile(As(Coordinator), period, default), about: period);

    /// <summary>Shares a rebate on a quarter.</summary>
    public Task GiveBack(FeePeriod period, FeeLedger.Command.AllocateRebate rebate) =>
        Done(handler.Fees.AllocateRebate(As(Coordinator), period, rebate, default), about: period);

    /// <summary>What was paid in a quarter; null when nothing was.</summary>
    public async Task<FeeLedger.State.Open?> FeesOf(FeePeriod period) => (await commands
        .Load<FeeLedger, FeeLedger.Command, FeeLedger.State, FeeLedger.Event>(tenant, period.Key())).State as FeeLedger.State.Open;

    /// <summary>What is accepted at one place and not billed yet.</summary>
    private sealed record Unbilled(
        (JointOrderId Order, int Line, SiteId Site, MemberNo? Member) Key, Quantity Rest, IReadOnlyList<FulfilledShare> Shares);

    private InvoiceDocument Write(
        DemoOrder order, VendorId vendor, OrderFile file, IReadOnlyList<Unbilled> open, MemberNo? member, int no)
    {
        var document = file.Document;
        var lines = open.OrderBy(o => o.Key.Line).ThenBy(o => o.Key.Site).Select((o, i) =>
        {
            var line = document.Find(o.Key.Line)!;
            var agreed = file.Lines[line.No].Agreed(line);
            return new InvoiceLine(
                string.Create(CultureInfo.InvariantCulture, $"{i + 1}"), line.No, o.Key.Site, agreed.Item, line.Description, o.Rest,
                line.Unit, agreed.Price, agreed.Price.Extend(o.Rest));
        }).ToStructuralList();
        var goods = lines.Select(l => l.Amount).Sum();
        StructuralList<InvoiceCharge> charges =
        [
            .. Charge(ChargeKind.Fee, "per-unit fee of the contract", Carried(document, open, l => l.Fees)),
            .. Charge(ChargeKind.CommodityCredit, "commodity credit", -Carried(document, open, l => l.Credits)),
            .. freightBilled.Add(order.Id) ? Charge(ChargeKind.Freight, "freight", document.Freight) : [],
        ];
        var number = string.Create(CultureInfo.InvariantCulture, $"INV-{order.Id}-{no}");
        return new(
            number, InvoiceKind.Invoice, vendor, document.Number, BusinessCalendar.LocalDate(Now), lines, charges,
            goods + charges.Select(c => c.Amount).Sum())
        {
            BillTo = member == SettlementRules.Stock ? null : member,
        };
    }

    private static IEnumerable<InvoiceCharge> Charge(ChargeKind kind, string reason, Money amount) =>
        amount == Money.Zero ? [] : [new(kind, reason, amount)];

    /// <summary>What the units carry of a line's fees or credits, rounded once for each member at each site, as the match does.</summary>
    private static Money Carried(OrderDocument document, IReadOnlyList<Unbilled> open, Func<OrderLine, Money> amount) =>
        open.SelectMany(o => o.Shares, (o, share) =>
        {
            var line = document.Find(o.Key.Line)!;
            var units = share.Accepted.Units * o.Rest.Units / o.Shares.Select(x => x.Accepted).Sum().Units;
            return Money.Round(amount(line).Dollars * units / line.Quantity.Units);
        }).Sum();
}
