using System.Diagnostics;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Contracts;

namespace SSC.Purchasing.Procurement.JointOrders;

/// <summary>
/// One member's part in one joint order: quantities with tolerance, maximum price, site and accounts. Stream
/// <c>commitment-{joint order}:{member}</c>, so that members never contend with each other.
/// </summary>
public sealed class Commitment : IDecider<Commitment.Command, Commitment.State, Commitment.Event>
{
    /// <summary>What may be asked of a commitment.</summary>
    public abstract record Command
    {
        private Command()
        {
        }

        /// <summary>
        /// Places or revises: these lines replace the earlier ones. Refusals: <see cref="CommitmentRules.Check"/>,
        /// <see cref="ParticipationLimits.Check"/>.
        /// </summary>
        public sealed record Commit(StructuralList<CommitmentLine> Lines, OrderStanding Order, MemberStanding Member, DateTimeOffset Now)
            : Command;

        /// <summary>Takes everything back, before the cutoff.</summary>
        public sealed record Withdraw(OrderStanding Order, DateTimeOffset Now) : Command;

        /// <summary>Confirms again after a move to a successor contract or a fallback tier.</summary>
        public sealed record Reconfirm(OrderStanding Order, DateTimeOffset Now) : Command;

        /// <summary>States that the State's cooperative contract was considered first (Minn. Stat. 471.345 subd. 15(a)).</summary>
        public sealed record ConsiderCpv(string Evidence) : Command;

        /// <summary>
        /// Approves a cost up to an amount. Above the member's threshold the approver is not the buyer (<c>approver-is-buyer</c>).
        /// </summary>
        public sealed record Approve(string Approver, Money UpTo) : Command;

        /// <summary>Declines the cost: the member is out of the order.</summary>
        public sealed record Decline(string Approver, string Reason) : Command;
    }

    /// <summary>What has happened to a commitment.</summary>
    public abstract record Event
    {
        private Event()
        {
        }

        /// <summary>Placed for the first time, or again after a withdrawal.</summary>
        [EventAlias("commitment_placed")]
        public sealed record Placed(
            JointOrderId Order,
            MemberNo Member,
            CooperativeId Cooperative,
            StructuralList<CommitmentLine> Lines,
            StructuralList<LineChange> Changes,
            Money Amount,
            Money? ApprovalThreshold,
            int PriorityClass,
            int Generation,
            string Buyer) : Event;

        /// <summary>Revised: <paramref name="Lines"/> replace the earlier ones; <paramref name="Changes"/> says what moved.</summary>
        [EventAlias("commitment_revised")]
        public sealed record Revised(
            StructuralList<CommitmentLine> Lines, StructuralList<LineChange> Changes, Money Amount, int Generation, string Buyer) : Event;

        /// <summary>Taken back.</summary>
        [EventAlias("commitment_withdrawn")]
        public sealed record Withdrawn(StructuralList<LineChange> Changes) : Event;

        /// <summary>Confirmed for a later generation of the order.</summary>
        [EventAlias("commitment_reconfirmed")]
        public sealed record Reconfirmed(int Generation) : Event;

        /// <summary>The State's contract was considered first.</summary>
        [EventAlias("commitment_cpv_considered")]
        public sealed record CpvConsidered(string Evidence) : Event;

        /// <summary>A cost up to this amount is approved.</summary>
        [EventAlias("commitment_approved")]
        public sealed record Approved(string Approver, Money UpTo) : Event;

        /// <summary>The cost is declined.</summary>
        [EventAlias("commitment_declined")]
        public sealed record Declined(string Approver, string Reason) : Event;
    }

    /// <summary>
    /// What is committed. <see cref="Amount"/> is what the member said yes to: quantity × maximum (or highest scheduled) price.
    /// </summary>
    public sealed record State(bool Exists, StructuralList<CommitmentLine> Lines)
    {
        /// <summary>Σ quantity × maximum (or first-tier) price.</summary>
        public Money Amount { get; init; }

        /// <summary>Generation of the order it counts for.</summary>
        public int Generation { get; init; }

