using System.Globalization;
using System.Security.Cryptography;
using System.Xml.Linq;
using SSC.Purchasing.Exchange.Documents;
using SSC.Purchasing.Exchange.Xml;
using SSC.Purchasing.Kernel;
using static SSC.Purchasing.Exchange.Cxml.CxmlNames;

namespace SSC.Purchasing.Exchange.Cxml;

/// <summary>
/// Reads cXML 1.2 requests from vendors: ConfirmationRequest, ShipNoticeRequest, InvoiceDetailRequest, and answers each with a cXML
/// Response as acknowledgement. A document is read as a whole or not at all. Faults: those of <see cref="SafeXml"/>,
/// <c>document-unknown</c>, <c>document-version</c>, and those of the fields (<c>src/docs/formats/cxml.md</c>).
/// </summary>
/// <param name="cooperatives">A bill to one of these is a bill to the cooperative; to anyone else, to a member.</param>
public sealed class CxmlReader(params IEnumerable<CooperativeId> cooperatives) : IVendorDocumentReader
{
    // A document too broken to say when it was sent is answered as of the epoch; the answer to one stays the same for ever.
    private const string UnknownTime = "1970-01-01T00:00:00+00:00";
    private readonly HashSet<string> cooperatives = [.. cooperatives.Select(c => c.Value)];

    /// <inheritdoc/>
    public string Format => "cxml";

    /// <inheritdoc/>
    public IReadOnlyList<string> MediaTypes { get; } = ["text/xml", "application/xml", "application/cxml+xml"];

    /// <inheritdoc/>
    public DocumentReading Read(ReadOnlyMemory<byte> content, VendorId sender)
    {
        var (root, fault) = Parse(content);
        var reading = root is null ? new DocumentReading.Refused([fault!]) : Read(root, sender);
        var time = XmlFields.Raw(root?.Attribute("timestamp"));
        var acknowledgement = CxmlResponse.Write(
            CxmlStatus.Of(reading), $"re.{Convert.ToHexStringLower(SHA256.HashData(content.Span))}@{CxmlCredential.OwnDomain}",
            PlainText.IsWellFormed(time, 40) ? time : UnknownTime);
        return reading switch
        {
            DocumentReading.Read read => read with { Acknowledgement = acknowledgement },
            DocumentReading.Refused refused => refused with { Acknowledgement = acknowledgement },
            _ => reading,
        };
    }

    /// <summary>The root of a cXML 1.2 document, or why it is none.</summary>
    internal static (XElement? Root, DocumentFault? Fault) Parse(ReadOnlyMemory<byte> content) =>
        SafeXml.Read(content, isKnownDoctype: IsPublicDtd) switch
        {
            XmlReading.Refused refused => (null, refused.Fault),
            XmlReading.Read { Root: var root } when root.Name != "cXML" => (null, Unknown(root)),
            XmlReading.Read { Root: var root } when root.Attribute("version") is { } version
                && !version.Value.Trim().StartsWith("1.2.", StringComparison.Ordinal) =>
                (null, new("document-version", "Write the document after cXML 1.2.", Place.Of(version))),
            XmlReading.Read read => (read.Root, null),
            _ => throw new InvalidOperationException("A reading is read or refused."),
        };

    private DocumentReading Read(XElement root, VendorId sender)
    {
        var fields = new XmlFields(XmlLimits.Default.MaxFaults);
        var request = root.Element("Request")?.Elements().FirstOrDefault();
        IReadOnlyList<VendorDocument> documents;
        switch (request?.Name.LocalName)
        {
            case "ConfirmationRequest":
                documents = [CxmlConfirmationReading.Read(request, sender, fields)];
                break;
            case "ShipNoticeRequest":
                documents = CxmlShipNoticeReading.Read(request, sender, fields);
                break;
            case "InvoiceDetailRequest":
                documents = [CxmlInvoiceReading.Read(request, sender, cooperatives, fields)];
                break;
            default:
                return new DocumentReading.Refused([Unknown(request ?? root)]);
        }

        return fields.Faults.Count > 0 ? new DocumentReading.Refused(fields.Faults) : new DocumentReading.Read(documents);
    }

    /// <summary>Line and drop that a document quotes; a fault <c>order-line-invalid</c> when it is none of ours.</summary>
    internal static (int Line, int Drop)? Line(XElement owner, XAttribute? quoted, XmlFields fields)
    {
        var text = XmlFields.Raw(quoted);
        if (text is null) return null;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && Numbered(number) is { } line)
            return line;
        fields.Fault("order-line-invalid", "Quote the lineNumber of the order's item, e.g. 300002.", quoted!);
        return null;
    }

    /// <summary>The number of the order that a document refers to.</summary>
    internal static string Order(XElement owner, XElement? reference, XmlFields fields) =>
        fields.Required(reference ?? owner, reference?.Attribute("orderID"), 50, "order-number");

    /// <summary>The address that a contact of one role carries, or null.</summary>
    internal static XAttribute? AddressOf(IEnumerable<XElement> contacts, string role) =>
        contacts.FirstOrDefault(c => (string?)c.Attribute("role") == role)?.Attribute("addressID");

    /// <summary>Notes <c>operation-unsupported</c> for anything but a new document.</summary>
    internal static void CheckIsNew(XElement header, XmlFields fields)
    {
        if (header.Attribute("operation") is { } operation && operation.Value.Trim() != "new")
            fields.Fault("operation-unsupported", "Send a new document; what was sent before stands until then.", operation);
    }

    private static DocumentFault Unknown(XElement at) =>
        new("document-unknown", "Send a ConfirmationRequest, a ShipNoticeRequest or an InvoiceDetailRequest of cXML.", Place.Of(at));
}
