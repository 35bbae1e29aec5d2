using System.Text.Json;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Procurement.JointOrders;
using SSC.Purchasing.Procurement.PurchaseOrders;
using DocumentLine = SSC.Purchasing.Procurement.PurchaseOrders.OrderLine;

namespace SSC.Purchasing.Sagas;

/// <summary>A purchase order on its way to a vendor, as an outbox row carries it: the bytes are sent as they are, every time.</summary>
/// <param name="Key">Key of the purchase order's stream.</param>
/// <param name="Vendor">To whom.</param>
/// <param name="Url">Where it is pushed to.</param>
/// <param name="ContentHash">SHA-256 of <paramref name="Content"/>, lower-case hexadecimal.</param>
/// <param name="Content">Canonical bytes of the document.</param>
public sealed record VendorOrderDelivery(string Key, VendorId Vendor, string Url, string ContentHash, byte[] Content)
{
    /// <summary>Outbox channel of these deliveries.</summary>
    public const string Channel = "vendor-order";
}

/// <summary>Issues purchase orders and follows the vendor: where joint orders, purchase orders and vendors meet.</summary>
public sealed class PurchaseOrderWork(Commands commands, JointOrderWork orders)
{
    /// <summary>Any command that the purchase order decides by itself.</summary>
    public Task<CommandOutcome> Decide(
        CommandContext context, JointOrderId order, VendorId vendor, PurchaseOrder.Command command, CancellationToken ct,
        AppendConditions? conditions = null) =>
        commands.Handle<PurchaseOrder, PurchaseOrder.Command, PurchaseOrder.State, PurchaseOrder.Event>(
            context, PurchaseOrder.Key(order, vendor), _ => Task.FromResult((command, conditions ?? AppendConditions.None)), ct);

    /// <summary>
    /// Issues the consolidated order to the joint order's current vendor, and hands it to the vendor's channel in the same transaction.
    /// </summary>
    public async Task<CommandOutcome> Issue(CommandContext context, JointOrderId order, CancellationToken ct)
    {
        var loaded = await orders.LoadOrder(context.Tenant, order, ct).ConfigureAwait(false);
        if (loaded.State is not { Phase: OrderPhase.Ready, CurrentVendor: { } vendor })
            return new CommandOutcome.Done($"{JointOrder.Category}-{order}", loaded.Version, loaded.LastPosition, true);
        var document = await Document(context, order, loaded.State, vendor, ct).ConfigureAwait(false);
        var hash = PurchaseOrderContent.Hash(document, 1);
        var channel = await ChannelOf(context.Tenant, vendor, ct).ConfigureAwait(false);
        var conditions = channel is { Kind: OrderChannelKind.HttpsPush, Url: { } url }
            ? new AppendConditions { Outbox = [Delivery(document, url, hash)] }
            : AppendConditions.None;
        var issued = await Decide(context, order, vendor, new PurchaseOrder.Command.Issue(document), ct, conditions).ConfigureAwait(false);
        if (issued is not CommandOutcome.Done) return issued;
        return channel.Kind switch
        {
            OrderChannelKind.ApiPickup => await Decide(
                context.Part("dispatch"), order, vendor, new PurchaseOrder.Command.RecordDispatch("api-pickup", 1, hash), ct)
                    .ConfigureAwait(false),
            OrderChannelKind.Manual => await Decide(
                context.Part("dispatch"), order, vendor,
                new PurchaseOrder.Command.Escalate("the vendor has no electronic channel: dispatch the order by hand and record it"), ct)
                .ConfigureAwait(false),
            _ => issued,
        };
    }

    /// <summary>Reminds; from the second time on the coordinator is told too.</summary>
    public async Task<CommandOutcome> Remind(CommandContext context, JointOrderId order, VendorId vendor, int number, CancellationToken ct)
    {
        var reminded = await Decide(context, order, vendor, new PurchaseOrder.Command.Remind(number), ct).ConfigureAwait(false);
        return reminded is CommandOutcome.Done && number > 1
            ? await Decide(context.Part("escalate"), order, vendor, new PurchaseOrder.Command.Escalate("the vendor does not answer"), ct)
                .ConfigureAwait(false)
            : reminded;
    }

    /// <summary>Allocates again what the vendor agreed to deliver less of, and confirms the joint order.</summary>
    public async Task<CommandOutcome> Adopt(CommandContext context, JointOrderId order, VendorId vendor, CancellationToken ct) =>
        await AllocateAgreed(context, order, vendor, ct).ConfigureAwait(false)
        ?? await orders.Decide(context, order, new JointOrder.Command.RecordConfirmed(vendor), ct).ConfigureAwait(false);

    /// <summary>Allocates again what the vendor agreed to deliver less of; null when that is done, else why not.</summary>
    public async Task<CommandOutcome?> AllocateAgreed(CommandContext context, JointOrderId order, VendorId vendor, CancellationToken ct)
    {
        var purchase = await commands.Load<PurchaseOrder, PurchaseOrder.Command, PurchaseOrder.State, PurchaseOrder.Event>(
            context.Tenant, PurchaseOrder.Key(order, vendor), true, ct).ConfigureAwait(false);
        if (purchase.State is not PurchaseOrder.State.Known known) return null;
        foreach (var line in known.File.Document.Lines)
        {
            var standing = known.File.Lines[line.No];
            var arriving = standing.Status == LineStatus.Accepted ? standing.Agreed(line).Quantity : Quantity.Zero;
            if (arriving >= line.Quantity) continue;
            var loaded = await orders.LoadOrder(context.Tenant, order, ct).ConfigureAwait(false);
            if (loaded.State.Lines.TryGetValue(line.No, out var allocated) && allocated.Ordered <= arriving) continue;
            var done = await orders.Reallocate(
                context.Part($"line-{line.No}"), order, line.No, arriving, $"the vendor delivers {arriving} of {line.Quantity}", ct)
                .ConfigureAwait(false);
            if (done is not CommandOutcome.Done) return done;
        }

        return null;
    }

