using System.Xml.Linq;
using SSC.Purchasing.Exchange.Documents;
using SSC.Purchasing.Exchange.Ubl.Rules;
using SSC.Purchasing.Exchange.Xml;
using SSC.Purchasing.Kernel;
using static SSC.Purchasing.Exchange.Ubl.UblNames;

namespace SSC.Purchasing.Exchange.Ubl;

/// <summary>
/// Reads UBL 2.1 documents from vendors: OrderResponse (Peppol T76), DespatchAdvice (T16), Invoice and CreditNote (BIS Billing 3). A
/// document is read as a whole or not at all. Faults: those of <see cref="SafeXml"/>, <c>document-unknown</c>,
/// <c>document-version</c>, a broken Peppol rule under its id in lower case, and those of the fields (<c>src/docs/formats/ubl.md</c>).
/// </summary>
/// <param name="cooperatives">A bill to one of these is a bill to the cooperative; to anyone else, to a member.</param>
public sealed class UblReader(params IEnumerable<CooperativeId> cooperatives) : IVendorDocumentReader
{
    private readonly HashSet<string> cooperatives = [.. cooperatives.Select(c => c.Value)];

    /// <inheritdoc/>
    public string Format => "ubl";

    /// <inheritdoc/>
    public IReadOnlyList<string> MediaTypes { get; } = ["application/xml", "text/xml", "application/vnd.oasis.ubl+xml"];

    /// <inheritdoc/>
    public DocumentReading Read(ReadOnlyMemory<byte> content, VendorId sender) => SafeXml.Read(content) switch
    {
        XmlReading.Refused refused => new DocumentReading.Refused([refused.Fault]),
        XmlReading.Read read => Read(read.Root, sender),
        _ => throw new InvalidOperationException("A reading is read or refused."),
    };

    private DocumentReading Read(XElement root, VendorId sender)
    {
        if (Version(root) is { } wrong) return new DocumentReading.Refused([wrong]);
        var fields = new XmlFields(XmlLimits.Default.MaxFaults);
        fields.Add(Broken(root).Where(v => v.IsFatal && !IsUnitCode(v)).Select(v => v.ToFault()));
        if (fields.Faults.Count > 0) return new DocumentReading.Refused(fields.Faults);

        CheckCurrency(root, fields);
        IReadOnlyList<VendorDocument> documents = root.Name.LocalName switch
        {
            "OrderResponse" => [UblResponseReading.Read(root, sender, fields)],
            "DespatchAdvice" => UblDespatchReading.Read(root, sender, fields),
            _ => [UblInvoiceReading.Read(root, sender, cooperatives, fields)],
        };
        return fields.Faults.Count > 0 ? new DocumentReading.Refused(fields.Faults) : new DocumentReading.Read(documents);
    }

    private static DocumentFault? Version(XElement root)
    {
        var specification = root.Name.LocalName switch
        {
            "OrderResponse" => ResponseSpecification,
            "DespatchAdvice" => DespatchSpecification,
            "Invoice" or "CreditNote" => BillingSpecification,
            _ => null,
        };
        if (specification is null)
        {
            return new("document-unknown", "Send an OrderResponse, a DespatchAdvice, an Invoice or a CreditNote.", Place.Of(root));
        }

        if (root.Name.Namespace != Main(root.Name.LocalName))
            return new("document-version", $"The document is not of UBL 2; its namespace is {Main(root.Name.LocalName)}.", Place.Of(root));
        if (root.At("UBLVersionID") is { } version && version.Value.Trim() != UblNames.Version)
            return new("document-version", $"Write the document after UBL {UblNames.Version}.", Place.Of(version));
        var customization = root.At("CustomizationID");
        return customization is not null && customization.Value.Trim().StartsWith(specification, StringComparison.Ordinal)
            ? null
            : new("document-version", $"State the specification {specification} as CustomizationID.", Place.Of(customization ?? root));
    }

    private static IReadOnlyList<RuleViolation> Broken(XElement root) => root.Name.LocalName switch
    {
        "OrderResponse" => PeppolRules.CheckResponse(root),
        "DespatchAdvice" => PeppolRules.CheckDespatch(root),
        _ => PeppolRules.CheckInvoice(root),
    };

    // Vendors write packages without the X and X12 codes; a unit code outside the list is understood or refused where it is read.
    private static bool IsUnitCode(RuleViolation violation) => violation.At.EndsWith("/@unitCode", StringComparison.Ordinal);

    private static void CheckCurrency(XElement root, XmlFields fields)
    {
        if (root.At("DocumentCurrencyCode") is { } currency && currency.Value.Trim() != Currency)
            fields.Fault("currency-unknown", $"Orders are in {Currency}; state every amount in it.", currency);
    }

    /// <summary>The drop that a quoted order line is; a fault <c>order-line-invalid</c> when it is none of ours.</summary>
    internal static UblLineId? LineId(XElement? quoted, XmlFields fields)
    {
        if (XmlFields.Raw(quoted) is not { } text) return null;
        if (UblLineId.TryParse(text) is { } id) return id;
        fields.Fault("order-line-invalid", "Quote the line as the order identifies it, e.g. 3:M-014-HS, or 3 for the whole line.", quoted!);
        return null;
    }

    /// <summary>The item of a line: the seller's number, else the buyer's; null when it names neither.</summary>
    internal static ItemNo? Item(XElement? item, XmlFields fields) =>
        fields.Id<ItemNo>(item.At("SellersItemIdentification", "ID") ?? item.At("BuyersItemIdentification", "ID"), "item");

    /// <summary>An id of this service that a party or place carries: one without scheme.</summary>
    internal static XElement? OwnId(IEnumerable<XElement> ids) => ids.FirstOrDefault(i => i.Attribute("schemeID") is null);

    /// <summary>Ids of a party.</summary>
    internal static IEnumerable<XElement> IdsOf(XElement? party) => party.All("PartyIdentification").SelectMany(p => p.All("ID"));
}
