using System.Diagnostics;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Procurement.JointOrders;

public sealed partial class JointOrder
{
    /// <inheritdoc/>
    public static State Evolve(State state, Event fact) => fact switch
    {
        Event.Planned e => state with { Phase = OrderPhase.Planned, Terms = e.Terms, CurrentVendor = e.Terms.Vendor },
        Event.Opened e => state with
        {
            Phase = OrderPhase.Open,
            Terms = state.Terms! with { ScheduleVersion = e.ScheduleVersion, Lines = e.Lines, Cutoff = e.Cutoff },
        },
        Event.Extended e => Reopen(state, e.Cutoff) with
        {
            Extended = state.Extended || state.Phase == OrderPhase.MinimumMissed,
            MinimumBranches = state.MinimumBranches + (state.Phase == OrderPhase.MinimumMissed ? 1 : 0),
        },
        Event.Held => state with { Phase = OrderPhase.Held, BoxFillUntil = null },
        Event.Resumed e => Reopen(state, e.Cutoff),
        Event.MovedToSuccessor e => Reopen(state, e.Terms.Cutoff) with
        {
            Terms = e.Terms,
            Generation = e.Generation,
            CurrentVendor = e.Terms.Vendor,
        },
        Event.BoxFillStarted e => state with
        {
            Phase = OrderPhase.BoxFill,
            BoxFillUntil = e.Until,
            Shortfalls = e.Shortfalls.ToStructuralMap(s => s.LineNo, s => s.Quantity),
        },
        Event.BoxFillClaimed e => state with
        {
            Shortfalls = state.Shortfalls.Set(e.LineNo, state.Shortfalls[e.LineNo] - e.Quantity),
            Claims = state.Claims.Add(new(e.Member, e.Site, e.LineNo, e.Quantity)),
        },
        Event.Closed => state with { Phase = OrderPhase.Closed },
        _ => EvolveSettled(state, fact),
    };

    private static State EvolveSettled(State state, Event fact) => fact switch
    {
        Event.MinimumMissed e => state with { Phase = OrderPhase.MinimumMissed, Round = e.Round },
        Event.FallbackOffered e => state with
        {
            Phase = OrderPhase.Reconfirming,
            Generation = e.Generation,
            MinimumWaived = true,
            MinimumBranches = state.MinimumBranches + 1,
            Terms = state.Terms! with { Cutoff = e.Until },
        },
        Event.TopUpRequested e => state with
        {
            Phase = OrderPhase.AwaitingTopUp,
            TopUpUntil = e.Until,
            MinimumBranches = state.MinimumBranches + 1,
        },
        Event.ToppedUp e => state with
        {
            Phase = OrderPhase.Closed,
            ToppedUp = state.ToppedUp.Set(
                e.LineNo, (state.ToppedUp.TryGetValue(e.LineNo, out var before) ? before : Quantity.Zero) + e.Quantity),
        },
        Event.LineAllocated e => state with { Lines = state.Lines.Set(e.Outcome.LineNo, e.Outcome) },
        Event.Settled e => state with
        {
            Phase = e.ApprovalsNeeded.Count > 0 ? OrderPhase.Approving : OrderPhase.Encumbering,
            Round = e.Round,
            BudgetsReserved = false,
            Totals = e.Totals,
            ApprovalsNeeded = e.ApprovalsNeeded,
            ApprovalsAsked = state.ApprovalsAsked || e.ApprovalsNeeded.Count > 0,
            Excluded = e.Excluded,
        },
        Event.ApprovalsClosed e => state with
        {
            Phase = e.Declined.Count > 0 ? OrderPhase.Closed : OrderPhase.Encumbering,
            ApprovalsNeeded = [],
            Excluded = [.. state.Excluded, .. e.Declined],
        },
        Event.Encumbered e => state with
        {
            Phase = e.Refused.Count > 0 ? OrderPhase.Closed : OrderPhase.Encumbering,
            ApprovalsAsked = true,
            BudgetsReserved = e.Refused.Count == 0,
            Excluded = [.. state.Excluded, .. e.Refused],
        },
        Event.TierFixed => state,
        Event.Ready e => state with { Phase = OrderPhase.Ready, CurrentVendor = e.Vendor },
        Event.Issued e => state with { Phase = OrderPhase.Issued, CurrentVendor = e.Vendor, PurchaseOrder = e.PurchaseOrder },
        Event.Confirmed => state with { Phase = OrderPhase.Confirmed },
        Event.ReAwarded e => state with
        {
            Phase = OrderPhase.Ready,
            CurrentVendor = e.To,
            PurchaseOrder = null,
            Passed = state.Passed.Add(e.From),
        },
        Event.LineReallocated e => state with { Lines = state.Lines.Set(e.Outcome.LineNo, e.Outcome) },
        Event.DeliveryStarted => state with { Phase = OrderPhase.Delivering },
        Event.ClosedOut => state with { Phase = OrderPhase.ClosedOut },
        Event.Compensated e => state with { Compensations = state.Compensations.Add(e.Compensation.Document) },
        Event.Cancelled => state with { Phase = OrderPhase.Cancelled },
        _ => throw new UnreachableException($"{fact} cannot follow {state.Phase}"),
    };

    private static State Reopen(State state, DateTimeOffset cutoff) => state with
    {
        Phase = OrderPhase.Open,
        BoxFillUntil = null,
        Terms = state.Terms! with { Cutoff = cutoff },
    };
}
