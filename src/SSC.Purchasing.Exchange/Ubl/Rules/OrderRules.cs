using System.Xml.Linq;
using static SSC.Purchasing.Exchange.Ubl.UblNames;

namespace SSC.Purchasing.Exchange.Ubl.Rules;

/// <summary>The rules of the Order transaction, T01, that its data model does not say.</summary>
internal static class OrderRules
{
    private const decimal Slack = 0.02m;

    private static readonly string[] Profiles =
        ["urn:fdc:peppol.eu:poacc:bis:order_only:3", OrderingProfile, "urn:fdc:peppol.eu:poacc:bis:advanced_ordering:3"];

    private static readonly string[] AmountNames =
    [
        "Amount", "TaxAmount", "LineExtensionAmount", "PriceAmount", "BaseAmount", "TaxExclusiveAmount", "TaxInclusiveAmount",
        "AllowanceTotalAmount", "ChargeTotalAmount", "PrepaidAmount", "PayableRoundingAmount", "PayableAmount",
    ];

    public static IReadOnlyList<PeppolRule> All { get; } =
    [
        new("PEPPOL-T01-R001", "A line's identifier is unique in the order.", Repeated),
        new("PEPPOL-T01-R002", "An order should say until when it is valid.", d => d.At("ValidityPeriod", "EndDate") is null ? [d] : [],
            IsFatal: false),
        new("PEPPOL-T01-R003", "Every amount is in the order's currency.", d => Amounts(d)
            .When(a => a.Attribute(CurrencyAttribute) is { } c && !d.At("DocumentCurrencyCode").Is(c.Value))),
        new("PEPPOL-T01-R004", "An ordered quantity is a number and not negative.", d => Items(d)
            .When(i => i.At("Quantity").Number() is not >= 0)),
        new("PEPPOL-T01-R005", "A net price is not negative.", d => Prices(d).When(p => p.At("PriceAmount").Number() is not >= 0)),
        .. Totals(),
        new("PEPPOL-T01-R013", "A line should have an ordered quantity.", d =>
            Items(d).When(i => i.At("Quantity") is null), IsFatal: false),
        new("PEPPOL-T01-R014", "An originator has a name or an identifier.", d => d.All("OriginatorCustomerParty")
            .When(o => o.At("Party", "PartyName", "Name") is null && o.At("Party", "PartyIdentification", "ID") is null)),
        .. Charges(),
        new("PEPPOL-T01-R024", "A line's amount is quantity × price ÷ base quantity + charges − allowances, within 0.02.", d => Items(d)
            .When(i => Math.Abs((i.At("LineExtensionAmount").Number() ?? 0) - Expected(i)) > Slack)),
        new("PEPPOL-T01-R025", "A price's base quantity is above zero.", d => Items(d).Select(i => i.At("Price", "BaseQuantity"))
            .OfType<XElement>().When(b => b.Number() is not > 0)),
        new("PEPPOL-T01-R026", "A VAT number begins with a country code.", d => d.Descendants(Cac + "PartyTaxScheme")
            .When(p => p.At("TaxScheme", "ID").Is("VAT") && !HasCountry(p.At("CompanyID")))),
        new("PEPPOL-T01-R027", "A gross price is not negative.", d => Prices(d).Select(p => p.At("AllowanceCharge", "BaseAmount"))
            .OfType<XElement>().When(b => b.Number() is not >= 0)),
        new("PEPPOL-T01-R028", "An amount has at most two decimals; only prices have more.", d => Amounts(d)
            .When(a => !a.Ancestors(Cac + "Price").Any() && Decimals(a) > 2)),
        .. Taxes(),
        new("PEPPOL-T01-R031", "An order follows the order-only, ordering or advanced-ordering profile.", d => d.All("ProfileID")
            .When(p => !Profiles.Contains(p.Value.Trim(), StringComparer.Ordinal))),
        new("PEPPOL-T01-R033", "A price's allowance is not negative.", d => Prices(d).Select(p => p.At("AllowanceCharge", "Amount"))
            .OfType<XElement>().When(a => a.Number() is not >= 0)),
        new("PEPPOL-T01-R034", $"The specification identifier begins with {OrderSpecification}.", d => d.All("CustomizationID")
            .When(c => !c.Value.Trim().StartsWith(OrderSpecification, StringComparison.Ordinal))),
        new("PEPPOL-T01-CL001", "An allowance's reason code is one of UNCL 5189.", d => ReasonCodes(d, "false")
            .When(c => !CodeLists.Has("UNCL5189", c.Value.Trim()))),
        new("PEPPOL-T01-CL002", "A charge's reason code is one of UNCL 7161.", d => ReasonCodes(d, "true")
            .When(c => !CodeLists.Has("UNCL7161", c.Value.Trim()))),
    ];

