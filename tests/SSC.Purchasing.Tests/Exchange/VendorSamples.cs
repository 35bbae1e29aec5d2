using FsCheck;
using FsCheck.Fluent;
using SSC.Purchasing.Exchange.Documents;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Invoicing;
using SSC.Purchasing.Procurement.PurchaseOrders;
using SSC.Purchasing.Procurement.Receiving;

namespace SSC.Purchasing.Tests.Exchange;

/// <summary>Any answer, despatch and invoice of a vendor to the order by hand, for round trips through a format.</summary>
internal static class VendorSamples
{
    public static readonly OrderDocument Order = SampleOrders.ByHand.Order;

    /// <summary>An answer to every line, as a whole.</summary>
    public static Gen<VendorDocument.Response> Responses { get; } =
        from code in Gen.Elements(Enum.GetValues<ResponseCode>())
        from first in AnyAnswer(Order.Lines[0])
        from second in AnyAnswer(Order.Lines[1])
        from note in Gen.Elements<string?>(null, "A & B <late>", "as agreed")
        let lines = code == ResponseCode.CA ? new[] { first, second } : []
        let details = lines.Select(l => new AnswerDetail(l, null, l.Quantity is null ? null : Order.Find(l.Line)!.Unit)).ToStructuralList()
        select new VendorDocument.Response(
            Order.Number, new("OR-1", Order.Vendor, code, [.. lines], note)) { Details = details };

    public static Gen<DespatchNote> Despatches { get; } =
        from drop in Gen.Elements(Order.Lines.SelectMany(l => l.Drops.Select(d => (Line: l, Drop: d))).ToArray())
        from thousandths in Gen.Choose(1, 99_000)
        from lot in Gen.Elements<string?>(null, "L-5 <A>")
        from carrier in Gen.Elements<string?>(null, "River & Freight")
        from expected in Gen.Elements<DateOnly?>(null, new DateOnly(2026, 8, 29))
        select new DespatchNote(
            "DA-1", Order.Number, Order.Vendor, drop.Drop.Site, new(2026, 8, 28),
            [new(drop.Line.No, drop.Line.Item, new Quantity(thousandths), drop.Line.Unit) { Lot = lot }])
        {
            ExpectedOn = expected, Carrier = carrier, Tracking = carrier is null ? null : "T-1",
        };

    public static Gen<InvoiceDocument> Invoices { get; } =
        from kind in Gen.Elements(InvoiceKind.Invoice, InvoiceKind.CreditNote)
        from lines in AnyInvoiceLine().NonEmptyListOf()
        from freight in Gen.Choose(0, 9_999)
        from discount in Gen.Choose(0, 99)
        from tax in Gen.Choose(0, 99)
        from error in Gen.Elements(0, 0, 1, -7)
        from member in Gen.Elements<MemberNo?>(null, new MemberNo("M-001"))
        from due in Gen.Elements<DateOnly?>(null, new DateOnly(2026, 10, 7))
        let charges = new InvoiceCharge[]
        {
            new(ChargeKind.Freight, "Freight", new(freight)), new(ChargeKind.Discount, "Discount", new(-discount)),
                new(ChargeKind.Tax, "Tax", new(tax)),
        }.Where(c => c.Amount != Money.Zero).ToStructuralList()
        let numbered = lines.Take(8).Select((l, i) => l with { Id = $"{i + 1}" }).ToStructuralList()
        let sum = numbered.Select(l => l.Amount).Sum() + charges.Select(c => c.Amount).Sum()
        select new InvoiceDocument(
            "INV <1>", kind, Order.Vendor, Order.Number, new(2026, 9, 2), numbered, charges, sum + new Money(error))
        {
            BillTo = member, DueOn = due, Credits = kind == InvoiceKind.CreditNote ? "INV-0" : null,
        };

    private static Gen<InvoiceLine> AnyInvoiceLine() =>
        from drop in Gen.Elements(Order.Lines.SelectMany(l => l.Drops.Select(d => (Line: l, Drop: d))).ToArray())
        from thousandths in Gen.Choose(1, 99_000)
        from cents in Gen.Choose(1, 900_000)
        select new InvoiceLine(
            "1", drop.Line.No, drop.Drop.Site, drop.Line.Item, "Paper & more", new Quantity(thousandths), drop.Line.Unit, drop.Line.Price,
            new(cents));

    private static Gen<LineAnswer> AnyAnswer(OrderLine line) => Gen.OneOf(
        Gen.Constant(new LineAnswer(line.No, LineAnswerCode.Accept)),
        Gen.Constant(new LineAnswer(line.No, LineAnswerCode.Reject, Note: "none left")),
        from thousandths in Gen.Choose(1, (int)line.Quantity.Thousandths)
        from price in Gen.Elements<UnitPrice?>(null, UnitPrice.FromDollars(41.123456m))
        from day in Gen.Elements<DateOnly?>(null, new DateOnly(2026, 9, 4))
        from item in Gen.Elements<ItemNo?>(null, new ItemNo("OTHER-1"))
        from note in Gen.Elements<string?>(null, "truck <2>")
        select new LineAnswer(line.No, LineAnswerCode.Propose, new Quantity(thousandths), price, day, item, note));
}
