using FsCheck;
using FsCheck.Fluent;
using SSC.Purchasing.Exchange.Documents;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Catalog;
using SSC.Purchasing.Procurement.PurchaseOrders;

namespace SSC.Purchasing.Tests.Exchange;

/// <summary>Consolidated orders to be written: one by hand, and any.</summary>
internal static class SampleOrders
{
    public static readonly DateTimeOffset Issued = new(2026, 8, 3, 15, 30, 0, TimeSpan.Zero);
    public static readonly DateOnly Due = new(2026, 9, 1);
    public static readonly VendorId Vendor = new("V-whitewater");

    public static readonly TradingParty Buyer = new("SSC", "Southeast Service Cooperative", ["210 Wood Lake Drive SE"], "Rochester", "MN",
        "55904")
    {
        Endpoints = new Dictionary<string, string>(StringComparer.Ordinal) { ["0060"] = "080123456" },
    };

    public static readonly TradingParty Seller =
        new("V-whitewater", "Whitewater Paper Supply", ["1 Mill Road", "Dock 4", "Gate B", "Bay 2"], "Elba", "MN", "55910");

    /// <summary>Two lines: 30 cartons of paper for three drops, one of them a second one at a site, and 1.5 pallets for one.</summary>
    public static OrderToWrite ByHand { get; } = Write(Order(
        [
            Line(1, "PAPER-20LB", "XCT", 37.85m, new("M-001"),
                [Drop("M-001", "M-001-HS", 10), Drop("M-001", "M-001-HS", 5), Drop("M-002", "M-002-ES", 15)]),
            Line(3, "LINER-33", "XPX", 1234.567891m, new("M-003"), [Drop("M-003", "M-003-DO", 1.5m)]) with { Fees = new(235),
                Credits = new(1) },
        ],
        new(18_500)));

    private static readonly string[] Texts =
        ["8½×11 paper, 20 lb", "A & B <\"quoted\"> 'apostrophe'", "liners, 33 gal ]]> end", "日本 paper 📄", "plain"];

    public static Gen<OrderToWrite> Any { get; } =
        from lines in AnyLine().NonEmptyListOf()
        from freight in Gen.Frequency((1, Gen.Constant(0)), (2, Gen.Choose(1, 500_000)))
        from revision in Gen.Choose(1, 3)
        from terms in Gen.Elements(Texts)
        let numbered = lines.Take(6).Select((l, i) => l with { No = (i * 3) + 1 }).ToArray()
        select Write(Order(numbered, new(freight)) with { Terms = terms, ScheduleVersion = revision + 1 }, revision);

    public static OrderToWrite Write(OrderDocument order, int revision = 1)
    {
        var drops = order.Lines.SelectMany(l => l.Drops).ToList();
        var members = drops.Select(d => d.Member).Distinct().ToDictionary(m => m, m => Place(m.Value, $"Member {m}"));
        var sites = drops.Select(d => d.Site).Distinct().ToDictionary(s => s, s => Place(s.Value, $"School {s} & Sons"));
        return new(order, revision, Issued, new(Buyer, Seller, members, sites), 17);
    }

    public static OrderDocument Order(IEnumerable<OrderLine> lines, Money freight)
    {
        var all = lines.ToStructuralList();
        var total = all.Select(l => l.Amount + l.Fees - l.Credits).Sum() + freight;
        return new(
            "JO-2026-014:V-whitewater", new("JO-2026-014"), new("C-2026-paper"), Vendor, all, freight, total, Due,
            "Net 45, FOB destination");
    }

    public static Drop Drop(string member, string site, decimal quantity) =>
        new(new(member), new(site), Quantity.FromDecimal(quantity), Due.AddDays(-3), "01-005-203-000-401-000", $"PO {member}/7");

    public static OrderLine Line(int no, string item, string unit, decimal price, MemberNo first, Drop[] drops)
    {
        var quantity = drops.Select(d => d.Quantity).Sum();
        var unitPrice = UnitPrice.FromDollars(price);
        return new(
            no, new(item), $"{item} for {first} and others", unit, Quantity.Of(10), quantity, unitPrice, unitPrice.Extend(quantity),
            [.. drops]);
    }

    private static Gen<OrderLine> AnyLine() =>
        from drops in AnyDrop().NonEmptyListOf()
        from unit in Gen.Elements(Units.All.ToArray())
        from micros in Gen.Choose(1, 900_000_000)
        from description in Gen.Elements(Texts)
        from fees in Gen.Choose(0, 9_999)
        from share in Gen.Choose(0, 100)
        let taken = drops.Take(9).ToArray()
        let quantity = taken.Select(d => d.Quantity).Sum()
        let price = new UnitPrice(micros)
        let amount = price.Extend(quantity)
        select new OrderLine(1, new($"ITEM-{micros % 97}"), description, unit.Code, Quantity.Of(4), quantity, price, amount, [.. taken])
        {
            Fees = new(fees), Credits = new(amount.Cents * share / 100),
        };

    private static Gen<Drop> AnyDrop() =>
        from member in Gen.Choose(1, 4)
        from site in Gen.Elements("HS", "ES", "BUS")
        from thousandths in Gen.Frequency((3, Gen.Choose(1, 200).Select(n => n * 1000)), (1, Gen.Choose(1, 90_000_000)))
        from day in Gen.Choose(0, 30)
        from account in Gen.Elements<string?>(null, "01-005-203-000-401-000", "GRANT & AID")
        from order in Gen.Elements<string?>(null, "4711", "PO <7>")
        select new Drop(new($"M-00{member}"), new($"M-00{member}-{site}"), new Quantity(thousandths), Due.AddDays(-day), account, order);

    private static TradingParty Place(string id, string name) =>
        new(id, name, ["1 Main Street"], "Lewiston", "MN", "55952") { Instructions = "Use the rear dock; call ahead." };
}
