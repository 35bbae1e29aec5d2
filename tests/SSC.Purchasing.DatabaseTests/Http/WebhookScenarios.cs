using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Shouldly;
using SSC.Purchasing.DatabaseTests.Runtime;
using SSC.Purchasing.Exchange.Webhooks;
using SSC.Purchasing.Host.Api.Resources;
using SSC.Purchasing.Host.Deliveries;
using SSC.Purchasing.InsurancePool.Offers;
using SSC.Purchasing.InsurancePool.Participations;
using SSC.Purchasing.InsurancePool.Rules;
using SSC.Purchasing.InsurancePool.Years;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using Xunit;

namespace SSC.Purchasing.DatabaseTests.Http;

/// <summary>Members' systems hear what their members are told.</summary>
public sealed class WebhookScenarios(HurriedStage stage) : IClassFixture<HurriedStage>
{
    [Fact]
    public async Task a_members_system_hears_signed_that_its_order_was_cancelled_and_no_other_members_does()
    {
        var heard = new ConcurrentQueue<(string Id, string At, string Signature)>();
        await using var erp = await VendorServer.Start((_, http) =>
        {
            var h = http.Request.Headers;
            heard.Enqueue((h["webhook-id"].ToString(), h["webhook-timestamp"].ToString(), h["webhook-signature"].ToString()));
            return Task.CompletedTask;
        });
        await using var deaf = await VendorServer.Start((_, _) => Task.CompletedTask);
        var (contract, _) = await stage.Award();
        using var member = await stage.Join(contract);
        using var other = await stage.Join(contract);
        var (id, secret) = await Subscribe(member, erp, "notice.order_cancelled");
        await Subscribe(other, deaf, "*");
        var (order, _) = await stage.Open(contract, TimeSpan.FromHours(1));
        (await member.Commit(order, 40)).ShouldBe(200);
        (await stage.Staff.Post($"joint-orders/{order}/hold", new Because("Waiting."))).ShouldBe(200);
        (await stage.Staff.Post($"joint-orders/{order}/cancellation", new Because("The vendor has gone out of business."))).ShouldBe(200);
        await Until.True(() => !heard.IsEmpty, "the system hears of it");

        var got = erp.Received.Single().Bytes; // the hold was not asked for
        var message = JsonNode.Parse(got)!;
        ((string)message["type"]!, (string)message["data"]!["order"]!).ShouldBe(("notice.order_cancelled", order));
        var (messageId, at, signature) = heard.Single();
        StandardWebhook.Verify(messageId, at, signature, got, secret, DateTimeOffset.UtcNow).ShouldBeTrue();
        deaf.Received.ShouldBeEmpty();

        var log = await Log(member, id, 1);
        ((string)log[0]["state"]!, (string)log[0]["messageId"]!).ShouldBe(("delivered", messageId));
        (await member.Buyer.Post($"webhooks/{id}/deliveries/{(long)log[0]["number"]!}/redelivery", null)).ShouldBe(200);
        await Until.True(() => heard.Count == 2, "it hears of it again");
        heard.Select(h => h.Id).Distinct().ShouldHaveSingleItem();
        (await other.Buyer.Get($"webhooks/{id}")).ShouldBe(404, "not-found");
        (await other.Buyer.Get($"webhooks/{id}/deliveries")).ShouldBe(404, "not-found");
    }

    [Fact]
    public async Task a_participants_system_hears_of_its_pools_rates_and_of_its_own_offer_and_no_other_members_does()
    {
        await using var erp = await VendorServer.Start((_, _) => Task.CompletedTask);
        await using var deaf = await VendorServer.Start((_, _) => Task.CompletedTask);
        var (contract, _) = await stage.Award();
        using var member = await stage.Join(contract);
        using var other = await stage.Join(contract);
        var (pool, participant, day) = (new PoolId(Stage.New("POOL")), new MemberNo(member.Number), new DateOnly(2026, 8, 1));
        await Subscribe(member, erp, "*");
        await Subscribe(other, deaf, "*");
        await stage.Given(
            $"pool-participation-{pool}:{participant}",
            new PoolParticipation.Event.Applied(day, null) { Pool = pool, Member = participant },
            new PoolParticipation.Event.JoinderSigned(day, LiabilityRegime.PremiumOnly, new()) { Pool = pool, Member = participant });
        await stage.Given(
            $"renewal-offer-{pool}:2027:{participant}",
            new RenewalOffer.Event.Reminded(1) { Pool = pool, Year = 2027, Member = participant });
        await stage.Given($"pool-year-{pool}:2027", new PoolYear.Event.RatesAdopted(1, new(new("R-1"), "2026-1", day)));
        await Until.True(() => erp.Received.Count >= 2, "the system hears of both");
        erp.Received.Select(r => JsonNode.Parse(r.Bytes)!).Select(m => ((string)m["type"]!, (string)m["data"]!["pool"]!)).ShouldBe(
            [("notice.renewal_reminded", pool.Value), ("notice.rates_adopted", pool.Value)], ignoreOrder: true);
        deaf.Received.ShouldBeEmpty();
    }

