using System.Diagnostics;
using System.Globalization;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Programs;

/// <summary>
/// The seats of one offering and the line for them. Stream <c>offering-{OfferingId}</c>. Held + confirmed + offered never exceed the
/// capacity, which is judged in this one stream; nobody who comes now passes those who wait. Commands and events are in
/// <c>SeatLedger.Language.cs</c>, the state in <c>SeatLedger.State.cs</c>, the line in <c>SeatLedger.Waitlist.cs</c>.
/// </summary>
public sealed partial class SeatLedger : IDecider<SeatLedger.Command, SeatLedger.State, SeatLedger.Event>
{
    /// <summary>Most seats of an offering or a request.</summary>
    public const int MostSeats = 1_000_000;

    /// <summary>Longest number of a member's purchase order, characters.</summary>
    public const int LongestPurchaseOrder = 60;

    /// <summary>Version of the rule by which costs are shared: largest remainder over confirmed seats.</summary>
    public const int SplitRuleVersion = 1;

    /// <inheritdoc/>
    public static Decision<Event> Decide(Command command, State state) => (command, state) switch
    {
        (Command.Schedule c, { Phase: OfferingPhase.Absent }) =>
            (PlainText.CheckId("offering", c.Offering.Value) ?? OfferingTerms.Flaw(c.Terms)) is { } flaw
                ? flaw
                : new Event.Scheduled(c.Offering, c.Terms),
        (Command.Schedule c, _) => c.Terms == state.Terms
            ? Nothing
            : new Refusal("offering-exists", "This offering exists; give the new one another id."),
        (_, { Terms: null }) => new Refusal("offering-unknown", "There is no such offering; schedule it first."),
        (Command.Ask c, _) => Ask(c, state),
        (Command.Confirm or Command.ExpireHold or Command.Release, _) => OfLine(command, state),
        (Command.Promote or Command.AcceptOffer or Command.DeclineOffer or Command.ExpireOffer, _) => OfWaitlist(command, state),
        (Command.ReachCutoff or Command.DrawRound, _) => OfWaitlist(command, state),
        (Command.SplitCost c, _) => Split(c, state),
        (Command.Cancel, { Phase: OfferingPhase.Cancelled }) => Nothing,
        (Command.Cancel c, _) => state.Phase is OfferingPhase.Running or OfferingPhase.Completed ? IsOver(state)!
            : PlainText.Check("reason", c.Reason, PlainText.NoteLength) is { } flaw ? flaw : new Event.Cancelled(c.Reason),
        (Command.CheckMinimum or Command.Extend or Command.RunAnyway or Command.ProposeMerge, _) => OfMinimum(command, state),
        _ => OfCourse(command, state),
    };

    private static readonly Decision<Event> Nothing = new Decision<Event>.Accepted();

    private static readonly Refusal TooEarly = new("too-early", "It is not time yet; try again when it is.");

    private static readonly Refusal UnknownRequest =
        new("request-unknown", "The offering has no such request; read the enrollment and try again.");

    /// <summary>Why nothing about seats changes any more; null while it does.</summary>
    private static Refusal? IsOver(State s) => s.Phase switch
    {
        OfferingPhase.Cancelled => new("offering-cancelled", "The offering was cancelled; choose another date."),
        OfferingPhase.Completed => new("offering-over", "The offering is over; choose another date."),
        OfferingPhase.Running => new("offering-started", "The offering has begun; choose another date."),
        _ => null,
    };

