using Npgsql;
using NpgsqlTypes;
using SSC.Purchasing.EventStore.Outbox;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Host.Deliveries;

/// <summary><see cref="ExchangeStores"/> in the side tables of schema <c>coop</c>.</summary>
internal sealed class PostgresExchange(NpgsqlDataSource db, SecretSeal seal) : ISecretVault, IControlNumbers, IDocumentFiles, IMailboxes
{
    private readonly OutboxRows outbox = new(db);

    public bool IsOpen => seal.IsOpen;

    /// <summary>All of them.</summary>
    public static ExchangeStores Over(NpgsqlDataSource db, SecretSeal seal)
    {
        var all = new PostgresExchange(db, seal);
        return new(all, all, all, all);
    }

    Task ISecretVault.Keep(string tenant, string owner, string secretId, byte[] secret, CancellationToken ct) => Execute(
        """
        insert into coop.channel_secret (tenant_id, owner, secret_id, sealed) values ($1, $2, $3, $4)
        on conflict (tenant_id, owner, secret_id) do nothing
        """,
        ct, Text(tenant), Text(owner), Text(secretId), Bytes(seal.Close(secret, Bound(tenant, owner, secretId))));

    async Task<IReadOnlyList<byte[]>> ISecretVault.Live(string tenant, string owner, CancellationToken ct) => await Rows(
        "select secret_id, sealed from coop.channel_secret where tenant_id = $1 and owner = $2 order by created_at, secret_id",
        row => seal.Open(row.GetFieldValue<byte[]>(1), Bound(tenant, owner, row.GetString(0))), ct, Text(tenant), Text(owner));

    Task ISecretVault.Destroy(string tenant, string owner, string secretId, CancellationToken ct) => Execute(
        "delete from coop.channel_secret where tenant_id = $1 and owner = $2 and secret_id = $3",
        ct, Text(tenant), Text(owner), Text(secretId));

    async Task<long> IControlNumbers.Of(string tenant, VendorId vendor, string subject, CancellationToken ct)
    {
        if (await Given(tenant, vendor, subject, ct) is { } known) return known;

        // Whoever is first keeps its number; the numbers of those that came second belong to nobody.
        await Execute(
            """
            with next as (
                insert into coop.control_number (tenant_id, vendor, last) values ($1, $2, 1)
                on conflict (tenant_id, vendor) do update set last = coop.control_number.last + 1
                returning last)
            insert into coop.control_number_given (tenant_id, vendor, subject, number) select $1, $2, $3, last from next
            on conflict (tenant_id, vendor, subject) do nothing
            """,
            ct, Text(tenant), Text(vendor.Value), Text(subject));
        return (await Given(tenant, vendor, subject, ct))!.Value;
    }

    private async Task<long?> Given(string tenant, VendorId vendor, string subject, CancellationToken ct) => (await Rows(
        "select number from coop.control_number_given where tenant_id = $1 and vendor = $2 and subject = $3",
        row => (long?)row.GetInt64(0), ct, Text(tenant), Text(vendor.Value), Text(subject))).FirstOrDefault();

    Task IDocumentFiles.Keep(string tenant, VendorId vendor, string sha256, KeptDocument document, CancellationToken ct) => Execute(
        """
        insert into coop.vendor_document (tenant_id, vendor, sha256, media_type, content, acknowledgement)
        values ($1, $2, $3, $4, $5, $6)
        on conflict (tenant_id, vendor, sha256) do nothing
        """,
        ct, Text(tenant), Text(vendor.Value), Text(sha256), Text(document.MediaType), Bytes(document.Content),
        Bytes(document.Acknowledgement));

    async Task<KeptDocument?> IDocumentFiles.Find(string tenant, VendorId vendor, string sha256, CancellationToken ct) => (await Rows(
        """
        select media_type, content, acknowledgement from coop.vendor_document where tenant_id = $1 and vendor = $2 and sha256 = $3
        """,
        row => new KeptDocument(row.GetString(0), row.GetFieldValue<byte[]>(1), row.IsDBNull(2) ? null : row.GetFieldValue<byte[]>(2)),
        ct, Text(tenant), Text(vendor.Value), Text(sha256))).FirstOrDefault();

    Task<OutboxRow?> IMailboxes.Find(string tenant, string id, CancellationToken ct) => outbox.Find(tenant, id, ct);

    Task<IReadOnlyList<OutboxRow>> IMailboxes.List(
        string tenant, string channel, string destination, string? state, long after, int limit, CancellationToken ct) =>
        outbox.List(tenant, channel, destination, state, after, limit, ct);

    Task<bool> IMailboxes.Fetched(string tenant, string id, CancellationToken ct) => outbox.Fetched(tenant, id, ct);

    Task<bool> IMailboxes.Again(string tenant, string id, CancellationToken ct) => outbox.Again(tenant, id, ct);

    Task IMailboxes.Attended(string tenant, string id, CancellationToken ct) => outbox.Attended(tenant, id, ct);

    private static string Bound(string tenant, string owner, string secretId) => $"{tenant}\n{owner}\n{secretId}";

    private static NpgsqlParameter Text(string value) => new() { Value = value, NpgsqlDbType = NpgsqlDbType.Text };

    private static NpgsqlParameter Bytes(byte[]? value) =>
        new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bytea };

    private async Task Execute(string sql, CancellationToken ct, params NpgsqlParameter[] parameters)
    {
        await using var command = db.CreateCommand(sql);
        command.Parameters.AddRange(parameters);
        await command.ExecuteNonQueryAsync(ct);
    }

    private async Task<List<T>> Rows<T>(
        string sql, Func<NpgsqlDataReader, T> row, CancellationToken ct, params NpgsqlParameter[] parameters)
    {
        await using var command = db.CreateCommand(sql);
        command.Parameters.AddRange(parameters);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var rows = new List<T>();
        while (await reader.ReadAsync(ct)) rows.Add(row(reader));
        return rows;
    }
}
