using System.Xml.Linq;
using SSC.Purchasing.Exchange.Documents;
using SSC.Purchasing.Exchange.Xml;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.PurchaseOrders;
using static SSC.Purchasing.Exchange.Cxml.CxmlNames;

namespace SSC.Purchasing.Exchange.Cxml;

/// <summary>
/// Writes a consolidated order as a cXML 1.2 OrderRequest. Each drop is an <c>ItemOut</c> with its own <c>ShipTo</c> and its account as
/// <c>Distribution</c>; its number is line × 100,000 + n for the n-th drop of the line. Later revisions are updates that refer to the
/// document before.
/// </summary>
/// <param name="sender">How the service presents itself; null takes the parties' own identities and no secret.</param>
public sealed class CxmlOrderWriter(CxmlSender? sender = null) : IOrderWriter
{
    /// <inheritdoc/>
    public string Format => "cxml";

    /// <inheritdoc/>
    public string MediaType => "text/xml";

    /// <inheritdoc/>
    public string FileExtension => "xml";

    /// <inheritdoc/>
    public byte[] Write(OrderToWrite order)
    {
        var buyer = order.Parties.Buyer;
        var presented = sender ?? new(CxmlCredential.Of(buyer),
            CxmlCredential.Of(order.Parties.Seller with { Id = order.Order.Vendor.Value }));
        var request = new XElement("OrderRequest", Header(order), order.Order.Lines.SelectMany(l => Items(l, order.Parties)));
        return CxmlEnvelope.Request(PayloadId(order.Order.Number, order.Revision, buyer.Id), order.IssuedAt, presented, request);
    }

    private static XElement Header(OrderToWrite order)
    {
        var document = order.Order;
        var before = order.Revision > 1
            ? new XElement("DocumentReference",
                new XAttribute("payloadID", PayloadId(document.Number, order.Revision - 1, order.Parties.Buyer.Id)))
            : null;
        return new(
            "OrderRequestHeader", new XAttribute("orderID", document.Number), new XAttribute("orderDate", Timestamp(order.IssuedAt)),
            new XAttribute("orderType", "regular"), new XAttribute("type", order.Revision > 1 ? "update" : "new"),
            new XAttribute("orderVersion", XmlWriting.Text(order.Revision)), new XAttribute("requisitionID", document.JointOrder.Value),
            new XAttribute("agreementID", document.Contract.Value), new XElement("Total", Money(document.Total)),
            new XElement("BillTo", Address(order.Parties.Buyer)),
            document.Freight == Kernel.Money.Zero
                ? null
                : new XElement("Shipping", Money(document.Freight), Said("Description", "Freight")),
            Said("Comments", document.Terms), before, Extrinsic("ScheduleVersion", XmlWriting.Text(document.ScheduleVersion)),
            Extrinsic("RequiredBy", XmlWriting.Text(document.RequiredBy)));
    }

    private static IEnumerable<XElement> Items(OrderLine line, OrderParties parties)
    {
        var weights = line.Drops.Select(d => d.Quantity.Thousandths).ToList();
        var amounts = LargestRemainder.Share(line.Amount, weights);
        var fees = LargestRemainder.Share(line.Fees, weights);
        var credits = LargestRemainder.Share(line.Credits, weights);
        return line.Drops.Select((d, i) => Item(line, d, i + 1, parties, amounts[i], fees[i], credits[i]));
    }

    private static XElement Item(OrderLine line, Drop drop, int nth, OrderParties parties, Money amount, Money fee, Money credit)
    {
        var site = parties.Sites.GetValueOrDefault(drop.Site)
            ?? new(drop.Site.Value, drop.Site.Value, [], string.Empty, string.Empty, string.Empty);
        return new(
            "ItemOut", new XAttribute("quantity", drop.Quantity.ToString()),
            new XAttribute("lineNumber", XmlWriting.Text(DropNumber(line.No, nth))),
            new XAttribute("requestedDeliveryDate", XmlWriting.Text(drop.RequestedOn)),
            new XElement("ItemID", new XElement("SupplierPartID", line.Item.Value)), Detail(line, drop, amount, fee, credit),
            new XElement("ShipTo", Address(site)), Accounting(drop, amount + fee - credit));
    }

    private static XElement Detail(OrderLine line, Drop drop, Money amount, Money fee, Money credit) => new(
        "ItemDetail", new XElement("UnitPrice", Money(line.Price.ToString())), Said("Description", line.Description),
        new XElement("UnitOfMeasure", DocumentUnits.Code(line.Unit)),
        new XElement("Classification", new XAttribute("domain", "SupplierPartID"), line.Item.Value),
        Extrinsic("ConsolidatedLine", XmlWriting.Text(line.No)), Extrinsic("ConsolidatedQuantity", line.Quantity.ToString()),
        Extrinsic("CaseSize", line.CaseSize.ToString()), Extrinsic("Member", drop.Member.Value),
        Extrinsic("MemberOrder", drop.MemberOrderNo), Extrinsic("Amount", amount.ToString()),
        Extrinsic("Fee", fee == Kernel.Money.Zero ? null : fee.ToString()),
        Extrinsic("Credit", credit == Kernel.Money.Zero ? null : credit.ToString()));

    private static XElement? Accounting(Drop drop, Money cost) => drop.Account is not { } account || string.IsNullOrWhiteSpace(account)
        ? null
        : new(
            "Distribution",
            new XElement(
                "Accounting", new XAttribute("name", drop.Member.Value),
                new XElement("AccountingSegment", new XAttribute("id", account), Said("Name", "Account"),
                    Said("Description", drop.Member.Value))),
            new XElement("Charge", Money(cost)));
}
