namespace SSC.Purchasing.Kernel;

/// <summary>A business <em>no</em>: a stable code for machines and a sentence that says how to mend it.</summary>
/// <param name="Code">Stable kebab-case code, e.g. <c>order-closed</c>. Once published it never changes its meaning.</param>
/// <param name="Reason">One sentence for a person, saying what to do about it.</param>
public sealed record Refusal(string Code, string Reason);

/// <summary>The answer to a command: facts to record, or a refusal the caller can show. Never an exception.</summary>
/// <typeparam name="TEvent">The aggregate's closed event hierarchy.</typeparam>
public abstract record Decision<TEvent>
{
    private Decision()
    {
    }

    /// <summary>The command is accepted; no events means that it was done already and nothing is recorded.</summary>
    /// <param name="Events">Facts to record, in order.</param>
    public sealed record Accepted(params IReadOnlyList<TEvent> Events) : Decision<TEvent>;

    /// <summary>The command is refused; nothing is recorded.</summary>
    /// <param name="Refusal">Code and reason.</param>
    public sealed record Refused(Refusal Refusal) : Decision<TEvent>;

    /// <summary>One fact is an acceptance.</summary>
    public static implicit operator Decision<TEvent>(TEvent fact) => new Accepted(fact);

    /// <summary>A refusal is a decision.</summary>
    public static implicit operator Decision<TEvent>(Refusal refusal) => new Refused(refusal);
}

/// <summary>
/// A command that mostly meets no stream yet. It is decided on the initial state first, without reading; when the stream exists after
/// all, the append's expected version says so, and it is decided again on what is there.
/// </summary>
public interface IStartsStream;

/// <summary>An aggregate: pure functions from command and state to events, and from events to state.</summary>
/// <typeparam name="TCommand">Closed hierarchy of commands, imperative names.</typeparam>
/// <typeparam name="TState">State, folded from events.</typeparam>
/// <typeparam name="TEvent">Closed hierarchy of events, past tense, each with an <see cref="EventAliasAttribute"/>.</typeparam>
public interface IDecider<TCommand, TState, TEvent>
    where TEvent : notnull
{
    /// <summary>
    /// Prefix of this aggregate's stream names, kebab-case, e.g. <c>joint-order</c>; a stream is <c>{Category}-{key}</c>.
    /// </summary>
    static abstract string Category { get; }

    /// <summary>The state before the first event.</summary>
    static abstract TState Initial { get; }

    /// <summary>Decides; reads no clock, does no I/O, never throws for a business reason.</summary>
    static abstract Decision<TEvent> Decide(TCommand command, TState state);

    /// <summary>Folds one event; never refuses, throws only on corrupt history.</summary>
    static abstract TState Evolve(TState state, TEvent fact);
}
