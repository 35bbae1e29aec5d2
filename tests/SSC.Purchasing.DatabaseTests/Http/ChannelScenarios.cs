using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Shouldly;
using SSC.Purchasing.DatabaseTests.Runtime;
using SSC.Purchasing.Exchange.Cxml;
using SSC.Purchasing.Exchange.Webhooks;
using SSC.Purchasing.Host;
using SSC.Purchasing.Host.Api.Resources;
using SSC.Purchasing.Host.Deliveries;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using Xunit;

namespace SSC.Purchasing.DatabaseTests.Http;

/// <summary>A node in a hurry: short limits for attempts, a key for secrets, a mail server on this machine.</summary>
public sealed class HurriedStage(DatabaseServer server) : DeliveringStage(server)
{
    internal static readonly TimeSpan Attempt = TimeSpan.FromMilliseconds(400);

    internal static readonly MailBox Mail = MailBox.Open();

    private protected override Settings Adjust(Settings settings) => base.Adjust(settings) with
    {
        SecretsKey = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)),
        Mail = new("127.0.0.1", Mail.Port, "orders@cooperative.example") { Tls = false },
        Deliveries = new() { Attempt = Attempt, QuickRest = TimeSpan.FromMilliseconds(10), BreakAfter = 100 },
    };
}

/// <summary>Every way to a vendor, against real servers that behave as servers do.</summary>
public sealed class ChannelScenarios(HurriedStage stage) : IClassFixture<HurriedStage>
{
    [Fact]
    public async Task a_server_that_never_answers_is_given_up_and_slows_nobody()
    {
        await using var hanging = await VendorServer.Start((_, http) => Hang(http));
        await using var prompt = await VendorServer.Start((_, http) => Answer(http, 200));
        var stuck = await Deliveries.Order(stage, hanging);
        var other = await Deliveries.Order(stage, prompt);
        await Dispatched(other);
        prompt.Received.Count.ShouldBe(1);
        (await Failed(stuck)).ShouldContain("did not answer");
        hanging.Received.Count.ShouldBe(DeliveringStage.Tries);
    }

    [Fact]
    public async Task a_server_that_asks_for_time_gets_it()
    {
        var asked = new ConcurrentQueue<DateTimeOffset>();
        await using var busy = await VendorServer.Start((n, http) =>
        {
            asked.Enqueue(DateTimeOffset.UtcNow);
            if (n == 1) http.Response.Headers.RetryAfter = "1";
            return Answer(http, n == 1 ? 429 : 200);
        });
        var order = await Deliveries.Order(stage, busy);
        ((int)(await Dispatched(order))["attempt"]!).ShouldBe(2);
        (asked.Last() - asked.First()).ShouldBeGreaterThan(TimeSpan.FromMilliseconds(950));
    }

    [Fact]
    public async Task half_an_answer_is_none()
    {
        await using var broken = await VendorServer.Start(async (n, http) =>
        {
            if (n >= DeliveringStage.Tries) return;
            http.Response.ContentLength = 1_000;
            await http.Response.WriteAsync("{\"deliveryId\":");
            await http.Response.Body.FlushAsync();
            http.Abort();
        });
        var order = await Deliveries.Order(stage, broken);
        ((int)(await Dispatched(order))["attempt"]!).ShouldBe(DeliveringStage.Tries);
        broken.Received.Select(r => (r.Key, r.Hash)).Distinct().ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("hash")]
    [InlineData("id")]
    [InlineData("body")]
    public async Task an_answer_that_echoes_something_else_is_a_failure(string what)
    {
        await using var confused = await VendorServer.Start((_, http) =>
        {
            if (what is "hash") http.Response.Headers["X-Content-SHA256"] = new string('0', 64);
            if (what is "id") http.Response.Headers["Idempotency-Key"] = "another";
            return what is "body" ? http.Response.WriteAsync("""{"deliveryId":"another","sha256":null}""") : Task.CompletedTask;
        });
        (await Failed(await Deliveries.Order(stage, confused))).ShouldContain("echoes another");
    }

    [Fact]
    public async Task the_right_echo_and_an_answer_in_the_vendors_own_words_are_fine()
    {
        await using var polite = await VendorServer.Start((_, http) =>
        {
            http.Response.Headers["X-Content-SHA256"] = http.Request.Headers["X-Content-SHA256"];
            return http.Response.WriteAsync("{\"deliveryId\":\"" + http.Request.Headers["Idempotency-Key"] + "\",\"status\":\"queued\"}");
        });
        await Dispatched(await Deliveries.Order(stage, polite));
    }

