using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SSC.Purchasing.Kernel;

/// <summary>A typed identifier: a short text that names one thing and nothing else. JSON shape: a string.</summary>
/// <typeparam name="TSelf">The id type itself.</typeparam>
public interface IId<TSelf>
    where TSelf : struct, IId<TSelf>
{
    /// <summary>The text.</summary>
    string Value { get; }

    /// <summary>Wraps a text; call <see cref="Id.IsWellFormed(string?)"/> on outside input first.</summary>
    static abstract TSelf From(string value);
}

/// <summary>What every id text must look like.</summary>
public static class Id
{
    /// <summary>Longest id accepted, characters.</summary>
    public const int MaxLength = 64;

    /// <summary>Longest key accepted, characters.</summary>
    public const int MaxKeyLength = 160;

    /// <summary>True for 1–64 characters from A–Z a–z 0–9 <c>. _ -</c>, starting with a letter or digit.</summary>
    public static bool IsWellFormed([NotNullWhen(true)] string? value)
    {
        if (string.IsNullOrEmpty(value) || value.Length > MaxLength || !char.IsAsciiLetterOrDigit(value[0])) return false;
        foreach (var c in value)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '_' or '-')) return false;
        }

        return true;
    }

    /// <summary>
    /// True for ids joined by colons, e.g. <c>JO-2026-014:V-whitewater</c>: since no id holds a colon, a key can be told apart again and
    /// two different things never share one.
    /// </summary>
    public static bool IsKey([NotNullWhen(true)] string? value) =>
        value is { Length: > 0 and <= MaxKeyLength } && value.Split(':').All(IsWellFormed);
}

/// <summary>Writes every <see cref="IId{TSelf}"/> as a JSON string, also as a property name.</summary>
public sealed class IdJsonConverter<TId> : JsonConverter<TId>
    where TId : struct, IId<TId>
{
    /// <inheritdoc/>
    public override TId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Parse(reader.TokenType == JsonTokenType.String ? reader.GetString() : null);

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, TId value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);

    /// <inheritdoc/>
    public override TId ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Parse(reader.GetString());

    /// <inheritdoc/>
    public override void WriteAsPropertyName(Utf8JsonWriter writer, TId value, JsonSerializerOptions options) =>
        writer.WritePropertyName(value.Value);

    private static TId Parse(string? text) => Id.IsWellFormed(text)
        ? TId.From(text!)
        : throw new JsonException($"An id is 1 to {Id.MaxLength} letters, digits, '.', '_' or '-'.");
}

/// <summary>A member of a cooperative, e.g. <c>M-001</c>; unique in the tenant.</summary>
[JsonConverter(typeof(IdJsonConverter<MemberNo>))]
public readonly record struct MemberNo(string Value) : IId<MemberNo>, IComparable<MemberNo>
{
    /// <inheritdoc/>
    public static MemberNo From(string value) => new(value);

    /// <summary>Ordinal order: the tie-break of every allocation ("lower member number first").</summary>
    public int CompareTo(MemberNo other) => string.CompareOrdinal(Value, other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>A service cooperative, e.g. <c>SSC</c>.</summary>
[JsonConverter(typeof(IdJsonConverter<CooperativeId>))]
public readonly record struct CooperativeId(string Value) : IId<CooperativeId>
{
    /// <inheritdoc/>
    public static CooperativeId From(string value) => new(value);

    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>A delivery site of a member, e.g. <c>M-001-HS</c>.</summary>
[JsonConverter(typeof(IdJsonConverter<SiteId>))]
public readonly record struct SiteId(string Value) : IId<SiteId>, IComparable<SiteId>
{
    /// <inheritdoc/>
    public static SiteId From(string value) => new(value);

    /// <summary>Ordinal order.</summary>
    public int CompareTo(SiteId other) => string.CompareOrdinal(Value, other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>A vendor, e.g. <c>V-whitewater</c>.</summary>
[JsonConverter(typeof(IdJsonConverter<VendorId>))]
public readonly record struct VendorId(string Value) : IId<VendorId>, IComparable<VendorId>
{
    /// <inheritdoc/>
    public static VendorId From(string value) => new(value);

    /// <summary>Ordinal order.</summary>
    public int CompareTo(VendorId other) => string.CompareOrdinal(Value, other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>A contract (award), e.g. <c>C-2026-paper</c>.</summary>
[JsonConverter(typeof(IdJsonConverter<ContractId>))]
public readonly record struct ContractId(string Value) : IId<ContractId>, IComparable<ContractId>
{
    /// <inheritdoc/>
    public static ContractId From(string value) => new(value);

    /// <summary>Ordinal order.</summary>
    public int CompareTo(ContractId other) => string.CompareOrdinal(Value, other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>A joint order, e.g. <c>JO-2026-014</c>.</summary>
[JsonConverter(typeof(IdJsonConverter<JointOrderId>))]
public readonly record struct JointOrderId(string Value) : IId<JointOrderId>, IComparable<JointOrderId>
{
    /// <inheritdoc/>
    public static JointOrderId From(string value) => new(value);

    /// <summary>Ordinal order.</summary>
    public int CompareTo(JointOrderId other) => string.CompareOrdinal(Value, other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>A vendor's catalogue item within a contract, e.g. <c>PAPER-20LB</c>.</summary>
[JsonConverter(typeof(IdJsonConverter<ItemNo>))]
public readonly record struct ItemNo(string Value) : IId<ItemNo>, IComparable<ItemNo>
{
    /// <inheritdoc/>
    public static ItemNo From(string value) => new(value);

    /// <summary>Ordinal order.</summary>
    public int CompareTo(ItemNo other) => string.CompareOrdinal(Value, other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value;
}
