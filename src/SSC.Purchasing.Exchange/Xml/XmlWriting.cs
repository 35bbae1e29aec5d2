using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace SSC.Purchasing.Exchange.Xml;

/// <summary>How every XML document of this service is written: UTF-8 without mark, indented by two, line feeds, no document type of its
/// own, no element without content.</summary>
internal static class XmlWriting
{
    /// <summary>The bytes of a document: the same tree always gives the same bytes.</summary>
    public static byte[] Bytes(XElement root, XDocumentType? doctype = null)
    {
        using var buffer = new MemoryStream();
        var settings = new XmlWriterSettings
        {
            Encoding = new UTF8Encoding(false), Indent = true, IndentChars = "  ", NewLineChars = "\n",
            NewLineHandling = NewLineHandling.Entitize,
        };
        using (var writer = XmlWriter.Create(buffer, settings))
        {
            new XDocument(doctype is null ? [root] : new object[] { doctype, root }).Save(writer);
        }

        return buffer.ToArray();
    }

    /// <summary>An element with content, or nothing when the content is: documents hold no empty elements.</summary>
    public static XElement? Element(XName name, params IEnumerable<object?> content)
    {
        var element = new XElement(name);
        foreach (var part in content) element.Add(part is string text ? Clean(text) : part);
        return element.HasElements || !string.IsNullOrWhiteSpace(element.Value) ? element : null;
    }

    /// <summary>Text as XML can hold it: characters that XML has no way to write become spaces.</summary>
    public static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1])) clean.Append(text[i]).Append(text[++i]);
            else clean.Append(XmlConvert.IsXmlChar(text[i]) ? text[i] : ' ');
        }

        return clean.ToString().Trim();
    }

    /// <summary>Whole number, invariant.</summary>
    public static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Day as XML Schema writes it, e.g. <c>2026-09-01</c>.</summary>
    public static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
