namespace SSC.Purchasing.Kernel;

/// <summary>What a stream's name says.</summary>
public static class StreamKeys
{
    /// <summary>The key in a stream's name when the stream is of a category, else null.</summary>
    public static string? KeyIn(this RecordedEvent e, string category) =>
        e.Stream.Length > category.Length + 1 && e.Stream[category.Length] == '-' && e.Stream.StartsWith(category, StringComparison.Ordinal)
            ? e.Stream[(category.Length + 1)..]
            : null;

    /// <summary>The keys that a read model by aggregate is touched under: the stream's own, when the event is the aggregate's.</summary>
    public static IEnumerable<string> KeysIn<TEvent>(this RecordedEvent e, string category) =>
        e.KeyIn(category) is { } key && e.Fact is TEvent ? [key] : [];
}
