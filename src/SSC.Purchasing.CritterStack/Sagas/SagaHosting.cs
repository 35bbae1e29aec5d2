using SSC.Purchasing.EventStore.Sagas;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.CritterStack;

/// <summary>What hosted sagas work with.</summary>
/// <param name="clock">For timers and commands.</param>
public sealed class SagaHosting(TimeProvider clock)
{
    private IReadOnlyDictionary<string, ISaga> byName = new Dictionary<string, ISaga>(StringComparer.Ordinal);
    private SagaPlan? plan;

    /// <summary>The log.</summary>
    public Kernel.IEventStore Store { get; internal set; } = null!;

    /// <summary>Clock.</summary>
    public TimeProvider Clock => clock;

    /// <summary>Commands by stored name.</summary>
    public SagaCommandCatalogue Commands => Plan.Commands;

    /// <summary>Sagas by name.</summary>
    public IReadOnlyDictionary<string, ISaga> ByName => byName;

    /// <summary>The sagas and how their commands are executed.</summary>
    internal SagaPlan Plan
    {
        get => plan ?? throw new InvalidOperationException("No sagas were given to this node.");
        set => (plan, byName) = (value, value.All.ToDictionary(s => s.Name, StringComparer.Ordinal));
    }

    /// <summary>Executes a command in its context.</summary>
    public Task<CommandOutcome> Execute(object command, CommandContext context, CancellationToken ct) =>
        Plan.Execute(command, context, ct);
}
