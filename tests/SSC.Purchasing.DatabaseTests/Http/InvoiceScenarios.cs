using System.Globalization;
using System.Text;
using Shouldly;
using SSC.Purchasing.DatabaseTests.Runtime;
using SSC.Purchasing.Host.Api.Resources;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Invoicing;
using SSC.Purchasing.Procurement.PurchaseOrders;
using SSC.Purchasing.Procurement.Receiving;
using Xunit;

namespace SSC.Purchasing.DatabaseTests.Http;

/// <summary>From the vendor's answer to paid invoices, fees, a rebate and what it all saved, as people do it over HTTP.</summary>
public sealed class InvoiceScenarios(Stage stage) : IClassFixture<Stage>
{
    private static readonly UnitPrice Price = UnitPrice.FromDollars(39.75m);

    [Fact]
    public async Task a_vendor_bills_what_came_the_members_pay_it_and_the_auditor_replays_it()
    {
        var (contract, vendor) = await stage.Award();
        using var first = await stage.Join(contract);
        using var second = await stage.Join(contract);
        using var seller = await stage.Vendor(vendor);
        var order = await Confirmed(contract, vendor, seller, first, second);
        await Receive(order, vendor, first, 120);
        await Receive(order, vendor, second, 78);

        // The first member's invoice is right. The second one bills two cartons that never came.
        (await seller.Post("invoices", Bill(order, vendor, "INV-1", first, 120))).ShouldBe(201);
        (await seller.Post("invoices", Bill(order, vendor, "INV-1", first,
            120))).ShouldBe(201).Headers.ShouldContainKey("Idempotent-Replayed");
        (await seller.Post("invoices", Bill(order, vendor, "INV-1", first, 119))).ShouldBe(409, "refusal:invoice-number-used");
        (await seller.Post("invoices", Bill(order, vendor, "INV 2", second, 80))).ShouldBe(201);
        var right = $"invoices/{vendor}:INV-1";
        var wrong = $"invoices/{InvoiceKeys.Key(new(vendor), "INV 2")}";
        await Stands(right, "payable");
        var excepted = await Stands(wrong, "excepted");
        excepted.Body!["openExceptions"]!.AsArray().Select(e => (string)e!["kind"]!).ShouldBe(["quantityAboveReceived"]);
        (await second.Buyer.Post($"{wrong}/approvals", new PayerEntry())).ShouldBe(409, "refusal:exception-open");
        (await second.Buyer.Post($"{wrong}/dispute", new Because("78 cartons came."))).ShouldBe(200);

        await OthersSeeNothing(right, vendor, first, second);
        await TheVendorCredits(order, vendor, seller, second, wrong);
        await ThePaymentsAreRecorded(right, wrong, first, second);
        await FeesAndRebate(contract, order, seller, first, second);
        await ReportsAndReplay(order, first);
    }

    [Fact]
    public async Task a_bill_that_cannot_be_read_or_belongs_to_nobody_is_refused_and_records_nothing()
    {
        var (contract, vendor) = await stage.Award();
        using var member = await stage.Join(contract);
        using var seller = await stage.Vendor(vendor);
        var bill = Bill("JO-none", vendor, "INV-9", member, 1);
        (await seller.Post("invoices", bill)).ShouldBe(409, "refusal:order-unknown");
        (await seller.Post("invoices", bill with { Vendor = new("V-rival") })).ShouldBe(409, "refusal:wrong-vendor");
        (await seller.Post("invoices", """{"number":"INV-9","kind":"invoice","surprise":1}""")).ShouldBe(400, "malformed");
        (await member.Buyer.Post("invoices", bill)).ShouldBe(403, "forbidden");
        (await seller.Get($"invoices/{vendor}:INV-9")).ShouldBe(404);
        (await stage.Staff.Get("whatif?orders=JO-none")).ShouldBe(409, "refusal:nothing-changed");
        (await stage.Staff.Get($"whatif?orders=JO-none&prices={contract}@7")).ShouldBe(409, "refusal:schedule-unknown");
        (await stage.Staff.Post($"fees/{contract}/2026/9/reports", new ReportEntry("R", [], Money.Zero)))
            .ShouldBe(409, "refusal:fee-period-invalid");
        (await seller.Get($"fees/C-other/2026/1")).ShouldBe(404);
    }

