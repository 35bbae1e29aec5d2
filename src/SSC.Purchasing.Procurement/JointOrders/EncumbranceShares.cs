using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Budgets;

namespace SSC.Purchasing.Procurement.JointOrders;

/// <summary>Splits what a member owes for an order over its account codes, to the cent.</summary>
public static class EncumbranceShares
{
    /// <summary>
    /// Amount per account (<see cref="BudgetLine.AccountKey"/>): each line's amount over the member's sites by units, over the
    /// site's accounts by their shares, and the freight over the accounts by amount. Sums to the member's total exactly.
    /// </summary>
    public static StructuralMap<string, Money> Of(
        MemberNo member, IEnumerable<LineOutcome> lines, MemberTotal total, StructuralList<CommitmentLine> commitment)
    {
        var amounts = new SortedDictionary<string, Money>(StringComparer.Ordinal);
        foreach (var line in lines)
        {
            if (line.Shares.FirstOrDefault(s => s.Member == member) is not { } share || share.Drops.Count == 0) continue;
            var bySite = LargestRemainder.Share(share.Amount, [.. share.Drops.Select(d => d.Quantity.Thousandths)]);
            for (var i = 0; i < share.Drops.Count; i++)
            {
                // A box-fill claim may reach a site of the same line only, so the accounts are always there.
                var accounts = commitment.First(c => c.LineNo == line.LineNo && c.Site == share.Drops[i].Site).Accounts;
                var split = LargestRemainder.Share(bySite[i], [.. accounts.Select(a => (long)a.BasisPoints)]);
                for (var j = 0; j < accounts.Count; j++)
                {
                    var account = BudgetLine.AccountKey(accounts[j].Account);
                    amounts[account] = amounts.GetValueOrDefault(account) + split[j];
                }
            }
        }

        if (amounts.Count == 0) return StructuralMap<string, Money>.Empty;
        var freight = LargestRemainder.Share(total.Freight, [.. amounts.Values.Select(a => Math.Max(0, a.Cents))]);
        return StructuralMap<string, Money>.From(amounts.Select((a, i) => KeyValuePair.Create(a.Key, a.Value + freight[i])));
    }
}
