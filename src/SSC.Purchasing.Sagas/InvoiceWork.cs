using System.Globalization;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Contracts;
using SSC.Purchasing.Procurement.Invoicing;
using SSC.Purchasing.Procurement.JointOrders;
using SSC.Purchasing.Procurement.PurchaseOrders;

namespace SSC.Purchasing.Sagas;

/// <summary>
/// Takes invoices in and does what <see cref="InvoicePaymentSaga"/> asks for: where invoices, orders, receipts, budgets and fees meet.
/// </summary>
public sealed class InvoiceWork(
    Commands commands, IReadModels readModels, JointOrderWork orders, PurchaseOrderWork purchaseOrders, BudgetWork budgets, FeeWork fees)
{
    /// <summary>The work on fees.</summary>
    public FeeWork Fees => fees;

    private const int PageSize = 1_000;
    private static readonly TimeSpan ReadModelPatience = TimeSpan.FromSeconds(30);

    /// <summary>Executes a command of the saga.</summary>
    public Task<CommandOutcome> Execute(CommandContext context, InvoiceCommand command, CancellationToken ct) => command switch
    {
        MatchInvoice c => Match(context, c.Invoice, ct),
        ApplyCreditMemo c => ApplyCredit(context, c.Memo, ct),
        RemindOfInvoice c => Decide(context, c.Invoice, new VendorInvoice.Command.Remind(c.About, c.Number), ct),
        DisputeInvoice c => Decide(
            context, c.Invoice, new VendorInvoice.Command.Dispute(c.Reason, context.Actor, BusinessCalendar.LocalDate(context.Now)), ct),
        AccrueLateInterest c => Decide(
            context, c.Invoice, new VendorInvoice.Command.AccrueInterest(BusinessCalendar.LocalDate(context.Now)), ct),
        LiquidatePayment c => Liquidate(context, c, ct),
        CheckBilling c => CheckBilling(context, c.Order, c.Vendor, ct),
        AccrueFee c => fees.Accrue(context, c.Invoice, c.Version, ct),
        _ => throw new ArgumentException($"{command.GetType().Name} is not in the list of invoice commands.", nameof(command)),
    };

    /// <summary>Any command that the invoice decides by itself.</summary>
    public Task<CommandOutcome> Decide(CommandContext context, string invoice, VendorInvoice.Command command, CancellationToken ct) =>
        commands.Handle<VendorInvoice, VendorInvoice.Command, VendorInvoice.State, VendorInvoice.Event>(context, invoice, command, ct);

    /// <summary>
    /// Takes a document in, whatever format it came in. Beside the refusals of <see cref="VendorInvoice.Command.Register"/>:
    /// <c>order-unknown</c> when the vendor has no such order, <c>order-not-confirmed</c>, <c>credit-invoice-unknown</c>.
    /// </summary>
    /// <param name="context">Who, when, which key.</param>
    /// <param name="document">As received.</param>
    /// <param name="sourceHash">SHA-256 of the bytes it came in, when there were any.</param>
    /// <param name="ct">Cancellation.</param>
    public async Task<CommandOutcome> Register(
        CommandContext context, InvoiceDocument document, string? sourceHash, CancellationToken ct)
    {
        if (!Id.IsWellFormed(document.Vendor.Value) || !PlainText.IsWellFormed(document.Number, 50)) return Refused(
            "invoice-number-invalid", "An invoice carries the vendor's id and number.");
        var key = InvoiceKeys.Key(document.Vendor, document.Number);
        if (await Load(context.Tenant, key, ct).ConfigureAwait(false) is VendorInvoice.State.Known known)
            return await Decide(context, key, new VendorInvoice.Command.Register(known.File.Facts with { Document = document }, sourceHash),
                ct)
                .ConfigureAwait(false);
        if (await purchaseOrders.Find(context.Tenant, document.OrderNumber, document.Vendor, ct).ConfigureAwait(false) is not { } purchase)
            return Refused("order-unknown", "You have no purchase order of this number; name the one that the goods were ordered on.");
        if (purchase is not (PurchaseOrder.State.Confirmed or PurchaseOrder.State.Closed or PurchaseOrder.State.CancellationRequested))
            return Refused("order-not-confirmed", "The purchase order is not confirmed; answer it before invoicing it.");
        var order = purchase.File.Document;
        if (document.Kind == InvoiceKind.CreditNote && await Load(
            context.Tenant, InvoiceKeys.Key(document.Vendor, document.Credits ?? ""), ct).ConfigureAwait(false)
                is not VendorInvoice.State.Known)
            return Refused("credit-invoice-unknown", "No invoice of this number is known; send the invoice before its credit memo.");
        var contract = await LoadContract(context.Tenant, order.Contract, ct).ConfigureAwait(false);
        var facts = new InvoiceFacts(
            document, order.JointOrder, order.Contract, contract?.Trading.Billing ?? BillingMode.VendorDirect,
            BusinessCalendar.LocalDate(context.Now));
        return await Decide(context, key, new VendorInvoice.Command.Register(facts, sourceHash), ct).ConfigureAwait(false);
    }

    /// <summary>Matches an invoice on everything recorded by now; invoices registered before it count before it.</summary>
    public Task<CommandOutcome> Match(CommandContext context, string invoice, CancellationToken ct) =>
        commands.Handle<VendorInvoice, VendorInvoice.Command, VendorInvoice.State, VendorInvoice.Event>(context, invoice, async _ =>
        {
            var registered = (await commands.Store.ReadStream(
                context.Tenant, $"{VendorInvoice.Category}-{invoice}", upToVersion: 1, ct: ct).ConfigureAwait(false)).Single();
            var facts = ((VendorInvoice.Event.Registered)registered.Fact).Facts;
            var known = await InvoicesOf(context.Tenant, facts.JointOrder, facts.Document.Vendor, registered.Position,
                ct).ConfigureAwait(false);
            var earlier = known.Where(i => i.RegisteredAt < registered.Position).Select(i => i.Key);
            var contract = await LoadContract(context.Tenant, facts.Contract, ct).ConfigureAwait(false);
            var head = await commands.Store.Head(ct).ConfigureAwait(false);
            var basis = new MatchBasis(
                head.Position, [], InvoiceMatching.CurrentVersion, contract?.Trading.ToleranceOn(facts.ReceivedOn) ?? MatchTolerance.None);
            var input = await MatchInputs.Gather(commands.Store, context.Tenant, facts, earlier, basis, ct).ConfigureAwait(false)
                ?? throw new InvalidOperationException($"{invoice} was registered on an order that was never issued.");
            return (new VendorInvoice.Command.Match(InvoiceMatching.Compute(input)), AppendConditions.None);
        }, ct);

    /// <summary>Counts a credit memo against its invoice; where that is refused, the memo says so and waits for a person.</summary>
    private async Task<CommandOutcome> ApplyCredit(CommandContext context, string memo, CancellationToken ct)
    {
        if (await Load(context.Tenant, memo, ct).ConfigureAwait(false) is not VendorInvoice.State.CreditMemo { File: { Facts: var facts } })
            return Refused("not-a-credit-memo", "Only a credit memo is counted against an invoice.");
        var target = InvoiceKeys.Key(facts.Document.Vendor, facts.Document.Credits!);
        var applied = await Decide(context.Part("credit"), target, new VendorInvoice.Command.Credit(facts), ct).ConfigureAwait(false);
        return applied switch
        {
            CommandOutcome.Done => await Decide(context, memo, new VendorInvoice.Command.CloseCredit(null), ct).ConfigureAwait(false),
            CommandOutcome.Refused no => await Decide(context, memo, new VendorInvoice.Command.CloseCredit(no.Refusal.Reason), ct)
                .ConfigureAwait(false),
            _ => applied,
        };
    }

    /// <summary>Takes a payment out of what the member has set aside for the order, in the proportions it was set aside in.</summary>
    private async Task<CommandOutcome> Liquidate(CommandContext context, LiquidatePayment c, CancellationToken ct)
    {
        var invoice = await Load(context.Tenant, c.Invoice, ct).ConfigureAwait(false);
        if (invoice is not VendorInvoice.State.Known { File: var file } || file.AccountOf(c.Member).Payments.Count < c.Payment)
            return Refused("invoice-unknown", "There is no such payment.");
        var order = file.Facts.JointOrder;
        var loaded = await orders.LoadOrder(context.Tenant, order, ct).ConfigureAwait(false);
        if (loaded.MemberTotals.FirstOrDefault(t => t.Member == c.Member) is { } total)
        {
            var commitment = await orders.LoadCommitment(context.Tenant, order, c.Member, ct).ConfigureAwait(false);
            var shares = EncumbranceShares.Of(c.Member, loaded.State.Lines.Values, total, commitment.Lines);
            var document = string.Create(CultureInfo.InvariantCulture, $"{Short(file.Facts.Document.Number)}#{c.Payment}");
            var amount = file.AccountOf(c.Member).Payments[c.Payment - 1].Amount;
            if (await budgets.Liquidate(loaded.AtReservation(context), order, c.Member, shares, document, amount, ct).ConfigureAwait(false)
                is { } done) return done;
        }

        // no budget: nothing to do
        return new CommandOutcome.Done($"{JointOrder.Category}-{order}", loaded.Version, loaded.LastPosition, true);
    }

    /// <summary>Tells the purchase order that it is billed to the end, or that it is not any more; the close-out waits for it.</summary>
    private async Task<CommandOutcome> CheckBilling(CommandContext context, JointOrderId order, VendorId vendor, CancellationToken ct)
    {
        var head = await commands.Store.Head(ct).ConfigureAwait(false);
        var invoices = await InvoicesOf(context.Tenant, order, vendor, head.Position, ct).ConfigureAwait(false);
        var settled = await MatchInputs.IsBilledToTheEnd(
            commands.Store, context.Tenant, order, vendor, invoices.Select(i => i.Key), ct).ConfigureAwait(false);
        if (!settled && invoices.Count == 0) // billed somewhere else, or not yet: nothing is known here
            return new CommandOutcome.Done($"{PurchaseOrder.Category}-{PurchaseOrder.Key(order, vendor)}", 0, head.Position, true);
        PurchaseOrder.Command command = settled
            ? new PurchaseOrder.Command.SettleBilling(string.Create(
                CultureInfo.InvariantCulture, $"{invoices.Count} invoices and credit memos, as of position {head.Position}"))
            : new PurchaseOrder.Command.ReopenBilling("an invoice or a delivery is open");
        var told = await commands.Handle<PurchaseOrder, PurchaseOrder.Command, PurchaseOrder.State, PurchaseOrder.Event>(
            context, PurchaseOrder.Key(order, vendor), command, ct).ConfigureAwait(false);

        // An order that is closed out or was cancelled has nothing left to be told.
        return told is CommandOutcome.Refused
            ? new CommandOutcome.Done($"{PurchaseOrder.Category}-{PurchaseOrder.Key(order, vendor)}", 0, head.Position, true)
            : told;
    }

    private static string Short(string number) => number.Length <= 50 ? number : InvoiceKeys.Slug(number);

    /// <summary>Every invoice and credit memo of a purchase order that was registered up to a position, at least.</summary>
    private async Task<IReadOnlyList<(string Key, long RegisteredAt)>> InvoicesOf(
        string tenant, JointOrderId order, VendorId vendor, long position, CancellationToken ct)
    {
        if (!await readModels.WaitFor(InvoiceBoard.Instance, position, ReadModelPatience, ct).ConfigureAwait(false))
            throw new TimeoutException($"The read model {InvoiceBoard.Instance.Name} has not reached position {position}.");
        var keys = new List<(string, long)>();
        var query = new RowQuery
        {
            Where = new Dictionary<string, string>(StringComparer.Ordinal) { ["joint_order"] = order.Value }, Limit = PageSize,
        };
        IReadOnlyList<KeyedRow<InvoiceEntry>> page;
        do
        {
            page = await readModels.List(InvoiceBoard.Instance, tenant, query, ct).ConfigureAwait(false);
            keys.AddRange(page.Where(r => r.Row.Facts.Document.Vendor == vendor).Select(r => (r.Key, r.Row.RegisteredAt)));
            query = query with { After = page.Count == 0 ? null : page[^1].Key };
        }
        while (page.Count == PageSize);

        return keys;
    }

    private async Task<VendorInvoice.State> Load(string tenant, string invoice, CancellationToken ct) =>
        (await commands.Load<VendorInvoice, VendorInvoice.Command, VendorInvoice.State, VendorInvoice.Event>(tenant, invoice, true, ct)
            .ConfigureAwait(false)).State;

    private async Task<ContractFile?> LoadContract(string tenant, ContractId contract, CancellationToken ct) =>
        (await commands.Load<Contract, Contract.Command, Contract.State, Contract.Event>(tenant, contract.Value, true, ct)
            .ConfigureAwait(false)).State.File;

    private static CommandOutcome.Refused Refused(string code, string reason) => new(new(code, reason));
}
