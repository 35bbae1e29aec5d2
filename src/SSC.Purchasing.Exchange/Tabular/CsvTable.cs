using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;

namespace SSC.Purchasing.Exchange.Tabular;

/// <summary>Reads comma, semicolon or tab separated text (RFC 4180; a quote inside an unquoted cell is just a quote: 12" ruler).</summary>
internal static class CsvTable
{
    private const int MaxDelimitersInLine = 100_000;
    private static readonly string[] Delimiters = [",", ";", "\t"];

    /// <summary>Reads with the delimiter under which a header is recognised; the one that gives it most columns, when several do.</summary>
    public static RowCollector Read(string text, Func<IReadOnlyList<string>, bool> isHeader, TableLimits limits, CancellationToken ct)
    {
        RefuseEndlessLines(text);
        var delimiter = Delimiters.MaxBy(d => HeaderWidth(text, d, isHeader, limits))!;
        var collector = new RowCollector(isHeader, limits);
        foreach (var (number, cells) in Rows(text, delimiter, limits))
        {
            ct.ThrowIfCancellationRequested();
            for (var i = 0; i < cells.Count; i++)
            {
                if (cells[i].Text.StartsWith('=') && cells[i].Text.Length > 1) collector.AddFormula(number, i);
            }

            collector.Add(number, cells);
            if (collector.GaveUp) break;
        }

        return collector;
    }

    private static int HeaderWidth(string text, string delimiter, Func<IReadOnlyList<string>, bool> isHeader, TableLimits limits)
    {
        try
        {
            foreach (var (_, cells) in Rows(text, delimiter, limits).Take(limits.MaxTitleRows + 1))
            {
                if (isHeader([.. cells.Select(c => c.Text)])) return cells.Count;
            }
        }
        catch (UnreadableFileException)
        {
            // Under a wrong delimiter quotes may not pair up; the right one says what is wrong, if anything is.
        }

        return 0;
    }

    private static IEnumerable<(int Number, List<Cell> Cells)> Rows(string text, string delimiter, TableLimits limits)
    {
        var unpaired = false;
        var configuration = new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            Delimiter = delimiter,
            HasHeaderRecord = false,
            IgnoreBlankLines = false,
            MaxFieldSize = MaxFieldSize(limits),
            BadDataFound = bad => unpaired |= bad.Field.StartsWith('"'),
        };
        using var reader = new StringReader(text);
        using var parser = new CsvParser(reader, configuration);
        while (ReadOne(parser))
        {
            var cells = new List<Cell>(Math.Min(parser.Count, limits.MaxColumns + 1));
            var last = parser.Count - 1;
            for (var i = 0; i <= last; i++)
            {
                // A row far too wide is cut where the collector will refuse it.
                if (cells.Count <= limits.MaxColumns || !string.IsNullOrWhiteSpace(parser[i])) cells.Add(CellText.Clean(parser[i], limits));
            }

            if (unpaired) throw Unpaired(parser.Row);
            yield return (parser.Row, cells);
        }
    }

    private static bool ReadOne(CsvParser parser)
    {
        try
        {
            return parser.Read();
        }
        catch (MaxFieldSizeException)
        {
            throw Unpaired(parser.Row);
        }
    }

    // A cell that is too long is its row's fault; one that goes on for ever is a quote that was never closed.
    private static int MaxFieldSize(TableLimits limits) => limits.MaxCellLength * 20;

    private static UnreadableFileException Unpaired(int row) =>
        new("file-malformed", $"A quotation mark near row {row} is not closed; double quotes inside a quoted cell.");

    // The parser holds a row's cells at once, so a file that is one line of commas must not reach it.
    private static void RefuseEndlessLines(string text)
    {
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            if (line.Length > MaxDelimitersInLine && line.Count(',') + line.Count(';') + line.Count('\t') > MaxDelimitersInLine)
                throw new UnreadableFileException("file-too-wide", "A line has far too many columns.");
        }
    }
}
