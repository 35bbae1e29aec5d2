using System.Diagnostics;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Procurement.Receiving;

/// <content>Claims on the vendor, goods on hold, and goods that go back.</content>
public sealed partial class Delivery
{
    private static readonly Refusal DocumentMissing =
        new("credit-document-missing", "Name the vendor's credit memo in 1 to 100 printable characters.");

    private static Decision<Event> JudgeDecision(Command command, DeliveryFile f) => command switch
    {
        Command.AcceptHeld c =>
            Held(c.No, HoldDecision.Accepted, f, held => new Event.HeldAccepted(c.No, held.Kind, held.Line, held.Quantity)),
        Command.ReturnHeld c => Held(c.No, HoldDecision.Returned, f, held => PlainText.IsWellFormed(c.Reason, 500)
            ? new Event.HeldReturned(c.No, held.Kind, held.Line, held.Quantity, c.Reason, c.RedeliverBy)
            : ReasonMissing),
        Command.AnswerClaim or Command.EscalateClaim or Command.ResolveClaim => DecideClaim(command, f),
        Command.AuthorizeReturn c => f.Knows("return", c.Document) ? Nothing : Authorize(c, f),
        Command.RecordReturn c => Returning(c.No, f, (goods, line) =>
            goods.Status != ReturnStatus.Authorized ? Nothing
            : Returnable(line, goods.Quantity) is { } no ? no
            : new Event.GoodsReturned(c.No, c.On)),
        Command.CancelReturn c => Returning(c.No, f, (goods, _) =>
            goods.Status == ReturnStatus.Cancelled ? Nothing
            : goods.Status != ReturnStatus.Authorized ? new Refusal("return-made", "The goods went back already; have them credited.")
            : PlainText.IsWellFormed(c.Reason, 500) ? new Event.ReturnCancelled(c.No, c.Reason) : ReasonMissing),
        Command.CreditReturn c => Returning(c.No, f, (goods, _) =>
            goods.Status == ReturnStatus.Credited ? Nothing
            : goods.Status != ReturnStatus.Returned
                ? new Refusal("return-not-made", "The goods have not gone back; record the return first.")
            : PlainText.IsWellFormed(c.Document, 100) ? new Event.ReturnCredited(c.No, c.Document) : DocumentMissing),
        _ => throw new UnreachableException($"{command} has no answer"),
    };

    private static Decision<Event> Held(int no, HoldDecision decision, DeliveryFile f, Func<HeldGoods, Decision<Event>> decide)
    {
        if (!Exists(no, f.Holds.Count)) return new Refusal("hold-unknown", "No goods are on hold under this number; look at the delivery.");
        var held = f.Holds[no - 1];
        if (held.Decision is null) return decide(held);
        return held.Decision == decision
            ? Nothing
            : new Refusal("hold-decided", $"These goods were {held.Decision} already; claim or return them instead.");
    }

    private static Decision<Event> Returning(int no, DeliveryFile f, Func<GoodsReturn, LineBalance, Decision<Event>> decide) =>
        Exists(no, f.Returns.Count)
            ? decide(f.Returns[no - 1], f.Lines[f.Returns[no - 1].Line])
            : new Refusal("return-unknown", "There is no such return; authorize it first.");

    private static Decision<Event> DecideClaim(Command command, DeliveryFile f)
    {
        var no = command switch
        {
            Command.AnswerClaim c => c.No,
            Command.EscalateClaim c => c.No,
            Command.ResolveClaim c => c.No,
            _ => 0,
        };
        if (!Exists(no, f.Claims.Count)) return new Refusal("claim-unknown", "There is no claim of this number; look at the delivery.");
        var claim = f.Claims[no - 1];
        return command switch
        {
            Command.EscalateClaim => claim is { Answer: null, Resolution: null, IsOverdue: false } ? new Event.ClaimOverdue(no) : Nothing,
            Command.ResolveClaim c when claim.Resolution == c.Resolution => Nothing,
            Command.AnswerClaim c when claim.Answer == c.Answer => Nothing,
            _ when claim.Resolution is { } ended => new Refusal("claim-resolved", $"The claim is {ended} already; open another one."),
            Command.AnswerClaim c => Answer(c, claim),
            Command.ResolveClaim c => Resolve(c, claim),
            _ => throw new UnreachableException($"{command} has no answer"),
        };
    }

    private static Decision<Event> Answer(Command.AnswerClaim c, Claim claim) =>
        claim.Answer == ClaimAnswer.Replacement
            ? new Refusal("claim-replaced", "A replacement was promised and is expected; release its back-order if it will not come.")
        : c is { Answer: ClaimAnswer.Replacement, ReplaceBy: null }
            ? new Refusal("replacement-day-missing", "Say by which day the replacement comes.")
        : !PlainText.IsWellFormedOrAbsent(c.Note, 500) ? ReceivingRules.NoteInvalid
        : new Event.ClaimAnswered(c.No, c.Answer, c.Note, c.Answer == ClaimAnswer.Replacement ? c.ReplaceBy : null);

    private static Decision<Event> Resolve(Command.ResolveClaim c, Claim claim) => c.Resolution switch
    {
        ClaimResolution.Replaced when claim.Answer != ClaimAnswer.Replacement =>
            new Refusal("claim-not-replaced", "The vendor has promised no replacement; record its answer first."),
        ClaimResolution.Withdrawn when claim.Answer == ClaimAnswer.Replacement =>
            new Refusal("claim-replaced", "A replacement was promised; resolve the claim as replaced or credited."),
        ClaimResolution.Credited when !PlainText.IsWellFormed(c.Document, 100) => DocumentMissing,
        _ when !PlainText.IsWellFormedOrAbsent(c.Document, 100) => DocumentMissing,
        _ => new Event.ClaimResolved(c.No, c.Resolution, c.Document),
    };

    private static Decision<Event> Authorize(Command.AuthorizeReturn c, DeliveryFile f)
    {
        if (ReceivingRules.Check(f, c.Document, c.Line, c.Quantity, null) is { } wrong) return wrong;
        var authorized = f.Returns.Where(r => r.Line == c.Line && r.Status == ReturnStatus.Authorized).Select(r => r.Quantity).Sum();
        return Returnable(f.Lines[c.Line], authorized + c.Quantity) is { } no ? no
            : !PlainText.IsWellFormed(c.Reason, 500) ? ReasonMissing
            : new Event.ReturnAuthorized(f.Returns.Count + 1, c.Document, c.Line, c.Quantity, c.Reason);
    }

    private static Refusal? Returnable(LineBalance line, Quantity quantity) => quantity <= line.Accepted + line.Open()
        ? null
        : new("quantity-exceeds-received", $"Only {line.Accepted + line.Open()} units can go back; state no more than that.");

    private static Refusal? Claimable(DeliveryFile f, string document, int line, Quantity quantity, bool concealed, string? note)
    {
        if (ReceivingRules.Check(f, document, line, quantity, note) is { } wrong) return wrong;
        if (!concealed) return Within(f.Lines[line].Open(), quantity);
        var accepted = f.Lines[line].Accepted;
        return quantity <= accepted
            ? null
            : new("quantity-exceeds-received", $"Only {accepted} units of this line were counted as received; claim no more than that.");
    }

    private static bool Exists(int no, int count) => no >= 1 && no <= count;
}
