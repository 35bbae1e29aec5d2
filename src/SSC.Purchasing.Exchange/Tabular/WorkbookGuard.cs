using System.IO.Compression;
using System.Xml;

namespace SSC.Purchasing.Exchange.Tabular;

/// <summary>
/// Goes through a workbook once before anything believes it: inflates every part through a counter (what an archive says of its own
/// sizes is a claim), bounds the number of parts, the sum, the ratio and the nesting, and lets no document type definition through.
/// </summary>
internal static class WorkbookGuard
{
    private const int ChunkSize = 32 * 1024;

    public static void Check(ReadOnlyMemory<byte> file, TableLimits limits, CancellationToken ct)
    {
        if (CountOf(file.Span, "PK\u0001\u0002"u8) > limits.MaxParts)
        {
            throw new UnreadableFileException(
                "file-too-many-parts", $"The workbook has more than {limits.MaxParts} parts; save the list alone.");
        }

        var budget = new InflationBudget(file.Length, limits);
        using var archive = Open(file);
        foreach (var entry in archive.Entries)
        {
            ct.ThrowIfCancellationRequested();
            using var part = new CountingStream(entry.Open(), budget);
            if (IsXml(entry.FullName)) CheckXml(part, limits);
            else Drain(part);
        }
    }

    /// <summary>How every part is parsed: no document type, nothing resolved.</summary>
    public static XmlReaderSettings XmlSettings() => new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        CloseInput = false,
    };

    /// <summary>True for names whose content has been checked as XML.</summary>
    public static bool IsXml(string name) =>
        name.EndsWith(".xml", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".rels", StringComparison.OrdinalIgnoreCase);

    private static ZipArchive Open(ReadOnlyMemory<byte> file) => new(Streams.Over(file), ZipArchiveMode.Read);

    private static void CheckXml(Stream part, TableLimits limits)
    {
        using var reader = XmlReader.Create(part, XmlSettings());
        while (reader.Read())
        {
            if (reader.Depth > limits.MaxDepth)
                throw new UnreadableFileException("file-malformed", "A part of the workbook is nested too deeply; save it anew.");
        }
    }

    private static void Drain(Stream part)
    {
        var chunk = new byte[ChunkSize];
        while (part.Read(chunk, 0, chunk.Length) > 0)
        {
        }
    }

    private static int CountOf(ReadOnlySpan<byte> file, ReadOnlySpan<byte> mark)
    {
        var count = 0;
        for (var at = file.IndexOf(mark); at >= 0; at = file.IndexOf(mark))
        {
            count++;
            file = file[(at + mark.Length)..];
        }

        return count;
    }
}

/// <summary>Bytes that the parts of one workbook may still inflate to.</summary>
internal sealed class InflationBudget(long fileLength, TableLimits limits)
{
    private readonly long most = Math.Min(limits.MaxInflatedBytes, Math.Max(limits.RatioFreeBytes, fileLength * limits.MaxInflationRatio));

    /// <summary>Bytes inflated so far.</summary>
    public long Spent { get; private set; }

    /// <summary>Takes bytes out of the budget.</summary>
    public void Spend(int bytes)
    {
        Spent += bytes;
        if (Spent > most)
            throw new UnreadableFileException("file-inflates", "The workbook unpacks to far more than a list needs; save the list alone.");
    }
}

/// <summary>Counts what is read through it.</summary>
internal sealed class CountingStream(Stream inner, InflationBudget budget) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var read = inner.Read(buffer);
        budget.Spend(read);
        return read;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }
}

/// <summary>Streams over memory.</summary>
internal static class Streams
{
    /// <summary>A read-only stream over bytes, without a copy.</summary>
    public static MemoryStream Over(ReadOnlyMemory<byte> bytes) =>
        System.Runtime.InteropServices.MemoryMarshal.TryGetArray(bytes, out var segment)
            ? new(segment.Array!, segment.Offset, segment.Count, writable: false)
            : new(bytes.ToArray(), writable: false);
}
