using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Exchange.Tabular;

/// <summary>One cell: its text, trimmed, line breaks within it made spaces; or what is wrong with it.</summary>
/// <param name="Text">Empty for an empty cell and for one at fault.</param>
/// <param name="Fault"><c>cell-too-long</c>, <c>cell-control-character</c> or <c>cell-error</c>; null when the text is good.</param>
public readonly record struct Cell(string Text, Refusal? Fault = null)
{
    /// <summary>Nothing.</summary>
    public static Cell Empty => new(string.Empty);

    /// <summary>True when the cell says nothing and nothing is wrong with it.</summary>
    public bool IsEmpty => Fault is null && string.IsNullOrEmpty(Text);
}

/// <summary>A row under the number that a spreadsheet program shows beside it.</summary>
/// <param name="Number">1 for the first row of the file or sheet.</param>
/// <param name="Cells">From column A; cells after the last one that says something are left out.</param>
public sealed record TableRow(int Number, IReadOnlyList<Cell> Cells)
{
    /// <summary>The cell of a column, 0 for A; empty beyond the end.</summary>
    public Cell this[int column] => column < Cells.Count ? Cells[column] : Cell.Empty;

    /// <summary>The texts, for recognising a header.</summary>
    public IReadOnlyList<string> Texts => [.. Cells.Select(c => c.Text)];
}

/// <summary>A file that could be read: its header and the rows below it, blank ones left out.</summary>
/// <param name="Header">The row that the caller recognised.</param>
/// <param name="Rows">Rows below it that say something, in order.</param>
/// <param name="BlankRows">How many below it said nothing.</param>
/// <param name="Sheet">Name of the sheet; null for CSV.</param>
/// <param name="SourceHash">SHA-256 of the file, lower-case hexadecimal.</param>
public sealed record Table(TableRow Header, IReadOnlyList<TableRow> Rows, int BlankRows, string? Sheet, string SourceHash);

/// <summary>A table, or why the file is refused as a whole.</summary>
public abstract record TableOutcome
{
    private TableOutcome()
    {
    }

    /// <summary>It was read.</summary>
    public sealed record Read(Table Table) : TableOutcome;

    /// <summary>Nothing of it is used.</summary>
    public sealed record Refused(Refusal Refusal) : TableOutcome;
}

/// <summary>What is wrong with one row.</summary>
/// <param name="Row">Its number, as a spreadsheet program shows it.</param>
/// <param name="Column">The column's header as sent; null when it is the row as a whole.</param>
/// <param name="Code">Stable kebab-case code.</param>
/// <param name="Reason">One sentence that says how to mend it.</param>
public sealed record RowFault(int Row, string? Column, string Code, string Reason);

/// <summary>Something about a row that its sender may want to know, and that is no fault.</summary>
/// <param name="Row">Its number.</param>
/// <param name="Code">Stable kebab-case code.</param>
/// <param name="Text">One sentence.</param>
public sealed record RowNote(int Row, string Code, string Text);

/// <summary>What was found in a file, for the person who sent it.</summary>
/// <param name="Sheet">The sheet that was read; null for CSV.</param>
/// <param name="HeaderRow">Number of the header row.</param>
/// <param name="RowsRead">Rows below it that said something.</param>
/// <param name="BlankRows">Rows below it that said nothing.</param>
/// <param name="Faults">Every fault, by row; empty when the file can be used.</param>
/// <param name="Notes">Everything else worth saying, by row.</param>
/// <param name="SourceHash">SHA-256 of the file, lower-case hexadecimal.</param>
public sealed record ImportReport(
    string? Sheet, int HeaderRow, int RowsRead, int BlankRows, IReadOnlyList<RowFault> Faults, IReadOnlyList<RowNote> Notes,
    string SourceHash);
