using System.Globalization;
using SSC.Purchasing.Exchange.Documents;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.PurchaseOrders;
using SSC.Purchasing.Procurement.Receiving;

namespace SSC.Purchasing.Host.Deliveries;

/// <summary>
/// What a site tells the vendor of a drop: its delivery as it stands, line by line. The number of an advice holds the version of the
/// delivery, so the same state has the same number and a later one another.
/// </summary>
internal static class ReceiptAdvices
{
    /// <summary>The advice of a delivery; null while nothing was received or turned away.</summary>
    public static async Task<ReceiptToWrite?> Of(Commands commands, string tenant, DeliveryKey key, CancellationToken ct)
    {
        var events = await commands.Store.ReadStream(tenant, $"{Delivery.Category}-{key}", ct: ct);
        if (events.Aggregate(Delivery.Initial, (s, e) => Delivery.Evolve(s, (Delivery.Event)e.Fact)) is not Delivery.State.Known known)
            return null;
        var file = known.File;
        var lines = file.Lines.Values.Where(l => l.Arrived() + l.Refused + l.Short > Quantity.Zero).ToList();
        if (lines.Count == 0) return null;
        var order = (await commands.Load<PurchaseOrder, PurchaseOrder.Command, PurchaseOrder.State, PurchaseOrder.Event>(
            tenant, PurchaseOrder.Key(key.Order, key.Vendor), true, ct)).State as PurchaseOrder.State.Known;
        var parties = new PartiesOfOrders(commands);
        var receipts = events.Select(e => e.Fact).OfType<Delivery.Event.Received>().ToList();
        var number = string.Create(
            CultureInfo.InvariantCulture, $"RA-{file.Expectation.OrderNumber}-{key.Site}-{events[^1].Version}");
        return new(
            number, file.Expectation.OrderNumber, await parties.Buyer(tenant, key.Order, ct), await parties.Seller(tenant, key.Vendor, ct),
            await parties.Site(tenant, file.OnlyMember(), key.Site, ct), events[^1].At,
            receipts.Count > 0 ? receipts[^1].Receipt.ReceivedOn : BusinessCalendar.LocalDate(events[^1].At),
            [.. lines.Select(l => Line(l, file, order?.File.Document.Find(l.Expected.Line)?.Description))])
        {
            DespatchId = events.Select(e => e.Fact).OfType<Delivery.Event.Despatched>().LastOrDefault()?.Note.DocumentId,
            Note = receipts.Count > 0 ? receipts[^1].Receipt.Note : null,
        };
    }

    private static ReceiptLineToWrite Line(LineBalance line, DeliveryFile file, string? description)
    {
        var rejected = line.Damaged + line.Returned + line.Refused;
        return new(
            line.Expected.Line, line.Expected.Item, description ?? line.Expected.Item.Value, line.Expected.Unit,
            line.Arrived() + line.Refused)
        {
            Short = line.Short,
            Over = line.Surplus,
            Rejected = rejected,
            Reason = line.Damaged > Quantity.Zero ? RejectionReason.Damaged
                : file.Holds.Any(h => h.Line == line.Expected.Line && h is { Kind: HoldKind.Substitute, Decision: HoldDecision.Returned })
                    ? RejectionReason.WrongItem
                    : RejectionReason.Refused,
        };
    }
}
