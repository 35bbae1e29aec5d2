using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.InsurancePool.Rules;

/// <summary>An insurance pool, e.g. <c>SCHOOL</c>.</summary>
[JsonConverter(typeof(IdJsonConverter<PoolId>))]
public readonly record struct PoolId(string Value) : IId<PoolId>, IComparable<PoolId>
{
    /// <inheritdoc/>
    public static PoolId From(string value) => new(value);

    /// <summary>Ordinal order.</summary>
    public int CompareTo(PoolId other) => string.CompareOrdinal(Value, other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>A plan design of a pool, e.g. <c>PPO-500</c>.</summary>
[JsonConverter(typeof(IdJsonConverter<PlanId>))]
public readonly record struct PlanId(string Value) : IId<PlanId>, IComparable<PlanId>
{
    /// <inheritdoc/>
    public static PlanId From(string value) => new(value);

    /// <summary>Ordinal order.</summary>
    public int CompareTo(PlanId other) => string.CompareOrdinal(Value, other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>
/// A reference that says nothing: two to four capital letters, a dash, four to twelve digits, e.g. <c>SLC-202700017</c>. Claim-side
/// streams name things by it and by nothing else, so that no name, birth date or diagnosis fits in. JSON shape: a string.
/// </summary>
[JsonConverter(typeof(OpaqueRefJsonConverter))]
public readonly record struct OpaqueRef(string Value) : IId<OpaqueRef>, IComparable<OpaqueRef>
{
    /// <summary>The shape, for messages and schemas.</summary>
    public const string Pattern = "^[A-Z]{2,4}-[0-9]{4,12}$";

    /// <inheritdoc/>
    public static OpaqueRef From(string value) => new(value);

    /// <summary>True for a text of the shape.</summary>
    public static bool IsWellFormed([NotNullWhen(true)] string? text)
    {
        var dash = text?.IndexOf('-', StringComparison.Ordinal) ?? -1;
        return text is not null && dash is >= 2 and <= 4 && text.Length - dash - 1 is >= 4 and <= 12
            && text[..dash].All(char.IsAsciiLetterUpper) && text[(dash + 1)..].All(char.IsAsciiDigit);
    }

    /// <summary>Refuses with <c>reference-not-opaque</c> what is not of the shape.</summary>
    public Refusal? Flaw => IsWellFormed(Value)
        ? null
        : new("reference-not-opaque", "A reference is two to four capital letters, a dash and 4 to 12 digits; it names no person.");

    /// <summary>Ordinal order.</summary>
    public int CompareTo(OpaqueRef other) => string.CompareOrdinal(Value, other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>SHA-256 of a file's bytes, which makes an import happen once. JSON shape: 64 lower-case hexadecimal digits.</summary>
[JsonConverter(typeof(FileHashJsonConverter))]
public readonly record struct FileHash(string Value)
{
    /// <summary>Refuses with <c>file-hash-malformed</c> what is no SHA-256.</summary>
    public Refusal? Flaw => PlainText.IsSha256(Value)
        ? null
        : new("file-hash-malformed", "A file is named by its SHA-256 in 64 lower-case hexadecimal digits.");

    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>A month of coverage. JSON shape: <c>2027-03</c>.</summary>
/// <param name="Year">Calendar year.</param>
/// <param name="Month">1 to 12.</param>
[JsonConverter(typeof(CoverageMonthJsonConverter))]
[StructLayout(LayoutKind.Auto)]
public readonly record struct CoverageMonth(int Year, int Month) : IComparable<CoverageMonth>
{
    /// <summary>The month that a day lies in.</summary>
    public static CoverageMonth Of(DateOnly day) => new(day.Year, day.Month);

    /// <summary>Its first day.</summary>
    [JsonIgnore]
    public DateOnly FirstDay => new(Year, Month, 1);

    /// <summary>Its last day.</summary>
    [JsonIgnore]
    public DateOnly LastDay => FirstDay.AddMonths(1).AddDays(-1);

    /// <summary>How many days it has.</summary>
    [JsonIgnore]
    public int Days => DateTime.DaysInMonth(Year, Month);

    /// <summary>So many months later, or earlier.</summary>
    public CoverageMonth AddMonths(int months) => Of(FirstDay.AddMonths(months));

    /// <summary>Months from another to this one.</summary>
    public int Since(CoverageMonth other) => ((Year - other.Year) * 12) + Month - other.Month;

    /// <summary>In time.</summary>
    public int CompareTo(CoverageMonth other) => Since(other);

    /// <summary>Comparison.</summary>
    public static bool operator <(CoverageMonth a, CoverageMonth b) => a.CompareTo(b) < 0;

    /// <summary>Comparison.</summary>
    public static bool operator >(CoverageMonth a, CoverageMonth b) => a.CompareTo(b) > 0;

    /// <summary>Comparison.</summary>
    public static bool operator <=(CoverageMonth a, CoverageMonth b) => a.CompareTo(b) <= 0;

    /// <summary>Comparison.</summary>
    public static bool operator >=(CoverageMonth a, CoverageMonth b) => a.CompareTo(b) >= 0;

    /// <summary>Reads <c>2027-03</c>; null for anything else.</summary>
    public static CoverageMonth? TryParse(string? text) =>
        DateOnly.TryParseExact(text + "-01", "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? Of(day)
            : null;

    /// <summary>E.g. <c>2027-03</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Year:0000}-{Month:00}");
}

/// <summary>
/// A factor, share or percentage, exact to a millionth (0.085 is 8.5 %). Held as an integer, so that a stored factor is what was used.
/// JSON shape: an exact decimal number.
/// </summary>
/// <param name="Millionths">Millionths.</param>
[JsonConverter(typeof(FactorJsonConverter))]
public readonly record struct Factor(long Millionths) : IComparable<Factor>
{
    /// <summary>Nothing.</summary>
    public static Factor Zero => default;

    /// <summary>The whole.</summary>
    public static Factor One => new(1_000_000);

    /// <summary>Rounds half away from zero.</summary>
    /// <param name="value">The number.</param>
    /// <param name="decimals">Decimals kept, at most six.</param>
    public static Factor Of(decimal value, int decimals = 6) =>
        new((long)(decimal.Round(value, decimals, MidpointRounding.AwayFromZero) * 1_000_000m));

    /// <summary>The number, exact.</summary>
    [JsonIgnore]
    public decimal Value => Millionths / 1_000_000m;

    /// <summary>Comparison.</summary>
    public static bool operator <(Factor a, Factor b) => a.Millionths < b.Millionths;

    /// <summary>Comparison.</summary>
    public static bool operator >(Factor a, Factor b) => a.Millionths > b.Millionths;

    /// <summary>Comparison.</summary>
    public static bool operator <=(Factor a, Factor b) => a.Millionths <= b.Millionths;

    /// <summary>Comparison.</summary>
    public static bool operator >=(Factor a, Factor b) => a.Millionths >= b.Millionths;

    /// <inheritdoc/>
    public int CompareTo(Factor other) => Millionths.CompareTo(other.Millionths);

    /// <summary>Without trailing zeros, invariant.</summary>
    public override string ToString() => Value.ToString("0.######", CultureInfo.InvariantCulture);
}

/// <summary>Whom a contract covers. Stored by name.</summary>
public enum Tier
{
    /// <summary>The employee.</summary>
    Single,

    /// <summary>The employee and one more.</summary>
    SinglePlusOne,

    /// <summary>The family.</summary>
    Family,
}

/// <summary>An opaque reference, by its shape and nothing else.</summary>
public sealed class OpaqueRefJsonConverter : JsonConverter<OpaqueRef>
{
    /// <inheritdoc/>
    public override OpaqueRef Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Parse(reader.TokenType == JsonTokenType.String ? reader.GetString() : null);

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, OpaqueRef value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Value);

    /// <inheritdoc/>
    public override OpaqueRef ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Parse(reader.GetString());

    /// <inheritdoc/>
    public override void WriteAsPropertyName(Utf8JsonWriter writer, OpaqueRef value, JsonSerializerOptions options) =>
        writer.WritePropertyName(value.Value);

    private static OpaqueRef Parse(string? text) => OpaqueRef.IsWellFormed(text)
        ? new(text)
        : throw new JsonException("A reference is two to four capital letters, a dash and 4 to 12 digits, e.g. SLC-202700017.");
}

/// <summary>A SHA-256 as text.</summary>
public sealed class FileHashJsonConverter : JsonConverter<FileHash>
{
    /// <inheritdoc/>
    public override FileHash Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && PlainText.IsSha256(reader.GetString())
            ? new(reader.GetString()!)
            : throw new JsonException("A file is named by its SHA-256 in 64 lower-case hexadecimal digits.");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, FileHash value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Value);
}

/// <summary>A month as <c>2027-03</c>, also as a property name.</summary>
public sealed class CoverageMonthJsonConverter : JsonConverter<CoverageMonth>
{
    /// <inheritdoc/>
    public override CoverageMonth Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Parse(reader.TokenType == JsonTokenType.String ? reader.GetString() : null);

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, CoverageMonth value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());

    /// <inheritdoc/>
    public override CoverageMonth ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Parse(reader.GetString());

    /// <inheritdoc/>
    public override void WriteAsPropertyName(Utf8JsonWriter writer, CoverageMonth value, JsonSerializerOptions options) =>
        writer.WritePropertyName(value.ToString());

    private static CoverageMonth Parse(string? text) =>
        CoverageMonth.TryParse(text) ?? throw new JsonException("A month is written as 2027-03.");
}

/// <summary>A factor as an exact decimal number.</summary>
public sealed class FactorJsonConverter : JsonConverter<Factor>
{
    /// <inheritdoc/>
    public override Factor Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.Number || !reader.TryGetDecimal(out var value) || Math.Abs(value) > 1_000_000_000m)
            throw new JsonException("A factor is a number with at most six decimals.");
        var millionths = value * 1_000_000m;
        return decimal.Truncate(millionths) == millionths
            ? new((long)millionths)
            : throw new JsonException("A factor has at most six decimals.");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Factor value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Value);
}
