using System.Collections.Concurrent;

namespace SSC.Purchasing.Host.Access;

/// <summary>
/// Keeps what was read for a few seconds, so that a change takes effect within <see cref="Oldest"/> on every node. One caller renews
/// a value that is getting old while the others still use it; past <see cref="Oldest"/> nobody does.
/// </summary>
internal sealed class RecentlyRead<TValue>(TimeProvider clock, Func<string, CancellationToken, Task<TValue>> read, int capacity = 10_000)
{
    /// <summary>A value older than this is never used.</summary>
    public static readonly TimeSpan Oldest = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Renewal = TimeSpan.FromSeconds(2.5);
    private readonly ConcurrentDictionary<string, Entry> entries = new(StringComparer.Ordinal);

    public ValueTask<TValue> Get(string key, CancellationToken ct)
    {
        if (entries.TryGetValue(key, out var entry))
        {
            var age = clock.GetElapsedTime(entry.ReadAt);
            if (age < Renewal || (age < Oldest && !entry.ClaimRenewal())) return new(entry.Value);
        }

        return new(Read(key, ct));
    }

    /// <summary>Reads it again next time: this node has changed it.</summary>
    public void Forget(string key) => entries.TryRemove(key, out _);

    private async Task<TValue> Read(string key, CancellationToken ct)
    {
        var at = clock.GetTimestamp(); // before the read: what changes during it is seen next time
        var value = await read(key, ct);
        if (entries.Count >= capacity) entries.Clear();
        entries[key] = new(value, at);
        return value;
    }

    private sealed class Entry(TValue value, long readAt)
    {
        private int renewing;

        public TValue Value => value;

        public long ReadAt => readAt;

        public bool ClaimRenewal() => Interlocked.Exchange(ref renewing, 1) == 0;
    }
}
