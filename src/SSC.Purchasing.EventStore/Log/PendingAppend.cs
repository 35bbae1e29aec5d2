using System.Buffers;
using System.Diagnostics;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.EventStore;

/// <summary>An append that waits for its answer: checked and serialized on the caller's thread, so that the appender need not.</summary>
internal sealed class PendingAppend : TaskCompletionSource<AppendOutcome>
{
    public const int LongestName = 200;
    private static readonly SearchValues<char> Control =
        SearchValues.Create([.. Enumerable.Range(0, 32).Append(127).Select(c => (char)c)]);

    public PendingAppend(Append append, EventCatalogue catalogue)
        : base(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        Check(append);
        Append = append;
        Types = new string[append.Events.Count];
        Bodies = new byte[append.Events.Count][];
        for (var i = 0; i < Types.Length; i++)
        {
            var fact = append.Events[i].Fact;
            Types[i] = catalogue.AliasOf(fact);
            Bodies[i] = EventCatalogue.Serialize(fact);
            if (HoldsNul(Bodies[i]))
                throw new ArgumentException($"Event {Types[i]} holds the character U+0000, which cannot be stored.", nameof(append));
        }
    }

    public Append Append { get; }

    public string[] Types { get; }

    public byte[][] Bodies { get; }

    public long EnqueuedAt { get; } = Stopwatch.GetTimestamp();

    /// <summary>True once a transaction with it was sent and not answered: it may have been recorded.</summary>
    public bool MayBeRecorded { get; set; }

    public TimeSpan Age => Stopwatch.GetElapsedTime(EnqueuedAt);

    private static void Check(Append append)
    {
        CheckName(append.Tenant, nameof(append.Tenant));
        CheckName(append.Stream, nameof(append.Stream));
        CheckName(append.Metadata.Actor, nameof(append.Metadata.Actor));
        CheckName(append.Metadata.CorrelationId, nameof(append.Metadata.CorrelationId));
        if (append.Metadata.CausationId is { } causation) CheckName(causation, nameof(append.Metadata.CausationId));
        foreach (var condition in append.Conditions) CheckName(condition.Stream, nameof(append.Conditions));
        ArgumentOutOfRangeException.ThrowIfNegative(append.ExpectedVersion, nameof(append));
        foreach (var message in append.Outbox)
        {
            CheckName(message.Id, nameof(append.Outbox));
            CheckName(message.Channel, nameof(append.Outbox));
            CheckName(message.Destination, nameof(append.Outbox));
        }

        if (append.Key is not { } key) return;
        CheckName(key.Value, nameof(append.Key));
        if (key.RequestHash.Length != 32)
            throw new ArgumentException("The request hash of an idempotency key is 32 bytes of SHA-256.", nameof(append));
    }

    private static void CheckName(string name, string what)
    {
        if (name.Length is 0 or > LongestName || name.AsSpan().ContainsAny(Control))
            throw new ArgumentException($"{what} must have 1 to {LongestName} characters and no control characters.", nameof(name));
    }

    /// <summary>
    /// Looks for the escape <c>\u0000</c>, which JSON allows and jsonb does not; a backslash before it is a text that only looks like it.
    /// </summary>
    private static bool HoldsNul(ReadOnlySpan<byte> json)
    {
        var from = 0;
        while (json[from..].IndexOf("\\u0000"u8) is >= 0 and var found)
        {
            var at = from + found;
            var backslashes = 0;
            while (at - backslashes > 0 && json[at - backslashes - 1] == (byte)'\\') backslashes++;
            if (backslashes % 2 == 0) return true;
            from = at + 1;
        }

        return false;
    }
}
