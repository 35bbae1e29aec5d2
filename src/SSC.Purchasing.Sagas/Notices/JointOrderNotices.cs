using System.Globalization;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.JointOrders;

namespace SSC.Purchasing.Sagas;

/// <summary>What joint orders tell the members that have committed to them.</summary>
internal static class JointOrderNotices
{
    /// <summary>What a fact tells; null when it is of something else.</summary>
    public static IEnumerable<Notice?>? Of(RecordedEvent e) => e.Fact switch
    {
        JointOrder.Event fact when new JointOrderId(e.KeyIn(JointOrder.Category)!) is var order => ForEveryone(fact) is { } all
            ? [all with { Order = order }]
            : PlacesIn(fact).Select(place => ForOne(fact, place) is { } one ? one with { Order = order } : null),
        Commitment.Event.Approved or Commitment.Event.Declined when CommitmentStream.Parse(e.Stream) is { } c =>
            [Of((Commitment.Event)e.Fact) with { Order = c.Order, Member = c.Member }],
        _ => null,
    };

    private static Notice? ForEveryone(JointOrder.Event fact) => fact switch
    {
        JointOrder.Event.Extended f => Notice.Of(
            NoticeKind.OrderExtended, $"The order stays open until {Time(f.Cutoff)}: {f.Reason}", until: f.Cutoff),
        JointOrder.Event.Held f => Notice.Of(NoticeKind.OrderHeld, $"The order takes no commitments until further notice: {f.Reason}"),
        JointOrder.Event.Resumed f => Notice.Of(
            NoticeKind.OrderResumed, $"The order takes commitments again until {Time(f.Cutoff)}.", until: f.Cutoff),
        JointOrder.Event.MovedToSuccessor f => Notice.Of(
            NoticeKind.OrderMoved,
            $"The order is bought on contract {f.Terms.Contract} now; confirm your commitment by {Time(f.Terms.Cutoff)}, or it is out.",
            until: f.Terms.Cutoff),
        JointOrder.Event.FallbackOffered f => Notice.Of(
            NoticeKind.ConfirmAgain,
            $"The minimum was missed; confirm your commitment at the lower tier's price by {Time(f.Until)}, or it is out.",
            until: f.Until),
        JointOrder.Event.Ready f => Notice.Of(
            NoticeKind.OrderReady, $"Shares and prices are final with round {f.Round}; the order goes to vendor {f.Vendor}."),
        JointOrder.Event.ReAwarded f => Notice.Of(
            NoticeKind.OrderReAwarded, $"Vendor {f.From} does not deliver ({f.Reason}); vendor {f.To} is asked."),
        JointOrder.Event.Confirmed f => Notice.Of(NoticeKind.OrderConfirmed, $"Vendor {f.Vendor} has accepted the order."),
        JointOrder.Event.Cancelled f => Notice.Of(
            NoticeKind.OrderCancelled, $"The order is cancelled and what was encumbered for it is released: {f.Reason}"),
        _ => null,
    };

    /// <summary>How many places a fact has where it may tell one member something.</summary>
    private static IEnumerable<int> PlacesIn(JointOrder.Event fact) => Enumerable.Range(0, fact switch
    {
        JointOrder.Event.LineAllocated f => f.Outcome.Shares.Count,
        JointOrder.Event.LineReallocated f => f.Differences.Count,
        JointOrder.Event.Settled f => f.Excluded.Count + f.ApprovalsNeeded.Count,
        JointOrder.Event.ApprovalsClosed f => f.Declined.Count,
        JointOrder.Event.Encumbered f => f.Refused.Count,
        _ => 0,
    });

    private static Notice? ForOne(JointOrder.Event fact, int place) => fact switch
    {
        JointOrder.Event.LineAllocated f => Short(f.Outcome.LineNo, f.Round, f.Outcome.Shares[place]),
        JointOrder.Event.LineReallocated f => Smaller(f.Outcome.LineNo, f.Reason, f.Differences[place]),
        JointOrder.Event.Settled f when place < f.Excluded.Count => Out(f.Excluded[place], $"as settled in round {f.Round}"),
        JointOrder.Event.Settled f => Approval(f.ApprovalsNeeded[place - f.Excluded.Count]),
        JointOrder.Event.ApprovalsClosed f => Out(f.Declined[place], "after the approvals"),
        JointOrder.Event.Encumbered f => Out(f.Refused[place], "since the budget did not cover it"),
        _ => null,
    };

    private static Notice Of(Commitment.Event fact) => fact switch
    {
        Commitment.Event.Approved f => Notice.Of(NoticeKind.Approved, $"A cost of up to {f.UpTo} is approved."),
        Commitment.Event.Declined f => Notice.Of(NoticeKind.Declined, $"An approver declined the cost: {f.Reason}", "approval-declined"),
        _ => throw new InvalidOperationException($"{fact} tells its member nothing."),
    };

    private static Notice? Short(int line, int round, MemberShare share) =>
        share.Short <= Quantity.Zero || share.Member == SettlementRules.Stock
            ? null
            : Notice.Of(
                NoticeKind.Shortfall,
                $"Line {line}: {share.Short} of {share.Allocated - share.OfWhichTolerance + share.Short} committed units fill no case in "
                + $"round {round}; {share.Allocated} are allocated.",
                share.Remainder) with { Member = share.Member, Line = line };

    private static Notice? Smaller(int line, string reason, ShareDifference share) =>
        share.Before == share.After || share.Member == SettlementRules.Stock
            ? null
            : Notice.Of(
                NoticeKind.ShareChanged,
                $"Line {line}: {share.After} units instead of {share.Before}, {share.AmountAfter} instead of {share.AmountBefore}: "
                + reason) with { Member = share.Member, Line = line };

    private static Notice Out(Exclusion exclusion, string why) => Notice.Of(
        NoticeKind.Declined,
        exclusion.LineNo is { } line ? $"The commitment to line {line} does not count, {why}: {exclusion.Code}."
            : $"The commitment does not count, {why}: {exclusion.Code}.",
        exclusion.Code) with { Member = exclusion.Member, Line = exclusion.LineNo };

    private static Notice Approval(ApprovalNeeded needed) => Notice.Of(
        NoticeKind.ApprovalNeeded,
        $"A cost of {needed.Total} (committed: {needed.Committed}) needs approval or evidence: {string.Join(", ", needed.Reasons)}.",
        needed.Reasons is [var first, ..] ? first : null) with { Member = needed.Member };

    internal static string Time(DateTimeOffset at) => string.Create(
        CultureInfo.InvariantCulture, $"{BusinessCalendar.Local(at):yyyy-MM-dd HH:mm} Central Time");
}
