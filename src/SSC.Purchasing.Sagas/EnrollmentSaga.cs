using SSC.Purchasing.Kernel;
using SSC.Purchasing.Programs;

namespace SSC.Purchasing.Sagas;

/// <summary>
/// The promise: a member's enrollment says what the offering's seats say, what a member gives up is free for others, and who attended has
/// its certificate. Requests do both steps at once; where a crash or a timer came between, this makes the other. One instance per offering.
/// </summary>
public sealed class EnrollmentSaga : Saga<EnrollmentPromise>
{
    /// <inheritdoc/>
    public override string Name => "enrollment";

    /// <inheritdoc/>
    public override EnrollmentPromise Initial(string id) => new(new(id));

    /// <inheritdoc/>
    public override string? Correlate(RecordedEvent e)
    {
        if (e.Type is "enrollment_seats_reduced" or "enrollment_cancelled" or "enrollment_called_off" or "enrollment_moved")
            return e.KeyIn(Enrollment.Category)?.Split(':')[0];
        if (e.Type is "attendance_closed") return e.KeyIn(AttendanceSheet.Category);
        return e.KeyIn(SeatLedger.Category) is { } offering && Members((SeatLedger.Event)e.Fact).Any() ? offering : null;
    }

    /// <inheritdoc/>
    public override SagaStep<EnrollmentPromise> On(EnrollmentPromise state, SagaInput input) => input switch
    {
        SagaInput.Heard { Event: { Fact: Enrollment.Event } e } =>
            new(state, new SagaEffect.Send(new FreeSeats(state.Offering, new(e.KeyIn(Enrollment.Category)!.Split(':')[1])))),
        SagaInput.Heard { Event.Fact: AttendanceSheet.Event.Closed } =>
            new(state, new SagaEffect.Send(new IssueCertificates(state.Offering))),
        SagaInput.Heard { Event.Fact: SeatLedger.Event fact } => new(
            state, [.. Members(fact).Distinct().Select(m => new SagaEffect.Send(new FollowSeats(state.Offering, m)))]),
        _ => new(state),
    };

    /// <summary>Members whose seats an event moves.</summary>
    private static IEnumerable<MemberNo> Members(SeatLedger.Event fact) => fact switch
    {
        SeatLedger.Event.RequestCollected f => [f.Request.Member],
        SeatLedger.Event.SeatsHeld f => [f.Request.Member],
        SeatLedger.Event.SeatsGiven f => [f.Request.Member],
        SeatLedger.Event.WaitlistJoined f => [f.Request.Member],
        SeatLedger.Event.SeatsConfirmed f => [f.Member],
        SeatLedger.Event.HoldExpired f => [f.Member],
        SeatLedger.Event.WaitlistOffered f => [f.Member],
        SeatLedger.Event.OfferAccepted f => [f.Member],
        SeatLedger.Event.OfferDeclined f => [f.Member],
        SeatLedger.Event.OfferExpired f => [f.Member],
        SeatLedger.Event.SeatsReleased f => [f.Member],
        SeatLedger.Event.RoundDrawn f => f.Grants.Select(g => g.Member),
        SeatLedger.Event.CutoffReached f => f.LetGo.Select(id => new MemberNo(id[..id.LastIndexOf('.')])),
        _ => [],
    };
}

/// <summary>What the saga remembers of an offering.</summary>
/// <param name="Offering">Offering.</param>
public sealed record EnrollmentPromise(OfferingId Offering);
