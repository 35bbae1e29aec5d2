using System.Collections.Frozen;

namespace SSC.Purchasing.Exchange.Ubl.Rules;

/// <summary>The code lists that Peppol's transactions restrict values to, as of release 3 of May 2025 (<c>Data/codes.txt</c>).</summary>
public static class CodeLists
{
    private static readonly FrozenDictionary<string, FrozenSet<string>> Lists = Load();

    /// <summary>True when a list holds a code; a list that is not known holds none.</summary>
    /// <param name="list">Name of the list, e.g. <c>EAS</c>, <c>REC20</c>, <c>UNCL7161</c>.</param>
    /// <param name="code">The code, exact.</param>
    public static bool Has(string list, string code) => Lists.TryGetValue(list, out var codes) && codes.Contains(code);

    private static FrozenDictionary<string, FrozenSet<string>> Load()
    {
        var lists = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        var current = new List<string>();
        foreach (var line in RuleData.Lines("codes.txt"))
        {
            if (line.StartsWith(' ')) current.AddRange(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
            else lists[line] = current = [];
        }

        return lists.ToFrozenDictionary(l => l.Key, l => l.Value.ToFrozenSet(StringComparer.Ordinal), StringComparer.Ordinal);
    }
}

/// <summary>The tables of facts beside this code, carried in the assembly.</summary>
internal static class RuleData
{
    public static IEnumerable<string> Lines(string file)
    {
        var assembly = typeof(RuleData).Assembly;
        using var stream = assembly.GetManifestResourceStream($"{typeof(RuleData).Namespace}.Data.{file}")
            ?? throw new InvalidOperationException($"{file} is not in the assembly.");
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0) yield return line;
        }
    }
}
