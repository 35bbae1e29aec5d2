using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace SSC.Purchasing.Kernel;

/// <summary>
/// What a text from outside must be before it may enter an event: it says something, is not over-long, and holds no control
/// characters (NUL, line breaks, escapes), no invisible direction changes and no broken surrogates.
/// </summary>
public static class PlainText
{
    /// <summary>Longest name of an organization, site or label, characters.</summary>
    public const int NameLength = 200;

    /// <summary>Longest free text, characters.</summary>
    public const int NoteLength = 500;

    /// <summary>Refuses with <c>{field}-missing</c>, <c>{field}-too-long</c> or <c>{field}-not-plain</c>; null when it is good.</summary>
    public static Refusal? Check(string field, string? text, int maxLength = NameLength)
    {
        if (string.IsNullOrWhiteSpace(text)) return new($"{field}-missing", $"Give the {Spoken(field)}.");
        if (text.Length > maxLength) return new($"{field}-too-long", $"Shorten the {Spoken(field)} to {maxLength} characters.");
        return IsPlain(text)
            ? null
            : new($"{field}-not-plain", $"Remove control characters (NUL, line breaks, direction marks) from the {Spoken(field)}.");
    }

    /// <summary>As <see cref="Check"/>, but the text may be absent.</summary>
    public static Refusal? CheckOptional(string field, string? text, int maxLength = NameLength) =>
        text is null ? null : Check(field, text, maxLength);

    /// <summary>Refuses with <c>{field}-malformed</c> what <see cref="Id.IsWellFormed(string?)"/> does not take.</summary>
    public static Refusal? CheckId(string field, string? value) => Id.IsWellFormed(value)
        ? null
        : new($"{field}-malformed", $"The {Spoken(field)} is 1 to {Id.MaxLength} letters, digits, '.', '_' or '-'.");

    /// <summary>True for a text that says something, is not over-long and is plain.</summary>
    public static bool IsWellFormed([NotNullWhen(true)] string? text, int maxLength) =>
        !string.IsNullOrWhiteSpace(text) && text.Length <= maxLength && IsPlain(text);

    /// <summary>As <see cref="IsWellFormed"/>, or nothing at all.</summary>
    public static bool IsWellFormedOrAbsent(string? text, int maxLength) => text is null || IsWellFormed(text, maxLength);

    /// <summary>True for a SHA-256 in lower-case hexadecimal.</summary>
    public static bool IsSha256([NotNullWhen(true)] string? text) => text is { Length: 64 } && text.All(char.IsAsciiHexDigitLower);

    private static bool IsPlain(string text)
    {
        for (var at = 0; at < text.Length;)
        {
            if (Rune.DecodeFromUtf16(text.AsSpan(at), out var rune, out var length) != System.Buffers.OperationStatus.Done) return false;
            if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator) return false;
            at += length;
        }

        return true;
    }

    private static string Spoken(string field) => field.Replace('-', ' ');
}
