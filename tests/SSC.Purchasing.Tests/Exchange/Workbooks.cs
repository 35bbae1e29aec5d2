using System.IO.Compression;
using System.Text;

namespace SSC.Purchasing.Tests.Exchange;

/// <summary>Makes workbooks part by part, so that tests can make the ones that no spreadsheet program would.</summary>
internal static class Workbooks
{
    private const string Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    private const string Relationships = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    private const string PackageRelationships = "http://schemas.openxmlformats.org/package/2006/relationships";
    private const string ContentType = "application/vnd.openxmlformats-officedocument.spreadsheetml";

    /// <summary>A workbook of sheets, each with the XML of its rows.</summary>
    public static byte[] Of(params (string Name, string State, string Rows)[] sheets) => Zip(Parts(sheets));

    /// <summary>A workbook of one visible sheet.</summary>
    public static byte[] OfRows(string rows) => Of(("Prices", "visible", rows));

    /// <summary>The parts of a workbook.</summary>
    public static Dictionary<string, string> Parts(params (string Name, string State, string Rows)[] sheets)
    {
        var numbered = sheets.Select((s, i) => (Number: i + 1, Sheet: s)).ToList();
        var parts = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["[Content_Types].xml"] =
                """<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">"""
                + """<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>"""
                + $"""<Override PartName="/xl/workbook.xml" ContentType="{ContentType}.sheet.main+xml"/>"""
                + $"""<Override PartName="/xl/styles.xml" ContentType="{ContentType}.styles+xml"/>"""
                + $"""<Override PartName="/xl/sharedStrings.xml" ContentType="{ContentType}.sharedStrings+xml"/>"""
                + string.Concat(numbered.Select(s =>
                    $"""<Override PartName="/xl/worksheets/sheet{s.Number}.xml" ContentType="{ContentType}.worksheet+xml"/>"""))
                + "</Types>",
            ["_rels/.rels"] = Rels(("rId1", "officeDocument", "xl/workbook.xml")),
            ["xl/workbook.xml"] = $"""<workbook xmlns="{Main}" xmlns:r="{Relationships}"><sheets>"""
                + string.Concat(numbered.Select(s =>
                    $"""<sheet name="{s.Sheet.Name}" sheetId="{s.Number}" state="{s.Sheet.State}" r:id="rId{s.Number}"/>"""))
                + "</sheets></workbook>",
            ["xl/_rels/workbook.xml.rels"] = Rels(
            [
                .. numbered.Select(s => ($"rId{s.Number}", "worksheet", $"worksheets/sheet{s.Number}.xml")),
                ("rId98", "styles", "styles.xml"), ("rId99", "sharedStrings", "sharedStrings.xml"),
            ]),
            // Style 1 is a date, 2 an item number of five digits.
            ["xl/styles.xml"] = $"""<styleSheet xmlns="{Main}"><numFmts count="1"><numFmt numFmtId="164" formatCode="00000"/></numFmts>"""
                + """<cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/></cellXfs></styleSheet>""",
            ["xl/sharedStrings.xml"] = $"""<sst xmlns="{Main}"><si><t>Item #</t></si>"""
                + """<si><r><t>Unit </t></r><r><t>Price</t></r></si></sst>""",
        };
        foreach (var (number, sheet) in numbered)
            parts[$"xl/worksheets/sheet{number}.xml"] = $"""<worksheet xmlns="{Main}"><sheetData>{sheet.Rows}</sheetData></worksheet>""";
        return parts;
    }

    /// <summary>Zips parts.</summary>
    public static byte[] Zip(IReadOnlyDictionary<string, string> parts, Action<ZipArchive>? more = null)
    {
        using var file = new MemoryStream();
        using (var archive = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in parts)
            {
                using var part = archive.CreateEntry(name, CompressionLevel.Fastest).Open();
                part.Write(Encoding.UTF8.GetBytes(content));
            }

            more?.Invoke(archive);
        }

        return file.ToArray();
    }

    /// <summary>Rows of inline texts.</summary>
    public static string Rows(params string[][] rows) => string.Concat(rows.Select((r, i) =>
        $"""<row r="{i + 1}">{string.Concat(r.Select((t, c) => Text($"{(char)('A' + c)}{i + 1}", t)))}</row>"""));

    /// <summary>A cell with an inline text.</summary>
    public static string Text(string address, string text) =>
        $"""<c r="{address}" t="inlineStr"><is><t xml:space="preserve">{System.Security.SecurityElement.Escape(text)}</t></is></c>""";

    private static string Rels(params (string Id, string Type, string Target)[] relationships) =>
        $"""<Relationships xmlns="{PackageRelationships}">"""
        + string.Concat(relationships.Select(r =>
            $"""<Relationship Id="{r.Id}" Type="{Relationships}/{r.Type}" Target="{r.Target}"/>""")) + "</Relationships>";
}

/// <summary>A stream of one byte over and over, of any length, that counts what is taken from it.</summary>
internal sealed class EndlessStream(long length, byte value) : Stream
{
    private long taken;

    public long Taken => taken;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        var read = (int)Math.Min(count, length - taken);
        buffer.AsSpan(offset, read).Fill(value);
        taken += read;
        return read;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
