using System.Text.Json.Serialization;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Procurement.JointOrders;

/// <summary>A joint order as members see it on the board, with what is missing to the next case and the next tier, live.</summary>
public sealed record BoardOrder(
    JointOrderId Id,
    string Title,
    ContractId Contract,
    VendorId Vendor,
    CooperativeId Lead,
    OrderScope Scope,
    OrderPhase Phase,
    DateTimeOffset Cutoff,
    int Members,
    StructuralList<BoardLine> Lines)
{
    /// <summary>End of the box-fill phase.</summary>
    public DateTimeOffset? BoxFillUntil { get; init; }

    /// <summary>Number of the purchase order, once issued.</summary>
    public string? PurchaseOrder { get; init; }

    /// <summary>Why it was held or cancelled.</summary>
    public string? Note { get; init; }
}

/// <summary>One line on the board; quantities pooled over all members.</summary>
public sealed record BoardLine(OrderLine Line, Quantity Committed, Quantity Tolerance)
{
    /// <summary>Whole cases filled by now.</summary>
    [JsonIgnore]
    public long Cases => SettlementRules.CasesOf(Line.Item, Committed, Tolerance);

    /// <summary>Units missing until one more case is filled.</summary>
    [JsonIgnore]
    public Quantity MissingToNextCase => CaseFilling.MissingToNextCase(Committed, Tolerance, Line.Item.CaseSize);

    /// <summary>Price that the filled cases reach by now.</summary>
    [JsonIgnore]
    public UnitPrice PriceNow => Line.Item.PriceAt(Line.Item.CaseSize * Cases);

    /// <summary>Units missing to the next price tier; null on the last.</summary>
    [JsonIgnore]
    public Quantity? MissingToNextTier => Line.Item.MissingToNextTier(Line.Item.CaseSize * Cases);
}

/// <summary>All joint orders with their pooled totals. Key: order id. Indexes: phase, contract, lead.</summary>
public sealed class JointOrderBoard : ReadModel<BoardOrder>
{
    /// <summary>The one instance.</summary>
    public static readonly JointOrderBoard Instance = new();

    /// <inheritdoc/>
    public override string Name => "joint_order_board";

    /// <inheritdoc/>
    public override int Version => 1;

    /// <inheritdoc/>
    public override IReadOnlyList<IndexColumn<BoardOrder>> Indexes { get; } =
    [
        new("phase", r => r.Phase.ToString()),
        new("contract", r => r.Contract.Value),
        new("lead", r => r.Lead.Value),
    ];

    /// <inheritdoc/>
    public override IEnumerable<string> KeysOf(RecordedEvent e)
    {
        if (e.KeyIn(JointOrder.Category) is { } order) return [order];
        return CommitmentStream.Parse(e.Stream) is { } commitment ? [commitment.Order.Value] : [];
    }

