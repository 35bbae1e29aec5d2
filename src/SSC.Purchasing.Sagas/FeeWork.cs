using System.Globalization;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Contracts;
using SSC.Purchasing.Procurement.Fees;
using SSC.Purchasing.Procurement.Invoicing;

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
        var nothing = new CommandOutcome.Done($"{VendorInvoice.Category}-{invoice}", version, events[^1].Position, true);
        if (PaidStep.Of(events) is not { } step) return nothing;
        var facts = step.After.Facts;
        var order = await orders.LoadOrder(context.Tenant, facts.JointOrder, ct).ConfigureAwait(false);
        var sales = step.Sales(invoice, order.State.Terms!);
        if (sales.Count == 0) return nothing;
        var contract = (await commands.Load<Contract, Contract.Command, Contract.State, Contract.Event>(
            context.Tenant, facts.Contract.Value, true, ct).ConfigureAwait(false)).State.File;
        var period = FeePeriod.Of(facts.Contract, step.Day);
        var id = string.Create(CultureInfo.InvariantCulture, $"{invoice}@{version}");
        return await Decide(
            context, period, new FeeLedger.Command.Accrue(period, id, sales, contract?.Trading.Fee ?? FeeTerms.None),
                ct).ConfigureAwait(false);
    }
}
