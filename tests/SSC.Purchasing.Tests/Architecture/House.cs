using System.Reflection;
using System.Xml.Linq;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Tests.Architecture;

/// <summary>The house as it stands: its source tree, its assemblies and the aggregates in them.</summary>
public static class House
{
    private const string Prefix = "SSC.Purchasing.";

    /// <summary>The folder of the solution.</summary>
    public static readonly string Root = FindRoot();

    /// <summary>Project name without the common prefix → its project file.</summary>
    public static readonly IReadOnlyDictionary<string, XDocument> Projects = Directory
        .EnumerateFiles(Path.Combine(Root, "src"), "*.csproj", SearchOption.AllDirectories)
        .OrderBy(f => f, StringComparer.Ordinal)
        .ToDictionary(f => Path.GetFileNameWithoutExtension(f)[Prefix.Length..], XDocument.Load, StringComparer.Ordinal);

    /// <summary>Projects that decide: pure, no clock, no chance, no I/O. They say so themselves, with <c>IsModule</c>.</summary>
    public static readonly IReadOnlyList<string> Pure =
        [.. Projects.Where(p => p.Value.Descendants("IsModule").Any(e => e.Value is "true")).Select(p => p.Key)];

    /// <summary>Every assembly of src, by project. A project that the tests do not reference fails here.</summary>
    public static readonly IReadOnlyDictionary<string, Assembly> Assemblies =
        Projects.Keys.ToDictionary(name => name, name => Assembly.Load(Prefix + name), StringComparer.Ordinal);

    /// <summary>Every aggregate of src.</summary>
    public static readonly IReadOnlyList<Aggregate> Aggregates =
        [.. Assemblies.Values.SelectMany(Aggregate.In).OrderBy(a => a.Category, StringComparer.Ordinal)];

    /// <summary>Every event of src, with the upcasters that modules declare in static fields or properties.</summary>
    public static readonly EventCatalogue Catalogue = EventCatalogue.Of(Assemblies.Values, Upcasters());

    /// <summary>Projects that a project refers to.</summary>
    public static IEnumerable<string> ReferencesOf(string project) => Projects[project].Descendants("ProjectReference")
        .Select(r => Path.GetFileNameWithoutExtension(((string)r.Attribute("Include")!).Replace('\\', '/'))[Prefix.Length..]);

    /// <summary>Assemblies of ours that the compiled code of a project uses.</summary>
    public static IEnumerable<string> UsesOf(string project) => Assemblies[project].GetReferencedAssemblies()
        .Select(a => a.Name!).Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)).Select(n => n[Prefix.Length..]);

    /// <summary>C# files written by hand below a folder of the solution, with their lines.</summary>
    public static IEnumerable<(string File, string[] Lines)> SourceFiles(string folder) => Directory
        .EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories)
        .Where(f => !f.Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin" or "Generated"))
        .OrderBy(f => f, StringComparer.Ordinal)
        .Select(f => (Path.GetRelativePath(Root, f), File.ReadAllLines(f)));

    /// <summary>The constructors' closed hierarchy below a base type: every type nested in it that derives from it.</summary>
    public static IReadOnlyList<Type> CasesOf(Type hierarchy) =>
        [.. hierarchy.Assembly.GetTypes().Where(t => t != hierarchy && !t.IsAbstract && hierarchy.IsAssignableFrom(t))
            .OrderBy(t => t.FullName, StringComparer.Ordinal)];

    private static IEnumerable<Upcaster> Upcasters() =>
        from assembly in Assemblies.Values
        from type in assembly.GetTypes()
        where !type.ContainsGenericParameters
        from member in type.GetMembers(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
        let value = member switch
        {
            FieldInfo f when typeof(IEnumerable<Upcaster>).IsAssignableFrom(f.FieldType) && !f.Name.StartsWith('<') => f.GetValue(null),
            PropertyInfo p when typeof(IEnumerable<Upcaster>).IsAssignableFrom(p.PropertyType) => p.GetValue(null),
            _ => null,
        }
        where value is not null
        from upcaster in (IEnumerable<Upcaster>)value
        select upcaster;

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "SSC.Purchasing.sln"))) return folder.FullName;
        }

        throw new InvalidOperationException($"No SSC.Purchasing.sln above {AppContext.BaseDirectory}.");
    }
}

/// <summary>An aggregate found by reflection.</summary>
public sealed record Aggregate(Type Decider, Type Command, Type State, Type Event, string Category)
{
    /// <summary>The aggregates of an assembly.</summary>
    public static IEnumerable<Aggregate> In(Assembly assembly) =>
        from type in assembly.GetTypes()
        where !type.IsAbstract || type.IsSealed
        from face in type.GetInterfaces()
        where face.IsGenericType && face.GetGenericTypeDefinition() == typeof(IDecider<,,>)
        let arguments = face.GetGenericArguments()
        let category = (string)type.GetProperty(nameof(Category), BindingFlags.Static | BindingFlags.Public)!.GetValue(null)!
        select new Aggregate(type, arguments[0], arguments[1], arguments[2], category);

    public override string ToString() => Decider.Name;
}
