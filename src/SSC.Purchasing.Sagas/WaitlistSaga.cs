using SSC.Purchasing.Kernel;
using SSC.Purchasing.Programs;

namespace SSC.Purchasing.Sagas;

/// <summary>
/// The promise: a seat that becomes free goes to the next in line, a hold and an offer last as long as was said and no longer, and at the
/// cutoff the line is closed. One instance per offering. Timers carry the hold's end or the offer's name, and the seats decide by them.
/// </summary>
public sealed class WaitlistSaga : Saga<WaitlistPromise>
{
    private const string Opening = "opening", Cutoff = "cutoff", Start = "start", End = "end", Hold = "hold/", Offer = "offer/";
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public override string Name => "waitlist";

    /// <inheritdoc/>
    public override WaitlistPromise Initial(string id) => new(new(id), default);

    /// <inheritdoc/>
    public override string? Correlate(RecordedEvent e) => e.KeyIn(SeatLedger.Category);

    /// <inheritdoc/>
    public override SagaStep<WaitlistPromise> On(WaitlistPromise state, SagaInput input) => input switch
    {
        SagaInput.Heard { Event.Fact: SeatLedger.Event fact } => OnFact(state, fact),
        SagaInput.Woken i => OnTimer(state, i.Timer),
        SagaInput.WasRefused { Refusal.Code: "too-early" } i => Again(state, i.Command, i.At.Add(Soon)),
        SagaInput.WasRefused i => new(state with { LastRefusal = i.Refusal }), // it changed nothing; the administrator can see it
        _ => new(state),
    };

    private static SagaStep<WaitlistPromise> OnFact(WaitlistPromise state, SeatLedger.Event fact) => fact switch
    {
        SeatLedger.Event.Scheduled f => new(
            state,
            new SagaEffect.Wake(Opening, f.Terms.OpensAt), new SagaEffect.Wake(Cutoff, f.Terms.Cutoff),
            new SagaEffect.Wake(Start, f.Terms.StartsAt), new SagaEffect.Wake(End, f.Terms.EndsAt)),
        SeatLedger.Event.SeatsHeld f => AwaitHold(state, f.Request.Id, f.Until),
        SeatLedger.Event.RoundDrawn f => new(
            f.Grants.Where(g => g.Seats > 0).Aggregate(state, (s, g) => s with { Holds = s.Holds.Set(g.Request, f.HeldUntil) }),
            [
                .. f.Grants.Where(g => g.Seats > 0).Select(g => new SagaEffect.Wake(Hold + g.Request, f.HeldUntil)),
                new SagaEffect.Send(new PromoteWaitlist(state.Offering)),
            ]),
        SeatLedger.Event.SeatsConfirmed f => new(state with { Holds = state.Holds.Remove(f.Request) }),
        SeatLedger.Event.WaitlistOffered f => new(state, new SagaEffect.Wake(Offer + f.Offer, f.Expires)),
        SeatLedger.Event.HoldExpired f => Promote(state with { Holds = state.Holds.Remove(f.Request) }),
        SeatLedger.Event.SeatsReleased or SeatLedger.Event.OfferDeclined or SeatLedger.Event.OfferExpired
            or SeatLedger.Event.CapacityChanged or SeatLedger.Event.WaitlistJoined => Promote(state),
        _ => new(state),
    };

    private static SagaStep<WaitlistPromise> AwaitHold(WaitlistPromise state, string request, DateTimeOffset until) =>
        new(state with { Holds = state.Holds.Set(request, until) }, new SagaEffect.Wake(Hold + request, until));

    private static SagaStep<WaitlistPromise> Promote(WaitlistPromise state) =>
        new(state, new SagaEffect.Send(new PromoteWaitlist(state.Offering)));

    private static SagaStep<WaitlistPromise> OnTimer(WaitlistPromise state, string timer) => timer switch
    {
        Opening => new(state, new SagaEffect.Send(new OpenOffering(state.Offering))),
        Cutoff => new(state, new SagaEffect.Send(new ReachOfferingCutoff(state.Offering))),
        Start => new(state, new SagaEffect.Send(new StartOffering(state.Offering))),
        End => new(state, new SagaEffect.Send(new CompleteOffering(state.Offering))),
        _ when timer.StartsWith(Offer, StringComparison.Ordinal) =>
            new(state, new SagaEffect.Send(new ExpireSeatOffer(state.Offering, timer[Offer.Length..]))),
        _ when timer.StartsWith(Hold, StringComparison.Ordinal) && state.Holds.TryGetValue(timer[Hold.Length..], out var until) =>
            new(state, new SagaEffect.Send(new ExpireSeatHold(state.Offering, timer[Hold.Length..], until))),
        _ => new(state), // confirmed meanwhile: the state makes it harmless
    };

    /// <summary>A clock was ahead of the seats' own: the same timer once more.</summary>
    private static SagaStep<WaitlistPromise> Again(WaitlistPromise state, object command, DateTimeOffset at) => command switch
    {
        OpenOffering => new(state, new SagaEffect.Wake(Opening, at)),
        ReachOfferingCutoff => new(state, new SagaEffect.Wake(Cutoff, at)),
        StartOffering => new(state, new SagaEffect.Wake(Start, at)),
        CompleteOffering => new(state, new SagaEffect.Wake(End, at)),
        ExpireSeatHold c => new(state, new SagaEffect.Wake(Hold + c.Request, at)),
        ExpireSeatOffer c => new(state, new SagaEffect.Wake(Offer + c.Offer, at)),
        _ => new(state),
    };
}

/// <summary>What the saga remembers of an offering.</summary>
/// <param name="Offering">Offering.</param>
/// <param name="Holds">Ends of the holds that stand, by request.</param>
public sealed record WaitlistPromise(OfferingId Offering, StructuralMap<string, DateTimeOffset> Holds)
{
    /// <summary>The last refusal that a command of the saga met.</summary>
    public Refusal? LastRefusal { get; init; }
}
