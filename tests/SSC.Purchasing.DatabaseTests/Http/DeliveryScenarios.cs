using Shouldly;
using SSC.Purchasing.DatabaseTests.Runtime;
using SSC.Purchasing.Host.Api.Resources;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.JointOrders;
using SSC.Purchasing.Procurement.PurchaseOrders;
using SSC.Purchasing.Procurement.Receiving;
using Xunit;

namespace SSC.Purchasing.DatabaseTests.Http;

/// <summary>From the vendor's truck to the close-out: despatched, received, claimed, credited, billed, done.</summary>
public sealed class DeliveryScenarios(Stage stage) : IClassFixture<Stage>
{
    private static readonly ItemNo Paper = new(Stage.Paper);

    [Fact]
    public async Task goods_are_despatched_received_claimed_and_credited_and_the_order_is_closed_out_for_good()
    {
        var (contract, vendor) = await stage.Award();
        using var first = await stage.Join(contract);
        using var second = await stage.Join(contract);
        var budget = $"budgets/{first.Number}/{FiscalYear.Of(Stage.Today).Year}/{Stage.Supplies.Code}";
        (await first.Buyer.Put(budget, new BudgetAdoption("UFARS", Money.FromDollars(9_000m)))).ShouldBe(200);
        var order = await Confirmed(contract, vendor, first, second);
        var (mine, theirs) = ($"{order}:{vendor}:{first.Site}", $"{order}:{vendor}:{second.Site}");
        await Is(mine, "expected");
        await Is(theirs, "expected");

        using var seller = await stage.Vendor(vendor);
        await TheVendorDespatches(seller, mine, first, second);
        var received = await TheSchoolReceives(mine, first, second);
        await TheShortageIsCredited(seller, mine, first, second);
        (await second.Buyer.Post("receipts", Counted(theirs, "PS-9", 80))).ShouldBe(201);
        await Is(theirs, "complete");

        var fulfilment = (await stage.Staff.Get($"purchase-orders/{order}:{vendor}/fulfilment")).ShouldBe(200).Body!;
        fulfilment["shares"]!.AsArray().Select(s => ((string)s!["site"]!, s["accepted"].Number()))
            .ShouldBe([(first.Site, 117m), (second.Site, 80m)], ignoreOrder: true);
        await TheOrderIsClosedOut(order, vendor, mine, first, budget, received);
    }

    [Fact]
    public async Task after_shipment_an_order_is_not_cancelled_but_sent_back()
    {
        var (contract, vendor) = await stage.Award();
        using var first = await stage.Join(contract);
        using var second = await stage.Join(contract);
        var order = await Confirmed(contract, vendor, first, second);
        var mine = $"{order}:{vendor}:{first.Site}";
        await Is(mine, "expected");
        await Is($"{order}:{vendor}:{second.Site}", "expected");
        using var seller = await stage.Vendor(vendor);
        (await seller.Post($"deliveries/{mine}/despatches", Sent("DA-1", 120))).ShouldBe(200);
        await stage.Reaches(order, "delivering");
        (await stage.Staff.Post($"joint-orders/{order}/cancellation", new Because("The levy failed."))).ShouldBe(
            409, "refusal:cancel-after-shipment");
        (await stage.Staff.Post($"purchase-orders/{order}:{vendor}/return", new Because("The levy failed."))).ShouldBe(200);
        (await seller.Post($"deliveries/{mine}/returns/1/credit", new CreditEntry("CM-1"))).ShouldBe(409, "refusal:return-not-made");
        (await first.Buyer.Post($"deliveries/{mine}/returns/1/shipment", new ReturnedOn(Stage.Today))).ShouldBe(200);
        (await seller.Post($"deliveries/{mine}/returns/1/credit", new CreditEntry("CM-1"))).ShouldBe(200);
        await Is(mine, "complete");
        await Is($"{order}:{vendor}:{second.Site}", "complete");
    }

    private async Task TheVendorDespatches(Caller seller, string mine, Stage.Member first, Stage.Member second)
    {
        using var rival = await stage.Vendor("V-rival");
        (await rival.Get($"deliveries/{mine}")).ShouldBe(404, "not-found");
        (await rival.Post($"deliveries/{mine}/despatches", Sent("DA-1", 120))).ShouldBe(404, "not-found");
        (await first.Buyer.Post($"deliveries/{mine}/despatches", Sent("DA-1", 120))).ShouldBe(403, "forbidden");
        (await seller.Post($"deliveries/{mine}/despatches", Sent("DA-1", -3))).ShouldBe(409, "refusal:quantity-out-of-range");
        var sent = (await seller.Post($"deliveries/{mine}/despatches", Sent("DA-1", 120))).ShouldBe(200);
        (await seller.Post($"deliveries/{mine}/despatches", Sent("DA-1", 120))).ShouldBe(200).Headers["ETag"]
            .ShouldBe(sent.Headers["ETag"]);
        (await seller.Get("deliveries", ("X-At-Least-Position", sent.Position))).ShouldBe(200).Items.Count.ShouldBe(2);
        (await second.Buyer.Get($"deliveries/{mine}")).ShouldBe(404, "not-found");
        (await first.Buyer.Get($"deliveries/{mine}")).ShouldBe(200).Text("standing").ShouldBe("underWay");
    }

