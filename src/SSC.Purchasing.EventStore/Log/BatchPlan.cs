using System.Runtime.InteropServices;
using System.Text.Json;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.EventStore;

/// <summary>A stream of a tenant.</summary>
internal readonly record struct StreamId(string Tenant, string Stream);

/// <summary>An idempotency key of a tenant.</summary>
internal readonly record struct KeyId(string Tenant, string Key);

/// <summary>
/// What is known when a batch is planned. On the fast path these are assumptions, which the database verifies while it writes; on
/// the careful path they were read under the head's lock.
/// </summary>
internal interface IKnownState
{
    /// <summary>True when everything here was read under the lock.</summary>
    bool IsExact { get; }

    /// <summary>The recorded time of this batch, when it is known before writing.</summary>
    DateTimeOffset? Now { get; }

    /// <summary>Recorded time of the log's last event, as far as known.</summary>
    DateTimeOffset LastRecordedAt { get; }

    /// <summary>Whether scripted time is allowed; an assumption allows it.</summary>
    bool IsSeeding { get; }

    /// <summary>The version of a stream; <paramref name="seen"/> is what the caller has seen.</summary>
    long VersionOf(StreamId stream, long seen);

    /// <summary>The first outcome under a key, or null.</summary>
    KeyedOutcome? FirstOutcome(KeyId key);

    /// <summary>The outcome of an append that was sent before and recorded, its answer lost on the way; or null.</summary>
    AppendOutcome.Appended? RecordedBefore(PendingAppend pending);
}

/// <summary>
/// Decides every append of a batch in turn, as if each were alone, and collects the rows to write. Pure: it knows no database, and
/// an append that is refused leaves no trace in what the others see.
/// </summary>
internal sealed class BatchPlan
{
    private readonly IKnownState known;
    private readonly Dictionary<StreamId, StreamPlan> streams = [];
    private readonly Dictionary<KeyId, int> keysHere = [];
    private readonly List<Verdict> verdicts;
    private DateTimeOffset lastTime;

    private BatchPlan(IReadOnlyList<PendingAppend> batch, IKnownState known)
    {
        this.known = known;
        Batch = batch;
        verdicts = new(batch.Count);
        lastTime = known.LastRecordedAt;
        HasScript = batch.Any(p => p.Append.ScriptedAt is not null);
        for (var i = 0; i < batch.Count; i++) verdicts.Add(Judge(batch[i], i));
        foreach (var (id, stream) in streams) stream.Collect(id, this);
    }

    public IReadOnlyList<PendingAppend> Batch { get; }

    /// <summary>True when some append brings its own time.</summary>
    public bool HasScript { get; }

    /// <summary>Earliest bound that the recorded time must stay below.</summary>
    public DateTimeOffset? Before { get; private set; }

    public List<string> UpdateTenants { get; } = [];

    public List<string> UpdateStreams { get; } = [];

    public List<long> UpdateBases { get; } = [];

    public List<long> UpdateVersions { get; } = [];

    public List<string> InsertTenants { get; } = [];

    public List<string> InsertStreams { get; } = [];

    public List<long> InsertVersions { get; } = [];

    public List<string> CheckTenants { get; } = [];

    public List<string> CheckStreams { get; } = [];

    public List<long> CheckVersions { get; } = [];

    public List<string> KeyTenants { get; } = [];

    public List<string> KeyValues { get; } = [];

    public List<byte[]> KeyHashes { get; } = [];

    public List<string> KeyStreams { get; } = [];

    public List<long> KeyVersions { get; } = [];

    public List<int> KeyOffsets { get; } = [];

    public List<DateTimeOffset> KeyTimes { get; } = [];

    public List<string> OutboxTenants { get; } = [];

    public List<OutboxMessage> Outbox { get; } = [];

    public List<int> OutboxOffsets { get; } = [];

    public List<Guid> EventIds { get; } = [];

    public List<string> EventTenants { get; } = [];

    public List<string> EventStreams { get; } = [];

    public List<long> EventVersions { get; } = [];

    public List<string> EventTypes { get; } = [];

    public List<byte[]> EventData { get; } = [];

    public List<string> EventCorrelations { get; } = [];

    public List<string?> EventCausations { get; } = [];

    public List<byte[]> EventHeaders { get; } = [];

