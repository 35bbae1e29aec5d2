using System.Diagnostics.Metrics;

namespace SSC.Purchasing.EventStore.Subscriptions;

/// <summary>What the runtime measures, under the meter <see cref="MeterName"/>.</summary>
public static class RuntimeMetrics
{
    /// <summary>Name of the meter, for the host's telemetry.</summary>
    public const string MeterName = "SSC.Purchasing.Runtime";

    private static readonly Meter Meter = new(MeterName);

    /// <summary>A gauge of how far each loop of a node is behind the log; it lives as long as the meter.</summary>
    internal static Meter Watch(Func<IEnumerable<LoopHealth>> loops)
    {
        var meter = new Meter(MeterName);
        meter.CreateObservableGauge(
            "runtime.lag",
            () => loops().Where(l => l.Lag is not null)
                .Select(l => new Measurement<long>(l.Lag!.Value, new KeyValuePair<string, object?>("loop", l.Name))),
            "{event}", "Events still to handle");
        return meter;
    }

    /// <summary>Events handled, by loop.</summary>
    internal static readonly Counter<long> Events = Meter.CreateCounter<long>("runtime.events", "{event}", "Events handled by a loop");

    /// <summary>Duration of a batch of events, by loop.</summary>
    internal static readonly Histogram<double> Batches = Meter.CreateHistogram<double>("runtime.batch.duration", "s", "Time of one batch");

    /// <summary>Infrastructure failures that are retried, by loop.</summary>
    internal static readonly Counter<long> Failures = Meter.CreateCounter<long>("runtime.failures", "{failure}",
        "Failed attempts of a loop");

    /// <summary>Loops that stopped at an event they cannot apply, and work that was parked, by source.</summary>
    internal static readonly Counter<long> Alarms = Meter.CreateCounter<long>("runtime.alarms", "{alarm}", "Alarms raised");

    /// <summary>Saga commands executed, by saga and outcome.</summary>
    internal static readonly Counter<long> Commands = Meter.CreateCounter<long>("runtime.saga.commands", "{command}", "Saga commands");

    /// <summary>Saga timers delivered, by saga.</summary>
    internal static readonly Counter<long> Timers = Meter.CreateCounter<long>("runtime.saga.timers", "{timer}", "Timers delivered");

    /// <summary>Delivery attempts, by channel and outcome.</summary>
    internal static readonly Counter<long> Deliveries = Meter.CreateCounter<long>("runtime.deliveries", "{delivery}", "Delivery attempts");
}
