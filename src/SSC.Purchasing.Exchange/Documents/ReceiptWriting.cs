using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Exchange.Documents;

/// <summary>What became of goods that were not kept.</summary>
public enum RejectionReason
{
    /// <summary>Damaged.</summary>
    Damaged,

    /// <summary>Delivered to the wrong site.</summary>
    WrongSite,

    /// <summary>Another item than ordered, and not accepted instead.</summary>
    WrongItem,

    /// <summary>Refused for another reason.</summary>
    Refused,
}

/// <summary>What a site says of one order line.</summary>
/// <param name="OrderLine">Line of the purchase order.</param>
/// <param name="Item">Item that arrived.</param>
/// <param name="Description">As in the order.</param>
/// <param name="Unit">UN/ECE unit code.</param>
/// <param name="Received">Units that arrived, those refused included; zero when nothing did.</param>
public sealed record ReceiptLineToWrite(int OrderLine, ItemNo Item, string Description, string Unit, Quantity Received)
{
    /// <summary>Units missing against the despatch advice, or the order where none came; zero for none.</summary>
    public Quantity Short { get; init; }

    /// <summary>Units beyond what was ordered; zero for none.</summary>
    public Quantity Over { get; init; }

    /// <summary>Units that are not kept; zero for none.</summary>
    public Quantity Rejected { get; init; }

    /// <summary>Why they are not kept.</summary>
    public RejectionReason Reason { get; init; }

    /// <summary>In the site's words, at most 500 characters.</summary>
    public string? Note { get; init; }
}

/// <summary>What one site received, to be told to the vendor. Stands by itself: whoever records receipts fills it.</summary>
/// <param name="DocumentId">Number of the receipt, never used for another one.</param>
/// <param name="OrderNumber">Number of the purchase order.</param>
/// <param name="Buyer">The cooperative that ordered.</param>
/// <param name="Seller">The vendor.</param>
/// <param name="Site">Where it arrived.</param>
/// <param name="IssuedAt">When the receipt was recorded.</param>
/// <param name="ReceivedOn">Day the goods arrived.</param>
/// <param name="Lines">At least one.</param>
public sealed record ReceiptToWrite(
    string DocumentId, string OrderNumber, TradingParty Buyer, TradingParty Seller, TradingParty Site, DateTimeOffset IssuedAt,
    DateOnly ReceivedOn, StructuralList<ReceiptLineToWrite> Lines)
{
    /// <summary>The vendor's despatch advice that it answers; null when goods came without one.</summary>
    public string? DespatchId { get; init; }

    /// <summary>In the site's words, at most 500 characters.</summary>
    public string? Note { get; init; }
}

/// <summary>Writes receipts in one format. Pure: the same receipt always gives the same bytes.</summary>
public interface IReceiptWriter
{
    /// <summary>Name of the format, e.g. <c>ubl</c>.</summary>
    string Format { get; }

    /// <summary>Media type of what it writes.</summary>
    string MediaType { get; }

    /// <summary>Extension of a file that holds it, without the dot.</summary>
    string FileExtension { get; }

    /// <summary>The bytes of a receipt.</summary>
    byte[] Write(ReceiptToWrite receipt);
}
