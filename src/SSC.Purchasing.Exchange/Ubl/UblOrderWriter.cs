using System.Globalization;
using System.Xml.Linq;
using SSC.Purchasing.Exchange.Documents;
using SSC.Purchasing.Exchange.Xml;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.PurchaseOrders;
using static SSC.Purchasing.Exchange.Ubl.UblNames;

namespace SSC.Purchasing.Exchange.Ubl;

/// <summary>
/// Writes a consolidated order as a UBL 2.1 Order after Peppol BIS Ordering 3 (transaction T01). Peppol knows one delivery place per
/// order, so each drop is an order line of its own: identified by <see cref="UblLineId"/>, originated by its member, with the place in
/// item properties, and with the number and the whole quantity of the consolidated line beside it. The line's amount, fees and credits
/// are shared over its drops by largest remainder, so that Σ drops = line, to the cent.
/// </summary>
public sealed class UblOrderWriter : IOrderWriter
{
    /// <inheritdoc/>
    public string Format => "ubl";

    /// <inheritdoc/>
    public string MediaType => "application/xml";

    /// <inheritdoc/>
    public string FileExtension => "xml";

    /// <summary>
    /// Why an order cannot travel a Peppol network although it is a good document: <c>endpoint-missing</c> when buyer or seller has no
    /// electronic address in a public scheme. Null when nothing stands against it.
    /// </summary>
    public static Refusal? CheckForNetwork(OrderParties parties) =>
        new[] { parties.Buyer, parties.Seller }.FirstOrDefault(p => !p.Endpoints.Keys.Any(k => Rules.CodeLists.Has("EAS", k))) is { } party
            ? new("endpoint-missing", $"Give {party.Id} an electronic address, e.g. its DUNS number under 0060 or a GLN under 0088.")
            : null;

    /// <inheritdoc/>
    public byte[] Write(OrderToWrite order) => XmlWriting.Bytes(Document(order));

    internal static XElement Document(OrderToWrite order)
    {
        var document = order.Order;
        var lines = document.Lines.SelectMany(l => Lines(l, order.Parties)).ToList();
        return UblNames.Document(
            "Order", B("CustomizationID", OrderSpecification), B("ProfileID", OrderingProfile),
            B("ID", document.Number), B("IssueDate", XmlWriting.Text(DateOnly.FromDateTime(order.IssuedAt.UtcDateTime))),
            B("IssueTime", order.IssuedAt.UtcDateTime.ToString("HH:mm:ss'Z'", CultureInfo.InvariantCulture)), B("OrderTypeCode", "220"),
            B("Note", order.Revision > 1 ? $"Revision {XmlWriting.Text(order.Revision)}; it replaces those before." : null),
            B("DocumentCurrencyCode", Currency), B("CustomerReference", document.JointOrder.Value),
            A("ValidityPeriod", B("EndDate", XmlWriting.Text(document.RequiredBy))),
            A("OriginatorDocumentReference", B("ID", document.JointOrder.Value)),
            A("CatalogueReference", B("ID", $"{document.Contract}:{XmlWriting.Text(document.ScheduleVersion)}")),
            A("AdditionalDocumentReference", B("ID", XmlWriting.Text(order.Revision)), B("DocumentType", "Revision")),
            A("Contract", B("ID", document.Contract.Value)), A("BuyerCustomerParty", UblParties.Trader(order.Parties.Buyer)),
            A("SellerSupplierParty", UblParties.Trader(order.Parties.Seller with { Id = document.Vendor.Value })),
            A("Delivery", A("RequestedDeliveryPeriod", B("EndDate", XmlWriting.Text(document.RequiredBy)))),
            A("PaymentTerms", B("Note", document.Terms)), Charge(true, Reason.Freight, document.Freight, Reason.FreightCode),
            Totals(document), lines);
    }

