using System.Text;
using System.Xml.Linq;
using SSC.Purchasing.Exchange.Documents;
using SSC.Purchasing.Exchange.Xml;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Catalog;
using SSC.Purchasing.Procurement.PunchOuts;
using static SSC.Purchasing.Exchange.Cxml.CxmlNames;

namespace SSC.Purchasing.Exchange.Cxml;

/// <summary>A shopping session to be opened at a vendor. It names no person: the cookie is all the shop learns of the shopper.</summary>
/// <param name="PayloadId">Identifier of the request, not used before.</param>
/// <param name="At">When it is made.</param>
/// <param name="BuyerCookie">Opaque and unguessable; the basket comes back with it.</param>
/// <param name="ReturnTo">Where the shopper's browser posts the basket to.</param>
/// <param name="Operation">What for.</param>
public sealed record PunchOutSetup(string PayloadId, DateTimeOffset At, string BuyerCookie, Uri ReturnTo, PunchOutOperation Operation)
{
    /// <summary>Address of the shop, where the vendor has several.</summary>
    public Uri? Shop { get; init; }

    /// <summary>The site that it is bought for, so that the shop can show what is delivered there.</summary>
    public TradingParty? ShipTo { get; init; }

    /// <summary>The basket from before; for <see cref="PunchOutOperation.Edit"/> and <see cref="PunchOutOperation.Inspect"/>.</summary>
    public PunchOutCart? Cart { get; init; }
}

/// <summary>What a shop answered to a setup.</summary>
public abstract record PunchOutStart
{
    private PunchOutStart()
    {
    }

    /// <summary>The session is open at an https address.</summary>
    public sealed record Open(Uri StartPage) : PunchOutStart;

    /// <summary>The shop said no, in its own words.</summary>
    public sealed record Declined(CxmlStatus Status) : PunchOutStart;

    /// <summary>The answer could not be read.</summary>
    public sealed record Unreadable(DocumentFault Fault) : PunchOutStart;
}

/// <summary>What came back from a shop.</summary>
public abstract record PunchOutReturn
{
    private PunchOutReturn()
    {
    }

    /// <summary>A basket.</summary>
    public sealed record Returned(PunchOutCart Cart) : PunchOutReturn;

    /// <summary>Why it could not be read; nothing of it was used.</summary>
    public sealed record Refused(IReadOnlyList<DocumentFault> Faults) : PunchOutReturn;
}

/// <summary>
/// PunchOut of cXML 1.2 as pure functions: write a PunchOutSetupRequest, read the PunchOutSetupResponse, and read the
/// PunchOutOrderMessage that the shopper's browser brings back. Sessions, HTTP and who may shop belong to the host.
/// </summary>
public static class PunchOut
{
    private const int LongestText = 200;
    private const int MaxCredentials = 10;

    /// <summary>The request that opens a session.</summary>
    public static byte[] Write(PunchOutSetup setup, CxmlSender sender) => CxmlEnvelope.Request(setup.PayloadId, setup.At, sender, new(
        "PunchOutSetupRequest",
        new XAttribute("operation", setup.Operation switch
        {
            PunchOutOperation.Edit => "edit",
            PunchOutOperation.Inspect => "inspect",
            _ => "create",
        }),
        E("BuyerCookie", setup.BuyerCookie), E("BrowserFormPost", E("URL", setup.ReturnTo.AbsoluteUri)),
        E("SupplierSetup", E("URL", setup.Shop?.AbsoluteUri)), setup.ShipTo is { } site ? new XElement("ShipTo", Address(site)) : null,
        (setup.Cart?.Items ?? []).Select((item, i) => new XElement(
            "ItemOut", new XAttribute("quantity", item.Quantity.ToString()), new XAttribute("lineNumber", XmlWriting.Text(i + 1)),
            new XElement("ItemID", new XElement("SupplierPartID", item.Item.Value), E("SupplierPartAuxiliaryID", item.AuxiliaryId))))));

