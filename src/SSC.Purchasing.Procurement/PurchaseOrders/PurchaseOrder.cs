using System.Diagnostics;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Rules;

namespace SSC.Purchasing.Procurement.PurchaseOrders;

/// <summary>
/// The consolidated order to one vendor for one joint order, from its issue to the vendor's answer. Stream
/// <c>purchase-order-{JointOrderId}:{VendorId}</c>. Its revisions are numbered and hashed; whoever sent or answered one can prove which.
/// Commands and events are in <c>PurchaseOrder.Language.cs</c>, what the vendor's answers lead to in <c>PurchaseOrder.Answers.cs</c>.
/// </summary>
public sealed partial class PurchaseOrder : IDecider<PurchaseOrder.Command, PurchaseOrder.State, PurchaseOrder.Event>
{
    /// <summary>Where an order stands.</summary>
    public abstract record State
    {
        private State()
        {
        }

        /// <summary>Never issued.</summary>
        public sealed record Absent : State;

        /// <summary>Issued once; every state below is one of these.</summary>
        public abstract record Known(OrderFile File) : State;

        /// <summary>Issued or revised, and the vendor does not have it yet.</summary>
        public sealed record Issued(OrderFile File) : Known(File);

        /// <summary>The vendor has it, and has not answered (or only acknowledged it).</summary>
        public sealed record Sent(OrderFile File) : Known(File);

        /// <summary>The vendor has answered in part; some line is still open between the two.</summary>
        public sealed record Answered(OrderFile File) : Known(File);

        /// <summary>Every line is settled and at least one will be delivered.</summary>
        public sealed record Confirmed(OrderFile File) : Known(File);

        /// <summary>The vendor will not deliver anything, or said nothing for too long.</summary>
        public sealed record Rejected(OrderFile File, string Reason, bool BySilence) : Known(File);

        /// <summary>Another vendor has the order now.</summary>
        public sealed record ReAwarded(OrderFile File, VendorId To) : Known(File);

        /// <summary>The vendor was asked to let go; <paramref name="Before"/> is where the order stood.</summary>
        public sealed record CancellationRequested(OrderFile File, Known Before) : Known(File);

        /// <summary>Taken back, for a fee if the vendor asked one.</summary>
        public sealed record Cancelled(OrderFile File, Money Fee) : Known(File);

        /// <summary>Delivered and done.</summary>
        public sealed record Closed(OrderFile File) : Known(File);
    }

    /// <inheritdoc/>
    public static string Category => "purchase-order";

    /// <inheritdoc/>
    public static State Initial { get; } = new State.Absent();

    /// <summary>The key of an order.</summary>
    public static string Key(JointOrderId jointOrder, VendorId vendor) => $"{jointOrder}:{vendor}";

    /// <inheritdoc/>
    public static Decision<Event> Decide(Command command, State state) => (command, state) switch
    {
        (Command.Issue c, State.Absent) => PurchaseOrderRules.Check(c.Document) is { } wrong
            ? wrong
            : Stamp(new Event.Issued(c.Document, 1, PurchaseOrderContent.Hash(c.Document, 1)), c.Document),
        (_, State.Absent) => new Refusal("order-not-issued", "There is no such purchase order; issue it first."),
        (_, State.Known s) => Stamp(Judge(command, s), s.File.Document),
        _ => throw new UnreachableException($"{command} has no answer in {state}"),
    };

    /// <inheritdoc/>
    public static State Evolve(State state, Event fact) => (state, fact) switch
    {
        (State.Absent, Event.Issued e) => new State.Issued(OrderFile.Of(e.Document, e.ContentHash)),
        (State.Known s, not Event.Issued) => Move(s with { File = s.File.After(fact) }, fact),
        _ => throw new UnreachableException($"{fact} cannot follow {state}"),
    };

    private static readonly Decision<Event> Nothing = new Decision<Event>.Accepted();

