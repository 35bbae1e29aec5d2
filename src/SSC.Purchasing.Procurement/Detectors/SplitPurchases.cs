using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Contracts;
using SSC.Purchasing.Procurement.JointOrders;
using SSC.Purchasing.Procurement.Rules;

namespace SSC.Purchasing.Procurement.Detectors;

/// <summary>
/// Several purchases of one member under one contract within a short time, each at or below a limit and together above it. The limits are
/// the method thresholds of the day where the contract does not rest on a joint powers competition, and the member's own approval threshold
/// everywhere. A pattern is a question for a person, not a proof.
/// </summary>
public sealed class SplitPurchases : IDetector
{
    /// <summary>Days within which purchases are looked at together: the cooperative's own parameter, no law names one.</summary>
    public static readonly EffectiveDated<int> WindowDays = new(
        [new(new(2006, 1, 1), 30, "auditing practice of the cooperative")]);

    private const string ApprovalRule = "the member's approval threshold, as it stood when it committed";

    /// <inheritdoc/>
    public IReadOnlyCollection<string> EventTypes =>
    [
        "contract_awarded", "joint_order_planned", "joint_order_moved_to_successor", "commitment_placed", "joint_order_settled",
        "joint_order_ready",
    ];

    /// <inheritdoc/>
    public IDetection Begin() => new Look();

    private sealed class Look : IDetection
    {
        private readonly HashSet<ContractId> competitive = [];
        private readonly Dictionary<string, ContractId> contractOf = new(StringComparer.Ordinal);
        private readonly Dictionary<string, StructuralList<MemberTotal>> totals = new(StringComparer.Ordinal);
        private readonly Dictionary<(string Order, MemberNo Member), Money> thresholds = [];
        private readonly List<Purchase> purchases = [];

        public void Hear(RecordedEvent e)
        {
            var order = e.KeyIn(JointOrder.Category);
            switch (e.Fact)
            {
                case Contract.Event.Awarded f when f.Terms.Authority.RestsOnCompetition():
                    competitive.Add(new(e.KeyIn(Contract.Category)!));
                    break;
                case JointOrder.Event.Planned f:
                    contractOf[order!] = f.Terms.Contract;
                    break;
                case JointOrder.Event.MovedToSuccessor f:
                    contractOf[order!] = f.Terms.Contract;
                    break;
                case Commitment.Event.Placed { ApprovalThreshold: { } threshold } f:
                    thresholds[(f.Order.Value, f.Member)] = threshold;
                    break;
                case JointOrder.Event.Settled f:
                    totals[order!] = f.Totals;
                    break;
                case JointOrder.Event.Ready:
                    purchases.AddRange(totals.GetValueOrDefault(order!).Where(t => t.Member != SettlementRules.Stock).Select(t =>
                        new Purchase(
                        contractOf[order!], t.Member, order!, BusinessCalendar.LocalDate(e.At), t.Total, Citation.Of(e),
                        thresholds.TryGetValue((order!, t.Member), out var limit) ? limit : null)));
                    break;
            }
        }

        public IEnumerable<Finding> Findings(DateOnly asOf)
        {
            foreach (var series in purchases.GroupBy(p => (p.Contract, p.Member)))
            {
                var inOrder = series.OrderBy(p => p.Day).ThenBy(p => p.Order, StringComparer.Ordinal).ToList();
                foreach (var (kind, rule, limitOf) in Limits(series.Key.Contract))
                {
                    foreach (var window in Windows(inOrder, limitOf))
                    {
                        var sum = window.Select(p => p.Amount).Sum();
                        yield return new(kind, rule(window[^1].Day), $"{series.Key.Member}, {series.Key.Contract}",
                            $"{window.Count} purchases from {window[0].Day:yyyy-MM-dd} to {window[^1].Day:yyyy-MM-dd} come to {sum}: "
                            + $"{string.Join(", ", window.Select(p => p.Order))}.",
                            [.. window.Select(p => p.Evidence)])
                        { Member = series.Key.Member, Amount = sum, Limit = limitOf(window[^1]) };
                    }
                }
            }
        }

        private IEnumerable<(string Kind, Func<DateOnly, string> Rule, Func<Purchase, Money?> Limit)> Limits(ContractId contract)
        {
            yield return ("split-below-approval", _ => ApprovalRule, p => p.Threshold);
            if (competitive.Contains(contract)) yield break;
            yield return ("split-below-quotations", Source, p => ProcurementThresholds.State.EntryOn(p.Day)?.Value.OpenMarketUpTo);
            yield return ("split-below-bids", Source, p => ProcurementThresholds.State.EntryOn(p.Day)?.Value.QuotationsUpTo);
        }

        private static string Source(DateOnly day) => ProcurementThresholds.State.EntryOn(day)?.Source ?? "Minn. Stat. 471.345";

        /// <summary>
        /// Purchases within a window that are each within the limit and together above it; a purchase is in one window at most.
        /// </summary>
        private static IEnumerable<List<Purchase>> Windows(List<Purchase> purchases, Func<Purchase, Money?> limitOf)
        {
            var rest = purchases.Where(p => limitOf(p) is { } limit && p.Amount <= limit).ToList();
            while (rest is [var first, ..])
            {
                var until = first.Day.AddDays(WindowDays.EntryOn(first.Day)?.Value ?? 0);
                var window = rest.TakeWhile(p => p.Day <= until).ToList();
                var isSplit = window.Count > 1 && window.Select(p => p.Amount).Sum() > limitOf(window[^1])!.Value;
                if (isSplit) yield return window;
                rest.RemoveRange(0, isSplit ? window.Count : 1);
            }
        }
    }

    private sealed record Purchase(
        ContractId Contract, MemberNo Member, string Order, DateOnly Day, Money Amount, Citation Evidence, Money? Threshold);
}
