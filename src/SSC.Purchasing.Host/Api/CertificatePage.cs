using System.Globalization;
using SSC.Purchasing.Programs;
using static SSC.Purchasing.Host.Api.PublicPage;

namespace SSC.Purchasing.Host.Api;

/// <summary>Certificates as people see them: one page to print, and the public page that says whether a code holds.</summary>
internal static class CertificatePage
{
    private const string Style =
        "body{font-family:Georgia,serif;margin:2cm auto;max-width:24cm;text-align:center;color:#1b2a41}"
        + "main{border:3px double #1b2a41;padding:1.5cm}h1{font-size:2.2em;margin:.2em}h2{font-size:1.6em;margin:.6em}"
        + "dl{display:grid;grid-template-columns:1fr 1fr;gap:.3em 1em;text-align:left;max-width:16cm;margin:1em auto}"
        + "dt{text-align:right}dd{margin:0}code{letter-spacing:.1em}.no{color:#8b1a1a;font-weight:bold}"
        + "@page{size:letter landscape;margin:1cm}@media print{body{margin:0 auto}}";

    /// <summary>The page to print.</summary>
    public static string Print(string code, Certificate.State state, string? name, string address)
    {
        var text = state.Text!;
        return Page("Certificate of attendance", $"""
            <h1>Certificate of attendance</h1>
            {Warning(state)}
            <p>This certifies that</p>
            <h2>{Safe(name ?? $"participant {text.Participant}")}</h2>
            <p>attended</p>
            <h2>{Safe(text.Title)}</h2>
            {Facts(text)}
            <p>Verification code <code>{Safe(code)}</code><br>{Safe(address)}</p>
            """);
    }

    /// <summary>The public page; nobody's name is on it.</summary>
    public static string Verification(string code, Certificate.State state) => state.Text is { } text
        ? Page("Verification of a certificate", $"""
            <h1>Certificate {Safe(code)}</h1>
            {(state.Phase == CertificatePhase.Issued ? "<p>This certificate was issued and holds.</p>" : Warning(state))}
            <h2>{Safe(text.Title)}</h2>
            {Facts(text)}
            """)
        : Page("Verification of a certificate",
            "<h1>No such certificate</h1><p class=\"no\">No certificate was issued under this code. Check each character.</p>");

    private static string Warning(Certificate.State state) => state.Phase == CertificatePhase.Revoked
        ? "<p class=\"no\">This certificate was revoked and holds no more.</p>"
        : string.Empty;

    private static string Facts(CertificateText text) => string.Create(CultureInfo.InvariantCulture, $"""
        <dl>
        <dt>Dates</dt><dd>{text.From:yyyy-MM-dd}{(text.To == text.From ? "" : $" to {text.To:yyyy-MM-dd}")}</dd>
        <dt>Clock hours</dt><dd>{text.ClockHours}</dd>
        <dt>Continuing education units</dt><dd>{text.Ceu}</dd>
        </dl>
        """);

    private static string Page(string title, string body) => PublicPage.Of(title, Style, body);
}
