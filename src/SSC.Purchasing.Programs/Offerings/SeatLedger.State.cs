using System.Diagnostics;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Programs;

/// <content>Where an offering's seats stand, and how events move them.</content>
public sealed partial class SeatLedger
{
    /// <summary>Where an offering stands.</summary>
    /// <param name="Phase">How far it has come.</param>
    /// <param name="Offering">Its id.</param>
    /// <param name="Terms">What it is about; null only before it is scheduled.</param>
    public sealed record State(OfferingPhase Phase, OfferingId Offering, OfferingTerms? Terms)
    {
        /// <summary>Seats; 0 is none, null is no limit.</summary>
        public int? Capacity { get; init; }

        /// <summary>Every request, by name.</summary>
        public StructuralMap<string, SeatLine> Lines { get; init; }

        /// <summary>Seats that are held, confirmed or on offer: never more than the capacity.</summary>
        public int Committed { get; init; }

        /// <summary>The opening round has given out its seats.</summary>
        public bool IsDrawn { get; init; }

        /// <summary>The line is closed for good.</summary>
        public bool IsPastCutoff { get; init; }

        /// <summary>Where it stands with its minimum.</summary>
        public MinimumStanding Minimum { get; init; }

        /// <summary>When that is decided; null when it is not looked at.</summary>
        public DateTimeOffset? DecideAt { get; init; }

        /// <summary>Times that too few were found.</summary>
        public int Misses { get; init; }

        /// <summary>The decision was put off once.</summary>
        public bool IsExtended { get; init; }

        /// <summary>The other date that members are asked to move to.</summary>
        public OfferingId? MergeTo { get; init; }

        /// <summary>Until when they may consent.</summary>
        public DateTimeOffset? MergeUntil { get; init; }

        /// <summary>Costs that were shared, by reference.</summary>
        public StructuralMap<string, Money> Splits { get; init; }

        /// <summary>Seats that can be given out now; a very large number when there is no limit.</summary>
        public int Free => Capacity is { } capacity ? capacity - Committed : MostSeats;

        /// <summary>Confirmed seats of all members.</summary>
        public int Taken => Lines.Values.Sum(l => l.Taken);

        /// <summary>Confirmed seats of each member that has any.</summary>
        public StructuralMap<MemberNo, long> TakenByMember => Lines.Values.Where(l => l.Taken > 0).GroupBy(l => l.Request.Member)
            .ToStructuralMap(g => g.Key, g => g.Sum(l => (long)l.Taken));

        /// <summary>Requests are collected for the opening round, none is decided yet.</summary>
        public bool IsCollecting => Terms?.RoundUntil is not null && !IsDrawn;

        /// <summary>True when somebody waits in line.</summary>
        public bool HasLine => !IsPastCutoff && Lines.Values.Any(l => l.Waiting > 0);

        /// <summary>Who waits for seats, in the order in which they are offered.</summary>
        public IReadOnlyList<SeatLine> Waitlist
        {
            get
            {
                var waiting = Lines.Values.Where(l => l.Waiting > 0).ToList();
                waiting.Sort(SeatLine.Compare);
                return waiting;
            }
        }

        /// <summary>A member's request of which anything is left; null when there is none.</summary>
        public SeatLine? LineOf(MemberNo member) => Lines.Values.FirstOrDefault(l => l.Request.Member == member && l.IsLive);

        /// <summary>A member's latest request, whatever has become of it.</summary>
        public SeatLine? LatestOf(MemberNo member) => Lines.Values.Where(l => l.Request.Member == member)
            .OrderBy(l => l.Request.Id.Length).ThenBy(l => l.Request.Id, StringComparer.Ordinal).LastOrDefault();
    }

    /// <inheritdoc/>
    public static string Category => "offering";

    /// <inheritdoc/>
    public static State Initial { get; } = new(OfferingPhase.Absent, default, null);

