using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Serialization;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Host.Api;

/// <summary>
/// Structural lists and maps at the edge. What is wrong inside an item keeps its whole path, e.g. <c>$.lines[3].quantity</c>: the
/// serializer itself forgets the outer half when a converter reads its items.
/// </summary>
internal sealed class EdgeCollectionConverterFactory : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) => typeToConvert.IsGenericType
        && (typeToConvert.GetGenericTypeDefinition() == typeof(StructuralList<>)
            || typeToConvert.GetGenericTypeDefinition() == typeof(StructuralMap<,>));

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options)
    {
        var arguments = typeToConvert.GetGenericArguments();
        var converter = arguments.Length == 1 ? typeof(ListConverter<>) : typeof(MapConverter<,>);
        return (JsonConverter)Activator.CreateInstance(converter.MakeGenericType(arguments))!;
    }

    private static T Items<T>(ref Utf8JsonReader reader, JsonSerializerOptions options)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(ref reader, options) ?? throw new JsonException("null is not allowed here.");
        }
        catch (JsonException inner) when (inner.Path is not null)
        {
            throw new EdgeItemException(inner);
        }
    }

    private sealed class ListConverter<T> : JsonConverter<StructuralList<T>>
    {
        public override StructuralList<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var items = Items<T[]>(ref reader, options);
            return !typeof(T).IsValueType && Array.Exists(items, i => i is null)
                ? throw new JsonException("null is not allowed in this array.")
                : items.ToStructuralList();
        }

        public override void Write(Utf8JsonWriter writer, StructuralList<T> value, JsonSerializerOptions options)
        {
            writer.WriteStartArray();
            foreach (var item in value) JsonSerializer.Serialize(writer, item, options);
            writer.WriteEndArray();
        }
    }

    private sealed class MapConverter<TKey, TValue> : JsonConverter<StructuralMap<TKey, TValue>>
        where TKey : notnull
    {
        public override StructuralMap<TKey, TValue> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            StructuralMap<TKey, TValue>.From(Items<Dictionary<TKey, TValue>>(ref reader, options));

        public override void Write(Utf8JsonWriter writer, StructuralMap<TKey, TValue> value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, value.ToDictionary(), options);
    }
}

/// <summary>Something is wrong inside an item of a collection; the serializer gives this exception the outer path.</summary>
internal sealed class EdgeItemException(JsonException inner) : JsonException(inner.Message, inner)
{
    /// <summary>The path from the document's root.</summary>
    public static string PathOf(JsonException error) => error switch
    {
        EdgeItemException { InnerException: JsonException inside } item => (item.Path ?? "$") + PathOf(inside)[1..],
        { Path: { Length: > 0 } path } => path,
        _ => "$",
    };

    /// <summary>What was wrong in the first place.</summary>
    public static JsonException CauseOf(JsonException error) =>
        error is EdgeItemException { InnerException: JsonException inside } ? CauseOf(inside) : error;
}

/// <summary>Enums as camelCase words; anything else is told the words there are.</summary>
internal sealed class EdgeEnumConverterFactory : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) => typeToConvert.IsEnum;

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(WordConverter<>).MakeGenericType(typeToConvert))!;

    /// <summary>The words of an enum in their order.</summary>
    public static IEnumerable<string> WordsOf(Type type) => Enum.GetNames(type).Select(WordOf);

    /// <summary>camelCase; codes of a standard (AB, AP) stay as they are.</summary>
    private static string WordOf(string name) => name.All(char.IsAsciiLetterUpper) ? name : JsonNamingPolicy.CamelCase.ConvertName(name);

    private sealed class WordConverter<T> : JsonConverter<T>
        where T : struct, Enum
    {
        private static readonly FrozenDictionary<string, T> Values =
            Enum.GetValues<T>().ToFrozenDictionary(v => WordOf(v.ToString()), StringComparer.Ordinal);

        private static readonly FrozenDictionary<T, string> Words = Values.ToFrozenDictionary(v => v.Value, v => v.Key);

        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            Parse(reader.TokenType == JsonTokenType.String ? reader.GetString() : null);

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(Words[value]);

        public override T ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            Parse(reader.GetString());

        public override void WriteAsPropertyName(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
            writer.WritePropertyName(Words[value]);

        private static T Parse(string? word) => word is not null && Values.TryGetValue(word, out var value)
            ? value
            : throw new JsonException($"Expected one of: {string.Join(", ", WordsOf(typeof(T)))}.");
    }
}
