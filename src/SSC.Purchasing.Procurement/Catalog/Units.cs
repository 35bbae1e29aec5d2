using System.Collections.Frozen;

namespace SSC.Purchasing.Procurement.Catalog;

/// <summary>A unit of measure that orders are counted in.</summary>
/// <param name="Code">UN/ECE Recommendation 20 code, or a Recommendation 21 package code with an X prefix.</param>
/// <param name="Name">English name, singular.</param>
/// <param name="Fractional">True when half of one makes sense (a gallon), false when it does not (a chair).</param>
/// <param name="X12">The same unit in X12 data element 355, where it has one.</param>
public sealed record UnitOfMeasure(string Code, string Name, bool Fractional, string? X12)
{
    /// <summary>True for a Recommendation 21 package.</summary>
    public bool IsPackage => Code.Length == 3 && Code[0] == 'X';
}

/// <summary>
/// The units this service knows: the part of UN/ECE Recommendation 20 (and 21, with an X prefix, as Peppol writes packages) that
/// schools, cities and counties buy in, and their X12 data element 355 codes.
/// </summary>
public static class Units
{
    private static readonly UnitOfMeasure[] Known =
    [
        new("C62", "one", false, "UN"), new("EA", "each", false, "EA"), new("PR", "pair", false, "PR"), new("SET", "set", false, "ST"),
        new("KT", "kit", false, "KT"), new("DZN", "dozen", false, "DZ"), new("GRO", "gross", false, "GS"),
        new("CEN", "hundred", false, "HU"), new("MIL", "thousand", false, "TH"), new("RM", "ream", false, "RM"),
        new("ST", "sheet", false, "SH"), new("LO", "lot", false, "LO"),
        new("LBR", "pound", true, "LB"), new("ONZ", "ounce", true, "OZ"), new("STN", "short ton (2,000 lb)", true, "TN"),
        new("GRM", "gram", true, "GR"), new("KGM", "kilogram", true, "KG"), new("TNE", "metric ton", true, "MP"),
        new("GLL", "gallon (US)", true, "GA"), new("QTL", "liquid quart (US)", true, "QT"), new("PTL", "liquid pint (US)", true, "PT"),
        new("OZA", "fluid ounce (US)", true, "FO"), new("LTR", "litre", true, "LT"), new("MLT", "millilitre", true, "ML"),
        new("INH", "inch", true, "IN"), new("FOT", "foot", true, "FT"), new("YRD", "yard", true, "YD"), new("MTR", "metre", true, "MR"),
        new("FTK", "square foot", true, "SF"), new("YDK", "square yard", true, "SY"), new("FTQ", "cubic foot", true, "CF"),
        new("YDQ", "cubic yard", true, "CY"), new("BFT", "board foot", true, "BF"), new("KWH", "kilowatt hour", true, "KH"),
        new("HUR", "hour", true, "HR"), new("DAY", "day", true, "DA"), new("MON", "month", false, "MO"), new("ANN", "year", false, "YR"),
        new("XCS", "case", false, "CA"), new("XCT", "carton", false, "CT"), new("XBX", "box", false, "BX"),
        new("XPK", "package", false, "PK"), new("XBG", "bag", false, "BG"), new("XBE", "bundle", false, "BD"),
        new("XBO", "bottle", false, "BO"), new("XCX", "can", false, "CN"), new("XCR", "crate", false, null),
        new("XDR", "drum", false, "DR"), new("XJR", "jar", false, "JR"), new("XPL", "pail", false, "PA"),
        new("XPX", "pallet", false, "PL"), new("XRO", "roll", false, "RL"), new("XTU", "tube", false, "TU"),
    ];

    private static readonly FrozenDictionary<string, UnitOfMeasure> ByCode =
        Known.ToFrozenDictionary(u => u.Code, StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, UnitOfMeasure> ByX12 =
        Known.Where(u => u.X12 is not null).ToFrozenDictionary(u => u.X12!, StringComparer.Ordinal);

    /// <summary>Every unit, Recommendation 20 first, then packages.</summary>
    public static IReadOnlyList<UnitOfMeasure> All => Known;

    /// <summary>The unit of a Recommendation 20 or X-prefixed Recommendation 21 code (exact, upper case), or null.</summary>
    public static UnitOfMeasure? Find(string? code) => code is null ? null : ByCode.GetValueOrDefault(code);

    /// <summary>The unit of an X12 data element 355 code, or null.</summary>
    public static UnitOfMeasure? FromX12(string? code) => code is null ? null : ByX12.GetValueOrDefault(code);
}
