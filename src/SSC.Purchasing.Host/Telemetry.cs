using Npgsql;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace SSC.Purchasing.Host;

/// <summary>Metrics and traces over OTLP, only where an operator has said where to; otherwise nothing is measured and nothing is
/// paid.</summary>
internal static class Telemetry
{
    /// <summary>Sources and meters of our own are all named so.</summary>
    public const string Ours = "SSC.Purchasing.*";

    public static void AddTelemetry(this IServiceCollection services, Settings settings)
    {
        if (settings.TelemetryEndpoint is not { } endpoint) return;
        var address = new Uri(endpoint, UriKind.Absolute);
        services.AddOpenTelemetry()
            .ConfigureResource(r =>
                r.AddService("ssc-purchasing", serviceVersion: typeof(Telemetry).Assembly.GetName().Version?.ToString()))
            .WithMetrics(m => m
                .AddMeter(Ours, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime", "Npgsql")
                .AddOtlpExporter(o => o.Endpoint = address))
            .WithTracing(t => t
                .AddSource(Ours, "Microsoft.AspNetCore").AddNpgsql()
                .AddOtlpExporter(o => o.Endpoint = address));
    }
}
