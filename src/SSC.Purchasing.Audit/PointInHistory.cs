using System.Globalization;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Audit;

/// <summary>Which moment of the log is meant.</summary>
public abstract record PointInHistory
{
    private PointInHistory()
    {
    }

    /// <summary>The end of the log.</summary>
    public sealed record Latest : PointInHistory;

    /// <summary>Up to a position, inclusive.</summary>
    public sealed record AtPosition(long Position) : PointInHistory;

    /// <summary>Everything recorded at or before a time, by the database's clock.</summary>
    public sealed record AtTime(DateTimeOffset Time) : PointInHistory;

    /// <summary>
    /// Reads <c>?asOf=</c>: nothing is the end of the log, digits a position, an RFC 3339 time with its offset a time.
    /// Null when it is neither.
    /// </summary>
    public static PointInHistory? TryParse(string? text)
    {
        if (string.IsNullOrEmpty(text)) return new Latest();
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var position)) return new AtPosition(position);
        string[] formats = ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];
        return (text[^1] is 'Z' || text is [.., '+' or '-', _, _, ':', _, _])
            && DateTimeOffset.TryParseExact(text, formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? new AtTime(time)
            : null;
    }

    /// <summary>The position meant: never beyond the head, so that an answer given for it stays true.</summary>
    public async Task<long> Resolve(IEventStore store, CancellationToken ct)
    {
        if (this is AtTime { Time: var time }) return await store.PositionAsOf(time, ct).ConfigureAwait(false);
        var head = (await store.Head(ct).ConfigureAwait(false)).Position;
        return this is AtPosition { Position: var position } ? Math.Min(position, head) : head;
    }
}
