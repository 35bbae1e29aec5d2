using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Procurement.Fees;

/// <summary>What was credited to a member on purchases that were paid in an earlier quarter, and no rebate was lowered by yet.</summary>
/// <param name="Member">Member.</param>
/// <param name="FederalFood">Food paid from a federal child nutrition account.</param>
/// <param name="Amount">Goods, above zero.</param>
public sealed record RebateCredit(MemberNo Member, bool FederalFood, Money Amount);

/// <summary>
/// Which credits lower the next rebate of a contract. A ledger counts a credit in the quarter it was given; what it takes back was bought
/// in the quarter the invoice was first paid. It lowers the first rebate that is shared after it on that quarter or a later one.
/// </summary>
public static class RebateCredits
{
    /// <summary>The credits that lower a rebate on one quarter, by member.</summary>
    /// <param name="period">The quarter the rebate is for.</param>
    /// <param name="ledgers">Every ledger of the contract, as far as it goes.</param>
    public static StructuralList<RebateCredit> Open(FeePeriod period, IReadOnlyCollection<FeeLedger.State.Open> ledgers)
    {
        var nets = ledgers.SelectMany(l => FeeRules.NetByInvoice(l.Sales), (l, n) => (Ledger: l, Net: n)).ToList();
        var boughtIn = nets.Where(n => n.Net.Goods > Money.Zero).GroupBy(n => (n.Net.Invoice, n.Net.Member))
            .ToDictionary(g => g.Key, g => g.Min(n => Order(n.Ledger.Period)));
        var lowered = ledgers.Where(l => l.Period != period)
            .SelectMany(l => l.Rebates.Values.SelectMany(r => r.Shares).GroupBy(s => (s.Member, s.FederalFood)),
                (_, shares) => (shares.Key, Amount: shares.Max(s => s.Credited)))
            .GroupBy(s => s.Key, s => s.Amount).ToDictionary(g => g.Key, g => g.Sum());
        return
        [
            .. from n in nets
               where n.Net.Goods < Money.Zero && n.Ledger.Rebates.Values.All(r => r.RuleVersion >= FeeRules.NetsLaterCredits)
               where boughtIn.GetValueOrDefault((n.Net.Invoice, n.Net.Member), Order(n.Ledger.Period)).CompareTo(Order(period)) <= 0
               group -n.Net.Goods by (n.Net.Member, n.Net.FederalFood) into credits
               let open = credits.Sum() - lowered.GetValueOrDefault(credits.Key)
               where open > Money.Zero
               orderby credits.Key.Member, credits.Key.FederalFood
               select new RebateCredit(credits.Key.Member, credits.Key.FederalFood, open),
        ];
    }

    private static (int Year, int Quarter) Order(FeePeriod period) => (period.FiscalYear, period.Quarter);
}
