using System.Text.Json;
using SSC.Purchasing.EventStore.Outbox;
using SSC.Purchasing.Exchange.Cxml;
using SSC.Purchasing.Exchange.Webhooks;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Sagas;

namespace SSC.Purchasing.Host.Deliveries;

/// <summary>
/// Brings purchase orders to vendors by the channel that each has chosen: posted to its address, posted and signed as a webhook, or
/// mailed; the recorded bytes, every time the same. A vendor that answers with another id or hash than it was sent has not got the
/// order. When to try again is the outbox's schedule; after the last attempt the order is parked and the coordinator dispatches it by
/// hand.
/// </summary>
internal sealed class VendorOrderSender(
    DeliveryPipelines pipelines, HttpPoster poster, ISecretVault secrets, OrderMail mail, TimeProvider clock) : IOutboxSender
{
    private const string Cxml = "cxml";
    private const string IdHeader = "Idempotency-Key";
    private const string HashHeader = "X-Content-SHA256";

    /// <inheritdoc/>
    public string Channel => VendorOrderDelivery.Channel;

    /// <inheritdoc/>
    public Task<DeliveryResult> Send(OutboxDelivery delivery, CancellationToken ct)
    {
        var order = VendorOrderDelivery.Of(delivery.Message.Body);
        return pipelines.Send(
            delivery.Tenant, delivery.Message.Destination,
            token => order.Kind switch
            {
                OrderChannelKind.Email => mail.Send(delivery.Tenant, order, token),
                OrderChannelKind.Webhook => Webhook(delivery.Tenant, order, token),
                _ => Push(order, [], order.DeliveryId(), token),
            },
            ct);
    }

    private async Task<DeliveryResult> Webhook(string tenant, VendorOrderDelivery order, CancellationToken ct)
    {
        var keys = await secrets.Live(tenant, ISecretVault.OfVendor(order.Vendor), ct);
        if (keys.Count == 0)
            return new DeliveryResult.Rejected("the vendor has no secret to sign with; issue one and send the order again");
        var (id, at) = (StandardWebhook.MessageId(order.DeliveryId()), clock.GetUtcNow());
        return await Push(order, Signed(id, at, order.Content, keys), id, ct);
    }

    private async Task<DeliveryResult> Push(
        VendorOrderDelivery order, IEnumerable<(string, string)> signature, string id, CancellationToken ct)
    {
        var hash = order.DocumentHash();
        var answer = await poster.Post(
            order.Url!, order.Content, order.MediaType, [(IdHeader, order.DeliveryId()), (HashHeader, hash), .. signature], ct);
        return Judge(answer, order.Format) is { } failure ? failure
            : WrongEcho(answer, [order.DeliveryId(), id], hash) is { } wrong ? new DeliveryResult.Failed(wrong)
            : new DeliveryResult.Delivered($"HTTP {answer.Status}");
    }

    /// <summary>Headers of a signed message.</summary>
    internal static IEnumerable<(string Name, string Value)> Signed(
        string id, DateTimeOffset at, byte[] payload, IReadOnlyList<byte[]> keys) =>
    [
        (StandardWebhook.IdHeader, id),
        (StandardWebhook.TimestampHeader, at.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture)),
        (StandardWebhook.SignatureHeader, StandardWebhook.Sign(id, at, payload, keys)),
    ];

    /// <summary>What a status means for the delivery; null for success. A redirect is never followed: change the address.</summary>
    internal static DeliveryResult? Judge(Answered answer) => answer.Status switch
    {
        >= 200 and < 300 => null,
        429 or 503 => new DeliveryResult.Failed($"the receiver answered {answer.Status}", answer.RetryAfter),
        408 or 425 or >= 500 => new DeliveryResult.Failed($"the receiver answered {answer.Status}"),
        >= 300 and < 400 => new DeliveryResult.Rejected(
            $"the receiver answered {answer.Status}: redirects are not followed, change the address"),
        _ => new DeliveryResult.Rejected($"the receiver answered {answer.Status}"),
    };

    /// <summary>
    /// The same for an order in a format. A cXML order is answered by a cXML Response with HTTP 200, and its Status says what became of it:
    /// 5xx is tried again, any other failure is a no. An answer that is no cXML counts by its HTTP status.
    /// </summary>
    internal static DeliveryResult? Judge(Answered answer, string format)
    {
        if (Judge(answer) is { } failure) return failure;
        if (!string.Equals(format, Cxml, StringComparison.Ordinal) || answer.Body.Length == 0) return null;
        if (CxmlResponse.Read(answer.Body).Status is not { IsSuccess: false } status) return null;
        var said = PurchaseOrderWork.Shortened($"the receiver's cXML answer is {status.Code} {status.Text}: {status.Message}");
        return status.IsTransient ? new DeliveryResult.Failed(said, answer.RetryAfter) : new DeliveryResult.Rejected(said);
    }

    /// <summary>What the answer repeats, in headers or in a JSON object, must be what was sent.</summary>
    private static string? WrongEcho(Answered answer, IReadOnlyList<string> ids, string hash)
    {
        var (body, said) = (Said(answer.Body), new List<(string What, string? Value)>());
        said.AddRange([(HashHeader, answer.Echo(HashHeader)), ("sha256", body.Hash)]);
        if (said.Any(s => s.Value is { } other && !string.Equals(other, hash, StringComparison.OrdinalIgnoreCase)))
            return "the receiver's answer echoes another document's hash than it was sent";
        return new[] { answer.Echo(IdHeader), answer.Echo(StandardWebhook.IdHeader), body.Id }
            .Any(id => id is not null && !ids.Contains(id, StringComparer.Ordinal))
            ? "the receiver's answer echoes another delivery's id than it was sent"
            : null;
    }

    private static (string? Id, string? Hash) Said(byte[] body)
    {
        if (body.Length == 0 || body[0] != (byte)'{') return default;
        try
        {
            using var json = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 16 });
            return (Text(json.RootElement, "deliveryId"), Text(json.RootElement, "sha256"));
        }
        catch (JsonException)
        {
            return default; // an answer in its own words says nothing about ours
        }
    }

    private static string? Text(JsonElement of, string name) =>
        of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