        /// <summary>Highest approved cost.</summary>
        public Money? ApprovedUpTo { get; init; }

        /// <summary>Cost above which a second person approves.</summary>
        public Money? ApprovalThreshold { get; init; }

        /// <summary>Evidence of subd. 15(a).</summary>
        public string? CpvEvidence { get; init; }

        /// <summary>Declined by an approver.</summary>
        public bool IsDeclined { get; init; }

        /// <summary>Who committed last, an opaque id.</summary>
        public string? Buyer { get; init; }

        /// <summary>Class for the policy <see cref="AllocationPolicy.PriorityClass"/>; lower goes first.</summary>
        public int PriorityClass { get; init; }
    }

    /// <inheritdoc/>
    public static string Category => "commitment";

    /// <summary>Key of a member's commitment to an order.</summary>
    public static string Key(JointOrderId order, MemberNo member) => $"{order.Value}:{member.Value}";

    /// <inheritdoc/>
    public static State Initial { get; } = new(false, []);

    private static readonly Decision<Event> Nothing = new Decision<Event>.Accepted();

    /// <inheritdoc/>
    public static Decision<Event> Decide(Command command, State state) => command switch
    {
        Command.Commit c => DecideCommit(c, state),
        Command.Withdraw c => DecideWithdraw(c, state),
        _ when !state.Exists => new Refusal("commitment-unknown", "This member has not committed to the order."),
        Command.Reconfirm c => DecideReconfirm(c, state),
        Command.ConsiderCpv c when c.Evidence == state.CpvEvidence => Nothing,
        Command.ConsiderCpv c => PlainText.Check("evidence", c.Evidence, PlainText.NoteLength) is { } flaw
            ? flaw
            : new Event.CpvConsidered(c.Evidence),
        Command.Approve c => DecideApprove(c, state),
        Command.Decline when state.IsDeclined => Nothing,
        Command.Decline c => new Event.Declined(c.Approver, c.Reason),
        _ => throw new UnreachableException($"{command}"),
    };

    private static Decision<Event> DecideCommit(Command.Commit c, State state)
    {
        if (CommitmentRules.Check(c) is { } refusal) return refusal;
        var lines = c.Lines.OrderBy(l => l.LineNo).ThenBy(l => l.Site).ToStructuralList();
        if (state.Exists && lines == state.Lines && state.Generation == c.Order.Generation) return Nothing;
        var changes = CommitmentRules.Changes(state.Lines, lines);
        var amount = CommitmentRules.Amount(lines, c.Order);
        if (c.Member.Limits.Check(amount, c.Member.CommittedThisYear) is { } beyond) return beyond;
        return state.Exists
            ? new Event.Revised(lines, changes, amount, c.Order.Generation, c.Member.Buyer)
            : new Event.Placed(
                c.Order.Id, c.Member.Member, c.Member.Cooperative, lines, changes, amount,
                c.Member.ApprovalThreshold, c.Member.PriorityClass, c.Order.Generation, c.Member.Buyer);
    }

    private static Decision<Event> DecideWithdraw(Command.Withdraw c, State state)
    {
        if (!state.Exists || state.Lines.Count == 0) return Nothing;
        return CommitmentRules.CheckOpen(c.Order, c.Now) is { } refusal
            ? refusal
            : new Event.Withdrawn(CommitmentRules.Changes(state.Lines, []));
    }

    private static Decision<Event> DecideReconfirm(Command.Reconfirm c, State state)
    {
        if (state.Generation == c.Order.Generation) return Nothing;
        return c.Order.Phase is OrderPhase.Open or OrderPhase.Reconfirming && c.Now < c.Order.Cutoff
            ? new Event.Reconfirmed(c.Order.Generation)
            : new Refusal("order-closed", "The time to confirm again is over.");
    }

    private static Decision<Event> DecideApprove(Command.Approve c, State state)
    {
        if (state.IsDeclined) return new Refusal("commitment-declined", "This commitment was declined; it takes part no longer.");
        if (c.UpTo <= Money.Zero) return new Refusal("amount-not-positive", "Approve an amount above zero.");
        if (state.ApprovedUpTo >= c.UpTo) return Nothing;
        return c.Approver == state.Buyer && state.ApprovalThreshold is { } threshold && c.UpTo > threshold
            ? new Refusal("approver-is-buyer", $"Above ${threshold} someone other than the buyer approves.")
            : new Event.Approved(c.Approver, c.UpTo);
    }

