using Shouldly;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.JointOrders;
using SSC.Purchasing.Procurement.PurchaseOrders;
using SSC.Purchasing.Procurement.Receiving;
using SSC.Purchasing.Tests.Testbed;
using static SSC.Purchasing.Tests.Sagas.JointOrderStory;

namespace SSC.Purchasing.Tests.Sagas;

/// <summary>What follows once the vendor has accepted: the words in which deliveries' branches are told.</summary>
internal static class DeliveryStory
{
    private static readonly ItemNo Paper = new("PAPER-20LB");

    /// <summary>Members with budgets of $10,000 pool their cartons, and Whitewater accepts the order.</summary>
    public static async Task<JointOrderStory> Confirmed(
        OrderPolicies? policies = null, bool deliverTwice = false, params (string Member, long Quantity)[] commitments)
    {
        var story = await (await Begin(deliverTwice: deliverTwice)).OpenOrder(policies);
        foreach (var (member, quantity) in commitments)
        {
            await story.SetBudget(member, 10_000m);
            await story.Commit(member, quantity);
        }

        await story.Bed.AdvanceTo(Cutoff);
        await story.Answer(Whitewater, ResponseCode.AP);
        return story;
    }

    /// <summary>A hundred cartons each to the high schools of M-001 and M-002, at $39.75.</summary>
    public static Task<JointOrderStory> TwoSchools(ReceivingTerms? terms = null, bool deliverTwice = false) =>
        Confirmed(new() { Receiving = terms ?? new() }, deliverTwice, ("M-001", 100), ("M-002", 100));

    /// <summary>Two hundred cartons for three members, all to the cooperative's warehouse.</summary>
    public static Task<JointOrderStory> Warehouse(bool deliverTwice = false) =>
        Confirmed(new() { CentralSite = new("SSC-WH") }, deliverTwice, ("M-001", 100), ("M-002", 60), ("M-003", 40));

    public static Task<CommandOutcome> TryTell(this JointOrderStory story, string site, Delivery.Command command) =>
        new ReceiveGoods(story.Bed.Commands).Handle(
            story.Bed.As($"receiver-{site}"), new(Order, Whitewater, new(site)), command, CancellationToken.None);

    public static async Task Tell(this JointOrderStory story, string site, Delivery.Command command)
    {
        (await story.TryTell(site, command)).ShouldBeOfType<CommandOutcome.Done>();
        await story.Bed.RunUntilIdle();
    }

    public static async Task Send(this JointOrderStory story, string site, string document, long quantity, long? later = null)
    {
        var number = (await story.PurchaseOrderTo(Whitewater)).ShouldBeAssignableTo<PurchaseOrder.State.Known>()!.File.Document.Number;
        var note = new DespatchNote(
            document, number, Whitewater, new(site), BusinessCalendar.LocalDate(story.Bed.Clock.Now),
            [new(1, Paper, Quantity.Of(quantity), "XCT") { BackOrdered = later is { } q ? Quantity.Of(q) : null }]);
        (await new ReceiveGoods(story.Bed.Commands).Despatch(
            story.Bed.As("vendor"), new(Order, Whitewater, new(site)), note, CancellationToken.None)).ShouldBeOfType<CommandOutcome.Done>();
        await story.Bed.RunUntilIdle();
    }

    public static Task Receive(this JointOrderStory story, string site, string document, long quantity, string item = "PAPER-20LB") =>
        story.Tell(site, new Delivery.Command.Receive(new(
            document, BusinessCalendar.LocalDate(story.Bed.Clock.Now), [new(1, new(item), Quantity.Of(quantity), "XCT")])));

    public static Task Billed(this JointOrderStory story) =>
        story.PurchaseOrderCommand(Whitewater, new PurchaseOrder.Command.SettleBilling("warrant 55120"));

    public static async Task<DeliveryFile> FileOf(this JointOrderStory story, string site) =>
        (await story.Bed.Commands.Load<Delivery, Delivery.Command, Delivery.State, Delivery.Event>(
            SagaTestbed.Tenant, Delivery.Key(Order, Whitewater, new(site)), true)).State.ShouldBeAssignableTo<Delivery.State.Known>()!.File;

    public static async Task<LineBalance> LineAt(this JointOrderStory story, string site) => (await story.FileOf(site)).Lines[1];

    public static Task<IReadOnlyList<string>> Delivered(this JointOrderStory story, string site) =>
        story.Types($"delivery-{Delivery.Key(Order, Whitewater, new(site))}");

    public static Task<OrderFulfilment> Fulfilment(this JointOrderStory story) =>
        OrderFulfilment.Gather(story.Bed.Store, SagaTestbed.Tenant, Order, Whitewater, null, CancellationToken.None);
}
