using System.Diagnostics;

namespace SSC.Purchasing.Benchmarks.Budgets;

/// <summary>From the host's start as a process to its first answered request, on a database that has been in use.</summary>
internal static class StartRow
{
    private const string Name = "start to first answered request, warm database";

    public static string[] Names { get; } = [Name];

    public static async Task Measure(Bench bench)
    {
        var connection = await bench.NewDatabase("bench_start");
        await using var node = new OpenStore(connection, bench.Catalogue);
        var world = new World(node, 100, 1);
        await world.Make();
        await world.OpenOrder("JO-start", DateTimeOffset.UtcNow.AddDays(30));
        Bench.Say("starting the host");
        var pairs = new Pairs();
        for (var round = -1; round < bench.Rounds; round++)
        {
            await using var host = await RunningHost.Start(await bench.PublishedHost(), connection, world.Token(0));
            var empty = await EmptyProcess();
            if (round >= 0) pairs.Add(host.FirstAnswer.TotalSeconds, empty.TotalSeconds);
        }

        bench.Report(Budget.Below(Name, pairs, 1.5, "s") with
        {
            Against = "an empty .NET process",
            Why = "The reference is what the runtime takes for itself; the rest is compiling and connecting.",
        });
    }

    private static async Task<TimeSpan> EmptyProcess()
    {
        var start = Stopwatch.GetTimestamp();
        using var process = Process.Start("dotnet", [Path.Combine(AppContext.BaseDirectory, "SSC.Purchasing.Benchmarks.dll"), "nothing"]);
        await process.WaitForExitAsync();
        return Stopwatch.GetElapsedTime(start);
    }
}