    private static readonly Refusal ReasonMissing = new("reason-missing", "Give the reason in 1 to 500 printable characters.");

    private static readonly Refusal NotSent = new("order-not-sent", "The vendor does not have the order yet; dispatch it first.");

    private static readonly Refusal UnknownLine = new("unknown-line", "The order has no such line; name one of its lines by number.");

    private static readonly Refusal LateAnswer = new(
        "order-re-awarded", "The order was counted as rejected or given to another vendor; a late answer no longer binds anyone.");

    private static State.Known Move(State.Known s, Event fact) => fact switch
    {
        Event.Revised => new State.Issued(s.File),
        Event.ResponseRecorded { Response.Code: ResponseCode.CA } => new State.Answered(s.File),
        Event.Dispatched or Event.ManuallyDispatched or Event.ResponseRecorded => WithVendor(s),
        Event.Confirmed => new State.Confirmed(s.File),
        Event.Rejected e => new State.Rejected(s.File, e.Reason, e.BySilence),
        Event.ReAwarded e => new State.ReAwarded(s.File, e.To),
        Event.CancellationRequested => new State.CancellationRequested(s.File, s),
        Event.CancellationDeclined when s is State.CancellationRequested asked => asked.Before with { File = s.File },
        Event.Cancelled e => new State.Cancelled(s.File, e.Fee),
        Event.Closed => new State.Closed(s.File),
        Event.DispatchFailed or Event.ChangeAccepted or Event.ChangeRejected or Event.LineCancelled => s,
        Event.Reminded or Event.Escalated or Event.BillingSettled or Event.BillingReopened or Event.Resent or Event.PickedUp => s,
        _ => throw new UnreachableException($"{fact} cannot follow {s}"),
    };

    private static State.Known WithVendor(State.Known state) => state is State.Issued s ? new State.Sent(s.File) : state;

    private static Decision<Event> Stamp(Decision<Event> decision, OrderDocument order) => decision is Decision<Event>.Accepted accepted
        ? Accept([.. accepted.Events.Select(e => e with { JointOrder = order.JointOrder, Vendor = order.Vendor })])
        : decision;

