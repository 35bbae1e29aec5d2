using System.Globalization;
using System.Text;
using SSC.Purchasing.Exchange.Documents;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.PurchaseOrders;

namespace SSC.Purchasing.Exchange.Print;

/// <summary>
/// Packing slips to print: what of an order goes to one site of a member, with room for what arrived and a signature. No prices: a slip
/// is read on the dock. All text is encoded; the page has no script and fetches nothing.
/// </summary>
/// <param name="paper">Paper it is laid out for.</param>
public sealed class PackingSlipWriter(PaperSize paper = PaperSize.Letter) : IOrderWriter
{
    /// <inheritdoc/>
    public string Format => "packing-slips";

    /// <inheritdoc/>
    public string MediaType => "text/html";

    /// <inheritdoc/>
    public string FileExtension => "html";

    /// <summary>The slips of all sites, each on a page of its own.</summary>
    public byte[] Write(OrderToWrite order) => Write(order, order.Order.Places());

    /// <summary>The slip of one site; null when the order has nothing for it.</summary>
    public byte[]? Write(OrderToWrite order, MemberNo member, SiteId site)
    {
        var places = order.Order.Places().Where(p => p == (member, site)).ToList();
        return places.Count == 0 ? null : Write(order, places);
    }

    private byte[] Write(OrderToWrite order, IReadOnlyList<(MemberNo Member, SiteId Site)> places)
    {
        var page = PrintStyle.Begin($"Packing Slip {order.Order.Number}", paper);
        for (var i = 0; i < places.Count; i++) Slip(page, order, places[i], (i + 1, places.Count));
        page.Add($"</body></html>\n");
        return Encoding.UTF8.GetBytes(page.ToString());
    }

    private static void Slip(HtmlText page, OrderToWrite order, (MemberNo Member, SiteId Site) place, (int No, int Of) slip)
    {
        var (document, parties) = (order.Order, order.Parties);
        var (member, site) = (parties.Member(place.Member), parties.Site(place.Member, place.Site));
        page.Add($"""<section class="slip">""");
        PrintParts.Header(page, parties.Seller, "Packing Slip", document.Number);
        page.Add($"""<div class="blocks"><div><div class="label">Deliver to</div><strong>{member.Name}</strong><br>{site.Name}""");
        foreach (var line in site.Lines) page.Add($"<br>{line}");
        if (site.City.Length > 0) page.Add($"<br>{site.City}, {site.State} {site.Zip}");
        page.Add($"""<div class="quiet">Member {place.Member.Value}, site {place.Site.Value}</div></div><div>""");
        page.Add($"""<div class="label">Order</div><dl>""");
        PrintParts.Term(page, "Ordered by", parties.Buyer.Name);
        PrintParts.Term(page, "Order date", PrintParts.Day(BusinessCalendar.LocalDate(order.IssuedAt)));
        PrintParts.Term(page, "Revision", order.Revision.ToString(CultureInfo.InvariantCulture));
        if (slip.Of > 1) PrintParts.Term(page, "Slip", string.Create(CultureInfo.InvariantCulture, $"{slip.No} of {slip.Of}"));
        page.Add($"</dl></div></div>");
        if (site.Instructions is { } instructions)
            page.Add($"""<div class="note"><strong>Delivery instructions:</strong> {instructions}</div>""");
        Lines(page, document, place);
        page.Add(
            $"""
            <div class="sign"><div>Received by (name and signature)</div><div>Date and time</div><div>Pieces, condition</div></div>
            <footer>Short, damaged or wrong goods: note them here before signing, and record them with the receipt.</footer></section>

            """);
    }

    private static void Lines(HtmlText page, OrderDocument document, (MemberNo Member, SiteId Site) place)
    {
        page.Add(
            $"""
            <h2>Contents</h2><table><thead><tr><th>Line</th><th>Item</th><th>Description</th><th class="n">Ordered</th><th>Unit</th>
            <th>Deliver on</th><th>Member order</th><th>Shipped</th><th>Received</th></tr></thead><tbody>

            """);
        foreach (var line in document.Lines.OrderBy(l => l.No))
        {
            foreach (var drop in line.Sorted().Where(d => (d.Member, d.Site) == place))
            {
                page.Add(
                    $"""
                    <tr><td>{line.No}</td><td>{line.Item.Value}</td><td>{line.Description}</td>
                    <td class="n">{PrintParts.Count(drop.Quantity)}</td><td class="k">{PrintParts.Unit(line.Unit)}</td>
                    <td class="k">{PrintParts.Day(drop.RequestedOn)}</td><td>{drop.MemberOrderNo}</td><td><span class="box"></span></td>
                    <td><span class="box"></span></td></tr>

                    """);
            }
        }

        page.Add($"</tbody></table>");
    }
}
