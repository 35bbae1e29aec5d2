namespace SSC.Purchasing.Exchange.Tabular;

/// <summary>Takes rows as they are read: finds the header, drops blank rows, and refuses what goes beyond the limits.</summary>
internal sealed class RowCollector(Func<IReadOnlyList<string>, bool> isHeader, TableLimits limits, string? sheet = null)
{
    private const int AddressesShown = 5;
    private readonly List<TableRow> rows = [];
    private readonly List<string> formulas = [];
    private TableRow? header;
    private int titleRows;
    private int blankRows;
    private int formulaCount;
    private long cells;

    /// <summary>True once the header was seen.</summary>
    public bool HasHeader => header is not null;

    /// <summary>True when too many rows went by without a header: reading on is in vain.</summary>
    public bool GaveUp => header is null && titleRows > limits.MaxTitleRows;

    /// <summary>Counts a formula; the sheet is refused at its end if it turns out to be the one that is read.</summary>
    public void AddFormula(int row, int column)
    {
        formulaCount++;
        if (formulas.Count < AddressesShown) formulas.Add($"{CellText.ColumnName(column)}{row}");
    }

    /// <summary>Takes the next row.</summary>
    public void Add(int number, List<Cell> row)
    {
        while (row.Count > 0 && row[^1].IsEmpty) row.RemoveAt(row.Count - 1);
        if (row.Count > limits.MaxColumns)
        {
            throw new UnreadableFileException(
                "file-too-wide", $"Row {number} has more than {limits.MaxColumns} columns; remove those that are not part of the list.");
        }

        if (header is null)
        {
            titleRows++;
            var candidate = new TableRow(number, [.. row]);
            if (isHeader(candidate.Texts)) header = candidate;
        }
        else if (row.Count == 0)
        {
            blankRows++;
        }
        else
        {
            if (rows.Count >= limits.MaxRows)
                throw new UnreadableFileException("file-too-many-rows", $"Send at most {limits.MaxRows} rows; split a longer list.");
            cells += row.Count;
            if (cells > limits.MaxCells)
            {
                throw new UnreadableFileException(
                    "file-too-many-cells", $"Send at most {limits.MaxCells} cells; remove columns or split the list.");
            }

            rows.Add(new(number, [.. row]));
        }
    }

    /// <summary>What was collected.</summary>
    /// <exception cref="UnreadableFileException">No header, or formulas.</exception>
    public Table ToTable(string hash)
    {
        if (header is null) throw NoHeader(limits);
        return formulaCount == 0
            ? new(header, rows, blankRows, sheet, hash)
            : throw new UnreadableFileException(
                "file-formula",
                $"Formulas are not computed here: paste the values instead, at {string.Join(", ", formulas)}"
                + (formulaCount > formulas.Count ? $" and {formulaCount - formulas.Count} more." : "."));
    }

    /// <summary>The refusal when no header was found anywhere.</summary>
    public static UnreadableFileException NoHeader(TableLimits limits) =>
        new("header-missing", $"No header row with the needed columns was found in the first {limits.MaxTitleRows + 1} rows.");
}
