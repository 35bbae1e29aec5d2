using System.Diagnostics;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Membership;

/// <summary>
/// A cooperative's board: its rules, its seats and who holds them. All seats of a board are one stream, so that size, majority and "one
/// seat a person" are invariants of a single stream; a board writes a few events a month. Stream <c>board-{CooperativeId}</c>.
/// </summary>
public sealed partial class Board : IDecider<Board.Command, Board.State, Board.Event>
{
    private const int MaxRules = 50;
    private const int MeetingsRemembered = 24;
    private static readonly Decision<Event> Nothing = new Decision<Event>.Accepted();

    /// <inheritdoc/>
    public static string Category => "board";

    /// <inheritdoc/>
    public static State Initial { get; } = new State.Absent();

    /// <inheritdoc/>
    public static Decision<Event> Decide(Command command, State state) => (command, state) switch
    {
        (Command.Constitute c, State.Absent) => (PlainText.CheckId("cooperative", c.Cooperative.Value)
            ?? PlainText.Check("source", c.Source) ?? c.Rules.Flaw()) is { } no
                ? no
                : new Event.Constituted(c.Cooperative, c.Rules, c.From, c.Source),
        (Command.Constitute c, State.Constituted s)
            when s.Cooperative == c.Cooperative && s.Rules[0] == new Effective<BoardRules>(c.From, c.Rules, c.Source) => Nothing,
        (Command.Constitute, _) => new Refusal("board-exists", "This board is recorded with other rules; amend them."),
        (_, State.Absent) => new Refusal("board-unknown", "Record the board and its rules first."),

        (Command.AmendRules c, State.Constituted s) => Amending(c, s),
        (Command.EstablishSeat c, State.Constituted s) => Establishing(c, s),
        (Command.Install c, State.Constituted s) => Seating(
            s, c.Seat, c.Director, SeatedBy.Election, c.Election, c.From, f => s.RulesOn(c.From).TermOf(f.ElectionYear, c.From).Until),
        (Command.Appoint c, State.Constituted s) => Seating(
            s, c.Seat, c.Director, SeatedBy.Appointment, c.Resolution, c.From, _ => s.RulesOn(c.From).LastDayBeforeNextElected(c.From)),
        (Command.Vacate c, State.Constituted s) => Vacating(c, s),
        (Command.EndTerms c, State.Constituted s) => new Decision<Event>.Accepted(
        [
            .. from seat in s.Seats
               let holder = seat.Value.Holder
               where holder is not null && holder.Until < c.On
               select new Event.TermEnded(seat.Key, holder.Director.Person, holder.Until),
        ]),
        (Command.RecordAttendance c, State.Constituted s) => Attending(c, s),
        (Command.RemindOfVacancy c, State.Constituted s) =>
            s.VacantSince.TryGetValue(c.Seat, out var since) && since == c.Since && s.Reminders.GetValueOrDefault(c.Seat) < c.Number
                ? new Event.VacancyReminded(c.Seat, c.Since, c.Number)
                : Nothing,
        _ => throw new UnreachableException($"{command} is not a command of a board."),
    };

    /// <inheritdoc/>
    public static State Evolve(State state, Event fact) => (state, fact) switch
    {
        (State.Absent, Event.Constituted e) =>
            new State.Constituted(e.Cooperative, [new(e.From, e.Rules, e.Source)], default, default, default, []),
        (State.Constituted s, Event.RulesAmended e) => s with { Rules = s.Rules.Add(new(e.From, e.Rules, e.Source)) },
        (State.Constituted s, Event.SeatEstablished e) => s with
        {
            Seats = s.Seats.Set(e.Seat, new(e.Facts, null, [])),
            VacantSince = s.VacantSince.Set(e.Seat, e.On),
        },
        (State.Constituted s, Event.DirectorSeated e) => s with
        {
            Seats = s.Seats.Set(e.Seat, s.Seats[e.Seat] with { Holder = e.Holder, Absences = [] }),
            VacantSince = s.VacantSince.Remove(e.Seat),
            Reminders = s.Reminders.Remove(e.Seat),
        },
        (State.Constituted s, Event.SeatVacated e) => Emptied(s, e.Seat, e.On),
        (State.Constituted s, Event.DirectorRemoved e) => Emptied(s, e.Seat, e.On),
        (State.Constituted s, Event.TermEnded e) => Emptied(s, e.Seat, e.LastDay.AddDays(1)),
        (State.Constituted s, Event.AttendanceRecorded e) => Attended(s, e),
        (State.Constituted s, Event.VacancyReminded e) => s with { Reminders = s.Reminders.Set(e.Seat, e.Number) },
        _ => throw new UnreachableException($"{fact} cannot follow {state}"),
    };

