using System.Collections.Frozen;
using SSC.Purchasing.Procurement.Catalog;

namespace SSC.Purchasing.Exchange.PriceLists;

/// <summary>
/// The unit that a vendor means: a UN/ECE code, an X12 code, a name or a usual abbreviation. A text that two code lists read
/// differently (<c>ST</c> is a sheet to one and a set to the other) is not guessed.
/// </summary>
internal static class VendorUnits
{
    private static readonly FrozenDictionary<string, string> Words = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["EACH"] = "EA", ["EACHES"] = "EA", ["PC"] = "EA", ["PCS"] = "EA", ["PIECE"] = "EA", ["PIECES"] = "EA", ["UNIT"] = "EA",
        ["ITEM"] = "EA", ["PAIRS"] = "PR", ["SETS"] = "SET", ["KIT"] = "KT", ["KITS"] = "KT", ["DOZ"] = "DZN", ["DOZEN"] = "DZN",
        ["GROSS"] = "GRO", ["HUNDRED"] = "CEN", ["C"] = "CEN", ["PER100"] = "CEN", ["THOUSAND"] = "MIL", ["M"] = "MIL", ["PER1000"] = "MIL",
        ["REAM"] = "RM", ["REAMS"] = "RM", ["SHEETS"] = "ST", ["LOTS"] = "LO", ["LB"] = "LBR", ["LBS"] = "LBR", ["POUND"] = "LBR",
        ["POUNDS"] = "LBR", ["OUNCE"] = "ONZ", ["OUNCES"] = "ONZ", ["TON"] = "STN", ["TONS"] = "STN", ["SHORTTON"] = "STN",
        ["SHORTTONS"] = "STN", ["KG"] = "KGM", ["GAL"] = "GLL", ["GALS"] = "GLL", ["GALLON"] = "GLL", ["GALLONS"] = "GLL", ["QT"] = "QTL",
        ["QUART"] = "QTL", ["QUARTS"] = "QTL", ["PT"] = "PTL", ["PINT"] = "PTL", ["PINTS"] = "PTL", ["FLOZ"] = "OZA", ["LITER"] = "LTR",
        ["LITERS"] = "LTR", ["LITRE"] = "LTR", ["FOOT"] = "FOT", ["FEET"] = "FOT", ["LF"] = "FOT", ["YARD"] = "YRD", ["YARDS"] = "YRD",
        ["YD"] = "YRD", ["INCH"] = "INH", ["SQFT"] = "FTK", ["SQUAREFOOT"] = "FTK", ["SQUAREFEET"] = "FTK", ["SQYD"] = "YDK",
        ["CUFT"] = "FTQ", ["CUBICFOOT"] = "FTQ", ["CUBICFEET"] = "FTQ", ["CUYD"] = "YDQ", ["CUBICYARD"] = "YDQ", ["CUBICYARDS"] = "YDQ",
        ["HOUR"] = "HUR", ["HOURS"] = "HUR", ["MONTH"] = "MON", ["YEAR"] = "ANN", ["CASE"] = "XCS", ["CASES"] = "XCS", ["CS"] = "XCS",
        ["CARTON"] = "XCT", ["CARTONS"] = "XCT", ["CTN"] = "XCT", ["BOX"] = "XBX", ["BOXES"] = "XBX", ["PKG"] = "XPK", ["PACK"] = "XPK",
        ["PACKS"] = "XPK", ["PACKAGE"] = "XPK", ["PKGS"] = "XPK", ["BAG"] = "XBG", ["BAGS"] = "XBG", ["BUNDLE"] = "XBE", ["BDL"] = "XBE",
        ["BOTTLE"] = "XBO", ["BOTTLES"] = "XBO", ["BTL"] = "XBO", ["CAN"] = "XCX", ["CANS"] = "XCX", ["CRATE"] = "XCR", ["CRATES"] = "XCR",
        ["DRUM"] = "XDR", ["DRUMS"] = "XDR", ["JAR"] = "XJR", ["JARS"] = "XJR", ["PAIL"] = "XPL", ["PAILS"] = "XPL", ["PALLET"] = "XPX",
        ["PALLETS"] = "XPX", ["PLT"] = "XPX", ["SKID"] = "XPX", ["ROLL"] = "XRO", ["ROLLS"] = "XRO", ["TUBE"] = "XTU", ["TUBES"] = "XTU",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    // Read differently by the code lists and by the trade: LT is a litre in X12 and a lot to vendors, GR a gram and a gross.
    private static readonly FrozenSet<string> Doubtful = new[] { "ST", "GR", "LT" }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The unit, or null; <paramref name="doubtful"/> when the text has two meanings.</summary>
    public static UnitOfMeasure? Find(string text, out bool doubtful)
    {
        var word = string.Concat(text.Where(char.IsLetterOrDigit)).ToUpperInvariant();
        doubtful = Doubtful.Contains(word);
        if (doubtful) return null;
        if (Words.TryGetValue(word, out var code)) return Units.Find(code);
        var (rec20, x12) = (Units.Find(word), Units.FromX12(word));
        doubtful = rec20 is not null && x12 is not null && rec20 != x12;
        return doubtful
            ? null
            : rec20 ?? x12 ?? Units.All.FirstOrDefault(u => string.Equals(u.Name, text.Trim(), StringComparison.OrdinalIgnoreCase));
    }
}
