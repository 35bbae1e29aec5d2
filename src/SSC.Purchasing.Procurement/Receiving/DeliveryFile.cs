using System.Diagnostics;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Procurement.Receiving;

/// <summary>What is known of a delivery.</summary>
/// <param name="Expectation">What was agreed last.</param>
/// <param name="Lines">Where the units of each order line are, by line number.</param>
public sealed record DeliveryFile(Expectation Expectation, StructuralMap<int, LineBalance> Lines)
{
    /// <summary>Documents recorded, each as <c>kind|number</c>: the same one counts once.</summary>
    public StructuralList<string> Documents { get; init; }

    /// <summary>Despatch advices so far.</summary>
    public int Despatches { get; init; }

    /// <summary>Where despatch advices announced more than may still come.</summary>
    public StructuralList<DespatchFinding> Findings { get; init; }

    /// <summary>Receipts so far.</summary>
    public int Receipts { get; init; }

    /// <summary>Claims, by number from 1.</summary>
    public StructuralList<Claim> Claims { get; init; }

    /// <summary>Goods that waited or wait for a decision, by number from 1.</summary>
    public StructuralList<HeldGoods> Holds { get; init; }

    /// <summary>Returns, by number from 1.</summary>
    public StructuralList<GoodsReturn> Returns { get; init; }

    /// <summary>The last reminder of a missing receipt.</summary>
    public int Reminders { get; init; }

    /// <summary>True when nothing is left to come, to decide, to claim or to credit.</summary>
    public bool IsComplete() =>
        Lines.Values.All(l => l.Open() == Quantity.Zero && l.Held == Quantity.Zero)
        && Holds.All(h => h.Decision is not null) && Claims.All(c => c.Resolution is not null)
        && Returns.All(r => r.Status is ReturnStatus.Credited or ReturnStatus.Cancelled);

    /// <summary>True when anything was said to be sent or has arrived.</summary>
    public bool IsUnderWay() => Despatches > 0 || Receipts > 0 || Lines.Values.Any(l => l.Arrived() + l.Refused > Quantity.Zero);

    /// <summary>Members whose goods these are.</summary>
    public IEnumerable<MemberNo> Members() => Lines.Values.SelectMany(l => l.Expected.Shares).Select(s => s.Member).Distinct().Order();

    /// <summary>The member whose goods all of these are; null when they are several members'.</summary>
    public MemberNo? OnlyMember() => Members().Take(2).ToList() is [var only] ? only : null;

    internal bool Knows(string kind, string? document) => Documents.Contains($"{kind}|{document}", StringComparer.Ordinal);

    internal static DeliveryFile Of(Expectation expectation) => new(expectation, expectation.Lines.ToStructuralMap(l => l.Line, Fresh));

    /// <summary>What is known after a fact that follows the expectation.</summary>
    internal DeliveryFile After(Delivery.Event fact) => fact switch
    {
        Delivery.Event.ExpectationRevised e => Revise(e.Expectation),
        Delivery.Event.Despatched e => Despatch(e),
        Delivery.Event.DespatchExceeded e => this with { Findings = Findings.Add(e.Finding) },
        Delivery.Event.Received e => Receive(e),
        Delivery.Event.ShortageReported e => Noted("shortage", e.Document)
            .Open(new(e.Claim, ClaimKind.Shortage, e.Document, e.Line, e.Quantity) { Note = e.Note })
            .With(e.Line, l => Leave(l, e.Quantity, e.Concealed) with { Short = l.Short + e.Quantity }),
        Delivery.Event.DamageReported e => Noted("damage", e.Document)
            .Open(new(e.Claim, ClaimKind.Damage, e.Document, e.Line, e.Quantity) { Note = e.Note })
            .With(e.Line, l => Leave(l, e.Quantity, e.Concealed) with { Damaged = l.Damaged + e.Quantity }),
        Delivery.Event.WrongSiteReported e => Noted("wrong-site", e.Document)
            .Hold(HoldKind.WrongSite, e.Line, Lines[e.Line].Expected.Item, e.Quantity, e.FoundAt)
            .With(e.Line, l => l.Take(e.Quantity) with { Held = l.Held + e.Quantity }),
        Delivery.Event.GoodsRefused e => Noted("refusal", e.Document)
            .With(e.Line, l => TurnAway(l.Take(e.Quantity), e.Quantity, e.RedeliverBy)),
        Delivery.Event.BackOrdered e => Noted("back-order", e.Document)
            .With(e.Line, l => (l with { Outstanding = l.Outstanding - e.Quantity }).BackOrder(e.Quantity, e.Until)),
        Delivery.Event.BackOrderKept e => With(e.Line, l => l with { BackOrderUntil = e.Until }),
        Delivery.Event.BackOrderReleased e => With(e.Line, l => l.WithBackOrder(l.BackOrdered - e.Quantity, l.BackOrderUntil)
            .WriteOff(e.Quantity) with { Released = l.Released + e.Quantity }),
        Delivery.Event.BackOrderOverdue e => With(e.Line, l => l with { OverdueSince = e.Until }),
        Delivery.Event.Reminded e => this with { Reminders = e.Number },
        Delivery.Event.RestReleased e => Lines.Keys.Where(l => l == (e.Line ?? l)).Aggregate(this, (file, no) => file.With(no, l =>
            l.Take(l.Open()).WriteOff(l.Open()) with { Released = l.Released + l.Open() })),
        _ => AfterDecision(fact),
    };

