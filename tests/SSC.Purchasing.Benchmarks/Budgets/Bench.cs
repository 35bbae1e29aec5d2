using System.Diagnostics;
using System.Globalization;
using SSC.Purchasing.EventStore;
using SSC.Purchasing.Host;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Benchmarks.Budgets;

/// <summary>What every row works with: a PostgreSQL of this run's own in a temporary folder, fsync on, gone afterwards.</summary>
internal sealed class Bench : IAsyncDisposable
{
    public const string Tenant = "ssc";

    private static readonly long Started = Stopwatch.GetTimestamp();
    private readonly string folder;
    private HttpBench? http;
    private string? published;

    private Bench(BenchOptions options, EmbeddedPostgres server, string folder) =>
        (Options, Server, this.folder) = (options, server, folder);

    public BenchOptions Options { get; }

    public EmbeddedPostgres Server { get; }

    public List<Budget> Rows { get; } = [];

    /// <summary>For files of this run.</summary>
    public string Scratch => folder;

    /// <summary>Plain PostgreSQL, for R1.</summary>
    public InsertReference Reference { get; private set; } = null!;

    public EventCatalogue Catalogue { get; } = EventCatalogue.Of(Modules.Assemblies, Modules.Upcasters);

    /// <summary>Pairs of phases.</summary>
    public int Rounds => Options.Quick ? 2 : 5;

    public TimeSpan PhaseTime => TimeSpan.FromSeconds(Options.Quick ? 1.5 : 4);

    public TimeSpan WarmUp => TimeSpan.FromSeconds(Options.Quick ? 2 : 8);

    /// <summary>Events of the large log.</summary>
    public int LargeLog => Options.Quick ? 100_000 : 1_000_000;

    public static async Task<Bench> Open(BenchOptions options)
    {
        var temporary = Path.Combine(Path.GetTempPath(), $"ssc-budgets-{Environment.ProcessId}");
        Directory.CreateDirectory(temporary);
        var server = await EmbeddedPostgres.Start(new() { Folder = Path.Combine(temporary, "pg"), Say = Say });
        var bench = new Bench(options, server, temporary);
        bench.Reference = await InsertReference.Prepare(bench);
        return bench;
    }

    /// <summary>The host in a process of its own, with a load generator in another; started when first asked for.</summary>
    public async Task<HttpBench> Http() => http ??= await HttpBench.Start(this);

    /// <summary>Folder of the host as it is shipped (<c>deploy/Containerfile</c>), published when first asked for.</summary>
    public async Task<string> PublishedHost()
    {
        if (published is not null) return published;
        Say("publishing the host");
        var target = Path.Combine(folder, "host");
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "SSC.Purchasing.sln")))
            root = root.Parent ?? throw new InvalidOperationException("Run the benchmarks from the repository that they were built in.");
        using var publish = Process.Start(new ProcessStartInfo("dotnet")
        {
            ArgumentList =
            {
                "publish", "src/SSC.Purchasing.Host", "-c", "Release", "-p:PublishFor=linux-x64", "-p:RunAnalyzers=false", "-v", "q",
                "-o", target,
            },
            WorkingDirectory = root.FullName, UseShellExecute = false, RedirectStandardOutput = true,
        })!;
        var said = await publish.StandardOutput.ReadToEndAsync();
        await publish.WaitForExitAsync();
        return publish.ExitCode == 0 ? published = target : throw new InvalidOperationException($"The host was not published: {said}");
    }

    /// <summary>A migrated, empty database.</summary>
    public async Task<string> NewDatabase(string name, Engine engine = Engine.Npgsql)
    {
        var connection = await Server.CreateDatabase(name);
        await NodeEngine.Migrate(engine, connection, Catalogue, CancellationToken.None);
        return connection;
    }

    /// <summary>A row is done: print it.</summary>
    public void Report(Budget row)
    {
        if (!Options.Wants(row.Name)) return;
        Rows.Add(row);
        var text = row.Met || row.Why is null ? row.ToString() : $"{row}{Environment.NewLine}    {row.Why}";
        (Options.Json ? Console.Error : Console.Out).WriteLine(text);
    }

    public static void Say(string what) => Console.Error.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"[{Stopwatch.GetElapsedTime(Started).TotalSeconds,4:0} s] {what}"));

    public async ValueTask DisposeAsync()
    {
        if (http is not null) await http.DisposeAsync();
        await Server.DisposeAsync();
        if (Directory.Exists(Server.Folder)) Directory.Delete(Server.Folder, recursive: true);
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
    }
}

/// <summary>A store on a database, as a node has it.</summary>
internal sealed class OpenStore : IAsyncDisposable
{
    private readonly NodeEngine opened;

    public OpenStore(string connection, EventCatalogue catalogue, Engine engine = Engine.Npgsql)
    {
        Pool = StorePool.Open(connection);
        opened = NodeEngine.Open(engine, connection, Pool, catalogue, TimeProvider.System);
        Commands = new(Store, Guid.CreateVersion7);
    }

    public StorePool Pool { get; }

    public IEventStore Store => opened.Store;

    public Commands Commands { get; }

    public static CommandContext Context => new(Bench.Tenant, "bench", "bench", DateTimeOffset.UtcNow);

    /// <summary>Records facts as they are, as the beginning of a stream.</summary>
    public async Task Given(string stream, params object[] facts)
    {
        var outcome = await Store.Append(
            new()
            {
                Tenant = Bench.Tenant, Stream = stream, ExpectedVersion = 0, Metadata = new("bench", "bench"),
                Events = [.. facts.Select(f => new NewEvent(Guid.CreateVersion7(), f))],
            },
            CancellationToken.None);
        if (outcome is not AppendOutcome.Appended) throw new InvalidOperationException($"{stream}: {outcome}");
    }

    public async ValueTask DisposeAsync()
    {
        await opened.DisposeAsync();
        await Pool.DisposeAsync();
    }
}
