using System.Globalization;
using System.Text;
using Npgsql;
using NpgsqlTypes;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.EventStore;

/// <summary>Reads events. Time bounds become positions first, so that every read runs on Marten's own indexes.</summary>
internal sealed class LogReader(NpgsqlDataSource source, EventCatalogue catalogue)
{
    private const string Columns =
        "seq_id, id, tenant_id, stream_id, version, type, data, timestamp, correlation_id, causation_id, headers ->> 'actor'";

    public Task<IReadOnlyList<RecordedEvent>> Stream(
        string tenant, string stream, long afterVersion, long? upToVersion, long? upToPosition, CancellationToken ct)
    {
        var sql = new StringBuilder($"select {Columns} from public.mt_events where tenant_id = $1 and stream_id = $2 and version > $3");
        var values = new List<NpgsqlParameter> { Text(tenant), Text(stream), Long(afterVersion) };
        AddBound(sql, values, "version <=", upToVersion);
        AddBound(sql, values, "seq_id <=", upToPosition);
        return Read(sql.Append(" order by version"), values, ct);
    }

    public Task<IReadOnlyList<RecordedEvent>> Streams(
        string tenant, IReadOnlyCollection<string> streams, long? upToPosition, CancellationToken ct)
    {
        // One after the other by their key: a planner that knows nothing of the table yet would read all of the tenant's.
        var sql = new StringBuilder("select e.* from (select distinct unnest($2::text[]) as stream) as wanted cross join lateral (")
            .Append(CultureInfo.InvariantCulture, $"select {Columns} from public.mt_events where tenant_id = $1 and stream_id = stream");
        var values = new List<NpgsqlParameter> { Text(tenant), Texts(streams) };
        AddBound(sql, values, "seq_id <=", upToPosition);
        return Read(sql.Append(" offset 0) as e order by e.seq_id"), values, ct);
    }

    public async Task<IReadOnlyList<RecordedEvent>> All(long afterPosition, int limit, EventFilter? filter, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        var sql = new StringBuilder("where seq_id > $1");
        if (filter?.From is { } from) afterPosition = Math.Max(afterPosition, await PositionBefore(from, ct).ConfigureAwait(false));
        var upTo = filter?.UpToPosition;
        if (filter?.Until is { } until)
        {
            var last = await PositionBefore(until, ct).ConfigureAwait(false);
            upTo = upTo is null ? last : Math.Min(upTo.Value, last);
        }

        var values = new List<NpgsqlParameter> { Long(afterPosition) };
        AddBound(sql, values, "seq_id <=", upTo);
        if (filter?.Tenant is { } tenant) Add(sql, values, "tenant_id =", Text(tenant));
        if (filter?.Types is { } types) Add(sql, values, "type = any", Texts(types), inParentheses: true);
        if (filter?.Actor is { } actor) Add(sql, values, "headers ->> 'actor' =", Text(actor));
        if (filter?.CorrelationId is { } correlation) Add(sql, values, "correlation_id =", Text(correlation));
        if (filter?.Stream is { } stream)
        {
            Add(sql, values, "stream_id =", Text(stream));
            return await Read(OfStream(sql, filter.Tenant is null, values, limit), values, ct).ConfigureAwait(false);
        }

        values.Add(Int(limit));
        sql.Insert(0, $"select {Columns} from public.mt_events ").Append(" order by seq_id limit ").Append(Last(values));
        return await Read(sql, values, ct).ConfigureAwait(false);
    }

