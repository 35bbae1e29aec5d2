using System.Diagnostics;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Rules;

namespace SSC.Purchasing.Procurement.JointOrders;

public sealed partial class JointOrder
{
    private const int LongestWait = 366;
    private static readonly Decision<Event> Nothing = new Decision<Event>.Accepted();

    /// <inheritdoc/>
    public static Decision<Event> Decide(Command command, State state) => (command, state.Phase) switch
    {
        (Command.Plan c, OrderPhase.Absent) => DecidePlan(c),
        (Command.Plan c, _) => c.Terms == state.Terms ? Nothing : Refuse("order-exists", "This order number is taken; choose another."),
        (_, OrderPhase.Absent) => Refuse("order-unknown", "There is no such joint order; plan it first."),

        (Command.CloseOut, OrderPhase.ClosedOut) => Nothing,
        (Command.Compensate c, OrderPhase.ClosedOut) => DecideCompensate(c.Compensation, state),
        (Command.Compensate, _) => Refuse("order-not-closed-out", "The order is not closed out; correct it by its own commands."),
        (Command.Cancel, OrderPhase.ClosedOut) => ClosedOut,
        (Command.Cancel, OrderPhase.Delivering) =>
            Refuse("cancel-after-shipment", "Goods are on their way or have arrived; authorize their return instead."),

        (Command.Cancel, OrderPhase.Cancelled) => Nothing,
        (Command.Cancel c, var phase) => new Event.Cancelled(c.Reason, phase),
        (_, OrderPhase.Cancelled) => Refuse("order-cancelled", "This joint order was cancelled; plan a new one."),

        (Command.Open c, OrderPhase.Planned) => DecideOpen(c, state),
        (Command.Open, OrderPhase.Open) => Nothing,
        (Command.Extend c, OrderPhase.Open or OrderPhase.MinimumMissed) => DecideExtend(c, state),
        (Command.Hold c, OrderPhase.Open or OrderPhase.BoxFill) => new Event.Held(c.Reason),
        (Command.Hold, _) => Nothing, // nothing is collected in any other phase, so there is nothing to hold
        (Command.Resume c, OrderPhase.Held) => c.Cutoff > c.Now ? new Event.Resumed(c.Cutoff) : CutoffNotLater,
        (Command.Resume c, OrderPhase.Open) when c.Cutoff == state.Terms!.Cutoff => Nothing,
        (Command.MoveToSuccessor c, OrderPhase.Held) => DecideMove(c, state),

        (Command.StartBoxFill c, OrderPhase.Open) => DecideBoxFill(c, state),
        (Command.StartBoxFill, OrderPhase.BoxFill) => Nothing,
        (Command.ClaimBoxFill c, OrderPhase.BoxFill) => DecideClaim(c, state),
        (Command.ClaimBoxFill, _) => Refuse("not-in-box-fill", "Shortfalls can be claimed only in the box-fill phase."),
        (Command.Close c, OrderPhase.Open or OrderPhase.BoxFill or OrderPhase.Reconfirming) => DecideClose(c, state),
        (Command.Close, _) => Nothing,
        (Command.CloseEarly c, OrderPhase.Open or OrderPhase.BoxFill) => PlainText.IsWellFormed(c.Reason, 500)
            ? new Event.Closed(state.Terms!.Cutoff, c.Reason)
            : Refuse("reason-missing", "Say in 1 to 500 printable characters why the order closes before its cutoff."),
        (Command.CloseEarly, not (OrderPhase.Planned or OrderPhase.Held)) => Nothing, // it is closed

        (Command.Settle c, OrderPhase.Closed) => DecideSettle(c.Settlement, state),
        (Command.TakeMinimumBranch c, OrderPhase.AwaitingTopUp) when c.Now < state.TopUpUntil => Nothing,
        (Command.TakeMinimumBranch c, OrderPhase.MinimumMissed or OrderPhase.AwaitingTopUp) => DecideMinimumBranch(c, state),
        (Command.TakeMinimumBranch, _) => Nothing,
        (Command.TopUp c, OrderPhase.AwaitingTopUp) => DecideTopUp(c, state),
        (Command.CloseApprovals c, OrderPhase.Approving) => new Event.ApprovalsClosed(c.Approved, c.Declined),
        (Command.CloseApprovals, _) => Nothing,
        (Command.RecordEncumbrances, OrderPhase.Encumbering) when state.BudgetsReserved => Nothing,
        (Command.RecordEncumbrances c, OrderPhase.Encumbering) => new Event.Encumbered(c.Reserved, c.Refused),
        (Command.FixTiers, OrderPhase.Encumbering) when state.BudgetsReserved => DecideFixTiers(state),
        (Command.FixTiers, OrderPhase.Ready or OrderPhase.Issued or OrderPhase.Confirmed or OrderPhase.Delivering) => Nothing,

        (Command.RecordIssued c, OrderPhase.Ready) => new Event.Issued(c.Vendor, c.PurchaseOrder),
        (Command.RecordIssued c, OrderPhase.Issued) when c.PurchaseOrder == state.PurchaseOrder => Nothing,
        (Command.RecordConfirmed c, OrderPhase.Issued) when c.Vendor == state.CurrentVendor => new Event.Confirmed(c.Vendor),
        (Command.RecordConfirmed c, OrderPhase.Confirmed or OrderPhase.Delivering) when c.Vendor == state.CurrentVendor => Nothing,
        (Command.RecordConfirmed, _) => Refuse("order-re-awarded", "The order went to another vendor; this acceptance comes too late."),
        (Command.ReAward c, OrderPhase.Issued) => DecideReAward(c, state),
        (Command.ReAward, _) => Nothing,
        (Command.Reallocate c, OrderPhase.Issued or OrderPhase.Confirmed or OrderPhase.Delivering) => DecideReallocate(c, state),

        (Command.RecordShipped c, OrderPhase.Confirmed) when c.Vendor == state.CurrentVendor => new Event.DeliveryStarted(c.Vendor),
        (Command.RecordShipped c, OrderPhase.Delivering or OrderPhase.ClosedOut) when c.Vendor == state.CurrentVendor => Nothing,
        (Command.CloseOut c, OrderPhase.Confirmed or OrderPhase.Delivering) => DecideCloseOut(c.Evidence),
        (_, OrderPhase.ClosedOut) => ClosedOut,

        _ => Refuse("order-phase", $"A joint order that is {state.Phase} does not take this; look at its state and try what comes next."),
    };

