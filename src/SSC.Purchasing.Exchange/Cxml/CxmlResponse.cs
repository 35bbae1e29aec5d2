using System.Globalization;
using System.Xml.Linq;
using SSC.Purchasing.Exchange.Documents;
using SSC.Purchasing.Exchange.Xml;
using static SSC.Purchasing.Exchange.Cxml.CxmlNames;

namespace SSC.Purchasing.Exchange.Cxml;

/// <summary>The status of a cXML Response. 2xx is success, 4xx says that sending it again is of no use, 5xx that it is.</summary>
/// <param name="Code">cXML status code, e.g. 200, 400, 406.</param>
/// <param name="Text">Its usual text.</param>
/// <param name="Message">What happened, for people.</param>
public sealed record CxmlStatus(int Code, string Text, string Message)
{
    /// <summary>True for 2xx.</summary>
    public bool IsSuccess => Code is >= 200 and < 300;

    /// <summary>True for 5xx: send it again later.</summary>
    public bool IsTransient => Code is >= 500 and < 600;

    /// <summary>
    /// What a reading is answered with: 200; 406 for what could not be parsed, 450 for a request that is not served here, 400 for what
    /// is wrong in itself.
    /// </summary>
    public static CxmlStatus Of(DocumentReading reading) => reading switch
    {
        DocumentReading.Refused refused => Of(refused.Faults),
        _ => new(200, "OK", "Received."),
    };

    internal static CxmlStatus Of(IReadOnlyList<DocumentFault> faults)
    {
        var message = string.Join(" ", faults.Take(5).Select(f =>
            f.At is null ? $"{f.Code}: {f.Message}" : $"{f.Code} at {f.At}: {f.Message}"));
        return faults[0].Code switch
        {
            "document-unknown" => new(450, "Not Implemented", message),
            ['d', 'o', 'c', 'u', 'm', 'e', 'n', 't', '-', ..] => new(406, "Not Acceptable", message),
            _ => new(400, "Bad Request", message),
        };
    }
}

/// <summary>Writes and reads the Response that answers every cXML request at once.</summary>
public static class CxmlResponse
{
    /// <summary>A Response with a status.</summary>
    /// <param name="status">What to say.</param>
    /// <param name="payloadId">Identifier of the response, not used before.</param>
    /// <param name="at">When it is said.</param>
    public static byte[] Write(CxmlStatus status, string payloadId, DateTimeOffset at) => Write(status, payloadId, Timestamp(at));

    internal static byte[] Write(CxmlStatus status, string payloadId, string timestamp) => XmlWriting.Bytes(
        CxmlEnvelope.Document(payloadId, timestamp, new XElement(
            "Response",
            new XElement(
                "Status", new XAttribute("code", XmlWriting.Text(status.Code)), new XAttribute("text", status.Text),
                new XAttribute(Lang, Language),
                XmlWriting.Clean(status.Message)))),
        Doctype());

    /// <summary>The status in a Response, or why it is none: the faults of <see cref="SafeXml"/>, <c>document-unknown</c>,
    /// <c>status-invalid</c>.</summary>
    public static (CxmlStatus? Status, DocumentFault? Fault) Read(ReadOnlyMemory<byte> content) =>
        SafeXml.Read(content, isKnownDoctype: IsPublicDtd) switch
        {
            XmlReading.Refused refused => (null, refused.Fault),
            XmlReading.Read read => Status(read.Root),
            _ => throw new InvalidOperationException("A reading is read or refused."),
        };

    internal static (CxmlStatus? Status, DocumentFault? Fault) Status(XElement root)
    {
        if (root.Name != "cXML" || root.Element("Response") is not { } response)
            return (null, new("document-unknown", "A cXML Response was expected.", Place.Of(root)));
        var status = response.Element("Status");
        var code = XmlFields.Raw(status?.Attribute("code"));
        return int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 100 and <= 599
            ? (new(number, XmlFields.Raw(status!.Attribute("text")) ?? string.Empty, XmlFields.Note([status], 500) ?? string.Empty), null)
            : (null, new("status-invalid", "A Response states its status as a code of three digits.", Place.Of(status ?? response)));
    }
}