    private DeliveryFile AfterDecision(Delivery.Event fact) => fact switch
    {
        Delivery.Event.HeldAccepted e => Decided(e.No, HoldDecision.Accepted).With(e.Line, l => e.Kind == HoldKind.Excess
            ? l with { Accepted = l.Accepted + e.Quantity, Surplus = l.Surplus + e.Quantity }
            : l with { Held = l.Held - e.Quantity, Accepted = l.Accepted + e.Quantity }),
        Delivery.Event.HeldReturned e => Decided(e.No, HoldDecision.Returned).With(e.Line, l => e.Kind == HoldKind.Excess
            ? l
            : TurnAway(l with { Held = l.Held - e.Quantity }, e.Quantity, e.RedeliverBy)),
        Delivery.Event.ClaimAnswered e => Answered(e),
        Delivery.Event.ClaimOverdue e => With(Claims[e.Claim - 1] with { IsOverdue = true }),
        Delivery.Event.ClaimResolved e => Resolved(e, Claims[e.Claim - 1]),
        Delivery.Event.ReturnAuthorized e => Noted("return", e.Document) with
        {
            Returns = Returns.Add(new(e.Return, e.Document, e.Line, e.Quantity, ReturnStatus.Authorized)),
        },
        Delivery.Event.GoodsReturned e => With(Returns[e.Return - 1] with { Status = ReturnStatus.Returned })
            .With(Returns[e.Return - 1].Line, l => SendBack(l, Returns[e.Return - 1].Quantity)),
        Delivery.Event.ReturnCancelled e => With(Returns[e.Return - 1] with { Status = ReturnStatus.Cancelled }),
        Delivery.Event.ReturnCredited e => With(Returns[e.Return - 1] with { Status = ReturnStatus.Credited, CreditedBy = e.Document })
            .With(Returns[e.Return - 1].Line, l => l.WriteOff(Returns[e.Return - 1].Quantity)),
        _ => throw new UnreachableException($"{fact} cannot follow an expectation"),
    };

    /// <summary>The next expectation: a line that nothing was said of takes the new quantity, or goes; every other stays.</summary>
    private DeliveryFile Revise(Expectation next)
    {
        bool IsSpokenOf(int line) =>
            (Lines.TryGetValue(line, out var known) && known.IsTouched()) || Returns.Any(r => r.Line == line);
        var kept = Lines.Where(l => IsSpokenOf(l.Key)).Select(l => l.Value)
            .Concat(next.Lines.Where(l => !IsSpokenOf(l.Line)).Select(Fresh));
        return this with { Expectation = next, Lines = kept.ToStructuralMap(l => l.Expected.Line, l => l) };
    }

    private DeliveryFile Despatch(Delivery.Event.Despatched e) => e.Note.Lines.Aggregate(
        Noted("despatch", e.Note.DocumentId) with { Despatches = Despatches + 1 },
        (file, sent) => file.With(sent.OrderLine, l =>
        {
            var next = l with { Despatched = l.Despatched + sent.Quantity, OnTheWay = l.OnTheWay + sent.Quantity };
            if (sent.BackOrdered is not { } later) return next;
            return (next with { Outstanding = l.Open() - later })
                .WithBackOrder(later, later > l.BackOrdered || l.BackOrderUntil is null ? e.BackOrderUntil : l.BackOrderUntil);
        }));

