using System.Globalization;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Exchange.Tabular;

/// <summary>Makes cells of raw texts.</summary>
internal static class CellText
{
    /// <summary>
    /// Trims, and makes line breaks and tabs within a cell one space each: people wrap long descriptions. Any other control
    /// character, a broken surrogate or an invisible one is a fault and not repaired: nobody types a NUL.
    /// </summary>
    public static Cell Clean(string? raw, TableLimits limits)
    {
        if (string.IsNullOrEmpty(raw)) return Cell.Empty;
        if (raw.Length > limits.MaxCellLength)
            return new(string.Empty, new("cell-too-long", $"Shorten the cell to {limits.MaxCellLength} characters."));
        var text = raw.Replace("\r\n", " ", StringComparison.Ordinal).Replace('\n', ' ').Replace('\r', ' ').Replace('\t', ' ').Trim();
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogatePair(text, i)) i++;
            else if (char.GetUnicodeCategory(text[i]) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate)
                return new(string.Empty, Invisible(text[i]));
        }

        return new(text);
    }

    /// <summary>The letters of a column, 0 for A.</summary>
    public static string ColumnName(int column)
    {
        var name = string.Empty;
        for (var rest = column + 1; rest > 0; rest = (rest - 1) / 26) name = (char)('A' + ((rest - 1) % 26)) + name;
        return name;
    }

    private static Refusal Invisible(char c) =>
        new("cell-control-character", $"Remove the invisible character U+{(int)c:X4} from the cell.");
}
