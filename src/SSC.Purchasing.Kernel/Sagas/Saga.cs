namespace SSC.Purchasing.Kernel;

/// <summary>
/// A process that keeps a promise across streams: <c>On(state, input) → (state, effects)</c>, pure. A runner stores state,
/// timers and commands in one transaction with its checkpoint; commands carry deterministic ids, so repetition is harmless.
/// </summary>
/// <typeparam name="TState">A record that System.Text.Json can write and read.</typeparam>
public abstract class Saga<TState> : ISaga
    where TState : class
{
    /// <inheritdoc/>
    public abstract string Name { get; }

    /// <inheritdoc/>
    public Type StateType => typeof(TState);

    /// <summary>The instance an event belongs to; null when it means nothing here.</summary>
    public abstract string? Correlate(RecordedEvent e);

    /// <summary>The state before the first input of an instance.</summary>
    public abstract TState Initial(string id);

    /// <summary>One step. A late or repeated input must be harmless by state.</summary>
    public abstract SagaStep<TState> On(TState state, SagaInput input);

    object ISaga.Initial(string id) => Initial(id);

    SagaStep<object> ISaga.On(object state, SagaInput input)
    {
        var step = On((TState)state, input);
        return new(step.State, step.Effects);
    }
}

/// <summary>The untyped face of a saga, for the runner.</summary>
public interface ISaga
{
    /// <summary>snake_case, e.g. <c>joint_order</c>.</summary>
    string Name { get; }

    /// <summary>The state type.</summary>
    Type StateType { get; }

    /// <summary>The instance an event belongs to.</summary>
    string? Correlate(RecordedEvent e);

    /// <summary>The first state of an instance.</summary>
    object Initial(string id);

    /// <summary>One step.</summary>
    SagaStep<object> On(object state, SagaInput input);
}

/// <summary>State and effects of one step.</summary>
public sealed record SagaStep<TState>(TState State, params IReadOnlyList<SagaEffect> Effects);

/// <summary>What a saga hears.</summary>
public abstract record SagaInput
{
    private SagaInput()
    {
    }

    /// <summary>When it is: the event's recorded time, or the time at which a timer fired.</summary>
    public abstract DateTimeOffset At { get; }

    /// <summary>An event was recorded.</summary>
    public sealed record Heard(RecordedEvent Event) : SagaInput
    {
        /// <inheritdoc/>
        public override DateTimeOffset At => Event.At;
    }

    /// <summary>A timer is due; it may be late, or one that no longer matters.</summary>
    /// <param name="Timer">Its name.</param>
    /// <param name="Due">When it was due.</param>
    /// <param name="At">When it fired.</param>
    public sealed record Woken(string Timer, DateTimeOffset Due, DateTimeOffset At) : SagaInput
    {
        /// <inheritdoc/>
        public override DateTimeOffset At { get; } = At;
    }

    /// <summary>A command that this saga sent was refused.</summary>
    public sealed record WasRefused(object Command, Refusal Refusal, DateTimeOffset At) : SagaInput
    {
        /// <inheritdoc/>
        public override DateTimeOffset At { get; } = At;
    }
}

/// <summary>What a saga asks for.</summary>
public abstract record SagaEffect
{
    private SagaEffect()
    {
    }

    /// <summary>Execute a command, once. Its type has a <see cref="SagaCommandAttribute"/>.</summary>
    public sealed record Send(object Command) : SagaEffect;

    /// <summary>Wake this instance at a time; setting a name again moves that timer.</summary>
    public sealed record Wake(string Timer, DateTimeOffset At) : SagaEffect;
}

/// <summary>The stored name of a command that sagas send.</summary>
/// <param name="alias">snake_case, imperative, e.g. <c>close_joint_order</c>.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class SagaCommandAttribute(string alias) : Attribute
{
    /// <summary>The stored name.</summary>
    public string Alias { get; } = alias;
}
