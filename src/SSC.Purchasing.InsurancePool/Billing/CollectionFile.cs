using System.Diagnostics;
using SSC.Purchasing.InsurancePool.Rules;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.InsurancePool.Billing;

/// <summary>A collection in a file.</summary>
/// <param name="Trace">Its trace number.</param>
/// <param name="Invoice">Key of the contribution invoice.</param>
/// <param name="Member">Who is debited.</param>
/// <param name="Month">Month that is paid for.</param>
/// <param name="Amount">Amount.</param>
public sealed record CollectionEntry(OpaqueRef Trace, string Invoice, MemberNo Member, CoverageMonth Month, Money Amount);

/// <summary>
/// A file of collections that went to the bank: which ones, when it was made and the hash of its bytes. Stream
/// <c>collection-file-{PoolId}:{file}</c>. The accounts in it are kept nowhere; with the same accounts the same file comes out again, and
/// nothing is debited twice, for an invoice gives each trace number to one file.
/// </summary>
public sealed class CollectionFile : IDecider<CollectionFile.Command, CollectionFile.State, CollectionFile.Event>
{
    private const int MostEntries = 10_000;

    /// <summary>What can be asked of a file.</summary>
    public abstract record Command
    {
        private Command()
        {
        }

        /// <summary>
        /// Make it; the same again changes nothing. <c>ach-empty</c>, <c>file-too-large</c>, <c>file-hash-malformed</c>,
        /// <c>ach-file-differs</c> when the same file would have other bytes.
        /// </summary>
        public sealed record Make(
            PoolId Pool, string Id, StructuralList<CollectionEntry> Entries, DateTimeOffset MadeAt, DateOnly CollectOn, FileHash Hash)
            : Command;

        /// <summary>The bank has credited what it did not return. <c>file-unknown</c>.</summary>
        public sealed record Settle(DateOnly On) : Command;
    }

    /// <summary>What has happened to a file.</summary>
    public abstract record Event
    {
        private Event()
        {
        }

        /// <summary>It was made.</summary>
        [EventAlias("collection_file_made")]
        public sealed record Made(
            PoolId Pool, string Id, StructuralList<CollectionEntry> Entries, Money Total, DateTimeOffset MadeAt, DateOnly CollectOn,
            FileHash Hash) : Event;

        /// <summary>It was settled.</summary>
        [EventAlias("collection_file_settled")]
        public sealed record Settled(DateOnly On) : Event;
    }

    /// <summary>A file.</summary>
    /// <param name="File">What was made; null before.</param>
    /// <param name="SettledOn">Day of the settlement.</param>
    public sealed record State(Event.Made? File, DateOnly? SettledOn);

    /// <inheritdoc/>
    public static string Category => "collection-file";

    /// <inheritdoc/>
    public static State Initial { get; } = new(null, null);

    /// <summary>The key of a file.</summary>
    public static string Key(PoolId pool, string id) => $"{pool}:{id}";

    /// <inheritdoc/>
    public static Decision<Event> Decide(Command command, State state) => (command, state.File) switch
    {
        (Command.Make c, null) => Make(c),
        (Command.Make c, { } file) => c.Hash == file.Hash && c.Entries == file.Entries ? Nothing : new Refusal(
            "ach-file-differs", "The file was made with other accounts or another day; send those, or take another name for a new file."),
        (Command.Settle, null) => new Refusal("file-unknown", "There is no such file; make it first."),
        (Command.Settle c, _) => state.SettledOn is null ? new Event.Settled(c.On) : Nothing,
        _ => throw new UnreachableException($"{command} has no answer in {state}"),
    };

    /// <inheritdoc/>
    public static State Evolve(State state, Event fact) => fact switch
    {
        Event.Made e => new(e, null),
        Event.Settled e => state with { SettledOn = e.On },
        _ => throw new UnreachableException($"{fact} cannot follow {state}"),
    };

    private static readonly Decision<Event> Nothing = new Decision<Event>.Accepted();

    private static Decision<Event> Make(Command.Make c)
    {
        if ((PlainText.CheckId("pool", c.Pool.Value) ?? PlainText.CheckId("file", c.Id) ?? c.Hash.Flaw) is { } no) return no;
        if (c.Entries.Count == 0) return new Refusal("ach-empty", "There is nothing to collect.");
        return c.Entries.Count > MostEntries || c.Entries.Select(e => e.Trace).Distinct().Count() != c.Entries.Count
            ? new Refusal("file-too-large", $"A file has at most {MostEntries} collections, each trace number once.")
            : new Event.Made(c.Pool, c.Id, c.Entries, c.Entries.Select(e => e.Amount).Sum(), c.MadeAt, c.CollectOn, c.Hash);
    }
}
