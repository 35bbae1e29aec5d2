using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Programs;

/// <content>The commands and events of an enrollment.</content>
public sealed partial class Enrollment
{
    /// <summary>What can be asked of an enrollment. Any of them but <see cref="Follow"/> before it: <c>enrollment-unknown</c>.</summary>
    public abstract record Command
    {
        private Command()
        {
        }

        /// <summary>
        /// Take over what the offering's seats say of the member's request, placing the enrollment at the prices quoted when it is new.
        /// An older version of the seats than was followed records nothing.
        /// </summary>
        public sealed record Follow(Placement Placement, SeatStanding Seats, long LedgerVersion) : Command;

        /// <summary>
        /// Keep fewer seats: <c>seats-not-positive</c>, <c>seats-not-fewer</c>, <c>nothing-confirmed</c>, <c>offering-started</c>,
        /// <c>enrollment-over</c>.
        /// </summary>
        public sealed record Reduce(int To, DateTimeOffset Now) : Command;

        /// <summary>Give up everything: <c>offering-started</c>, <c>enrollment-over</c>, or the reason at fault.</summary>
        public sealed record Cancel(string Reason, DateTimeOffset Now) : Command;

        /// <summary>The cooperative called the date off: everything comes back, and other dates are offered.</summary>
        public sealed record CallOff(string Reason, StructuralList<OfferingId> Alternatives) : Command;

        /// <summary>Say who takes part, by opaque ids: <c>participants-invalid</c>, <c>too-many-participants</c>,
        /// <c>enrollment-over</c>.</summary>
        public sealed record NameParticipants(StructuralList<ParticipantId> Participants) : Command;

        /// <summary>Send another person, free of charge: <c>participant-unknown</c>, <c>participant-named</c>,
        /// <c>participants-invalid</c>.</summary>
        public sealed record Substitute(ParticipantId From, ParticipantId To) : Command;

        /// <summary>Ask the member to move to another date.</summary>
        public sealed record AskToMove(OfferingId To, DateTimeOffset Until) : Command;

        /// <summary>The member's answer: <c>no-move-asked</c>, <c>move-answer-late</c>, <c>move-answered</c>.</summary>
        public sealed record AnswerMove(bool Consents, DateTimeOffset Now) : Command;

        /// <summary>The member has seats at the other date; these come back in full. <c>move-not-consented</c>.</summary>
        public sealed record Move(OfferingId To) : Command;

        /// <summary>Whether anybody came, from the attendance: <c>nothing-confirmed</c>.</summary>
        public sealed record RecordAttendance(bool Came) : Command;
    }

    /// <summary>What has happened to an enrollment.</summary>
    public abstract record Event
    {
        private Event()
        {
        }

        /// <summary>It was placed.</summary>
        [EventAlias("enrollment_placed")]
        public sealed record Placed(Placement Placement) : Event;

        /// <summary>The prices it is reckoned with, whatever the program costs later.</summary>
        [EventAlias("enrollment_price_quoted")]
        public sealed record PriceQuoted(QuotedPrices Quote, RefundPolicy Refunds) : Event;

        /// <summary>Seats were confirmed; <paramref name="Charge"/> is what they cost at the prices quoted.</summary>
        [EventAlias("enrollment_seats_confirmed")]
        public sealed record SeatsConfirmed(int Seats, int Total, Money Price, Money Charge, long LedgerVersion, int RuleVersion) : Event;

        /// <summary>What is held, waited for and on offer now.</summary>
        [EventAlias("enrollment_standing_changed")]
        public sealed record StandingChanged(SeatStanding Seats, long LedgerVersion) : Event;

        /// <summary>Seats were given up.</summary>
        [EventAlias("enrollment_seats_reduced")]
        public sealed record SeatsReduced(int From, int To, Refund Refund) : Event;

        /// <summary>The member gave everything up.</summary>
        [EventAlias("enrollment_cancelled")]
        public sealed record Cancelled(int Seats, string Reason, Refund Refund) : Event;

