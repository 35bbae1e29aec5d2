using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Procurement.Receiving;

/// <summary>What a vendor says it has sent on one order line.</summary>
/// <param name="OrderLine">Line of the purchase order.</param>
/// <param name="Item">Item sent; differs from the ordered one when it is a substitute.</param>
/// <param name="Quantity">Units sent, in <paramref name="Unit"/>, above zero.</param>
/// <param name="Unit">UN/ECE unit code.</param>
public sealed record DespatchLine(int OrderLine, ItemNo Item, Quantity Quantity, string Unit)
{
    /// <summary>Units that follow later; null when the vendor does not say.</summary>
    public Quantity? BackOrdered { get; init; }

    /// <summary>Lot or serial number, at most 100 characters.</summary>
    public string? Lot { get; init; }
}

/// <summary>A vendor's despatch advice: what is on its way to one site.</summary>
/// <param name="DocumentId">The vendor's number of the document, 1–100 characters; the same number counts once.</param>
/// <param name="OrderNumber">Number of the purchase order.</param>
/// <param name="Vendor">Who sends.</param>
/// <param name="Site">Where it goes.</param>
/// <param name="DespatchedOn">Day it left.</param>
/// <param name="Lines">What is in it, at least one line.</param>
public sealed record DespatchNote(
    string DocumentId, string OrderNumber, VendorId Vendor, SiteId Site, DateOnly DespatchedOn, StructuralList<DespatchLine> Lines)
{
    /// <summary>Day it is expected to arrive.</summary>
    public DateOnly? ExpectedOn { get; init; }

    /// <summary>Who carries it, at most 100 characters.</summary>
    public string? Carrier { get; init; }

    /// <summary>The carrier's tracking number, at most 100 characters.</summary>
    public string? Tracking { get; init; }
}
