using System.Buffers;
using System.Globalization;
using System.Text;
using SSC.Purchasing.Exchange.Documents;
using SSC.Purchasing.Exchange.Tabular;

namespace SSC.Purchasing.Exchange.Csv;

/// <summary>
/// An order as CSV (RFC 4180, UTF-8 with a byte order mark, so that spreadsheet programs read it as such), one row per drop. A text that
/// a spreadsheet program would compute (it begins with <c>= + - @</c>) gets an apostrophe before it. Columns:
/// <c>src/docs/formats/csv.md</c>.
/// </summary>
public sealed class CsvOrderWriter : IOrderWriter
{
    private static readonly SearchValues<char> Quoted = SearchValues.Create(",\"\r\n;\t");

    /// <inheritdoc/>
    public string Format => "csv";

    /// <inheritdoc/>
    public string MediaType => "text/csv";

    /// <inheritdoc/>
    public string FileExtension => "csv";

    /// <inheritdoc/>
    public byte[] Write(OrderToWrite order)
    {
        var text = new StringBuilder();
        AppendRow(text, OrderRows.Columns);
        foreach (var row in OrderRows.Of(order)) AppendRow(text, row);
        return [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(text.ToString())];
    }

    private static void AppendRow(StringBuilder text, IReadOnlyList<object> row)
    {
        text.AppendJoin(',', row.Select(Cell));
        text.Append("\r\n");
    }

    private static string Cell(object value)
    {
        if (value is not string text) return ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture);
        if (text.Length > 0 && text[0] is '=' or '+' or '-' or '@') text = "'" + text;
        return text.AsSpan().IndexOfAny(Quoted) < 0 && text.Trim() == text
            ? text
            : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}

/// <summary>An order as an XLSX workbook of one sheet, one row per drop; the columns of <see cref="CsvOrderWriter"/>.</summary>
public sealed class XlsxOrderWriter : IOrderWriter
{
    /// <summary>Media type of a workbook.</summary>
    public const string Workbook = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    /// <inheritdoc/>
    public string Format => "xlsx";

    /// <inheritdoc/>
    public string MediaType => Workbook;

    /// <inheritdoc/>
    public string FileExtension => "xlsx";

    /// <inheritdoc/>
    public byte[] Write(OrderToWrite order) => WorkbookWriter.Write("Order", OrderRows.Columns, OrderRows.Of(order));
}
