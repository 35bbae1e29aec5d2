using SSC.Purchasing.EventStore.Subscriptions;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.EventStore.Sagas;

/// <summary>Executes a saga's command; its context carries the deterministic id as idempotency key.</summary>
public delegate Task<CommandOutcome> SagaCommandExecutor(object command, CommandContext context, CancellationToken ct);

/// <summary>The sagas of a service and how their commands are executed.</summary>
/// <param name="All">One of each name.</param>
/// <param name="Commands">Their commands by stored name.</param>
/// <param name="Execute">The one way in.</param>
public sealed record SagaPlan(IReadOnlyList<ISaga> All, SagaCommandCatalogue Commands, SagaCommandExecutor Execute);

/// <summary>What the saga loops of one node share.</summary>
internal sealed class SagaParts(RuntimeParts runtime, SagaPlan plan) : IDisposable
{
    public RuntimeParts Runtime => runtime;

    public SagaPlan Plan => plan;

    public IReadOnlyDictionary<string, ISaga> ByName { get; } = plan.All.ToDictionary(s => s.Name, StringComparer.Ordinal);

    public IEnumerable<string> Names => ByName.Keys;

    /// <summary>Rung when a command may wait to be executed.</summary>
    public Signal CommandsWait { get; } = new();

    /// <summary>Rung when a timer was set.</summary>
    public Signal TimersSet { get; } = new();

    public void Announce(SagaUnit unit)
    {
        if (unit.Commands.Count > 0) CommandsWait.Ring();
        if (unit.Timers.Count > 0) TimersSet.Ring();
    }

    public static string CheckpointOf(ISaga saga) => $"saga/{saga.Name}";

    public void Dispose()
    {
        CommandsWait.Dispose();
        TimersSet.Dispose();
    }
}
