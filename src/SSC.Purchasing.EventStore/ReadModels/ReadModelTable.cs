using System.Text.RegularExpressions;
using Npgsql;
using NpgsqlTypes;
using SSC.Purchasing.EventStore.Subscriptions;
using SSC.Purchasing.Kernel;
using static SSC.Purchasing.EventStore.Subscriptions.Sql;

namespace SSC.Purchasing.EventStore.ReadModels;

/// <summary>One generation of a read model's rows: its table, its checkpoint and the SQL on them.</summary>
internal sealed partial class ReadModelTable
{
    private static readonly HashSet<string> Reserved = new(["tenant", "key", "doc", "position"], StringComparer.Ordinal);
    private readonly string columns;
    private readonly string upsert;

    public ReadModelTable(IReadModel model, int generation)
    {
        if (!ModelName().IsMatch(model.Name))
            throw new ArgumentException($"'{model.Name}' is not a read model's name: snake_case, 1 to 40 characters.", nameof(model));
        if (model.IndexNames.FirstOrDefault(i => !ModelName().IsMatch(i) || Reserved.Contains(i)) is { } bad)
            throw new ArgumentException($"'{bad}' cannot name an index column of {model.Name}.", nameof(model));
        Model = model;
        Generation = generation;
        Name = $"coop.rm_{model.Name}_g{generation}";
        Checkpoint = $"read_model/{model.Name}/g{generation}";
        columns = string.Concat(model.IndexNames.Select(i => $", \"{i}\""));
        upsert = $"""
            insert into {Name} (tenant, key, doc, position{columns})
            select * from unnest($1::text[], $2::text[], $3::jsonb[],
                $4::bigint[]{string.Concat(model.IndexNames.Select((_, i) => $", ${i + 5}::text[]"))})
            on conflict (tenant, key) do update
            set doc = excluded.doc, position = excluded.position
                {string.Concat(model.IndexNames.Select(i => $", \"{i}\" = excluded.\"{i}\""))}
            """;
    }

    public IReadModel Model { get; }

    public int Generation { get; }

    public string Name { get; }

    public string Checkpoint { get; }

    /// <summary>The table without its keys, which are cheaper to make when the rows are in.</summary>
    public NpgsqlBatchCommand Create() => new(
        $"""
        create table {Name} (
            tenant text collate "C" not null, key text collate "C" not null, doc jsonb not null, position bigint not null
            {string.Concat(Model.IndexNames.Select(i => $", \"{i}\" text collate \"C\""))})
        """);

    public IEnumerable<NpgsqlBatchCommand> CreateKeys() => Model.IndexNames
        .Select(i => new NpgsqlBatchCommand($"create index on {Name} (tenant, \"{i}\", key)"))
        .Prepend(new NpgsqlBatchCommand($"alter table {Name} add primary key (tenant, key)"));

    public NpgsqlBatchCommand Find(string tenant, string key) =>
        Of($"select doc from {Name} where tenant = $1 and key = $2", P(tenant), P(key));

    public NpgsqlBatchCommand List(string tenant, RowQuery query)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(query.Limit, 1, nameof(query));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.Limit, 10_000, nameof(query));
        var command = new NpgsqlBatchCommand { Parameters = { P(tenant) } };
        var where = "tenant = $1";
        foreach (var (column, value) in query.Where)
        {
            if (!Model.IndexNames.Contains(column, StringComparer.Ordinal))
                throw new ArgumentException($"{Model.Name} has no index column '{column}'.", nameof(query));
            command.Parameters.Add(P(value));
            where += $" and \"{column}\" = ${command.Parameters.Count}";
        }

        if (query.After is { } after)
        {
            command.Parameters.Add(P(after));
            where += $" and key > ${command.Parameters.Count}";
        }

        command.CommandText = $"select key, doc from {Name} where {where} order by key limit {query.Limit}";
        return command;
    }

    /// <summary>Each row by its key: a planner that knows nothing of the table yet would read all of the tenant's.</summary>
    public NpgsqlBatchCommand Load(string tenant, IEnumerable<string> keys) => Of(
        $"""
        select r.* from unnest($2::text[]) as wanted (k)
        cross join lateral (select tenant, key, doc from {Name} where tenant = $1 and key = k offset 0) as r
        """,
        P(tenant), P(keys));

    public NpgsqlBatchCommand Upsert(IReadOnlyCollection<RowFold.Row> rows)
    {
        var command = Of(
            upsert,
            P(rows.Select(r => r.Tenant)),
            P(rows.Select(r => r.Key)),
            P(rows.Select(r => StoredJson.Write(r.Document!, Model.RowType))),
            P(rows.Select(r => r.Position)));
        for (var i = 0; i < Model.IndexNames.Count; i++)
        {
            var index = i;
            command.Parameters.Add(P(rows.Select(r => Model.IndexValue(index, r.Document!))));
        }

        return command;
    }

    public NpgsqlBatchCommand Delete(IReadOnlyCollection<RowFold.Row> rows) => Of(
        $"delete from {Name} where (tenant, key) in (select * from unnest($1::text[], $2::text[]))",
        P(rows.Select(r => r.Tenant)), P(rows.Select(r => r.Key)));

    /// <summary>Writes rows by binary COPY.</summary>
    public async Task Copy(NpgsqlConnection connection, IEnumerable<RowFold.Row> rows, CancellationToken ct)
    {
        var importer = await connection.BeginBinaryImportAsync(
            $"copy {Name} (tenant, key, doc, position{columns}) from stdin (format binary)", ct).ConfigureAwait(false);
        await using (importer.ConfigureAwait(false))
        {
            foreach (var row in rows)
            {
                await importer.StartRowAsync(ct).ConfigureAwait(false);
                await importer.WriteAsync(row.Tenant, NpgsqlDbType.Text, ct).ConfigureAwait(false);
                await importer.WriteAsync(row.Key, NpgsqlDbType.Text, ct).ConfigureAwait(false);
                await importer.WriteAsync(StoredJson.Write(row.Document!, Model.RowType), NpgsqlDbType.Jsonb, ct).ConfigureAwait(false);
                await importer.WriteAsync(row.Position, NpgsqlDbType.Bigint, ct).ConfigureAwait(false);
                for (var i = 0; i < Model.IndexNames.Count; i++)
                {
                    var value = Model.IndexValue(i, row.Document!);
                    var write = value is null ? importer.WriteNullAsync(ct) : importer.WriteAsync(value, NpgsqlDbType.Text, ct);
                    await write.ConfigureAwait(false);
                }
            }

            await importer.CompleteAsync(ct).ConfigureAwait(false);
        }
    }

    [GeneratedRegex("^[a-z][a-z0-9_]{0,39}$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex ModelName();
}