    private static readonly Refusal CutoffNotLater = new("cutoff-not-later", "Choose a cutoff later than now and than the one in force.");

    private static Decision<Event> DecidePlan(Command.Plan c)
    {
        if (!PlainText.IsWellFormed(c.Terms.Title, 200))
            return Refuse("order-title-invalid", "Give the order a title of 1 to 200 printable characters.");
        var lines = c.Terms.Lines;
        if (lines.Count is 0 or > 200) return Refuse("order-without-lines", "Give the order 1 to 200 lines.");
        if (lines.Select(l => l.LineNo).Distinct().Count() != lines.Count || lines.Any(l => !IsSound(l)))
        {
            return Refuse(
                "order-line-invalid",
                "Number the lines uniquely; case size, increment and site increment must be positive, the site increment a multiple of the "
                + "increment and the case size a multiple of both.");
        }

        // Longer waits, and terms that no purchase order can carry, would stop the order half-way.
        var p = c.Terms.Policies;
        return p is
            {
                ExtensionDays: >= 0 and <= LongestWait, ReconfirmDays: > 0 and <= LongestWait, TopUpDays: > 0 and <= LongestWait,
                BoxFillHours: >= 0 and <= LongestWait * 24, ApprovalDays: > 0 and <= LongestWait, ResponseDays: > 0 and <= LongestWait,
                FirstReminderDays: >= 0 and <= LongestWait, SecondReminderDays: >= 0 and <= LongestWait,
                DeliveryDays: >= 0 and <= LongestWait,
            }
            && p.Receiving.IsSound() && (p.CentralSite is not { } central || Id.IsWellFormed(central.Value))
            && PlainText.IsWellFormed(p.DeliveryTerms, 1_000)
            && p.MinimumUnits >= Quantity.Zero
                && p.MinimumNet >= Money.Zero && p.Freight >= Money.Zero && p.ApprovalToleranceBasisPoints >= 0
            ? new Event.Planned(c.Terms)
            : Refuse(
                "order-policy-invalid",
                "Minimums, freight and tolerances are not negative, waits positive and at most a year, terms at most 1,000 characters.");
    }

    private static bool IsSound(OrderLine line) =>
        line.LineNo > 0 && line.Item.Tiers.Count > 0
        && line.Item.CaseSize > Quantity.Zero && line.Item.Increment > Quantity.Zero && line.SiteIncrement > Quantity.Zero
        && line.SiteIncrement.IsMultipleOf(line.Item.Increment) && line.Item.CaseSize.IsMultipleOf(line.SiteIncrement);

    private static Decision<Event> DecideOpen(Command.Open c, State state)
    {
        if (state.Terms!.Cutoff <= c.Now) return Refuse("cutoff-passed", "The planned cutoff is over; plan the order with a later one.");
        if (!c.Contract.Active)
            return Refuse("contract-not-active", "The contract is suspended or out of term; reinstate or extend it first.");
        if (!c.Contract.QualifiesFor15b)
        {
            return Refuse(
                "authority-missing",
                "Minn. Stat. 471.345 subd. 15(b) needs a contract awarded on competitive bids or quotations; this one is negotiated.");
        }

        return c.Contract.Lines.Count == state.Terms.Lines.Count
            ? new Event.Opened(c.Contract.ScheduleVersion, c.Contract.Lines, state.Terms.Cutoff)
            : Refuse("item-not-scheduled", "The price schedule in force lacks one of the order's items; plan the order again.");
    }

