using System.Globalization;
using System.Reflection;
using Shouldly;
using SSC.Purchasing.Kernel;
using Xunit;

namespace SSC.Purchasing.Tests.Kernel;

public class BusinessCalendarTests
{
    private static readonly BusinessCalendar Minnesota = BusinessCalendar.Minnesota;

    [Fact]
    public void the_legal_holidays_of_2026_are_the_statutes() =>
        Minnesota.Holidays(2026).ShouldBe(
        [
            (Day(2026, 1, 1), "New Year's Day"),
            (Day(2026, 1, 19), "Martin Luther King's Birthday"),
            (Day(2026, 2, 16), "Washington's and Lincoln's Birthday"),
            (Day(2026, 5, 25), "Memorial Day"),
            (Day(2026, 6, 19), "Juneteenth"),
            (Day(2026, 7, 3), "Independence Day (observed)"),
            (Day(2026, 7, 4), "Independence Day"),
            (Day(2026, 9, 7), "Labor Day"),
            (Day(2026, 10, 12), "Indigenous Peoples Day"),
            (Day(2026, 11, 11), "Veterans Day"),
            (Day(2026, 11, 26), "Thanksgiving Day"),
            (Day(2026, 12, 25), "Christmas Day"),
        ]);

    [Theory]
    [InlineData("2022-06-20", null)]
    [InlineData("2023-06-19", "Juneteenth")]
    [InlineData("2022-10-10", "Columbus Day")]
    [InlineData("2021-12-31", "New Year's Day (observed)")]
    [InlineData("2023-01-02", "New Year's Day (observed)")]
    [InlineData("2027-12-31", "New Year's Day (observed)")]
    [InlineData("2022-12-26", "Christmas Day (observed)")]
    [InlineData("2027-05-31", "Memorial Day")]
    public void holidays_follow_the_law_of_their_year_and_move_off_weekends(string day, string? holiday) =>
        Minnesota.HolidayOn(DateOnly.Parse(day, CultureInfo.InvariantCulture)).ShouldBe(holiday);

    [Fact]
    public void a_governing_body_may_choose_its_october_and_november()
    {
        var chosen = Minnesota with { IndigenousPeoplesDay = false, FridayAfterThanksgiving = true };
        chosen.IsBusinessDay(Day(2026, 10, 12)).ShouldBeTrue();
        chosen.IsBusinessDay(Day(2026, 11, 27)).ShouldBeFalse();
        Minnesota.IsBusinessDay(Day(2026, 11, 27)).ShouldBeTrue();
    }

    [Fact]
    public void business_days_skip_the_weekend_and_the_holiday()
    {
        Minnesota.AddBusinessDays(Day(2026, 7, 2), 1).ShouldBe(Day(2026, 7, 6));
        Minnesota.AddBusinessDays(Day(2026, 7, 6), -1).ShouldBe(Day(2026, 7, 2));
        Minnesota.AddBusinessDays(Day(2026, 7, 4), 1).ShouldBe(Day(2026, 7, 6));
        Minnesota.AddBusinessDays(Day(2026, 7, 4), 0).ShouldBe(Day(2026, 7, 4));
        Minnesota.OnOrAfter(Day(2026, 7, 3)).ShouldBe(Day(2026, 7, 6));
        Minnesota.OnOrAfter(Day(2026, 7, 6)).ShouldBe(Day(2026, 7, 6));
    }

    [Fact]
    public void a_deadline_ends_with_the_local_day()
    {
        BusinessCalendar.EndOfDay(Day(2026, 1, 15)).ShouldBe(Utc(2026, 1, 16, 5, 59, 59));
        BusinessCalendar.EndOfDay(Day(2026, 7, 15)).ShouldBe(Utc(2026, 7, 16, 4, 59, 59));
        BusinessCalendar.LocalDate(Utc(2026, 7, 16, 4, 59, 59)).ShouldBe(Day(2026, 7, 15));
        BusinessCalendar.LocalDate(Utc(2026, 7, 16, 5, 0, 0)).ShouldBe(Day(2026, 7, 16));
    }

