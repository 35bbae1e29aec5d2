using System.Text.Json.Serialization;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Contracts;
using SSC.Purchasing.Procurement.PurchaseOrders;

namespace SSC.Purchasing.Procurement.Invoicing;

/// <summary>Why an invoice is not what was ordered and received.</summary>
public enum MatchExceptionKind
{
    /// <summary>An earlier invoice bills the same again, and no more was received.</summary>
    Duplicate,

    /// <summary>A unit price above the agreed one.</summary>
    PriceAboveAgreed,

    /// <summary>More than was received and accepted, together with what earlier invoices bill.</summary>
    QuantityAboveReceived,

    /// <summary>A line or item that the order does not have.</summary>
    UnknownLine,

    /// <summary>A site to which the line does not go.</summary>
    UnknownSite,

    /// <summary>Another unit than the order's.</summary>
    UnitDiffers,

    /// <summary>Billed to somebody else than the contract says.</summary>
    WrongBillTo,

    /// <summary>Freight, a fee or another charge that was not ordered, or more of it.</summary>
    UnorderedCharge,

    /// <summary>Less commodity credit than the order has.</summary>
    CreditMissing,

    /// <summary>
    /// Tax: sales to school districts and local governments are exempt (Minn. Stat. 297A.70 subd. 2(a)(2); the text of 2006 names school
    /// districts only, that of 2021 both). A nonprofit member may owe some (subd. 4 has its own conditions): explain the exception then.
    /// </summary>
    Tax,

    /// <summary>A line or the total is not what its parts come to.</summary>
    TotalsDoNotAdd,

    /// <summary>The payer disputes it for a reason that the match does not see.</summary>
    Contested,
}

/// <summary>One thing that is wrong with an invoice.</summary>
/// <param name="No">1…n within the match; 0 for what the payer contests.</param>
/// <param name="Kind">What.</param>
/// <param name="Subject">The vendor's line, the order line and site, or the charge it is about.</param>
/// <param name="Excess">What is asked above what was agreed; zero where no amount can be told.</param>
/// <param name="Explanation">One sentence with the figures.</param>
public sealed record MatchException(int No, MatchExceptionKind Kind, string Subject, Money Excess, string Explanation);

/// <summary>What is billed of one order line for one site.</summary>
/// <param name="OrderLine">Line of the purchase order.</param>
/// <param name="Site">Site.</param>
/// <param name="Quantity">Units.</param>
/// <param name="Amount">Amount.</param>
public sealed record BilledUnits(int OrderLine, SiteId Site, Quantity Quantity, Money Amount);

/// <summary>A member's part of an invoice, to the cent: the parts of all members sum to what the vendor asks.</summary>
/// <param name="Member">Member, or the coordinator's stock.</param>
/// <param name="Lines">Goods by order line and site.</param>
/// <param name="Freight">Share of the freight.</param>
/// <param name="Discount">Share of discounts; negative.</param>
/// <param name="Fees">Share of per-unit fees.</param>
/// <param name="CommodityCredit">Share of the commodity credit; negative.</param>
/// <param name="Other">Share of what belongs to nobody's line: tax, unknown lines, other charges, a total that does not add up.</param>
public sealed record MemberBill(
    MemberNo Member, StructuralList<BilledUnits> Lines, Money Freight, Money Discount, Money Fees, Money CommodityCredit, Money Other)
{
    /// <summary>Σ of the lines.</summary>
    [JsonIgnore]
    public Money Goods => Lines.Select(l => l.Amount).Sum();

    /// <summary>What the member owes.</summary>
    [JsonIgnore]
    public Money Total => Goods + Freight + Discount + Fees + CommodityCredit + Other;
}

/// <summary>What a match was computed from, by reference: with it and the log, the same comes out years later.</summary>
/// <param name="AsOfPosition">Nothing after this position was looked at.</param>
/// <param name="Inputs">Streams read, at their versions: purchase order, joint order, receipts, earlier invoices.</param>
/// <param name="RuleVersion">Version of the matching rules.</param>
/// <param name="Tolerance">The contract's tolerance on the day the invoice was received.</param>
public sealed record MatchBasis(long AsOfPosition, StructuralList<StreamAt> Inputs, int RuleVersion, MatchTolerance Tolerance);

/// <summary>What a match found.</summary>
/// <param name="Bills">Each member's part, in member order.</param>
/// <param name="Exceptions">What is wrong, numbered from 1; empty when the invoice is as ordered and received.</param>
/// <param name="GoodsReceivedOn">Last day on which any of it was received; null when nothing was.</param>
/// <param name="Basis">Inputs by reference.</param>
public sealed record InvoiceMatch(
    StructuralList<MemberBill> Bills, StructuralList<MatchException> Exceptions, DateOnly? GoodsReceivedOn, MatchBasis Basis);

/// <summary>What was agreed for one site on one line.</summary>
/// <param name="Line">Line of the purchase order.</param>
/// <param name="Member">Member.</param>
/// <param name="Site">Site.</param>
/// <param name="Item">The ordered item or its accepted substitute.</param>
/// <param name="Unit">UN/ECE unit code.</param>
/// <param name="Price">Agreed unit price.</param>
/// <param name="Quantity">Units allocated.</param>
public sealed record AgreedDrop(int Line, MemberNo Member, SiteId Site, ItemNo Item, string Unit, UnitPrice Price, Quantity Quantity);

/// <summary>What one site received and accepted of one line, for whichever members.</summary>
/// <param name="Line">Line of the purchase order.</param>
/// <param name="Site">Site.</param>
/// <param name="Quantity">Units accepted, net of what was refused or returned.</param>
/// <param name="LastOn">Last day of receipt.</param>
public sealed record ReceivedUnits(int Line, SiteId Site, Quantity Quantity, DateOnly LastOn)
{
    /// <summary>Other items than the agreed one that were accepted in its place.</summary>
    public StructuralList<ItemNo> Substitutes { get; init; }
}

/// <summary>Everything a match reads, gathered at one position.</summary>
/// <param name="Facts">The invoice and the order it belongs to.</param>
/// <param name="Order">The purchase order's latest revision.</param>
/// <param name="Agreed">What was agreed, by line and site.</param>
/// <param name="Received">What was received and accepted.</param>
/// <param name="Earlier">
/// Invoices of the same order that were registered before and not rejected, and credit memos that count, oldest first.
/// </param>
/// <param name="Basis">By reference.</param>
public sealed record MatchInput(
    InvoiceFacts Facts, OrderDocument Order, StructuralList<AgreedDrop> Agreed, StructuralList<ReceivedUnits> Received,
    StructuralList<InvoiceDocument> Earlier, MatchBasis Basis);
