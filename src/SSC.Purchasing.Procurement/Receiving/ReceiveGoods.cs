using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.JointOrders;

namespace SSC.Purchasing.Procurement.Receiving;

/// <summary>The ids in a delivery's key.</summary>
/// <param name="Order">Joint order.</param>
/// <param name="Vendor">Vendor.</param>
/// <param name="Site">Site.</param>
public sealed record DeliveryKey(JointOrderId Order, VendorId Vendor, SiteId Site)
{
    /// <summary>Reads <c>{order}:{vendor}:{site}</c>; null for anything else.</summary>
    public static DeliveryKey? Parse(string key) => key.Split(':') is [var order, var vendor, var site] && Id.IsKey(key)
        ? new(new(order), new(vendor), new(site))
        : null;

    /// <inheritdoc/>
    public override string ToString() => Delivery.Key(Order, Vendor, Site);
}

/// <summary>
/// The way in for everything that is said of a delivery: it counts only while the joint order is not closed out, and that is judged in
/// the same append.
/// </summary>
public sealed class ReceiveGoods(Commands commands)
{
    /// <summary>Executes a command.</summary>
    public Task<CommandOutcome> Handle(CommandContext context, DeliveryKey key, Delivery.Command command, CancellationToken ct) =>
        commands.Handle<Delivery, Delivery.Command, Delivery.State, Delivery.Event>(context, key.ToString(), async fresh =>
        {
            var order = await commands.Load<JointOrder, JointOrder.Command, JointOrder.State, JointOrder.Event>(
                context.Tenant, key.Order.Value, fresh, ct).ConfigureAwait(false);
            return (
                command with { IsAfterCloseOut = order.State.Phase == OrderPhase.ClosedOut },
                new AppendConditions { Unchanged = [new($"{JointOrder.Category}-{key.Order}", order.Version)] });
        }, ct);

    /// <summary>
    /// Records a despatch advice; what it back-orders stands until the order's terms say, in business days from today.
    /// </summary>
    public async Task<CommandOutcome> Despatch(CommandContext context, DeliveryKey key, DespatchNote note, CancellationToken ct)
    {
        var loaded = await commands.Load<Delivery, Delivery.Command, Delivery.State, Delivery.Event>(
            context.Tenant, key.ToString(), true, ct).ConfigureAwait(false);
        var days = loaded.State is Delivery.State.Known { File.Expectation.Terms: var terms } ? terms.BackOrderDays
            : new ReceivingTerms().BackOrderDays;
        var until = BusinessCalendar.Minnesota.AddBusinessDays(BusinessCalendar.LocalDate(context.Now), days);
        return await Handle(context, key, new Delivery.Command.RecordDespatch(note, until), ct).ConfigureAwait(false);
    }
}
