using System.Buffers;
using System.Globalization;
using System.Xml.Linq;
using SSC.Purchasing.Exchange.Documents;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Catalog;

namespace SSC.Purchasing.Exchange.Xml;

/// <summary>
/// Reads values out of a document and collects what is wrong with them, each with its place. A reading with any fault is refused as a
/// whole, so what a method returns after it has noted a fault is never used.
/// </summary>
internal sealed class XmlFields(int maxFaults)
{
    private const int LongestNumber = 60;
    private const long MaxCents = 1_000_000_000_000;
    private const string Currency = "USD";
    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.");
    private readonly List<DocumentFault> faults = [];

    /// <summary>What was found wrong so far, at most as many as are named.</summary>
    public IReadOnlyList<DocumentFault> Faults => faults;

    /// <summary>Notes what is wrong.</summary>
    public void Fault(string code, string message, XObject at)
    {
        if (faults.Count < maxFaults) faults.Add(new(code, message, Place.Of(at)));
    }

    /// <summary>Notes what was found elsewhere.</summary>
    public void Add(IEnumerable<DocumentFault> found)
    {
        foreach (var fault in found)
        {
            if (faults.Count < maxFaults) faults.Add(fault);
        }
    }

    /// <summary>A text of the document, or null when it is absent; white space around it does not count.</summary>
    public string? Text(XObject? node, int maxLength, string field)
    {
        var text = Raw(node);
        if (text is null) return null;
        if (PlainText.IsWellFormed(text, maxLength)) return text;
        Fault($"{field}-invalid", $"Write 1 to {maxLength} printable characters without control characters.", node!);
        return null;
    }

    /// <summary>As <see cref="Text"/>; absent is a fault <c>{field}-missing</c>.</summary>
    public string Required(XElement parent, XObject? node, int maxLength, string field)
    {
        if (Raw(node) is null) Fault($"{field}-missing", $"State the {field.Replace('-', ' ')}.", node ?? parent);
        return Text(node, maxLength, field) ?? string.Empty;
    }

