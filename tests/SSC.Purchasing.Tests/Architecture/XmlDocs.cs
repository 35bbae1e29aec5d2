using System.Collections.Concurrent;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace SSC.Purchasing.Tests.Architecture;

/// <summary>What the code says of itself, from the documentation files that the compiler writes beside the assemblies.</summary>
public static partial class XmlDocs
{
    private static readonly ConcurrentDictionary<Assembly, Dictionary<string, XElement>> Files = new();

    /// <summary>The summary of a type in one line; null when it has none.</summary>
    public static string? Summary(Type type) => Line(Find(type, "T:" + Name(type))?.Element("summary"));

    /// <summary>What a record's property means: its own summary, or the record's parameter of that name.</summary>
    public static string? Summary(PropertyInfo property)
    {
        var type = property.DeclaringType!;
        return Line(Find(type, $"P:{Name(type)}.{property.Name}")?.Element("summary"))
            ?? Line(Find(type, "T:" + Name(type))?.Elements("param")
                .FirstOrDefault(p => string.Equals((string?)p.Attribute("name"), property.Name, StringComparison.Ordinal)));
    }

    /// <summary>True when the type has a summary that says something, or inherits one.</summary>
    public static bool IsDocumented(Type type) =>
        Find(type, "T:" + Name(type)) is { } member
            && (Line(member.Element("summary")) is { Length: > 3 } || member.Element("inheritdoc") is not null);

    private static string Name(Type type) => (type.IsGenericType ? type.GetGenericTypeDefinition() : type).FullName!.Replace('+', '.');

    private static XElement? Find(Type type, string id) => Files.GetOrAdd(type.Assembly, Load).GetValueOrDefault(id);

    // The tests' own assembly has no such file.
    private static Dictionary<string, XElement> Load(Assembly assembly) => Path.ChangeExtension(assembly.Location, ".xml") is var file
        && File.Exists(file)
            ? XDocument.Load(file).Descendants("member").ToDictionary(m => (string)m.Attribute("name")!, StringComparer.Ordinal)
            : [];

    private static string? Line(XElement? element)
    {
        if (element is null) return null;
        var text = string.Concat(element.DescendantNodesAndSelf().Select(n => n switch
        {
            XText t => t.Value,
            XElement e when e.Attribute("cref") is { } cref => LastName().Match(cref.Value).Value,
            XElement e when e.Attribute("name") is { } name && e != element => name.Value,
            _ => string.Empty,
        }));
        text = Blanks().Replace(text, " ").Trim();
        return text.Length == 0 ? null : text;
    }

    [GeneratedRegex(@"[A-Za-z0-9_]+(?=(`\d+)?(\(.*)?$)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex LastName();

    [GeneratedRegex(@"\s+", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Blanks();
}
