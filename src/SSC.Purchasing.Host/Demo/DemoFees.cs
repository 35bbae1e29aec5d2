using System.Globalization;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Fees;

namespace SSC.Purchasing.Host.Demo;

/// <summary>
/// What vendors report of each quarter and what they give back. A vendor reports what was paid, by order, and nothing where nothing was
/// sold; one reports too little and corrects it, one leaves an order out and has not corrected it yet.
/// </summary>
internal static class DemoFees
{
    private const int ReportedAfterDays = 25, ReconciledAfterDays = 32, CorrectedAfterDays = 46, RebateAfterDays = 52;

    /// <summary>Hundredths of a percent of the net purchases that each contract's vendor gives back.</summary>
    private static readonly (DemoContract Contract, int BasisPoints)[] Rebates =
        [(DemoMarket.Food, 150), (DemoMarket.Milk, 60), (DemoMarket.Produce, 100), (DemoMarket.Safety, 200)];

    /// <summary>Basis points of a rebate on paper that comes three quarters after the purchases.</summary>
    private const int LatePaperRebate = 75;

    /// <summary>Reports, comparisons and rebates of the quarters that are over, from the second year on.</summary>
    public static IEnumerable<Happening> Plan(IReadOnlyList<FiscalYear> years, DateTimeOffset now)
    {
        var quarters = from year in years.Skip(1)
                       from quarter in Enumerable.Range(1, 4)
                       let ends = year.FirstDay.AddMonths(3 * quarter).AddDays(-1)
                       where Clocks.On(ends.AddDays(ReportedAfterDays), 9) < now
                       select (Year: year.Year, Quarter: quarter, Ends: ends);
        return quarters.SelectMany(q => DemoMarket.Contracts.SelectMany((contract, i) =>
            Quarter(contract, new(contract.Id, q.Year, q.Quarter), q.Ends, i, q.Year == years[^1].Year)));
    }

    private static IEnumerable<Happening> Quarter(DemoContract contract, FeePeriod period, DateOnly ends, int place, bool last)
    {
        DateTimeOffset At(int days, int hour) => Clocks.On(ends.AddDays(days), hour, place);
        var short_ = contract == DemoMarket.Janitorial && period.Quarter == 4;
        var forgets = contract == DemoMarket.Paper && last;
        yield return new(At(ReportedAfterDays, 10), s => Report(s, contract, period, "", forgets ? 0 : short_ ? 80 : 100));
        yield return new(At(ReconciledAfterDays, 11), s => s.Compare(period));
        if (short_)
        {
            yield return new(At(CorrectedAfterDays, 10), s => Report(s, contract, period, "-corrected", 100));
            yield return new(At(CorrectedAfterDays, 15), s => s.Compare(period));
        }

        if (Rebates.FirstOrDefault(r => r.Contract == contract) is { Contract: not null } rebate)
            yield return new(At(RebateAfterDays, 14), s => Rebate(s, contract, period, rebate.BasisPoints));
        if (contract == DemoMarket.Paper && period.Quarter <= 2)
            yield return new(Clocks.On(ends.AddMonths(9), 14), s => Rebate(s, contract, period, LatePaperRebate));
    }

    /// <summary>The vendor's report: sales by order, the largest only so many hundredths of it (none: left out).</summary>
    private static async Task Report(DemoStage stage, DemoContract contract, FeePeriod period, string suffix, int percentOfLargest)
    {
        var ledger = await stage.FeesOf(period);
        var sales = (ledger?.Sales ?? []).GroupBy(s => s.OrderNumber, StringComparer.Ordinal)
            .Select(g => (Order: g.Key, Goods: g.Select(s => s.Goods).Sum())).Where(s => s.Goods > Money.Zero)
            .OrderByDescending(s => s.Goods.Cents).ThenBy(s => s.Order, StringComparer.Ordinal).ToList();
        var rows = sales.Select((s, i) => (s.Order, Goods: i > 0 ? s.Goods : Money.Round(s.Goods.Dollars * percentOfLargest / 100)))
            .Where(s => s.Goods > Money.Zero).Select((s, i) => new ReportedSale(i + 1, s.Order, null, null, null, s.Goods));
        var fee = ledger is { FeeDue: var due } && due > Money.Zero ? due : Money.Zero;
        var number = string.Create(CultureInfo.InvariantCulture, $"{contract.Key}-{period.FiscalYear}-Q{period.Quarter}{suffix}");
        var reported = percentOfLargest == 100 ? fee : Money.Round(fee.Dollars * percentOfLargest / 100);
        await stage.Fees(contract.Vendor.Desk, period, new FeeLedger.Command.RecordVendorReport(
            period, new(number, BusinessCalendar.LocalDate(stage.Now), [.. rows], reported)));
    }

    /// <summary>A rebate on what was bought in the quarter; none where nothing was.</summary>
    private static async Task Rebate(DemoStage stage, DemoContract contract, FeePeriod period, int basisPoints)
    {
        var bought = (await stage.FeesOf(period))?.Sales.Select(s => s.Goods).Sum() ?? Money.Zero;
        var amount = Money.Round(bought.Dollars * basisPoints / AccountSplit.Whole);
        if (amount <= Money.Zero) return;
        var reference = string.Create(CultureInfo.InvariantCulture, $"RB-{contract.Key}-{period.FiscalYear}-Q{period.Quarter}");
        await stage.GiveBack(period, new(reference, amount, BusinessCalendar.LocalDate(stage.Now), DemoStage.Coordinator));
    }
}
