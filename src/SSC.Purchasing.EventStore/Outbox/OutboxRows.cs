using Npgsql;
using SSC.Purchasing.EventStore.Subscriptions;
using SSC.Purchasing.Kernel;
using static SSC.Purchasing.EventStore.Subscriptions.Sql;

namespace SSC.Purchasing.EventStore.Outbox;

/// <summary>A row of the outbox as its owner sees it.</summary>
/// <param name="Message">Id, channel, destination, body.</param>
/// <param name="Sequence">Its place; a cursor.</param>
/// <param name="State"><c>waiting</c>, <c>delivered</c> or <c>parked</c>.</param>
/// <param name="Attempts">Attempts so far.</param>
/// <param name="RecordedAt">When it was committed.</param>
/// <param name="SettledAt">When it was delivered, fetched or parked; null while it waits.</param>
/// <param name="LastError">Why the last attempt failed; null when none did.</param>
public sealed record OutboxRow(
    OutboxMessage Message, long Sequence, string State, int Attempts, DateTimeOffset RecordedAt, DateTimeOffset? SettledAt,
    string? LastError);

/// <summary>The outbox beside its dispatcher: delivery logs, mailboxes that are emptied from outside, and second chances.</summary>
public sealed class OutboxRows(NpgsqlDataSource db)
{
    private const string Columns = "id, channel, destination, body, sequence, state, attempts, recorded_at, settled_at, last_error";

    /// <summary>One row, or null.</summary>
    public async Task<OutboxRow?> Find(string tenant, string id, CancellationToken ct) => (await db.Rows(
        Of($"select {Columns} from coop.outbox where tenant_id = $1 and id = $2", P(tenant), P(id)), Row, ct).ConfigureAwait(false))
        .FirstOrDefault();

    /// <summary>A destination's rows after a cursor, oldest first; only those in a state when one is given.</summary>
    public async Task<IReadOnlyList<OutboxRow>> List(
        string tenant, string channel, string destination, string? state, long after, int limit, CancellationToken ct) => await db.Rows(
        Of(
            $"""
            select {Columns} from coop.outbox
            where tenant_id = $1 and channel = $2 and destination = $3 and ($4::text is null or state = $4) and sequence > $5
            order by sequence limit $6
            """,
            P(tenant), P(channel), P(destination), P(state), P(after), P(limit)),
        Row, ct).ConfigureAwait(false);

    /// <summary>A message was fetched by its receiver. False when it was not waiting.</summary>
    public async Task<bool> Fetched(string tenant, string id, CancellationToken ct) => await db.Run(
        Of(
            """
            update coop.outbox set state = 'delivered', attempts = attempts + 1, settled_at = clock_timestamp()
            where tenant_id = $1 and id = $2 and state = 'waiting'
            """,
            P(tenant), P(id)), ct).ConfigureAwait(false) == 1;

    /// <summary>Sends a settled message once more, from the first attempt; its alarm is cleared. False when it is not settled.</summary>
    public Task<bool> Again(string tenant, string id, CancellationToken ct) => db.InTransaction(async connection =>
    {
        var again = Of(
            """
            update coop.outbox set state = 'waiting', attempts = 0, settled_at = null, last_error = null
            where tenant_id = $1 and id = $2 and state <> 'waiting'
            """,
            P(tenant), P(id));
        if (await connection.Run(again, ct).ConfigureAwait(false) == 0) return false;
        await connection.Run(Alarms.ClearCommand(OutboxTable.AlarmOf(tenant, id)), ct).ConfigureAwait(false);
        return true;
    }, ct);

    /// <summary>Somebody has seen to a parked message otherwise: its alarm is cleared.</summary>
    public Task Attended(string tenant, string id, CancellationToken ct) =>
        db.Run(Alarms.ClearCommand(OutboxTable.AlarmOf(tenant, id)), ct);

    /// <summary>Adds messages in a transaction of the caller's; an id that is there stays as it is.</summary>
    public static Task Add(NpgsqlConnection connection, string tenant, long position, IEnumerable<OutboxMessage> messages,
        CancellationToken ct) => connection.Run(
        messages.Select(m => Of(
            """
            insert into coop.outbox (tenant_id, id, channel, destination, body, position, recorded_at)
            values ($1, $2, $3, $4, convert_from($5, 'UTF8')::json, $6, clock_timestamp())
            on conflict do nothing
            """,
            P(tenant), P(m.Id), P(m.Channel), P(m.Destination),
            new NpgsqlParameter { Value = m.Body, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Bytea }, P(position))), ct);

    private static OutboxRow Row(NpgsqlDataReader row) => new(
        new(row.GetString(0), row.GetString(1), row.GetString(2), row.Json(3)), row.GetInt64(4), row.GetString(5), row.GetInt32(6),
        row.Time(7), row.IsDBNull(8) ? null : row.Time(8), row.TextOrNull(9));
}
