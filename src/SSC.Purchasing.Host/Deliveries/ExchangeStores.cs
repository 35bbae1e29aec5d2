using System.Security.Cryptography;
using System.Text;
using SSC.Purchasing.EventStore.Outbox;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Sagas;

namespace SSC.Purchasing.Host.Deliveries;

/// <summary>Secrets that sign webhooks: sealed at rest, never in an event, shown once.</summary>
public interface ISecretVault
{
    /// <summary>False while the operator has set no key to seal with; then none is taken in.</summary>
    bool IsOpen { get; }

    /// <summary>The owner that a vendor's secrets stand under.</summary>
    static string OfVendor(VendorId vendor) => $"vendor/{vendor}";

    /// <summary>The owner that a webhook's secrets stand under.</summary>
    static string OfWebhook(string id) => $"webhook/{id}";

    /// <summary>The owner that the secret which a vendor's shop knows us by stands under.</summary>
    static string OfShop(VendorId vendor) => $"shop/{vendor}";

    /// <summary>The owner that the address of an open shopping session stands under.</summary>
    static string OfPunchOut(string session) => $"punch-out/{session}";

    /// <summary>Keeps a secret.</summary>
    Task Keep(string tenant, string owner, string secretId, byte[] secret, CancellationToken ct);

    /// <summary>Every secret of an owner, oldest first.</summary>
    Task<IReadOnlyList<byte[]>> Live(string tenant, string owner, CancellationToken ct);

    /// <summary>Destroys a secret; harmless when there is none.</summary>
    Task Destroy(string tenant, string owner, string secretId, CancellationToken ct);
}

/// <summary>Seals secrets with AES-256-GCM under the operator's key; what belongs to one owner cannot be opened as another's.</summary>
internal sealed class SecretSeal
{
    private const int NonceLength = 12, TagLength = 16;
    private readonly byte[]? key;

    /// <summary>A seal.</summary>
    /// <param name="base64Key">32 bytes; null when none is set.</param>
    /// <exception cref="ArgumentException">It is something else.</exception>
    public SecretSeal(string? base64Key)
    {
        if (base64Key is null) return;
        var bytes = new byte[32];
        if (!Convert.TryFromBase64String(base64Key, bytes, out var length) || length != bytes.Length)
        {
            throw new ArgumentException(
                "Setting Purchasing:SecretsKey is 32 bytes in base64, e.g. from `openssl rand -base64 32`.", nameof(base64Key));
        }

        key = bytes;
    }

    /// <summary>Whether there is a key.</summary>
    public bool IsOpen => key is not null;

    /// <summary>Nonce, tag, ciphertext.</summary>
    public byte[] Close(byte[] secret, string boundTo)
    {
        var box = new byte[NonceLength + TagLength + secret.Length];
        RandomNumberGenerator.Fill(box.AsSpan(0, NonceLength));
        using var aes = new AesGcm(Key(), TagLength);
        aes.Encrypt(
            box.AsSpan(0, NonceLength), secret, box.AsSpan(NonceLength + TagLength), box.AsSpan(NonceLength, TagLength),
            Encoding.UTF8.GetBytes(boundTo));
        return box;
    }

    /// <summary>The secret in a box.</summary>
    /// <exception cref="CryptographicException">Another key closed it, or it is somebody else's.</exception>
    public byte[] Open(byte[] box, string boundTo)
    {
        var secret = new byte[box.Length - NonceLength - TagLength];
        using var aes = new AesGcm(Key(), TagLength);
        aes.Decrypt(
            box.AsSpan(0, NonceLength), box.AsSpan(NonceLength + TagLength), box.AsSpan(NonceLength, TagLength), secret,
            Encoding.UTF8.GetBytes(boundTo));
        return secret;
    }

    private byte[] Key() => key ?? throw new CryptographicException("Purchasing:SecretsKey is not set.");
}

/// <summary>Interchange control numbers.</summary>
public interface IControlNumbers
{
    /// <summary>
    /// The number of a subject (an order's revision, an acknowledgement) at a vendor, 1 and up: given the first time it is asked for, the
    /// same ever after, on every node, and never given to another subject. Gaps mean nothing.
    /// </summary>
    Task<long> Of(string tenant, VendorId vendor, string subject, CancellationToken ct);
}

/// <summary>A document as a vendor sent it.</summary>
/// <param name="MediaType">As it was sent.</param>
/// <param name="Content">Its bytes.</param>
/// <param name="Acknowledgement">What its sender expects back, e.g. an X12 997; null for nothing.</param>
public sealed record KeptDocument(string MediaType, byte[] Content, byte[]? Acknowledgement);

/// <summary>Vendors' documents byte for byte, by their SHA-256.</summary>
public interface IDocumentFiles
{
    /// <summary>Keeps a document; one that is there stays as it is.</summary>
    Task Keep(string tenant, VendorId vendor, string sha256, KeptDocument document, CancellationToken ct);

    /// <summary>A document, or null.</summary>
    Task<KeptDocument?> Find(string tenant, VendorId vendor, string sha256, CancellationToken ct);
}

/// <summary>What waits for somebody to fetch it, and what became of deliveries.</summary>
public interface IMailboxes
{
    /// <summary>One row of the outbox, or null.</summary>
    Task<OutboxRow?> Find(string tenant, string id, CancellationToken ct);

    /// <summary>A destination's rows after a cursor, oldest first; only those in a state when one is given.</summary>
    Task<IReadOnlyList<OutboxRow>> List(
        string tenant, string channel, string destination, string? state, long after, int limit, CancellationToken ct);

    /// <summary>A message was fetched by its receiver; false when it was not waiting.</summary>
    Task<bool> Fetched(string tenant, string id, CancellationToken ct);

    /// <summary>Sends a settled message once more; false when it is not settled.</summary>
    Task<bool> Again(string tenant, string id, CancellationToken ct);

    /// <summary>Somebody has seen to a parked message; its alarm is cleared.</summary>
    Task Attended(string tenant, string id, CancellationToken ct);
}

/// <summary>What deliveries and intake keep beside the log.</summary>
/// <param name="Secrets">Secrets that sign.</param>
/// <param name="Numbers">Control numbers.</param>
/// <param name="Files">Documents as received.</param>
/// <param name="Mailboxes">The outbox from its owners' side.</param>
public sealed record ExchangeStores(ISecretVault Secrets, IControlNumbers Numbers, IDocumentFiles Files, IMailboxes Mailboxes);

/// <summary>Stored outbox rows as what was sent before.</summary>
internal sealed class SentDocuments(IMailboxes mailboxes) : ISentDocuments
{
    public async Task<VendorOrderDelivery?> Find(string tenant, string deliveryId, CancellationToken ct) =>
        await mailboxes.Find(tenant, deliveryId, ct) is { } row ? VendorOrderDelivery.Of(row.Message.Body) : null;
}
