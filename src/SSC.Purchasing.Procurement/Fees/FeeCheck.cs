using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Procurement.Fees;

/// <summary>Recomputes every fee, every comparison with a vendor's report and every rebate from the ledger as it stood before.</summary>
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
            return [new("fee", $"{subject} {accrued.Id}", accrued.RuleVersion, accrued.Fees.ToString(), fees.ToString())];
        }

        var history = await store.ReadStream(e.Tenant, e.Stream, upToVersion: e.Version - 1, ct: ct).ConfigureAwait(false);
        var before = (FeeLedger.State.Open)history.Aggregate(
            FeeLedger.Initial, (s, h) => FeeLedger.Evolve(s, (FeeLedger.Event)h.Fact));
        switch (e.Fact)
        {
            case FeeLedger.Event.Reconciled f:
                var findings = FeeRules.Reconcile(before.Sales, before.Reports.First(r => r.Number == f.Report), before.FeeDue);
                return [new("fee-findings", $"{subject} {f.Report}", f.RuleVersion, f.Findings.ToString(), findings.ToString())];
            case FeeLedger.Event.RebateAllocated f:
                var shares = FeeRules.ShareRebate(f.Amount, before.Sales);
                return [new("rebate", $"{subject} {f.Reference}", f.RuleVersion, f.Shares.ToString(), shares.ToString())];
            default:
                throw new ArgumentException($"{e.Type} stores no decision about fees.", nameof(e));
        }
    }
}
