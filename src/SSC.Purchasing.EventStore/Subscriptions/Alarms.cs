using Npgsql;
using static SSC.Purchasing.EventStore.Subscriptions.Sql;

namespace SSC.Purchasing.EventStore.Subscriptions;

/// <summary>Something that a person has to look at.</summary>
/// <param name="Source">What stopped, e.g. <c>read_model/open_orders</c>; it has one alarm at most.</param>
/// <param name="Position">The event it stopped at, when there is one.</param>
/// <param name="Message">What went wrong.</param>
/// <param name="RaisedAt">Database time.</param>
public sealed record Alarm(string Source, long? Position, string Message, DateTimeOffset RaisedAt);

/// <summary>The stored alarms: every node sees them, and they survive a restart until their source works again.</summary>
public sealed class Alarms(NpgsqlDataSource db)
{
    private const int LongestMessage = 2_000;

    /// <summary>Every alarm, by source.</summary>
    public async Task<IReadOnlyList<Alarm>> List(CancellationToken ct = default) => await db.Rows(
        Of("select source, position, message, raised_at from coop.alarm order by source"),
        row => new Alarm(row.GetString(0), row.IsDBNull(1) ? null : row.GetInt64(1), row.GetString(2), row.Time(3)),
        ct).ConfigureAwait(false);

    internal static NpgsqlBatchCommand RaiseCommand(string source, long? position, string message) => Of(
        """
        insert into coop.alarm (source, position, message) values ($1, $2, $3)
        on conflict (source) do update set position = excluded.position, message = excluded.message, raised_at = excluded.raised_at
        """,
        P(source), P(position), P(message.Length <= LongestMessage ? message : message[..LongestMessage]));

    internal static NpgsqlBatchCommand ClearCommand(string source) => Of("delete from coop.alarm where source = $1", P(source));

    internal Task Raise(string source, long? position, string message, CancellationToken ct) =>
        db.Run(RaiseCommand(source, position, message), ct);

    internal Task Clear(string source, CancellationToken ct) => db.Run(ClearCommand(source), ct);
}
