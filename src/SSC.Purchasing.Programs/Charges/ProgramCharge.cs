using System.Diagnostics;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Programs;

/// <summary>
/// Whether a charge of a program or service is settled: the member's invoice that carries it says so. Stream
/// <c>charge-settlement-{reference}</c>, with the reference of <see cref="ChargeFact"/>; what is charged stays with the event it came from.
/// </summary>
public sealed class ProgramCharge : IDecider<ProgramCharge.Command, ProgramCharge.State, ProgramCharge.Event>
{
    /// <summary>What can be said of a charge.</summary>
    public abstract record Command
    {
        private Command()
        {
        }

        /// <summary>The invoice that carries it is settled: <c>invoice-*</c>.</summary>
        public sealed record Settle(string Invoice, DateOnly On) : Command;

        /// <summary>A payment was taken back: it is owed again; <c>charge-not-settled</c>.</summary>
        public sealed record Reopen(string Invoice, DateOnly On) : Command;
    }

    /// <summary>What has happened to a charge.</summary>
    public abstract record Event
    {
        private Event()
        {
        }

        /// <summary>Settled with an invoice.</summary>
        [EventAlias("program_charge_settled")]
        public sealed record Settled(string Invoice, DateOnly On) : Event;

        /// <summary>Owed again.</summary>
        [EventAlias("program_charge_reopened")]
        public sealed record Reopened(string Invoice, DateOnly On) : Event;
    }

    /// <summary>A charge.</summary>
    /// <param name="Invoice">Number of the invoice that settled it; null while it is owed.</param>
    /// <param name="Heard">True once anything was heard of it.</param>
    public sealed record State(string? Invoice, bool Heard);

    private const int NumberLength = 40;

    private static readonly Decision<Event> Nothing = new Decision<Event>.Accepted();

    /// <inheritdoc/>
    public static string Category => "charge-settlement";

    /// <inheritdoc/>
    public static State Initial { get; } = new(null, false);

    /// <inheritdoc/>
    public static Decision<Event> Decide(Command command, State state) => command switch
    {
        Command.Settle c => state.Invoice is not null ? Nothing
            : PlainText.Check("invoice", c.Invoice, NumberLength) is { } no ? no : new Event.Settled(c.Invoice, c.On),
        Command.Reopen c => state.Invoice is { } invoice
            ? string.Equals(invoice, c.Invoice, StringComparison.Ordinal)
                ? new Event.Reopened(c.Invoice, c.On)
                : new Refusal("charge-not-settled", $"Invoice {invoice} settled it, not this one.")
            : state.Heard ? Nothing : new Refusal("charge-not-settled", "Nothing settled this charge yet."),
        _ => throw new UnreachableException($"{command} is no command of a charge."),
    };

    /// <inheritdoc/>
    public static State Evolve(State state, Event fact) => fact switch
    {
        Event.Settled e => new(e.Invoice, true),
        Event.Reopened => new(null, true),
        _ => throw new UnreachableException($"{fact} cannot follow {state}"),
    };
}
