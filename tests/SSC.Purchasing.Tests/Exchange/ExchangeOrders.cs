using FsCheck;
using FsCheck.Fluent;
using SSC.Purchasing.Exchange.Documents;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Catalog;
using SSC.Purchasing.Procurement.PurchaseOrders;

namespace SSC.Purchasing.Tests.Exchange;

/// <summary>Orders as writers get them: one that is always the same, and any.</summary>
internal static class ExchangeOrders
{
    public static readonly VendorId Whitewater = new("V-whitewater");
    public static readonly DateTimeOffset Issued = new(2026, 3, 6, 18, 0, 0, TimeSpan.Zero);

    private static readonly string[] Texts =
    [
        "Copy paper 8½×11, 20 lb", "Chair* 18\" ~blue> |x|", "Ämter & <Söhne> 'A'", "=SUM(A1)", "a;b,c d", "_x0041_",
        "Long " + new string('w', 85) + " description of an item that does not fit one segment", "^:\\`{}", "東京 pencils",
    ];

    private static readonly string[] UnitCodes = [.. Units.All.Where(u => u.X12 is not null).Select(u => u.Code)];

    /// <summary>Paper and toner for two members at three sites, with freight, a fee and a credit.</summary>
    public static OrderToWrite Sample { get; } = With(
    [
        Line(1, "PAPER-20LB", "Copy paper 8.5 x 11, 20 lb, carton of 10 reams", "XCT", 39.75m, 40,
            Drop("M-001", "M-001-HS", 120, "PO-4411"), Drop("M-001", "M-001-WH", 80, "PO-4412"), Drop("M-002", "M-002-DO", 40, null)) with
        {
            Fees = Money.FromDollars(12m),
        },
        Line(2, "TONER-26A", "Toner cartridge, black", "EA", 118.5m, 1, Drop("M-002", "M-002-DO", 3, null)) with
        {
            Credits = Money.FromDollars(5.5m),
        },
    ]);

    public static OrderToWrite With(
        OrderLine[] lines, decimal freight = 185m, int revision = 1, string terms = "Net 35 days; FOB destination") =>
        new(Document(lines, freight, terms), revision, Issued, Parties(lines), 4711);

    public static OrderDocument Document(OrderLine[] lines, decimal freight, string terms) => new(
        "PO-JO-2026-014-1", new("JO-2026-014"), new("C-2026-paper"), Whitewater, [.. lines], Money.FromDollars(freight),
        PurchaseOrderContent.TotalOf(lines, Money.FromDollars(freight)), new(2026, 4, 17), terms);

    public static OrderLine Line(int no, string item, string description, string unit, decimal price, long caseSize, params Drop[] drops)
    {
        var (quantity, unitPrice) = (drops.Select(d => d.Quantity).Sum(), UnitPrice.FromDollars(price));
        return new(no, new(item), description, unit, Quantity.Of(caseSize), quantity, unitPrice, unitPrice.Extend(quantity), [.. drops]);
    }

    public static Drop Drop(string member, string site, long quantity, string? number, int day = 20) =>
        new(new(member), new(site), Quantity.Of(quantity), new(2026, 3, day), "01-005-203-000-401-000", number);

    /// <summary>An order within what every format can say.</summary>
    public static Gen<OrderToWrite> Any { get; } =
        from count in Gen.Choose(1, 5)
        from lines in AnyLine().ArrayOf(count)
        from freight in Gen.Choose(0, 500_000)
        from revision in Gen.Choose(1, 3)
        from terms in AnyText()
        select With([.. lines.Select((l, i) => l with { No = (i * 10) + 1 })], freight / 100m, revision, terms);

    private static OrderParties Parties(OrderLine[] lines)
    {
        var drops = lines.SelectMany(l => l.Drops).ToList();
        return new(
            new("SSC", "Southeast Service Cooperative", ["210 Wood Lake Drive SE"], "Rochester", "MN", "55904"),
            new(Whitewater.Value, "Whitewater Paper Supply", ["PO Box 12"], "Winona", "MN", "55987"),
            drops.Select(d => d.Member).Distinct().ToDictionary(
                m => m, m => new TradingParty(m.Value, $"School District {m}", [], "", "", "")),
            drops.Select(d => d.Site).Distinct().ToDictionary(
                s => s,
                s => new TradingParty(s.Value, $"Building {s}", ["100 Main Street", "Dock 2"], "Rochester", "MN", "55901")
                {
                    Instructions = s.Value.EndsWith("HS", StringComparison.Ordinal) ? "Use the east dock; call ahead." : null,
                }));
    }

    private static Gen<string> AnyText() => Gen.Elements(Texts);

    private static Gen<OrderLine> AnyLine() =>
        from count in Gen.Choose(1, 24)
        from drops in AnyDrop().ArrayOf(count)
        from description in AnyText()
        from unit in Gen.Elements(UnitCodes)
        from micros in Gen.Choose(1, 900_000_000)
        from caseSize in Gen.Choose(1, 500)
        from fees in Gen.Choose(0, 10_000)
        from credits in Gen.Choose(0, 10_000)
        let price = new UnitPrice(micros)
        let quantity = drops.Select(d => d.Quantity).Sum()
        select new OrderLine(
            1, new("ITEM-1"), description, unit, Quantity.Of(caseSize), quantity, price, price.Extend(quantity), [.. drops])
        {
            Fees = new(fees), Credits = new(credits),
        };

    private static Gen<Drop> AnyDrop() =>
        from member in Gen.Choose(1, 6)
        from site in Gen.Choose(1, 4)
        from thousandths in Gen.Choose(1, 90_000_000)
        from day in Gen.Choose(0, 30)
        from number in Gen.Elements<string?>(null, "4411", "PO~1*2>3", new string('9', 45))
        from account in Gen.Elements<string?>(null, "01-005-203-000-401-000", new string('7', 95))
        select new Drop(
            new($"M-00{member}"), new($"M-00{member}-S{site}"), new(thousandths), new DateOnly(2026, 3, 1).AddDays(day), account, number);
}
