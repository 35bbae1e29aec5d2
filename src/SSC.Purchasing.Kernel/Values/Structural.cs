using System.Collections;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SSC.Purchasing.Kernel;

/// <summary>
/// An immutable list that equals another with equal items in the same order, so that records holding it compare by value.
/// JSON shape: an array.
/// </summary>
[CollectionBuilder(typeof(StructuralList), nameof(StructuralList.Create))]
[JsonConverter(typeof(StructuralJsonConverterFactory))]
public readonly struct StructuralList<T> : IReadOnlyList<T>, IEquatable<StructuralList<T>>
{
    private readonly ImmutableArray<T> items;

    /// <summary>Wraps an immutable array.</summary>
    public StructuralList(ImmutableArray<T> items) => this.items = items;

    /// <summary>No items.</summary>
    public static StructuralList<T> Empty => default;

    internal ImmutableArray<T> Items => items.IsDefault ? [] : items;

    /// <inheritdoc/>
    public int Count => Items.Length;

    /// <inheritdoc/>
    public T this[int index] => Items[index];

    /// <summary>The same list with one more item at the end.</summary>
    public StructuralList<T> Add(T item) => new(Items.Add(item));

    /// <inheritdoc cref="IEnumerable{T}.GetEnumerator"/>
    public ImmutableArray<T>.Enumerator GetEnumerator() => Items.GetEnumerator();

    IEnumerator<T> IEnumerable<T>.GetEnumerator() => ((IEnumerable<T>)Items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => ((IEnumerable)Items).GetEnumerator();

    /// <inheritdoc/>
    public bool Equals(StructuralList<T> other) => Items.SequenceEqual(other.Items);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is StructuralList<T> other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var item in Items) hash.Add(item);
        return hash.ToHashCode();
    }

    /// <summary>Same items in the same order.</summary>
    public static bool operator ==(StructuralList<T> left, StructuralList<T> right) => left.Equals(right);

    /// <summary>Not the same items in the same order.</summary>
    public static bool operator !=(StructuralList<T> left, StructuralList<T> right) => !left.Equals(right);

    /// <summary>The items, for tests and logs.</summary>
    public override string ToString() => $"[{string.Join(", ", Items)}]";
}

/// <summary>Makes structural lists.</summary>
public static class StructuralList
{
    /// <summary>For collection expressions.</summary>
    public static StructuralList<T> Create<T>(ReadOnlySpan<T> items) => new([.. items]);

    /// <summary>Copies a sequence.</summary>
    public static StructuralList<T> ToStructuralList<T>(this IEnumerable<T> items) => new([.. items]);
}

/// <summary>
/// An immutable map sorted by key that equals another with equal entries. JSON shape: an object; keys are written as property names.
/// </summary>
[JsonConverter(typeof(StructuralJsonConverterFactory))]
public readonly struct StructuralMap<TKey, TValue> : IReadOnlyDictionary<TKey, TValue>, IEquatable<StructuralMap<TKey, TValue>>
    where TKey : notnull
{
    private static readonly ImmutableSortedDictionary<TKey, TValue> None = typeof(TKey) == typeof(string)
        ? ImmutableSortedDictionary.Create<TKey, TValue>((IComparer<TKey>)(object)StringComparer.Ordinal)
        : ImmutableSortedDictionary<TKey, TValue>.Empty;

    private readonly ImmutableSortedDictionary<TKey, TValue>? entries;

    private StructuralMap(ImmutableSortedDictionary<TKey, TValue> entries) => this.entries = entries;

    /// <summary>No entries.</summary>
    public static StructuralMap<TKey, TValue> Empty => default;

    internal ImmutableSortedDictionary<TKey, TValue> Entries => entries ?? None;

    /// <inheritdoc/>
    public int Count => Entries.Count;

    /// <inheritdoc/>
    public IEnumerable<TKey> Keys => Entries.Keys;

    /// <inheritdoc/>
    public IEnumerable<TValue> Values => Entries.Values;

    /// <inheritdoc/>
    public TValue this[TKey key] => Entries[key];

    /// <summary>Copies entries; a repeated key keeps the last value.</summary>
    public static StructuralMap<TKey, TValue> From(IEnumerable<KeyValuePair<TKey, TValue>> entries) => new(None.SetItems(entries));

    /// <summary>The same map with one entry set.</summary>
    public StructuralMap<TKey, TValue> Set(TKey key, TValue value) => new(Entries.SetItem(key, value));

    /// <summary>The same map without the key.</summary>
    public StructuralMap<TKey, TValue> Remove(TKey key) => new(Entries.Remove(key));

    /// <inheritdoc/>
    public bool ContainsKey(TKey key) => Entries.ContainsKey(key);

    /// <inheritdoc/>
    public bool TryGetValue(TKey key, [System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out TValue value) =>
        Entries.TryGetValue(key, out value);

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<TKey, TValue>> GetEnumerator() => Entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => Entries.GetEnumerator();

    /// <inheritdoc/>
    public bool Equals(StructuralMap<TKey, TValue> other) => Entries.SequenceEqual(other.Entries);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is StructuralMap<TKey, TValue> other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var (key, value) in Entries)
        {
            hash.Add(key);
            hash.Add(value);
        }

        return hash.ToHashCode();
    }

    /// <summary>Same entries.</summary>
    public static bool operator ==(StructuralMap<TKey, TValue> left, StructuralMap<TKey, TValue> right) => left.Equals(right);

    /// <summary>Not the same entries.</summary>
    public static bool operator !=(StructuralMap<TKey, TValue> left, StructuralMap<TKey, TValue> right) => !left.Equals(right);

    /// <summary>The entries, for tests and logs.</summary>
    public override string ToString() => $"{{{string.Join(", ", Entries.Select(e => $"{e.Key}: {e.Value}"))}}}";
}

