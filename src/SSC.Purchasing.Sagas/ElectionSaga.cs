using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;

namespace SSC.Purchasing.Sagas;

/// <summary>
/// The promise: voting opens when nominations end and is counted when it ends, and whoever is certified takes the seat on the first day
/// of the term. One instance per election.
/// </summary>
public sealed class ElectionSaga : Saga<ElectionPromise>
{
    private const string NominationsEnd = "nominations-end", VotingEnd = "voting-end", TermsBegin = "terms-begin";

    /// <inheritdoc/>
    public override string Name => "election";

    /// <inheritdoc/>
    public override ElectionPromise Initial(string id) => new(id, null, null);

    /// <inheritdoc/>
    public override string? Correlate(RecordedEvent e) =>
        e.Type is "election_called" or "election_certified" ? e.KeyIn(Election.Category) : null;

    /// <inheritdoc/>
    public override SagaStep<ElectionPromise> On(ElectionPromise state, SagaInput input) => input switch
    {
        SagaInput.Heard { Event.Fact: Election.Event.Called { Terms: var terms } } => new(
            state with { Cooperative = terms.Cooperative, TermFrom = terms.TermFrom },
            new SagaEffect.Wake(NominationsEnd, terms.NominationsUntil), new SagaEffect.Wake(VotingEnd, terms.VotingUntil)),
        SagaInput.Heard { Event.Fact: Election.Event.Certified } when state.TermFrom is { } from =>
            new(state, new SagaEffect.Wake(TermsBegin, BusinessCalendar.InstantOf(from, TimeOnly.MinValue).AddSeconds(2))),
        SagaInput.Woken { Timer: NominationsEnd } => new(state, new SagaEffect.Send(new OpenElectionVoting(state.Election))),
        SagaInput.Woken { Timer: VotingEnd } => new(state, new SagaEffect.Send(new CloseElection(state.Election))),
        SagaInput.Woken { Timer: TermsBegin } when state.Cooperative is { } cooperative =>
            new(state, new SagaEffect.Send(new SeatElectedDirectors(cooperative, state.Election))),

        // The clock that decides may be a moment behind the one that woke.
        SagaInput.WasRefused { Refusal.Code: "nominations-open" } i => new(state, new SagaEffect.Wake(NominationsEnd, i.At.AddSeconds(1))),
        SagaInput.WasRefused { Refusal.Code: "voting-open" or "voting-not-open" } i =>
            new(state, new SagaEffect.Wake(VotingEnd, i.At.AddSeconds(1))),
        _ => new(state),
    };
}

/// <summary>What the saga remembers of an election.</summary>
/// <param name="Election">Its id.</param>
/// <param name="Cooperative">Whose board.</param>
/// <param name="TermFrom">First day of the terms.</param>
public sealed record ElectionPromise(string Election, CooperativeId? Cooperative, DateOnly? TermFrom);
