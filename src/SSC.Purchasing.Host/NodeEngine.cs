using SSC.Purchasing.EventStore;
using SSC.Purchasing.EventStore.Sagas;
using SSC.Purchasing.EventStore.Subscriptions;
using SSC.Purchasing.Kernel;
#if CRITTER_STACK
using SSC.Purchasing.CritterStack;
#endif

namespace SSC.Purchasing.Host;

/// <summary>What keeps the log and runs the sagas on a node; read models and deliveries are the same on each.</summary>
public enum Engine
{
    /// <summary>The service's own store and saga runner on Npgsql.</summary>
    Npgsql,

    /// <summary>Marten and Wolverine, in a build made with <c>-p:CritterStack=true</c>.</summary>
    CritterStack,
}

/// <summary>The engine of one node, chosen by <see cref="Settings.Engine"/>.</summary>
internal abstract class NodeEngine : IAsyncDisposable
{
    /// <summary>The log.</summary>
    public abstract IEventStore Store { get; }

    /// <summary>The node's runtime with the sagas in it, or with what hands the log to them.</summary>
    public abstract RuntimePlan Run(RuntimePlan plan, SagaPlan sagas);

    /// <summary>Starts what runs beside the node's runtime.</summary>
    /// <exception cref="InvalidOperationException">The database's sagas are the other engine's.</exception>
    public abstract Task Start(CancellationToken ct);

    public abstract ValueTask DisposeAsync();

    /// <summary>Brings the database up to date for an engine.</summary>
    /// <returns>Numbered scripts applied now.</returns>
    public static async Task<int> Migrate(Engine engine, string connection, EventCatalogue catalogue, CancellationToken ct)
    {
        var applied = await SchemaMigrator.Migrate(connection, ct);
        if (engine == Engine.CritterStack)
        {
#if CRITTER_STACK
            await CritterStackRuntime.Migrate(connection, catalogue, ct);
#else
            throw NotBuilt();
#endif
        }

        return applied;
    }

    /// <summary>Opens an engine on a database that is up to date.</summary>
    /// <exception cref="NotSupportedException">This build has no such engine.</exception>
    public static NodeEngine Open(Engine engine, string connection, StorePool pool, EventCatalogue catalogue, TimeProvider clock) =>
        engine switch
        {
            Engine.Npgsql => new OnNpgsql(pool, catalogue),
#if CRITTER_STACK
            Engine.CritterStack => new OnCritterStack(pool, CritterStackRuntime.Open(connection, pool, catalogue, clock)),
#endif
            _ => throw NotBuilt(),
        };

    /// <summary>
    /// Either engine appends to any database, but the states and timers of its sagas are in one engine's tables: a node that runs the
    /// other's would begin every saga anew and forget what was under way.
    /// </summary>
    private static async Task RequireNoSagasOf(Engine other, string table, StorePool pool, CancellationToken ct)
    {
        await using var ask = pool.Reading.CreateCommand("select to_regclass($1) is not null");
        ask.Parameters.Add(new Npgsql.NpgsqlParameter<string> { TypedValue = table });
        if (await ask.ExecuteScalarAsync(ct) is not true) return;
        await using var any = pool.Reading.CreateCommand($"select exists (select from {table})");
        if (await any.ExecuteScalarAsync(ct) is not true) return;
        throw new InvalidOperationException(
            $"The sagas of this database run on {other}. Start its nodes with Runtime={other}; a database stays with the engine that it "
            + "was begun with.");
    }

    private static NotSupportedException NotBuilt() => new(
        "This build has no Critter Stack. Build with -p:CritterStack=true, or leave Runtime out of the settings.");

    private sealed class OnNpgsql(StorePool pool, EventCatalogue catalogue) : NodeEngine
    {
        private readonly PostgresEventStore store = new(pool, catalogue);

        public override IEventStore Store => store;

        public override RuntimePlan Run(RuntimePlan plan, SagaPlan sagas) => plan with { Sagas = sagas };

        public override Task Start(CancellationToken ct) =>
            RequireNoSagasOf(Engine.CritterStack, "critter.mt_doc_hosted_saga", pool, ct);

        public override ValueTask DisposeAsync() => store.DisposeAsync();
    }

#if CRITTER_STACK
    private sealed class OnCritterStack(StorePool pool, CritterStackRuntime critters) : NodeEngine
    {
        public override IEventStore Store => critters.Store;

        public override RuntimePlan Run(RuntimePlan plan, SagaPlan sagas) =>
            plan with { Subscriptions = [.. plan.Subscriptions, critters.Relay(sagas)] };

        public override async Task Start(CancellationToken ct)
        {
            await RequireNoSagasOf(Engine.Npgsql, "coop.saga", pool, ct);
            await critters.Start(ct);
        }

        public override ValueTask DisposeAsync() => critters.DisposeAsync();
    }
#endif
}
