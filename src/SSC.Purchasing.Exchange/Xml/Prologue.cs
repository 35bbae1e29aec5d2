using SSC.Purchasing.Exchange.Documents;

namespace SSC.Purchasing.Exchange.Xml;

/// <summary>
/// Looks at what stands before the root element, by itself: the parser that follows prohibits every document type, so one that may
/// stand there has to be gone before it starts. It is replaced by blanks, and lines and columns stay what the sender sees.
/// </summary>
internal static class Prologue
{
    private const string Doctype = "<!DOCTYPE";

    /// <summary>The text without a known document type; a fault <c>document-dtd</c> for any other one.</summary>
    public static (string Text, DocumentFault? Fault) WithoutDoctype(string text, Func<string, string, bool>? isKnown)
    {
        var at = Find(text);
        if (at < 0) return (text, null);
        var scan = new Scanner(text, at + Doctype.Length);
        var name = scan.Word();
        var keyword = scan.Word();
        if (keyword == "PUBLIC") scan.Quoted();
        var system = keyword is "PUBLIC" or "SYSTEM" ? scan.Quoted() : null;
        var isClosed = scan.Take('>');
        if (!isClosed || system is null || isKnown is null || !isKnown(name, system)) return (text, Refused(text, at, isKnown is not null));
        var blank = text[at..scan.At].Select(c => c is '\n' or '\r' ? c : ' ');
        return (string.Concat(text.AsSpan(0, at), string.Concat(blank), text.AsSpan(scan.At)), null);
    }

    /// <summary>Where the document type begins, or -1: after declaration, comments and processing instructions only.</summary>
    private static int Find(string text)
    {
        for (var at = 0; at < text.Length;)
        {
            if (char.IsWhiteSpace(text[at]) || text[at] == '\uFEFF') at++;
            else if (Starts(text, at, "<?")) at = After(text, at, "?>");
            else if (Starts(text, at, "<!--")) at = After(text, at, "-->");
            else return Starts(text, at, Doctype) ? at : -1;
        }

        return -1;
    }

    private static bool Starts(string text, int at, string mark) => string.CompareOrdinal(text, at, mark, 0, mark.Length) == 0;

    private static int After(string text, int at, string mark)
    {
        var end = text.IndexOf(mark, at, StringComparison.Ordinal);
        return end < 0 ? text.Length : end + mark.Length;
    }

    private static DocumentFault Refused(string text, int at, bool someAreKnown)
    {
        var lines = text.AsSpan(0, at).Count('\n');
        var column = at - text.LastIndexOf('\n', Math.Max(0, at - 1)) + (at == 0 ? -1 : 0);
        var message = someAreKnown
            ? "The document type may only name the format's public DTD by its address; leave out everything else in it."
            : "Leave the document type (DOCTYPE) out; this format has none.";
        return new("document-dtd", message, Place.At(lines + 1, Math.Max(1, column)));
    }

    private sealed class Scanner(string text, int start)
    {
        public int At { get; private set; } = start;

        public string Word()
        {
            Blanks();
            var from = At;
            while (At < text.Length && (char.IsLetterOrDigit(text[At]) || text[At] is ':' or '_' or '-' or '.')) At++;
            return text[from..At];
        }

        public string? Quoted()
        {
            Blanks();
            if (At >= text.Length || text[At] is not ('"' or '\'')) return null;
            var end = text.IndexOf(text[At], At + 1);
            if (end < 0) return null;
            var quoted = text[(At + 1)..end];
            At = end + 1;
            return quoted;
        }

        public bool Take(char c)
        {
            Blanks();
            if (At >= text.Length || text[At] != c) return false;
            At++;
            return true;
        }

        private void Blanks()
        {
            while (At < text.Length && char.IsWhiteSpace(text[At])) At++;
        }
    }
}
