using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Procurement.VendorDocuments;

/// <summary>Something a vendor sent, as its sender and the coordinator see it.</summary>
/// <param name="Id">Its id, <c>{vendor}:{SHA-256}</c>.</param>
/// <param name="Receipt">What was received.</param>
/// <param name="Outcomes">What became of each document in it, from 1.</param>
/// <param name="ReceivedAt">When.</param>
public sealed record ReceivedDocumentRow(
    string Id, DocumentReceipt Receipt, StructuralMap<int, PartOutcome> Outcomes, DateTimeOffset ReceivedAt)
{
    /// <summary><c>exception</c> while somebody has to look at it, <c>unreadable</c>, or <c>settled</c>.</summary>
    public string Standing => Receipt.Parts.Count == 0 ? "unreadable"
        : Outcomes.Values.Any(o => o.Standing == PartStanding.Exception) ? "exception"
        : Outcomes.Values.Any(o => o.Standing == PartStanding.Open) ? "open" : "settled";
}

/// <summary>Everything that vendors sent. Key: <c>{vendor}:{SHA-256}</c>. Indexes: vendor, standing.</summary>
public sealed class ReceivedDocuments : ReadModel<ReceivedDocumentRow>
{
    /// <summary>The one instance.</summary>
    public static readonly ReceivedDocuments Instance = new();

    /// <inheritdoc/>
    public override string Name => "received_documents";

    /// <inheritdoc/>
    public override int Version => 1;

    /// <inheritdoc/>
    public override IReadOnlyList<IndexColumn<ReceivedDocumentRow>> Indexes { get; } =
        [new("vendor", r => r.Receipt.Vendor.Value), new("standing", r => r.Standing)];

    /// <inheritdoc/>
    public override IEnumerable<string> KeysOf(RecordedEvent e) => e.KeysIn<ReceivedDocument.Event>(ReceivedDocument.Category);

    /// <inheritdoc/>
    public override ReceivedDocumentRow? Apply(string key, ReceivedDocumentRow? row, RecordedEvent e) => (row, e.Fact) switch
    {
        (_, ReceivedDocument.Event.Received f) => new(key, f.Receipt, ReceivedDocument.StandingsOf(f.Receipt), e.At),
        ({ } r, ReceivedDocument.Event f) => r with { Outcomes = ReceivedDocument.After(r.Outcomes, f) },
        _ => row,
    };
}
