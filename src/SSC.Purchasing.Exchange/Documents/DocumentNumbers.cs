using System.Globalization;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Contracts;

namespace SSC.Purchasing.Exchange.Documents;

/// <summary>
/// Numbers as machines write them (<c>-12.50</c>: digits, at most one point, no separators, no exponent) and the bounds that every
/// format shares. Codes: <c>number-invalid</c>, <c>quantity-out-of-range</c>, <c>quantity-too-fine</c>, <c>price-negative</c>,
/// <c>price-out-of-range</c>, <c>price-too-fine</c>, <c>amount-out-of-range</c>, <c>amount-too-fine</c>.
/// </summary>
internal static class DocumentNumbers
{
    /// <summary>Largest amount of a document, cents: the same bound as an order's.</summary>
    public const long MaxCents = 1_000_000_000_000;

    private const int MaxDigits = 24;

    /// <summary>The number of a text, or null.</summary>
    public static decimal? Read(string text)
    {
        var digits = text.StartsWith('-') ? text.AsSpan(1) : text.AsSpan();
        var point = digits.IndexOf('.');
        var count = digits.Length - (point < 0 ? 0 : 1);
        if (count is 0 or > MaxDigits) return null;
        for (var i = 0; i < digits.Length; i++)
        {
            if (i != point && !char.IsAsciiDigit(digits[i])) return null;
        }

        return decimal.Parse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);
    }

    /// <summary>A quantity above zero (or from zero, where nothing is meant too), at most 10⁹, three decimals.</summary>
    public static Quantity? ToQuantity(decimal? number, out Refusal? fault, bool zero = false) => number switch
    {
        null => No<Quantity>(out fault, "number-invalid", "Write a plain number such as 12 or 0.5."),
        < 0 or > 1_000_000_000 => No<Quantity>(out fault, "quantity-out-of-range", "A quantity is above 0 and at most 10⁹."),
        0 when !zero => No<Quantity>(out fault, "quantity-out-of-range", "A quantity is above 0 and at most 10⁹."),
        { } n when decimal.Round(n, 3) != n => No<Quantity>(out fault, "quantity-too-fine", "A quantity has at most three decimals."),
        { } n => Yes(out fault, Quantity.FromDecimal(n)),
    };

    /// <summary>A unit price, not negative, six decimals.</summary>
    public static UnitPrice? ToPrice(decimal? number, out Refusal? fault) => number switch
    {
        null => No<UnitPrice>(out fault, "number-invalid", "Write a plain number such as 41.90."),
        < 0 => No<UnitPrice>(out fault, "price-negative", "A price is not negative; give credits as charges of their own."),
        { } n when n > PriceScheduleRules.MaxPrice.Dollars =>
            No<UnitPrice>(out fault, "price-out-of-range", $"A price is at most {PriceScheduleRules.MaxPrice}."),
        { } n when decimal.Round(n, 6) != n => No<UnitPrice>(out fault, "price-too-fine", "A price has at most six decimals."),
        { } n => Yes(out fault, UnitPrice.FromDollars(n)),
    };

    /// <summary>An amount of money, signed, two decimals.</summary>
    public static Money? ToMoney(decimal? number, out Refusal? fault) => number switch
    {
        null => No<Money>(out fault, "number-invalid", "Write a plain number such as 1676.00."),
        < -MaxCents / 100m or > MaxCents / 100m =>
            No<Money>(out fault, "amount-out-of-range", "An amount is at most ten billion dollars."),
        { } n when decimal.Round(n, 2) != n => No<Money>(out fault, "amount-too-fine", "An amount has at most two decimals."),
        { } n => Yes(out fault, Money.FromDollars(n)),
    };

    private static T? No<T>(out Refusal? fault, string code, string reason)
        where T : struct
    {
        fault = new(code, reason);
        return null;
    }

    private static T? Yes<T>(out Refusal? fault, T value)
        where T : struct
    {
        fault = null;
        return value;
    }
}

/// <summary>Makes a value of a number, or says why not.</summary>
internal delegate T? NumberReader<T>(decimal? number, out Refusal? fault)
    where T : struct;