    private static State.Constituted Emptied(State.Constituted s, SeatId seat, DateOnly on) => s with
    {
        Seats = s.Seats.Set(seat, s.Seats[seat] with { Holder = null, Absences = [] }),
        VacantSince = s.VacantSince.Set(seat, on),
        Reminders = s.Reminders.Remove(seat),
    };

    private static State.Constituted Attended(State.Constituted s, Event.AttendanceRecorded e) => s with
    {
        Seats = s.Seats.ToStructuralMap(x => x.Key, x => x.Value with { Absences = AbsencesAfter(x.Value, e.Meeting, e.Directors) }),
        Meetings = s.Meetings.Append(new Meeting(e.Meeting, e.HeldOn, e.Directors)).TakeLast(MeetingsRemembered).ToStructuralList(),
    };

    private static StructuralList<string> AbsencesAfter(Seat seat, string meeting, StructuralMap<PersonId, Attendance> directors) =>
        seat.Holder is not { } h || !directors.TryGetValue(h.Director.Person, out var came) ? seat.Absences
        : came == Attendance.Unexcused ? seat.Absences.Add(meeting)
        : came == Attendance.Excused ? seat.Absences // an excused absence neither counts nor breaks the row
        : [];

    private static Decision<Event> Amending(Command.AmendRules c, State.Constituted s)
    {
        if (s.Rules[^1] == new Effective<BoardRules>(c.From, c.Rules, c.Source)) return Nothing;
        if (c.From <= s.Rules[^1].From)
            return new Refusal("rules-not-later", $"Rules changed on {s.Rules[^1].From:yyyy-MM-dd}; give a later day.");
        if (s.Rules.Count >= MaxRules) return new Refusal("too-many-rules", $"A board's rules are recorded {MaxRules} times at most.");
        if ((PlainText.Check("source", c.Source) ?? c.Rules.Flaw()) is { } no) return no;
        return s.Seats.Count > c.Rules.MostDirectors
            ? new Refusal("board-size-out-of-range", $"The board has {s.Seats.Count} seats; allow for them.")
            : new Event.RulesAmended(c.Rules, c.From, c.Source);
    }

    private static Decision<Event> Establishing(Command.EstablishSeat c, State.Constituted s)
    {
        if (s.Seats.TryGetValue(c.Seat, out var known))
            return known.Facts == c.Facts ? Nothing : new Refusal("seat-exists", "This seat is for something else; choose another id.");
        var rules = s.RulesOn(c.On);
        if ((PlainText.CheckId("seat", c.Seat.Value) ?? PlainText.Check("area", c.Facts.Area)) is { } no) return no;
        if (c.Facts.ElectionYear is < 1950 or > 2200 || !rules.IsElectionYear(c.Facts.ElectionYear))
            return new Refusal("not-an-election-year", "Give a year in which directors are elected.");
        if (s.Seats.Count >= rules.MostDirectors)
            return new Refusal("board-full", $"The board has its {rules.MostDirectors} seats.");
        var schoolBoard = s.Seats.Values.Count(x => x.Facts.SchoolBoard);
        return !c.Facts.SchoolBoard && schoolBoard * 2 <= s.Seats.Count + 1
            ? new Refusal("school-board-majority", "A majority of the seats is for school-board members; establish those first.")
            : new Event.SeatEstablished(c.Seat, c.Facts, c.On);
    }

