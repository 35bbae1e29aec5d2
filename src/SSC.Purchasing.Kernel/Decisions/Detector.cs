namespace SSC.Purchasing.Kernel;

/// <summary>Something an auditor should look at, with the rule it is measured against.</summary>
/// <param name="Kind">kebab-case, stable, e.g. <c>late-payment</c>.</param>
/// <param name="Rule">Citation of the rule, as it was on the day concerned.</param>
/// <param name="Subject">What it is about, e.g. <c>JO-2026-014, M-001</c>.</param>
/// <param name="Explanation">One sentence with the figures.</param>
/// <param name="Evidence">Events that say so.</param>
public sealed record Finding(string Kind, string Rule, string Subject, string Explanation, StructuralList<Citation> Evidence)
{
    /// <summary>The member concerned, if it is one member.</summary>
    public MemberNo? Member { get; init; }

    /// <summary>What is at stake.</summary>
    public Money? Amount { get; init; }

    /// <summary>The amount of the rule on that day.</summary>
    public Money? Limit { get; init; }
}

/// <summary>
/// Looks for one kind of irregularity in recorded events. Pure: it hears the log in order and says what it found as of a day.
/// Implemented beside the rules; run by the audit.
/// </summary>
public interface IDetector
{
    /// <summary>Stored names it needs to hear.</summary>
    IReadOnlyCollection<string> EventTypes { get; }

    /// <summary>Begins a look at the log.</summary>
    IDetection Begin();
}

/// <summary>One look at the log.</summary>
public interface IDetection
{
    /// <summary>Hears the next event.</summary>
    void Hear(RecordedEvent e);

    /// <summary>What was found, as it stands on a day.</summary>
    IEnumerable<Finding> Findings(DateOnly asOf);
}
