using System.Globalization;
using System.Text;

namespace SSC.Purchasing.Host.Api;

/// <summary>A calendar as RFC 5545 writes it: escaped text, lines of at most 75 octets, CRLF, times in UTC.</summary>
internal sealed class ICalendar(string name)
{
    /// <summary>Its media type.</summary>
    public const string MediaType = "text/calendar; charset=utf-8";

    private const int LongestLine = 75;
    private readonly StringBuilder text = new();

    /// <summary>Adds something that begins and ends.</summary>
    /// <param name="uid">The same thing always has the same, so that calendars update it.</param>
    /// <param name="changed">When it last changed.</param>
    /// <param name="from">Beginning.</param>
    /// <param name="to">End; a moment when it is the beginning.</param>
    /// <param name="summary">In a line.</param>
    /// <param name="place">Where; null when it does not matter.</param>
    public ICalendar Add(string uid, DateTimeOffset changed, DateTimeOffset from, DateTimeOffset to, string summary, string? place = null)
    {
        Begin(uid, changed, summary, place);
        Line($"DTSTART:{Utc(from)}");
        Line($"DTEND:{Utc(to)}");
        Line("END:VEVENT");
        return this;
    }

    /// <summary>Adds something that takes the whole of a day.</summary>
    public ICalendar Add(string uid, DateTimeOffset changed, DateOnly on, string summary)
    {
        Begin(uid, changed, summary, null);
        Line(string.Create(CultureInfo.InvariantCulture, $"DTSTART;VALUE=DATE:{on:yyyyMMdd}"));
        Line(string.Create(CultureInfo.InvariantCulture, $"DTEND;VALUE=DATE:{on.AddDays(1):yyyyMMdd}"));
        Line("END:VEVENT");
        return this;
    }

    /// <summary>The whole calendar.</summary>
    public override string ToString()
    {
        var events = text.ToString();
        text.Clear();
        Line("BEGIN:VCALENDAR");
        Line("VERSION:2.0");
        Line("PRODID:-//SSC.Purchasing//Programs//EN");
        Line("CALSCALE:GREGORIAN");
        Line("METHOD:PUBLISH");
        Line($"X-WR-CALNAME:{Escaped(name)}");
        text.Append(events);
        Line("END:VCALENDAR");
        var whole = text.ToString();
        text.Clear().Append(events);
        return whole;
    }

    private void Begin(string uid, DateTimeOffset changed, string summary, string? place)
    {
        Line("BEGIN:VEVENT");
        Line($"UID:{Escaped(uid)}");
        Line($"DTSTAMP:{Utc(changed)}");
        Line($"SUMMARY:{Escaped(summary)}");
        if (place is not null) Line($"LOCATION:{Escaped(place)}");
    }

    private static string Utc(DateTimeOffset time) => time.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    /// <summary>Backslash, semicolon, comma and line break are written with a backslash (RFC 5545 §3.3.11).</summary>
    private static string Escaped(string value) => value.Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace(";", "\\;", StringComparison.Ordinal).Replace(",", "\\,", StringComparison.Ordinal)
        .Replace("\r\n", "\\n", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)
        .Replace("\r", "\\n", StringComparison.Ordinal);

    /// <summary>A line, folded before a character that would pass 75 octets (§3.1); no character is torn apart.</summary>
    private void Line(string content)
    {
        var octets = 0;
        foreach (var rune in content.EnumerateRunes())
        {
            if (octets + rune.Utf8SequenceLength > LongestLine)
            {
                text.Append("\r\n ");
                octets = 1;
            }

            text.Append(rune.ToString());
            octets += rune.Utf8SequenceLength;
        }

        text.Append("\r\n");
    }
}
