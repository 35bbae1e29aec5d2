using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace SSC.Purchasing.EventStore;

/// <summary>A migration script cannot be applied; the message says what to do.</summary>
public sealed class SchemaMigrationException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>One numbered SQL script, an embedded resource named <c>NNNN_what_it_does.sql</c>.</summary>
/// <param name="Number">Order of application; 1–99 the event store, from 100 read models, sagas and deliveries.</param>
/// <param name="Name">File name without <c>.sql</c>.</param>
/// <param name="Sql">Text with LF line ends.</param>
public sealed record SchemaScript(int Number, string Name, string Sql)
{
    /// <summary>SHA-256 of the text, lower-case hexadecimal.</summary>
    public string Checksum { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sql)));

    /// <summary>The scripts in an assembly, in order.</summary>
    public static IReadOnlyList<SchemaScript> In(Assembly assembly)
    {
        var scripts = new List<SchemaScript>();
        foreach (var resource in assembly.GetManifestResourceNames().Where(r => r.EndsWith(".sql", StringComparison.Ordinal)))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!, Encoding.UTF8);
            var name = resource[..^4].Split('.')[^1];
            var number = int.Parse(name.AsSpan(0, name.IndexOf('_', StringComparison.Ordinal)), CultureInfo.InvariantCulture);
            scripts.Add(new(number, name, reader.ReadToEnd().ReplaceLineEndings("\n")));
        }

        return [.. scripts.OrderBy(s => s.Number)];
    }
}

/// <summary>
/// Brings a database to this version's schema: numbered scripts, each applied once in a transaction of its own and remembered in
/// <c>coop.schema_migration</c> with its checksum. Several nodes may do it at once: an advisory lock lets one work.
/// </summary>
public static class SchemaMigrator
{
    /// <summary>Advisory lock of migrations ("coop" in ASCII).</summary>
    private const long LockKey = 0x636F6F70;

    /// <summary>The event store's own scripts.</summary>
    public static IReadOnlyList<SchemaScript> Scripts { get; } = SchemaScript.In(typeof(SchemaMigrator).Assembly);

    /// <summary>Applies what is missing of <see cref="Scripts"/>.</summary>
    /// <returns>How many scripts were applied now.</returns>
    /// <exception cref="SchemaMigrationException">An applied script has been changed since, or one fails.</exception>
    public static Task<int> Migrate(string connectionString, CancellationToken ct = default) => Migrate(connectionString, Scripts, ct);

    /// <summary>Applies what is missing of the scripts given.</summary>
    /// <returns>How many scripts were applied now.</returns>
    /// <exception cref="SchemaMigrationException">An applied script has been changed since, or one fails.</exception>
    public static async Task<int> Migrate(string connectionString, IReadOnlyList<SchemaScript> scripts, CancellationToken ct = default)
    {
        // A connection of its own: closing it frees the lock whatever happens.
        var connection = new NpgsqlConnection($"{connectionString};Pooling=false");
        await using (connection.ConfigureAwait(false))
        {
            await connection.OpenAsync(ct).ConfigureAwait(false);
            await Execute(connection, $"select pg_advisory_lock({LockKey})", ct).ConfigureAwait(false);
            await Execute(connection, """
                create schema if not exists coop;
                create table if not exists coop.schema_migration (
                    number integer primary key, name text not null, checksum text not null, applied_at timestamptz not null default now())
                """, ct).ConfigureAwait(false);

            var applied = await Applied(connection, ct).ConfigureAwait(false);
            var missing = scripts.Where(s => !applied.ContainsKey(s.Number)).OrderBy(s => s.Number).ToList();
            if (scripts.FirstOrDefault(s =>
                applied.TryGetValue(s.Number, out var sum) && !string.Equals(sum, s.Checksum, StringComparison.Ordinal)) is { } changed)
            {
                throw new SchemaMigrationException(
                    $"Migration {changed.Name} was applied to this database with another text. "
                    + "Restore the script; put the change into a new one.");
            }

            foreach (var script in missing) await Apply(connection, script, ct).ConfigureAwait(false);
            return missing.Count;
        }
    }

    private static async Task<Dictionary<int, string>> Applied(NpgsqlConnection connection, CancellationToken ct)
    {
        using var command = new NpgsqlCommand("select number, checksum from coop.schema_migration", connection);
        var reader = await command.ExecuteReaderAsync(ct).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            var applied = new Dictionary<int, string>();
            while (await reader.ReadAsync(ct).ConfigureAwait(false)) applied[reader.GetInt32(0)] = reader.GetString(1);
            return applied;
        }
    }

    private static async Task Apply(NpgsqlConnection connection, SchemaScript script, CancellationToken ct)
    {
        var transaction = await connection.BeginTransactionAsync(ct).ConfigureAwait(false);
        await using (transaction.ConfigureAwait(false))
        {
            try
            {
                await Execute(connection, script.Sql, ct).ConfigureAwait(false);
                using var remember = new NpgsqlCommand(
                    "insert into coop.schema_migration (number, name, checksum) values ($1, $2, $3)", connection, transaction);
                remember.Parameters.Add(new() { Value = script.Number });
                remember.Parameters.Add(new() { Value = script.Name });
                remember.Parameters.Add(new() { Value = script.Checksum });
                await remember.ExecuteNonQueryAsync(ct).ConfigureAwait(false);
                await transaction.CommitAsync(ct).ConfigureAwait(false);
            }
            catch (PostgresException e)
            {
                throw new SchemaMigrationException($"Migration {script.Name} failed: {e.MessageText}", e);
            }
        }
    }

    private static async Task Execute(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(ct).ConfigureAwait(false);
    }
}
