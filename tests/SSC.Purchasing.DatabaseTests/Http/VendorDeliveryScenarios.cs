using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Shouldly;
using SSC.Purchasing.DatabaseTests.Runtime;
using SSC.Purchasing.EventStore.Subscriptions;
using SSC.Purchasing.Host;
using SSC.Purchasing.Host.Api.Resources;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using Xunit;

namespace SSC.Purchasing.DatabaseTests.Http;

/// <summary>A node that tries deliveries again soon, and posts to this machine where it may.</summary>
public class DeliveringStage(DatabaseServer server) : Stage(server)
{
    internal const int Tries = 3;

    private protected override Settings Adjust(Settings settings) => settings with
    {
        AllowPrivateVendorAddresses = true,
        Runtime = new() { Deliveries = new RetrySchedule(Tries, TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(100)) },
    };
}

/// <summary>The same, as operators get it: nothing is posted into private networks.</summary>
public sealed class GuardedStage(DatabaseServer server) : DeliveringStage(server)
{
    private protected override Settings Adjust(Settings settings) => base.Adjust(settings) with
    {
        AllowPrivateVendorAddresses = new Settings().AllowPrivateVendorAddresses,
    };
}

/// <summary>An order is brought to the vendor's own server byte for byte, however that server behaves, or a person is told.</summary>
public sealed class VendorDeliveryScenarios(DeliveringStage stage) : IClassFixture<DeliveringStage>
{
    [Fact]
    public async Task the_vendor_gets_the_recorded_bytes_and_the_order_waits_for_its_answer()
    {
        await using var vendor = await VendorServer.Start((_, http) => Answer(http, 200));
        var order = await Deliveries.Order(stage, vendor);
        var sent = (await stage.Recorded($"purchase-order-{order.Key}", "purchase_order_dispatched")).Single()["body"]!;
        var got = vendor.Received.Single();
        var hash = Convert.ToHexStringLower(SHA256.HashData(got.Bytes));
        (got.Hash, (string)sent["contentHash"]!, (int)sent["attempt"]!).ShouldBe((hash, hash, 1));
        using var seller = await stage.Vendor(order.Vendor);
        var document = (await seller.Get($"purchase-orders/{order.Key}/documents/json")).ShouldBe(200);
        document.Text.ShouldBe(System.Text.Encoding.UTF8.GetString(got.Bytes));
        document.Headers["X-Content-SHA256"].ShouldBe(hash);
        (await seller.Get($"purchase-orders/{order.Key}")).Text("standing").ShouldBe("sent");
    }

    [Fact]
    public async Task the_vendor_can_have_the_same_order_in_any_format_and_nobody_else_can()
    {
        await using var server = await VendorServer.Start((_, http) => Answer(http, 200));
        var order = await Deliveries.Order(stage, server);
        using var seller = await stage.Vendor(order.Vendor);
        using var rival = await stage.Vendor("V-rival");
        foreach (var format in Modules.OrderWriters.Select(w => w.Format))
        {
            var path = $"purchase-orders/{order.Key}/documents/{format}";
            var first = (await seller.Get(path)).ShouldBe(200);
            (await seller.Get(path)).Headers["X-Content-SHA256"].ShouldBe(first.Headers["X-Content-SHA256"]);
            (await rival.Get(path)).ShouldBe(404, "not-found");
        }

        (await seller.Get($"purchase-orders/{order.Key}/documents/x12")).Text.ShouldContain("IEA*1*000000001~");
        foreach (var format in new[] { "csv", "html", "packing-slips", "json-parties" })
            (await seller.Get($"purchase-orders/{order.Key}/documents/{format}")).Text.ShouldContain("100 Main Street");
        (await seller.Get($"purchase-orders/{order.Key}/documents/pdf")).ShouldBe(409, "refusal:pdf-not-configured");
    }

