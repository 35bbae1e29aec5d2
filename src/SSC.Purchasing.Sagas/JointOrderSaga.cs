using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.JointOrders;
using SSC.Purchasing.Procurement.PurchaseOrders;

namespace SSC.Purchasing.Sagas;

/// <summary>
/// The promise: what members pooled is closed on time, settled, approved, encumbered, ordered from the vendor and answered, through
/// every branch, and nobody is left waiting. One instance per joint order.
/// </summary>
public sealed class JointOrderSaga : Saga<JointOrderPromise>
{
    private const string Cutoff = "cutoff", BoxFillEnd = "box-fill-end", Fallback = "fallback", TopUp = "top-up", Approval = "approval";
    private const string FirstReminder = "first-reminder", SecondReminder = "second-reminder", Silence = "silence";

    private static readonly BusinessCalendar Calendar = BusinessCalendar.Minnesota;

    /// <inheritdoc/>
    public override string Name => "joint_order";

    /// <inheritdoc/>
    public override JointOrderPromise Initial(string id) => new(new(id), Waiting.ForNothing);

    /// <inheritdoc/>
    public override string? Correlate(RecordedEvent e)
    {
        if (e.KeyIn(JointOrder.Category) is { } order) return order;
        if (e.Type is "commitment_approved" or "commitment_declined" or "commitment_cpv_considered")
            return CommitmentStream.Parse(e.Stream)?.Order.Value;
        return e.Type.StartsWith("purchase_order_", StringComparison.Ordinal) ? ((PurchaseOrder.Event)e.Fact).JointOrder.Value : null;
    }

    /// <inheritdoc/>
    public override SagaStep<JointOrderPromise> On(JointOrderPromise state, SagaInput input) => input switch
    {
        SagaInput.Heard { Event.Fact: JointOrder.Event fact } i => OnOrder(state, fact, i.At),
        SagaInput.Heard { Event.Fact: Commitment.Event } i => OnApproval(state, i.Event),
        SagaInput.Heard { Event.Fact: PurchaseOrder.Event fact } i => OnVendor(state, fact, i.At),
        SagaInput.Woken i => OnTimer(state, i),
        SagaInput.WasRefused { Refusal.Code: "too-early" } i => new(state, new SagaEffect.Wake(Cutoff, i.At.AddSeconds(1))),
        SagaInput.WasRefused i => new(state with { LastRefusal = i.Refusal }), // it changed nothing; the coordinator can see it
        _ => new(state),
    };

