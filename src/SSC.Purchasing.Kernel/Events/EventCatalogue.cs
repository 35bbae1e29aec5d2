using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace SSC.Purchasing.Kernel;

/// <summary>The stored name of an event: snake_case, past tense, for ever; a later shape of it ends in <c>_v2</c>, <c>_v3</c> …</summary>
/// <param name="alias">E.g. <c>joint_order_opened</c>.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class EventAliasAttribute(string alias) : Attribute
{
    /// <summary>The stored name.</summary>
    public string Alias { get; } = alias;
}

/// <summary>Turns the JSON of an old event version into the JSON of the next one. Pure.</summary>
/// <param name="From">Alias that is stored.</param>
/// <param name="To">Alias whose shape comes out.</param>
/// <param name="Lift">The change of shape.</param>
public sealed record Upcaster(string From, string To, Func<JsonObject, JsonObject> Lift);

/// <summary>Every event type the service can read, by its stored name. Built once at start-up from the modules' assemblies.</summary>
public sealed class EventCatalogue
{
    /// <summary>How events are written: camelCase, unknown members ignored on reading (additive change), nulls left out.</summary>
    public static readonly JsonSerializerOptions Json = MakeOptions();

    private readonly FrozenDictionary<string, Type> types;
    private readonly FrozenDictionary<Type, string> aliases;
    private readonly FrozenDictionary<string, Upcaster> upcasters;

    private EventCatalogue(IEnumerable<(string Alias, Type Type)> entries, IEnumerable<Upcaster> upcasters)
    {
        var known = entries.ToList();
        types = known.ToFrozenDictionary(e => e.Alias, e => e.Type, StringComparer.Ordinal);
        aliases = known.ToFrozenDictionary(e => e.Type, e => e.Alias);
        this.upcasters = upcasters.ToFrozenDictionary(u => u.From, StringComparer.Ordinal);
    }

    /// <summary>Stored names and their types, in ordinal order.</summary>
    public IEnumerable<KeyValuePair<string, Type>> Entries => types.OrderBy(t => t.Key, StringComparer.Ordinal);

    /// <summary>The old shapes that are lifted on reading.</summary>
    public IEnumerable<Upcaster> Upcasters => upcasters.Values;

    /// <summary>The type that an event stored under an old name is read as, after every upcaster in between.</summary>
    /// <exception cref="UnknownEventException">The last name is not in the catalogue.</exception>
    public Type TypeAfterUpcasting(string alias)
    {
        while (upcasters.TryGetValue(alias, out var upcaster)) alias = upcaster.To;
        return types.TryGetValue(alias, out var type) ? type : throw new UnknownEventException(alias);
    }

    /// <summary>Finds every type with an <see cref="EventAliasAttribute"/>, and every static <c>Upcasters</c> field given.</summary>
    /// <exception cref="ArgumentException">Two types share an alias.</exception>
    public static EventCatalogue Of(IEnumerable<Assembly> assemblies, IEnumerable<Upcaster>? upcasters = null) => new(
        from assembly in assemblies.Distinct()
        from type in assembly.GetTypes()
        let alias = type.GetCustomAttribute<EventAliasAttribute>()
        where alias is not null
        select (alias.Alias, type),
        upcasters ?? []);

    /// <summary>The stored name of an event.</summary>
    /// <exception cref="ArgumentException">The type has no alias.</exception>
    public string AliasOf(object fact) => aliases.TryGetValue(fact.GetType(), out var alias)
        ? alias
        : throw new ArgumentException($"{fact.GetType()} has no [EventAlias] or its assembly is not in the catalogue.", nameof(fact));

    /// <summary>Writes an event's body.</summary>
    public static byte[] Serialize(object fact) => JsonSerializer.SerializeToUtf8Bytes(fact, fact.GetType(), Json);

    /// <summary>Reads an event's body with today's code, lifting old shapes first.</summary>
    /// <exception cref="UnknownEventException">The stored name is not in the catalogue.</exception>
    public object Deserialize(string alias, ReadOnlyMemory<byte> data)
    {
        if (upcasters.ContainsKey(alias)) return DeserializeLifted(alias, data);
        if (!types.TryGetValue(alias, out var type)) throw new UnknownEventException(alias);
        return JsonSerializer.Deserialize(data.Span, type, Json) ?? throw new JsonException($"{alias} is stored as null.");
    }

    private object DeserializeLifted(string alias, ReadOnlyMemory<byte> data)
    {
        var body = JsonNode.Parse(data.Span)!.AsObject();
        var type = TypeAfterUpcasting(alias);
        while (upcasters.TryGetValue(alias, out var upcaster)) (alias, body) = (upcaster.To, upcaster.Lift(body));
        return body.Deserialize(type, Json)!;
    }

    private static JsonSerializerOptions MakeOptions()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            NumberHandling = JsonNumberHandling.Strict,
        };
        options.Converters.Add(new JsonStringEnumConverter());
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}

/// <summary>The log holds an event that this version of the code does not know: a newer version wrote it.</summary>
public sealed class UnknownEventException(string alias) : Exception($"Event '{alias}' is not known to this version. Upgrade the service.")
{
    /// <summary>The stored name.</summary>
    public string Alias { get; } = alias;
}
