using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.JointOrders;
using SSC.Purchasing.Procurement.PurchaseOrders;

namespace SSC.Purchasing.Procurement.Receiving;

/// <summary>
/// What a purchase order brings to each site, as agreed: the latest revision, with the changes that were proposed and accepted, without
/// lines that were rejected or cancelled. A line of which the vendor delivers less comes as the joint order allocated it again.
/// </summary>
public static class ExpectedDeliveries
{
    /// <summary>One expectation per site with goods, by site.</summary>
    /// <param name="file">The purchase order.</param>
    /// <param name="allocation">The joint order's lines as last allocated.</param>
    /// <param name="terms">How it is received.</param>
    public static StructuralList<Expectation> Of(OrderFile file, StructuralMap<int, LineOutcome> allocation, ReceivingTerms terms)
    {
        var document = file.Document;
        var drops = document.Lines.Where(l => file.Lines[l.No].Status == LineStatus.Accepted).SelectMany(line =>
        {
            var agreed = file.Lines[line.No].Agreed(line);
            return DropsOf(line, agreed, allocation).Select(d => (Line: line, Agreed: agreed, Drop: d));
        });
        return drops.GroupBy(d => d.Drop.Site).OrderBy(g => g.Key).Select(site => new Expectation(
            document.JointOrder, document.Vendor, site.Key, document.Number, file.Revision,
            site.Max(d => d.Agreed.DeliverOn ?? d.Drop.RequestedOn),
            [.. site.GroupBy(d => d.Line.No).OrderBy(g => g.Key).Select(line => new ExpectedLine(
                line.Key, line.First().Agreed.Item, line.First().Line.Unit,
                [.. line.GroupBy(d => d.Drop.Member).OrderBy(g => g.Key)
                    .Select(g => new DropShare(g.Key, g.Select(d => d.Drop.Quantity).Sum()))]))],
            terms)).ToStructuralList();
    }

    private static IEnumerable<Drop> DropsOf(PurchaseOrders.OrderLine line, AgreedLine agreed, StructuralMap<int, LineOutcome> allocation)
    {
        if (agreed.Quantity == line.Quantity) return line.Drops;
        var atOneSite = line.Drops.Select(d => d.Site).Distinct().Count() == 1;
        if (!atOneSite && agreed.Quantity < line.Quantity && allocation.TryGetValue(line.No, out var outcome)
            && outcome.Ordered <= agreed.Quantity)
        {
            return outcome.Shares.SelectMany(s => s.Drops.Select(d => new Drop(s.Member, d.Site, d.Quantity, line.Drops[0].RequestedOn)));
        }

        var lot = agreed.Quantity.IsMultipleOf(Quantity.Of(1)) ? Quantity.Of(1) : new Quantity(1);
        var shares = LargestRemainder.Share(agreed.Quantity, lot, [.. line.Drops.Select(d => d.Quantity.Thousandths)]).Shares;
        return line.Drops.Select((d, i) => d with { Quantity = shares[i] }).Where(d => d.Quantity > Quantity.Zero);
    }
}