    private DeliveryFile Receive(Delivery.Event.Received e) => e.Arrived.Aggregate(
        Noted("receipt", e.Receipt.DocumentId) with { Receipts = Receipts + 1 },
        (file, a) =>
        {
            var next = file.With(a.Line, l => l.HeardOf(a.Surplus + a.Excess).Take(a.Accepted - a.Surplus + a.Substituted) with
            {
                Accepted = l.Accepted + a.Accepted, Surplus = l.Surplus + a.Surplus, Held = l.Held + a.Substituted,
            });
            if (a.Substituted > Quantity.Zero) next = next.Hold(HoldKind.Substitute, a.Line, a.Item, a.Substituted, null);
            return a.Excess > Quantity.Zero ? next.Hold(HoldKind.Excess, a.Line, a.Item, a.Excess, null) : next;
        });

    private DeliveryFile Answered(Delivery.Event.ClaimAnswered e)
    {
        var claim = Claims[e.Claim - 1] with { Answer = e.Answer, AnswerNote = e.Note };
        return e is { Answer: ClaimAnswer.Replacement, ReplaceBy: { } day }
            ? With(claim).With(claim.Line, l => Unclaim(l, claim).BackOrder(claim.Quantity, day))
            : With(claim);
    }

    private DeliveryFile Resolved(Delivery.Event.ClaimResolved e, Claim claim)
    {
        var next = With(claim with { Resolution = e.Resolution, ResolvedBy = e.Document });
        return e.Resolution switch
        {
            ClaimResolution.Withdrawn =>
                next.With(claim.Line, l => Unclaim(l, claim) with { Accepted = l.Accepted + claim.Quantity }),
            // A replacement that is credited after all was counted when its back-order was released.
            ClaimResolution.Credited when claim.Answer != ClaimAnswer.Replacement => next.With(claim.Line, l => l.WriteOff(claim.Quantity)),
            _ => next,
        };
    }

    private DeliveryFile Noted(string kind, string document) => this with { Documents = Documents.Add($"{kind}|{document}") };

    private DeliveryFile With(int line, Func<LineBalance, LineBalance> change) =>
        this with { Lines = Lines.Set(line, change(Lines[line])) };

    private DeliveryFile With(Claim claim) => this with { Claims = [.. Claims.Select(c => c.No == claim.No ? claim : c)] };

    private DeliveryFile With(GoodsReturn goods) => this with { Returns = [.. Returns.Select(r => r.No == goods.No ? goods : r)] };

    private DeliveryFile Open(Claim claim) => this with { Claims = Claims.Add(claim) };

    private DeliveryFile Hold(HoldKind kind, int line, ItemNo item, Quantity quantity, SiteId? foundAt) => this with
    {
        Holds = Holds.Add(new(Holds.Count + 1, kind, line, item, quantity) { FoundAt = foundAt }),
    };

    private DeliveryFile Decided(int no, HoldDecision decision) => this with
    {
        Holds = [.. Holds.Select(h => h.No == no ? h with { Decision = decision } : h)],
    };

    private static LineBalance Fresh(ExpectedLine line) => new(line, line.Total(), line.Total());

    private static LineBalance Leave(LineBalance l, Quantity quantity, bool concealed) =>
        concealed ? l with { Accepted = l.Accepted - quantity } : l.Take(quantity);

    private static LineBalance TurnAway(LineBalance l, Quantity quantity, DateOnly? redeliverBy) => redeliverBy is { } day
        ? l.BackOrder(quantity, day)
        : (l with { Refused = l.Refused + quantity }).WriteOff(quantity);

    private static LineBalance Unclaim(LineBalance l, Claim claim) => claim.Kind == ClaimKind.Shortage
        ? l with { Short = l.Short - claim.Quantity }
        : l with { Damaged = l.Damaged - claim.Quantity };

    /// <summary>Goods that were kept go back first, then goods that were stopped on their way.</summary>
    private static LineBalance SendBack(LineBalance l, Quantity quantity)
    {
        var kept = Quantity.Min(quantity, l.Accepted);
        return (l with { Accepted = l.Accepted - kept, Returned = l.Returned + quantity }).Take(quantity - kept);
    }
}
