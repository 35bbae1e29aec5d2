using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Procurement.JointOrders;

/// <summary>A member that has committed to an order, now or once.</summary>
public sealed record OrderParticipant(JointOrderId Order, MemberNo Member);

/// <summary>
/// Who has committed to which order: where a settlement looks for the streams it reads. Small rows, so that an order of a thousand
/// members is listed at once. Key: <c>{order}:{member}</c>. Indexes: order, member.
/// </summary>
public sealed class OrderParticipants : ReadModel<OrderParticipant>
{
    /// <summary>The one instance.</summary>
    public static readonly OrderParticipants Instance = new();

    /// <inheritdoc/>
    public override string Name => "order_participants";

    /// <inheritdoc/>
    public override int Version => 2;

    /// <inheritdoc/>
    public override IReadOnlyList<IndexColumn<OrderParticipant>> Indexes { get; } =
        [new("order_id", r => r.Order.Value), new("member", r => r.Member.Value)];

    /// <inheritdoc/>
    public override IEnumerable<string> KeysOf(RecordedEvent e) =>
        e.Type is "commitment_placed" && CommitmentStream.Parse(e.Stream) is { } c ? [Commitment.Key(c.Order, c.Member)] : [];

    /// <inheritdoc/>
    public override OrderParticipant? Apply(string key, OrderParticipant? row, RecordedEvent e) =>
        row ?? (e.Fact is Commitment.Event.Placed f ? new(f.Order, f.Member) : null);
}
