namespace SSC.Purchasing.Kernel;

/// <summary>
/// America/Chicago: the machine's time-zone data, and where a machine has none (a minimal container), the rules of the Uniform Time
/// Act as amended (15 U.S.C. 260a) written out, so that a deadline never depends on what is installed.
/// </summary>
internal static class CentralTime
{
    internal static readonly TimeZoneInfo Zone =
        TimeZoneInfo.TryFindSystemTimeZoneById("America/Chicago", out var known) ? known : ByStatute();

    /// <summary>
    /// From 1987: first Sunday in April to last in October; from 2007: second Sunday in March to first in November, at 2:00.
    /// </summary>
    internal static TimeZoneInfo ByStatute()
    {
        var hour = TimeSpan.FromHours(1);
        var two = new DateTime(1, 1, 1, 2, 0, 0, DateTimeKind.Unspecified);
        var from1987 = TimeZoneInfo.AdjustmentRule.CreateAdjustmentRule(
            Date(1987, 1, 1), Date(2006, 12, 31), hour, Sunday(two, month: 4, week: 1), Sunday(two, month: 10, week: 5));
        var from2007 = TimeZoneInfo.AdjustmentRule.CreateAdjustmentRule(
            Date(2007, 1, 1), DateTime.MaxValue.Date, hour, Sunday(two, month: 3, week: 2), Sunday(two, month: 11, week: 1));
        return TimeZoneInfo.CreateCustomTimeZone(
            "America/Chicago", TimeSpan.FromHours(-6), "Central Time", "Central Standard Time", "Central Daylight Time",
                [from1987, from2007]);
    }

    private static DateTime Date(int year, int month, int day) => new(year, month, day, 0, 0, 0, DateTimeKind.Unspecified);

    private static TimeZoneInfo.TransitionTime Sunday(DateTime time, int month, int week) =>
        TimeZoneInfo.TransitionTime.CreateFloatingDateRule(time, month, week, DayOfWeek.Sunday);
}
