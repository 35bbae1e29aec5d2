using Npgsql;
using SSC.Purchasing.DatabaseTests;
using SSC.Purchasing.EventStore;
using Xunit;

[assembly: AssemblyFixture(typeof(DatabaseServer))]

namespace SSC.Purchasing.DatabaseTests;

/// <summary>One real PostgreSQL for the whole run, in a temporary folder; databases are copies of a migrated template.</summary>
public sealed class DatabaseServer : IAsyncLifetime
{
    private const string Template = "purchasing_template";
    private int databases;
    private EmbeddedPostgres? server;

    public EmbeddedPostgres Server => server ?? throw new InvalidOperationException("The server is not started yet.");

    public async ValueTask InitializeAsync()
    {
        server = await EmbeddedPostgres.Start(new() { Folder = Path.Combine(Path.GetTempPath(), $"purchasing-tests-{Guid.NewGuid():N}") });
        await SchemaMigrator.Migrate(await server.CreateDatabase(Template));
    }

    /// <summary>A database of its own, with the schema, empty.</summary>
    public Task<string> NewDatabase() => Server.CreateDatabase($"test_{Interlocked.Increment(ref databases)}", Template);

    /// <summary>A database of its own, without anything.</summary>
    public Task<string> BlankDatabase() => Server.CreateDatabase($"blank_{Interlocked.Increment(ref databases)}");

    public async ValueTask DisposeAsync()
    {
        if (server is null) return;
        NpgsqlConnection.ClearAllPools();
        await server.StopImmediately(); // Its data goes with it: no need to write it out first.
        await server.DisposeAsync();
        Directory.Delete(server.Folder, recursive: true);
    }
}

/// <summary>A migrated database per test class: <c>IClassFixture&lt;FreshDatabase&gt;</c>.</summary>
public sealed class FreshDatabase(DatabaseServer server) : IAsyncLifetime
{
    public string ConnectionString { get; private set; } = "";

    public async ValueTask InitializeAsync() => ConnectionString = await server.NewDatabase();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
