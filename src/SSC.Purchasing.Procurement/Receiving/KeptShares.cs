using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.JointOrders;

namespace SSC.Purchasing.Procurement.Receiving;

/// <summary>
/// What members still owe when something of their own deliveries never comes: a drop that is short at its own site affects its member
/// and nobody else. Lines that come to one site for several members are allocated again by the order's policy instead.
/// </summary>
public static class KeptShares
{
    /// <summary>
    /// The line with one member's share lowered to what is kept: each site by its own loss, goods, fee and credit in proportion, shared
    /// by largest remainder so that kept and lost sum to the cent.
    /// </summary>
    public static LineOutcome Of(LineOutcome line, MemberNo member, OrderFulfilment fulfilment)
    {
        var lost = fulfilment.Shares.Where(s => s.Line == line.LineNo && s.Member == member && s.WrittenOff > Quantity.Zero)
            .ToDictionary(s => s.Site, s => s.WrittenOff);
        if (lost.Count == 0) return line;
        return line with
        {
            Shares = [.. line.Shares.Select(s => s.Member == member ? Keep(s, lost) : s)],
        };
    }

    private static MemberShare Keep(MemberShare share, Dictionary<SiteId, Quantity> lost)
    {
        var drops = share.Drops
            .Select(d => d with { Quantity = d.Quantity - Quantity.Min(d.Quantity, lost.GetValueOrDefault(d.Site)) })
            .Where(d => d.Quantity > Quantity.Zero).ToStructuralList();
        var kept = drops.Select(d => d.Quantity).Sum();
        long[] weights = [kept.Thousandths, (share.Allocated - kept).Thousandths];
        return share with
        {
            Allocated = kept,
            Drops = drops,
            Goods = LargestRemainder.Share(share.Goods, weights)[0],
            Fee = LargestRemainder.Share(share.Fee, weights)[0],
            Credit = LargestRemainder.Share(share.Credit, weights)[0],
        };
    }
}
