using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Tests.Host;

/// <summary>The read side without a database: every question folds the log anew, so it is never behind unless told to be.</summary>
internal sealed class InMemoryReadModels(IEventStore store) : IReadModels
{
    /// <summary>The read side stands still at this position.</summary>
    public long StuckAt { get; set; } = long.MaxValue;

    public async Task<TRow?> Find<TRow>(ReadModel<TRow> model, string tenant, string key, CancellationToken ct = default)
        where TRow : class => (TRow?)(await Rows(model, tenant)).GetValueOrDefault(key);

    public async Task<IReadOnlyList<KeyedRow<TRow>>> List<TRow>(ReadModel<TRow> model, string tenant, RowQuery query,
        CancellationToken ct = default)
        where TRow : class =>
    [
        .. (await Rows(model, tenant))
            .Where(r => query.After is null || string.CompareOrdinal(r.Key, query.After) > 0)
            .Where(r => query.Where.All(w => string.Equals(
                model.Indexes.Single(i => string.Equals(i.Name, w.Key, StringComparison.Ordinal))
                    .Value((TRow)r.Value), w.Value, StringComparison.Ordinal)))
            .Take(query.Limit)
            .Select(r => new KeyedRow<TRow>(r.Key, (TRow)r.Value)),
    ];

    public Task<bool> WaitFor(IReadModel model, long position, TimeSpan timeout, CancellationToken ct = default) =>
        WaitUntil(position, timeout, ct);

    private async Task<bool> WaitUntil(long position, TimeSpan timeout, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(timeout);
        while (Math.Min(StuckAt, (await store.Head(ct)).Position) < position)
        {
            if (patience.IsCancellationRequested) return false;
            await Task.Yield();
        }

        return true;
    }

    private async Task<SortedDictionary<string, object>> Rows(IReadModel model, string tenant)
    {
        var rows = new SortedDictionary<string, object>(StringComparer.Ordinal);
        foreach (var e in await store.ReadAll(0, int.MaxValue, new EventFilter { Tenant = tenant }))
        {
            foreach (var key in model.KeysOf(e))
            {
                if (model.Apply(key, rows.GetValueOrDefault(key), e) is { } row) rows[key] = row;
                else rows.Remove(key);
            }
        }

        return rows;
    }
}
