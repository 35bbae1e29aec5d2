using System.Xml.Linq;
using SSC.Purchasing.Exchange.Xml;

namespace SSC.Purchasing.Exchange.Ubl;

/// <summary>Names of UBL 2.1 (ISO/IEC 19845) and of the Peppol specifications that documents say they follow.</summary>
internal static class UblNames
{
    public static readonly XNamespace Cac = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2";
    public static readonly XNamespace Cbc = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2";

    public const string Version = "2.1";
    public const string OrderingProfile = "urn:fdc:peppol.eu:poacc:bis:ordering:3";
    public const string DespatchProfile = "urn:fdc:peppol.eu:poacc:bis:despatch_advice:3";
    public const string BillingProfile = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0";
    public const string OrderSpecification = "urn:fdc:peppol.eu:poacc:trns:order:3";
    public const string ResponseSpecification = "urn:fdc:peppol.eu:poacc:trns:order_response:3";
    public const string DespatchSpecification = "urn:fdc:peppol.eu:poacc:trns:despatch_advice:3";
    public const string BillingSpecification =
        "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0";

    public const string Currency = "USD";
    public const string CurrencyAttribute = "currencyID";
    public const string Country = "US";

    /// <summary>Properties of an order line that Peppol has no element for (see <c>src/docs/formats/ubl.md</c>).</summary>
    public static class Property
    {
        public const string ConsolidatedLine = "ConsolidatedLine";
        public const string ConsolidatedQuantity = "ConsolidatedQuantity";
        public const string CaseSize = "CaseSize";
        public const string DeliverTo = "DeliverTo";
        public const string DeliverToName = "DeliverToName";
        public const string DeliverToAddress = "DeliverToAddress";
        public const string DeliverToCity = "DeliverToCity";
        public const string DeliverToState = "DeliverToState";
        public const string DeliverToZip = "DeliverToZip";
        public const string DeliveryInstructions = "DeliveryInstructions";
        public const string MemberOrder = "MemberOrder";
    }

    /// <summary>Reasons of charges and allowances.</summary>
    public static class Reason
    {
        public const string Freight = "Freight";
        public const string Fee = "Contract fee";
        public const string Credit = "Commodity credit";
        public const string FreightCode = "FC";
    }

    public static XNamespace Main(string document) => $"urn:oasis:names:specification:ubl:schema:xsd:{document}-2";

    /// <summary>A document with its usual prefixes.</summary>
    public static XElement Document(string document, params IEnumerable<object?> content) => new(
        Main(document) + document, new XAttribute(XNamespace.Xmlns + "cac", Cac), new XAttribute(XNamespace.Xmlns + "cbc", Cbc), content);

    /// <summary>A basic element, or nothing for no text.</summary>
    public static XElement? B(string name, string? text, params IEnumerable<XAttribute?> attributes)
    {
        var element = XmlWriting.Element(Cbc + name, text);
        element?.Add(attributes);
        return element;
    }

    /// <summary>An aggregate, or nothing when it holds nothing.</summary>
    public static XElement? A(string name, params IEnumerable<object?> content) => XmlWriting.Element(Cac + name, content);

    /// <summary>A child by local names, step by step through aggregates; the last step may be basic.</summary>
    public static XElement? At(this XElement? element, params IReadOnlyList<string> steps)
    {
        for (var i = 0; i < steps.Count && element is not null; i++)
            element = element.Element(Cac + steps[i]) ?? element.Element(Cbc + steps[i]);
        return element;
    }

    /// <summary>Children of one aggregate or basic name.</summary>
    public static IEnumerable<XElement> All(this XElement? element, string name) =>
        element?.Elements().Where(e => e.Name.LocalName == name && (e.Name.Namespace == Cac || e.Name.Namespace == Cbc)) ?? [];
}
