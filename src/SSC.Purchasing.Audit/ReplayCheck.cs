using System.Data.Common;
using System.Runtime.InteropServices;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Audit;

/// <summary>
/// Reads the log from beginning to end and proves it: every stored decision is recomputed from the inputs it names with the rule
/// version it names, every event is readable by today's code and folds into its aggregate, positions and versions have no hole and
/// time never runs backwards. Reads in pages and keeps a bounded number of states, so a log of any length fits into memory.
/// </summary>
public sealed class ReplayCheck(
    IEventStore store, AggregateRegistry aggregates, IReadOnlyCollection<IDecisionCheck> checks, TimeProvider clock)
{
    /// <summary>Events read at once.</summary>
    public const int PageSize = 250;

    /// <summary>Differences, and problems, that a report lists; all are counted.</summary>
    public const int MostListed = 1_000;

    /// <summary>Aggregates whose state is kept; an older one is folded again from its stream when it is needed.</summary>
    public const int MostStates = 20_000;

    /// <summary>Replays.</summary>
    /// <param name="scope">What.</param>
    /// <param name="progress">Called after each page.</param>
    /// <param name="ct">Cancellation.</param>
    /// <exception cref="ArgumentOutOfRangeException">The scope starts below position 1.</exception>
    public async Task<ReplayReport> Run(ReplayScope scope, IProgress<ReplayProgress>? progress = null, CancellationToken ct = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(scope.FromPosition, 1, nameof(scope));
        var started = clock.GetTimestamp();
        var head = (await store.Head(ct).ConfigureAwait(false)).Position;
        var pass = new Pass(store, aggregates, checks, scope, Math.Min(scope.ToPosition ?? head, head));
        while (await pass.NextPage(ct).ConfigureAwait(false)) progress?.Report(pass.Progress);
        progress?.Report(pass.Progress);
        return pass.Report(clock.GetElapsedTime(started));
    }

    /// <summary>Broken infrastructure ends a replay; everything else that is thrown is a finding.</summary>
    private static bool IsFinding(Exception thrown) => thrown is not (
        OperationCanceledException or DbException or IOException or TimeoutException or ExternalException or OutOfMemoryException);

    private sealed class Pass(
        IEventStore store, AggregateRegistry aggregates, IReadOnlyCollection<IDecisionCheck> checks, ReplayScope scope, long to)
    {
        private readonly RecentStates states = new(MostStates);
        private readonly HashSet<(string Tenant, string Stream)> broken = [];
        private readonly HashSet<string> unregistered = new(StringComparer.Ordinal);
        private readonly SortedDictionary<string, (long Decisions, long Differences)> kinds = new(StringComparer.Ordinal);
        private readonly List<ReplayDifference> differences = [];
        private readonly List<ReplayProblem> problems = [];
        private readonly ILookup<string, IDecisionCheck> checksOf =
            checks.SelectMany(c => c.EventTypes, (check, type) => (check, type))
                .ToLookup(c => c.type, c => c.check, StringComparer.Ordinal);

        private long position = scope.FromPosition - 1;
        private DateTimeOffset last = DateTimeOffset.MinValue;
        private long read, folded, decisionCount, differenceCount, problemCount;

        private bool IsDense => scope.Tenant is null && scope.Stream is null;

        public ReplayProgress Progress => new(position, to, read, decisionCount, differenceCount, problemCount);

        public ReplayReport Report(TimeSpan elapsed) => new(
            decisionCount, differenceCount, problemCount, read, folded, scope.FromPosition, to, elapsed,
            [.. kinds.Select(k => new ReplayKind(k.Key, k.Value.Decisions, k.Value.Differences))], differences, problems);

        public async Task<bool> NextPage(CancellationToken ct)
        {
            if (position >= to) return false;
            var filter = new EventFilter { Tenant = scope.Tenant, Stream = scope.Stream, UpToPosition = to };
            var page = await store.ReadAll(position, PageSize, filter, ct).ConfigureAwait(false);
            foreach (var e in page)
            {
                CheckEnvelope(e);
                if (IsReadable(e))
                {
                    await Fold(e, ct).ConfigureAwait(false);
                    foreach (var check in checksOf[e.Type]) await Recompute(check, e, ct).ConfigureAwait(false);
                }

                (position, last) = (e.Position, e.At);
                read++;
            }

            if (page.Count == PageSize) return position < to;
            if (IsDense && position < to) Add(to, string.Empty, "position-gap", $"The log ends at {position} although its head says {to}.");
            position = to;
            return false;
        }

        private void CheckEnvelope(RecordedEvent e)
        {
            if (IsDense && e.Position != position + 1) Add(e, "position-gap", $"Position {position} is followed by {e.Position}.");
            if (e.At < last) Add(e, "time-decreases", $"Recorded at {e.At:O}, after an event recorded at {last:O}.");
        }

        private bool IsReadable(RecordedEvent e)
        {
            try
            {
                _ = e.Fact;
                return true;
            }
            catch (UnknownEventException unknown)
            {
                Add(e, "unknown-event", unknown.Message);
            }
            catch (Exception unreadable) when (IsFinding(unreadable))
            {
                Add(e, "unreadable-event", $"The stored body of {e.Type} does not fit: {unreadable.Message}");
            }

            broken.Add((e.Tenant, e.Stream)); // what follows in this stream cannot be folded, but is still read and recomputed
            return false;
        }

        private async Task Fold(RecordedEvent e, CancellationToken ct)
        {
            if (broken.Contains((e.Tenant, e.Stream))) return;
            if (aggregates.FoldOf(e.Stream) is not { } fold)
            {
                if (unregistered.Add(e.Type))
                    Add(e, "unknown-aggregate", $"No aggregate is registered for {e.Type}; its streams are not folded.");
                return;
            }

            var known = states.Find(e.Tenant, e.Stream)
                ?? (e.Version == 1 ? new Folded(fold.Initial, 0) : await FoldEarlier(fold, e, ct).ConfigureAwait(false));
            if (known is null) return;
            if (known.Version + 1 != e.Version) Add(e, "version-gap", $"Version {known.Version} is followed by {e.Version}.");
            if (Apply(fold, known.State, e) is not { } state) return;
            states.Keep(e.Tenant, e.Stream, new(state, e.Version));
            folded++;
        }

        private async Task<Folded?> FoldEarlier(AggregateFold fold, RecordedEvent e, CancellationToken ct)
        {
            var earlier = await store.ReadStream(e.Tenant, e.Stream, upToVersion: e.Version - 1, ct: ct).ConfigureAwait(false);
            var state = fold.Initial;
            foreach (var before in earlier)
            {
                if (Apply(fold, state, before) is not { } next) return null;
                state = next;
            }

            return new(state, earlier.Count == 0 ? 0 : earlier[^1].Version);
        }

        private object? Apply(AggregateFold fold, object state, RecordedEvent e)
        {
            try
            {
                return fold.Apply(state, e);
            }
            catch (Exception corrupt) when (IsFinding(corrupt))
            {
                broken.Add((e.Tenant, e.Stream));
                Add(e, "corrupt-history", $"{e.Type} cannot follow version {e.Version - 1} of a {fold.Category}: {corrupt.Message}");
                return null;
            }
        }

        private async Task Recompute(IDecisionCheck check, RecordedEvent e, CancellationToken ct)
        {
            IReadOnlyList<RecomputedDecision> results;
            try
            {
                results = await check.Recompute(e, store, ct).ConfigureAwait(false);
            }
            catch (Exception impossible) when (IsFinding(impossible))
            {
                Add(e, "decision-not-recomputed", $"{e.Type} cannot be recomputed: {impossible.Message}");
                return;
            }

            foreach (var result in results)
            {
                var count = kinds.GetValueOrDefault(result.Kind);
                kinds[result.Kind] = (count.Decisions + 1, count.Differences + (result.Agrees ? 0 : 1));
                decisionCount++;
                if (result.Agrees) continue;
                if (differenceCount++ >= MostListed) continue;
                differences.Add(new(
                    e.Position, e.Stream, e.Type, result.Kind, result.Subject, result.RuleVersion, result.Stored, result.Recomputed));
            }
        }

        private void Add(RecordedEvent e, string code, string detail) => Add(e.Position, e.Stream, code, detail);

        private void Add(long at, string stream, string code, string detail)
        {
            if (problemCount++ < MostListed) problems.Add(new(at, stream, code, detail));
        }
    }

    private sealed record Folded(object State, long Version);

    /// <summary>The states used last: two halves, of which the older is dropped when the younger is full.</summary>
    private sealed class RecentStates(int capacity)
    {
        private Dictionary<(string Tenant, string Stream), Folded> younger = [], older = [];

        public Folded? Find(string tenant, string stream) =>
            younger.TryGetValue((tenant, stream), out var state) || older.TryGetValue((tenant, stream), out state) ? state : null;

        public void Keep(string tenant, string stream, Folded state)
        {
            if (younger.Count >= capacity / 2 && !younger.ContainsKey((tenant, stream))) (older, younger) = (younger, []);
            younger[(tenant, stream)] = state;
        }
    }
}
