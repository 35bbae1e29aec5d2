using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Receiving;

namespace SSC.Purchasing.Tests.Procurement.Receiving;

/// <summary>Ten cases of gloves and forty of liners for one high school, as the specs of this folder use them.</summary>
internal static class DeliverySamples
{
    public static readonly JointOrderId Order = new("JO-2026-031");
    public static readonly VendorId Bluffland = new("V-bluffland");
    public static readonly SiteId School = new("M-001-HS");
    public static readonly DateOnly Friday = new(2026, 3, 20);
    public static readonly DateOnly Later = new(2026, 4, 10);

    public static readonly Expectation Expected = Expecting(Line(1, "GLOVES-NITRILE", 10), Line(2, "LINERS-33", 40));

    public static Expectation Expecting(params ExpectedLine[] lines) =>
        new(Order, Bluffland, School, "PO-JO-2026-031-1", 1, Friday, [.. lines], new() { OverDeliveryBasisPoints = 1_000 });

    public static ExpectedLine Line(int no, string item, long quantity, string member = "M-001") =>
        new(no, new(item), "XCS", [new(new(member), Quantity.Of(quantity))]);

    public static DespatchNote Note(string id, params DespatchLine[] lines) =>
        new(id, "PO-JO-2026-031-1", Bluffland, School, Friday, [.. lines]);

    public static DespatchLine Sent(int line, long quantity, long? later = null) =>
        new(line, ItemOf(line), Quantity.Of(quantity), "XCS") { BackOrdered = later is { } q ? Quantity.Of(q) : null };

    public static Delivery.Command Receive(string id, params (int Line, long Quantity)[] lines) =>
        new Delivery.Command.Receive(
            new(id, Friday, [.. lines.Select(l => new ReceiptLine(l.Line, ItemOf(l.Line), Quantity.Of(l.Quantity), "XCS"))]));

    public static Delivery.Command ReceiveItem(string id, int line, string item, long quantity) =>
        new Delivery.Command.Receive(new(id, Friday, [new(line, new(item), Quantity.Of(quantity), "XCS")]));

    public static Delivery.Command Short(string id, int line, long quantity, bool concealed = false) =>
        new Delivery.Command.ReportShortage(id, line, Quantity.Of(quantity), concealed, "not on the pallet");

    public static Delivery.Command Damaged(string id, int line, long quantity, bool concealed = false) =>
        new Delivery.Command.ReportDamage(id, line, Quantity.Of(quantity), concealed, "crushed");

    public static ItemNo ItemOf(int line) => new(line == 1 ? "GLOVES-NITRILE" : "LINERS-33");
}
