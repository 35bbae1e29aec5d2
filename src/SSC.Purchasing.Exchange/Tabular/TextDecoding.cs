using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace SSC.Purchasing.Exchange.Tabular;

/// <summary>Decodes text strictly: an encoding is never guessed, since a wrong guess changes names silently.</summary>
internal static class TextDecoding
{
    private static readonly UTF8Encoding Utf8Strict = new(false, throwOnInvalidBytes: true);

    public static string Decode(ReadOnlySpan<byte> file)
    {
        if (file.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE, 0, 0]) || file.StartsWith((ReadOnlySpan<byte>)[0, 0, 0xFE, 0xFF]))
            throw Wrong("This is UTF-32.");
        if (file.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE])) return Utf16(file[2..], bigEndian: false);
        if (file.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF])) return Utf16(file[2..], bigEndian: true);
        if (file.StartsWith(Encoding.UTF8.Preamble)) file = file[3..];

        // Latin text in UTF-16 is every other byte NUL; UTF-8 text has none.
        var start = file[..Math.Min(file.Length, 256)];
        if (start.Count((byte)0) * 4 > start.Length) throw Wrong("This looks like UTF-16 without a byte order mark.");
        return Utf8.IsValid(file) ? Utf8Strict.GetString(file) : throw Wrong($"Line {LineOfFirstFault(file)} is not UTF-8.");
    }

    private static string Utf16(ReadOnlySpan<byte> text, bool bigEndian)
    {
        try
        {
            return new UnicodeEncoding(bigEndian, byteOrderMark: false, throwOnInvalidBytes: true).GetString(text);
        }
        catch (DecoderFallbackException)
        {
            throw Wrong("The UTF-16 is broken.");
        }
    }

    private static UnreadableFileException Wrong(string finding) =>
        new("file-encoding", $"{finding} Save the file as CSV UTF-8 and send it again.");

    private static int LineOfFirstFault(ReadOnlySpan<byte> text)
    {
        var line = 1;
        while (Rune.DecodeFromUtf8(text, out var rune, out var length) == OperationStatus.Done)
        {
            if (rune.Value == '\n') line++;
            text = text[length..];
        }

        return line;
    }
}
