namespace SSC.Purchasing.Kernel;

/// <summary>
/// A read model: a pure fold of the log into rows of documents, each under a key, with declared index columns.
/// The store keeps the rows in a table <c>coop.rm_{name}_v{version}</c> and moves a checkpoint in the same transaction.
/// </summary>
/// <typeparam name="TRow">The document, a record that System.Text.Json can write and read.</typeparam>
public abstract class ReadModel<TRow> : IReadModel
    where TRow : class
{
    /// <inheritdoc/>
    public abstract string Name { get; }

    /// <inheritdoc/>
    public abstract int Version { get; }

    /// <inheritdoc/>
    public Type RowType => typeof(TRow);

    /// <summary>Columns that queries filter and order by, beside tenant and key; each is a text, from the row.</summary>
    public virtual IReadOnlyList<IndexColumn<TRow>> Indexes => [];

    /// <inheritdoc/>
    public IReadOnlyList<string> IndexNames => [.. Indexes.Select(i => i.Name)];

    /// <summary>Keys of the rows an event touches; none when it means nothing here.</summary>
    public abstract IEnumerable<string> KeysOf(RecordedEvent e);

    /// <summary>
    /// The row after the event; null removes it. Pure; throws only on corrupt history (the projection then stops and alarms).
    /// </summary>
    public abstract TRow? Apply(string key, TRow? row, RecordedEvent e);

    object? IReadModel.Apply(string key, object? row, RecordedEvent e) => Apply(key, (TRow?)row, e);

    string? IReadModel.IndexValue(int index, object row) => Indexes[index].Value((TRow)row);
}

/// <summary>The untyped face of a read model, for the store.</summary>
public interface IReadModel
{
    /// <summary>snake_case, e.g. <c>open_orders_board</c>.</summary>
    string Name { get; }

    /// <summary>Raise it when rows must be rebuilt; the new table is built beside the live one.</summary>
    int Version { get; }

    /// <summary>The document type.</summary>
    Type RowType { get; }

    /// <summary>Names of the index columns, snake_case.</summary>
    IReadOnlyList<string> IndexNames { get; }

    /// <summary>Keys of the rows an event touches.</summary>
    IEnumerable<string> KeysOf(RecordedEvent e);

    /// <summary>The row after the event; null removes it.</summary>
    object? Apply(string key, object? row, RecordedEvent e);

    /// <summary>The value of an index column of a row.</summary>
    string? IndexValue(int index, object row);
}

/// <summary>A column that queries filter by.</summary>
/// <param name="Name">snake_case.</param>
/// <param name="Value">Its text, from the row.</param>
public sealed record IndexColumn<TRow>(string Name, Func<TRow, string?> Value);

/// <summary>The port to read-model rows.</summary>
public interface IReadModels
{
    /// <summary>One row, or null.</summary>
    Task<TRow?> Find<TRow>(ReadModel<TRow> model, string tenant, string key, CancellationToken ct = default)
        where TRow : class;

    /// <summary>Rows in key order after a cursor, filtered by equality on index columns.</summary>
    Task<IReadOnlyList<KeyedRow<TRow>>> List<TRow>(ReadModel<TRow> model, string tenant, RowQuery query, CancellationToken ct = default)
        where TRow : class;

    /// <summary>Waits until the model has applied the log up to a position; false when the time is up first.</summary>
    Task<bool> WaitFor(IReadModel model, long position, TimeSpan timeout, CancellationToken ct = default);
}

/// <summary>A row under its key.</summary>
public sealed record KeyedRow<TRow>(string Key, TRow Row);

/// <summary>A page of rows: equality filters on index columns, key cursor, limit.</summary>
public sealed record RowQuery
{
    /// <summary>Index column → value it must equal.</summary>
    public IReadOnlyDictionary<string, string> Where { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Keys after this one, ordinal order.</summary>
    public string? After { get; init; }

    /// <summary>At most this many rows, 1–10,000.</summary>
    public int Limit { get; init; } = 100;
}
