using System.Runtime.InteropServices;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.EventStore.ReadModels;

/// <summary>Folds events into a read model's rows in memory, one event wholly or not at all.</summary>
internal sealed class RowFold(IReadModel model)
{
    private readonly Dictionary<(string Tenant, string Key), Row> rows = [];
    private readonly List<(Row Row, object? Document)> step = [];

    /// <summary>Rows known, also those that are gone.</summary>
    public IEnumerable<Row> Rows => rows.Values;

    /// <summary>Rows that an event has touched.</summary>
    public IEnumerable<Row> Touched => rows.Values.Where(r => r.Position > 0);

    /// <summary>The keys an event touches.</summary>
    /// <exception cref="PoisonException">The model cannot read the event.</exception>
    public string[] KeysOf(RecordedEvent e)
    {
        try
        {
            // Most events mean nothing to most models, and most others touch one row: neither needs a set.
            return model.KeysOf(e) switch
            {
                IReadOnlyCollection<string> { Count: 0 } => [],
                IReadOnlyList<string> { Count: 1 } one => [one[0]],
                var keys => keys.Distinct(StringComparer.Ordinal).ToArray(),
            };
        }
        catch (Exception cause) when (cause is not OutOfMemoryException)
        {
            throw new PoisonException(e, cause);
        }
    }

    /// <summary>Puts a stored row in place before events are applied.</summary>
    public void Know(string tenant, string key, object document) => rows[(tenant, key)] = new(tenant, key) { Document = document };

    /// <summary>Applies an event to its rows.</summary>
    /// <exception cref="PoisonException">The model cannot apply the event; no row has changed.</exception>
    public void Apply(RecordedEvent e, string[] keys)
    {
        if (keys.Length == 0) return;
        step.Clear();
        try
        {
            foreach (var key in keys)
            {
                ref var row = ref CollectionsMarshal.GetValueRefOrAddDefault(rows, (e.Tenant, key), out _);
                row ??= new(e.Tenant, key);
                step.Add((row, model.Apply(key, row.Document, e)));
            }
        }
        catch (Exception cause) when (cause is not OutOfMemoryException)
        {
            throw new PoisonException(e, cause);
        }

        foreach (var (row, document) in step)
        {
            row.Document = document;
            row.Position = e.Position;
        }
    }

    /// <summary>A row and the last event that touched it; position 0 when none has since it was loaded.</summary>
    internal sealed class Row(string tenant, string key)
    {
        public string Tenant => tenant;

        public string Key => key;

        public object? Document { get; set; }

        public long Position { get; set; }
    }
}

/// <summary>An event that a listener cannot apply: it stops there, alarms, and never skips.</summary>
public sealed class PoisonException(RecordedEvent e, Exception cause)
    : Exception($"Event {e.Position} ({e.Type} on {e.Stream}): {cause.Message}", cause)
{
    /// <summary>Position of the event.</summary>
    public long Position { get; } = e.Position;
}
