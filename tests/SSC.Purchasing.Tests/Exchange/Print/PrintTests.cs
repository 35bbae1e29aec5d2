using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using SSC.Purchasing.Exchange.Documents;
using SSC.Purchasing.Exchange.Print;
using SSC.Purchasing.Kernel;
using Xunit;
using static SSC.Purchasing.Tests.Exchange.ExchangeOrders;

namespace SSC.Purchasing.Tests.Exchange.Print;

public partial class PrintTests
{
    private const string Evil = "<script>alert(1)</script>\"><img src=x onerror=alert(1)> ' & </style>";

    [Fact]
    public void an_order_prints_its_parties_lines_totals_and_schedule()
    {
        var page = Text(new HtmlOrderWriter().Write(Sample));
        string[] said =
        [
            "Southeast Service Cooperative", "Whitewater Paper Supply", "PO-JO-2026-014-1", "Mar 6, 2026", "Apr 17, 2026", "PAPER-20LB",
            "Copy paper 8.5 x 11, 20 lb, carton of 10 reams", "$9,540.00", "$355.50", "$185.00", "−$5.50", "$10,087.00",
            "Use the east dock; call ahead.", "PO-4411", "Net 35 days; FOB destination", "School District M-002",
        ];
        foreach (var text in said) page.ShouldContain(System.Text.Encodings.Web.HtmlEncoder.Default.Encode(text));
        page.ShouldContain("size: letter");
        Text(new HtmlOrderWriter(PaperSize.A4).Write(Sample)).ShouldContain("size: A4");
        Text(new HtmlOrderWriter().Write(Sample with { Revision = 2 })).ShouldContain("This is revision 2.");
    }

    [Fact]
    public void a_packing_slip_is_for_one_site_and_names_no_price()
    {
        var writer = new PackingSlipWriter();
        var slip = Text(writer.Write(Sample, new("M-001"), new("M-001-WH"))!);
        slip.ShouldContain("Building M-001-WH");
        slip.ShouldContain(">80<");
        slip.ShouldNotContain("M-002");
        slip.ShouldNotContain("$");
        writer.Write(Sample, new("M-001"), new("M-002-DO")).ShouldBeNull();
        Text(writer.Write(Sample)).Split("<section").Length.ShouldBe(4);
    }

    [Fact]
    public void slips_of_any_order_hold_every_drop_once() =>
        Check.One(Config.QuickThrowOnFailure, Prop.ForAll(Any.ToArbitrary(), order =>
        {
            var slips = Text(new PackingSlipWriter().Write(order));
            QuantityCell().Count(slips).ShouldBe(order.Order.Lines.Sum(l => l.Drops.Count));
            QuantityCell().Matches(slips).Sum(m => decimal.Parse(m.Groups["n"].Value, NumberStyles.Number, CultureInfo.InvariantCulture))
                .ShouldBe(order.Order.Lines.Sum(l => l.Quantity.Units));
        }));

    [Fact]
    public void whatever_a_text_says_it_stays_text()
    {
        var party = new TradingParty(Evil, Evil, [Evil, Evil], Evil, "MN", "55901") { Instructions = Evil };
        var line = Line(1, "A", Evil, "EA", 1m, 1, Drop("M-001", "S-1", 1, Evil));
        var order = With([line], terms: Evil);
        order = order with
        {
            Order = order.Order with { Number = Evil },
            Parties = new(party, party, new Dictionary<MemberNo, TradingParty> { [new("M-001")] = party },
                new Dictionary<SiteId, TradingParty> { [new("S-1")] = party }),
        };
        foreach (var page in new[] { Text(new HtmlOrderWriter().Write(order)), Text(new PackingSlipWriter().Write(order)) })
        {
            page.ShouldNotContain("<script");
            page.ShouldNotContain("<img");
            page.Split("</style>").Length.ShouldBe(2);
            page.ShouldContain("&lt;script&gt;");
            page.ShouldNotContain("http://");
            page.ShouldNotContain("https://");
            page.ShouldNotContain("url(");
        }
    }

    private static string Text(byte[] page) => Encoding.UTF8.GetString(page);

    [GeneratedRegex("<td class=\"n\">(?<n>[0-9,.]+)</td>", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex QuantityCell();
}