    private static XElement? Totals(OrderDocument document)
    {
        var lines = document.Lines.Select(l => l.Amount + l.Fees - l.Credits).Sum();
        return A(
            "AnticipatedMonetaryTotal", Amount("LineExtensionAmount", lines), Amount("TaxExclusiveAmount", lines + document.Freight),
            Amount("TaxInclusiveAmount", lines + document.Freight),
            document.Freight == Money.Zero ? null : Amount("ChargeTotalAmount", document.Freight), Amount("PayableAmount", document.Total));
    }

    private static IEnumerable<XElement?> Lines(OrderLine line, OrderParties parties)
    {
        var weights = line.Drops.Select(d => d.Quantity.Thousandths).ToList();
        var amounts = LargestRemainder.Share(line.Amount, weights);
        var fees = LargestRemainder.Share(line.Fees, weights);
        var credits = LargestRemainder.Share(line.Credits, weights);
        return UblLineId.Of(line).Select((d, i) => Line(line, d.Id, d.Drop, parties, amounts[i], fees[i], credits[i]));
    }

    private static XElement? Line(
        OrderLine line, UblLineId id, Drop drop, OrderParties parties, Money amount, Money fee, Money credit)
    {
        var member = parties.Members.GetValueOrDefault(drop.Member);
        return A("OrderLine", A(
            "LineItem", B("ID", id.ToString()), Quantity("Quantity", drop.Quantity, line.Unit),
            Amount("LineExtensionAmount", amount + fee - credit), B("AccountingCost", drop.Account),
            A("Delivery", A("RequestedDeliveryPeriod", B("EndDate", XmlWriting.Text(drop.RequestedOn)))),
            A("OriginatorParty", UblParties.Identification(drop.Member.Value), A("PartyName", B("Name", member?.Name))),
            Charge(true, Reason.Fee, fee), Charge(false, Reason.Credit, credit),
            A("Price", B("PriceAmount", line.Price.ToString(), Usd()), Quantity("BaseQuantity", Kernel.Quantity.Of(1), line.Unit)),
            A(
                "Item", B("Name", line.Description), A("BuyersItemIdentification", B("ID", line.Item.Value)),
                A("SellersItemIdentification", B("ID", line.Item.Value)), Properties(line, drop, parties))));
    }

    private static IEnumerable<XElement?> Properties(OrderLine line, Drop drop, OrderParties parties)
    {
        var site = parties.Sites.GetValueOrDefault(drop.Site);
        yield return Said(Property.ConsolidatedLine, XmlWriting.Text(line.No));
        yield return Said(Property.ConsolidatedQuantity, line.Quantity.ToString());
        yield return Said(Property.CaseSize, line.CaseSize.ToString());
        yield return Said(Property.DeliverTo, drop.Site.Value);
        yield return Said(Property.DeliverToName, site?.Name);
        yield return Said(Property.DeliverToAddress, site is null ? null : string.Join(", ", site.Lines));
        yield return Said(Property.DeliverToCity, site?.City);
        yield return Said(Property.DeliverToState, site?.State);
        yield return Said(Property.DeliverToZip, site?.Zip);
        yield return Said(Property.DeliveryInstructions, site?.Instructions);
        yield return Said(Property.MemberOrder, drop.MemberOrderNo);
    }

    private static XElement? Said(string name, string? value) =>
        string.IsNullOrWhiteSpace(value) ? null : A("AdditionalItemProperty", B("Name", name), B("Value", value));

    private static XElement? Charge(bool isCharge, string reason, Money amount, string? code = null) => amount == Money.Zero
        ? null
        : A(
            "AllowanceCharge", B("ChargeIndicator", isCharge ? "true" : "false"), B("AllowanceChargeReasonCode", code),
            B("AllowanceChargeReason", reason), Amount("Amount", amount));

    internal static XElement? Amount(string name, Money amount) => B(name, amount.ToString(), Usd());

    internal static XElement? Quantity(string name, Quantity quantity, string unit) =>
        B(name, quantity.ToString(), new XAttribute("unitCode", DocumentUnits.Code(unit)));

    internal static XAttribute Usd() => new(CurrencyAttribute, Currency);
}