    private static Decision<Event> Judge(Command command, State.Known state) => (command, state) switch
    {
        (Command.Issue c, { File: var f }) => SameHash(PurchaseOrderContent.Hash(c.Document, 1), f.Hashes[0])
            ? Nothing
            : new Refusal("order-exists", "This joint order has an order to this vendor; revise that one."),
        (Command.RecordResponse c, _) => Respond(c.Response, state),

        // Late timers, late carriers and repeated clicks are harmless: where the matter is over, there is nothing to record.
        (Command.RecordDispatch or Command.RecordManualDispatch or Command.RecordDispatchFailure, _) => Dispatch(command, state),
        (Command.Resend c, { File.Resends: var resends }) when c.Number <= resends => Nothing,
        (Command.RecordPickUp c, _) => PickUp(c, state.File),
        (Command.Escalate c, State.Confirmed { File: { IsEscalated: false } f }) when f.IsRevisedUnsent() =>
            PlainText.IsWellFormed(c.Reason, 500) ? new Event.Escalated(c.Reason) : ReasonMissing,
        (Command.Remind or Command.Escalate, not (State.Issued or State.Sent or State.Answered)) => Nothing,
        (Command.Remind, State.Issued) => NotSent,
        (Command.Remind c, _) => c.Number > state.File.Reminders ? new Event.Reminded(c.Number) : Nothing,
        (Command.Escalate, { File.IsEscalated: true }) => Nothing,
        (Command.Escalate c, _) => PlainText.IsWellFormed(c.Reason, 500) ? new Event.Escalated(c.Reason) : ReasonMissing,

        (Command.CountAsRejected, State.Rejected) or (Command.Close, State.Closed) => Nothing,
        (Command.CountAsRejected, State.Issued) => NotSent,
        (Command.CountAsRejected, State.Sent) => new Event.Rejected("no answer", BySilence: true),
        (Command.CountAsRejected, State.Answered) => new Refusal("order-answered", "The vendor answered; settle or cancel the open lines."),
        (Command.ReAward c, State.ReAwarded s) when c.To == s.To => Nothing,
        (Command.ReAward c, State.Rejected) => c.To == state.File.Document.Vendor || !Id.IsWellFormed(c.To.Value)
            ? new Refusal("re-award-vendor-invalid", "Give the order to another vendor.")
            : new Event.ReAwarded(c.To),
        (Command.ReAward, State.Issued or State.Sent or State.Answered or State.Confirmed) =>
            new Refusal("order-not-rejected", "The vendor may still deliver; cancel the order or wait for the answer."),

        (Command.RequestCancellation, State.CancellationRequested or State.Cancelled) => Nothing,
        (Command.ConfirmCancellation, State.Cancelled) => Nothing,
        (Command.ConfirmCancellation c, State.CancellationRequested) => c.Fee is { Cents: < 0 or > 100_000_000_000 }
            ? new Refusal("fee-invalid", "A cancellation fee is not negative and at most a billion dollars.")
            : new Event.Cancelled(c.Fee),
        (Command.DeclineCancellation c, State.CancellationRequested) => PlainText.IsWellFormed(c.Reason, 500)
            ? new Event.CancellationDeclined(c.Reason)
            : ReasonMissing,
        (Command.ConfirmCancellation or Command.DeclineCancellation, _) =>
            new Refusal("no-cancellation-requested", "Nobody asked the vendor to cancel this order."),

        (Command.SettleBilling, { File.IsBilled: true }) or (Command.ReopenBilling, { File.IsBilled: false }) => Nothing,
        (Command.SettleBilling c, State.Confirmed) => PlainText.IsWellFormed(c.Evidence, 500)
            ? new Event.BillingSettled(c.Evidence)
            : new Refusal("evidence-missing", "Say where the paid bills can be seen, in 1 to 500 printable characters."),
        (Command.Close, State.Confirmed) => new Event.Closed(),
        (Command.AcceptChange or Command.RejectChange or Command.CancelLine, _) when IsDone(command, state.File) => Nothing,
        _ when IsOver(state) is { } over => over,
        (Command.RequestCancellation c, _) => !PlainText.IsWellFormed(c.Reason, 500) ? ReasonMissing
            : state is State.Issued { File.DispatchedRevision: 0 } ? new Event.Cancelled(Money.Zero)
            : new Event.CancellationRequested(c.Reason),
        (Command.Resend c, { File: var f }) => !Id.IsKey(c.By)
            ? new Refusal("resend-by-missing", "Say by whose id the order is sent again.")
            : new Event.Resent(c.Number, c.By, f.Revision, f.ContentHash),
        (Command.AcceptChange c, _) => AcceptChange(c.Line, state),
        (Command.RejectChange c, _) => RejectChange(c, state),
        (Command.CancelLine c, _) => CancelLine(c, state),
        (Command.Revise c, _) => Revise(c, state),
        (Command.ReopenBilling c, _) => PlainText.IsWellFormed(c.Reason, 500) ? new Event.BillingReopened(c.Reason) : ReasonMissing,
        (Command.SettleBilling, _) => new Refusal("order-not-confirmed", "Only a confirmed order is billed to the end."),
        (Command.Close, _) => new Refusal("order-not-confirmed", "Only a confirmed order is closed; settle it or cancel it."),
        (Command.CountAsRejected, _) => new Refusal("order-already-confirmed", "The vendor has confirmed the order in time."),
        _ => throw new UnreachableException($"{command} has no answer in {state}"),
    };

