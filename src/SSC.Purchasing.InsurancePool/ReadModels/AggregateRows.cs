using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.InsurancePool.ReadModels;

/// <summary>
/// A read model whose rows are the aggregates as they stand, folded by the aggregate itself, so that a list never says anything else
/// than the resource.
/// </summary>
/// <typeparam name="TDecider">The aggregate.</typeparam>
/// <typeparam name="TCommand">Its commands.</typeparam>
/// <typeparam name="TState">Its state, the row.</typeparam>
/// <typeparam name="TEvent">Its events.</typeparam>
public abstract class AggregateRows<TDecider, TCommand, TState, TEvent> : ReadModel<TState>
    where TDecider : IDecider<TCommand, TState, TEvent>
    where TState : class
    where TEvent : notnull
{
    /// <inheritdoc/>
    public override int Version => 1;

    /// <inheritdoc/>
    public override IEnumerable<string> KeysOf(RecordedEvent e) => e.KeysIn<TEvent>(TDecider.Category);

    /// <inheritdoc/>
    public override TState? Apply(string key, TState? row, RecordedEvent e) => TDecider.Evolve(row ?? TDecider.Initial, (TEvent)e.Fact);
}
