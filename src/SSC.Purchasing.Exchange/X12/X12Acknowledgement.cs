using System.Globalization;
using SSC.Purchasing.Exchange.Documents;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Exchange.X12;

/// <summary>What became of one transaction set.</summary>
internal sealed record SetOutcome(X12Set Set, IReadOnlyList<SetFault> Faults, IReadOnlyList<VendorDocument> Documents)
{
    /// <summary>Codes of data element 718, without repetition.</summary>
    public IReadOnlyList<string> Codes { get; init; } = [];

    /// <summary>True when everything of it is used.</summary>
    public bool IsAccepted => Codes.Count == 0 && Faults.All(f => !f.Rejects);
}

/// <summary>What became of one group.</summary>
internal sealed record GroupOutcome(X12Group Group, IReadOnlyList<SetOutcome> Sets)
{
    /// <summary>True when its envelope is sound.</summary>
    public bool IsSound => Group.Faults.Count == 0;

    /// <summary>How many of its sets are used.</summary>
    public int Accepted => IsSound ? Sets.Count(s => s.IsAccepted) : 0;
}

/// <summary>
/// Writes functional acknowledgements (997): for each group received, what was accepted (A), accepted with errors (E) and rejected (R),
/// with the segments and elements at fault. A 997 is never acknowledged itself.
/// </summary>
public static class X12Acknowledgement
{
    private const int MaxFaultsOfSet = 50;
    private const int CopyLength = 99;
    private const int MaxCodes = 5;

    /// <summary>
    /// The same acknowledgement under a control number and time of the service's own. What a reader returns carries the number and time
    /// of the interchange it answers, since reading is pure; whoever sends it numbers it with what was recorded.
    /// </summary>
    /// <exception cref="ArgumentException">These bytes are no interchange of this service.</exception>
    public static byte[] Numbered(ReadOnlyMemory<byte> acknowledgement, long controlNumber, DateTimeOffset at)
    {
        var interchange = X12Interchange.Parse(acknowledgement, X12Limits.Default, out var fault)
            ?? throw new ArgumentException(fault!.Message, nameof(acknowledgement));
        var sets = interchange.Groups.SelectMany(g => g.Sets)
            .Select(s => (s.Type, (IReadOnlyList<X12Segment>)[.. s.Segments.Skip(1).SkipLast(1)]));
        var header = interchange.Header;
        return new X12Envelope(Address(header, 5), Address(header, 7), at, controlNumber, "FA", header[15] is "T")
            .Write([.. sets], interchange.Separators);
    }

    /// <summary>The acknowledgement of an interchange; null when it holds nothing but acknowledgements.</summary>
    internal static byte[]? Of(X12Interchange received, IReadOnlyList<GroupOutcome> outcomes)
    {
        var sets = outcomes.Where(o => o.Group.Code is not "FA").Select(o => ("997", (IReadOnlyList<X12Segment>)Segments(o))).ToList();
        if (sets.Count == 0) return null;
        var number = long.TryParse(received.ControlNumber, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n > 0 ? n : 1;
        var time = DateTime.TryParseExact(received.Header[9] + received.Header[10], "yyMMddHHmm", CultureInfo.InvariantCulture,
            DateTimeStyles.None, out var written) ? written : DateTime.UnixEpoch;
        var at = BusinessCalendar.InstantOf(DateOnly.FromDateTime(time), TimeOnly.FromDateTime(time));
        return new X12Envelope(Address(received.Header, 7), Address(received.Header, 5), at, number, "FA", received.Header[15] is "T")
            .Write(sets, received.Separators);
    }

    private static X12Address Address(X12Segment header, int qualifier) =>
        new(Clean(header[qualifier], 2).PadRight(2), Clean(header[qualifier + 1], 15).TrimEnd().PadRight(2, '-'));

    private static List<X12Segment> Segments(GroupOutcome outcome)
    {
        var group = outcome.Group;
        var segments = new List<X12Segment> { X12Segment.Of("AK1", Clean(group.Code, 2), Clean(group.ControlNumber, 9)) };
        foreach (var set in outcome.Sets)
        {
            segments.Add(X12Segment.Of("AK2", Clean(set.Set.Type, 3), Clean(set.Set.ControlNumber, 9)));
            foreach (var at in set.Faults.Take(MaxFaultsOfSet).GroupBy(f => (f.Id, f.Segment.Position, f.SegmentCode)))
                segments.AddRange(Faults(set.Set, [.. at]));
            var codes = set.Codes.Concat(set.Faults.Any(f => f.Rejects) ? ["5"] : []).Distinct(StringComparer.Ordinal).Take(MaxCodes);
            var verdict = !outcome.IsSound || !set.IsAccepted ? "R" : set.Faults.Count > 0 ? "E" : "A";
            segments.Add(X12Segment.Of("AK5", [verdict, .. codes]));
        }

        var accepted = outcome.Accepted;
        var whole = accepted == 0 ? "R" : accepted < outcome.Sets.Count ? "P" : outcome.Sets.Any(s => s.Faults.Count > 0) ? "E" : "A";
        segments.Add(X12Segment.Of(
            "AK9",
            [
                whole, X12Text.Number(group.Stated), X12Text.Number(outcome.Sets.Count), X12Text.Number(accepted),
                .. group.Faults.Select(f => f.Code).Distinct(StringComparer.Ordinal).Take(MaxCodes),
            ]));
        return segments;
    }

    private static IEnumerable<X12Segment> Faults(X12Set set, IReadOnlyList<SetFault> faults)
    {
        var first = faults[0];
        var position = first.Segment.Position - set.Segments[0].Position + 1;
        yield return X12Segment.Of("AK3", first.Id, X12Text.Number(position), "", first.SegmentCode);
        foreach (var fault in faults.Where(f => f.Element is not null))
        {
            yield return X12Segment.Of(
                "AK4", X12Text.Number(fault.Element!.Value), "", fault.ElementCode!, Clean(fault.Segment[fault.Element.Value], CopyLength));
        }
    }

    // What a sender wrote may be anything; of it, printable ASCII goes back.
    private static string Clean(string text, int most) =>
        string.Concat(text.Where(c => c is >= ' ' and <= '~').Take(most));
}
