using System.Xml.Linq;
using SSC.Purchasing.Exchange.Documents;
using SSC.Purchasing.Exchange.Ubl.Rules;
using SSC.Purchasing.Exchange.Xml;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Invoicing;

namespace SSC.Purchasing.Exchange.Ubl;

/// <summary>
/// An Invoice or CreditNote that keeps the rules. Whether it adds up is not asked here: lines, charges and the total are taken as the
/// vendor states them, and the invoice module makes an exception of a difference.
/// </summary>
internal static class UblInvoiceReading
{
    private const int LongestText = 200;
    private static readonly string[] FreightCodes = ["FC", "FAB", "FAC", "DL", "SAA", "TV", "TT", "CAB", "ADZ", "AEC", "ID", "RE"];
    private static readonly string[] DiscountCodes = ["95", "64", "68", "71", "88", "100", "102", "103", "104", "105"];

    public static VendorDocument Read(XElement root, VendorId sender, IReadOnlySet<string> cooperatives, XmlFields fields)
    {
        var isCredit = root.Name.LocalName == "CreditNote";
        CheckType(root, isCredit, fields);
        var number = fields.Required(root, root.At("ID"), 50, "invoice-number");
        var order = fields.Required(root, root.At("OrderReference", "ID"), 50, "order-number");
        var issued = fields.Day(root.At("IssueDate")) ?? default;
        var site = SiteOf(root, fields);
        var lines = BillingRules.Lines(root).Select(l => Line(l, site, fields)).OfType<InvoiceLine>().ToStructuralList();
        var due = root.At("DueDate") ?? root.At("PaymentMeans", "PaymentDueDate");
        var document = new InvoiceDocument(
            number, isCredit ? InvoiceKind.CreditNote : InvoiceKind.Invoice, sender, order, issued, lines, [.. Charges(root, fields)],
            Amount(root.At("LegalMonetaryTotal", "PayableAmount"), fields) ?? Money.Zero)
        {
            BillTo = BillTo(root, cooperatives, fields),
            DueOn = fields.Day(due),
            Credits = fields.Text(root.At("BillingReference", "InvoiceDocumentReference", "ID"), 50, "credited-invoice"),
        };
        return new VendorDocument.Invoice(document);
    }

    private static void CheckType(XElement root, bool isCredit, XmlFields fields)
    {
        if (isCredit || root.At("InvoiceTypeCode") is not { } type || type.Value.Trim() is "380" or "383" or "393" or "82" or "326") return;
        fields.Fault("invoice-type-unknown", "Send an invoice (380) or a CreditNote; for anything else cancel and invoice anew.", type);
    }

    private static InvoiceLine? Line(XElement line, SiteId? site, XmlFields fields)
    {
        var quantity = BillingRules.Quantity(line);
        var price = line.At("Price");
        var units = fields.Decimal(price.At("BaseQuantity"), "price-out-of-range", "A base quantity is above zero.") ?? 1;
        var id = fields.Required(line, line.At("ID"), 50, "line-id");
        var ordered = UblReader.LineId(line.At("OrderLineReference", "LineID"), fields);
        var count = fields.Quantity(quantity);
        var unit = fields.Unit(line, quantity?.Attribute("unitCode"));
        var unitPrice = fields.Price(price.At("PriceAmount"), UblNames.CurrencyAttribute, units);
        var amount = Amount(line.At("LineExtensionAmount"), fields);
        var item = UblReader.Item(line.At("Item"), fields);
        var description = XmlFields.Note([line.At("Item", "Name")!], LongestText);
        var place = ordered?.Site ?? SiteOf(line, fields) ?? site;
        if (description is null) fields.Fault("description-invalid", "Name the item in printable characters.", line);
        return count is null || unitPrice is null || amount is null || description is null
            ? null
            : new(id, ordered?.Line, place, item, description, count.Value, unit, unitPrice.Value, amount.Value);
    }

    private static SiteId? SiteOf(XElement owner, XmlFields fields)
    {
        var delivery = owner.At("Delivery");
        var ids = delivery.At("DeliveryLocation").All("ID").Concat(UblReader.IdsOf(delivery.At("DeliveryParty")));
        return fields.Id<SiteId>(UblReader.OwnId(ids), "site");
    }

    private static MemberNo? BillTo(XElement root, IReadOnlySet<string> cooperatives, XmlFields fields)
    {
        var id = UblReader.OwnId(UblReader.IdsOf(root.At("AccountingCustomerParty", "Party")));
        return fields.Id<MemberNo>(id, "bill-to") is { } member && !cooperatives.Contains(member.Value) ? member : null;
    }

    private static IEnumerable<InvoiceCharge> Charges(XElement root, XmlFields fields)
    {
        foreach (var charge in root.All("AllowanceCharge"))
        {
            var isCharge = charge.At("ChargeIndicator").Is("true");
            if (Amount(charge.At("Amount"), fields) is not { } amount) continue;
            yield return new(Kind(charge, isCharge), Reason(charge, isCharge), isCharge ? amount : -amount);
        }

        foreach (var tax in root.All("TaxTotal").Where(IsInDollars))
        {
            if (Amount(tax.At("TaxAmount"), fields) is { } amount && amount != Money.Zero) yield return new(ChargeKind.Tax, "Tax", amount);
        }

        var total = root.At("LegalMonetaryTotal");
        if (Amount(total.At("PrepaidAmount"), fields) is { } paid && paid != Money.Zero) yield
            return new(ChargeKind.Other, "Prepaid", -paid);
        if (Amount(total.At("PayableRoundingAmount"), fields) is { } cents && cents != Money.Zero)
            yield return new(ChargeKind.Other, "Rounding", cents);
    }

    // A second total, of the tax in another currency, may stand beside the one that counts.
    private static bool IsInDollars(XElement tax) =>
        (string?)tax.At("TaxAmount")?.Attribute(UblNames.CurrencyAttribute) is null or UblNames.Currency;

    private static ChargeKind Kind(XElement charge, bool isCharge)
    {
        var code = XmlFields.Raw(charge.At("AllowanceChargeReasonCode"));
        var reason = XmlFields.Raw(charge.At("AllowanceChargeReason")) ?? string.Empty;
        if (isCharge && (FreightCodes.Contains(code, StringComparer.Ordinal)
            || Says(reason, "freight", "shipping", "delivery", "fuel surcharge")))
            return ChargeKind.Freight;
        if (Says(reason, "commodity")) return isCharge ? ChargeKind.Other : ChargeKind.CommodityCredit;
        if (!isCharge && (DiscountCodes.Contains(code, StringComparer.Ordinal) || Says(reason, "discount", "rebate") || code is null))
            return ChargeKind.Discount;
        if (Says(reason, "tax")) return ChargeKind.Tax;
        return isCharge && Says(reason, "fee") ? ChargeKind.Fee : ChargeKind.Other;
    }

    private static bool Says(string reason, params ReadOnlySpan<string> words)
    {
        foreach (var word in words)
        {
            if (reason.Contains(word, StringComparison.OrdinalIgnoreCase)) return true;
        }

        return false;
    }

    private static string Reason(XElement charge, bool isCharge) =>
        XmlFields.Note(charge.All("AllowanceChargeReason").Concat(charge.All("AllowanceChargeReasonCode")).Take(1), LongestText)
            ?? (isCharge ? "Charge" : "Allowance");

    private static Money? Amount(XElement? node, XmlFields fields) => fields.Amount(node, UblNames.CurrencyAttribute);
}
