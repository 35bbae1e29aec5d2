using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.EventStore.Sagas;

/// <summary>Every command that sagas send, by its stored name. Built once at start-up from the modules' assemblies.</summary>
public sealed class SagaCommandCatalogue
{
    private readonly FrozenDictionary<string, Type> types;
    private readonly FrozenDictionary<Type, string> aliases;

    private SagaCommandCatalogue(List<(string Alias, Type Type)> known)
    {
        types = known.ToFrozenDictionary(k => k.Alias, k => k.Type, StringComparer.Ordinal);
        aliases = known.ToFrozenDictionary(k => k.Type, k => k.Alias);
    }

    /// <summary>Finds every type with a <see cref="SagaCommandAttribute"/>.</summary>
    /// <exception cref="ArgumentException">Two types share an alias.</exception>
    public static SagaCommandCatalogue Of(params IEnumerable<Assembly> assemblies) => new([..
        from assembly in assemblies.Distinct()
        from type in assembly.GetTypes()
        let alias = type.GetCustomAttribute<SagaCommandAttribute>()
        where alias is not null
        select (alias.Alias, type)]);

    /// <summary>The stored name of a command and its body.</summary>
    /// <exception cref="ArgumentException">The type has no alias.</exception>
    public (string Alias, byte[] Body) Write(object command) => aliases.TryGetValue(command.GetType(), out var alias)
        ? (alias, EventCatalogue.Serialize(command))
        : throw new ArgumentException($"{command.GetType()} has no [SagaCommand] or its assembly is not in the catalogue.",
            nameof(command));

    /// <summary>Reads a command's body.</summary>
    /// <exception cref="ArgumentException">The stored name is unknown: a newer version of the service wrote it.</exception>
    public object Read(string alias, byte[] body) => types.TryGetValue(alias, out var type)
        ? JsonSerializer.Deserialize(body, type, EventCatalogue.Json) ?? throw new JsonException($"{alias} is stored as null.")
        : throw new ArgumentException($"Saga command '{alias}' is not known to this version. Upgrade the service.", nameof(alias));
}
