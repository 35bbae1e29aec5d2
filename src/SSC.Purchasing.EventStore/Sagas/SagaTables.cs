using Npgsql;
using NpgsqlTypes;
using SSC.Purchasing.EventStore.Subscriptions;
using SSC.Purchasing.Kernel;
using static SSC.Purchasing.EventStore.Subscriptions.Sql;

namespace SSC.Purchasing.EventStore.Sagas;

/// <summary>Another node has taken a step of the same instance first; what was about to be stored is thrown away and done again.</summary>
internal sealed class SagaConflictException()
    : Exception("Another node took a step of this saga first; it is done again on what is there now.");

/// <summary>The SQL on saga states, timers and commands.</summary>
internal static class SagaTables
{
    private const string InstanceColumns = "s.saga, s.tenant, s.id, s.state, s.revision, s.position";
    private const string TimerColumns = "t.saga, t.tenant, t.id, t.timer, t.due, t.revision, t.correlation_id, t.causation_id, t.attempts";
    private const string CommandColumns =
        "c.saga, c.tenant, c.id, c.command_id, c.alias, c.body, c.correlation_id, c.causation_id, c.created_at, c.attempts, c.seq";

    /// <summary>Instances by key, locked in the order of their keys, one query per saga and tenant.</summary>
    public static IEnumerable<NpgsqlBatchCommand> Load(IEnumerable<SagaKey> keys) => keys
        .GroupBy(k => (k.Saga, k.Tenant))
        .OrderBy(g => g.Key.Saga, StringComparer.Ordinal).ThenBy(g => g.Key.Tenant, StringComparer.Ordinal)
        .Select(g => Of(
            $"""
            select i.* from unnest($3::text[]) as wanted (k)
            cross join lateral (
                select {InstanceColumns} from coop.saga s where s.saga = $1 and s.tenant = $2 and s.id = k for update offset 0) as i
            """,
            P(g.Key.Saga), P(g.Key.Tenant), P(g.Select(k => k.Id).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))));

    /// <summary>Instances with a due timer, locked; those that another node works on are left out.</summary>
    public static NpgsqlBatchCommand LockDue(IEnumerable<string> sagas, DateTimeOffset now, int limit) => Of(
        $"""
        select {InstanceColumns} from coop.saga s
        where (s.saga, s.tenant, s.id) in (
            select t.saga, t.tenant, t.id from coop.saga_timer t
            where t.parked_reason is null and t.not_before <= $2 and t.saga = any($1)
            order by t.not_before limit $3)
        order by s.saga, s.tenant, s.id
        for update skip locked
        """,
        P(sagas), P(now), P(limit));

    /// <summary>Due timers of locked instances, earliest first.</summary>
    public static NpgsqlBatchCommand Due(IReadOnlyCollection<SagaKey> keys, DateTimeOffset now) => Of(
        $"""
        select {TimerColumns} from coop.saga_timer t
        where t.parked_reason is null and t.not_before <= $4
          and (t.saga, t.tenant, t.id) in (select * from unnest($1::text[], $2::text[], $3::text[]))
        order by t.due, t.saga, t.tenant, t.id, t.timer
        """,
        P(keys.Select(k => k.Saga)), P(keys.Select(k => k.Tenant)), P(keys.Select(k => k.Id)), P(now));

    /// <summary>All timers due at the earliest due time at or before now.</summary>
    public static NpgsqlBatchCommand Earliest(IEnumerable<string> sagas, DateTimeOffset now) => Of(
        $"""
        select {TimerColumns} from coop.saga_timer t
        where t.parked_reason is null and t.saga = any($1) and t.not_before <= $2 and t.not_before = (
            select min(e.not_before) from coop.saga_timer e where e.parked_reason is null and e.saga = any($1))
        order by t.saga, t.tenant, t.id, t.timer
        """,
        P(sagas), P(now));

    public static NpgsqlBatchCommand NextTimer(IEnumerable<string> sagas) =>
        Of("select not_before from coop.saga_timer where parked_reason is null and saga = any($1) order by not_before limit 1", P(sagas));

    public static NpgsqlBatchCommand PostponeTimer(SagaTimer timer, DateTimeOffset until, string? parkedReason) => Of(
        """
        update coop.saga_timer set attempts = attempts + 1, not_before = $5, parked_reason = $6
        where saga = $1 and tenant = $2 and id = $3 and timer = $4
        """,
        P(timer.Key.Saga), P(timer.Key.Tenant), P(timer.Key.Id), P(timer.Timer), P(until), P(parkedReason));

    /// <summary>Commands that wait, in order of creation.</summary>
    public static NpgsqlBatchCommand Pending(IEnumerable<string> sagas, int limit) => Of(
        $"select {CommandColumns} from coop.saga_command c where c.status = 'pending' and c.saga = any($1) order by c.seq limit {limit}",
        P(sagas));

    /// <summary>One claim at a time over all nodes: so no node sees an instance's later command without the earlier one's lease.</summary>
    public static NpgsqlBatchCommand ClaimTurn => Of("select pg_advisory_xact_lock(hashtext('coop.saga_command'), 0)");

    /// <summary>Leases due commands to this node, each only together with or after the earlier ones of its instance.</summary>
    public static NpgsqlBatchCommand Claim(IEnumerable<string> sagas, DateTimeOffset now, Guid lease, TimeSpan leaseTime, int limit) => Of(
        $"""
        with due as (
            select c.tenant, c.command_id from coop.saga_command c
            where c.status = 'pending' and c.saga = any($1) and c.not_before <= $2
              and (c.lease_until is null or c.lease_until < clock_timestamp())
              and not exists (
                select 1 from coop.saga_command e
                where e.saga = c.saga and e.tenant = c.tenant and e.id = c.id and e.seq < c.seq and e.status in ('pending', 'parked')
                  and (e.status = 'parked' or e.not_before > $2 or e.lease_until >= clock_timestamp()))
            order by c.seq limit $5
            for update of c)
        update coop.saga_command c set lease = $3, lease_until = clock_timestamp() + $4
        from due where c.tenant = due.tenant and c.command_id = due.command_id
        returning {CommandColumns}
        """,
        P(sagas), P(now), P(lease), P(leaseTime), P(limit));

    /// <summary>Prolongs the claims on the instances that are being worked on, and no others.</summary>
    public static NpgsqlBatchCommand Renew(Guid lease, TimeSpan leaseTime, IReadOnlyCollection<SagaKey> busy) => Of(
        """
        update coop.saga_command set lease_until = clock_timestamp() + $2
        where lease = $1 and status = 'pending' and (saga, tenant, id) in (select * from unnest($3::text[], $4::text[], $5::text[]))
        """,
        P(lease), P(leaseTime), P(busy.Select(k => k.Saga)), P(busy.Select(k => k.Tenant)), P(busy.Select(k => k.Id)));

    /// <summary>Gives claims back: an instance's, or all.</summary>
    public static NpgsqlBatchCommand Release(Guid lease, SagaKey? only = null) => Of(
        """
        update coop.saga_command set lease = null, lease_until = null
        where lease = $1 and status = 'pending' and ($2::text is null or (saga = $2 and tenant = $3 and id = $4))
        """,
        P(lease), P(only?.Saga), P(only?.Tenant), P(only?.Id));

    /// <summary>Settles a command that this node still holds; one row affected, else none.</summary>
    public static NpgsqlBatchCommand Settle(SagaCommand command, Guid? lease, string status, string outcome) => Of(
        """
        update coop.saga_command set status = $3, outcome = $4, attempts = attempts + 1, lease = null, lease_until = null
        where tenant = $1 and command_id = $2 and status = 'pending' and ($5::uuid is null or lease = $5)
        """,
        P(command.Key.Tenant), P(command.CommandId), P(status), P(outcome), P(lease));

    public static NpgsqlBatchCommand SettleDone(IReadOnlyCollection<(SagaCommand Command, string Outcome)> done) => Of(
        """
        update coop.saga_command c set status = 'done', outcome = d.outcome, attempts = attempts + 1, lease = null, lease_until = null
        from unnest($1::text[], $2::text[], $3::text[]) d(tenant, command_id, outcome)
        where c.tenant = d.tenant and c.command_id = d.command_id and c.status = 'pending'
        """,
        P(done.Select(d => d.Command.Key.Tenant)), P(done.Select(d => d.Command.CommandId)), P(done.Select(d => d.Outcome)));

    public static NpgsqlBatchCommand Postpone(SagaCommand command, Guid lease, DateTimeOffset until, string why) => Of(
        """
        update coop.saga_command set not_before = $4, outcome = $5, attempts = attempts + 1, lease = null, lease_until = null
        where tenant = $1 and command_id = $2 and status = 'pending' and lease = $3
        """,
        P(command.Key.Tenant), P(command.CommandId), P(lease), P(until), P(why));

    /// <summary>Takes a command out of parking.</summary>
    public static NpgsqlBatchCommand Unpark(string tenant, string commandId, string status) => Of(
        """
        update coop.saga_command set status = $3, attempts = 0, not_before = '-infinity'
        where tenant = $1 and command_id = $2 and status = 'parked'
        """,
        P(tenant), P(commandId), P(status));

    public static string AlarmOf(string tenant, string commandId) => $"saga_command/{tenant}/{commandId}";

    /// <summary>Stores a unit in the connection's transaction, with checkpoint moves or settlements beside it.</summary>
    /// <param name="connection">In a transaction.</param>
    /// <param name="unit">Steps.</param>
    /// <param name="beside">Statements that must affect one row each.</param>
    /// <param name="ct">Cancellation.</param>
    /// <exception cref="SagaConflictException">Something is not as it was when the unit was made.</exception>
    public static Task Write(NpgsqlConnection connection, SagaUnit unit, IReadOnlyList<NpgsqlBatchCommand> beside, CancellationToken ct) =>
        Write(connection, [], 0, unit, beside, ct);

    /// <inheritdoc cref="Write(NpgsqlConnection, SagaUnit, IReadOnlyList{NpgsqlBatchCommand}, CancellationToken)"/>
    /// <param name="connection">In a transaction.</param>
    /// <param name="before">Statements that go before.</param>
    /// <param name="rows">Rows that those must affect.</param>
    /// <param name="unit">Steps.</param>
    /// <param name="beside">Statements that must affect one row each.</param>
    /// <param name="ct">Cancellation.</param>
    public static async Task Write(
        NpgsqlConnection connection, IEnumerable<NpgsqlBatchCommand> before, int rows, SagaUnit unit,
        IReadOnlyList<NpgsqlBatchCommand> beside, CancellationToken ct)
    {
        var affected = await connection.Run([.. before, .. Statements(unit), .. beside], ct).ConfigureAwait(false);
        var expected = unit.Instances.Count + unit.Fired.Count + unit.Timers.Count + unit.Commands.Count + beside.Count;
        if (affected != rows + expected) throw new SagaConflictException();
    }

    public static SagaInstance Instance(NpgsqlDataReader row, IReadOnlyDictionary<string, ISaga> sagas)
    {
        var key = new SagaKey(row.GetString(0), row.GetString(1), row.GetString(2));
        var saga = sagas[key.Saga];
        return new(saga, key, StoredJson.Read(row.Json(3), saga.StateType), row.GetInt64(4), row.GetInt64(5));
    }

    public static SagaTimer Timer(NpgsqlDataReader row) => new(
        new(row.GetString(0), row.GetString(1), row.GetString(2)), row.GetString(3), row.Time(4), row.GetInt64(5), row.GetString(6),
        row.TextOrNull(7), row.GetInt32(8));

    public static (long Sequence, SagaCommand Command) Command(NpgsqlDataReader row) => (row.GetInt64(10), new(
        new(row.GetString(0), row.GetString(1), row.GetString(2)), row.GetString(3), row.GetString(4), row.Json(5), row.GetString(6),
        row.TextOrNull(7), row.Time(8), row.GetInt32(9)));

    private static IEnumerable<NpgsqlBatchCommand> Statements(SagaUnit unit)
    {
        var added = unit.Instances.Where(i => i.Stored == 0).ToList();
        var moved = unit.Instances.Where(i => i.Stored > 0).ToList();
        if (added.Count > 0)
        {
            yield return Of(
                """
                insert into coop.saga (saga, tenant, id, state, revision, position)
                select * from unnest($1::text[], $2::text[], $3::text[], $4::jsonb[], $5::bigint[], $6::bigint[]) on conflict do nothing
                """,
                [.. Columns(added)]);
        }

        if (moved.Count > 0)
        {
            yield return Of(
                """
                update coop.saga s set state = u.state, revision = u.revision, position = u.position
                from unnest($1::text[], $2::text[], $3::text[], $4::jsonb[], $5::bigint[], $6::bigint[], $7::bigint[])
                  u(saga, tenant, id, state, revision, position, stored)
                where s.saga = u.saga and s.tenant = u.tenant and s.id = u.id and s.revision = u.stored
                """,
                [.. Columns(moved), P(moved.Select(i => i.Stored))]);
        }

        if (unit.Fired.Count > 0) yield return Remove(unit.Fired);
        if (unit.Timers.Count > 0) yield return Set(unit.Timers);
        if (unit.Commands.Count > 0) yield return Add(unit.Commands);
    }

    private static IEnumerable<NpgsqlParameter> Columns(List<SagaInstance> instances) =>
    [
        P(instances.Select(i => i.Key.Saga)), P(instances.Select(i => i.Key.Tenant)), P(instances.Select(i => i.Key.Id)),
        P(instances.Select(i => StoredJson.Write(i.State, i.Saga.StateType))),
        P(instances.Select(i => i.Revision)), P(instances.Select(i => i.Position)),
    ];

    private static NpgsqlBatchCommand Remove(IReadOnlyCollection<SagaTimer> timers) => Of(
        """
        delete from coop.saga_timer t using unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[])
          f(saga, tenant, id, timer, revision)
        where t.saga = f.saga and t.tenant = f.tenant and t.id = f.id and t.timer = f.timer and t.revision = f.revision
        """,
        P(timers.Select(t => t.Key.Saga)), P(timers.Select(t => t.Key.Tenant)), P(timers.Select(t => t.Key.Id)),
        P(timers.Select(t => t.Timer)), P(timers.Select(t => t.Revision)));

    private static NpgsqlBatchCommand Set(IReadOnlyCollection<SagaTimer> timers) => Of(
        """
        insert into coop.saga_timer (saga, tenant, id, timer, due, not_before, revision, correlation_id, causation_id)
        select saga, tenant, id, timer, due, due, revision, correlation, causation
        from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::bigint[], $7::text[], $8::text[])
          t(saga, tenant, id, timer, due, revision, correlation, causation)
        on conflict (saga, tenant, id, timer) do update
        set due = excluded.due, not_before = excluded.due, revision = excluded.revision, correlation_id = excluded.correlation_id,
            causation_id = excluded.causation_id, attempts = 0, parked_reason = null
        """,
        P(timers.Select(t => t.Key.Saga)), P(timers.Select(t => t.Key.Tenant)), P(timers.Select(t => t.Key.Id)),
        P(timers.Select(t => t.Timer)), P(timers.Select(t => t.Due)), P(timers.Select(t => t.Revision)),
        P(timers.Select(t => t.CorrelationId)), P(timers.Select(t => t.CausationId)));

    private static NpgsqlBatchCommand Add(IReadOnlyCollection<SagaCommand> commands) => Of(
        """
        insert into coop.saga_command (saga, tenant, id, command_id, alias, body, correlation_id, causation_id, created_at, not_before)
        select saga, tenant, id, command_id, alias, body, correlation, causation, at, '-infinity'
        from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::json[], $7::text[], $8::text[], $9::timestamptz[])
          with ordinality c(saga, tenant, id, command_id, alias, body, correlation, causation, at, place)
        order by place
        """,
        P(commands.Select(c => c.Key.Saga)), P(commands.Select(c => c.Key.Tenant)), P(commands.Select(c => c.Key.Id)),
        P(commands.Select(c => c.CommandId)), P(commands.Select(c => c.Alias)), P(commands.Select(c => c.Body), NpgsqlDbType.Json),
        P(commands.Select(c => c.CorrelationId)), P(commands.Select(c => c.CausationId)), P(commands.Select(c => c.At)));

}
