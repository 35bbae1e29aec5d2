using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Programs;

/// <content>The commands and events of an offering's seats.</content>
public sealed partial class SeatLedger
{
    /// <summary>What can be asked of an offering. Any of them but <see cref="Schedule"/> before it: <c>offering-unknown</c>.</summary>
    public abstract record Command
    {
        private Command()
        {
        }

        /// <summary>Schedule it: <c>offering-exists</c>, <c>offering-malformed</c>, or a code of <see
        /// cref="OfferingTerms.Flaw"/>.</summary>
        public sealed record Schedule(OfferingId Offering, OfferingTerms Terms) : Command;

        /// <summary>Begin to give out seats; <c>too-early</c> before its time.</summary>
        public sealed record Open(DateTimeOffset Now) : Command;

        /// <summary>
        /// Ask for seats; with a purchase order they are confirmed at once. Refused: <c>seats-not-positive</c>, <c>seats-too-many</c>,
        /// <c>member-cap-exceeded</c>, <c>already-enrolled</c>,
        /// <c>offering-not-open</c>, <c>offering-closed</c>, <c>offering-full</c>, <c>offering-started</c>, <c>offering-over</c>,
        /// <c>offering-cancelled</c>, or why the member may not (<see cref="EnrollingMember.NotEligible"/>).
        /// </summary>
        public sealed record Ask(EnrollingMember Member, int Seats, string? PurchaseOrder, DateTimeOffset Now) : Command
        {
            /// <summary>Prices kept from another date, when the member moves here; its seats are confirmed at once.</summary>
            public QuotedPrices? Kept { get; init; }
        }

        /// <summary>Confirm held seats: <c>request-unknown</c>, <c>hold-expired</c>.</summary>
        public sealed record Confirm(string Request, DateTimeOffset Now) : Command;

        /// <summary>A hold's time is up; <c>too-early</c> while it is not, and nothing when it no longer matters.</summary>
        public sealed record ExpireHold(string Request, DateTimeOffset Until, DateTimeOffset Now) : Command;

        /// <summary>
        /// Give seats back: so many confirmed seats in all over time, or everything there is of a request. <c>request-unknown</c>,
        /// <c>seats-not-confirmed</c>.
        /// </summary>
        public sealed record Release(string Request, int ReleasedInAll, bool Everything) : Command;

        /// <summary>Offer what is free to the line, in its order. By the saga or by hand: the same.</summary>
        public sealed record Promote(DateTimeOffset Now) : Command;

        /// <summary>Take an offer: <c>offer-unknown</c>, <c>offer-expired</c>, <c>offer-over</c>.</summary>
        public sealed record AcceptOffer(string Offer, DateTimeOffset Now) : Command;

        /// <summary>Decline an offer; a part declined keeps its rank. <c>offer-unknown</c>, <c>offer-over</c>.</summary>
        public sealed record DeclineOffer(string Offer) : Command;

        /// <summary>An offer's time is up; <c>too-early</c> while it is not, and nothing when it no longer matters.</summary>
        public sealed record ExpireOffer(string Offer, DateTimeOffset Now) : Command;

        /// <summary>Change the capacity: <c>capacity-negative</c>, <c>capacity-below-committed</c>, or the reason at fault.</summary>
        public sealed record SetCapacity(int? Capacity, string Reason) : Command;

        /// <summary>Give out the seats of the opening round: <c>too-early</c>, <c>no-opening-round</c>, <c>seed-missing</c>.</summary>
        public sealed record DrawRound(string Seed, DateTimeOffset Now) : Command;

        /// <summary>Close the line: what is free is public, nobody waits any more, nobody is charged. <c>too-early</c>.</summary>
        public sealed record ReachCutoff(DateTimeOffset Now) : Command;

        /// <summary>Decide whether enough have enrolled: <c>too-early</c>.</summary>
        public sealed record CheckMinimum(DateTimeOffset Now) : Command;

        /// <summary>Wait some days longer, once: <c>not-below-minimum</c>, <c>extended-before</c>, <c>too-late-to-extend</c>.</summary>
        public sealed record Extend(DateTimeOffset Now) : Command;

