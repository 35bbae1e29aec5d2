using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Procurement.Receiving;

/// <summary>What becomes of a back-order whose deadline has passed.</summary>
public enum BackOrderLapse
{
    /// <summary>It is released: the quantity will never come and its budget is free again.</summary>
    Release,

    /// <summary>It stays until a person keeps it on with a new deadline or releases it; the coordinator hears of it.</summary>
    Ask,
}

/// <summary>
/// How deliveries of one joint order are received. Every figure is a parameter of the order, set by the cooperative with the order's
/// plan and in force from the day it is planned; none is a constant.
/// </summary>
public sealed record ReceivingTerms
{
    /// <summary>What may be delivered beyond the ordered quantity without anybody's decision, basis points of a line at a site.</summary>
    public int OverDeliveryBasisPoints { get; init; }

    /// <summary>Business days a back-order may take when the vendor names no day.</summary>
    public int BackOrderDays { get; init; } = 20;

    /// <summary>What becomes of a back-order after that.</summary>
    public BackOrderLapse BackOrderLapse { get; init; } = BackOrderLapse.Release;

    /// <summary>Business days after the day of delivery on which a site that has recorded no receipt is reminded.</summary>
    public int ReceiptReminderDays { get; init; } = 5;

    /// <summary>Business days a vendor has to answer a claim before the coordinator hears of it.</summary>
    public int ClaimAnswerDays { get; init; } = 10;

    /// <summary>True when no figure is negative or beyond a year, and the tolerance is at most the ordered quantity itself.</summary>
    public bool IsSound() =>
        OverDeliveryBasisPoints is >= 0 and <= 10_000 && BackOrderDays is > 0 and <= 366 && ReceiptReminderDays is > 0 and <= 366
        && ClaimAnswerDays is > 0 and <= 366;
}

/// <summary>What a member is to get of a line at a site.</summary>
/// <param name="Member">Whose goods.</param>
/// <param name="Quantity">Units, above zero.</param>
public sealed record DropShare(MemberNo Member, Quantity Quantity);

/// <summary>What is expected of one order line at a site.</summary>
/// <param name="Line">Line of the purchase order.</param>
/// <param name="Item">The agreed item: the ordered one, or the substitute that was accepted.</param>
/// <param name="Unit">UN/ECE unit code.</param>
/// <param name="Shares">Whose goods they are; more than one member at a central site.</param>
public sealed record ExpectedLine(int Line, ItemNo Item, string Unit, StructuralList<DropShare> Shares)
{
    /// <summary>Units of all members.</summary>
    public Quantity Total() => Shares.Select(s => s.Quantity).Sum();
}

/// <summary>What a purchase order, as agreed, brings to one site.</summary>
/// <param name="JointOrder">The joint order it buys for.</param>
/// <param name="Vendor">Who delivers.</param>
/// <param name="Site">Where to.</param>
/// <param name="OrderNumber">Number of the purchase order.</param>
/// <param name="Revision">Revision that was agreed.</param>
/// <param name="DueOn">Last day of delivery that was asked for or agreed.</param>
/// <param name="Lines">Lines with goods for the site, at least one.</param>
/// <param name="Terms">How it is received.</param>
public sealed record Expectation(
    JointOrderId JointOrder, VendorId Vendor, SiteId Site, string OrderNumber, int Revision, DateOnly DueOn,
    StructuralList<ExpectedLine> Lines, ReceivingTerms Terms);

/// <summary>What a receiver counted of one order line.</summary>
/// <param name="OrderLine">Line of the purchase order.</param>
/// <param name="Item">What arrived; another item than the agreed one waits for a decision as a substitute.</param>
/// <param name="Quantity">Units in good order, in <paramref name="Unit"/>, above zero.</param>
/// <param name="Unit">UN/ECE unit code.</param>
public sealed record ReceiptLine(int OrderLine, ItemNo Item, Quantity Quantity, string Unit);

/// <summary>A receiver's record of goods that arrived.</summary>
/// <param name="DocumentId">The receiver's number of it, e.g. of the packing slip, 1–100 characters; the same number counts once.</param>
/// <param name="ReceivedOn">Day of arrival.</param>
/// <param name="Lines">What was counted, at least one line.</param>
public sealed record GoodsReceipt(string DocumentId, DateOnly ReceivedOn, StructuralList<ReceiptLine> Lines)
{
    /// <summary>In the receiver's words, at most 500 characters.</summary>
    public string? Note { get; init; }
}

/// <summary>What a receipt line came to.</summary>
/// <param name="Line">Line of the purchase order.</param>
/// <param name="Item">What arrived.</param>
/// <param name="Accepted">Units that count as received, <paramref name="Surplus"/> included.</param>
/// <param name="Surplus">Of these, units beyond the ordered quantity and within the tolerance.</param>
/// <param name="Substituted">Units of another item, on hold until somebody decides.</param>
/// <param name="Excess">Units beyond the tolerance, on hold until somebody decides.</param>
public sealed record ArrivedLine(int Line, ItemNo Item, Quantity Accepted, Quantity Surplus, Quantity Substituted, Quantity Excess);
