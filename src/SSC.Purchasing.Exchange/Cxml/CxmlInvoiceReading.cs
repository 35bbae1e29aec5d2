using System.Globalization;
using System.Xml.Linq;
using SSC.Purchasing.Exchange.Documents;
using SSC.Purchasing.Exchange.Xml;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Invoicing;
using static SSC.Purchasing.Exchange.Cxml.CxmlNames;

namespace SSC.Purchasing.Exchange.Cxml;

/// <summary>
/// An InvoiceDetailRequest by lines. Tax, freight, handling, discount and deposit are taken from the summary, which holds their sums
/// also where the lines break them down. A credit memo states negative amounts; they become positive. Whether it adds up is not asked.
/// </summary>
internal static class CxmlInvoiceReading
{
    private const int LongestText = 200;

    public static VendorDocument Read(XElement request, VendorId sender, IReadOnlySet<string> cooperatives, XmlFields fields)
    {
        var header = request.Element("InvoiceDetailRequestHeader") ?? request;
        CxmlReader.CheckIsNew(header, fields);
        var isCredit = IsCredit(header, fields);
        var summary = request.Element("InvoiceDetailSummary");
        var total = Money(summary?.Element("DueAmount") ?? summary?.Element("NetAmount"), fields);
        if (total is null) fields.Fault("total-missing", "State what is due in the summary.", summary ?? request);
        var sign = isCredit && total is { Cents: < 0 } ? -1 : 1;

        var site = fields.Id<SiteId>(CxmlReader.AddressOf(header.Elements("InvoiceDetailShipping").Elements("Contact"), "shipTo"), "site");
        var items = request.Elements("InvoiceDetailOrder").Elements("InvoiceDetailItem").ToList();
        if (items.Count == 0)
            fields.Fault("invoice-lines-missing", "Invoice by lines: InvoiceDetailOrder with InvoiceDetailItem.", request);
        var number = fields.Required(header, header.Attribute("invoiceID"), 50, "invoice-number");
        var issued = fields.Day(header.Attribute("invoiceDate"));
        if (issued is null && header.Attribute("invoiceDate") is null) fields.Fault("date-missing", "State the invoiceDate.", header);
        var document = new InvoiceDocument(
            number, isCredit ? InvoiceKind.CreditNote : InvoiceKind.Invoice, sender, Order(request, fields), issued ?? default,
            items.Select(i => Line(i, site, sign, isCredit, fields)).OfType<InvoiceLine>().ToStructuralList(),
            [.. Charges(summary, sign, fields)], Signed(total ?? Kernel.Money.Zero, sign))
        {
            BillTo = BillTo(header, cooperatives, fields),
            DueOn = DueOn(header, issued, fields),
            Credits = fields.Text(header.Element("InvoiceIDInfo")?.Attribute("invoiceID"), 50, "credited-invoice"),
        };
        return new VendorDocument.Invoice(document);
    }

    private static bool IsCredit(XElement header, XmlFields fields)
    {
        if (XmlFields.Raw(header.Attribute("isInformationOnly")) == "yes")
            fields.Fault("invoice-type-unknown", "A document for information only asks for nothing; send the invoice.", header);
        switch (XmlFields.Raw(header.Attribute("purpose")) ?? "standard")
        {
            case "standard": return false;
            case "creditMemo" or "lineLevelCreditMemo": return true;
            default:
                fields.Fault("invoice-type-unknown", "Send a standard invoice, a creditMemo or a lineLevelCreditMemo.", header);
                return false;
        }
    }

    private static string Order(XElement request, XmlFields fields)
    {
        var references = request.Elements("InvoiceDetailOrder").Elements("InvoiceDetailOrderInfo")
            .SelectMany(i => i.Elements("OrderReference").Concat(i.Elements("OrderIDInfo"))).ToList();
        var numbers = references.Select(r => XmlFields.Raw(r.Attribute("orderID"))).Distinct(StringComparer.Ordinal).ToList();
        if (numbers.Count > 1) fields.Fault("orders-several", "Send one invoice per purchase order.", references[^1]);
        return CxmlReader.Order(request, references.FirstOrDefault(), fields);
    }

