using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.JointOrders;
using SSC.Purchasing.Procurement.PurchaseOrders;

namespace SSC.Purchasing.Procurement.Receiving;

/// <summary>What a member has of an order line at a site: the receipt side of the three-way match.</summary>
/// <param name="Line">Line of the purchase order.</param>
/// <param name="Item">The agreed item.</param>
/// <param name="Unit">UN/ECE unit code.</param>
/// <param name="Member">Whose goods; <see cref="SettlementRules.Stock"/> for what could be given to nobody.</param>
/// <param name="Site">Where they were delivered.</param>
/// <param name="Ordered">Units agreed.</param>
/// <param name="Received">Units that arrived in whatever condition.</param>
/// <param name="Accepted">Units received in good order and kept: what is to be paid.</param>
/// <param name="Open">Units that may still come.</param>
/// <param name="WrittenOff">Units that are certain never to be paid: released, refused, credited.</param>
public sealed record FulfilledShare(
    int Line, ItemNo Item, string Unit, MemberNo Member, SiteId Site, Quantity Ordered, Quantity Received, Quantity Accepted, Quantity Open,
    Quantity WrittenOff);

/// <summary>A stream as far as it counted.</summary>
/// <param name="Stream">Stream name.</param>
/// <param name="Version">Its version that was read.</param>
/// <param name="Position">Position of its last event that was read.</param>
public sealed record StreamPosition(string Stream, long Version, long Position);

/// <summary>
/// What has become of a purchase order: received and accepted quantity per order line, member and site, folded from its deliveries, and
/// the positions it comes from. Pure: the same events give the same figures years later.
/// </summary>
/// <param name="Shares">By line, site and member.</param>
/// <param name="Deliveries">The deliveries as they were read, by stream name.</param>
/// <param name="IsComplete">Every delivery is complete, and there is at least one.</param>
public sealed record OrderFulfilment(StructuralList<FulfilledShare> Shares, StructuralList<StreamPosition> Deliveries, bool IsComplete)
{
    /// <summary>Sites an order was ever to be delivered to: those of each revision, and of what was allocated again since.</summary>
    public static IEnumerable<SiteId> SitesOf(IEnumerable<RecordedEvent> purchaseOrder, IEnumerable<RecordedEvent> jointOrder) =>
        purchaseOrder.Concat(jointOrder).SelectMany(e => e.Fact switch
        {
            PurchaseOrder.Event.Issued f => f.Document.Lines.SelectMany(l => l.Drops).Select(d => d.Site),
            PurchaseOrder.Event.Revised f => f.Document.Lines.SelectMany(l => l.Drops).Select(d => d.Site),
            JointOrder.Event.LineReallocated f => f.Outcome.Shares.SelectMany(s => s.Drops).Select(d => d.Site),
            _ => [],
        }).Distinct().Order();

    /// <summary>Streams of the deliveries to these sites.</summary>
    public static IReadOnlyList<string> Streams(JointOrderId order, VendorId vendor, IEnumerable<SiteId> sites) =>
        [.. sites.Select(s => $"{Delivery.Category}-{Delivery.Key(order, vendor, s)}")];

    /// <summary>Folds the events of an order's deliveries, each stream's in version order.</summary>
    /// <param name="events">Events of delivery streams of one purchase order, up to the position in question.</param>
    /// <param name="allocation">
    /// The joint order's lines as last allocated at that position: who gets what of a line that comes to a site for several members.
    /// </param>
    public static OrderFulfilment Of(IEnumerable<RecordedEvent> events, StructuralMap<int, LineOutcome> allocation)
    {
        var deliveries = events.GroupBy(e => e.Stream, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => (Last: g.Last(), State: g.Aggregate(Delivery.Initial, (s, e) => Delivery.Evolve(s, (Delivery.Event)e.Fact))))
            .ToList();
        var files = deliveries.Select(d => d.State).OfType<Delivery.State.Known>().Select(s => s.File).ToList();
        return new(
            [.. files.SelectMany(f => f.Lines.Values.SelectMany(l => SharesOf(f.Expectation.Site, l, allocation)))
                .OrderBy(s => s.Line).ThenBy(s => s.Site).ThenBy(s => s.Member)],
            [.. deliveries.Select(d => new StreamPosition(d.Last.Stream, d.Last.Version, d.Last.Position))],
            files.Count > 0 && files.All(f => f.IsComplete()));
    }

