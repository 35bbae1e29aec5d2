using System.Globalization;
using System.Text;
using SSC.Purchasing.Exchange.Documents;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Catalog;
using SSC.Purchasing.Procurement.PurchaseOrders;

namespace SSC.Purchasing.Exchange.Print;

/// <summary>
/// A purchase order as a page to print: parties and terms, the consolidated lines with their total, then the delivery schedule by member
/// and site. All text is encoded; the page has no script and fetches nothing.
/// </summary>
/// <param name="paper">Paper it is laid out for.</param>
public sealed class HtmlOrderWriter(PaperSize paper = PaperSize.Letter) : IOrderWriter
{
    /// <inheritdoc/>
    public string Format => "html";

    /// <inheritdoc/>
    public string MediaType => "text/html";

    /// <inheritdoc/>
    public string FileExtension => "html";

    /// <inheritdoc/>
    public byte[] Write(OrderToWrite order)
    {
        var page = PrintStyle.Begin($"Purchase Order {order.Order.Number}", paper);
        Head(page, order);
        Lines(page, order.Order);
        Schedule(page, order);
        page.Add(
            $"""
            <footer>Content hash (SHA-256) of revision {order.Revision}: {PurchaseOrderContent.Hash(order.Order, order.Revision)}</footer>
            </body></html>

            """);
        return Encoding.UTF8.GetBytes(page.ToString());
    }

    private static void Head(HtmlText page, OrderToWrite order)
    {
        var (document, parties) = (order.Order, order.Parties);
        PrintParts.Header(page, parties.Buyer, "Purchase Order", document.Number);
        page.Add($"""<div class="blocks"><div><div class="label">Vendor</div>""");
        PrintParts.Address(page, parties.Seller);
        page.Add($"""<div class="quiet">Vendor no. {parties.Seller.Id}</div></div><div><div class="label">Order</div><dl>""");
        PrintParts.Term(page, "Order date", PrintParts.Day(BusinessCalendar.LocalDate(order.IssuedAt)));
        PrintParts.Term(page, "Revision", order.Revision.ToString(CultureInfo.InvariantCulture));
        PrintParts.Term(page, "Deliver no later than", PrintParts.Day(document.RequiredBy));
        PrintParts.Term(page, "Contract", document.Contract.Value);
        PrintParts.Term(page, "Joint order", document.JointOrder.Value);
        page.Add($"""</dl></div></div><h2>Terms</h2><div>{document.Terms}</div>""");
        if (order.Revision > 1)
        {
            page.Add(
                $"""<div class="note"><strong>This is revision {order.Revision}.</strong> It replaces every earlier revision.</div>""");
        }
    }

    private static void Lines(HtmlText page, OrderDocument document)
    {
        page.Add(
            $"""
            <h2>Items</h2><table><thead><tr><th>Line</th><th>Item</th><th>Description</th><th class="n">Quantity</th><th>Unit</th>
            <th class="n">Unit price</th><th class="n">Amount</th></tr></thead><tbody>

            """);
        foreach (var line in document.Lines.OrderBy(l => l.No))
        {
            page.Add(
                $"""
                <tr><td>{line.No}</td><td>{line.Item.Value}</td><td>{line.Description}
                """);
            if (line.CaseSize != Quantity.Of(1))
                page.Add($"""<div class="quiet">Case of {PrintParts.Count(line.CaseSize)}</div>""");
            page.Add(
                $"""
                </td><td class="n">{PrintParts.Count(line.Quantity)}</td><td class="k">{PrintParts.Unit(line.Unit)}</td>
                <td class="n">{PrintParts.Price(line.Price)}</td><td class="n">{PrintParts.Dollars(line.Amount)}</td></tr>

                """);
        }

        page.Add($"""</tbody></table><table class="totals"><tbody>""");
        Total(page, "Items", document.Lines.Select(l => l.Amount).Sum(), always: true);
        Total(page, "Fees", document.Lines.Select(l => l.Fees).Sum());
        Total(page, "Commodity credits", -document.Lines.Select(l => l.Credits).Sum());
        Total(page, "Freight", document.Freight);
        page.Add(
            $"""<tr class="sum"><td>Total</td><td class="n">{PrintParts.Dollars(document.Total)}</td></tr></tbody></table>""");
    }

