using System.Diagnostics;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Programs;

/// <summary>
/// What a member has in an offering and what it pays: prices quoted, seats confirmed, given up, called off. Stream
/// <c>seat-enrollment-{OfferingId}:{MemberNo}</c>. Seats are decided in <see cref="SeatLedger"/>; this follows it, and is first to know
/// what the member gives up.
/// </summary>
public sealed partial class Enrollment : IDecider<Enrollment.Command, Enrollment.State, Enrollment.Event>
{
    /// <summary>Most people named in one enrollment.</summary>
    public const int MostParticipants = 2_000;

    /// <summary>Where an enrollment stands.</summary>
    /// <param name="Status">In one word.</param>
    /// <param name="Placement">As it was asked for last; null only before it.</param>
    public sealed record State(EnrollmentStatus Status, Placement? Placement)
    {
        /// <summary>Confirmed seats now.</summary>
        public int Seats { get; init; }

        /// <summary>What the offering's seats say of the request, as last followed.</summary>
        public SeatStanding Standing { get; init; } = new(0, 0, 0, 0);

        /// <summary>Version of the offering's seats that was followed.</summary>
        public long LedgerVersion { get; init; }

        /// <summary>Everything ever charged.</summary>
        public Money Charged { get; init; }

        /// <summary>Everything ever paid back.</summary>
        public Money Refunded { get; init; }

        /// <summary>Who takes part.</summary>
        public StructuralList<ParticipantId> Participants { get; init; }

        /// <summary>The other date that the member was asked to move to.</summary>
        public OfferingId? MoveTo { get; init; }

        /// <summary>Until when it may answer.</summary>
        public DateTimeOffset? MoveUntil { get; init; }

        /// <summary>Its answer.</summary>
        public bool? Consents { get; init; }

        /// <summary>Nothing more becomes of it.</summary>
        public bool IsOver => Status is EnrollmentStatus.Cancelled or EnrollmentStatus.Lapsed or EnrollmentStatus.Attended
            or EnrollmentStatus.NoShow;

        /// <summary>Confirmed seats ever given up.</summary>
        public int ReleasedInAll => Standing.ConfirmedInAll - Seats;
    }

    /// <inheritdoc/>
    public static string Category => "seat-enrollment";

    /// <inheritdoc/>
    public static State Initial { get; } = new(EnrollmentStatus.Absent, null);

    /// <summary>The key of a member's enrollment.</summary>
    public static string Key(OfferingId offering, MemberNo member) => $"{offering}:{member}";

    /// <inheritdoc/>
    public static Decision<Event> Decide(Command command, State state) => (command, state) switch
    {
        (Command.Follow c, _) => Follow(c, state),
        (_, { Placement: null }) => new Refusal("enrollment-unknown", "The member has not enrolled here; enroll first."),
        (Command.Cancel, { Status: EnrollmentStatus.Cancelled }) or (Command.CallOff, { IsOver: true }) => Nothing,
        (Command.Move c, { Status: EnrollmentStatus.Cancelled }) when state.MoveTo == c.To => Nothing,
        (Command.RecordAttendance c, { Status: EnrollmentStatus.Attended or EnrollmentStatus.NoShow }) =>
            c.Came == (state.Status == EnrollmentStatus.Attended) ? Nothing : Over,
        (_, { IsOver: true }) => Over,
        (Command.Reduce c, _) => Reduce(c, state),
        (Command.Cancel c, _) => (Started(state, c.Now) ?? PlainText.Check("reason", c.Reason, PlainText.NoteLength)) is { } flaw
            ? flaw
            : new Event.Cancelled(state.Seats, c.Reason, Given(state, 0, c.Now)),
        (Command.CallOff c, _) => PlainText.Check("reason", c.Reason, PlainText.NoteLength) is { } flaw
            ? flaw
            : new Event.CalledOff(state.Seats, c.Reason, Whole(state), c.Alternatives),
        (Command.NameParticipants c, _) => Name(c.Participants, state),
        (Command.Substitute c, _) => Substitute(c, state),
        (Command.AskToMove c, _) => c.To == state.MoveTo ? Nothing : new Event.MoveAsked(c.To, c.Until),
        (Command.AnswerMove or Command.Move, { MoveTo: null }) =>
            new Refusal("no-move-asked", "Nobody asked this member to move to another date."),
        (Command.AnswerMove c, { Consents: { } said }) => said == c.Consents
            ? Nothing
            : new Refusal("move-answered", "The member has answered; an answer stands."),
        (Command.AnswerMove c, _) => c.Now >= state.MoveUntil
            ? new Refusal("move-answer-late", "The time to answer is over; the seats are paid back.")
            : new Event.MoveAnswered(c.Consents),
        (Command.Move c, _) => state.Consents == true && c.To == state.MoveTo
            ? new Event.Moved(c.To, state.Seats, Whole(state))
            : new Refusal("move-not-consented", "The member did not consent to this date."),
        (Command.RecordAttendance, { Seats: 0 }) => new Refusal("nothing-confirmed", "The member has no confirmed seat here."),
        (Command.RecordAttendance c, _) => c.Came ? new Event.Attended() : new Event.MissedAll(),
        _ => throw new UnreachableException($"{command} has no answer in {state}"),
    };