    /// <summary>Reads what the fold needs, as of a position or now, and folds it.</summary>
    public static async Task<OrderFulfilment> Gather(
        IEventStore store, string tenant, JointOrderId order, VendorId vendor, long? upToPosition, CancellationToken ct)
    {
        var stream = $"{PurchaseOrder.Category}-{PurchaseOrder.Key(order, vendor)}";
        var purchase = await store.ReadStream(tenant, stream, upToPosition: upToPosition, ct: ct).ConfigureAwait(false);
        var pooled = await store.ReadStream(tenant, $"{JointOrder.Category}-{order}", upToPosition: upToPosition, ct: ct)
            .ConfigureAwait(false);
        var events = await store.ReadStreams(tenant, Streams(order, vendor, SitesOf(purchase, pooled)), upToPosition, ct)
            .ConfigureAwait(false);
        return Of(events, pooled.Aggregate(JointOrder.Initial, (s, e) => JointOrder.Evolve(s, (JointOrder.Event)e.Fact)).Lines);
    }

    private static IEnumerable<FulfilledShare> SharesOf(SiteId site, LineBalance line, StructuralMap<int, LineOutcome> allocation)
    {
        var (no, item, unit) = (line.Expected.Line, line.Expected.Item, line.Expected.Unit);
        var shares = line.Expected.Shares.GroupBy(s => s.Member).OrderBy(g => g.Key)
            .Select(g => (Member: g.Key, Quantity: g.Select(s => s.Quantity).Sum())).ToList();
        if (shares is [var only])
        {
            yield return new(
                no, item, unit, only.Member, site, line.Ordered, line.Arrived(), line.Accepted, line.Open(), line.WrittenOff);
            yield break;
        }

        var given = shares.Select(s => allocation.TryGetValue(no, out var outcome)
            ? outcome.Shares.Where(a => a.Member == s.Member).Select(a => a.Allocated).Sum() : s.Quantity).ToList();
        var accepted = Among(Quantity.Min(line.Accepted, given.Sum()), given);
        var received = Among(Quantity.Min(line.Arrived(), given.Sum()), given);
        var wanted = shares.Select(s => s.Quantity).ToList();
        var (open, off) = (Among(line.Open(), wanted), Among(line.WrittenOff, wanted));

        // What nobody was allocated, less than an increment or beyond every claim, is the coordinator's stock.
        var rest = new FulfilledShare(
            no, item, unit, SettlementRules.Stock, site, Quantity.Zero, line.Arrived() - received.Sum(), line.Accepted - accepted.Sum(),
            Quantity.Zero, Quantity.Zero);
        for (var i = 0; i < shares.Count; i++)
        {
            var share = new FulfilledShare(
                no, item, unit, shares[i].Member, site, shares[i].Quantity, received[i], accepted[i], open[i], off[i]);
            yield return share.Member != SettlementRules.Stock ? share : share with
            {
                Received = share.Received + rest.Received, Accepted = share.Accepted + rest.Accepted,
            };
        }

        if (rest is not { Received.Thousandths: 0, Accepted.Thousandths: 0 } && shares.TrueForAll(s => s.Member != SettlementRules.Stock))
            yield return rest;
    }

    /// <summary>Shares units in proportion, in whole units when they are whole.</summary>
    private static List<Quantity> Among(Quantity total, List<Quantity> weights)
    {
        var lot = total.IsMultipleOf(Quantity.Of(1)) ? Quantity.Of(1) : new Quantity(1);
        return [.. LargestRemainder.Share(total, lot, [.. weights.Select(w => w.Thousandths)]).Shares];
    }
}
