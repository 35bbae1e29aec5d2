using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.JointOrders;
using SSC.Purchasing.Procurement.PurchaseOrders;
using SSC.Purchasing.Procurement.Receiving;

namespace SSC.Purchasing.Host.Demo;

/// <content>What vendors and receivers do with goods.</content>
internal sealed partial class DemoStage
{
    private readonly ReceiveGoods receiving = new(commands);

    /// <summary>Says something of a delivery; of one that was given up because its order was cancelled, nothing is said.</summary>
    public async Task Deliver(string actor, DeliveryKey key, Delivery.Command command)
    {
        if (await IsGivenUp(key)) return;
        await Done(receiving.Handle(As(actor), key, command, default), about: $"{key} {command}");
    }

    /// <summary>The vendor says what it sent.</summary>
    public async Task Despatch(string actor, DeliveryKey key, DespatchNote note)
    {
        if (await IsGivenUp(key)) return;
        await Done(receiving.Despatch(As(actor), key, note, default), about: $"{key} {note.DocumentId}");
    }

    /// <summary>Sends back what was shipped of an order, and gives up the rest.</summary>
    public Task SendBack(string actor, JointOrderId order, VendorId vendor, string reason) =>
        Done(handler.Receiving.SendBack(As(actor), order, vendor, reason, default), about: order);

    public Task OrderRefused(string actor, JointOrderId order, JointOrder.Command command, string code) =>
        Refused(opening.Handle(As(actor), order, command, default), code, order);

    /// <summary>Everything delivered is billed and paid, outside this service.</summary>
    public Task Billed(string actor, JointOrderId order, VendorId vendor, string evidence) => Done(
        handler.PurchaseOrders.Decide(As(actor), order, vendor, new PurchaseOrder.Command.SettleBilling(evidence), default), about: order);

    private async Task<bool> IsGivenUp(DeliveryKey key)
    {
        var loaded = await commands.Load<Delivery, Delivery.Command, Delivery.State, Delivery.Event>(tenant, key.ToString());
        return loaded.State is Delivery.State.Known known && known.File.Lines.Values.All(l => l.Released == l.Ordered);
    }
}
