using System.Globalization;
using System.Text;
using System.Xml;
using DocumentFormat.OpenXml.Packaging;

namespace SSC.Purchasing.Exchange.Tabular;

/// <summary>Reads the first visible sheet of a workbook that has a recognised header, part by part as a stream of elements.</summary>
internal static class XlsxTable
{
    private const string Relationships = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    private const string StrictRelationships = "http://purl.oclc.org/ooxml/officeDocument/relationships";

    public static RowCollector Read(
        ReadOnlyMemory<byte> file, Func<IReadOnlyList<string>, bool> isHeader, TableLimits limits, CancellationToken ct)
    {
        try
        {
            WorkbookGuard.Check(file, limits, ct);
            using var stream = Streams.Over(file);
            using var document = SpreadsheetDocument.Open(stream, isEditable: false);
            return Read(document, isHeader, limits, ct);
        }
        catch (Exception e) when (e is InvalidDataException or XmlException or OpenXmlPackageException or FileFormatException
            or NotSupportedException or KeyNotFoundException or ArgumentException or FormatException or InvalidOperationException
            or IOException or OverflowException)
        {
            throw Damaged();
        }
    }

    private static RowCollector Read(
        SpreadsheetDocument document, Func<IReadOnlyList<string>, bool> isHeader, TableLimits limits, CancellationToken ct)
    {
        var book = document.WorkbookPart ?? throw Damaged();
        RefuseExternalLinks(book);
        var (sheets, from1904) = Outline(book);
        var strings = SharedStrings(book.SharedStringTablePart, limits);
        using var styles = book.WorkbookStylesPart is { } part ? Open(part) : null;
        var formats = new NumberFormats(styles, from1904);
        foreach (var (name, id) in sheets)
        {
            if (book.GetPartById(id) is not WorksheetPart sheet) continue;
            var collector = new RowCollector(isHeader, limits, name);
            using var content = Open(sheet);
            new SheetReader(strings, formats, limits).Read(content, collector, ct);
            if (collector.HasHeader) return collector;
        }

        throw RowCollector.NoHeader(limits);
    }

    // Links in cells are harmless text; a part that lives elsewhere is not read, and a list needs none.
    private static void RefuseExternalLinks(WorkbookPart book)
    {
        if (book.ExternalRelationships.Any()
            || book.Parts.Any(p => p.OpenXmlPart is ExternalWorkbookPart || p.OpenXmlPart.ExternalRelationships.Any()))
        {
            throw new UnreadableFileException(
                "file-external-link", "The workbook refers to other files; paste the values and save the list alone.");
        }
    }

    private static (List<(string Name, string Id)> Sheets, bool From1904) Outline(WorkbookPart book)
    {
        var sheets = new List<(string, string)>();
        var from1904 = false;
        using var stream = Open(book);
        using var reader = XmlReader.Create(stream, WorkbookGuard.XmlSettings());
        while (reader.Read())
        {
            if (reader.NodeType != XmlNodeType.Element) continue;
            if (reader.LocalName is "workbookPr") from1904 = reader.GetAttribute("date1904") is "1" or "true";
            if (reader.LocalName is not "sheet" || reader.GetAttribute("state") is "hidden" or "veryHidden") continue;
            if ((reader.GetAttribute("id", Relationships) ?? reader.GetAttribute("id", StrictRelationships)) is { } id)
                sheets.Add((reader.GetAttribute("name") ?? string.Empty, id));
        }

        return (sheets, from1904);
    }

    private static List<string> SharedStrings(SharedStringTablePart? part, TableLimits limits)
    {
        var strings = new List<string>();
        if (part is null) return strings;
        using var stream = Open(part);
        using var reader = XmlReader.Create(stream, WorkbookGuard.XmlSettings());
        while (reader.Read())
        {
            if (reader.NodeType != XmlNodeType.Element || reader.LocalName is not "si") continue;
            if (strings.Count >= limits.MaxCells)
                throw new UnreadableFileException("file-too-many-cells", $"Send at most {limits.MaxCells} cells; save the list alone.");
            strings.Add(RichText.Read(reader, limits));
        }

        return strings;
    }

    private static Stream Open(OpenXmlPart part) =>
        WorkbookGuard.IsXml(part.Uri.OriginalString) ? part.GetStream(FileMode.Open, FileAccess.Read) : throw Damaged();

    internal static UnreadableFileException Damaged() =>
        new("file-malformed", "The workbook is damaged, encrypted or no XLSX workbook; open it and save it anew.");
}

/// <summary>Text of a shared or inline string: its runs joined, without phonetic hints.</summary>
internal static class RichText
{
    private const int ChunkLength = 512;

    /// <summary>Reads to the end of the element; a text beyond the limit is cut one character after it, to be seen as too long.</summary>
    public static string Read(XmlReader reader, TableLimits limits)
    {
        if (reader.IsEmptyElement) return string.Empty;
        var text = new StringBuilder();
        var depth = reader.Depth;
        var (inText, phonetic) = (false, 0);
        while (reader.Read() && !(reader.NodeType == XmlNodeType.EndElement && reader.Depth == depth))
        {
            switch (reader.NodeType)
            {
                case XmlNodeType.Element when reader.LocalName is "rPh" && !reader.IsEmptyElement:
                    phonetic++;
                    break;
                case XmlNodeType.EndElement when reader.LocalName is "rPh":
                    phonetic--;
                    break;
                case XmlNodeType.Element or XmlNodeType.EndElement when reader.LocalName is "t":
                    inText = reader.NodeType == XmlNodeType.Element && !reader.IsEmptyElement;
                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace or XmlNodeType.Whitespace
                    when inText && phonetic == 0 && text.Length <= limits.MaxCellLength:
                    AppendValue(reader, text, limits.MaxCellLength + 1);
                    break;
                default:
                    break;
            }
        }

        return XmlConvertEscapes.Undo(text.ToString());
    }

    /// <summary>Appends the reader's text piece by piece, so that a text of many megabytes never becomes one string.</summary>
    public static void AppendValue(XmlReader reader, StringBuilder text, int mostCharacters)
    {
        var buffer = new char[ChunkLength];
        while (text.Length < mostCharacters)
        {
            var read = reader.ReadValueChunk(buffer, 0, Math.Min(ChunkLength, mostCharacters - text.Length));
            if (read == 0) return;
            text.Append(buffer, 0, read);
        }
    }
}

/// <summary>Undoes the workbook's own escapes of characters that XML cannot hold: <c>_x000D_</c> is a carriage return.</summary>
internal static class XmlConvertEscapes
{
    public static string Undo(string text)
    {
        if (!text.Contains("_x", StringComparison.Ordinal)) return text;
        var plain = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (i + 7 <= text.Length && text[i] == '_' && text[i + 1] == 'x' && text[i + 6] == '_'
                && ushort.TryParse(text.AsSpan(i + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
            {
                plain.Append((char)code);
                i += 6;
            }
            else
            {
                plain.Append(text[i]);
            }
        }

        return plain.ToString();
    }
}
