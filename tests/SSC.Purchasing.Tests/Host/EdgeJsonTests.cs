using System.Buffers;
using System.Text;
using System.Text.Json;
using Shouldly;
using SSC.Purchasing.Host.Api;
using SSC.Purchasing.Kernel;
using Xunit;

namespace SSC.Purchasing.Tests.Host;

/// <summary>What callers may send and what they are told when it is not that.</summary>
public class EdgeJsonTests
{
    public enum Colour { Green, DarkBlue }

    public sealed record Line(ItemNo Item, Quantity Quantity, UnitPrice Price);

    public sealed record Order(string Name, Money Total, StructuralList<Line> Lines, Colour Colour = Colour.Green)
    {
        public DateTimeOffset? At { get; init; }

        public int? Count { get; init; }
    }

    private const string Good = """
        {"name":"Paper","total":{"amount":"86.04","currency":"USD"},
         "lines":[{"item":"PAPER-20LB","quantity":0.5,"price":{"amount":"2.689","currency":"USD"}}],
         "colour":"darkBlue","at":"2026-03-06T18:00:00-06:00"}
        """;

    [Fact]
    public void a_domain_record_reads_and_writes_in_the_edges_shapes()
    {
        var order = Read(Good);
        order.ShouldBe(new Order("Paper", new(8604), [new(new("PAPER-20LB"), new(500), new(2_689_000))], Colour.DarkBlue)
        {
            At = new(2026, 3, 7, 0, 0, 0, TimeSpan.Zero),
        });
        JsonSerializer.Serialize(order, EdgeJson.Options).ShouldBe(
            """{"name":"Paper","total":{"amount":"86.04","currency":"USD"},"lines":[{"item":"PAPER-20LB","quantity":0.5,"price":"""
            + """{"amount":"2.689","currency":"USD"}}],"colour":"darkBlue","at":"2026-03-07T00:00:00Z"}""");
    }

    [Theory]
    [InlineData("""{"name":"x","total":{"amount":"1","currency":"USD"},"lines":[],"colur":"green"}""", "colur", "Unknown member 'colur'.")]
    [InlineData("""{"name":"x","name":"y","total":{"amount":"1","currency":"USD"},"lines":[]}""", "name", "given twice")]
    [InlineData("""{"name":"x","lines":[]}""", "$", "total")]
    [InlineData("""{"name":null,"total":{"amount":"1","currency":"USD"},"lines":[]}""", "name", "null is not allowed here.")]
    [InlineData("""{"name":"a\u0000b","total":{"amount":"1","currency":"USD"},"lines":[]}""", "name", "U+0000")]
    [InlineData("""{"name":"x","total":{"amount":"1.005","currency":"USD"},"lines":[]}""", "total", "at most 2 decimals")]
    [InlineData("""{"name":"x","total":{"amount":"1","currency":"EUR"},"lines":[]}""", "total", "only currency is USD")]
    [InlineData("""{"name":"x","total":1.5,"lines":[]}""", "total", "Expected {\"amount\"")]
    [InlineData("""{"name":"x","total":{"amount":"1e3","currency":"USD"},"lines":[]}""", "total", "Expected {\"amount\"")]
    [InlineData(
        """{"total":{"amount":"1","currency":"USD"},"lines":[{"item":"a b","quantity":1,"price":{"amount":"1","currency":"USD"}}]}""",
        "lines[0].item", "An id is")]
    [InlineData(
        """{"total":{"amount":"1","currency":"USD"},"lines":[{"item":"a","quantity":0.0001,"price":{"amount":"1","currency":"USD"}}]}""",
        "lines[0].quantity", "three decimals")]
    [InlineData(
        """{"name":"x","total":{"amount":"1","currency":"USD"},"lines":[],"colour":"purple"}""",
        "colour", "Expected one of: green, darkBlue.")]
    [InlineData(
        """{"name":"x","total":{"amount":"1","currency":"USD"},"lines":[],"colour":1}""",
        "colour", "Expected one of: green, darkBlue.")]
    [InlineData("""{"name":"x","total":{"amount":"1","currency":"USD"},"lines":[],"at":"2026-03-06T18:00:00"}""", "at", "with its offset")]
    [InlineData("""{"name":"x","total":{"amount":"1","currency":"USD"},"lines":[],"count":1.5}""", "count", "whole number")]
    [InlineData("""{"name":"x","total":{"amount":"1","currency":"USD"},"lines":[],"count":99999999999}""", "count", "whole number")]
    [InlineData("""{"name":5,"total":{"amount":"1","currency":"USD"},"lines":[]}""", "name", "Expected a string.")]
    [InlineData("""[]""", "$", "Expected an object.")]
    [InlineData("""null""", "$", "not null")]
    [InlineData("""{"name":"x","total":{"amount":"1","currency":"USD"},"lines":[]} true""", "$", "after")]
    [InlineData("""{"name":"x",""", "$", "")]
    [InlineData("", "$", "empty")]
    public void what_is_wrong_is_named_with_its_field(string json, string field, string reason)
    {
        var error = Should.Throw<MalformedRequestException>(() => Read(json)).ToProblem().Errors!.Single();
        error.Field.ShouldBe(field is "$" ? "$" : "$." + field);
        error.Reason.ShouldContain(reason);
        error.Reason.ShouldNotContain("SSC.Purchasing.Tests");
        error.Reason.ShouldNotContain("System.");
    }

    [Fact]
    public void an_over_long_text_is_refused_with_its_length()
    {
        var json = $$"""{"name":"{{new string('x', EdgeJson.LongestString + 1)}}","total":{"amount":"1","currency":"USD"},"lines":[]}""";
        Should.Throw<MalformedRequestException>(() => Read(json)).Message.ShouldContain("4001");
    }

    [Fact]
    public void two_spellings_of_one_request_have_one_canonical_form()
    {
        var spaced = Good.Replace(",", " ,\n", StringComparison.Ordinal).Replace("0.5", "0.500", StringComparison.Ordinal);
        JsonSerializer.Serialize(Read(spaced), EdgeJson.Options).ShouldBe(JsonSerializer.Serialize(Read(Good), EdgeJson.Options));
    }

    private static Order Read(string json) =>
        JsonBody.Parse(new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(json)), EdgeJson.Of<Order>());
}
