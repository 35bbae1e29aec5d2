using System.Diagnostics;
using SSC.Purchasing.InsurancePool.Rules;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.InsurancePool.Reserves;

/// <summary>What moves the rate stabilization reserve.</summary>
public enum ReservePurpose
{
    /// <summary>Surplus set aside.</summary>
    Surplus,

    /// <summary>Rates held inside the band.</summary>
    RateBand,

    /// <summary>Stop-loss that became dearer after binding.</summary>
    StopLossRepriced,

    /// <summary>Assessments that were not consented to.</summary>
    AssessmentShortfall,

    /// <summary>A dividend.</summary>
    Dividend,

    /// <summary>A correction of an earlier entry.</summary>
    Correction,
}

/// <summary>
/// The rate stabilization reserve of a pool: a ledger of deposits and draws, each once under its key, never below zero. Stream
/// <c>rate-stabilization-{PoolId}</c>.
/// </summary>
public sealed class RateStabilization : IDecider<RateStabilization.Command, RateStabilization.State, RateStabilization.Event>
{
    /// <summary>What can be asked of the reserve.</summary>
    public abstract record Command
    {
        private Command()
        {
        }

        /// <summary>Put money in; <c>amount-invalid</c>, <c>reserve-entry-changed</c>.</summary>
        public sealed record Deposit(string Key, Money Amount, ReservePurpose Purpose, DateOnly On) : Command;

        /// <summary>Take money out; <c>reserve-short</c>, <c>amount-invalid</c>, <c>reserve-entry-changed</c>.</summary>
        public sealed record Draw(string Key, Money Amount, ReservePurpose Purpose, DateOnly On) : Command;
    }

    /// <summary>What has happened to the reserve.</summary>
    public abstract record Event
    {
        private Event()
        {
        }

        /// <summary>Money came in.</summary>
        [EventAlias("pool_reserve_deposited")]
        public sealed record Deposited(string Key, Money Amount, ReservePurpose Purpose, DateOnly On) : Event;

        /// <summary>Money went out.</summary>
        [EventAlias("pool_reserve_drawn")]
        public sealed record Drawn(string Key, Money Amount, ReservePurpose Purpose, DateOnly On) : Event;
    }

    /// <summary>The reserve.</summary>
    public sealed record State
    {
        /// <summary>Entries by key; draws are negative.</summary>
        public StructuralMap<string, Money> Entries { get; init; }

        /// <summary>What is in it.</summary>
        public Money Balance => Entries.Values.Sum();
    }

    /// <inheritdoc/>
    public static string Category => "rate-stabilization";

    /// <inheritdoc/>
    public static State Initial { get; } = new();

    /// <inheritdoc/>
    public static Decision<Event> Decide(Command command, State state)
    {
        var (key, signed) = command switch
        {
            Command.Deposit c => (c.Key, c.Amount),
            Command.Draw c => (c.Key, -c.Amount),
            _ => throw new UnreachableException($"{command} is no command of the reserve."),
        };
        if (state.Entries.TryGetValue(key ?? string.Empty, out var entered))
        {
            return entered == signed
                ? new Decision<Event>.Accepted()
                : new Refusal("reserve-entry-changed", "This entry stands with another amount; correct it by an entry of its own.");
        }

        if (!Id.IsKey(key)) return new Refusal("reserve-key-malformed", "Name the entry by ids joined by colons.");
        return command switch
        {
            Command.Deposit { Amount: var amount } when amount <= Money.Zero => AmountInvalid,
            Command.Deposit c => new Event.Deposited(c.Key, c.Amount, c.Purpose, c.On),
            Command.Draw { Amount: var amount } when amount <= Money.Zero => AmountInvalid,
            Command.Draw c when c.Amount > state.Balance =>
                new Refusal("reserve-short", $"The reserve holds {state.Balance}; draw less, or let the board decide."),
            Command.Draw c => new Event.Drawn(c.Key, c.Amount, c.Purpose, c.On),
            _ => throw new UnreachableException($"{command} is no command of the reserve."),
        };
    }

    /// <inheritdoc/>
    public static State Evolve(State state, Event fact) => fact switch
    {
        Event.Deposited e => state with { Entries = state.Entries.Set(e.Key, e.Amount) },
        Event.Drawn e => state with { Entries = state.Entries.Set(e.Key, -e.Amount) },
        _ => throw new UnreachableException($"{fact} cannot follow {state}"),
    };

    private static readonly Refusal AmountInvalid = new("amount-invalid", "Give an amount above zero.");
}
