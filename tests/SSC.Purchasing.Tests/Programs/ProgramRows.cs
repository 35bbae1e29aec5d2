using System.Text.Json;
using Shouldly;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Programs;

namespace SSC.Purchasing.Tests.Programs;

/// <summary>Rows of a read model after facts on one stream; each row passes through JSON between two facts, as in the store.</summary>
internal static class ProgramRows
{
    private static readonly EventCatalogue Catalogue = EventCatalogue.Of([typeof(CoopProgram).Assembly]);

    public static Dictionary<string, TRow> Of<TRow>(ReadModel<TRow> model, string stream, IEnumerable<object> facts)
        where TRow : class
    {
        var rows = new Dictionary<string, TRow>(StringComparer.Ordinal);
        foreach (var recorded in Recorded(stream, facts))
        {
            foreach (var key in model.KeysOf(recorded))
            {
                var row = model.Apply(key, rows.GetValueOrDefault(key), recorded).ShouldNotBeNull();
                rows[key] = JsonSerializer.Deserialize<TRow>(JsonSerializer.Serialize(row, EventCatalogue.Json), EventCatalogue.Json)!;
                rows[key].ShouldBe(row);
            }
        }

        return rows;
    }

    public static IEnumerable<RecordedEvent> Recorded(string stream, IEnumerable<object> facts) =>
        facts.Select((fact, i) => new RecordedEvent(Catalogue)
        {
            Position = i + 1, Version = i + 1, Id = Guid.Empty, Tenant = "mn", Stream = stream, At = ProgramSamples.Now,
            Metadata = new("t", "t"), Type = Catalogue.AliasOf(fact), Data = EventCatalogue.Serialize(fact),
        });
}
