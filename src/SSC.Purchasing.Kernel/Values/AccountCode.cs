namespace SSC.Purchasing.Kernel;

/// <summary>
/// Where a cost is booked: a chart of accounts and its segments. Minnesota schools use UFARS
/// (Fund–Org/Site–Program–Finance–Object–Course, usually 2-3-3-3-3-3 digits); cities and counties have charts of their own.
/// </summary>
/// <param name="Scheme">Chart of accounts, e.g. <c>UFARS</c>, <c>CITY</c>.</param>
/// <param name="Segments">Digits and letters of each segment, in the chart's order.</param>
public sealed record AccountCode(string Scheme, StructuralList<string> Segments)
{
    /// <summary>Most segments accepted.</summary>
    public const int MaxSegments = 10;

    /// <summary>The segments joined by dashes, e.g. <c>01-005-203-000-401-000</c>.</summary>
    public string Code => string.Join('-', Segments);

    /// <summary>Splits <c>01-005-203-000-401-000</c>; null when a segment is empty, longer than 12 or not alphanumeric.</summary>
    public static AccountCode? TryParse(string scheme, string? code)
    {
        var segments = code?.Split('-') ?? [];
        return Id.IsWellFormed(scheme) && segments.Length is > 0 and <= MaxSegments
            && segments.All(s => s.Length is > 0 and <= 12 && s.All(char.IsAsciiLetterOrDigit))
            ? new(scheme, [.. segments])
            : null;
    }
}

/// <summary>One share of a line's cost; the shares of a line sum to 100 %.</summary>
/// <param name="Account">The account.</param>
/// <param name="BasisPoints">Hundredths of a percent, 1–10,000.</param>
public sealed record AccountSplit(AccountCode Account, int BasisPoints)
{
    /// <summary>100 % in basis points.</summary>
    public const int Whole = 10_000;
}
