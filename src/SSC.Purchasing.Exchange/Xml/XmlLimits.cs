namespace SSC.Purchasing.Exchange.Xml;

/// <summary>How much of an XML document is read at most; what goes beyond is refused before it costs anything.</summary>
public sealed record XmlLimits
{
    /// <summary>The limits of every document from a vendor.</summary>
    public static XmlLimits Default { get; } = new();

    /// <summary>Longest document, bytes: 10 MB.</summary>
    public int MaxBytes { get; init; } = 10 * 1024 * 1024;

    /// <summary>Deepest nesting of elements. The formats read here need fewer than twenty levels.</summary>
    public int MaxDepth { get; init; } = 64;

    /// <summary>Most elements.</summary>
    public int MaxElements { get; init; } = 400_000;

    /// <summary>Most attributes of one element.</summary>
    public int MaxAttributes { get; init; } = 64;

    /// <summary>Most faults that are named.</summary>
    public int MaxFaults { get; init; } = 100;
}
