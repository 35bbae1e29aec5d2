using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.PurchaseOrders;

namespace SSC.Purchasing.Tests.Procurement.PurchaseOrders;

/// <summary>An order of tires and of paper for two members, as the specs of this folder use it.</summary>
internal static class PurchaseOrderSamples
{
    public static readonly VendorId TriCounty = new("V-tri-county");
    public static readonly DateOnly Friday = new(2026, 3, 20);

    public static readonly OrderLine Tires = Line(1, "TIRE-11R22", 318m, Drop("M-001", "M-001-BUS", 8), Drop("M-002", "M-002-BUS", 4));
    public static readonly OrderLine Tubes = Line(2, "TUBE-11R22", 41.5m, Drop("M-002", "M-002-BUS", 10));
    public static readonly OrderDocument Document = Order(Tires, Tubes);
    public static readonly string Hash = PurchaseOrderContent.Hash(Document, 1);

    public static OrderDocument Order(params OrderLine[] lines) => new(
        "PO-JO-2026-031-1", new("JO-2026-031"), new("C-2025-tires"), TriCounty, [.. lines], Money.FromDollars(185m),
        PurchaseOrderContent.TotalOf(lines, Money.FromDollars(185m)), new(2026, 4, 17), "Net 35 days; FOB destination");

    public static OrderLine Line(int no, string item, decimal price, params Drop[] drops)
    {
        var (quantity, unitPrice) = (drops.Select(d => d.Quantity).Sum(), UnitPrice.FromDollars(price));
        return new(no, new(item), "As in the schedule", "EA", Quantity.Of(1), quantity, unitPrice, unitPrice.Extend(quantity), [.. drops]);
    }

    public static Drop Drop(string member, string site, long quantity) =>
        new(new(member), new(site), Quantity.Of(quantity), Friday, "01-005-760-720-442-000", $"{member}-771");

    public static VendorResponse Answer(string id, ResponseCode code, params LineAnswer[] lines) => new(id, TriCounty, code, [.. lines]);

    public static LineAnswer Accept(int line) => new(line, LineAnswerCode.Accept);

    public static LineAnswer Reject(int line) => new(line, LineAnswerCode.Reject);

    public static LineAnswer Propose(int line, long? quantity = null, decimal? price = null, DateOnly? on = null, string? item = null) =>
        new(line, LineAnswerCode.Propose, quantity is { } q ? Quantity.Of(q) : null, price is { } p ? UnitPrice.FromDollars(p) : null, on,
            item is null ? null : new ItemNo(item));
}
