using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Procurement.PurchaseOrders;

namespace SSC.Purchasing.Sagas;

/// <summary>A purchase order on its way to a vendor, as an outbox row carries it: the bytes are sent as they are, every time.</summary>
/// <param name="Key">Key of the purchase order's stream.</param>
/// <param name="Vendor">To whom.</param>
/// <param name="Url">Where it is posted to; null for pick-up and e-mail.</param>
/// <param name="ContentHash">SHA-256 of the canonical bytes of the revision, lower-case hexadecimal: what the log knows it by.</param>
/// <param name="Content">The bytes that are sent: the canonical ones, or the document in the vendor's format.</param>
public sealed record VendorOrderDelivery(string Key, VendorId Vendor, string? Url, string ContentHash, byte[] Content)
{
    /// <summary>Outbox channel of what the service sends.</summary>
    public const string Channel = "vendor-order";

    /// <summary>Outbox channel of what waits to be fetched; nothing sends it.</summary>
    public const string PickUpChannel = "vendor-pickup";

    /// <summary>How it goes.</summary>
    public OrderChannelKind Kind { get; init; } = OrderChannelKind.HttpsPush;

    /// <summary>Number of the purchase order.</summary>
    public string Number { get; init; } = string.Empty;

    /// <summary>Revision, 1 and up.</summary>
    public int Revision { get; init; } = 1;

    /// <summary>Format of <see cref="Content"/>; <c>json</c> is the canonical form.</summary>
    public string Format { get; init; } = IOrderFormats.Canonical;

    /// <summary>Media type of <see cref="Content"/>.</summary>
    public string MediaType { get; init; } = "application/json";

    /// <summary>Name of a file that holds it.</summary>
    public string FileName { get; init; } = "order.json";

    /// <summary>The contact that is mailed.</summary>
    public string? Contact { get; init; }

    /// <summary>The same for every attempt and every resend of a revision, so that the vendor can tell a repetition.</summary>
    public string DeliveryId() => IdOf(Key, Revision);

    /// <summary>SHA-256 of <see cref="Content"/>, lower-case hexadecimal.</summary>
    public string DocumentHash() => Convert.ToHexStringLower(SHA256.HashData(Content));

    /// <summary>Delivery id of a revision.</summary>
    public static string IdOf(string key, int revision) =>
        string.Create(CultureInfo.InvariantCulture, $"purchase-order-{key}-r{revision}");

    /// <summary>Reads it back from an outbox row.</summary>
    public static VendorOrderDelivery Of(byte[] body) =>
        JsonSerializer.Deserialize<VendorOrderDelivery>(body, EventCatalogue.Json)!;

    /// <summary>The outbox row; a resend has its number in the row's id, and nothing else is different.</summary>
    public OutboxMessage ToMessage(int resend = 0) => new(
        resend == 0 ? DeliveryId() : string.Create(CultureInfo.InvariantCulture, $"{DeliveryId()}-again-{resend}"),
        Kind == OrderChannelKind.ApiPickup ? PickUpChannel : Channel, Vendor.Value,
        JsonSerializer.SerializeToUtf8Bytes(this, EventCatalogue.Json));

    /// <summary>The command that records that an attempt reached the vendor.</summary>
    public PurchaseOrder.Command.RecordDispatch Dispatched(int attempt)
    {
        var channel = Kind switch
        {
            OrderChannelKind.ApiPickup => "api-pickup",
            OrderChannelKind.Webhook => "webhook",
            OrderChannelKind.Email => "email",
            _ => "https-push",
        };
        return string.Equals(Format, IOrderFormats.Canonical, StringComparison.Ordinal)
            ? new(channel, attempt, ContentHash)
            : new(channel, attempt, ContentHash) { Format = Format, DocumentHash = DocumentHash() };
    }
}

/// <summary>A document in a format, as bytes.</summary>
/// <param name="Format">Name of the format.</param>
/// <param name="MediaType">Media type.</param>
/// <param name="FileName">Name of a file that holds it.</param>
/// <param name="Content">The bytes.</param>
public sealed record WrittenOrder(string Format, string MediaType, string FileName, byte[] Content);

/// <summary>Writes orders in the formats that vendors ask for. The host joins the writers of Exchange with the parties' names.</summary>
public interface IOrderFormats
{
    /// <summary>The format of the canonical form itself.</summary>
    public const string Canonical = "json";

    /// <summary>Whether something writes a format.</summary>
    bool Knows(string format);

    /// <summary>
    /// A revision in a format, or why there is none: <c>format-unknown</c> when nothing writes it, else what the format cannot say. A new
    /// interchange takes a control number of its own.
    /// </summary>
    Task<(WrittenOrder? Written, Refusal? WhyNot)> Write(
        CommandContext context, OrderDocument document, int revision, string format, CancellationToken ct);

    /// <summary>Why there is no document in a format that nothing writes.</summary>
    static Refusal Unknown(string format) =>
        new("format-unknown", $"Nothing here writes format {format}; choose another one for the vendor.");
}

/// <summary>What was sent before: the stored rows of the outbox.</summary>
public interface ISentDocuments
{
    /// <summary>A delivery by its id; null when there was none.</summary>
    Task<VendorOrderDelivery?> Find(string tenant, string deliveryId, CancellationToken ct);
}

/// <summary>Only the canonical form: what there is where no writers are registered.</summary>
public sealed class CanonicalOrders : IOrderFormats
{
    /// <inheritdoc/>
    public bool Knows(string format) => string.Equals(format, IOrderFormats.Canonical, StringComparison.Ordinal);

    /// <inheritdoc/>
    public Task<(WrittenOrder? Written, Refusal? WhyNot)> Write(
        CommandContext context, OrderDocument document, int revision, string format, CancellationToken ct) =>
        Task.FromResult<(WrittenOrder?, Refusal?)>(
            Knows(format) ? (Of(document, revision), null) : (null, IOrderFormats.Unknown(format)));

    /// <summary>The canonical form of a revision.</summary>
    public static WrittenOrder Of(OrderDocument document, int revision) => new(
        IOrderFormats.Canonical, "application/json",
        string.Create(CultureInfo.InvariantCulture, $"{document.Number}-r{revision}.json"),
        PurchaseOrderContent.Canonical(document, revision));
}
