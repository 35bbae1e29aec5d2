using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Contracts;
using SSC.Purchasing.Procurement.JointOrders;
using SSC.Purchasing.Procurement.Rules;

namespace SSC.Purchasing.Procurement.Detectors;

/// <summary>
/// Purchases without the evidence that the rule of the day asks for: the State's contract not considered, no second person's approval,
/// an award on quotations with fewer than two, one on bids with less than ten days' notice.
/// </summary>
public sealed class MissingEvidence : IDetector
{
    /// <summary>
    /// Least days from published notice to opening, and the rule it comes from. It binds statutory cities (chapter 412); towns have the
    /// same ten days (365.37 subd. 3), and a stricter charter is the member's own affair.
    /// </summary>
    public static readonly EffectiveDated<int> NoticeDays = new(
        [new(new(2006, 1, 1), 10, "Minn. Stat. 412.311 subd. 1 (notice at least ten days before the last day for bids)")]);

    /// <summary>Least quotations where possible, and the rule it comes from.</summary>
    public static readonly EffectiveDated<int> Quotations = new(
        [new(new(2006, 1, 1), 2, "Minn. Stat. 471.345 subd. 4 (two or more quotations when possible)")]);

    private const string ApprovalRule = "the member's approval threshold, as it stood when it committed";

    /// <inheritdoc/>
    public IReadOnlyCollection<string> EventTypes =>
    [
        "contract_awarded", "commitment_placed", "commitment_revised", "commitment_cpv_considered", "commitment_approved",
        "joint_order_closed", "joint_order_line_allocated", "joint_order_settled", "joint_order_ready",
    ];

    /// <inheritdoc/>
    public IDetection Begin() => new Look();

    private sealed class Look : IDetection
    {
        private readonly List<Finding> found = [];
        private readonly Dictionary<(string Order, MemberNo Member), Evidence> commitments = [];
        private readonly Dictionary<string, Order> orders = new(StringComparer.Ordinal);

        public IEnumerable<Finding> Findings(DateOnly asOf) => found;

        public void Hear(RecordedEvent e)
        {
            if (e.Fact is Contract.Event.Awarded award) Judge(e, award.Terms);
            else if (CommitmentStream.Parse(e.Stream) is { } commitment) Note(commitment, e);
            else if (e.KeyIn(JointOrder.Category) is { } order) Follow(order, e);
        }

        private void Judge(RecordedEvent e, AwardTerms terms)
        {
            var contract = e.KeyIn(Contract.Category)!;
            if (terms.Solicitation is not { } evidence) return;
            if (terms.Authority.Kind == AuthorityKind.JointPowersQuotation && Quotations.EntryOn(evidence.OpenedOn) is { } two
                && evidence.QuotesReceived < two.Value)
            {
                found.Add(new("second-quote-missing", two.Source, contract,
                    $"Awarded on {evidence.QuotesReceived} quotation ({evidence.Reference}).", [Citation.Of(e)]));
            }

            var days = evidence.OpenedOn.DayNumber - evidence.PublishedOn.DayNumber;
            if (terms.Authority.Kind == AuthorityKind.JointPowersBid && NoticeDays.EntryOn(evidence.OpenedOn) is { } notice
                && days < notice.Value)
            {
                found.Add(new("notice-too-short", notice.Source, contract,
                    $"Bids were opened {days} days after notice ({evidence.Reference}).", [Citation.Of(e)]));
            }
        }

        private void Note(CommitmentStream stream, RecordedEvent e)
        {
            var key = (stream.Order.Value, stream.Member);
            var known = commitments.GetValueOrDefault(key) ?? new();
            commitments[key] = e.Fact switch
            {
                Commitment.Event.Placed f => known with { Buyer = f.Buyer, Threshold = f.ApprovalThreshold },
                Commitment.Event.Revised f => known with { Buyer = f.Buyer },
                Commitment.Event.CpvConsidered => known with { CpvConsidered = true },
                Commitment.Event.Approved f when f.Approver != known.Buyer => known with { ApprovedUpTo = f.UpTo },
                _ => known,
            };
        }

        private void Follow(string key, RecordedEvent e)
        {
            var order = orders.GetValueOrDefault(key) ?? new();
            orders[key] = e.Fact switch
            {
                JointOrder.Event.Closed => order with { ClosedOn = BusinessCalendar.LocalDate(e.At) },
                JointOrder.Event.LineAllocated f => order with { Lines = order.Lines.Set(f.Outcome.LineNo, f.Outcome) },
                JointOrder.Event.Settled f => order with { Totals = f.Totals,
                    ClosedOn = order.ClosedOn ?? BusinessCalendar.LocalDate(e.At) },
                _ => order,
            };
            if (e.Fact is JointOrder.Event.Ready) Judge(key, orders[key], e);
        }

        private void Judge(string key, Order order, RecordedEvent ready)
        {
            var day = order.ClosedOn ?? BusinessCalendar.LocalDate(ready.At);
            var limit = ProcurementThresholds.CpvConsideration(day);
            foreach (var total in order.Totals.Where(t => t.Member != SettlementRules.Stock))
            {
                var evidence = commitments.GetValueOrDefault((key, total.Member)) ?? new();
                var largest = order.Lines.Values.SelectMany(l => l.Shares).Where(s => s.Member == total.Member).Select(s => s.Amount)
                    .DefaultIfEmpty().Max();
                if (largest > limit && !evidence.CpvConsidered)
                {
                    found.Add(new("cpv-not-considered", ProcurementThresholds.CpvConsideredAbove.EntryOn(day)!.Source,
                        $"{key}, {total.Member}", $"A line of {largest} was bought without considering the State's contract first.",
                        [Citation.Of(ready)])
                    { Member = total.Member, Amount = largest, Limit = limit });
                }

                if (evidence.Threshold is { } threshold && total.Total > threshold && !(evidence.ApprovedUpTo >= total.Total))
                {
                    found.Add(new("approval-missing", ApprovalRule, $"{key}, {total.Member}",
                        $"{total.Total} was bought without the approval of a second person.", [Citation.Of(ready)])
                    { Member = total.Member, Amount = total.Total, Limit = threshold });
                }
            }
        }
    }

    private sealed record Evidence
    {
        public string? Buyer { get; init; }

        public Money? Threshold { get; init; }

        public Money? ApprovedUpTo { get; init; }

        public bool CpvConsidered { get; init; }
    }

    private sealed record Order
    {
        public DateOnly? ClosedOn { get; init; }

        public StructuralMap<int, LineOutcome> Lines { get; init; }

        public StructuralList<MemberTotal> Totals { get; init; }
    }
}
