using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Procurement.PurchaseOrders;

/// <summary>How far buyer and vendor agree on a line.</summary>
public enum LineStatus
{
    /// <summary>The vendor has not answered it.</summary>
    Open,

    /// <summary>Agreed, as ordered or as proposed and accepted.</summary>
    Accepted,

    /// <summary>The vendor will not deliver it.</summary>
    Rejected,

    /// <summary>The vendor proposes a change; the buyer has not decided.</summary>
    Proposed,

    /// <summary>The buyer declined the change; the vendor may answer anew, or the line is cancelled.</summary>
    ChangeRejected,

    /// <summary>The buyer took it back.</summary>
    Cancelled,
}

/// <summary>Where a line stands, and the vendor's last answer to it.</summary>
public sealed record LineStanding(LineStatus Status, LineAnswer? Answer = null)
{
    /// <summary>True when nobody has to decide anything about the line any more.</summary>
    public bool IsSettled() => Status is LineStatus.Accepted or LineStatus.Rejected or LineStatus.Cancelled;

    /// <summary>What is agreed on an accepted line: the ordered terms, with the changes that were proposed and accepted.</summary>
    public AgreedLine Agreed(OrderLine line) => Answer is { Code: LineAnswerCode.Propose } change
        ? new(line.No, change.Substitute ?? line.Item, change.Quantity ?? line.Quantity, change.Price ?? line.Price, change.DeliverOn)
        : new(line.No, line.Item, line.Quantity, line.Price);
}

/// <summary>What a vendor is bound to deliver.</summary>
/// <param name="Line">Line number.</param>
/// <param name="Item">The ordered item or its accepted substitute.</param>
/// <param name="Quantity">Units.</param>
/// <param name="Price">Unit price.</param>
/// <param name="DeliverOn">Another day than the drops ask for, when one was agreed.</param>
public sealed record AgreedLine(int Line, ItemNo Item, Quantity Quantity, UnitPrice Price, DateOnly? DeliverOn = null);

/// <summary>What is known of an issued order.</summary>
/// <param name="Document">The latest revision.</param>
/// <param name="Hashes">Content hash of each revision, the first first.</param>
/// <param name="Lines">Standing of each line of the latest revision, by number.</param>
public sealed record OrderFile(OrderDocument Document, StructuralList<string> Hashes, StructuralMap<int, LineStanding> Lines)
{
    /// <summary>The latest revision that reached the vendor; 0 while none has.</summary>
    public int DispatchedRevision { get; init; }

    /// <summary>Failed attempts to send the latest revision.</summary>
    public int FailedAttempts { get; init; }

    /// <summary>Document numbers of the responses recorded.</summary>
    public StructuralList<string> Responses { get; init; }

    /// <summary>The last reminder sent to the vendor.</summary>
    public int Reminders { get; init; }

    /// <summary>How often it was sent again on request.</summary>
    public int Resends { get; init; }

    /// <summary>Content hashes of the revisions that the vendor acknowledged to have fetched.</summary>
    public StructuralList<string> PickedUp { get; init; }

    /// <summary>True when the coordinator was told that the vendor is silent or cannot be reached with the latest revision.</summary>
    public bool IsEscalated { get; init; }

    /// <summary>Everything delivered is billed, every bill paid or credited.</summary>
    public bool IsBilled { get; init; }

    /// <summary>Number of the latest revision.</summary>
    public int Revision => Hashes.Count;

    /// <summary>Content hash of the latest revision.</summary>
    public string ContentHash => Hashes[^1];

    /// <summary>True when the vendor has an earlier revision and not the latest one.</summary>
    public bool IsRevisedUnsent() => Revision > 1 && DispatchedRevision < Revision;

    internal static OrderFile Of(OrderDocument document, string hash) =>
        new(document, [hash], document.Lines.ToStructuralMap(l => l.No, _ => new LineStanding(LineStatus.Open)));

