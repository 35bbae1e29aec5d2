using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using SSC.Purchasing.Exchange.Documents;

namespace SSC.Purchasing.Exchange.Xml;

/// <summary>What reading the bytes of an XML document gave.</summary>
public abstract record XmlReading
{
    private XmlReading()
    {
    }

    /// <summary>The document's root; every element knows its line and column.</summary>
    public sealed record Read(XElement Root) : XmlReading;

    /// <summary>Why nothing was read.</summary>
    public sealed record Refused(DocumentFault Fault) : XmlReading;
}

/// <summary>
/// The one way in for XML, whatever format it holds. No document type definition is ever processed, nothing outside the document is
/// ever fetched, and size, depth and number of elements are bounded, so that neither external entities (XXE) nor entity expansion
/// (billion laughs) have anything to work on.
/// </summary>
public static class SafeXml
{
    /// <summary>
    /// Reads a document of UTF-8 (assumed), UTF-16, US-ASCII or ISO-8859-1. Codes: <c>document-empty</c>, <c>document-too-large</c>,
    /// <c>document-encoding</c>, <c>document-dtd</c>, <c>document-too-deep</c>, <c>document-malformed</c>.
    /// </summary>
    /// <param name="content">The bytes.</param>
    /// <param name="limits">How much is read at most.</param>
    /// <param name="isKnownDoctype">
    /// For formats whose senders name a public DTD: true for a document type (root name, system identifier) that may stand in the
    /// prologue. It is taken out unread; one with an internal subset is refused whatever it names. Null refuses every document type.
    /// </param>
    public static XmlReading Read(ReadOnlyMemory<byte> content, XmlLimits? limits = null, Func<string, string, bool>? isKnownDoctype = null)
    {
        limits ??= XmlLimits.Default;
        if (content.Length == 0) return Refused("document-empty", "The document is empty; send it again.");
        if (content.Length > limits.MaxBytes)
        {
            var megabytes = (limits.MaxBytes / (1024m * 1024m)).ToString("0.#", CultureInfo.InvariantCulture);
            return Refused("document-too-large", $"A document has at most {megabytes} MB; split it.");
        }

        if (XmlText.Decode(content.Span) is not { } text)
            return Refused("document-encoding", "Write the document in UTF-8, as its declaration says.");
        return Prologue.WithoutDoctype(text, isKnownDoctype) switch
        {
            (_, { } fault) => new XmlReading.Refused(fault),
            var (body, _) => Parse(body, limits),
        };
    }

    private static XmlReading Parse(string text, XmlLimits limits)
    {
        try
        {
            if (FirstExcess(text, limits) is { } excess) return new XmlReading.Refused(excess);
            using var reader = Open(text);
            return XDocument.Load(reader, LoadOptions.SetLineInfo).Root is { } root
                ? new XmlReading.Read(root)
                : Refused("document-malformed", "The document has no root element.");
        }
        catch (XmlException broken)
        {
            return new XmlReading.Refused(new(
                "document-malformed", "The document is not well-formed XML; send it as your system writes it.",
                Place.At(broken.LineNumber, broken.LinePosition)));
        }
    }

    /// <summary>Goes through the document once without keeping it, so that an endless one is never built in memory.</summary>
    private static DocumentFault? FirstExcess(string text, XmlLimits limits)
    {
        using var reader = Open(text);
        var position = (IXmlLineInfo)reader;
        for (var elements = 0; reader.Read();)
        {
            if (reader.NodeType != XmlNodeType.Element) continue;
            if (reader.Depth >= limits.MaxDepth)
                return new("document-too-deep", $"Elements nest at most {limits.MaxDepth} deep.", Place.At(position));
            if (++elements > limits.MaxElements)
                return new("document-too-large", $"A document has at most {limits.MaxElements} elements; split it.", Place.At(position));
            if (reader.AttributeCount > limits.MaxAttributes)
                return new("document-malformed", $"An element has at most {limits.MaxAttributes} attributes.", Place.At(position));
        }

        return null;
    }

    private static XmlReader Open(string text) => XmlReader.Create(new StringReader(text), new XmlReaderSettings
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        CheckCharacters = true,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        IgnoreWhitespace = true,
        MaxCharactersFromEntities = 1024,
        CloseInput = true,
    });

    private static XmlReading.Refused Refused(string code, string message) => new(new DocumentFault(code, message));
}
