namespace SSC.Purchasing.Benchmarks.Load;

/// <summary>What the load generator can be asked to send, each scenario under its name.</summary>
/// <param name="Port">Of the service on 127.0.0.1.</param>
/// <param name="Scenarios">Connections of each scenario.</param>
internal sealed record LoadPlan(int Port, Dictionary<string, Lane[]> Scenarios);

/// <summary>One keep-alive connection: an organization's system that sends its next request when the last is answered.</summary>
/// <param name="Token">API key.</param>
/// <param name="Method">HTTP method.</param>
/// <param name="Path">Path; <c>{n}</c> becomes the request's number, <c>{arg}</c> what the order to send brings.</param>
/// <param name="Bodies">JSON bodies, taken in turn.</param>
internal sealed record Lane(string Token, string Method, string Path, string[] Bodies);

/// <summary>An order to the load generator, one per line of its standard input.</summary>
/// <param name="Scenario">Which.</param>
/// <param name="Seconds">How long; 0 for one request on each connection.</param>
/// <param name="StartAt">When, Unix milliseconds; the connections are open before.</param>
/// <param name="Argument">Goes into the paths.</param>
internal sealed record LoadOrder(string Scenario, double Seconds, long StartAt = 0, string Argument = "");

/// <summary>What became of it, one line of standard output.</summary>
/// <param name="Seconds">From the first request to the last answer.</param>
/// <param name="Latencies">Of every answer, ms.</param>
/// <param name="Statuses">Last status of each connection.</param>
/// <param name="Failures">Answers other than 2xx.</param>
/// <param name="FirstFailure">The first of them.</param>
internal sealed record LoadResult(double Seconds, double[] Latencies, int[] Statuses, int Failures, string? FirstFailure)
{
    /// <summary>Why each connection's last request was refused, e.g. <c>order-closed</c>; null when it was not.</summary>
    public string?[] Refusals { get; init; } = [];
}
