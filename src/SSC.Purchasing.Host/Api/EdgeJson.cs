using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Host.Api;

/// <summary>
/// JSON as callers see it: camelCase, enums as camelCase words, money and prices as decimal strings with their currency, and
/// nothing accepted that was not asked for — unknown, repeated, missing and null members are errors, and so are control characters.
/// Its converters win over those on the domain's types, so domain records can be used at the edge.
/// </summary>
public static class EdgeJson
{
    /// <summary>Longest string accepted anywhere in a body, in UTF-16 characters.</summary>
    public const int LongestString = 4_000;

    /// <summary>The options, frozen.</summary>
    public static readonly JsonSerializerOptions Options = Freeze(new JsonSerializerOptions());

    /// <summary>The contract of a type, looked up once per endpoint.</summary>
    public static JsonTypeInfo<T> Of<T>() => (JsonTypeInfo<T>)Options.GetTypeInfo(typeof(T));

    /// <summary>
    /// The same for options that only the OpenAPI generator reads: collections of ours are shown as the arrays and objects they are,
    /// and a default of a struct, which the exporter cannot write, as something that may be left out.
    /// </summary>
    internal static void ApplyForSchemas(JsonSerializerOptions options)
    {
        Apply(options);
        ((DefaultJsonTypeInfoResolver)options.TypeInfoResolver!).Modifiers.Add(ShowCollections);
    }

    private static void ShowCollections(JsonTypeInfo type)
    {
        for (var i = 0; i < type.Properties.Count; i++)
        {
            var member = type.Properties[i];
            if (Shown(member) is not { } shown) continue;
            var replacement = type.CreateJsonPropertyInfo(shown, member.Name);
            replacement.Get = _ => null;
            replacement.Set = (_, _) => { }; // never called: these options only describe
            replacement.AttributeProvider = member.AttributeProvider;
            replacement.IsRequired = member.IsRequired;
            type.Properties[i] = replacement;
        }
    }

    private static Type? Shown(JsonPropertyInfo member)
    {
        var type = member.PropertyType;
        if (type.IsGenericType
            && type.GetGenericTypeDefinition() == typeof(StructuralList<>)) return type.GetGenericArguments()[0].MakeArrayType();
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(StructuralMap<,>))
            return typeof(Dictionary<,>).MakeGenericType(typeof(string), type.GetGenericArguments()[1]);
        var structDefault = member.AssociatedParameter is { HasDefaultValue: true, DefaultValue: null } && type.IsValueType
            && Nullable.GetUnderlyingType(type) is null;
        return structDefault ? typeof(Nullable<>).MakeGenericType(type) : null;
    }

    /// <summary>Applies the rules to options.</summary>
    public static void Apply(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        options.PropertyNameCaseInsensitive = false;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.AllowDuplicateProperties = false;
        options.RespectNullableAnnotations = true;
        options.RespectRequiredConstructorParameters = true;
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        options.MaxDepth = 32;
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping; // answers are application/json, never inside HTML
        options.TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { NullableMeansOptional } };
        options.Converters.Add(new CleanStringConverter());
        options.Converters.Add(new EdgeMoneyConverter());
        options.Converters.Add(new EdgeUnitPriceConverter());
        options.Converters.Add(new EdgeTimeConverter());
        options.Converters.Add(new EdgeEnumConverterFactory());
        options.Converters.Add(new EdgeCollectionConverterFactory());
    }

    /// <summary>What may be null may be left out: nulls are never written, so what was read can be sent back.</summary>
    private static void NullableMeansOptional(JsonTypeInfo type)
    {
        foreach (var member in type.Properties)
        {
            if (member.IsRequired && member.AssociatedParameter is { } parameter
                && (parameter.IsNullable || Nullable.GetUnderlyingType(parameter.ParameterType) is not null)) member.IsRequired = false;
        }
    }

    private static JsonSerializerOptions Freeze(JsonSerializerOptions options)
    {
        Apply(options);
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