    /// <inheritdoc/>
    public override BoardOrder? Apply(string key, BoardOrder? row, RecordedEvent e) => e.Fact switch
    {
        JointOrder.Event.Planned f => new(
            new(key), f.Terms.Title, f.Terms.Contract, f.Terms.Vendor, f.Terms.Lead, f.Terms.Scope, OrderPhase.Planned, f.Terms.Cutoff, 0,
            f.Terms.Lines.Select(l => new BoardLine(l, Quantity.Zero, Quantity.Zero)).ToStructuralList()),
        JointOrder.Event.Opened f => WithLines(row!, f.Lines) with { Phase = OrderPhase.Open, Cutoff = f.Cutoff },
        JointOrder.Event.MovedToSuccessor f => WithLines(row!, f.Terms.Lines) with
        {
            Phase = OrderPhase.Open,
            Cutoff = f.Terms.Cutoff,
            Contract = f.Terms.Contract,
            Vendor = f.Terms.Vendor,
        },
        JointOrder.Event.Extended f => row! with { Phase = OrderPhase.Open, Cutoff = f.Cutoff },
        JointOrder.Event.Resumed f => row! with { Phase = OrderPhase.Open, Cutoff = f.Cutoff, Note = null },
        JointOrder.Event.FallbackOffered f => row! with { Phase = OrderPhase.Reconfirming, Cutoff = f.Until },
        JointOrder.Event.BoxFillStarted f => row! with { Phase = OrderPhase.BoxFill, BoxFillUntil = f.Until },
        JointOrder.Event.BoxFillClaimed f => Change(row!, [new(f.LineNo, Quantity.Zero, f.Quantity, Quantity.Zero, Quantity.Zero)]),
        JointOrder.Event.ToppedUp f => Change(row!, [new(f.LineNo, Quantity.Zero, f.Quantity, Quantity.Zero, Quantity.Zero)]) with
        {
            Phase = OrderPhase.Closed,
        },
        JointOrder.Event.Held f => row! with { Phase = OrderPhase.Held, Note = f.Reason },
        JointOrder.Event.Cancelled f => row! with { Phase = OrderPhase.Cancelled, Note = f.Reason },
        JointOrder.Event.Closed f => row! with { Phase = OrderPhase.Closed, Note = f.EarlyBecause },
        JointOrder.Event.MinimumMissed => row! with { Phase = OrderPhase.MinimumMissed },
        JointOrder.Event.TopUpRequested => row! with { Phase = OrderPhase.AwaitingTopUp },
        JointOrder.Event.Settled f => row! with { Phase = f.ApprovalsNeeded.Count > 0 ? OrderPhase.Approving : OrderPhase.Encumbering },
        JointOrder.Event.Ready f => row! with { Phase = OrderPhase.Ready, Vendor = f.Vendor },
        JointOrder.Event.Issued f => row! with { Phase = OrderPhase.Issued, Vendor = f.Vendor, PurchaseOrder = f.PurchaseOrder },
        JointOrder.Event.ReAwarded f => row! with { Phase = OrderPhase.Ready, Vendor = f.To },
        JointOrder.Event.Confirmed => row! with { Phase = OrderPhase.Confirmed },
        JointOrder.Event.DeliveryStarted => row! with { Phase = OrderPhase.Delivering },
        JointOrder.Event.ClosedOut => row! with { Phase = OrderPhase.ClosedOut },
        Commitment.Event.Placed f => Change(row!, f.Changes) with { Members = row!.Members + 1 },
        Commitment.Event.Withdrawn f => Change(row!, f.Changes),
        Commitment.Event.Revised f => Change(row!, f.Changes),
        _ => row,
    };

    private static BoardOrder WithLines(BoardOrder row, StructuralList<OrderLine> lines) => row with
    {
        Lines = lines.Select(l => row.Lines.FirstOrDefault(b => b.Line.LineNo == l.LineNo) is { } before
            ? before with { Line = l }
            : new BoardLine(l, Quantity.Zero, Quantity.Zero)).ToStructuralList(),
    };

    private static BoardOrder Change(BoardOrder row, StructuralList<LineChange> changes) => row with
    {
        Lines = row.Lines.Select(l => changes.FirstOrDefault(c => c.LineNo == l.Line.LineNo) is { } c
            ? l with { Committed = l.Committed + c.To - c.From, Tolerance = l.Tolerance + c.ToleranceTo - c.ToleranceFrom }
            : l).ToStructuralList(),
    };
}

/// <summary>Order and member of a commitment stream.</summary>
public sealed record CommitmentStream(JointOrderId Order, MemberNo Member)
{
    /// <summary>Reads <c>commitment-{order}:{member}</c>; null for any other stream.</summary>
    public static CommitmentStream? Parse(string stream)
    {
        if (!stream.StartsWith("commitment-", StringComparison.Ordinal)) return null;
        var colon = stream.IndexOf(':', StringComparison.Ordinal); // members' numbers may have colons, orders' may not
        return colon < 0 ? null : new(new(stream["commitment-".Length..colon]), new(stream[(colon + 1)..]));
    }
}
