using Npgsql;
using SSC.Purchasing.EventStore.ReadModels;
using SSC.Purchasing.EventStore.Subscriptions;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.EventStore.Sagas;

/// <summary>
/// Runs all sagas to rest, one step after another and always in the same order: events in log order, then commands in order of
/// creation, then the timers that are due earliest, and again from the start. It keeps states in memory and expects to be the only
/// one at work; the stored revisions catch it if it is not.
/// </summary>
internal sealed class SagaDrain(SagaParts sagas)
{
    private const int Page = 2_000;
    private const int FlushAfter = 20_000;
    private const int MostInstances = 50_000;
    private readonly RuntimeParts parts = sagas.Runtime;
    private readonly Dictionary<SagaKey, SagaInstance> instances = [];
    private readonly Dictionary<string, long> checkpoints = new(StringComparer.Ordinal);
    private readonly Queue<SagaCommand> waiting = [];
    private readonly List<(SagaCommand Command, string Outcome)> done = [];
    private long scanned = -1;
    private DateTimeOffset? nextTimer;

    /// <summary>
    /// When the next timer is due, or earlier when one was set again to a later time; the next run finds that out. False before the
    /// first run, or after one that failed.
    /// </summary>
    public bool KnowsNextTimer(out DateTimeOffset? due)
    {
        due = nextTimer;
        return scanned >= 0;
    }

    /// <summary>Works until nothing is left that is due.</summary>
    /// <returns>Steps taken and commands executed.</returns>
    public async Task<long> Run(DateTimeOffset now, CancellationToken ct)
    {
        try
        {
            if (scanned < 0) await Begin(ct).ConfigureAwait(false);
            var steps = 0L;
            while (true)
            {
                var heard = await Hear(ct).ConfigureAwait(false);
                var executed = heard >= 0 ? await Execute(now, ct).ConfigureAwait(false) : 0;
                var fired = heard <= 0 && executed == 0 ? await Fire(now, ct).ConfigureAwait(false) : 0;
                steps += Math.Max(0, heard) + executed + fired;
                if (heard > 0 || executed > 0 || fired > 0) continue;
                if (heard < 0) continue; // a page that meant nothing: there may be more
                await Flush(ct).ConfigureAwait(false);
                return steps;
            }
        }
        catch
        {
            // What is in memory may not be what is stored: the next run begins afresh.
            scanned = -1;
            throw;
        }
    }

    private async Task Begin(CancellationToken ct)
    {
        instances.Clear();
        waiting.Clear();
        done.Clear();
        foreach (var saga in sagas.Plan.All)
            checkpoints[saga.Name] = await Checkpoints.Ensure(parts.Db, SagaParts.CheckpointOf(saga), ct).ConfigureAwait(false);
        var pending = await parts.Db.Rows(SagaTables.Pending(sagas.Names, 1_000_000), SagaTables.Command, ct).ConfigureAwait(false);
        foreach (var (_, command) in pending) waiting.Enqueue(command);
        await LookAtTimers(ct).ConfigureAwait(false);
        scanned = checkpoints.Count == 0 ? 0 : checkpoints.Values.Min();
    }

    /// <summary>Hears one page of the log: steps taken, 0 at the end of the log, -1 when the page meant nothing.</summary>
    private async Task<long> Hear(CancellationToken ct)
    {
        var events = await parts.Store.ReadAll(scanned, Page, ct: ct).ConfigureAwait(false);
        if (events.Count == 0) return 0;
        var batches = sagas.Plan.All.ToDictionary(
            s => s.Name,
            s => new SagaBatch(s, checkpoints[s.Name], [.. events.Where(e => e.Position > checkpoints[s.Name])]), StringComparer.Ordinal);
        var poison = batches.Values.Select(b => b.Poison).FirstOrDefault(p => p is not null);
        if (poison is not null) throw poison;
        var relevant = batches.Values.SelectMany(b => b.Relevant).OrderBy(r => r.Event.Position).ToList();
        var end = events[^1].Position;
        if (relevant.Count == 0)
        {
            scanned = end;
            return events.Count < Page ? 0 : -1;
        }

        await Know(relevant.Select(r => r.Key), ct).ConfigureAwait(false);
        var unit = new SagaUnit(sagas.Plan.Commands);
        foreach (var (e, key) in relevant)
        {
            if (!instances.TryGetValue(key, out var instance))
                instances[key] = instance = new(sagas.ByName[key.Saga], key, sagas.ByName[key.Saga].Initial(key.Id), 0, 0);
            try
            {
                unit.Step(instance, new SagaInput.Heard(e), SagaCause.Of(e));
            }
            catch (Exception cause) when (cause is not OutOfMemoryException)
            {
                throw new PoisonException(e, cause);
            }
        }

        // Checkpoints of sagas that heard nothing here follow from time to time: nothing of theirs can be heard twice.
        var heard = sagas.Plan.All.Where(s => batches[s.Name].Relevant.Count > 0).ToList();
        await Store(unit, ct, [.. Moves(heard, end)]).ConfigureAwait(false);
        Moved(heard, end);
        scanned = end;
        return relevant.Count;
    }