    private static SagaStep<JointOrderPromise> OnOrder(JointOrderPromise state, JointOrder.Event fact, DateTimeOffset at) => fact switch
    {
        JointOrder.Event.Planned f => new(state with { Policies = f.Terms.Policies, Vendor = f.Terms.Vendor }),
        JointOrder.Event.Opened f => AwaitCutoff(state, f.Cutoff),
        JointOrder.Event.Extended f => AwaitCutoff(state, f.Cutoff),
        JointOrder.Event.Resumed f => AwaitCutoff(state, f.Cutoff),
        JointOrder.Event.MovedToSuccessor f =>
            AwaitCutoff(state with { Vendor = f.Terms.Vendor, Policies = f.Terms.Policies }, f.Terms.Cutoff),
        JointOrder.Event.Held => new(state with { Waiting = Waiting.ForCoordinator }),
        JointOrder.Event.BoxFillStarted f => new(state with { Waiting = Waiting.ForBoxFill }, new SagaEffect.Wake(BoxFillEnd, f.Until)),
        JointOrder.Event.Closed => Send(state, Waiting.ForNothing, new SettleJointOrder(state.Order)),

        JointOrder.Event.MinimumMissed => Send(state, Waiting.ForNothing, new TakeMinimumBranch(state.Order)),
        JointOrder.Event.FallbackOffered f => new(state with { Waiting = Waiting.ForFallback }, new SagaEffect.Wake(Fallback, f.Until)),
        JointOrder.Event.TopUpRequested f => new(state with { Waiting = Waiting.ForTopUp }, new SagaEffect.Wake(TopUp, f.Until)),
        JointOrder.Event.ToppedUp => Send(state, Waiting.ForNothing, new SettleJointOrder(state.Order)),

        JointOrder.Event.Settled { ApprovalsNeeded.Count: 0 } => Send(state, Waiting.ForNothing, new EncumberJointOrder(state.Order)),
        JointOrder.Event.Settled f => new(
            state with
            {
                Waiting = Waiting.ForApprovals,
                Approvals = f.ApprovalsNeeded.ToStructuralMap(a => a.Member, a => new AwaitedApproval(a.Total, a.Reasons)),
            },
            new SagaEffect.Wake(Approval, Calendar.AddBusinessDays(at, state.Policies.ApprovalDays))),
        JointOrder.Event.ApprovalsClosed { Declined.Count: > 0 } => Send(state, Waiting.ForNothing, new SettleJointOrder(state.Order)),
        JointOrder.Event.ApprovalsClosed => Send(state, Waiting.ForNothing, new EncumberJointOrder(state.Order)),
        JointOrder.Event.Encumbered { Refused.Count: > 0 } => Send(state, Waiting.ForNothing, new SettleJointOrder(state.Order)),
        JointOrder.Event.Encumbered => Send(state, Waiting.ForNothing, new FixTiers(state.Order)),

        JointOrder.Event.Ready f => Send(state with { Vendor = f.Vendor }, Waiting.ForNothing, new IssuePurchaseOrder(state.Order)),
        JointOrder.Event.ReAwarded f => Send(state with { Vendor = f.To }, Waiting.ForNothing, new IssuePurchaseOrder(state.Order)),
        JointOrder.Event.Confirmed => new(state with { Waiting = Waiting.ForNothing }),
        JointOrder.Event.Cancelled => new(
            state with { Waiting = Waiting.ForNothing, Cancelled = true },
            [
                new SagaEffect.Send(new ReleaseEncumbrances(state.Order)),
                .. state.Issued ? [new SagaEffect.Send(new RequestCancellation(state.Order, state.Vendor))] : Array.Empty<SagaEffect>(),
            ]),
        _ => new(state),
    };

    private static SagaStep<JointOrderPromise> AwaitCutoff(JointOrderPromise state, DateTimeOffset cutoff) =>
        new(state with { Waiting = Waiting.ForCutoff }, new SagaEffect.Wake(Cutoff, cutoff));

    private static SagaStep<JointOrderPromise> OnApproval(JointOrderPromise state, RecordedEvent e)
    {
        if (state.Waiting != Waiting.ForApprovals) return new(state);
        var member = CommitmentStream.Parse(e.Stream)!.Member;
        if (!state.Approvals.TryGetValue(member, out var awaited)) return new(state);
        var left = e.Fact switch
        {
            Commitment.Event.Approved f when f.UpTo >= awaited.Total =>
                awaited with { Reasons = Without(awaited, "cpv-missing", keep: true) },
            Commitment.Event.CpvConsidered => awaited with { Reasons = Without(awaited, "cpv-missing", keep: false) },
            Commitment.Event.Declined => awaited with { Reasons = [] },
            _ => awaited,
        };
        var approvals = left.Reasons.Count == 0 ? state.Approvals.Remove(member) : state.Approvals.Set(member, left);
        var next = state with { Approvals = approvals };
        return approvals.Count == 0 ? Send(next, Waiting.ForNothing, new CloseApprovals(state.Order)) : new(next);
    }

    private static StructuralList<string> Without(AwaitedApproval awaited, string reason, bool keep) =>
        awaited.Reasons.Where(r => (r == reason) == keep).ToStructuralList();

    private static SagaStep<JointOrderPromise> OnTimer(JointOrderPromise state, SagaInput.Woken timer) =>
        (timer.Timer, state.Waiting) switch
    {
        (Cutoff, Waiting.ForCutoff) when state.Policies.BoxFillHours > 0 && !state.BoxFilled =>
            Send(state with { BoxFilled = true }, Waiting.ForCutoff, new StartBoxFill(state.Order)),
        (Cutoff, Waiting.ForCutoff) => Send(state, Waiting.ForCutoff, new CloseJointOrder(state.Order)),
        (BoxFillEnd, Waiting.ForBoxFill) => Send(state, Waiting.ForNothing, new CloseJointOrder(state.Order)),
        (Fallback, Waiting.ForFallback) => Send(state, Waiting.ForNothing, new CloseJointOrder(state.Order)),
        (TopUp, Waiting.ForTopUp) => Send(state, Waiting.ForNothing, new TakeMinimumBranch(state.Order)),
        (Approval, Waiting.ForApprovals) => Send(state, Waiting.ForNothing, new CloseApprovals(state.Order)),
        (FirstReminder, Waiting.ForVendor) => Send(state, Waiting.ForVendor, new RemindVendor(state.Order, state.Vendor, 1)),
        (SecondReminder, Waiting.ForVendor) => Send(state, Waiting.ForVendor, new RemindVendor(state.Order, state.Vendor, 2)),
        (Silence, Waiting.ForVendor) => Send(state, Waiting.ForVendor, new CountAsRejected(state.Order, state.Vendor)),
        _ => new(state), // late, repeated or overtaken: the state makes it harmless
    };

