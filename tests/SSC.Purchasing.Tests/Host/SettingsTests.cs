using System.Text;
using Microsoft.Extensions.Configuration;
using Shouldly;
using SSC.Purchasing.Host;
using SSC.Purchasing.Tests.Exchange;
using Xunit;

namespace SSC.Purchasing.Tests.Host;

/// <summary>What an operator sets is used, or refused with a sentence.</summary>
public class SettingsTests
{
    [Fact]
    public void orders_are_written_with_the_operators_separators()
    {
        Interchange(From()).ShouldStartWith("ISA*00*");
        Interchange(From()).Substring(104, 2).ShouldBe(">~");
        var own = Interchange(From(("Purchasing:X12:Element", "|"), ("Purchasing:X12:Component", ":"), ("Purchasing:X12:Segment", "'")));
        own.ShouldStartWith("ISA|00|");
        own.Substring(104, 2).ShouldBe(":'");
        own.ShouldContain("'ST|850|0001'");
    }

    [Theory]
    [InlineData("~", ">", "~", "three different characters")]
    [InlineData("*", "*", "~", "three different characters")]
    [InlineData("A", ">", "~", "three different characters")]
    [InlineData("*", ".", "~", "three different characters")]
    [InlineData("*", ">", "é", "three different characters")]
    [InlineData("**", ">", "~", "Purchasing:X12:Element is one character; it is '**'")]
    public void separators_that_clash_are_refused(string element, string component, string segment, string said) =>
        Should.Throw<ArgumentException>(() => From(
            ("Purchasing:X12:Element", element), ("Purchasing:X12:Component", component), ("Purchasing:X12:Segment", segment)))
            .Message.ShouldContain(said);

    private static string Interchange(Settings settings) => Encoding.UTF8.GetString(
        settings.OrderWriters.Single(w => w.Format == "x12").Write(ExchangeOrders.Sample));

    private static Settings From(params (string Key, string Value)[] set) => Settings.From(new ConfigurationBuilder()
        .AddInMemoryCollection(set.Select(s => new KeyValuePair<string, string?>(s.Key, s.Value))).Build());
}
