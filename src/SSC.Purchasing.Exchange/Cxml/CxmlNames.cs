using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using SSC.Purchasing.Exchange.Documents;
using SSC.Purchasing.Exchange.Xml;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Exchange.Cxml;

/// <summary>What all cXML documents share: version, document type, money, places, drop numbers.</summary>
internal static partial class CxmlNames
{
    public const string Version = "1.2.060";
    public const string CurrencyAttribute = "currency";
    public const string Currency = "USD";
    public const string Language = "en-US";

    // Drops of a line are numbered line × 100,000 + n: cXML wants a whole number for each item, and a vendor quotes it back.
    private const int DropsPerLine = 100_000;

    public static readonly XName Lang = XNamespace.Xml + "lang";

    public static XDocumentType Doctype(string module = "cXML") =>
        new("cXML", null, $"http://xml.cxml.org/schemas/cXML/{Version}/{module}.dtd", null);

    /// <summary>True for a document type that only names a public DTD of cXML 1.2; it says nothing that is not known already.</summary>
    public static bool IsPublicDtd(string root, string system) => root == "cXML" && PublicDtd().IsMatch(system);

    public static long DropNumber(int line, int nth) => (line * (long)DropsPerLine) + nth;

    /// <summary>Line and drop (0 for the whole line) that a number means.</summary>
    public static (int Line, int Drop)? Numbered(long number) => number switch
    {
        < 1 or > int.MaxValue * (long)DropsPerLine => null,
        < DropsPerLine => ((int)number, 0),
        _ => ((int)(number / DropsPerLine), (int)(number % DropsPerLine)),
    };

    /// <summary>Identifier of the document that carries one revision of an order; never used for anything else.</summary>
    public static string PayloadId(string order, int revision, string buyer) =>
        string.Create(CultureInfo.InvariantCulture, $"{order}.{revision}@{buyer}");

    /// <summary>The revision that a payload identifier of ours names, or null.</summary>
    public static int? RevisionOf(string? payloadId, string order)
    {
        if (payloadId is null || !payloadId.StartsWith($"{order}.", StringComparison.Ordinal)) return null;
        var rest = payloadId[(order.Length + 1)..];
        var at = rest.IndexOf('@', StringComparison.Ordinal);
        return at > 0 && int.TryParse(rest[..at], NumberStyles.None, CultureInfo.InvariantCulture, out var revision) && revision > 0
            ? revision
            : null;
    }

    public static XElement? E(string name, params IEnumerable<object?> content) => XmlWriting.Element(name, content);

    public static XElement Money(Money amount) => Money(amount.ToString());

    public static XElement Money(string amount) => new("Money", new XAttribute(CurrencyAttribute, Currency), amount);

    public static XElement? Said(string name, string? text) =>
        string.IsNullOrWhiteSpace(text) ? null : new XElement(name, new XAttribute(Lang, Language), XmlWriting.Clean(text));

    public static XElement? Extrinsic(string name, string? text) =>
        string.IsNullOrWhiteSpace(text) ? null : new XElement("Extrinsic", new XAttribute("name", name), XmlWriting.Clean(text));

    /// <summary>A place by its id and name, with its postal address where one is known: the DTD wants a city in it.</summary>
    public static XElement Address(TradingParty party) => new(
        "Address", new XAttribute("isoCountryCode", "US"), new XAttribute("addressID", party.Id), Said("Name", party.Name),
        string.IsNullOrWhiteSpace(party.City) ? null : E(
            "PostalAddress", E("DeliverTo", party.Instructions), party.Lines.DefaultIfEmpty(party.Name).Select(l => E("Street", l)),
            E("City", party.City), E("State", party.State), E("PostalCode", party.Zip),
            new XElement("Country", new XAttribute("isoCountryCode", "US"), "United States")));

    public static string Timestamp(DateTimeOffset at) => at.ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture);

    public static XAttribute? Attribute(string name, string? value) => value is null ? null : new(name, value);

    [GeneratedRegex(@"^https?://xml\.cxml\.org/schemas/cXML/1\.2\.\d{3}/(cXML|Fulfill|InvoiceDetail)\.dtd$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PublicDtd();
}
