using System.Diagnostics;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Procurement.VendorDocuments;

/// <summary>What a vendor's document is.</summary>
public enum VendorDocumentKind
{
    /// <summary>An answer to an order.</summary>
    Response,

    /// <summary>Goods on their way.</summary>
    Despatch,

    /// <summary>An invoice or a credit memo.</summary>
    Invoice,
}

/// <summary>One document in what was received; an X12 interchange may hold several.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="DocumentId">The vendor's number of it, at most 100 characters.</param>
/// <param name="OrderNumber">Number of the purchase order it names, at most 100 characters.</param>
public sealed record DocumentPart(VendorDocumentKind Kind, string DocumentId, string OrderNumber);

/// <summary>Why something received could not be read.</summary>
/// <param name="Code">Stable code, e.g. <c>document-malformed</c>.</param>
/// <param name="Message">One sentence, at most 500 characters.</param>
/// <param name="At">Where, at most 200 characters; null for the whole.</param>
public sealed record DocumentFlaw(string Code, string Message, string? At = null);

/// <summary>What was received. The bytes are kept beside the log under <paramref name="Sha256"/>.</summary>
/// <param name="Vendor">Who sent it, known by its key.</param>
/// <param name="Sha256">Of the bytes, lower-case hexadecimal.</param>
/// <param name="Format">Format it was read as, e.g. <c>x12</c>.</param>
/// <param name="MediaType">As it was sent.</param>
/// <param name="Bytes">How many there are.</param>
/// <param name="Parts">The documents in it; none when it could not be read.</param>
/// <param name="Flaws">Why it could not be read; none when it could, at most 100.</param>
public sealed record DocumentReceipt(
    VendorId Vendor, string Sha256, string Format, string MediaType, int Bytes, StructuralList<DocumentPart> Parts,
    StructuralList<DocumentFlaw> Flaws);

/// <summary>What became of one document.</summary>
public enum PartStanding
{
    /// <summary>Not handled yet.</summary>
    Open,

    /// <summary>It has had its effect, now or by an earlier copy.</summary>
    Applied,

    /// <summary>It has none: the sender was told why.</summary>
    Refused,

    /// <summary>It has none yet: somebody has to look at it.</summary>
    Exception,

    /// <summary>Somebody has looked at an exception and dealt with it otherwise.</summary>
    Resolved,
}

/// <summary>What became of one document, and why.</summary>
public sealed record PartOutcome(PartStanding Standing, string? Code = null, string? Reason = null);

/// <summary>
/// Something a vendor sent, from its receipt to what became of each document in it. Stream <c>received-document-{VendorId}:{SHA-256}</c>:
/// the same bytes from the same vendor are the same thing received again. A document is applied whole or not at all.
/// </summary>
public sealed class ReceivedDocument : IDecider<ReceivedDocument.Command, ReceivedDocument.State, ReceivedDocument.Event>
{
    /// <summary>What can be asked. Any of them but <see cref="Receive"/> before it: <c>document-unknown</c>.</summary>
    public abstract record Command
    {
        private Command()
        {
        }

        /// <summary>It arrived. <c>document-receipt-invalid</c>.</summary>
        public sealed record Receive(DocumentReceipt Receipt) : Command;

        /// <summary>
        /// A document, counted from 1, had its effect, or a copy of it had before. <c>document-part-unknown</c>,
        /// <c>document-part-settled</c>.
        /// </summary>
        public sealed record RecordApplied(int Part, bool ByEarlierCopy) : Command;

        /// <summary>A document was refused. As <see cref="RecordApplied"/>, and <c>outcome-invalid</c>.</summary>
        public sealed record RecordRefused(int Part, string Code, string Reason) : Command;

        /// <summary>A document needs a person. As <see cref="RecordRefused"/>.</summary>
        public sealed record RecordException(int Part, string Code, string Reason) : Command;

        /// <summary>An exception was dealt with: how, in words. <c>document-not-an-exception</c>, <c>outcome-invalid</c>.</summary>
        public sealed record Resolve(int Part, string How) : Command;
    }

    /// <summary>What has happened.</summary>
    public abstract record Event
    {
        private Event()
        {
        }

        /// <summary>It arrived.</summary>
        [EventAlias("vendor_document_received")]
        public sealed record Received(DocumentReceipt Receipt) : Event;

        /// <summary>A document had its effect.</summary>
        [EventAlias("vendor_document_applied")]
        public sealed record Applied(int Part, bool ByEarlierCopy) : Event;

        /// <summary>A document was refused.</summary>
        [EventAlias("vendor_document_refused")]
        public sealed record Refused(int Part, string Code, string Reason) : Event;

        /// <summary>A document needs a person.</summary>
        [EventAlias("vendor_document_exception_raised")]
        public sealed record ExceptionRaised(int Part, string Code, string Reason) : Event;

        /// <summary>An exception was dealt with.</summary>
        [EventAlias("vendor_document_exception_resolved")]
        public sealed record ExceptionResolved(int Part, string How) : Event;
    }

    /// <summary>Where it stands.</summary>
    public abstract record State
    {
        private State()
        {
        }

        /// <summary>Never received.</summary>
        public sealed record Absent : State;

        /// <summary>Received, and could not be read.</summary>
        public sealed record Unreadable(DocumentReceipt Receipt) : State;

        /// <summary>Received and read; outcomes by part, from 1.</summary>
        public sealed record Readable(DocumentReceipt Receipt, StructuralMap<int, PartOutcome> Outcomes) : State;
    }

    /// <inheritdoc/>
    public static string Category => "received-document";

    /// <inheritdoc/>
    public static State Initial { get; } = new State.Absent();