    [Fact]
    public async Task a_server_that_fails_twice_gets_the_same_bytes_under_the_same_key_a_third_time()
    {
        await using var vendor = await VendorServer.Start((n, http) => Answer(http, n < DeliveringStage.Tries ? 500 : 200));
        var order = await Deliveries.Order(stage, vendor);
        var sent = (await stage.Recorded($"purchase-order-{order.Key}", "purchase_order_dispatched")).Single()["body"]!;
        ((int)sent["attempt"]!).ShouldBe(DeliveringStage.Tries);
        vendor.Received.Count.ShouldBe(DeliveringStage.Tries);
        vendor.Received.Select(r => (r.Key, r.Hash, Convert.ToHexString(r.Bytes))).Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task a_server_that_hangs_holds_up_nobody_elses_order()
    {
        await using var hanging = await VendorServer.Start(
            async (_, http) => await Task.Delay(TimeSpan.FromSeconds(30), http.RequestAborted));
        await using var prompt = await VendorServer.Start((_, http) => Answer(http, 200));
        var stuck = await Deliveries.Order(stage, hanging);
        await Until.True(() => !hanging.Received.IsEmpty, "the hanging server has been asked");
        var other = await Deliveries.Order(stage, prompt);
        await stage.Recorded($"purchase-order-{other.Key}", "purchase_order_dispatched");

        // Meanwhile the first order is where it was: asked once, not given up, not counted as sent.
        hanging.Received.Count.ShouldBe(1);
        (await stage.Staff.Get($"purchase-orders/{stuck.Key}")).ShouldBe(200).Text("standing").ShouldBe("issued");
    }

    [Fact]
    public async Task an_order_that_the_vendors_server_will_not_take_is_dispatched_by_hand()
    {
        await using var vendor = await VendorServer.Start((_, http) => Answer(http, 404));
        var order = await Deliveries.Order(stage, vendor);
        var failed = (await stage.Recorded($"purchase-order-{order.Key}", "purchase_order_dispatch_failed")).Single()["body"]!;
        ((string)failed["reason"]!).ShouldContain("404");
        await stage.Recorded($"purchase-order-{order.Key}", "purchase_order_escalated");
        vendor.Received.Count.ShouldBe(1); // a no is a no: it is not asked again
        await Until.True(
            async () => (await stage.Staff.Get("/health/ready")).Text.Contains(order.Vendor, StringComparison.Ordinal),
            "the operator is told");

        var hash = vendor.Received.Single().Hash;
        (await stage.Staff.Post($"purchase-orders/{order.Key}/manual-dispatch", new ManualDispatch("fax", new string('0', 64)))).Code()
            .ShouldBe("409 content-hash-mismatch");
        using var seller = await stage.Vendor(order.Vendor);
        (await seller.Post($"purchase-orders/{order.Key}/manual-dispatch", new ManualDispatch("fax", hash)))
            .Code().ShouldBe("403 forbidden");
        (await stage.Staff.Post($"purchase-orders/{order.Key}/manual-dispatch", new ManualDispatch("fax", hash))).ShouldBe(200);
        (await stage.Staff.Get($"purchase-orders/{order.Key}")).Text("standing").ShouldBe("sent");
        (await seller.Post($"purchase-orders/{order.Key}/responses", new ResponseEntry("OR-1", Procurement.PurchaseOrders.ResponseCode.AP)))
            .ShouldBe(200);
        await stage.Reaches(order.JointOrder, "confirmed");
    }

    private static Task Answer(HttpContext http, int status)
    {
        http.Response.StatusCode = status;
        return Task.CompletedTask;
    }
}

/// <summary>What an operator gets without asking for anything else.</summary>
public sealed class GuardedDeliveryScenarios(GuardedStage stage) : IClassFixture<GuardedStage>
{
    [Fact]
    public async Task an_order_is_never_posted_into_a_private_network()
    {
        await using var inside = await VendorServer.Start((_, http) => Task.CompletedTask);
        var order = await Deliveries.Order(stage, inside);
        var failed = (await stage.Recorded($"purchase-order-{order.Key}", "purchase_order_dispatch_failed")).Single()["body"]!;
        ((string)failed["reason"]!).ShouldContain("no public address");
        inside.Received.ShouldBeEmpty();
    }

