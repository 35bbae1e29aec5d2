using System.CommandLine;

namespace SSC.Purchasing.Host.Cli;

/// <summary>What a command ends with.</summary>
public static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Ok = 0;

    /// <summary>It could not be done; the reason is on standard error.</summary>
    public const int Failed = 1;

    /// <summary>The command line was not understood.</summary>
    public const int Usage = 2;

    /// <summary>Done, and something is not as it should be: replay found differences, an import found bad rows.</summary>
    public const int Differences = 3;
}

/// <summary>The command line: the same executable serves and does everything an operator does beside it.</summary>
public static class CommandLine
{
    /// <summary>Machine-readable output.</summary>
    internal static readonly Option<bool> Json = new("--json") { Description = "Print JSON instead of text.", Recursive = true };

    /// <summary>The database.</summary>
    internal static readonly Option<string?> Connection = new("--connection")
    {
        Description = "PostgreSQL connection string (else ConnectionStrings__Purchasing, else the embedded PostgreSQL).", Recursive = true,
    };

    /// <summary>The demo's database instead of one's own.</summary>
    internal static readonly Option<bool> DemoData = new("--demo-data")
    {
        Description = "Work on the database of the demo cooperative in the embedded PostgreSQL.", Recursive = true,
    };

    /// <summary>Runs one command line and gives its exit code.</summary>
    public static async Task<int> Run(string[] args)
    {
        var parsed = Root().Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors) await Console.Error.WriteLineAsync(error.Message);
            await Console.Error.WriteLineAsync("Try --help.");
            return ExitCode.Usage;
        }

        // The web host listens to signals itself and stops gracefully; other commands are cancelled.
        var serving = parsed.CommandResult.Command.Name is "serve" or "demo" || parsed.CommandResult.Command is RootCommand;
        var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false };
        if (serving) configuration.ProcessTerminationTimeout = null;
        try
        {
            return await parsed.InvokeAsync(configuration);
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("Stopped.");
            return ExitCode.Failed;
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            await Console.Error.WriteLineAsync(parsed.GetValue(Verbose) ? error.ToString() : $"{error.GetType().Name}: {error.Message}");
            return ExitCode.Failed;
        }
    }

    /// <summary>Stack traces with errors.</summary>
    internal static readonly Option<bool> Verbose = new("--verbose") { Description = "Show the whole error when something fails.",
        Recursive = true };

    /// <summary>The command tree.</summary>
    internal static RootCommand Root()
    {
        var root = new RootCommand("""
            SSC.Purchasing: members pool an order, the vendor gets one purchase order, the auditor replays it.

            Exit codes: 0 done, 1 failed, 2 command line not understood, 3 done but differences or bad rows were found.
            """)
        {
            Json, Connection, DemoData, Verbose, ServeCommand.Urls,
            ServeCommand.Serve(), ServeCommand.Demo(),
            StoreCommands.Migrate(), StoreCommands.Rebuild(), StoreCommands.Events(),
            KeyCommands.Keys(),
            DataCommands.Seed(), DataCommands.Import(), DataCommands.Replay(),
            ReportCommands.WhatIf(), ReportCommands.Audit(),
        };
        root.SetAction((parsed, ct) => ServeCommand.Run(parsed, demo: false, ct));
        return root;
    }
}
