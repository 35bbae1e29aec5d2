using System.CommandLine;
using System.Globalization;

namespace SSC.Purchasing.Host.Cli;

/// <summary><c>serve</c> (also without a command) and <c>demo</c>.</summary>
internal static class ServeCommand
{
    public static readonly Option<string?> Urls = new("--urls")
    {
        Description = $"Where to listen, e.g. http://0.0.0.0:8080; {ServiceHost.DefaultUrl} unless told.", Recursive = true,
    };

    private const string DemoDatabase = "purchasing_demo";

    public static Command Serve()
    {
        var command = new Command("serve", "Serve the API (what happens without a command, too).");
        command.SetAction((parsed, ct) => Run(parsed, demo: false, ct));
        return command;
    }

    public static Command Demo()
    {
        var command = new Command("demo", "Serve a demo cooperative, made on first start in the embedded PostgreSQL.");
        command.SetAction((parsed, ct) => Run(parsed, demo: true, ct));
        return command;
    }

    /// <summary>Settings from the command line over environment over files.</summary>
    public static Settings SettingsOf(ParseResult parsed) => Settings.From(ServiceHost.NewBuilder(Framework(parsed)).Configuration);

    public static async Task<int> Run(ParseResult parsed, bool demo, CancellationToken ct)
    {
        var output = Output.For(parsed);
        var builder = ServiceHost.NewBuilder(Framework(parsed));
        var settings = Settings.From(builder.Configuration);
        if (demo && settings.ConnectionString is null) settings = settings with { Database = DemoDatabase };
        await using var node = await Node.Open(settings, run: true, ct);
        if (demo)
        {
            if (Modules.Seeder is not { } seeder) return output.Failure("not-in-this-build",
                "No demo cooperative is registered in Modules.");
            var seeded = await output.Work("Demo cooperative", p => seeder.Seed(node, DataCommands.DemoSeed, p, ct));
            DataCommands.Print(output, seeded, parsed.GetValue(Urls)?.Split(';')[0]);
        }

        await using var app = ServiceHost.Build(builder, node);
        await app.StartAsync(ct);
        var urls = string.Join(' ', app.Urls);
        output.Result(
            new Serving([.. app.Urls], Environment.ProcessId),
            string.Create(CultureInfo.InvariantCulture, $"Serving {urls} — docs at {app.Urls.First()}/docs. Ctrl+C stops."));
        await app.WaitForShutdownAsync(ct);
        return ExitCode.Ok;
    }

    private static string[] Framework(ParseResult parsed)
    {
        List<string> args = [];
        if (parsed.GetValue(Urls) is { } urls) args.Add($"--urls={urls}");
        if (parsed.GetValue(CommandLine.DemoData)) args.Add($"--Purchasing:Database={DemoDatabase}");
        if (parsed.GetValue(CommandLine.Connection) is { } connection) args.Add($"--ConnectionStrings:Purchasing={connection}");
        return [.. args];
    }

    private sealed record Serving(IReadOnlyList<string> Urls, int ProcessId);
}