    private static PeppolRule[] Totals() =>
    [
        Total("PEPPOL-T01-R006", "The expected payment is not negative.", (_, t) => Of(t, "PayableAmount") >= 0),
        Total("PEPPOL-T01-R007", "The expected sum of lines is not negative.", (_, t) => Of(t, "LineExtensionAmount") >= 0),
        Total("PEPPOL-T01-R008", "The expected sum of lines is the sum of the lines.", (d, t) =>
            Of(t, "LineExtensionAmount") == Items(d).Select(i => i.At("LineExtensionAmount")).Sum()),
        Total("PEPPOL-T01-R009", "The sum of allowances is the sum of the order's allowances.", (d, t) =>
            Of(t, "AllowanceTotalAmount") == Sum(d, "false")),
        Total("PEPPOL-T01-R010", "The sum of charges is the sum of the order's charges.", (d, t) =>
            Of(t, "ChargeTotalAmount") == Sum(d, "true")),
        Total("PEPPOL-T01-R011", "The total before tax is lines − allowances + charges.", (_, t) => BeforeTax(t) == Net(t)),
        Total("PEPPOL-T01-R016", "The payment is the total with tax − prepaid + rounding.", (_, t) => t.At("TaxInclusiveAmount") is null
            || Of(t, "PayableAmount") == Of(t, "TaxInclusiveAmount") - Of(t, "PrepaidAmount") + Of(t, "PayableRoundingAmount")),
        Total("PEPPOL-T01-R017", "The total with tax is the total before tax + tax.", (d, t) => t.At("TaxInclusiveAmount") is null
            || d.At("TaxTotal") is null || Of(t, "TaxInclusiveAmount") == BeforeTax(t) + (d.At("TaxTotal", "TaxAmount").Number() ?? 0)),
    ];

    private static PeppolRule[] Charges() =>
    [
        new("PEPPOL-T01-R019", "A net price is the gross price − its allowance.", d => Prices(d).Select(p => p.At("AllowanceCharge"))
            .OfType<XElement>().When(a => a.At("BaseAmount") is { } gross
                && a.Parent.At("PriceAmount").Number() != gross.Number() - a.At("Amount").Number())),
        new("PEPPOL-T01-R020", "A percentage comes with its base amount.", d => AllCharges(d)
            .When(c => c.At("MultiplierFactorNumeric") is not null && c.At("BaseAmount") is null)),
        new("PEPPOL-T01-R021", "A base amount comes with its percentage.", d => AllCharges(d)
            .When(c => c.At("MultiplierFactorNumeric") is null && c.At("BaseAmount") is not null)),
        new("PEPPOL-T01-R022", "An amount is base amount × percentage ÷ 100, within 0.02.", d => AllCharges(d)
            .When(c => c.At("BaseAmount").Number() is { } @base && c.At("MultiplierFactorNumeric").Number() is { } percent
                && Math.Abs((c.At("Amount").Number() ?? 0) - (@base * percent / 100)) > Slack)),
        new("PEPPOL-T01-R023", "An allowance or charge has a reason.", d => AllCharges(d)
            .When(c => c.At("AllowanceChargeReason") is null && c.At("AllowanceChargeReasonCode") is null)),
        new("PEPPOL-T01-R032", "An allowance or charge is not negative.", d =>
            AllCharges(d).When(c => c.At("Amount").Number() is not >= 0)),
    ];

