using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Budgets;
using SSC.Purchasing.Procurement.JointOrders;

namespace SSC.Purchasing.Host.Demo;

/// <summary>
/// The budgets that members adopt each June for the fiscal year to come: what they mean to buy, with room to spare. One account of the
/// script is adopted too small on purpose.
/// </summary>
internal static class DemoBudgets
{
    private const decimal Room = 1.6m;
    private const int Rounding = 500;

    /// <summary>Adoptions and January's revisions up to today.</summary>
    public static IEnumerable<Happening> Plan(int seed, IReadOnlyList<DemoOrder> orders, IReadOnlyList<int> years)
    {
        var needs = new SortedDictionary<(int Year, MemberNo Member, string Account),
            (DemoMember Member, AccountCode Code, decimal Amount, Money? Fixed)>(
            Comparer<(int Year, MemberNo Member, string Account)>.Create((a, b) =>
                a.Year != b.Year ? a.Year.CompareTo(b.Year)
                : a.Member != b.Member ? a.Member.CompareTo(b.Member)
                : string.CompareOrdinal(a.Account, b.Account)));
        foreach (var (order, commitment, line) in from o in orders from c in o.Commitments from l in c.Final select (o, c, l))
        {
            var tight = order.TightBudget is not null && line.Accounts[0].Account.Segments[^1] == "899";
            foreach (var split in line.Accounts)
            {
                foreach (var year in YearsOf(order))
                {
                    var key = (year, commitment.Member.No, split.Account.Code);
                    var before = needs.GetValueOrDefault(key);
                    needs[key] = (
                        commitment.Member, split.Account, before.Amount + (AmountOf(order, line) * split.BasisPoints / AccountSplit.Whole),
                        tight ? order.TightBudget : null);
                }
            }
        }

        var dice = new Dice(seed, "budgets");
        foreach (var ((year, _, _), (member, code, amount, tight)) in needs)
        {
            if (!years.Contains(year)) continue;
            var adopted = tight ?? Money.FromDollars(Math.Ceiling(amount * Room / Rounding) * Rounding);
            var day = new DateOnly(year - 1, 6, 12).AddDays(dice.Below(12));
            yield return new(
                Clocks.On(day, 18, dice.Below(60)), s =>
                    s.Budget(member, year, code, new BudgetLine.Command.Adopt(member.No, year, code, adopted)));
            if (tight is not null || !dice.Percent(20)) continue;
            var revised = Money.FromDollars(adopted.Dollars + (Rounding * dice.Between(1, 4)));
            yield return new(
                Clocks.On(new(year, 1, 15), 18, dice.Below(60)),
                s => s.Budget(member, year, code, new BudgetLine.Command.Amend(revised, "revised budget of January")));
        }
    }

    private static IEnumerable<int> YearsOf(DemoOrder order)
    {
        var first = FiscalYear.Of(BusinessCalendar.LocalDate(order.OpensAt)).Year;
        var last = FiscalYear.Of(BusinessCalendar.LocalDate(order.Cutoff.AddDays(40))).Year;
        return Enumerable.Range(first, last - first + 1);
    }

    private static decimal AmountOf(DemoOrder order, CommitmentLine line)
    {
        var item = order.Lines[line.LineNo - 1].Item.Line;
        return (line.Quantity + line.Tolerance).Units * (item.Tiers.Max(t => t.Price.Dollars) + (item.FeePerUnit?.Dollars ?? 0m));
    }
}
