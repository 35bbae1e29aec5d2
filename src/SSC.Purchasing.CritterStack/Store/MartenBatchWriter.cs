using JasperFx.Events;
using Marten;
using Marten.Services;
using Npgsql;
using SSC.Purchasing.EventStore;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.CritterStack;

/// <summary>
/// Writes the appender's batches through Marten sessions. The head's row is taken first in the session's own transaction, so whoever
/// writes stands in one line with every other node, whichever adapter it runs: positions stay dense, in the order of time, and never
/// become visible out of order. Several appends that wait at the same time share a session.
/// </summary>
internal sealed class MartenBatchWriter : IBatchWriter
{
    private readonly NpgsqlConnection connection;
    private readonly IDocumentStore marten;
    private readonly EventCatalogue catalogue;
    private NpgsqlTransaction? transaction;

    private MartenBatchWriter(NpgsqlConnection connection, IDocumentStore marten, EventCatalogue catalogue) =>
        (this.connection, this.marten, this.catalogue) = (connection, marten, catalogue);

    /// <inheritdoc/>
    public bool IsAlive => connection.FullState == System.Data.ConnectionState.Open;

    /// <inheritdoc/>
    public bool CanAssume => false;

    /// <summary>Marten writes a session stream by stream.</summary>
    public bool WritesByStream => true;

    /// <summary>Connects; what is acknowledged will be durable.</summary>
    public static async Task<IBatchWriter> Open(
        NpgsqlDataSource source, IDocumentStore marten, EventCatalogue catalogue, bool isSeeding, CancellationToken ct)
    {
        var opened = await source.OpenConnectionAsync(ct).ConfigureAwait(false);
        try
        {
            await AppendSession.RequireDurability(opened, isSeeding, ct).ConfigureAwait(false);
            return new MartenBatchWriter(opened, marten, catalogue);
        }
        catch
        {
            await opened.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public Task<(long Base, DateTimeOffset RecordedAt)> Write(BatchPlan plan, long? expectedBase, CancellationToken ct) =>
        throw new NotSupportedException("Marten sessions write under the head's lock only.");

    /// <inheritdoc/>
    public async Task<LockedState> LockAndRead(IReadOnlyList<PendingAppend> batch, CancellationToken ct)
    {
        await Rollback(ct).ConfigureAwait(false);
        transaction = await connection.BeginTransactionAsync(ct).ConfigureAwait(false);
        return await AppendSession.LockAndRead(connection, batch, ct, isBegun: true).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<(long Base, DateTimeOffset RecordedAt)> WriteAndCommit(BatchPlan plan, LockedState state, CancellationToken ct)
    {
        var at = state.Now!.Value;
        var events = plan.Recorded(catalogue, state.Position, at);
        try
        {
            await Align(state.Position, ct).ConfigureAwait(false);
            var options = SessionOptions.ForTransaction(transaction!);
            options.Listeners.Add(NoTombstones.Instance);
            var session = marten.LightweightSession(options);
            await using (session.ConfigureAwait(false))
            {
                var sent = events.GroupBy(e => (e.Tenant, e.Stream)).Select(g => Queue(session, [.. g])).ToList();
                Sidecars(session, plan, state.Position, at);
                await MartenFaults.Unwrapped(session.SaveChangesAsync(ct)).ConfigureAwait(false);
                if (!sent.SelectMany(s => s.Events).Select(e => e.Sequence).SequenceEqual(events.Select(e => e.Position)))
                    throw new InvalidOperationException("Marten gave other positions than the head's; nothing was recorded.");
            }

            await transaction!.CommitAsync(ct).ConfigureAwait(false);
            await Release().ConfigureAwait(false);
            return (state.Position, at);
        }
        catch (Exception conflict) when (MartenFaults.IsConflict(conflict))
        {
            // Somebody appends without the head's row: a Marten store of another program. The appender plans anew on what is there.
            await Rollback(CancellationToken.None).ConfigureAwait(false);
            throw new NpgsqlException("Another program appended to a stream in between.", conflict);
        }
    }

    /// <inheritdoc/>
    public async Task Rollback(CancellationToken ct)
    {
        if (transaction is null) return;
        await transaction.RollbackAsync(ct).ConfigureAwait(false);
        await Release().ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await Release().ConfigureAwait(false);
        NpgsqlConnection.ClearPool(connection);
        await connection.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>
    /// Sets Marten's sequence to the head's position: the lock is held, so nobody draws from it, and what a transaction that was rolled
    /// back or a node on the other store left is put right.
    /// </summary>
    private async Task Align(long position, CancellationToken ct)
    {
        using var command = new NpgsqlCommand(
            "select setval('public.mt_events_sequence', greatest($1, 1), $1 > 0)", connection, transaction)
        {
            Parameters = { new NpgsqlParameter<long> { TypedValue = position } },
        };
        await command.ExecuteNonQueryAsync(ct).ConfigureAwait(false);
    }

    private async Task Release()
    {
        if (transaction is { } ended) await ended.DisposeAsync().ConfigureAwait(false);
        transaction = null;
    }

    private static StreamAction Queue(IDocumentSession session, RecordedEvent[] events)
    {
        var first = events[0];
        var operations = session.ForTenant(first.Tenant).Events;
        var wrapped = events.Select(e => Wrap(operations.BuildEvent(e.Fact), e)).ToArray();
        return operations.Append(first.Stream, events[^1].Version, wrapped);
    }

    private static object Wrap(IEvent e, RecordedEvent recorded)
    {
        e.Id = recorded.Id;
        e.Timestamp = recorded.At;
        e.CorrelationId = recorded.Metadata.CorrelationId;
        e.CausationId = recorded.Metadata.CausationId;
        e.SetHeader("actor", recorded.Metadata.Actor);
        return e;
    }

    /// <summary>Idempotency records, deliveries and the head, in the session's transaction.</summary>
    private static void Sidecars(IDocumentSession session, BatchPlan plan, long position, DateTimeOffset at)
    {
        for (var i = 0; i < plan.KeyValues.Count; i++)
        {
            session.QueueSqlCommand(
                """
                insert into coop.idempotency (tenant_id, key, request_hash, stream_id, version, position, recorded_at)
                values (?, ?, ?, ?, ?, ?, ?)
                """,
                plan.KeyTenants[i], plan.KeyValues[i], plan.KeyHashes[i], plan.KeyStreams[i], plan.KeyVersions[i],
                position + plan.KeyOffsets[i], plan.HasScript ? plan.KeyTimes[i] : at);
        }

        for (var i = 0; i < plan.Outbox.Count; i++)
        {
            var message = plan.Outbox[i];
            session.QueueSqlCommand(
                """
                insert into coop.outbox (tenant_id, id, channel, destination, body, position, recorded_at)
                values (?, ?, ?, ?, convert_from(?, 'UTF8')::json, ?, ?) on conflict do nothing
                """,
                plan.OutboxTenants[i], message.Id, message.Channel, message.Destination, message.Body,
                position + plan.OutboxOffsets[i], at);
        }

        if (plan.EventIds.Count == 0) return;
        session.QueueSqlCommand(
            "update coop.head set position = ?, last_recorded_at = ?", position + plan.EventIds.Count,
            plan.HasScript ? plan.EventTimes[^1] : at);
    }
}
