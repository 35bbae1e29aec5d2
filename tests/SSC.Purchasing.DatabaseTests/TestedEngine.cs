using SSC.Purchasing.EventStore;
using SSC.Purchasing.Host;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.DatabaseTests;

/// <summary>The same scenarios, and the same crashes, run on the engine that the build is for.</summary>
internal static class TestedEngine
{
#if CRITTER_STACK
    public const Engine Here = Engine.CritterStack;
#else
    public const Engine Here = Engine.Npgsql;
#endif

    /// <summary>Brings a database up to date.</summary>
    public static Task Migrate(string database, EventCatalogue catalogue) =>
        NodeEngine.Migrate(Here, database, catalogue, CancellationToken.None);

    /// <summary>The store of a node.</summary>
    public static NodeEngine Open(string database, StorePool pool, EventCatalogue catalogue) =>
        NodeEngine.Open(Here, database, pool, catalogue, TimeProvider.System);
}
