using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Membership;

/// <content>The commands, events and states of a board.</content>
public sealed partial class Board
{
    /// <summary>What can be asked of a board. Any of them but <see cref="Constitute"/> before it: <c>board-unknown</c>.</summary>
    public abstract record Command
    {
        private Command()
        {
        }

        /// <summary>
        /// Record that the cooperative has a board, and its rules. <c>board-exists</c>, <c>cooperative-malformed</c>, <c>source-*</c>, or
        /// a code of <see cref="BoardRules.Flaw"/>.
        /// </summary>
        public sealed record Constitute(CooperativeId Cooperative, BoardRules Rules, DateOnly From, string Source) : Command;

        /// <summary>
        /// Put other rules into force from a day after the last change on. <c>rules-not-later</c>, <c>too-many-rules</c>, or a code of
        /// <see cref="BoardRules.Flaw"/>.
        /// </summary>
        public sealed record AmendRules(BoardRules Rules, DateOnly From, string Source) : Command;

        /// <summary>
        /// Add a seat: <c>seat-exists</c>, <c>seat-malformed</c>, <c>area-*</c>, <c>board-full</c>, <c>school-board-majority</c>,
        /// <c>not-an-election-year</c>.
        /// </summary>
        public sealed record EstablishSeat(SeatId Seat, SeatFacts Facts, DateOnly On) : Command;

        /// <summary>
        /// Seat who was elected, for the term that the day lies in: <c>seat-unknown</c>, <c>seat-taken</c>, <c>candidate-malformed</c>,
        /// <c>not-a-school-board-member</c>, <c>person-has-a-seat</c>, <c>source-malformed</c>.
        /// </summary>
        public sealed record Install(SeatId Seat, Candidate Director, string Election, DateOnly From) : Command;

        /// <summary>Appoint to a vacancy, until directors of the next election take office; refused as <see cref="Install"/>.</summary>
        public sealed record Appoint(SeatId Seat, Candidate Director, string Resolution, DateOnly From) : Command;

        /// <summary>A director leaves office early: <c>seat-unknown</c>, <c>vacancy-reason-unknown</c>.</summary>
        public sealed record Vacate(SeatId Seat, PersonId Person, VacancyReason Reason, DateOnly On) : Command;

        /// <summary>End every term whose last day is before a day.</summary>
        public sealed record EndTerms(DateOnly On) : Command;

        /// <summary>
        /// Record who came to a meeting; the absence that reaches the limit removes a director in the same decision.
        /// <c>meeting-malformed</c>, <c>attendance-differs</c>, <c>meeting-out-of-order</c>, <c>not-a-director</c>,
        /// <c>attendance-unknown</c>, <c>attendance-missing</c>.
        /// </summary>
        public sealed record RecordAttendance(string Meeting, DateOnly HeldOn, StructuralMap<PersonId, Attendance> Directors) : Command;

        /// <summary>Remind the clerk, for the n-th time, that a seat is vacant since a day; harmless once it is filled.</summary>
        public sealed record RemindOfVacancy(SeatId Seat, DateOnly Since, int Number) : Command;
    }

    /// <summary>What has happened to a board.</summary>
    public abstract record Event
    {
        private Event()
        {
        }

        /// <summary>There is a board with these rules.</summary>
        [EventAlias("board_constituted")]
        public sealed record Constituted(CooperativeId Cooperative, BoardRules Rules, DateOnly From, string Source) : Event;

        /// <summary>Other rules come into force.</summary>
        [EventAlias("board_rules_amended")]
        public sealed record RulesAmended(BoardRules Rules, DateOnly From, string Source) : Event;

        /// <summary>A seat was added; vacant since that day.</summary>
        [EventAlias("board_seat_established")]
        public sealed record SeatEstablished(SeatId Seat, SeatFacts Facts, DateOnly On) : Event;

        /// <summary>A director took office.</summary>
        [EventAlias("board_director_seated")]
        public sealed record DirectorSeated(SeatId Seat, SeatHolder Holder) : Event;

        /// <summary>A director left office early.</summary>
        [EventAlias("board_seat_vacated")]
        public sealed record SeatVacated(SeatId Seat, PersonId Person, VacancyReason Reason, DateOnly On) : Event;

        /// <summary>A director was removed for absences without excuse.</summary>
        [EventAlias("board_director_removed")]
        public sealed record DirectorRemoved(SeatId Seat, PersonId Person, StructuralList<string> Absences, int Limit, DateOnly On) : Event;

        /// <summary>A term was over and nobody had taken the seat.</summary>
        [EventAlias("board_term_ended")]
        public sealed record TermEnded(SeatId Seat, PersonId Person, DateOnly LastDay) : Event;

        /// <summary>Who came to a meeting.</summary>
        [EventAlias("board_attendance_recorded")]
        public sealed record AttendanceRecorded(string Meeting, DateOnly HeldOn, StructuralMap<PersonId, Attendance> Directors) : Event;

        /// <summary>The clerk was reminded of a vacancy.</summary>
        [EventAlias("board_vacancy_reminded")]
        public sealed record VacancyReminded(SeatId Seat, DateOnly Since, int Number) : Event;
    }

    /// <summary>A meeting with its attendance: the last ones are remembered, so that a repetition is known.</summary>
    /// <param name="Id">Its id.</param>
    /// <param name="HeldOn">Its day.</param>
    /// <param name="Directors">Who came.</param>
    public sealed record Meeting(string Id, DateOnly HeldOn, StructuralMap<PersonId, Attendance> Directors);

    /// <summary>Where a board stands.</summary>
    public abstract record State
    {
        private State()
        {
        }

        /// <summary>None recorded.</summary>
        public sealed record Absent : State;

        /// <summary>In office.</summary>
        public sealed record Constituted(
            CooperativeId Cooperative, StructuralList<Effective<BoardRules>> Rules, StructuralMap<SeatId, Seat> Seats,
            StructuralMap<SeatId, DateOnly> VacantSince, StructuralMap<SeatId, int> Reminders, StructuralList<Meeting> Meetings) : State
        {
            /// <summary>The rules in force on a day; the first ones before that.</summary>
            public BoardRules RulesOn(DateOnly day) => Rules.LastOrDefault(r => r.From <= day)?.Value ?? Rules[0].Value;

            /// <summary>Directors in office on a day, in the order of their seats.</summary>
            public IEnumerable<SeatHolder> DirectorsOn(DateOnly day) =>
                from seat in Seats.Values
                where seat.Holder is { } h && h.From <= day && day <= h.Until
                select seat.Holder;

            /// <summary>Who is called at a meeting on a day, and by which rules.</summary>
            public BoardRoll RollOf(string meeting, DateOnly heldOn) => new(
                meeting, heldOn, DirectorsOn(heldOn).Select(h => h.Director.Person).ToStructuralList(), RulesOn(heldOn).Voting);

            /// <summary>The board against the rule of its composition, on a day.</summary>
            public BoardComposition CompositionOn(DateOnly day)
            {
                var rules = RulesOn(day);
                var directors = DirectorsOn(day).ToList();
                var schoolBoard = directors.Count(d => d.Director.SchoolBoard);
                StructuralList<string> findings = [];
                if (Seats.Count < rules.LeastDirectors) findings = findings.Add("too-few-seats");
                if (directors.Count < Seats.Count) findings = findings.Add("seats-vacant");
                if (schoolBoard * 2 <= directors.Count) findings = findings.Add("no-school-board-majority");
                return new(Seats.Count, directors.Count, schoolBoard, findings);
            }
        }
    }
}
