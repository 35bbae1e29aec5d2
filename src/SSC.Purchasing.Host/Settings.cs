using System.Globalization;
using SSC.Purchasing.EventStore.Subscriptions;
using SSC.Purchasing.Exchange.Documents;
using SSC.Purchasing.Exchange.X12;
using SSC.Purchasing.Host.Deliveries;

namespace SSC.Purchasing.Host;

/// <summary>What an operator can set, from <c>appsettings.json</c>, environment variables or the command line, with its defaults.</summary>
public sealed record Settings
{
    /// <summary><c>ConnectionStrings:Purchasing</c>; null means that the host runs its own PostgreSQL.</summary>
    public string? ConnectionString { get; init; }

    /// <summary><c>Purchasing:DataDirectory</c>: where the embedded PostgreSQL keeps its data; null means <c>.data/pg</c> beside the
    /// solution.</summary>
    public string? DataDirectory { get; init; }

    /// <summary><c>Purchasing:Database</c>: database in the embedded PostgreSQL.</summary>
    public string Database { get; init; } = "purchasing";

    /// <summary><c>Purchasing:Tenant</c>: the operator's store.</summary>
    public string Tenant { get; init; } = "ssc";

    /// <summary><c>Purchasing:Authority</c>: the OIDC issuer whose bearer tokens are accepted; null means API keys only.</summary>
    public string? Authority { get; init; }

    /// <summary><c>Purchasing:Audience</c>: the audience a token must name.</summary>
    public string Audience { get; init; } = "ssc-purchasing";

    /// <summary><c>Purchasing:RequestsPerSecond</c> of one organization on one node, sustained.</summary>
    public int RequestsPerSecond { get; init; } = 2_000;

    /// <summary><c>Purchasing:RequestBurst</c> of one organization above that.</summary>
    public int RequestBurst { get; init; } = 10_000;

    /// <summary><c>Purchasing:FailedSignInsPerSecond</c> of one address; a burst of five seconds' worth is let through.</summary>
    public int FailedSignInsPerSecond { get; init; } = 10;

    /// <summary><c>Purchasing:PositionTimeoutSeconds</c>: how long a read waits for <c>X-At-Least-Position</c>.</summary>
    public TimeSpan PositionTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// <c>Purchasing:PublicUrl</c>: absolute address that browsers reach this service at, e.g. behind a proxy; shops send members' baskets
    /// back there. Null means the address that the member asked at.
    /// </summary>
    public Uri? PublicUrl { get; init; }

    /// <summary>
    /// <c>Purchasing:AllowPrivateVendorAddresses</c>: orders may be posted to private and loopback addresses; for tests and for vendors
    /// inside one's own network.
    /// </summary>
    public bool AllowPrivateVendorAddresses { get; init; }

    /// <summary>
    /// <c>Purchasing:Chromium</c>: path of a Chromium that makes PDF of printed documents; null means that this service makes none.
    /// </summary>
    public string? Chromium { get; init; }

    /// <summary>
    /// <c>Purchasing:SecretsKey</c>: 32 bytes in base64 that seal the secrets of webhooks; without it none can be issued. Keep it where
    /// the database's backups are not.
    /// </summary>
    public string? SecretsKey { get; init; }

    /// <summary><c>Purchasing:Smtp:Host</c>, <c>Port</c> (587), <c>From</c>, <c>User</c>, <c>Password</c>: where orders are mailed
    /// through; null means nowhere.</summary>
    public MailServer? Mail { get; init; }

    /// <summary>Formats that vendors' documents are read in; only code sets them.</summary>
    public IReadOnlyList<IVendorDocumentReader> DocumentReaders { get; init; } = Modules.VendorDocumentReaders;

    /// <summary>
    /// Formats that orders are written in, beside the canonical one; only code sets them. <c>Purchasing:X12:Element</c>,
    /// <c>Component</c> and <c>Segment</c> are the separators of X12, one character each; <c>*</c>, <c>&gt;</c> and <c>~</c> unless told.
    /// </summary>
    public IReadOnlyList<IOrderWriter> OrderWriters { get; init; } = Modules.OrderWriters;

    /// <summary>How much a receiver of deliveries may cost; only code sets it.</summary>
    public DeliveryLimits Deliveries { get; init; } = new();

    /// <summary><c>OpenTelemetry:Endpoint</c> or <c>OTEL_EXPORTER_OTLP_ENDPOINT</c>: where metrics and traces go; null means
    /// nowhere.</summary>
    public string? TelemetryEndpoint { get; init; }

    /// <summary><c>Runtime</c>: <c>Npgsql</c> or <c>CritterStack</c>; what keeps the log and runs the sagas.</summary>
    public Engine Engine { get; init; }

