namespace SSC.Purchasing.EventStore;

/// <summary>Limits of the appender.</summary>
public sealed record EventStoreOptions
{
    /// <summary>Appends that may wait; one more is answered <see cref="Kernel.AppendOutcome.Overloaded"/>. Default 4,096.</summary>
    public int QueueCapacity { get; init; } = 4_096;

    /// <summary>Most appends in one transaction. Default 512.</summary>
    public int LargestBatch { get; init; } = 512;

    /// <summary>How long an append may wait for a database that does not answer. Default 30 s.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>What a caller is told when the queue is full. Default 1 s.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(1);
}

/// <summary>
/// The database did not answer in time, so that it is not known whether the append was recorded. Under an idempotency key it is safe
/// to send it again: it happens once.
/// </summary>
public sealed class StoreUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
