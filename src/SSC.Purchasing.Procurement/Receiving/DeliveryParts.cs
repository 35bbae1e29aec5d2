using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Procurement.Receiving;

/// <summary>What is claimed from a vendor.</summary>
public enum ClaimKind
{
    /// <summary>It was not in the delivery.</summary>
    Shortage,

    /// <summary>It arrived damaged.</summary>
    Damage,
}

/// <summary>What a vendor says to a claim.</summary>
public enum ClaimAnswer
{
    /// <summary>A credit memo follows.</summary>
    CreditPromised,

    /// <summary>The goods are sent again.</summary>
    Replacement,

    /// <summary>Nothing is owed.</summary>
    Denied,
}

/// <summary>How a claim ended.</summary>
public enum ClaimResolution
{
    /// <summary>The vendor credited it; the quantity never comes.</summary>
    Credited,

    /// <summary>The goods were sent again.</summary>
    Replaced,

    /// <summary>The member let it go: the quantity counts as received.</summary>
    Withdrawn,
}

/// <summary>A claim on the vendor.</summary>
/// <param name="No">1…n within the delivery.</param>
/// <param name="Kind">Shortage or damage.</param>
/// <param name="Document">The receiver's number of the report.</param>
/// <param name="Line">Order line.</param>
/// <param name="Quantity">Units claimed.</param>
public sealed record Claim(int No, ClaimKind Kind, string Document, int Line, Quantity Quantity)
{
    /// <summary>In the receiver's words.</summary>
    public string? Note { get; init; }

    /// <summary>The vendor's answer.</summary>
    public ClaimAnswer? Answer { get; init; }

    /// <summary>In the vendor's words.</summary>
    public string? AnswerNote { get; init; }

    /// <summary>The coordinator was told that the vendor does not answer.</summary>
    public bool IsOverdue { get; init; }

    /// <summary>How it ended.</summary>
    public ClaimResolution? Resolution { get; init; }

    /// <summary>The credit memo or other document it ended with.</summary>
    public string? ResolvedBy { get; init; }
}

/// <summary>Why goods wait for a decision.</summary>
public enum HoldKind
{
    /// <summary>Another item than the agreed one.</summary>
    Substitute,

    /// <summary>More than was ordered and tolerated.</summary>
    Excess,

    /// <summary>They were left at another site.</summary>
    WrongSite,
}

/// <summary>What was decided about goods on hold.</summary>
public enum HoldDecision
{
    /// <summary>They count as received.</summary>
    Accepted,

    /// <summary>They go back to the vendor.</summary>
    Returned,
}

/// <summary>Goods that arrived and wait for a decision.</summary>
/// <param name="No">1…n within the delivery.</param>
/// <param name="Kind">Why.</param>
/// <param name="Line">Order line.</param>
/// <param name="Item">What arrived.</param>
/// <param name="Quantity">Units.</param>
public sealed record HeldGoods(int No, HoldKind Kind, int Line, ItemNo Item, Quantity Quantity)
{
    /// <summary>Where they were left, for <see cref="HoldKind.WrongSite"/>.</summary>
    public SiteId? FoundAt { get; init; }

    /// <summary>What was decided; null while they wait.</summary>
    public HoldDecision? Decision { get; init; }
}

/// <summary>More is announced than may still come. Nothing is decided by it: what arrives is judged when it is received.</summary>
/// <param name="Document">The despatch advice.</param>
/// <param name="Line">Order line.</param>
/// <param name="OnTheWay">Units on their way with it.</param>
/// <param name="Excess">Units of them beyond what may still come and is tolerated.</param>
public sealed record DespatchFinding(string Document, int Line, Quantity OnTheWay, Quantity Excess);

/// <summary>How far a return has come.</summary>
public enum ReturnStatus
{
    /// <summary>The vendor may be sent the goods.</summary>
    Authorized,

    /// <summary>They are on their way back.</summary>
    Returned,

    /// <summary>The vendor credited them.</summary>
    Credited,

    /// <summary>They stay after all.</summary>
    Cancelled,
}

/// <summary>Goods that go back to the vendor after they were shipped or received.</summary>
/// <param name="No">1…n within the delivery.</param>
/// <param name="Document">Number of the return authorization.</param>
/// <param name="Line">Order line.</param>
/// <param name="Quantity">Units.</param>
/// <param name="Status">How far it has come.</param>
public sealed record GoodsReturn(int No, string Document, int Line, Quantity Quantity, ReturnStatus Status)
{
    /// <summary>The credit memo.</summary>
    public string? CreditedBy { get; init; }
}