    /// <inheritdoc/>
    public static State Evolve(State state, Event fact) => fact switch
    {
        Event.Placed e => state with
        {
            Exists = true,
            Lines = e.Lines,
            Amount = e.Amount,
            Generation = e.Generation,
            ApprovalThreshold = e.ApprovalThreshold,
            PriorityClass = e.PriorityClass,
            Buyer = e.Buyer,
        },
        Event.Revised e => state with { Lines = e.Lines, Amount = e.Amount, Generation = e.Generation, Buyer = e.Buyer },
        Event.Withdrawn => state with { Lines = [], Amount = Money.Zero },
        Event.Reconfirmed e => state with { Generation = e.Generation },
        Event.CpvConsidered e => state with { CpvEvidence = e.Evidence },
        Event.Approved e => state with { ApprovedUpTo = e.UpTo },
        Event.Declined => state with { IsDeclined = true },
        _ => throw new UnreachableException($"{fact}"),
    };
}

/// <summary>What a member commits to on one line at one site.</summary>
/// <param name="LineNo">Line of the order.</param>
/// <param name="Site">Where it is dropped.</param>
/// <param name="Quantity">Units wanted, a multiple of the line's increment.</param>
/// <param name="Tolerance">Units taken beyond that to fill a case.</param>
/// <param name="Accounts">Where it is booked; shares sum to 100 %.</param>
public sealed record CommitmentLine(int LineNo, SiteId Site, Quantity Quantity, Quantity Tolerance, StructuralList<AccountSplit> Accounts)
{
    /// <summary>Highest acceptable unit price; the member is out of the line above it.</summary>
    public UnitPrice? MaxPrice { get; init; }

    /// <summary>The member's own purchase order number.</summary>
    public string? Reference { get; init; }

    /// <summary>Paid from a federal award (2 CFR 200.320: the stricter threshold applies).</summary>
    public bool FederalFunds { get; init; }
}

/// <summary>What moved on a line, over all sites of the member.</summary>
public sealed record LineChange(int LineNo, Quantity From, Quantity To, Quantity ToleranceFrom, Quantity ToleranceTo);

/// <summary>What a commitment needs to know of its order.</summary>
public sealed record OrderStanding(
    JointOrderId Id, OrderPhase Phase, DateTimeOffset Cutoff, int Generation, StructuralList<OrderLine> Lines)
{
    /// <summary>From the order's state.</summary>
    public static OrderStanding Of(JointOrderId id, JointOrder.State state) =>
        new(id, state.Phase, state.Terms?.Cutoff ?? default, state.Generation, state.Terms?.Lines ?? []);
}

/// <summary>What a commitment needs to know of its member; put together at the edge from membership and participation.</summary>
/// <param name="Member">Member number.</param>
/// <param name="Cooperative">Its cooperative.</param>
/// <param name="Buyer">Who asks, an opaque id.</param>
/// <param name="Sites">Open sites.</param>
/// <param name="PriorityClass">Lower goes first under <see cref="AllocationPolicy.PriorityClass"/>.</param>
/// <param name="ApprovalThreshold">Cost above which a second person approves; null for none.</param>
/// <param name="NotEligible">Why the member may not take part; null when it may.</param>
public sealed record MemberStanding(
    MemberNo Member,
    CooperativeId Cooperative,
    string Buyer,
    StructuralList<SiteId> Sites,
    int PriorityClass,
    Money? ApprovalThreshold,
    Refusal? NotEligible)
{
    /// <summary>Most money that the governing body allows in one joint order and in one fiscal year on the contract.</summary>
    public ParticipationLimits Limits { get; init; } = ParticipationLimits.None;

    /// <summary>What the member has committed to on the contract in the fiscal year of the commitment, beside this order.</summary>
    public Money CommittedThisYear { get; init; }
}
