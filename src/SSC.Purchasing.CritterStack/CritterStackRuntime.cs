using System.Reflection;
using JasperFx;
using JasperFx.CodeGeneration;
using JasperFx.CodeGeneration.Model;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using SSC.Purchasing.EventStore;
using SSC.Purchasing.EventStore.Sagas;
using SSC.Purchasing.EventStore.Subscriptions;
using SSC.Purchasing.Kernel;
using Wolverine;
using Wolverine.ErrorHandling;
using Wolverine.Marten;
using Wolverine.Persistence.Durability;

namespace SSC.Purchasing.CritterStack;

/// <summary>
/// One node's Marten and Wolverine: the event store, and the sagas as Wolverine sagas. Read models and deliveries stay with the service's
/// own runtime, which follows the log whoever wrote it; <see cref="Relay"/> is one of its subscriptions.
/// </summary>
public sealed class CritterStackRuntime : IAsyncDisposable
{
    private const string Schema = "critter";
    private static readonly TimeSpan[] Cooldown =
        [.. new[] { 20, 50, 100, 200, 400, 800 }.Select(ms => TimeSpan.FromMilliseconds(ms))];

    private readonly IHost stack;
    private readonly SagaHosting sagaHosting;
    private bool isRunning;

    private CritterStackRuntime(IHost stack, MartenEventStore store, SagaHosting sagaHosting) =>
        (this.stack, Store, this.sagaHosting) = (stack, store, sagaHosting);

    /// <summary>The event store on Marten.</summary>
    public MartenEventStore Store { get; }

    /// <summary>
    /// Hands each event, in the order of the log, to the instances that listen to it. A node that ends in between hands some of them over
    /// again; an instance knows which it has heard.
    /// </summary>
    /// <param name="sagas">The sagas, and how their commands are executed.</param>
    public Subscription Relay(SagaPlan sagas)
    {
        sagaHosting.Plan = sagas;
        return new("saga_relay", Hand);
    }

    /// <summary>Makes a runtime that appends and reads; its sagas run from <see cref="Start"/> on.</summary>
    /// <param name="connection">The database, migrated by <see cref="Migrate"/>.</param>
    /// <param name="pool">The node's connections.</param>
    /// <param name="catalogue">Every event.</param>
    /// <param name="clock">For timers and commands.</param>
    public static CritterStackRuntime Open(
        string connection, StorePool pool, EventCatalogue catalogue, TimeProvider clock)
    {
        var hosting = new SagaHosting(clock);
        var host = Build(connection, catalogue, AutoCreate.None, Services(hosting, new(pool.Reading)));
        var store = new MartenEventStore(pool, host.Services.GetRequiredService<IDocumentStore>(), catalogue);
        hosting.Store = store;
        return new(host, store, hosting);
    }

    /// <summary>Brings what Marten and Wolverine keep in the database up to date; <c>migrate</c> calls it, and nothing else does.</summary>
    public static async Task Migrate(string connection, EventCatalogue catalogue, CancellationToken ct)
    {
        using var host = Build(connection, catalogue, AutoCreate.CreateOrUpdate, _ => { });
        await host.Services.GetRequiredService<IDocumentStore>().Storage
            .ApplyAllConfiguredChangesToDatabaseAsync(AutoCreate.CreateOrUpdate).WaitAsync(ct).ConfigureAwait(false);
        await host.Services.GetRequiredService<IMessageStore>().Admin.MigrateAsync().WaitAsync(ct).ConfigureAwait(false);
    }

    /// <summary>
    /// Writes Wolverine's adapters to our handlers as source code; they are compiled into this assembly, so that a node does not have to
    /// make them at its first message.
    /// </summary>
    /// <param name="folder">Where <c>WolverineHandlers/</c> goes.</param>
    /// <param name="catalogue">Every event.</param>
    public static void WriteHandlers(string folder, EventCatalogue catalogue)
    {
        const string nowhere = "Host=127.0.0.1";
        using var unused = NpgsqlDataSource.Create(nowhere);
        using var host = Build(nowhere, catalogue, AutoCreate.None, Services(new(TimeProvider.System), new(unused)), rules =>
        {
            rules.TypeLoadMode = TypeLoadMode.Dynamic;
            rules.GeneratedCodeOutputPath = folder;
        });
        DynamicCodeBuilder.WithinCodegenCommand = true;
        try
        {
            new DynamicCodeBuilder(host.Services, [.. host.Services.GetServices<ICodeFileCollection>()])
            {
                ServiceVariableSource = host.Services.GetRequiredService<IServiceVariableSource>(),
            }.WriteGeneratedCode(_ => { });
        }
        finally
        {
            DynamicCodeBuilder.WithinCodegenCommand = false;
        }
    }