    private static PeppolRule[] Taxes() =>
    [
        new("PEPPOL-T01-R029", "A tax category has a rate, unless nothing is taxed.", d => TaxCategories(d)
            .When(t => t.At("Percent") is null && !t.At("ID").Is("O"))),
        new("PEPPOL-T01-R030", "A standard rate is above zero.", d => TaxCategories(d)
            .When(t => t.At("ID").Is("S") && t.At("Percent").Number() is not > 0)),
    ];

    private static PeppolRule Total(string id, string meaning, Func<XElement, XElement, bool> holds) =>
        new(id, meaning, d => d.All("AnticipatedMonetaryTotal").When(t => !holds(d, t)));

    private static IEnumerable<XElement> Items(XElement d) => d.All("OrderLine").Select(l => l.At("LineItem")).OfType<XElement>();

    private static IEnumerable<XElement> Prices(XElement d) => d.Descendants(Cac + "Price");

    private static IEnumerable<XElement> AllCharges(XElement d) =>
        d.All("AllowanceCharge").Concat(Items(d).SelectMany(i => i.All("AllowanceCharge")));

    private static IEnumerable<XElement> TaxCategories(XElement d) =>
        d.Descendants().Where(e => e.Name == Cac + "TaxCategory" || e.Name == Cac + "ClassifiedTaxCategory");

    private static IEnumerable<XElement> Amounts(XElement d) =>
        d.Descendants().Where(e => e.Name.Namespace == Cbc && AmountNames.Contains(e.Name.LocalName, StringComparer.Ordinal));

    private static IEnumerable<XElement> ReasonCodes(XElement d, string indicator) => d.Descendants(Cac + "AllowanceCharge")
        .Where(c => c.At("ChargeIndicator").Is(indicator)).SelectMany(c => c.All("AllowanceChargeReasonCode"));

    private static IEnumerable<XElement> Repeated(XElement d) => Items(d).Select(i => i.At("ID")).OfType<XElement>()
        .GroupBy(i => i.Value.Trim(), StringComparer.Ordinal).SelectMany(g => g.Skip(1));

    private static decimal Of(XElement total, string amount) => total.At(amount).Number() ?? 0;

    private static decimal Net(XElement t) => Of(t, "LineExtensionAmount") - Of(t, "AllowanceTotalAmount") + Of(t, "ChargeTotalAmount");

    private static decimal BeforeTax(XElement t) => t.At("TaxExclusiveAmount").Number() ?? Net(t);

    private static decimal Sum(XElement owner, string indicator) =>
        owner.All("AllowanceCharge").Where(c => c.At("ChargeIndicator").Is(indicator)).Select(c => c.At("Amount")).Sum();

    private static decimal Expected(XElement item)
    {
        var @base = item.At("Price", "BaseQuantity").Number() is { } b && b != 0 ? b : 1;
        var price = item.At("Price", "PriceAmount").Number() ?? 0;
        return ((item.At("Quantity").Number() ?? 1) * (price / @base)) + Sum(item, "true") - Sum(item, "false");
    }

    private static bool HasCountry(XElement? number) => number?.Value.Trim() is { Length: > 2 } text
        && (text.StartsWith("EL", StringComparison.Ordinal) || CodeLists.Has("ISO3166", text[..2]));

    private static int Decimals(XElement amount)
    {
        var text = amount.Value.Trim();
        var point = text.IndexOf('.', StringComparison.Ordinal);
        return point < 0 ? 0 : text.Length - point - 1;
    }
}
