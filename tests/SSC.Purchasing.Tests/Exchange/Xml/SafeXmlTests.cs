using System.Text;
using Shouldly;
using SSC.Purchasing.Exchange.Documents;
using SSC.Purchasing.Exchange.Xml;
using Xunit;

namespace SSC.Purchasing.Tests.Exchange.Xml;

public class SafeXmlTests
{
    private const string Dtd = "http://example.test/known.dtd";

    public static TheoryData<string, string> Broken => new()
    {
        { "document-empty", "" },
        { "document-malformed", " " },
        { "document-malformed", "<a>" },
        { "document-malformed", "<a></b>" },
        { "document-malformed", "<a/><b/>" },
        { "document-malformed", "<a>&nothing;</a>" },
        { "document-malformed", "<a>&#1;</a>" },
        { "document-malformed", "<a x='1' x='2'/>" },
        { "document-malformed", "{\"a\":1}" },
        { "document-malformed", "<?xml version=\"1.0\"?><!-- never closed" },
        { "document-encoding", "<?xml version=\"1.0\" encoding=\"utf-7\"?><a/>" },
        { "document-encoding", "<?xml version='1.0' encoding='ibm500'?><a/>" },
        { "document-dtd", "<!DOCTYPE a><a/>" },
        { "document-dtd", "<?xml version=\"1.0\"?>\n<!-- c --><?p i?>\n  <!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>" },
        { "document-dtd", "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>" },
        { "document-dtd", "<!DOCTYPE a [<!ENTITY % x SYSTEM \"http://127.0.0.1:1/\"> %x;]><a/>" },
        { "document-dtd", "<!DOCTYPE a [<!ENTITY a0 \"lol\"><!ENTITY a1 \"&a0;&a0;&a0;\"><!ENTITY a2 \"&a1;&a1;&a1;\">]><a>&a2;</a>" },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void what_is_no_sound_xml_is_refused_by_name(string code, string text)
    {
        Code(Encoding.UTF8.GetBytes(text)).ShouldBe(code);
        if (code == "document-dtd") Code(Encoding.UTF8.GetBytes(text), known: true).ShouldBe(code);
    }

    [Theory]
    [InlineData("<!DOCTYPE a SYSTEM \"http://example.test/known.dtd\"><a>1</a>", "1")]
    [InlineData("<?xml version='1.0'?>\r\n<!DOCTYPE a\n  PUBLIC 'x' 'http://example.test/known.dtd' >\n<a>1</a>", "1")]
    public void a_document_type_that_only_names_the_known_dtd_is_taken_out_unread(string text, string value)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        SafeXml.Read(bytes, isKnownDoctype: (root, system) => root == "a" && system == Dtd).ShouldBeOfType<XmlReading.Read>()
            .Root.Value.ShouldBe(value);
        Code(bytes).ShouldBe("document-dtd");
    }

    [Theory]
    [InlineData("<!DOCTYPE a SYSTEM \"http://example.test/known.dtd\" [<!ENTITY x \"y\">]><a>&x;</a>")]
    [InlineData("<!DOCTYPE a SYSTEM \"http://example.test/other.dtd\"><a/>")]
    [InlineData("<!DOCTYPE b SYSTEM \"http://example.test/known.dtd\"><b/>")]
    [InlineData("<!DOCTYPE a SYSTEM \"http://example.test/known.dtd\"")]
    [InlineData("<!DOCTYPE a SYSTEM \"http://example.test/known.dtd\" junk><a/>")]
    public void a_known_document_type_with_anything_more_is_refused(string text) =>
        Code(Encoding.UTF8.GetBytes(text), known: true).ShouldBe("document-dtd");

    [Theory]
    [InlineData("<!DOCTYPE a SYSTEM \"http://example.test/known.dtd\"><!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>")]
    [InlineData("<!DOCTYPE a SYSTEM \"http://example.test/known.dtd\"><a>&x;</a>")]
    public void behind_a_known_document_type_nothing_is_declared(string text) =>
        Code(Encoding.UTF8.GetBytes(text), known: true).ShouldBe("document-malformed");