    private async Task<long> Execute(DateTimeOffset now, CancellationToken ct)
    {
        var executed = 0L;
        while (waiting.TryDequeue(out var command))
        {
            executed++;
            var body = sagas.Plan.Commands.Read(command.Alias, command.Body);
            var outcome = await Execute(command, body, now, ct).ConfigureAwait(false);
            if (outcome is CommandOutcome.Done settled) done.Add((command, $"{settled.Stream}@{settled.Version}"));
            else if (outcome is CommandOutcome.Refused no) await Refuse(command, body, no.Refusal, now, ct).ConfigureAwait(false);
            else throw new InvalidOperationException($"{command.CommandId} ({command.Alias}): unexpected outcome {outcome}.");
        }

        return executed;
    }

    private async Task<CommandOutcome> Execute(SagaCommand command, object body, DateTimeOffset now, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            var outcome = await sagas.Plan.Execute(body, SagaDispatcher.ContextOf(command, now), ct).ConfigureAwait(false);
            if (outcome is not CommandOutcome.Busy busy || attempt >= parts.Options.Commands.Tries) return outcome;
            await Task.Delay(busy.RetryAfter, ct).ConfigureAwait(false);
        }
    }

    private async Task Refuse(SagaCommand command, object body, Refusal refusal, DateTimeOffset now, CancellationToken ct)
    {
        await Know([command.Key], ct).ConfigureAwait(false);
        var instance = instances[command.Key];
        var unit = new SagaUnit(sagas.Plan.Commands);
        unit.Step(instance, new SagaInput.WasRefused(body, refusal, now), SagaCause.Of(command, instance));
        var settle = SagaTables.Settle(command, null, "refused", $"{refusal.Code}: {refusal.Reason}");
        await Store(unit, ct, settle).ConfigureAwait(false);
    }

    /// <summary>Delivers the timers that are due earliest, all of the same time together.</summary>
    private async Task<long> Fire(DateTimeOffset now, CancellationToken ct)
    {
        if (nextTimer is not { } next || next > now) return 0;
        var due = await parts.Db.Rows(SagaTables.Earliest(sagas.Names, now), SagaTables.Timer, ct).ConfigureAwait(false);
        await Know(due.Select(t => t.Key), ct).ConfigureAwait(false);
        var unit = new SagaUnit(sagas.Plan.Commands);
        foreach (var timer in due) unit.Fire(instances[timer.Key], timer, now);
        if (due.Count > 0) await Store(unit, ct).ConfigureAwait(false);
        await LookAtTimers(ct).ConfigureAwait(false);
        return due.Count;
    }

    private async Task LookAtTimers(CancellationToken ct) => nextTimer = await parts.Db.Ask(
        [SagaTables.NextTimer(sagas.Names)], reader => reader.Value<DateTimeOffset>(ct), ct).ConfigureAwait(false);

    private async Task Know(IEnumerable<SagaKey> keys, CancellationToken ct)
    {
        var unknown = keys.Distinct().Where(k => !instances.ContainsKey(k)).ToList();
        if (unknown.Count == 0) return;
        if (instances.Count > MostInstances)
        {
            instances.Clear();
            unknown = [.. keys.Distinct()];
        }

        await parts.Db.Ask(SagaTables.Load(unknown), async reader =>
        {
            do
            {
                foreach (var instance in await reader.Rows(row => SagaTables.Instance(row, sagas.ByName), ct).ConfigureAwait(false))
                    instances[instance.Key] = instance;
            }
            while (await reader.NextResultAsync(ct).ConfigureAwait(false));

            return true;
        }, ct).ConfigureAwait(false);
    }

    /// <summary>Stores steps and what was executed before them, in one round trip and one transaction.</summary>
    private async Task Store(SagaUnit unit, CancellationToken ct, params IReadOnlyList<NpgsqlBatchCommand> beside)
    {
        await parts.Db.InTransaction(async connection =>
        {
            await SagaTables.Write(connection, Settlements(), done.Count, unit, beside, ct).ConfigureAwait(false);
            return true;
        }, ct).ConfigureAwait(false);
        done.Clear();
        unit.Stored();
        foreach (var command in unit.Commands) waiting.Enqueue(command);
        foreach (var timer in unit.Timers)
        {
            if (nextTimer is null || timer.Due < nextTimer) nextTimer = timer.Due;
        }
    }

    /// <summary>What is still only in memory: settled commands, and checkpoints over events that meant nothing.</summary>
    private async Task Flush(CancellationToken ct)
    {
        var isFar = checkpoints.Count > 0 && scanned - checkpoints.Values.Min() >= FlushAfter;
        if (done.Count == 0 && !isFar) return;
        await parts.Db.Run([.. Settlements(), .. Moves(sagas.Plan.All, scanned)], ct).ConfigureAwait(false);
        done.Clear();
        Moved(sagas.Plan.All, scanned);
    }

    private List<NpgsqlBatchCommand> Settlements() =>
        done.Count == 0 ? [Checkpoints.NoWait] : [Checkpoints.NoWait, SagaTables.SettleDone(done)];

    private IEnumerable<NpgsqlBatchCommand> Moves(IEnumerable<ISaga> all, long to) =>
        from saga in all
        where checkpoints[saga.Name] < to
        select Checkpoints.Move(SagaParts.CheckpointOf(saga), checkpoints[saga.Name], to);

    private void Moved(IEnumerable<ISaga> all, long to)
    {
        foreach (var saga in all) checkpoints[saga.Name] = Math.Max(checkpoints[saga.Name], to);
    }
}
