namespace SSC.Purchasing.Exchange.Print;

/// <summary>Paper that documents are laid out for.</summary>
public enum PaperSize
{
    /// <summary>8½ × 11 inches.</summary>
    Letter,

    /// <summary>210 × 297 mm.</summary>
    A4,
}

/// <summary>Looks of printed documents: one style sheet in the page itself, no script, nothing fetched from anywhere.</summary>
internal static class PrintStyle
{
    /// <summary>Everything before the content.</summary>
    public static HtmlText Begin(string title, PaperSize paper)
    {
        // In a style sheet nothing is decoded, so the running foot takes only what needs no encoding.
        var foot = string.Concat(title.Where(c => char.IsAsciiLetterOrDigit(c) || c is ' ' or '-' or '.' or '_'));
        var size = paper == PaperSize.A4 ? "A4" : "letter";
        var page = new HtmlText();
        page.Add(
            $$"""
            <!DOCTYPE html>
            <html lang="en-US"><head><meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{{title}}</title>
            <style>
            @page { size: {{size}}; margin: 14mm 14mm 18mm;
              @bottom-left { content: "{{foot}}"; font: 8pt 'Liberation Sans', Arial, sans-serif; color: #555; }
              @bottom-right { content: "Page " counter(page) " of " counter(pages); font: 8pt 'Liberation Sans', Arial, sans-serif;
                color: #555; } }
            """);
        AddCss(page);
        return page;
    }

    private static void AddCss(HtmlText page) => page.Add(
        $$"""

        * { box-sizing: border-box; }
        body { margin: 0; font: 9.5pt/1.35 'Liberation Sans', Arial, Helvetica, sans-serif; color: #111; }
        @media screen { body { max-width: 8.5in; margin: 1rem auto; padding: 0 .5in; } }
        header { display: flex; justify-content: space-between; align-items: flex-start; border-bottom: 2pt solid #1f3a5f;
          padding-bottom: 3mm; }
        header .from { font-size: 9pt; } header .from strong { font-size: 12pt; color: #1f3a5f; }
        header .what { text-align: right; } h1 { margin: 0; font-size: 17pt; color: #1f3a5f; letter-spacing: .3pt; }
        .number { font-size: 12pt; font-weight: bold; }
        h2 { font-size: 10.5pt; margin: 6mm 0 1.5mm; color: #1f3a5f; break-after: avoid; }
        .blocks { display: flex; gap: 6mm; margin-top: 4mm; } .blocks > div { flex: 1; }
        .label { font-size: 7.5pt; text-transform: uppercase; letter-spacing: .4pt; color: #555; }
        dl { display: grid; grid-template-columns: auto 1fr; gap: .5mm 4mm; margin: 0; } dt { color: #555; } dd { margin: 0; }
        table { width: 100%; border-collapse: collapse; margin-top: 3mm; }
        thead { display: table-header-group; } tr { break-inside: avoid; }
        th { text-align: left; font-size: 8pt; background: #e8edf3; border-bottom: 1pt solid #1f3a5f; padding: 1.2mm 1.5mm; }
        td { padding: 1.2mm 1.5mm; border-bottom: .4pt solid #c8ccd2; vertical-align: top; overflow-wrap: break-word; }
        .k { white-space: nowrap; } .place td { background: #f4f6f9; break-after: avoid; } .place { break-after: avoid; }
        .n { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
        .quiet { color: #555; font-size: 8.5pt; }
        .totals { width: auto; margin-left: auto; } .totals td { border: 0; padding: .6mm 1.5mm; }
        .totals .sum td { border-top: 1pt solid #1f3a5f; font-weight: bold; font-size: 11pt; }
        .note { border: .6pt solid #b8860b; background: #fff9e8; padding: 1.5mm 2.5mm; margin-top: 2.5mm; }
        .sign { display: flex; gap: 8mm; margin-top: 12mm; break-inside: avoid; }
        .sign div { flex: 1; border-top: .6pt solid #111; padding-top: 1mm; font-size: 8pt; color: #555; }
        .slip { break-after: page; } .slip:last-child { break-after: auto; }
        .box { display: inline-block; width: 14mm; height: 5mm; border: .6pt solid #111; }
        footer { margin-top: 6mm; font-size: 8pt; color: #555; overflow-wrap: anywhere; break-inside: avoid; }
        </style></head><body>

        """);
}
