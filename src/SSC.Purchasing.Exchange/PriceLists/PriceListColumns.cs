using System.Globalization;
using System.Text.RegularExpressions;
using SSC.Purchasing.Exchange.Tabular;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Exchange.PriceLists;

/// <summary>Columns of a vendor's price list.</summary>
internal enum PriceColumn
{
    Item,
    Description,
    Unit,
    Pack,
    CaseQuantity,
    Price,
    TierFrom,
    Increment,
    MinimumOrder,
    MinimumDrop,
    Unspsc,
    Nigp,
    Gtin,
    FederalFood,
}

/// <summary>What headers mean in the price lists that vendors send.</summary>
internal static partial class PriceListColumns
{
    // In each list the first alias that the header holds wins: a vendor's own item number before a manufacturer's, a net price
    // before a price. List prices and suggested prices are nobody's contract price and are in no list.
    public static readonly ColumnAliases<PriceColumn> Aliases = new(
        (PriceColumn.Item,
        [
            "Item #", "Item No", "Item Number", "Item Code", "Item ID", "Item", "SKU", "SKU #", "Stock #", "Stock Number", "Vendor Item #",
            "Vendor Item Number", "Vendor Part #", "Vendor Part Number", "Product #", "Product Number", "Product Code", "Product ID",
            "Catalog #", "Catalog Number", "Cat #", "Cat No", "Part #", "Part Number", "Part No", "Order #", "Order Number", "Mfr Part #",
            "Mfr Part", "Mfr Part Number", "Mfg Part #", "Mfg Part", "Mfg Part Number", "Manufacturer Part #", "Manufacturer Part Number",
            "MPN", "Mfr #", "Mfg #",
        ]),
        (PriceColumn.Description,
        [
            "Description", "Item Description", "Product Description", "Long Description", "Short Description", "Desc", "Item Desc",
            "Product Name", "Item Name", "Product", "Name", "Title",
        ]),
        (PriceColumn.Unit,
        [
            "UOM", "U/M", "UM", "U of M", "Unit of Measure", "Unit of Measurement", "Selling Unit", "Sell Unit", "Sales Unit",
            "Selling UOM", "Order Unit", "Price Unit", "Pricing Unit", "Unit", "Units", "UOI", "Unit of Issue",
        ]),
        (PriceColumn.Pack,
            ["Pack", "Pack Size", "Pkg", "Packaging", "Package", "Package Size", "Pack/Size", "Packing", "Case Pack", "Inner Pack"]),
        (PriceColumn.CaseQuantity,
        [
            "Case Qty", "Case Quantity", "Qty/Case", "Qty per Case", "Quantity per Case", "Units per Case", "Case Count", "Case Size",
            "CS Qty", "Lot Size", "Lot",
        ]),
        (PriceColumn.Price,
        [
            "Net Price", "Your Net", "Net", "Net Cost", "Net Unit Price", "Contract Price", "Bid Price", "Award Price", "Member Price",
            "Your Price", "Delivered Price", "Unit Price", "Unit Cost", "Price Each", "Price", "Cost", "Each Price", "Sell Price",
            "Selling Price", "Price per Unit", "Cost per Unit", "Price/Unit", "Price USD", "Price US$",
        ]),
        (PriceColumn.TierFrom,
        [
            "Qty Break", "Quantity Break", "Break Qty", "Break Quantity", "Price Break", "Price Break Qty", "From Qty", "Qty From",
            "From Quantity", "Quantity From", "Tier From", "Tier Qty", "Tier Quantity", "Tier Start", "Tier Minimum", "Tier Min Qty",
            "Pooled Qty", "Pooled Quantity",
        ]),
        (PriceColumn.Increment, ["Order Increment", "Increment", "Order Multiple", "Multiple", "Multiples", "Order in Multiples of"]),
        (PriceColumn.MinimumOrder,
        [
            "Minimum Order", "Min Order", "Min Order Qty", "Minimum Order Qty", "Minimum Order Quantity", "MOQ", "Min Qty",
            "Minimum Quantity",
        ]),
        (PriceColumn.MinimumDrop, ["Minimum Drop", "Min Drop", "Minimum Delivery", "Min Delivery", "Drop Minimum"]),
        (PriceColumn.Unspsc, ["UNSPSC", "UNSPSC Code", "UNSPSC #", "UN/SPSC"]),
        (PriceColumn.Nigp, ["NIGP", "NIGP Code", "NIGP #"]),
        (PriceColumn.Gtin,
        [
            "GTIN", "GTIN #", "GTIN-14", "GTIN-13", "GTIN-12", "UPC", "UPC Code", "UPC #", "UPC-A", "EAN", "EAN-13", "Barcode", "Bar Code",
        ]),
        (PriceColumn.FederalFood, ["Federal Food", "Child Nutrition", "NSLP", "USDA Food", "CN"]));

