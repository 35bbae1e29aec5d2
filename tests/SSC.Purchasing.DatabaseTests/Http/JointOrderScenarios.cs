using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Shouldly;
using SSC.Purchasing.Host.Api.Resources;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Procurement.PurchaseOrders;
using Xunit;

namespace SSC.Purchasing.DatabaseTests.Http;

/// <summary>What the service is for: members pool an order, the vendor gets one purchase order, the auditor replays it.</summary>
public sealed class JointOrderScenarios(Stage stage) : IClassFixture<Stage>
{
    [Fact]
    public async Task members_pool_an_order_the_vendor_accepts_it_and_the_auditor_replays_it()
    {
        var (contract, vendor) = await stage.Award();
        using var first = await stage.Join(contract);
        using var second = await stage.Join(contract);
        var budget = $"budgets/{first.Number}/{FiscalYear.Of(Stage.Today).Year}/{Stage.Supplies.Code}";
        (await first.Buyer.Put(budget, new BudgetAdoption("UFARS", Money.FromDollars(5_000m)))).ShouldBe(200);

        // Two members commit; the board says what is missing, also live.
        var (order, cutoff) = await stage.Open(contract, TimeSpan.FromSeconds(5));
        using var live = await Live.Open(stage.Front, first.Token, order);
        var empty = await live.Next();
        empty["phase"]!.GetValue<string>().ShouldBe("open");
        empty["lines"]![0]!["committed"].Number().ShouldBe(0);
        var one = (await first.Commit(order, 120, 10)).ShouldBe(200);
        var board = (await second.Buyer.Get($"joint-orders/{order}/board", ("X-At-Least-Position", one.Position)))
            .ShouldBe(200).Body!["lines"]![0]!;
        (board["cases"].Number(), board["missingToNextTier"].Number(), board["priceNow"].Dollars()).ShouldBe((3, 80, "41.90"));
        (await live.Next())["lines"]![0]!.ToJsonString().ShouldBe(board.ToJsonString());
        var two = (await second.Commit(order, 75, 10)).ShouldBe(200);
        board = (await first.Buyer.Get($"joint-orders/{order}/board", ("X-At-Least-Position", two.Position)))
            .ShouldBe(200).Body!["lines"]![0]!;
        (board["cases"].Number(), board["missingToNextCase"].Number(), board["priceNow"].Dollars()).ShouldBe((5, 0, "39.75"));
        board["missingToNextTier"].ShouldBeNull();

        // The cutoff passes; the vendor finds one order with a drop for each member, and accepts it.
        await stage.Reaches(order, "issued");
        (await first.Commit(order, 999)).ShouldBe(409, "refusal:order-closed");
        var purchase = $"{order}:{vendor}";
        using var seller = await stage.Vendor(vendor);
        var file = (await seller.Get($"purchase-orders/{purchase}")).ShouldBe(200).Body!["file"]!["document"]!;
        file["total"].Dollars().ShouldBe("7950.00");
        file["lines"]!.AsArray().Single()!["drops"]!.AsArray().Select(d => ((string)d!["site"]!, d["quantity"].Number()))
            .ShouldBe([(first.Site, 123m), (second.Site, 77m)], ignoreOrder: true);
        (await seller.Post($"purchase-orders/{purchase}/responses", new ResponseEntry("OR-1", ResponseCode.AP))).ShouldBe(200);
        var confirmed = await stage.Reaches(order, "confirmed");

        await EachSeesItsOwn(order, purchase, first, second);
        await TheBudgetIsEncumbered(first, budget);
        await ThePastReadsAsItWas(order, two, cutoff, confirmed);
        await TheAuditorSeesAllAndWritesNothing(order, purchase, first, second);
    }

