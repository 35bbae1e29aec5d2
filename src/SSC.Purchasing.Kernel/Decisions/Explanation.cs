namespace SSC.Purchasing.Kernel;

/// <summary>
/// Answers "why this number" for one kind of figure, from recorded events only, citing them. Implemented beside the rule that made
/// the figure; offered to people through the audit.
/// </summary>
public interface IExplanation
{
    /// <summary>What kind of figure it explains, kebab-case, e.g. <c>joint-order-share</c>.</summary>
    string Kind { get; }

    /// <summary>Names of the parts that say which figure, in order, e.g. <c>order</c>, <c>member</c>, <c>line</c>.</summary>
    IReadOnlyList<string> Parts { get; }

    /// <summary>Explains one figure as it stood at a position.</summary>
    /// <param name="store">The log.</param>
    /// <param name="tenant">Operator's store.</param>
    /// <param name="subject">A text for each of <see cref="Parts"/>.</param>
    /// <param name="asOfPosition">Nothing after this position is looked at.</param>
    /// <param name="ct">Cancellation.</param>
    /// <returns>Null when there is no such figure at that position, or a part is not well-formed.</returns>
    Task<Explanation?> Explain(
        IEventStore store, string tenant, IReadOnlyDictionary<string, string> subject, long asOfPosition, CancellationToken ct);
}

/// <summary>Why a figure is what it is, step by step.</summary>
/// <param name="Subject">What is explained, e.g. <c>JO-2026-014 line 2, M-001</c>.</param>
/// <param name="Answer">The whole in one sentence.</param>
/// <param name="Steps">From the first input to the figure.</param>
public sealed record Explanation(string Subject, string Answer, StructuralList<ExplanationStep> Steps);

/// <summary>One step of an explanation.</summary>
/// <param name="Topic">kebab-case, stable, e.g. <c>case-filling</c>.</param>
/// <param name="Sentences">What happened, for a person.</param>
/// <param name="Figures">The same for a machine, by name.</param>
/// <param name="Citations">Events that say so.</param>
public sealed record ExplanationStep(
    string Topic, StructuralList<string> Sentences, StructuralMap<string, string> Figures, StructuralList<Citation> Citations);

/// <summary>A recorded event, named as evidence.</summary>
/// <param name="Position">Position in the log.</param>
/// <param name="Type">Stored name.</param>
/// <param name="Stream">Stream.</param>
/// <param name="Version">Version within it.</param>
public sealed record Citation(long Position, string Type, string Stream, long Version)
{
    /// <summary>Cites an event.</summary>
    public static Citation Of(RecordedEvent e) => new(e.Position, e.Type, e.Stream, e.Version);
}
