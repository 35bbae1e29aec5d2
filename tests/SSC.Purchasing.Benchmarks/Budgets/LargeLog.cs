using System.Globalization;
using System.Text;
using Npgsql;
using NpgsqlTypes;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.JointOrders;

namespace SSC.Purchasing.Benchmarks.Budgets;

/// <summary>
/// A log of so many events, copied into the tables as the appender would have left them: orders of 100 members, each of whom commits
/// and revises four times, one event every 90 seconds.
/// </summary>
internal static class LargeLog
{
    public const int EventsPerCommitment = 5;
    private const int MembersPerOrder = 100;
    private const int EventsPerOrder = MembersPerOrder * EventsPerCommitment;
    private const string OrderMark = "JO-mark";
    private const string MemberMark = "M-mark";

    /// <summary>Recorded time of the first event.</summary>
    public static readonly DateTimeOffset Begin = new(2023, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly TimeSpan Step = TimeSpan.FromSeconds(90);

    public static DateTimeOffset TimeOf(long position) => Begin + (Step * position);

    /// <summary>The key of a commitment of the log.</summary>
    public static string KeyOf(int commitment) => $"{Order(commitment / MembersPerOrder)}:{World.Member(commitment % MembersPerOrder)}";

    public static async Task Fill(string connection, int events)
    {
        await using var db = NpgsqlDataSource.Create(connection);
        await using var opened = await db.OpenConnectionAsync();
        await CopyEvents(opened, events);
        await CopyStreams(opened, events / EventsPerCommitment);
        await CopyKeys(opened, events);
        await using var head = new NpgsqlCommand("update coop.head set position = $1, last_recorded_at = $2", opened)
        {
            Parameters = { new() { Value = (long)events }, new() { Value = TimeOf(events) } },
        };
        await head.ExecuteNonQueryAsync();
        string[] settling =
        [
            "vacuum (analyze) public.mt_events", "vacuum (analyze) public.mt_streams", "vacuum (analyze) coop.idempotency", "checkpoint",
        ];
        foreach (var settle in settling)
        {
            await using var command = new NpgsqlCommand(settle, opened) { CommandTimeout = 600 };
            await command.ExecuteNonQueryAsync();
        }
    }

    private static string Order(int number) => string.Create(CultureInfo.InvariantCulture, $"JO-{number:000000}");

    private static async Task CopyEvents(NpgsqlConnection opened, int events)
    {
        var bodies = Enumerable.Range(0, EventsPerCommitment).Select(Body).ToArray();
        await using var copy = await opened.BeginBinaryImportAsync("""
            copy public.mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, correlation_id, headers)
            from stdin (format binary)
            """);
        for (var i = 0; i < events; i++)
        {
            // A round of all the order's members, then the next round.
            var (order, turn, member) = (i / EventsPerOrder, i % EventsPerOrder / MembersPerOrder, i % MembersPerOrder);
            var number = World.Member(member).Value;
            await copy.StartRowAsync();
            await copy.WriteAsync(i + 1L, NpgsqlDbType.Bigint);
            await copy.WriteAsync(Guid.CreateVersion7(TimeOf(i + 1)), NpgsqlDbType.Uuid);
            await copy.WriteAsync($"commitment-{Order(order)}:{number}", NpgsqlDbType.Varchar);
            await copy.WriteAsync(turn + 1L, NpgsqlDbType.Bigint);
            await copy.WriteAsync(
                bodies[turn].Replace(OrderMark, Order(order), StringComparison.Ordinal)
                    .Replace(MemberMark, number, StringComparison.Ordinal),
                NpgsqlDbType.Jsonb);
            await copy.WriteAsync(turn == 0 ? "commitment_placed" : "commitment_revised", NpgsqlDbType.Varchar);
            await copy.WriteAsync(TimeOf(i + 1), NpgsqlDbType.TimestampTz);
            await copy.WriteAsync(Bench.Tenant, NpgsqlDbType.Varchar);
            await copy.WriteAsync("bench", NpgsqlDbType.Varchar);
            await copy.WriteAsync("""{"actor":"bench"}""", NpgsqlDbType.Jsonb);
        }

        await copy.CompleteAsync();
    }

    private static async Task CopyStreams(NpgsqlConnection opened, int commitments)
    {
        await using var copy = await opened.BeginBinaryImportAsync(
            "copy public.mt_streams (tenant_id, id, version) from stdin (format binary)");
        for (var i = 0; i < commitments; i++)
        {
            await copy.StartRowAsync();
            await copy.WriteAsync(Bench.Tenant, NpgsqlDbType.Varchar);
            await copy.WriteAsync($"commitment-{KeyOf(i)}", NpgsqlDbType.Varchar);
            await copy.WriteAsync((long)EventsPerCommitment, NpgsqlDbType.Bigint);
        }

        await copy.CompleteAsync();
    }

    private static async Task CopyKeys(NpgsqlConnection opened, int events)
    {
        var hash = new byte[32];
        await using var copy = await opened.BeginBinaryImportAsync(
            "copy coop.idempotency (tenant_id, key, request_hash, stream_id, version, position, recorded_at) from stdin (format binary)");
        for (var i = 0; i < events; i++)
        {
            await copy.StartRowAsync();
            await copy.WriteAsync(Bench.Tenant, NpgsqlDbType.Text);
            await copy.WriteAsync(Guid.CreateVersion7(TimeOf(i + 1)).ToString("N"), NpgsqlDbType.Text);
            await copy.WriteAsync(hash, NpgsqlDbType.Bytea);
            await copy.WriteAsync($"commitment-{Order(i / EventsPerOrder)}:{World.Member(i % MembersPerOrder)}", NpgsqlDbType.Text);
            await copy.WriteAsync((i % EventsPerOrder / MembersPerOrder) + 1L, NpgsqlDbType.Bigint);
            await copy.WriteAsync(i + 1L, NpgsqlDbType.Bigint);
            await copy.WriteAsync(TimeOf(i + 1), NpgsqlDbType.TimestampTz);
        }

        await copy.CompleteAsync();
    }

    private static string Body(int turn)
    {
        var lines = new StructuralList<CommitmentLine>(
            [new(1, new($"{MemberMark}-A"), Quantity.Of(60 + turn), Quantity.Of(5), [new(World.Account, AccountSplit.Whole)])]);
        var changes = new StructuralList<LineChange>(
            [new(1, Quantity.Of(turn == 0 ? 0 : 59 + turn), Quantity.Of(60 + turn), Quantity.Of(turn == 0 ? 0 : 5), Quantity.Of(5))]);
        var amount = Money.FromDollars(41.90m * (60 + turn));
        Commitment.Event fact = turn == 0
            ? new Commitment.Event.Placed(
                new(OrderMark), new(MemberMark), World.Cooperative, lines, changes, amount, null, 0, 1, "key:bench")
            : new Commitment.Event.Revised(lines, changes, amount, 1, "key:bench");
        return Encoding.UTF8.GetString(EventCatalogue.Serialize(fact));
    }
}
