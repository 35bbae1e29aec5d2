using System.Text;
using FsCheck.Fluent;
using Shouldly;
using SSC.Purchasing.Exchange.Cxml;
using SSC.Purchasing.Exchange.Documents;
using SSC.Purchasing.Exchange.Ubl;
using SSC.Purchasing.Tests.Exchange.Cxml;
using SSC.Purchasing.Tests.Exchange.Ubl;
using Xunit;
using static SSC.Purchasing.Tests.Exchange.Ubl.UblOrderTests;

namespace SSC.Purchasing.Tests.Exchange.Xml;

/// <summary>Whatever happens to a document, it is read or refused with faults; a reader never ends in an exception.</summary>
public class AnyBytesTests
{
    private static readonly string[] Ubl = [UblSamples.Response, UblSamples.Despatch, UblSamples.Invoice];
    private static readonly string[] Cxml = [CxmlSamples.Confirmation, CxmlSamples.ShipNotice, CxmlSamples.Invoice, CxmlSamples.Basket];

    private static readonly string[] Instead =
        ["", " ", "-", "0", "1e9", "79228162514264337593543950335", "99999999999999", "<x/>", "</x>", "&amp;", "&#x202E;", "&#xD;", "&#0;",
            "\uD800", "<!-- ",
            "<![CDATA[x]]>", "\"", "1:", ":", "\0", "<!DOCTYPE a>"];

    [Fact]
    public void ubl_with_a_passage_replaced_is_read_or_refused() =>
        Holds(Broken(Ubl), d => IsSound(new UblReader().Read(d, UblSamples.Sender)));

    [Fact]
    public void cxml_with_a_passage_replaced_is_read_or_refused() => Holds(Broken(Cxml), d =>
        IsSound(new CxmlReader().Read(d, CxmlSamples.Sender))
            && PunchOut.ReadOrderMessage(d) is not PunchOutReturn.Refused { Faults.Count: 0 }
            && PunchOut.ReadSetupResponse(d) is PunchOutStart.Unreadable);

    [Fact]
    public void bytes_that_are_anything_are_refused() => Holds(Gen.Choose(0, 255).Select(b => (byte)b).ListOf()
        .Select(b => b.ToArray()), b =>
        new UblReader().Read(b, UblSamples.Sender) is DocumentReading.Refused { Faults.Count: > 0 }
            && new CxmlReader().Read(b, CxmlSamples.Sender) is DocumentReading.Refused { Acknowledgement: not null });

    private static FsCheck.Gen<byte[]> Broken(string[] samples) =>
        from sample in Gen.Elements(samples)
        from places in Gen.Choose(0, 10_000).Two()
        from length in Gen.Frequency((4, Gen.Choose(0, 8)), (1, Gen.Choose(0, 400)))
        from instead in Gen.Elements(Instead)
        from second in Gen.Elements(Instead)
        let once = Replaced(sample, places.Item1, length, instead)
        select Encoding.UTF8.GetBytes(Replaced(once, places.Item2, 3, second));

    private static string Replaced(string text, int place, int length, string instead)
    {
        var at = (int)((long)place * text.Length / 10_001);
        return string.Concat(text.AsSpan(0, at), instead, text.AsSpan(Math.Min(text.Length, at + length)));
    }

    private static bool IsSound(DocumentReading reading)
    {
        switch (reading)
        {
            case DocumentReading.Read read:
                read.Documents.ShouldNotBeEmpty();
                return read.Documents.All(d => d.DocumentId.Length > 0 && d.OrderNumber.Length > 0);
            case DocumentReading.Refused refused:
                return refused.Faults.Count is > 0 and <= 100 && refused.Faults.All(f => f.Code.Length > 0 && f.Message.Length > 0);
            default:
                return false;
        }
    }
}
