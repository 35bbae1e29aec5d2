namespace SSC.Purchasing.Kernel;

/// <summary>
/// Days and deadlines as Minnesota counts them: local time in America/Chicago, business days without weekends and the legal holidays
/// of Minn. Stat. 645.44 subd. 5. Pure: the time always comes in.
/// </summary>
public sealed record BusinessCalendar
{
    /// <summary>The statute's own list, with Indigenous Peoples Day and without the Friday after Thanksgiving.</summary>
    public static readonly BusinessCalendar Minnesota = new();

    private static readonly TimeSpan LastSecond = new(23, 59, 59);

    /// <summary>The governing body's option for the second Monday in October (Columbus Day before 2023); default true.</summary>
    public bool IndigenousPeoplesDay { get; init; } = true;

    /// <summary>The governing body's option for the Friday after Thanksgiving; default false.</summary>
    public bool FridayAfterThanksgiving { get; init; }

    /// <summary>Where deadlines are read from the clock on the wall.</summary>
    public static TimeZoneInfo Zone => CentralTime.Zone;

    /// <summary>The date on the wall at an instant.</summary>
    public static DateOnly LocalDate(DateTimeOffset instant) => DateOnly.FromDateTime(Local(instant));

    /// <summary>The clock on the wall at an instant.</summary>
    public static DateTime Local(DateTimeOffset instant) => TimeZoneInfo.ConvertTime(instant, Zone).DateTime;

    /// <summary>
    /// The UTC instant of a local time. A time that spring skips is read as the same time before the change (2:30 is 3:30 daylight
    /// time); one that autumn repeats is its first occurrence.
    /// </summary>
    public static DateTimeOffset InstantOf(DateOnly date, TimeOnly time)
    {
        var local = date.ToDateTime(time);
        if (Zone.IsInvalidTime(local)) return new DateTimeOffset(local, Zone.GetUtcOffset(local.AddHours(-3))).ToUniversalTime();
        var offset = Zone.IsAmbiguousTime(local) ? Zone.GetAmbiguousTimeOffsets(local).Max() : Zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset).ToUniversalTime();
    }

    /// <summary>The last moment of a date for a deadline, 23:59:59 local, as a UTC instant.</summary>
    public static DateTimeOffset EndOfDay(DateOnly date) => InstantOf(date, TimeOnly.FromTimeSpan(LastSecond));

    /// <summary>The same local time so many days later (or earlier), across daylight saving changes.</summary>
    public static DateTimeOffset AddCalendarDays(DateTimeOffset instant, int days)
    {
        var local = Local(instant);
        return InstantOf(DateOnly.FromDateTime(local).AddDays(days), TimeOnly.FromDateTime(local));
    }

    /// <summary>The same local time so many business days later (or earlier).</summary>
    public DateTimeOffset AddBusinessDays(DateTimeOffset instant, int days)
    {
        var local = Local(instant);
        return InstantOf(AddBusinessDays(DateOnly.FromDateTime(local), days), TimeOnly.FromDateTime(local));
    }

    /// <summary>The business day so many business days after a date (before it, when negative); the date itself for 0.</summary>
    public DateOnly AddBusinessDays(DateOnly date, int days)
    {
        var step = Math.Sign(days);
        for (var left = Math.Abs(days); left > 0;)
        {
            date = date.AddDays(step);
            if (IsBusinessDay(date)) left--;
        }

        return date;
    }

    /// <summary>
    /// The date, or the next business day: a period that ends on a weekend or holiday ends after it (Minn. Stat. 645.15).
    /// </summary>
    public DateOnly OnOrAfter(DateOnly date) => IsBusinessDay(date) ? date : AddBusinessDays(date, 1);

    /// <summary>True on Monday to Friday outside legal holidays.</summary>
    public bool IsBusinessDay(DateOnly date) =>
        date.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday) && HolidayOn(date) is null;

    /// <summary>The legal holiday kept on a date, or null.</summary>
    public string? HolidayOn(DateOnly date)
    {
        foreach (var (day, name) in Holidays(date.Year))
        {
            if (day == date) return name;
        }

        return null;
    }

    /// <summary>The days on which legal holidays are kept in a calendar year, in order; observed days carry "(observed)".</summary>
    public IReadOnlyList<(DateOnly Date, string Name)> Holidays(int year)
    {
        var thanksgiving = Nth(4, DayOfWeek.Thursday, year, 11);
        List<(DateOnly Date, string Name)> days =
        [
            .. Fixed(year, 1, 1, "New Year's Day"),
            (Nth(3, DayOfWeek.Monday, year, 1), "Martin Luther King's Birthday"),
            (Nth(3, DayOfWeek.Monday, year, 2), "Washington's and Lincoln's Birthday"),
            (Nth(1, DayOfWeek.Monday, year, 6).AddDays(-7), "Memorial Day"),
            .. year >= 2023 ? Fixed(year, 6, 19, "Juneteenth") : [], // Laws of Minnesota 2023, chapter 5
            .. Fixed(year, 7, 4, "Independence Day"),
            (Nth(1, DayOfWeek.Monday, year, 9), "Labor Day"),
            .. Fixed(year, 11, 11, "Veterans Day"),
            (thanksgiving, "Thanksgiving Day"),
            .. Fixed(year, 12, 25, "Christmas Day"),
            .. year < DateOnly.MaxValue.Year ? Fixed(year + 1, 1, 1, "New Year's Day") : [], // kept on 31 December when it is a Saturday
        ];
        if (IndigenousPeoplesDay) days.Add((Nth(2, DayOfWeek.Monday, year, 10), year >= 2023 ? "Indigenous Peoples Day" : "Columbus Day"));
        if (FridayAfterThanksgiving) days.Add((thanksgiving.AddDays(1), "Friday after Thanksgiving"));
        return [.. days.Where(d => d.Date.Year == year).OrderBy(d => d.Date)];
    }

    private static IEnumerable<(DateOnly Date, string Name)> Fixed(int year, int month, int day, string name)
    {
        var date = new DateOnly(year, month, day);
        yield return (date, name);
        if (date.DayOfWeek == DayOfWeek.Sunday) yield return (date.AddDays(1), name + " (observed)");
        if (date.DayOfWeek == DayOfWeek.Saturday) yield return (date.AddDays(-1), name + " (observed)");
    }

    private static DateOnly Nth(int nth, DayOfWeek day, int year, int month)
    {
        var first = new DateOnly(year, month, 1);
        return first.AddDays((((int)day - (int)first.DayOfWeek + 7) % 7) + (7 * (nth - 1)));
    }
}
