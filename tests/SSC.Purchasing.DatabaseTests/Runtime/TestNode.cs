using Npgsql;
using Shouldly;
using SSC.Purchasing.EventStore;
using SSC.Purchasing.EventStore.Outbox;
using SSC.Purchasing.EventStore.ReadModels;
using SSC.Purchasing.EventStore.Sagas;
using SSC.Purchasing.EventStore.Subscriptions;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.DatabaseTests.Runtime;

/// <summary>A clock that stands until it is moved.</summary>
public sealed class HandClock(DateTimeOffset now) : TimeProvider
{
    public DateTimeOffset Now { get; set; } = now;

    public override DateTimeOffset GetUtcNow() => Now;
}

/// <summary>One node of the service: its own connections, appender and loops, on a database that it may share.</summary>
public sealed class TestNode : IAsyncDisposable
{
    public const string Tenant = "mn";
    private static readonly EventCatalogue Catalogue = EventCatalogue.Of([typeof(TestNode).Assembly]);
    private readonly StorePool pool;
    private readonly CancellationTokenSource stop = new();

    public TestNode(string database, RuntimePlan plan, TimeProvider? clock = null, RuntimeOptions? options = null,
        SagaCommandExecutor? execute = null)
    {
        pool = StorePool.Open(database);
        Store = new(pool, Catalogue);
        Commands = new(Store, Guid.CreateVersion7);
        if (plan.Sagas is null && execute is not null) plan = plan with { Sagas = Sagas(execute) };
        ReadModels = new(pool.Reading);
        Runtime = new(pool.Reading, Store, plan, ReadModels, clock, options);
    }

    public PostgresEventStore Store { get; }

    public Commands Commands { get; }

    public PostgresReadModels ReadModels { get; }

    public StoreRuntime Runtime { get; }

    public NpgsqlDataSource Db => pool.Reading;

    public static SagaPlan Sagas(SagaCommandExecutor execute) =>
        new([new EchoSaga()], SagaCommandCatalogue.Of(typeof(TestNode).Assembly), execute);

    /// <summary>A node that runs the echo saga; commands are executed by deciders as in the service.</summary>
    public static TestNode WithSaga(string database, TimeProvider? clock = null, RuntimeOptions? options = null,
        IReadOnlyList<IReadModel>? models = null)
    {
        TestNode? node = null;
        node = new(database, new() { ReadModels = models ?? [] }, clock, options, (command, context, ct) =>
            node!.Execute(command, context, ct));
        return node;
    }

    public TestNode Started()
    {
        Runtime.Start();
        return this;
    }

    public Task<CommandOutcome> Execute(object command, CommandContext context, CancellationToken ct) => command switch
    {
        DropMarbles d => Commands.Handle<Jar, Jar.Command, Jar.State, Jar.Event>(context, d.Jar, new Jar.Command.Drop(d.Color, d.Marbles),
            ct),
        _ => throw new ArgumentOutOfRangeException(nameof(command)),
    };

    public async Task<CommandOutcome.Done> Do(string jar, Jar.Command command, string tenant = Tenant)
    {
        var context = new CommandContext(tenant, "test", "test", TimeProvider.System.GetUtcNow());
        while (true)
        {
            var outcome = await Commands.Handle<Jar, Jar.Command, Jar.State, Jar.Event>(context, jar, command, stop.Token);
            if (outcome is not CommandOutcome.Busy) return outcome.ShouldBeOfType<CommandOutcome.Done>();
        }
    }

    public Task<CommandOutcome.Done> Drop(string jar, string color, int marbles, string tenant = Tenant) =>
        Do(jar, new Jar.Command.Drop(color, marbles), tenant);

    /// <summary>Appends an event with deliveries.</summary>
    public async Task Post(string stream, params OutboxMessage[] messages)
    {
        var version = (await Store.ReadStream(Tenant, stream)).Count;
        var outcome = await Store.Append(new()
        {
            Tenant = Tenant,
            Stream = stream,
            ExpectedVersion = version,
            Events = [new(Guid.CreateVersion7(), new Jar.Event.Dropped("white", 1))],
            Metadata = new("test", "test"),
            Outbox = messages,
        }, stop.Token);
        outcome.ShouldBeOfType<AppendOutcome.Appended>();
    }

    public async Task<List<T>> Query<T>(string sql)
    {
        await using var command = Db.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<T>();
        while (await reader.ReadAsync()) rows.Add(reader.GetFieldValue<T>(0));
        return rows;
    }

    public async Task<T> Scalar<T>(string sql) => (await Query<T>(sql)).Single();

    public async Task Execute(string sql)
    {
        await using var command = Db.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<Dictionary<string, EchoState>> Echoes(string tenant = Tenant)
    {
        await using var command = Db.CreateCommand("select id, state::text from coop.saga where saga = 'test_echo' and tenant = $1");
        command.Parameters.Add(new() { Value = tenant });
        await using var reader = await command.ExecuteReaderAsync();
        var states = new Dictionary<string, EchoState>(StringComparer.Ordinal);
        while (await reader.ReadAsync())
            states[reader.GetString(0)] = System.Text.Json.JsonSerializer.Deserialize<EchoState>(reader.GetString(1), EventCatalogue.Json)!;
        return states;
    }

    /// <summary>What a read model's rows must be: a fold of the log that has nothing to do with the runtime.</summary>
    public async Task<Dictionary<string, TRow>> Replay<TRow>(ReadModel<TRow> model, string tenant = Tenant)
        where TRow : class
    {
        var rows = new Dictionary<string, TRow>(StringComparer.Ordinal);
        for (var at = 0L; ;)
        {
            var page = await Store.ReadAll(at, 1_000);
            if (page.Count == 0) return rows;
            at = page[^1].Position;
            foreach (var e in page.Where(e => string.Equals(e.Tenant, tenant, StringComparison.Ordinal)))
            {
                foreach (var key in model.KeysOf(e))
                {
                    if (model.Apply(key, rows.GetValueOrDefault(key), e) is { } row) rows[key] = row;
                    else rows.Remove(key);
                }
            }
        }
    }

    public async Task<Dictionary<string, TRow>> Rows<TRow>(ReadModel<TRow> model, string tenant = Tenant)
        where TRow : class =>
        (await ReadModels.List(model, tenant, new() { Limit = 10_000 })).ToDictionary(r => r.Key, r => r.Row, StringComparer.Ordinal);

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await Runtime.DisposeAsync();
        await Store.DisposeAsync();
        await pool.DisposeAsync();
        stop.Dispose();
    }
}

/// <summary>Waits for conditions, with a deadline.</summary>
public static class Until
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    public static async Task True(Func<Task<bool>> condition, string what)
    {
        var started = System.Diagnostics.Stopwatch.GetTimestamp();
        while (!await condition())
        {
            System.Diagnostics.Stopwatch.GetElapsedTime(started).ShouldBeLessThan(Deadline, what);
            await Task.Delay(5);
        }
    }

    public static Task True(Func<bool> condition, string what) => True(() => Task.FromResult(condition()), what);

    public static Task Done(Task task) => task.WaitAsync(Deadline);
}