    /// <summary>Free text, cut to what is kept: what a vendor remarks is no reason to refuse what it says.</summary>
    public static string? Note(IEnumerable<XElement> notes, int maxLength)
    {
        var words = notes.SelectMany(n => n.Value.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries));
        var text = string.Concat(string.Join(' ', words).Where(c => char.GetUnicodeCategory(c) is not (UnicodeCategory.Control
            or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)));
        if (text.Length > maxLength) text = text[..(char.IsHighSurrogate(text[maxLength - 1]) ? maxLength - 1 : maxLength)];
        return PlainText.IsWellFormed(text, maxLength) ? text : null;
    }

    /// <summary>An id of this service, or null when absent; anything else is a fault <c>{field}-invalid</c>.</summary>
    public TId? Id<TId>(XObject? node, string field)
        where TId : struct, IId<TId>
    {
        var text = Raw(node);
        if (text is null) return null;
        if (Kernel.Id.IsWellFormed(text)) return TId.From(text);
        Fault($"{field}-invalid", $"Quote the {field.Replace('-', ' ')} as the order writes it: letters, digits, '.', '_' or '-'.", node!);
        return null;
    }

    /// <summary>A day (also the day of a time stamp), or null when absent; anything else is a fault <c>date-invalid</c>.</summary>
    public DateOnly? Day(XObject? node)
    {
        var text = Raw(node);
        if (text is null) return null;
        if (text.Length >= 10 && DateOnly.TryParseExact(text[..10], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None,
            out var day)
            && (text.Length == 10 || text[10] is 'T' or 'Z' or '+' or '-') && day.Year is >= 1990 and <= 2199)
        {
            return day;
        }

        Fault("date-invalid", "Write a day as YYYY-MM-DD.", node!);
        return null;
    }

    /// <summary>A whole number from 1 up, or null when absent; else a fault <c>{field}-invalid</c>.</summary>
    public int? Number(XObject? node, string field)
    {
        var text = Raw(node);
        if (text is null) return null;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0) return number;
        Fault($"{field}-invalid", $"Quote the {field.Replace('-', ' ')} as the order writes it.", node!);
        return null;
    }

    /// <summary>
    /// A quantity above zero and at most 10⁹, or null when absent. Faults: <c>number-invalid</c>, <c>quantity-out-of-range</c>,
    /// <c>quantity-precision</c>.
    /// </summary>
    /// <param name="node">Where it stands.</param>
    /// <param name="zeroCounts">True where nothing is a quantity too.</param>
    /// <param name="isNegative">True where the document counts below zero what is meant above.</param>
    public Quantity? Quantity(XObject? node, bool zeroCounts = false, bool isNegative = false)
    {
        if (Decimal(node, "quantity-out-of-range", "A quantity is above 0 and at most 10⁹.") is not { } stated) return null;
        var units = isNegative ? -stated : stated;
        if (units < 0 || (units == 0 && !zeroCounts) || units > Kernel.Quantity.Max.Units)
        {
            Fault("quantity-out-of-range", "A quantity is above 0 and at most 10⁹; leave out lines with nothing on them.", node!);
            return null;
        }

        if (decimal.Truncate(units * 1000m) == units * 1000m) return Kernel.Quantity.FromDecimal(units);
        Fault("quantity-precision", "A quantity has at most three decimals.", node!);
        return null;
    }

    /// <summary>
    /// Dollars and cents, of either sign, or null when absent. Faults: <c>number-invalid</c>, <c>amount-out-of-range</c>,
    /// <c>amount-precision</c>, <c>currency-unknown</c>.
    /// </summary>
    public Money? Amount(XElement? node, string currencyAttribute)
    {
        const string Range = "An amount is at most 10,000,000,000 dollars.";
        CheckCurrency(node, currencyAttribute);
        if (Decimal(node, "amount-out-of-range", Range) is not { } dollars) return null;
        if (Math.Abs(dollars) > MaxCents / 100m)
        {
            Fault("amount-out-of-range", Range, node!);
            return null;
        }

        if (decimal.Truncate(dollars * 100m) == dollars * 100m) return Money.FromDollars(dollars);
        Fault("amount-precision", "An amount has at most two decimals; only unit prices have more.", node!);
        return null;
    }

    /// <summary>
    /// A unit price from 0 up to 10⁶ dollars per unit, given for a number of units; null when absent. Faults: as of an amount, and
    /// <c>price-precision</c> when six decimals do not hold it.
    /// </summary>
    public UnitPrice? Price(XElement? node, string currencyAttribute, decimal perUnits = 1)
    {
        const string Range = "A unit price is from 0 to 1,000,000 dollars.";
        CheckCurrency(node, currencyAttribute);
        if (Decimal(node, "price-out-of-range", Range) is not { } dollars) return null;
        if (dollars is < 0 or > 1_000_000 || perUnits <= 0 || dollars / perUnits > 1_000_000)
        {
            Fault("price-out-of-range", Range, node!);
            return null;
        }

        var micros = dollars * 1_000_000m / perUnits;
        if (decimal.Truncate(micros) == micros) return new UnitPrice((long)micros);
        Fault("price-precision", "A unit price has at most six decimals; state it for one unit.", node!);
        return null;
    }

    /// <summary>A decimal number, or null when absent. Faults: <c>number-invalid</c>, and the given code when it cannot be held.</summary>
    public decimal? Decimal(XObject? node, string outOfRange, string range)
    {
        var text = Raw(node);
        if (text is null) return null;
        var isNumber = text.Length <= LongestNumber && text.Any(char.IsAsciiDigit)
            && text.AsSpan(text[0] is '-' or '+' ? 1 : 0).IndexOfAnyExcept(NumberCharacters) < 0 && text.Count(c => c == '.') <= 1;
        const NumberStyles Plain = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;
        if (isNumber && decimal.TryParse(text, Plain, CultureInfo.InvariantCulture, out var number) && Math.Abs(number) < 1e15m)
            return number;
        if (isNumber) Fault(outOfRange, range, node!);
        else Fault("number-invalid", "Write a decimal number with digits and a point, e.g. 12.50.", node!);
        return null;
    }

    /// <summary>A unit of measure. Faults: <c>unit-missing</c>, <c>unit-unknown</c>.</summary>
    public string Unit(XElement owner, XObject? node)
    {
        if (Raw(node) is not { } code) Fault("unit-missing", "State the unit as a UN/ECE Recommendation 20 code.", owner);
        else if (DocumentUnits.Find(code) is { } unit) return unit.Code;
        else Fault("unit-unknown", "Use the unit of the order, a UN/ECE Recommendation 20 code (packages of 21 with an X).", node!);
        return Units.All[0].Code;
    }

    /// <summary>Notes <c>currency-unknown</c> for anything but dollars.</summary>
    public void CheckCurrency(XElement? node, string attribute)
    {
        if (node?.Attribute(attribute) is { } currency && currency.Value.Trim() != Currency)
            Fault("currency-unknown", $"Orders are in {Currency}; state every amount in it.", currency);
    }

    /// <summary>The trimmed text of an element or attribute; null when absent or blank.</summary>
    public static string? Raw(XObject? node)
    {
        var text = node switch { XElement e => e.Value, XAttribute a => a.Value, _ => null };
        return string.IsNullOrWhiteSpace(text) ? null : text.Trim();
    }
}