    [Fact]
    public async Task a_redirect_is_not_followed()
    {
        await using var inside = await VendorServer.Start((_, http) => Answer(http, 200));
        await using var sly = await VendorServer.Start((_, http) =>
        {
            http.Response.Redirect(inside.Address.ToString(), permanent: false, preserveMethod: true);
            return Task.CompletedTask;
        });
        (await Failed(await Deliveries.Order(stage, sly))).ShouldContain("redirects are not followed");
        inside.Received.ShouldBeEmpty();
        sly.Received.Count.ShouldBe(1);
    }

    [Fact]
    public async Task a_webhook_is_signed_with_both_live_secrets()
    {
        var headers = new ConcurrentQueue<(string Id, string At, string Signatures)>();
        await using var hook = await VendorServer.Start((n, http) =>
        {
            var h = http.Request.Headers;
            headers.Enqueue((h["webhook-id"].ToString(), h["webhook-timestamp"].ToString(), h["webhook-signature"].ToString()));
            return Answer(http, n == 1 ? 500 : 200);
        });
        var secrets = new List<byte[]>();
        var order = await Deliveries.Order(stage, async vendor =>
        {
            using var seller = await stage.Vendor(vendor);
            for (var i = 0; i < 2; i++)
            {
                var issued = (await seller.Post($"vendors/{vendor}/channel-secrets", null)).ShouldBe(200);
                secrets.Add(StandardWebhook.Parse(issued.Text("secret")!)!);
            }

            (await seller.Post($"vendors/{vendor}/channel-secrets", null)).Code().ShouldBe("409 too-many-secrets");
            (await stage.Recorded($"vendor-{vendor}", "vendor_channel_secret_added")).ShouldAllBe(
                e => !e.ToJsonString().Contains("whsec", StringComparison.Ordinal));
            return new(OrderChannelKind.Webhook, $"{hook.Address}hook");
        });
        ((string)(await Dispatched(order))["channel"]!).ShouldBe("webhook");
        headers.Select(h => h.Id).Distinct().ShouldHaveSingleItem().ShouldNotContain(".");
        foreach (var ((id, at, signatures), bytes) in headers.Zip(hook.Received.Select(r => r.Bytes)))
        {
            foreach (var secret in secrets)
                StandardWebhook.Verify(id, at, signatures, bytes, secret, DateTimeOffset.UtcNow).ShouldBeTrue();
        }
    }

    [Fact]
    public async Task a_secret_is_changed_over_without_a_gap()
    {
        var headers = new ConcurrentQueue<(string Id, string At, string Signatures)>();
        await using var hook = await VendorServer.Start((_, http) =>
        {
            var h = http.Request.Headers;
            headers.Enqueue((h["webhook-id"].ToString(), h["webhook-timestamp"].ToString(), h["webhook-signature"].ToString()));
            return Answer(http, 200);
        });
        var issued = new List<(string Id, byte[] Secret)>();
        async Task Issue(Caller seller, string vendor)
        {
            var one = (await seller.Post($"vendors/{vendor}/channel-secrets", null)).ShouldBe(200);
            issued.Add((one.Text("secretId")!, StandardWebhook.Parse(one.Text("secret")!)!));
        }

        var order = await Deliveries.Order(stage, async vendor =>
        {
            using var seller = await stage.Vendor(vendor);
            for (var i = 0; i < 2; i++) await Issue(seller, vendor);
            return new(OrderChannelKind.Webhook, $"{hook.Address}hook");
        });
        await Dispatched(order);
        using var again = await stage.Vendor(order.Vendor);
        (await again.Send(HttpMethod.Delete, $"vendors/{order.Vendor}/channel-secrets/{issued[0].Id}", null)).ShouldBe(200);
        await Issue(again, order.Vendor);
        var before = headers.Count;
        (await stage.Staff.Post($"purchase-orders/{order.Key}/resend", null)).ShouldBe(200);
        await Until.True(() => headers.Count > before, "the order is sent again");
        var (id, at, signatures) = headers.Last();
        id.ShouldBe(headers.First().Id);
        var bytes = hook.Received.Last().Bytes;
        bytes.ShouldBe(hook.Received.First().Bytes);
        issued.Select(s => StandardWebhook.Verify(id, at, signatures, bytes, s.Secret, DateTimeOffset.UtcNow))
            .ShouldBe([false, true, true]);
    }

