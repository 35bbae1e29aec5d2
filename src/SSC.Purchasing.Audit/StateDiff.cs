using System.Text.Json;

namespace SSC.Purchasing.Audit;

/// <summary>How a part of a state changed.</summary>
public enum ChangeKind
{
    /// <summary>It was not there before.</summary>
    Added,

    /// <summary>It is there no longer.</summary>
    Removed,

    /// <summary>It has another value.</summary>
    Changed,

    /// <summary>The same items stand in another order.</summary>
    Reordered,
}

/// <summary>One change.</summary>
/// <param name="Path">Where, e.g. <c>lines.2.shares[member=M-001].allocated</c>; empty for the whole.</param>
/// <param name="Kind">How.</param>
/// <param name="Before">Value before; null when added. When reordered, the items or their keys.</param>
/// <param name="After">Value after; null when removed.</param>
public sealed record StateChange(string Path, ChangeKind Kind, JsonElement? Before, JsonElement? After);

/// <summary>
/// Compares two JSON values by structure. Objects are compared by property. Items of an array are matched by what identifies them
/// (a member, a line number, a line and a site …) where every item has it and it is unique, so that an inserted item is one addition
/// and not a change of all that follow; plain values are matched by value; anything else by index.
/// </summary>
public static class StateDiff
{
    private static readonly string[] Identities =
    [
        "id", "member", "lineNo", "site", "vendor", "item", "account", "order", "contract", "stream", "number", "name", "key", "code",
        "version", "position",
    ];

    /// <summary>The changes from one value to another, in the order of the earlier one; none when they are equal.</summary>
    public static IReadOnlyList<StateChange> Between(JsonElement before, JsonElement after)
    {
        var changes = new List<StateChange>();
        Compare(string.Empty, before, after, changes);
        return changes;
    }

    private static void Compare(string path, JsonElement before, JsonElement after, List<StateChange> changes)
    {
        switch (before.ValueKind, after.ValueKind)
        {
            case (JsonValueKind.Object, JsonValueKind.Object):
                CompareObjects(path, before, after, changes);
                break;
            case (JsonValueKind.Array, JsonValueKind.Array):
                CompareArrays(path, before, after, changes);
                break;
            case var _ when !JsonElement.DeepEquals(before, after):
                changes.Add(new(path, ChangeKind.Changed, before, after));
                break;
        }
    }

    private static void CompareObjects(string path, JsonElement before, JsonElement after, List<StateChange> changes)
    {
        foreach (var property in before.EnumerateObject())
        {
            var inner = Property(path, property.Name);
            if (after.TryGetProperty(property.Name, out var now)) Compare(inner, property.Value, now, changes);
            else changes.Add(new(inner, ChangeKind.Removed, property.Value, null));
        }

        foreach (var property in after.EnumerateObject())
        {
            if (!before.TryGetProperty(property.Name, out _))
                changes.Add(new(Property(path, property.Name), ChangeKind.Added, null, property.Value));
        }
    }

    private static void CompareArrays(string path, JsonElement before, JsonElement after, List<StateChange> changes)
    {
        List<JsonElement> old = [.. before.EnumerateArray()], now = [.. after.EnumerateArray()];
        List<JsonElement> all = [.. old, .. now];
        if (all.TrueForAll(i => i.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array)))
        {
            CompareValues(path, before, after, changes);
        }
        else if (all.TrueForAll(i => i.ValueKind == JsonValueKind.Object) && IdentityOf(old, now) is { } identity)
        {
            CompareKeyed(path, Keyed(old, identity), Keyed(now, identity), changes);
        }
        else
        {
            for (var i = 0; i < Math.Max(old.Count, now.Count); i++)
            {
                var inner = $"{path}[{i}]";
                if (i >= now.Count) changes.Add(new(inner, ChangeKind.Removed, old[i], null));
                else if (i >= old.Count) changes.Add(new(inner, ChangeKind.Added, null, now[i]));
                else Compare(inner, old[i], now[i], changes);
            }
        }
    }

    private static void CompareValues(string path, JsonElement before, JsonElement after, List<StateChange> changes)
    {
        var added = after.EnumerateArray().ToList();
        var removed = new List<JsonElement>();
        foreach (var item in before.EnumerateArray())
        {
            var same = added.FindIndex(a => JsonElement.DeepEquals(a, item));
            if (same < 0) removed.Add(item);
            else added.RemoveAt(same);
        }

        changes.AddRange(removed.Select(r => new StateChange($"{path}[]", ChangeKind.Removed, r, null)));
        changes.AddRange(added.Select(a => new StateChange($"{path}[]", ChangeKind.Added, null, a)));
        if (removed.Count == 0 && added.Count == 0 && !JsonElement.DeepEquals(before, after))
            changes.Add(new(path, ChangeKind.Reordered, before, after));
    }

    private static void CompareKeyed(
        string path, List<(string Key, JsonElement Item)> old, List<(string Key, JsonElement Item)> now, List<StateChange> changes)
    {
        var before = old.ToDictionary(i => i.Key, i => i.Item, StringComparer.Ordinal);
        var after = now.ToDictionary(i => i.Key, i => i.Item, StringComparer.Ordinal);
        foreach (var (key, item) in old)
        {
            if (after.TryGetValue(key, out var other)) Compare($"{path}[{key}]", item, other, changes);
            else changes.Add(new($"{path}[{key}]", ChangeKind.Removed, item, null));
        }

        foreach (var (key, item) in now)
        {
            if (!before.ContainsKey(key)) changes.Add(new($"{path}[{key}]", ChangeKind.Added, null, item));
        }

        string[] stood = [.. old.Select(i => i.Key).Where(after.ContainsKey)];
        string[] stand = [.. now.Select(i => i.Key).Where(before.ContainsKey)];
        if (!stood.SequenceEqual(stand, StringComparer.Ordinal))
        {
            var (was, became) = (JsonSerializer.SerializeToElement(stood), JsonSerializer.SerializeToElement(stand));
            changes.Add(new(path, ChangeKind.Reordered, was, became));
        }
    }

    private static string[]? IdentityOf(List<JsonElement> old, List<JsonElement> now)
    {
        var present = Identities.Where(name => old.Concat(now).All(i => IsIdentity(i, name))).ToList();
        var candidates = present.Select(name => new[] { name })
            .Concat(from a in present from b in present where string.CompareOrdinal(a, b) < 0 select new[] { a, b });
        return candidates.FirstOrDefault(names => AreUnique(old, names) && AreUnique(now, names));
    }

    private static bool IsIdentity(JsonElement item, string name) =>
        item.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String or JsonValueKind.Number;

    private static bool AreUnique(List<JsonElement> items, string[] names) =>
        items.Select(i => KeyOf(i, names)).Distinct(StringComparer.Ordinal).Count() == items.Count;

    private static List<(string Key, JsonElement Item)> Keyed(List<JsonElement> items, string[] names) =>
        [.. items.Select(i => (KeyOf(i, names), i))];

    private static string KeyOf(JsonElement item, string[] names) =>
        string.Join(',', names.Select(name => $"{name}={item.GetProperty(name)}"));

    private static string Property(string path, string name)
    {
        var plain = name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or ':' or '$');
        if (!plain) return $"{path}['{name}']";
        return path.Length == 0 ? name : $"{path}.{name}";
    }
}
