using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.JointOrders;

namespace SSC.Purchasing.Host.Demo;

/// <summary>What follows when something was recorded about an order.</summary>
internal delegate IEnumerable<Happening> Reaction(DemoOrder order, RecordedEvent e);

/// <summary>A line of a demo order.</summary>
internal sealed record DemoLine(DemoItem Item, AllocationPolicy Policy = AllocationPolicy.ProRata, int? SiteIncrement = null);

/// <summary>One joint order of the script: what is planned, who takes part and how, and what follows.</summary>
internal sealed record DemoOrder(string Title, DemoContract Contract, IReadOnlyList<DemoLine> Lines)
{
    /// <summary>Order number; given when all orders stand in time.</summary>
    public JointOrderId Id { get; init; }

    public DateTimeOffset OpensAt { get; init; }

    /// <summary>Days from opening to cutoff.</summary>
    public int Days { get; init; } = 14;

    /// <summary>The cutoff: 16:00 on its day.</summary>
    public DateTimeOffset Cutoff => CutoffAt ?? Clocks.At(OpensAt, Days, 16);

    /// <summary>A cutoff given outright, for orders around today.</summary>
    public DateTimeOffset? CutoffAt { get; init; }

    public OrderPolicies Policies { get; init; } = new();

    public CooperativeId Lead { get; init; } = new("SSC");

    public OrderScope Scope { get; init; } = OrderScope.Cooperative;

    /// <summary>How many of a hundred eligible members take part.</summary>
    public int TakersPercent { get; init; } = 90;

    /// <summary>At most this many take part.</summary>
    public int MostTakers { get; init; } = int.MaxValue;

    /// <summary>A member that takes part in any case, or (with a leading minus) in no case.</summary>
    public string? About { get; init; }

    /// <summary>How much is ordered beside an ordinary order.</summary>
    public decimal Volume { get; init; } = 1m;

    /// <summary>The exact sum of the first line; null when chance decides.</summary>
    public int? Total { get; init; }

    /// <summary>How many of a hundred give a tolerance.</summary>
    public int TolerancePercent { get; init; } = 35;

    /// <summary>Last takers with their exact quantity and maximum price, beside <see cref="Total"/>.</summary>
    public IReadOnlyList<(int Quantity, decimal MaxPrice)> PickyTakers { get; init; } = [];

    /// <summary>The last taker books to an account with this budget, which is too small.</summary>
    public Money? TightBudget { get; init; }

    /// <summary>Buyers have their costs approved, and state that the State's contract was considered, before the cutoff.</summary>
    public bool PreparesApproval { get; init; } = true;

    /// <summary>What becomes of approvals that are asked for after the cutoff.</summary>
    public ApprovalScript Approvals { get; init; } = ApprovalScripts.Granted;

    /// <summary>Commitments come in during so many days only; the whole time when null.</summary>
    public int? CommitDays { get; init; }

    /// <summary>What each vendor that is asked does, in turn; after the last, accept.</summary>
    public IReadOnlyList<VendorScript> Vendors { get; init; } = [];

    /// <summary>Deliveries to the vendor fail until they are given up.</summary>
    public bool DispatchFails { get; init; }

    /// <summary>Day of the month on which it opens; null for any.</summary>
    public int? OpensOnDay { get; init; }

    /// <summary>Planned but not opened by the script.</summary>
    public bool NeverOpens { get; init; }

    /// <summary>Happenings at times that are known from the start.</summary>
    public Func<DemoOrder, IEnumerable<Happening>> Also { get; init; } = _ => [];

    /// <summary>Happenings that follow events.</summary>
    public Reaction Then { get; init; } = (_, _) => [];

    /// <summary>What becomes of its delivery to the largest site; everywhere else everything arrives as ordered.</summary>
    public DeliveryScript? Delivery { get; init; }

    /// <summary>Commitments as planned.</summary>
    public IReadOnlyList<PlannedCommitment> Commitments { get; init; } = [];

    /// <summary>Who runs it.</summary>
    public string Coordinator => $"user:u-{Lead}-coordinator";

    /// <summary>The plan, as the coordinator enters it.</summary>
    public OrderPlan Plan => new(
        Title, Contract.Id, Lead, Scope,
        [.. Lines.Select((l, i) => new PlannedLine(
            i + 1, l.Item.Line.Item, l.Policy, l.SiteIncrement is { } increment ? Quantity.Of(increment) : null))],
        Cutoff, Policies);

    /// <summary>The smallest step of a line at a site, in units.</summary>
    public long StepOf(int line) => Lines[line].SiteIncrement ?? Lines[line].Item.Line.Increment.Thousandths / 1000;
}

/// <summary>A member's part in an order, as planned: what it commits to first and how it changes its mind.</summary>
internal sealed record PlannedCommitment(DemoMember Member, IReadOnlyList<PlannedVersion> Versions)
{
    public StructuralList<CommitmentLine> Final => Versions[^1].Lines;

    public bool Withdraws { get; init; }
}

/// <summary>One state of a planned commitment.</summary>
internal sealed record PlannedVersion(DateTimeOffset At, StructuralList<CommitmentLine> Lines);

/// <summary>Times of day in Minnesota.</summary>
internal static class Clocks
{
    /// <summary>A time on the day so many days after an instant.</summary>
    public static DateTimeOffset At(DateTimeOffset from, int days, int hour, int minute = 0) =>
        BusinessCalendar.InstantOf(BusinessCalendar.LocalDate(from).AddDays(days), new(hour, minute));

    /// <summary>A time on a day.</summary>
    public static DateTimeOffset On(DateOnly day, int hour, int minute = 0) => BusinessCalendar.InstantOf(day, new(hour, minute));

    /// <summary>A time on the business day so many business days after an instant.</summary>
    public static DateTimeOffset Business(DateTimeOffset from, int days, int hour, int minute = 0) => BusinessCalendar.InstantOf(
        BusinessCalendar.Minnesota.AddBusinessDays(BusinessCalendar.LocalDate(from), days), new(hour, minute));
}
