using System.Reflection;
using SSC.Purchasing.Tests.Properties;

namespace SSC.Purchasing.Tests.Architecture;

/// <summary>
/// Draws how an aggregate's state moves, as mermaid, from the runs that its laws are tested with. A state is named by its case in a
/// closed hierarchy, else by its first enumeration (a phase), else by whether it exists.
/// </summary>
public static class StateDiagram
{
    /// <summary>The diagram of an aggregate.</summary>
    public static string Of(Aggregate aggregate, IDeciderWalk walk)
    {
        var initial = aggregate.Decider.GetProperty("Initial", BindingFlags.Static | BindingFlags.Public)!.GetValue(null)!;
        var moves = walk.Walk().SelectMany(step => step.Events)
            .Select(e => (From: NameOf(aggregate, e.Before, initial), To: NameOf(aggregate, e.After, initial), Event: e.Fact.GetType()
                .Name))
            .Distinct()
            .GroupBy(m => (m.From, m.To))
            .Select(g => $"    {g.Key.From} --> {g.Key.To}: {string.Join(", ", g.Select(m => m.Event).Order(StringComparer.Ordinal))}")
            .Order(StringComparer.Ordinal);
        return $"stateDiagram-v2\n    [*] --> {NameOf(aggregate, initial, initial)}\n{string.Join('\n', moves)}\n";
    }

    private static string NameOf(Aggregate aggregate, object state, object initial)
    {
        if (aggregate.State.IsAbstract) return state.GetType().Name;
        var phase = aggregate.State.GetProperties(BindingFlags.Instance | BindingFlags.Public)
            .FirstOrDefault(p => (Nullable.GetUnderlyingType(p.PropertyType) ?? p.PropertyType).IsEnum);
        return phase is not null ? phase.GetValue(state)?.ToString() ?? "None" : state.Equals(initial) ? "Absent" : "Present";
    }
}