    [Fact]
    public async Task a_system_that_keeps_failing_is_paused_without_an_alarm_and_hears_later_what_it_missed()
    {
        var works = false;
        await using var erp = await VendorServer.Start((_, http) =>
        {
            http.Response.StatusCode = works ? 200 : 500;
            return Task.CompletedTask;
        });
        var (contract, _) = await stage.Award();
        using var member = await stage.Join(contract);
        var (id, _) = await Subscribe(member, erp, "*");
        var (order, _) = await stage.Open(contract, TimeSpan.FromHours(1));
        (await member.Commit(order, 40)).ShouldBe(200);
        (await stage.Staff.Post($"joint-orders/{order}/cancellation", new Because("No vendor."))).ShouldBe(200);
        var paused = (await stage.Recorded($"webhook-{id}", "webhook_disabled")).Single()["body"]!;
        ((string)paused["reason"]!).ShouldContain("500");
        (await stage.Staff.Get("/health/ready")).Text.ShouldNotContain(id);
        (await member.Buyer.Get($"webhooks/{id}")).ShouldBe(200).Text("disabledFor").ShouldNotBeNull();

        works = true;
        (await member.Buyer.Send(HttpMethod.Delete, $"webhooks/{id}/pause", null)).ShouldBe(200);
        var missed = await Log(member, id, 1);
        ((string)missed[0]["state"]!).ShouldBe("parked");
        (await member.Buyer.Post($"webhooks/{id}/deliveries/{(long)missed[0]["number"]!}/redelivery", null)).ShouldBe(200);
        await Until.True(
            async () => (string)(await Log(member, id, 1))[0]["state"]! == "delivered", "what it missed is delivered");
    }

    [Fact]
    public async Task a_subscription_is_made_over_https_only_and_shows_its_secret_once()
    {
        var (contract, _) = await stage.Award();
        using var member = await stage.Join(contract);
        var entry = new WebhookEntry("https://erp.example/h", ["*"]);
        var made = (await member.Buyer.Post("webhooks", entry, ("Idempotency-Key", "w1"))).ShouldBe(201);
        made.Text("secret")!.ShouldStartWith("whsec_");
        var again = (await member.Buyer.Post("webhooks", entry, ("Idempotency-Key", "w1"))).ShouldBe(201);
        again.Text("owner").ShouldBe(made.Text("owner"));
        again.Text("secret").ShouldBeNull();
        (await member.Buyer.Post("webhooks", new WebhookEntry("http://erp.example/h", ["*"]))).Code().ShouldBe("409 url-not-https");
        (await member.Buyer.Post("webhooks", new WebhookEntry("https://erp.example/h", ["notice.moon"]))).Code()
            .ShouldBe("409 webhook-kind-unknown");
        (await stage.Staff.Post("webhooks", entry)).Code().ShouldBe("403 forbidden");
    }

    /// <summary>Over HTTP only https is taken; a server without a certificate is told to the log directly.</summary>
    private async Task<(string Id, byte[] Secret)> Subscribe(Stage.Member member, VendorServer server, string kind)
    {
        var (id, secret) = ($"w{Guid.NewGuid():N}"[..16], Guid.NewGuid().ToByteArray().Concat(Guid.NewGuid().ToByteArray()).ToArray());
        await stage.Node.Api.Exchange.Secrets.Keep("mn", ISecretVault.OfWebhook(id), "s1", secret, default);
        var facts = new WebhookFacts(OrgRef.Of(new MemberNo(member.Number)), $"{server.Address}hook", [kind]) { Secrets = ["s1"] };
        (await stage.Node.Store.Append(
            new()
            {
                Tenant = "mn", Stream = $"webhook-{id}", ExpectedVersion = 0,
                Events = [new(Guid.NewGuid(), new Webhook.Event.Subscribed(facts))], Metadata = new("test", "test"),
            },
            default)).ShouldBeOfType<AppendOutcome.Appended>();
        return (id, secret);
    }

    private static async Task<IReadOnlyList<JsonNode>> Log(Stage.Member member, string id, int count)
    {
        IReadOnlyList<JsonNode> log = [];
        await Until.True(
            async () => (log = (await member.Buyer.Get($"webhooks/{id}/deliveries")).ShouldBe(200).Items).Count >= count
                && (string)log[0]["state"]! != "waiting",
            "the delivery log has it");
        return log;
    }
}