/// <summary>
/// Where the units of one order line at a site are. Nothing is lost or made: <see cref="Ordered"/> + <see cref="Surplus"/> =
/// <see cref="Outstanding"/> + <see cref="BackOrdered"/> + <see cref="Accepted"/> + <see cref="Held"/> + <see cref="Short"/> +
/// <see cref="Damaged"/> + <see cref="Refused"/> + <see cref="Released"/> + <see cref="Returned"/>, after every event.
/// </summary>
/// <param name="Expected">What was agreed.</param>
/// <param name="Ordered">Units agreed.</param>
/// <param name="Outstanding">Still to come; nobody has said otherwise.</param>
public sealed record LineBalance(ExpectedLine Expected, Quantity Ordered, Quantity Outstanding)
{
    /// <summary>Comes later, as the vendor said.</summary>
    public Quantity BackOrdered { get; init; }

    /// <summary>Until when the back-order stands.</summary>
    public DateOnly? BackOrderUntil { get; init; }

    /// <summary>The back-order of this day was reported as overdue.</summary>
    public DateOnly? OverdueSince { get; init; }

    /// <summary>Received in good order and kept; what an invoice may ask for.</summary>
    public Quantity Accepted { get; init; }

    /// <summary>Arrived, waiting for a decision.</summary>
    public Quantity Held { get; init; }

    /// <summary>Claimed as missing.</summary>
    public Quantity Short { get; init; }

    /// <summary>Claimed as damaged.</summary>
    public Quantity Damaged { get; init; }

    /// <summary>Turned away.</summary>
    public Quantity Refused { get; init; }

    /// <summary>Given up before it came.</summary>
    public Quantity Released { get; init; }

    /// <summary>Sent back after it was shipped or received.</summary>
    public Quantity Returned { get; init; }

    /// <summary>Received beyond the ordered quantity, tolerated or accepted.</summary>
    public Quantity Surplus { get; init; }

    /// <summary>Of all the above, what is certain never to be paid: released, refused, credited.</summary>
    public Quantity WrittenOff { get; init; }

    /// <summary>What the vendor says it has sent.</summary>
    public Quantity Despatched { get; init; }

    /// <summary>Of that, what nobody has said anything of since: it is on its way.</summary>
    public Quantity OnTheWay { get; init; }

    /// <summary>Units that may still come.</summary>
    public Quantity Open() => Outstanding + BackOrdered;

    /// <summary>Units that arrived, in whatever condition, less what was turned away at the door.</summary>
    public Quantity Arrived() => Accepted + Held + Damaged + Returned;

    /// <summary>Units that are there or may still come: what members of a central site can share now.</summary>
    public Quantity Available() => Accepted + Held + Open();

    /// <summary>True when something was said or done about the line.</summary>
    public bool IsTouched() => Outstanding != Ordered || Despatched > Quantity.Zero;

    /// <summary>Takes units out of what may still come, those that are not back-ordered first.</summary>
    internal LineBalance Take(Quantity quantity)
    {
        var first = Quantity.Min(quantity, Outstanding);
        return (this with { Outstanding = Outstanding - first }).HeardOf(quantity)
            .WithBackOrder(BackOrdered - (quantity - first), BackOrderUntil);
    }

    /// <summary>Units that arrived or never will are not on their way any more.</summary>
    internal LineBalance HeardOf(Quantity quantity) => this with { OnTheWay = OnTheWay - Quantity.Min(quantity, OnTheWay) };

    /// <summary>Sets what is back-ordered; a day stands only while something is.</summary>
    internal LineBalance WithBackOrder(Quantity quantity, DateOnly? until) =>
        this with { BackOrdered = quantity, BackOrderUntil = quantity > Quantity.Zero ? until : null };

    /// <summary>Adds to what is back-ordered; the later day stands.</summary>
    internal LineBalance BackOrder(Quantity quantity, DateOnly until) =>
        WithBackOrder(BackOrdered + quantity, BackOrderUntil is { } before && before > until ? before : until);

    internal LineBalance WriteOff(Quantity quantity) => this with { WrittenOff = WrittenOff + quantity };
}
