namespace SSC.Purchasing.EventStore;

/// <summary>Opens a writer; the appender asks again when one is lost.</summary>
/// <param name="isSeeding">True while commits need not wait for the disk.</param>
/// <param name="ct">Cancellation.</param>
internal delegate Task<IBatchWriter> OpenBatchWriter(bool isSeeding, CancellationToken ct);

/// <summary>
/// How an appender's plans reach the database. Everything but <see cref="Write"/> happens between <see cref="LockAndRead"/> and the end
/// of that transaction, under the head's lock.
/// </summary>
internal interface IBatchWriter : IAsyncDisposable
{
    /// <summary>False once the connection is lost.</summary>
    bool IsAlive { get; }

    /// <summary>True when it can write on assumptions that the database verifies; else every batch reads first.</summary>
    bool CanAssume { get; }

    /// <summary>True when it writes a batch stream by stream: the appender then plans it in that order, so that positions agree.</summary>
    bool WritesByStream { get; }

    /// <summary>Writes a plan made on assumptions, in a transaction of its own.</summary>
    Task<(long Base, DateTimeOffset RecordedAt)> Write(BatchPlan plan, long? expectedBase, CancellationToken ct);

    /// <summary>
    /// Begins a transaction, takes the head's lock and reads all that a batch's decisions depend on. The lock stays held.
    /// </summary>
    Task<LockedState> LockAndRead(IReadOnlyList<PendingAppend> batch, CancellationToken ct);

    /// <summary>Writes a plan that was made under the lock, and commits.</summary>
    Task<(long Base, DateTimeOffset RecordedAt)> WriteAndCommit(BatchPlan plan, LockedState state, CancellationToken ct);

    /// <summary>Gives up the transaction and the lock.</summary>
    Task Rollback(CancellationToken ct);
}
