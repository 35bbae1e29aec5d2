using System.Globalization;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Procurement.JointOrders;

using Figures = List<(string Name, string Value)>;

/// <summary>
/// Why a member receives so many units of a joint order's line, and owes so many cents: from what was committed through case filling,
/// tier and policy to the split by largest remainder, each step citing the events that say so. Names a figure by <c>order</c>,
/// <c>member</c> and <c>line</c>; the member <c>STOCK</c> is what the coordinator bought to stock.
/// </summary>
public sealed class AllocationExplained : IExplanation
{
    /// <inheritdoc/>
    public string Kind => "joint-order-share";

    /// <inheritdoc/>
    public IReadOnlyList<string> Parts => ["order", "member", "line"];

    /// <inheritdoc/>
    public Task<Explanation?> Explain(
        IEventStore store, string tenant, IReadOnlyDictionary<string, string> subject, long asOfPosition, CancellationToken ct)
    {
        var (order, member) = (subject.GetValueOrDefault("order"), subject.GetValueOrDefault("member"));
        return Id.IsWellFormed(order) && Id.IsWellFormed(member)
            && int.TryParse(subject.GetValueOrDefault("line"), NumberStyles.None, CultureInfo.InvariantCulture, out var line)
            ? Of(store, tenant, new(order!), new(member!), line, asOfPosition, ct)
            : Task.FromResult<Explanation?>(null);
    }

    /// <summary>
    /// Explains a member's share as it stood at a position. Null when the order was not settled by then, has no such line, or the
    /// member had no part in the line.
    /// </summary>
    public static async Task<Explanation?> Of(
        IEventStore store, string tenant, JointOrderId order, MemberNo member, int lineNo, long asOfPosition, CancellationToken ct)
    {
        var history = await store.ReadStream(
            tenant, $"{JointOrder.Category}-{order}", upToPosition: asOfPosition, ct: ct).ConfigureAwait(false);
        if (history.LastOrDefault(e => e.Fact is JointOrder.Event.Settled) is not { } settledEvent) return null;
        var settled = (JointOrder.Event.Settled)settledEvent.Fact;
        var allocated = history.LastOrDefault(e => Outcome(e, settledEvent.Position, settled.Round)?.LineNo == lineNo);
        if (allocated is null) return null;

        var basis = settled.Basis;
        var state = history.Where(e => e.Version <= basis.OrderVersion)
            .Aggregate(JointOrder.Initial, (s, e) => JointOrder.Evolve(s, (JointOrder.Event)e.Fact));
        var input = await SettlementInputs.Gather(
            store, tenant, order, state, basis.Inputs.Select(i => i.Member), basis, ct).ConfigureAwait(false);
        var version = basis.Inputs.FirstOrDefault(i => i.Member == member)?.Version ?? 0;
        var commitment = await store.ReadStream(
            tenant, $"{Commitment.Category}-{Commitment.Key(order, member)}", upToVersion: version, ct: ct).ConfigureAwait(false);
        var story = new Story(
            order, member, input.Terms.Line(lineNo)!, Outcome(allocated, settledEvent.Position, settled.Round)!, settled, input, history,
            commitment)
        {
            SettledEvent = settledEvent,
            AllocatedEvent = allocated,
        };
        return story.Share is null && story.Claim is null ? null : story.Tell();
    }

    private static LineOutcome? Outcome(RecordedEvent e, long settledAt, int round) => e.Fact switch
    {
        JointOrder.Event.LineAllocated f when f.Round == round => f.Outcome,
        JointOrder.Event.LineReallocated f when e.Position > settledAt => f.Outcome,
        _ => null,
    };

