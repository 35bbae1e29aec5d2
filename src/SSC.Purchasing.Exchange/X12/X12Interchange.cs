using System.Globalization;
using System.Text;
using System.Text.Unicode;
using SSC.Purchasing.Exchange.Documents;

namespace SSC.Purchasing.Exchange.X12;

/// <summary>How much of an interchange is read before it is refused.</summary>
public sealed record X12Limits
{
    /// <summary>What readers use unless told otherwise.</summary>
    public static readonly X12Limits Default = new();

    /// <summary>Most bytes.</summary>
    public int MaxBytes { get; init; } = 10 * 1024 * 1024;

    /// <summary>Most segments.</summary>
    public int MaxSegments { get; init; } = 250_000;

    /// <summary>Most elements of a segment.</summary>
    public int MaxElements { get; init; } = 100;

    /// <summary>Most characters of an element.</summary>
    public int MaxElementLength { get; init; } = 1_000;
}

/// <summary>One transaction set of an interchange, from ST to SE.</summary>
/// <param name="Type">E.g. <c>855</c>.</param>
/// <param name="ControlNumber">ST02.</param>
/// <param name="Segments">From ST to SE, or to where it breaks off.</param>
public sealed record X12Set(string Type, string ControlNumber, IReadOnlyList<X12Segment> Segments)
{
    /// <summary>What is wrong with its envelope, by code of data element 718.</summary>
    public IReadOnlyList<(string Code, DocumentFault Fault)> Faults { get; init; } = [];
}

/// <summary>One functional group.</summary>
/// <param name="Header">GS.</param>
/// <param name="Sets">In order.</param>
/// <param name="Stated">Number of sets that GE states; 0 when it states none.</param>
public sealed record X12Group(X12Segment Header, IReadOnlyList<X12Set> Sets, int Stated)
{
    /// <summary>What is wrong with its envelope, by code of data element 716.</summary>
    public IReadOnlyList<(string Code, DocumentFault Fault)> Faults { get; init; } = [];

    /// <summary>GS01, e.g. <c>PR</c>.</summary>
    public string Code => Header[1];

    /// <summary>GS06.</summary>
    public string ControlNumber => Header[6];
}

/// <summary>
/// An interchange taken apart: separators from ISA, segments, groups and transaction sets, with counts and control numbers compared.
/// </summary>
/// <param name="Separators">As ISA has them.</param>
/// <param name="Header">ISA.</param>
/// <param name="Groups">In order, at least one.</param>
public sealed record X12Interchange(X12Separators Separators, X12Segment Header, IReadOnlyList<X12Group> Groups)
{
    private const int HeaderLength = 106;
    private static readonly int[] HeaderMarks = [3, 6, 17, 20, 31, 34, 50, 53, 69, 76, 81, 83, 89, 99, 101, 103];

    /// <summary>ISA13.</summary>
    public string ControlNumber => Header[13];

    /// <summary>
    /// Takes an interchange apart, or says why it cannot be: <c>document-too-large</c>, <c>document-encoding</c>,
    /// <c>document-malformed</c>, <c>trailer-missing</c>, <c>control-number-mismatch</c>, <c>count-mismatch</c>.
    /// </summary>
    public static X12Interchange? Parse(ReadOnlyMemory<byte> content, X12Limits limits, out DocumentFault? fault)
    {
        fault = null;
        if (content.Length > limits.MaxBytes)
        {
            fault = new("document-too-large", string.Create(
                CultureInfo.InvariantCulture, $"Send at most {limits.MaxBytes} bytes; split the interchange."));
            return null;
        }

        if (!Utf8.IsValid(content.Span))
        {
            fault = new("document-encoding", "This is neither ASCII nor UTF-8; send the interchange in one of them.");
            return null;
        }

        var text = Encoding.UTF8.GetString(content.Span);
        if (SeparatorsOf(text) is not { } separators)
        {
            fault = new("document-malformed",
                "An interchange begins with an ISA segment of 106 characters in fixed widths that shows its separators.", "segment 1 ISA");
            return null;
        }

        var segments = Cut(text, separators, limits, out fault);
        return fault is null ? new X12Structure(separators, segments!).Read(out fault) : null;
    }

    private static X12Separators? SeparatorsOf(string text)
    {
        if (text.Length < HeaderLength || !text.StartsWith("ISA", StringComparison.Ordinal)) return null;
        var separators = new X12Separators(text[HeaderMarks[0]], text[HeaderLength - 2], text[HeaderLength - 1]);
        return separators.AreSound() && Array.TrueForAll(HeaderMarks, m => text[m] == separators.Element)
            && text.AsSpan(0, HeaderLength).Count(separators.Element) == HeaderMarks.Length
            ? separators
            : null;
    }

    private static List<X12Segment>? Cut(string text, X12Separators separators, X12Limits limits, out DocumentFault? fault)
    {
        fault = null;
        var segments = new List<X12Segment>();
        var rest = text.AsSpan();
        while (true)
        {
            rest = rest.TrimStart("\r\n");
            if (separators.Segment == '\n') rest = rest.TrimStart('\n');
            if (rest.IsEmpty) return segments;
            var number = segments.Count + 1;
            var at = string.Create(CultureInfo.InvariantCulture, $"segment {number}");
            var end = rest.IndexOf(separators.Segment);
            if (end < 0)
                fault = new("document-malformed", "The last segment is not ended; the interchange breaks off.", at);
            else if (number > limits.MaxSegments)
                fault = new("document-too-large", $"Send at most {X12Text.Number(limits.MaxSegments)} segments; split the interchange.");
            else
                fault = Add(segments, rest[..end].TrimEnd("\r\n"), separators.Element, at, limits);
            if (fault is not null) return null;
            rest = rest[(end + 1)..];
        }
    }

    private static DocumentFault? Add(
        List<X12Segment> segments, ReadOnlySpan<char> text, char separator, string at, X12Limits limits)
    {
        if (text.Count(separator) > limits.MaxElements) return new("document-malformed", "A segment has far too many elements.", at);
        var parts = text.ToString().Split(separator);
        if (parts[0].Length is not (2 or 3) || !parts[0].All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c)))
            return new("document-malformed", "A segment begins with an id of two or three capital letters and digits.", at);
        if (Array.FindIndex(parts, p => p.Length > limits.MaxElementLength) is >= 0 and var i)
            return new("document-malformed", $"Shorten the element to {X12Text.Number(limits.MaxElementLength)} characters.",
                string.Create(CultureInfo.InvariantCulture, $"{at} {parts[0]}, element {i}"));
        segments.Add(new(segments.Count + 1, parts[0], parts[1..]));
        return null;
    }
}