    /// <summary>What is known after a fact that follows the issue.</summary>
    internal OrderFile After(PurchaseOrder.Event fact) => fact switch
    {
        PurchaseOrder.Event.Revised e => Revise(e.Document, e.ContentHash),
        PurchaseOrder.Event.Dispatched e => this with { DispatchedRevision = e.Revision },
        PurchaseOrder.Event.ManuallyDispatched e => this with { DispatchedRevision = e.Revision },
        PurchaseOrder.Event.DispatchFailed e => this with { FailedAttempts = e.Attempts },
        PurchaseOrder.Event.ResponseRecorded e => Answered(e.Response),
        PurchaseOrder.Event.ChangeAccepted e => With(e.Agreed.Line, LineStatus.Accepted),
        PurchaseOrder.Event.ChangeRejected e => With(e.Line, LineStatus.ChangeRejected),
        PurchaseOrder.Event.LineCancelled e => With(e.Line, LineStatus.Cancelled),
        PurchaseOrder.Event.Reminded e => this with { Reminders = e.Number },
        PurchaseOrder.Event.Resent e => this with { Resends = e.Number },
        PurchaseOrder.Event.PickedUp e => this with { PickedUp = PickedUp.Add(e.ContentHash) },
        PurchaseOrder.Event.Escalated => this with { IsEscalated = true },
        PurchaseOrder.Event.BillingSettled => this with { IsBilled = true },
        PurchaseOrder.Event.BillingReopened => this with { IsBilled = false },
        _ => this,
    };

    /// <summary>The next revision: a line whose terms are just what was agreed stays agreed, every other line is open.</summary>
    private OrderFile Revise(OrderDocument document, string hash) => this with
    {
        Document = document,
        Hashes = Hashes.Add(hash),
        FailedAttempts = 0,
        IsEscalated = false,
        Lines = document.Lines.ToStructuralMap(l => l.No, l => IsAgreed(l) ? Lines[l.No] : new(LineStatus.Open)),
    };

    private OrderFile With(int line, LineStatus status) => this with { Lines = Lines.Set(line, Lines[line] with { Status = status }) };

    /// <summary>After a response: an acceptance settles every line that is still to be had, line answers replace those before.</summary>
    private OrderFile Answered(VendorResponse response) => this with
    {
        Responses = Responses.Add(response.DocumentId),
        Lines = response.Code == ResponseCode.AP
            ? Lines.ToStructuralMap(l => l.Key, l => l.Value.Status is LineStatus.Cancelled or LineStatus.Accepted
                ? l.Value
                : new(LineStatus.Accepted))
            : response.Lines.Aggregate(Lines, (lines, answer) => lines.Set(answer.Line, new(StatusAfter(answer), answer))),
    };

    internal StructuralList<AgreedLine> AgreedLines() =>
        [.. Document.Lines.Where(l => Lines[l.No].Status == LineStatus.Accepted).Select(l => Lines[l.No].Agreed(l))];

    /// <summary>How much of a line the vendor agreed to deliver; nothing of one that it did not accept.</summary>
    public Quantity WillCome(OrderLine line) =>
        Lines[line.No] is { Status: LineStatus.Accepted } standing ? standing.Agreed(line).Quantity : Quantity.Zero;

    internal StructuralList<int> LinesThatAre(LineStatus status) => [.. Lines.Where(l => l.Value.Status == status).Select(l => l.Key)];

    private static LineStatus StatusAfter(LineAnswer answer) => answer.Code switch
    {
        LineAnswerCode.Accept => LineStatus.Accepted,
        LineAnswerCode.Reject => LineStatus.Rejected,
        _ => LineStatus.Proposed,
    };

    private bool IsAgreed(OrderLine line) =>
        Lines.TryGetValue(line.No, out var standing) && standing.Status == LineStatus.Accepted
        && standing.Agreed(Document.Find(line.No)!) is var agreed
        && (agreed.Item, agreed.Quantity, agreed.Price) == (line.Item, line.Quantity, line.Price);
}
