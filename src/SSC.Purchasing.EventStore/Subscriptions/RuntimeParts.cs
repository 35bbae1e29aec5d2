using Npgsql;
using SSC.Purchasing.EventStore.ReadModels;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.EventStore.Subscriptions;

/// <summary>How the runtime works; the defaults suit a cooperative's service on two cores.</summary>
public sealed record RuntimeOptions
{
    /// <summary>How often to look for what other nodes appended.</summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How long a node that does not answer keeps its claims; below 10 s, so that work resumes elsewhere in time.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>A read model more events behind than this, and by more than half the log, is rebuilt instead of caught up.</summary>
    public long RebuildWhenBehind { get; init; } = 10_000;

    /// <summary>Saga instances whose commands run at the same time on this node.</summary>
    public int SagaParallelism { get; init; } = 8;

    /// <summary>Destinations that this node delivers to at the same time; one at a time each.</summary>
    public int DeliveryParallelism { get; init; } = 256;

    /// <summary>When a saga's command or timer that failed is tried again, and after how many tries it is parked.</summary>
    public RetrySchedule Commands { get; init; } = new(12, TimeSpan.FromMilliseconds(200), TimeSpan.FromMinutes(1));

    /// <summary>When a delivery that failed is tried again, and after how many tries it is parked, unless its sender has its own.</summary>
    public RetrySchedule Deliveries { get; init; } = new(10, TimeSpan.FromSeconds(2), TimeSpan.FromMinutes(30));
}

/// <summary>Exponential back-off with jitter.</summary>
/// <param name="Tries">Attempts in all; after the last the work is parked with an alarm.</param>
/// <param name="First">Rest after the first failure; it doubles each time.</param>
/// <param name="Longest">No rest is longer.</param>
public sealed record RetrySchedule(int Tries, TimeSpan First, TimeSpan Longest)
{
    /// <summary>The rest after a number of failed attempts, between half and the whole of the doubled first rest.</summary>
    public TimeSpan RestAfter(int attempts)
    {
        var whole = Math.Min(First.TotalSeconds * Math.Pow(2, Math.Clamp(attempts - 1, 0, 30)), Longest.TotalSeconds);
        return TimeSpan.FromSeconds(whole * (0.5 + (Random.Shared.NextDouble() / 2)));
    }
}

/// <summary>What the loops of one node share.</summary>
internal sealed record RuntimeParts(
    NpgsqlDataSource Db, IEventStore Store, LogFeed Feed, PostgresReadModels ReadModels, Changes Changes, Alarms Alarms,
    TimeProvider Clock, RuntimeOptions Options)
{
    public ReadModelRebuild Rebuild { get; } = new(Db, Store, ReadModels);
}
