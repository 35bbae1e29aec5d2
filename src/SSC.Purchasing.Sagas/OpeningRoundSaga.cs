using SSC.Purchasing.Kernel;
using SSC.Purchasing.Programs;

namespace SSC.Purchasing.Sagas;

/// <summary>
/// The promise: a scarce date is opened fairly. Requests are collected in a window, then given out in rounds. One instance per offering.
/// </summary>
public sealed class OpeningRoundSaga : Saga<OpeningRoundPromise>
{
    private const string Round = "round";

    /// <inheritdoc/>
    public override string Name => "opening_round";

    /// <inheritdoc/>
    public override OpeningRoundPromise Initial(string id) => new(new(id), false);

    /// <inheritdoc/>
    public override string? Correlate(RecordedEvent e) =>
        e.Type is "offering_scheduled" or "offering_round_drawn" ? e.KeyIn(SeatLedger.Category) : null;

    /// <inheritdoc/>
    public override SagaStep<OpeningRoundPromise> On(OpeningRoundPromise state, SagaInput input) => input switch
    {
        SagaInput.Heard { Event.Fact: SeatLedger.Event.Scheduled { Terms.RoundUntil: { } until } } =>
            new(state, new SagaEffect.Wake(Round, until)),
        SagaInput.Heard { Event.Fact: SeatLedger.Event.RoundDrawn } => new(state with { IsDrawn = true }),
        SagaInput.Woken when !state.IsDrawn => new(state, new SagaEffect.Send(new DrawOpeningRound(state.Offering))),
        SagaInput.WasRefused { Refusal.Code: "too-early" } i => new(state, new SagaEffect.Wake(Round, i.At.AddSeconds(1))),
        _ => new(state),
    };
}

/// <summary>What the saga remembers of an offering.</summary>
/// <param name="Offering">Offering.</param>
/// <param name="IsDrawn">The round is over.</param>
public sealed record OpeningRoundPromise(OfferingId Offering, bool IsDrawn);
