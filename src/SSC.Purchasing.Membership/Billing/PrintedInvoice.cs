using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Membership;

/// <summary>
/// A member's invoice as a page to print: charges by source, payments, credits and the balance. Pure; every text is escaped; it refers
/// to nothing outside itself.
/// </summary>
public static class PrintedInvoice
{
    private const string Style =
        "body{font:11pt/1.4 sans-serif;max-width:48rem;margin:2rem auto;color:#000}table{width:100%;border-collapse:collapse}"
        + "caption{text-align:left;font-weight:bold;padding:.5rem 0}th,td{text-align:left;padding:.25rem;border-bottom:1px solid #999}"
        + "td.amount,th.amount{text-align:right;font-variant-numeric:tabular-nums}@page{size:letter;margin:2cm}";

    /// <summary>The page.</summary>
    /// <param name="state">The invoice; it has at least one charge.</param>
    /// <param name="cooperative">The cooperative's name.</param>
    /// <param name="member">The member's name.</param>
    public static string Of(MemberInvoice.State state, string cooperative, string member)
    {
        var on = state.On!;
        var issued = state as MemberInvoice.State.Issued;
        var title = state switch
        {
            MemberInvoice.State.Issued i => $"Invoice {i.Number}",
            MemberInvoice.State.Voided v => $"Void: invoice {v.Number}",
            _ => "Statement: not an invoice yet",
        };
        var page = new StringBuilder()
            .Append("<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>").Append(Text(title)).Append("</title><style>")
            .Append(Style).Append("</style></head><body><h1>").Append(Text(title)).Append("</h1><p>").Append(Text(cooperative))
            .Append("<br>To: ").Append(Text(member)).Append(" (").Append(Text(on.Member.Value)).Append(")<br>Month: ")
            .Append(Text(on.Month.Value));
        if (issued is not null)
            page.Append("<br>Issued ").Append(Day(issued.IssuedOn)).Append(", due ").Append(Day(issued.DueOn));
        page.Append("</p>");

        Table(page, "Charges", on.Charges.Values.Select(c => (c.Source.ToString(), c.Description, c.Amount)), on.Total);
        if (issued is not null)
        {
            Table(page, "Payments, credits and refunds",
                [
                    .. issued.Payments.Values.Select(p => ("Payment", $"{Day(p.On)} {p.Reference}", -p.Amount)),
                    .. issued.Credits.Values.Select(c => ("Credit", $"{Day(c.On)} {c.Reference}: {c.Reason}", -c.Amount)),
                    .. issued.Refunds.Values.Select(r => ("Refund", $"{Day(r.On)} {r.Reference}", r.Amount)),
                    .. issued.CarriedTo is { } to
                        ? [("Carried over", $"To the invoice of {to}", issued.Carried)]
                        : Array.Empty<(string, string, Money)>(),
                ],
                issued.Balance - on.Total);
            page.Append("<p><strong>Balance: $").Append(issued.Balance).Append("</strong></p>");
        }

        return page.Append("</body></html>").ToString();
    }

    private static void Table(
        StringBuilder page, string caption, IEnumerable<(string Kind, string What, Money Amount)> rows, Money total)
    {
        page.Append("<table><caption>").Append(Text(caption))
            .Append("</caption><thead><tr><th scope=\"col\">Kind</th><th scope=\"col\">What</th>")
            .Append("<th scope=\"col\" class=\"amount\">Dollars</th></tr></thead><tbody>");
        foreach (var (kind, what, amount) in rows)
        {
            page.Append("<tr><td>").Append(Text(kind)).Append("</td><td>").Append(Text(what)).Append("</td><td class=\"amount\">")
                .Append(amount).Append("</td></tr>");
        }

        page.Append("</tbody><tfoot><tr><th scope=\"row\" colspan=\"2\">Total</th><td class=\"amount\">").Append(total)
            .Append("</td></tr></tfoot></table>");
    }

    private static string Text(string text) => HtmlEncoder.Default.Encode(text);

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
