using System.Globalization;
using SSC.Purchasing.Exchange.Documents;

namespace SSC.Purchasing.Exchange.X12;

/// <summary>
/// Sorts segments into groups and transaction sets. What is wrong with a set or a group is kept with it, so that the others can be
/// used; what is wrong with the interchange's own envelope refuses all of it.
/// </summary>
internal sealed class X12Structure(X12Separators separators, List<X12Segment> segments)
{
    private const string Version = "004010";
    private readonly List<X12Group> groups = [];
    private readonly HashSet<string> groupNumbers = new(StringComparer.Ordinal);
    private int at = 1;

    private X12Segment? Now => at < segments.Count ? segments[at] : null;

    public X12Interchange? Read(out DocumentFault? fault)
    {
        var header = segments[0];
        while (Now is { Id: "GS" }) groups.Add(ReadGroup());
        fault = FaultOf(header);
        return fault is null ? new(separators, header, groups) : null;
    }

    private DocumentFault? FaultOf(X12Segment header)
    {
        if (Now is not { Id: "IEA" } trailer)
        {
            return Now is { } stray
                ? new("document-malformed", "Between groups and after the last stands nothing but IEA.", stray.At())
                : new("trailer-missing", "The interchange has no IEA; send it whole.");
        }

        if (at != segments.Count - 1)
            return new("document-malformed", "Nothing follows IEA; send one interchange at a time.", segments[at + 1].At());
        if (groups.Count == 0) return new("document-malformed", "The interchange holds no functional group.", trailer.At());
        if (Number(trailer[1]) != groups.Count)
            return new("count-mismatch", "IEA states another number of groups than there are.", trailer.At(1));
        return Number(trailer[2]) is { } number && number == Number(header[13])
            ? null
            : new("control-number-mismatch", "IEA and ISA have different control numbers.", trailer.At(2));
    }

    private X12Group ReadGroup()
    {
        var header = segments[at++];
        var faults = new List<(string, DocumentFault)>();
        var sets = new List<X12Set>();
        var numbers = new HashSet<string>(StringComparer.Ordinal);
        if (!header[8].StartsWith(Version, StringComparison.Ordinal))
            faults.Add(("2", new("document-version", "Send version 004010.", header.At(8))));
        if (Number(header[6]) is null || !groupNumbers.Add(header[6]))
            faults.Add(("6", new("control-number-repeated", "Number each group of an interchange differently.", header.At(6))));
        while (Now is { Id: not ("GE" or "GS" or "IEA") } segment)
        {
            if (segment.Id is "ST")
            {
                sets.Add(ReadSet(numbers));
                continue;
            }

            faults.Add(("3", new("segment-unexpected", "Between transaction sets stands nothing.", segment.At())));
            while (Now is { Id: not ("ST" or "GE" or "GS" or "IEA") }) at++;
        }

        if (Now is not { Id: "GE" } trailer)
        {
            faults.Add(("3", new("trailer-missing", "The group has no GE; send it whole.", header.At())));
            return new(header, sets, 0) { Faults = faults };
        }

        at++;
        var stated = Number(trailer[1]) ?? -1;
        if (stated != sets.Count)
            faults.Add(("5", new("count-mismatch", "GE states another number of transaction sets than there are.", trailer.At(1))));
        if (Number(trailer[2]) != Number(header[6]))
            faults.Add(("4", new("control-number-mismatch", "GE and GS have different control numbers.", trailer.At(2))));
        return new(header, sets, (int)Math.Clamp(stated, 0, 999_999)) { Faults = faults };
    }

    private X12Set ReadSet(HashSet<string> numbers)
    {
        var (first, header) = (at, segments[at]);
        var faults = new List<(string, DocumentFault)>();
        at++;
        if (header[2].Length is < 4 or > 9 || !header[2].All(char.IsAsciiLetterOrDigit) || !numbers.Add(header[2]))
            faults.Add(("7", new("control-number-repeated", "Number each transaction set of a group differently, with 4 to 9 digits.",
                header.At(2))));
        while (Now is { Id: not ("SE" or "ST" or "GE" or "GS" or "IEA") }) at++;
        if (Now is not { Id: "SE" } trailer)
        {
            faults.Add(("2", new("trailer-missing", "The transaction set has no SE; send it whole.", header.At())));
            return new(header[1], header[2], segments[first..at]) { Faults = faults };
        }

        at++;
        if (Number(trailer[1]) != at - first)
            faults.Add(("4", new("count-mismatch", string.Create(CultureInfo.InvariantCulture,
                $"SE states {trailer[1]} segments; from ST to SE there are {at - first}."), trailer.At(1))));
        if (!string.Equals(trailer[2], header[2], StringComparison.Ordinal))
            faults.Add(("3", new("control-number-mismatch", "SE and ST have different control numbers.", trailer.At(2))));
        return new(header[1], header[2], segments[first..at]) { Faults = faults };
    }

    private static long? Number(string text) =>
        text.Length <= 9 && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