    /// <inheritdoc/>
    public static State Evolve(State state, Event fact) => fact switch
    {
        Event.Placed e => new(EnrollmentStatus.Waitlisted, e.Placement) { Charged = state.Charged, Refunded = state.Refunded },
        Event.PriceQuoted => state,
        Event.SeatsConfirmed e => Restand(state with
        {
            Seats = e.Total,
            Charged = state.Charged + e.Charge,
            Standing = state.Standing with { ConfirmedInAll = state.Standing.ConfirmedInAll + e.Seats },
            LedgerVersion = e.LedgerVersion,
        }),
        Event.StandingChanged e => Restand(state with { Standing = e.Seats, LedgerVersion = e.LedgerVersion }),
        Event.SeatsReduced e => state with { Seats = e.To, Refunded = state.Refunded + e.Refund.Amount },
        Event.Cancelled e => Ended(state, e.Refund),
        Event.CalledOff e => Ended(state, e.Refund),
        Event.Moved e => Ended(state, e.Refund),
        Event.ParticipantsNamed e => state with { Participants = e.Participants },
        Event.ParticipantSubstituted e => state with
        {
            Participants = state.Participants.Select(p => p == e.From ? e.To : p).ToStructuralList(),
        },
        Event.MoveAsked e => state with { MoveTo = e.To, MoveUntil = e.Until, Consents = null },
        Event.MoveAnswered e => state with { Consents = e.Consents },
        Event.Attended => state with { Status = EnrollmentStatus.Attended },
        Event.MissedAll => state with { Status = EnrollmentStatus.NoShow },
        _ => throw new UnreachableException($"{fact} cannot follow {state}"),
    };

    private static readonly Decision<Event> Nothing = new Decision<Event>.Accepted();

    private static readonly Refusal Over = new("enrollment-over", "The enrollment is over; enroll again while the offering is open.");

    private static Decision<Event> Follow(Command.Follow c, State state)
    {
        var facts = new List<Event>();
        if (state.Placement is null || (state.IsOver && c.Placement.Request != state.Placement.Request))
        {
            if (c.Seats.IsNothing && state.Placement is not null) return Nothing;
            facts.Add(new Event.Placed(c.Placement));
            facts.Add(new Event.PriceQuoted(c.Placement.Quote, c.Placement.Refunds));
            state = facts.Aggregate(state, Evolve);
        }

        if (state.IsOver || c.Placement.Request != state.Placement!.Request || c.LedgerVersion <= state.LedgerVersion)
            return new Decision<Event>.Accepted(facts);
        var more = c.Seats.ConfirmedInAll - state.Standing.ConfirmedInAll;
        if (more > 0)
        {
            var (quote, total) = (state.Placement.Quote, state.Seats + more);
            var price = quote.PriceOf(total);
            var confirmed = new Event.SeatsConfirmed(
                more, total, price, price - quote.PriceOf(state.Seats), c.LedgerVersion, QuotedPrices.RuleVersion);
            facts.Add(confirmed);
            state = Evolve(state, confirmed);
        }

        if (c.Seats != state.Standing || (facts.Count > 0 && c.Seats.IsNothing))
            facts.Add(new Event.StandingChanged(c.Seats, c.LedgerVersion));
        return new Decision<Event>.Accepted(facts);
    }

