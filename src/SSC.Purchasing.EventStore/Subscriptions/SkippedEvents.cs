using System.Diagnostics;
using Npgsql;

namespace SSC.Purchasing.EventStore.Subscriptions;

/// <summary>
/// The stored checkpoint of a listener for which most events mean nothing. Passing over those is only remembered, and stored every
/// other second: a node that is killed meanwhile passes over them again, and another one may do the same at any time. A checkpoint found
/// further back than it was known to be was lost in a crash of the database, with everything stored beside it: the listener must go back.
/// </summary>
internal sealed class SkippedEvents(NpgsqlDataSource db)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);
    private long stored;
    private long storedAt;

    /// <summary>The checkpoint is known to be stored here.</summary>
    public void Stored(long position)
    {
        stored = position;
        storedAt = Stopwatch.GetTimestamp();
    }

    /// <summary>
    /// True when a listener at <paramref name="position"/> may go on from a checkpoint that is stored at <paramref name="found"/>.
    /// </summary>
    public bool Allows(long found, long position) => found >= stored && found <= position;

    /// <summary>True when the database has lost what was stored.</summary>
    public bool IsLost(long found) => found < stored;

    /// <summary>
    /// Stores how far was skipped, if it has not been stored for a while. False when the stored checkpoint is elsewhere: look there.
    /// </summary>
    public async Task<bool> Keep(string name, long position, CancellationToken ct) =>
        position <= stored || Stopwatch.GetElapsedTime(storedAt) < Interval || await Store(name, position, ct).ConfigureAwait(false);

    /// <summary>Stores it before the node stops; if that fails, the events are skipped again.</summary>
    public async Task Leave(string name, long position)
    {
        if (position <= stored) return;
        try
        {
            await Store(name, position, CancellationToken.None).ConfigureAwait(false);
        }
        catch (NpgsqlException)
        {
            // Out of reach: whoever comes next skips them again.
        }
    }

    private async Task<bool> Store(string name, long position, CancellationToken ct)
    {
        if (await db.Run([Checkpoints.NoWait, Checkpoints.Raise(name, stored, position)], ct).ConfigureAwait(false) != 1) return false;
        Stored(position);
        return true;
    }
}
