using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace SSC.Purchasing.EventStore.ReadModels;

/// <summary>A row has changed, whichever node changed it.</summary>
/// <param name="Model">Read model.</param>
/// <param name="Tenant">Operator's store; null with <paramref name="Key"/>.</param>
/// <param name="Key">Row; null when the listener fell behind or the model was rebuilt: any row may have changed, read again.</param>
/// <param name="Position">The event that changed it.</param>
public sealed record RowChange(string Model, string? Tenant, string? Key, long Position);

/// <summary>
/// Tells listeners in this process (server-sent events) which rows have just changed. Nothing is stored: a listener reads the row
/// first, then listens, and reads again on each change. A slow one never holds anybody up; it misses keys and is told so.
/// </summary>
public sealed class Changes
{
    private const int Backlog = 256;
    private readonly ConcurrentDictionary<Listener, bool> listeners = new();

    /// <summary>Changes of one model's rows of one tenant from now on, until cancelled.</summary>
    /// <param name="model">Read model.</param>
    /// <param name="tenant">Operator's store.</param>
    /// <param name="key">Only this row; null for all.</param>
    /// <param name="ct">Ends the listening.</param>
    public IAsyncEnumerable<RowChange> Listen(string model, string tenant, string? key = null, CancellationToken ct = default)
    {
        var listener = new Listener(model, tenant, key, Channel.CreateBounded<RowChange>(Backlog));
        listeners[listener] = true;
        return Drain(listener, ct);
    }

    internal bool HasListeners => !listeners.IsEmpty;

    internal void Publish(RowChange change)
    {
        foreach (var (listener, _) in listeners) listener.Offer(change);
    }

    private async IAsyncEnumerable<RowChange> Drain(Listener listener, [EnumeratorCancellation] CancellationToken ct)
    {
        try
        {
            while (await listener.Queue.Reader.WaitToReadAsync(ct).ConfigureAwait(false))
            {
                while (listener.Queue.Reader.TryRead(out var change)) yield return change;
                if (listener.Missed() is { } position) yield return new(listener.Model, null, null, position);
            }
        }
        finally
        {
            listeners.TryRemove(listener, out _);
        }
    }

    private sealed class Listener(string model, string tenant, string? key, Channel<RowChange> queue)
    {
        private long missed;

        public string Model => model;

        public Channel<RowChange> Queue => queue;

        public void Offer(RowChange change)
        {
            if (!string.Equals(change.Model, model, StringComparison.Ordinal)) return;
            var mine = change.Key is null || (string.Equals(change.Tenant, tenant, StringComparison.Ordinal)
                && (key is null || string.Equals(change.Key, key, StringComparison.Ordinal)));
            if (mine && !queue.Writer.TryWrite(change)) Interlocked.Exchange(ref missed, change.Position);
        }

        public long? Missed() => Interlocked.Exchange(ref missed, 0) is > 0 and var position ? position : null;
    }
}
