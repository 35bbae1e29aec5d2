namespace SSC.Purchasing.Kernel;

/// <summary>
/// Recomputes decisions that events have stored (an allocation, a tier, a rate) from the inputs they name, with the rule version
/// they name, so that an auditor can compare. Implemented beside the rule; run by the audit's replay.
/// </summary>
public interface IDecisionCheck
{
    /// <summary>Stored names of the events that carry such a decision.</summary>
    IReadOnlyCollection<string> EventTypes { get; }

    /// <summary>Recomputes what one event decided.</summary>
    Task<IReadOnlyList<RecomputedDecision>> Recompute(RecordedEvent e, IEventStore store, CancellationToken ct);
}

/// <summary>One decision, as stored and as computed again.</summary>
/// <param name="Kind">E.g. <c>case-filling</c>, <c>tier</c>, <c>allocation</c>, <c>split</c>.</param>
/// <param name="Subject">What it is about, e.g. <c>JO-2026-014 line 2</c>.</param>
/// <param name="RuleVersion">Version of the rule that was used both times.</param>
/// <param name="Stored">The stored result, as text.</param>
/// <param name="Recomputed">The result computed again, as text.</param>
public sealed record RecomputedDecision(string Kind, string Subject, int RuleVersion, string Stored, string Recomputed)
{
    /// <summary>True when both are the same.</summary>
    public bool Agrees => string.Equals(Stored, Recomputed, StringComparison.Ordinal);
}
