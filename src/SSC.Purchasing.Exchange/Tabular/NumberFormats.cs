using System.Globalization;
using System.Xml;

namespace SSC.Purchasing.Exchange.Tabular;

/// <summary>
/// How a workbook shows its numbers, as far as it changes what they mean: dates (ECMA-376 part 1, 18.8.30) and item numbers with
/// leading zeros (format <c>00000</c>).
/// </summary>
internal sealed class NumberFormats
{
    private const int MaxFormats = 65_536;
    private static readonly DateTime Epoch1900 = new(1899, 12, 30, 0, 0, 0, DateTimeKind.Unspecified);
    private static readonly DateTime Epoch1904 = new(1904, 1, 1, 0, 0, 0, DateTimeKind.Unspecified);
    private readonly Dictionary<int, string> custom = [];
    private readonly List<int> cellFormats = [];
    private readonly bool from1904;

    public NumberFormats(Stream? styles, bool from1904)
    {
        this.from1904 = from1904;
        if (styles is null) return;
        using var reader = XmlReader.Create(styles, WorkbookGuard.XmlSettings());
        var inCellFormats = false;
        while (reader.Read())
        {
            if (reader.LocalName is "cellXfs") inCellFormats = reader.NodeType == XmlNodeType.Element && !reader.IsEmptyElement;
            if (reader.NodeType != XmlNodeType.Element || cellFormats.Count >= MaxFormats || custom.Count >= MaxFormats) continue;
            if (reader.LocalName is "numFmt" && Number(reader, "numFmtId") is { } id)
                custom[id] = reader.GetAttribute("formatCode") ?? string.Empty;
            else if (inCellFormats && reader.LocalName is "xf")
                cellFormats.Add(Number(reader, "numFmtId") ?? 0);
        }
    }

    /// <summary>The text of a numeric cell as its reader sees it.</summary>
    /// <param name="raw">The stored number.</param>
    /// <param name="style">The cell's style, an index of cell formats.</param>
    public string Show(string raw, int? style)
    {
        if (!double.TryParse(raw, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            || !double.IsFinite(number) || Math.Abs(number) > 1e15)
        {
            return raw;
        }

        var format = style is >= 0 && style < cellFormats.Count ? cellFormats[style.Value] : 0;
        var code = custom.GetValueOrDefault(format);
        if (IsDate(format, code)) return Date(number) ?? raw;

        // Binary fractions: 41.9 is stored as 41.899999999999999; fifteen digits are what the sender saw.
        var exact = (decimal)number;
        return code is { Length: > 1 and < 30 } && code.All(c => c == '0') && decimal.IsInteger(exact) && exact >= 0
            ? exact.ToString(code, CultureInfo.InvariantCulture)
            : exact.ToString(CultureInfo.InvariantCulture);
    }

    private string? Date(double serial)
    {
        if (serial is < 0 or > 2_958_466) return null;
        var date = (from1904 ? Epoch1904 : Epoch1900).AddDays(serial);
        return date.TimeOfDay == TimeSpan.Zero
            ? date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
            : date.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture);
    }

    private static bool IsDate(int format, string? code)
    {
        if (code is null) return format is (>= 14 and <= 22) or (>= 45 and <= 47);
        var quoted = false;
        var bracketed = false;
        for (var i = 0; i < code.Length; i++)
        {
            var c = code[i];
            if (c == '\\') i++;
            else if (c == '"') quoted = !quoted;
            else if (c is '[' or ']') bracketed = c == '[';
            else if (!quoted && !bracketed && char.ToLowerInvariant(c) is 'd' or 'y' or 'h') return true;
        }

        return false;
    }

    private static int? Number(XmlReader reader, string attribute) =>
        int.TryParse(reader.GetAttribute(attribute), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
