using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Procurement.JointOrders;
using SSC.Purchasing.Procurement.PurchaseOrders;
using DocumentLine = SSC.Purchasing.Procurement.PurchaseOrders.OrderLine;

namespace SSC.Purchasing.Sagas;

/// <summary>Issues purchase orders and follows the vendor: where joint orders, purchase orders and vendors meet.</summary>
public sealed class PurchaseOrderWork(Commands commands, JointOrderWork orders, IOrderFormats formats)
{
    private const string NumberPrefix = "PO-";

    private static readonly Refusal NoChannel = new(
        "no-electronic-channel", "The vendor has no electronic channel; dispatch the order by hand and record it.");

    /// <summary>What orders can be written in.</summary>
    public IOrderFormats Formats => formats;

    /// <summary>Any command that the purchase order decides by itself.</summary>
    public Task<CommandOutcome> Decide(
        CommandContext context, JointOrderId order, VendorId vendor, PurchaseOrder.Command command, CancellationToken ct,
        AppendConditions? conditions = null) =>
        commands.Handle<PurchaseOrder, PurchaseOrder.Command, PurchaseOrder.State, PurchaseOrder.Event>(
            context, PurchaseOrder.Key(order, vendor), _ => Task.FromResult((command, conditions ?? AppendConditions.None)), ct);

