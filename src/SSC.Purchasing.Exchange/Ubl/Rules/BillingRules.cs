using System.Xml.Linq;
using static SSC.Purchasing.Exchange.Ubl.UblNames;

namespace SSC.Purchasing.Exchange.Ubl.Rules;

/// <summary>
/// The rules of EN 16931 and Peppol BIS Billing 3 that an invoice in the United States can keep: what it must say. Left out are the
/// rules on value added tax, of which there is none, and those on sums, which the invoice module judges as exceptions.
/// </summary>
internal static class BillingRules
{
    public static IReadOnlyList<PeppolRule> All { get; } =
    [
        new("PEPPOL-EN16931-R001", "The business process (ProfileID) is stated.", d => Missing(d, "ProfileID")),
        new("PEPPOL-EN16931-R004", $"The specification identifier begins with {BillingSpecification}.", d => d.All("CustomizationID")
            .When(c => !c.Value.Trim().StartsWith(BillingSpecification, StringComparison.Ordinal))),
        new("PEPPOL-EN16931-R007", "The business process is urn:fdc:peppol.eu:2017:poacc:billing:NN:1.0.", d => d.All("ProfileID")
            .When(p => !IsProcess(p.Value.Trim()))),
        new("PEPPOL-EN16931-R008", "An element is never empty; leave it out instead.", d => d.DescendantsAndSelf()
            .Where(e => !e.HasElements && string.IsNullOrWhiteSpace(e.Value))),
        new("PEPPOL-EN16931-R003", "A buyer reference or an order reference is stated.", d =>
            d.At("BuyerReference") is null && d.At("OrderReference", "ID") is null ? [d] : []),
        new("PEPPOL-EN16931-R043", "A charge indicator is true or false.", d => d.Descendants(Cac + "AllowanceCharge")
            .When(c => c.At("ChargeIndicator")?.Value.Trim() is not ("true" or "false"))),
        new("PEPPOL-EN16931-R051", "Every amount is in the document's currency.", d => d.Descendants()
            .When(e => (string?)e.Attribute(CurrencyAttribute) is { } currency && !IsAccountingTax(d, e)
                && !d.At("DocumentCurrencyCode").Is(currency))),
        new("PEPPOL-EN16931-R121", "A price's base quantity is above zero.", d => d.Descendants(Cac + "Price")
            .Select(p => p.At("BaseQuantity")).OfType<XElement>().When(b => b.Number() is not > 0)),
        new("PEPPOL-EN16931-R130", "A price's base quantity is in the line's unit.", d => Lines(d)
            .Select(l => l.At("Price", "BaseQuantity")).OfType<XElement>().When(b => b.Attribute("unitCode") is { } unit
                && Quantity(b.Parent!.Parent!) is { } q && (string?)q.Attribute("unitCode") != unit.Value)),
        new("BR-01", "A specification identifier is stated.", d => Missing(d, "CustomizationID")),
        new("BR-02", "An invoice has a number.", d => Missing(d, "ID")),
        new("BR-03", "An invoice has an issue date.", d => Missing(d, "IssueDate")),
        new("BR-04", "An invoice has a type code.", d =>
            d.At("InvoiceTypeCode") is null && d.At("CreditNoteTypeCode") is null ? [d] : []),
        new("BR-05", "An invoice has a currency.", d => Missing(d, "DocumentCurrencyCode")),
        new("BR-15", "An invoice states what is to be paid.", d => d.At("LegalMonetaryTotal", "PayableAmount") is null ? [d] : []),
        new("BR-16", "An invoice has at least one line.", d => Lines(d).Any() ? [] : [d]),
        new("BR-21", "A line has an identifier.", d => Lines(d).When(l => l.At("ID") is null)),
        new("BR-22", "A line has a quantity.", d => Lines(d).When(l => Quantity(l) is null)),
        new("BR-23", "A line's quantity has a unit.", d => Lines(d).When(l => Quantity(l) is { } q && q.Attribute("unitCode") is null)),
        new("BR-24", "A line has a net amount.", d => Lines(d).When(l => l.At("LineExtensionAmount") is null)),
        new("BR-25", "A line names its item.", d => Lines(d).When(l => l.At("Item", "Name") is null)),
        new("BR-26", "A line has a net price.", d => Lines(d).When(l => l.At("Price", "PriceAmount") is null)),
        new("BR-27", "A net price is not negative.", d => Lines(d).Select(l => l.At("Price", "PriceAmount")).OfType<XElement>()
            .When(p => p.Number() is < 0)),
        new("BR-55", "A reference to a preceding invoice has its number.", d => d.All("BillingReference")
            .When(b => b.At("InvoiceDocumentReference") is { } r && r.At("ID") is null)),
    ];

    public static IEnumerable<XElement> Lines(XElement d) => d.All("InvoiceLine").Concat(d.All("CreditNoteLine"));

    public static XElement? Quantity(XElement line) => line.At("InvoicedQuantity") ?? line.At("CreditedQuantity");

    private static IEnumerable<XElement> Missing(XElement d, string element) => d.At(element) is null ? [d] : [];

    private static bool IsProcess(string text)
    {
        const string Start = "urn:fdc:peppol.eu:2017:poacc:billing:";
        const string End = ":1.0";
        return text.StartsWith(Start, StringComparison.Ordinal) && text.EndsWith(End, StringComparison.Ordinal)
            && text.Length == Start.Length + 2 + End.Length && text[Start.Length..^End.Length].All(char.IsAsciiDigit);
    }

    private static bool IsAccountingTax(XElement d, XElement amount) =>
        amount.Name == Cbc + "TaxAmount" && d.At("TaxCurrencyCode") is { } tax
            && tax.Is((string?)amount.Attribute(CurrencyAttribute) ?? string.Empty);
}
