using System.Text.Json;
using System.Text.Json.Nodes;
using Shouldly;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Tests.Architecture;
using SSC.Purchasing.Tests.Testbed;
using Xunit;

namespace SSC.Purchasing.Tests.EventContracts;

/// <summary>
/// Events are for ever: <c>samples/{alias}.json</c> holds one body of each stored name as it was first written, and today's code must
/// read it without losing a member. A sample is never edited; a changed shape gets a new alias and an upcaster.
/// <c>SSC_WRITE_SAMPLES=1</c> writes the samples that are missing, and only those.
/// </summary>
public class EventContractTests
{
    private static readonly string Folder = Path.Combine(House.Root, "tests", "SSC.Purchasing.Tests", "EventContracts", "samples");
    private static readonly JsonSerializerOptions Readable = new(EventCatalogue.Json) { WriteIndented = true };

    [Fact]
    public void every_event_has_a_sample_of_its_stored_form()
    {
        var missing = House.Catalogue.Entries.Where(e => !File.Exists(SampleOf(e.Key))).ToList();
        if (Environment.GetEnvironmentVariable("SSC_WRITE_SAMPLES") is "1")
        {
            Directory.CreateDirectory(Folder);
            foreach (var (alias, type) in missing) File.WriteAllText(SampleOf(alias), Write(SampleValues.Of(type)));
            missing.Clear();
        }

        missing.Select(m => m.Key).ShouldBeEmpty("run the tests once with SSC_WRITE_SAMPLES=1, look at the files and commit them");
    }

    [Fact]
    public void todays_code_reads_every_sample_ever_written()
    {
        foreach (var file in Samples()) Read(House.Catalogue, Path.GetFileNameWithoutExtension(file), File.ReadAllText(file));
    }

    [Fact]
    public void the_samples_show_every_member_of_their_event()
    {
        var partial =
            from entry in House.Catalogue.Entries
            where File.Exists(SampleOf(entry.Key))
            let shown = JsonNode.Parse(File.ReadAllText(SampleOf(entry.Key)))!.AsObject().Select(m => m.Key)
            let all = JsonNode.Parse(Write(SampleValues.Of(entry.Value)))!.AsObject().Select(m => m.Key)
            let unseen = all.Except(shown, StringComparer.Ordinal).ToList()
            where unseen.Count == all.Count() && unseen.Count > 0
            select entry.Key;
        partial.ShouldBeEmpty("an empty sample proves nothing");
    }

    [Theory]
    [InlineData("""{"tool":"saw","due":"2026-03-06T18:00:00+00:00"}""", true)]
    [InlineData("""{"tool":"saw"}""", true)]
    [InlineData("""{"tool":"saw","lender":"gone since"}""", false)]
    [InlineData("""{"tool":7}""", false)]
    public void a_member_that_is_lost_or_changes_its_kind_is_found(string sample, bool reads)
    {
        var read = () => Read(SagaTestbedTests.Catalogue, "tool_lent", sample);
        if (reads) read.ShouldNotThrow();
        else read.ShouldThrow<Exception>();
    }

    [Fact]
    public void a_sample_is_made_the_same_every_time_and_leaves_nothing_out()
    {
        var text = Write(SampleValues.Of(typeof(Loan.Event.Lent)));
        text.ShouldBe(Write(SampleValues.Of(typeof(Loan.Event.Lent))));
        JsonNode.Parse(text)!.AsObject().Select(m => m.Key).ShouldBe(["tool", "due"]);
    }

    private static void Read(EventCatalogue catalogue, string alias, string sample)
    {
        var fact = catalogue.Deserialize(alias, System.Text.Encoding.UTF8.GetBytes(sample));
        if (!string.Equals(catalogue.AliasOf(fact), alias, StringComparison.Ordinal)) return; // lifted: its shape has changed on purpose
        Lost(JsonNode.Parse(sample), JsonNode.Parse(EventCatalogue.Serialize(fact)), alias)
            .ShouldBeEmpty("today's code loses or changes these");
    }

    /// <summary>Paths of what the sample says and today's form of it does not.</summary>
    private static IEnumerable<string> Lost(JsonNode? sample, JsonNode? today, string path) => (sample, today) switch
    {
        (JsonObject then, JsonObject now) => then.SelectMany(m => Lost(m.Value, now[m.Key], $"{path}.{m.Key}")),
        (JsonArray then, JsonArray now) when then.Count == now.Count => then.SelectMany((item, i) => Lost(item, now[i], $"{path}[{i}]")),
        _ => JsonNode.DeepEquals(sample, today) ? [] : [$"{path}: {sample?.ToJsonString()} became {today?.ToJsonString() ?? "nothing"}"],
    };

    private static string Write(object fact) => JsonSerializer.Serialize(fact, fact.GetType(), Readable) + "\n";

    private static string SampleOf(string alias) => Path.Combine(Folder, alias + ".json");

    private static IEnumerable<string> Samples() => Directory.Exists(Folder) ? Directory.EnumerateFiles(Folder, "*.json") : [];
}
