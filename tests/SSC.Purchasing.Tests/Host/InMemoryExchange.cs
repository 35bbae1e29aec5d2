using SSC.Purchasing.EventStore.Outbox;
using SSC.Purchasing.Host.Deliveries;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Tests.Testbed;

namespace SSC.Purchasing.Tests.Host;

/// <summary>What deliveries and intake keep beside the log, without a database.</summary>
internal sealed class InMemoryExchange(InMemoryEventStore store) : ISecretVault, IControlNumbers, IDocumentFiles, IMailboxes
{
    private readonly Lock turn = new();
    private readonly List<(string Owner, string Id, byte[] Secret)> secrets = [];
    private readonly Dictionary<(VendorId Vendor, string Subject), long> numbers = [];
    private readonly Dictionary<(VendorId Vendor, string Hash), KeptDocument> files = [];
    private readonly HashSet<string> fetched = new(StringComparer.Ordinal);

    public bool IsOpen { get; set; } = true;

    public ExchangeStores Stores => new(this, this, this, this);

    public Task Keep(string tenant, string owner, string secretId, byte[] secret, CancellationToken ct)
    {
        lock (turn) secrets.Add((owner, secretId, secret));
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<byte[]>> Live(string tenant, string owner, CancellationToken ct)
    {
        lock (turn) return Task.FromResult<IReadOnlyList<byte[]>>([.. secrets.Where(s => s.Owner == owner).Select(s => s.Secret)]);
    }

    public Task Destroy(string tenant, string owner, string secretId, CancellationToken ct)
    {
        lock (turn) secrets.RemoveAll(s => s.Owner == owner && s.Id == secretId);
        return Task.CompletedTask;
    }

    public Task<long> Of(string tenant, VendorId vendor, string subject, CancellationToken ct)
    {
        lock (turn)
        {
            if (!numbers.TryGetValue((vendor, subject), out var number))
                numbers[(vendor, subject)] = number = numbers.Keys.Count(k => k.Vendor == vendor) + 1;
            return Task.FromResult(number);
        }
    }

    public Task Keep(string tenant, VendorId vendor, string sha256, KeptDocument document, CancellationToken ct)
    {
        lock (turn) files.TryAdd((vendor, sha256), document);
        return Task.CompletedTask;
    }

    public Task<KeptDocument?> Find(string tenant, VendorId vendor, string sha256, CancellationToken ct)
    {
        lock (turn) return Task.FromResult(files.GetValueOrDefault((vendor, sha256)));
    }

    public Task<OutboxRow?> Find(string tenant, string id, CancellationToken ct) =>
        Task.FromResult(Rows().FirstOrDefault(r => r.Message.Id == id));

    public Task<IReadOnlyList<OutboxRow>> List(
        string tenant, string channel, string destination, string? state, long after, int limit, CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<OutboxRow>>(
        [
            .. Rows().Where(r => r.Message.Channel == channel && r.Message.Destination == destination && r.Sequence > after
                && (state is null || r.State == state)).Take(limit),
        ]);

    public Task<bool> Fetched(string tenant, string id, CancellationToken ct)
    {
        lock (turn) return Task.FromResult(fetched.Add(id));
    }

    public Task<bool> Again(string tenant, string id, CancellationToken ct)
    {
        lock (turn) return Task.FromResult(fetched.Remove(id));
    }

    public Task Attended(string tenant, string id, CancellationToken ct) => Task.CompletedTask;

    private List<OutboxRow> Rows()
    {
        lock (turn)
        {
            return
            [
                .. store.Outbox.Select((m, i) => new OutboxRow(
                    m, i + 1, fetched.Contains(m.Id) ? "delivered" : "waiting", 0, DateTimeOffset.UnixEpoch, null, null)),
            ];
        }
    }
}