    private static Decision<Event> Reduce(Command.Reduce c, State state)
    {
        if (c.To < 1) return new Refusal("seats-not-positive", "Keep one seat or more, or cancel the enrollment.");
        if (state.Seats == 0) return new Refusal("nothing-confirmed", "The member has no confirmed seat here.");
        if (c.To == state.Seats) return Nothing;
        if (c.To > state.Seats) return new Refusal("seats-not-fewer", $"The member has {state.Seats} seats; keep fewer.");
        if (Started(state, c.Now) is { } started) return started;
        return new Event.SeatsReduced(state.Seats, c.To, Given(state, c.To, c.Now));
    }

    private static Decision<Event> Name(StructuralList<ParticipantId> people, State state)
    {
        if (people == state.Participants) return Nothing;
        if (people.Count > MostParticipants || people.Distinct().Count() != people.Count || !people.All(p => Id.IsWellFormed(p.Value)))
            return Invalid;
        var seats = Math.Max(state.Seats, state.Placement!.Seats);
        return people.Count > seats
            ? new Refusal("too-many-participants", $"The member has asked for {seats} seats; name so many people or fewer.")
            : new Event.ParticipantsNamed(people);
    }

    private static Decision<Event> Substitute(Command.Substitute c, State state)
    {
        if (!Id.IsWellFormed(c.To.Value)) return Invalid;
        var (from, to) = (state.Participants.Contains(c.From), state.Participants.Contains(c.To));
        return (from, to) switch
        {
            (false, true) => Nothing,
            (false, false) => new Refusal("participant-unknown", "Nobody of this id takes part; name one who does."),
            (true, true) => c.From == c.To ? Nothing : new Refusal("participant-named", "This person takes part already; name another."),
            _ => new Event.ParticipantSubstituted(c.From, c.To),
        };
    }

    private static Refusal Invalid => new(
        "participants-invalid", $"Name at most {MostParticipants} people, each once, by opaque ids of letters, digits, '.', '_' or '-'.");

    private static Refusal? Started(State state, DateTimeOffset now) => now >= state.Placement!.StartsAt
        ? new("offering-started", "The offering has begun; what is not used stays at its full price.")
        : null;

    private static Refund Given(State state, int keep, DateTimeOffset now) => Refund.Reprice(
        state.Placement!.Quote, state.Seats, keep, state.Placement.Refunds, Refund.DaysUntil(state.Placement.StartsAt, now));

    private static Refund Whole(State state) => Refund.InFull(state.Placement!.Quote.PriceOf(state.Seats));

    private static State Ended(State state, Refund refund) => state with
    {
        Status = EnrollmentStatus.Cancelled, Seats = 0, Refunded = state.Refunded + refund.Amount,
    };

    private static State Restand(State s) => s with
    {
        Status = s.Standing.Offered > 0 ? EnrollmentStatus.Offered
            : s.Seats > 0 ? EnrollmentStatus.Confirmed
            : s.Standing.Held > 0 ? EnrollmentStatus.Held
            : s.Standing.Waiting > 0 ? EnrollmentStatus.Waitlisted
            : s.Standing.ConfirmedInAll > 0 ? EnrollmentStatus.Cancelled
            : EnrollmentStatus.Lapsed,
    };
}
