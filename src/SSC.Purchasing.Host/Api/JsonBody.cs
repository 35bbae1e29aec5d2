using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace SSC.Purchasing.Host.Api;

/// <summary>Reads a JSON body whole and strictly; what is wrong with it becomes a 400 that names the field.</summary>
internal static class JsonBody
{
    public static async ValueTask<T> Read<T>(HttpContext http, JsonTypeInfo<T> type)
    {
        RequireJson(http.Request);
        var reader = http.Request.BodyReader;
        ReadResult read;
        while (!(read = await reader.ReadAsync(http.RequestAborted)).IsCompleted) reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        try
        {
            return Parse(read.Buffer, type);
        }
        finally
        {
            reader.AdvanceTo(read.Buffer.End);
        }
    }

    /// <summary>Reads one JSON value and nothing after it.</summary>
    /// <exception cref="MalformedRequestException">It is not that, and why.</exception>
    public static T Parse<T>(in ReadOnlySequence<byte> json, JsonTypeInfo<T> type)
    {
        if (json.IsEmpty) throw new MalformedRequestException("$", "The body is empty; send a JSON object.");
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 32, AllowMultipleValues = false });
            var value = JsonSerializer.Deserialize(ref reader, type)
                ?? throw new MalformedRequestException("$", "Expected a JSON object, not null.");
            if (reader.Read()) throw new MalformedRequestException("$", "Nothing may follow the JSON object.");
            return value;
        }
        catch (JsonException error)
        {
            throw new MalformedRequestException(EdgeItemException.PathOf(error), Reason(EdgeItemException.CauseOf(error)));
        }
        catch (Exception error) when (error is InvalidOperationException or FormatException or OverflowException or ArgumentException)
        {
            throw new MalformedRequestException("$", "A value has the wrong type or is out of range.");
        }
    }

    private static void RequireJson(HttpRequest request)
    {
        var type = request.ContentType.AsSpan();
        var end = type.IndexOf(';');
        var media = (end < 0 ? type : type[..end]).Trim();
        if (!media.Equals("application/json", StringComparison.OrdinalIgnoreCase))
            throw new BadHttpRequestException("Send Content-Type: application/json.", StatusCodes.Status415UnsupportedMediaType);
    }

    /// <summary>Says what was expected in the caller's words: converters' own sentences stay, the serializer's type names go.</summary>
    internal static string Reason(JsonException error)
    {
        var text = error.Message;
        var cut = text.IndexOf(" Path: ", StringComparison.Ordinal);
        if (cut > 0) text = text[..cut];
        if (text.StartsWith("The JSON property '", StringComparison.Ordinal)) return $"Unknown member {Quoted(text, 1)}.";
        if (text.StartsWith("Duplicate property", StringComparison.Ordinal)) return $"Member {Quoted(text, 1)} is given twice.";
        if (text.Contains("was missing required properties", StringComparison.Ordinal))
            return "Required members are missing: " + text[(text.IndexOf("including: ", StringComparison.Ordinal) + 11)..];
        if (text.Contains("doesn't allow null values", StringComparison.Ordinal) || text.Contains("non-nullable", StringComparison.Ordinal))
            return "null is not allowed here.";
        if (text.StartsWith("The JSON value could not be converted to ", StringComparison.Ordinal)) return Expected(
            text[41..].TrimEnd('.'));
        return error.InnerException is null || text.StartsWith("An id", StringComparison.Ordinal) || error.BytePositionInLine is not null
            ? text
            : "The value is not valid here.";
    }

    private static string Quoted(string text, int from)
    {
        var parts = text.Split('\'');
        return parts.Length > from ? $"'{parts[from]}'" : "of that name";
    }

    private static string Expected(string clrType)
    {
        var name = clrType.Replace("System.Nullable`1[", string.Empty, StringComparison.Ordinal).TrimEnd(']');
        return name[(name.LastIndexOfAny(['.', '+']) + 1)..] switch
        {
            "Int32" or "Int64" or "Int16" or "Byte" => "Expected a whole number in range.",
            "Decimal" or "Double" => "Expected a number.",
            "Boolean" => "Expected true or false.",
            "String" => "Expected a string.",
            "DateOnly" => "Expected a date, e.g. 2026-03-06.",
            "TimeOnly" => "Expected a time of day, e.g. 15:00:00.",
            "Guid" => "Expected a UUID.",
            var array when array.EndsWith("[]", StringComparison.Ordinal) => "Expected an array.",
            _ => "Expected an object.",
        };
    }
}
