using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SSC.Purchasing.Kernel;

/// <summary>An amount of United States dollars as integer cents. JSON shape in events: the integer number of cents.</summary>
/// <param name="Cents">Cents; negative for credits.</param>
[JsonConverter(typeof(MoneyJsonConverter))]
public readonly record struct Money(long Cents) : IComparable<Money>
{
    /// <summary>No money.</summary>
    public static Money Zero => default;

    /// <summary>Dollars with at most two decimals.</summary>
    /// <exception cref="ArgumentOutOfRangeException">More than two decimals.</exception>
    public static Money FromDollars(decimal dollars)
    {
        var cents = dollars * 100m;
        return decimal.Truncate(cents) == cents
            ? new((long)cents)
            : throw new ArgumentOutOfRangeException(nameof(dollars), dollars, "Money has at most two decimals.");
    }

    /// <summary>Rounds once, half away from zero, to whole cents.</summary>
    public static Money Round(decimal dollars) => new((long)decimal.Round(dollars * 100m, 0, MidpointRounding.AwayFromZero));

    /// <summary>The amount in dollars, exact.</summary>
    public decimal Dollars => Cents / 100m;

    /// <summary>Sum.</summary>
    public static Money operator +(Money a, Money b) => new(checked(a.Cents + b.Cents));

    /// <summary>Difference.</summary>
    public static Money operator -(Money a, Money b) => new(checked(a.Cents - b.Cents));

    /// <summary>The same amount owed the other way.</summary>
    public static Money operator -(Money a) => new(checked(-a.Cents));

    /// <summary>Comparison.</summary>
    public static bool operator <(Money a, Money b) => a.Cents < b.Cents;

    /// <summary>Comparison.</summary>
    public static bool operator >(Money a, Money b) => a.Cents > b.Cents;

    /// <summary>Comparison.</summary>
    public static bool operator <=(Money a, Money b) => a.Cents <= b.Cents;

    /// <summary>Comparison.</summary>
    public static bool operator >=(Money a, Money b) => a.Cents >= b.Cents;

    /// <inheritdoc/>
    public int CompareTo(Money other) => Cents.CompareTo(other.Cents);

    /// <summary>Dollars with two decimals, invariant, e.g. <c>86.04</c>.</summary>
    public override string ToString() => Dollars.ToString("0.00", CultureInfo.InvariantCulture);
}

/// <summary>Sums of money.</summary>
public static class MoneySums
{
    /// <summary>Σ of the amounts, checked.</summary>
    public static Money Sum(this IEnumerable<Money> amounts) => amounts.Aggregate(Money.Zero, (a, b) => a + b);
}

/// <summary>A price per unit in integer micro-dollars (six decimals). JSON shape in events: the integer.</summary>
/// <param name="Micros">Millionths of a dollar.</param>
[JsonConverter(typeof(UnitPriceJsonConverter))]
public readonly record struct UnitPrice(long Micros) : IComparable<UnitPrice>
{
    /// <summary>Dollars with at most six decimals.</summary>
    /// <exception cref="ArgumentOutOfRangeException">More than six decimals.</exception>
    public static UnitPrice FromDollars(decimal dollars)
    {
        var micros = dollars * 1_000_000m;
        return decimal.Truncate(micros) == micros
            ? new((long)micros)
            : throw new ArgumentOutOfRangeException(nameof(dollars), dollars, "A unit price has at most six decimals.");
    }

    /// <summary>The price in dollars, exact.</summary>
    public decimal Dollars => Micros / 1_000_000m;

    /// <summary>Extends over a quantity, then rounds once, half away from zero.</summary>
    public Money Extend(Quantity quantity) => Money.Round(Dollars * quantity.Units);

    /// <summary>Comparison.</summary>
    public static bool operator <(UnitPrice a, UnitPrice b) => a.Micros < b.Micros;

    /// <summary>Comparison.</summary>
    public static bool operator >(UnitPrice a, UnitPrice b) => a.Micros > b.Micros;

    /// <summary>Comparison.</summary>
    public static bool operator <=(UnitPrice a, UnitPrice b) => a.Micros <= b.Micros;

    /// <summary>Comparison.</summary>
    public static bool operator >=(UnitPrice a, UnitPrice b) => a.Micros >= b.Micros;

    /// <inheritdoc/>
    public int CompareTo(UnitPrice other) => Micros.CompareTo(other.Micros);

    /// <summary>Dollars with two to six decimals, invariant.</summary>
    public override string ToString() => Dollars.ToString("0.00####", CultureInfo.InvariantCulture);
}

/// <summary>Money as integer cents.</summary>
public sealed class MoneyJsonConverter : JsonConverter<Money>
{
    /// <inheritdoc/>
    public override Money Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetInt64());

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Money value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Cents);
}

/// <summary>Unit price as integer micro-dollars.</summary>
public sealed class UnitPriceJsonConverter : JsonConverter<UnitPrice>
{
    /// <inheritdoc/>
    public override UnitPrice Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetInt64());

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, UnitPrice value, JsonSerializerOptions options) =>
        writer.WriteNumberValue(value.Micros);
}
