using System.Globalization;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Programs;

/// <summary>Why a member got back what it got back: the prices quoted, what was paid, what remains, the tier reached.</summary>
public sealed class RefundExplained : IExplanation
{
    /// <inheritdoc/>
    public string Kind => "enrollment-refund";

    /// <inheritdoc/>
    public IReadOnlyList<string> Parts => ["offering", "member"];

    /// <inheritdoc/>
    public async Task<Explanation?> Explain(
        IEventStore store, string tenant, IReadOnlyDictionary<string, string> subject, long asOfPosition, CancellationToken ct)
    {
        if (!Subject.Read(subject, out var offering, out var member)) return null;
        var history = await store.ReadStream(
            tenant, $"{Enrollment.Category}-{Enrollment.Key(offering, member)}", upToPosition: asOfPosition, ct: ct).ConfigureAwait(false);
        var state = history.Aggregate(Enrollment.Initial, (s, h) => Enrollment.Evolve(s, (Enrollment.Event)h.Fact));
        var refunds = history.Select(h => (Event: h, Refund: RefundOf((Enrollment.Event)h.Fact))).Where(r => r.Refund is not null).ToList();
        if (state.Placement is not { } placement || refunds.Count == 0) return null;
        var quoted = history.Last(h => h.Fact is Enrollment.Event.PriceQuoted);
        return new(
            $"{offering}, {member}",
            $"{state.Refunded} came back of {state.Charged}; {state.Seats} seats remain.",
            [
                new("prices-quoted", [Quoted(placement.Quote)], Figures(placement.Quote), [Citation.Of(quoted)]),
                .. refunds.Select(r => new ExplanationStep("refund", [Said(r.Refund!)], Figures(r.Refund!), [Citation.Of(r.Event)])),
            ]);
    }

    private static Refund? RefundOf(Enrollment.Event fact) => fact switch
    {
        Enrollment.Event.SeatsReduced f => f.Refund,
        Enrollment.Event.Cancelled f => f.Refund,
        Enrollment.Event.CalledOff f => f.Refund,
        Enrollment.Event.Moved f => f.Refund,
        _ => null,
    };

    private static string Quoted(QuotedPrices q) =>
        $"On {q.On:yyyy-MM-dd} the member was quoted {q.First} for the first seat and {q.More} for each further one"
        + string.Concat(q.Discounts.Select(d => $", {Percent(d.BasisPoints)} off from {d.FromSeats} seats"))
        + (q.SurchargeBasisPoints > 0 ? $", {Percent(q.SurchargeBasisPoints)} on top." : ".");

    private static string Said(Refund r) => r.DaysBefore is { } days
        ? $"Paid {r.Paid}; what remains costs {r.Remaining} at the prices quoted; {Percent(r.BasisPoints)} of the difference comes back "
            + string.Create(CultureInfo.InvariantCulture, $"{days} days before the start: {r.Amount}.")
        : $"The cooperative called the date off: all of {r.Paid} comes back, whatever the day.";

    private static StructuralMap<string, string> Figures(QuotedPrices q) => StructuralMap<string, string>.Empty
        .Set("first", q.First.ToString()).Set("more", q.More.ToString()).Set("surcharge", Percent(q.SurchargeBasisPoints));

    private static StructuralMap<string, string> Figures(Refund r) => StructuralMap<string, string>.Empty
        .Set("paid", r.Paid.ToString()).Set("remaining", r.Remaining.ToString()).Set("tier", Percent(r.BasisPoints))
        .Set("amount", r.Amount.ToString());

    private static string Percent(int basisPoints) => string.Create(CultureInfo.InvariantCulture, $"{basisPoints / 100m:0.##} %");
}

/// <summary>Why a member stands where it stands in the line.</summary>
public sealed class WaitlistExplained : IExplanation
{
    /// <inheritdoc/>
    public string Kind => "waitlist-position";

    /// <inheritdoc/>
    public IReadOnlyList<string> Parts => ["offering", "member"];

