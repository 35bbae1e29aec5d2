using System.Text.Json;
using Shouldly;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Contracts;

namespace SSC.Purchasing.Tests.Procurement.Rules;

/// <summary>Rows of a read model after facts on one stream; each row passes through JSON between two facts, as in the store.</summary>
internal static class Projected
{
    private static readonly EventCatalogue Catalogue = EventCatalogue.Of([typeof(Contract).Assembly]);

    public static Dictionary<string, TRow> Rows<TRow>(
        ReadModel<TRow> model, string stream, DateTimeOffset at, params IReadOnlyList<object> facts)
        where TRow : class
    {
        var rows = new Dictionary<string, TRow>(StringComparer.Ordinal);
        foreach (var (i, fact) in facts.Index())
        {
            var recorded = new RecordedEvent(Catalogue)
            {
                Position = i + 1, Version = i + 1, Id = Guid.Empty, Tenant = "mn", Stream = stream, At = at, Metadata = new("t", "t"),
                Type = Catalogue.AliasOf(fact), Data = EventCatalogue.Serialize(fact),
            };
            foreach (var key in model.KeysOf(recorded))
            {
                var row = model.Apply(key, rows.GetValueOrDefault(key), recorded).ShouldNotBeNull();
                rows[key] = JsonSerializer.Deserialize<TRow>(JsonSerializer.Serialize(row, EventCatalogue.Json), EventCatalogue.Json)!;
                rows[key].ShouldBe(row);
            }
        }

        return rows;
    }

    public static string? Index<TRow>(this ReadModel<TRow> model, string name, TRow row)
        where TRow : class => model.Indexes.Single(i => string.Equals(i.Name, name, StringComparison.Ordinal)).Value(row);
}