    private static void Total(HtmlText page, string what, Money amount, bool always = false)
    {
        if (!always && amount == Money.Zero) return;
        page.Add($"""<tr><td>{what}</td><td class="n">{PrintParts.Dollars(amount)}</td></tr>""");
    }

    private static void Schedule(HtmlText page, OrderToWrite order)
    {
        page.Add(
            $"""
            <h2>Delivery schedule</h2><div class="quiet">Deliver each quantity to the site named here, with a packing slip per site.</div>
            <table><thead><tr><th>Line</th><th>Item</th><th class="n">Quantity</th><th>Unit</th><th>Deliver on</th><th>Member order</th>
            </tr></thead><tbody>

            """);
        foreach (var site in order.Order.Lines.SelectMany(l => l.Drops.Select(d => (Line: l, Drop: d)))
            .OrderBy(d => d.Drop.Member).ThenBy(d => d.Drop.Site).ThenBy(d => d.Line.No).ThenBy(d => d.Drop.RequestedOn)
            .GroupBy(d => (d.Drop.Member, d.Drop.Site)))
        {
            Place(page, order.Parties, site.Key.Member, site.Key.Site);
            foreach (var (line, drop) in site)
            {
                page.Add(
                    $"""
                    <tr><td>{line.No}</td><td>{line.Item.Value}</td><td class="n">{PrintParts.Count(drop.Quantity)}</td>
                    <td class="k">{PrintParts.Unit(line.Unit)}</td><td class="k">{PrintParts.Day(drop.RequestedOn)}</td>
                    <td>{drop.MemberOrderNo}</td></tr>

                    """);
            }
        }

        page.Add($"</tbody></table>");
    }

    private static void Place(HtmlText page, OrderParties parties, MemberNo member, SiteId id)
    {
        var site = parties.Site(member, id);
        page.Add($"""<tr class="place"><td colspan="6"><strong>{parties.Member(member).Name}, {site.Name}</strong> ({id.Value})<br>""");
        page.Add($"{string.Join(", ", site.Lines)}");
        if (site.City.Length > 0) page.Add($", {site.City}, {site.State} {site.Zip}");
        if (site.Instructions is { } instructions) page.Add($"""<div class="quiet">{instructions}</div>""");
        page.Add($"</td></tr>\n");
    }
}

/// <summary>Pieces that printed documents share.</summary>
internal static class PrintParts
{
    private static readonly CultureInfo American = CultureInfo.InvariantCulture;

    /// <summary>Who writes, and what this is.</summary>
    public static void Header(HtmlText page, TradingParty from, string what, string number)
    {
        page.Add($"""<header><div class="from"><strong>{from.Name}</strong>""");
        foreach (var line in from.Lines) page.Add($"<br>{line}");
        if (from.City.Length > 0) page.Add($"<br>{from.City}, {from.State} {from.Zip}");
        page.Add($"""</div><div class="what"><h1>{what}</h1><div class="number">{number}</div></div></header>""");
    }

    /// <summary>Name and address, line by line.</summary>
    public static void Address(HtmlText page, TradingParty party)
    {
        page.Add($"<strong>{party.Name}</strong>");
        foreach (var line in party.Lines) page.Add($"<br>{line}");
        if (party.City.Length > 0) page.Add($"<br>{party.City}, {party.State} {party.Zip}");
    }

    /// <summary>A named value.</summary>
    public static void Term(HtmlText page, string name, string value) => page.Add($"<dt>{name}</dt><dd>{value}</dd>");

    /// <summary>A day as Americans write it in words.</summary>
    public static string Day(DateOnly day) => day.ToString("MMM d, yyyy", American);

    /// <summary>An amount with dollar sign and thousands.</summary>
    public static string Dollars(Money money) =>
        (money < Money.Zero ? "−$" : "$") + Math.Abs(money.Dollars).ToString("#,##0.00", American);

    /// <summary>A unit price with as many decimals as it has.</summary>
    public static string Price(UnitPrice price) => "$" + price.Dollars.ToString("#,##0.00####", American);

    /// <summary>A quantity with thousands.</summary>
    public static string Count(Quantity quantity) => quantity.Units.ToString("#,##0.###", American);

    /// <summary>A unit's name.</summary>
    public static string Unit(string code) => Units.Find(code)?.Name ?? code;
}
