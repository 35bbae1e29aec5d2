using Npgsql;
using SSC.Purchasing.EventStore.Subscriptions;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.EventStore.ReadModels;

/// <summary>
/// A run of events to fold into one generation's rows: which rows they touch, up to the first event that the model cannot read.
/// </summary>
internal sealed class ProjectionBatch
{
    private readonly ReadModelTable table;
    private readonly RowFold fold;
    private readonly List<(RecordedEvent Event, string[] Keys)> relevant = [];

    public ProjectionBatch(ReadModelTable table, long from, IReadOnlyList<RecordedEvent> events)
    {
        this.table = table;
        fold = new(table.Model);
        From = from;
        To = from;
        foreach (var e in events)
        {
            try
            {
                var keys = fold.KeysOf(e);
                if (keys.Length > 0) relevant.Add((e, keys));
            }
            catch (PoisonException poison)
            {
                Poison = poison;
                break;
            }

            To = e.Position;
        }
    }

    public ReadModelTable Table => table;

    /// <summary>The checkpoint that the batch starts from.</summary>
    public long From { get; }

    /// <summary>The checkpoint after it.</summary>
    public long To { get; private set; }

    /// <summary>The event that stops the model, right after <see cref="To"/>.</summary>
    public PoisonException? Poison { get; private set; }

    /// <summary>True when no event means anything to the model: only the checkpoint moves.</summary>
    public bool IsIrrelevant => relevant.Count == 0;

    /// <summary>Rows changed, once it is applied.</summary>
    public IEnumerable<RowFold.Row> Touched => fold.Touched;

    /// <summary>One query per tenant for the rows that the events touch.</summary>
    public IEnumerable<NpgsqlBatchCommand> Loads() => relevant
        .GroupBy(r => r.Event.Tenant, StringComparer.Ordinal)
        .Select(g => table.Load(g.Key, g.SelectMany(r => r.Keys).Distinct(StringComparer.Ordinal)));

    /// <summary>Takes the rows of one of <see cref="Loads"/>.</summary>
    public async Task Take(NpgsqlDataReader reader, CancellationToken ct)
    {
        while (await reader.ReadAsync(ct).ConfigureAwait(false))
        {
            var document = StoredJson.Read(reader.Json(2), table.Model.RowType);
            fold.Know(reader.GetString(0), reader.GetString(1), document);
        }
    }

    /// <summary>Applies the events in memory, up to the first that cannot be applied.</summary>
    public void Apply()
    {
        foreach (var (e, keys) in relevant)
        {
            try
            {
                fold.Apply(e, keys);
            }
            catch (PoisonException poison)
            {
                Poison = poison;
                To = e.Position - 1;
                return;
            }
        }
    }

    /// <summary>Writes the touched rows and moves the checkpoint; the move's effect must be one row.</summary>
    public IEnumerable<NpgsqlBatchCommand> Writes()
    {
        var kept = fold.Touched.Where(r => r.Document is not null).ToList();
        var gone = fold.Touched.Where(r => r.Document is null).ToList();
        if (kept.Count > 0) yield return table.Upsert(kept);
        if (gone.Count > 0) yield return table.Delete(gone);
        if (To > From) yield return Checkpoints.Move(table.Checkpoint, From, To);
    }

    /// <summary>Takes the answers to all of <see cref="Loads"/>.</summary>
    public async Task<bool> TakeAll(NpgsqlDataReader reader, CancellationToken ct)
    {
        do await Take(reader, ct).ConfigureAwait(false);
        while (await reader.NextResultAsync(ct).ConfigureAwait(false));
        return true;
    }

    /// <summary>Loads, applies and writes under a lock that the caller holds.</summary>
    public async Task Run(NpgsqlConnection connection, CancellationToken ct)
    {
        if (!IsIrrelevant) await connection.Ask(Loads(), reader => TakeAll(reader, ct), ct).ConfigureAwait(false);
        Apply();
        await connection.Run(Writes(), ct).ConfigureAwait(false);
    }
}
