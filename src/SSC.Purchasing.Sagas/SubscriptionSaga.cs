using SSC.Purchasing.Kernel;
using SSC.Purchasing.Programs;

namespace SSC.Purchasing.Sagas;

/// <summary>
/// The promise: a subscription goes on with the next service year unless notice was given. One instance per service, member and year.
/// </summary>
public sealed class SubscriptionSaga : Saga<SubscriptionPromise>
{
    private const string YearEnd = "year-end";

    /// <inheritdoc/>
    public override string Name => "subscription";

    /// <inheritdoc/>
    public override SubscriptionPromise Initial(string id) => new(null);

    /// <inheritdoc/>
    public override string? Correlate(RecordedEvent e) => e.KeyIn(Subscription.Category);

    /// <inheritdoc/>
    public override SagaStep<SubscriptionPromise> On(SubscriptionPromise state, SagaInput input) => input switch
    {
        SagaInput.Heard { Event.Fact: Subscription.Event.Begun f } => Await(f.Terms),
        SagaInput.Heard { Event.Fact: Subscription.Event.Continued f } => Await(f.Terms),
        SagaInput.Heard { Event.Fact: Subscription.Event.Renewed f } when state.Terms is { } t =>
            new(state, new SagaEffect.Send(new ContinueSubscription(t.Service, t.Member, t.Year + 1, f.Slots))),
        SagaInput.Woken when state.Terms is { } t => new(state, new SagaEffect.Send(new EndSubscriptionYear(t.Service, t.Member, t.Year))),
        SagaInput.WasRefused { Refusal.Code: "too-early" } i => new(state, new SagaEffect.Wake(YearEnd, i.At.AddSeconds(1))),
        _ => new(state),
    };

    private static SagaStep<SubscriptionPromise> Await(SubscriptionTerms terms) => new(
        new(terms), new SagaEffect.Wake(YearEnd, BusinessCalendar.EndOfDay(new FiscalYear(terms.Year).LastDay).AddSeconds(1)));
}

/// <summary>What the saga remembers of a subscription.</summary>
/// <param name="Terms">What is subscribed to; null before it began.</param>
public sealed record SubscriptionPromise(SubscriptionTerms? Terms);