    /// <inheritdoc/>
    public static State Evolve(State state, Event fact)
    {
        var next = fact switch
        {
            Event.Scheduled e => new(OfferingPhase.Scheduled, e.Offering, e.Terms)
            {
                Capacity = e.Terms.Capacity,
                DecideAt = e.Terms.DecideAt,
                Minimum = e.Terms.DecideAt is null ? MinimumStanding.Runs : MinimumStanding.Undecided,
            },
            Event.Opened => state with { Phase = OfferingPhase.Open },
            Event.CapacityChanged e => state with { Capacity = e.To },
            Event.MinimumReached => state with { Minimum = MinimumStanding.Runs },
            Event.RunsAnyway => state with { Minimum = MinimumStanding.Runs, MergeTo = null, MergeUntil = null },
            Event.BelowMinimum => state with { Minimum = MinimumStanding.Below, Misses = state.Misses + 1 },
            Event.DecisionExtended e => state with { Minimum = MinimumStanding.Undecided, DecideAt = e.Until, IsExtended = true },
            Event.MergeProposed e => state with { Minimum = MinimumStanding.Merging, MergeTo = e.To, MergeUntil = e.Until },
            Event.Cancelled => state with { Phase = OfferingPhase.Cancelled },
            Event.Closed => state with { Phase = OfferingPhase.Closed },
            Event.Started => state with { Phase = OfferingPhase.Running },
            Event.Completed => state with { Phase = OfferingPhase.Completed },
            Event.CostSplit e => state with { Splits = state.Splits.Set(e.Reference, e.Total) },
            Event.CutoffReached e => e.LetGo.Aggregate(
                state with { IsPastCutoff = true }, (s, id) => Line(s, id, l => l with { Waiting = 0, Offers = default })),
            Event.RoundDrawn e => e.Grants.Aggregate(state with { IsDrawn = true }, (s, g) => Line(s, g.Request, l => Granted(l, g, e))),
            Event.RequestCollected e => Begin(state, new(e.Request) { Collected = e.Request.Seats }),
            Event.SeatsHeld e => Begin(state, new(e.Request) { Held = e.Request.Seats, HeldUntil = e.Until }),
            Event.SeatsGiven e => Begin(state, new(e.Request) { Confirmed = e.Request.Seats }),
            Event.WaitlistJoined e => Begin(state, new(e.Request) { Waiting = e.Request.Seats, Round = e.Round }),
            Event.HeadSkipped e => Line(state, e.Request, l => l with { Skips = e.Skips }),
            _ => EvolveLine(state, fact),
        };
        return next.Phase is OfferingPhase.Open or OfferingPhase.Full
            ? next with { Phase = next.Free > 0 || next.IsCollecting ? OfferingPhase.Open : OfferingPhase.Full }
            : next;
    }

    private static State EvolveLine(State state, Event fact) => fact switch
    {
        Event.SeatsConfirmed e => Line(state, e.Request, l => l with { Held = 0, HeldUntil = null, Confirmed = l.Confirmed + e.Seats }),
        Event.HoldExpired e => Line(state, e.Request, l => l with { Held = 0, HeldUntil = null }),
        Event.SeatsReleased { Everything: true } e => Line(state, e.Request, l => l with
        {
            Released = l.Released + e.Confirmed, Held = 0, HeldUntil = null, Waiting = 0, Collected = 0, Offers = default,
        }),
        Event.SeatsReleased e => Line(state, e.Request, l => l with { Released = l.Released + e.Confirmed }),
        Event.WaitlistOffered e => Line(state, e.Request, l => l with
        {
            Waiting = l.Waiting - e.Seats,
            Offers = l.Offers.Set(e.Offer, new(e.Seats, e.IsPart, e.Expires)),
            OffersMade = l.OffersMade + 1,
        }),
        Event.OfferAccepted e => Line(state, e.Request, l => l with
        {
            Confirmed = l.Confirmed + e.Seats, Offers = l.Offers.Remove(e.Offer), Accepted = l.Accepted.Add(e.Offer),
        }),
        Event.OfferDeclined e => Line(state, e.Request, l => l with
        {
            Offers = l.Offers.Remove(e.Offer),
            Waiting = e.KeepsRank ? l.Waiting + e.Seats : 0,
            DeclinedPart = e.KeepsRank ? Math.Max(l.DeclinedPart, e.Seats) : l.DeclinedPart,
        }),
        Event.OfferExpired e => Line(state, e.Request, l => l with
        {
            Offers = l.Offers.Remove(e.Offer),
            Waiting = e.Requeued ? l.Waiting + e.Seats : 0,
            Requeues = l.Requeues + 1,
            DeclinedPart = 0,
            Skips = 0,
        }),
        _ => throw new UnreachableException($"{fact} cannot follow {state}"),
    };

    private static SeatLine Granted(SeatLine line, RoundGrant grant, Event.RoundDrawn e) => line with
    {
        Collected = 0,
        Confirmed = line.Request.PurchaseOrder is not null ? grant.Seats : 0,
        Held = line.Request.PurchaseOrder is not null ? 0 : grant.Seats,
        HeldUntil = line.Request.PurchaseOrder is not null || grant.Seats == 0 ? null : e.HeldUntil,
        Waiting = line.Request.Seats - grant.Seats,
        Round = grant.Seats + 1,
    };

    private static State Begin(State state, SeatLine line) => state with
    {
        Lines = state.Lines.Set(line.Request.Id, line), Committed = state.Committed + line.Committed,
    };

    private static State Line(State state, string request, Func<SeatLine, SeatLine> change)
    {
        var before = state.Lines[request];
        var after = change(before);
        return state with { Lines = state.Lines.Set(request, after), Committed = state.Committed + after.Committed - before.Committed };
    }
}