    /// <summary>The key of what a vendor sent.</summary>
    public static string Key(VendorId vendor, string sha256) => $"{vendor}:{sha256}";

    /// <inheritdoc/>
    public static Decision<Event> Decide(Command command, State state) => (command, state) switch
    {
        (Command.Receive c, State.Absent) => FlawOf(c.Receipt) is { } flaw ? flaw : new Event.Received(c.Receipt),
        (Command.Receive, _) => Nothing, // the same bytes again
        (_, State.Absent) => new Refusal("document-unknown", "Nothing of this kind was received; send it first."),
        (Command.RecordApplied c, State.Readable s) =>
            Settle(s, c.Part, PartStanding.Applied) ?? new Event.Applied(c.Part, c.ByEarlierCopy),
        (Command.RecordRefused c, State.Readable s) => Settle(s, c.Part, PartStanding.Refused)
            ?? (WordsOf(c.Code, c.Reason) is { } no ? no : new Event.Refused(c.Part, c.Code, c.Reason)),
        (Command.RecordException c, State.Readable s) => Settle(s, c.Part, PartStanding.Exception)
            ?? (WordsOf(c.Code, c.Reason) is { } no ? no : new Event.ExceptionRaised(c.Part, c.Code, c.Reason)),
        (Command.Resolve c, State.Readable s) => Resolve(c, s),
        (_, State.Unreadable) => PartUnknown,
        _ => throw new UnreachableException($"{command} has no answer in {state}"),
    };

    /// <inheritdoc/>
    public static State Evolve(State state, Event fact) => (state, fact) switch
    {
        (State.Absent, Event.Received { Receipt.Parts.Count: 0 } e) => new State.Unreadable(e.Receipt),
        (State.Absent, Event.Received e) => new State.Readable(e.Receipt, StandingsOf(e.Receipt)),
        (State.Readable s, not Event.Received) => s with { Outcomes = After(s.Outcomes, fact) },
        _ => throw new UnreachableException($"{fact} cannot follow {state}"),
    };

    /// <summary>Every part open.</summary>
    internal static StructuralMap<int, PartOutcome> StandingsOf(DocumentReceipt receipt) =>
        Enumerable.Range(1, receipt.Parts.Count).ToStructuralMap(no => no, _ => new PartOutcome(PartStanding.Open));

    /// <summary>Outcomes after a fact that follows the receipt.</summary>
    internal static StructuralMap<int, PartOutcome> After(StructuralMap<int, PartOutcome> outcomes, Event fact) => fact switch
    {
        Event.Applied e => outcomes.Set(e.Part, new(PartStanding.Applied)),
        Event.Refused e => outcomes.Set(e.Part, new(PartStanding.Refused, e.Code, e.Reason)),
        Event.ExceptionRaised e => outcomes.Set(e.Part, new(PartStanding.Exception, e.Code, e.Reason)),
        Event.ExceptionResolved e => outcomes.Set(e.Part, outcomes[e.Part] with { Standing = PartStanding.Resolved, Reason = e.How }),
        _ => outcomes,
    };

    private const int MaxParts = 1_000;
    private const int MaxFlaws = 100;
    private const int MaxText = 500;
    private static readonly Decision<Event> Nothing = new Decision<Event>.Accepted();

    private static readonly Refusal PartUnknown = new("document-part-unknown", "It holds no such document; count its documents from 1.");

    /// <summary>What is answered instead of a new fact: unknown, the same outcome again, or another one; null to go on.</summary>
    private static Decision<Event>? Settle(State.Readable s, int part, PartStanding wanted)
    {
        if (!s.Outcomes.TryGetValue(part, out var outcome)) return PartUnknown;
        if (outcome.Standing == PartStanding.Open) return null;
        return outcome.Standing == wanted
            ? Nothing
            : new Refusal("document-part-settled", $"The document is {outcome.Standing} already; that stands.");
    }

    private static Decision<Event> Resolve(Command.Resolve c, State.Readable s) =>
        !s.Outcomes.TryGetValue(c.Part, out var outcome) ? PartUnknown
        : outcome.Standing == PartStanding.Resolved ? Nothing
        : outcome.Standing != PartStanding.Exception
            ? new Refusal("document-not-an-exception", "Nobody has to deal with this document.")
        : PlainText.IsWellFormed(c.How, MaxText) ? new Event.ExceptionResolved(c.Part, c.How)
        : new Refusal("outcome-invalid", $"Say how it was dealt with in 1 to {MaxText} printable characters.");

    private static Refusal? WordsOf(string code, string reason) =>
        Id.IsWellFormed(code) && PlainText.IsWellFormed(reason, MaxText)
            ? null
            : new("outcome-invalid", $"Give a code and a reason of 1 to {MaxText} printable characters.");

    private static Refusal? FlawOf(DocumentReceipt receipt) =>
        Id.IsWellFormed(receipt.Vendor.Value) && PlainText.IsSha256(receipt.Sha256) && Id.IsWellFormed(receipt.Format)
        && PlainText.IsWellFormed(receipt.MediaType, 100) && receipt.Bytes > 0
        && (receipt.Parts.Count == 0) == (receipt.Flaws.Count > 0)
        && receipt.Parts.Count <= MaxParts && receipt.Flaws.Count <= MaxFlaws
        && receipt.Parts.All(p => PlainText.IsWellFormed(p.DocumentId, 100) && PlainText.IsWellFormed(p.OrderNumber, 100))
        && receipt.Flaws.All(f => Id.IsWellFormed(f.Code) && PlainText.IsWellFormed(f.Message, MaxText)
            && PlainText.IsWellFormedOrAbsent(f.At, 200))
            ? null
            : new("document-receipt-invalid", "Say who sent it, its hash, format and size, and either its documents or its flaws.");
}