    [Fact]
    public async Task another_schedule_vendor_or_policy_is_tried_on_a_past_order_and_nothing_is_recorded()
    {
        var (contract, vendor) = await stage.Award();
        using var first = await stage.Join(contract);
        using var second = await stage.Join(contract);
        using var seller = await stage.Vendor(vendor);
        var order = await Confirmed(contract, vendor, seller, first, second);
        var (other, _) = await stage.Award();
        await Publish(contract, 40m);
        await Publish(other, 37m);

        var schedule = await Asked($"orders={order}&prices={contract}@2");
        (schedule["costBefore"].Dollars(), schedule["costAfter"].Dollars(), schedule["gaining"].Number()).ShouldBe(
            ("7950.00", "8000.00", 0));
        schedule["losing"].Number().ShouldBe(2);
        var rival = await Asked($"orders={order}&prices={other}@2");
        (rival["costBefore"].Dollars(), rival["costAfter"].Dollars(), rival["gaining"].Number()).ShouldBe(("7950.00", "7400.00", 2));
        var policy = await Asked($"orders={order}&policy=firstCome");
        (policy["costBefore"].Dollars(), policy["costAfter"].Dollars(), policy["losing"].Number()).ShouldBe(("7950.00", "7950.00", 0));
    }

    [Fact]
    public async Task an_operator_asks_what_if_and_audits_on_the_command_line()
    {
        var (contract, vendor) = await stage.Award();
        using var first = await stage.Join(contract);
        using var second = await stage.Join(contract);
        using var seller = await stage.Vendor(vendor);
        var order = await Confirmed(contract, vendor, seller, first, second);

        var alone = await CommandRun.Of(stage, "whatif", order, "--as-if-pooled", "1", "--json");
        alone.Exit.ShouldBe(0, alone.Wrong);
        (alone.Json["costBefore"].Dollars(), alone.Json["costAfter"].Dollars(), alone.Json["losing"].Number()).ShouldBe(
            ("7950.00", "8380.00", 2));
        var said = await CommandRun.Of(stage, "whatif", "--contract", contract, "--as-if-pooled", "1");
        said.Exit.ShouldBe(0, said.Wrong);
        said.Said.ShouldContain("1 orders: 7950.00 would have been 8380.00; 0 members gain, 2 lose.");
        said.Said.ShouldContain(first.Number);
        var nothing = await CommandRun.Of(stage, "whatif", order, "--json");
        (nothing.Exit, (string)nothing.Json["code"]!).ShouldBe((1, "nothing-changed"));
        (await CommandRun.Of(stage, "whatif", order, "--policy", "telex")).Exit.ShouldBe(2);

        var clean = await CommandRun.Of(stage, "audit", "--as-of", "1", "--json");
        (clean.Exit, clean.Json["findings"]!.AsArray().Count).ShouldBe((0, 0), clean.Wrong);
        var late = Stage.Today.AddDays(400).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var found = await CommandRun.Of(stage, "audit", "--day", late, "--json");
        found.Exit.ShouldBe(3, found.Wrong);
        found.Json["findings"]!.AsArray().ShouldContain(f => ((string)f!["subject"]!).Contains(order));
        var listed = await CommandRun.Of(stage, "audit", "--day", late);
        listed.Exit.ShouldBe(3);
        listed.Said.ShouldContain(order);
        listed.Said.ShouldContain($"findings as of {late}");
    }

    private async Task Publish(string contract, decimal price) =>
        (await stage.Staff.Post($"contracts/{contract}/price-schedules", new SchedulePublication(new(
            2, Stage.Today.AddDays(1),
            [Stage.PaperPrices with { Tiers = [new(Quantity.Zero, UnitPrice.FromDollars(price))] }]),
            price > Price.Dollars ? "Freight costs more." : null))).ShouldBe(201);

    /// <summary>The answer to a question that left the log where it was, once whatever the service was still at has ended.</summary>
    private async Task<System.Text.Json.Nodes.JsonNode> Asked(string question)
    {
        using var auditor = await stage.Auditor();
        Heard? answer = null;
        await Until.True(
            async () =>
            {
                var before = (await stage.Node.Store.Head()).Position;
                answer = (await auditor.Get($"whatif?{question}")).ShouldBe(200);
                return (await stage.Node.Store.Head()).Position == before;
            },
            "a question should leave the log where it is");
        return answer!.Body!;
    }

