using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace SSC.Purchasing.Host.Api;

/// <summary>A file that somebody sends: in memory up to 64 KB, above that in a temporary file that disappears with it.</summary>
/// <param name="FileName">Its name as sent, for messages only; never a path to open.</param>
/// <param name="MediaType">Its type as sent.</param>
/// <param name="Content">Seekable, at its beginning.</param>
public sealed record Upload(string FileName, string MediaType, Stream Content) : IAsyncDisposable
{
    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Content.DisposeAsync();

    /// <summary>Reads the raw body, or the first file of a multipart form.</summary>
    internal static async Task<Upload> Read(HttpContext http, long limit)
    {
        var type = http.Request.ContentType ?? string.Empty;
        if (!type.StartsWith("multipart/form-data", StringComparison.OrdinalIgnoreCase))
        {
            if (type.Length == 0) throw new BadHttpRequestException("Send text/csv, an xlsx type, or multipart/form-data.", 415);
            return new("body", type, await Buffer(http.Request.Body, limit, http));
        }

        var boundary = MediaTypeHeaderValue.TryParse(type, out var parsed) ? HeaderUtilities.RemoveQuotes(parsed.Boundary).Value : null;
        if (boundary is not { Length: > 0 and <= 128 }) throw new MalformedRequestException("Content-Type",
            "The multipart boundary is missing.");
        var reader = new MultipartReader(boundary, http.Request.Body) { BodyLengthLimit = limit };
        try
        {
            while (await reader.ReadNextSectionAsync(http.RequestAborted) is { } section)
            {
                if (section.GetContentDispositionHeader() is not { } disposition || !disposition.IsFileDisposition()) continue;
                var name = disposition.FileName.Value ?? disposition.FileNameStar.Value ?? "file";
                return new(name, section.ContentType ?? "application/octet-stream", await Buffer(section.Body, limit, http));
            }
        }
        catch (InvalidDataException tooLarge)
        {
            throw new BadHttpRequestException("Too large.", StatusCodes.Status413PayloadTooLarge, tooLarge);
        }
        catch (IOException broken) when (broken is not BadHttpRequestException)
        {
            throw new BadHttpRequestException("The multipart form ends before its last boundary.", StatusCodes.Status400BadRequest, broken);
        }

        throw new MalformedRequestException("file", "The form has no file part.");
    }

    private static async Task<Stream> Buffer(Stream from, long limit, HttpContext http)
    {
        var buffer = new FileBufferingReadStream(from, 64 * 1024, limit, Path.GetTempPath);
        try
        {
            await buffer.DrainAsync(http.RequestAborted);
        }
        catch (IOException tooLarge) when (tooLarge is not BadHttpRequestException && buffer.Length >= limit - (64 * 1024))
        {
            await buffer.DisposeAsync();
            throw new BadHttpRequestException("Too large.", StatusCodes.Status413PayloadTooLarge, tooLarge);
        }

        if (buffer.Length == 0) throw new MalformedRequestException("file", "The file is empty.");
        buffer.Position = 0;
        return buffer;
    }
}
