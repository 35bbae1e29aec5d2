using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace SSC.Purchasing.EventStore;

/// <summary>What the event store tells about itself: meter and activity source <c>SSC.Purchasing.EventStore</c>.</summary>
public static class StoreTelemetry
{
    /// <summary>Name of the meter and of the activity source.</summary>
    public const string Name = "SSC.Purchasing.EventStore";

    internal static readonly ActivitySource Activities = new(Name);

    internal static readonly Meter Meter = new(Name);

    internal static readonly Counter<long> Appends =
        Meter.CreateCounter<long>("eventstore.appends", "{append}", "Appends answered, by outcome.");

    internal static readonly Counter<long> Events = Meter.CreateCounter<long>("eventstore.events", "{event}", "Events recorded.");

    internal static readonly Counter<long> CarefulBatches = Meter.CreateCounter<long>(
        "eventstore.batches.careful", "{batch}", "Batches that read the state first, because an assumption did not hold lately.");

    internal static readonly Histogram<int> BatchSize =
        Meter.CreateHistogram<int>("eventstore.batch.size", "{append}", "Appends per transaction.");

    internal static readonly Histogram<double> Latency =
        Meter.CreateHistogram<double>("eventstore.append.duration", "ms", "From the call to its answer.");
}
