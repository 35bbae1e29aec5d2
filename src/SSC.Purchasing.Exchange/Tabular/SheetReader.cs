using System.Globalization;
using System.Text;
using System.Xml;

namespace SSC.Purchasing.Exchange.Tabular;

/// <summary>Turns the elements of one sheet into rows of cells.</summary>
internal sealed class SheetReader(List<string> strings, NumberFormats formats, TableLimits limits)
{
    private const int LastRow = 1_048_576;
    private const int LastColumn = 16_384;

    /// <summary>Reads until the sheet ends or the collector gives up.</summary>
    public void Read(Stream sheet, RowCollector collector, CancellationToken ct)
    {
        using var reader = XmlReader.Create(sheet, WorkbookGuard.XmlSettings());
        var number = 0;
        while (!collector.GaveUp && reader.Read())
        {
            if (reader.NodeType != XmlNodeType.Element || reader.LocalName is not "row") continue;
            ct.ThrowIfCancellationRequested();
            var stated = reader.GetAttribute("r") is { } r ? int.Parse(r, NumberStyles.None, CultureInfo.InvariantCulture) : number + 1;
            if (stated <= number || stated > LastRow) throw XlsxTable.Damaged();
            number = stated;
            collector.Add(number, ReadRow(reader, number, collector));
        }
    }

    private List<Cell> ReadRow(XmlReader reader, int row, RowCollector collector)
    {
        var cells = new List<Cell>();
        if (reader.IsEmptyElement) return cells;
        var depth = reader.Depth;
        var column = -1;
        while (reader.Read() && !(reader.NodeType == XmlNodeType.EndElement && reader.Depth == depth))
        {
            if (reader.NodeType != XmlNodeType.Element || reader.LocalName is not "c") continue;
            var stated = reader.GetAttribute("r") is { } address ? ColumnOf(address) : column + 1;
            if (stated <= column || stated >= LastColumn) throw XlsxTable.Damaged();
            column = stated;
            var cell = ReadCell(reader, out var formula);
            if (formula) collector.AddFormula(row, column);
            if (cell.IsEmpty) continue; // styled but empty cells may reach to the last column
            if (column >= limits.MaxColumns)
            {
                throw new UnreadableFileException(
                    "file-too-wide", $"Row {row} has more than {limits.MaxColumns} columns; remove those that are not part of the list.");
            }

            while (cells.Count < column) cells.Add(Cell.Empty);
            cells.Add(cell);
        }

        return cells;
    }

    private Cell ReadCell(XmlReader reader, out bool formula)
    {
        formula = false;
        var type = reader.GetAttribute("t");
        var style = int.TryParse(reader.GetAttribute("s"), NumberStyles.None, CultureInfo.InvariantCulture, out var s) ? s : (int?)null;
        if (reader.IsEmptyElement) return Cell.Empty;
        string? value = null;
        var depth = reader.Depth;
        while (reader.Read() && !(reader.NodeType == XmlNodeType.EndElement && reader.Depth == depth))
        {
            if (reader.NodeType != XmlNodeType.Element) continue;
            if (reader.LocalName is "f") formula = true;
            else if (reader.LocalName is "v") value = Value(reader);
            else if (reader.LocalName is "is") value = RichText.Read(reader, limits);
        }

        return value is null ? Cell.Empty : ToCell(type, value, style);
    }

    private Cell ToCell(string? type, string value, int? style) => type switch
    {
        "s" => CellText.Clean(Shared(value), limits),
        "inlineStr" => CellText.Clean(value, limits),
        "str" => CellText.Clean(XmlConvertEscapes.Undo(value), limits),
        "b" => new(value is "1" ? "TRUE" : "FALSE"),
        "e" => new(string.Empty, new("cell-error", "The cell shows a spreadsheet error; put the value there.")),
        "d" => CellText.Clean(value, limits),
        _ => CellText.Clean(formats.Show(value, style), limits),
    };

    private string Shared(string index) =>
        int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out var i) && i < strings.Count
            ? strings[i]
            : throw XlsxTable.Damaged();

    private string Value(XmlReader reader)
    {
        if (reader.IsEmptyElement) return string.Empty;
        var text = new StringBuilder();
        var depth = reader.Depth;
        while (reader.Read() && !(reader.NodeType == XmlNodeType.EndElement && reader.Depth == depth))
        {
            if (reader.NodeType is XmlNodeType.Text or XmlNodeType.CDATA && text.Length <= limits.MaxCellLength)
                RichText.AppendValue(reader, text, limits.MaxCellLength + 1);
        }

        return text.ToString();
    }

    private static int ColumnOf(string address)
    {
        var column = 0;
        foreach (var c in address)
        {
            if (!char.IsAsciiLetterUpper(c)) break;
            column = (column * 26) + (c - 'A' + 1);
            if (column > LastColumn) throw XlsxTable.Damaged();
        }

        return column == 0 ? throw XlsxTable.Damaged() : column - 1;
    }
}