        /// <summary>Run it although too few have enrolled: <c>not-below-minimum</c>, or the reason at fault.</summary>
        public sealed record RunAnyway(string Reason) : Command;

        /// <summary>
        /// Move everybody who consents to another date: <c>not-below-minimum</c>, <c>merge-target-invalid</c>, <c>merge-pending</c>.
        /// </summary>
        public sealed record ProposeMerge(OfferingId To, DateTimeOffset Now) : Command;

        /// <summary>Cancel it; everything is paid back. <c>offering-over</c>, or the reason at fault.</summary>
        public sealed record Cancel(string Reason) : Command;

        /// <summary>Take no more requests.</summary>
        public sealed record Close(string Reason) : Command;

        /// <summary>The first session begins: <c>too-early</c>.</summary>
        public sealed record Start(DateTimeOffset Now) : Command;

        /// <summary>The last session is over: <c>too-early</c>.</summary>
        public sealed record Complete(DateTimeOffset Now) : Command;

        /// <summary>
        /// Share a cost among members by their confirmed seats: <c>split-reference-malformed</c>, <c>split-exists</c>,
        /// <c>amount-not-positive</c>, <c>nobody-to-share</c>, or the description at fault.
        /// </summary>
        public sealed record SplitCost(string Reference, string Description, Money Total) : Command;
    }

    /// <summary>What has happened to an offering's seats. A request is named <c>{member}.{n}</c>, its offers
    /// <c>{request}.{n}</c>.</summary>
    public abstract record Event
    {
        private Event()
        {
        }

        /// <summary>It was scheduled.</summary>
        [EventAlias("offering_scheduled")]
        public sealed record Scheduled(OfferingId Offering, OfferingTerms Terms) : Event;

        /// <summary>It gives out seats, or collects requests for its opening round.</summary>
        [EventAlias("offering_opened")]
        public sealed record Opened : Event;

        /// <summary>A member asked for seats in the opening round.</summary>
        [EventAlias("offering_request_collected")]
        public sealed record RequestCollected(SeatRequest Request) : Event;

        /// <summary>The opening round gave out its seats; <paramref name="Held"/> of them wait for their members to confirm.</summary>
        [EventAlias("offering_round_drawn")]
        public sealed record RoundDrawn(
            string Seed, int Seats, StructuralList<RoundGrant> Grants, int Held, DateTimeOffset HeldUntil, int RuleVersion) : Event;

        /// <summary>Seats are held until a time.</summary>
        [EventAlias("offering_seats_held")]
        public sealed record SeatsHeld(SeatRequest Request, DateTimeOffset Until) : Event;

        /// <summary>Seats were confirmed at once: a purchase order was given.</summary>
        [EventAlias("offering_seats_given")]
        public sealed record SeatsGiven(SeatRequest Request) : Event;

        /// <summary>Held seats were confirmed.</summary>
        [EventAlias("offering_seats_confirmed")]
        public sealed record SeatsConfirmed(string Request, MemberNo Member, int Seats) : Event;

        /// <summary>A hold ran out; its seats are free.</summary>
        [EventAlias("offering_hold_expired")]
        public sealed record HoldExpired(string Request, MemberNo Member, int Seats) : Event;

        /// <summary>Seats were given back: confirmed ones, held ones, offered ones and places in the line.</summary>
        [EventAlias("offering_seats_released")]
        public sealed record SeatsReleased(
            string Request, MemberNo Member, int Confirmed, int Held, int Offered, int Waiting, bool Everything) : Event;

        /// <summary>A member joined the line.</summary>
        [EventAlias("offering_waitlist_joined")]
        public sealed record WaitlistJoined(SeatRequest Request, int Round) : Event;

        /// <summary>Seats were offered to an entry of the line; <paramref name="IsPart"/> when it waits for more.</summary>
        [EventAlias("offering_waitlist_offered")]
        public sealed record WaitlistOffered(
            string Offer, string Request, MemberNo Member, int Seats, bool IsPart, DateTimeOffset Expires) : Event;

