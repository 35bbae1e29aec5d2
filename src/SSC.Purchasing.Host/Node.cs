using System.Globalization;
using Npgsql;
using SSC.Purchasing.EventStore;
using SSC.Purchasing.EventStore.Outbox;
using SSC.Purchasing.EventStore.ReadModels;
using SSC.Purchasing.EventStore.Sagas;
using SSC.Purchasing.EventStore.Subscriptions;
using SSC.Purchasing.Host.Access;
using SSC.Purchasing.Host.Api;
using SSC.Purchasing.Host.Deliveries;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Sagas;

namespace SSC.Purchasing.Host;

/// <summary>One node of the service: the store and what runs on it, with or without HTTP in front. The object graph is made here.</summary>
public sealed class Node : IAsyncDisposable, IReadinessSource
{
    private static readonly EventCatalogue Catalogue = EventCatalogue.Of(Modules.Assemblies, Modules.Upcasters);
    private readonly Func<ValueTask> close;
    private readonly Func<CancellationToken, Task<Readiness>> readiness;
    private readonly HttpPoster toShops;

    internal Node(
        Settings settings, TimeProvider clock, IEventStore store, IReadModels models, IPersonalDetails people, ExchangeStores exchange,
        Func<CancellationToken, Task<Readiness>> readiness, Func<ValueTask> close)
    {
        (Settings, Clock, Store, Models, this.readiness, this.close) = (settings, clock, store, models, readiness, close);
        Commands = new(store, Guid.CreateVersion7);
        Work = SagaCommandHandler.Over(Commands, models, new OrderFormats(Commands, exchange.Numbers, settings.OrderWriters));
        toShops = new(settings.AllowPrivateVendorAddresses, settings.Deliveries.LargestAnswer);
        Api = new(settings.Tenant, Commands, models, clock, people, settings.PositionTimeout, exchange)
        {
            Work = Work,
            Shops = new(new(settings.Deliveries), toShops, exchange.Secrets),
            PublicUrl = settings.PublicUrl,
        };
    }

    /// <summary>What the operator has set.</summary>
    public Settings Settings { get; }

    /// <summary>The edge's clock.</summary>
    public TimeProvider Clock { get; }

    /// <summary>The log.</summary>
    public IEventStore Store { get; }

    /// <summary>The read side.</summary>
    public IReadModels Models { get; }

    /// <summary>The one way in.</summary>
    public Commands Commands { get; }

    /// <summary>The work where modules meet, for sagas, deliveries and endpoints.</summary>
    internal SagaCommandHandler Work { get; }

    /// <summary>What endpoints work with.</summary>
    public ApiServices Api { get; }

    /// <summary>What runs around the log; null for a node without a database, in tests.</summary>
    public StoreRuntime? Runtime { get; private init; }

    /// <summary>How to reach the database, for work beside the node's own connections; null for a node without a database.</summary>
    internal string? ConnectionString { get; private init; }