    private static Decision<Event> Ask(Command.Ask c, State s)
    {
        var terms = s.Terms!;
        if (s.LineOf(c.Member.Member) is { } live)
        {
            return live.Request.Seats == c.Seats && live.Released == 0
                ? Nothing
                : new Refusal("already-enrolled", "The member has asked for seats here; reduce or cancel that, then ask again.");
        }

        if (IsOver(s) is { } over) return over;
        if (c.Seats < 1) return new Refusal("seats-not-positive", "Ask for one seat or more.");
        if (c.Seats > MostSeats) return new Refusal("seats-too-many", $"Ask for at most {MostSeats} seats.");
        if (s.Phase == OfferingPhase.Scheduled) return new Refusal("offering-not-open", "The offering does not take requests yet.");
        if (s.Phase == OfferingPhase.Closed) return new Refusal("offering-closed", "The offering takes no more requests.");
        if (c.Now >= terms.StartsAt) return new Refusal("offering-started", "The offering has begun; choose another date.");
        if (terms.SeatsPerMember is { } cap && c.Seats > cap)
            return new Refusal("member-cap-exceeded", $"A member takes at most {cap} seats of this offering.");
        if (c.Member.NotEligible is { } why) return why;
        if (PlainText.CheckOptional("purchase-order", c.PurchaseOrder, LongestPurchaseOrder) is { } flaw) return flaw;

        var request = new SeatRequest(
            string.Create(CultureInfo.InvariantCulture, $"{c.Member.Member}.{Count(s, c.Member.Member) + 1}"), c.Member.Member, c.Seats,
            c.Member.PriorityClass, c.Now) { PurchaseOrder = c.PurchaseOrder, Kept = c.Kept };
        if (s.IsCollecting) return new Event.RequestCollected(request);
        if (!s.HasLine && c.Seats <= s.Free)
        {
            return c.PurchaseOrder is not null || c.Kept is not null
                ? new Event.SeatsGiven(request)
                : new Event.SeatsHeld(request, c.Now.AddMinutes(terms.Rules.HoldMinutes));
        }

        return s.IsPastCutoff || c.Now >= terms.Cutoff
            ? new Refusal("offering-full", "Not so many seats are free, and the line is closed; ask for fewer or choose another date.")
            : new Event.WaitlistJoined(request, terms.RoundUntil is null ? 0 : AfterTheRound);
    }

    private static int Count(State s, MemberNo member) => s.Lines.Values.Count(l => l.Request.Member == member);

    private static Decision<Event> OfLine(Command command, State s)
    {
        var id = command switch
        {
            Command.Confirm c => c.Request,
            Command.ExpireHold c => c.Request,
            Command.Release c => c.Request,
            _ => throw new UnreachableException($"{command} is of no line"),
        };
        if (!s.Lines.TryGetValue(id ?? "", out var line)) return UnknownRequest;
        var member = line.Request.Member;
        return command switch
        {
            Command.Confirm when line.Held == 0 => line.Confirmed > 0
                ? Nothing
                : new Refusal("hold-expired", "The seats are no longer held; ask for them again."),
            Command.Confirm when IsOver(s) is { } over => over,
            Command.Confirm c => c.Now >= line.HeldUntil
                ? new Refusal("hold-expired", "The seats are no longer held; ask for them again.")
                : new Event.SeatsConfirmed(line.Request.Id, member, line.Held),

            // A timer of another hold, or of one that was confirmed meanwhile, does nothing.
            Command.ExpireHold c when line.Held == 0 || c.Until != line.HeldUntil => Nothing,
            Command.ExpireHold c => c.Now < line.HeldUntil ? TooEarly : new Event.HoldExpired(line.Request.Id, member, line.Held),

            Command.Release { Everything: true } => line.IsLive
                ? new Event.SeatsReleased(
                    line.Request.Id, member, line.Taken, line.Held, line.Offered, line.Waiting + line.Collected, true)
                : Nothing,
            Command.Release c when c.ReleasedInAll <= line.Released => Nothing,
            Command.Release c => c.ReleasedInAll > line.Confirmed
                ? new Refusal("seats-not-confirmed", "So many seats were never confirmed; give back fewer.")
                : new Event.SeatsReleased(line.Request.Id, member, c.ReleasedInAll - line.Released, 0, 0, 0, false),
            _ => throw new UnreachableException($"{command} is of no line"),
        };
    }