    /// <summary>The vendor refused or kept silent: the joint order goes to the next one, and the purchase order says to whom.</summary>
    public async Task<CommandOutcome> ReAward(
        CommandContext context, JointOrderId order, VendorId from, string reason, CancellationToken ct)
    {
        var decided = await orders.Decide(context, order, new JointOrder.Command.ReAward(from, reason), ct).ConfigureAwait(false);
        if (decided is not CommandOutcome.Done) return decided;
        var loaded = await orders.LoadOrder(context.Tenant, order, ct).ConfigureAwait(false);
        return loaded.State.CurrentVendor is { } next && next != from
            ? await Decide(context.Part("purchase-order"), order, from, new PurchaseOrder.Command.ReAward(next), ct).ConfigureAwait(false)
            : decided;
    }

    /// <summary>A delivery reached the vendor.</summary>
    public Task<CommandOutcome> Delivered(CommandContext context, OutboxMessage message, int attempt, CancellationToken ct) =>
        Record(context, message, d => new PurchaseOrder.Command.RecordDispatch("https-push", attempt, d.ContentHash), ct);

    /// <summary>A delivery was given up after its last attempt; the coordinator dispatches by hand.</summary>
    public Task<CommandOutcome> Parked(CommandContext context, OutboxMessage message, int attempts, string reason, CancellationToken ct) =>
        Record(context, message, _ => new PurchaseOrder.Command.RecordDispatchFailure(reason, attempts), ct);

    private Task<CommandOutcome> Record(
        CommandContext context, OutboxMessage message, Func<VendorOrderDelivery, PurchaseOrder.Command> command, CancellationToken ct)
    {
        var delivery = JsonSerializer.Deserialize<VendorOrderDelivery>(message.Body, EventCatalogue.Json)!;
        return commands.Handle<PurchaseOrder, PurchaseOrder.Command, PurchaseOrder.State, PurchaseOrder.Event>(
            context, delivery.Key, command(delivery), ct);
    }

    private static OutboxMessage Delivery(OrderDocument document, string url, string hash)
    {
        var key = PurchaseOrder.Key(document.JointOrder, document.Vendor);
        var body = new VendorOrderDelivery(key, document.Vendor, url, hash, PurchaseOrderContent.Canonical(document, 1));
        return new(
            $"purchase-order-{key}-r1", VendorOrderDelivery.Channel, document.Vendor.Value,
            JsonSerializer.SerializeToUtf8Bytes(body, EventCatalogue.Json));
    }

    private async Task<OrderChannel> ChannelOf(string tenant, VendorId vendor, CancellationToken ct)
    {
        var loaded = await commands.Load<Vendor, Vendor.Command, Vendor.State, Vendor.Event>(tenant, vendor.Value, true, ct)
            .ConfigureAwait(false);
        return loaded.State.File?.Channel ?? OrderChannel.Manual;
    }

    private async Task<OrderDocument> Document(
        CommandContext context, JointOrderId order, JointOrder.State state, VendorId vendor, CancellationToken ct)
    {
        var terms = state.Terms!;
        var requiredBy = BusinessCalendar.Minnesota.AddBusinessDays(BusinessCalendar.LocalDate(context.Now), terms.Policies.DeliveryDays);
        var commitments = new Dictionary<MemberNo, StructuralList<CommitmentLine>>();
        foreach (var total in state.Totals.Where(t => t.Member != SettlementRules.Stock))
            commitments[total.Member] = (await orders.LoadCommitment(context.Tenant, order, total.Member, ct).ConfigureAwait(false)).Lines;

        var lines = state.Lines.Values.Where(l => l.Ordered > Quantity.Zero).Select(outcome =>
        {
            var item = terms.Line(outcome.LineNo)!.Item;
            var drops = from share in outcome.Shares
                        from drop in share.Drops
                        let line = commitments.GetValueOrDefault(share.Member)
                            .FirstOrDefault(c => c.LineNo == outcome.LineNo && c.Site == drop.Site)
                        let site = terms.Policies.CentralSite ?? drop.Site
                        select new Drop(share.Member, site, drop.Quantity, requiredBy, AccountText(line), line?.Reference);
            return new DocumentLine(
                outcome.LineNo, item.Item, item.Description, item.Unit, item.CaseSize, outcome.Ordered, outcome.Price, outcome.Goods,
                    [.. drops])
            {
                Fees = outcome.Shares.Select(s => s.Fee).Sum(),
                Credits = outcome.Shares.Select(s => s.Credit).Sum(),
            };
        }).ToStructuralList();
        var number = $"PO-{order}-{state.Passed.Count + 1}";
        return new(
            number, order, terms.Contract, vendor, lines, terms.Policies.Freight,
            PurchaseOrderContent.TotalOf(lines, terms.Policies.Freight), requiredBy, terms.Policies.DeliveryTerms)
        {
            ScheduleVersion = terms.ScheduleVersion,
        };
    }

    private static string? AccountText(CommitmentLine? line)
    {
        var text = line is null ? null : string.Join(' ', line.Accounts.Select(a => a.Account.Code));
        return text is { Length: > 0 and <= 100 } ? text : null;
    }
}
