using System.Globalization;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.PurchaseOrders;

namespace SSC.Purchasing.Exchange.Ubl;

/// <summary>
/// The identifier of a UBL order line, which is one drop: line of the consolidated order, then the site, joined by a colon that no id
/// holds, e.g. <c>3:M-014-HS</c>. What a vendor quotes back says line and site by itself, in whatever revision it saw the order. A
/// second drop of one line at one site gets its number behind the site (<c>3:M-014-HS:2</c>); <c>3</c> alone means the whole line.
/// </summary>
/// <param name="Line">Line of the consolidated order.</param>
/// <param name="Site">Site of the drop; null for the whole line.</param>
/// <param name="Nth">1 for the first drop of the line at the site.</param>
public sealed record UblLineId(int Line, SiteId? Site = null, int Nth = 1)
{
    /// <summary>The drops of a line with their identifiers.</summary>
    public static IEnumerable<(UblLineId Id, Drop Drop)> Of(OrderLine line)
    {
        var seen = new Dictionary<SiteId, int>();
        foreach (var drop in line.Drops)
        {
            var nth = seen[drop.Site] = seen.GetValueOrDefault(drop.Site) + 1;
            yield return (new(line.No, drop.Site, nth), drop);
        }
    }

    /// <summary>Reads an identifier, or null when it is none.</summary>
    public static UblLineId? TryParse(string? text)
    {
        var parts = text?.Trim().Split(':') ?? [];
        if (parts.Length is 0 or > 3 || Number(parts[0]) is not { } line) return null;
        if (parts.Length == 1) return new(line);
        var nth = parts.Length == 3 ? Number(parts[2]) : 1;
        return Id.IsWellFormed(parts[1]) && nth is { } n ? new(line, new SiteId(parts[1]), n) : null;
    }

    /// <summary>The identifier as documents carry it.</summary>
    public override string ToString() => Site is not { } site
        ? Line.ToString(CultureInfo.InvariantCulture)
        : Nth == 1
            ? string.Create(CultureInfo.InvariantCulture, $"{Line}:{site}")
            : string.Create(CultureInfo.InvariantCulture, $"{Line}:{site}:{Nth}");

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : null;
}
