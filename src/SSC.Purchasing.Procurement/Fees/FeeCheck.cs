using System.Globalization;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Contracts;
using SSC.Purchasing.Procurement.Invoicing;
using SSC.Purchasing.Procurement.JointOrders;

namespace SSC.Purchasing.Procurement.Fees;

/// <summary>
/// Recomputes every fee and its basis from the invoice and the contract, every comparison with a vendor's report and every rebate from the
/// ledger as it stood before.
/// </summary>
public sealed class FeeCheck : IDecisionCheck
{
    /// <inheritdoc/>
    public IReadOnlyCollection<string> EventTypes => ["fee_accrued", "fee_report_reconciled", "rebate_allocated"];

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RecomputedDecision>> Recompute(RecordedEvent e, IEventStore store, CancellationToken ct)
    {
        var subject = e.KeyIn(FeeLedger.Category)!;
        if (e.Fact is FeeLedger.Event.Accrued accrued)
        {
            var fees = accrued.Sales.Select(s => FeeRules.FeeOn(s, accrued.Terms)).ToStructuralList();
            return
            [
                new("fee", $"{subject} {accrued.Id}", accrued.RuleVersion, accrued.Fees.ToString(), fees.ToString()),
                .. await Basis(e, accrued, $"{subject} {accrued.Id}", store, ct).ConfigureAwait(false),
            ];
        }

        var history = await store.ReadStream(e.Tenant, e.Stream, upToVersion: e.Version - 1, ct: ct).ConfigureAwait(false);
        var before = (FeeLedger.State.Open)history.Aggregate(
            FeeLedger.Initial, (s, h) => FeeLedger.Evolve(s, (FeeLedger.Event)h.Fact));
        switch (e.Fact)
        {
            case FeeLedger.Event.Reconciled f:
                var report = before.Reports.First(r => r.Number == f.Report);
                StructuralList<KeptUnits> received = f.ReceivedAsOf is { } asOf
                    ? await KeptUnits.Gather(store, e.Tenant, before.Sales, report, asOf, ct).ConfigureAwait(false)
                    : [];
                var findings = FeeRules.Reconcile(
                    before.Sales, report, before.FeeDue, f.RuleVersion < FeeRules.ComparesUnits ? null : received);
                return [new("fee-findings", $"{subject} {f.Report}", f.RuleVersion, f.Findings.ToString(), findings.ToString())];
            case FeeLedger.Event.RebateAllocated f:
                var shares = f.RuleVersion < FeeRules.NetsLaterCredits
                    ? FeeRules.ShareRebateByQuarterAlone(f.Amount, before.Sales)
                    : FeeRules.ShareRebate(
                        f.Amount, before.Sales,
                        RebateCredits.Open(f.Period, await Ledgers(e.Tenant, f.Basis, store, ct).ConfigureAwait(false)));
                return [new("rebate", $"{subject} {f.Reference}", f.RuleVersion, f.Shares.ToString(), shares.ToString())];
            default:
                throw new ArgumentException($"{e.Type} stores no decision about fees.", nameof(e));
        }
    }

    private static async Task<IReadOnlyCollection<FeeLedger.State.Open>> Ledgers(
        string tenant, StructuralList<StreamAt> basis, IEventStore store, CancellationToken ct)
    {
        var ledgers = new List<FeeLedger.State.Open>();
        foreach (var at in basis)
        {
            var history = await store.ReadStream(tenant, at.Stream, upToVersion: at.Version, ct: ct).ConfigureAwait(false);
            if (history.Aggregate(FeeLedger.Initial, (s, h) => FeeLedger.Evolve(s, (FeeLedger.Event)h.Fact)) is FeeLedger.State.Open open)
                ledgers.Add(open);
        }

        return ledgers;
    }

    /// <summary>What was paid, from the invoice at the version that the accrual's id names, and the fee that was agreed then.</summary>
    private static async Task<IReadOnlyList<RecomputedDecision>> Basis(
        RecordedEvent e, FeeLedger.Event.Accrued stored, string subject, IEventStore store, CancellationToken ct)
    {
        RecomputedDecision Of(string kind, string before, string after) => new(kind, subject, stored.RuleVersion, before, after);

        var basis = $"{stored.Period.Key()}: {stored.Sales}";
        var mark = stored.Id.LastIndexOf('@');
        if (mark < 0 || !long.TryParse(stored.Id.AsSpan(mark + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var version))
            return [Of("fee-basis", basis, "no invoice")];
        var invoice = stored.Id[..mark];
        var history = await store.ReadStream(e.Tenant, $"{VendorInvoice.Category}-{invoice}", upToVersion: version, ct: ct)
            .ConfigureAwait(false);
        if (PaidStep.Of(history) is not { } step) return [Of("fee-basis", basis, "no invoice")];
        var facts = step.After.Facts;
        var order = await store.ReadStream(
            e.Tenant, $"{JointOrder.Category}-{facts.JointOrder}", upToPosition: e.Position - 1, ct: ct).ConfigureAwait(false);
        var terms = order.Aggregate(JointOrder.Initial, (s, h) => JointOrder.Evolve(s, (JointOrder.Event)h.Fact)).Terms;
        var again = terms is null
            ? "no joint order" : $"{FeePeriod.Of(facts.Contract, step.Day).Key()}: {step.Sales(invoice, terms, stored.RuleVersion)}";
        var agreed = await AgreedFees(e, facts.Contract, history[^1].Position, store, ct).ConfigureAwait(false);
        return
        [
            Of("fee-basis", basis, again),
            Of("fee-terms", stored.Terms.ToString(), (agreed.Contains(stored.Terms) ? stored.Terms : agreed[^1]).ToString()),
        ];
    }

    /// <summary>The contract's fees from the payment to the accrual: the accrual took the one it found between the two.</summary>
    private static async Task<List<FeeTerms>> AgreedFees(
        RecordedEvent e, ContractId contract, long paidAt, IEventStore store, CancellationToken ct)
    {
        var (state, agreed) = (Contract.Initial, new List<FeeTerms> { FeeTerms.None });
        foreach (var h in await store.ReadStream(
            e.Tenant, $"{Contract.Category}-{contract}", upToPosition: e.Position - 1, ct: ct).ConfigureAwait(false))
        {
            state = Contract.Evolve(state, (Contract.Event)h.Fact);
            if (h.Position <= paidAt) agreed.Clear();
            if (state.File is { } file) agreed.Add(file.Trading.Fee);
        }

        return agreed.Count > 0 ? agreed : [FeeTerms.None];
    }
}
