using System.Runtime.CompilerServices;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Audit;

/// <summary>Which events to list. Every part given must hold.</summary>
/// <param name="Tenant">Operator's store.</param>
public sealed record EventSearch(string Tenant)
{
    /// <summary>Largest page.</summary>
    public const int MaxLimit = 1_000;

    /// <summary>Only this stream.</summary>
    public string? Stream { get; init; }

    /// <summary>Only these stored names; null or none for all.</summary>
    public IReadOnlyCollection<string>? Types { get; init; }

    /// <summary>Only this actor.</summary>
    public string? Actor { get; init; }

    /// <summary>Only this correlation id.</summary>
    public string? Correlation { get; init; }

    /// <summary>Recorded at or after.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Recorded before.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>The cursor: only events after this position. Positions never change, so a cursor never goes stale.</summary>
    public long AfterPosition { get; init; }

    /// <summary>Only events at or below this position.</summary>
    public long? UpToPosition { get; init; }

    /// <summary>Events per page, 1–<see cref="MaxLimit"/>.</summary>
    public int Limit { get; init; } = 100;
}

/// <summary>One page of the log.</summary>
/// <param name="Events">In position order.</param>
/// <param name="Next">Cursor of the next page; null when there is none yet.</param>
/// <param name="Head">Last position of the log when the page was read.</param>
public sealed record EventPage(IReadOnlyList<AuditedEvent> Events, long? Next, long Head);

/// <summary>Lists, filters and follows the log.</summary>
public sealed class EventQuery(IEventStore store)
{
    /// <summary>One page. The log is prefix-stable, so pages read at different times fit together.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The limit is out of bounds, or the cursor is negative.</exception>
    public async Task<EventPage> List(EventSearch search, CancellationToken ct = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(search.Limit, 1, nameof(search));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(search.Limit, EventSearch.MaxLimit, nameof(search));
        ArgumentOutOfRangeException.ThrowIfNegative(search.AfterPosition, nameof(search));
        var head = (await store.Head(ct).ConfigureAwait(false)).Position;
        var filter = FilterOf(search, Math.Min(search.UpToPosition ?? head, head));
        var events = await store.ReadAll(search.AfterPosition, search.Limit + 1, filter, ct).ConfigureAwait(false);
        var page = events.Take(search.Limit).Select(AuditedEvent.Of).ToList();
        return new(page, events.Count > search.Limit ? page[^1].Position : null, head);
    }

    /// <summary>
    /// Every matching event after the cursor, then those to come, until cancelled or <see cref="EventSearch.UpToPosition"/> is
    /// passed. Never skips: each round reads up to the head it saw first.
    /// </summary>
    /// <param name="search">What to follow; its limit is the number of events held at once.</param>
    /// <param name="pause">Waits between looks at the log: a delay, or a notification of new events.</param>
    /// <param name="ct">Ends the following.</param>
    public async IAsyncEnumerable<AuditedEvent> Follow(
        EventSearch search, Func<CancellationToken, Task> pause, [EnumeratorCancellation] CancellationToken ct = default)
    {
        var after = search.AfterPosition;
        while (true)
        {
            var page = await List(search with { AfterPosition = after }, ct).ConfigureAwait(false);
            foreach (var e in page.Events) yield return e;
            after = page.Next ?? Math.Max(after, page.Head);
            if (page.Next is not null) continue;
            if (search.UpToPosition <= after) yield break;
            await pause(ct).ConfigureAwait(false);
        }
    }

    private static EventFilter FilterOf(EventSearch search, long upToPosition) => new()
    {
        Tenant = search.Tenant,
        Stream = search.Stream,
        Types = search.Types is { Count: > 0 } types ? types : null,
        Actor = search.Actor,
        CorrelationId = search.Correlation,
        From = search.From,
        Until = search.Until,
        UpToPosition = upToPosition,
    };
}
