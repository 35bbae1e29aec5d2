using System.Globalization;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Procurement.JointOrders;

/// <summary>What a member is told.</summary>
public enum NoticeKind
{
    /// <summary>The order stays open longer.</summary>
    OrderExtended,

    /// <summary>The order takes no commitments for the time being.</summary>
    OrderHeld,

    /// <summary>The order takes commitments again.</summary>
    OrderResumed,

    /// <summary>The order is bought on another contract: confirm again, or be out.</summary>
    OrderMoved,

    /// <summary>The minimum was missed and a dearer tier is offered: confirm again, or be out.</summary>
    ConfirmAgain,

    /// <summary>Shares and prices are final and the order goes to the vendor.</summary>
    OrderReady,

    /// <summary>The vendor was passed over and the next one is asked.</summary>
    OrderReAwarded,

    /// <summary>The vendor has accepted.</summary>
    OrderConfirmed,

    /// <summary>The order is cancelled; what was encumbered for it is released.</summary>
    OrderCancelled,

    /// <summary>Somebody must approve the member's cost, or its evidence is missing.</summary>
    ApprovalNeeded,

    /// <summary>The member's cost was approved.</summary>
    Approved,

    /// <summary>The member is out of the order or of one of its lines.</summary>
    Declined,

    /// <summary>Part of a line's commitment could not be filled.</summary>
    Shortfall,

    /// <summary>Less of a line will come; the member's share is smaller than it was.</summary>
    ShareChanged,
}

/// <summary>Something a member is told about an order it has committed to.</summary>
/// <param name="Position">Log position of the fact.</param>
/// <param name="At">When it was recorded.</param>
/// <param name="Order">The joint order.</param>
/// <param name="Kind">What it is about.</param>
/// <param name="Text">One sentence for a person.</param>
public sealed record Notice(long Position, DateTimeOffset At, JointOrderId Order, NoticeKind Kind, string Text)
{
    /// <summary>The member concerned; null when every member of the order is.</summary>
    public MemberNo? Member { get; init; }

    /// <summary>The line concerned; null when it is the whole order.</summary>
    public int? Line { get; init; }

    /// <summary>Why, as the recorded code, e.g. <c>max-price-exceeded</c>; null when there is none.</summary>
    public string? Code { get; init; }

    /// <summary>The moment by which the member can act, or until which the order is open; null when there is none.</summary>
    public DateTimeOffset? Until { get; init; }
}

/// <summary>
/// What members are told, from the facts of their orders. Key: position, and the place in the fact where it tells several members
/// something, so that key order is the order of the log. Index <c>audience</c>: the member, or <see cref="Everyone"/> for what concerns
/// every member of an order; who that is, is in <see cref="OrderParticipants"/>. Rounds before <see cref="NoticeKind.OrderReady"/> are
/// provisional: each settlement says anew what holds in it.
/// </summary>
public sealed class MemberNotices : ReadModel<Notice>
{
    /// <summary>The audience of what concerns every member of an order; no member's number.</summary>
    public const string Everyone = "*";

    /// <summary>The one instance.</summary>
    public static readonly MemberNotices Instance = new();

    /// <inheritdoc/>
    public override string Name => "member_notices";

    /// <inheritdoc/>
    public override int Version => 1;

    /// <inheritdoc/>
    public override IReadOnlyList<IndexColumn<Notice>> Indexes { get; } = [new("audience", r => r.Member?.Value ?? Everyone)];

    /// <inheritdoc/>
    public override IEnumerable<string> KeysOf(RecordedEvent e) => e.Fact switch
    {
        JointOrder.Event fact => ForEveryone(fact) is not null ? [Key(e.Position, 0)]
            : PlacesIn(fact).Where(place => ForOne(fact, place) is not null).Select(place => Key(e.Position, place)),
        Commitment.Event.Approved or Commitment.Event.Declined => [Key(e.Position, 0)],
        _ => [],
    };

    /// <inheritdoc/>
    public override Notice? Apply(string key, Notice? row, RecordedEvent e)
    {
        var place = int.Parse(key.AsSpan(key.IndexOf(':', StringComparison.Ordinal) + 1), NumberStyles.None, CultureInfo.InvariantCulture);
        var (order, told) = e.Fact switch
        {
            JointOrder.Event fact => (new JointOrderId(e.KeyIn(JointOrder.Category)!), ForEveryone(fact) ?? ForOne(fact, place)),
            Commitment.Event fact when CommitmentStream.Parse(e.Stream) is { } c => (c.Order, Of(fact) with { Member = c.Member }),
            _ => throw new InvalidOperationException($"{e.Type} tells no member anything."),
        };
        return told is null ? null : told with { Position = e.Position, At = e.At, Order = order };
    }

