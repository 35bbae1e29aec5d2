using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SSC.Purchasing.Kernel;

/// <summary>
/// A quantity of an item in its order unit, exact to a thousandth (a half ton is 0.5). Held as integer thousandths, so that
/// case filling and allocation are integer arithmetic. JSON shape: an exact decimal number, e.g. <c>120</c> or <c>0.5</c>.
/// </summary>
/// <param name="Thousandths">Thousandths of the unit.</param>
[JsonConverter(typeof(QuantityJsonConverter))]
public readonly record struct Quantity(long Thousandths) : IComparable<Quantity>
{
    /// <summary>Largest quantity accepted from outside: 10⁹ units.</summary>
    public static readonly Quantity Max = Of(1_000_000_000);

    /// <summary>Nothing.</summary>
    public static Quantity Zero => default;

    /// <summary>Whole units.</summary>
    public static Quantity Of(long units) => new(checked(units * 1000));

    /// <summary>Units with at most three decimals.</summary>
    /// <exception cref="ArgumentOutOfRangeException">More than three decimals.</exception>
    public static Quantity FromDecimal(decimal units)
    {
        var thousandths = units * 1000m;
        return decimal.Truncate(thousandths) == thousandths
            ? new((long)thousandths)
            : throw new ArgumentOutOfRangeException(nameof(units), units, "A quantity has at most three decimals.");
    }

    /// <summary>The quantity in units, exact.</summary>
    public decimal Units => Thousandths / 1000m;

    /// <summary>True when this is a whole multiple of a positive increment.</summary>
    public bool IsMultipleOf(Quantity increment) => Thousandths % increment.Thousandths == 0;

    /// <summary>Sum.</summary>
    public static Quantity operator +(Quantity a, Quantity b) => new(checked(a.Thousandths + b.Thousandths));

    /// <summary>Difference.</summary>
    public static Quantity operator -(Quantity a, Quantity b) => new(checked(a.Thousandths - b.Thousandths));

    /// <summary>Multiple.</summary>
    public static Quantity operator *(Quantity a, long times) => new(checked(a.Thousandths * times));

    /// <summary>Comparison.</summary>
    public static bool operator <(Quantity a, Quantity b) => a.Thousandths < b.Thousandths;

    /// <summary>Comparison.</summary>
    public static bool operator >(Quantity a, Quantity b) => a.Thousandths > b.Thousandths;

    /// <summary>Comparison.</summary>
    public static bool operator <=(Quantity a, Quantity b) => a.Thousandths <= b.Thousandths;

    /// <summary>Comparison.</summary>
    public static bool operator >=(Quantity a, Quantity b) => a.Thousandths >= b.Thousandths;

    /// <summary>The smaller.</summary>
    public static Quantity Min(Quantity a, Quantity b) => a <= b ? a : b;

    /// <inheritdoc/>
    public int CompareTo(Quantity other) => Thousandths.CompareTo(other.Thousandths);

    /// <summary>Units without trailing zeros, invariant.</summary>
    public override string ToString() => Units.ToString("0.###", CultureInfo.InvariantCulture);
}

/// <summary>Sums of quantities.</summary>
public static class QuantitySums
{
    /// <summary>Σ of the quantities, checked.</summary>
    public static Quantity Sum(this IEnumerable<Quantity> quantities) => quantities.Aggregate(Quantity.Zero, (a, b) => a + b);
}

/// <summary>Quantity as an exact decimal number.</summary>
public sealed class QuantityJsonConverter : JsonConverter<Quantity>
{
    /// <inheritdoc/>
    public override Quantity Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.Number || !reader.TryGetDecimal(out var units) || Math.Abs(units) > 1_000_000_000_000m)
            throw new JsonException("A quantity is a number with at most three decimals.");
        var thousandths = units * 1000m;
        return decimal.Truncate(thousandths) == thousandths
            ? new((long)thousandths)
            : throw new JsonException("A quantity has at most three decimals.");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Quantity value, JsonSerializerOptions options) =>
        writer.WriteNumberValue(value.Units);
}