    private static Decision<Event> OfMinimum(Command command, State s)
    {
        if (IsOver(s) is { } over) return command is Command.CheckMinimum ? Nothing : over;
        var terms = s.Terms!;
        switch (command)
        {
            case Command.CheckMinimum c:
                if (s.Minimum != MinimumStanding.Undecided) return Nothing;
                if (c.Now < s.DecideAt) return TooEarly;
                if (s.Taken >= terms.Minimum) return new Event.MinimumReached(s.Taken, terms.Minimum);
                var next = s.Misses < terms.UnderMinimum.Count ? terms.UnderMinimum[s.Misses] : UnderMinimumAction.Ask;
                return new Event.BelowMinimum(s.Taken, terms.Minimum, next);
            case Command.Extend when s is { Minimum: MinimumStanding.Undecided, IsExtended: true }:
                return Nothing;
            case Command.RunAnyway when s is { Minimum: MinimumStanding.Runs, Misses: > 0 }:
                return Nothing;
            case Command.ProposeMerge c when s.Minimum == MinimumStanding.Merging:
                return c.To == s.MergeTo ? Nothing : new Refusal("merge-pending", "Members are asked already; wait for their answers.");
            case Command.RunAnyway c when s.Minimum is MinimumStanding.Below:
                return PlainText.Check("reason", c.Reason, PlainText.NoteLength) is { } flaw ? flaw : new Event.RunsAnyway(c.Reason);
            case not null when s.Minimum != MinimumStanding.Below:
                return new Refusal("not-below-minimum", "It was not found to have too few; there is nothing to decide.");
            case Command.Extend when s.IsExtended:
                return new Refusal("extended-before", "The decision was put off once; run, move or cancel it.");
            case Command.Extend c:
                var until = BusinessCalendar.AddCalendarDays(c.Now, terms.Rules.ExtensionDays);
                return until < terms.StartsAt
                    ? new Event.DecisionExtended(until)
                    : new Refusal("too-late-to-extend", "It would begin before the extension ends; run, move or cancel it.");
            case Command.ProposeMerge c:
                return c.To == s.Offering || !Id.IsWellFormed(c.To.Value)
                    ? new Refusal("merge-target-invalid", "Name another date of the program.")
                    : new Event.MergeProposed(c.To, BusinessCalendar.AddCalendarDays(c.Now, terms.Rules.ConsentDays));
            default:
                throw new UnreachableException($"{command} has no answer in {s}");
        }
    }

    private static Decision<Event> OfCourse(Command command, State s)
    {
        switch (command)
        {
            case Command.Open when s.Phase != OfferingPhase.Scheduled:
                return Nothing;
            case Command.Open c:
                return c.Now < s.Terms!.OpensAt ? TooEarly : new Event.Opened();
            case Command.SetCapacity c:
                if (IsOver(s) is { } over) return over;
                if (c.Capacity == s.Capacity) return Nothing;
                if (c.Capacity is < 0 or > MostSeats)
                    return new Refusal("capacity-negative", "Capacity is 0 (no seat) or more, or left out for no limit.");
                if (c.Capacity < s.Committed)
                    return new Refusal("capacity-below-committed", $"{s.Committed} seats are held, confirmed or on offer; keep those.");
                if (PlainText.Check("reason", c.Reason, PlainText.NoteLength) is { } flaw) return flaw;
                return new Event.CapacityChanged(s.Capacity, c.Capacity, c.Reason);
            case Command.Close c:
                if (s.Phase == OfferingPhase.Closed) return Nothing;
                if (IsOver(s) is { } past) return past;
                return PlainText.Check("reason", c.Reason, PlainText.NoteLength) is { } wrong ? wrong : new Event.Closed(c.Reason);
            case Command.Start c:
                if (s.Phase is OfferingPhase.Running or OfferingPhase.Completed or OfferingPhase.Cancelled) return Nothing;
                return c.Now < s.Terms!.StartsAt ? TooEarly : new Event.Started();
            case Command.Complete c:
                if (s.Phase is OfferingPhase.Completed or OfferingPhase.Cancelled) return Nothing;
                return c.Now < s.Terms!.EndsAt ? TooEarly : new Event.Completed();
            default:
                throw new UnreachableException($"{command} has no answer in {s}");
        }
    }

    private static Decision<Event> Split(Command.SplitCost c, State s)
    {
        if (s.Splits.TryGetValue(c.Reference ?? "", out var before))
        {
            return before == c.Total
                ? Nothing
                : new Refusal("split-exists", "A cost with this reference was shared; give the new one another reference.");
        }

        if ((PlainText.CheckId("split-reference", c.Reference) ?? PlainText.Check("description", c.Description)) is { } flaw) return flaw;
        if (c.Total <= Money.Zero || c.Total > PricingRules.Highest)
            return new Refusal("amount-not-positive", "Share more than nothing, and at most a million dollars.");
        var seats = s.TakenByMember;
        return seats.Count == 0
            ? new Refusal("nobody-to-share", "Nobody has a confirmed seat; there is nobody to share the cost.")
            : new Event.CostSplit(c.Reference!, c.Description, c.Total, seats, LargestRemainder.Share(c.Total, seats), SplitRuleVersion);
    }
}
