using System.Text;

namespace SSC.Purchasing.Exchange.Tabular;

/// <summary>Which header texts mean which column. Case, spaces and punctuation do not matter; <c>#</c> reads as <c>no</c>.</summary>
/// <typeparam name="TField">The columns an import knows.</typeparam>
public sealed class ColumnAliases<TField>
    where TField : struct, Enum
{
    private readonly IReadOnlyList<(TField Field, string[] Aliases)> known;

    /// <summary>Columns with their aliases; of several in a header, the first alias listed wins (a net price before a price).</summary>
    public ColumnAliases(params IReadOnlyList<(TField Field, string[] Aliases)> known) =>
        this.known = [.. known.Select(k => (k.Field, k.Aliases.Select(Normal).ToArray()))];

    /// <summary>The columns that a row names, if it is a header.</summary>
    public ColumnMap<TField> Match(IReadOnlyList<string> header)
    {
        var names = header.Select(Normal).ToList();
        var shortNames = header.Select(h => Normal(WithoutParentheses(h))).ToList();
        var columns = new Dictionary<TField, int>();
        var repeated = new List<TField>();
        foreach (var (field, aliases) in known)
        {
            foreach (var alias in aliases)
            {
                var at = Enumerable.Range(0, names.Count).Where(i => Is(names[i], alias) || Is(shortNames[i], alias)).ToList();
                if (at.Count == 0) continue;
                columns[field] = at[0];
                if (at.Count > 1) repeated.Add(field);
                break;
            }
        }

        return new(columns, repeated, header);
    }

    internal static string Normal(string text)
    {
        var normal = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (char.IsLetterOrDigit(c)) normal.Append(char.ToLowerInvariant(c));
            else if (c == '#') normal.Append("no");
        }

        return normal.ToString();
    }

    private static bool Is(string name, string alias) => string.Equals(name, alias, StringComparison.Ordinal);

    private static string WithoutParentheses(string text)
    {
        var open = text.IndexOf('(', StringComparison.Ordinal);
        var close = text.LastIndexOf(')');
        return open > 0 && close > open ? text.Remove(open, close - open + 1) : text;
    }
}

/// <summary>Where a header has which column.</summary>
/// <param name="Columns">Column numbers, 0 for A.</param>
/// <param name="Repeated">Columns that the header names twice.</param>
/// <param name="Header">The header's texts.</param>
public sealed record ColumnMap<TField>(
    IReadOnlyDictionary<TField, int> Columns, IReadOnlyList<TField> Repeated, IReadOnlyList<string> Header)
    where TField : struct, Enum
{
    /// <summary>True when the header has the column.</summary>
    public bool Has(TField field) => Columns.ContainsKey(field);

    /// <summary>The header's text over a column, or null.</summary>
    public string? NameOf(TField field) => Columns.TryGetValue(field, out var at) ? Header[at] : null;
}

/// <summary>Reads the cells of one row by column, and collects what is wrong with them.</summary>
internal sealed class RowCells<TField>(TableRow row, ColumnMap<TField> columns, List<RowFault> faults)
    where TField : struct, Enum
{
    private readonly int faultsBefore = faults.Count;

    /// <summary>The row's number.</summary>
    public int Number => row.Number;

    /// <summary>How many faults were collected so far, of this row and those before it.</summary>
    public int FaultCount => faults.Count;

    /// <summary>True while nothing is wrong with the row.</summary>
    public bool IsSound => faults.Count == faultsBefore;

    /// <summary>The text of a column; null when it is absent, empty or at fault (the fault is collected).</summary>
    public string? Text(TField field) => columns.Columns.TryGetValue(field, out var at) ? TextAt(at) : null;

    /// <summary>The header's text over a column, or null.</summary>
    public string? NameOf(TField field) => columns.NameOf(field);

    /// <summary>The text of a numbered column.</summary>
    public string? TextAt(int column)
    {
        var cell = row[column];
        if (cell.Fault is { } fault) Fault(columns.Header[column], fault.Code, fault.Reason);
        return string.IsNullOrEmpty(cell.Text) ? null : cell.Text;
    }

    /// <summary>As <see cref="Text"/>; an empty cell is a fault.</summary>
    public string? Required(TField field, string code, string reason)
    {
        var before = faults.Count;
        var text = Text(field);
        if (text is null && faults.Count == before) Fault(field, code, reason);
        return text;
    }

    /// <summary>Collects a fault of a column.</summary>
    public void Fault(TField field, string code, string reason) => Fault(columns.NameOf(field), code, reason);

    /// <summary>Collects a fault under a header's text.</summary>
    public void Fault(string? column, string code, string reason) => faults.Add(new(row.Number, column, code, reason));
}
