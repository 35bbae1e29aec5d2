using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Rules;

namespace SSC.Purchasing.Procurement.PurchaseOrders;

/// <content>What the vendor answers, line by line, and what becomes of it.</content>
public sealed partial class PurchaseOrder
{
    private static Decision<Event> Respond(VendorResponse response, State.Known state)
    {
        var f = state.File;
        if (response.Vendor != f.Document.Vendor) return new Refusal("wrong-vendor", "Only the vendor of an order answers it.");
        if (f.Responses.Contains(response.DocumentId, StringComparer.Ordinal)) return Nothing;
        if (PurchaseOrderRules.Check(response) is { } wrong) return wrong;
        if (state is State.Rejected or State.ReAwarded) return LateAnswer;
        if (IsOver(state) is { } over) return over;
        if (response.Revision is { } revision && revision != f.Revision)
            return new Refusal("response-outdated", $"The order is at revision {f.Revision}; answer that one.");
        if (state is State.Confirmed)
        {
            return response.Code is ResponseCode.AP or ResponseCode.AB
                ? Nothing
                : new Refusal("order-already-confirmed", "The order is confirmed and binds both sides; ask the buyer for a revision.");
        }

        foreach (var answer in response.Lines)
        {
            if (!f.Lines.TryGetValue(answer.Line, out var standing))
                return new Refusal("response-unknown-line", $"The order has no line {answer.Line}; answer lines by their numbers.");
            if (standing.IsSettled())
                return new Refusal("line-settled", $"Line {answer.Line} is {standing.Status}; answer only lines that are open.");
        }

        var recorded = new Event.ResponseRecorded(response, f.Revision);
        return response.Code switch
        {
            ResponseCode.AB => recorded,
            ResponseCode.RE => Accept(recorded, new Event.Rejected(response.Note ?? "rejected by the vendor", BySilence: false)),
            _ => Settle(state, [recorded, .. response.Lines
                .Where(a => PurchaseOrderRules.IsAboveSchedule(a, f.Document.Find(a.Line)!))
                .Select(a => new Event.ChangeRejected(a.Line, "price above schedule", Automatic: true))]),
        };
    }

    private static bool IsDone(Command command, OrderFile f) => command switch
    {
        Command.AcceptChange c => f.Lines.TryGetValue(c.Line, out var line)
            && line is { Status: LineStatus.Accepted, Answer.Code: LineAnswerCode.Propose },
        Command.RejectChange c => f.Lines.TryGetValue(c.Line, out var line) && line.Status == LineStatus.ChangeRejected,
        Command.CancelLine c => f.Lines.TryGetValue(c.Line, out var line) && line.Status == LineStatus.Cancelled,
        _ => false,
    };

    private static Decision<Event> AcceptChange(int line, State.Known state) => Proposal(line, state.File) is { } no
        ? no
        : Settle(state, [new Event.ChangeAccepted(state.File.Lines[line].Agreed(state.File.Document.Find(line)!))]);

    private static Decision<Event> RejectChange(Command.RejectChange c, State.Known state) =>
        Proposal(c.Line, state.File) is { } no ? no
        : !PlainText.IsWellFormed(c.Reason, 500) ? ReasonMissing
        : new Event.ChangeRejected(c.Line, c.Reason, Automatic: false);

    private static Refusal? Proposal(int line, OrderFile f) =>
        !f.Lines.TryGetValue(line, out var standing) ? UnknownLine
        : standing.Status == LineStatus.Proposed ? null
        : new("no-proposal", "The vendor proposes no change of this line; there is nothing to decide.");

    private static Decision<Event> CancelLine(Command.CancelLine c, State.Known state) =>
        !state.File.Lines.TryGetValue(c.Line, out var standing) ? UnknownLine
        : standing.Status == LineStatus.Accepted
            ? new Refusal("line-accepted", "The vendor is bound to this line; revise the order or ask to cancel it.")
        : !PlainText.IsWellFormed(c.Reason, 500) ? ReasonMissing
        : Settle(state, [new Event.LineCancelled(c.Line, c.Reason)]);

    /// <summary>Records facts about lines and, when they settle the last open line, what has become of the order.</summary>
    private static Decision<Event> Settle(State.Known state, IReadOnlyList<Event> facts)
    {
        var after = (State.Known)facts.Aggregate<Event, State>(state, Evolve);
        var f = after.File;
        if (!f.Lines.Values.All(l => l.IsSettled())) return new Decision<Event>.Accepted(facts);
        var (agreed, rejected) = (f.AgreedLines(), f.LinesThatAre(LineStatus.Rejected));
        Event outcome = agreed.Count > 0 ? new Event.Confirmed(f.Revision, agreed, rejected)
            : rejected.Count > 0 ? new Event.Rejected("every line was rejected", BySilence: false)
            : new Event.Cancelled(Money.Zero);
        return after is State.Confirmed && outcome is Event.Confirmed ? new Decision<Event>.Accepted(facts) : Accept([.. facts, outcome]);
    }
}
