using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.InsurancePool.Reserves;

/// <summary>What a year's claims were estimated at, on a valuation day.</summary>
/// <param name="AsOf">Valuation day.</param>
/// <param name="Age">Years after the plan year began, 1 for its first valuation.</param>
/// <param name="Gross">Incurred.</param>
/// <param name="Ceded">Borne by stop-loss.</param>
/// <param name="Net">What is left to the pool.</param>
public sealed record DevelopmentCell(DateOnly AsOf, int Age, Money Gross, Money Ceded, Money Net);

/// <summary>A plan year and how its estimate moved.</summary>
/// <param name="Year">Plan year.</param>
/// <param name="Contributions">Contributions earned, by the last valuation.</param>
/// <param name="Cells">Valuations in time, the last of each age.</param>
/// <param name="Movement">Last net estimate less the first.</param>
public sealed record DevelopmentYear(int Year, Money Contributions, StructuralList<DevelopmentCell> Cells, Money Movement);

/// <summary>
/// Ten-year claims development: earned contributions and gross, ceded and net incurred claims of each plan year as they were estimated at
/// the end of each year since (GASB Statements 10 and 30, required supplementary information). From attested valuations alone.
/// </summary>
public static class Development
{
    private const int Years = 10;

    /// <summary>The table as of the last valuation given.</summary>
    public static StructuralList<DevelopmentYear> Of(IEnumerable<ReserveValuation.State> valuations) =>
    [
        .. valuations.Where(v => v.Phase is ValuationPhase.Attested or ValuationPhase.Booked)
            .GroupBy(v => v.Figures!.Year).OrderByDescending(g => g.Key).Take(Years).OrderBy(g => g.Key)
            .Select(g =>
            {
                var cells = g.OrderBy(v => v.AsOf).Select(Cell).GroupBy(c => c.Age).Select(a => a.Last()).ToStructuralList();
                var last = g.MaxBy(v => v.AsOf)!;
                return new DevelopmentYear(g.Key, last.Figures!.Contributions, cells, cells[^1].Net - cells[0].Net);
            }),
    ];

    private static DevelopmentCell Cell(ReserveValuation.State v) => new(
        v.AsOf, Math.Max(1, v.AsOf.Year - v.Figures!.Year + 1), v.Estimate!.Incurred, v.Figures.Ceded,
        v.Estimate.Incurred - v.Figures.Ceded);
}