    [Fact]
    public void a_fault_says_line_and_column_as_the_sender_sees_them()
    {
        Fault(Encoding.UTF8.GetBytes("<a>\n  <b>\n</a>")).At.ShouldBe("line 3, column 3");
        Fault(Encoding.UTF8.GetBytes("<a>\n\n <!DOCTYPE x>")).Code.ShouldBe("document-malformed");
        Fault(Encoding.UTF8.GetBytes("<!-- 1 -->\n\n  <!DOCTYPE x><x/>")).At.ShouldBe("line 3, column 3");
        Fault(Encoding.UTF8.GetBytes($"<!DOCTYPE a\n SYSTEM '{Dtd}'>\n<a>&x;</a>"), known: true).At.ShouldStartWith("line 3, column");
    }

    [Fact]
    public void size_depth_and_number_are_bounded()
    {
        var limits = new XmlLimits { MaxBytes = 1000, MaxDepth = 3, MaxElements = 5, MaxAttributes = 2 };
        Code(Encoding.UTF8.GetBytes($"<a>{new string('x', 993)}</a>"), limits: limits).ShouldBeNull();
        Code(Encoding.UTF8.GetBytes($"<a>{new string('x', 994)}</a>"), limits: limits).ShouldBe("document-too-large");
        Code("<a><b><c/></b></a>"u8.ToArray(), limits: limits).ShouldBeNull();
        Code("<a><b><c><d/></c></b></a>"u8.ToArray(), limits: limits).ShouldBe("document-too-deep");
        Code("<a><b/><b/><b/><b/></a>"u8.ToArray(), limits: limits).ShouldBeNull();
        Code("<a><b/><b/><b/><b/><b/></a>"u8.ToArray(), limits: limits).ShouldBe("document-too-large");
        Code("<a x='1' y='2' z='3'/>"u8.ToArray(), limits: limits).ShouldBe("document-malformed");
        XmlLimits.Default.MaxBytes.ShouldBe(10 * 1024 * 1024);
    }

    [Fact]
    public void a_hundred_thousand_levels_do_not_end_the_process() =>
        Code(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("<a>", 100_000)))).ShouldBe("document-too-deep");

    public static TheoryData<byte[]> Encoded => new(new byte[][]
    {
        Encoding.UTF8.GetBytes("<a>Müller</a>"), [0xEF, 0xBB, 0xBF,
            .. Encoding.UTF8.GetBytes("<?xml version='1.0' encoding='UTF-8'?><a>Müller</a>")],
        [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("<?xml version='1.0' encoding='UTF-16'?><a>Müller</a>")],
        [0xFE, 0xFF, .. Encoding.BigEndianUnicode.GetBytes("<a>Müller</a>")],
        Encoding.Unicode.GetBytes("<?xml version='1.0'?><a>Müller</a>"),
        Encoding.Latin1.GetBytes("<?xml version='1.0' encoding='ISO-8859-1'?><a>Müller</a>"),
    });

    [Theory]
    [MemberData(nameof(Encoded))]
    public void a_declared_encoding_is_read(byte[] bytes) =>
        SafeXml.Read(bytes).ShouldBeOfType<XmlReading.Read>().Root.Value.ShouldBe("Müller");

    public static TheoryData<byte[]> WronglyEncoded => new(new byte[][]
    {
        Encoding.Latin1.GetBytes("<a>Müller</a>"), [0xFF, 0xFE, 0x00, 0xD8, 0x41, 0x00], [0xFF, 0xFE, 0, 0, 0x3C, 0, 0, 0],
        Encoding.UTF8.GetBytes("<?xml version='1.0' encoding='us-ascii'?><a>ü</a>"),
    });

    [Theory]
    [MemberData(nameof(WronglyEncoded))]
    public void an_encoding_is_never_guessed(byte[] bytes) => Code(bytes).ShouldBe("document-encoding");

    private static string? Code(byte[] bytes, bool known = false, XmlLimits? limits = null) =>
        SafeXml.Read(bytes, limits, known ? IsKnown : null) is XmlReading.Refused no ? no.Fault.Code : null;

    private static DocumentFault Fault(byte[] bytes, bool known = false) =>
        SafeXml.Read(bytes, null, known ? IsKnown : null).ShouldBeOfType<XmlReading.Refused>().Fault;

    private static bool IsKnown(string root, string system) => root == "a" && system == Dtd;
}
