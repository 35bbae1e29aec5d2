using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Membership;

/// <summary>Recomputes the total of every invoice that was issued, to the cent, from the charges that were on it.</summary>
public sealed class MemberInvoiceCheck : IDecisionCheck
{
    /// <inheritdoc/>
    public IReadOnlyCollection<string> EventTypes => ["member_invoice_issued"];

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RecomputedDecision>> Recompute(RecordedEvent e, IEventStore store, CancellationToken ct)
    {
        var issued = (MemberInvoice.Event.Issued)e.Fact;
        var history = await store.ReadStream(e.Tenant, e.Stream, upToVersion: e.Version - 1, ct: ct).ConfigureAwait(false);
        var removed = history.Select(h => h.Fact).OfType<MemberInvoice.Event.ChargeRemoved>()
            .Select(f => Charge.KeyOf(f.Source, f.Reference)).ToHashSet(StringComparer.Ordinal);
        var total = history.Select(h => h.Fact).OfType<MemberInvoice.Event.Charged>().Select(f => f.Charge)
            .Where(c => !removed.Contains(c.Key)).Select(c => c.Amount).Sum();
        return [new("invoice-total", $"{issued.Number}", issued.RuleVersion, issued.Total.ToString(), total.ToString())];
    }
}