    /// <summary>How read models, sagas and deliveries run, e.g. when a failed delivery is tried again; only code sets it.</summary>
    public RuntimeOptions Runtime { get; init; } = new();

    /// <summary>Reads them.</summary>
    /// <exception cref="ArgumentException">A number is not one, or out of bounds.</exception>
    public static Settings From(IConfiguration configuration)
    {
        var defaults = new Settings();
        return new()
        {
            ConnectionString = Text(configuration, "ConnectionStrings:Purchasing"),
            DataDirectory = Text(configuration, "Purchasing:DataDirectory"),
            Database = Text(configuration, "Purchasing:Database") ?? defaults.Database,
            Tenant = Text(configuration, "Purchasing:Tenant") ?? defaults.Tenant,
            Authority = Text(configuration, "Purchasing:Authority"),
            Audience = Text(configuration, "Purchasing:Audience") ?? defaults.Audience,
            RequestsPerSecond = Number(configuration, "Purchasing:RequestsPerSecond") ?? defaults.RequestsPerSecond,
            RequestBurst = Number(configuration, "Purchasing:RequestBurst") ?? defaults.RequestBurst,
            FailedSignInsPerSecond = Number(configuration, "Purchasing:FailedSignInsPerSecond") ?? defaults.FailedSignInsPerSecond,
            PositionTimeout = Number(configuration, "Purchasing:PositionTimeoutSeconds") is { } s ? TimeSpan.FromSeconds(s)
                : defaults.PositionTimeout,
            PublicUrl = Text(configuration, "Purchasing:PublicUrl") switch
            {
                null => null,
                var text when Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "https" or "http" => url,
                var text => throw new ArgumentException(
                    $"Setting Purchasing:PublicUrl is an absolute http or https address; it is '{text}'.", nameof(configuration)),
            },
            AllowPrivateVendorAddresses = Text(configuration, "Purchasing:AllowPrivateVendorAddresses") is "true",
            Chromium = Text(configuration, "Purchasing:Chromium"),
            Engine = Text(configuration, "Runtime") switch
            {
                null => defaults.Engine,
                var name when Enum.TryParse<Engine>(name, ignoreCase: true, out var engine) && Enum.IsDefined(engine) => engine,
                var name => throw new ArgumentException(
                    $"Setting Runtime is Npgsql or CritterStack; it is '{name}'.", nameof(configuration)),
            },
            SecretsKey = Text(configuration, "Purchasing:SecretsKey"),
            Mail = MailFrom(configuration),
            OrderWriters = Modules.OrderWritersWith(SeparatorsFrom(configuration)),
            TelemetryEndpoint = Text(configuration, "OpenTelemetry:Endpoint") ?? Text(configuration, "OTEL_EXPORTER_OTLP_ENDPOINT"),
        };
    }

    private static MailServer? MailFrom(IConfiguration configuration)
    {
        if (Text(configuration, "Purchasing:Smtp:Host") is not { } host) return null;
        var from = Text(configuration, "Purchasing:Smtp:From")
            ?? throw new ArgumentException("Setting Purchasing:Smtp:From must say from which address orders come.", nameof(configuration));
        return new(host, Number(configuration, "Purchasing:Smtp:Port") ?? 587, from)
        {
            User = Text(configuration, "Purchasing:Smtp:User"),
            Password = Text(configuration, "Purchasing:Smtp:Password"),
        };
    }

    private static X12Separators SeparatorsFrom(IConfiguration configuration)
    {
        char Separator(string name, char usual) => Text(configuration, $"Purchasing:X12:{name}") switch
        {
            null => usual,
            [var one] => one,
            var text => throw new ArgumentException(
                $"Setting Purchasing:X12:{name} is one character; it is '{text}'.", nameof(configuration)),
        };
        var usual = X12Separators.Usual;
        var separators = new X12Separators(
            Separator("Element", usual.Element), Separator("Component", usual.Component), Separator("Segment", usual.Segment));
        return separators.AreSound()
            ? separators
            : throw new ArgumentException(
                "Settings Purchasing:X12:Element, Component and Segment are three different characters of ASCII, none of them a letter, a "
                + $"digit, a point or a minus sign; they are '{separators.Element}', '{separators.Component}' and '{separators.Segment}'.",
                nameof(configuration));
    }

    private static string? Text(IConfiguration configuration, string key) =>
        configuration[key] is { } text && !string.IsNullOrWhiteSpace(text) ? text.Trim() : null;

    private static int? Number(IConfiguration configuration, string key)
    {
        if (Text(configuration, key) is not { } text) return null;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= 10_000_000
            ? number
            : throw new ArgumentException($"Setting {key} must be a whole number from 1 to 10,000,000; it is '{text}'.",
                nameof(configuration));
    }
}
