using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Host.Api;

/// <summary>Strings without control characters (line breaks and tabs are text) and of bounded length.</summary>
internal sealed class CleanStringConverter : JsonConverter<string>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String) throw new JsonException("Expected a string.");
        var text = reader.GetString()!;
        return WhyUnclean(text) is { } why ? throw new JsonException(why) : text;
    }

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);

    public override string ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = reader.GetString()!;
        return WhyUnclean(text) is { } why ? throw new JsonException(why) : text;
    }

    public override void WriteAsPropertyName(Utf8JsonWriter writer, string value, JsonSerializerOptions options) =>
        writer.WritePropertyName(value);

    /// <summary>Null when a text from outside may be kept.</summary>
    internal static string? WhyUnclean(string text)
    {
        if (text.Length > EdgeJson.LongestString)
            return $"A text has at most {EdgeJson.LongestString} characters; this one has {text.Length}.";
        foreach (var c in text)
        {
            if (char.IsControl(c) && c is not ('\n' or '\r' or '\t')) return $"Control character U+{(int)c:X4} is not allowed in text.";
        }

        return null;
    }
}

/// <summary>Money at the edge: <c>{"amount":"86.04","currency":"USD"}</c>, at most two decimals.</summary>
internal sealed class EdgeMoneyConverter : JsonConverter<Money>
{
    public override Money Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        new(DollarAmount.Read(ref reader, 2));

    public override void Write(Utf8JsonWriter writer, Money value, JsonSerializerOptions options) =>
        DollarAmount.Write(writer, value.ToString());
}

/// <summary>A unit price at the edge: <c>{"amount":"2.689","currency":"USD"}</c>, at most six decimals.</summary>
internal sealed class EdgeUnitPriceConverter : JsonConverter<UnitPrice>
{
    public override UnitPrice Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        new(DollarAmount.Read(ref reader, 6));

    public override void Write(Utf8JsonWriter writer, UnitPrice value, JsonSerializerOptions options) =>
        DollarAmount.Write(writer, value.ToString());
}

/// <summary>The shape that money and prices share.</summary>
internal static class DollarAmount
{
    private const decimal Largest = 1_000_000_000_000m;

    /// <summary>Reads the object into units of 10⁻ᵈᵉᶜⁱᵐᵃˡˢ dollars.</summary>
    public static long Read(ref Utf8JsonReader reader, int decimals)
    {
        var shape = $"Expected {{\"amount\":\"86.04\",\"currency\":\"USD\"}} with at most {decimals} decimals.";
        if (reader.TokenType != JsonTokenType.StartObject) throw new JsonException(shape);
        long? units = null;
        var currency = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("amount"u8) && units is null)
            {
                reader.Read();
                units = Parse(reader.TokenType == JsonTokenType.String ? reader.GetString() : null, decimals)
                    ?? throw new JsonException(shape);
            }
            else if (reader.ValueTextEquals("currency"u8) && !currency)
            {
                reader.Read();
                if (reader.TokenType != JsonTokenType.String || !reader.ValueTextEquals("USD"u8))
                    throw new JsonException("The only currency is USD.");
                currency = true;
            }
            else
            {
                throw new JsonException(shape);
            }
        }

        return currency && units is { } amount ? amount : throw new JsonException(shape);
    }

    /// <summary>Writes the object.</summary>
    public static void Write(Utf8JsonWriter writer, string amount)
    {
        writer.WriteStartObject();
        writer.WriteString("amount"u8, amount);
        writer.WriteString("currency"u8, "USD"u8);
        writer.WriteEndObject();
    }

    private static long? Parse(string? text, int decimals)
    {
        const NumberStyles plain = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;
        if (text is not { Length: > 0 and <= 24 } || !char.IsAsciiDigit(text[^1]) || !text.All(c => char.IsAsciiDigit(c) || c is '-' or '.')
            || !decimal.TryParse(text, plain, CultureInfo.InvariantCulture, out var dollars) || Math.Abs(dollars) > Largest)
        {
            return null;
        }

        var scaled = dollars * (decimals == 2 ? 100m : 1_000_000m);
        return decimal.Truncate(scaled) == scaled ? (long)scaled : null;
    }
}

/// <summary>Instants as RFC 3339 with an offset on reading, UTC on writing; a time without an offset says nothing and is refused.</summary>
internal sealed class EdgeTimeConverter : JsonConverter<DateTimeOffset>
{
    private const string Shape = "Expected an RFC 3339 time with its offset, e.g. 2026-03-06T18:00:00Z.";

    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && TryParse(reader.GetString(), out var time) ? time : throw new JsonException(Shape);

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.UtcDateTime);

    /// <summary>Reads an instant from outside; always UTC.</summary>
    internal static bool TryParse(string? text, out DateTimeOffset time)
    {
        time = default;
        var offset = text is { Length: >= 17 and <= 40 } && text[10] is 'T' or 't'
            && (text[^1] is 'Z' or 'z' || (text[^3] == ':' && text[^6] is '+' or '-'));
        if (!offset || !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var parsed)) return false;
        time = parsed.ToUniversalTime();
        return true;
    }
}
