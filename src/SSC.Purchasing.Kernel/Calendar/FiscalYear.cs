namespace SSC.Purchasing.Kernel;

/// <summary>A fiscal year of Minnesota's schools and cooperatives, 1 July to 30 June, named by the year in which it ends.</summary>
/// <param name="Year">E.g. 2026 for 1 July 2025 to 30 June 2026.</param>
public readonly record struct FiscalYear(int Year) : IComparable<FiscalYear>
{
    /// <summary>The fiscal year that a date lies in.</summary>
    public static FiscalYear Of(DateOnly date) => new(date.Month >= 7 ? date.Year + 1 : date.Year);

    /// <summary>1 July.</summary>
    public DateOnly FirstDay => new(Year - 1, 7, 1);

    /// <summary>30 June.</summary>
    public DateOnly LastDay => new(Year, 6, 30);

    /// <summary>True for its days.</summary>
    public bool Contains(DateOnly date) => date >= FirstDay && date <= LastDay;

    /// <summary>1 for July to September, 4 for April to June.</summary>
    public static int QuarterOf(DateOnly date) => (((date.Month + 5) % 12) / 3) + 1;

    /// <inheritdoc/>
    public int CompareTo(FiscalYear other) => Year.CompareTo(other.Year);

    /// <summary>E.g. <c>FY2026</c>.</summary>
    public override string ToString() => $"FY{Year}";
}
