using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Shouldly;
using SSC.Purchasing.Audit;
using Xunit;

namespace SSC.Purchasing.Tests.Audit;

public class StateDiffTests
{
    [Fact]
    public void an_item_put_in_front_is_one_addition_and_not_a_change_of_all_that_follow() => Difference(
        """{"shares":[{"member":"B","units":2},{"member":"C","units":3}]}""",
        """{"shares":[{"member":"A","units":1},{"member":"B","units":2},{"member":"C","units":3}]}""")
        .ShouldBe(["Added shares[member=A]:  → {\"member\":\"A\",\"units\":1}"]);

    [Fact]
    public void lines_at_several_sites_are_known_by_line_and_site() => Difference(
        """[{"lineNo":1,"site":"HS","q":4},{"lineNo":1,"site":"MS","q":2}]""",
        """[{"lineNo":1,"site":"HS","q":4},{"lineNo":1,"site":"MS","q":5},{"lineNo":2,"site":"HS","q":1}]""")
        .ShouldBe(["Changed [lineNo=1,site=MS].q: 2 → 5", "Added [lineNo=2,site=HS]:  → {\"lineNo\":2,\"site\":\"HS\",\"q\":1}"]);

    [Fact]
    public void plain_values_are_matched_by_value() =>
        Difference("""{"v":["a","b","b"]}""", """{"v":["b","c","a"]}""").ShouldBe(["Removed v[]: b → ", "Added v[]:  → c"]);

    [Fact]
    public void another_order_is_a_change_too_since_vendors_are_ranked()
    {
        Difference("""{"v":["a","b"]}""", """{"v":["b","a"]}""").ShouldBe(["Reordered v: [\"a\",\"b\"] → [\"b\",\"a\"]"]);
        Difference("""{"v":[{"id":1},{"id":2}]}""", """{"v":[{"id":2},{"id":1}]}""")
            .ShouldBe(["Reordered v: [\"id=1\",\"id=2\"] → [\"id=2\",\"id=1\"]"]);
    }

    [Fact]
    public void items_that_nothing_identifies_are_compared_by_place() =>
        Difference("""[{"from":0,"price":3},{"from":9,"price":2}]""", """[{"from":0,"price":3},{"from":8,"price":2}]""")
            .ShouldBe(["Changed [1].from: 9 → 8"]);

    [Fact]
    public void keys_of_a_map_that_would_blur_the_path_are_quoted() =>
        Difference("""{"a.b":1,"01-005":1}""", """{"a.b":2,"01-005":2}""")
            .ShouldBe(["Changed ['a.b']: 1 → 2", "Changed 01-005: 1 → 2"]);

    [Fact]
    public void no_change_is_named_exactly_when_nothing_changed()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        for (var round = 0; round < 2_000; round++)
        {
            var (before, after) = (Arbitrary(random, 3), Arbitrary(random, 3));
            var same = JsonElement.DeepEquals(before, after);
            (StateDiff.Between(before, after).Count == 0).ShouldBe(same, $"seed {seed}, round {round}: {before} and {after}");
            StateDiff.Between(before, before).ShouldBeEmpty($"seed {seed}, round {round}: {before}");
        }
    }

    private static IEnumerable<string> Difference(string before, string after) =>
        StateDiff.Between(JsonElement.Parse(before), JsonElement.Parse(after)).Select(c => $"{c.Kind} {c.Path}: {c.Before} → {c.After}");

    private static JsonElement Arbitrary(Random random, int depth) => JsonSerializer.SerializeToElement(Node(random, depth));

    private static JsonNode? Node(Random random, int depth) => random.Next(depth > 0 ? 5 : 3) switch
    {
        0 => random.Next(2),
        1 => random.Next(2).ToString(CultureInfo.InvariantCulture),
        2 => random.Next(2) == 0,
        3 => new JsonArray([.. Enumerable.Range(0, random.Next(3)).Select(_ => Node(random, depth - 1))]),
        _ => new JsonObject(new[] { "id", "member", "x" }.Where(_ => random.Next(2) == 0)
            .Select(n => KeyValuePair.Create(n, Node(random, depth - 1)))),
    };
}
