using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;
using SSC.Purchasing.EventStore.Outbox;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Sagas;

namespace SSC.Purchasing.Host.Deliveries;

/// <summary>
/// Posts purchase orders to vendors' own addresses, byte for byte the recorded document: a time limit on every attempt, a circuit
/// breaker per vendor, no redirects, no private addresses. When to try again is the outbox's schedule; after the last attempt the
/// order is parked and the coordinator dispatches it by hand.
/// </summary>
public sealed class VendorOrderSender : IOutboxSender, IDisposable
{
    private readonly HttpClient http;
    private readonly ConcurrentDictionary<string, ResiliencePipeline<HttpResponseMessage>> pipelines = new(StringComparer.Ordinal);

    /// <summary>A sender.</summary>
    /// <param name="allowPrivateAddresses">True only in tests: loopback and private addresses may be posted to, also without TLS.</param>
    public VendorOrderSender(bool allowPrivateAddresses = false) => http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        ConnectCallback = (context, ct) => Connect(context.DnsEndPoint, allowPrivateAddresses, ct),
    })
    {
        Timeout = Timeout.InfiniteTimeSpan, // the pipeline's limit counts
    };

    /// <inheritdoc/>
    public string Channel => VendorOrderDelivery.Channel;

    /// <inheritdoc/>
    public async Task<DeliveryResult> Send(OutboxDelivery delivery, CancellationToken ct)
    {
        var order = JsonSerializer.Deserialize<VendorOrderDelivery>(delivery.Message.Body, EventCatalogue.Json)!;
        try
        {
            using var answer = await pipelines.GetOrAdd(delivery.Message.Destination, _ => NewPipeline())
                .ExecuteAsync(async token =>
                    await http.SendAsync(Request(order, delivery.Message.Id), HttpCompletionOption.ResponseHeadersRead, token), ct);
            return (int)answer.StatusCode switch
            {
                >= 200 and < 300 => new DeliveryResult.Delivered(answer.StatusCode.ToString()),
                429 or 503 => new DeliveryResult.Failed($"the vendor answered {(int)answer.StatusCode}", answer.Headers.RetryAfter?.Delta),
                408 or >= 500 => new DeliveryResult.Failed($"the vendor answered {(int)answer.StatusCode}"),
                var status => new DeliveryResult.Rejected($"the vendor answered {status}"),
            };
        }
        catch (BrokenCircuitException e)
        {
            return new DeliveryResult.Failed("the vendor's address has failed repeatedly and is left alone for a while", e.RetryAfter);
        }
        catch (Exception e) when (e is HttpRequestException or TimeoutRejectedException or IOException)
        {
            return new DeliveryResult.Failed(e.InnerException?.Message ?? e.Message);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();

    private static ResiliencePipeline<HttpResponseMessage> NewPipeline() => new ResiliencePipelineBuilder<HttpResponseMessage>()
        .AddCircuitBreaker(new CircuitBreakerStrategyOptions<HttpResponseMessage>
        {
            FailureRatio = 0.8,
            MinimumThroughput = 5,
            SamplingDuration = TimeSpan.FromMinutes(1),
            BreakDuration = TimeSpan.FromSeconds(30),
            ShouldHandle = static e => ValueTask.FromResult(
                e.Outcome.Exception is HttpRequestException or TimeoutRejectedException
                    || e.Outcome.Result is { StatusCode: >= HttpStatusCode.InternalServerError }),
        })
        .AddTimeout(TimeSpan.FromSeconds(10))
        .Build();

    private static HttpRequestMessage Request(VendorOrderDelivery order, string id)
    {
        var content = new ByteArrayContent(order.Content);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        var request = new HttpRequestMessage(HttpMethod.Post, order.Url) { Content = content };
        request.Headers.Add("Idempotency-Key", id);
        request.Headers.Add("X-Content-SHA256", order.ContentHash);
        return request;
    }

    private static async ValueTask<Stream> Connect(DnsEndPoint target, bool allowPrivate, CancellationToken ct)
    {
        // The address is judged here, after the name was resolved and right before connecting, so that a name cannot change in between.
        foreach (var address in await Dns.GetHostAddressesAsync(target.Host, ct))
        {
            if (!allowPrivate && IsPrivate(address)) continue;
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(address, target.Port, ct);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }

        throw new HttpRequestException($"{target.Host} has no public address; orders are not posted into private networks.");
    }

    private static bool IsPrivate(IPAddress address)
    {
        var ip = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        if (IPAddress.IsLoopback(ip) || ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any)) return true;
        if (ip.AddressFamily == AddressFamily.InterNetworkV6)
            return ip.IsIPv6LinkLocal || ip.IsIPv6SiteLocal || ip.IsIPv6UniqueLocal || ip.IsIPv6Multicast;
        var b = ip.GetAddressBytes();
        return b[0] is 0 or 10 or 127 or >= 224
            || (b[0] == 100 && b[1] is >= 64 and <= 127)
            || (b[0] == 169 && b[1] == 254)
            || (b[0] == 172 && b[1] is >= 16 and <= 31)
            || (b[0] == 192 && b[1] == 168);
    }
}