    /// <summary>200 cartons at $39.75: 195 committed, five of the tolerance, the odd one to the lower number.</summary>
    private async Task EachSeesItsOwn(string order, string purchase, Stage.Member first, Stage.Member second)
    {
        foreach (var (member, other, quantity, amount) in new[] { (first, second, 123m, "4889.25"), (second, first, 77m, "3060.75") })
        {
            var own = (await member.Buyer.Get($"joint-orders/{order}/allocation")).ShouldBe(200);
            var share = own.Body!["lines"]![0]!["shares"]!.AsArray().Single()!;
            (share["member"]!.GetValue<string>(), share["allocated"].Number(), share["goods"].Dollars())
                .ShouldBe((member.Number, quantity, amount));
            own.Text.ShouldNotContain(other.Number);
            (await member.Buyer.Get($"joint-orders/{order}/commitments")).Items.Single()["member"]!.GetValue<string>()
                .ShouldBe(member.Number);
            (await member.Buyer.Get(Stage.Member.Route(order, other.Number))).ShouldBe(404, "not-found");
            (await member.Buyer.Get($"audit/explanations/joint-order-share?order={order}&member={other.Number}&line=1"))
                .ShouldBe(404, "not-found");
            (await member.Buyer.Get($"purchase-orders/{purchase}")).ShouldBe(403, "forbidden");
        }

        using var rival = await stage.Vendor("V-rival");
        (await rival.Get($"purchase-orders/{purchase}")).ShouldBe(404, "not-found");
        (await rival.Get($"purchase-orders/{purchase}/documents/json")).ShouldBe(404, "not-found");
        (await rival.Post($"purchase-orders/{purchase}/responses", new ResponseEntry("OR-9", ResponseCode.RE))).ShouldBe(404, "not-found");
        (await rival.Get("purchase-orders")).ShouldBe(200).Items.ShouldBeEmpty();
        (await rival.Get($"joint-orders/{order}/board")).ShouldBe(404, "not-found");
        (await rival.Get($"joint-orders/{order}/live")).ShouldBe(404, "not-found");
    }

    private static async Task TheBudgetIsEncumbered(Stage.Member member, string budget)
    {
        var line = (await member.Buyer.Get(budget)).ShouldBe(200).Body!;
        line["encumbrances"]!.AsObject().Select(e => e.Value!.ToJsonString()).Single().ShouldContain("4889.25");
    }

    private async Task ThePastReadsAsItWas(string order, Heard lastCommitment, DateTimeOffset cutoff, Heard now)
    {
        foreach (var before in new[] { lastCommitment.Position, cutoff.AddMilliseconds(-1).UtcDateTime.ToString("O") })
        {
            (await stage.Staff.Get($"joint-orders/{order}?asOf={before}")).ShouldBe(200).Text("phase").ShouldBe("open");
            (await stage.Staff.Get($"joint-orders/{order}/allocation?asOf={before}")).ShouldBe(404);
        }

        now.Body!["round"].Number().ShouldBe(1);
        var moved = (await stage.Staff.Get($"audit/streams/joint-order-{order}/difference?from={lastCommitment.Position}")).ShouldBe(200);
        moved.Body!["events"]!.AsArray().Select(e => (string)e!["type"]!).ShouldBe(
        [
            "joint_order_closed", "joint_order_line_allocated", "joint_order_settled", "joint_order_encumbered", "joint_order_tier_fixed",
            "joint_order_ready", "joint_order_issued", "joint_order_confirmed",
        ]);
        var closed = (await stage.Recorded($"joint-order-{order}", "joint_order_closed")).Single();
        closed["at"]!.GetValue<DateTimeOffset>().ShouldBeGreaterThanOrEqualTo(cutoff.AddMicroseconds(-1));
    }

