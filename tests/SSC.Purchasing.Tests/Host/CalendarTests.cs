using System.Text;
using Shouldly;
using SSC.Purchasing.Host.Api;
using Xunit;

namespace SSC.Purchasing.Tests.Host;

public class CalendarTests
{
    private static readonly DateTimeOffset Start = new(2026, 10, 14, 9, 0, 0, TimeSpan.FromHours(-5));

    [Fact]
    public void text_is_escaped_times_are_in_utc_and_lines_end_as_the_standard_says()
    {
        var text = new ICalendar("Oak; Elm, \\").Add("s-1@mn", Start, Start, Start.AddHours(1), "Sums, and\nmore; \\", "Room 1").ToString();
        text.ShouldContain("X-WR-CALNAME:Oak\\; Elm\\, \\\\\r\n");
        text.ShouldContain("SUMMARY:Sums\\, and\\nmore\\; \\\\\r\n");
        text.ShouldContain("DTSTART:20261014T140000Z\r\nDTEND:20261014T150000Z\r\n");
        text.ShouldStartWith("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:");
        text.ShouldEndWith("END:VEVENT\r\nEND:VCALENDAR\r\n");
        text.Replace("\r\n", "", StringComparison.Ordinal).ShouldNotContain('\n');
    }

    [Fact]
    public void lines_are_folded_at_75_octets_and_unfold_to_what_they_were()
    {
        var summary = string.Concat(Enumerable.Repeat("Zażółć 🎓 ", 20)).TrimEnd();
        var text = new ICalendar("Oak").Add("s-1@mn", Start, new DateOnly(2026, 10, 14), summary).ToString();
        foreach (var line in text.Split("\r\n")) Encoding.UTF8.GetByteCount(line).ShouldBeLessThanOrEqualTo(75);
        text.Replace("\r\n ", "", StringComparison.Ordinal).ShouldContain("SUMMARY:" + summary + "\r\n");
        text.ShouldContain("DTSTART;VALUE=DATE:20261014\r\nDTEND;VALUE=DATE:20261015\r\n");
    }
}
