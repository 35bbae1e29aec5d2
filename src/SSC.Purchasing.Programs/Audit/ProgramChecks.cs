using System.Globalization;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Programs;

/// <summary>
/// Recomputes what members were charged for seats and what came back, from the prices that were quoted and the seats before the event.
/// </summary>
public sealed class SeatPriceCheck : IDecisionCheck
{
    /// <inheritdoc/>
    public IReadOnlyCollection<string> EventTypes =>
    [
        "enrollment_seats_confirmed", "enrollment_seats_reduced", "enrollment_cancelled", "enrollment_called_off", "enrollment_moved",
    ];

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RecomputedDecision>> Recompute(RecordedEvent e, IEventStore store, CancellationToken ct)
    {
        var history = await store.ReadStream(e.Tenant, e.Stream, upToVersion: e.Version - 1, ct: ct).ConfigureAwait(false);
        var before = history.Aggregate(Enrollment.Initial, (s, h) => Enrollment.Evolve(s, (Enrollment.Event)h.Fact));
        var (placement, subject) = (before.Placement!, e.KeyIn(Enrollment.Category)!);
        return e.Fact switch
        {
            Enrollment.Event.SeatsConfirmed f =>
            [
                new("seat-price", subject, f.RuleVersion, $"{f.Price} (+{f.Charge})",
                    $"{placement.Quote.PriceOf(before.Seats + f.Seats)} "
                    + $"(+{placement.Quote.PriceOf(before.Seats + f.Seats) - placement.Quote.PriceOf(before.Seats)})"),
            ],
            Enrollment.Event.SeatsReduced f => [Refunded(subject, f.Refund, placement, before.Seats, f.To, e.At)],
            Enrollment.Event.Cancelled f => [Refunded(subject, f.Refund, placement, before.Seats, 0, e.At)],
            Enrollment.Event.CalledOff f => [InFull(subject, f.Refund, placement, before.Seats)],
            Enrollment.Event.Moved f => [InFull(subject, f.Refund, placement, before.Seats)],
            _ => [],
        };
    }

    private static RecomputedDecision Refunded(string subject, Refund stored, Placement placement, int before, int after,
        DateTimeOffset at) =>
        new("refund", subject, stored.RuleVersion, stored.ToString(), Refund.Reprice(
            placement.Quote, before, after, placement.Refunds, stored.DaysBefore ?? Refund.DaysUntil(placement.StartsAt, at)).ToString());

    private static RecomputedDecision InFull(string subject, Refund stored, Placement placement, int seats) =>
        new("refund", subject, stored.RuleVersion, stored.ToString(), Refund.InFull(placement.Quote.PriceOf(seats)).ToString());
}

/// <summary>
/// Recomputes opening rounds (their seed from the ids of the collected requests' events, their grants from the seed), offers to the line
/// and shared costs, each from the offering's seats just before it.
/// </summary>
public sealed class SeatDecisionCheck : IDecisionCheck
{
    /// <inheritdoc/>
    public IReadOnlyCollection<string> EventTypes => ["offering_round_drawn", "offering_waitlist_offered", "offering_cost_split"];

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RecomputedDecision>> Recompute(RecordedEvent e, IEventStore store, CancellationToken ct)
    {
        var history = await store.ReadStream(e.Tenant, e.Stream, upToVersion: e.Version - 1, ct: ct).ConfigureAwait(false);
        var subject = e.KeyIn(SeatLedger.Category)!;
        switch (e.Fact)
        {
            case SeatLedger.Event.RoundDrawn f:
                var collected = history.Where(h => h.Fact is SeatLedger.Event.RequestCollected).ToList();
                var before = Fold(history);
                var seed = OpeningRound.SeedOf(collected.Select(h => h.Id));
                var live = before.Lines.Values.Where(l => l.Collected > 0).Select(l => l.Request);
                return
                [
                    new("opening-round", subject, f.RuleVersion, $"{f.Seed}: {f.Seats} seats: {f.Grants}",
                        $"{seed}: {before.Free} seats: {OpeningRound.Draw(before.Free, live, seed)}"),
                ];
            case SeatLedger.Event.WaitlistOffered f:
                // A skip is recorded just before the offer that it makes possible; both are one decision.
                var skipped = history[^1].Fact is SeatLedger.Event.HeadSkipped ? 1 : 0;
                var next = SeatLedger.NextOffer(Fold(history.Take(history.Count - skipped)), f.Expires);
                return [new("waitlist-offer", $"{subject} {f.Offer}", SeatLedger.LineRuleVersion, f.ToString(),
                    next?.ToString() ?? "nobody")];
            case SeatLedger.Event.CostSplit f:
                var seats = Fold(history).TakenByMember;
                return
                [
                    new("cost-split", $"{subject} {f.Reference}", f.RuleVersion, $"{f.Seats}: {f.Shares}",
                        $"{seats}: {LargestRemainder.Share(f.Total, seats)}"),
                ];
            default:
                return [];
        }
    }

