using System.Diagnostics;
using System.Security.Cryptography;
using Npgsql;
using SSC.Purchasing.EventStore.Subscriptions;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.EventStore.Sagas;

/// <summary>
/// Executes sagas' commands: one instance's in order of creation, different instances at the same time. Claims are leases that are
/// renewed while work goes on; a node that falls silent loses them, and another executes the command again under the same id, which
/// takes effect once (G7).
/// </summary>
internal sealed class SagaDispatcher : RuntimeLoop, IDisposable
{
    private const int ClaimSize = 64;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);

    private readonly SagaParts sagas;
    private readonly RuntimeParts parts;
    private readonly Guid lease = Guid.NewGuid();
    private readonly SemaphoreSlim slots;
    private readonly HashSet<SagaKey> busy = [];
    private readonly List<Task> working = [];
    private long renewedAt = Stopwatch.GetTimestamp();

    public SagaDispatcher(SagaParts sagas)
        : base("saga_commands")
    {
        this.sagas = sagas;
        parts = sagas.Runtime;
        slots = new(parts.Options.SagaParallelism);
    }

    private bool IsLeaseGood => Stopwatch.GetElapsedTime(Volatile.Read(ref renewedAt)) < parts.Options.Lease * 0.9;

    /// <summary>The key and context of a stored command: the same at every attempt but for the time.</summary>
    public static CommandContext ContextOf(SagaCommand command, DateTimeOffset now) =>
        new(command.Key.Tenant, $"saga:{command.Key.Saga}", command.CorrelationId, now)
        {
            CausationId = command.CausationId,
            Key = new(command.CommandId, SHA256.HashData(command.Body)),
        };

    /// <summary>Waits for what is being executed and gives the rest back, so that another node takes it at once.</summary>
    public override async Task Stopped()
    {
        Task[] left;
        lock (busy) left = [.. working];
        await Task.WhenAll(left).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            await parts.Db.Run(SagaTables.Release(lease), CancellationToken.None).ConfigureAwait(false);
        }
        catch (NpgsqlException)
        {
            // Out of reach: the leases run out by themselves.
        }
    }

    protected override async Task Step(CancellationToken ct)
    {
        await Renew(ct).ConfigureAwait(false);
        int active;
        lock (busy)
        {
            working.RemoveAll(t => t.IsCompleted);
            active = busy.Count;
        }

        var claimed = active < parts.Options.SagaParallelism ? await Claim(ct).ConfigureAwait(false) : [];
        var stillBusy = new List<SagaKey>();
        foreach (var instance in claimed.GroupBy(c => c.Key))
        {
            lock (busy)
            {
                if (!busy.Add(instance.Key))
                {
                    stillBusy.Add(instance.Key);
                    continue;
                }

                working.Add(Task.Run(() => Work(instance.Key, [.. instance], ct), CancellationToken.None));
            }
        }

        // Claimed while the instance's last command was just being put away (or again, by a node that was slow): given back, so that
        // the next round takes it, not the end of the lease.
        foreach (var key in stillBusy) await parts.Db.Run(SagaTables.Release(lease, key), ct).ConfigureAwait(false);

        if (claimed.Count == 0) await sagas.CommandsWait.Sleep(Poll, ct).ConfigureAwait(false);
    }

    private async Task<List<SagaCommand>> Claim(CancellationToken ct)
    {
        var now = parts.Clock.GetUtcNow();
        var claimed = await parts.Db.Ask(
            [Checkpoints.NoWait, SagaTables.ClaimTurn, SagaTables.Claim(sagas.Names, now, lease, parts.Options.Lease, ClaimSize)],
            async reader =>
            {
                await reader.NextResultAsync(ct).ConfigureAwait(false);
                await reader.NextResultAsync(ct).ConfigureAwait(false);
                return await reader.Rows(SagaTables.Command, ct).ConfigureAwait(false);
            },
            ct).ConfigureAwait(false);
        return [.. claimed.OrderBy(c => c.Sequence).Select(c => c.Command)];
    }

    private async Task Renew(CancellationToken ct)
    {
        SagaKey[] held;
        lock (busy) held = [.. busy];
        if (held.Length > 0 && Stopwatch.GetElapsedTime(renewedAt) < parts.Options.Lease / 3) return;
        var asked = Stopwatch.GetTimestamp();
        if (held.Length > 0) await parts.Db.Run(SagaTables.Renew(lease, parts.Options.Lease, held), ct).ConfigureAwait(false);
        Volatile.Write(ref renewedAt, asked);
    }

    private async Task Work(SagaKey key, List<SagaCommand> commands, CancellationToken ct)
    {
        try
        {
            await slots.WaitAsync(ct).ConfigureAwait(false);
            try
            {
                await Execute(key, commands, ct).ConfigureAwait(false);
            }
            finally
            {
                slots.Release();
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // Stopping: the lease is given back.
        }
        catch (Exception broken) when (broken is not OutOfMemoryException)
        {
            // It stays leased, and is done again when the lease has run out.
            RuntimeMetrics.Failures.Add(1, new KeyValuePair<string, object?>("loop", Name));
        }
        finally
        {
            lock (busy) busy.Remove(key);
            sagas.CommandsWait.Ring();
        }
    }

    private async Task Execute(SagaKey key, List<SagaCommand> commands, CancellationToken ct)
    {
        foreach (var command in commands)
        {
            // Without a good lease another node may be at it already.
            if (IsLeaseGood && await Execute(command, ct).ConfigureAwait(false)) continue;
            await parts.Db.Run(SagaTables.Release(lease, key), ct).ConfigureAwait(false);
            return;
        }
    }

    /// <summary>True when the instance's next command may follow.</summary>
    private async Task<bool> Execute(SagaCommand command, CancellationToken ct)
    {
        var now = parts.Clock.GetUtcNow();
        CommandOutcome outcome;
        object? body = null;
        try
        {
            body = sagas.Plan.Commands.Read(command.Alias, command.Body);
            outcome = await sagas.Plan.Execute(body, ContextOf(command, now), ct).ConfigureAwait(false);
        }
        catch (Exception broken) when (broken is not OutOfMemoryException && !ct.IsCancellationRequested)
        {
            return await Fail(command, now, TimeSpan.Zero, broken.Message, ct).ConfigureAwait(false);
        }

        Count(command, outcome);
        return outcome switch
        {
            CommandOutcome.Done done => await Settle(command, "done", $"{done.Stream}@{done.Version}", ct).ConfigureAwait(false),
            CommandOutcome.Refused no => await Refuse(command, body, no.Refusal, now, ct).ConfigureAwait(false),
            CommandOutcome.Busy wait => await Fail(command, now, wait.RetryAfter, "The store was busy.", ct).ConfigureAwait(false),
            CommandOutcome.KeyReused => await Park(command, "Its id was used for another command.", ct).ConfigureAwait(false),
            _ => await Fail(command, now, TimeSpan.Zero, $"Unexpected outcome {outcome}.", ct).ConfigureAwait(false),
        };
    }

    private static void Count(SagaCommand command, CommandOutcome outcome) => RuntimeMetrics.Commands.Add(
        1, new KeyValuePair<string, object?>("saga", command.Key.Saga),
        new KeyValuePair<string, object?>("outcome", outcome.GetType().Name));

    private async Task<bool> Settle(SagaCommand command, string status, string outcome, CancellationToken ct) =>
        await parts.Db.Run([Checkpoints.NoWait, SagaTables.Settle(command, lease, status, outcome)], ct).ConfigureAwait(false) == 1;

    /// <summary>The saga hears of the refusal in the transaction that settles the command.</summary>
    private async Task<bool> Refuse(SagaCommand command, object body, Refusal refusal, DateTimeOffset now, CancellationToken ct)
    {
        try
        {
            var unit = new SagaUnit(sagas.Plan.Commands);
            var settle = SagaTables.Settle(command, lease, "refused", $"{refusal.Code}: {refusal.Reason}");
            await parts.Db.InTransaction(async connection =>
            {
                var question = SagaTables.Load([command.Key]).Single();
                var rows = await connection.Rows(question, row => SagaTables.Instance(row, sagas.ByName), ct).ConfigureAwait(false);
                var instance = rows.Single();
                unit.Step(instance, new SagaInput.WasRefused(body, refusal, now), SagaCause.Of(command, instance));
                await SagaTables.Write(connection, unit, [settle], ct).ConfigureAwait(false);
                return true;
            }, ct).ConfigureAwait(false);
            sagas.Announce(unit);
            return true;
        }
        catch (Exception broken) when (
            broken is not (OutOfMemoryException or NpgsqlException or SagaConflictException or OperationCanceledException))
        {
            return await Fail(command, now, TimeSpan.Zero, $"The saga could not take the refusal {refusal.Code}: {broken.Message}", ct)
                .ConfigureAwait(false);
        }
    }

    private async Task<bool> Fail(SagaCommand command, DateTimeOffset now, TimeSpan atLeast, string why, CancellationToken ct)
    {
        var schedule = parts.Options.Commands;
        if (command.Attempts + 1 >= schedule.Tries) return await Park(command, why, ct).ConfigureAwait(false);
        var rest = schedule.RestAfter(command.Attempts + 1);
        var until = now + (rest > atLeast ? rest : atLeast);
        await parts.Db.Run([Checkpoints.NoWait, SagaTables.Postpone(command, lease, until, why)], ct).ConfigureAwait(false);
        return false;
    }

    private async Task<bool> Park(SagaCommand command, string why, CancellationToken ct)
    {
        var alarm = Alarms.RaiseCommand(SagaTables.AlarmOf(command.Key.Tenant, command.CommandId), null, $"{command.Alias}: {why}");
        RuntimeMetrics.Alarms.Add(1, new KeyValuePair<string, object?>("source", Name));
        await parts.Db.InTransaction(async connection =>
            await connection.Run(SagaTables.Settle(command, lease, "parked", why), ct).ConfigureAwait(false) == 1
            && await connection.Run(alarm, ct).ConfigureAwait(false) == 1, ct).ConfigureAwait(false);
        return false;
    }

    public void Dispose() => slots.Dispose();
}
