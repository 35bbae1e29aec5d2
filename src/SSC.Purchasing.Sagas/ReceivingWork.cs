using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.JointOrders;
using SSC.Purchasing.Procurement.PurchaseOrders;
using SSC.Purchasing.Procurement.Receiving;

namespace SSC.Purchasing.Sagas;

/// <summary>What <see cref="DeliverySaga"/> and <see cref="CloseOutSaga"/> ask for: where deliveries meet orders and budgets.</summary>
public sealed class ReceivingWork(Commands commands, JointOrderWork orders, PurchaseOrderWork purchaseOrders)
{
    private readonly ReceiveGoods receiving = new(commands);

    /// <summary>Executes a command of this promise.</summary>
    public Task<CommandOutcome> Execute(CommandContext context, ReceivingCommand command, CancellationToken ct) => command switch
    {
        ExpectDeliveries c => Expect(context, c.Order, c.Vendor, ct),
        RecordShipped c => orders.Decide(context, c.Order, new JointOrder.Command.RecordShipped(c.Vendor), ct),
        CancelDeliveries c => SendBack(context, c.Order, c.Vendor, c.Reason, ct),
        RemindReceiver c => receiving.Handle(context, new(c.Order, c.Vendor, c.Site), new Delivery.Command.Remind(c.Number), ct),
        LapseBackOrder c => receiving.Handle(
            context, new(c.Order, c.Vendor, c.Site),
            new Delivery.Command.LapseBackOrder(c.Line, BusinessCalendar.LocalDate(context.Now)), ct),
        EscalateClaim c => receiving.Handle(context, new(c.Order, c.Vendor, c.Site), new Delivery.Command.EscalateClaim(c.Claim), ct),
        AdjustToDelivery c => Adjust(context, new(c.Order, c.Vendor, c.Site), ct),
        CloseOutJointOrder c => CloseOut(context, c.Order, c.Vendor, ct),
        _ => throw new ArgumentException($"{command.GetType().Name} is not in the list of receiving's commands.", nameof(command)),
    };

    /// <summary>
    /// Sends back what was shipped and gives up what was not: the return flow of an order that is cancelled after shipment. Goods of
    /// lines that nothing was sent of are released; for the others a return is authorized, numbered after the line.
    /// </summary>
    public async Task<CommandOutcome> SendBack(
        CommandContext context, JointOrderId order, VendorId vendor, string reason, CancellationToken ct)
    {
        CommandOutcome outcome = Nothing(order, vendor);
        foreach (var (key, file) in await Deliveries(context.Tenant, order, vendor, ct).ConfigureAwait(false))
        {
            foreach (var (no, line) in file.Lines)
            {
                var authorized = file.Returns.Where(r => r.Line == no && r.Status == ReturnStatus.Authorized).Select(r => r.Quantity).Sum();
                var quantity = line.Accepted + line.Open() - authorized;
                if (quantity <= Quantity.Zero) continue;
                var shipped = line.Despatched > Quantity.Zero || line.Accepted > Quantity.Zero;
                Delivery.Command command = shipped
                    ? new Delivery.Command.AuthorizeReturn($"RMA-{order}-{no}", no, quantity, reason)
                    : new Delivery.Command.ReleaseRest(reason, no);
                outcome = await receiving.Handle(context.Part($"{key.Site}/{no}"), key, command, ct).ConfigureAwait(false);
                if (outcome is not CommandOutcome.Done) return outcome;
            }
        }

        return outcome;
    }

    private async Task<CommandOutcome> Expect(CommandContext context, JointOrderId order, VendorId vendor, CancellationToken ct)
    {
        if (await purchaseOrders.AllocateAgreed(context, order, vendor, ct).ConfigureAwait(false) is { } not) return not;
        var purchase = await commands.Load<PurchaseOrder, PurchaseOrder.Command, PurchaseOrder.State, PurchaseOrder.Event>(
            context.Tenant, PurchaseOrder.Key(order, vendor), true, ct).ConfigureAwait(false);
        CommandOutcome outcome = Nothing(order, vendor);
        if (purchase.State is not PurchaseOrder.State.Confirmed { File: var file }) return outcome; // another answer was faster
        var loaded = await orders.LoadOrder(context.Tenant, order, ct).ConfigureAwait(false);
        var expected = ExpectedDeliveries.Of(file, loaded.State.Lines, loaded.State.Terms!.Policies.Receiving);
        foreach (var expectation in expected)
        {
            outcome = await commands.Handle<Delivery, Delivery.Command, Delivery.State, Delivery.Event>(
                context.Part(expectation.Site.Value), Delivery.Key(order, vendor, expectation.Site),
                new Delivery.Command.Expect(expectation), ct).ConfigureAwait(false);
            if (outcome is not CommandOutcome.Done) return outcome;
        }

        if (file.Revision == 1) return outcome;
        var sites = expected.Select(e => e.Site).ToHashSet();
        foreach (var (key, _) in await Deliveries(context.Tenant, order, vendor, ct).ConfigureAwait(false))
        {
            if (sites.Contains(key.Site)) continue;
            outcome = await receiving.Handle(
                context.Part($"{key.Site}/released"), key, new Delivery.Command.ReleaseRest("no longer ordered"), ct).ConfigureAwait(false);
            if (outcome is not CommandOutcome.Done) return outcome;
        }

        return outcome;
    }

