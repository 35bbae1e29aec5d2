using SSC.Purchasing.Kernel;
using SSC.Purchasing.Programs;

namespace SSC.Purchasing.Sagas;

/// <summary>
/// The promise: a date that too few have chosen is decided in time, and nobody pays for what does not take place: put off once, run
/// anyway, moved with consent, or cancelled with everything paid back. One instance per offering.
/// </summary>
public sealed class UnderMinimumSaga : Saga<UnderMinimumPromise>
{
    private const string Decision = "decision", Consent = "consent";

    /// <summary>Why the rules cancel an offering by themselves.</summary>
    public const string TooFew = "too few have enrolled";

    /// <inheritdoc/>
    public override string Name => "under_minimum";

    /// <inheritdoc/>
    public override UnderMinimumPromise Initial(string id) => new(new(id), null);

    /// <inheritdoc/>
    public override string? Correlate(RecordedEvent e) => e.Type is "offering_scheduled" or "offering_below_minimum"
        or "offering_decision_extended" or "offering_merge_proposed" or "offering_runs_anyway" or "offering_cancelled"
        ? e.KeyIn(SeatLedger.Category)
        : null;

    /// <inheritdoc/>
    public override SagaStep<UnderMinimumPromise> On(UnderMinimumPromise state, SagaInput input) => input switch
    {
        SagaInput.Heard { Event.Fact: SeatLedger.Event fact } => OnFact(state, fact),
        SagaInput.Woken { Timer: Decision } => Send(state, new CheckOfferingMinimum(state.Offering)),
        SagaInput.Woken { Timer: Consent } when state.MergeTo is { } to => Send(state, new CloseOfferingMerge(state.Offering, to)),
        SagaInput.WasRefused { Refusal.Code: "too-early" } i => new(state, new SagaEffect.Wake(Decision, i.At.AddSeconds(1))),
        SagaInput.WasRefused { Refusal.Code: "too-late-to-extend" } => Send(state, new CancelOffering(state.Offering, TooFew)),
        SagaInput.WasRefused i => new(state with { LastRefusal = i.Refusal }), // it changed nothing; the administrator can see it
        _ => new(state),
    };

    private static SagaStep<UnderMinimumPromise> OnFact(UnderMinimumPromise state, SeatLedger.Event fact) => fact switch
    {
        SeatLedger.Event.Scheduled { Terms.DecideAt: { } at } => new(state, new SagaEffect.Wake(Decision, at)),
        SeatLedger.Event.DecisionExtended f => new(state, new SagaEffect.Wake(Decision, f.Until)),
        SeatLedger.Event.BelowMinimum { Next: UnderMinimumAction.Extend } => Send(state, new ExtendOfferingDecision(state.Offering)),
        SeatLedger.Event.BelowMinimum { Next: UnderMinimumAction.Cancel } => Send(state, new CancelOffering(state.Offering, TooFew)),
        SeatLedger.Event.MergeProposed f => new(
            state with { MergeTo = f.To },
            new SagaEffect.Send(new AskToMove(state.Offering, f.To, f.Until)), new SagaEffect.Wake(Consent, f.Until)),
        SeatLedger.Event.RunsAnyway => new(state with { MergeTo = null }),
        SeatLedger.Event.Cancelled f => Send(state with { MergeTo = null }, new CallOffEnrollments(state.Offering, f.Reason)),
        _ => new(state),
    };

    private static SagaStep<UnderMinimumPromise> Send(UnderMinimumPromise state, object command) =>
        new(state, new SagaEffect.Send(command));
}

/// <summary>What the saga remembers of an offering.</summary>
/// <param name="Offering">Offering.</param>
/// <param name="MergeTo">The other date that members are asked to move to.</param>
public sealed record UnderMinimumPromise(OfferingId Offering, OfferingId? MergeTo)
{
    /// <summary>The last refusal that a command of the saga met.</summary>
    public Refusal? LastRefusal { get; init; }
}