    [Fact]
    public async Task a_mailed_order_has_the_recorded_bytes_attached()
    {
        var order = await Deliveries.Order(stage, async vendor =>
        {
            using var seller = await stage.Vendor(vendor);
            (await seller.Put($"vendors/{vendor}/contacts/desk", new ContactEntry(
                ContactRole.Orders, new("Orders desk", $"{vendor.ToLowerInvariant()}@vendor.example")))).ShouldBe(200);
            return new(OrderChannelKind.Email) { Contact = "desk" };
        });
        var sent = await Dispatched(order);
        ((string)sent["channel"]!).ShouldBe("email");
        var to = $"{order.Vendor.ToLowerInvariant()}@vendor.example";
        var mails = HurriedStage.Mail.Messages.Where(m => m.Contains(to, StringComparison.Ordinal)).ToList();
        mails.Select(m => m.Split("\r\n").Single(l => l.StartsWith("Message-Id:", StringComparison.Ordinal))).Distinct()
            .ShouldHaveSingleItem(); // an attempt whose end was not heard is repeated as the same message
        var mail = mails[0];
        mail.ShouldContain("Subject: Purchase order PO-");
        mail.ShouldContain((string)sent["contentHash"]!);
        var attachment = string.Concat(mail[mail.IndexOf("Content-Disposition: attachment", StringComparison.Ordinal)..]
            .Split("\r\n\r\n")[1].TakeWhile(c => c != '-').Where(c => !char.IsWhiteSpace(c)));
        Convert.ToHexStringLower(SHA256.HashData(Convert.FromBase64String(attachment))).ShouldBe((string)sent["contentHash"]!);
    }

    [Fact]
    public async Task a_vendor_without_an_address_is_not_mailed_and_the_coordinator_hears_of_it()
    {
        var order = await Deliveries.Order(stage, async vendor =>
        {
            using var seller = await stage.Vendor(vendor);
            (await seller.Put($"vendors/{vendor}/contacts/desk", new ContactEntry(ContactRole.Orders))).ShouldBe(200);
            return new(OrderChannelKind.Email) { Contact = "desk" };
        });
        (await Failed(order)).ShouldContain("no e-mail address");
        await stage.Recorded($"purchase-order-{order.Key}", "purchase_order_escalated");
    }

