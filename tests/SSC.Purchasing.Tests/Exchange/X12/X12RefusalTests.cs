using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using SSC.Purchasing.Exchange.Documents;
using SSC.Purchasing.Exchange.X12;
using Xunit;
using static SSC.Purchasing.Tests.Exchange.ExchangeOrders;

namespace SSC.Purchasing.Tests.Exchange.X12;

/// <summary>Whatever is wrong with an interchange is named by place, and nothing that is wrong is used.</summary>
public class X12RefusalTests
{
    private const string Big = "BIG*20260321*I-1**PO-1\n";
    private const string Bak = "BAK*00*AC*PO-1*20260306\n" + Line;
    private const string Line = "PO1*1*100*CT*40**VN*PAPER\n";

    [Theory]
    [InlineData("", "document-malformed", "segment 1 ISA")]
    [InlineData("\u0000\u0001\u0002binary", "document-malformed", "segment 1 ISA")]
    [InlineData("ISA*00*", "document-malformed", "segment 1 ISA")]
    [InlineData("{H}", "trailer-missing", null)]
    [InlineData("{H}IEA*0*000000905~", "document-malformed", "segment 2 IEA")]
    [InlineData("{H}{G}IEA*2*000000905~", "count-mismatch", "segment 7 IEA, element 1")]
    [InlineData("{H}{G}IEA*1*000000906~", "control-number-mismatch", "segment 7 IEA, element 2")]
    [InlineData("{H}{G}IEA*1*000000905~{H}", "document-malformed", "segment 8 ISA")]
    [InlineData("{H}{G}N1*ST~IEA*1*000000905~", "document-malformed", "segment 7 N1")]
    [InlineData("{H}{G}IEA*1*000000905", "document-malformed", "segment 7")]
    [InlineData("{H}{G}*x~IEA*1*000000905~", "document-malformed", "segment 7")]
    public void an_interchange_that_cannot_be_taken_apart_is_refused_as_a_whole(string text, string code, string? at)
    {
        var refused = Refused(Edi.Bytes(text.Replace("{H}", Edi.Header(), StringComparison.Ordinal)
            .Replace("{G}", Edi.Group("PR", 1, ("855", "BAK*00*AK*PO-1*20260306")), StringComparison.Ordinal)));
        refused.Faults.Single().ShouldSatisfyAllConditions(f => f.Code.ShouldBe(code), f => f.At.ShouldBe(at));
        refused.Acknowledgement.ShouldBeNull();
    }

    [Fact]
    public void another_encoding_and_too_much_are_refused()
    {
        Refused([.. Edi.Of("PR", ("855", "BAK*00*AK*PO-1*20260306")), 0xE9]).Faults.Single().Code.ShouldBe("document-encoding");
        Refused(Encoding.Unicode.GetBytes(Edi.Header())).Faults.Single().Code.ShouldBe("document-malformed");
        new X12Reader(new() { MaxBytes = 100 }).Read(Edi.Of("PR"), Whitewater).ShouldBeOfType<DocumentReading.Refused>()
            .Faults.Single().Code.ShouldBe("document-too-large");
        new X12Reader(new() { MaxSegments = 3 }).Read(Edi.Of("PR", ("855", "BAK*00*AK*PO-1*20260306")), Whitewater)
            .ShouldBeOfType<DocumentReading.Refused>().Faults.Single().Code.ShouldBe("document-too-large");
    }