    private static Decision<Event> DecideExtend(Command.Extend c, State state)
    {
        if (c.Cutoff == state.Terms!.Cutoff && state.Phase == OrderPhase.Open) return Nothing;
        if (c.Cutoff <= c.Now || c.Cutoff <= state.Terms.Cutoff) return CutoffNotLater;
        return state is { Phase: OrderPhase.MinimumMissed, Extended: true }
            ? Refuse("extended-before", "An order is extended once after a missed minimum; take the next branch.")
            : new Event.Extended(c.Cutoff, c.Reason);
    }

    private static Decision<Event> DecideMove(Command.MoveToSuccessor c, State state)
    {
        if (c.Terms.Cutoff <= c.Now) return CutoffNotLater;
        return c.Terms.Lines.Select(l => (l.LineNo, l.Item.Unit, l.Item.Increment))
            .SequenceEqual(state.Terms!.Lines.Select(l => (l.LineNo, l.Item.Unit, l.Item.Increment)))
            ? new Event.MovedToSuccessor(c.Terms, state.Generation + 1)
            : Refuse("successor-lines-differ",
                "The successor must offer every line in the same unit and increment; plan a new order instead.");
    }

    private static Decision<Event> DecideBoxFill(Command.StartBoxFill c, State state) =>
        c.Now < state.Terms!.Cutoff
            ? TooEarly
            : new Event.BoxFillStarted(
                c.Shortfalls.Where(s => s.Quantity > Quantity.Zero).ToStructuralList(),
                state.Terms.Cutoff.AddHours(state.Terms.Policies.BoxFillHours),
                c.Basis);

    private static Decision<Event> DecideClaim(Command.ClaimBoxFill c, State state)
    {
        if (state.Terms!.Line(c.LineNo) is not { } line) return Refuse("unknown-line", "The order has no such line.");
        if (!c.HasCommitment) return Refuse("box-fill-not-a-participant", "Only members that committed to this line may add to it now.");
        if (c.Quantity <= Quantity.Zero || !c.Quantity.IsMultipleOf(line.SiteIncrement))
            return Refuse("quantity-off-increment", $"Claim a positive multiple of {line.SiteIncrement} {line.Item.Unit}.");
        var before = state.Claims.Where(b => b.Member == c.Member && b.Site == c.Site && b.LineNo == c.LineNo).Select(b => b.Quantity)
            .Sum();
        if (c.Quantity == before) return Nothing;
        if (c.Quantity < before)
            return Refuse("box-fill-only-more", $"You took {before} {line.Item.Unit} already; only more is taken now.");
        var left = state.Shortfalls.TryGetValue(c.LineNo, out var missing) ? missing : Quantity.Zero;
        return c.Quantity - before <= left
            ? new Event.BoxFillClaimed(c.Member, c.Site, c.LineNo, c.Quantity - before)
            : Refuse("box-fill-exceeds-shortfall", $"Only {left} {line.Item.Unit} are missing to the next case; claim no more than that.");
    }

    private static readonly Refusal TooEarly = new("too-early", "The cutoff has not come yet.");

    private static Decision<Event> DecideClose(Command.Close c, State state) =>
        c.Now < (state.BoxFillUntil ?? state.Terms!.Cutoff) ? TooEarly : new Event.Closed(state.Terms!.Cutoff);

    private static Decision<Event> DecideSettle(Settlement settlement, State state)
    {
        var round = state.Round + 1;
        if (!settlement.Minimum.Met) return new Event.MinimumMissed(round, settlement.Minimum, settlement.Basis);
        if (settlement.Lines.Any(l =>
            l.Shares.Select(s => s.Allocated).Sum() != l.Ordered || l.Shares.Select(s => s.Goods).Sum() != l.Goods))
            return Refuse("settlement-unbalanced", "The shares do not add up to what is ordered; settle again.");
        return new Decision<Event>.Accepted([
            .. settlement.Lines.Select(l => new Event.LineAllocated(round, l)),
            new Event.Settled(
                round, settlement.Minimum, settlement.Totals, settlement.ApprovalsNeeded, settlement.Excluded, settlement.Basis),
        ]);
    }

    /// <summary>The branch that comes next after a missed minimum: the order's list, an extension only once, at last cancelling.</summary>
    public static MinimumMissedAction NextMinimumBranch(State state) =>
        state.Terms!.Policies.WhenMinimumMissed.Skip(state.MinimumBranches)
            .FirstOrDefault(a => a != MinimumMissedAction.Extend || !state.Extended, MinimumMissedAction.Cancel);

