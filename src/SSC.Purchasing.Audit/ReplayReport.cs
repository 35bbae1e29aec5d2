using System.Globalization;

namespace SSC.Purchasing.Audit;

/// <summary>What to replay; everything unless narrowed.</summary>
public sealed record ReplayScope
{
    /// <summary>The whole log.</summary>
    public static readonly ReplayScope All = new();

    /// <summary>Only this tenant.</summary>
    public string? Tenant { get; init; }

    /// <summary>Only this stream.</summary>
    public string? Stream { get; init; }

    /// <summary>First position, 1 or more.</summary>
    public long FromPosition { get; init; } = 1;

    /// <summary>Last position; null for the end of the log when the replay starts.</summary>
    public long? ToPosition { get; init; }
}

/// <summary>How far a replay has come.</summary>
/// <param name="Position">Position reached.</param>
/// <param name="ToPosition">Position at which it ends.</param>
/// <param name="EventsRead">Events read so far.</param>
/// <param name="Decisions">Decisions recomputed so far.</param>
/// <param name="Differences">Of which came out otherwise.</param>
/// <param name="Problems">Problems found so far.</param>
public sealed record ReplayProgress(long Position, long ToPosition, long EventsRead, long Decisions, long Differences, long Problems);

/// <summary>A stored decision that comes out otherwise today.</summary>
/// <param name="Position">Position of the event that stores it.</param>
/// <param name="Stream">Its stream.</param>
/// <param name="Type">Its stored name.</param>
/// <param name="Kind">E.g. <c>tier</c>.</param>
/// <param name="Subject">What it is about.</param>
/// <param name="RuleVersion">Rule version used both times.</param>
/// <param name="Stored">The stored result.</param>
/// <param name="Recomputed">The result computed again.</param>
public sealed record ReplayDifference(
    long Position, string Stream, string Type, string Kind, string Subject, int RuleVersion, string Stored, string Recomputed);

/// <summary>Something in the log that is not as it must be.</summary>
/// <param name="Position">Position of the event concerned.</param>
/// <param name="Stream">Its stream.</param>
/// <param name="Code">
/// <c>unknown-event</c> (written by a newer version), <c>unreadable-event</c> (body does not fit its type), <c>unknown-aggregate</c>
/// (no fold registered), <c>corrupt-history</c> (the event cannot follow what came before), <c>decision-not-recomputed</c> (its inputs or
/// rule version are not to be had), <c>position-gap</c>, <c>version-gap</c>, <c>time-decreases</c> (the store's promises G3 to G5
/// are broken).
/// </param>
/// <param name="Detail">One sentence for a person.</param>
public sealed record ReplayProblem(long Position, string Stream, string Code, string Detail);

/// <summary>Decisions of one kind.</summary>
public sealed record ReplayKind(string Kind, long Decisions, long Differences);

/// <summary>What a replay found. The counts are exact; of differences and problems the first ones are listed.</summary>
/// <param name="Decisions">Decisions recomputed.</param>
/// <param name="Differences">Of which came out otherwise.</param>
/// <param name="Problems">Problems found.</param>
/// <param name="EventsRead">Events read.</param>
/// <param name="EventsFolded">Events folded into their aggregates.</param>
/// <param name="FromPosition">First position looked at.</param>
/// <param name="ToPosition">Last position looked at.</param>
/// <param name="Elapsed">Time it took.</param>
/// <param name="Kinds">Counts by kind, in ordinal order.</param>
/// <param name="FirstDifferences">At most <see cref="ReplayCheck.MostListed"/>, by position.</param>
/// <param name="FirstProblems">At most <see cref="ReplayCheck.MostListed"/>, by position.</param>
public sealed record ReplayReport(
    long Decisions,
    long Differences,
    long Problems,
    long EventsRead,
    long EventsFolded,
    long FromPosition,
    long ToPosition,
    TimeSpan Elapsed,
    IReadOnlyList<ReplayKind> Kinds,
    IReadOnlyList<ReplayDifference> FirstDifferences,
    IReadOnlyList<ReplayProblem> FirstProblems)
{
    /// <summary>True when every decision came out again and nothing else is wrong.</summary>
    public bool IsClean => Differences == 0 && Problems == 0;

    /// <summary>The line to print: <c>N decisions, D differences</c>.</summary>
    public string Summary => string.Create(CultureInfo.InvariantCulture, $"{Decisions} decisions, {Differences} differences");
}
