using System.Diagnostics;
using System.Text.Json.Nodes;

namespace SSC.Purchasing.DatabaseTests.Http;

/// <summary>What the executable said and ended with when it was run on a scenario's database, as an operator runs it.</summary>
/// <param name="Exit">Its exit code.</param>
/// <param name="Said">Standard output.</param>
/// <param name="Wrong">Standard error.</param>
internal sealed record CommandRun(int Exit, string Said, string Wrong)
{
    /// <summary>The answer, of a run with <c>--json</c>.</summary>
    public JsonNode Json => JsonNode.Parse(Said)!;

    public static async Task<CommandRun> Of(Stage stage, params string[] line)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        string[] all = [Path.Combine(AppContext.BaseDirectory, "SSC.Purchasing.Host.dll"), .. line, "--connection",
            stage.Settings.ConnectionString!];
        foreach (var word in all) start.ArgumentList.Add(word);
        start.Environment["Purchasing__Tenant"] = stage.Settings.Tenant;
        using var run = Process.Start(start)!;
        var (said, wrong) = (run.StandardOutput.ReadToEndAsync(), run.StandardError.ReadToEndAsync());
        await run.WaitForExitAsync();
        return new(run.ExitCode, await said, await wrong);
    }
}
