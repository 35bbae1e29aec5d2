using Marten;

namespace SSC.Purchasing.CritterStack;

/// <summary>
/// Keeps a failed session from writing tombstones. Marten records one, on a connection of its own, for every position that the failed
/// session had drawn, so that its daemon does not wait for it. Here the head gives positions, and the next append takes the same ones:
/// a tombstone would hold a position that the head knows nothing of, and no append would go through again.
/// </summary>
internal sealed class NoTombstones : DocumentSessionListenerBase
{
    public static readonly NoTombstones Instance = new();

    /// <summary>The streams' appends are queued by now; Marten looks at the list of streams once more only to make tombstones.</summary>
    public override Task BeforeSaveChangesAsync(IDocumentSession session, CancellationToken token)
    {
        session.PendingChanges.Streams().Clear();
        return Task.CompletedTask;
    }
}