    private static InvoiceLine? Line(XElement item, SiteId? site, int sign, bool isCredit, XmlFields fields)
    {
        var reference = item.Element("InvoiceDetailItemReference");
        var id = fields.Required(item, item.Attribute("invoiceLineNumber"), 50, "line-id");
        var ordered = CxmlReader.Line(item, reference?.Attribute("lineNumber"), fields);
        var quantity = Quantity(item, isCredit, fields);
        var unit = fields.Unit(item, item.Element("UnitOfMeasure"));
        var basis = fields.Decimal(item.Element("PriceBasisQuantity")?.Attribute("quantity"), "price-out-of-range",
            "A price basis is above zero.");
        var price = fields.Price(item.Element("UnitPrice")?.Element("Money"), CurrencyAttribute, basis ?? 1);
        if (item.Element("UnitPrice")?.Element("Money") is null) fields.Fault("price-missing", "State the unit price.", item);
        var part = fields.Id<ItemNo>(reference?.Element("ItemID")?.Element("SupplierPartID"), "item");
        var description = XmlFields.Note(reference?.Elements("Description") ?? [], LongestText) ?? part?.Value ?? $"Line {id}";
        var place = fields.Id<SiteId>(CxmlReader.AddressOf(
            item.Elements("InvoiceDetailLineShipping").Elements("InvoiceDetailShipping").Elements("Contact"), "shipTo"), "site");
        var amount = Money(item.Element("SubtotalAmount") ?? item.Element("GrossAmount") ?? item.Element("NetAmount"), fields);
        if (quantity is null || price is null) return null;
        var asked = amount is { } stated ? Signed(stated, sign) : price.Value.Extend(quantity.Value);
        return new(id, ordered?.Line, place ?? site, part, description, quantity.Value, unit, price.Value, asked);
    }

    /// <summary>Units of a line. A credit memo by lines counts what comes back below zero; our credit notes count it above.</summary>
    private static Quantity? Quantity(XElement item, bool isCredit, XmlFields fields)
    {
        var given = item.Attribute("quantity");
        if (given is null) fields.Fault("quantity-missing", "State the quantity.", item);
        return fields.Quantity(given, isNegative: isCredit && XmlFields.Raw(given) is ['-', ..]);
    }

    private static MemberNo? BillTo(XElement header, IReadOnlySet<string> cooperatives, XmlFields fields)
    {
        var id = CxmlReader.AddressOf(header.Elements("InvoicePartner").Elements("Contact"), "billTo");
        return fields.Id<MemberNo>(id, "bill-to") is { } member && !cooperatives.Contains(member.Value) ? member : null;
    }

    private static DateOnly? DueOn(XElement header, DateOnly? issued, XmlFields fields)
    {
        if (fields.Day(header.Element("PaymentInformation")?.Attribute("paymentNetDueDate")) is { } day) return day;
        var terms = header.Elements("PaymentTerm").Concat(header.Elements("InvoiceDetailPaymentTerm"))
            .Select(t => XmlFields.Raw(t.Attribute("payInNumberOfDays"))).OfType<string>();
        var days = terms.Select(t => int.TryParse(t, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n <= 366 ? n : -1)
            .ToList();
        return issued is { } from && days.Count > 0 && days.Max() >= 0 ? from.AddDays(days.Max()) : null;
    }

    private static IEnumerable<InvoiceCharge> Charges(XElement? summary, int sign, XmlFields fields)
    {
        (string Element, ChargeKind Kind, string Reason, bool IsTaken)[] known =
        [
            ("Tax", ChargeKind.Tax, "Tax", false), ("SpecialHandlingAmount", ChargeKind.Other, "Special handling", false),
            ("ShippingAmount", ChargeKind.Freight, "Freight", false), ("InvoiceDetailDiscount", ChargeKind.Discount, "Discount", true),
            ("TotalCharges", ChargeKind.Other, "Charges", false), ("TotalAllowances", ChargeKind.Discount, "Allowances", true),
            ("DepositAmount", ChargeKind.Other, "Prepaid", true),
        ];
        foreach (var (element, kind, reason, isTaken) in known)
        {
            if (Money(summary?.Element(element), fields) is not { } amount || amount == Kernel.Money.Zero) continue;
            var signed = Signed(amount, sign);
            yield return new(kind, reason, isTaken ? -signed : signed);
        }
    }

    private static Money Signed(Money amount, int sign) => sign < 0 ? -amount : amount;

    private static Money? Money(XElement? owner, XmlFields fields) => fields.Amount(owner?.Element("Money"), CurrencyAttribute);
}
