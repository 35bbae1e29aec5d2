using System.Globalization;
using SSC.Purchasing.Exchange.Documents;
using SSC.Purchasing.Exchange.PriceLists;
using SSC.Purchasing.Exchange.Tabular;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Exchange.Csv;

/// <summary>Reads the cells of one row of a vendor's document, and collects what is wrong with them.</summary>
internal sealed class DocumentRow(TableRow row, ColumnMap<DocumentColumn> columns, List<RowFault> faults)
{
    private static readonly string[] Dates = ["yyyy-MM-dd", "M/d/yyyy", "yyyy-MM-ddTHH:mm:ss"];
    private readonly RowCells<DocumentColumn> cells = new(row, columns, faults);

    /// <summary>True while nothing is wrong with the row.</summary>
    public bool IsSound => cells.IsSound;

    /// <summary>Collects a fault of a column.</summary>
    public void Fault(DocumentColumn column, string code, string reason) => cells.Fault(column, code, reason);

    /// <summary>True when the column says something in this row.</summary>
    public bool Says(DocumentColumn column) => columns.Columns.TryGetValue(column, out var at) && !row[at].IsEmpty;

    /// <summary>A text of at most so many characters; null when empty or at fault.</summary>
    public string? Text(DocumentColumn column, int most)
    {
        if (cells.Text(column) is not { } text) return null;
        if (PlainText.IsWellFormed(text, most)) return text;
        Fault(column, "text-invalid", string.Create(CultureInfo.InvariantCulture, $"Write at most {most} printable characters."));
        return null;
    }

    /// <summary>A text that must be there.</summary>
    public string? RequiredText(DocumentColumn column, int most) => Required(column) ? Text(column, most) : null;

    /// <summary>An id.</summary>
    public string? Id(DocumentColumn column)
    {
        if (cells.Text(column) is not { } text) return null;
        if (Kernel.Id.IsWellFormed(text)) return text;
        Fault(column, "id-malformed", "An id is 1 to 64 letters, digits, '.', '_' or '-'.");
        return null;
    }

    /// <summary>An id that must be there.</summary>
    public string? RequiredId(DocumentColumn column) => Required(column) ? Id(column) : null;

    /// <summary>A day, as 2026-03-20 or 3/20/2026.</summary>
    public DateOnly? Day(DocumentColumn column)
    {
        if (cells.Text(column) is not { } text) return null;
        if (DateTime.TryParseExact(text, Dates, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            && day.Year is >= 1990 and <= 2100)
        {
            return DateOnly.FromDateTime(day);
        }

        Fault(column, "date-invalid", "Write a date as 2026-03-20 or 3/20/2026.");
        return null;
    }

    /// <summary>A day that must be there.</summary>
    public DateOnly? RequiredDay(DocumentColumn column) => Required(column) ? Day(column) : null;

    /// <summary>A whole number above zero.</summary>
    public int? Whole(DocumentColumn column)
    {
        if (cells.Text(column) is not { } text) return null;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= 1_000_000)
            return number;
        Fault(column, "number-invalid", "Write a whole number from 1 to 1,000,000.");
        return null;
    }

    /// <summary>A quantity above zero.</summary>
    public Quantity? Quantity(DocumentColumn column) =>
        Number(column, Signed, static (decimal? n, out Refusal? no) => DocumentNumbers.ToQuantity(n, out no));

    /// <summary>A unit price.</summary>
    public UnitPrice? Price(DocumentColumn column) => Number<UnitPrice>(column, Signed, DocumentNumbers.ToPrice);

    /// <summary>An amount, signed; parentheses mean a minus.</summary>
    public Money? Amount(DocumentColumn column) => Number<Money>(column, Signed, DocumentNumbers.ToMoney);

    /// <summary>The UN/ECE code of a unit.</summary>
    public string? Unit(DocumentColumn column)
    {
        if (cells.Text(column) is not { } text) return null;
        if (VendorUnits.Find(text, out var doubtful) is { } unit) return unit.Code;
        if (doubtful) Fault(column, "unit-ambiguous", "This unit has two meanings; write its UN/ECE code or its name.");
        else Fault(column, "unit-unknown", "Write the unit as in the order, e.g. EA, case or RM.");
        return null;
    }

    /// <summary>A word that stands for a value.</summary>
    public T? Word<T>(DocumentColumn column, Func<string, T?> meaning, string expected)
        where T : struct
    {
        if (cells.Text(column) is not { } text) return null;
        var value = meaning(text);
        if (value is null) Fault(column, "code-unknown", expected);
        return value;
    }

    /// <summary>Whether a column says something; an empty one is a fault.</summary>
    public bool Required(DocumentColumn column)
    {
        if (Says(column)) return true;
        if (columns.NameOf(column) is { } name) cells.Fault(name, "cell-missing", "Fill in this cell.");
        else cells.Fault((string?)null, "column-missing", $"Add a column '{column}'; the page on CSV lists its names.");
        return false;
    }

    private T? Number<T>(DocumentColumn column, Func<string, decimal?> read, NumberReader<T> make)
        where T : struct
    {
        if (cells.Text(column) is not { } text) return null;
        var value = make(read(text), out var fault);
        if (fault is { } no) Fault(column, no.Code, no.Reason);
        return value;
    }

    private static decimal? Signed(string text)
    {
        var (minus, bare) = text switch
        {
            ['(', .. var inner, ')'] => (true, inner),
            ['-', .. var rest] => (true, rest),
            _ => (false, text),
        };
        bare = bare.Trim();
        if (bare.StartsWith('$')) bare = bare[1..].TrimStart();

        // A number too large to be a price is a number all the same, and its bounds say so.
        var number = PriceText.ReadNumber(bare) ?? (bare.StartsWith('-') ? null : DocumentNumbers.Read(bare));
        return minus ? -number : number;
    }
}
