namespace SSC.Purchasing.Procurement.Catalog;

/// <summary>Checks of the public codes that classify and identify an item. Pure; each answers for a text from outside.</summary>
public static class ItemCodes
{
    /// <summary>
    /// True for a UNSPSC code: 8 digits (segment, family, class, commodity), segment 10 or above, and no level named below an
    /// unnamed one (<c>14110000</c> is a family; <c>14001100</c> is nothing).
    /// </summary>
    public static bool IsUnspsc(string? code)
    {
        if (code is not { Length: 8 } || !AllDigits(code) || code[0] == '0') return false;
        var (family, kind, commodity) = (Named(code, 2), Named(code, 4), Named(code, 6));
        return (family || !kind) && (kind || !commodity);
    }

    /// <summary>True for a NIGP commodity code: 3 digits (class), 5 (item), 7 (group) or 11 (detail), written without dashes.</summary>
    public static bool IsNigp(string? code) => code is { Length: 3 or 5 or 7 or 11 } && AllDigits(code);

    /// <summary>True for a GTIN-8, GTIN-12, GTIN-13 or GTIN-14 whose last digit is right (GS1 General Specifications, mod 10).</summary>
    public static bool IsGtin(string? code) =>
        code is { Length: 8 or 12 or 13 or 14 } && AllDigits(code) && GtinCheckDigit(code.AsSpan(0, code.Length - 1)) == code[^1] - '0';

    /// <summary>The GS1 check digit: from the right, digits weigh 3, 1, 3, 1 …; the digit lifts their sum to a multiple of ten.</summary>
    /// <param name="digits">The code without its check digit.</param>
    public static int GtinCheckDigit(ReadOnlySpan<char> digits)
    {
        var sum = 0;
        for (var i = 0; i < digits.Length; i++) sum += (digits[^(i + 1)] - '0') * (i % 2 == 0 ? 3 : 1);
        return (10 - (sum % 10)) % 10;
    }

    private static bool Named(string code, int at) => code[at] != '0' || code[at + 1] != '0';

    private static bool AllDigits(string code) => code.AsSpan().IndexOfAnyExceptInRange('0', '9') < 0;
}
