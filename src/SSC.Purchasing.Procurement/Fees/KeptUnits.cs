using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Receiving;

namespace SSC.Purchasing.Procurement.Fees;

/// <summary>What a member received in good order and kept of an item of one purchase order, whatever was paid of it so far.</summary>
/// <param name="OrderNumber">Number of the purchase order.</param>
/// <param name="Member">Whose goods.</param>
/// <param name="Item">Item.</param>
/// <param name="Units">Units, returns taken off.</param>
public sealed record KeptUnits(string OrderNumber, MemberNo Member, ItemNo Item, Quantity Units)
{
    /// <summary>
    /// Reads the receipts of the orders that a report states units of and that something was paid of, as of a position, so that the same
    /// units come out years later.
    /// </summary>
    /// <param name="store">The log.</param>
    /// <param name="tenant">Tenant.</param>
    /// <param name="sales">What was paid in the quarter.</param>
    /// <param name="report">The vendor's report.</param>
    /// <param name="position">Up to here.</param>
    /// <param name="ct">Cancellation.</param>
    public static async Task<StructuralList<KeptUnits>> Gather(
        IEventStore store, string tenant, IEnumerable<PaidSale> sales, VendorReport report, long position, CancellationToken ct)
    {
        var stated = report.Rows.Where(r => r.Units is not null).Select(r => r.OrderNumber).ToHashSet(StringComparer.Ordinal);
        var orders = sales.Where(s => stated.Contains(s.OrderNumber))
            .Select(s => (s.OrderNumber, s.Order, Vendor: new VendorId(s.Invoice.Split(':')[0]))).Distinct()
            .OrderBy(o => o.OrderNumber, StringComparer.Ordinal).ThenBy(o => o.Vendor);
        var received = new List<KeptUnits>();
        foreach (var (number, order, vendor) in orders)
        {
            var fulfilment = await OrderFulfilment.Gather(store, tenant, order, vendor, position, ct).ConfigureAwait(false);
            received.AddRange(fulfilment.Shares.GroupBy(s => (s.Member, s.Item)).OrderBy(g => g.Key.Member).ThenBy(g => g.Key.Item)
                .Select(g => new KeptUnits(number, g.Key.Member, g.Key.Item, g.Select(s => s.Accepted).Sum())));
        }

        return [.. received];
    }
}

/// <summary>Units of a reported row beside what is known of them.</summary>
/// <param name="Reported">What the vendor says.</param>
/// <param name="Paid">In proportion to what was paid in the quarter.</param>
/// <param name="Received">What was received and kept, in whatever quarter it was paid.</param>
public sealed record UnitsCompared(Quantity Reported, Quantity Paid, Quantity Received)
{
    /// <summary>
    /// True when the vendor's figure lies between the two: part of an order may be paid in another quarter, and a price allowance lowers
    /// what was paid and not what was received.
    /// </summary>
    public bool Agree => Reported >= Quantity.Min(Paid, Received) && (Reported <= Paid || Reported <= Received);
}
