using System.Collections.Frozen;
using System.Globalization;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Exchange.X12;

/// <summary>
/// Lengths of the elements that this service writes, least and most characters, as in the 004010 dictionary. A point and a minus sign
/// do not count in a number (type R).
/// </summary>
internal static class X12Lengths
{
    private static readonly FrozenDictionary<string, (int Least, int Most)[]> Elements =
        new Dictionary<string, (int, int)[]>(StringComparer.Ordinal)
        {
            ["BEG"] = [(2, 2), (2, 2), (1, 22), (1, 30), (8, 8), (1, 30)],
            ["CUR"] = [(2, 3), (3, 3)],
            ["REF"] = [(2, 3), (1, 30), (1, 80)],
            ["SAC"] = [(1, 1), (4, 4), (2, 2), (1, 10), (1, 15), (0, 0), (0, 0), (0, 0), (0, 0), (0, 0), (0, 0), (0, 0), (0, 0), (0, 0),
                (1, 80)],
            ["DTM"] = [(3, 3), (8, 8)],
            ["N9"] = [(2, 3), (1, 30), (1, 45)],
            ["MSG"] = [(1, 264)],
            ["N1"] = [(2, 3), (1, 60), (1, 2), (2, 80)],
            ["N2"] = [(1, 60), (1, 60)],
            ["N3"] = [(1, 55), (1, 55)],
            ["N4"] = [(2, 30), (2, 2), (3, 15), (2, 3)],
            ["PO1"] = [(1, 20), (1, 15), (2, 2), (1, 17), (2, 2), (2, 2), (1, 48)],
            ["PID"] = [(1, 1), (2, 3), (2, 2), (1, 12), (1, 80)],
            ["PO4"] = [(1, 6)],
            ["SDQ"] = [(2, 2), (1, 2), .. Enumerable.Repeat(((int, int)[])[(2, 80), (1, 15)], 10).SelectMany(p => p)],
            ["QTY"] = [(2, 2), (1, 15), (2, 2)],
            ["AMT"] = [(1, 3), (1, 18)],
            ["CTT"] = [(1, 6), (1, 10)],
        }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Numbers =
        new[] { "PO102", "PO104", "PO401", "QTY02", "AMT02", "CTT01", "CTT02" }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The first element that does not fit, refused with <c>x12-element-length</c>; null when all do.</summary>
    public static Refusal? Check(IReadOnlyList<X12Segment> segments)
    {
        foreach (var segment in segments)
        {
            for (var i = 1; i <= segment.Elements.Count; i++)
            {
                var (least, most) = Elements[segment.Id][i - 1];
                var length = LengthOf(segment, i);
                if (length == 0 || (length >= least && length <= most)) continue;
                return new("x12-element-length", string.Create(CultureInfo.InvariantCulture,
                    $"X12 4010 takes {least} to {most} characters in {segment.Id}, element {i}; '{segment[i]}' has {length}. ")
                    + "Send this order in another format.");
            }
        }

        return null;
    }

    private static int LengthOf(X12Segment segment, int number)
    {
        var text = segment[number];
        var isNumber = Numbers.Contains(string.Create(CultureInfo.InvariantCulture, $"{segment.Id}{number:00}"))
            || (segment.Id is "SDQ" && number > 2 && number % 2 == 0);
        return isNumber ? text.Count(char.IsAsciiDigit) : text.Length;
    }
}
