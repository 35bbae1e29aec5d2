using Marten;
using Npgsql;
using SSC.Purchasing.CritterStack;
using SSC.Purchasing.EventStore;
using SSC.Purchasing.Kernel;
using Xunit;

namespace SSC.Purchasing.DatabaseTests.CritterStack;

/// <summary>Databases with the service's schema and what Marten needs besides; copies of a template per test class.</summary>
public sealed class MartenDatabases(DatabaseServer server) : IAsyncLifetime
{
    private static int templates;
    private readonly string template = $"critter_{Interlocked.Increment(ref templates)}";
    private int databases;

    public async ValueTask InitializeAsync()
    {
        var connection = await server.Server.CreateDatabase(template, "purchasing_template");
        await CritterStackRuntime.Migrate(connection, EventCatalogue.Of([typeof(MartenDatabases).Assembly]), CancellationToken.None);
        NpgsqlConnection.ClearAllPools();
    }

    public Task<string> NewDatabase() => server.Server.CreateDatabase($"{template}_{Interlocked.Increment(ref databases)}", template);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>A Marten store on a database, as the service sets it up.</summary>
    public static DocumentStore Marten(string connection, EventCatalogue catalogue) => DocumentStore.For(options =>
    {
        options.Connection(connection);
        options.UsePurchasingEvents(catalogue);
    });
}
