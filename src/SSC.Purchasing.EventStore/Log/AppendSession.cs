using Npgsql;
using NpgsqlTypes;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.EventStore;

/// <summary>The appender's connection, with its statements prepared.</summary>
internal sealed class AppendSession : IBatchWriter
{
    private const NpgsqlDbType Array = NpgsqlDbType.Array;
    private const NpgsqlDbType Texts = Array | NpgsqlDbType.Text;
    private const NpgsqlDbType Longs = Array | NpgsqlDbType.Bigint;
    private const NpgsqlDbType Ints = Array | NpgsqlDbType.Integer;
    private const NpgsqlDbType Times = Array | NpgsqlDbType.TimestampTz;

    /// <summary>Of coop.append_batch, in its order; <see cref="SetParameters"/> follows it.</summary>
    private static readonly NpgsqlDbType[] ParameterTypes =
    [
        NpgsqlDbType.TimestampTz, NpgsqlDbType.Bigint, NpgsqlDbType.TimestampTz, NpgsqlDbType.Integer,
        Texts, Texts, Longs, Longs,
        Texts, Texts, Longs,
        Texts, Texts, Longs,
        Texts, Texts, Array | NpgsqlDbType.Bytea, Texts, Longs, Ints, Times,
        Texts, Texts, Texts, Texts, Array | NpgsqlDbType.Json, Ints,
        Array | NpgsqlDbType.Uuid, Texts, Texts, Longs, Texts, Array | NpgsqlDbType.Jsonb, Texts, Texts, Array | NpgsqlDbType.Jsonb, Times,
    ];

    private readonly NpgsqlConnection connection;
    private readonly NpgsqlCommand write;
    private readonly NpgsqlBatch writeAndCommit;

    private AppendSession(NpgsqlConnection connection)
    {
        this.connection = connection;
        var parameters = string.Join(',', Enumerable.Range(1, ParameterTypes.Length).Select(i => $"${i}"));
        var sql = $"select base, recorded_at from coop.append_batch({parameters})";
        write = new(sql, connection);
        writeAndCommit = new(connection) { BatchCommands = { new(sql), new("commit") } };
        DeclareParameters(write.Parameters);
        DeclareParameters(writeAndCommit.BatchCommands[0].Parameters);
    }

    /// <summary>False once the connection is lost.</summary>
    public bool IsAlive => connection.FullState == System.Data.ConnectionState.Open;

    /// <inheritdoc/>
    public bool CanAssume => true;

    /// <inheritdoc/>
    public bool WritesByStream => false;

    /// <summary>Connects and makes sure that what is acknowledged will be durable.</summary>
    public static async Task<AppendSession> Open(NpgsqlDataSource source, bool isSeeding, CancellationToken ct)
    {
        var opened = await source.OpenConnectionAsync(ct).ConfigureAwait(false);
        try
        {
            await RequireDurability(opened, isSeeding, ct).ConfigureAwait(false);
            var session = new AppendSession(opened);
            await session.write.PrepareAsync(ct).ConfigureAwait(false);
            await session.writeAndCommit.PrepareAsync(ct).ConfigureAwait(false);
            return session;
        }
        catch
        {
            await opened.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Makes sure that what commits on a connection is on the disk, except while seeding.</summary>
    /// <exception cref="InvalidOperationException">The server does not write to the disk at all.</exception>
    public static async Task RequireDurability(NpgsqlConnection opened, bool isSeeding, CancellationToken ct)
    {
        // A server may be set to wait for more than its own disk (remote_apply); it is never allowed less, except while seeding.
        using var command = new NpgsqlCommand("""
            select current_setting('fsync'), set_config('synchronous_commit', case
                when $1 then 'off' when current_setting('synchronous_commit') in ('off', 'local') then 'on'
                else current_setting('synchronous_commit') end, false)
            """, opened);
        command.Parameters.Add(new() { Value = isSeeding });
        if (!string.Equals((string?)await command.ExecuteScalarAsync(ct).ConfigureAwait(false), "on", StringComparison.Ordinal))
            throw new InvalidOperationException(
                "The PostgreSQL server runs with fsync = off; nothing it acknowledges is durable. Turn fsync on.");
    }

    /// <summary>Writes a plan in one autocommitted call.</summary>
    public async Task<(long Base, DateTimeOffset RecordedAt)> Write(BatchPlan plan, long? expectedBase, CancellationToken ct)
    {
        SetParameters(write.Parameters, plan, null, expectedBase);
        var reader = await write.ExecuteReaderAsync(System.Data.CommandBehavior.SingleRow, ct).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false)) return await ReadAnswer(reader, ct).ConfigureAwait(false);
    }