    private static Decision<Event> DecideMinimumBranch(Command.TakeMinimumBranch c, State state)
    {
        var next = NextMinimumBranch(state);
        return next switch
        {
            MinimumMissedAction.Extend => new Event.Extended(c.Until, "minimum missed"),
            MinimumMissedAction.FallbackTier => new Event.FallbackOffered(c.Until, state.Generation + 1),
            MinimumMissedAction.TopUp => new Event.TopUpRequested(c.Until),
            MinimumMissedAction.Cancel => new Event.Cancelled("minimum missed", state.Phase),
            _ => throw new UnreachableException($"{next}"),
        };
    }

    private static Decision<Event> DecideTopUp(Command.TopUp c, State state)
    {
        if (state.Terms!.Line(c.LineNo) is not { } line) return Refuse("unknown-line", "The order has no such line.");
        return c.Quantity > Quantity.Zero && c.Quantity <= Quantity.Max && c.Quantity.IsMultipleOf(line.SiteIncrement)
            ? new Event.ToppedUp(c.LineNo, c.Quantity, c.Reason)
            : Refuse("quantity-off-increment", $"Top up by a positive multiple of {line.SiteIncrement} {line.Item.Unit}.");
    }

    private static Decision<Event> DecideFixTiers(State state) => new Decision<Event>.Accepted([
        .. state.Lines.Values.Select(l => new Event.TierFixed(l.LineNo, l.TierFrom, l.Price, l.Ordered, state.Round)),
        new Event.Ready(state.CurrentVendor!.Value, state.Round),
    ]);

    private static Decision<Event> DecideReAward(Command.ReAward c, State state)
    {
        if (c.From != state.CurrentVendor) return Nothing; // answered for a vendor that was passed over already
        foreach (var vendor in state.Terms!.Alternates)
        {
            if (vendor != c.From && !state.Passed.Contains(vendor)) return new Event.ReAwarded(c.From, vendor, c.Reason);
        }

        return new Event.Cancelled($"no vendor left: {c.Reason}", state.Phase);
    }

    private static Decision<Event> DecideReallocate(Command.Reallocate c, State state)
    {
        if (!state.Lines.TryGetValue(c.Outcome.LineNo, out var before)) return Refuse("unknown-line", "The order has no such line.");
        if (before == c.Outcome) return Nothing;
        if (c.Outcome.Shares.Select(s => s.Allocated).Sum() != c.Outcome.Ordered)
            return Refuse("settlement-unbalanced", "The shares do not add up to what will come; allocate again.");
        var after = c.Outcome.Shares.ToDictionary(s => s.Member);
        return new Event.LineReallocated(
            c.Outcome,
            before.Shares.Select(b =>
            {
                var a = after.GetValueOrDefault(b.Member);
                return new ShareDifference(b.Member, b.Allocated, a?.Allocated ?? Quantity.Zero, b.Amount, a?.Amount ?? Money.Zero);
            }).Where(d => d.Before != d.After || d.AmountBefore != d.AmountAfter).ToStructuralList(),
            c.Reason,
            c.Basis)
        {
            Source = c.Source,
        };
    }

    private static readonly Refusal ClosedOut = new(
        "order-closed-out", "This joint order is closed out; record a compensation that cites the event to be corrected.");

    private static Decision<Event> DecideCloseOut(CloseOutEvidence evidence) =>
        !evidence.DeliveriesComplete
            ? Refuse("deliveries-open", "Something is still to come, to decide, to claim or to credit; see to the deliveries first.")
        : !evidence.Billed ? Refuse("billing-open", "Not everything is billed and paid; settle the invoices first.")
        : new Event.ClosedOut(evidence);

    private static Decision<Event> DecideCompensate(Compensation c, State state)
    {
        if (state.Compensations.Contains(c.Document, StringComparer.Ordinal)) return Nothing;
        if (!PlainText.IsWellFormed(c.Document, 100) || !PlainText.IsWellFormed(c.Reason, 500) || !Id.IsKey(c.Original.Stream)
            || c.Original.Version < 1 || Math.Abs(c.Quantity.Thousandths) > Quantity.Max.Thousandths || c.IsNothing())
        {
            return Refuse(
                "compensation-invalid",
                "Name the document, the reason, the event that is corrected by stream and version, and what changes.");
        }

        if (!state.Lines.TryGetValue(c.LineNo, out var line)) return Refuse("unknown-line", "The order has no such line.");
        return line.Shares.Any(s => s.Member == c.Member)
            ? new Event.Compensated(c)
            : Refuse("unknown-member", "This member has no share of the line; name one that has.");
    }

    private static Decision<Event> Refuse(string code, string reason) => new Refusal(code, reason);
}
