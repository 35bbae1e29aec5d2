using System.Text.Json;
using System.Text.Json.Nodes;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Host.Api;

/// <summary>A recorded event as auditors see it: the body is exactly what is stored (money as integer cents).</summary>
/// <param name="Position">Position in the log.</param>
/// <param name="Id">Event id.</param>
/// <param name="Stream">Stream.</param>
/// <param name="Version">Version of the stream with this event.</param>
/// <param name="Type">Stored name.</param>
/// <param name="At">When it was recorded, by the database's clock.</param>
/// <param name="Actor">Who; an opaque id.</param>
/// <param name="CorrelationId">The work it belongs to.</param>
/// <param name="CausationId">What led to it.</param>
/// <param name="Data">The body as stored.</param>
public sealed record EventLine(
    long Position, Guid Id, string Stream, long Version, string Type, DateTimeOffset At, string Actor, string CorrelationId,
    string? CausationId, JsonNode Data)
{
    /// <summary>From the store's envelope.</summary>
    public static EventLine Of(RecordedEvent e) => new(
        e.Position, e.Id, e.Stream, e.Version, e.Type, e.At, e.Metadata.Actor, e.Metadata.CorrelationId, e.Metadata.CausationId,
        JsonNode.Parse(e.Data.Span)!);
}