    public List<DateTimeOffset> EventTimes { get; } = [];

    /// <summary>True when nothing needs to be written.</summary>
    public bool IsEmpty => EventIds.Count == 0 && KeyValues.Count == 0 && Outbox.Count == 0;

    public static BatchPlan Make(IReadOnlyList<PendingAppend> batch, IKnownState known) => new(batch, known);

    /// <summary>Streams and the versions they have once the plan is written.</summary>
    public IEnumerable<(StreamId Stream, long Version)> VersionsAfter() => streams.Select(s => (s.Key, s.Value.Current));

    /// <summary>The answer to an append once the plan is written.</summary>
    public AppendOutcome Outcome(int index, long basePosition, DateTimeOffset recordedAt)
    {
        var verdict = verdicts[index];
        if (verdict.Answer is { } answer) return answer;
        if (verdict.SameAs is { } first)
        {
            return Outcome(first, basePosition, recordedAt) is AppendOutcome.Appended appended
                ? appended with { Repeated = true }
                : throw new InvalidOperationException("A repetition follows an append that was not recorded.");
        }

        return new AppendOutcome.Appended(
            Batch[index].Append.Stream, verdict.Version, basePosition + verdict.Offset, verdict.Time ?? known.Now ?? recordedAt);
    }

    /// <summary>The events as they stand in the log once the plan is written.</summary>
    public IReadOnlyList<RecordedEvent> Recorded(EventCatalogue catalogue, long basePosition, DateTimeOffset recordedAt)
    {
        var events = new RecordedEvent[EventIds.Count];
        var next = 0;
        for (var i = 0; i < Batch.Count; i++)
        {
            if (verdicts[i] is not { Answer: null, SameAs: null, IsScriptRefused: false }) continue;
            var append = Batch[i].Append;
            foreach (var e in append.Events)
            {
                events[next] = new(catalogue, e.Fact)
                {
                    Position = basePosition + next + 1,
                    Id = e.Id,
                    Tenant = append.Tenant,
                    Stream = append.Stream,
                    Version = EventVersions[next],
                    Type = EventTypes[next],
                    Data = EventData[next],
                    At = HasScript ? EventTimes[next] : recordedAt,
                    Metadata = append.Metadata,
                };
                next++;
            }
        }

        return events;
    }

    private Verdict Judge(PendingAppend pending, int index)
    {
        var append = pending.Append;
        if (pending.MayBeRecorded && known.RecordedBefore(pending) is { } ours) return new() { Answer = ours };
        if (append.Key is { } key && JudgeKey(append, key) is { } repeated) return repeated;

        var id = new StreamId(append.Tenant, append.Stream);
        var stream = Stream(id, append.ExpectedVersion);
        if (stream.Current != append.ExpectedVersion)
            return new() { Answer = new AppendOutcome.VersionConflict(append.Stream, stream.Current) };
        foreach (var condition in append.Conditions)
        {
            var other = Stream(new(append.Tenant, condition.Stream), condition.Version);
            if (other.Current != condition.Version)
                return new() { Answer = new AppendOutcome.ConditionFailed(condition.Stream, other.Current) };
        }

        var time = TimeOf(append);
        if (append.ScriptedAt is not null && !known.IsSeeding) return new() { IsScriptRefused = true };
        if (append.RecordedBefore is { } bound)
        {
            if (time >= bound) return new() { Answer = new AppendOutcome.TooLate(time.Value) };
            if (time is null && (Before is null || bound < Before)) Before = bound;
        }

        return Accept(pending, index, stream, time);
    }

    private Verdict? JudgeKey(Append append, IdempotencyKey key)
    {
        var id = new KeyId(append.Tenant, key.Value);
        if (keysHere.TryGetValue(id, out var first))
        {
            return key.RequestHash.AsSpan().SequenceEqual(Batch[first].Append.Key!.RequestHash)
                ? new() { SameAs = first }
                : new() { Answer = new AppendOutcome.KeyReused(key.Value) };
        }

        return known.FirstOutcome(id) is { } outcome ? new() { Answer = AnswerAgain(outcome, key) } : null;
    }

    /// <summary>The answer to a request whose key has been used.</summary>
    public static AppendOutcome AnswerAgain(KeyedOutcome first, IdempotencyKey key) =>
        first.RequestHash.AsSpan().SequenceEqual(key.RequestHash)
            ? first.Appended with { Repeated = true }
            : new AppendOutcome.KeyReused(key.Value);