    /// <summary>
    /// The vendor's order of a number, or null: the one way from a number that a document states to its order. Numbers are made as
    /// <c>PO-{joint order}-{n}</c>, and the order says its own. Another vendor's order is not there, as everywhere.
    /// </summary>
    /// <param name="tenant">Operator's store.</param>
    /// <param name="number">As the vendor states it; null for none.</param>
    /// <param name="vendor">Who states it.</param>
    /// <param name="ct">Cancellation.</param>
    public async Task<PurchaseOrder.State.Known?> Find(string tenant, string? number, VendorId vendor, CancellationToken ct)
    {
        if (number is null || !number.StartsWith(NumberPrefix, StringComparison.Ordinal)) return null;
        var end = number.LastIndexOf('-');
        if (end <= NumberPrefix.Length) return null;
        var order = number[NumberPrefix.Length..end];
        if (!Id.IsWellFormed(order)) return null;
        var loaded = await commands.Load<PurchaseOrder, PurchaseOrder.Command, PurchaseOrder.State, PurchaseOrder.Event>(
            tenant, PurchaseOrder.Key(new(order), vendor), true, ct).ConfigureAwait(false);
        return loaded.State is PurchaseOrder.State.Known known && known.File.Document.Number == number ? known : null;
    }

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
        var (delivery, byHand) = await Delivery(context, document, 1, channel, ct).ConfigureAwait(false);
        var conditions = delivery is null ? AppendConditions.None : new AppendConditions { Outbox = [delivery.ToMessage()] };
        var issued = await Decide(context, order, vendor, new PurchaseOrder.Command.Issue(document), ct, conditions).ConfigureAwait(false);
        if (issued is not CommandOutcome.Done) return issued;
        if (delivery is null) return await Tell(context, order, vendor, byHand!, ct).ConfigureAwait(false);
        return channel.Kind == OrderChannelKind.ApiPickup
            ? await Decide(context.Part("dispatch"), order, vendor, delivery.Dispatched(1), ct).ConfigureAwait(false)
            : issued;
    }

    /// <summary>
    /// Sends the latest revision again by the channel that the vendor has now: the very bytes that were sent before, under the same
    /// delivery id, unless the vendor wants another format by now. Refused: <c>no-electronic-channel</c>, <c>format-unknown</c>, what the
    /// format cannot say, and as <see cref="PurchaseOrder.Command.Resend"/>.
    /// </summary>
    public async Task<CommandOutcome> Resend(
        CommandContext context, JointOrderId order, VendorId vendor, ISentDocuments sent, CancellationToken ct)
    {
        var key = PurchaseOrder.Key(order, vendor);
        var loaded = await commands.Load<PurchaseOrder, PurchaseOrder.Command, PurchaseOrder.State, PurchaseOrder.Event>(
            context.Tenant, key, true, ct).ConfigureAwait(false);
        if (loaded.State is not PurchaseOrder.State.Known { File: var file })
            return await Decide(context, order, vendor, new PurchaseOrder.Command.Resend(1, context.Actor), ct).ConfigureAwait(false);
        var channel = await ChannelOf(context.Tenant, vendor, ct).ConfigureAwait(false);
        if (channel.Kind == OrderChannelKind.Manual) return new CommandOutcome.Refused(NoChannel);
        var before = await sent.Find(context.Tenant, VendorOrderDelivery.IdOf(key, file.Revision), ct).ConfigureAwait(false);
        var (delivery, byHand) = before is not null && string.Equals(before.Format, channel.Format, StringComparison.Ordinal)
            ? (before with { Kind = channel.Kind, Url = channel.Url, Contact = channel.Contact }, null)
            : await Delivery(context, file.Document, file.Revision, channel, ct).ConfigureAwait(false);
        if (delivery is null) return new CommandOutcome.Refused(byHand!);
        var number = file.Resends + 1;
        return await Decide(
            context, order, vendor, new PurchaseOrder.Command.Resend(number, context.Actor), ct,
            new AppendConditions { Outbox = [delivery.ToMessage(number)] }).ConfigureAwait(false);
    }

    /// <summary>
    /// Replaces the document by its next revision, which is handed to the vendor's channel in the same transaction; where it cannot go that
    /// way, the coordinator is told why, brings it and records that. Refused as <see cref="PurchaseOrder.Command.Revise"/>.
    /// </summary>
    public async Task<CommandOutcome> Revise(
        CommandContext context, JointOrderId order, VendorId vendor, OrderDocument document, string reason, CancellationToken ct)
    {
        var key = PurchaseOrder.Key(order, vendor);
        var command = new PurchaseOrder.Command.Revise(document, reason);
        VendorOrderDelivery? delivery = null;
        Refusal? byHand = null;
        var revised = await commands.Handle<PurchaseOrder, PurchaseOrder.Command, PurchaseOrder.State, PurchaseOrder.Event>(
            context, key, async fresh =>
            {
                var loaded = await commands.Load<PurchaseOrder, PurchaseOrder.Command, PurchaseOrder.State, PurchaseOrder.Event>(
                    context.Tenant, key, fresh, ct).ConfigureAwait(false);
                (delivery, byHand) = await NextRevision(context, command, loaded.State, ct).ConfigureAwait(false);
                return (command, new AppendConditions
                {
                    Unchanged = [new($"{PurchaseOrder.Category}-{key}", loaded.Version)],
                    Outbox = delivery is null ? [] : [delivery.ToMessage()],
                });
            }, ct).ConfigureAwait(false);
        if (revised is not CommandOutcome.Done) return revised;
        if (byHand is not null) return await Tell(context, order, vendor, byHand, ct).ConfigureAwait(false);
        return delivery is { Kind: OrderChannelKind.ApiPickup }
            ? await Decide(context.Part("dispatch"), order, vendor, delivery.Dispatched(1), ct).ConfigureAwait(false)
            : revised;
    }

    /// <summary>What goes out when a revision is recorded, or why it goes by hand; neither when none is recorded.</summary>
    private async Task<(VendorOrderDelivery? Delivery, Refusal? ByHand)> NextRevision(
        CommandContext context, PurchaseOrder.Command.Revise command, PurchaseOrder.State state, CancellationToken ct)
    {
        var revised = PurchaseOrder.Decide(command, state) is Decision<PurchaseOrder.Event>.Accepted { Events: var facts }
            ? facts.OfType<PurchaseOrder.Event.Revised>().FirstOrDefault() : null;
        return revised is null ? default : await Delivery(
            context, revised.Document, revised.Revision, await ChannelOf(context.Tenant, revised.Document.Vendor, ct).ConfigureAwait(false),
            ct).ConfigureAwait(false);
    }

    /// <summary>Tells the coordinator why a revision has to be dispatched by hand.</summary>
    private Task<CommandOutcome> Tell(CommandContext context, JointOrderId order, VendorId vendor, Refusal byHand, CancellationToken ct)
    {
        var why = byHand == NoChannel ? byHand.Reason : $"{byHand.Reason} Until then dispatch the order by hand and record it.";
        return Decide(context.Part("dispatch"), order, vendor, new PurchaseOrder.Command.Escalate(Shortened(why)), ct);
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
        var source = new StreamAt($"{PurchaseOrder.Category}-{PurchaseOrder.Key(order, vendor)}", purchase.Version);
        foreach (var line in known.File.Document.Lines)
        {
            var arriving = known.File.WillCome(line);
            if (arriving >= line.Quantity) continue;
            var loaded = await orders.LoadOrder(context.Tenant, order, ct).ConfigureAwait(false);
            if (loaded.State.Lines.TryGetValue(line.No, out var allocated) && allocated.Ordered <= arriving) continue;
            var done = await orders.Reallocate(
                context.Part($"line-{line.No}"), order, line.No, arriving, source, $"the vendor delivers {arriving} of {line.Quantity}", ct)
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
        Record(context, message, d => d.Dispatched(attempt), ct);

    /// <summary>A delivery was given up after its last attempt; the coordinator dispatches by hand.</summary>
    public Task<CommandOutcome> Parked(CommandContext context, OutboxMessage message, int attempts, string reason, CancellationToken ct) =>
        Record(context, message, _ => new PurchaseOrder.Command.RecordDispatchFailure(Shortened(reason), attempts), ct);

    private const int LongestReason = 400;

    /// <summary>What a foreign server says of itself, as far as it can stand in an event.</summary>
    public static string Shortened(string reason)
    {
        var plain = new string([.. reason.Where(c => !char.IsControl(c)).Take(LongestReason)]).Trim();
        return PlainText.IsWellFormed(plain, LongestReason) ? plain : "the delivery failed";
    }

    private Task<CommandOutcome> Record(
        CommandContext context, OutboxMessage message, Func<VendorOrderDelivery, PurchaseOrder.Command> command, CancellationToken ct)
    {
        var delivery = VendorOrderDelivery.Of(message.Body);
        return commands.Handle<PurchaseOrder, PurchaseOrder.Command, PurchaseOrder.State, PurchaseOrder.Event>(
            context, delivery.Key, command(delivery), ct);
    }

    /// <summary>The document in the channel's format, ready to go, or why it goes by hand.</summary>
    private async Task<(VendorOrderDelivery? Delivery, Refusal? ByHand)> Delivery(
        CommandContext context, OrderDocument document, int revision, OrderChannel channel, CancellationToken ct)
    {
        if (channel.Kind == OrderChannelKind.Manual) return (null, NoChannel);
        var (written, whyNot) = await formats.Write(context, document, revision, channel.Format, ct).ConfigureAwait(false);
        if (written is null) return (null, whyNot);
        var delivery = new VendorOrderDelivery(
            PurchaseOrder.Key(document.JointOrder, document.Vendor), document.Vendor, channel.Url,
            PurchaseOrderContent.Hash(document, revision), written.Content)
        {
            Kind = channel.Kind,
            Number = document.Number,
            Revision = revision,
            Format = written.Format,
            MediaType = written.MediaType,
            FileName = written.FileName,
            Contact = channel.Contact,
        };
        return (delivery, null);
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
        var number = $"{NumberPrefix}{order}-{state.Passed.Count + 1}";
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
