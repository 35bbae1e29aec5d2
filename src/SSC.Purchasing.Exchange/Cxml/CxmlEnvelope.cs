using System.Xml.Linq;
using SSC.Purchasing.Exchange.Documents;
using SSC.Purchasing.Exchange.Xml;
using static SSC.Purchasing.Exchange.Cxml.CxmlNames;

namespace SSC.Purchasing.Exchange.Cxml;

/// <summary>Who a cXML document says it is from.</summary>
/// <param name="Domain">What the identity is an identity of, e.g. <c>DUNS</c>, <c>NetworkID</c>.</param>
/// <param name="Identity">The identity.</param>
public sealed record CxmlCredential(string Domain, string Identity)
{
    /// <summary>The domain of parties that have no public identity: the service's own ids.</summary>
    public const string OwnDomain = "SSC.Purchasing";

    /// <summary>A party by what was agreed for it, else by its DUNS number (electronic address 0060), else by its own id.</summary>
    public static CxmlCredential Of(TradingParty party) => party.Credential
        ?? (party.Endpoints.TryGetValue("0060", out var duns) && !string.IsNullOrWhiteSpace(duns)
            ? new("DUNS", duns)
            : new(OwnDomain, party.Id));
}

/// <summary>How the service presents itself to one vendor.</summary>
/// <param name="From">Who orders.</param>
/// <param name="To">Who is addressed.</param>
/// <param name="SharedSecret">What the vendor knows the sender by; null when the connection itself proves it.</param>
/// <param name="DeploymentMode"><c>production</c> or <c>test</c>.</param>
public sealed record CxmlSender(CxmlCredential From, CxmlCredential To, string? SharedSecret = null, string DeploymentMode = "production");

/// <summary>The frame of every cXML document of ours.</summary>
internal static class CxmlEnvelope
{
    private const string UserAgent = "SSC.Purchasing";

    public static byte[] Request(string payloadId, DateTimeOffset at, CxmlSender sender, XElement request, string module = "cXML") =>
        XmlWriting.Bytes(Document(
            payloadId, Timestamp(at), Header(sender), new XElement("Request", Attribute("deploymentMode", sender.DeploymentMode), request)),
            Doctype(module));

    public static XElement Document(string payloadId, string timestamp, params IEnumerable<object?> content) => new(
        "cXML", new XAttribute("payloadID", payloadId), new XAttribute("timestamp", timestamp),
        new XAttribute("version", CxmlNames.Version),
        new XAttribute(Lang, Language), content);

    public static XElement Header(CxmlSender sender) => new(
        "Header", new XElement("From", Credential(sender.From)), new XElement("To", Credential(sender.To)),
        new XElement("Sender", Credential(sender.From, sender.SharedSecret), new XElement("UserAgent", UserAgent)));

    private static XElement Credential(CxmlCredential credential, string? secret = null) => new(
        "Credential", new XAttribute("domain", credential.Domain), new XElement("Identity", credential.Identity),
        E("SharedSecret", secret));
}
