using System.Collections.Concurrent;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.EventStore;

/// <summary>
/// What the appender remembers of its own and of others' writes. It may be behind; versions only grow, keys never change, and the
/// database verifies every assumption, so that being behind costs time and never truth.
/// </summary>
internal sealed class AssumedState : IKnownState
{
    private const int MostStreams = 100_000;
    private const int MostKeys = 20_000;

    private readonly Dictionary<StreamId, long> versions = [];
    private ConcurrentDictionary<KeyId, KeyedOutcome> keys = new();
    private ConcurrentDictionary<KeyId, KeyedOutcome> olderKeys = new();
    private int keyCount;

    public bool IsExact => false;

    public DateTimeOffset? Now => null;

    public DateTimeOffset LastRecordedAt { get; private set; }

    public bool IsSeeding => true;

    /// <summary>The log's last position, when this appender wrote it.</summary>
    public long? Position { get; private set; }

    public long VersionOf(StreamId stream, long seen) =>
        versions.TryGetValue(stream, out var version) && version > seen ? version : seen;

    /// <summary>Safe to call from any thread.</summary>
    public KeyedOutcome? FirstOutcome(KeyId key) =>
        keys.TryGetValue(key, out var outcome) || olderKeys.TryGetValue(key, out outcome) ? outcome : null;

    public AppendOutcome.Appended? RecordedBefore(PendingAppend pending) => null;

    /// <summary>Takes over what a batch has shown or made.</summary>
    public void Learn(BatchPlan plan, long start, DateTimeOffset recordedAt)
    {
        if (versions.Count > MostStreams) versions.Clear();
        foreach (var (stream, version) in plan.VersionsAfter()) versions[stream] = version;
        Position = start + plan.EventIds.Count;
        if (plan.EventIds.Count > 0) LastRecordedAt = recordedAt;
    }

    public void Remember(KeyId key, KeyedOutcome outcome)
    {
        // Two generations: the younger takes over when it is full, so that the last ones used are always there.
        if (++keyCount > MostKeys) (olderKeys, keys, keyCount) = (keys, new(), 1);
        keys[key] = outcome;
    }
}