    private async Task<Heard> TheSchoolReceives(string mine, Stage.Member first, Stage.Member second)
    {
        (await second.Buyer.Post("receipts", Counted(mine, "PS-1", 117))).ShouldBe(404, "not-found");
        (await first.Buyer.Post("receipts", Counted("nothing", "PS-1", 117))).ShouldBe(400);
        (await first.Buyer.Post("receipts", Counted(mine, "PS-1", 117), ("If-Match", "\"1\""))).ShouldBe(412);
        var received = (await first.Buyer.Post("receipts", Counted(mine, "PS-1", 117), ("Idempotency-Key", "once"))).ShouldBe(201);
        (await first.Buyer.Post("receipts", Counted(mine, "PS-1", 117), ("Idempotency-Key", "once"))).ShouldBe(201)
            .Headers.ShouldContainKey("Idempotent-Replayed");
        (await first.Buyer.Post("receipts", Counted(mine, "PS-1", 100))).ShouldBe(201).Headers["ETag"].ShouldBe(received.Headers["ETag"]);
        var receipt = (await first.Buyer.Get("receipts", ("X-At-Least-Position", received.Position))).ShouldBe(200).Items.Single();
        receipt["arrived"]![0]!["accepted"].Number().ShouldBe(117);
        (await second.Buyer.Get("receipts")).ShouldBe(200).Items.ShouldBeEmpty();
        return received;
    }

    private async Task TheShortageIsCredited(Caller seller, string mine, Stage.Member first, Stage.Member second)
    {
        (await first.Buyer.Post($"deliveries/{mine}/shortages", new LossEntry("S-1", 1, Quantity.Of(4)))).ShouldBe(
            409, "refusal:quantity-exceeds-open");
        var claimed = (await first.Buyer.Post($"deliveries/{mine}/shortages", new LossEntry("S-1", 1, Quantity.Of(3)))).ShouldBe(200);
        (await seller.Get("claims?status=open", ("X-At-Least-Position", claimed.Position))).ShouldBe(200).Items.Single()["claim"]!
            ["quantity"].Number().ShouldBe(3);
        (await second.Buyer.Get("claims")).ShouldBe(200).Items.ShouldBeEmpty();
        (await second.Buyer.Post($"claims/{mine}:1/resolution", new ClaimResolutionEntry(ClaimResolution.Withdrawn))).ShouldBe(404);
        (await seller.Post($"claims/{mine}:1/answer", new ClaimAnswerEntry(ClaimAnswer.CreditPromised))).ShouldBe(200);
        (await seller.Post($"claims/{mine}:7/answer", new ClaimAnswerEntry(ClaimAnswer.Denied))).ShouldBe(409, "refusal:claim-unknown");
        (await first.Buyer.Post($"claims/{mine}:1/resolution", new ClaimResolutionEntry(ClaimResolution.Credited, "CM-7"))).ShouldBe(200);
        await Is(mine, "complete");
    }

    private async Task TheOrderIsClosedOut(
        string order, string vendor, string mine, Stage.Member first, string budget, Heard received)
    {
        (await stage.Staff.Post($"purchase-orders/{order}:{vendor}/billing-settlement", new BillingEvidence("warrant 55120")))
            .ShouldBe(200);
        await stage.Reaches(order, "closedOut");
        await Until.True(
            async () => (await first.Buyer.Get(budget)).ShouldBe(200).Body!["encumbrances"]!.AsObject().Count == 0,
            "nothing stays set aside");
        (await first.Buyer.Post("receipts", Counted(mine, "PS-2", 1))).ShouldBe(409, "refusal:order-closed-out");
        var spoiled = new Compensation(
            "CM-9", new($"delivery-{mine}", 3), new(first.Number), 1, Quantity.Of(-1), Money.FromDollars(-39.75m), "spoiled");
        (await stage.Staff.Post($"joint-orders/{order}/compensations", spoiled)).ShouldBe(200);

        (await stage.Staff.Get($"deliveries/{mine}?asOf={received.Position}")).ShouldBe(200).Text("standing").ShouldBe("arriving");
        using var auditor = await stage.Auditor();
        (await auditor.Get($"deliveries/{mine}")).ShouldBe(200).Text("standing").ShouldBe("complete");
        (await auditor.Post("receipts", Counted(mine, "PS-3", 1))).ShouldBe(403, "forbidden");
        var replay = (await auditor.Get($"audit/replay?stream=joint-order-{order}")).ShouldBe(200).Body!;
        (replay["differences"].Number(), replay["problems"].Number()).ShouldBe((0, 0), replay.ToJsonString());
    }

    /// <summary>120 cartons for one school and 80 for another, accepted by the vendor.</summary>
    private async Task<string> Confirmed(string contract, string vendor, Stage.Member first, Stage.Member second)
    {
        for (var until = TimeSpan.FromSeconds(3); ; until *= 2)
        {
            var (order, _) = await stage.Open(contract, until);
            if ((await first.Commit(order, 120)).Status != 200 || (await second.Commit(order, 80)).Status != 200) continue; // too late
            await stage.Reaches(order, "issued");
            using var seller = await stage.Vendor(vendor);
            (await seller.Post($"purchase-orders/{order}:{vendor}/responses", new ResponseEntry("OR-1", ResponseCode.AP))).ShouldBe(200);
            await stage.Reaches(order, "confirmed");
            return order;
        }
    }

    private async Task Is(string delivery, string standing) => await Until.True(
        async () => (await stage.Staff.Get($"deliveries/{delivery}")) is { Status: 200 } found && found.Text("standing") == standing,
        $"{delivery} should be {standing}");

    private static DespatchEntry Sent(string document, long quantity) =>
        new(document, Stage.Today, [new(1, Paper, Quantity.Of(quantity), "XCT")]);

    private static ReceiptBody Counted(string delivery, string document, long quantity) =>
        new(delivery, document, Stage.Today, [new(1, Paper, Quantity.Of(quantity), "XCT")]);
}
