using System.Security.Cryptography;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Exchange.Tabular;

/// <summary>
/// Reads a CSV file or an XLSX workbook from anybody: at most <see cref="TableLimits.MaxBytes"/> into memory and no file on disk,
/// the format told by content and not by name. CSV may be UTF-8, or UTF-16 with a byte order mark, separated by comma, semicolon or
/// tab. Of a workbook, the first visible sheet with a recognised header is read.
/// </summary>
/// <remarks>
/// File refusals: <c>file-empty</c>, <c>file-too-large</c>, <c>file-format</c>, <c>file-encoding</c>, <c>file-malformed</c>,
/// <c>file-formula</c>, <c>file-external-link</c>, <c>file-inflates</c>, <c>file-too-many-parts</c>, <c>file-too-many-rows</c>,
/// <c>file-too-many-cells</c>, <c>file-too-wide</c>, <c>header-missing</c>.
/// </remarks>
public static class TableReader
{
    private const int ChunkSize = 64 * 1024;

    /// <summary>Reads a file up to its limits.</summary>
    /// <param name="source">The file, read once from where it stands; not closed.</param>
    /// <param name="isHeader">Recognises the header among the first rows, from their texts.</param>
    /// <param name="limits">How much is read; <see cref="TableLimits.Default"/> when null.</param>
    /// <param name="ct">Cancellation.</param>
    public static async Task<TableOutcome> Read(
        Stream source, Func<IReadOnlyList<string>, bool> isHeader, TableLimits? limits = null, CancellationToken ct = default)
    {
        limits ??= TableLimits.Default;
        try
        {
            return Read(await Buffer(source, limits, ct).ConfigureAwait(false), isHeader, limits, ct);
        }
        catch (UnreadableFileException e)
        {
            return new TableOutcome.Refused(e.Refusal);
        }
    }

    /// <summary>Reads a file that is in memory already, up to its limits.</summary>
    /// <param name="file">The file.</param>
    /// <param name="isHeader">Recognises the header among the first rows, from their texts.</param>
    /// <param name="limits">How much is read; <see cref="TableLimits.Default"/> when null.</param>
    /// <param name="ct">Cancellation.</param>
    public static TableOutcome Read(
        ReadOnlyMemory<byte> file, Func<IReadOnlyList<string>, bool> isHeader, TableLimits? limits = null, CancellationToken ct = default)
    {
        limits ??= TableLimits.Default;
        try
        {
            if (file.IsEmpty) throw new UnreadableFileException("file-empty", "The file is empty.");
            if (file.Length > limits.MaxBytes) throw TooLarge(limits);
            var hash = Convert.ToHexStringLower(SHA256.HashData(file.Span));
            var sheet = FileFormat.Of(file.Span) switch
            {
                FileFormat.Kind.Workbook => XlsxTable.Read(file, isHeader, limits, ct),
                FileFormat.Kind.Text => CsvTable.Read(TextDecoding.Decode(file.Span), isHeader, limits, ct),
                _ => throw new UnreadableFileException("file-format", "Send a CSV file or an unencrypted XLSX workbook."),
            };
            return new TableOutcome.Read(sheet.ToTable(hash));
        }
        catch (UnreadableFileException e)
        {
            return new TableOutcome.Refused(e.Refusal);
        }
    }

    private static UnreadableFileException TooLarge(TableLimits limits) =>
        new("file-too-large", $"Send a file of at most {limits.MaxBytes / (1024 * 1024.0):0.#} MB; split a longer list.");

    private static async Task<ReadOnlyMemory<byte>> Buffer(Stream source, TableLimits limits, CancellationToken ct)
    {
        if (source.CanSeek && source.Length - source.Position > limits.MaxBytes) throw TooLarge(limits);

        // One byte more than allowed is enough to know; the rest of a larger file is never asked for.
        var chunk = new byte[ChunkSize];
        using var buffer = new MemoryStream();
        while (true)
        {
            var wanted = (int)Math.Min(ChunkSize, limits.MaxBytes + 1L - buffer.Length);
            var read = await source.ReadAsync(chunk.AsMemory(0, wanted), ct).ConfigureAwait(false);
            if (read == 0) break;
            buffer.Write(chunk, 0, read);
            if (buffer.Length > limits.MaxBytes) throw TooLarge(limits);
        }

        return buffer.Length == 0
            ? throw new UnreadableFileException("file-empty", "The file is empty.")
            : buffer.GetBuffer().AsMemory(0, (int)buffer.Length);
    }
}

/// <summary>Ends the reading of a file from any depth; never leaves <see cref="TableReader"/>.</summary>
internal sealed class UnreadableFileException(string code, string reason) : Exception(reason)
{
    public Refusal Refusal { get; } = new(code, reason);
}

/// <summary>Tells formats by their first bytes.</summary>
internal static class FileFormat
{
    internal enum Kind
    {
        Text,
        Workbook,
        Other,
    }

    public static Kind Of(ReadOnlySpan<byte> file) =>
        file.StartsWith("PK\u0003\u0004"u8) ? Kind.Workbook
        : file.StartsWith("PK"u8) && file.Length > 3 && file[2] < 9 ? Kind.Other // empty or spanned archive
        : file.StartsWith((ReadOnlySpan<byte>)[0xD0, 0xCF, 0x11, 0xE0]) ? Kind.Other // old .xls, or an encrypted workbook
        : file.StartsWith("%PDF"u8) || file.StartsWith("{\\rtf"u8) || file.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]) ? Kind.Other
        : Kind.Text;
}
