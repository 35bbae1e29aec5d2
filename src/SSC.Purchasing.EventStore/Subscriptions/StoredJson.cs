using System.Text.Json;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.EventStore.Subscriptions;

/// <summary>
/// JSON as events are written, read back from <c>jsonb</c>, which reorders members: a type discriminator may stand anywhere.
/// </summary>
internal static class StoredJson
{
    private static readonly JsonSerializerOptions Options = new(EventCatalogue.Json) { AllowOutOfOrderMetadataProperties = true };

    public static byte[] Write(object value, Type type) => JsonSerializer.SerializeToUtf8Bytes(value, type, Options);

    public static object Read(byte[] json, Type type) =>
        JsonSerializer.Deserialize(json, type, Options) ?? throw new JsonException($"A {type.Name} is stored as null.");

    public static T Read<T>(byte[] json) => (T)Read(json, typeof(T));
}