    private static SeatLedger.State Fold(IEnumerable<RecordedEvent> history) =>
        history.Aggregate(SeatLedger.Initial, (s, h) => SeatLedger.Evolve(s, (SeatLedger.Event)h.Fact));
}

/// <summary>Recomputes the fees of subscriptions by their days, and what uses of services cost.</summary>
public sealed class ServiceFeeCheck : IDecisionCheck
{
    /// <inheritdoc/>
    public IReadOnlyCollection<string> EventTypes =>
        ["subscription_begun", "subscription_continued", "subscription_slots_added", "service_use_recorded"];

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RecomputedDecision>> Recompute(RecordedEvent e, IEventStore store, CancellationToken ct)
    {
        switch (e.Fact)
        {
            case ServiceUse.Event.Recorded f:
                return [new("use-price", $"{f.Use.Service} {f.Use.Use}", f.RuleVersion, f.Amount.ToString(),
                    f.Use.Price.Extend(f.Use.Quantity).ToString())];
            case Subscription.Event.Begun f:
                return [Prorated(e, f.Fee, Proration.Of(f.Terms.Fee(f.Slots), f.Terms.Year, f.From))];
            case Subscription.Event.Continued f:
                return [new("subscription-fee", e.KeyIn(Subscription.Category)!, Proration.CurrentVersion, f.Fee.ToString(),
                    f.Terms.Fee(f.Slots).ToString())];
            case Subscription.Event.SlotsAdded f:
                var history = await store.ReadStream(e.Tenant, e.Stream, upToVersion: e.Version - 1, ct: ct).ConfigureAwait(false);
                var s = history.Aggregate(Subscription.Initial, (x, h) => Subscription.Evolve(x, (Subscription.Event)h.Fact));
                var yearly = s.Terms!.Fee(s.Slots + f.Slots) - s.Terms.Fee(s.Slots);
                return [Prorated(e, f.Fee, Proration.Of(yearly, s.Terms.Year, f.From))];
            default:
                return [];
        }
    }

    private static RecomputedDecision Prorated(RecordedEvent e, Proration stored, Proration again) =>
        new("proration", e.KeyIn(Subscription.Category)!, stored.RuleVersion, stored.ToString(), again.ToString());
}

/// <summary>Recomputes clock hours from the marks of a sheet, with the rule that the closing event carries.</summary>
public sealed class ClockHourCheck : IDecisionCheck
{
    /// <inheritdoc/>
    public IReadOnlyCollection<string> EventTypes => ["attendance_closed"];

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RecomputedDecision>> Recompute(RecordedEvent e, IEventStore store, CancellationToken ct)
    {
        var closed = (AttendanceSheet.Event.Closed)e.Fact;
        var history = await store.ReadStream(e.Tenant, e.Stream, upToVersion: e.Version - 1, ct: ct).ConfigureAwait(false);
        var before = history.Aggregate(AttendanceSheet.Initial, (s, h) => AttendanceSheet.Evolve(s, (AttendanceSheet.Event)h.Fact));
        var again = AttendanceSheet.Reckon(before, closed.Rule).ToDictionary(r => r.Participant);
        return
        [
            .. closed.Results.Select(r => new RecomputedDecision(
                "clock-hours", string.Create(CultureInfo.InvariantCulture, $"{e.KeyIn(AttendanceSheet.Category)} {r.Participant}"),
                closed.RuleVersion, r.ToString(), again.GetValueOrDefault(r.Participant)?.ToString() ?? "nothing")),
        ];
    }
}

/// <summary>
/// Recomputes the tier of every team from the member's enrollment that the event names and the bands as the program had set them: bands
/// that it never set give none.
/// </summary>
public sealed class TeamTierCheck : IDecisionCheck
{
    /// <inheritdoc/>
    public IReadOnlyCollection<string> EventTypes => ["team_registered"];

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RecomputedDecision>> Recompute(RecordedEvent e, IEventStore store, CancellationToken ct)
    {
        var f = (Team.Event.Registered)e.Fact;
        var enrollment = $"{Enrollment.Category}-{Enrollment.Key(f.Entry.Offering, f.Entry.Member)}";
        var placed = (await store.ReadStream(e.Tenant, enrollment, upToPosition: e.Position, ct: ct).ConfigureAwait(false))
            .Select(h => h.Fact).OfType<Enrollment.Event.Placed>().FirstOrDefault()?.Placement;
        var program = placed is null
            ? []
            : await store.ReadStream(e.Tenant, $"{CoopProgram.Category}-{placed.Program}", upToPosition: e.Position, ct: ct)
                .ConfigureAwait(false);
        var set = program.Select(h => h.Fact).OfType<CoopProgram.Event.TiersSet>().LastOrDefault(t => t.Bands == f.Bands);
        return [new("team-tier", e.KeyIn(Team.Category)!, 1, f.Tier, set?.Bands.TierOf(f.Enrollment) ?? "none of the program's")];
    }
}
