using System.Xml.Linq;
using static SSC.Purchasing.Exchange.Ubl.UblNames;

namespace SSC.Purchasing.Exchange.Ubl.Rules;

/// <summary>The rules of the Despatch Advice transaction, T16, that its data model does not say.</summary>
internal static class DespatchRules
{
    public static IReadOnlyList<PeppolRule> All { get; } =
    [
        new("PEPPOL-T16-R003", "An item has the seller's number or a standard one.", d => d.All("DespatchLine")
            .When(l => l.At("Item", "StandardItemIdentification", "ID") is null
                && l.At("Item", "SellersItemIdentification", "ID") is null)),
        new("PEPPOL-T16-R004", "An item has a name.", d => d.All("DespatchLine").When(l => l.At("Item", "Name") is null)),
        new("PEPPOL-T16-R005", "A line should say what was sent.", d => d.All("DespatchLine").When(l => l.At("DeliveredQuantity") is null),
            IsFatal: false),
        new("PEPPOL-T16-R006", "A quantity sent is not negative.", d => d.All("DespatchLine")
            .When(l => !l.At("DeliveredQuantity").IsFromZeroUp())),
        new("PEPPOL-T16-R007", "A quantity still to come should have its reason.", d => d.All("DespatchLine")
            .When(l => l.At("OutstandingQuantity") is not null && l.At("OutstandingReason") is null), IsFatal: false),
        Named("PEPPOL-T16-R008", "BuyerCustomerParty", "The buyer has a name or an identifier."),
        Named("PEPPOL-T16-R009", "SellerSupplierParty", "The seller has a name or an identifier."),
        Named("PEPPOL-T16-R010", "OriginatorCustomerParty", "The originator has a name or an identifier."),
        new("PEPPOL-T16-R011", $"The specification identifier begins with {DespatchSpecification}.", d => d.All("CustomizationID")
            .When(c => !c.Value.Trim().StartsWith(DespatchSpecification, StringComparison.Ordinal))),
    ];

    private static PeppolRule Named(string id, string role, string meaning) => new(id, meaning, d => d.All(role)
        .When(r => r.At("Party", "PartyName", "Name") is null && r.At("Party", "PartyIdentification", "ID") is null));
}