    /// <summary>
    /// The shop's answer. Codes of what cannot be read: those of <see cref="SafeXml"/>, <c>document-unknown</c>, <c>document-version</c>,
    /// <c>status-invalid</c>, <c>start-page-invalid</c> (the browser is only sent to https).
    /// </summary>
    public static PunchOutStart ReadSetupResponse(ReadOnlyMemory<byte> content)
    {
        var (root, fault) = CxmlReader.Parse(content);
        if (root is null) return new PunchOutStart.Unreadable(fault!);
        var (status, wrong) = CxmlResponse.Status(root);
        if (status is null) return new PunchOutStart.Unreadable(wrong!);
        if (!status.IsSuccess) return new PunchOutStart.Declined(status);
        var page = root.Element("Response")?.Element("PunchOutSetupResponse")?.Element("StartPage")?.Element("URL");
        return Uri.TryCreate(XmlFields.Raw(page), UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps
            && uri.UserInfo.Length == 0
            ? new PunchOutStart.Open(uri)
            : new PunchOutStart.Unreadable(new("start-page-invalid", "A session starts at an https address.", Place.Of(page ?? root)));
    }

    /// <summary>
    /// The document in the form field that a browser posts, <c>cxml-urlencoded</c> (already decoded by the form) or <c>cxml-base64</c>;
    /// null when it is neither.
    /// </summary>
    public static ReadOnlyMemory<byte>? FromForm(string field, string value)
    {
        if (string.Equals(field, "cxml-urlencoded", StringComparison.OrdinalIgnoreCase)) return Encoding.UTF8.GetBytes(value);
        if (!string.Equals(field, "cxml-base64", StringComparison.OrdinalIgnoreCase)) return null;
        var bytes = new byte[value.Length];
        if (!Convert.TryFromBase64String(value, bytes, out var length)) return null;
        return bytes.AsMemory(0, length);
    }

    /// <summary>
    /// The basket in a PunchOutOrderMessage. Codes of what is refused: those of <see cref="SafeXml"/>, <c>document-unknown</c>,
    /// <c>document-version</c>, <c>buyer-cookie-missing</c>, <c>buyer-cookie-invalid</c>, <c>sender-missing</c>, <c>sender-invalid</c>,
    /// <c>too-many-items</c>. Codes of lines that cannot be read: <c>item-missing</c>, <c>item-invalid</c>, and those of quantities, units
    /// and prices.
    /// </summary>
    public static PunchOutReturn ReadOrderMessage(ReadOnlyMemory<byte> content)
    {
        var (root, fault) = CxmlReader.Parse(content);
        if (root is null) return new PunchOutReturn.Refused([fault!]);
        if (root.Element("Message") is not { } envelope || envelope.Element("PunchOutOrderMessage") is not { } message)
            return new PunchOutReturn.Refused([new("document-unknown", "A PunchOutOrderMessage was expected.", Place.Of(root))]);
        var fields = new XmlFields(XmlLimits.Default.MaxFaults);
        var cookie = fields.Required(message, message.Element("BuyerCookie"), LongestText, "buyer-cookie");
        var from = From(root, fields);
        var lines = message.Elements("ItemIn").ToList();
        if (lines.Count > BasketRules.MaxItems)
            fields.Fault("too-many-items", $"A basket has at most {BasketRules.MaxItems} lines.", lines[BasketRules.MaxItems]);
        if (fields.Faults.Count > 0) return new PunchOutReturn.Refused(fields.Faults);
        if (XmlFields.Raw(envelope.Element("Status")?.Attribute("code")) == "204")
            return new PunchOutReturn.Returned(new(cookie, []) { From = from, IsUnchanged = true });
        var read = lines.Select((line, i) => Item(line, i + 1)).ToList();
        return new PunchOutReturn.Returned(new(cookie, [.. read.Select(r => r.Item).OfType<PunchOutItem>()])
        {
            From = from,
            Faults = [.. read.Select(r => r.Fault).OfType<BasketFault>()],
        });
    }

    private static StructuralList<CxmlCredential> From(XElement root, XmlFields fields)
    {
        var credentials = root.Element("Header")?.Element("From")?.Elements("Credential").ToList() ?? [];
        if (credentials.Count is 0 or > MaxCredentials)
            fields.Fault("sender-missing", $"Say who the basket is from, in 1 to {MaxCredentials} credentials.", root);
        return
        [
            .. credentials.Take(MaxCredentials).Select(c => new CxmlCredential(
                fields.Required(c, c.Attribute("domain"), LongestText, "sender"),
                fields.Required(c, c.Element("Identity"), LongestText, "sender"))),
        ];
    }

    /// <summary>A line of the basket, or the first thing that is wrong with it: one line's fault is not another's.</summary>
    private static (PunchOutItem? Item, BasketFault? Fault) Item(XElement item, int no)
    {
        var fields = new XmlFields(maxFaults: 1);
        var id = item.Element("ItemID");
        var detail = item.Element("ItemDetail");
        var money = detail?.Element("UnitPrice")?.Element("Money");
        if (XmlFields.Raw(id?.Element("SupplierPartID")) is null)
            fields.Fault("item-missing", "Name each item by its SupplierPartID.", item);
        var part = fields.Id<ItemNo>(id?.Element("SupplierPartID"), "item");
        if (item.Attribute("quantity") is null) fields.Fault("quantity-missing", "State the quantity of each item.", item);
        if (money is null) fields.Fault("price-missing", "State the unit price of each item.", item);
        var quantity = fields.Quantity(item.Attribute("quantity"));
        var unit = fields.Unit(item, detail?.Element("UnitOfMeasure"));
        var price = fields.Price(money, CurrencyAttribute);
        var unspsc = detail?.Elements("Classification").Where(c => (string?)c.Attribute("domain") == "UNSPSC")
            .Select(XmlFields.Raw).FirstOrDefault(ItemCodes.IsUnspsc);
        var auxiliary = fields.Text(id?.Element("SupplierPartAuxiliaryID"), LongestText, "auxiliary-id");
        var description = XmlFields.Note(detail?.Elements("Description").Take(1) ?? [], LongestText);
        if (fields.Faults.Count == 0 && (quantity is null || price is null))
            fields.Fault(quantity is null ? "quantity-missing" : "price-missing", "State quantity and unit price of each item.", item);
        if (fields.Faults is [var fault, ..]) return (null, new(no, part, fault.Code, fault.Message));
        return (new(no, part!.Value, quantity!.Value, unit, price!.Value, description ?? part.Value.Value)
        {
            AuxiliaryId = auxiliary,
            Unspsc = unspsc,
        }, null);
    }
}
