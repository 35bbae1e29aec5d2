using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Procurement.PurchaseOrders;

/// <summary>Where an order stands, in one word.</summary>
public enum PurchaseOrderStatus
{
    /// <summary>Issued or revised, and the vendor does not have it yet.</summary>
    Issued,

    /// <summary>With the vendor, unanswered.</summary>
    Sent,

    /// <summary>Answered in part.</summary>
    Answered,

    /// <summary>Every line settled, some will be delivered.</summary>
    Confirmed,

    /// <summary>Nothing will be delivered.</summary>
    Rejected,

    /// <summary>Another vendor has it.</summary>
    ReAwarded,

    /// <summary>The vendor was asked to let go.</summary>
    CancellationRequested,

    /// <summary>Taken back.</summary>
    Cancelled,

    /// <summary>Delivered and done.</summary>
    Closed,
}

/// <summary>A purchase order as its vendor and the coordinator see it.</summary>
/// <param name="File">Document, revisions, line standings.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="IssuedAt">When it was issued.</param>
/// <param name="ChangedAt">When anything last happened to it.</param>
public sealed record PurchaseOrderEntry(OrderFile File, PurchaseOrderStatus Status, DateTimeOffset IssuedAt, DateTimeOffset ChangedAt)
{
    /// <summary>Where it stood before the vendor was asked to let go.</summary>
    public PurchaseOrderStatus? StatusBefore { get; init; }

    /// <summary>What will be delivered, once confirmed.</summary>
    public StructuralList<AgreedLine> Agreed { get; init; }

    /// <summary>Why it was rejected.</summary>
    public string? Rejection { get; init; }

    /// <summary>Who has it now, when it was re-awarded.</summary>
    public VendorId? ReAwardedTo { get; init; }

    /// <summary>What the vendor charged for cancelling.</summary>
    public Money? CancellationFee { get; init; }
}

/// <summary>Every purchase order, by key; by vendor, joint order, status and number.</summary>
public sealed class PurchaseOrderBoard : ReadModel<PurchaseOrderEntry>
{
    /// <summary>The one instance.</summary>
    public static readonly PurchaseOrderBoard Instance = new();

    /// <inheritdoc/>
    public override string Name => "purchase_orders";

    /// <inheritdoc/>
    public override int Version => 3;

    /// <inheritdoc/>
    public override IReadOnlyList<IndexColumn<PurchaseOrderEntry>> Indexes { get; } =
    [
        new("vendor", r => r.File.Document.Vendor.Value),
        new("joint_order", r => r.File.Document.JointOrder.Value),
        new("status", r => r.Status.ToString()),
        new("number", r => r.File.Document.Number),
    ];

    /// <inheritdoc/>
    public override IEnumerable<string> KeysOf(RecordedEvent e) => e.KeysIn<PurchaseOrder.Event>(PurchaseOrder.Category);

    /// <inheritdoc/>
    public override PurchaseOrderEntry? Apply(string key, PurchaseOrderEntry? row, RecordedEvent e) =>
        (row, (PurchaseOrder.Event)e.Fact) switch
        {
            (_, PurchaseOrder.Event.Issued f) => new(OrderFile.Of(f.Document, f.ContentHash), PurchaseOrderStatus.Issued, e.At, e.At),
            ({ } r, var f) => Move(r with { File = r.File.After(f), ChangedAt = e.At }, f),
            _ => throw new InvalidOperationException($"{e.Stream} does not begin with its issue."),
        };

    private static PurchaseOrderEntry Move(PurchaseOrderEntry r, PurchaseOrder.Event fact) => fact switch
    {
        PurchaseOrder.Event.Revised => r with { Status = PurchaseOrderStatus.Issued, Agreed = [] },
        PurchaseOrder.Event.ResponseRecorded { Response.Code: ResponseCode.CA } => r with { Status = PurchaseOrderStatus.Answered },
        PurchaseOrder.Event.Dispatched or PurchaseOrder.Event.ManuallyDispatched or PurchaseOrder.Event.ResponseRecorded =>
            r.Status == PurchaseOrderStatus.Issued ? r with { Status = PurchaseOrderStatus.Sent } : r,
        PurchaseOrder.Event.Confirmed f => r with { Status = PurchaseOrderStatus.Confirmed, Agreed = f.Lines },
        PurchaseOrder.Event.Rejected f => r with { Status = PurchaseOrderStatus.Rejected, Rejection = f.Reason },
        PurchaseOrder.Event.ReAwarded f => r with { Status = PurchaseOrderStatus.ReAwarded, ReAwardedTo = f.To },
        PurchaseOrder.Event.CancellationRequested => r with { Status = PurchaseOrderStatus.CancellationRequested, StatusBefore = r.Status },
        PurchaseOrder.Event.CancellationDeclined => r with { Status = r.StatusBefore ?? r.Status, StatusBefore = null },
        PurchaseOrder.Event.Cancelled f => r with { Status = PurchaseOrderStatus.Cancelled, StatusBefore = null, CancellationFee = f.Fee },
        PurchaseOrder.Event.Closed => r with { Status = PurchaseOrderStatus.Closed },
        _ => r,
    };
}
