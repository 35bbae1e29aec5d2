using System.Diagnostics;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.EventStore.Subscriptions;

/// <summary>
/// The one reader of the log's tail in a process. Recent events stay in a bounded ring, so that many listeners read and
/// deserialise them once; whoever is further behind reads the store by itself. Positions are dense (G3), so an event's place
/// in the ring is its position, and what this process has recorded right after the last known event is taken as it is: nothing
/// can stand between them, and nothing needs to be read back.
/// </summary>
public sealed class LogFeed : IDisposable
{
    private const int Page = 1_000;
    private static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(4);

    private readonly IEventStore store;
    private readonly TimeSpan poll;
    private readonly RecordedEvent[] ring;
    private readonly Lock gate = new();
    private readonly List<Signal> listeners = [];
    private readonly Signal wake = new();
    private long head;
    private long end; // last event in the ring; listeners are shown it a moment later, with what comes meanwhile
    private long oldest = long.MaxValue;
    private long wanted;
    private bool isMissingSome; // another process has recorded something in between

    /// <summary>Makes a feed that reads nothing until its loop runs.</summary>
    /// <param name="store">The log.</param>
    /// <param name="poll">How often to look for what other nodes appended.</param>
    /// <param name="capacity">Events kept.</param>
    public LogFeed(IEventStore store, TimeSpan poll, int capacity = 4_096)
    {
        this.store = store;
        this.poll = poll;
        ring = new RecordedEvent[capacity];
    }

    /// <summary>The last position seen.</summary>
    public long Head => Volatile.Read(ref head);

    /// <summary>Hears what this node's appender has recorded.</summary>
    public void Take(LogAdvance advance)
    {
        lock (gate)
        {
            if (oldest != long.MaxValue && advance.Events is [{ Position: var first }, ..] && first == end + 1) Fill(advance.Events);
            else isMissingSome = true;
        }

        wake.Ring();
    }

    /// <summary>Says that somebody waits for a position: read without gathering more first.</summary>
    public void Want(long position)
    {
        if (position <= Volatile.Read(ref wanted)) return;
        lock (gate) wanted = Math.Max(wanted, position);
        wake.Ring();
    }

    /// <summary>Events after a position, from the ring where it reaches back that far, else from the store.</summary>
    /// <param name="after">Position, exclusive.</param>
    /// <param name="limit">At most this many.</param>
    /// <param name="ct">Cancellation.</param>
    public async ValueTask<IReadOnlyList<RecordedEvent>> Read(long after, int limit, CancellationToken ct)
    {
        lock (gate)
        {
            if (after >= oldest - 1)
            {
                var count = (int)Math.Clamp(head - after, 0, limit);
                var events = new RecordedEvent[count];
                for (var i = 0; i < count; i++) events[i] = ring[(after + 1 + i) % ring.Length];
                return events;
            }
        }

        return await store.ReadAll(after, limit, ct: ct).ConfigureAwait(false);
    }

    /// <summary>Reads what is new, then sleeps until there may be more.</summary>
    internal async Task Step(CancellationToken ct)
    {
        if (oldest == long.MaxValue) await Begin(ct).ConfigureAwait(false);
        if (!Show() || isMissingSome)
        {
            lock (gate) isMissingSome = false;
            var events = await store.ReadAll(head, Page, ct: ct).ConfigureAwait(false);
            if (events.Count > 0) Keep(events);
            if (events.Count == Page) return;
        }

        var slept = Stopwatch.GetTimestamp();
        await wake.Sleep(poll, ct).ConfigureAwait(false);
        var rest = Linger - Stopwatch.GetElapsedTime(slept);
        if (rest > TimeSpan.Zero && Volatile.Read(ref wanted) <= head) await Task.Delay(rest, ct).ConfigureAwait(false);
    }

    internal void Listen(Signal signal)
    {
        lock (gate) listeners.Add(signal);
    }

    internal void Leave(Signal signal)
    {
        lock (gate) listeners.Remove(signal);
    }

    private async Task Begin(CancellationToken ct)
    {
        var last = await store.Head(ct).ConfigureAwait(false);
        lock (gate)
        {
            head = end = last.Position;
            oldest = end + 1;
            foreach (var listener in listeners) listener.Ring();
        }
    }

    /// <summary>Takes in what was read, but for what the appender has handed over meanwhile.</summary>
    private void Keep(IReadOnlyList<RecordedEvent> events)
    {
        lock (gate)
        {
            if (events[^1].Position > end) Fill(events);
        }

        Show();
    }

    private void Fill(IReadOnlyList<RecordedEvent> events)
    {
        foreach (var e in events) ring[e.Position % ring.Length] = e;
        end = events[^1].Position;
        oldest = Math.Max(oldest, end - ring.Length + 1);
    }

    /// <summary>Lets listeners see what is in the ring; false when there is nothing they have not seen.</summary>
    private bool Show()
    {
        lock (gate)
        {
            if (end == head) return false;
            Volatile.Write(ref head, end);
            foreach (var listener in listeners) listener.Ring();
            return true;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => wake.Dispose();
}