    /// <summary>The recorded time, when it is known before writing: never earlier than the one before it.</summary>
    private DateTimeOffset? TimeOf(Append append)
    {
        var time = append.ScriptedAt ?? known.Now;
        return time is { } t ? t < lastTime ? lastTime : t : null;
    }

    private Verdict Accept(PendingAppend pending, int index, StreamPlan stream, DateTimeOffset? time)
    {
        var append = pending.Append;
        if (append.Events.Count > 0)
        {
            var headers = Headers(append.Metadata.Actor);
            for (var i = 0; i < append.Events.Count; i++)
            {
                EventIds.Add(append.Events[i].Id);
                EventTenants.Add(append.Tenant);
                EventStreams.Add(append.Stream);
                EventVersions.Add(++stream.Current);
                EventTypes.Add(pending.Types[i]);
                EventData.Add(pending.Bodies[i]);
                EventCorrelations.Add(append.Metadata.CorrelationId);
                EventCausations.Add(append.Metadata.CausationId);
                EventHeaders.Add(headers);
                if (HasScript) EventTimes.Add(time ?? lastTime);
            }

            if (time is { } recorded) lastTime = recorded;
        }

        var offset = EventIds.Count;
        foreach (var message in append.Outbox)
        {
            OutboxTenants.Add(append.Tenant);
            Outbox.Add(message);
            OutboxOffsets.Add(offset);
        }

        if (append.Key is { } key)
        {
            keysHere.Add(new(append.Tenant, key.Value), index);
            KeyTenants.Add(append.Tenant);
            KeyValues.Add(key.Value);
            KeyHashes.Add(key.RequestHash);
            KeyStreams.Add(append.Stream);
            KeyVersions.Add(stream.Current);
            KeyOffsets.Add(offset);
            if (HasScript) KeyTimes.Add(time ?? lastTime);
        }

        return new() { Version = stream.Current, Offset = offset, Time = HasScript ? time : null };
    }

    /// <summary>Appends whose scripted time is refused because the store is not being seeded.</summary>
    public bool IsScriptRefused(int index) => verdicts[index].IsScriptRefused;

    private StreamPlan Stream(StreamId id, long seen)
    {
        ref var plan = ref CollectionsMarshal.GetValueRefOrAddDefault(streams, id, out var isThere);
        if (!isThere) plan = new(known.VersionOf(id, seen));
        return plan!;
    }

    [ThreadStatic]
    private static string? lastActor;

    [ThreadStatic]
    private static byte[]? lastHeaders;

    /// <summary>Marten's headers column carries who did it; neighbours in a batch often share the actor.</summary>
    private static byte[] Headers(string actor)
    {
        if (lastHeaders is { } again && string.Equals(lastActor, actor, StringComparison.Ordinal)) return again;
        var headers = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string>(StringComparer.Ordinal) { ["actor"] = actor });
        (lastActor, lastHeaders) = (actor, headers);
        return headers;
    }

    private readonly record struct Verdict
    {
        public AppendOutcome? Answer { get; init; }

        public int? SameAs { get; init; }

        public bool IsScriptRefused { get; init; }

        public long Version { get; init; }

        public int Offset { get; init; }

        public DateTimeOffset? Time { get; init; }
    }

    /// <summary>A stream's version before the batch, and as the batch goes on.</summary>
    private sealed class StreamPlan
    {
        private readonly long start;

        public StreamPlan(long start) => Current = this.start = start;

        public long Current { get; set; }

        public void Collect(StreamId id, BatchPlan plan)
        {
            if (Current == start)
            {
                if (plan.known.IsExact) return;
                plan.CheckTenants.Add(id.Tenant);
                plan.CheckStreams.Add(id.Stream);
                plan.CheckVersions.Add(start);
            }
            else if (start == 0)
            {
                plan.InsertTenants.Add(id.Tenant);
                plan.InsertStreams.Add(id.Stream);
                plan.InsertVersions.Add(Current);
            }
            else
            {
                plan.UpdateTenants.Add(id.Tenant);
                plan.UpdateStreams.Add(id.Stream);
                plan.UpdateBases.Add(start);
                plan.UpdateVersions.Add(Current);
            }
        }
    }
}