    private async Task<string> Confirmed(string contract, string vendor, Caller seller, Stage.Member first, Stage.Member second)
    {
        for (var until = TimeSpan.FromSeconds(15); ; until *= 2)
        {
            var (order, _) = await stage.Open(contract, until);
            var answers = new[] { await first.Commit(order, 120), await second.Commit(order, 80) };
            if (answers.Any(a => a.Status != 200))
            {
                until.ShouldBeLessThan(TimeSpan.FromMinutes(2));
                continue;
            }

            await stage.Reaches(order, "issued");
            (await seller.Post($"purchase-orders/{order}:{vendor}/responses", new ResponseEntry("OR-1", ResponseCode.AP))).ShouldBe(200);
            await stage.Reaches(order, "confirmed");
            return order;
        }
    }

    private async Task Receive(string order, string vendor, Stage.Member member, long quantity)
    {
        var delivery = $"{order}:{vendor}:{member.Site}";
        await stage.Recorded($"delivery-{delivery}", "delivery_expected");
        (await member.Buyer.Post("receipts", new ReceiptBody(
            delivery, "PS-1", Stage.Today, [new(1, new(Stage.Paper), Quantity.Of(quantity), "XCT")]))).ShouldBe(201);
    }

    private static InvoiceDocument Bill(string order, string vendor, string number, Stage.Member member, long quantity)
    {
        var amount = Price.Extend(Quantity.Of(quantity));
        return new(
            number, InvoiceKind.Invoice, new(vendor), $"PO-{order}-1", Stage.Today,
            [new("1", 1, new(member.Site), new(Stage.Paper), "Copy paper", Quantity.Of(quantity), "XCT", Price, amount)], [], amount)
        { BillTo = new MemberNo(member.Number) };
    }

    private async Task<Heard> Stands(string invoice, string standing)
    {
        Heard? seen = null;
        await Until.True(
            async () =>
            {
                seen = await stage.Staff.Get(invoice);
                return seen.Status == 200 && seen.Text("standing") == standing;
            },
            $"{invoice} should be {standing}");
        return seen!;
    }

    private async Task OthersSeeNothing(string invoice, string vendor, Stage.Member first, Stage.Member second)
    {
        using var rival = await stage.Vendor("V-rival");
        (await rival.Get(invoice)).ShouldBe(404, "not-found");
        (await rival.Get("invoices")).ShouldBe(200).Items.ShouldBeEmpty();
        (await second.Buyer.Post($"{invoice}/approvals", new PayerEntry())).ShouldBe(404, "not-found");
        (await second.Buyer.Get($"{invoice}/statements/{first.Number}")).ShouldBe(404, "not-found");
        (await second.Buyer.Get(invoice)).ShouldBe(403, "forbidden");
        using var auditor = await stage.Auditor();
        (await auditor.Get(invoice)).ShouldBe(200).Text("id").ShouldBe($"{vendor}:INV-1");
        (await auditor.Post($"{invoice}/rejection", new Because("No."))).ShouldBe(403, "forbidden");
    }

    private async Task TheVendorCredits(string order, string vendor, Caller seller, Stage.Member member, string invoice)
    {
        var memo = Bill(order, vendor, "CM-1", member, 2) with { Kind = InvoiceKind.CreditNote, Credits = "INV 2" };
        (await seller.Post("invoices", memo)).ShouldBe(201);
        await stage.Recorded($"invoice-{vendor}:CM-1", "vendor_credit_applied");
        (await member.Buyer.Post($"{invoice}/exceptions/1/resolution", new ExceptionEntry(ExceptionOutcome.CoveredByCredit, "CM-1")))
            .ShouldBe(200);
        await Stands(invoice, "payable");
    }