    /// <summary>Writes a plan that was made under the lock, and commits.</summary>
    public async Task<(long Base, DateTimeOffset RecordedAt)> WriteAndCommit(BatchPlan plan, LockedState state, CancellationToken ct)
    {
        SetParameters(writeAndCommit.BatchCommands[0].Parameters, plan, state.Now, null);
        var reader = await writeAndCommit.ExecuteReaderAsync(ct).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            var answer = await ReadAnswer(reader, ct).ConfigureAwait(false);
            while (await reader.NextResultAsync(ct).ConfigureAwait(false))
            {
                // The commit's answer: an error in it must not be missed.
            }

            return answer;
        }
    }

    /// <inheritdoc/>
    public Task<LockedState> LockAndRead(IReadOnlyList<PendingAppend> batch, CancellationToken ct) => LockAndRead(connection, batch, ct);

    /// <summary>The same on any connection.</summary>
    public static async Task<LockedState> LockAndRead(
        NpgsqlConnection connection, IReadOnlyList<PendingAppend> batch, CancellationToken ct, bool isBegun = false)
    {
        var streams = new HashSet<StreamId>();
        var keys = new HashSet<KeyId>();
        var sent = new List<PendingAppend>();
        foreach (var pending in batch)
        {
            var append = pending.Append;
            streams.Add(new(append.Tenant, append.Stream));
            foreach (var condition in append.Conditions) streams.Add(new(append.Tenant, condition.Stream));
            if (append.Key is { } key) keys.Add(new(append.Tenant, key.Value));
            if (pending.MayBeRecorded && append.Events.Count > 0) sent.Add(pending);
        }

        var command = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new("select position, last_recorded_at, seeding from coop.head for update"),
                new("select clock_timestamp()"),
                With("""
                    select s.tenant_id, s.id, s.version from unnest($1, $2) as w (tenant, stream)
                    join public.mt_streams as s on s.tenant_id = w.tenant and s.id = w.stream
                    """, streams.Select(s => s.Tenant), streams.Select(s => s.Stream)),
                With("""
                    select k.tenant_id, k.key, k.request_hash, k.stream_id, k.version, k.position, k.recorded_at
                    from unnest($1, $2) as w (tenant, key)
                    join coop.idempotency as k on k.tenant_id = w.tenant and k.key = w.key
                    """, keys.Select(k => k.Tenant), keys.Select(k => k.Key)),
            },
        };
        await using (command.ConfigureAwait(false))
        {
            if (!isBegun) command.BatchCommands.Insert(0, new("begin"));
            if (sent.Count > 0) command.BatchCommands.Add(WithSent(sent));
            var reader = await command.ExecuteReaderAsync(ct).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false)) return await LockedState.Read(reader, sent, ct).ConfigureAwait(false);
        }
    }

    /// <summary>Gives up the transaction and the lock.</summary>
    public Task Rollback(CancellationToken ct) => Execute("rollback", ct);

    /// <summary>Runs a statement without an answer.</summary>
    public async Task Execute(string sql, CancellationToken ct)
    {
        using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(ct).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await write.DisposeAsync().ConfigureAwait(false);
        await writeAndCommit.DisposeAsync().ConfigureAwait(false);

        // Settings of this session differ from a fresh one's; it never goes back into the pool.
        NpgsqlConnection.ClearPool(connection);
        await connection.DisposeAsync().ConfigureAwait(false);
    }

    private static NpgsqlBatchCommand With(string sql, IEnumerable<string> first, IEnumerable<string> second) => new(sql)
    {
        Parameters =
        {
            new NpgsqlParameter<string[]> { TypedValue = [.. first], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
            new NpgsqlParameter<string[]> { TypedValue = [.. second], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
        },
    };

    private static NpgsqlBatchCommand WithSent(List<PendingAppend> sent)
    {
        var command = With("""
            select w.ordinal, e.seq_id, last.timestamp
            from unnest($1, $2, $3, $4, $5) with ordinality as w (tenant, stream, version, id, size, ordinal)
            join public.mt_events as e on e.tenant_id = w.tenant and e.stream_id = w.stream and e.version = w.version and e.id = w.id
            join public.mt_events as last on last.seq_id = e.seq_id + w.size - 1
            """, sent.Select(p => p.Append.Tenant), sent.Select(p => p.Append.Stream));
        command.Parameters.Add(new() { Value = sent.Select(p => p.Append.ExpectedVersion + 1).ToArray() });
        command.Parameters.Add(new() { Value = sent.Select(p => p.Append.Events[0].Id).ToArray() });
        command.Parameters.Add(new() { Value = sent.Select(p => p.Append.Events.Count).ToArray() });
        return command;
    }

    private static async Task<(long Base, DateTimeOffset RecordedAt)> ReadAnswer(NpgsqlDataReader reader, CancellationToken ct)
    {
        if (!await reader.ReadAsync(ct).ConfigureAwait(false)) throw new InvalidOperationException("coop.append_batch did not answer.");
        return (reader.GetInt64(0), reader.GetFieldValue<DateTimeOffset>(1));
    }

    private static void DeclareParameters(NpgsqlParameterCollection parameters)
    {
        foreach (var type in ParameterTypes) parameters.Add(new() { NpgsqlDbType = type, Value = DBNull.Value });
    }

    private static void SetParameters(NpgsqlParameterCollection parameters, BatchPlan plan, DateTimeOffset? at, long? expectedBase)
    {
        var next = 0;
        void Set(object? value) => parameters[next++].Value = value ?? DBNull.Value;
        void SetAll<T>(List<T> values) => Set(values.Count == 0 ? null : values.ToArray());

        Set(at);
        Set(expectedBase);
        Set(plan.Before);
        Set(plan.EventIds.Count);
        SetAll(plan.UpdateTenants);
        SetAll(plan.UpdateStreams);
        SetAll(plan.UpdateBases);
        SetAll(plan.UpdateVersions);
        SetAll(plan.InsertTenants);
        SetAll(plan.InsertStreams);
        SetAll(plan.InsertVersions);
        SetAll(plan.CheckTenants);
        SetAll(plan.CheckStreams);
        SetAll(plan.CheckVersions);
        SetAll(plan.KeyTenants);
        SetAll(plan.KeyValues);
        SetAll(plan.KeyHashes);
        SetAll(plan.KeyStreams);
        SetAll(plan.KeyVersions);
        SetAll(plan.KeyOffsets);
        SetAll(plan.KeyTimes);
        SetAll(plan.OutboxTenants);
        SetAll(plan.Outbox.ConvertAll(o => o.Id));
        SetAll(plan.Outbox.ConvertAll(o => o.Channel));
        SetAll(plan.Outbox.ConvertAll(o => o.Destination));
        SetAll(plan.Outbox.ConvertAll(o => o.Body));
        SetAll(plan.OutboxOffsets);
        SetAll(plan.EventIds);
        SetAll(plan.EventTenants);
        SetAll(plan.EventStreams);
        SetAll(plan.EventVersions);
        SetAll(plan.EventTypes);
        SetAll(plan.EventData);
        SetAll(plan.EventCorrelations);
        SetAll(plan.EventCausations);
        SetAll(plan.EventHeaders);
        SetAll(plan.EventTimes);
    }
}

/// <summary>The truth about everything a batch refers to, read under the head's lock.</summary>
internal sealed class LockedState : IKnownState
{
    private readonly Dictionary<StreamId, long> versions = [];
    private readonly Dictionary<KeyId, KeyedOutcome> keys = [];
    private readonly Dictionary<PendingAppend, AppendOutcome.Appended> recorded = [];

    public bool IsExact => true;

    public long Position { get; private set; }

    public DateTimeOffset LastRecordedAt { get; private set; }

    public bool IsSeeding { get; private set; }

    /// <summary>The recorded time of this batch: the database's clock, never before the last event's.</summary>
    public DateTimeOffset? Now { get; private set; }

    public long VersionOf(StreamId stream, long seen) => versions.GetValueOrDefault(stream);

    public KeyedOutcome? FirstOutcome(KeyId key) => keys.GetValueOrDefault(key);

    public AppendOutcome.Appended? RecordedBefore(PendingAppend pending) => recorded.GetValueOrDefault(pending);

    public static async Task<LockedState> Read(NpgsqlDataReader reader, List<PendingAppend> sent, CancellationToken ct)
    {
        var state = new LockedState();
        await reader.ReadAsync(ct).ConfigureAwait(false);
        state.Position = reader.GetInt64(0);
        state.LastRecordedAt = reader.GetFieldValue<DateTimeOffset>(1);
        state.IsSeeding = reader.GetBoolean(2);

        await reader.NextResultAsync(ct).ConfigureAwait(false);
        await reader.ReadAsync(ct).ConfigureAwait(false);
        var clock = reader.GetFieldValue<DateTimeOffset>(0);
        state.Now = clock < state.LastRecordedAt ? state.LastRecordedAt : clock;

        await reader.NextResultAsync(ct).ConfigureAwait(false);
        while (await reader.ReadAsync(ct).ConfigureAwait(false))
            state.versions[new(reader.GetString(0), reader.GetString(1))] = reader.GetInt64(2);

        await reader.NextResultAsync(ct).ConfigureAwait(false);
        while (await reader.ReadAsync(ct).ConfigureAwait(false))
        {
            state.keys[new(reader.GetString(0), reader.GetString(1))] = new(
                reader.GetFieldValue<byte[]>(2),
                new(reader.GetString(3), reader.GetInt64(4), reader.GetInt64(5), reader.GetFieldValue<DateTimeOffset>(6)));
        }

        if (!await reader.NextResultAsync(ct).ConfigureAwait(false)) return state;
        while (await reader.ReadAsync(ct).ConfigureAwait(false))
        {
            var pending = sent[(int)reader.GetInt64(0) - 1];
            var append = pending.Append;
            state.recorded[pending] = new(
                append.Stream, append.ExpectedVersion + append.Events.Count, reader.GetInt64(1) + append.Events.Count - 1,
                reader.GetFieldValue<DateTimeOffset>(2));
        }

        return state;
    }
}
