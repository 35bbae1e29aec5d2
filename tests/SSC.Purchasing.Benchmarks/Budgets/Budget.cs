using System.Globalization;
using System.Text.Json.Serialization;

namespace SSC.Purchasing.Benchmarks.Budgets;

/// <summary>One budget as measured. The ratio is measured by reference; the budget says in words what is compared.</summary>
/// <param name="Name">Which budget.</param>
/// <param name="Measured">Ours, in <paramref name="Unit"/>.</param>
/// <param name="Reference">What it is compared with, in the same unit.</param>
/// <param name="Ratio">Median of the pairs' ratios.</param>
/// <param name="Budget">What must hold.</param>
/// <param name="Unit">Of measured and reference.</param>
/// <param name="Met">Whether it holds.</param>
internal sealed record Budget(string Name, double Measured, double Reference, double Ratio, string Limit, string Unit, bool Met)
{
    [JsonPropertyName("budget")]
    public string Limit { get; init; } = Limit;

    /// <summary>What the reference is.</summary>
    [JsonIgnore]
    public string Against { get; init; } = "R1";

    /// <summary>Where the time goes; printed when the budget is not met.</summary>
    [JsonIgnore]
    public string? Why { get; init; }

    /// <summary>At least so many times the reference.</summary>
    public static Budget AtLeast(string name, Pairs pairs, double times, string unit) => new(
        name, pairs.Measured, pairs.Reference, pairs.Ratio, Text($"≥ {times:0.##} × reference"), unit, pairs.Ratio >= times);

    /// <summary>At most so many times the reference.</summary>
    public static Budget AtMost(string name, Pairs pairs, double times, string unit) => new(
        name, pairs.Measured, pairs.Reference, pairs.Ratio, Text($"≤ {times:0.##} × reference"), unit, pairs.Ratio <= times);

    /// <summary>Below a figure; the reference only tells what the machine can do.</summary>
    public static Budget Below(string name, Pairs pairs, double limit, string unit) => new(
        name, pairs.Measured, pairs.Reference, pairs.Ratio, Text($"< {limit:#,0.##} {unit}"), unit, pairs.Measured < limit);

    public override string ToString() => Text(
        $"{Name,-70} {Measured,11:#,0.0} {Unit,-9} {Against}: {Reference:#,0.0}; ratio {Ratio:0.00}; budget {Limit}; {Verdict}");

    private string Verdict => Met ? "met" : "NOT MET";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Phases of ours and of the reference, each of ours paired with the reference right before it.</summary>
internal sealed class Pairs
{
    private readonly List<(double Ours, double Theirs)> pairs = [];

    public double Measured => Median(pairs.Select(p => p.Ours));

    public double Reference => Median(pairs.Select(p => p.Theirs));

    public double Ratio => Median(pairs.Select(p => p.Ours / p.Theirs));

    public void Add(double ours, double theirs) => pairs.Add((ours, theirs));

    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        if (sorted.Length == 0) return double.NaN;
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}

/// <summary>How one phase went.</summary>
/// <param name="PerSecond">Done per second.</param>
/// <param name="P50">Median latency, ms.</param>
/// <param name="P99">99th percentile of the latency, ms.</param>
internal sealed record Phase(double PerSecond, double P50, double P99)
{
    /// <summary>From latencies in ms, in any order.</summary>
    public static Phase Of(double[] latencies, double seconds)
    {
        Array.Sort(latencies);
        return new(latencies.Length / seconds, Percentile(latencies, 0.5), Percentile(latencies, 0.99));
    }

    private static double Percentile(double[] sorted, double share) =>
        sorted.Length == 0 ? double.NaN : sorted[Math.Min(sorted.Length - 1, (int)(share * sorted.Length))];
}
