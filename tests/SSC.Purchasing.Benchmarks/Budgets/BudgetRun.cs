using System.Text.Json;

namespace SSC.Purchasing.Benchmarks.Budgets;

/// <summary>The verb <c>budgets</c>: measures the rows asked for and prints them.</summary>
internal static class BudgetRun
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly (string[] Rows, Func<Bench, Task> Measure)[] Parts =
    [
        (ThroughputRows.Names, ThroughputRows.Measure),
        (DeadlineRows.StoreNames, DeadlineRows.MeasureStore),
        (DeadlineRows.HttpNames, DeadlineRows.MeasureHttp),
        (SettlementRow.Names, SettlementRow.Measure),
        (LargeLogRows.Names, LargeLogRows.Measure),
        (StartRow.Names, StartRow.Measure),
    ];

    public static int Usage()
    {
        Console.Error.WriteLine("budgets [--json] [--quick] [--only <part of a row's name>]; rows:");
        foreach (var (rows, _) in Parts)
        {
            foreach (var row in rows) Console.Error.WriteLine($"  {row}");
        }

        return 2;
    }

    public static async Task<int> Run(string[] args)
    {
        var options = new BenchOptions();
        for (var i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--json": options = options with { Json = true }; break;
                case "--quick": options = options with { Quick = true }; break;
                case "--only" when i + 1 < args.Length: options = options with { Only = args[++i] }; break;
                default: return Usage();
            }
        }

        if (!Parts.Any(p => p.Rows.Any(options.Wants))) return Usage();
        await using var bench = await Bench.Open(options);
        foreach (var (rows, measure) in Parts)
        {
            if (rows.Any(options.Wants)) await measure(bench);
        }

        if (options.Json) Console.Out.WriteLine(JsonSerializer.Serialize(bench.Rows, Json));
        return 0;
    }
}

/// <summary>What was asked for.</summary>
internal sealed record BenchOptions
{
    public bool Json { get; init; }

    /// <summary>Short phases and a small log: for developing, not for figures.</summary>
    public bool Quick { get; init; }

    public string? Only { get; init; }

    public bool Wants(string row) => Only is null || row.Contains(Only, StringComparison.OrdinalIgnoreCase);
}
