using SSC.Purchasing.Exchange.PriceLists;
using SSC.Purchasing.Procurement.Catalog;

namespace SSC.Purchasing.Exchange.Documents;

/// <summary>
/// Units as documents write them: UN/ECE Recommendation 20 codes, Recommendation 21 packages with an X prefix. Vendors also send
/// packages without the X (<c>CT</c>), X12 codes (<c>GA</c>) and words (<c>case</c>); those are taken where they have one meaning.
/// </summary>
internal static class DocumentUnits
{
    // Recommendation 20 took the sheet out when Recommendation 21 came to have it; the catalogue still counts in ST.
    private const string CatalogueSheet = "ST";
    private const string PackagedSheet = "XST";

    /// <summary>The code that a document carries for a unit of the catalogue.</summary>
    public static string Code(string unit) => unit == CatalogueSheet ? PackagedSheet : unit;

    /// <summary>The unit that a document means, or null when it is unknown or has two meanings.</summary>
    public static UnitOfMeasure? Find(string? code)
    {
        if (string.IsNullOrWhiteSpace(code) || code.Length > 40) return null;
        return Units.Find(code == PackagedSheet ? CatalogueSheet : code)
            ?? (code.Length == 2 ? Units.Find($"X{code}") : null)
            ?? VendorUnits.Find(code, out _);
    }
}