    private static Decision<Event> Seating(
        State.Constituted s, SeatId id, Candidate director, SeatedBy by, string source, DateOnly from, Func<SeatFacts, DateOnly> until)
    {
        if (!s.Seats.TryGetValue(id, out var seat)) return new Refusal("seat-unknown", "This board has no such seat; establish it first.");
        if ((PlainText.CheckId("candidate", director.Person.Value) ?? PlainText.CheckId("member", director.Member.Value)
            ?? PlainText.CheckId("source", source)) is { } no) return no;
        var holder = new SeatHolder(director, by, source, from, until(seat.Facts));
        if (seat.Holder == holder) return Nothing;
        if (seat.Holder is { } held && held.Until >= from)
            return new Refusal("seat-taken", $"The term of this seat's director lasts until {held.Until:yyyy-MM-dd}.");
        if (seat.Facts.SchoolBoard && !director.SchoolBoard)
            return new Refusal("not-a-school-board-member", "This seat is for a current school-board member of a full member.");
        return s.Seats.Values.Any(x => x.Holder is { } h && h.Director.Person == director.Person && h.Until >= from)
            ? new Refusal("person-has-a-seat", "A person holds one seat of the board.")
            : new Event.DirectorSeated(id, holder);
    }

    private static Decision<Event> Vacating(Command.Vacate c, State.Constituted s)
    {
        if (!s.Seats.TryGetValue(c.Seat, out var seat)) return new Refusal("seat-unknown", "This board has no such seat.");
        if (!Enum.IsDefined(c.Reason)) return new Refusal("vacancy-reason-unknown", "Give a reason that exists.");
        return seat.Holder?.Director.Person == c.Person ? new Event.SeatVacated(c.Seat, c.Person, c.Reason, c.On) : Nothing;
    }

    private static Decision<Event> Attending(Command.RecordAttendance c, State.Constituted s)
    {
        if (s.Meetings.FirstOrDefault(m => string.Equals(m.Id, c.Meeting, StringComparison.Ordinal)) is { } known)
        {
            return known.HeldOn == c.HeldOn && known.Directors == c.Directors
                ? Nothing
                : new Refusal("attendance-differs", "The attendance of this meeting was recorded otherwise.");
        }

        if (PlainText.CheckId("meeting", c.Meeting) is { } no) return no;
        if (s.Meetings.Count > 0 && c.HeldOn < s.Meetings[^1].HeldOn)
            return new Refusal("meeting-out-of-order", "A later meeting was recorded; absences in a row are counted in order.");
        if (c.Directors.Values.Any(a => !Enum.IsDefined(a))) return new Refusal("attendance-unknown", "Give an attendance that exists.");
        var directors = s.DirectorsOn(c.HeldOn).Select(h => h.Director.Person).ToHashSet();
        if (c.Directors.Keys.Any(p => !directors.Contains(p)))
            return new Refusal("not-a-director", "Only directors in office on the day of the meeting are recorded.");
        if (directors.Any(p => !c.Directors.ContainsKey(p)))
            return new Refusal("attendance-missing", "Record every director in office on the day of the meeting.");

        var limit = s.RulesOn(c.HeldOn).AbsenceLimit;
        return new Decision<Event>.Accepted(
        [
            new Event.AttendanceRecorded(c.Meeting, c.HeldOn, c.Directors),
            .. from seat in s.Seats
               let absences = AbsencesAfter(seat.Value, c.Meeting, c.Directors)
               where seat.Value.Holder is not null && absences.Count >= limit
               select (Event)new Event.DirectorRemoved(seat.Key, seat.Value.Holder!.Director.Person, absences, limit, c.HeldOn),
        ]);
    }
}
