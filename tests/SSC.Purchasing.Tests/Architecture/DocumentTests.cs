using Shouldly;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Tests.Properties;
using SSC.Purchasing.Tests.Testbed;
using Xunit;

namespace SSC.Purchasing.Tests.Architecture;

/// <summary>
/// The documents that are generated from the code are those that are committed; <c>SSC_WRITE_DOCS=1</c> writes them anew.
/// </summary>
public class DocumentTests
{
    private static readonly string Docs = Path.Combine(House.Root, "src", "docs");

    [Fact]
    public void the_list_of_events_is_that_of_the_code() => SameAsCommitted("events.md", EventsDocument.Of(House.Aggregates));

    [Fact]
    public void the_state_diagrams_are_those_of_the_code()
    {
        var drawn = Walks().ToDictionary(w => $"{w.Aggregate.Category}.mmd", w => StateDiagram.Of(w.Aggregate, w.Walk),
            StringComparer.Ordinal);
        foreach (var (file, text) in drawn) SameAsCommitted(Path.Combine("diagrams", file), text);

        var folder = Path.Combine(Docs, "diagrams");
        var committed = Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*.mmd").Select(f => Path.GetFileName(f)!)
            .ToList() : [];
        committed.Except(drawn.Keys, StringComparer.Ordinal).ShouldBeEmpty("nothing draws these any more; delete them");
    }

    [Fact]
    public void an_event_is_listed_with_its_stream_its_members_and_their_kinds()
    {
        var text = EventsDocument.Of([Loans]);
        text.ShouldContain("Stream `loan-{key}`.");
        text.ShouldContain("### tool_lent\n");
        text.ShouldContain("| `due` | DateTimeOffset |");
    }

    [Fact]
    public void a_diagram_shows_every_move_between_states() => StateDiagram.Of(Loans, new LoanLaws()).ShouldBe(
        """
        stateDiagram-v2
            [*] --> OnShelf
            OnShelf --> Out: Lent
            Out --> Back: Returned
            Out --> Out: Reminded

        """);

    [Fact]
    public void the_kernels_own_words_are_found() => XmlDocs.Summary(typeof(Refusal))!.ShouldStartWith("A business no");

    private static Aggregate Loans => Aggregate.In(typeof(Loan).Assembly).Single(a => a.Decider == typeof(Loan));

    private static IEnumerable<(Aggregate Aggregate, IDeciderWalk Walk)> Walks() =>
        from type in typeof(DocumentTests).Assembly.GetTypes()
        where !type.IsAbstract && typeof(IDeciderWalk).IsAssignableFrom(type) && type.GetConstructor([]) is not null
        let decider = Laws(type).GetGenericArguments()[0]
        from aggregate in House.Aggregates
        where aggregate.Decider == decider
        select (aggregate, (IDeciderWalk)Activator.CreateInstance(type)!);

    private static Type Laws(Type type)
    {
        while (!type.IsGenericType || type.GetGenericTypeDefinition() != typeof(DeciderLaws<,,,>)) type = type.BaseType!;
        return type;
    }

    private static void SameAsCommitted(string name, string text)
    {
        var path = Path.Combine(Docs, name);
        if (Environment.GetEnvironmentVariable("SSC_WRITE_DOCS") is "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
        }

        File.Exists(path).ShouldBeTrue($"{name} is missing: run the tests once with SSC_WRITE_DOCS=1 and commit it");
        File.ReadAllText(path).ShouldBe(text, $"{name} is not what the code says: run the tests once with SSC_WRITE_DOCS=1 and commit it");
    }
}
