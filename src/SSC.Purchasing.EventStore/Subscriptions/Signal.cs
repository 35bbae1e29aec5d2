namespace SSC.Purchasing.EventStore.Subscriptions;

/// <summary>A bell for one sleeper: a ring before or during the sleep ends it, and rings do not add up.</summary>
internal sealed class Signal : IDisposable
{
    private readonly SemaphoreSlim semaphore = new(0);
    private int pending;

    /// <summary>Wakes the sleeper, now or the next time it would sleep.</summary>
    public void Ring()
    {
        if (Interlocked.Exchange(ref pending, 1) != 0) return;
        try
        {
            semaphore.Release();
        }
        catch (ObjectDisposedException)
        {
            // The sleeper has gone while an appender or a reader was about to ring.
        }
    }

    /// <summary>Sleeps until a ring or until the time is up.</summary>
    public async Task Sleep(TimeSpan atMost, CancellationToken ct)
    {
        // Whoever rings between the two lines changed its state before; the sleeper looks at that state next.
        if (await semaphore.WaitAsync(atMost, ct).ConfigureAwait(false)) Volatile.Write(ref pending, 0);
    }

    /// <inheritdoc/>
    public void Dispose() => semaphore.Dispose();
}