    /// <inheritdoc/>
    public Task<Readiness> Read(CancellationToken ct) => readiness(ct);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        toShops.Dispose();
        return close();
    }

    /// <summary>Brings a database's schema up to date without making a node on it.</summary>
    /// <returns>Scripts applied now.</returns>
    public static async Task<int> Migrate(Settings settings, CancellationToken ct)
    {
        var (connection, server) = await Connect(settings, ct);
        await using (server) return await NodeEngine.Migrate(settings.Engine, connection, Catalogue, ct);
    }

    /// <summary>Opens the database (starting the embedded one where none is configured), brings its schema up to date and makes a node on
    /// it.</summary>
    /// <param name="settings">What the operator has set.</param>
    /// <param name="run">Whether read models, sagas and deliveries run on this node.</param>
    /// <param name="ct">Cancellation.</param>
    public static async Task<Node> Open(Settings settings, bool run, CancellationToken ct)
    {
        var (connection, server) = await Connect(settings, ct);
        await NodeEngine.Migrate(settings.Engine, connection, Catalogue, ct);
        var clock = TimeProvider.System;
        var pool = StorePool.Open(connection);
        var engine = NodeEngine.Open(settings.Engine, connection, pool, Catalogue, clock);
        var store = engine.Store;
        var models = new PostgresReadModels(pool.Reading);
        var exchange = PostgresExchange.Over(pool.Reading, new(settings.SecretsKey));
        var people = new PostgresPersonalDetails(pool.Reading);
        var poster = new HttpPoster(settings.AllowPrivateVendorAddresses, settings.Deliveries.LargestAnswer);
        Node? node = null;
        var sagas = new SagaPlan(
            Modules.Sagas, SagaCommandCatalogue.Of(Modules.Assemblies),
            (command, context, token) => node!.Work.Execute(command, context, token));
        var plan = new RuntimePlan
        {
            ReadModels = Modules.ReadModels,
            Subscriptions = [new MemberWebhooks(models).Subscription],
            Outbox = Deliveries(settings, clock, exchange, people, poster, () => node!),
        };
        var runtime = new StoreRuntime(pool.Reading, store, engine.Run(plan, sagas), models, clock, settings.Runtime);
        node = new(
            settings, clock, store, models, people, exchange,
            async token => await ReadinessOf(runtime, store, run, token),
            async () =>
            {
                await runtime.DisposeAsync();
                poster.Dispose();
                await engine.DisposeAsync();
                await pool.DisposeAsync();
                if (server is not null) await server.DisposeAsync();
            })
        {
            Runtime = runtime,
            ConnectionString = connection,
        };
        if (!run) return node;
        try
        {
            await engine.Start(ct);
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }

        runtime.Start();
        return node;
    }

    /// <summary>Who sends, and what is recorded of it.</summary>
    private static OutboxPlan Deliveries(
        Settings settings, TimeProvider clock, ExchangeStores exchange, IPersonalDetails people, HttpPoster poster, Func<Node> node)
    {
        var pipelines = new DeliveryPipelines(settings.Deliveries);
        var orders = new VendorOrderSender(pipelines, poster, exchange.Secrets, new(settings.Mail, people), clock);
        var webhooks = new WebhookSender(
            pipelines, poster, exchange.Secrets, clock,
            async (tenant, id, token) => (await node().Commands.Load<Webhook, Webhook.Command, Webhook.State, Webhook.Event>(
                tenant, id, true, token)).State);
        return new([orders, webhooks])
        {
            OnDelivered = async (delivery, _, token) =>
            {
                if (delivery.Message.Channel is not VendorOrderDelivery.Channel) return;
                await Record(delivery, context => node().Work.PurchaseOrders.Delivered(
                    context, delivery.Message, delivery.Attempt, token));
                await exchange.Mailboxes.Attended(delivery.Tenant, VendorOrderDelivery.Of(delivery.Message.Body).DeliveryId(), token);
            },
            OnParked = (delivery, reason, token) => Record(delivery, context => delivery.Message.Channel is VendorOrderDelivery.Channel
                ? node().Work.PurchaseOrders.Parked(context, delivery.Message, delivery.Attempt, reason, token)
                : node().Commands.Handle<Webhook, Webhook.Command, Webhook.State, Webhook.Event>(
                    context, delivery.Message.Destination,
                    new Webhook.Command.Disable(
                        $"a message failed {delivery.Attempt} times, at last: {PurchaseOrderWork.Shortened(reason)}"),
                    token)),
        };
    }

    /// <summary>Records what became of a delivery; the runtime sends again when the store could not take it.</summary>
    private static async Task Record(OutboxDelivery delivery, Func<CommandContext, Task<CommandOutcome>> record)
    {
        var context = new CommandContext(delivery.Tenant, "system:deliveries", $"delivery-{delivery.Message.Id}", delivery.RecordedAt);
        if (await record(context) is CommandOutcome.Busy busy)
            throw new StoreUnavailableException($"The outcome of {delivery.Message.Id} could not be recorded; retry in {busy.RetryAfter}.");
    }

    private static async Task<(string ConnectionString, EmbeddedPostgres? Server)> Connect(Settings settings, CancellationToken ct)
    {
        if (settings.ConnectionString is { } configured) return (new NpgsqlConnectionStringBuilder(configured).ConnectionString, null);
        var server = await EmbeddedPostgres.Start(
            new() { Folder = settings.DataDirectory ?? DefaultFolder(), Say = Console.Error.WriteLine }, ct);
        return (await server.CreateDatabase(settings.Database, ct: ct), server);
    }

    /// <summary><c>.data/pg</c> beside the solution when run from a clone, else beside the executable's working folder.</summary>
    private static string DefaultFolder()
    {
        for (var folder = new DirectoryInfo(Directory.GetCurrentDirectory()); folder is not null; folder = folder.Parent)
        {
            if (folder.EnumerateFiles("*.sln").Any()) return Path.Combine(folder.FullName, ".data", "pg");
        }

        return Path.Combine(Directory.GetCurrentDirectory(), ".data", "pg");
    }

    private static async Task<Readiness> ReadinessOf(StoreRuntime runtime, IEventStore store, bool run, CancellationToken ct)
    {
        var head = await store.Head(ct);
        if (!run) return new(true, head.Position, 0, []);
        var health = await runtime.Health(ct);
        return new(
            health.Loops.All(l => l.Error is null), head.Position, health.Loops.Max(l => l.Lag) ?? 0,
            [.. health.Alarms.Select(a =>
                string.Create(CultureInfo.InvariantCulture,
                    $"{a.Source}{(a.Position is { } p ? $" at {p}" : string.Empty)}: {a.Message}"))]);
    }
}
