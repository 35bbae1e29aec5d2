using System.Text;
using System.Text.RegularExpressions;

namespace SSC.Purchasing.Tests.Architecture;

/// <summary>A member of a type with a body in braces.</summary>
/// <param name="Header">What stands before the body.</param>
/// <param name="FirstLine">1-based line of the header's beginning.</param>
/// <param name="Lines">From the header to the closing brace.</param>
public sealed partial record Members(string Header, int FirstLine, int Lines)
{
    /// <summary>
    /// Members found by their braces: a block inside a type's block that is no type itself. Text, characters and comments are left
    /// out, except that braces within raw text are taken as they are; so this reads formatted C#, not every C#.
    /// </summary>
    public static IEnumerable<Members> In(IReadOnlyList<string> lines)
    {
        var blocks = new Stack<(string Kind, string Header, int FirstLine)>();
        var header = new StringBuilder();
        var (headerLine, raw) = (0, false);
        for (var n = 0; n < lines.Count; n++)
        {
            var rawMark = lines[n].Contains("\"\"\"", StringComparison.Ordinal);
            if (rawMark && Quotes().Count(lines[n]) % 2 == 1) raw = !raw;
            if (raw || rawMark) continue;
            foreach (var c in Noise().Replace(lines[n], " "))
            {
                if (c == '{')
                {
                    var text = header.ToString().Trim();
                    var kind = TypeHeader().IsMatch(text) ? "type" : blocks.TryPeek(out var outer) && outer.Kind is "type"
                        ? "member" : "inner";
                    blocks.Push((kind, text, headerLine == 0 ? n + 1 : headerLine));
                }
                else if (c == '}' && blocks.TryPop(out var block) && block.Kind is "member")
                {
                    yield return new(block.Header, block.FirstLine, n + 2 - block.FirstLine);
                }

                if (c is '{' or '}' or ';')
                {
                    header.Clear();
                    headerLine = 0;
                }
                else
                {
                    if (headerLine == 0 && !char.IsWhiteSpace(c)) headerLine = n + 1;
                    header.Append(c);
                }
            }

            header.Append(' ');
        }
    }

    [GeneratedRegex(@"\b(class|struct|record|interface|enum|namespace|extension)\b(?!.*(=>|\)\s*where.*=>))",
        RegexOptions.ExplicitCapture | RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TypeHeader();

    [GeneratedRegex("\"\"\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Quotes();

    // Text (also interpolated), characters, comments and attributes' brackets do not open blocks.
    [GeneratedRegex("""@"([^"]|"")*"|"([^"\\]|\\.)*"|'([^'\\]|\\.)+'|//.*$""", RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Noise();
}