    private async Task ThePaymentsAreRecorded(string right, string wrong, Stage.Member first, Stage.Member second)
    {
        foreach (var (member, invoice, amount) in new[] { (first, right, 4_770m), (second, wrong, 3_100.50m) })
        {
            (await member.Buyer.Post($"{invoice}/payments", new PaymentEntry("CHK-1", new(1), Stage.Today)))
                .ShouldBe(409, "refusal:payment-not-approved");
            (await member.Buyer.Post($"{invoice}/approvals", new PayerEntry())).ShouldBe(200);
            (await member.Buyer.Post($"{invoice}/payments", new PaymentEntry("CHK-1", Money.FromDollars(1_000m),
                Stage.Today))).ShouldBe(200);
            var paid = (await member.Buyer.Post(
                $"{invoice}/payments", new PaymentEntry("CHK-2", Money.FromDollars(amount - 1_000m), Stage.Today))).ShouldBe(200);
            await Stands(invoice, "paid");
            var own = (await member.Buyer.Get("statements", ("X-At-Least-Position", paid.Position))).ShouldBe(200).Items.Single();
            ((string)own["statement"]!["bill"]!["member"]!, own["balance"].Dollars()).ShouldBe((member.Number, "0.00"));
        }
    }

    private async Task FeesAndRebate(string contract, string order, Caller seller, Stage.Member first, Stage.Member second)
    {
        var year = FiscalYear.Of(Stage.Today).Year;
        var quarter = $"fees/{contract}/{year}/{FiscalYear.QuarterOf(Stage.Today)}";
        Heard? ledger = null;
        await Until.True(
            async () =>
            {
                ledger = await stage.Staff.Get(quarter);
                return ledger.Status == 200 && ledger.Body!["paid"].Dollars() == "7870.50";
            },
            "both invoices should be in the fee ledger");
        ledger!.Body!["feeDue"].Dollars().ShouldBe("118.06"); // 1.5 % of each payment, rounded by itself
        using var csv = new StringContent($"PO #,Net Sales,Admin Fee\nPO-{order}-1,7800.50,118.06\n", Encoding.UTF8, "text/csv");
        (await seller.Post($"{quarter}/reports/imports?number=Q-1", csv)).ShouldBe(200);
        (await stage.Staff.Post($"{quarter}/reconciliation", null)).ShouldBe(200);
        var finding = (await stage.Staff.Get(quarter)).Body!["findings"]!.AsArray().Single()!;
        ((string)finding["kind"]!, finding["reported"].Dollars(),
            finding["paid"].Dollars()).ShouldBe(("underReported", "7800.50", "7870.50"));

        var shared = (await stage.Staff.Post($"{quarter}/rebates",
            new RebateEntry("CHK-R", Money.FromDollars(100m), Stage.Today))).ShouldBe(200);
        var rebates = (await stage.Staff.Get($"rebates?contract={contract}", ("X-At-Least-Position", shared.Position))).Items;
        rebates.Select(r => ((string)r["share"]!["member"]!, r["share"]!["amount"].Dollars())).ShouldBe(
            [(first.Number, "60.61"), (second.Number, "39.39")], ignoreOrder: true);
        (await first.Buyer.Get("rebates")).ShouldBe(200).Items.Count.ShouldBe(1);
    }

    private async Task ReportsAndReplay(string order, Stage.Member first)
    {
        var savings = (await first.Buyer.Get($"savings/{first.Number}")).ShouldBe(200).Body!;
        (savings["alone"].Dollars(), savings["paid"].Dollars(), savings["saved"].Dollars()).ShouldBe(("5028.00", "4770.00", "318.61"));
        using var auditor = await stage.Auditor();
        var whatif = (await auditor.Get($"whatif?orders={order}&asIfPooled=1")).ShouldBe(200).Body!;
        (whatif["costBefore"].Dollars(), whatif["costAfter"].Dollars(), whatif["losing"].Number()).ShouldBe(("7950.00", "8380.00", 2));
        (await auditor.Get("audit/findings")).ShouldBe(200).Body!["eventsHeard"].Number().ShouldBeGreaterThan(0);
        var replay = (await auditor.Get("audit/replay")).ShouldBe(200).Body!;
        (replay["differences"].Number(), replay["problems"].Number()).ShouldBe((0, 0), replay.ToJsonString());
        replay["kinds"]!.AsArray().Select(k => (string)k!["kind"]!).ShouldContain("invoice-split");
    }
}
