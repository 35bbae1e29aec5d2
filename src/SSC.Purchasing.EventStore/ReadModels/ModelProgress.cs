using SSC.Purchasing.EventStore.Subscriptions;

namespace SSC.Purchasing.EventStore.ReadModels;

/// <summary>How far a read model is known to have come in this process, and who waits for more.</summary>
internal sealed class ModelProgress
{
    private readonly Lock gate = new();
    private readonly List<(long Position, TaskCompletionSource Reached)> waiters = [];
    private long position;

    public long Position => Volatile.Read(ref position);

    /// <summary>The bell of the runner on this node, if there is one.</summary>
    public Signal? Runner { get; set; }

    /// <summary>True while somebody waits for what is not there yet.</summary>
    public bool IsAwaited
    {
        get
        {
            lock (gate) return waiters.Count > 0;
        }
    }

    public void Advance(long to)
    {
        lock (gate)
        {
            if (to <= position) return;
            Volatile.Write(ref position, to);
            for (var i = waiters.Count - 1; i >= 0; i--)
            {
                if (waiters[i].Position > to) continue;
                waiters[i].Reached.TrySetResult();
                waiters.RemoveAt(i);
            }
        }
    }

    /// <summary>Completes when the position is reached; <see cref="Forget"/> it when the wait is given up.</summary>
    public TaskCompletionSource Await(long to)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            if (to <= position) reached.SetResult();
            else waiters.Add((to, reached));
        }

        Runner?.Ring();
        return reached;
    }

    public void Forget(TaskCompletionSource reached)
    {
        lock (gate) waiters.RemoveAll(w => w.Reached == reached);
    }
}
