using System.Diagnostics;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Host.Deliveries;

/// <summary>What became of a page that was to be a PDF.</summary>
public abstract record PdfOutcome
{
    private PdfOutcome()
    {
    }

    /// <summary>It is one.</summary>
    public sealed record Printed(byte[] Bytes) : PdfOutcome;

    /// <summary>This service makes none: <c>pdf-not-configured</c>.</summary>
    public sealed record Refused(Refusal Refusal) : PdfOutcome;

    /// <summary>Not now: too many are being made, or this one took too long or failed.</summary>
    public sealed record Failed(string Reason) : PdfOutcome;
}

/// <summary>
/// Makes PDF of pages that this service wrote, with a Chromium that the operator names (<c>Purchasing:Chromium</c>). Each print is a
/// process of its own in a folder of its own, without network, and ends with its time limit; at most a few run at once, since each takes
/// some hundred megabytes. The pages allow no script themselves (their content security policy).
/// </summary>
/// <param name="executable">Path of the program; null when there is none.</param>
/// <param name="atOnce">Most that run at once.</param>
/// <param name="limit">Longest wait for a turn, and longest run; 30 seconds when null.</param>
public sealed class ChromiumPdf(string? executable, int atOnce = 2, TimeSpan? limit = null) : IDisposable
{
    private const long LargestPdf = 64 * 1024 * 1024;
    private static readonly TimeSpan UsualLimit = TimeSpan.FromSeconds(30);
    private static readonly string[] Kept = ["PATH", "LANG"];
    private readonly SemaphoreSlim turns = new(atOnce, atOnce);
    private readonly TimeSpan limit = limit ?? UsualLimit;

    /// <summary>Prints a page.</summary>
    public async Task<PdfOutcome> Print(ReadOnlyMemory<byte> html, CancellationToken ct)
    {
        if (executable is null || !File.Exists(executable))
        {
            return new PdfOutcome.Refused(new(
                "pdf-not-configured",
                "This service makes no PDF; fetch the same document as html and print it, or set Purchasing:Chromium to a Chromium."));
        }

        if (!await turns.WaitAsync(limit, ct)) return new PdfOutcome.Failed("Too many documents are being printed; try again.");
        try
        {
            return await Run(executable, html, ct);
        }
        finally
        {
            turns.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => turns.Dispose();

    private async Task<PdfOutcome> Run(string program, ReadOnlyMemory<byte> html, CancellationToken ct)
    {
        // Made with access for this account only.
        var folder = Directory.CreateTempSubdirectory("ssc-print-");
        try
        {
            var (page, pdf) = (Path.Combine(folder.FullName, "page.html"), Path.Combine(folder.FullName, "page.pdf"));
            await File.WriteAllBytesAsync(page, html, ct);
            using var process = Start(program, folder.FullName, page, pdf);
            using var time = CancellationTokenSource.CreateLinkedTokenSource(ct);
            time.CancelAfter(limit);
            try
            {
                await process.WaitForExitAsync(time.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                ct.ThrowIfCancellationRequested();
                return new PdfOutcome.Failed("Printing took too long and was ended; try again.");
            }

            return new FileInfo(pdf) is { Exists: true, Length: > 0 and <= LargestPdf }
                ? new PdfOutcome.Printed(await File.ReadAllBytesAsync(pdf, ct))
                : new PdfOutcome.Failed($"The printing program made no document (exit code {process.ExitCode}).");
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return new PdfOutcome.Failed($"The printing program cannot be started: {e.Message}");
        }
        finally
        {
            Remove(folder);
        }
    }

    private static Process Start(string program, string folder, string page, string pdf)
    {
        var start = new ProcessStartInfo(program)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var argument in Arguments(folder, page, pdf)) start.ArgumentList.Add(argument);

        // Nothing of this process's settings or secrets goes along.
        foreach (var name in start.Environment.Keys.Except(Kept, StringComparer.Ordinal).ToList()) start.Environment.Remove(name);
        start.Environment["HOME"] = folder;
        start.Environment["TMPDIR"] = folder;
        var process = new Process { StartInfo = start };
        process.Start();

        // Read and dropped: a full pipe would stop it.
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static IEnumerable<string> Arguments(string folder, string page, string pdf)
    {
        string[] always =
        [
            "--headless", "--disable-gpu", "--disable-dev-shm-usage", "--disable-extensions", "--no-first-run",
            "--no-default-browser-check", "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--disable-default-apps", "--disable-breakpad",
            "--host-resolver-rules=MAP * ~NOTFOUND",
            "--no-pdf-header-footer",
            $"--user-data-dir={Path.Combine(folder, "profile")}", $"--print-to-pdf={pdf}",
        ];

        // Chromium's own sandbox does not work for root; everybody else keeps it.
        return [.. always, .. OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess ? ["--no-sandbox"] : Array.Empty<string>(),
            new Uri(page).AbsoluteUri];
    }

    private static void Remove(DirectoryInfo folder)
    {
        try
        {
            folder.Delete(recursive: true);
        }
        catch (IOException)
        {
            // A child that is just ending may still write; the system clears its temporary folder.
        }
    }
}
