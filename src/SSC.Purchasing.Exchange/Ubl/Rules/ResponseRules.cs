using System.Xml.Linq;
using static SSC.Purchasing.Exchange.Ubl.UblNames;

namespace SSC.Purchasing.Exchange.Ubl.Rules;

/// <summary>The rules of the Order Response transaction, T76, that its data model does not say.</summary>
internal static class ResponseRules
{
    public static IReadOnlyList<PeppolRule> All { get; } =
    [
        new("PEPPOL-T76-R001", "The buyer has a legal name or an identifier.", d => Nameless(d, "BuyerCustomerParty")),
        new("PEPPOL-T76-R002", "The seller has a legal name or an identifier.", d => Nameless(d, "SellerSupplierParty")),
        new("PEPPOL-T76-R003", "A line's identifier is unique in the response.", d => d.All("OrderLine")
            .Select(l => l.At("LineItem", "ID")).OfType<XElement>().GroupBy(i => i.Value.Trim(), StringComparer.Ordinal)
            .SelectMany(g => g.Skip(1))),
        new("PEPPOL-T76-R004", "A delivery period ends on or after the day it starts.", d => d.Descendants(Cac + "PromisedDeliveryPeriod")
            .When(p => p.At("StartDate") is { } start && p.At("EndDate") is { } end
                && string.CompareOrdinal(end.Value.Trim(), start.Value.Trim()) < 0)),
        new("PEPPOL-T76-R005", "Every price is in the response's currency.", d => d.Descendants(Cbc + "PriceAmount")
            .When(p => !d.At("DocumentCurrencyCode").Is((string?)p.Attribute(CurrencyAttribute) ?? string.Empty))),
        new("PEPPOL-T76-R006", $"The specification identifier begins with {ResponseSpecification}.", d => d.All("CustomizationID")
            .When(c => !c.Value.Trim().StartsWith(ResponseSpecification, StringComparison.Ordinal))),
        Lines("PEPPOL-T76-R007", "CA", "A conditional acceptance answers lines.", hasLines: true),
        Lines("PEPPOL-T76-R008", "AP", "An acceptance has no lines; answer line by line with CA.", hasLines: false),
        Lines("PEPPOL-T76-R009", "RE", "A rejection has no lines; answer line by line with CA.", hasLines: false),
        Lines("PEPPOL-T76-R010", "AB", "An acknowledgement has no lines.", hasLines: false),
    ];

    private static PeppolRule Lines(string id, string code, string meaning, bool hasLines) => new(id, meaning, d =>
        d.All("OrderResponseCode").When(c => c.Is(code) && d.All("OrderLine").Any() != hasLines));

    private static IEnumerable<XElement> Nameless(XElement d, string role) => d.All(role).Select(r => r.At("Party")).OfType<XElement>()
        .When(p => p.At("PartyLegalEntity", "RegistrationName") is null && p.At("PartyIdentification", "ID") is null);
}
