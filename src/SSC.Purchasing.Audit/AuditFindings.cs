using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Audit;

/// <summary>What the detectors found.</summary>
/// <param name="AsOf">Day on which it stood so (America/Chicago).</param>
/// <param name="ToPosition">Last position looked at.</param>
/// <param name="EventsHeard">Events that any detector wanted.</param>
/// <param name="Findings">By kind and subject.</param>
public sealed record FindingsReport(DateOnly AsOf, long ToPosition, long EventsHeard, IReadOnlyList<Finding> Findings);

/// <summary>Runs the auditor's detectors over the log: reads everything they want up to a position, writes nothing.</summary>
public sealed class AuditFindings(IEventStore store, IReadOnlyList<IDetector> detectors)
{
    private const int PageSize = 1_000;

    /// <summary>What is to be found as of a position.</summary>
    /// <param name="tenant">Operator's store.</param>
    /// <param name="toPosition">Nothing after it is looked at; null for the end of the log.</param>
    /// <param name="asOf">Day to judge by; null for the day of the last event.</param>
    /// <param name="ct">Cancellation.</param>
    public async Task<FindingsReport> Run(string tenant, long? toPosition = null, DateOnly? asOf = null, CancellationToken ct = default)
    {
        var head = await store.Head(ct).ConfigureAwait(false);
        var end = Math.Min(toPosition ?? head.Position, head.Position);
        var looks = detectors.Select(d => (d.EventTypes, Detection: d.Begin())).ToList();
        var wanted = looks.SelectMany(l => l.EventTypes).Distinct(StringComparer.Ordinal).ToList();
        var filter = new EventFilter { Tenant = tenant, Types = wanted, UpToPosition = end };
        var (after, heard, last) = (0L, 0L, DateTimeOffset.MinValue);
        while (await store.ReadAll(after, PageSize, filter, ct).ConfigureAwait(false) is { Count: > 0 } page)
        {
            foreach (var e in page)
            {
                foreach (var (types, detection) in looks)
                {
                    if (types.Contains(e.Type, StringComparer.Ordinal)) detection.Hear(e);
                }

                (after, last) = (e.Position, e.At);
                heard++;
            }
        }

        var day = asOf ?? BusinessCalendar.LocalDate(end == head.Position ? head.RecordedAt : last);
        var findings = looks.SelectMany(l => l.Detection.Findings(day))
            .OrderBy(f => f.Kind, StringComparer.Ordinal).ThenBy(f => f.Subject, StringComparer.Ordinal);
        return new(day, end, heard, [.. findings]);
    }
}