    public async Task<LogHead> Head(CancellationToken ct)
    {
        using var command = source.CreateCommand("select position, last_recorded_at from coop.head");
        var reader = await command.ExecuteReaderAsync(ct).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            await reader.ReadAsync(ct).ConfigureAwait(false);
            return new(reader.GetInt64(0), reader.GetFieldValue<DateTimeOffset>(1));
        }
    }

    public async Task<long> PositionAsOf(DateTimeOffset time, CancellationToken ct)
    {
        using var command = source.CreateCommand("select coop.position_as_of($1)");
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = time.ToUniversalTime() });
        return (long)(await command.ExecuteScalarAsync(ct).ConfigureAwait(false))!;
    }

    public async Task<KeyedOutcome?> FindKey(string tenant, string key, CancellationToken ct)
    {
        using var command = source.CreateCommand("""
            select request_hash, stream_id, version, position, recorded_at from coop.idempotency where tenant_id = $1 and key = $2
            """);
        command.Parameters.Add(Text(tenant));
        command.Parameters.Add(Text(key));
        var reader = await command.ExecuteReaderAsync(ct).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            if (!await reader.ReadAsync(ct).ConfigureAwait(false)) return null;
            return new(
                reader.GetFieldValue<byte[]>(0),
                new(reader.GetString(1), reader.GetInt64(2), reader.GetInt64(3), reader.GetFieldValue<DateTimeOffset>(4)));
        }
    }

    /// <summary>The last position recorded before a time (exclusive). The database keeps microseconds, a tick is a tenth of one.</summary>
    private Task<long> PositionBefore(DateTimeOffset time, CancellationToken ct) =>
        time == DateTimeOffset.MinValue ? Task.FromResult(0L) : PositionAsOf(time.AddTicks(-1), ct);

    /// <summary>
    /// One stream's events are few and found by the index on (tenant, stream, version); materialized, lest the limit makes the planner
    /// walk the whole log instead. Without a tenant, the few tenants are found by skipping through the streams' key.
    /// </summary>
    private static StringBuilder OfStream(StringBuilder where, bool anyTenant, List<NpgsqlParameter> values, int limit)
    {
        values.Add(Int(limit));
        var sql = new StringBuilder("with ");
        if (anyTenant)
        {
            sql.Insert(sql.Length, """
                recursive tenants as (
                    (select tenant_id from public.mt_streams order by tenant_id limit 1)
                    union all
                    select (select s.tenant_id from public.mt_streams as s where s.tenant_id > t.tenant_id order by s.tenant_id limit 1)
                    from tenants as t where t.tenant_id is not null),
                """);
            where.Append(" and tenant_id = any(array(select tenant_id from tenants))");
        }

        return sql.Append($" found as materialized (select {Columns} from public.mt_events {where})")
            .Append(" select * from found order by seq_id limit ").Append(Last(values));
    }

    private async Task<IReadOnlyList<RecordedEvent>> Read(StringBuilder sql, List<NpgsqlParameter> values, CancellationToken ct)
    {
        using var command = source.CreateCommand(sql.ToString());
        foreach (var value in values) command.Parameters.Add(value);
        var reader = await command.ExecuteReaderAsync(ct).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            var events = new List<RecordedEvent>();
            while (await reader.ReadAsync(ct).ConfigureAwait(false)) events.Add(Event(reader));
            return events;
        }
    }

    private RecordedEvent Event(NpgsqlDataReader row) => new(catalogue)
    {
        Position = row.GetInt64(0),
        Id = row.GetGuid(1),
        Tenant = row.GetString(2),
        Stream = row.GetString(3),
        Version = row.GetInt64(4),
        Type = row.GetString(5),
        Data = row.GetFieldValue<byte[]>(6),
        At = row.GetFieldValue<DateTimeOffset>(7),
        Metadata = new(
            row.IsDBNull(10) ? "unknown" : row.GetString(10),
            row.IsDBNull(8) ? "" : row.GetString(8),
            row.IsDBNull(9) ? null : row.GetString(9)),
    };

    private static void AddBound(StringBuilder sql, List<NpgsqlParameter> values, string condition, long? bound)
    {
        if (bound is { } value) Add(sql, values, condition, Long(value));
    }

    private static void Add(
        StringBuilder sql, List<NpgsqlParameter> values, string condition, NpgsqlParameter value, bool inParentheses = false)
    {
        values.Add(value);
        sql.Append(" and ").Append(condition).Append(inParentheses ? $"({Last(values)})" : $" {Last(values)}");
    }

    /// <summary>Placeholder of the last value.</summary>
    private static string Last(List<NpgsqlParameter> values) => string.Create(CultureInfo.InvariantCulture, $"${values.Count}");

    private static NpgsqlParameter<string> Text(string value) => new() { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Text };

    private static NpgsqlParameter<long> Long(long value) => new() { TypedValue = value };

    private static NpgsqlParameter<int> Int(int value) => new() { TypedValue = value };

    private static NpgsqlParameter<string[]> Texts(IEnumerable<string> values) =>
        new() { TypedValue = [.. values], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };
}
