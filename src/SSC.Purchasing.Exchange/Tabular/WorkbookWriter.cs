using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Xml;

namespace SSC.Purchasing.Exchange.Tabular;

/// <summary>
/// Writes a workbook of one sheet with a frozen bold header. The parts are written by hand rather than by a package library, since that
/// stamps them with the time: here the same table always gives the same bytes. Texts are inline and never formulas.
/// </summary>
internal static class WorkbookWriter
{
    private const string Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    private const string Relationships = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    private const string PackageRelationships = "http://schemas.openxmlformats.org/package/2006/relationships";
    private const string ContentType = "application/vnd.openxmlformats-officedocument.spreadsheetml";
    private const int WidestColumn = 60;
    private static readonly DateTimeOffset NoTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>A workbook; cells are texts or numbers.</summary>
    public static byte[] Write(string sheet, IReadOnlyList<string> header, IReadOnlyList<IReadOnlyList<object>> rows)
    {
        using var file = new MemoryStream();
        using (var archive = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            Part(archive, "[Content_Types].xml",
                $"""<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">"""
                + """<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>"""
                + $"""<Override PartName="/xl/workbook.xml" ContentType="{ContentType}.sheet.main+xml"/>"""
                + $"""<Override PartName="/xl/styles.xml" ContentType="{ContentType}.styles+xml"/>"""
                + $"""<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{ContentType}.worksheet+xml"/></Types>""");
            Part(archive, "_rels/.rels", Related(("rId1", "officeDocument", "xl/workbook.xml")));
            Part(archive, "xl/workbook.xml",
                $"""<workbook xmlns="{Main}" xmlns:r="{Relationships}"><sheets>"""
                + $"""<sheet name="{sheet}" sheetId="1" r:id="rId1"/></sheets></workbook>""");
            Part(archive, "xl/_rels/workbook.xml.rels",
                Related(("rId1", "worksheet", "worksheets/sheet1.xml"), ("rId2", "styles", "styles.xml")));
            Part(archive, "xl/styles.xml",
                $"""<styleSheet xmlns="{Main}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>"""
                + """<font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="1"><fill><patternFill patternType="none"/>"""
                + """</fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>"""
                + """<cellXfs count="2"><xf/><xf fontId="1" applyFont="1"/></cellXfs></styleSheet>""");
            Part(archive, "xl/worksheets/sheet1.xml", Sheet(header, rows));
        }

        return file.ToArray();
    }

    private static string Sheet(IReadOnlyList<string> header, IReadOnlyList<IReadOnlyList<object>> rows)
    {
        var text = new StringBuilder();
        using (var xml = XmlWriter.Create(text, new() { OmitXmlDeclaration = true }))
        {
            xml.WriteStartElement("worksheet", Main);
            xml.WriteRaw("""<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" """
                + """state="frozen"/></sheetView></sheetViews><cols>""");
            for (var i = 0; i < header.Count; i++)
            {
                var width = Math.Min(WidestColumn, rows.Select(r => Shown(r[i]).Length).Append(header[i].Length).Max() + 2);
                xml.WriteRaw(FormattableString.Invariant($"""<col min="{i + 1}" max="{i + 1}" width="{width}" customWidth="1"/>"""));
            }

            xml.WriteRaw("</cols>");
            xml.WriteStartElement("sheetData", Main);
            Row(xml, 1, header, style: "1");
            for (var i = 0; i < rows.Count; i++) Row(xml, i + 2, rows[i], style: null);
            xml.WriteEndElement();
            xml.WriteEndElement();
        }

        return text.ToString();
    }

    private static void Row(XmlWriter xml, int number, IReadOnlyList<object> cells, string? style)
    {
        xml.WriteStartElement("row", Main);
        xml.WriteAttributeString("r", number.ToString(CultureInfo.InvariantCulture));
        for (var i = 0; i < cells.Count; i++)
        {
            if (cells[i] is string { Length: 0 }) continue;
            xml.WriteStartElement("c", Main);
            xml.WriteAttributeString("r", CellText.ColumnName(i) + number.ToString(CultureInfo.InvariantCulture));
            if (style is not null) xml.WriteAttributeString("s", style);
            if (cells[i] is string text)
            {
                xml.WriteAttributeString("t", "inlineStr");
                xml.WriteStartElement("is", Main);
                xml.WriteStartElement("t", Main);
                xml.WriteAttributeString("xml", "space", null, "preserve");
                xml.WriteString(Escaped(text));
                xml.WriteEndElement();
                xml.WriteEndElement();
            }
            else
            {
                xml.WriteElementString("v", Main, Shown(cells[i]));
            }

            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    // A text such as _x0041_ would be read as an escape, so its underscore is escaped itself; two characters are none of XML's.
    private static string Escaped(string text) => text.Replace("_x", "_x005F_x", StringComparison.Ordinal)
        .Replace("\uFFFE", "_xFFFE_", StringComparison.Ordinal).Replace("\uFFFF", "_xFFFF_", StringComparison.Ordinal);

    private static string Shown(object value) =>
        value as string ?? ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture);

    private static string Related(params (string Id, string Type, string Target)[] relationships) =>
        $"""<Relationships xmlns="{PackageRelationships}">"""
        + string.Concat(relationships.Select(r =>
            $"""<Relationship Id="{r.Id}" Type="{Relationships}/{r.Type}" Target="{r.Target}"/>""")) + "</Relationships>";

    private static void Part(ZipArchive archive, string name, string content)
    {
        var entry = archive.CreateEntry(name, CompressionLevel.Optimal);
        entry.LastWriteTime = NoTime;
        using var stream = entry.Open();
        stream.Write(Encoding.UTF8.GetBytes("""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>""" + content));
    }
}
