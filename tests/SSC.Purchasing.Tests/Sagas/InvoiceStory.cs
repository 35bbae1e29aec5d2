using Shouldly;
using SSC.Purchasing.Audit;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Contracts;
using SSC.Purchasing.Procurement.Detectors;
using SSC.Purchasing.Procurement.Fees;
using SSC.Purchasing.Procurement.Invoicing;
using SSC.Purchasing.Procurement.JointOrders;
using SSC.Purchasing.Procurement.PurchaseOrders;
using SSC.Purchasing.Procurement.Receiving;
using SSC.Purchasing.Tests.Testbed;

namespace SSC.Purchasing.Tests.Sagas;

/// <summary>
/// A confirmed order of 200 cartons at $39.75, 120 for M-001 and 80 for M-002, whose goods arrive and whose vendor sends invoices.
/// </summary>
internal sealed class InvoiceStory(JointOrderStory order)
{
    private const string Number = "PO-JO-1-1";
    private int paid;

    public JointOrderStory Order => order;

    public SagaTestbed Bed => order.Bed;

    private static VendorId Vendor => JointOrderStory.Whitewater;

    /// <summary>The order confirmed, nothing received yet.</summary>
    public static async Task<InvoiceStory> Begin(
        BillingMode billing = BillingMode.VendorDirect, decimal freight = 0m, StructuralList<MatchTolerance>? tolerances = null,
        bool deliverTwice = false)
    {
        var order = await JointOrderStory.Begin(deliverTwice: deliverTwice);
        await order.OpenOrder(new OrderPolicies { Freight = Money.FromDollars(freight) });
        await order.Contracting(new Contract.Command.Amend(
            JointOrderStory.Trading with { Billing = billing, MatchTolerances = tolerances ?? [], Title = "Copy paper, as billed" },
                "billing"));
        await order.SetBudget("M-001", 20_000m);
        await order.Commit("M-001", 120);
        await order.Commit("M-002", 80);
        await order.Bed.AdvanceTo(JointOrderStory.Cutoff);
        await order.Answer(Vendor, ResponseCode.AP);
        return new(order);
    }

    /// <summary>Goods arrive at a member's site.</summary>
    public async Task Receive(string member, long quantity)
    {
        SiteId site = new($"{member}-A");
        var key = Delivery.Key(JointOrderStory.Order, Vendor, site);
        await Deliver(key, new Delivery.Command.Receive(new(
            $"SLIP-{member}-{Bed.Clock.Now.Ticks}", BusinessCalendar.LocalDate(Bed.Clock.Now),
            [new(1, new("PAPER-20LB"), Quantity.Of(quantity), "XCT")])));
    }

    public static InvoiceDocument Bill(string number, params (string Member, long Quantity)[] units)
    {
        var price = UnitPrice.FromDollars(39.75m);
        var lines = units.Select((u, i) => new InvoiceLine(
            $"{i + 1}", 1, new SiteId($"{u.Member}-A"), new ItemNo("PAPER-20LB"), "Copy paper", Quantity.Of(u.Quantity), "XCT", price,
            price.Extend(Quantity.Of(u.Quantity)))).ToList();
        return new(number, InvoiceKind.Invoice, Vendor, Number, new(2026, 3, 20), [.. lines], [], lines.Select(l => l.Amount).Sum());
    }

    public static InvoiceDocument Memo(string number, string credits, decimal amount) => new(
        number, InvoiceKind.CreditNote, Vendor, Number, new(2026, 3, 25), [],
        [new(ChargeKind.Other, "Allowance", Money.FromDollars(amount))], Money.FromDollars(amount))
    { Credits = credits };

    public Task<CommandOutcome> TrySend(InvoiceDocument document) =>
        order.Work.Invoices.Register(Bed.As("vendor"), document, null, CancellationToken.None);

    public Task Send(InvoiceDocument document) => Run(TrySend(document));

    public Task Tell(string number, VendorInvoice.Command command) => Run(Ask(number, command));

    public Task<CommandOutcome> Ask(string number, VendorInvoice.Command command) =>
        order.Work.Invoices.Decide(Bed.As("business-office"), InvoiceKeys.Key(Vendor, number), command, CancellationToken.None);

    public async Task Pay(string number, MemberNo payer, decimal amount, decimal interest = 0m)
    {
        var today = BusinessCalendar.LocalDate(Bed.Clock.Now);
        await Tell(number, new VendorInvoice.Command.ApproveForPayment(payer, "approver"));
        await Tell(number, new VendorInvoice.Command.RecordPayment(
            payer, new($"CHK-{++paid}", Money.FromDollars(amount), Money.FromDollars(interest), today), "approver", today));
    }

    public async Task<VendorInvoice.State> State(string number) =>
        (await Bed.Commands.Load<VendorInvoice, VendorInvoice.Command, VendorInvoice.State, VendorInvoice.Event>(
            SagaTestbed.Tenant, InvoiceKeys.Key(Vendor, number), true)).State;

    public async Task<InvoiceFile> File(string number) => ((VendorInvoice.State.Known)await State(number)).File;

    public Task<IReadOnlyList<string>> Types(string number) => order.Types($"invoice-{InvoiceKeys.Key(Vendor, number)}");

    public async Task<FeeLedger.State.Open> Ledger(DateOnly day) =>
        (FeeLedger.State.Open)(await Bed.Commands.Load<FeeLedger, FeeLedger.Command, FeeLedger.State, FeeLedger.Event>(
            SagaTestbed.Tenant, FeePeriod.Of(JointOrderStory.PaperContract, day).Key(), true)).State;

    /// <summary>Whether the purchase order was told that it is billed to the end.</summary>
    public async Task<bool> IsBilled() => (await order.PurchaseOrderTo(Vendor)) is PurchaseOrder.State.Known { File.IsBilled: true };

    /// <summary>Every decision about invoices and fees comes out again.</summary>
    public async Task ReplaysClean()
    {
        IDecisionCheck[] checks = [new InvoiceMatchCheck(), new FeeCheck()];
        var recomputed = new List<RecomputedDecision>();
        foreach (var e in await Bed.Store.ReadAll(0, int.MaxValue))
        {
            foreach (var check in checks.Where(c => c.EventTypes.Contains(e.Type, StringComparer.Ordinal)))
                recomputed.AddRange(await check.Recompute(e, Bed.Store, CancellationToken.None));
        }

        recomputed.ShouldNotBeEmpty();
        recomputed.Where(r => !r.Agrees).ShouldBeEmpty();
    }

    /// <summary>What the auditor's detectors say on a day.</summary>
    public async Task<IReadOnlyList<Finding>> Findings(DateOnly? day = null) => (await new AuditFindings(
        Bed.Store, [new MissingEvidence(), new SplitPurchases(), new LatePayments(), new UnfinishedWork()])
            .Run(SagaTestbed.Tenant, asOf: day ?? BusinessCalendar.LocalDate(Bed.Clock.Now))).Findings;

    private Task Deliver(string key, Delivery.Command command) => Run(
        Bed.Commands.Handle<Delivery, Delivery.Command, Delivery.State,
            Delivery.Event>(Bed.As("site"), key, command, CancellationToken.None));

    private async Task Run(Task<CommandOutcome> work)
    {
        (await work).ShouldBeOfType<CommandOutcome.Done>();
        await Bed.RunUntilIdle();
    }
}
