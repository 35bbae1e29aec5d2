using Npgsql;
using NpgsqlTypes;

namespace SSC.Purchasing.EventStore.Subscriptions;

/// <summary>Statements in one round trip, and transactions, without the ceremony.</summary>
internal static class Sql
{
    /// <summary>A statement with positional parameters.</summary>
    public static NpgsqlBatchCommand Of(string text, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        var statement = new NpgsqlBatchCommand(text);
        foreach (var parameter in parameters) statement.Parameters.Add(parameter);
        return statement;
    }

    public static NpgsqlParameter P(string? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };

    public static NpgsqlParameter P(long? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint };

    public static NpgsqlParameter P(int value) => new() { Value = value, NpgsqlDbType = NpgsqlDbType.Integer };

    public static NpgsqlParameter P(DateTimeOffset value) =>
        new() { Value = value.ToUniversalTime(), NpgsqlDbType = NpgsqlDbType.TimestampTz };

    public static NpgsqlParameter P(TimeSpan value) => new() { Value = value, NpgsqlDbType = NpgsqlDbType.Interval };

    public static NpgsqlParameter P(Guid? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid };

    public static NpgsqlParameter P(IEnumerable<string?> values) => Array(values.ToArray(), NpgsqlDbType.Text);

    public static NpgsqlParameter P(IEnumerable<long> values) => Array(values.ToArray(), NpgsqlDbType.Bigint);

    public static NpgsqlParameter P(IEnumerable<DateTimeOffset> values) =>
        Array(values.Select(v => v.ToUniversalTime()).ToArray(), NpgsqlDbType.TimestampTz);

    /// <summary>An array of JSON documents.</summary>
    public static NpgsqlParameter P(IEnumerable<byte[]> documents, NpgsqlDbType json = NpgsqlDbType.Jsonb) =>
        Array(documents.ToArray(), json);

    /// <summary>Runs statements in one round trip and one transaction; rows affected in all.</summary>
    public static async Task<int> Run(this NpgsqlDataSource db, IEnumerable<NpgsqlBatchCommand> statements, CancellationToken ct)
    {
        var connection = await db.OpenConnectionAsync(ct).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false)) return await connection.Run(statements, ct).ConfigureAwait(false);
    }

    /// <inheritdoc cref="Run(NpgsqlDataSource, IEnumerable{NpgsqlBatchCommand}, CancellationToken)"/>
    public static Task<int> Run(this NpgsqlDataSource db, NpgsqlBatchCommand statement, CancellationToken ct) => db.Run([statement], ct);

    /// <summary>Runs statements in one round trip, in the connection's transaction if it has one; rows affected in all.</summary>
    public static async Task<int> Run(this NpgsqlConnection connection, IEnumerable<NpgsqlBatchCommand> statements, CancellationToken ct)
    {
        var batch = new NpgsqlBatch(connection) { Timeout = 600 };
        await using (batch.ConfigureAwait(false))
        {
            foreach (var statement in statements) batch.BatchCommands.Add(statement);
            return batch.BatchCommands.Count == 0 ? 0 : Math.Max(0, await batch.ExecuteNonQueryAsync(ct).ConfigureAwait(false));
        }
    }

    /// <inheritdoc cref="Run(NpgsqlConnection, IEnumerable{NpgsqlBatchCommand}, CancellationToken)"/>
    public static Task<int> Run(this NpgsqlConnection connection, NpgsqlBatchCommand statement, CancellationToken ct) =>
        connection.Run([statement], ct);

    /// <summary>Asks several questions in one round trip; the reader stands before the first answer's rows.</summary>
    public static async Task<T> Ask<T>(
        this NpgsqlDataSource db, IEnumerable<NpgsqlBatchCommand> questions, Func<NpgsqlDataReader, Task<T>> read, CancellationToken ct)
    {
        var connection = await db.OpenConnectionAsync(ct).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false)) return await connection.Ask(questions, read, ct).ConfigureAwait(false);
    }

    /// <inheritdoc cref="Ask{T}(NpgsqlDataSource, IEnumerable{NpgsqlBatchCommand}, Func{NpgsqlDataReader, Task{T}}, CancellationToken)"/>
    public static async Task<T> Ask<T>(
        this NpgsqlConnection connection, IEnumerable<NpgsqlBatchCommand> questions, Func<NpgsqlDataReader, Task<T>> read,
        CancellationToken ct)
    {
        var batch = new NpgsqlBatch(connection);
        await using (batch.ConfigureAwait(false))
        {
            foreach (var question in questions) batch.BatchCommands.Add(question);
            var reader = await batch.ExecuteReaderAsync(ct).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false)) return await read(reader).ConfigureAwait(false);
        }
    }

    /// <summary>The rows of one question.</summary>
    public static Task<List<T>> Rows<T>(this NpgsqlDataSource db, NpgsqlBatchCommand question, Func<NpgsqlDataReader, T> row,
        CancellationToken ct) =>
        db.Ask([question], reader => reader.Rows(row, ct), ct);

    /// <inheritdoc cref="Rows{T}(NpgsqlDataSource, NpgsqlBatchCommand, Func{NpgsqlDataReader, T}, CancellationToken)"/>
    public static Task<List<T>> Rows<T>(this NpgsqlConnection connection, NpgsqlBatchCommand question, Func<NpgsqlDataReader, T> row,
        CancellationToken ct) =>
        connection.Ask([question], reader => reader.Rows(row, ct), ct);

    /// <summary>The rest of the current answer.</summary>
    public static async Task<List<T>> Rows<T>(this NpgsqlDataReader reader, Func<NpgsqlDataReader, T> row, CancellationToken ct)
    {
        var rows = new List<T>();
        while (await reader.ReadAsync(ct).ConfigureAwait(false)) rows.Add(row(reader));
        return rows;
    }

    /// <summary>The only value of the current answer, or null when it has no row.</summary>
    public static async Task<T?> Value<T>(this NpgsqlDataReader reader, CancellationToken ct)
        where T : struct => await reader.ReadAsync(ct).ConfigureAwait(false) ? reader.GetFieldValue<T>(0) : null;

    /// <summary>Works in a transaction that commits unless the work throws or answers false.</summary>
    public static async Task<bool> InTransaction(this NpgsqlDataSource db, Func<NpgsqlConnection, Task<bool>> work, CancellationToken ct)
    {
        var connection = await db.OpenConnectionAsync(ct).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false)) return await connection.InTransaction(work, ct).ConfigureAwait(false);
    }

    /// <inheritdoc cref="InTransaction(NpgsqlDataSource, Func{NpgsqlConnection, Task{bool}}, CancellationToken)"/>
    public static async Task<bool> InTransaction(this NpgsqlConnection connection, Func<NpgsqlConnection, Task<bool>> work,
        CancellationToken ct)
    {
        var transaction = await connection.BeginTransactionAsync(ct).ConfigureAwait(false);
        await using (transaction.ConfigureAwait(false))
        {
            var isWanted = await work(connection).ConfigureAwait(false);
            if (isWanted) await transaction.CommitAsync(ct).ConfigureAwait(false);
            return isWanted;
        }
    }

    public static string? TextOrNull(this NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    public static DateTimeOffset Time(this NpgsqlDataReader reader, int column) => reader.GetFieldValue<DateTimeOffset>(column);

    public static byte[] Json(this NpgsqlDataReader reader, int column) => reader.GetFieldValue<byte[]>(column);

    private static NpgsqlParameter Array(object values, NpgsqlDbType element) =>
        new() { Value = values, NpgsqlDbType = NpgsqlDbType.Array | element };
}