    /// <summary>One share's story, from its inputs to its cents.</summary>
    private sealed record Story(
        JointOrderId Order,
        MemberNo Member,
        OrderLine Line,
        LineOutcome Outcome,
        JointOrder.Event.Settled Settled,
        SettlementInput Input,
        IReadOnlyList<RecordedEvent> History,
        IReadOnlyList<RecordedEvent> CommitmentEvents)
    {
        public required RecordedEvent SettledEvent { get; init; }

        public required RecordedEvent AllocatedEvent { get; init; }

        public MemberShare? Share => Outcome.Shares.FirstOrDefault(s => s.Member == Member);

        public LineClaim? Claim =>
            Input.Commitments.FirstOrDefault(c => c.Member == Member)?.Lines.FirstOrDefault(l => l.LineNo == Line.LineNo);

        private string Unit => Line.Item.Unit;

        private IEnumerable<Exclusion> OutOfLine => Settled.Excluded.Where(e => (e.LineNo ?? Line.LineNo) == Line.LineNo);

        private RecordedEvent? TierFixed => History.LastOrDefault(
            e => e.Fact is JointOrder.Event.TierFixed f && f.LineNo == Line.LineNo && f.Round == Settled.Round);

        public Explanation Tell()
        {
            List<ExplanationStep?> steps =
            [
                Committed(), Pooled(), Excluded(), CasesFilled(), TierReached(), Allocated(), Reallocated(), Money(), Freight(), Drops(),
            ];
            return new($"{Order} line {Line.LineNo}, {Member}", Answer(), [.. steps.OfType<ExplanationStep>()]);
        }

        private string Answer()
        {
            if (Share is not { } share)
            {
                var code = OutOfLine.FirstOrDefault(e => e.Member == Member)?.Code ?? "no-claim";
                return $"{Member} receives nothing of line {Line.LineNo}: {Reason(code)}";
            }

            var tolerance = share.OfWhichTolerance > Quantity.Zero ? $", {share.OfWhichTolerance} of them tolerance" : string.Empty;
            var missing = share.Short > Quantity.Zero ? $"; {share.Short} are {share.Remainder}" : string.Empty;
            var fee = share.Fee == Kernel.Money.Zero ? string.Empty : $" + ${share.Fee} fee";
            var credit = share.Credit == Kernel.Money.Zero ? string.Empty : $" - ${share.Credit} commodity credit";
            var provisional = TierFixed is null ? " This is provisional until the tiers are fixed." : string.Empty;
            return $"{Member} receives {share.Allocated} {Unit} of line {Line.LineNo}{tolerance}{missing}, at ${Outcome.Price}: "
                + $"${share.Goods} goods{fee}{credit} = ${share.Amount}.{provisional}";
        }

        private ExplanationStep Committed()
        {
            var said = new List<string>();
            var cited = new List<RecordedEvent>();
            foreach (var e in CommitmentEvents)
            {
                var change = SettlementInputs.ChangesOf((Commitment.Event)e.Fact).FirstOrDefault(c => c.LineNo == Line.LineNo);
                if (change is null && e.Fact is not Commitment.Event.Reconfirmed) continue;
                cited.Add(e);
                said.Add(change is null
                    ? $"At position {e.Position} the commitment was confirmed again."
                    : $"At position {e.Position} the quantity went from {change.From} to {change.To} {Unit}, the tolerance from "
                        + $"{change.ToleranceFrom} to {change.ToleranceTo}.");
            }

            foreach (var e in History.Where(e => e.Position <= Settled.Basis.AsOfPosition))
            {
                var sentence = e.Fact switch
                {
                    JointOrder.Event.BoxFillClaimed f when f.Member == Member && f.LineNo == Line.LineNo =>
                        $"At position {e.Position} {f.Quantity} {Unit} of the shortfall were taken in the box-fill phase.",
                    JointOrder.Event.ToppedUp f when Member == SettlementRules.Stock && f.LineNo == Line.LineNo =>
                        $"At position {e.Position} the coordinator bought {f.Quantity} {Unit} to stock: {f.Reason}",
                    _ => null,
                };
                if (sentence is null) continue;
                cited.Add(e);
                said.Add(sentence);
            }

            Figures figures = [];
            if (Claim is { } claim)
            {
                figures.AddRange([("quantity", $"{claim.Quantity}"), ("tolerance", $"{claim.Tolerance}")]);
                if (claim.MaxPrice is { } max) figures.Add(("maximumPrice", $"{max}"));
            }

            return Step("committed", said, figures, cited);
        }

        private ExplanationStep Pooled()
        {
            var out_ = OutOfLine.Select(e => e.Member).ToHashSet();
            var claims = Input.Commitments.Where(c => !out_.Contains(c.Member))
                .SelectMany(c => c.Lines.Where(l => l.LineNo == Line.LineNo).Select(l => (c.Member, l.Quantity, l.Tolerance))).ToList();
            if (Input.ToppedUp.TryGetValue(Line.LineNo, out var stock)) claims.Add((SettlementRules.Stock, stock, Quantity.Zero));
            Figures figures = [("Q", $"{Outcome.Committed}"), ("T", $"{Outcome.Tolerance}"), ("claims", Number(claims.Count))];
            figures.AddRange(claims.Select(c => ($"claim {c.Member}", $"{c.Quantity} + {c.Tolerance}")));
            return Step(
                "pooled",
                [
                    $"{Count(claims.Count, "claim")} recorded up to position {Settled.Basis.AsOfPosition}: Q = {Outcome.Committed} {Unit} "
                    + $"and a tolerance of T = {Outcome.Tolerance} {Unit}.",
                ],
                figures, [SettledEvent, AllocatedEvent]);
        }

        private ExplanationStep? Excluded()
        {
            var claiming = Input.Commitments.Where(c => c.Lines.Any(l => l.LineNo == Line.LineNo)).Select(c => c.Member).ToHashSet();
            var outs = OutOfLine.Where(x => claiming.Contains(x.Member)).ToList();
            if (outs.Count == 0) return null;
            var cited = History.Where(e => e.Position < SettledEvent.Position && outs.Exists(x => e.Fact switch
            {
                JointOrder.Event.ApprovalsClosed f => f.Declined.Contains(x),
                JointOrder.Event.Encumbered f => f.Refused.Contains(x),
                _ => false,
            }));
            return Step(
                "excluded", [.. outs.Select(x => $"{x.Member} does not count in this line: {Reason(x.Code)}")],
                [.. outs.Select(x => ($"excluded {x.Member}", x.Code))], [.. cited, SettledEvent]);
        }

        private ExplanationStep CasesFilled()
        {
            var (q, t, s) = (Outcome.Committed, Outcome.Tolerance, Line.Item.CaseSize);
            var full = q.Thousandths / s.Thousandths;
            var open = q - (s * full);
            List<string> said = [$"⌊{q} ÷ {s}⌋ = {Count(full, "full case")} of {s} {Unit}; {open} left over."];
            if (open > Quantity.Zero)
            {
                said.Add(open + t >= s
                    ? $"{open} and the tolerance of {t} reach {s}: one more case is filled."
                    : $"{open} and the tolerance of {t} do not reach {s}: no further case.");
            }

            if (Outcome.Cases != CaseFilling.Cases(q, t, s))
                said.Add($"The vendor's least order of {Line.Item.MinimumOrder} {Unit} makes it {Count(Outcome.Cases, "case")}.");
            said.Add($"{Count(Outcome.Cases, "case")} of {s} = {s * Outcome.Cases} {Unit}.");
            if (Outcome.Ordered != s * Outcome.Cases)
            {
                said.Add(AllocatedEvent.Fact is JointOrder.Event.LineReallocated
                    ? $"Of these {Outcome.Ordered} {Unit} will come."
                    : $"{(s * Outcome.Cases) - Outcome.Ordered} {Unit} could not be placed in increments of {Line.SiteIncrement} and are "
                        + "not ordered.");
            }

            return Step(
                "case-filling", said,
                [("Q", $"{q}"), ("T", $"{t}"), ("S", $"{s}"), ("cases", Number(Outcome.Cases)), ("ordered", $"{Outcome.Ordered}")],
                [AllocatedEvent]);
        }

        private ExplanationStep TierReached()
        {
            var scheduled = History.Last(e => e.Position <= Settled.Basis.AsOfPosition
                && e.Fact is JointOrder.Event.Opened or JointOrder.Event.MovedToSuccessor);
            List<string> said =
            [
                $"The total after rounding reaches the tier from {Outcome.TierFrom} {Unit} at ${Outcome.Price}, by price schedule "
                + $"{Number(Input.Terms.ScheduleVersion)} of contract {Input.Terms.Contract}.",
            ];
            if (Line.Item.NextTier(Outcome.Ordered) is { } next && next.From > Outcome.TierFrom)
                said.Add($"The next tier, ${next.Price}, starts at {next.From} {Unit}.");
            if (TierFixed is { } fixedBy) said.Add($"Fixed for good at position {fixedBy.Position}.");
            return Step(
                "tier", said,
                [("tierFrom", $"{Outcome.TierFrom}"), ("price", $"{Outcome.Price}"), ("schedule", Number(Input.Terms.ScheduleVersion))],
                TierFixed is { } e ? [scheduled, AllocatedEvent, e] : [scheduled, AllocatedEvent]);
        }

        private ExplanationStep? Allocated()
        {
            if (Share is not { } share) return null;
            var rules = Settled.Basis.RuleVersion;
            List<string> said =
            [
                $"Policy {Line.Policy} in increments of {Line.SiteIncrement} {Unit}, settlement rules version {Number(rules)}.",
                .. ShareReason.Parse(share.Reason).Select(r => r.Sentence()),
            ];
            if (share.Short > Quantity.Zero) said.Add($"{share.Short} {Unit} of the ordered quantity fill no case: {share.Remainder}.");
            return Step(
                "allocation", said,
                [
                    ("policy", $"{Line.Policy}"), ("ruleVersion", Number(rules)), ("reason", share.Reason),
                    ("allocated", $"{share.Allocated}"), ("ofWhichTolerance", $"{share.OfWhichTolerance}"), ("short", $"{share.Short}"),
                ],
                [AllocatedEvent, SettledEvent]);
        }

        private ExplanationStep? Reallocated()
        {
            if (AllocatedEvent.Fact is not JointOrder.Event.LineReallocated fact) return null;
            List<string> said = [$"The line was allocated again at position {AllocatedEvent.Position}: {fact.Reason}"];
            Figures figures = [];
            if (fact.Differences.FirstOrDefault(d => d.Member == Member) is { } moved)
            {
                said.Add($"{Member} went from {moved.Before} to {moved.After} {Unit}, from ${moved.AmountBefore} to ${moved.AmountAfter}.");
                figures =
                [
                    ("before", $"{moved.Before}"), ("after", $"{moved.After}"),
                    ("amountBefore", $"{moved.AmountBefore}"), ("amountAfter", $"{moved.AmountAfter}"),
                ];
            }

            return Step("reallocation", said, figures, [AllocatedEvent]);
        }

        private ExplanationStep? Money()
        {
            if (Share is not { } share || Outcome.Ordered == Quantity.Zero) return null;
            List<string> said = [$"{Outcome.Ordered} {Unit} at ${Outcome.Price}, rounded once, are ${Outcome.Goods} of goods."];
            Figures figures =
                [("goods", $"{share.Goods}"), ("fee", $"{share.Fee}"), ("credit", $"{share.Credit}"), ("amount", $"{share.Amount}")];
            var weights = Outcome.Shares.Select(s => s.Allocated.Thousandths).ToList();
            var index = Outcome.Shares.ToList().IndexOf(share);
            Split("goods", Outcome.Goods, weights, index, share.Goods, said, figures);
            Split("fee", Line.Item.FeeOn(Outcome.Ordered), weights, index, share.Fee, said, figures);
            Split("credit", Line.Item.CreditOn(Outcome.Ordered), weights, index, share.Credit, said, figures);
            return Step("split", said, figures, [AllocatedEvent]);
        }

        private ExplanationStep? Freight()
        {
            var total = Settled.Totals.FirstOrDefault(t => t.Member == Member);
            if (total is null || Input.Terms.Policies.Freight == Kernel.Money.Zero) return null;
            List<string> said =
                [$"The order's freight is shared over its members by what their lines cost; {Member}'s lines cost ${total.Lines}."];
            Figures figures = [("lines", $"{total.Lines}"), ("freight", $"{total.Freight}")];
            var weights = Settled.Totals.Select(t => Math.Max(0, t.Lines.Cents)).ToList();
            Split("freight", Input.Terms.Policies.Freight, weights, Settled.Totals.ToList().IndexOf(total), total.Freight, said, figures);
            return Step("freight", said, figures, [SettledEvent]);
        }

        private ExplanationStep? Drops() => Share is not { Drops.Count: > 0 } share ? null : Step(
            "drops", [.. share.Drops.Select(d => $"{d.Quantity} {Unit} go to {d.Site}.")],
            [.. share.Drops.Select(d => ($"site {d.Site}", $"{d.Quantity}"))], [AllocatedEvent]);

        private static void Split(
            string what, Money total, List<long> weights, int index, Money stored, List<string> said, Figures figures)
        {
            if (total == Kernel.Money.Zero) return;
            var sharing = LargestRemainder.Explain(total.Cents, weights);
            var portion = sharing.Portions[index];
            var own = $"${total} of {what} × {Number(weights[index])} ÷ {sharing.TotalWeight} = ${new Money(portion.Quota)}";
            said.Add(portion.Remainder == 0
                ? $"{own} exactly."
                : $"{own} and the remainder {portion.Remainder}/{sharing.TotalWeight} of a cent ranks {Number(portion.Rank)} where "
                    + $"{Count(sharing.Missing, "more cent")} went out: ${new Money(portion.Share)}.");
            if (portion.Share != stored.Cents) said.Add($"The stored figure is ${stored} and differs: run the replay on this order.");
            figures.Add(($"{what} total", $"{total}"));
            figures.Add(($"{what} remainder", $"{portion.Remainder}/{sharing.TotalWeight}"));
        }

        private static ExplanationStep Step(string topic, List<string> said, Figures figures, IEnumerable<RecordedEvent> cited) => new(
            topic, [.. said], figures.ToStructuralMap(f => f.Name, f => f.Value),
            cited.OrderBy(e => e.Position).Select(Citation.Of).Distinct().ToStructuralList());

        private static string Reason(string code) => code switch
        {
            "max-price-exceeded" => "the price of the tier is above the maximum that the member stated.",
            "not-reconfirmed" => "the member did not confirm again.",
            "approval-declined" => "the approver declined.",
            "approval-timeout" or "approval-not-given" => "the approval did not come in time.",
            "no-claim" => "the member has no claim on it.",
            _ => $"{code}.",
        };

        private static string Count(long number, string what) => $"{Number(number)} {what}{(number == 1 ? string.Empty : "s")}";

        private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
    }
}
