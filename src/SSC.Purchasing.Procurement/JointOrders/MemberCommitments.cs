using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Procurement.JointOrders;

/// <summary>Where a member's commitment stands.</summary>
public enum CommitmentStatus
{
    /// <summary>Counts.</summary>
    Placed,

    /// <summary>Taken back.</summary>
    Withdrawn,

    /// <summary>Declined by an approver.</summary>
    Declined,
}

/// <summary>A member's commitment to an order.</summary>
public sealed record MemberCommitment(
    JointOrderId Order,
    MemberNo Member,
    CooperativeId Cooperative,
    CommitmentStatus Status,
    StructuralList<CommitmentLine> Lines,
    Money Amount,
    int Generation,
    string Buyer)
{
    /// <summary>Highest approved cost.</summary>
    public Money? ApprovedUpTo { get; init; }

    /// <summary>Cost above which a second person approves.</summary>
    public Money? ApprovalThreshold { get; init; }

    /// <summary>Where the consideration of the State's contract is documented.</summary>
    public string? CpvEvidence { get; init; }
}

/// <summary>Every commitment, by order and by member. Key: <c>{order}:{member}</c>. Indexes: order, member, cooperative.</summary>
public sealed class MemberCommitments : ReadModel<MemberCommitment>
{
    /// <summary>The one instance.</summary>
    public static readonly MemberCommitments Instance = new();

    /// <inheritdoc/>
    public override string Name => "member_commitments";

    /// <inheritdoc/>
    public override int Version => 1;

    /// <inheritdoc/>
    public override IReadOnlyList<IndexColumn<MemberCommitment>> Indexes { get; } =
    [
        new("order_id", r => r.Order.Value),
        new("member", r => r.Member.Value),
        new("cooperative", r => r.Cooperative.Value),
    ];

    /// <inheritdoc/>
    public override IEnumerable<string> KeysOf(RecordedEvent e) =>
        CommitmentStream.Parse(e.Stream) is { } c ? [Commitment.Key(c.Order, c.Member)] : [];

    /// <inheritdoc/>
    public override MemberCommitment? Apply(string key, MemberCommitment? row, RecordedEvent e) => e.Fact switch
    {
        Commitment.Event.Placed f => new(
            f.Order, f.Member, f.Cooperative, CommitmentStatus.Placed, f.Lines, f.Amount, f.Generation, f.Buyer)
        {
            ApprovalThreshold = f.ApprovalThreshold,
        },
        Commitment.Event.Revised f => row! with
        {
            Lines = f.Lines,
            Amount = f.Amount,
            Generation = f.Generation,
            Buyer = f.Buyer,
            Status = CommitmentStatus.Placed,
        },
        Commitment.Event.Withdrawn => row! with { Lines = [], Amount = Money.Zero, Status = CommitmentStatus.Withdrawn },
        Commitment.Event.Reconfirmed f => row! with { Generation = f.Generation },
        Commitment.Event.CpvConsidered f => row! with { CpvEvidence = f.Evidence },
        Commitment.Event.Approved f => row! with { ApprovedUpTo = f.UpTo },
        Commitment.Event.Declined => row! with { Status = CommitmentStatus.Declined },
        _ => row,
    };
}
