using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Procurement.Invoicing;

/// <summary>What a document asks for.</summary>
public enum InvoiceKind
{
    /// <summary>Money.</summary>
    Invoice,

    /// <summary>Nothing: it gives money back (a credit memo). Its amounts are positive and count against an invoice.</summary>
    CreditNote,
}

/// <summary>What an amount beside the lines is for.</summary>
public enum ChargeKind
{
    /// <summary>Freight.</summary>
    Freight,

    /// <summary>A discount; its amount is negative.</summary>
    Discount,

    /// <summary>A fee that the contract allows.</summary>
    Fee,

    /// <summary>A commodity credit; its amount is negative.</summary>
    CommodityCredit,

    /// <summary>Tax: members are exempt, so it is always an exception.</summary>
    Tax,

    /// <summary>Anything else.</summary>
    Other,
}

/// <summary>An amount beside the lines.</summary>
/// <param name="Kind">What for.</param>
/// <param name="Reason">In the vendor's words, at most 200 characters.</param>
/// <param name="Amount">Signed: what is taken off is negative.</param>
public sealed record InvoiceCharge(ChargeKind Kind, string Reason, Money Amount);

/// <summary>One line of a vendor's invoice.</summary>
/// <param name="Id">The vendor's line number, 1–50 characters.</param>
/// <param name="OrderLine">Line of the purchase order; null when the vendor names none.</param>
/// <param name="Site">Site it was delivered to; null when the vendor names none.</param>
/// <param name="Item">Item invoiced; null when the vendor names none.</param>
/// <param name="Description">In the vendor's words, at most 200 characters.</param>
/// <param name="Quantity">Units, in <paramref name="Unit"/>, above zero.</param>
/// <param name="Unit">UN/ECE unit code.</param>
/// <param name="Price">Unit price.</param>
/// <param name="Amount">What the vendor asks for the line.</param>
public sealed record InvoiceLine(
    string Id, int? OrderLine, SiteId? Site, ItemNo? Item, string Description, Quantity Quantity, string Unit, UnitPrice Price,
    Money Amount);

/// <summary>A vendor's invoice or credit memo as it was received, whatever format it came in.</summary>
/// <param name="Number">The vendor's number, 1–50 characters: (vendor, number) counts once.</param>
/// <param name="Kind">Invoice or credit note.</param>
/// <param name="Vendor">Who asks.</param>
/// <param name="OrderNumber">Number of the purchase order.</param>
/// <param name="IssuedOn">Date of the document.</param>
/// <param name="Lines">At least one.</param>
/// <param name="Charges">Freight, discounts and the like.</param>
/// <param name="Total">What it asks for in all: Σ lines + Σ charges when it adds up.</param>
public sealed record InvoiceDocument(
    string Number, InvoiceKind Kind, VendorId Vendor, string OrderNumber, DateOnly IssuedOn, StructuralList<InvoiceLine> Lines,
    StructuralList<InvoiceCharge> Charges, Money Total)
{
    /// <summary>The member it bills; null when it bills the cooperative (or, on a vendor-direct contract, leaves it to the site).</summary>
    public MemberNo? BillTo { get; init; }

    /// <summary>Day by which the vendor wants to be paid; the statute's day counts all the same.</summary>
    public DateOnly? DueOn { get; init; }

    /// <summary>Number of the invoice that a credit note credits.</summary>
    public string? Credits { get; init; }

    /// <summary>Σ lines + Σ charges.</summary>
    public Money Sum() => Lines.Select(l => l.Amount).Sum() + Charges.Select(c => c.Amount).Sum();
}