    public static TheoryData<string, string, string, string, string> Bodies => new()
    {
        { "PR", "855", Bak + "ACK*IQ*-5*CT", "quantity-out-of-range", "segment 6 ACK, element 2" },
        { "PR", "855", Bak + "ACK*IQ*1000000000000000000*CT", "quantity-out-of-range", "segment 6 ACK, element 2" },
        { "PR", "855", Bak + "ACK*IQ*1E3*CT", "number-invalid", "segment 6 ACK, element 2" },
        { "PR", "855", Bak + "ACK*IQ*1.2345*CT", "quantity-too-fine", "segment 6 ACK, element 2" },
        { "PR", "855", Bak + "ACK*IQ*5*QQ", "unit-unknown", "segment 6 ACK, element 3" },
        { "PR", "855", Bak + "ACK*IQ*5*EA", "unit-differs", "segment 6 ACK, element 3" },
        { "PR", "855", Bak + "ACK*IA*5*CT", "answer-contradictory", "segment 6 ACK, element 2" },
        { "PR", "855", Bak + "ACK*XX", "code-unknown", "segment 6 ACK, element 1" },
        { "PR", "855", Bak + "ACK*DR*100*CT*068*20260402", "date-qualifier-unsupported", "segment 6 ACK, element 4" },
        { "PR", "855", Bak + "ACK*IQ\n", "proposal-empty", "segment 6 ACK, element 1" },
        { "PR", "855", Bak + "ACK*IA*50*CT\nACK*IB*50*CT", "line-answer-split", "segment 7 ACK" },
        { "PR", "855", "BAK*00*AC*PO-1*20260306\n" + Line, "segment-missing", "segment 5 PO1" },
        { "PR", "855", Bak + "ACK*IA\n" + Line + "ACK*IA", "line-repeated", "segment 7 PO1, element 1" },
        { "PR", "855", "BAK*00*AC*PO-1*20260306\nPO1**100*CT\nACK*IA", "order-line-missing", "segment 5 PO1, element 1" },
        { "PR", "855", "BAK*00*AC*PO-1*20260306", "segment-missing", "segment 4 BAK" },
        { "PR", "855", "BAK*00*AD*PO-1*20260306\n" + Line + "ACK*IR", "answer-contradictory", "segment 4 BAK, element 2" },
        { "PR", "855", "BAK*00*QQ*PO-1*20260306", "code-unknown", "segment 4 BAK, element 2" },
        { "PR", "855", "BAK*01*AK*PO-1*20260306", "purpose-unsupported", "segment 4 BAK, element 1" },
        { "PR", "855", "BAK*00*AK**20260306", "element-missing", "segment 4 BAK, element 3" },
        { "PR", "855", "BAK*00*AK*PO-1*20261399", "date-invalid", "segment 4 BAK, element 4" },
        { "PR", "855", Bak + "ACK*IA\nCTT*2", "count-mismatch", "segment 7 CTT, element 1" },
        { "PR", "855", Bak + "ACK*IA\nCTT*1*99", "count-mismatch", "segment 7 CTT, element 2" },
        { "PR", "855", "PO1*1", "segment-missing", "segment 3 ST" },
        { "PR", "810", "BIG*20260306", "document-type-unknown", "segment 3 ST, element 1" },
        { "PO", "850", "BEG*00*SA*1**20260306", "document-type-unknown", "segment 3 ST, element 1" },
        { "SH", "856", Notice("N1*ST**92*M-001-HS", "REF*ZZ*1"), "site-missing", "segment 13 HL" },
        { "SH", "856", Notice("HL*3*2*I", "HL*3*9*I"), "hierarchy-broken", "segment 13 HL, element 2" },
        { "SH", "856", Notice("HL*3*2*I", "HL*2*2*I"), "hierarchy-broken", "segment 13 HL, element 1" },
        { "SH", "856", Notice("CTT*6*140", "CTT*6*141"), "count-mismatch", "segment 23 CTT, element 2" },
        { "SH", "856", "BSN*00*S-1*20260318*1015\nHL*1**S", "segment-missing", "segment 4 BSN" },
        { "IN", "810", "BIG*20260321*I-1**PO-1\nIT1*1*0*CT*1\nTDS*0", "quantity-out-of-range", "segment 5 IT1, element 2" },
        { "IN", "810", "BIG*20260321*I-1**PO-1\nIT1*1*1*CT*-1\nTDS*0", "price-negative", "segment 5 IT1, element 4" },
        { "IN", "810", "BIG*20260321*I-1**PO-1\nIT1*1*1*CT*1\nTDS*1.00", "number-invalid", "segment 6 TDS, element 1" },
        { "IN", "810", "BIG*20260321*I-1**PO-1***CR\nIT1*1*1*CT*1\nTDS*-100", "amount-negative", "segment 6 TDS, element 1" },
        { "IN", "810", "BIG*20260321*I-1**PO-1\nIT1*1*1*CT*1", "segment-missing", "segment 4 BIG" },
        { "IN", "810", Big + "IT1*1*3*CT*1\nSDQ*CT*92*S-1*1\nTDS*300", "destinations-do-not-sum", "segment 5 IT1, element 2" },
        { "IN", "810", "BIG*20260321*I-1**PO-1***XX\nIT1*1*1*CT*1\nTDS*100", "code-unknown", "segment 4 BIG, element 7" },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public void a_set_that_says_something_wrong_is_rejected_by_segment_and_element(
        string group, string type, string body, string code, string at)
    {
        var refused = Refused(Edi.Of(group, (type, body)));
        refused.Faults.ShouldContain(f => f.Code == code && f.At == at, string.Join("\n", refused.Faults));
        var answer = Edi.Parsed(refused.Acknowledgement!).Groups.Single().Sets.Single();
        answer.Segments.Single(s => s.Id is "AK5")[1].ShouldBe("R");
        answer.Segments.Single(s => s.Id is "AK9").Elements.ShouldBe(["R", "1", "1", "0"]);
    }

    [Fact]
    public void the_good_sets_of_an_interchange_are_used_and_the_bad_are_not()
    {
        var interchange = Edi.Of("PR",
            ("855", "BAK*00*AK*PO-1*20260306"), ("855", "BAK*00*AC*PO-2*20260306\n" + Line + "ACK*IQ*-5*CT"),
            ("855", $"BAK*00*AK*PO-{new string('3', 30)}*20260306"));
        var read = new X12Reader().Read(interchange, Whitewater).ShouldBeOfType<DocumentReading.Read>();
        read.Documents.Select(d => d.OrderNumber).ShouldBe(["PO-1", "PO-" + new string('3', 30)]);
        read.Rejected.Single().At.ShouldBe("segment 9 ACK, element 2");
        Edi.Lines(read.Acknowledgement!).ShouldBe(
            $"""
            ISA*00*          *00*          *ZZ*SSC            *ZZ*WHITEWATER     *260310*0915*U*00401*000000905*0*P*>
            GS*FA*SSC*WHITEWATER*20260310*0915*905*X*004010
            ST*997*0001
            AK1*PR*1
            AK2*855*0001
            AK5*A
            AK2*855*0002
            AK3*ACK*4**8
            AK4*2**7*-5
            AK5*R*5
            AK2*855*0003
            AK3*BAK*2**8
            AK4*3**5*PO-{new string('3', 30)}
            AK5*E
            AK9*P*3*3*2
            SE*14*0001
            GE*1*905
            IEA*1*000000905

            """);
        var numbered = Edi.Parsed(X12Acknowledgement.Numbered(read.Acknowledgement, 77, Issued));
        (numbered.ControlNumber, numbered.Groups[0].ControlNumber, numbered.Header[9]).ShouldBe(("000000077", "77", "260306"));
        numbered.Groups[0].Sets[0].Segments.Count.ShouldBe(14);
    }

    [Theory]
    [InlineData("X*004010", "X*005010", "document-version", "segment 2 GS, element 8", "AK9*R*1*1*0*2")]
    [InlineData("GE*1*1", "GE*2*1", "count-mismatch", "segment 6 GE, element 1", "AK9*R*2*1*0*5")]
    [InlineData("GE*1*1", "GE*1*2", "control-number-mismatch", "segment 6 GE, element 2", "AK9*R*1*1*0*4")]
    [InlineData("GE*1*1~", "", "trailer-missing", "segment 2 GS", "AK9*R*0*1*0*3")]
    [InlineData("SE*3*0001", "SE*4*0001", "count-mismatch", "segment 5 SE, element 1", "AK5*R*4")]
    [InlineData("SE*3*0001", "SE*3*0002", "control-number-mismatch", "segment 5 SE, element 2", "AK5*R*3")]
    [InlineData("SE*3*0001~", "", "trailer-missing", "segment 3 ST", "AK5*R*2")]
    [InlineData("ST*855*0001", "ST*855*1", "control-number-repeated", "segment 3 ST, element 2", "AK5*R*7*3")]
    public void counts_and_numbers_of_groups_and_sets_must_agree(string from, string to, string code, string at, string answer)
    {
        var text = Encoding.UTF8.GetString(Edi.Of("PR", ("855", "BAK*00*AK*PO-1*20260306")));
        var refused = Refused(Edi.Bytes(text.Replace(from, to, StringComparison.Ordinal)));
        refused.Faults.ShouldContain(f => f.Code == code && f.At == at, string.Join("\n", refused.Faults));
        Edi.Lines(refused.Acknowledgement!).Split('\n').ShouldContain(answer);
    }

    [Fact]
    public void a_control_number_counts_once_in_an_interchange()
    {
        var set = Edi.Set("855", 1, "BAK*00*AK*PO-1*20260306");
        var twice = $"{Edi.Header()}GS*PR*A*B*20260310*0915*1*X*004010~{set}{set}GE*2*1~IEA*1*000000905~";
        var read = new X12Reader().Read(Edi.Bytes(twice), Whitewater).ShouldBeOfType<DocumentReading.Read>();
        read.Documents.Count.ShouldBe(1);
        read.Rejected.Single().Code.ShouldBe("control-number-repeated");

        var group = Edi.Group("PR", 1, ("855", "BAK*00*AK*PO-1*20260306"));
        var groups = new X12Reader().Read(Edi.Bytes($"{Edi.Header()}{group}{group}IEA*2*000000905~"), Whitewater)
            .ShouldBeOfType<DocumentReading.Read>();
        groups.Documents.Count.ShouldBe(1);
        groups.Rejected.Single().At.ShouldBe("segment 7 GS, element 6");
    }

    [Fact]
    public void whatever_happens_to_an_interchange_it_is_read_or_refused_and_never_throws()
    {
        byte[][] originals =
        [
            Edi.Of("PR", ("855", Edi.Acceptance), ("855", "BAK*00*AK*PO-1*20260306")), Edi.Of("SH", ("856", Edi.Notice)),
            Edi.Of("IN", ("810", Edi.Bill)), new X12OrderWriter().Write(Sample),
        ];
        var reader = new X12Reader();
        Mutations.Hold(originals, bytes =>
        {
            var (reading, acknowledgement) = reader.Read(bytes, Whitewater) switch
            {
                DocumentReading.Read r => (r.Documents.Count > 0, r.Acknowledgement),
                DocumentReading.Refused r => (r.Faults.Count is > 0 and <= 100, r.Acknowledgement),
                _ => (false, null),
            };

            // Whatever came, what goes back is a sound interchange.
            return reading && (acknowledgement is null
                || Edi.Parsed(acknowledgement).Groups.All(g => g.Faults.Count == 0 && g.Sets.All(s => s.Faults.Count == 0)));
        });
    }

    private static string Notice(string from, string to) => Edi.Notice.Replace(from, to, StringComparison.Ordinal);

    private static DocumentReading.Refused Refused(byte[] interchange) =>
        new X12Reader().Read(interchange, Whitewater).ShouldBeOfType<DocumentReading.Refused>();
}
