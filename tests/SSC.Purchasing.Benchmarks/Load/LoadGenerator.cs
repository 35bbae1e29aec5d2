using System.Diagnostics;
using System.Text.Json;

namespace SSC.Purchasing.Benchmarks.Load;

/// <summary>
/// The verb <c>load</c>: raw HTTP/1.1 on keep-alive sockets, so that what it costs is little beside what it measures. It stays up
/// between orders, warm and connected.
/// </summary>
internal static class LoadGenerator
{
    private static readonly Dictionary<string, HttpLane[]> Open = new(StringComparer.Ordinal);

    public static async Task<int> Run(string file)
    {
        var plan = JsonSerializer.Deserialize<LoadPlan>(await File.ReadAllTextAsync(file))!;
        while (await Console.In.ReadLineAsync() is { } line)
        {
            var order = JsonSerializer.Deserialize<LoadOrder>(line)!;
            if (!Open.TryGetValue(order.Scenario, out var lanes))
            {
                lanes = await Task.WhenAll(plan.Scenarios[order.Scenario].Select(l => HttpLane.Connect(l, plan.Port)));
                Open[order.Scenario] = lanes;
            }

            Console.Out.WriteLine(JsonSerializer.Serialize(await Send(lanes, order)));
        }

        foreach (var lane in Open.Values.SelectMany(l => l)) lane.Dispose();
        return 0;
    }

    private static async Task<LoadResult> Send(HttpLane[] lanes, LoadOrder order)
    {
        foreach (var lane in lanes) lane.Begin(order.Argument);
        if (order.StartAt > 0)
        {
            var wait = DateTimeOffset.FromUnixTimeMilliseconds(order.StartAt) - DateTimeOffset.UtcNow;
            if (wait > TimeSpan.Zero) await Task.Delay(wait);
        }

        var start = Stopwatch.GetTimestamp();
        var time = TimeSpan.FromSeconds(order.Seconds);
        await Task.WhenAll(lanes.Select(lane => Task.Run(async () =>
        {
            do await lane.Ask();
            while (Stopwatch.GetElapsedTime(start) < time);
        })));
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return new(
            seconds, [.. lanes.SelectMany(l => l.Latencies)], [.. lanes.Select(l => l.Status)], lanes.Sum(l => l.Failures),
            lanes.Select(l => l.FirstFailure).FirstOrDefault(f => f is not null))
        {
            Refusals = [.. lanes.Select(l => l.Refusal)],
        };
    }
}
