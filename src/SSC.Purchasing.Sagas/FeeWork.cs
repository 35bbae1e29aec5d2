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

    /// <summary>Compares the vendor's last report with what was paid, and the units it states with what was received by now.</summary>
    public Task<CommandOutcome> Reconcile(CommandContext context, FeePeriod period, CancellationToken ct) =>
        commands.Handle<FeeLedger, FeeLedger.Command, FeeLedger.State, FeeLedger.Event>(
            context, period.Key(), async _ =>
            {
                var ledger = await Load(context.Tenant, period, ct).ConfigureAwait(false);
                var command = new FeeLedger.Command.Reconcile();
                if (ledger.State is FeeLedger.State.Open { Reports: [.., var report] } open && report.Rows.Any(r => r.Units is not null))
                {
                    var asOf = (await commands.Store.Head(ct).ConfigureAwait(false)).Position;
                    command = new()
                    {
                        Received = await KeptUnits.Gather(commands.Store, context.Tenant, open.Sales, report, asOf, ct)
                            .ConfigureAwait(false),
                        ReceivedAsOf = asOf,
                    };
                }

                return (command, Unchanged(ledger.Version, period));
            }, ct);

    /// <summary>
    /// Shares a rebate over those who bought in a quarter. What was credited to them since, in whatever quarter, is taken off first, once:
    /// the contract's ledgers are read, and the rebate is shared on no other versions of them.
    /// </summary>
    public Task<CommandOutcome> AllocateRebate(
        CommandContext context, FeePeriod period, FeeLedger.Command.AllocateRebate rebate, CancellationToken ct) =>
        commands.Handle<FeeLedger, FeeLedger.Command, FeeLedger.State, FeeLedger.Event>(
            context, period.Key(), async _ =>
            {
                var (ledgers, basis) = (new List<FeeLedger.State.Open>(), new List<StreamAt>());
                foreach (var quarter in await Quarters(context, period, ct).ConfigureAwait(false))
                {
                    var loaded = await Load(context.Tenant, quarter, ct).ConfigureAwait(false);
                    if (loaded.State is not FeeLedger.State.Open open) continue;
                    ledgers.Add(open);
                    basis.Add(new($"{FeeLedger.Category}-{quarter.Key()}", loaded.Version));
                }

                return (
                    rebate with { Credits = RebateCredits.Open(period, ledgers), Basis = [.. basis] },
                    new AppendConditions { Unchanged = basis });
            }, ct);

    /// <summary>A contract's quarters from its first day to today, and the one asked for.</summary>
    private async Task<IEnumerable<FeePeriod>> Quarters(CommandContext context, FeePeriod period, CancellationToken ct)
    {
        var contract = (await commands.Load<Contract, Contract.Command, Contract.State, Contract.Event>(
            context.Tenant, period.Contract.Value, true, ct).ConfigureAwait(false)).State.File;
        var today = BusinessCalendar.LocalDate(context.Now);
        var quarters = new List<FeePeriod> { period };
        for (var day = contract?.Award.StartsOn ?? today; day < today.AddMonths(3); day = day.AddMonths(3))
            quarters.Add(FeePeriod.Of(period.Contract, day));
        return quarters.Distinct().OrderBy(q => (q.FiscalYear, q.Quarter));
    }

    private Task<Loaded<FeeLedger.State>> Load(string tenant, FeePeriod period, CancellationToken ct) =>
        commands.Load<FeeLedger, FeeLedger.Command, FeeLedger.State, FeeLedger.Event>(tenant, period.Key(), true, ct);

    /// <summary>What was read for a decision is of the ledger as it was read, so it is decided on no other.</summary>
    private static AppendConditions Unchanged(long version, FeePeriod period) => new()
    {
        Unchanged = version == 0 ? [] : [new($"{FeeLedger.Category}-{period.Key()}", version)],
    };

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
