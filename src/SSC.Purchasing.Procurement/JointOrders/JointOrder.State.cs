using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Procurement.JointOrders;

/// <content>Where a joint order stands.</content>
public sealed partial class JointOrder
{
    /// <summary>Where the order stands. <see cref="Terms"/> is null only before it is planned.</summary>
    public sealed record State(OrderPhase Phase, OrderTerms? Terms)
    {
        /// <summary>Raised when members must confirm again.</summary>
        public int Generation { get; init; } = 1;

        /// <summary>Extensions after a missed minimum.</summary>
        public bool Extended { get; init; }

        /// <summary>Branches already taken after a missed minimum.</summary>
        public int MinimumBranches { get; init; }

        /// <summary>The minimum no longer counts: members confirmed the fallback tier.</summary>
        public bool MinimumWaived { get; init; }

        /// <summary>End of the box-fill phase.</summary>
        public DateTimeOffset? BoxFillUntil { get; init; }

        /// <summary>What each line still lacks in the box-fill phase.</summary>
        public StructuralMap<int, Quantity> Shortfalls { get; init; }

        /// <summary>Claims of the box-fill phase.</summary>
        public StructuralList<BoxFillClaim> Claims { get; init; }

        /// <summary>Units the coordinator bought to stock.</summary>
        public StructuralMap<int, Quantity> ToppedUp { get; init; }

        /// <summary>Until when the coordinator may top up.</summary>
        public DateTimeOffset? TopUpUntil { get; init; }

        /// <summary>Everybody's budget is reserved for the settlement in hand.</summary>
        public bool BudgetsReserved { get; init; }

        /// <summary>Settlement rounds so far.</summary>
        public int Round { get; init; }

        /// <summary>Members out of the order since it closed.</summary>
        public StructuralList<Exclusion> Excluded { get; init; }

        /// <summary>Lines as last allocated.</summary>
        public StructuralMap<int, LineOutcome> Lines { get; init; }

        /// <summary>What each member owes, as last settled.</summary>
        public StructuralList<MemberTotal> Totals { get; init; }

        /// <summary>Approvals awaited.</summary>
        public StructuralList<ApprovalNeeded> ApprovalsNeeded { get; init; }

        /// <summary>Approvals were asked for once and are not asked for again.</summary>
        public bool ApprovalsAsked { get; init; }

        /// <summary>The vendor asked now.</summary>
        public VendorId? CurrentVendor { get; init; }

        /// <summary>Number of the purchase order in force.</summary>
        public string? PurchaseOrder { get; init; }

        /// <summary>Vendors that refused or kept silent.</summary>
        public StructuralList<VendorId> Passed { get; init; }

        /// <summary>Documents of the compensations since the close-out.</summary>
        public StructuralList<string> Compensations { get; init; }
    }

    /// <inheritdoc/>
    public static string Category => "joint-order";

    /// <inheritdoc/>
    public static State Initial { get; } = new(OrderPhase.Absent, null);
}

/// <summary>How far a joint order has come.</summary>
public enum OrderPhase
{
    /// <summary>Not planned yet.</summary>
    Absent,

    /// <summary>Planned, not open.</summary>
    Planned,

    /// <summary>Taking commitments.</summary>
    Open,

    /// <summary>Taking only what reduces a shortfall.</summary>
    BoxFill,

    /// <summary>Contract suspended or expired.</summary>
    Held,

    /// <summary>Closed, being settled.</summary>
    Closed,

    /// <summary>Minimum missed, next branch to be taken.</summary>
    MinimumMissed,

    /// <summary>Members are confirming the fallback tier.</summary>
    Reconfirming,

    /// <summary>Waiting for the coordinator's top-up.</summary>
    AwaitingTopUp,

    /// <summary>Waiting for approvals.</summary>
    Approving,

    /// <summary>Allocated; budgets are being encumbered.</summary>
    Encumbering,

    /// <summary>Tiers fixed, ready for the vendor.</summary>
    Ready,

    /// <summary>Purchase order issued, waiting for the vendor.</summary>
    Issued,

    /// <summary>Vendor accepted.</summary>
    Confirmed,

    /// <summary>Cancelled.</summary>
    Cancelled,

    /// <summary>Goods are on their way or have arrived.</summary>
    Delivering,

    /// <summary>Delivered, billed, paid and done for good.</summary>
    ClosedOut,
}

/// <summary>What the contract says on the day an order opens.</summary>
/// <param name="Active">In term and not suspended.</param>
/// <param name="QualifiesFor15b">Awarded on competitive bids or quotations (Minn. Stat. 471.345 subd. 15(b)).</param>
/// <param name="ScheduleVersion">Version of the schedule in force.</param>
/// <param name="Lines">The planned lines at its prices; empty when the schedule lacks one of the items.</param>
public sealed record ContractStanding(bool Active, bool QualifiesFor15b, int ScheduleVersion, StructuralList<OrderLine> Lines);

/// <summary>A part of a shortfall that a member took.</summary>
public sealed record BoxFillClaim(MemberNo Member, SiteId Site, int LineNo, Quantity Quantity);

/// <summary>A member's share before and after a smaller total.</summary>
public sealed record ShareDifference(MemberNo Member, Quantity Before, Quantity After, Money AmountBefore, Money AmountAfter);
