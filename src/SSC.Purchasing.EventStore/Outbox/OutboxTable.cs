using Npgsql;
using SSC.Purchasing.EventStore.Subscriptions;
using static SSC.Purchasing.EventStore.Subscriptions.Sql;

namespace SSC.Purchasing.EventStore.Outbox;

using Destination = (string Tenant, string Channel, string Name);

/// <summary>The SQL on <c>coop.outbox</c>, whose rows the appender writes.</summary>
internal static class OutboxTable
{
    private const string Columns = "o.tenant_id, o.id, o.channel, o.destination, o.body, o.position, o.recorded_at, o.attempts, o.sequence";

    /// <summary>One claim at a time over all nodes: so no node sees a later message without the earlier one's lease.</summary>
    public static NpgsqlBatchCommand ClaimTurn => Of("select pg_advisory_xact_lock(hashtext('coop.outbox'), 0)");

    /// <summary>Leases due messages to this node, each only together with or after the earlier ones to its destination.</summary>
    public static NpgsqlBatchCommand Claim(IEnumerable<string> channels, DateTimeOffset now, Guid lease, TimeSpan leaseTime, int limit) =>
        Of(
        $"""
        with due as (
            select o.tenant_id, o.id from coop.outbox o
            where o.state = 'waiting' and o.channel = any($1) and (o.attempts = 0 or o.due_at <= $2)
              and (o.leased_until is null or o.leased_until < clock_timestamp())
              and not exists (
                select 1 from coop.outbox e
                where e.tenant_id = o.tenant_id and e.channel = o.channel and e.destination = o.destination and e.sequence < o.sequence
                  and e.state = 'waiting' and ((e.attempts > 0 and e.due_at > $2) or e.leased_until >= clock_timestamp()))
            order by o.sequence limit $5
            for update of o)
        update coop.outbox o set lease = $3, leased_until = clock_timestamp() + $4
        from due where o.tenant_id = due.tenant_id and o.id = due.id
        returning {Columns}
        """,
        P(channels), P(now), P(lease), P(leaseTime), P(limit));

    public static NpgsqlBatchCommand Renew(Guid lease, TimeSpan leaseTime, IReadOnlyCollection<Destination> busy) => Of(
        """
        update coop.outbox set leased_until = clock_timestamp() + $2
        where lease = $1 and state = 'waiting'
          and (tenant_id, channel, destination) in (select * from unnest($3::text[], $4::text[], $5::text[]))
        """,
        P(lease), P(leaseTime), P(busy.Select(d => d.Tenant)), P(busy.Select(d => d.Channel)), P(busy.Select(d => d.Name)));

    public static NpgsqlBatchCommand Release(Guid lease, Destination? only = null) => Of(
        """
        update coop.outbox set lease = null, leased_until = null
        where lease = $1 and state = 'waiting' and ($2::text is null or (tenant_id = $2 and channel = $3 and destination = $4))
        """,
        P(lease), P(only?.Tenant), P(only?.Channel), P(only?.Name));

    public static NpgsqlBatchCommand Settle(OutboxDelivery delivery, Guid lease, string state, string? remark) => Of(
        """
        update coop.outbox
        set state = $4, attempts = attempts + 1, last_error = case when $4 = 'parked' then $5 end, lease = null, leased_until = null,
            settled_at = clock_timestamp()
        where tenant_id = $1 and id = $2 and lease = $3 and state = 'waiting'
        """,
        P(delivery.Tenant), P(delivery.Message.Id), P(lease), P(state), P(remark));

    public static NpgsqlBatchCommand Postpone(OutboxDelivery delivery, Guid lease, DateTimeOffset due, string why) => Of(
        """
        update coop.outbox set due_at = $4, attempts = attempts + 1, last_error = $5, lease = null, leased_until = null
        where tenant_id = $1 and id = $2 and lease = $3 and state = 'waiting'
        """,
        P(delivery.Tenant), P(delivery.Message.Id), P(lease), P(due), P(why));

    /// <summary>Lets a parked message try again from the first attempt, before what waits for the same destination.</summary>
    public static NpgsqlBatchCommand Resend(string tenant, string id) => Of(
        "update coop.outbox set state = 'waiting', attempts = 0, settled_at = null where tenant_id = $1 and id = $2 and state = 'parked'",
        P(tenant), P(id));

    public static string AlarmOf(string tenant, string id) => $"outbox/{tenant}/{id}";

    public static (long Sequence, OutboxDelivery Delivery) Row(NpgsqlDataReader row) => (row.GetInt64(8), new(
        row.GetString(0), new(row.GetString(1), row.GetString(2), row.GetString(3), row.Json(4)), row.GetInt64(5), row.Time(6),
        row.GetInt32(7) + 1));
}