    /// <summary>
    /// The columns of a price ladder and the pooled quantity from which each holds, in rising order: <c>200+</c>, <c>Qty 200</c>,
    /// <c>200 - 839</c>, <c>200 and up</c>, <c>Price @ 200</c>, <c>&gt;= 200</c>; <c>under 200</c> and <c>up to 199</c> begin at zero.
    /// A bare number is not taken: it may be a year.
    /// </summary>
    public static IReadOnlyList<(int Column, Quantity From)> Tiers(IReadOnlyList<string> header) =>
    [
        .. from column in Enumerable.Range(0, header.Count)
           let start = TierFrom(header[column])
           where start is not null
           orderby start.Value.Thousandths, column
           select (column, start.Value),
    ];

    /// <summary>The quantity from which a row's price holds, as its cell says it: <c>200</c>, <c>200+</c>, <c>200 - 839</c>.</summary>
    public static Quantity? TierStart(string cell) => PriceText.ReadQuantity(cell) ?? TierFrom(cell);

    /// <summary>True when a row names an item and a price: the header of a price list.</summary>
    public static bool IsHeader(IReadOnlyList<string> row)
    {
        var columns = Aliases.Match(row);
        return columns.Has(PriceColumn.Item) && (columns.Has(PriceColumn.Price) || Tiers(row).Count > 0)
            && (columns.Has(PriceColumn.Description) || columns.Has(PriceColumn.Unit));
    }

    private static Quantity? TierFrom(string text)
    {
        if (text.Length is 0 or > 40) return null;
        if (BelowPattern().IsMatch(text)) return Quantity.Zero;
        var match = FromPattern().Match(text);
        if (!match.Success) match = RangePattern().Match(text);
        return match.Success
            && long.TryParse(match.Groups["n"].ValueSpan, NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out var n)
            && n <= 1_000_000_000
            ? Quantity.Of(n)
            : null;
    }

    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;
    private const string Noise = @"(?:price|net|cost|tier|units?|pcs|cases?|cs|ct|ea|each)?";

    // "Qty 200", "Price @ 200", ">= 200 cs", "from 200", "Tier 200+" needs its plus sign below
    [GeneratedRegex(
        @"^\s*" + Noise + @"\s*(?:qty\.?|quantity|from|min\.?|at|@|>=|≥)\s*:?\s*(?<n>[0-9][0-9,]{0,12})"
        + @"\s*(?:\+|and up|& up|or more)?\s*" + Noise + @"\s*$",
        Options, matchTimeoutMilliseconds: 200)]
    private static partial Regex FromPattern();

    // "200+", "200 - 839", "200 to 839", "200 and up", "200 or more cases", "Price (200+)"
    [GeneratedRegex(
        @"^\s*" + Noise + @"\s*(?:qty\.?|quantity)?\s*\(?(?<n>[0-9][0-9,]{0,12})\s*" + Noise
        + @"\s*(?:\+|and up|& up|and over|and above|or more|(?:-|–|to|thru|through)\s*[0-9][0-9,]{0,12})\s*\)?\s*" + Noise + @"\s*$",
        Options, matchTimeoutMilliseconds: 200)]
    private static partial Regex RangePattern();

    // "< 200", "under 200", "up to 199", "less than 200"
    [GeneratedRegex(
        @"^\s*" + Noise + @"\s*(?:<|under|below|up to|less than)\s*[0-9][0-9,]{0,12}\s*" + Noise + @"\s*$",
        Options, matchTimeoutMilliseconds: 200)]
    private static partial Regex BelowPattern();
}