    [Fact]
    public void days_later_is_the_same_time_on_the_wall_across_a_clock_change()
    {
        var friday = BusinessCalendar.InstantOf(Day(2026, 3, 6), new(17, 0)); // clocks go forward on Sunday 8 March
        BusinessCalendar.AddCalendarDays(friday, 3).ShouldBe(BusinessCalendar.InstantOf(Day(2026, 3, 9), new(17, 0)));
        (BusinessCalendar.AddCalendarDays(friday, 3) - friday).ShouldBe(TimeSpan.FromHours(71));
        Minnesota.AddBusinessDays(friday, 1).ShouldBe(BusinessCalendar.AddCalendarDays(friday, 3));
    }

    [Fact]
    public void a_time_that_spring_skips_moves_forward_and_one_that_autumn_repeats_is_the_first()
    {
        BusinessCalendar.InstantOf(Day(2026, 3, 8), new(2, 30)).ShouldBe(Utc(2026, 3, 8, 8, 30, 0));
        BusinessCalendar.Local(Utc(2026, 3, 8, 8, 30, 0)).ShouldBe(new DateTime(2026, 3, 8, 3, 30, 0, DateTimeKind.Unspecified));
        BusinessCalendar.InstantOf(Day(2026, 11, 1), new(1, 30)).ShouldBe(Utc(2026, 11, 1, 6, 30, 0));
    }

    [Fact]
    public void a_machine_without_time_zone_data_counts_the_same()
    {
        var byStatute = (TimeZoneInfo)typeof(BusinessCalendar).Assembly.GetType("SSC.Purchasing.Kernel.CentralTime")!
            .GetMethod("ByStatute", BindingFlags.Static | BindingFlags.NonPublic)!.Invoke(null, null)!;
        for (var at = Utc(1990, 1, 1, 0, 30, 0); at.Year < 2037; at = at.AddHours(1))
            byStatute.GetUtcOffset(at).ShouldBe(BusinessCalendar.Zone.GetUtcOffset(at), $"at {at:O}");
    }

    [Theory]
    [InlineData("2025-06-30", 2025, 4)]
    [InlineData("2025-07-01", 2026, 1)]
    [InlineData("2025-12-31", 2026, 2)]
    [InlineData("2026-03-31", 2026, 3)]
    [InlineData("2026-06-30", 2026, 4)]
    public void the_fiscal_year_turns_on_the_first_of_july(string day, int year, int quarter)
    {
        var date = DateOnly.Parse(day, CultureInfo.InvariantCulture);
        FiscalYear.Of(date).ShouldBe(new FiscalYear(year));
        FiscalYear.QuarterOf(date).ShouldBe(quarter);
        new FiscalYear(year).Contains(date).ShouldBeTrue();
        new FiscalYear(year).Contains(date.AddYears(1)).ShouldBeFalse();
    }

    [Fact]
    public void the_rule_of_the_day_decides()
    {
        var microPurchase = new EffectiveDated<Money>(
            new(Day(2018, 6, 20), Money.FromDollars(10_000), "OMB M-18-18"),
                new(Day(2025, 10, 1), Money.FromDollars(15_000), "2 CFR 200.320"));
        microPurchase.On(Day(2025, 9, 30)).ShouldBe(Money.FromDollars(10_000));
        microPurchase.On(Day(2025, 10, 1)).ShouldBe(Money.FromDollars(15_000));
        microPurchase.EntryOn(Day(2018, 6, 19)).ShouldBeNull();
        Should.Throw<ArgumentOutOfRangeException>(() => microPurchase.On(Day(2018, 6, 19)));
        Should.Throw<ArgumentException>(() => new EffectiveDated<int>(new(Day(2025, 1, 1), 1, "a"), new(Day(2025, 1, 1), 2, "b")));
    }

    private static DateOnly Day(int year, int month, int day) => new(year, month, day);

    private static DateTimeOffset Utc(int year, int month, int day, int hour, int minute, int second) =>
        new(year, month, day, hour, minute, second, TimeSpan.Zero);
}
