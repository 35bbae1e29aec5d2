using Npgsql;
using Shouldly;
using SSC.Purchasing.EventStore;
using Xunit;

namespace SSC.Purchasing.DatabaseTests.Embedded;

public sealed class EmbeddedPostgresTests : IDisposable
{
    private readonly string folder = Path.Combine(Path.GetTempPath(), $"purchasing-embedded-{Guid.NewGuid():N}");

    public void Dispose()
    {
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task two_hosts_on_one_folder_share_a_server_and_the_last_one_stops_it()
    {
        var both = await Task.WhenAll(Start(), Start());
        both[0].Port.ShouldBe(both[1].Port);
        await both[0].CreateDatabase("kept");
        await both[0].DisposeAsync();

        (await Ask(both[1], "kept", "select 1")).ShouldBe(1);
        await both[1].DisposeAsync();
        File.Exists(Path.Combine(both[1].Folder, "data", "postmaster.pid")).ShouldBeFalse();
    }

    [Fact]
    public async Task data_survives_a_crash_of_the_server_and_a_host_that_never_said_goodbye()
    {
        var lost = await Start();
        await lost.CreateDatabase("kept");
        await Ask(lost, "kept", "create table t as select 7 as n; select 1");
        await lost.StopImmediately();
        await File.WriteAllLinesAsync(Path.Combine(lost.Folder, "data", "postmaster.pid"), [$"{Environment.ProcessId}", "x", "1", "5432"]);

        await using var found = await Start();
        (await Ask(found, "kept", "select n from t")).ShouldBe(7);
        await lost.DisposeAsync();
    }

    [Fact]
    public async Task it_is_durable_local_and_closed_to_strangers()
    {
        await using var server = await Start();
        (await Ask(server, "postgres", """
            select count(*)::int from pg_settings
            where (name, setting) in (
                ('fsync','on'), ('synchronous_commit','on'), ('full_page_writes','on'), ('listen_addresses','127.0.0.1'))
            """)).ShouldBe(4);
        var stranger = new NpgsqlConnectionStringBuilder(server.ConnectionStringFor("postgres")) { Password = "guess", Pooling = false };
        await using var connection = new NpgsqlConnection(stranger.ConnectionString);
        (await Should.ThrowAsync<PostgresException>(connection.OpenAsync())).SqlState.ShouldBe(PostgresErrorCodes.InvalidPassword);
    }

    [Fact]
    public async Task the_server_never_runs_as_root()
    {
        await using var server = await Start();
        var pid = int.Parse(File.ReadLines(Path.Combine(server.Folder, "data", "postmaster.pid")).First(), null);
        var uids = File.ReadLines($"/proc/{pid}/status").Single(line => line.StartsWith("Uid:", StringComparison.Ordinal));
        uids.Split('\t')[1].Equals("0", StringComparison.Ordinal).ShouldBeFalse(uids);
    }

    private Task<EmbeddedPostgres> Start() => EmbeddedPostgres.Start(new() { Folder = folder });

    private static async Task<int> Ask(EmbeddedPostgres server, string database, string sql)
    {
        await using var connection = new NpgsqlConnection($"{server.ConnectionStringFor(database)};Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (int)(await command.ExecuteScalarAsync())!;
    }
}