    [Fact]
    public async Task a_vendors_address_without_tls_is_not_taken_in()
    {
        var (_, vendor) = await stage.Award();
        using var seller = await stage.Vendor(vendor);
        string[] urls = ["http://vendor.example/orders", "ftp://vendor.example", "https://user:secret@vendor.example", "/orders"];
        foreach (var url in urls)
        {
            (await seller.Put($"vendors/{vendor}/order-channel", new OrderChannel(OrderChannelKind.HttpsPush, url))).Code()
                .ShouldBe("409 url-not-https");
        }
    }
}

/// <summary>An issued order on its way to a vendor's server.</summary>
/// <param name="JointOrder">The joint order.</param>
/// <param name="Vendor">The vendor.</param>
internal sealed record Deliveries(string JointOrder, string Vendor)
{
    public string Key => $"{JointOrder}:{Vendor}";

    /// <summary>Pools an order whose vendor is pushed to a server on this machine.</summary>
    public static Task<Deliveries> Order(Stage stage, VendorServer server) =>
        Order(stage, _ => Task.FromResult(new OrderChannel(OrderChannelKind.HttpsPush, $"{server.Address}orders")));

    /// <summary>Pools an order for a vendor with a channel, which may be prepared once its vendor is known.</summary>
    public static async Task<Deliveries> Order(Stage stage, Func<string, Task<OrderChannel>> choose)
    {
        var (contract, vendor) = await stage.Award(pickUp: false);
        await Choose(stage, vendor, await choose(vendor));
        using var member = await stage.Join(contract);
        var (order, _) = await stage.Pool(contract, member, 40);
        await stage.Reaches(order, "issued");
        return new(order, vendor);
    }

    /// <summary>Over HTTP only https is taken; a server without a certificate is told to the log directly.</summary>
    public static async Task Choose(Stage stage, string vendor, OrderChannel channel)
    {
        var stream = $"vendor-{vendor}";
        (await stage.Node.Store.Append(
            new()
            {
                Tenant = "mn", Stream = stream, ExpectedVersion = (await stage.Node.Store.ReadStream("mn", stream)).Count,
                Events = [new(Guid.NewGuid(), new Vendor.Event.OrderChannelSet(channel))], Metadata = new("test", "test"),
            },
            default)).ShouldBeOfType<AppendOutcome.Appended>();
    }
}

/// <summary>A vendor's server, real HTTP on this machine.</summary>
internal sealed class VendorServer(WebApplication app) : IAsyncDisposable
{
    public Uri Address => new(app.Urls.Single());

    /// <summary>Every request so far: idempotency key, claimed hash, bytes.</summary>
    public ConcurrentQueue<(string Key, string Hash, byte[] Bytes)> Received { get; } = new();

    /// <summary>Starts one that answers as told, given the number of the request from 1.</summary>
    public static async Task<VendorServer> Start(Func<int, HttpContext, Task> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.UseShutdownTimeout(TimeSpan.FromMilliseconds(100));
        var server = new VendorServer(builder.Build());
        server.Run(answer);
        await server.Begin();
        return server;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private Task Begin() => app.StartAsync();

    private void Run(Func<int, HttpContext, Task> answer) => app.Run(async http =>
    {
        using var bytes = new MemoryStream();
        await http.Request.Body.CopyToAsync(bytes);
        var headers = http.Request.Headers;
        Received.Enqueue((headers["Idempotency-Key"].ToString(), headers["X-Content-SHA256"].ToString(), bytes.ToArray()));
        await answer(Received.Count, http);
    });
}
