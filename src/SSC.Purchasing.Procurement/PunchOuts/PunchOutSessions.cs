using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Procurement.PunchOuts;

/// <summary>A visit to a shop, as its member sees it.</summary>
/// <param name="Visit">What it is about.</param>
/// <param name="Basket">What came back; null while nothing has.</param>
/// <param name="IsAccepted">True when that is the member's commitment.</param>
/// <param name="OpenedAt">When it began.</param>
public sealed record PunchOutRow(PunchOutVisit Visit, PunchOutSession.Event.Returned? Basket, bool IsAccepted, DateTimeOffset OpenedAt);

/// <summary>Every visit to a shop. Key: id of the session. Indexes: order, member.</summary>
public sealed class PunchOutSessions : ReadModel<PunchOutRow>
{
    /// <summary>The one instance.</summary>
    public static readonly PunchOutSessions Instance = new();

    /// <inheritdoc/>
    public override string Name => "punch_out_sessions";

    /// <inheritdoc/>
    public override int Version => 1;

    /// <inheritdoc/>
    public override IReadOnlyList<IndexColumn<PunchOutRow>> Indexes { get; } =
        [new("order_id", r => r.Visit.Order.Value), new("member", r => r.Visit.Member.Value)];

    /// <inheritdoc/>
    public override IEnumerable<string> KeysOf(RecordedEvent e) => e.KeysIn<PunchOutSession.Event>(PunchOutSession.Category);

    /// <inheritdoc/>
    public override PunchOutRow? Apply(string key, PunchOutRow? row, RecordedEvent e) => (row, e.Fact) switch
    {
        (_, PunchOutSession.Event.Opened f) => new(f.Visit, null, false, e.At),
        ({ } r, PunchOutSession.Event.Returned f) => r with { Basket = f },
        ({ } r, PunchOutSession.Event.Accepted) => r with { IsAccepted = true },
        _ => row,
    };
}
