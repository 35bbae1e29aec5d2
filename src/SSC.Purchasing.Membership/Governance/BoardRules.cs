using System.Text.Json.Serialization;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Membership;

/// <summary>A seat of a board, e.g. <c>OLMSTED-1</c>; unique within its board.</summary>
[JsonConverter(typeof(IdJsonConverter<SeatId>))]
public readonly record struct SeatId(string Value) : IId<SeatId>, IComparable<SeatId>
{
    /// <inheritdoc/>
    public static SeatId From(string value) => new(value);

    /// <summary>Ordinal order.</summary>
    public int CompareTo(SeatId other) => string.CompareOrdinal(Value, other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>
/// What a cooperative's bylaws say about its board, from a day on. The statute bounds the numbers: 6 to 15 directors, a majority of them
/// current members of school boards of full members (Minn. Stat. 123A.21 subd. 4); terms, elections and removal are the bylaws' own.
/// </summary>
/// <param name="LeastDirectors">Fewest seats of a complete board.</param>
/// <param name="MostDirectors">Most seats.</param>
/// <param name="TermYears">Length of a term.</param>
/// <param name="TermStarts">Day of the year, as month and day, on which terms start after an election.</param>
/// <param name="ElectionEvery">Elections are held in odd years when 2, in every year when 1.</param>
/// <param name="AbsenceLimit">So many consecutive unexcused absences remove a director.</param>
/// <param name="Voting">How the board votes.</param>
public sealed record BoardRules(
    int LeastDirectors, int MostDirectors, int TermYears, MonthDay TermStarts, int ElectionEvery, int AbsenceLimit, VotingRules Voting)
{
    /// <summary>Fewest directors that the statute allows.</summary>
    public const int StatutoryLeast = 6;

    /// <summary>Most directors that the statute allows.</summary>
    public const int StatutoryMost = 15;

    /// <summary>
    /// What sister cooperatives have in their bylaws: 6 to 15 directors, four years from 1 July after elections in odd years, removal
    /// after three consecutive unexcused absences.
    /// </summary>
    public static readonly BoardRules Customary = new(
        StatutoryLeast, StatutoryMost, 4, new(7, 1), 2, 3, VotingRules.Customary);

    private const int MaxTermYears = 6;
    private const int MaxAbsenceLimit = 12;

    /// <summary>
    /// The first thing wrong with the rules, or null: <c>board-size-out-of-range</c>, <c>term-out-of-range</c>,
    /// <c>term-start-invalid</c>, <c>election-cycle-unknown</c>, <c>absence-limit-out-of-range</c>, or a code of
    /// <see cref="VotingRules.Flaw"/>.
    /// </summary>
    public Refusal? Flaw() => this switch
    {
        { LeastDirectors: < StatutoryLeast } or { MostDirectors: > StatutoryMost } =>
            new("board-size-out-of-range", $"A board has {StatutoryLeast} to {StatutoryMost} directors (Minn. Stat. 123A.21 subd. 4)."),
        _ when LeastDirectors > MostDirectors => new("board-size-out-of-range", "Give a least number that is not above the most."),
        { ElectionEvery: not (1 or 2) } => new("election-cycle-unknown", "Elections are held in odd years (2) or in every year (1)."),
        { TermYears: < 1 or > MaxTermYears } => new("term-out-of-range", $"Give a term of 1 to {MaxTermYears} years."),
        _ when TermYears % ElectionEvery != 0 =>
            new("term-out-of-range", "With elections in odd years a term has an even number of years."),
        { TermStarts.IsWellFormed: false } => new("term-start-invalid", "Give a month and a day that every year has."),
        { AbsenceLimit: < 1 or > MaxAbsenceLimit } => new("absence-limit-out-of-range", $"Give 1 to {MaxAbsenceLimit} absences."),
        _ => Voting.Flaw(),
    };

    /// <summary>True for a year in which directors are elected.</summary>
    public bool IsElectionYear(int year) => ElectionEvery == 1 || int.IsOddInteger(year);

    /// <summary>
    /// The term of a seat that a day lies in: seats are staggered by the year of their election and every term starts in such a year.
    /// </summary>
    /// <param name="electionYear">A year in which the seat is elected for a whole term.</param>
    /// <param name="day">The day.</param>
    public (DateOnly From, DateOnly Until) TermOf(int electionYear, DateOnly day)
    {
        var year = day >= TermStarts.In(day.Year) ? day.Year : day.Year - 1;
        var start = year - ((((year - electionYear) % TermYears) + TermYears) % TermYears);
        return (TermStarts.In(start), TermStarts.In(start + TermYears).AddDays(-1));
    }

    /// <summary>The last day before directors of the next election take office, seen from a day.</summary>
    public DateOnly LastDayBeforeNextElected(DateOnly day)
    {
        var year = day >= TermStarts.In(day.Year) ? day.Year + 1 : day.Year;
        while (!IsElectionYear(year)) year++;
        return TermStarts.In(year).AddDays(-1);
    }
}

/// <summary>A day that every year has.</summary>
/// <param name="Month">1 to 12.</param>
/// <param name="Day">Of the month; not 29 February.</param>
public sealed record MonthDay(int Month, int Day)
{
    private const int CommonYear = 2023;

    /// <summary>True when every year has it.</summary>
    [JsonIgnore]
    public bool IsWellFormed => Month is >= 1 and <= 12 && Day >= 1 && Day <= DateTime.DaysInMonth(CommonYear, Month);

    /// <summary>The date in a year.</summary>
    public DateOnly In(int year) => new(year, Month, Day);
}

/// <summary>What a seat is for.</summary>
/// <param name="Area">What it represents, e.g. a county or <c>Cities and counties</c>.</param>
/// <param name="SchoolBoard">True when it is held by a current school-board member of a full member.</param>
/// <param name="ElectionYear">A year in which it is elected for a whole term: staggers the terms.</param>
public sealed record SeatFacts(string Area, bool SchoolBoard, int ElectionYear);

/// <summary>Somebody who may hold a seat.</summary>
/// <param name="Person">Opaque id.</param>
/// <param name="Member">The full member that the person comes from.</param>
/// <param name="SchoolBoard">True for a current member of that member's school board, as the clerk has verified.</param>
public sealed record Candidate(PersonId Person, MemberNo Member, bool SchoolBoard);

/// <summary>How a director came into office.</summary>
public enum SeatedBy
{
    /// <summary>Elected by the voting members.</summary>
    Election,

    /// <summary>Appointed by the board to a vacancy, until the next election.</summary>
    Appointment,
}

/// <summary>Who holds a seat.</summary>
/// <param name="Director">The person and the member.</param>
/// <param name="By">How the person came into office.</param>
/// <param name="Source">Id of the election, or of the appointing resolution.</param>
/// <param name="From">First day in office.</param>
/// <param name="Until">Last day of the term.</param>
public sealed record SeatHolder(Candidate Director, SeatedBy By, string Source, DateOnly From, DateOnly Until);

/// <summary>Why a seat became vacant before its term was over.</summary>
public enum VacancyReason
{
    /// <summary>The director resigned.</summary>
    Resigned,

    /// <summary>The director is no longer on a school board, or the member is no longer a full member.</summary>
    NoLongerQualified,

    /// <summary>Anything else; no persons' circumstances are recorded.</summary>
    Other,
}

/// <summary>Whether a director came to a meeting.</summary>
public enum Attendance
{
    /// <summary>There.</summary>
    Present,

    /// <summary>Not there, excused by the board.</summary>
    Excused,

    /// <summary>Not there.</summary>
    Unexcused,
}

/// <summary>A seat as it stands.</summary>
/// <param name="Facts">What it is for.</param>
/// <param name="Holder">Who holds it; null while it is vacant.</param>
/// <param name="Absences">Meetings missed without excuse, one after the other, up to now.</param>
public sealed record Seat(SeatFacts Facts, SeatHolder? Holder, StructuralList<string> Absences);

/// <summary>
/// A board against the rule of its composition: enough seats, and a majority of the directors in office current school-board members of
/// full members (Minn. Stat. 123A.21 subd. 4).
/// </summary>
/// <param name="Seats">Seats.</param>
/// <param name="Filled">Directors in office.</param>
/// <param name="SchoolBoardMembers">Of them on a school board.</param>
/// <param name="Findings">What is not as it should be; empty for a complete board.</param>
public sealed record BoardComposition(int Seats, int Filled, int SchoolBoardMembers, StructuralList<string> Findings);
