using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Contracts;
using SSC.Purchasing.Procurement.Invoicing;
using SSC.Purchasing.Procurement.PurchaseOrders;

namespace SSC.Purchasing.Tests.Procurement.Invoicing;

/// <summary>
/// An order of paper for two members and of one tire for a third, with freight, received in full, and its invoice as it should be.
/// </summary>
internal static class InvoiceSamples
{
    public static readonly VendorId Vendor = new("V-whitewater");
    public static readonly JointOrderId Order = new("JO-9");
    public static readonly MemberNo First = new("M-001"), Second = new("M-002"), Third = new("M-003");
    public static readonly DateOnly Received = new(2026, 4, 1);
    public static readonly MatchTolerance None = MatchTolerance.None;

    public static readonly StructuralList<AgreedDrop> Agreed =
    [
        new(1, First, new("M-001-A"), new("PAPER"), "XCT", UnitPrice.FromDollars(40m), Quantity.Of(10)),
        new(1, Second, new("M-002-A"), new("PAPER"), "XCT", UnitPrice.FromDollars(40m), Quantity.Of(6)),
        new(2, Third, new("M-003-A"), new("TIRE"), "EA", UnitPrice.FromDollars(318m), Quantity.Of(1)),
    ];

    public static readonly StructuralList<ReceivedUnits> AllReceived =
        [.. Agreed.Select(d => new ReceivedUnits(d.Line, d.Site, d.Quantity, new(2026, 3, 30)))];

    public static readonly InvoiceLine FirstLine = Line("1", 1, "M-001-A", "PAPER", 10, "XCT", 40m);
    public static readonly InvoiceLine SecondLine = Line("2", 1, "M-002-A", "PAPER", 6, "XCT", 40m);
    public static readonly InvoiceLine ThirdLine = Line("3", 2, "M-003-A", "TIRE", 1, "EA", 318m);

    public static readonly InvoiceDocument Document = Invoice("INV-1", [FirstLine, SecondLine, ThirdLine], Freight(18.50m));

    public static readonly OrderDocument Purchase = MakeOrder();

    public static InvoiceFacts Facts(InvoiceDocument document, BillingMode billing = BillingMode.Cooperative) =>
        new(document, Order, new("C-paper"), billing, Received);

    public static InvoiceDocument Invoice(string number, InvoiceLine[] lines, params InvoiceCharge[] charges) =>
        new(number, InvoiceKind.Invoice, Vendor, "PO-JO-9-1", new(2026, 3, 31), [.. lines], [.. charges],
            lines.Select(l => l.Amount).Sum() + charges.Select(c => c.Amount).Sum());

    public static InvoiceDocument Memo(string number, decimal amount, string credits = "INV-1") => new(
        number, InvoiceKind.CreditNote, Vendor, "PO-JO-9-1", new(2026, 4, 8), [],
        [new(ChargeKind.Other, "Damaged goods", Money.FromDollars(amount))], Money.FromDollars(amount))
    { Credits = credits };

    public static InvoiceLine Line(string id, int? no, string? site, string? item, long quantity, string unit, decimal price) => new(
        id, no, site is null ? null : new SiteId(site), item is null ? null : new ItemNo(item), "As ordered", Quantity.Of(quantity), unit,
        UnitPrice.FromDollars(price), UnitPrice.FromDollars(price).Extend(Quantity.Of(quantity)));

    public static InvoiceCharge Freight(decimal amount) => new(ChargeKind.Freight, "Freight", Money.FromDollars(amount));

    public static MatchInput Input(
        InvoiceDocument document, BillingMode billing = BillingMode.Cooperative, StructuralList<ReceivedUnits>? received = null,
        MatchTolerance? tolerance = null, params InvoiceDocument[] earlier) => new(
        Facts(document, billing), Purchase, Agreed, received ?? AllReceived, [.. earlier],
        new(77, [new("joint-order-JO-9", 12)], InvoiceMatching.CurrentVersion, tolerance ?? None));

    public static InvoiceMatch Match(InvoiceDocument document, BillingMode billing = BillingMode.Cooperative) =>
        InvoiceMatching.Compute(Input(document, billing));

    private static OrderDocument MakeOrder()
    {
        Drop DropOf(AgreedDrop d) => new(d.Member, d.Site, d.Quantity, new(2026, 3, 27));
        var lines = Agreed.GroupBy(d => d.Line).Select(g => new OrderLine(
            g.Key, g.First().Item, "As in the schedule", g.First().Unit, Quantity.Of(1), g.Select(d => d.Quantity).Sum(), g.First().Price,
            g.First().Price.Extend(g.Select(d => d.Quantity).Sum()), [.. g.Select(DropOf)])).ToList();
        return new("PO-JO-9-1", Order, new("C-paper"), Vendor, [.. lines], Money.FromDollars(18.50m),
            PurchaseOrderContent.TotalOf([.. lines], Money.FromDollars(18.50m)), new(2026, 3, 27), "Net 35 days");
    }
}