    /// <summary>
    /// Lines that came to a central site are allocated again on what is there and may still come; what a member's own site never gets
    /// lowers that member's encumbrances only.
    /// </summary>
    private async Task<CommandOutcome> Adjust(CommandContext context, DeliveryKey key, CancellationToken ct)
    {
        var delivery = await commands.Load<Delivery, Delivery.Command, Delivery.State, Delivery.Event>(
            context.Tenant, key.ToString(), true, ct).ConfigureAwait(false);
        CommandOutcome outcome = Nothing(key.Order, key.Vendor);
        if (delivery.State is not Delivery.State.Known { File: var file }) return outcome;
        var loaded = await orders.LoadOrder(context.Tenant, key.Order, ct).ConfigureAwait(false);
        if (loaded.State.Phase is OrderPhase.Cancelled or OrderPhase.ClosedOut) return outcome; // its encumbrances are released
        var source = new StreamAt($"{Delivery.Category}-{key}", delivery.Version);
        foreach (var (no, line) in file.Lines.Where(l => l.Value.Expected.Shares.Count > 1))
        {
            var there = line.Available();
            if (loaded.State.Lines.TryGetValue(no, out var allocated) && allocated.Ordered == there) continue;
            outcome = await orders.Reallocate(
                context.Part($"line-{no}"), key.Order, no, there, source, $"{there} of {line.Ordered} are at {key.Site} or may still come",
                ct).ConfigureAwait(false);
            if (outcome is not CommandOutcome.Done) return outcome;
        }

        var own = file.Lines.Values.Where(l => l.Expected.Shares.Count == 1).Select(l => l.Expected.Shares[0].Member).ToHashSet();
        if (own.Count == 0) return outcome;
        var fulfilment = await OrderFulfilment.Gather(commands.Store, context.Tenant, key.Order, key.Vendor, null, ct)
            .ConfigureAwait(false);
        foreach (var total in loaded.MemberTotals.Where(t => own.Contains(t.Member)))
        {
            var lines = loaded.State.Lines.Values.Select(l => KeptShares.Of(l, total.Member, fulfilment));
            if (await orders.Adjust(context, key.Order, loaded, total, lines, "part of the delivery never comes", ct).ConfigureAwait(false)
                is { } busy) return busy;
        }

        return outcome;
    }

    private async Task<CommandOutcome> CloseOut(CommandContext context, JointOrderId order, VendorId vendor, CancellationToken ct)
    {
        var closed = await commands.Handle<JointOrder, JointOrder.Command, JointOrder.State, JointOrder.Event>(
            context, order.Value, async _ =>
            {
                var evidence = await CloseOutRules.Gather(commands.Store, context.Tenant, order, vendor, ct).ConfigureAwait(false);
                return (new JointOrder.Command.CloseOut(evidence), new AppendConditions
                {
                    Unchanged =
                    [
                        new(evidence.PurchaseOrder, evidence.PurchaseOrderVersion),
                        .. evidence.Deliveries.Select(d => new StreamAt(d.Stream, d.Version)),
                    ],
                });
            }, ct).ConfigureAwait(false);
        if (closed is not CommandOutcome.Done) return closed;
        if (await orders.ReleaseEncumbrances(context, order, ct).ConfigureAwait(false) is CommandOutcome.Busy busy) return busy;
        var done = await purchaseOrders.Decide(context.Part("close"), order, vendor, new PurchaseOrder.Command.Close(), ct)
            .ConfigureAwait(false);
        return done is CommandOutcome.Busy ? done : closed;
    }

    private async Task<IReadOnlyList<(DeliveryKey Key, DeliveryFile File)>> Deliveries(
        string tenant, JointOrderId order, VendorId vendor, CancellationToken ct)
    {
        var purchase = await commands.Store.ReadStream(tenant, $"{PurchaseOrder.Category}-{PurchaseOrder.Key(order, vendor)}", ct: ct)
            .ConfigureAwait(false);
        var pooled = await commands.Store.ReadStream(tenant, $"{JointOrder.Category}-{order}", ct: ct).ConfigureAwait(false);
        var found = new List<(DeliveryKey, DeliveryFile)>();
        foreach (var site in OrderFulfilment.SitesOf(purchase, pooled))
        {
            var delivery = await commands.Load<Delivery, Delivery.Command, Delivery.State, Delivery.Event>(
                tenant, Delivery.Key(order, vendor, site), true, ct).ConfigureAwait(false);
            if (delivery.State is Delivery.State.Known known) found.Add((new(order, vendor, site), known.File));
        }

        return found;
    }

    private static CommandOutcome.Done Nothing(JointOrderId order, VendorId vendor) =>
        new($"{PurchaseOrder.Category}-{PurchaseOrder.Key(order, vendor)}", 0, 0, true);
}
