using System.Globalization;
using System.Threading.Channels;
using Npgsql;
using SSC.Purchasing.EventStore.Subscriptions;
using SSC.Purchasing.Kernel;
using static SSC.Purchasing.EventStore.Subscriptions.Sql;

namespace SSC.Purchasing.EventStore.ReadModels;

/// <summary>How far a rebuild has come.</summary>
/// <param name="Model">Read model.</param>
/// <param name="Position">Last position folded.</param>
/// <param name="End">The log's end when it began.</param>
public sealed record RebuildProgress(string Model, long Position, long End);

/// <summary>
/// Folds the whole log into a new generation of a read model's table beside the live one, catches up, and moves the pointer under the
/// live checkpoint's lock: readers see the old rows or the new ones, whole. One node rebuilds a model at a time; what a killed
/// rebuild left behind is removed by the next.
/// </summary>
internal sealed class ReadModelRebuild(NpgsqlDataSource db, IEventStore store, PostgresReadModels models)
{
    private const int Page = 5_000;
    private const int CloseEnough = 200;
    private const int CatchUps = 100;

    /// <summary>Rebuilds unless, once it is this node's turn, nobody needs it any more.</summary>
    /// <param name="model">What to rebuild.</param>
    /// <param name="progress">Told after each page.</param>
    /// <param name="isNeeded">Asked with the live generation when it is this node's turn.</param>
    /// <param name="ct">Cancellation; the live rows stay as they are.</param>
    /// <returns>True when rows were rebuilt.</returns>
    /// <exception cref="PoisonException">The model cannot apply an event; the live rows stay as they are.</exception>
    public async Task<bool> Run(
        IReadModel model, IProgress<RebuildProgress>? progress, Func<ReadModelPointer, bool> isNeeded, CancellationToken ct)
    {
        await models.Locate(model, ct).ConfigureAwait(false);
        var connection = await db.OpenConnectionAsync(ct).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false)) return await Run(connection, model, progress, isNeeded, ct).ConfigureAwait(false);
    }

    private async Task<bool> Run(
        NpgsqlConnection connection, IReadModel model, IProgress<RebuildProgress>? progress, Func<ReadModelPointer, bool> isNeeded,
        CancellationToken ct)
    {
        await TakeTurn(connection, model, ct).ConfigureAwait(false);
        try
        {
            var live = await models.Locate(model, ct).ConfigureAwait(false);
            if (!isNeeded(live)) return false;
            await RemoveLeftovers(connection, model, live.Generation, ct).ConfigureAwait(false);
            var table = await Begin(connection, model, ct).ConfigureAwait(false);
            try
            {
                await Fill(connection, table, progress, ct).ConfigureAwait(false);
                await CatchUp(connection, table, ct).ConfigureAwait(false);
                await Switch(connection, table, new(model, live.Generation), ct).ConfigureAwait(false);
            }
            catch
            {
                // The connection may be broken; then the next rebuild finds the leftovers.
                await TryRemove(connection, model, live.Generation).ConfigureAwait(false);
                throw;
            }

            await TryRemove(connection, model, table.Generation).ConfigureAwait(false);
            return true;
        }
        finally
        {
            await connection.Run(Turn("pg_advisory_unlock", model), CancellationToken.None).ConfigureAwait(false);
        }
    }

    private static NpgsqlBatchCommand Turn(string function, IReadModel model) =>
        Of($"select {function}(hashtext('coop.rebuild'), hashtext($1))", P(model.Name));

    private static async Task TakeTurn(NpgsqlConnection connection, IReadModel model, CancellationToken ct)
    {
        var ask = Turn("pg_try_advisory_lock", model);
        while (await connection.Ask([ask], reader => reader.Value<bool>(ct), ct).ConfigureAwait(false) != true)
            await Task.Delay(TimeSpan.FromMilliseconds(50), ct).ConfigureAwait(false);
    }

    private static async Task<ReadModelTable> Begin(NpgsqlConnection connection, IReadModel model, CancellationToken ct)
    {
        var next = Of(
            "update coop.read_model set next_generation = next_generation + 1 where name = $1 returning next_generation - 1",
            P(model.Name));
        var generation = await connection.Ask([next], reader => reader.Value<int>(ct), ct).ConfigureAwait(false);
        var table = new ReadModelTable(model, generation!.Value);
        await connection.Run(table.Create(), ct).ConfigureAwait(false);
        return table;
    }

    /// <summary>Reads, deserialises and folds on a thread each; then copies the rows and makes the keys.</summary>
    private async Task Fill(NpgsqlConnection connection, ReadModelTable table, IProgress<RebuildProgress>? progress, CancellationToken ct)
    {
        var end = (await store.Head(ct).ConfigureAwait(false)).Position;
        var fold = new RowFold(table.Model);
        var at = 0L;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var pages = Channel.CreateBounded<IReadOnlyList<RecordedEvent>>(2);
        var ready = Channel.CreateBounded<IReadOnlyList<RecordedEvent>>(2);
        var reading = Task.Run(() => ReadPages(end, pages.Writer, stop.Token), stop.Token);
        var deserializing = Task.Run(() => Deserialize(pages.Reader, ready.Writer, stop.Token), stop.Token);
        try
        {
            await foreach (var page in ready.Reader.ReadAllAsync(ct).ConfigureAwait(false))
            {
                foreach (var e in page) fold.Apply(e, fold.KeysOf(e));
                at = page[^1].Position;
                progress?.Report(new(table.Model.Name, at, Math.Max(at, end)));
            }
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(reading, deserializing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await table.Copy(connection, fold.Rows.Where(r => r.Document is not null), ct).ConfigureAwait(false);
        await connection.Run([.. table.CreateKeys(), Of($"analyze {table.Name}"), Checkpoints.Create(table.Checkpoint, at)], ct)
            .ConfigureAwait(false);
    }

    private async Task ReadPages(long end, ChannelWriter<IReadOnlyList<RecordedEvent>> pages, CancellationToken ct)
    {
        try
        {
            for (var at = 0L; at < end;)
            {
                var page = await store.ReadAll(at, (int)Math.Min(Page, end - at), ct: ct).ConfigureAwait(false);
                if (page.Count == 0) break;
                at = page[^1].Position;
                await pages.WriteAsync(page, ct).ConfigureAwait(false);
            }

            pages.Complete();
        }
        catch (Exception broken)
        {
            pages.Complete(broken);
        }
    }

    private static async Task Deserialize(
        ChannelReader<IReadOnlyList<RecordedEvent>> pages, ChannelWriter<IReadOnlyList<RecordedEvent>> ready, CancellationToken ct)
    {
        try
        {
            await foreach (var page in pages.ReadAllAsync(ct).ConfigureAwait(false))
            {
                foreach (var e in page) Prepare(e);
                await ready.WriteAsync(page, ct).ConfigureAwait(false);
            }

            ready.Complete();
        }
        catch (Exception broken)
        {
            ready.Complete(broken);
        }
    }

    private static void Prepare(RecordedEvent e)
    {
        try
        {
            _ = e.Fact;
        }
        catch (Exception unreadable) when (unreadable is not OutOfMemoryException)
        {
            // Whether it matters is the model's to say: it meets the same failure if it looks.
        }
    }

    private async Task CatchUp(NpgsqlConnection connection, ReadModelTable table, CancellationToken ct)
    {
        for (var i = 0; i < CatchUps; i++)
        {
            var at = await Checkpoints.Read(db, table.Checkpoint, ct).ConfigureAwait(false) ?? 0;
            var events = await store.ReadAll(at, Page, ct: ct).ConfigureAwait(false);
            if (events.Count == 0) return;
            await connection.InTransaction(async _ => await Apply(connection, table, at, events, ct).ConfigureAwait(false) > at, ct)
                .ConfigureAwait(false);
            if (events.Count < CloseEnough) return;
        }
    }

    private Task<bool> Switch(NpgsqlConnection connection, ReadModelTable table, ReadModelTable live, CancellationToken ct) =>
        connection.InTransaction(async _ =>
        {
            var shown = await Lock(connection, live, ct).ConfigureAwait(false);
            var at = await Lock(connection, table, ct).ConfigureAwait(false);
            while (at < shown)
            {
                // Nobody may lose sight of what the live rows showed already.
                var events = await store.ReadAll(at, (int)Math.Min(Page, shown - at), ct: ct).ConfigureAwait(false);
                at = await Apply(connection, table, at, events, ct).ConfigureAwait(false);
            }

            var alarm = Alarms.ClearCommand($"read_model/{table.Model.Name}");
            await connection.Run([ReadModelPointer.Switch(table), Checkpoints.Remove(live.Checkpoint), alarm], ct).ConfigureAwait(false);
            return true;
        }, ct);

    private static async Task<long> Apply(
        NpgsqlConnection connection, ReadModelTable table, long at, IReadOnlyList<RecordedEvent> events, CancellationToken ct)
    {
        var batch = new ProjectionBatch(table, at, events);
        await batch.Run(connection, ct).ConfigureAwait(false);
        return batch.Poison is { } poison ? throw poison : batch.To;
    }

    private static async Task<long> Lock(NpgsqlConnection connection, ReadModelTable table, CancellationToken ct) =>
        await connection.Ask([Checkpoints.Lock(table.Checkpoint)], reader => reader.Value<long>(ct), ct).ConfigureAwait(false)
            ?? throw new InvalidOperationException($"{table.Checkpoint} has no checkpoint.");

    private static async Task TryRemove(NpgsqlConnection connection, IReadModel model, int keep)
    {
        try
        {
            await connection.Run(Of("set lock_timeout = '5s'"), CancellationToken.None).ConfigureAwait(false);
            await RemoveLeftovers(connection, model, keep, CancellationToken.None).ConfigureAwait(false);
            await connection.Run(Of("reset lock_timeout"), CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception busy) when (busy is NpgsqlException or InvalidOperationException)
        {
            // A long reader (a dump) holds the old table; the next rebuild removes it.
        }
    }

    private static async Task RemoveLeftovers(NpgsqlConnection connection, IReadModel model, int keep, CancellationToken ct)
    {
        var list = Of(
            "select tablename::text from pg_tables where schemaname = 'coop' and tablename ~ ('^rm_' || $1 || '_g[0-9]+$')", P(model.Name));
        foreach (var name in await connection.Rows(list, row => row.GetString(0), ct).ConfigureAwait(false))
        {
            var generation = int.Parse(name.AsSpan(name.LastIndexOf('g') + 1), CultureInfo.InvariantCulture);
            if (generation == keep) continue;
            var table = new ReadModelTable(model, generation);
            await connection.Run([Checkpoints.Remove(table.Checkpoint), Of($"drop table if exists {table.Name}")], ct)
                .ConfigureAwait(false);
        }
    }
}
