using Npgsql;
using SSC.Purchasing.EventStore.Subscriptions;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.EventStore.Sagas;

/// <summary>
/// Delivers due timers to their sagas, with what follows from it in the same transaction. The row lock on the instance is the claim: a
/// killed node loses it with its connection, and nothing is delivered twice.
/// </summary>
internal sealed class TimerRunner(SagaParts sagas) : RuntimeLoop("saga_timers")
{
    private const int BatchSize = 200;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);
    private readonly RuntimeParts parts = sagas.Runtime;

    protected override async Task Step(CancellationToken ct)
    {
        var now = parts.Clock.GetUtcNow();
        var unit = new SagaUnit(sagas.Plan.Commands);
        var hasFired = await parts.Db.InTransaction(connection => Fire(connection, unit, now, ct), ct).ConfigureAwait(false);
        if (hasFired) sagas.Announce(unit);
        else await sagas.TimersSet.Sleep(Poll, ct).ConfigureAwait(false);
    }

    private async Task<bool> Fire(NpgsqlConnection connection, SagaUnit unit, DateTimeOffset now, CancellationToken ct)
    {
        await connection.Run(Checkpoints.NoWait, ct).ConfigureAwait(false);
        var locked = await connection.Rows(
            SagaTables.LockDue(sagas.Names, now, BatchSize), row => SagaTables.Instance(row, sagas.ByName), ct).ConfigureAwait(false);
        if (locked.Count == 0) return false;
        var instances = locked.ToDictionary(i => i.Key);
        var due = await connection.Rows(SagaTables.Due(instances.Keys, now), SagaTables.Timer, ct).ConfigureAwait(false);
        if (due.Count == 0) return false;
        var beside = new List<NpgsqlBatchCommand>();
        var alarms = new List<NpgsqlBatchCommand>();
        foreach (var timer in due)
        {
            try
            {
                unit.Fire(instances[timer.Key], timer, now);
                RuntimeMetrics.Timers.Add(1, new KeyValuePair<string, object?>("saga", timer.Key.Saga));
            }
            catch (Exception cause) when (cause is not OutOfMemoryException)
            {
                beside.Add(Postpone(timer, now, cause, alarms));
            }
        }

        await SagaTables.Write(connection, unit, beside, ct).ConfigureAwait(false);
        await connection.Run(alarms, ct).ConfigureAwait(false);
        return true;
    }

    private NpgsqlBatchCommand Postpone(SagaTimer timer, DateTimeOffset now, Exception cause, List<NpgsqlBatchCommand> alarms)
    {
        var schedule = parts.Options.Commands;
        var isLast = timer.Attempts + 1 >= schedule.Tries;
        if (isLast)
        {
            var source = $"saga_timer/{timer.Key.Saga}/{timer.Key.Tenant}/{timer.Key.Id}/{timer.Timer}";
            alarms.Add(Alarms.RaiseCommand(source, null, cause.Message));
            RuntimeMetrics.Alarms.Add(1, new KeyValuePair<string, object?>("source", Name));
        }

        return SagaTables.PostponeTimer(timer, now + schedule.RestAfter(timer.Attempts + 1), isLast ? cause.Message : null);
    }
}
