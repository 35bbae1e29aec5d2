using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Procurement.PurchaseOrders;

/// <summary>What goes to one member's site on one order line.</summary>
/// <param name="Member">The member.</param>
/// <param name="Site">Where it is delivered.</param>
/// <param name="Quantity">In the line's unit, above zero.</param>
/// <param name="RequestedOn">Delivery day asked for.</param>
/// <param name="Account">Account code or account reference as the member writes it, at most 100 characters.</param>
/// <param name="MemberOrderNo">The member's own purchase order number, at most 50 characters.</param>
public sealed record Drop(
    MemberNo Member, SiteId Site, Quantity Quantity, DateOnly RequestedOn, string? Account = null, string? MemberOrderNo = null);

/// <summary>One item of a consolidated order and its drops.</summary>
/// <param name="No">Line number, 1 and up, unique in the order, stable over revisions.</param>
/// <param name="Item">The vendor's item.</param>
/// <param name="Description">As in the price schedule.</param>
/// <param name="Unit">UN/ECE unit code.</param>
/// <param name="CaseSize">Units in a case.</param>
/// <param name="Quantity">Units ordered: Σ of the drops.</param>
/// <param name="Price">Scheduled unit price of the tier that was fixed.</param>
/// <param name="Amount">Price × quantity, rounded once, half away from zero.</param>
/// <param name="Drops">Where it goes, at least one.</param>
public sealed record OrderLine(
    int No, ItemNo Item, string Description, string Unit, Quantity CaseSize, Quantity Quantity, UnitPrice Price, Money Amount,
    StructuralList<Drop> Drops)
{
    /// <summary>Fees per unit on the whole line, on top of the amount.</summary>
    public Money Fees { get; init; }

    /// <summary>Commodity credit on the whole line, positive, subtracted from the amount.</summary>
    public Money Credits { get; init; }
}

/// <summary>A consolidated purchase order as the vendor reads it.</summary>
/// <param name="Number">Purchase order number, at most 50 characters.</param>
/// <param name="JointOrder">The joint order it buys for.</param>
/// <param name="Contract">The contract whose prices and terms hold.</param>
/// <param name="Vendor">To whom.</param>
/// <param name="Lines">At least one.</param>
/// <param name="Freight">Flat freight; zero when it is in the prices.</param>
/// <param name="Total">Σ (amount + fees − credits) + freight.</param>
/// <param name="RequiredBy">Last delivery day.</param>
/// <param name="Terms">Payment and delivery terms, at most 1,000 characters.</param>
public sealed record OrderDocument(
    string Number, JointOrderId JointOrder, ContractId Contract, VendorId Vendor, StructuralList<OrderLine> Lines, Money Freight,
    Money Total, DateOnly RequiredBy, string Terms)
{
    /// <summary>Version of the price schedule that the prices come from.</summary>
    public int ScheduleVersion { get; init; } = 1;

    /// <summary>The line of a number, or null.</summary>
    public OrderLine? Find(int no) => Lines.FirstOrDefault(l => l.No == no);
}

/// <summary>The vendor's answer to an order as a whole, as in Peppol's order response (UNCL4343).</summary>
public enum ResponseCode
{
    /// <summary>Received; the answer follows. Carries no lines.</summary>
    AB,

    /// <summary>Accepted as it is. Carries no lines.</summary>
    AP,

    /// <summary>Answered line by line.</summary>
    CA,

    /// <summary>Rejected as a whole. Carries no lines.</summary>
    RE,
}

/// <summary>The vendor's answer to one line.</summary>
public enum LineAnswerCode
{
    /// <summary>As ordered.</summary>
    Accept,

    /// <summary>Not at all.</summary>
    Reject,

    /// <summary>Differently: another quantity, price, day or item.</summary>
    Propose,
}

/// <summary>What the vendor says of one line. A proposal states at least one change; what it leaves out stays as ordered.</summary>
/// <param name="Line">Line number.</param>
/// <param name="Code">Accept, reject or propose.</param>
/// <param name="Quantity">Proposed quantity.</param>
/// <param name="Price">Proposed unit price.</param>
/// <param name="DeliverOn">Proposed delivery day.</param>
/// <param name="Substitute">Proposed item instead.</param>
/// <param name="Note">In the vendor's words, at most 500 characters.</param>
public sealed record LineAnswer(
    int Line, LineAnswerCode Code, Quantity? Quantity = null, UnitPrice? Price = null, DateOnly? DeliverOn = null,
    ItemNo? Substitute = null, string? Note = null);

/// <summary>A vendor's order response.</summary>
/// <param name="DocumentId">The vendor's number of the document, 1–100 characters: the same number counts once.</param>
/// <param name="Vendor">Who answers.</param>
/// <param name="Code">The answer.</param>
/// <param name="Lines">Line answers, for <see cref="ResponseCode.CA"/> only.</param>
/// <param name="Note">In the vendor's words, at most 500 characters.</param>
public sealed record VendorResponse(
    string DocumentId, VendorId Vendor, ResponseCode Code, StructuralList<LineAnswer> Lines, string? Note = null)
{
    /// <summary>The revision that is answered; null when the vendor does not say, then the latest.</summary>
    public int? Revision { get; init; }
}
