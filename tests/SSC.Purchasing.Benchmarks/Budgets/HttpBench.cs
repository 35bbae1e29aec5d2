using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using SSC.Purchasing.Benchmarks.Load;
using SSC.Purchasing.Host.Api;
using SSC.Purchasing.Host.Api.Resources;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Benchmarks.Budgets;

/// <summary>The host as its own process on its own database, and the load generator as another.</summary>
internal sealed class HttpBench : IAsyncDisposable
{
    /// <summary>Connections of a throughput phase.</summary>
    public const int Connections = 64;

    /// <summary>Members that commit at a deadline; one more has committed before.</summary>
    public const int DeadlineMembers = 500;

    private static readonly JsonSerializerOptions Numbers = new();
    private readonly Process load;

    private HttpBench(OpenStore node, World world, RunningHost host, Process load) =>
        (Node, World, Host, this.load) = (node, world, host, load);

    /// <summary>A second node on the host's database, for preparing and checking.</summary>
    public OpenStore Node { get; }

    public World World { get; }

    public RunningHost Host { get; private set; }

    public int LoadProcess => load.Id;

    public static async Task<HttpBench> Start(Bench bench)
    {
        Bench.Say("preparing the host's database");
        var connection = await bench.NewDatabase("bench_http");
        var node = new OpenStore(connection, bench.Catalogue);
        var world = new World(node, DeadlineMembers + 1, 1);
        await world.Make();
        await world.OpenOrder("JO-open", DateTimeOffset.UtcNow.AddDays(30));
        var host = await RunningHost.Start(await bench.PublishedHost(), connection, world.Token(0));
        var plan = Path.Combine(bench.Scratch, "load.json");
        await File.WriteAllTextAsync(plan, JsonSerializer.Serialize(Scenarios(world, host.Port)));
        var generator = Process.Start(new ProcessStartInfo("dotnet")
        {
            ArgumentList = { Path.Combine(AppContext.BaseDirectory, "SSC.Purchasing.Benchmarks.dll"), "load", plan },
            UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true,
        })!;
        return new(node, world, host, generator);
    }

    /// <summary>Sends, and says how it went. Only <paramref name="mayFail"/> lets answers other than 2xx pass.</summary>
    public async Task<LoadResult> Send(LoadOrder order, bool mayFail = false)
    {
        await load.StandardInput.WriteLineAsync(JsonSerializer.Serialize(order));
        await load.StandardInput.FlushAsync();
        var line = await load.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The load generator has ended.");
        var result = JsonSerializer.Deserialize<LoadResult>(line, Numbers)!;
        if (result.Failures > 0 && !mayFail)
        {
            throw new InvalidOperationException(
                $"{order.Scenario}: {result.Failures} of {result.Latencies.Length} failed: {result.FirstFailure}");
        }

        return result;
    }

    public async Task<Phase> Run(string scenario, TimeSpan time)
    {
        var result = await Send(new(scenario, time.TotalSeconds));
        return Phase.Of(result.Latencies, result.Seconds);
    }

    public async ValueTask DisposeAsync()
    {
        load.StandardInput.Close();
        await load.WaitForExitAsync();
        load.Dispose();
        await Host.DisposeAsync();
        await Node.DisposeAsync();
    }

    private static LoadPlan Scenarios(World world, int port) => new(port, new(StringComparer.Ordinal)
    {
        ["commitments"] = [.. Enumerable.Range(0, Connections).Select(i => Commitment(world, i, "JO-open", 1, 2, 3, 4))],
        ["budgets"] =
        [
            .. Enumerable.Range(0, Connections).Select(i => new Lane(
                world.Token(i), "PUT", $"/api/v1/budgets/{World.Member(i)}/2027/01-{{n}}",
                ["""{"scheme":"UFARS","amount":{"amount":"48000.00","currency":"USD"}}"""])),
        ],
        ["deadline"] = [.. Enumerable.Range(0, DeadlineMembers).Select(i => Commitment(world, i, "{arg}", 1))],
        ["early"] = [Commitment(world, DeadlineMembers, "{arg}", 1)],
    });

    private static Lane Commitment(World world, int member, string order, params long[] quantities) => new(
        world.Token(member), "PUT", $"/api/v1/joint-orders/{order}/commitments/{World.Member(member)}",
        [.. quantities.Select(q => JsonSerializer.Serialize(new CommitmentEntry(World.Lines(member, 1, 40 * q)), EdgeJson.Options))]);
}

/// <summary>The service as <c>dotnet SSC.Purchasing.Host.dll serve</c>, in a process of its own.</summary>
internal sealed class RunningHost : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Process process;
    private readonly Task<string> said;

    private RunningHost(Process process, int port, Task<string> said) => (this.process, Port, this.said) = (process, port, said);

    public int Port { get; }

    public int ProcessId => process.Id;

    /// <summary>From the process's start to the first answered request.</summary>
    public TimeSpan FirstAnswer { get; private set; }

    /// <summary>Resident memory now, bytes.</summary>
    public long ResidentMemory
    {
        get
        {
            process.Refresh();
            return process.WorkingSet64;
        }
    }

    public static async Task<RunningHost> Start(string folder, string connection, string token)
    {
        var port = FreePort();
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList =
            {
                Path.Combine(folder, "SSC.Purchasing.Host.dll"), "serve", "--urls",
                string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"),
            },
            WorkingDirectory = folder, UseShellExecute = false,
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["ConnectionStrings__Purchasing"] = connection;
        var began = Stopwatch.GetTimestamp();
        var started = Process.Start(start)!;
        _ = started.StandardOutput.ReadToEndAsync();
        var host = new RunningHost(started, port, started.StandardError.ReadToEndAsync());
        using var client = new HttpClient { BaseAddress = new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}")) };
        client.DefaultRequestHeaders.Add("Authorization", $"ApiKey {token}");
        while (Stopwatch.GetElapsedTime(began) < Patience && !started.HasExited)
        {
            try
            {
                using var answer = await client.GetAsync(new Uri("/api/v1/joint-orders?limit=1", UriKind.Relative));
                host.FirstAnswer = Stopwatch.GetElapsedTime(began);
                if (answer.StatusCode == HttpStatusCode.OK) return host;
                throw new InvalidOperationException($"The host answers {answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
            }
            catch (HttpRequestException)
            {
                await Task.Delay(2);
            }
        }

        await host.DisposeAsync();
        throw new InvalidOperationException($"The host did not start: {await host.said}");
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            using var term = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
            await term.WaitForExitAsync();
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            try
            {
                await process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill();
            }
        }

        process.Dispose();
    }

    private static int FreePort()
    {
        using var any = new TcpListener(IPAddress.Loopback, 0);
        any.Start();
        return ((IPEndPoint)any.LocalEndpoint).Port;
    }
}
