using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Audit;

/// <summary>An explanation with the events it cites, read from the log.</summary>
/// <param name="AsOfPosition">The position looked at.</param>
/// <param name="Explanation">Why.</param>
/// <param name="Evidence">The cited events as stored, in position order.</param>
/// <param name="Missing">Citations that the log does not bear out; anything here is a fault of the explanation.</param>
public sealed record ExplainedNumber(
    long AsOfPosition, Explanation Explanation, IReadOnlyList<AuditedEvent> Evidence, IReadOnlyList<Citation> Missing);

/// <summary>Why a number is what it is: asks the explanation of its kind, then looks up every event that it cites.</summary>
public sealed class WhyThisNumber(IEventStore store, IEnumerable<IExplanation> explanations)
{
    private readonly Dictionary<string, IExplanation> byKind = explanations.ToDictionary(e => e.Kind, StringComparer.Ordinal);

    /// <summary>The kinds of figure that can be explained, with the parts that name one.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Kinds =>
        byKind.ToDictionary(e => e.Key, e => e.Value.Parts, StringComparer.Ordinal);

    /// <summary>Explains a figure as of a point.</summary>
    /// <param name="tenant">Operator's store.</param>
    /// <param name="kind">One of <see cref="Kinds"/>.</param>
    /// <param name="subject">A text for each part of the kind.</param>
    /// <param name="point">As of when.</param>
    /// <param name="ct">Cancellation.</param>
    /// <returns>Null when the kind is unknown, a part is missing, or there is no such figure at that point.</returns>
    public async Task<ExplainedNumber?> Explain(
        string tenant, string kind, IReadOnlyDictionary<string, string> subject, PointInHistory point, CancellationToken ct = default)
    {
        if (!byKind.TryGetValue(kind, out var explains) || !explains.Parts.All(subject.ContainsKey)) return null;
        var position = await point.Resolve(store, ct).ConfigureAwait(false);
        if (await explains.Explain(store, tenant, subject, position, ct).ConfigureAwait(false) is not { } explanation) return null;
        var cited = explanation.Steps.SelectMany(s => s.Citations).Distinct().ToList();
        var streams = cited.Select(c => c.Stream).Distinct(StringComparer.Ordinal).ToList();
        var events = await store.ReadStreams(tenant, streams, position, ct).ConfigureAwait(false);
        var found = events.Where(e => cited.Contains(Citation.Of(e))).ToList();
        return new(
            position, explanation, [.. found.Select(AuditedEvent.Of)], [.. cited.Except(found.Select(Citation.Of))]);
    }
}
