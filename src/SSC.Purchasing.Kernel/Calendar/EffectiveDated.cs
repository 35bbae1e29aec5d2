namespace SSC.Purchasing.Kernel;

/// <summary>One value of a rule and the day it came into force.</summary>
/// <param name="From">First day on which it holds.</param>
/// <param name="Value">The value.</param>
/// <param name="Source">The statute, agreement or resolution it comes from.</param>
public sealed record Effective<T>(DateOnly From, T Value, string Source);

/// <summary>A rule whose value changed over the years. A decision is recomputed with the rule of its day.</summary>
public sealed record EffectiveDated<T>
{
    /// <summary>Makes a table.</summary>
    /// <param name="entries">Strictly ascending by day, at least one.</param>
    /// <exception cref="ArgumentException">Empty, or not ascending.</exception>
    public EffectiveDated(params StructuralList<Effective<T>> entries)
    {
        if (entries.Count == 0) throw new ArgumentException("A rule has at least one value.", nameof(entries));
        for (var i = 1; i < entries.Count; i++)
        {
            if (entries[i].From <= entries[i - 1].From)
                throw new ArgumentException($"{entries[i].From:yyyy-MM-dd} does not follow {entries[i - 1].From:yyyy-MM-dd}.",
                    nameof(entries));
        }

        Entries = entries;
    }

    /// <summary>The values, oldest first.</summary>
    public StructuralList<Effective<T>> Entries { get; }

    /// <summary>The value in force on a day.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The day is before the first value.</exception>
    public T On(DateOnly day) => EntryOn(day) is { } entry
        ? entry.Value
        : throw new ArgumentOutOfRangeException(nameof(day), day, "No value was in force yet.");

    /// <summary>The value in force on a day with its source; null before the first.</summary>
    public Effective<T>? EntryOn(DateOnly day)
    {
        Effective<T>? found = null;
        foreach (var entry in Entries)
        {
            if (entry.From > day) break;
            found = entry;
        }

        return found;
    }
}
