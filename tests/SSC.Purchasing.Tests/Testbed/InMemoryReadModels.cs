using System.Text.Json;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Tests.Testbed;

/// <summary>Read models over an in-memory log, always current: each read folds what has been recorded since the last one.</summary>
public sealed class InMemoryReadModels(IEventStore store) : IReadModels
{
    private readonly Dictionary<IReadModel, Fold> folds = [];

    public async Task<TRow?> Find<TRow>(ReadModel<TRow> model, string tenant, string key, CancellationToken ct = default)
        where TRow : class =>
        (await Current(model, ct)).TryGetValue((tenant, key), out var row) ? Read<TRow>(row) : null;

    public async Task<IReadOnlyList<KeyedRow<TRow>>> List<TRow>(
        ReadModel<TRow> model, string tenant, RowQuery query, CancellationToken ct = default)
        where TRow : class
    {
        var rows = await Current(model, ct);
        return
        [
            .. rows.Where(r => r.Key.Tenant == tenant && string.CompareOrdinal(r.Key.Key, query.After ?? string.Empty) > 0)
                .OrderBy(r => r.Key.Key, StringComparer.Ordinal)
                .Select(r => new KeyedRow<TRow>(r.Key.Key, Read<TRow>(r.Value)))
                .Where(r => query.Where.All(w => model.Indexes.Single(i => i.Name == w.Key).Value(r.Row) == w.Value))
                .Take(query.Limit),
        ];
    }

    public Task<bool> WaitFor(IReadModel model, long position, TimeSpan timeout, CancellationToken ct = default) => Task.FromResult(true);

    private static TRow Read<TRow>(string row) => JsonSerializer.Deserialize<TRow>(row, EventCatalogue.Json)!;

    private async Task<Dictionary<(string Tenant, string Key), string>> Current(IReadModel model, CancellationToken ct)
    {
        if (!folds.TryGetValue(model, out var fold)) folds[model] = fold = new();
        while (await store.ReadAll(fold.Position, 1000, ct: ct) is { Count: > 0 } events)
        {
            foreach (var e in events)
            {
                foreach (var key in model.KeysOf(e)) fold.Apply(model, key, e);
            }

            fold.Position = events[^1].Position;
        }

        return fold.Rows;
    }

    private sealed class Fold
    {
        public long Position { get; set; }

        public Dictionary<(string Tenant, string Key), string> Rows { get; } = [];

        public void Apply(IReadModel model, string key, RecordedEvent e)
        {
            var before = Rows.TryGetValue((e.Tenant, key), out var json)
                ? JsonSerializer.Deserialize(json, model.RowType, EventCatalogue.Json) : null;
            if (model.Apply(key, before, e) is { } after)
                Rows[(e.Tenant, key)] = JsonSerializer.Serialize(after, model.RowType, EventCatalogue.Json);
            else Rows.Remove((e.Tenant, key));
        }
    }
}
