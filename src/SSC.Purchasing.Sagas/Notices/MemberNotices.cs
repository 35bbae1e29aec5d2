using System.Globalization;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Sagas;

/// <summary>
/// What members are told, from the facts of what they take part in: joint orders, pools, programs, invoices and their board. Each part
/// says for itself what a fact tells (<see cref="JointOrderNotices"/>, <see cref="PoolNotices"/>, <see cref="ProgramNotices"/>,
/// <see cref="GovernanceNotices"/>), from the fact alone. Key: position, and the place in the fact where it tells several members
/// something, so that key order is the order of the log. Index <c>audience</c>: the member; <see cref="Everyone"/> for every member of an
/// order (see <c>OrderParticipants</c>), <see cref="OfPool"/> for a pool's participants, <see cref="OfCooperative"/> for a
/// cooperative's members. Rounds before <see cref="NoticeKind.OrderReady"/> are provisional: each settlement says anew what holds in it.
/// </summary>
public sealed class MemberNotices : ReadModel<Notice>
{
    /// <summary>The audience of what concerns every member of an order; no member's number.</summary>
    public const string Everyone = "*";

    /// <summary>The one instance.</summary>
    public static readonly MemberNotices Instance = new();

    /// <inheritdoc/>
    public override string Name => "member_notices";

    /// <inheritdoc/>
    public override int Version => 2;

    /// <inheritdoc/>
    public override IReadOnlyList<IndexColumn<Notice>> Indexes { get; } = [new("audience", AudienceOf)];

    /// <summary>The audience of what concerns a pool's participants.</summary>
    public static string OfPool(string pool) => $"pool:{pool}";

    /// <summary>The audience of what concerns a cooperative's members.</summary>
    public static string OfCooperative(CooperativeId cooperative) => $"cooperative:{cooperative}";

    /// <summary>Who is told.</summary>
    public static string AudienceOf(Notice notice) =>
        notice.Member?.Value
        ?? (notice.Pool is { } pool ? OfPool(pool.Value) : notice.Cooperative is { } home ? OfCooperative(home) : Everyone);

    /// <inheritdoc/>
    public override IEnumerable<string> KeysOf(RecordedEvent e) =>
        Told(e).Index().Where(t => t.Item is not null).Select(t => Key(e.Position, t.Index));

    /// <inheritdoc/>
    public override Notice? Apply(string key, Notice? row, RecordedEvent e)
    {
        var place = int.Parse(key.AsSpan(key.IndexOf(':', StringComparison.Ordinal) + 1), NumberStyles.None, CultureInfo.InvariantCulture);
        return Told(e).ElementAt(place) is { } told ? told with { Position = e.Position, At = e.At, About = e.Stream } : null;
    }

    /// <summary>What a fact tells, a place for each member it may tell something.</summary>
    private static IEnumerable<Notice?> Told(RecordedEvent e) =>
        JointOrderNotices.Of(e) ?? PoolNotices.Of(e) ?? ProgramNotices.Of(e) ?? GovernanceNotices.Of(e) ?? [];

    private static string Key(long position, int place) => string.Create(CultureInfo.InvariantCulture, $"{position:D16}:{place:D5}");
}
