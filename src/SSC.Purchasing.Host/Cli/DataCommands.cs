using System.CommandLine;
using System.Globalization;
using SSC.Purchasing.Audit;

namespace SSC.Purchasing.Host.Cli;

/// <summary><c>seed</c>, <c>import</c>, <c>replay</c>: data in, and history checked.</summary>
internal static class DataCommands
{
    /// <summary>The seed of the demo cooperative, unless told.</summary>
    public const int DemoSeed = 2026;

    public static Command Seed()
    {
        var seed = new Option<int>("--seed") { Description = "Seed of the deterministic demo.", DefaultValueFactory = _ => DemoSeed };
        var command = new Command("seed", "Fill an empty tenant with the demo cooperative.") { seed };
        command.SetAction(async (parsed, ct) =>
        {
            var output = Output.For(parsed);
            if (Modules.Seeder is not { } seeder) return output.Failure("not-in-this-build",
                "No demo cooperative is registered in Modules.");
            await using var node = await Node.Open(ServeCommand.SettingsOf(parsed), run: true, ct);
            var seeded = await output.Work("Demo cooperative", progress => seeder.Seed(node, parsed.GetValue(seed), progress, ct));
            Print(output, seeded);
            return ExitCode.Ok;
        });
        return command;
    }

    public static Command Import()
    {
        var command = new Command("import", "Import a file; a bad row refuses the whole file.");
        foreach (var import in Modules.Imports) command.Add(Import(import));
        return command;
    }

    public static Command Replay()
    {
        var stream = new Option<string?>("--stream") { Description = "Only the decisions of this stream." };
        var command = new Command("replay",
            "Recompute every stored decision from its recorded inputs; exit code 3 when any differs.") { stream };
        command.SetAction(async (parsed, ct) =>
        {
            var output = Output.For(parsed);
            await using var node = await Node.Open(ServeCommand.SettingsOf(parsed), run: false, ct);
            var check = new ReplayCheck(node.Store, Modules.Aggregates, Modules.Checks, node.Clock);
            var scope = new ReplayScope { Tenant = node.Settings.Tenant, Stream = parsed.GetValue(stream) };
            var found = await output.Work("Replay", progress => check.Run(
                scope, new Relay<ReplayProgress>(p => progress.Report(new(p.Position, p.ToPosition))), ct));
            if (!output.IsJson)
            {
                foreach (var difference in found.FirstDifferences) Console.Out.WriteLine(difference);
                foreach (var problem in found.FirstProblems) Console.Out.WriteLine(problem);
            }

            output.Result(found, found.Summary);
            return found.IsClean ? ExitCode.Ok : ExitCode.Differences;
        });
        return command;
    }

    /// <summary>Sign-ins and the tour, at the address that is served.</summary>
    internal static void Print(Output output, Seeded seeded, string? url = null)
    {
        output.Result(seeded,
            string.Create(CultureInfo.InvariantCulture,
                $"{seeded.Events} events{(seeded.AlreadyThere ? ", already there" : string.Empty)}."));
        if (output.IsJson) return;
        foreach (var signIn in seeded.SignIns) Console.Out.WriteLine($"  {signIn.Role,-16} {signIn.Organization,-24} {signIn.ApiKey}");
        foreach (var line in seeded.Tour)
            Console.Out.WriteLine(url is null ? line : line.Replace(ServiceHost.DefaultUrl, url.TrimEnd('/'), StringComparison.Ordinal));
    }

    private static Command Import(IFileImport import)
    {
        var file = new Argument<FileInfo>("file") { Description = "CSV (UTF-8) or XLSX." };
        var target = new Option<string?>("--for") { Description = "What it is for, e.g. a contract." };
        var dryRun = new Option<bool>("--dry-run") { Description = "Check and report; record nothing." };
        var command = new Command(import.Name, import.Description) { file, target, dryRun };
        foreach (var option in import.Options) command.Add(option);
        command.SetAction(async (parsed, ct) =>
        {
            var output = Output.For(parsed);
            var path = parsed.GetValue(file)!;
            if (!path.Exists) return output.Failure("no-such-file", $"There is no file {path.FullName}.");
            await using var node = await Node.Open(ServeCommand.SettingsOf(parsed), run: false, ct);
            await using var content = path.OpenRead();
            var done = await import.Run(node, new(content, parsed.GetValue(target), parsed.GetValue(dryRun), parsed), ct);
            if (done.No is { } no) return output.Failure(no.Code, no.Reason);
            if (!output.IsJson)
            {
                foreach (var fault in done.Report!.Faults)
                    Console.Out.WriteLine(
                        string.Create(CultureInfo.InvariantCulture,
                            $"row {fault.Row}{(fault.Column is null ? "" : $", {fault.Column}")}: {fault.Reason}"));
                foreach (var line in done.Diff is { } diff ? PriceListFileImport.Lines(diff) : []) Console.Out.WriteLine(line);
            }

            output.Result(done, done.Summary);
            return done.Report!.Faults.Count == 0 ? ExitCode.Ok : ExitCode.Differences;
        });
        return command;
    }
}
