using System.Diagnostics;
using Npgsql;
using SSC.Purchasing.EventStore.Subscriptions;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.EventStore.Outbox;

using Destination = (string Tenant, string Channel, string Name);

/// <summary>
/// Sends what was committed to be sent: each destination in order and one at a time, destinations independently, so that one which
/// hangs holds nobody else up. A message that failed too often is parked with an alarm and lets the next ones pass.
/// </summary>
internal sealed class OutboxDispatcher : RuntimeLoop, IDisposable
{
    private const int ClaimSize = 64;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);

    private readonly RuntimeParts parts;
    private readonly OutboxPlan plan;
    private readonly Dictionary<string, IOutboxSender> senders;
    private readonly Guid lease = Guid.NewGuid();
    private readonly HashSet<Destination> busy = [];
    private readonly List<Task> working = [];
    private readonly Signal wake = new();
    private long renewedAt = Stopwatch.GetTimestamp();

    public OutboxDispatcher(RuntimeParts parts, OutboxPlan plan)
        : base("outbox")
    {
        this.parts = parts;
        this.plan = plan;
        senders = plan.Senders.ToDictionary(s => s.Channel, StringComparer.Ordinal);
    }

    private bool IsLeaseGood => Stopwatch.GetElapsedTime(Volatile.Read(ref renewedAt)) < parts.Options.Lease * 0.9;

    /// <summary>Waits for what is being sent and gives the rest back.</summary>
    public override async Task Stopped()
    {
        Task[] left;
        lock (busy) left = [.. working];
        await Task.WhenAll(left).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            await parts.Db.Run(OutboxTable.Release(lease), CancellationToken.None).ConfigureAwait(false);
        }
        catch (NpgsqlException)
        {
            // Out of reach: the leases run out by themselves.
        }
    }

    protected override async Task Step(CancellationToken ct)
    {
        Destination[] held;
        lock (busy)
        {
            working.RemoveAll(t => t.IsCompleted);
            held = [.. busy];
        }

        await Renew(held, ct).ConfigureAwait(false);
        var claimed = held.Length < parts.Options.DeliveryParallelism ? await Claim(ct).ConfigureAwait(false) : [];
        foreach (var destination in claimed.GroupBy(d => (d.Tenant, d.Message.Channel, d.Message.Destination)))
        {
            lock (busy)
            {
                if (!busy.Add(destination.Key)) continue;
                working.Add(Task.Run(() => Work(destination.Key, [.. destination], ct), CancellationToken.None));
            }
        }

        if (claimed.Count == 0) await wake.Sleep(Poll, ct).ConfigureAwait(false);
    }

    private Task<List<OutboxDelivery>> Claim(CancellationToken ct) => parts.Db.Ask(
        [
            Checkpoints.NoWait, OutboxTable.ClaimTurn,
            OutboxTable.Claim(senders.Keys, parts.Clock.GetUtcNow(), lease, parts.Options.Lease, ClaimSize),
        ],
        async reader =>
        {
            await reader.NextResultAsync(ct).ConfigureAwait(false);
            await reader.NextResultAsync(ct).ConfigureAwait(false);
            var claimed = await reader.Rows(OutboxTable.Row, ct).ConfigureAwait(false);
            return claimed.OrderBy(c => c.Sequence).Select(c => c.Delivery).ToList();
        },
        ct);

    private async Task Renew(Destination[] held, CancellationToken ct)
    {
        if (held.Length > 0 && Stopwatch.GetElapsedTime(renewedAt) < parts.Options.Lease / 3) return;
        var asked = Stopwatch.GetTimestamp();
        if (held.Length > 0) await parts.Db.Run(OutboxTable.Renew(lease, parts.Options.Lease, held), ct).ConfigureAwait(false);
        Volatile.Write(ref renewedAt, asked);
    }

    private async Task Work(Destination destination, List<OutboxDelivery> deliveries, CancellationToken ct)
    {
        try
        {
            foreach (var delivery in deliveries)
            {
                // Without a good lease another node may be at it already.
                if (IsLeaseGood && await Deliver(delivery, ct).ConfigureAwait(false)) continue;
                await parts.Db.Run(OutboxTable.Release(lease, destination), ct).ConfigureAwait(false);
                break;
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // Stopping: the lease is given back.
        }
        catch (Exception broken) when (broken is not OutOfMemoryException)
        {
            // The database, or the host's callback. It stays leased, and is sent again when the lease has run out.
            RuntimeMetrics.Failures.Add(1, new KeyValuePair<string, object?>("loop", Name));
        }
        finally
        {
            lock (busy) busy.Remove(destination);
            wake.Ring();
        }
    }

    /// <summary>True when the destination's next message may follow.</summary>
    private async Task<bool> Deliver(OutboxDelivery delivery, CancellationToken ct)
    {
        var sender = senders[delivery.Message.Channel];
        DeliveryResult result;
        try
        {
            result = await sender.Send(delivery, ct).ConfigureAwait(false);
            if (result is DeliveryResult.Delivered done && plan.OnDelivered is { } tell)
                await tell(delivery, done, ct).ConfigureAwait(false);
        }
        catch (Exception broken) when (broken is not OutOfMemoryException && !ct.IsCancellationRequested)
        {
            result = new DeliveryResult.Failed(broken.Message);
        }

        RuntimeMetrics.Deliveries.Add(
            1, new KeyValuePair<string, object?>("channel", sender.Channel),
            new KeyValuePair<string, object?>("outcome", result.GetType().Name));
        var schedule = sender.Retries ?? parts.Options.Deliveries;
        return result switch
        {
            DeliveryResult.Delivered done => await parts.Db.Run(OutboxTable.Settle(delivery, lease, "delivered", done.Receipt), ct)
                .ConfigureAwait(false) == 1,
            DeliveryResult.Rejected no => await Park(delivery, no.Reason, ct).ConfigureAwait(false),
            DeliveryResult.Failed failed when delivery.Attempt >= schedule.Tries =>
                await Park(delivery, failed.Reason, ct).ConfigureAwait(false),
            DeliveryResult.Failed failed => await Postpone(delivery, failed, schedule, ct).ConfigureAwait(false),
            _ => throw new InvalidOperationException($"Unexpected result {result}."),
        };
    }

    private async Task<bool> Postpone(OutboxDelivery delivery, DeliveryResult.Failed failed, RetrySchedule schedule, CancellationToken ct)
    {
        var due = parts.Clock.GetUtcNow() + (failed.RetryAfter ?? schedule.RestAfter(delivery.Attempt));
        await parts.Db.Run(OutboxTable.Postpone(delivery, lease, due, failed.Reason), ct).ConfigureAwait(false);
        return false;
    }

    private async Task<bool> Park(OutboxDelivery delivery, string why, CancellationToken ct)
    {
        if (plan.OnParked is { } tell) await tell(delivery, why, ct).ConfigureAwait(false);
        var park = OutboxTable.Settle(delivery, lease, "parked", why);
        if (!senders[delivery.Message.Channel].RaisesAlarm) return await parts.Db.Run(park, ct).ConfigureAwait(false) == 1;
        var message = $"{delivery.Message.Channel} to {delivery.Message.Destination}: {why}";
        var alarm = Alarms.RaiseCommand(OutboxTable.AlarmOf(delivery.Tenant, delivery.Message.Id), delivery.Position, message);
        RuntimeMetrics.Alarms.Add(1, new KeyValuePair<string, object?>("source", Name));
        return await parts.Db.InTransaction(async connection =>
            await connection.Run(park, ct).ConfigureAwait(false) == 1
            && await connection.Run(alarm, ct).ConfigureAwait(false) == 1, ct).ConfigureAwait(false);
    }

    public void Dispose() => wake.Dispose();
}
