using System.Collections.Concurrent;
using System.Diagnostics;
using Npgsql;
using SSC.Purchasing.EventStore.Subscriptions;
using SSC.Purchasing.Kernel;
using static SSC.Purchasing.EventStore.Subscriptions.Sql;

namespace SSC.Purchasing.EventStore.ReadModels;

/// <summary>
/// Read-model rows in PostgreSQL. Every read looks at the generation pointer in the same round trip, so that a node sees a rebuild
/// that another one has just switched to; a table that is gone meanwhile is looked up again.
/// </summary>
public sealed class PostgresReadModels(NpgsqlDataSource db) : IReadModels
{
    private const int Attempts = 5;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);
    private readonly ConcurrentDictionary<string, ReadModelTable> live = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ModelProgress> progress = new(StringComparer.Ordinal);

    /// <summary>Called with a position that a reader waits for, so that the feed hurries.</summary>
    internal Action<long>? Wanted { get; set; }

    /// <inheritdoc/>
    public Task<TRow?> Find<TRow>(ReadModel<TRow> model, string tenant, string key, CancellationToken ct = default)
        where TRow : class =>
        Query(model, table => table.Find(tenant, key), async reader =>
            await reader.ReadAsync(ct).ConfigureAwait(false) ? StoredJson.Read<TRow>(reader.Json(0)) : null, ct);

    /// <inheritdoc/>
    public Task<IReadOnlyList<KeyedRow<TRow>>> List<TRow>(ReadModel<TRow> model, string tenant, RowQuery query,
        CancellationToken ct = default)
        where TRow : class =>
        Query(model, table => table.List(tenant, query), async reader =>
            (IReadOnlyList<KeyedRow<TRow>>)await reader.Rows(
                row => new KeyedRow<TRow>(row.GetString(0), StoredJson.Read<TRow>(row.Json(1))), ct).ConfigureAwait(false), ct);

    /// <inheritdoc/>
    public async Task<bool> WaitFor(IReadModel model, long position, TimeSpan timeout, CancellationToken ct = default)
    {
        var known = ProgressOf(model);
        if (known.Position >= position) return true;
        Wanted?.Invoke(position);
        var reached = known.Await(position);
        var started = Stopwatch.GetTimestamp();
        try
        {
            while (true)
            {
                var left = timeout - Stopwatch.GetElapsedTime(started);
                if (left < Poll) left = left > TimeSpan.Zero ? left : TimeSpan.Zero;
                else left = Poll;
                await Task.WhenAny(reached.Task, Task.Delay(left, ct)).ConfigureAwait(false);
                ct.ThrowIfCancellationRequested();
                if (reached.Task.IsCompleted) return true;

                // Another node may be the one that applies this model.
                if (await Position(model, ct).ConfigureAwait(false) is { } stored) known.Advance(stored);
                if (known.Position >= position) return true;
                if (Stopwatch.GetElapsedTime(started) >= timeout) return false;
            }
        }
        finally
        {
            known.Forget(reached);
        }
    }

    /// <summary>The checkpoint of a model's live rows; null before the model exists.</summary>
    public Task<long?> Position(IReadModel model, CancellationToken ct = default)
    {
        var question = Of(
            """
            select p.last_seq_id from coop.read_model m
            join public.mt_event_progression p on p.name = 'read_model/' || m.name || '/g' || m.generation
            where m.name = $1
            """,
            P(model.Name));
        return db.Ask([question], reader => reader.Value<long>(ct), ct);
    }

    internal ModelProgress ProgressOf(IReadModel model) => progress.GetOrAdd(model.Name, _ => new());

    /// <summary>The pointer, made on demand: an empty first generation at checkpoint 0.</summary>
    internal async Task<ReadModelPointer> Locate(IReadModel model, CancellationToken ct)
    {
        if (await ReadPointer(model, ct).ConfigureAwait(false) is { } known) return known;
        await db.InTransaction(connection => Found(connection, model, ct), ct).ConfigureAwait(false);
        return await ReadPointer(model, ct).ConfigureAwait(false)
            ?? throw new InvalidOperationException($"{model.Name} has no generation.");
    }

    private static async Task<bool> Found(NpgsqlConnection connection, IReadModel model, CancellationToken ct)
    {
        var table = new ReadModelTable(model, 1);
        await connection.Run(ReadModelPointer.Serialize(model), ct).ConfigureAwait(false);
        if (await connection.Run(ReadModelPointer.Insert(model), ct).ConfigureAwait(false) == 0) return false; // another node was first
        await connection.Run([table.Create(), .. table.CreateKeys(), Checkpoints.Create(table.Checkpoint)], ct).ConfigureAwait(false);
        return true;
    }

    private Task<ReadModelPointer?> ReadPointer(IReadModel model, CancellationToken ct) =>
        db.Ask([ReadModelPointer.Select(model)], reader => ReadModelPointer.Read(reader, ct), ct);

    private async Task<T> Query<T>(
        IReadModel model, Func<ReadModelTable, NpgsqlBatchCommand> ask, Func<NpgsqlDataReader, Task<T>> read, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (!live.TryGetValue(model.Name, out var table) || table.Model.Version != model.Version
                || table.Model.RowType != model.RowType)
                live[model.Name] = table = new(model, (await Locate(model, ct).ConfigureAwait(false)).Generation);
            try
            {
                var (isLive, answer) = await db.Ask([ReadModelPointer.Select(model), ask(table)], async reader =>
                {
                    var pointer = await ReadModelPointer.Read(reader, ct).ConfigureAwait(false);
                    if (pointer?.Generation != table.Generation) return (false, default(T));
                    await reader.NextResultAsync(ct).ConfigureAwait(false);
                    return (true, await read(reader).ConfigureAwait(false));
                }, ct).ConfigureAwait(false);
                if (isLive) return answer!;
            }
            catch (PostgresException gone) when (gone.SqlState is PostgresErrorCodes.UndefinedTable && attempt < Attempts)
            {
                // Rebuilt and switched between two reads.
            }

            if (attempt >= Attempts) throw new InvalidOperationException($"{model.Name} is being switched again and again; try again.");
            live.TryRemove(model.Name, out _);
        }
    }
}

/// <summary>Which generation of a read model is live.</summary>
internal readonly record struct ReadModelPointer(int Generation, int Version, IReadOnlyList<string> IndexColumns)
{
    public static NpgsqlBatchCommand Select(IReadModel model) =>
        Of("select generation, version, index_columns from coop.read_model where name = $1", P(model.Name));

    public static NpgsqlBatchCommand Serialize(IReadModel model) =>
        Of("select pg_advisory_xact_lock(hashtext('coop.read_model'), hashtext($1))", P(model.Name));

    public static NpgsqlBatchCommand Insert(IReadModel model) => Of(
        """
        insert into coop.read_model (name, generation, version, index_columns, next_generation) values ($1, 1, $2, $3, 2)
        on conflict (name) do nothing
        """,
        P(model.Name), P(model.Version), P(model.IndexNames));

    public static NpgsqlBatchCommand Switch(ReadModelTable to) => Of(
        "update coop.read_model set generation = $2, version = $3, index_columns = $4 where name = $1",
        P(to.Model.Name), P(to.Generation), P(to.Model.Version), P(to.Model.IndexNames));

    public static async Task<ReadModelPointer?> Read(NpgsqlDataReader reader, CancellationToken ct) =>
        await reader.ReadAsync(ct).ConfigureAwait(false)
            ? new(reader.GetInt32(0), reader.GetInt32(1), await reader.GetFieldValueAsync<string[]>(2, ct).ConfigureAwait(false))
            : null;
}