    private static Refusal? IsOver(State state) => state switch
    {
        State.Rejected => new("order-rejected", "The vendor will not deliver this order; re-award it."),
        State.ReAwarded => LateAnswer,
        State.CancellationRequested => new("cancellation-pending", "The vendor was asked to cancel; record its answer first."),
        State.Cancelled => new("order-cancelled", "The order was cancelled; issue another one."),
        State.Closed => new("order-closed", "The order is closed; nothing about it changes any more."),
        _ => null,
    };

    private static Decision<Event> Dispatch(Command command, State.Known state)
    {
        var f = state.File;
        var hash = command switch
        {
            Command.RecordDispatch c => c.ContentHash ?? "",
            Command.RecordManualDispatch c => c.ContentHash ?? "",
            _ => null,
        };
        if (hash is not null && f.Hashes.Take(f.DispatchedRevision).Contains(hash, StringComparer.Ordinal)) return Nothing;
        if (hash is null && f.DispatchedRevision == f.Revision) return Nothing;
        if (IsOver(state) is { } over) return over;
        if (hash is not null && !SameHash(hash, f.ContentHash))
            return new Refusal("content-hash-mismatch", $"These are not the bytes of revision {f.Revision}; send that one.");
        return command switch
        {
            Command.RecordDispatch c when PlainText.IsWellFormed(c.Channel, 50) && c.Attempt >= 1 =>
                new Event.Dispatched(c.Channel, c.Attempt, f.Revision, f.ContentHash) { Format = c.Format, DocumentHash = c.DocumentHash },
            Command.RecordManualDispatch c when PlainText.IsWellFormed(c.How, 200) && Id.IsKey(c.By) =>
                new Event.ManuallyDispatched(c.How, c.By, f.Revision, f.ContentHash),
            Command.RecordDispatchFailure c when PlainText.IsWellFormed(c.Reason, 500) && c.Attempts >= 1 =>
                c.Attempts > f.FailedAttempts ? new Event.DispatchFailed(c.Reason, c.Attempts, f.Revision) : Nothing,
            _ => new Refusal("dispatch-invalid", "Say how it was sent or why it was not, which attempt it was (from 1), and by whose id."),
        };
    }

    private static Decision<Event> PickUp(Command.RecordPickUp c, OrderFile f) =>
        f.DispatchedRevision == 0 ? NotSent
        : f.PickedUp.Contains(c.ContentHash, StringComparer.Ordinal) ? Nothing
        : f.Hashes.ToList().IndexOf(c.ContentHash) is >= 0 and var at
            ? new Event.PickedUp(at + 1, c.ContentHash)
            : new Refusal("content-hash-mismatch", $"These are not the bytes of a revision of this order; fetch revision {f.Revision}.");

    private static Decision<Event> Revise(Command.Revise c, State.Known state)
    {
        var (f, next, old) = (state.File, c.Document, state.File.Document);
        if (SameHash(PurchaseOrderContent.Hash(next, f.Revision), f.ContentHash)) return Nothing;
        if ((next.Number, next.JointOrder, next.Contract, next.Vendor) != (old.Number, old.JointOrder, old.Contract, old.Vendor))
            return new Refusal("order-identity-fixed", "A revision keeps number, joint order, contract and vendor.");
        if (PurchaseOrderRules.Check(next) is { } wrong) return wrong;
        if (next.Lines.Any(l => old.Find(l.No) is { } before && before.Item == l.Item && l.Price > before.Price))
            return new Refusal("price-above-schedule", "A revision never pays more than the scheduled price that was ordered.");
        if (!PlainText.IsWellFormed(c.Reason, 500)) return ReasonMissing;
        return Settle(state, [new Event.Revised(next, f.Revision + 1, PurchaseOrderContent.Hash(next, f.Revision + 1), c.Reason)]);
    }

    private static bool SameHash(string one, string other) => string.Equals(one, other, StringComparison.Ordinal);

    private static Decision<Event> Accept(params IReadOnlyList<Event> facts) => new Decision<Event>.Accepted(facts);
}
