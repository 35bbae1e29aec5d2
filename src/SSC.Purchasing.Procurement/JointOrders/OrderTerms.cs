using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Contracts;
using SSC.Purchasing.Procurement.Receiving;

namespace SSC.Purchasing.Procurement.JointOrders;

/// <summary>Who may take part.</summary>
public enum OrderScope
{
    /// <summary>Members of the leading cooperative.</summary>
    Cooperative,

    /// <summary>Members of all cooperatives of the statewide joint powers organization (Minn. Stat. 471.59).</summary>
    Statewide,
}

/// <summary>What to do, in order, when the minimum is missed at the cutoff.</summary>
public enum MinimumMissedAction
{
    /// <summary>Extend once by <see cref="OrderPolicies.ExtensionDays"/>; commitments are kept.</summary>
    Extend,

    /// <summary>Buy at the fallback tier after each member has confirmed again.</summary>
    FallbackTier,

    /// <summary>Wait for the coordinator to top up to stock.</summary>
    TopUp,

    /// <summary>Cancel, release, notify.</summary>
    Cancel,
}

/// <summary>What becomes of a member's remainder that fills no case.</summary>
public enum RemainderPolicy
{
    /// <summary>Named as short; the member buys it elsewhere.</summary>
    Short,

    /// <summary>Named as waiting for the next order on the contract.</summary>
    Waitlist,
}

/// <summary>One item that members pool.</summary>
/// <param name="LineNo">1…n within the order.</param>
/// <param name="Item">Item, unit, case size, increment and price tiers as scheduled when the order opened.</param>
/// <param name="Policy">How a shortage or a tolerance surplus is allocated.</param>
/// <param name="SiteIncrement">Units that must reach one site together (a pallet, a truck); the order increment when nothing else is
/// said.</param>
public sealed record OrderLine(int LineNo, ScheduleLine Item, AllocationPolicy Policy, Quantity SiteIncrement);

/// <summary>
/// The rules one joint order runs by; every figure is a parameter of the order, none a constant. Days are business days of
/// America/Chicago.
/// </summary>
public sealed record OrderPolicies
{
    /// <summary>Least pooled units over all lines, counted with tolerance after case filling; zero for none.</summary>
    public Quantity MinimumUnits { get; init; }

    /// <summary>Least pooled amount, net and before freight; zero for none.</summary>
    public Money MinimumNet { get; init; }

    /// <summary>Branches to take, in order, when the minimum is missed; after the last one the order is cancelled.</summary>
    public StructuralList<MinimumMissedAction> WhenMinimumMissed { get; init; } = [MinimumMissedAction.Cancel];

    /// <summary>Calendar days of the one extension.</summary>
    public int ExtensionDays { get; init; } = 7;

    /// <summary>Calendar days members have to confirm a fallback tier or a successor contract.</summary>
    public int ReconfirmDays { get; init; } = 5;

    /// <summary>Business days the coordinator has to top up.</summary>
    public int TopUpDays { get; init; } = 3;

    /// <summary>Hours of the box-fill phase after the cutoff; 0 for none.</summary>
    public int BoxFillHours { get; init; }

    /// <summary>Basis points by which a member's cost may exceed what was committed before it needs approval.</summary>
    public int ApprovalToleranceBasisPoints { get; init; } = 500;

    /// <summary>Business days an approval may take; silence declines.</summary>
    public int ApprovalDays { get; init; } = 5;

    /// <summary>Business days after which the vendor is reminded first.</summary>
    public int FirstReminderDays { get; init; } = 2;

    /// <summary>Business days after which the vendor is reminded again.</summary>
    public int SecondReminderDays { get; init; } = 5;

    /// <summary>Business days after which silence counts as rejection.</summary>
    public int ResponseDays { get; init; } = 10;

    /// <summary>Business days from issue to the requested delivery.</summary>
    public int DeliveryDays { get; init; } = 10;

    /// <summary>Payment and delivery terms printed on the purchase order.</summary>
    public string DeliveryTerms { get; init; } = "Deliver to each site; invoice as the contract says; payment within 35 days of receipt.";

    /// <summary>What becomes of a remainder that fills no case.</summary>
    public RemainderPolicy Remainder { get; init; } = RemainderPolicy.Short;

    /// <summary>Kinds of member that may take part, e.g. only cities and counties for road salt; empty for all.</summary>
    public StructuralList<string> MemberKinds { get; init; }

    /// <summary>Freight of the whole order, shared over members by amount; zero when the price is delivered.</summary>
    public Money Freight { get; init; }

    /// <summary>Where the whole order is delivered for all its members, e.g. a warehouse; null when each site gets its own.</summary>
    public SiteId? CentralSite { get; init; }

    /// <summary>How its deliveries are received.</summary>
    public ReceivingTerms Receiving { get; init; } = new();
}

/// <summary>What a joint order is about.</summary>
/// <param name="Title">What members call it.</param>
/// <param name="Contract">The contract bought on.</param>
/// <param name="Vendor">Its awarded vendor.</param>
/// <param name="Alternates">Next-ranked vendors, for re-award.</param>
/// <param name="Lead">Leading cooperative.</param>
/// <param name="Scope">Who may take part.</param>
/// <param name="ScheduleVersion">Price schedule in force.</param>
/// <param name="Lines">Items.</param>
/// <param name="Cutoff">Nothing recorded at or after this counts.</param>
/// <param name="Policies">Rules.</param>
public sealed record OrderTerms(
    string Title,
    ContractId Contract,
    VendorId Vendor,
    StructuralList<VendorId> Alternates,
    CooperativeId Lead,
    OrderScope Scope,
    int ScheduleVersion,
    StructuralList<OrderLine> Lines,
    DateTimeOffset Cutoff,
    OrderPolicies Policies)
{
    /// <summary>The line, or null.</summary>
    public OrderLine? Line(int lineNo) => Lines.FirstOrDefault(l => l.LineNo == lineNo);
}

/// <summary>A quantity on a line, without a member: a shortfall, a top-up.</summary>
public sealed record LineQuantity(int LineNo, Quantity Quantity);

/// <summary>A member that is out of the order, and why.</summary>
/// <param name="Member">Member number.</param>
/// <param name="Code">Stable code: <c>max-price-exceeded</c>, <c>not-reconfirmed</c>, <c>approval-declined</c>, <c>approval-timeout</c>,
/// <c>budget-exceeded</c> …</param>
public sealed record Exclusion(MemberNo Member, string Code)
{
    /// <summary>The line concerned; null when the member is out of the whole order.</summary>
    public int? LineNo { get; init; }
}
