using System.Reflection;
using System.Text;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Tests.Architecture;

/// <summary>Writes <c>events.md</c>: every stored event, what it says and what its members mean, from the code itself.</summary>
public static class EventsDocument
{
    /// <summary>The document for some aggregates.</summary>
    public static string Of(IEnumerable<Aggregate> aggregates)
    {
        var text = new StringBuilder("# Events\n\nGenerated from the code; `SSC_WRITE_DOCS=1` and a run of the tests writes it anew.\n"
            + "Money is in integer cents, unit prices in integer micro-dollars, quantities are exact decimals, times are UTC.\n");
        foreach (var aggregate in aggregates.OrderBy(a => a.Category, StringComparer.Ordinal))
        {
            text.Append("\n## ").Append(aggregate.Category).Append("\n\n");
            text.Append("Stream `").Append(aggregate.Category).Append("-{key}`. ").Append(XmlDocs.Summary(aggregate.Decider)).Append('\n');
            foreach (var type in House.CasesOf(aggregate.Event).OrderBy(AliasOf, StringComparer.Ordinal)) Append(text, type);
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, Type type)
    {
        text.Append("\n### ").Append(AliasOf(type)).Append("\n\n").Append(XmlDocs.Summary(type)).Append('\n');
        var members = type.GetProperties(BindingFlags.Instance | BindingFlags.Public).Where(p => p.CanWrite)
            .OrderBy(p => p.MetadataToken).ToList();
        if (members.Count == 0) return;
        text.Append("\n| Member | Type | Meaning |\n|---|---|---|\n");
        foreach (var member in members)
        {
            var name = System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(member.Name);
            var meaning = XmlDocs.Summary(member)?.Replace("|", "\\|", StringComparison.Ordinal);
            text.Append("| `").Append(name).Append("` | ").Append(TypeName(member)).Append(" | ").Append(meaning).Append(" |\n");
        }
    }

    private static string AliasOf(Type type) => type.GetCustomAttribute<EventAliasAttribute>()?.Alias ?? type.Name;

    private static string TypeName(PropertyInfo member)
    {
        var optional = new NullabilityInfoContext().Create(member).ReadState == NullabilityState.Nullable;
        return TypeName(Nullable.GetUnderlyingType(member.PropertyType) ?? member.PropertyType) + (optional ? ", optional" : string.Empty);
    }

    private static string TypeName(Type type)
    {
        if (!type.IsGenericType) return type.Name;
        var arguments = type.GetGenericArguments().Select(TypeName).ToArray();
        return type.GetGenericTypeDefinition() == typeof(StructuralList<>) ? $"list of {arguments[0]}"
            : type.GetGenericTypeDefinition() == typeof(StructuralMap<,>) ? $"map of {arguments[0]} to {arguments[1]}"
            : $"{type.Name.Split('`')[0]} of {string.Join(", ", arguments)}";
    }
}
