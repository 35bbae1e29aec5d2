using System.Globalization;
using System.Text;
using SSC.Purchasing.Procurement.PunchOuts;
using static SSC.Purchasing.Host.Api.PublicPage;

namespace SSC.Purchasing.Host.Api;

/// <summary>What a member's browser is shown when a basket comes back: plain HTML, read well by eye, ear and paper.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Html">The page.</param>
internal sealed record PunchOutPage(int Status, string Html)
{
    private const string Style =
        "body{font:1.1em/1.5 system-ui,sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem;color:#1b2a41;background:#fff}"
        + "table{border-collapse:collapse;width:100%;margin:1rem 0}caption{text-align:left;font-weight:bold;padding:.4rem 0}"
        + "th,td{text-align:left;padding:.4rem .6rem;border-bottom:1px solid #8a94a6;vertical-align:top}";

    /// <summary>The basket was taken, with or without all of its lines.</summary>
    public static PunchOutPage Taken(string session, PunchOutSession.Event.Returned basket)
    {
        var body = new StringBuilder("<h1>").Append(basket.Lines.Count == 0 ? "Nothing in the basket can be bought" : "Your basket is back")
            .Append("</h1>\n<p>Nothing is ordered yet. Go back to the purchasing service, look the basket over and take it into your "
                + "commitment. Session <code>").Append(Safe(session)).Append("</code>.</p>\n");
        if (basket.Lines.Count > 0)
        {
            Table(body, "Taken", ["Order line", "Item", "Description", "Quantity", "Shop's price"], basket.Lines.Select(l =>
                new[] { Number(l.LineNo), l.Item.Value, l.Description, l.Quantity.ToString(), $"${l.Shown}" }));
            body.Append("<p>What is paid is the price of the volume that all members reach together.</p>\n");
        }

        if (basket.Faults.Count > 0)
        {
            Table(body, "Not taken", ["Basket line", "Item", "Why", "Code"], basket.Faults.Select(f =>
                new[] { Number(f.No), f.Item?.Value ?? "unreadable", f.Message, f.Code }));
        }

        return new(200, Page(basket.Faults.Count == 0 ? "Basket taken" : "Basket taken in part", body.ToString()));
    }

    /// <summary>Nothing was taken.</summary>
    public static PunchOutPage Refused(int status, string code, string reason) => new(status, Page("Basket not taken", $"""
        <h1>Your basket was not taken</h1>
        <p>{Safe(reason)}</p>
        <p>Nothing was ordered and nothing was kept. Code <code>{Safe(code)}</code>.</p>
        """));

    /// <summary>Sends it: never cached, no script, no frame, no address of ours passed on.</summary>
    public Task Write(HttpContext http)
    {
        var headers = http.Response.Headers;
        headers.CacheControl = "no-store";
        headers["Referrer-Policy"] = "no-referrer";
        headers.ContentSecurityPolicy =
            "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        return Results.Text(Html, "text/html", Encoding.UTF8, Status).ExecuteAsync(http);
    }

    private static void Table(StringBuilder body, string caption, string[] heads, IEnumerable<string[]> rows)
    {
        body.Append("<table>\n<caption>").Append(Safe(caption)).Append("</caption>\n<thead><tr>");
        foreach (var head in heads) body.Append("<th scope=\"col\">").Append(Safe(head)).Append("</th>");
        body.Append("</tr></thead>\n<tbody>\n");
        foreach (var row in rows)
        {
            body.Append("<tr>");
            foreach (var cell in row) body.Append("<td>").Append(Safe(cell)).Append("</td>");
            body.Append("</tr>\n");
        }

        body.Append("</tbody>\n</table>\n");
    }

    private static string Page(string title, string body) => PublicPage.Of(title, Style, body);

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
