using SSC.Purchasing.Exchange.Documents;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Catalog;
using SSC.Purchasing.Procurement.PurchaseOrders;

namespace SSC.Purchasing.Exchange.Csv;

/// <summary>
/// An order as a table: a row for each drop, and the same columns in CSV and XLSX. Amount, fees, credits and freight of a row are shares
/// by largest remainder, so that each line's rows sum to the line and all rows to the order's total, to the cent.
/// </summary>
internal static class OrderRows
{
    /// <summary>The header.</summary>
    public static readonly IReadOnlyList<string> Columns =
    [
        "Order Number", "Revision", "Order Date", "Required By", "Contract", "Joint Order", "Line", "Item", "Description", "Unit",
        "Unit Name", "Case Size", "Quantity", "Unit Price", "Amount", "Fees", "Credits", "Freight", "Row Total", "Member", "Member Name",
        "Site", "Site Name", "Address", "City", "State", "ZIP", "Deliver On", "Member Order Number", "Account", "Delivery Instructions",
        "Order Total", "Terms",
    ];

    /// <summary>The rows: by line, then member, site and day. A cell is a text or a number.</summary>
    public static IReadOnlyList<IReadOnlyList<object>> Of(OrderToWrite order)
    {
        var document = order.Order;
        var drops = document.Lines.OrderBy(l => l.No).SelectMany(Shared).ToList();
        var freight = LargestRemainder.Share(document.Freight, [.. drops.Select(d => d.Amount.Cents)]);
        return [.. drops.Zip(freight, (d, f) => Row(order, d with { Freight = f }))];
    }

    private sealed record DropRow(OrderLine Line, Drop Drop, Money Amount, Money Fees, Money Credits)
    {
        public Money Freight { get; init; }

        public Money Total => Amount + Fees - Credits + Freight;
    }

    private static IEnumerable<DropRow> Shared(OrderLine line)
    {
        var drops = line.Sorted();
        long[] weights = [.. drops.Select(d => d.Quantity.Thousandths)];
        var (amounts, fees, credits) = (LargestRemainder.Share(line.Amount, weights), LargestRemainder.Share(line.Fees, weights),
            LargestRemainder.Share(line.Credits, weights));
        return drops.Select((d, i) => new DropRow(line, d, amounts[i], fees[i], credits[i]));
    }

    private static IReadOnlyList<object> Row(OrderToWrite order, DropRow row)
    {
        var (document, line, drop) = (order.Order, row.Line, row.Drop);
        var (member, site) = (order.Parties.Member(drop.Member), order.Parties.Site(drop.Member, drop.Site));
        return
        [
            document.Number, order.Revision, Day(BusinessCalendar.LocalDate(order.IssuedAt)), Day(document.RequiredBy),
            document.Contract.Value, document.JointOrder.Value, line.No, line.Item.Value, line.Description, line.Unit,
            Units.Find(line.Unit)?.Name ?? line.Unit, line.CaseSize.Units, drop.Quantity.Units, line.Price.Dollars, row.Amount.Dollars,
            row.Fees.Dollars, row.Credits.Dollars, row.Freight.Dollars, row.Total.Dollars, drop.Member.Value, member.Name,
            drop.Site.Value, site.Name, string.Join(", ", site.Lines), site.City, site.State, site.Zip, Day(drop.RequestedOn),
            drop.MemberOrderNo ?? string.Empty, drop.Account ?? string.Empty, site.Instructions ?? string.Empty, document.Total.Dollars,
            document.Terms,
        ];
    }

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
}
