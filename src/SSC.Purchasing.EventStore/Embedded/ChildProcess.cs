using System.ComponentModel;
using System.Diagnostics;

namespace SSC.Purchasing.EventStore;

/// <summary>Runs a system tool to its end and keeps what it said.</summary>
internal sealed record ChildProcess(int ExitCode, string Output, string Error)
{
    public bool Succeeded => ExitCode == 0;

    /// <summary>Everything it said, for an error message.</summary>
    public string Said => string.Join(Environment.NewLine, new[] { Output.Trim(), Error.Trim() }.Where(s => s.Length > 0));

    /// <summary>Runs it; a program that does not exist is exit code 127, as in a shell.</summary>
    public static async Task<ChildProcess> Run(
        string file, IEnumerable<string> arguments, CancellationToken ct, IReadOnlyDictionary<string, string>? environment = null)
    {
        // "/" because an unprivileged account may not be allowed into the caller's directory.
        var start = new ProcessStartInfo(file, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
            WorkingDirectory = "/",
        };
        start.Environment["LC_ALL"] = "C";
        foreach (var (name, value) in environment ?? new Dictionary<string, string>(StringComparer.Ordinal))
            start.Environment[name] = value;
        try
        {
            using var process = Process.Start(start) ?? throw new InvalidOperationException($"{file} did not start.");
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync(ct);
            var error = process.StandardError.ReadToEndAsync(ct);
            await process.WaitForExitAsync(ct).ConfigureAwait(false);
            return new(process.ExitCode, await output.ConfigureAwait(false), await error.ConfigureAwait(false));
        }
        catch (Win32Exception e)
        {
            return new(127, "", e.Message);
        }
    }
}
