using SSC.Purchasing.Exchange.Cxml;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.PurchaseOrders;

namespace SSC.Purchasing.Exchange.Documents;

/// <summary>A party or a place as documents print it.</summary>
/// <param name="Id">The service's own id of it (member number, site, vendor, cooperative): what vendors quote back.</param>
/// <param name="Name">Name.</param>
/// <param name="Lines">Address lines above the city.</param>
/// <param name="City">City.</param>
/// <param name="State">Two capital letters.</param>
/// <param name="Zip">ZIP code.</param>
public sealed record TradingParty(string Id, string Name, IReadOnlyList<string> Lines, string City, string State, string Zip)
{
    /// <summary>Electronic address by scheme, e.g. <c>0060</c> → a DUNS number (ISO 6523); empty when there is none.</summary>
    public IReadOnlyDictionary<string, string> Endpoints { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>How the two sides of one trading relation call the party in cXML; null where none was agreed.</summary>
    public CxmlCredential? Credential { get; init; }

    /// <summary>What a driver must know; null for nothing.</summary>
    public string? Instructions { get; init; }
}

/// <summary>Everyone an order names.</summary>
/// <param name="Buyer">The cooperative that orders.</param>
/// <param name="Seller">The vendor.</param>
/// <param name="Members">The members that get something.</param>
/// <param name="Sites">Where it is delivered.</param>
public sealed record OrderParties(
    TradingParty Buyer, TradingParty Seller, IReadOnlyDictionary<MemberNo, TradingParty> Members,
    IReadOnlyDictionary<SiteId, TradingParty> Sites)
{
    /// <summary>A member of the order; by its number alone when nothing else is known of it.</summary>
    public TradingParty Member(MemberNo member) => Members.GetValueOrDefault(member) ?? Unknown(member.Value);

    /// <summary>Sites by their member: a site's id is unique within its member only, so it alone may name two.</summary>
    public IReadOnlyDictionary<(MemberNo Member, SiteId Site), TradingParty> MemberSites { get; init; } =
        new Dictionary<(MemberNo, SiteId), TradingParty>();

    /// <summary>A member's site; by its id alone when nothing else is known of it.</summary>
    public TradingParty Site(MemberNo member, SiteId site) =>
        MemberSites.GetValueOrDefault((member, site)) ?? Sites.GetValueOrDefault(site) ?? Unknown(site.Value);

    private static TradingParty Unknown(string id) => new(id, id, [], string.Empty, string.Empty, string.Empty);
}

/// <summary>One revision of an order, to be written.</summary>
/// <param name="Order">The order.</param>
/// <param name="Revision">1 and up.</param>
/// <param name="IssuedAt">When that revision was recorded.</param>
/// <param name="Parties">Everyone it names.</param>
/// <param name="ControlNumber">Number of the interchange, never used twice for one vendor; formats without one ignore it.</param>
public sealed record OrderToWrite(
    OrderDocument Order, int Revision, DateTimeOffset IssuedAt, OrderParties Parties, long ControlNumber);

/// <summary>Writes orders in one format. Pure: the same order always gives the same bytes.</summary>
public interface IOrderWriter
{
    /// <summary>Name of the format, e.g. <c>ubl</c>, <c>x12</c>, <c>cxml</c>, <c>json</c>, <c>csv</c>, <c>xlsx</c>, <c>html</c>.</summary>
    string Format { get; }

    /// <summary>Media type of what it writes.</summary>
    string MediaType { get; }

    /// <summary>Extension of a file that holds it, without the dot.</summary>
    string FileExtension { get; }

    /// <summary>True when the format carries a control number; for others <see cref="OrderToWrite.ControlNumber"/> may be zero.</summary>
    bool IsNumbered => false;

    /// <summary>
    /// Why this format cannot say all that an order says, e.g. a text that is longer than its element; null when it can. Nothing is
    /// ever cut or left out to make an order fit.
    /// </summary>
    Refusal? WhyNot(OrderToWrite order) => null;

    /// <summary>The bytes of an order.</summary>
    /// <exception cref="ArgumentException">The format cannot say what the order says; ask <see cref="WhyNot"/> first.</exception>
    byte[] Write(OrderToWrite order);
}

/// <summary>The order in which writers list drops: that of the recorded content.</summary>
internal static class DropOrder
{
    /// <summary>A line's drops by member, site, day, account, order number and quantity.</summary>
    public static IReadOnlyList<Drop> Sorted(this OrderLine line) =>
    [
        .. line.Drops.OrderBy(d => d.Member).ThenBy(d => d.Site).ThenBy(d => d.RequestedOn)
            .ThenBy(d => d.Account, StringComparer.Ordinal).ThenBy(d => d.MemberOrderNo, StringComparer.Ordinal).ThenBy(d => d.Quantity),
    ];

    /// <summary>Every site that an order goes to, by member.</summary>
    public static IReadOnlyList<(MemberNo Member, SiteId Site)> Places(this OrderDocument document) =>
        [.. document.Lines.SelectMany(l => l.Drops).Select(d => (d.Member, d.Site)).Distinct().Order()];
}
