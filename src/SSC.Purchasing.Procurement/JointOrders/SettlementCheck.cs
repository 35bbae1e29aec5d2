using System.Globalization;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Receiving;

namespace SSC.Purchasing.Procurement.JointOrders;

/// <summary>
/// Recomputes every settlement: case filling, tier, allocation and split to the cent of each line, what each member owes, who was
/// out, whether the minimum was met, what lacked before the box-fill phase and what a line was re-allocated to, from the commitment
/// streams at the versions that the event names; the new total of a re-allocation from the purchase order or delivery that it names.
/// </summary>
public sealed class SettlementCheck : IDecisionCheck
{
    /// <inheritdoc/>
    public IReadOnlyCollection<string> EventTypes =>
        ["joint_order_settled", "joint_order_minimum_missed", "joint_order_box_fill_started", "joint_order_line_reallocated"];

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RecomputedDecision>> Recompute(RecordedEvent e, IEventStore store, CancellationToken ct)
    {
        var basis = e.Fact switch
        {
            JointOrder.Event.Settled f => f.Basis,
            JointOrder.Event.MinimumMissed f => f.Basis,
            JointOrder.Event.BoxFillStarted f => f.Basis,
            JointOrder.Event.LineReallocated f => f.Basis,
            _ => throw new ArgumentException($"{e.Type} stores no settlement.", nameof(e)),
        };
        var order = new JointOrderId(e.KeyIn(JointOrder.Category)!);
        var history = await store.ReadStream(e.Tenant, e.Stream, upToVersion: e.Version, ct: ct).ConfigureAwait(false);
        var state = history.Where(h => h.Version <= basis.OrderVersion)
            .Aggregate(JointOrder.Initial, (s, h) => JointOrder.Evolve(s, (JointOrder.Event)h.Fact));
        var input = await SettlementInputs.Gather(store, e.Tenant, order, state, basis.Inputs.Select(i => i.Member), basis, ct)
            .ConfigureAwait(false);
        var results = new Results(order, basis.RuleVersion);
        results.Add("inputs", order.Value, basis.Inputs.ToString(), input.Basis.Inputs.ToString());
        switch (e.Fact)
        {
            case JointOrder.Event.BoxFillStarted started:
                results.Add("box-fill", order.Value, started.Shortfalls.ToString(), SettlementRules.Shortfalls(input).ToString());
                break;
            case JointOrder.Event.LineReallocated f:
                var (no, total) = (f.Outcome.LineNo, f.Outcome.Ordered);
                if (f.Source is { } source)
                {
                    var arriving = await ArrivingUnits.At(store, e.Tenant, source, no, ct).ConfigureAwait(false);
                    results.Add("arriving", order.Value, total.ToString(), arriving?.ToString() ?? "nothing is said of the line");
                    total = arriving ?? total;
                }

                results.Add(f.Outcome, SettlementRules.Reallocate(input, no, total, state.Lines[no].Price));
                break;
            case JointOrder.Event.MinimumMissed missed:
                results.Add("minimum", order.Value, missed.Evidence.ToString(), SettlementRules.Compute(input).Minimum.ToString());
                break;
            case JointOrder.Event.Settled settled:
                results.Add(settled, SettlementRules.Compute(input), history);
                break;
        }

        return results.All;
    }

    /// <summary>The comparisons of one event.</summary>
    private sealed class Results(JointOrderId order, int ruleVersion)
    {
        private readonly List<RecomputedDecision> all = [];

        public IReadOnlyList<RecomputedDecision> All => all;

        public void Add(string kind, string subject, string stored, string recomputed) =>
            all.Add(new(kind, subject, ruleVersion, stored, recomputed));

        public void Add(JointOrder.Event.Settled fact, Settlement again, IReadOnlyList<RecordedEvent> history)
        {
            Add("minimum", order.Value, fact.Minimum.ToString(), again.Minimum.ToString());
            Add("exclusions", order.Value, fact.Excluded.ToString(), again.Excluded.ToString());
            Add("approvals", order.Value, fact.ApprovalsNeeded.ToString(), again.ApprovalsNeeded.ToString());
            Add("totals", order.Value, fact.Totals.ToString(), again.Totals.ToString());
            var stored = history.Select(h => h.Fact).OfType<JointOrder.Event.LineAllocated>()
                .Where(l => l.Round == fact.Round).ToDictionary(l => l.Outcome.LineNo, l => l.Outcome);
            foreach (var line in again.Lines) Add(stored.GetValueOrDefault(line.LineNo), line);
        }

        public void Add(LineOutcome? before, LineOutcome line)
        {
            var subject = string.Create(CultureInfo.InvariantCulture, $"{order} line {line.LineNo}");
            Add("case-filling", subject, Cases(before), Cases(line));
            Add("tier", subject, Tier(before), Tier(line));
            Add("allocation", subject, Allocation(before), Allocation(line));
            Add("split", subject, Split(before), Split(line));
        }
    }

    private static string Cases(LineOutcome? l) => l is null ? "-" : $"{l.Committed}+{l.Tolerance} → {l.Cases} cases, {l.Ordered}";

    private static string Tier(LineOutcome? l) => l is null ? "-" : $"from {l.TierFrom} at {l.Price}";

    private static string Allocation(LineOutcome? l) => l is null
        ? "-"
        : string.Join("; ", l.Shares.Select(s =>
            $"{s.Member} {s.Allocated} ({s.OfWhichTolerance} tolerance, {s.Short} {s.Remainder}) {s.Drops} {s.Reason}"));

    private static string Split(LineOutcome? l) => l is null
        ? "-"
        : $"{l.Goods}: {string.Join("; ", l.Shares.Select(s => $"{s.Member} {s.Goods} + {s.Fee} - {s.Credit}"))}";
}