    /// <inheritdoc/>
    public async Task<Explanation?> Explain(
        IEventStore store, string tenant, IReadOnlyDictionary<string, string> subject, long asOfPosition, CancellationToken ct)
    {
        if (!Subject.Read(subject, out var offering, out var member)) return null;
        var history = await store.ReadStream(
            tenant, $"{SeatLedger.Category}-{offering}", upToPosition: asOfPosition, ct: ct).ConfigureAwait(false);
        var state = history.Aggregate(SeatLedger.Initial, (s, h) => SeatLedger.Evolve(s, (SeatLedger.Event)h.Fact));
        if (WaitlistPosition.Of(state, member) is not { } place || state.LineOf(member) is not { } line) return null;
        var own = history.Where(h => WaitlistPosition.IsAbout((SeatLedger.Event)h.Fact, line.Request.Id)).ToList();
        var ahead = state.Waitlist.TakeWhile(l => l != line).ToList();
        return new(
            $"{offering}, {member}",
            string.Create(CultureInfo.InvariantCulture, $"Number {place.Position} in line, for {place.Waiting} seats."),
            [
                new("rank",
                    ["The line goes by: offers that ran out last, then priority class, round, time of asking, name of the request."],
                    Figures(line), [.. own.Select(Citation.Of)]),
                new("ahead",
                    [.. ahead.Select(l => string.Create(CultureInfo.InvariantCulture, $"{l.Request.Id} waits for {l.Waiting} seats."))],
                    StructuralMap<string, string>.Empty
                        .Set("entries", ahead.Count.ToString(CultureInfo.InvariantCulture))
                        .Set("seats", ahead.Sum(l => l.Waiting).ToString(CultureInfo.InvariantCulture)), []),
            ]);
    }

    private static StructuralMap<string, string> Figures(SeatLine line) => StructuralMap<string, string>.Empty
        .Set("offersRunOut", line.Requeues.ToString(CultureInfo.InvariantCulture))
        .Set("priorityClass", line.Request.PriorityClass.ToString(CultureInfo.InvariantCulture))
        .Set("round", line.Round.ToString(CultureInfo.InvariantCulture))
        .Set("askedAt", line.Request.At.UtcDateTime.ToString("O", CultureInfo.InvariantCulture))
        .Set("skipped", line.Skips.ToString(CultureInfo.InvariantCulture));
}

/// <summary>Where a member stands in an offering's line.</summary>
/// <param name="Offering">Offering.</param>
/// <param name="Member">Member.</param>
/// <param name="Position">1 for the head; 0 while only an offer stands.</param>
/// <param name="Waiting">Seats waited for.</param>
/// <param name="Skips">Times that a later entry went ahead.</param>
/// <param name="Offers">Offers that stand, by name.</param>
public sealed record WaitlistPosition(
    OfferingId Offering, MemberNo Member, int Position, int Waiting, int Skips, StructuralMap<string, SeatOffer> Offers)
{
    /// <summary>A member's place; null when it neither waits nor has an offer.</summary>
    public static WaitlistPosition? Of(SeatLedger.State state, MemberNo member)
    {
        if (state.LineOf(member) is not { } line || line.Waiting + line.Offered == 0) return null;
        var at = state.Waitlist.Select((l, i) => (l, i)).Where(x => x.l == line).Select(x => x.i + 1).FirstOrDefault();
        return new(state.Offering, member, at, line.Waiting, line.Skips, line.Offers);
    }

    /// <summary>Whether an event made or moved a request's place.</summary>
    internal static bool IsAbout(SeatLedger.Event fact, string request) => request == fact switch
    {
        SeatLedger.Event.WaitlistJoined f => f.Request.Id,
        SeatLedger.Event.RequestCollected f => f.Request.Id,
        SeatLedger.Event.WaitlistOffered f => f.Request,
        SeatLedger.Event.HeadSkipped f => f.Request,
        SeatLedger.Event.OfferDeclined f => f.Request,
        SeatLedger.Event.OfferExpired f => f.Request,
        SeatLedger.Event.OfferAccepted f => f.Request,
        SeatLedger.Event.RoundDrawn f => f.Grants.FirstOrDefault(g => g.Request == request)?.Request,
        _ => null,
    };
}

/// <summary>What an explanation is asked about: an offering and a member.</summary>
internal static class Subject
{
    public static bool Read(IReadOnlyDictionary<string, string> subject, out OfferingId offering, out MemberNo member)
    {
        var (o, m) = (subject.GetValueOrDefault("offering"), subject.GetValueOrDefault("member"));
        var good = Id.IsWellFormed(o) && Id.IsWellFormed(m);
        offering = good ? new(o!) : default;
        member = good ? new(m!) : default;
        return good;
    }
}
