using Npgsql;
using static SSC.Purchasing.EventStore.Subscriptions.Sql;

namespace SSC.Purchasing.EventStore.Subscriptions;

/// <summary>
/// How far each listener has come, in Marten's <c>mt_event_progression</c>. The row is the lock: who holds it moves it, and
/// everybody else skips it.
/// </summary>
internal static class Checkpoints
{
    /// <summary>
    /// The transaction's commit need not wait for the disk: a lost checkpoint is lost with everything that was committed beside it,
    /// and any later append's commit brings it to the disk first. And plans made while a table was empty must not scan it for ever.
    /// </summary>
    public static NpgsqlBatchCommand NoWait => Of(
        """
        select set_config('synchronous_commit', 'off', true), set_config('enable_seqscan', 'off', true),
               set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true)
        """);

    public static NpgsqlBatchCommand Create(string name, long position = 0) => Of(
        "insert into public.mt_event_progression (name, last_seq_id, last_updated) values ($1, $2, now()) on conflict (name) do nothing",
        P(name), P(position));

    /// <summary>One row with the position when the lock was free, none when another node works.</summary>
    public static NpgsqlBatchCommand TryLock(string name) =>
        Of("select last_seq_id from public.mt_event_progression where name = $1 for update skip locked", P(name));

    public static NpgsqlBatchCommand Lock(string name) =>
        Of("select last_seq_id from public.mt_event_progression where name = $1 for update", P(name));

    /// <summary>
    /// Moves the checkpoint unless somebody has moved it past where the caller is; one row affected, else none. It may be stored further
    /// back than the caller is, by events that the caller knows to mean nothing (<see cref="SkippedEvents"/>).
    /// </summary>
    public static NpgsqlBatchCommand Move(string name, long from, long to) => Of(
        "update public.mt_event_progression set last_seq_id = $3, last_updated = now() where name = $1 and last_seq_id <= $2",
        P(name), P(from), P(to));

    /// <summary>Moves the checkpoint from anywhere between two positions to the later one: nothing between them means anything.</summary>
    public static NpgsqlBatchCommand Raise(string name, long from, long to) => Of(
        "update public.mt_event_progression set last_seq_id = $3, last_updated = now() where name = $1 and last_seq_id between $2 and $3",
        P(name), P(from), P(to));

    public static NpgsqlBatchCommand Remove(string name) => Of("delete from public.mt_event_progression where name = $1", P(name));

    /// <summary>Reads a checkpoint; null when it was never set.</summary>
    public static Task<long?> Read(NpgsqlDataSource db, string name, CancellationToken ct) =>
        db.Ask([Of("select last_seq_id from public.mt_event_progression where name = $1", P(name))], reader => reader.Value<long>(ct), ct);

    /// <summary>Creates a checkpoint at 0 unless it exists, and reads it.</summary>
    public static async Task<long> Ensure(NpgsqlDataSource db, string name, CancellationToken ct)
    {
        if (await Read(db, name, ct).ConfigureAwait(false) is { } known) return known;
        await db.Run(Create(name), ct).ConfigureAwait(false);
        return await Read(db, name, ct).ConfigureAwait(false) ?? 0;
    }
}
