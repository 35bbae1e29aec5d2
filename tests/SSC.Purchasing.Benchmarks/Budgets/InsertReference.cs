using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace SSC.Purchasing.Benchmarks.Budgets;

/// <summary>
/// R1: one-row insert transactions at 64 clients on the same server, prepared, over TCP; <c>pgbench</c> where it is installed, else
/// plain Npgsql on 64 connections. The row is of an event's size.
/// </summary>
internal sealed class InsertReference
{
    public const int Clients = 64;
    private const int LongestConnecting = 32;
    private const string Insert =
        "insert into bench_row (body) values ('{\"member\":\"M-001\",\"site\":\"M-001-A\",\"lineNo\":1,\"quantity\":\"60\"}')";

    private readonly Bench bench;
    private readonly string connection;
    private readonly string? pgbench;

    private InsertReference(Bench bench, string connection, string? pgbench) =>
        (this.bench, this.connection, this.pgbench) = (bench, connection, pgbench);

    public static async Task<InsertReference> Prepare(Bench bench)
    {
        var database = await bench.Server.CreateDatabase("bench_reference");
        await using var db = NpgsqlDataSource.Create(database);
        await using var create = db.CreateCommand(
            "create table bench_row (id bigint generated always as identity primary key, body jsonb not null)");
        await create.ExecuteNonQueryAsync();
        await File.WriteAllTextAsync(Path.Combine(bench.Scratch, "r1.sql"), Insert + ";\n");
        var tool = Path.Combine(bench.Server.BinaryFolder, "pgbench");
        return new(bench, database, File.Exists(tool) ? tool : null);
    }

    /// <summary>One phase.</summary>
    public async Task<Phase> Run(TimeSpan time)
    {
        if (pgbench is null) return await WithNpgsql(time);

        // Its time begins before its clients are connected, which takes long where the machine has much else to do.
        for (var allowance = 1; allowance <= LongestConnecting; allowance *= 2)
        {
            if (await WithPgbench(pgbench, time + TimeSpan.FromSeconds(allowance)) is { } phase) return phase;
        }

        throw new InvalidOperationException("pgbench could not connect its clients in time.");
    }

    private async Task<Phase?> WithPgbench(string tool, TimeSpan time)
    {
        var to = new NpgsqlConnectionStringBuilder(connection);
        var start = new ProcessStartInfo(tool)
        {
            WorkingDirectory = bench.Scratch, UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
            ArgumentList =
            {
                "-n", "-M", "prepared", "-c", Text(Clients), "-j", "2", "-T", Text((int)Math.Ceiling(time.TotalSeconds)), "-f", "r1.sql",
                "-l", "--log-prefix=r1", "--sampling-rate=0.2", "-h", "127.0.0.1", "-p", Text(to.Port), "-U", to.Username!, to.Database!,
            },
            Environment = { ["PGPASSWORD"] = to.Password },
        };
        using var process = Process.Start(start)!;
        var said = process.StandardOutput.ReadToEndAsync();
        var complaints = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException($"pgbench failed: {await complaints}");
        if ((await said).Split('\n').FirstOrDefault(l => l.StartsWith("tps = ", StringComparison.Ordinal)) is not { } line) return null;
        var perSecond = double.Parse(line.Split(' ')[2], CultureInfo.InvariantCulture);
        var latencies = new List<double>();
        foreach (var log in Directory.GetFiles(bench.Scratch, "r1.*").Where(f => !f.EndsWith(".sql", StringComparison.Ordinal)))
        {
            foreach (var entry in File.ReadLines(log))
                latencies.Add(double.Parse(entry.Split(' ')[2], CultureInfo.InvariantCulture) / 1000);
            File.Delete(log);
        }

        return Phase.Of([.. latencies], 1) with { PerSecond = perSecond };
    }

    private async Task<Phase> WithNpgsql(TimeSpan time)
    {
        await using var db = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connection) { MaxPoolSize = Clients });
        var clients = new List<(NpgsqlConnection Connection, NpgsqlCommand Command)>();
        for (var i = 0; i < Clients; i++)
        {
            var opened = await db.OpenConnectionAsync();
            var command = new NpgsqlCommand(Insert, opened);
            await command.PrepareAsync();
            clients.Add((opened, command));
        }

        var phase = await Callers.Run(Clients, time, async (caller, _) => await clients[caller].Command.ExecuteNonQueryAsync());
        foreach (var (opened, command) in clients)
        {
            await command.DisposeAsync();
            await opened.DisposeAsync();
        }

        return phase;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Callers in this process, each with its next call as soon as the last is answered.</summary>
internal static class Callers
{
    public static async Task<Phase> Run(int callers, TimeSpan time, Func<int, int, Task> call)
    {
        var start = Stopwatch.GetTimestamp();
        var all = await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            var latencies = new List<double>(4_096);
            for (var n = 0; Stopwatch.GetElapsedTime(start) < time; n++)
            {
                var began = Stopwatch.GetTimestamp();
                await call(caller, n);
                latencies.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }

            return latencies;
        })));
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return Phase.Of([.. all.SelectMany(l => l)], seconds);
    }
}