        /// <summary>A later entry went ahead of the head of the line.</summary>
        [EventAlias("offering_head_skipped")]
        public sealed record HeadSkipped(string Request, MemberNo Member, int Skips) : Event;

        /// <summary>An offer was taken; its seats are confirmed.</summary>
        [EventAlias("offering_offer_accepted")]
        public sealed record OfferAccepted(string Offer, string Request, MemberNo Member, int Seats) : Event;

        /// <summary>
        /// An offer was declined: a part keeps its rank, all of it leaves the line, with <paramref name="Left"/> seats it still waited for.
        /// </summary>
        [EventAlias("offering_offer_declined")]
        public sealed record OfferDeclined(string Offer, string Request, MemberNo Member, int Seats, bool KeepsRank, int Left) : Event;

        /// <summary>
        /// An offer ran out: the first time the entry goes to the tail, the second time it leaves the line, with
        /// <paramref name="Left"/> seats it still waited for.
        /// </summary>
        [EventAlias("offering_offer_expired")]
        public sealed record OfferExpired(string Offer, string Request, MemberNo Member, int Seats, bool Requeued, int Left) : Event;

        /// <summary>The capacity changed; null is no limit.</summary>
        [EventAlias("offering_capacity_changed")]
        public sealed record CapacityChanged(int? From, int? To, string Reason) : Event;

        /// <summary>The line was closed; who waited is told and pays nothing.</summary>
        [EventAlias("offering_cutoff_reached")]
        public sealed record CutoffReached(StructuralList<string> LetGo) : Event;

        /// <summary>Enough have enrolled.</summary>
        [EventAlias("offering_minimum_reached")]
        public sealed record MinimumReached(int Confirmed, int Minimum) : Event;

        /// <summary>Too few have enrolled; <paramref name="Next"/> is what its rules say comes now.</summary>
        [EventAlias("offering_below_minimum")]
        public sealed record BelowMinimum(int Confirmed, int Minimum, UnderMinimumAction Next) : Event;

        /// <summary>The decision was put off, once.</summary>
        [EventAlias("offering_decision_extended")]
        public sealed record DecisionExtended(DateTimeOffset Until) : Event;

        /// <summary>It runs although too few have enrolled.</summary>
        [EventAlias("offering_runs_anyway")]
        public sealed record RunsAnyway(string Reason) : Event;

        /// <summary>Members are asked to move to another date.</summary>
        [EventAlias("offering_merge_proposed")]
        public sealed record MergeProposed(OfferingId To, DateTimeOffset Until) : Event;

        /// <summary>It was cancelled.</summary>
        [EventAlias("offering_cancelled")]
        public sealed record Cancelled(string Reason) : Event;

        /// <summary>It takes no more requests.</summary>
        [EventAlias("offering_closed")]
        public sealed record Closed(string Reason) : Event;

        /// <summary>Its first session began.</summary>
        [EventAlias("offering_started")]
        public sealed record Started : Event;

        /// <summary>Its last session is over.</summary>
        [EventAlias("offering_completed")]
        public sealed record Completed : Event;

        /// <summary>A cost was shared among members by confirmed seats, to the cent.</summary>
        [EventAlias("offering_cost_split")]
        public sealed record CostSplit(
            string Reference, string Description, Money Total, StructuralMap<MemberNo, long> Seats, StructuralMap<MemberNo, Money> Shares,
            int RuleVersion) : Event;
    }
}

/// <summary>A request for seats as it was recorded: what its rank in the line comes from.</summary>
/// <param name="Id">Name of the request, <c>{member}.{n}</c>.</param>
/// <param name="Member">Who asks.</param>
/// <param name="Seats">For how many seats, one or more.</param>
/// <param name="PriorityClass">Lower goes first.</param>
/// <param name="At">When.</param>
public sealed record SeatRequest(string Id, MemberNo Member, int Seats, int PriorityClass, DateTimeOffset At)
{
    /// <summary>Number of the member's purchase order; with one, seats are confirmed at once.</summary>
    public string? PurchaseOrder { get; init; }

    /// <summary>Prices kept from another date that was merged into this one.</summary>
    public QuotedPrices? Kept { get; init; }
}