/// <summary>Makes structural maps.</summary>
public static class StructuralMap
{
    /// <summary>Copies a sequence, keyed and valued by two functions.</summary>
    public static StructuralMap<TKey, TValue> ToStructuralMap<T, TKey, TValue>(
        this IEnumerable<T> items, Func<T, TKey> key, Func<T, TValue> value)
        where TKey : notnull =>
        StructuralMap<TKey, TValue>.From(items.Select(i => KeyValuePair.Create(key(i), value(i))));
}

/// <summary>JSON for <see cref="StructuralList{T}"/> (array) and <see cref="StructuralMap{TKey, TValue}"/> (object).</summary>
public sealed class StructuralJsonConverterFactory : JsonConverterFactory
{
    /// <inheritdoc/>
    public override bool CanConvert(Type typeToConvert) => typeToConvert.IsGenericType
        && (typeToConvert.GetGenericTypeDefinition() == typeof(StructuralList<>)
            || typeToConvert.GetGenericTypeDefinition() == typeof(StructuralMap<,>));

    /// <inheritdoc/>
    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options)
    {
        var arguments = typeToConvert.GetGenericArguments();
        var converter = arguments.Length == 1
            ? typeof(ListConverter<>).MakeGenericType(arguments)
            : typeof(MapConverter<,>).MakeGenericType(arguments);
        return (JsonConverter)Activator.CreateInstance(converter, options)!;
    }

    // Inner converters are asked directly: a nested call of the serializer would first scan the whole value for its end.
    private sealed class ListConverter<T>(JsonSerializerOptions options) : JsonConverter<StructuralList<T>>
    {
        private readonly Inner<ImmutableArray<T>> items = new(options);

        public override StructuralList<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            new(items.Read(ref reader));

        public override void Write(Utf8JsonWriter writer, StructuralList<T> value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, value.Items, options);
    }

    private sealed class MapConverter<TKey, TValue>(JsonSerializerOptions options) : JsonConverter<StructuralMap<TKey, TValue>>
        where TKey : notnull
    {
        private readonly Inner<Dictionary<TKey, TValue>> entries = new(options);

        public override StructuralMap<TKey, TValue> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            StructuralMap<TKey, TValue>.From(entries.Read(ref reader)!);

        public override void Write(Utf8JsonWriter writer, StructuralMap<TKey, TValue> value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, value.Entries, options);
    }

    /// <summary>Looked up on first use: a list may hold its own owner's type.</summary>
    private sealed class Inner<T>(JsonSerializerOptions options)
    {
        private JsonConverter<T>? converter;

        public T? Read(ref Utf8JsonReader reader) =>
            (converter ??= (JsonConverter<T>)options.GetConverter(typeof(T))).Read(ref reader, typeof(T), options);
    }
}
