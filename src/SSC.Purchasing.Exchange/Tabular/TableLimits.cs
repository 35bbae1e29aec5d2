namespace SSC.Purchasing.Exchange.Tabular;

/// <summary>How much of a file is read before it is refused. Each limit has its own code in <see cref="TableReader"/>.</summary>
public sealed record TableLimits
{
    /// <summary>What imports use unless told otherwise.</summary>
    public static readonly TableLimits Default = new();

    /// <summary>Most bytes of the file as sent; one more and reading stops.</summary>
    public int MaxBytes { get; init; } = 10 * 1024 * 1024;

    /// <summary>Most rows below the header.</summary>
    public int MaxRows { get; init; } = 20_000;

    /// <summary>Most columns of a row, up to its last cell that says something.</summary>
    public int MaxColumns { get; init; } = 200;

    /// <summary>Most cells in all.</summary>
    public int MaxCells { get; init; } = 500_000;

    /// <summary>Most characters of one cell; a longer one is a fault of its row, when the column matters.</summary>
    public int MaxCellLength { get; init; } = 2_000;

    /// <summary>Rows of titles, addresses and dates that may stand above the header.</summary>
    public int MaxTitleRows { get; init; } = 40;

    /// <summary>Most bytes that all parts of a workbook may inflate to, counted while inflating.</summary>
    public long MaxInflatedBytes { get; init; } = 40L * 1024 * 1024;

    /// <summary>Most times larger than the file that its parts may inflate to; judged above <see cref="RatioFreeBytes"/> only.</summary>
    public int MaxInflationRatio { get; init; } = 100;

    /// <summary>Inflated bytes up to which the ratio is not judged: a small sheet of equal rows compresses very well.</summary>
    public long RatioFreeBytes { get; init; } = 4L * 1024 * 1024;

    /// <summary>Most parts in a workbook.</summary>
    public int MaxParts { get; init; } = 1_000;

    /// <summary>Deepest nesting of elements in a part.</summary>
    public int MaxDepth { get; init; } = 64;
}