    /// <summary>Starts the sagas: durable messages, timers, and what an ended node has left.</summary>
    public async Task Start(CancellationToken ct)
    {
        await stack.StartAsync(ct).ConfigureAwait(false);
        isRunning = true;
    }

    /// <summary>Ends the sagas and then the store; what was not done goes on elsewhere or later.</summary>
    public async ValueTask DisposeAsync()
    {
        if (isRunning) await stack.StopAsync().ConfigureAwait(false);
        await Store.DisposeAsync().ConfigureAwait(false);
        await ((IAsyncDisposable)stack).DisposeAsync().ConfigureAwait(false);
    }

    private static Action<IServiceCollection> Services(SagaHosting hosting, Alarms alarms) =>
        services => services.AddSingleton(hosting).AddSingleton(alarms);

    private static IHost Build(string connection, EventCatalogue catalogue, AutoCreate create, Action<IServiceCollection> configure,
        Action<GenerationRules>? generate = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new() { ApplicationName = typeof(CritterStackRuntime).Assembly.GetName().Name });
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        configure(builder.Services);
        builder.Services.AddMarten(options =>
        {
            options.Connection(connection);
            options.UsePurchasingEvents(catalogue);
            options.AutoCreateSchemaObjects = create;
            options.Schema.For<HostedSaga>().DatabaseSchemaName(Schema);
        }).UseLightweightSessions().IntegrateWithWolverine(integration => integration.MessageStorageSchemaName = Schema);
        builder.UseWolverine(options =>
        {
            options.ApplicationAssembly = typeof(CritterStackRuntime).Assembly;
            options.CodeGeneration.TypeLoadMode = TypeLoadMode.Static;
            generate?.Invoke(options.CodeGeneration);
            options.AutoBuildMessageStorageOnStartup = create;
            options.Discovery.DisableConventionalDiscovery()
                .IncludeType<HostedSaga>().IncludeType(typeof(ExecuteSagaCommandsHandler));
            options.Policies.AutoApplyTransactions();
            options.Policies.UseDurableLocalQueues();
            options.Durability.ScheduledJobPollingTime = TimeSpan.FromSeconds(1);
            options.Durability.ScheduledJobFirstExecution = TimeSpan.FromMilliseconds(200);

            // A hot saga meets its own messages: the revision tells, and the message is tried again.
            options.OnException<ConcurrencyException>().RetryWithCooldown(Cooldown);
            options.OnException<NpgsqlException>().RetryWithCooldown(Cooldown);
            options.OnException<StoreUnavailableException>()
                .ScheduleRetry([.. Enumerable.Range(1, ExecuteSagaCommandsHandler.Attempts).Select(n => TimeSpan.FromSeconds(n))]);
        });
        return builder.Build();
    }

    /// <summary>Hands messages over, one after the other, now.</summary>
    internal async Task Deliver(IEnumerable<object> messages, CancellationToken ct)
    {
        var scope = stack.Services.CreateAsyncScope();
        await using (scope.ConfigureAwait(false))
        {
            var bus = scope.ServiceProvider.GetRequiredService<IMessageBus>();
            foreach (var message in messages) await bus.InvokeAsync(message, ct).ConfigureAwait(false);
        }
    }

    private Task Hand(IReadOnlyList<RecordedEvent> events, NpgsqlConnection connection, CancellationToken ct) => Deliver(
        from e in events
        from saga in sagaHosting.ByName.Values
        let id = saga.Correlate(e)
        where id is not null
        select new HearEvent(HostedSaga.IdOf(saga.Name, e.Tenant, id), e.Position), ct);
}
