using SSC.Purchasing.EventStore.Subscriptions;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.EventStore.Outbox;

/// <summary>A message on its way out.</summary>
/// <param name="Tenant">Operator's store.</param>
/// <param name="Message">Id, channel, destination and body; the id is the same at every attempt, so that a repetition can be told.</param>
/// <param name="Position">The event that it was recorded with.</param>
/// <param name="RecordedAt">When.</param>
/// <param name="Attempt">1 at the first.</param>
public sealed record OutboxDelivery(string Tenant, OutboxMessage Message, long Position, DateTimeOffset RecordedAt, int Attempt);

/// <summary>What became of an attempt.</summary>
public abstract record DeliveryResult
{
    private DeliveryResult()
    {
    }

    /// <summary>The receiver has it.</summary>
    /// <param name="Receipt">What the receiver answered, if anything.</param>
    public sealed record Delivered(string? Receipt = null) : DeliveryResult;

    /// <summary>Not this time; it is tried again.</summary>
    /// <param name="Reason">For the person who looks.</param>
    /// <param name="RetryAfter">The receiver's or the circuit breaker's wish; else the schedule says when.</param>
    public sealed record Failed(string Reason, TimeSpan? RetryAfter = null) : DeliveryResult;

    /// <summary>Never: trying again would not help. Parked at once.</summary>
    /// <param name="Reason">For the person who looks.</param>
    public sealed record Rejected(string Reason) : DeliveryResult;
}

/// <summary>Takes the messages of one channel. Its own pipeline (timeout, circuit breaker) belongs inside <see cref="Send"/>.</summary>
public interface IOutboxSender
{
    /// <summary>The channel it takes, e.g. <c>vendor-order</c>.</summary>
    string Channel { get; }

    /// <summary>When to try again and when to park; null for the runtime's schedule.</summary>
    RetrySchedule? Retries => null;

    /// <summary>Whether a parked message is the operator's business; false where its owner is told otherwise.</summary>
    bool RaisesAlarm => true;

    /// <summary>One attempt. An exception counts as <see cref="DeliveryResult.Failed"/>.</summary>
    Task<DeliveryResult> Send(OutboxDelivery delivery, CancellationToken ct);
}

/// <summary>Who sends, and who hears of it.</summary>
/// <param name="Senders">One for each channel.</param>
public sealed record OutboxPlan(IReadOnlyList<IOutboxSender> Senders)
{
    /// <summary>
    /// Called before a delivery is settled, so that the host can record it under the message's id; if it throws, the message is sent
    /// again.
    /// </summary>
    public Func<OutboxDelivery, DeliveryResult.Delivered, CancellationToken, Task>? OnDelivered { get; init; }

    /// <summary>As above, before a message is parked, with the reason.</summary>
    public Func<OutboxDelivery, string, CancellationToken, Task>? OnParked { get; init; }
}
