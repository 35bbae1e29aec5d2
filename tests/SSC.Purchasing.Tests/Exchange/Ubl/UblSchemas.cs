using System.Xml;
using System.Xml.Linq;
using System.Xml.Schema;

namespace SSC.Purchasing.Tests.Exchange.Ubl;

/// <summary>
/// The OASIS schemas of UBL 2.1, where the environment variable <c>UBL_SCHEMAS</c> names a folder of them; and, for when it does not, the
/// sequence in which the types written here hold their elements.
/// </summary>
internal static class UblSchemas
{
    private static readonly string? Folder = Environment.GetEnvironmentVariable("UBL_SCHEMAS");
    private static readonly Lazy<XmlSchemaSet> Schemas = new(Load);

    private static readonly Dictionary<string, string[]> Sequences = new(StringComparer.Ordinal)
    {
        ["Order"] = Words("""
            CustomizationID ProfileID ID IssueDate IssueTime OrderTypeCode Note DocumentCurrencyCode CustomerReference ValidityPeriod
            OriginatorDocumentReference CatalogueReference AdditionalDocumentReference Contract BuyerCustomerParty SellerSupplierParty
            Delivery PaymentTerms AllowanceCharge AnticipatedMonetaryTotal OrderLine
            """),
        ["OrderResponse"] = Words("""
            CustomizationID ProfileID ID IssueDate OrderResponseCode Note DocumentCurrencyCode OrderReference SellerSupplierParty
            BuyerCustomerParty OrderLine
            """),
        ["DespatchAdvice"] = Words("""
            CustomizationID ProfileID ID IssueDate OrderReference DespatchSupplierParty DeliveryCustomerParty Shipment DespatchLine
            """),
        ["ReceiptAdvice"] = Words("""
            UBLVersionID ID IssueDate IssueTime Note OrderReference DespatchDocumentReference DeliveryCustomerParty DespatchSupplierParty
            BuyerCustomerParty SellerSupplierParty ReceiptLine
            """),
        ["Invoice"] = Words("""
            CustomizationID ProfileID ID IssueDate DueDate InvoiceTypeCode DocumentCurrencyCode OrderReference BillingReference
            AccountingSupplierParty AccountingCustomerParty AllowanceCharge TaxTotal LegalMonetaryTotal InvoiceLine
            """),
        ["CreditNote"] = Words("""
            CustomizationID ProfileID ID IssueDate CreditNoteTypeCode DocumentCurrencyCode OrderReference BillingReference
            AccountingSupplierParty AccountingCustomerParty PaymentMeans AllowanceCharge TaxTotal LegalMonetaryTotal CreditNoteLine
            """),
        ["Party"] = Words("EndpointID PartyIdentification PartyName PostalAddress PartyLegalEntity"),
        ["PostalAddress"] = Words("StreetName AdditionalStreetName CityName PostalZone CountrySubentity AddressLine Country"),
        ["OrderLine"] = Words("LineItem SellerSubstitutedLineItem OrderLineReference"),
        ["LineItem"] = Words("""
            ID Note LineStatusCode Quantity LineExtensionAmount AccountingCost Delivery OriginatorParty AllowanceCharge Price Item
            """),
        ["Item"] = Words("Name BuyersItemIdentification SellersItemIdentification AdditionalItemProperty ItemInstance"),
        ["AllowanceCharge"] = Words("ChargeIndicator AllowanceChargeReasonCode AllowanceChargeReason Amount"),
        ["AnticipatedMonetaryTotal"] = Words("LineExtensionAmount TaxExclusiveAmount TaxInclusiveAmount ChargeTotalAmount PayableAmount"),
        ["DespatchLine"] = Words("ID DeliveredQuantity OutstandingQuantity OutstandingReason OrderLineReference Item"),
        ["ReceiptLine"] = Words("""
            ID Note ReceivedQuantity ShortQuantity RejectedQuantity RejectReason OversupplyQuantity ReceivedDate OrderLineReference Item
            """),
        ["InvoiceLine"] = Words("ID InvoicedQuantity LineExtensionAmount OrderLineReference Delivery Item Price"),
        ["CreditNoteLine"] = Words("ID CreditedQuantity LineExtensionAmount OrderLineReference Delivery Item Price"),
    };

    /// <summary>What is wrong with a document by its elements' sequence, and by the schemas where they are configured.</summary>
    public static IReadOnlyList<string> Faults(XElement document) =>
        [.. OutOfSequence(document), .. Folder is null ? [] : Invalid(document)];

    public static IEnumerable<string> OutOfSequence(XElement document) =>
        from element in document.DescendantsAndSelf()
        where Sequences.ContainsKey(element.Name.LocalName)
        let sequence = Sequences[element.Name.LocalName]
        let places = element.Elements().Select(e => Array.IndexOf(sequence, e.Name.LocalName)).ToList()
        where places.Contains(-1) || places.Zip(places.Skip(1)).Any(p => p.First > p.Second)
        select $"{element.Name.LocalName} holds {string.Join(' ', element.Elements().Select(e => e.Name.LocalName).Distinct())}";

    private static List<string> Invalid(XElement document)
    {
        var faults = new List<string>();
        new XDocument(document).Validate(Schemas.Value, (_, e) => faults.Add(e.Message));
        return faults;
    }

    private static XmlSchemaSet Load()
    {
        var set = new XmlSchemaSet { XmlResolver = new XmlUrlResolver() };
        Add(set, "common", "UBL-xmldsig-core-schema-2.1.xsd");
        foreach (var document in new[] { "Order", "OrderResponse", "DespatchAdvice", "ReceiptAdvice", "Invoice", "CreditNote" })
            Add(set, "maindoc", $"UBL-{document}-2.1.xsd");
        set.Compile();
        return set;
    }

    // The schema of signatures has a document type of its own, which an import would stop at.
    private static void Add(XmlSchemaSet set, string folder, string file)
    {
        var path = Path.GetFullPath(Path.Combine(Folder!, folder, file));
        using var reader = XmlReader.Create(path, new XmlReaderSettings { DtdProcessing = DtdProcessing.Parse, XmlResolver = null });
        set.Add(null, reader);
    }

    private static string[] Words(string text) => text.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries);
}
