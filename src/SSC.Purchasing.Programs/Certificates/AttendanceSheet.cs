using System.Diagnostics;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Programs;

/// <summary>
/// Who attended how many minutes of which session of an offering. Stream <c>attendance-{OfferingId}</c>. When it is closed, clock hours
/// are reckoned once and stored.
/// </summary>
public sealed class AttendanceSheet : IDecider<AttendanceSheet.Command, AttendanceSheet.State, AttendanceSheet.Event>
{
    /// <summary>Most marks of one command.</summary>
    public const int MostMarks = 5_000;

    /// <summary>Version of the rule that new sheets name.</summary>
    public const int RuleVersion = 1;

    /// <summary>What can be asked of a sheet. Any of them but <see cref="Open"/> before it: <c>attendance-not-open</c>.</summary>
    public abstract record Command
    {
        private Command()
        {
        }

        /// <summary>Open it for an offering's sessions: <c>attendance-exists</c>, <c>sessions-invalid</c>.</summary>
        public sealed record Open(OfferingId Offering, ProgramId Program, string Title, StructuralList<Session> Sessions) : Command;

        /// <summary>
        /// Mark minutes; the last mark of a person and session holds. <c>marks-invalid</c>, <c>session-unknown</c>,
        /// <c>minutes-out-of-range</c>, <c>attendance-closed</c>.
        /// </summary>
        public sealed record Mark(StructuralList<AttendanceMark> Marks) : Command;

        /// <summary>Close it and reckon clock hours: <c>too-early</c> before the last session is over.</summary>
        public sealed record Close(DateTimeOffset Now) : Command;
    }

    /// <summary>What has happened to a sheet.</summary>
    public abstract record Event
    {
        private Event()
        {
        }

        /// <summary>It was opened.</summary>
        [EventAlias("attendance_opened")]
        public sealed record Opened(OfferingId Offering, ProgramId Program, string Title, StructuralList<Session> Sessions) : Event;

        /// <summary>Minutes were marked.</summary>
        [EventAlias("attendance_marked")]
        public sealed record Marked(StructuralList<AttendanceMark> Marks) : Event;

        /// <summary>It was closed, with what each person's attendance came to and the rule of the day.</summary>
        [EventAlias("attendance_closed")]
        public sealed record Closed(StructuralList<AttendanceResult> Results, ClockHourRule Rule, int RuleVersion) : Event;
    }

    /// <summary>Where a sheet stands.</summary>
    /// <param name="Phase">In one word.</param>
    public sealed record State(AttendancePhase Phase)
    {
        /// <summary>As it was opened; null only before it.</summary>
        public Event.Opened? Sheet { get; init; }

        /// <summary>Minutes by <c>{participant}:{session}</c>.</summary>
        public StructuralMap<string, AttendanceMark> Marks { get; init; }

        /// <summary>Results, once closed.</summary>
        public StructuralList<AttendanceResult> Results { get; init; }
    }

    /// <inheritdoc/>
    public static string Category => "attendance";

    /// <inheritdoc/>
    public static State Initial { get; } = new(AttendancePhase.Absent);

    /// <inheritdoc/>
    public static Decision<Event> Decide(Command command, State state) => (command, state) switch
    {
        (Command.Open c, { Sheet: null }) => c.Sessions.Count == 0
            ? new Refusal("sessions-invalid", "The offering has no session; schedule it first.")
            : new Event.Opened(c.Offering, c.Program, c.Title, c.Sessions),
        (Command.Open c, _) => c.Sessions == state.Sheet!.Sessions
            ? Nothing
            : new Refusal("attendance-exists", "The sheet is open for other sessions; mark those."),
        (_, { Sheet: null }) => new Refusal("attendance-not-open", "Open the attendance sheet first."),
        (Command.Close, { Phase: AttendancePhase.Closed }) => Nothing,
        (Command.Mark c, _) => Mark(c.Marks, state),
        (Command.Close c, _) => Close(c.Now, state),
        _ => throw new UnreachableException($"{command} has no answer in {state}"),
    };

    /// <inheritdoc/>
    public static State Evolve(State state, Event fact) => fact switch
    {
        Event.Opened e => new(AttendancePhase.Open) { Sheet = e },
        Event.Marked e => state with { Marks = e.Marks.Aggregate(state.Marks, (all, m) => all.Set(m.Key, m)) },
        Event.Closed e => state with { Phase = AttendancePhase.Closed, Results = e.Results },
        _ => throw new UnreachableException($"{fact} cannot follow {state}"),
    };

    /// <summary>What each person's marks come to.</summary>
    public static StructuralList<AttendanceResult> Reckon(State state, ClockHourRule rule)
    {
        var all = state.Sheet!.Sessions.Sum(s => s.Minutes);
        return state.Marks.Values.GroupBy(m => m.Participant).OrderBy(g => g.Key)
            .Select(g => rule.Judge(g.Key, g.First().Member, g.Sum(m => m.Minutes), all)).ToStructuralList();
    }

    private static readonly Decision<Event> Nothing = new Decision<Event>.Accepted();

    private static Decision<Event> Mark(StructuralList<AttendanceMark> marks, State state)
    {
        if (marks.Count > 0 && marks.All(m => state.Marks.TryGetValue(m.Key, out var known) && known == m)) return Nothing;
        if (state.Phase == AttendancePhase.Closed)
            return new Refusal("attendance-closed", "The sheet is closed; clock hours were reckoned.");
        if (marks.Count is 0 or > MostMarks || marks.DistinctBy(m => m.Key, StringComparer.Ordinal).Count() != marks.Count
            || !marks.All(m => Id.IsWellFormed(m.Participant.Value) && Id.IsWellFormed(m.Member.Value)))
            return new Refusal("marks-invalid", $"Mark 1 to {MostMarks} people and sessions at a time, each once, by opaque ids.");
        var sessions = state.Sheet!.Sessions;
        if (marks.Any(m => m.Session < 1 || m.Session > sessions.Count))
            return new Refusal("session-unknown", $"Sessions are numbered 1 to {sessions.Count}.");
        return marks.Any(m => m.Minutes < 0 || m.Minutes > sessions[m.Session - 1].Minutes)
            ? new Refusal("minutes-out-of-range", "Minutes attended are 0 to the length of the session.")
            : new Event.Marked(marks);
    }

    private static Decision<Event> Close(DateTimeOffset now, State state)
    {
        var end = state.Sheet!.Sessions.Max(s => s.EndsAt);
        if (now < end) return new Refusal("too-early", "The last session is not over yet; close the sheet after it.");
        var rule = ClockHourRule.InForce.On(BusinessCalendar.LocalDate(end));
        return new Event.Closed(Reckon(state, rule), rule, RuleVersion);
    }
}

/// <summary>Minutes of one person in one session.</summary>
/// <param name="Session">Session, from 1.</param>
/// <param name="Participant">Person, by an opaque id.</param>
/// <param name="Member">For which member.</param>
/// <param name="Minutes">Minutes attended.</param>
public sealed record AttendanceMark(int Session, ParticipantId Participant, MemberNo Member, int Minutes)
{
    /// <summary>Whose mark of which session: a later one replaces it.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string Key => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Participant}:{Session}");
}

/// <summary>Where a sheet stands.</summary>
public enum AttendancePhase
{
    /// <summary>Not opened yet.</summary>
    Absent,

    /// <summary>Takes marks.</summary>
    Open,

    /// <summary>Reckoned.</summary>
    Closed,
}