    [Fact]
    public async Task what_waits_for_pick_up_is_listed_fetched_and_acknowledged()
    {
        var order = await Deliveries.Order(stage, _ => Task.FromResult(new OrderChannel(OrderChannelKind.ApiPickup)));
        var hash = (string)(await Dispatched(order))["contentHash"]!;
        using var seller = await stage.Vendor(order.Vendor);
        var box = $"vendors/{order.Vendor}/outbox";
        var waiting = (await seller.Get(box)).ShouldBe(200).Items.ShouldHaveSingleItem();
        ((string)waiting["orderId"]!, (string)waiting["sha256"]!).ShouldBe((order.Key, hash));
        var bytes = (await seller.Get($"{box}/{order.Key}")).ShouldBe(200);
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(bytes.Text))).ShouldBe(hash);
        (await seller.Get(box)).Items.Count.ShouldBe(1); // fetching alone is no acknowledgement
        (await seller.Post($"{box}/{order.Key}/receipt", new FetchReceipt(new string('0', 64)))).Code()
            .ShouldBe("409 content-hash-mismatch");
        (await seller.Post($"{box}/{order.Key}/receipt", new FetchReceipt(hash), ("Idempotency-Key", "ack"))).ShouldBe(200);
        (await seller.Post($"{box}/{order.Key}/receipt", new FetchReceipt(hash), ("Idempotency-Key", "ack"))).ShouldBe(200);
        (await seller.Post($"{box}/{order.Key}/receipt", new FetchReceipt(new string('0', 64)), ("Idempotency-Key", "ack")))
            .ShouldBe(422, "idempotency-key-reused");
        (await seller.Get(box)).Items.ShouldBeEmpty();
        (await stage.Recorded($"purchase-order-{order.Key}", "purchase_order_picked_up")).Count.ShouldBe(1);
        using var stranger = await stage.Vendor("V-stranger");
        (await stranger.Get(box)).ShouldBe(404, "not-found");
    }

    [Fact]
    public async Task an_order_is_sent_again_byte_for_byte_to_where_the_vendor_is_now()
    {
        await using var wrong = await VendorServer.Start((_, http) => Answer(http, 404));
        await using var right = await VendorServer.Start((_, http) => Answer(http, 200));
        var order = await Deliveries.Order(stage, wrong);
        await Failed(order);
        await Deliveries.Choose(stage, order.Vendor, new(OrderChannelKind.HttpsPush, $"{right.Address}orders"));
        (await stage.Staff.Post($"purchase-orders/{order.Key}/resend", null)).ShouldBe(200);
        await Dispatched(order);
        wrong.Received.Concat(right.Received).Select(r => (r.Key, r.Hash, Convert.ToHexString(r.Bytes))).Distinct()
            .ShouldHaveSingleItem(); // a vendor may hear twice, never anything else
        ((int)(await stage.Recorded($"purchase-order-{order.Key}", "purchase_order_resent")).Single()["body"]!["number"]!).ShouldBe(1);
        await Until.True(
            async () => !(await stage.Staff.Get("/health/ready")).Text.Contains(order.Vendor, StringComparison.Ordinal),
            "the alarm is cleared");
        await Deliveries.Choose(stage, order.Vendor, OrderChannel.Manual);
        (await stage.Staff.Post($"purchase-orders/{order.Key}/resend", null)).Code().ShouldBe("409 no-electronic-channel");
        using var seller = await stage.Vendor(order.Vendor);
        (await seller.Post($"purchase-orders/{order.Key}/resend", null)).Code().ShouldBe("403 forbidden");
    }

    [Theory]
    [InlineData("json")]
    [InlineData("x12")]
    [InlineData("ubl")]
    [InlineData("cxml")]
    [InlineData("csv")]
    public async Task an_order_is_pushed_in_the_vendors_format_and_again_byte_for_byte(string format)
    {
        await using var server = await VendorServer.Start((_, http) => Answer(http, 200));
        var order = await Deliveries.Order(stage, _ => Task.FromResult(
            new OrderChannel(OrderChannelKind.HttpsPush, $"{server.Address}orders") { Format = format }));
        var sent = await Dispatched(order);
        var before = server.Received.Count;
        (await stage.Staff.Post($"purchase-orders/{order.Key}/resend", null)).ShouldBe(200);
        await Until.True(() => server.Received.Count > before, "the order is sent again");
        server.Received.Select(r => (r.Key, r.Hash, Convert.ToHexString(r.Bytes))).Distinct().ShouldHaveSingleItem();
        var (_, claimed, bytes) = server.Received.First();
        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
        claimed.ShouldBe(hash);
        ((string?)sent[format is "json" ? "contentHash" : "documentHash"]).ShouldBe(hash);
        ((string?)sent["format"]).ShouldBe(format is "json" ? null : format);
    }

    [Fact]
    public async Task a_cxml_vendor_that_says_no_inside_of_http_200_has_not_got_the_order()
    {
        await using var server = await VendorServer.Start((n, http) => http.Response.Body.WriteAsync(
            CxmlResponse.Write(new(n == 1 ? 500 : 200, "As said", "The queue is full."), $"{n}@vendor", DateTimeOffset.UtcNow)).AsTask());
        var order = await Deliveries.Order(stage, _ => Task.FromResult(
            new OrderChannel(OrderChannelKind.HttpsPush, $"{server.Address}orders") { Format = "cxml" }));
        ((int)(await Dispatched(order))["attempt"]!).ShouldBe(2);
        server.Received.Count.ShouldBe(2);

        await using var refusing = await VendorServer.Start((n, http) => http.Response.Body.WriteAsync(
            CxmlResponse.Write(new(475, "Signature Required", "Who are you?"), $"{n}@vendor", DateTimeOffset.UtcNow)).AsTask());
        (await Failed(await Deliveries.Order(stage, _ => Task.FromResult(
            new OrderChannel(OrderChannelKind.HttpsPush, $"{refusing.Address}orders") { Format = "cxml" })))).ShouldContain("475");
        refusing.Received.Count.ShouldBe(1);
    }

    private async Task<System.Text.Json.Nodes.JsonNode> Dispatched(Deliveries order) =>
        (await stage.Recorded($"purchase-order-{order.Key}", "purchase_order_dispatched")).Single()["body"]!;

    private async Task<string> Failed(Deliveries order) =>
        (string)(await stage.Recorded($"purchase-order-{order.Key}", "purchase_order_dispatch_failed"))[^1]["body"]!["reason"]!;

    private static Task Answer(HttpContext http, int status)
    {
        http.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    /// <summary>Never answers: it ends when the caller has gone.</summary>
    private static Task Hang(HttpContext http)
    {
        var gone = new TaskCompletionSource();
        http.RequestAborted.Register(gone.SetResult);
        return gone.Task;
    }
}
