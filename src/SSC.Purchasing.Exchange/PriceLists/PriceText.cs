using System.Globalization;
using System.Text.RegularExpressions;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Contracts;

namespace SSC.Purchasing.Exchange.PriceLists;

/// <summary>Reads prices and quantities as American vendors write them.</summary>
internal static partial class PriceText
{
    /// <summary>
    /// A price: <c>41.9</c>, <c>$1,234.50</c>, <c>USD 0.0845</c>, up to six decimals; or a fault: <c>price-negative</c> (a minus sign or
    /// parentheses), <c>price-currency</c>, <c>price-too-fine</c>, <c>price-not-a-number</c>, <c>price-invalid</c>.
    /// </summary>
    public static UnitPrice? ReadPrice(string text, out Refusal? fault)
    {
        fault = null;
        var bare = text.Replace("US$", "$", StringComparison.OrdinalIgnoreCase);
        if (OtherCurrency().IsMatch(bare)) return Fail(out fault, "price-currency", "Prices are in US dollars; remove the other currency.");
        if (bare.StartsWith("USD", StringComparison.OrdinalIgnoreCase)) bare = bare[3..];
        else if (bare.EndsWith("USD", StringComparison.OrdinalIgnoreCase)) bare = bare[..^3];
        bare = bare.Trim();
        if (Negative().IsMatch(bare)) return Fail(out fault, "price-negative", "A price is above zero; give credits separately.");
        if (bare.StartsWith('$')) bare = bare[1..].TrimStart();
        if (ReadNumber(bare) is not { } dollars)
            return Fail(out fault, "price-not-a-number", "Write the price as a number such as 1,234.50, nothing else in the cell.");
        if (dollars <= 0 || dollars > PriceScheduleRules.MaxPrice.Dollars)
            return Fail(out fault, "price-invalid", $"A price is above 0 and at most {PriceScheduleRules.MaxPrice}.");
        return decimal.Round(dollars, 6) == dollars
            ? UnitPrice.FromDollars(dollars)
            : Fail(out fault, "price-too-fine", "A price has at most six decimals; round it.");
    }

    /// <summary>A quantity of at most 10⁹ and three decimals, or null.</summary>
    public static Quantity? ReadQuantity(string text) =>
        ReadNumber(text) is { } units && units <= Quantity.Max.Units && decimal.Round(units, 3) == units
            ? Quantity.FromDecimal(units)
            : null;

    /// <summary>An amount of money that is not negative: <c>1,234.50</c>, <c>$0</c>; null when it is none or has more than cents.</summary>
    public static Money? ReadAmount(string text) =>
        ReadNumber(text.Trim().TrimStart('$').TrimStart()) is { } dollars && dollars <= 10_000_000_000m
            && decimal.Round(dollars, 2) == dollars
            ? Money.FromDollars(dollars)
            : null;

    private static UnitPrice? Fail(out Refusal? fault, string code, string reason)
    {
        fault = new(code, reason);
        return null;
    }

    /// <summary>
    /// A number without a sign, or null. A comma separates thousands and nothing else: "41,90" may be forty-one ninety or a slip, so it
    /// is no number.
    /// </summary>
    public static decimal? ReadNumber(string text) =>
        Number().IsMatch(text) && decimal.TryParse(
            text, NumberStyles.AllowThousands | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;

    [GeneratedRegex(@"^([0-9]{1,15}|[0-9]{1,3}(,[0-9]{3}){1,4})?(\.[0-9]{0,12})?$(?<=[0-9]\.?)", Options, matchTimeoutMilliseconds: 200)]
    private static partial Regex Number();

    [GeneratedRegex(@"^(\(.*\)|\$?\s*[-−–].*|.*[0-9]\s*-)$", Options, matchTimeoutMilliseconds: 200)]
    private static partial Regex Negative();

    [GeneratedRegex(@"[€£¥]|\b(CAD|EUR|GBP|MXN)\b|C\$|CA\$", Options, matchTimeoutMilliseconds: 200)]
    private static partial Regex OtherCurrency();
}