    private static SagaStep<JointOrderPromise> OnVendor(JointOrderPromise state, PurchaseOrder.Event fact, DateTimeOffset at)
    {
        if (fact.Vendor != state.Vendor || state.Cancelled) return new(state); // a vendor that was passed over, or nobody's any more
        return fact switch
        {
            PurchaseOrder.Event.Issued f =>
                Send(state with { Issued = true }, Waiting.ForVendor, new RecordIssued(state.Order, state.Vendor, f.Document.Number)),
            PurchaseOrder.Event.Dispatched or PurchaseOrder.Event.ManuallyDispatched => new(
                state with { Waiting = Waiting.ForVendor },
                new SagaEffect.Wake(FirstReminder, Calendar.AddBusinessDays(at, state.Policies.FirstReminderDays)),
                new SagaEffect.Wake(SecondReminder, Calendar.AddBusinessDays(at, state.Policies.SecondReminderDays)),
                new SagaEffect.Wake(Silence, Calendar.AddBusinessDays(at, state.Policies.ResponseDays))),
            PurchaseOrder.Event.DispatchFailed f => Send(
                state, Waiting.ForVendor, new EscalatePurchaseOrder(state.Order, state.Vendor, $"dispatch failed: {f.Reason}")),
            PurchaseOrder.Event.Confirmed => Send(state, Waiting.ForNothing, new AdoptVendorChanges(state.Order, state.Vendor)),
            PurchaseOrder.Event.Rejected f => Send(state, Waiting.ForNothing, new ReAwardJointOrder(state.Order, state.Vendor, f.Reason)),
            _ => new(state),
        };
    }

    private static SagaStep<JointOrderPromise> Send(JointOrderPromise state, Waiting waiting, object command) =>
        new(state with { Waiting = waiting }, new SagaEffect.Send(command));
}

/// <summary>What the saga remembers of a joint order.</summary>
/// <param name="Order">Order.</param>
/// <param name="Waiting">What it waits for.</param>
public sealed record JointOrderPromise(JointOrderId Order, Waiting Waiting)
{
    /// <summary>The order's rules.</summary>
    public OrderPolicies Policies { get; init; } = new();

    /// <summary>Vendor asked now.</summary>
    public VendorId Vendor { get; init; }

    /// <summary>Approvals still awaited.</summary>
    public StructuralMap<MemberNo, AwaitedApproval> Approvals { get; init; }

    /// <summary>The box-fill phase took place.</summary>
    public bool BoxFilled { get; init; }

    /// <summary>A purchase order went out.</summary>
    public bool Issued { get; init; }

    /// <summary>The order was cancelled.</summary>
    public bool Cancelled { get; init; }

    /// <summary>The last refusal that a command of the saga met, for the coordinator.</summary>
    public Refusal? LastRefusal { get; init; }
}

/// <summary>An approval that is awaited.</summary>
public sealed record AwaitedApproval(Money Total, StructuralList<string> Reasons);

/// <summary>What a joint order waits for.</summary>
public enum Waiting
{
    /// <summary>Work in hand, or nothing any more.</summary>
    ForNothing,

    /// <summary>The cutoff.</summary>
    ForCutoff,

    /// <summary>The end of the box-fill phase.</summary>
    ForBoxFill,

    /// <summary>The coordinator: extended, moved or cancelled.</summary>
    ForCoordinator,

    /// <summary>Members confirming the fallback tier.</summary>
    ForFallback,

    /// <summary>The coordinator's top-up.</summary>
    ForTopUp,

    /// <summary>Approvals.</summary>
    ForApprovals,

    /// <summary>The vendor's answer.</summary>
    ForVendor,
}
