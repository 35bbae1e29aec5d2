using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.JointOrders;

namespace SSC.Purchasing.Exchange.Documents;

/// <summary>One line of a basket that a member filled in a vendor's shop.</summary>
/// <param name="Item">The vendor's item.</param>
/// <param name="Quantity">Units, above zero.</param>
/// <param name="Unit">UN/ECE unit code.</param>
/// <param name="Price">The shop's unit price; what is paid is the price of the order's tier.</param>
/// <param name="Description">In the shop's words, at most 200 characters.</param>
public sealed record PunchOutItem(ItemNo Item, Quantity Quantity, string Unit, UnitPrice Price, string Description)
{
    /// <summary>What the shop wants back to find the same configuration again, at most 200 characters.</summary>
    public string? AuxiliaryId { get; init; }

    /// <summary>UNSPSC code, 8 digits.</summary>
    public string? Unspsc { get; init; }
}

/// <summary>A basket that came back from a vendor's shop. Nothing is ordered by it.</summary>
/// <param name="BuyerCookie">What the session was opened with: it says whose basket this is, so the host compares it with its own.</param>
/// <param name="Items">What is in it; empty when the shopper put nothing in.</param>
public sealed record PunchOutCart(string BuyerCookie, StructuralList<PunchOutItem> Items)
{
    /// <summary>True when the shopper left without changing anything: what was in the basket before still holds.</summary>
    public bool IsUnchanged { get; init; }

    /// <summary>
    /// The basket as lines of a commitment for one site: each item found on the order by its number, quantities of one item added
    /// together. Refuses with <c>cart-empty</c>, <c>item-not-in-order</c>, <c>unit-differs</c>, <c>quantity-too-large</c>; everything
    /// else about a commitment (increments, accounts, limits) is decided where commitments are.
    /// </summary>
    /// <param name="lines">Lines of the joint order.</param>
    /// <param name="site">Where it is delivered.</param>
    /// <param name="accounts">Where it is booked.</param>
    public (StructuralList<CommitmentLine> Lines, Refusal? Refusal) ToCommitment(
        IReadOnlyList<OrderLine> lines, SiteId site, StructuralList<AccountSplit> accounts)
    {
        if (Items.Count == 0) return ([], new("cart-empty", "Put something into the basket before you bring it back."));
        var committed = new List<CommitmentLine>();
        foreach (var item in Items.GroupBy(i => i.Item))
        {
            if (lines.FirstOrDefault(l => l.Item.Item == item.Key) is not { } line)
                return ([], new("item-not-in-order", $"{item.Key} is not on this joint order; take it out of the basket."));
            if (item.FirstOrDefault(i => i.Unit != line.Item.Unit) is { } other)
                return ([], new("unit-differs", $"The order counts {item.Key} in {line.Item.Unit}, the shop in {other.Unit}."));
            var quantities = item.Select(i => i.Quantity.Units).Sum();
            if (quantities > Quantity.Max.Units) return ([], new("quantity-too-large", $"Take at most 10⁹ of {item.Key}."));
            committed.Add(new(line.LineNo, site, Quantity.FromDecimal(quantities), Quantity.Zero, accounts));
        }

        return ([.. committed.OrderBy(l => l.LineNo)], null);
    }
}
