using System.Globalization;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Procurement.PurchaseOrders;

/// <summary>
/// Recomputes the automatic answer to a vendor's proposals: every price above the ordered one is rejected at once, and nothing else is.
/// One decision per line that a response proposes a price for, from the document as it stood when the response came.
/// </summary>
public sealed class PriceRiseCheck : IDecisionCheck
{
    /// <summary>Version of the rule: above the ordered price, compared to the micro-dollar.</summary>
    public const int RuleVersion = 1;

    /// <inheritdoc/>
    public IReadOnlyCollection<string> EventTypes => ["purchase_order_response_recorded", "purchase_order_change_rejected"];

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RecomputedDecision>> Recompute(RecordedEvent e, IEventStore store, CancellationToken ct)
    {
        // A buyer's own rejection is a person's decision; there is nothing to compute.
        if (e.Fact is PurchaseOrder.Event.ChangeRejected { Automatic: false }) return [];
        var history = await store.ReadStream(e.Tenant, e.Stream, ct: ct).ConfigureAwait(false);
        var at = history.TakeWhile(h => h.Version < e.Version).Count();
        if (e.Fact is PurchaseOrder.Event.ChangeRejected alone)
            return FollowsAResponse(history, at) ? [] : [Of(e, alone.Line, "rejected", "nothing was proposed")];

        var before = history.Take(at).Aggregate(PurchaseOrder.Initial, (s, h) => PurchaseOrder.Evolve(s, (PurchaseOrder.Event)h.Fact));
        var document = ((PurchaseOrder.State.Known)before).File.Document;
        var proposals = ((PurchaseOrder.Event.ResponseRecorded)e.Fact).Response.Lines
            .Where(a => a is { Code: LineAnswerCode.Propose, Price: not null }).ToDictionary(a => a.Line);
        var rejected = history.Skip(at + 1).Select(h => h.Fact as PurchaseOrder.Event.ChangeRejected)
            .TakeWhile(f => f is { Automatic: true }).Select(f => f!.Line).ToHashSet();
        return
        [
            .. proposals.Keys.Union(rejected).Order().Select(line => Of(
                e, line, rejected.Contains(line) ? "rejected" : "left to the buyer",
                !proposals.TryGetValue(line, out var answer) ? "nothing was proposed"
                : PurchaseOrderRules.IsAboveSchedule(answer, document.Find(line)!) ? "rejected" : "left to the buyer")),
        ];
    }

    /// <summary>Nothing but automatic rejections lies between an event and the response that it answers.</summary>
    private static bool FollowsAResponse(IReadOnlyList<RecordedEvent> history, int at) =>
        history.Take(at).Reverse().SkipWhile(h => h.Fact is PurchaseOrder.Event.ChangeRejected { Automatic: true })
            .FirstOrDefault()?.Fact is PurchaseOrder.Event.ResponseRecorded;

    private static RecomputedDecision Of(RecordedEvent e, int line, string stored, string recomputed) => new(
        "price-above-schedule",
        string.Create(CultureInfo.InvariantCulture, $"{e.KeyIn(PurchaseOrder.Category)} line {line}"), RuleVersion, stored, recomputed);
}
