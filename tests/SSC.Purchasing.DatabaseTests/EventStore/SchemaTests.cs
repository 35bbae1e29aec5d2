using Npgsql;
using Shouldly;
using SSC.Purchasing.EventStore;
using Xunit;

namespace SSC.Purchasing.DatabaseTests.EventStore;

public sealed class SchemaTests(DatabaseServer server)
{
    [Fact]
    public async Task eight_nodes_that_start_at_once_apply_every_script_once()
    {
        var database = await server.BlankDatabase();
        var applied = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => SchemaMigrator.Migrate(database)));
        applied.Sum().ShouldBe(SchemaMigrator.Scripts.Count);
        (await Rows(database, "select number::text from coop.schema_migration")).Count.ShouldBe(SchemaMigrator.Scripts.Count);
    }

    [Fact]
    public async Task a_script_that_was_changed_after_it_was_applied_is_refused()
    {
        var database = await server.BlankDatabase();
        await SchemaMigrator.Migrate(database, [new(1, "0001_first", "create table first (n int)")]);
        var refusal = await Should.ThrowAsync<SchemaMigrationException>(
            SchemaMigrator.Migrate(database, [new(1, "0001_first", "create table first (n bigint)")]));
        refusal.Message.ShouldContain("0001_first");
    }

    [Fact]
    public async Task a_script_that_fails_leaves_nothing_behind_and_the_ones_before_it_stay()
    {
        var database = await server.BlankDatabase();
        SchemaScript good = new(1, "0001_good", "create table good (n int)"), bad =
            new(2, "0002_bad", "create table half (n int); select 1/0");
        await Should.ThrowAsync<SchemaMigrationException>(SchemaMigrator.Migrate(database, [good, bad]));
        (await Rows(database, "select table_name from information_schema.tables where table_schema = 'public'")).ShouldBe(["good"]);
        (await SchemaMigrator.Migrate(database, [good, bad with { Sql = "create table half (n int)" }])).ShouldBe(1);
    }

    [Fact]
    public async Task events_lie_in_martens_tables_and_nothing_of_ours_is_added_to_them()
    {
        var database = await server.NewDatabase();
        (await Rows(database, """
            select table_name || '.' || column_name || ' ' || data_type || coalesce('(' || character_maximum_length || ')', '')
                || case is_nullable when 'NO' then ' not null' else '' end
            from information_schema.columns where table_schema = 'public' order by table_name, ordinal_position
            """)).ShouldBe(
        [
            "mt_event_progression.name character varying not null",
            "mt_event_progression.last_seq_id bigint",
            "mt_event_progression.last_updated timestamp with time zone",
            "mt_events.seq_id bigint not null",
            "mt_events.id uuid not null",
            "mt_events.stream_id character varying",
            "mt_events.version bigint not null",
            "mt_events.data jsonb not null",
            "mt_events.bdata bytea",
            "mt_events.type character varying(500) not null",
            "mt_events.timestamp timestamp with time zone not null",
            "mt_events.tenant_id character varying",
            "mt_events.mt_dotnet_type character varying",
            "mt_events.correlation_id character varying",
            "mt_events.causation_id character varying",
            "mt_events.headers jsonb",
            "mt_events.is_archived boolean",
            "mt_streams.tenant_id character varying not null",
            "mt_streams.id character varying not null",
            "mt_streams.type character varying",
            "mt_streams.version bigint",
            "mt_streams.timestamp timestamp with time zone not null",
            "mt_streams.created timestamp with time zone not null",
            "mt_streams.is_archived boolean",
        ]);
        (await Rows(database, "select replace(indexdef, 'public.', '') from pg_indexes where schemaname = 'public' order by indexname"))
            .ShouldBe(
        [
            "CREATE UNIQUE INDEX pk_mt_event_progression ON mt_event_progression USING btree (name)",
            "CREATE UNIQUE INDEX pk_mt_events_stream_and_version ON mt_events USING btree (tenant_id, stream_id, version)",
            "CREATE UNIQUE INDEX pkey_mt_events_seq_id ON mt_events USING btree (seq_id)",
            "CREATE UNIQUE INDEX pkey_mt_streams_tenant_id_id ON mt_streams USING btree (tenant_id, id)",
        ]);
        const string triggers =
            "select tgname::text from pg_trigger t join pg_class c on c.oid = tgrelid where relname like 'mt\\_%' and not tgisinternal";
        (await Rows(database, triggers)).ShouldBeEmpty();
    }

    private static async Task<List<string>> Rows(string database, string sql)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using var command = source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync()) rows.Add(reader.GetString(0));
        return rows;
    }
}
