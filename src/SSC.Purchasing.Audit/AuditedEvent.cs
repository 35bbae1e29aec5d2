using System.Text.Json;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Audit;

/// <summary>A recorded event as an auditor sees it: exactly what is stored, with no type of any module.</summary>
/// <param name="Position">1…n over the whole log.</param>
/// <param name="Id">Event id.</param>
/// <param name="At">Database time of recording.</param>
/// <param name="Type">Stored name.</param>
/// <param name="Stream">Stream.</param>
/// <param name="Version">1…n within the stream.</param>
/// <param name="Actor">Opaque id of who caused it.</param>
/// <param name="Correlation">Follows one piece of work.</param>
/// <param name="Causation">The event, timer or request that led to it.</param>
/// <param name="Body">The stored body, unchanged: an old shape is not lifted.</param>
public sealed record AuditedEvent(
    long Position,
    Guid Id,
    DateTimeOffset At,
    string Type,
    string Stream,
    long Version,
    string Actor,
    string Correlation,
    string? Causation,
    JsonElement Body)
{
    /// <summary>The neutral view of a recorded event.</summary>
    /// <exception cref="JsonException">The stored body is not JSON.</exception>
    public static AuditedEvent Of(RecordedEvent e)
    {
        using var body = JsonDocument.Parse(e.Data);
        return new(
            e.Position, e.Id, e.At, e.Type, e.Stream, e.Version, e.Metadata.Actor, e.Metadata.CorrelationId, e.Metadata.CausationId,
            body.RootElement.Clone());
    }
}
