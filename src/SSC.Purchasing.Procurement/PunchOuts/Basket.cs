using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.JointOrders;

namespace SSC.Purchasing.Procurement.PunchOuts;

/// <summary>One line of a basket that a member filled in a vendor's shop, as the shop wrote it.</summary>
/// <param name="No">Its number in the basket, from 1.</param>
/// <param name="Item">The vendor's item.</param>
/// <param name="Quantity">Units, above zero.</param>
/// <param name="Unit">UN/ECE unit code.</param>
/// <param name="Price">The shop's unit price; what is paid is the price of the order's tier.</param>
/// <param name="Description">In the shop's words, at most 200 characters.</param>
public sealed record PunchOutItem(int No, ItemNo Item, Quantity Quantity, string Unit, UnitPrice Price, string Description)
{
    /// <summary>What the shop wants back to find the same configuration again, at most 200 characters.</summary>
    public string? AuxiliaryId { get; init; }

    /// <summary>UNSPSC code, 8 digits.</summary>
    public string? Unspsc { get; init; }
}

/// <summary>Why a line of a basket is not taken.</summary>
/// <param name="No">Its number in the basket, from 1.</param>
/// <param name="Item">The vendor's item; null when even that cannot be read.</param>
/// <param name="Code">Stable code: those of <see cref="BasketRules"/> and of the reader.</param>
/// <param name="Message">One sentence, at most 500 characters.</param>
public sealed record BasketFault(int No, ItemNo? Item, string Code, string Message);

/// <summary>A basket as it came back.</summary>
/// <param name="Sha256">Of the document, lower-case hexadecimal; its bytes are kept beside the log.</param>
/// <param name="Items">What could be read of it.</param>
/// <param name="Faults">What could not.</param>
public sealed record Basket(string Sha256, StructuralList<PunchOutItem> Items, StructuralList<BasketFault> Faults);

/// <summary>A line of a basket on the order that it is bought on.</summary>
/// <param name="LineNo">Line of the order.</param>
/// <param name="Item">The vendor's item.</param>
/// <param name="Quantity">Units, over all lines of the basket with this item.</param>
/// <param name="Shown">Unit price that the shop showed: one of the line's scheduled prices.</param>
/// <param name="Description">In the shop's words.</param>
public sealed record BasketLine(int LineNo, ItemNo Item, Quantity Quantity, UnitPrice Shown, string Description);

/// <summary>What of a basket can be bought on a joint order; pure.</summary>
public static class BasketRules
{
    /// <summary>Most lines of a basket.</summary>
    public const int MaxItems = 500;

    /// <summary>
    /// Maps items to lines of the order by the vendor's item number; quantities of one item are added together, and an item is taken whole
    /// or not at all. Codes of what is not taken: <c>item-not-in-order</c>, <c>unit-differs</c>, <c>price-not-scheduled</c>,
    /// <c>quantity-too-large</c>, <c>quantity-not-whole</c>, <c>quantity-off-increment</c>, <c>below-minimum-drop</c>, and
    /// <c>item-in-doubt</c> where another line of the same item is not taken.
    /// </summary>
    public static (StructuralList<BasketLine> Lines, StructuralList<BasketFault> Faults) Map(
        Basket basket, StructuralList<OrderLine> lines, SiteId site)
    {
        var (taken, faults) = (new List<BasketLine>(), basket.Faults.ToList());
        foreach (var item in basket.Items.GroupBy(i => i.Item))
        {
            var ordered = lines.FirstOrDefault(l => l.Item.Item == item.Key);
            var wrong = item.Select(i => FaultOf(i, ordered)).OfType<BasketFault>().ToList();
            if (wrong.Count == 0 && !basket.Faults.Any(f => f.Item == item.Key))
            {
                var (line, no) = Together([.. item], ordered!, site);
                if (line is not null) taken.Add(line);
                else wrong.AddRange(item.Select(i => new BasketFault(i.No, i.Item, no!.Code, no.Reason)));
            }
            else
            {
                wrong.AddRange(item.Where(i => wrong.All(f => f.No != i.No)).Select(i => new BasketFault(
                    i.No, i.Item, "item-in-doubt", $"Another line of the basket with {i.Item} is not taken, so this one is not either.")));
            }

            faults.AddRange(wrong);
        }

        return ([.. taken.OrderBy(l => l.LineNo)], [.. faults.OrderBy(f => f.No)]);
    }

    private static BasketFault? FaultOf(PunchOutItem item, OrderLine? ordered)
    {
        BasketFault Fault(string code, string message) => new(item.No, item.Item, code, message);
        if (ordered is null) return Fault("item-not-in-order", $"{item.Item} is not on this joint order.");
        if (item.Unit != ordered.Item.Unit)
            return Fault("unit-differs", $"The order counts {item.Item} in {ordered.Item.Unit}, the shop in {item.Unit}.");
        return ordered.Item.Tiers.Any(t => t.Price == item.Price)
            ? null
            : Fault(
                "price-not-scheduled", $"The shop shows {item.Price} for {item.Item}; the schedule has "
                + $"{string.Join(", ", ordered.Item.Tiers.Take(10).Select(t => t.Price))}.");
    }

    private static (BasketLine? Line, Refusal? Refusal) Together(List<PunchOutItem> items, OrderLine ordered, SiteId site)
    {
        var units = items.Sum(i => i.Quantity.Units);
        if (units > Quantity.Max.Units) return (null, new("quantity-too-large", $"At most {Quantity.Max} of {items[0].Item}."));
        var quantity = Quantity.FromDecimal(units);
        return CommitmentRules.CheckQuantities(new(ordered.LineNo, site, quantity, Quantity.Zero, []), ordered) is { } no
            ? (null, no)
            : (new(ordered.LineNo, items[0].Item, quantity, items.Max(i => i.Price), items[0].Description), null);
    }
}