        /// <summary>The cooperative called the date off; other dates are offered.</summary>
        [EventAlias("enrollment_called_off")]
        public sealed record CalledOff(int Seats, string Reason, Refund Refund, StructuralList<OfferingId> Alternatives) : Event;

        /// <summary>Who takes part.</summary>
        [EventAlias("enrollment_participants_named")]
        public sealed record ParticipantsNamed(StructuralList<ParticipantId> Participants) : Event;

        /// <summary>Another person comes.</summary>
        [EventAlias("enrollment_participant_substituted")]
        public sealed record ParticipantSubstituted(ParticipantId From, ParticipantId To) : Event;

        /// <summary>The member was asked to move to another date.</summary>
        [EventAlias("enrollment_move_asked")]
        public sealed record MoveAsked(OfferingId To, DateTimeOffset Until) : Event;

        /// <summary>The member's answer.</summary>
        [EventAlias("enrollment_move_answered")]
        public sealed record MoveAnswered(bool Consents) : Event;

        /// <summary>The member moved to another date, where it pays anew.</summary>
        [EventAlias("enrollment_moved")]
        public sealed record Moved(OfferingId To, int Seats, Refund Refund) : Event;

        /// <summary>Somebody came.</summary>
        [EventAlias("enrollment_attended")]
        public sealed record Attended : Event;

        /// <summary>Nobody came; the price stays.</summary>
        [EventAlias("enrollment_no_show")]
        public sealed record MissedAll : Event;
    }
}

/// <summary>A member's place in an offering as it was asked for.</summary>
/// <param name="Request">Name of the request in the offering's seats.</param>
/// <param name="Offering">Offering.</param>
/// <param name="Program">Its program.</param>
/// <param name="Member">Member.</param>
/// <param name="Seats">Seats asked for.</param>
/// <param name="Title">What members call the offering.</param>
/// <param name="Quote">Prices quoted.</param>
/// <param name="Refunds">What comes back.</param>
/// <param name="StartsAt">Start of the first session.</param>
public sealed record Placement(
    string Request, OfferingId Offering, ProgramId Program, MemberNo Member, int Seats, string Title, QuotedPrices Quote,
    RefundPolicy Refunds, DateTimeOffset StartsAt)
{
    /// <summary>Number of the member's purchase order.</summary>
    public string? PurchaseOrder { get; init; }
}

/// <summary>What an offering's seats say of a request.</summary>
/// <param name="Held">Held, not confirmed.</param>
/// <param name="ConfirmedInAll">Ever confirmed.</param>
/// <param name="Waiting">Waited for, or collected in an opening round.</param>
/// <param name="Offered">On offer.</param>
public sealed record SeatStanding(int Held, int ConfirmedInAll, int Waiting, int Offered)
{
    /// <summary>Of a line of the offering's seats.</summary>
    public static SeatStanding Of(SeatLine line) => new(line.Held, line.Confirmed, line.Waiting + line.Collected, line.Offered);

    /// <summary>Nothing left and nothing ever confirmed.</summary>
    public bool IsNothing => this is { Held: 0, ConfirmedInAll: 0, Waiting: 0, Offered: 0 };
}

/// <summary>Where an enrollment stands.</summary>
public enum EnrollmentStatus
{
    /// <summary>Not placed yet.</summary>
    Absent,

    /// <summary>Seats are held until the member confirms.</summary>
    Held,

    /// <summary>Seats are confirmed.</summary>
    Confirmed,

    /// <summary>It waits in line.</summary>
    Waitlisted,

    /// <summary>Seats are on offer to it.</summary>
    Offered,

    /// <summary>A hold or the wait ended without a seat.</summary>
    Lapsed,

    /// <summary>Given up, called off or moved.</summary>
    Cancelled,

    /// <summary>Somebody came.</summary>
    Attended,

    /// <summary>Nobody came.</summary>
    NoShow,
}
