using System.Text.Json;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Audit;

/// <summary>An aggregate as it stood.</summary>
/// <param name="Stream">Its stream.</param>
/// <param name="Category">Kind of aggregate; null when no fold is registered for it.</param>
/// <param name="AsOfPosition">The position looked at.</param>
/// <param name="Version">Its version then.</param>
/// <param name="Position">Position of the last event that counts.</param>
/// <param name="RecordedAt">That event's time.</param>
/// <param name="State">The state as JSON; null when it cannot be folded, see <paramref name="Problem"/>.</param>
/// <param name="Problem">Why there is no state: no fold, or the first event that could not be folded.</param>
/// <param name="Events">All events that led there.</param>
public sealed record AggregateAt(
    string Stream,
    string? Category,
    long AsOfPosition,
    long Version,
    long Position,
    DateTimeOffset RecordedAt,
    JsonElement? State,
    string? Problem,
    IReadOnlyList<AuditedEvent> Events);

/// <summary>What changed between two points, and by which events.</summary>
/// <param name="Stream">Stream.</param>
/// <param name="FromPosition">The earlier point.</param>
/// <param name="FromVersion">Version at it; 0 before the first event.</param>
/// <param name="ToPosition">The later point.</param>
/// <param name="ToVersion">Version at it.</param>
/// <param name="Changes">State before and after, by path.</param>
/// <param name="Events">Events after the earlier point, up to the later one.</param>
public sealed record AggregateDifference(
    string Stream,
    long FromPosition,
    long FromVersion,
    long ToPosition,
    long ToVersion,
    IReadOnlyList<StateChange> Changes,
    IReadOnlyList<AuditedEvent> Events);

/// <summary>Any aggregate as of any time or position, and the difference between two points.</summary>
public sealed class AggregateView(IEventStore store, AggregateRegistry aggregates)
{
    /// <summary>The aggregate at a point; null when nothing was recorded on the stream by then.</summary>
    public async Task<AggregateAt?> At(string tenant, string stream, PointInHistory point, CancellationToken ct = default) =>
        await At(tenant, stream, await point.Resolve(store, ct).ConfigureAwait(false), ct).ConfigureAwait(false);

    /// <summary>
    /// What changed on a stream between two points, in either order; null when nothing was recorded by the later one. Before the
    /// first event the state is the aggregate's initial one. When a state cannot be folded, no changes are given, only events.
    /// </summary>
    public async Task<AggregateDifference?> Difference(
        string tenant, string stream, PointInHistory from, PointInHistory to, CancellationToken ct = default)
    {
        var a = await from.Resolve(store, ct).ConfigureAwait(false);
        var b = await to.Resolve(store, ct).ConfigureAwait(false);
        var (earlier, later) = (Math.Min(a, b), Math.Max(a, b));
        if (await At(tenant, stream, later, ct).ConfigureAwait(false) is not { } after) return null;
        var before = await At(tenant, stream, earlier, ct).ConfigureAwait(false);
        var start = before is null
            ? aggregates.FoldOf(stream) is { } fold ? fold.ToJson(fold.Initial) : null
            : before.State;
        return new(
            stream, earlier, before?.Version ?? 0, later, after.Version,
            start is { } x && after.State is { } y ? StateDiff.Between(x, y) : [],
            [.. after.Events.Where(e => e.Position > earlier)]);
    }

    private async Task<AggregateAt?> At(string tenant, string stream, long position, CancellationToken ct)
    {
        var events = await store.ReadStream(tenant, stream, upToPosition: position, ct: ct).ConfigureAwait(false);
        if (events.Count == 0) return null;
        var fold = aggregates.FoldOf(stream);
        var (state, problem) = fold is null ? (null, $"No aggregate is registered for the stream {stream}.") : Fold(fold, events);
        var last = events[^1];
        return new(
            stream, fold?.Category, position, last.Version, last.Position, last.At, state, problem, [.. events.Select(AuditedEvent.Of)]);
    }

    private static (JsonElement? State, string? Problem) Fold(AggregateFold fold, IReadOnlyList<RecordedEvent> events)
    {
        var state = fold.Initial;
        foreach (var e in events)
        {
            try
            {
                state = fold.Apply(state, e);
            }
            catch (Exception corrupt) when (corrupt is not OperationCanceledException)
            {
                return (null, $"{e.Type} at position {e.Position} cannot be folded: {corrupt.Message}");
            }
        }

        return (fold.ToJson(state), null);
    }
}
