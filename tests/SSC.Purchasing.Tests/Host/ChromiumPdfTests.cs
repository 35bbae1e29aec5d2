using System.Text;
using Shouldly;
using SSC.Purchasing.Exchange.Print;
using SSC.Purchasing.Host.Deliveries;
using SSC.Purchasing.Tests.Exchange;
using Xunit;

namespace SSC.Purchasing.Tests.Host;

/// <summary>PDF with the machine's Chromium where there is one; where there is none, the refusal is what must hold.</summary>
public class ChromiumPdfTests
{
    private const string Chromium = "/usr/bin/chromium";

    [Fact]
    public async Task an_order_becomes_a_pdf_or_the_reason_why_not()
    {
        using var pdf = new ChromiumPdf(Chromium);
        var outcome = await pdf.Print(new HtmlOrderWriter().Write(ExchangeOrders.Sample), TestContext.Current.CancellationToken);
        if (File.Exists(Chromium)) Encoding.ASCII.GetString(outcome.ShouldBeOfType<PdfOutcome.Printed>().Bytes, 0, 5).ShouldBe("%PDF-");
        else outcome.ShouldBeOfType<PdfOutcome.Refused>().Refusal.Code.ShouldBe("pdf-not-configured");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("/nowhere/chromium")]
    public async Task without_a_program_it_is_refused(string? program)
    {
        using var pdf = new ChromiumPdf(program);
        (await pdf.Print("<p>"u8.ToArray(), default)).ShouldBeOfType<PdfOutcome.Refused>().Refusal.Code.ShouldBe("pdf-not-configured");
    }

    [Fact]
    public async Task a_program_that_makes_nothing_or_takes_too_long_fails_and_leaves_nothing_behind()
    {
        var folder = Directory.CreateTempSubdirectory("ssc-print-test-");
        try
        {
            using var nothing = new ChromiumPdf(Program(folder, "nothing", "exit 3"));
            (await nothing.Print("<p>"u8.ToArray(), default)).ShouldBeOfType<PdfOutcome.Failed>().Reason.ShouldContain("exit code 3");

            // It says where it works, then hangs: its folder must be gone afterwards.
            var note = Path.Combine(folder.FullName, "where");
            using var hanging = new ChromiumPdf(
                Program(folder, "hanging", $"pwd > {note}; while :; do read -t 1 < /dev/zero; done"),
                limit: TimeSpan.FromSeconds(2));
            (await hanging.Print("<p>"u8.ToArray(), default)).ShouldBeOfType<PdfOutcome.Failed>().Reason.ShouldContain("too long");
            Directory.Exists((await File.ReadAllTextAsync(note)).Trim()).ShouldBeFalse();
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task nothing_of_the_services_settings_goes_along()
    {
        var folder = Directory.CreateTempSubdirectory("ssc-print-test-");
        try
        {
            var note = Path.Combine(folder.FullName, "env");
            Environment.SetEnvironmentVariable("SSC_SECRET_OF_THE_TEST", "secret");
            using var pdf = new ChromiumPdf(Program(folder, "spy", $"env > {note}; echo \"$@\" >> {note}"));
            await pdf.Print("<p>"u8.ToArray(), default);
            var seen = await File.ReadAllTextAsync(note);
            seen.ShouldNotContain("SSC_SECRET_OF_THE_TEST");
            seen.ShouldContain("--disable-background-networking");
            seen.Contains("--no-sandbox", StringComparison.Ordinal).ShouldBe(Environment.IsPrivilegedProcess);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Program(DirectoryInfo folder, string name, string script)
    {
        var path = Path.Combine(folder.FullName, name);
        File.WriteAllText(path, $"#!/bin/bash\n{script}\n");
        if (OperatingSystem.IsWindows()) throw new InvalidOperationException("This service runs on Linux.");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }
}
