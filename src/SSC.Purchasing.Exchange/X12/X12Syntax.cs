using System.Globalization;
using System.Text;

namespace SSC.Purchasing.Exchange.X12;

/// <summary>
/// The characters that hold an interchange together. A reader takes them from the ISA segment, as X12.5 prescribes; a writer takes the
/// usual ones unless a value contains one of them. X12 4010 has no release character, so a value is never escaped, cut or changed:
/// the separators give way instead, at the last to the control characters FS, GS and US, which no text of this service can contain.
/// </summary>
/// <param name="Element">Between elements.</param>
/// <param name="Component">Between components of an element (ISA16).</param>
/// <param name="Segment">After each segment.</param>
public sealed record X12Separators(char Element, char Component, char Segment)
{
    /// <summary>What most partners use.</summary>
    public static readonly X12Separators Usual = new('*', '>', '~');

    private static readonly char[] ElementChoices = ['*', '|', '^', '\u001D'];
    private static readonly char[] ComponentChoices = ['>', ':', '\\', '\u001F'];
    private static readonly char[] SegmentChoices = ['~', '\'', '`', '\u001C'];

    /// <summary>True for three different characters of which none can be part of a number, a code or a word.</summary>
    public bool AreSound() => Element != Component && Element != Segment && Component != Segment
        && IsSound(Element) && IsSound(Component) && IsSound(Segment);

    /// <summary>These separators, or others for those that a text contains.</summary>
    /// <param name="texts">Every value that will be written.</param>
    public X12Separators ClearOf(IEnumerable<string> texts)
    {
        var used = new HashSet<char>();
        foreach (var text in texts) used.UnionWith(text);
        var element = Choose(used, [Element, .. ElementChoices]);
        used.Add(element);
        var segment = Choose(used, [Segment, .. SegmentChoices]);
        used.Add(segment);
        return new(element, Choose(used, [Component, .. ComponentChoices]), segment);
    }

    private static char Choose(HashSet<char> used, char[] choices) =>
        Array.Find(choices, c => !used.Contains(c)) is var free and not '\0'
            ? free
            : throw new ArgumentException("A text holds control characters; no separator is left.", nameof(used));

    private static bool IsSound(char c) => !char.IsAsciiLetterOrDigit(c) && c is not (' ' or '.' or '-' or '\r') && c < 128;
}

/// <summary>A segment: its id and its elements.</summary>
/// <param name="Position">Place in the interchange, 1 for ISA.</param>
/// <param name="Id">Two or three capital letters and digits, e.g. <c>PO1</c>.</param>
/// <param name="Elements">From the first; an element that says nothing is empty, trailing ones may be left out.</param>
public sealed record X12Segment(int Position, string Id, IReadOnlyList<string> Elements)
{
    /// <summary>An element by its number, 1 and up; empty beyond the end.</summary>
    public string this[int number] => number <= Elements.Count ? Elements[number - 1] : string.Empty;

    /// <summary>A segment to be written; empty elements at the end are left out.</summary>
    public static X12Segment Of(string id, params string[] elements) =>
        new(0, id, elements[..(Array.FindLastIndex(elements, e => e.Length > 0) + 1)]);

    /// <summary>Where it is, and which element is meant, e.g. <c>segment 14 PO1, element 2</c>.</summary>
    public string At(int? element = null) => element is { } number
        ? string.Create(CultureInfo.InvariantCulture, $"segment {Position} {Id}, element {number}")
        : string.Create(CultureInfo.InvariantCulture, $"segment {Position} {Id}");

    /// <summary>Adds its text to an interchange.</summary>
    public void AppendTo(StringBuilder text, X12Separators separators)
    {
        text.Append(Id);
        foreach (var element in Elements) text.Append(separators.Element).Append(element);
        text.Append(separators.Segment);
    }
}

/// <summary>Texts and numbers as elements hold them.</summary>
internal static class X12Text
{
    /// <summary>A date, type DT.</summary>
    public static string Date(DateOnly day) => day.ToString("yyyyMMdd", CultureInfo.InvariantCulture);

    /// <summary>A number with a point where it needs one, type R.</summary>
    public static string Number(decimal number) => number.ToString("0.######", CultureInfo.InvariantCulture);

    /// <summary>A whole number.</summary>
    public static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>A control number of nine digits.</summary>
    public static string Control(long number) => number.ToString("000000000", CultureInfo.InvariantCulture);

    /// <summary>
    /// Pieces of at most so many characters that, joined, are the text. No piece begins or ends with a blank: many readers drop blanks
    /// at the ends of elements. A surrogate pair stays together.
    /// </summary>
    public static IEnumerable<string> Pieces(string text, int most)
    {
        while (text.Length > most)
        {
            var cut = most;
            while (cut > 1 && (text[cut] == ' ' || text[cut - 1] == ' ' || char.IsLowSurrogate(text[cut]))) cut--;
            if (cut == 1) cut = most;
            yield return text[..cut];
            text = text[cut..];
        }

        yield return text;
    }
}