    private async Task TheAuditorSeesAllAndWritesNothing(string order, string purchase, Stage.Member first, Stage.Member second)
    {
        using var auditor = await stage.Auditor();
        var all = (await auditor.Get($"joint-orders/{order}/allocation")).ShouldBe(200).Body!["lines"]![0]!["shares"]!.AsArray();
        all.Select(s => (string)s!["member"]!).ShouldBe([first.Number, second.Number]);
        (await auditor.Get($"purchase-orders/{purchase}")).ShouldBe(200).Text("standing").ShouldBe("confirmed");
        foreach (var member in new[] { first, second })
        {
            (await auditor.Get(Stage.Member.Route(order, member.Number))).ShouldBe(200);
            var why = (await auditor.Get($"audit/explanations/joint-order-share?order={order}&member={member.Number}&line=1"))
                .ShouldBe(200).Body!;
            why["missing"]!.AsArray().ShouldBeEmpty();
            why["evidence"]!.AsArray().Select(e => (string)e!["type"]!).ShouldContain("commitment_placed");
        }

        var head = await stage.Node.Store.Head();
        (await auditor.Put(Stage.Member.Route(order, first.Number), new CommitmentEntry([first.Line(1)]))).ShouldBe(403, "forbidden");
        (await auditor.Post($"joint-orders/{order}/cancellation", new Because("No."))).ShouldBe(403, "forbidden");
        (await auditor.Post($"purchase-orders/{purchase}/responses", new ResponseEntry("OR-2", ResponseCode.RE)))
            .ShouldBe(403, "forbidden");
        (await stage.Node.Store.Head()).ShouldBe(head);

        var replay = (await auditor.Get("audit/replay")).ShouldBe(200).Body!;
        replay["decisions"].Number().ShouldBeGreaterThan(0);
        (replay["differences"].Number(), replay["problems"].Number()).ShouldBe((0, 0), replay.ToJsonString());
    }

    [Fact]
    public async Task an_order_that_nobody_joined_is_cancelled_and_no_vendor_hears_of_it()
    {
        var (contract, vendor) = await stage.Award();
        var (order, _) = await stage.Open(contract, TimeSpan.FromSeconds(1));
        await stage.Reaches(order, "cancelled");
        using var seller = await stage.Vendor(vendor);
        (await seller.Get($"purchase-orders/{order}:{vendor}")).ShouldBe(404);
    }

    [Fact]
    public async Task a_commitment_sent_twice_at_once_has_one_effect_and_one_answer()
    {
        var (contract, _) = await stage.Award();
        using var member = await stage.Join(contract);
        var (order, _) = await stage.Open(contract, TimeSpan.FromHours(1));
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => member.Commit(order, 40, 0, ("Idempotency-Key", "once"))));
        answers.ShouldAllBe(a => a.Status == 200);
        answers.Select(a => a.Text).Distinct(StringComparer.Ordinal).Count().ShouldBe(1);
        answers.Count(a => !a.Headers.ContainsKey("Idempotent-Replayed")).ShouldBe(1);

        // The key keeps its answer when the commitment has moved on since, and it stands for nothing else.
        (await member.Commit(order, 80)).ShouldBe(200);
        (await member.Commit(order, 40, 0, ("Idempotency-Key", "once"))).ShouldBe(200).Text.ShouldBe(answers[0].Text);
        (await member.Commit(order, 41, 0, ("Idempotency-Key", "once"))).ShouldBe(422, "idempotency-key-reused");
        (await stage.Node.Store.ReadStream("mn", $"commitment-{order}:{member.Number}")).Count.ShouldBe(2);
        (await member.Buyer.Get(Stage.Member.Route(order, member.Number))).Body!["lines"]![0]!["quantity"].Number().ShouldBe(80);
    }

    /// <summary>A listener on the live board.</summary>
    private sealed class Live(HttpClient client, StreamReader lines) : IDisposable
    {
        public static async Task<Live> Open(Front front, string token, string order)
        {
            var client = front.Client();
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("ApiKey", token);
            return new(client, new(await client.GetStreamAsync($"/api/v1/joint-orders/{order}/live")));
        }

        /// <summary>The next picture of the board.</summary>
        public async Task<JsonNode> Next()
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            while (await lines.ReadLineAsync(patience.Token) is { } line)
            {
                if (line.StartsWith("event:", StringComparison.Ordinal)) line.ShouldBe("event: board");
                if (line.StartsWith("data: ", StringComparison.Ordinal)) return JsonNode.Parse(line[6..])!;
            }

            throw new InvalidOperationException("The live board ended.");
        }

        public void Dispose()
        {
            lines.Dispose();
            client.Dispose();
        }
    }
}