    private static string Key(long position, int place) => string.Create(CultureInfo.InvariantCulture, $"{position:D16}:{place:D5}");

    private static Notice New(NoticeKind kind, string text, string? code = null, DateTimeOffset? until = null) =>
        new(0, default, default, kind, text) { Code = code, Until = until };

    private static Notice? ForEveryone(JointOrder.Event fact) => fact switch
    {
        JointOrder.Event.Extended f => New(
            NoticeKind.OrderExtended, $"The order stays open until {Time(f.Cutoff)}: {f.Reason}", until: f.Cutoff),
        JointOrder.Event.Held f => New(NoticeKind.OrderHeld, $"The order takes no commitments until further notice: {f.Reason}"),
        JointOrder.Event.Resumed f => New(
            NoticeKind.OrderResumed, $"The order takes commitments again until {Time(f.Cutoff)}.", until: f.Cutoff),
        JointOrder.Event.MovedToSuccessor f => New(
            NoticeKind.OrderMoved,
            $"The order is bought on contract {f.Terms.Contract} now; confirm your commitment by {Time(f.Terms.Cutoff)}, or it is out.",
            until: f.Terms.Cutoff),
        JointOrder.Event.FallbackOffered f => New(
            NoticeKind.ConfirmAgain,
            $"The minimum was missed; confirm your commitment at the lower tier's price by {Time(f.Until)}, or it is out.",
            until: f.Until),
        JointOrder.Event.Ready f => New(
            NoticeKind.OrderReady, $"Shares and prices are final with round {f.Round}; the order goes to vendor {f.Vendor}."),
        JointOrder.Event.ReAwarded f => New(
            NoticeKind.OrderReAwarded, $"Vendor {f.From} does not deliver ({f.Reason}); vendor {f.To} is asked."),
        JointOrder.Event.Confirmed f => New(NoticeKind.OrderConfirmed, $"Vendor {f.Vendor} has accepted the order."),
        JointOrder.Event.Cancelled f => New(
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
        Commitment.Event.Approved f => New(NoticeKind.Approved, $"A cost of up to {f.UpTo} is approved."),
        Commitment.Event.Declined f => New(NoticeKind.Declined, $"An approver declined the cost: {f.Reason}", "approval-declined"),
        _ => throw new InvalidOperationException($"{fact} tells its member nothing."),
    };

    private static Notice? Short(int line, int round, MemberShare share) =>
        share.Short <= Quantity.Zero || share.Member == SettlementRules.Stock
            ? null
            : New(
                NoticeKind.Shortfall,
                $"Line {line}: {share.Short} of {share.Allocated - share.OfWhichTolerance + share.Short} committed units fill no case in "
                + $"round {round}; {share.Allocated} are allocated.",
                share.Remainder) with { Member = share.Member, Line = line };

    private static Notice? Smaller(int line, string reason, ShareDifference share) =>
        share.Before == share.After || share.Member == SettlementRules.Stock
            ? null
            : New(
                NoticeKind.ShareChanged,
                $"Line {line}: {share.After} units instead of {share.Before}, {share.AmountAfter} instead of {share.AmountBefore}: "
                + reason) with { Member = share.Member, Line = line };

    private static Notice Out(Exclusion exclusion, string why) => New(
        NoticeKind.Declined,
        exclusion.LineNo is { } line ? $"The commitment to line {line} does not count, {why}: {exclusion.Code}."
            : $"The commitment does not count, {why}: {exclusion.Code}.",
        exclusion.Code) with { Member = exclusion.Member, Line = exclusion.LineNo };

    private static Notice Approval(ApprovalNeeded needed) => New(
        NoticeKind.ApprovalNeeded,
        $"A cost of {needed.Total} (committed: {needed.Committed}) needs approval or evidence: {string.Join(", ", needed.Reasons)}.",
        needed.Reasons is [var first, ..] ? first : null) with { Member = needed.Member };

    private static string Time(DateTimeOffset at) => string.Create(
        CultureInfo.InvariantCulture, $"{BusinessCalendar.Local(at):yyyy-MM-dd HH:mm} Central Time");
}
