using Npgsql;

namespace SSC.Purchasing.EventStore;

/// <summary>The event store's connections: a few for appending, planned for arrays of a batch, and a pool for reading.</summary>
public sealed class StorePool : IAsyncDisposable
{
    /// <summary>
    /// Plans made while the tables were empty would scan them for ever; a batch always wants the indexes. Generic plans, because the
    /// arrays of every batch look alike to the planner and planning anew costs more than it finds.
    /// </summary>
    private const string AppendingSession =
        "-c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off "
        + "-c jit=off -c lock_timeout=0 -c statement_timeout=0 -c idle_in_transaction_session_timeout=60000";

    private StorePool(NpgsqlDataSource appending, NpgsqlDataSource reading) => (Appending, Reading) = (appending, reading);

    /// <summary>For the appender: at most a few connections, each kept for the appender's life.</summary>
    public NpgsqlDataSource Appending { get; }

    /// <summary>For everything that reads, and for small transactions of read models, sagas and deliveries.</summary>
    public NpgsqlDataSource Reading { get; }

    /// <summary>Makes both from one connection string.</summary>
    /// <param name="connectionString">Npgsql connection string.</param>
    /// <param name="readers">Largest number of connections in <see cref="Reading"/>.</param>
    public static StorePool Open(string connectionString, int readers = 32)
    {
        var appending = new NpgsqlConnectionStringBuilder(connectionString)
        {
            ApplicationName = "purchasing-appender",
            MinPoolSize = 0,
            MaxPoolSize = 4,
            NoResetOnClose = true,
            CommandTimeout = 60,
            Enlist = false,
            WriteBufferSize = 65_536,
        };
        appending.Options = $"{appending.Options} {AppendingSession}".Trim();
        var reading = new NpgsqlConnectionStringBuilder(connectionString)
        {
            ApplicationName = "purchasing-reader",
            MaxPoolSize = readers,
            MaxAutoPrepare = 64,
            AutoPrepareMinUsages = 2,
            Enlist = false,
            ReadBufferSize = 32_768,
        };
        reading.Options = $"{reading.Options} -c jit=off".Trim();
        return new(NpgsqlDataSource.Create(appending), NpgsqlDataSource.Create(reading));
    }

    /// <summary>Closes the connections.</summary>
    public async ValueTask DisposeAsync()
    {
        await Appending.DisposeAsync().ConfigureAwait(false);
        await Reading.DisposeAsync().ConfigureAwait(false);
    }
}
