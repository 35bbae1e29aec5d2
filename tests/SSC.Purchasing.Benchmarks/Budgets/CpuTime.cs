using System.Diagnostics;
using System.Globalization;

namespace SSC.Purchasing.Benchmarks.Budgets;

/// <summary>CPU time used since it was made, by the processes that take part; where <c>/proc</c> tells.</summary>
internal sealed class CpuTime
{
    private const double TicksPerSecond = 100;
    private readonly string postmaster;
    private readonly (string Name, int Pid)[] processes;
    private readonly Dictionary<int, long> before = [];
    private readonly long started = Stopwatch.GetTimestamp();

    public CpuTime(Bench bench, params (string Name, int Pid)[] processes)
    {
        var file = Path.Combine(bench.Server.Folder, "data", "postmaster.pid");
        postmaster = File.Exists(file) ? File.ReadLines(file).First().Trim() : "0";
        this.processes = processes;
        foreach (var (_, pid, ticks) in Read()) before[pid] = ticks;
    }

    /// <summary>Each one's share of the machine, as a sentence's part.</summary>
    public string Shares()
    {
        var all = Stopwatch.GetElapsedTime(started).TotalSeconds * TicksPerSecond * Environment.ProcessorCount;
        var shares = Read().GroupBy(p => p.Name, StringComparer.Ordinal)
            .Select(g => (Name: g.Key, Used: g.Sum(p => p.Ticks - before.GetValueOrDefault(p.Pid))))
            .Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.Name} {100 * p.Used / all:0} %"));
        return $"CPU: {string.Join(", ", shares)} of {Environment.ProcessorCount} cores";
    }

    /// <summary>Processes that are there; the server's that have ended meanwhile are few.</summary>
    private IEnumerable<(string Name, int Pid, long Ticks)> Read()
    {
        foreach (var (name, pid) in processes)
        {
            if (Stat(pid) is { } stat) yield return (name, pid, Own(stat));
        }

        if (!Directory.Exists("/proc/self")) yield break;
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var pid) && Stat(pid) is { } stat
                && string.Equals(stat[1], postmaster, StringComparison.Ordinal)) yield return ("PostgreSQL", pid, Own(stat));
        }
    }

    /// <summary>Fields after the name: state, parent, …, utime and stime at 11 and 12, in ticks.</summary>
    private static string[]? Stat(int pid)
    {
        try
        {
            var text = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat"));
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static long Own(string[] stat) =>
        long.Parse(stat[11], CultureInfo.InvariantCulture) + long.Parse(stat[12], CultureInfo.InvariantCulture);
}
