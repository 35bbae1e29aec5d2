using System.Text;
using System.Text.Unicode;

namespace SSC.Purchasing.Exchange.Xml;

/// <summary>Decodes XML strictly (XML 1.0, appendix F): by byte order mark, else by the declaration, else as UTF-8.</summary>
internal static class XmlText
{
    private const int DeclarationLength = 256;
    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>The text; null when the bytes are not what they say, or an encoding that is not read here.</summary>
    public static string? Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE, 0, 0]) || bytes.StartsWith((ReadOnlySpan<byte>)[0, 0, 0xFE, 0xFF]))
            return null;
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE])) return Utf16(bytes[2..], bigEndian: false);
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF])) return Utf16(bytes[2..], bigEndian: true);
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0x3C, 0, 0x3F, 0])) return Utf16(bytes, bigEndian: false);
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0, 0x3C, 0, 0x3F])) return Utf16(bytes, bigEndian: true);
        if (bytes.StartsWith(Encoding.UTF8.Preamble)) return IfUtf8(bytes[3..]);
        return Declared(bytes) switch
        {
            null or "utf-8" or "utf8" => IfUtf8(bytes),
            "us-ascii" or "ascii" => bytes.IndexOfAnyInRange((byte)0x80, (byte)0xFF) < 0 ? Encoding.ASCII.GetString(bytes) : null,
            "iso-8859-1" or "latin1" => Encoding.Latin1.GetString(bytes),
            _ => null,
        };
    }

    private static string? IfUtf8(ReadOnlySpan<byte> bytes) => System.Text.Unicode.Utf8.IsValid(bytes) ? Utf8.GetString(bytes) : null;

    private static string? Utf16(ReadOnlySpan<byte> bytes, bool bigEndian)
    {
        try
        {
            return new UnicodeEncoding(bigEndian, byteOrderMark: false, throwOnInvalidBytes: true).GetString(bytes);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>The encoding that <c>&lt;?xml … encoding="…"?&gt;</c> names, in lower case, or null.</summary>
    private static string? Declared(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.StartsWith("<?xml"u8)) return null;
        var start = Encoding.Latin1.GetString(bytes[..Math.Min(bytes.Length, DeclarationLength)]);
        var end = start.IndexOf("?>", StringComparison.Ordinal);
        var at = start.IndexOf("encoding", StringComparison.Ordinal);
        if (end < 0 || at < 0 || at > end) return null;
        var open = start.AsSpan(at, end - at).IndexOfAny('"', '\'');
        if (open < 0) return null;
        var rest = start[(at + open + 1)..end];
        var close = rest.IndexOf(start[at + open], StringComparison.Ordinal);
        return close < 0 ? null : rest[..close].ToLowerInvariant();
    }
}
