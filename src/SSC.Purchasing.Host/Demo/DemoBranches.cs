using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Procurement.Contracts;
using SSC.Purchasing.Procurement.JointOrders;
using SSC.Purchasing.Procurement.PurchaseOrders;
using static SSC.Purchasing.Host.Demo.DemoOrders;

namespace SSC.Purchasing.Host.Demo;

/// <summary>One joint order for every branch of the saga up to the vendor's response, named after its branch, by contract.</summary>
internal static class DemoBranches
{
    /// <summary>Days after opening on which a contract ends or is suspended under an open order.</summary>
    public const int HeldAfterDays = 8;

    public static IReadOnlyList<DemoOrder> Paper =>
    [
        Regular("Copy paper — late commitment refused", DemoMarket.Paper) with { Also = LateCommitment },
        new("Copy paper truck — box-fill", DemoMarket.Paper, [new(DemoMarket.Paper.Item("PAPER-TRUCK"))])
        {
            Total = 800, TolerancePercent = 0, Policies = new() { BoxFillHours = 48 }, Then = BoxFill,
        },
        Regular("Copy paper — dispatch failed, dispatched by hand", DemoMarket.Paper)
            with { DispatchFails = true, Vendors = [VendorScripts.Accepts(4)] },
        Regular("Copy paper — minimum missed, bought at the fallback tier", DemoMarket.Paper) with
        {
            Total = 600, TolerancePercent = 0, Then = Fallback,
            Policies = new() { MinimumUnits = Quantity.Of(840), WhenMinimumMissed = [MinimumMissedAction.FallbackTier] },
        },
        Regular("Copy paper — minimum missed, topped up to stock", DemoMarket.Paper) with
        {
            Total = 800, TolerancePercent = 0, Then = TopUp,
            Policies = new() { MinimumUnits = Quantity.Of(840), WhenMinimumMissed = [MinimumMissedAction.TopUp] },
        },
        Regular("Copy paper — cutoff extended by the coordinator", DemoMarket.Paper) with { Also = Extended },
        Regular("Copy paper — pallets whole to each site", DemoMarket.Paper) with
        {
            Lines = [new(DemoMarket.Paper.Items[0], SiteIncrement: 40)], Volume = 6m, TakersPercent = 60,
        },
        Statewide(Regular("Copy paper — statewide, led by Resource Training & Solutions", DemoMarket.Paper))
            with { Lead = new("RTS"), Volume = 1.6m },
    ];

    public static IReadOnlyList<DemoOrder> FuelLock =>
    [
        Lots("Diesel, fixed price — whole lots, remainder on the waitlist", AllocationPolicy.ProRata, RemainderPolicy.Waitlist),
        Lots("Diesel, fixed price — first come, first served", AllocationPolicy.FirstCome, RemainderPolicy.Short),
        Lots("Diesel, fixed price — schools first", AllocationPolicy.PriorityClass, RemainderPolicy.Short),
        Lots("Diesel, fixed price — equal shares, then in proportion", AllocationPolicy.EqualThenProRata, RemainderPolicy.Short),
    ];

    public static IReadOnlyList<DemoOrder> Food =>
    [
        Regular("Chicken patties — below the minimum drop refused", DemoMarket.Food) with { Also = BelowMinimumDrop },
    ];

    public static IReadOnlyList<DemoOrder> Milk =>
    [
        Regular("Milk — price rise while open, not applied", DemoMarket.Milk) with { OpensOnDay = 5, Also = PriceRise },
    ];

    public static IReadOnlyList<DemoOrder> Produce =>
    [
        Regular("Apples — vendor delivers a part, accepted and allocated again", DemoMarket.Produce)
            with { Vendors = [VendorScripts.DeliversPart(80)] },
        Regular("Apples — substitute proposed and declined", DemoMarket.Produce)
            with { Vendors = [VendorScripts.ProposesSubstitute("APPLE-138")] },
    ];

    public static IReadOnlyList<DemoOrder> Janitorial =>
    [
        Regular("Gloves and liners — vendor rejects a line", DemoMarket.Janitorial, 2) with { Vendors = [VendorScripts.RejectsALine] },
        Regular("Gloves and liners — price above schedule refused, then accepted", DemoMarket.Janitorial, 2) with
        {
            Vendors = [VendorScripts.AsksMoreThenAccepts],
        },
        Regular("Gloves and liners — price above schedule refused, line cancelled", DemoMarket.Janitorial, 2) with
        {
            Vendors = [VendorScripts.AsksMoreAndLosesTheLine],
        },
    ];

    public static IReadOnlyList<DemoOrder> Devices =>
    [
        Large("Student laptops — approval granted") with { Approvals = ApprovalScripts.Granted },
        Large("Student laptops — approval declined, allocated again") with { Approvals = ApprovalScripts.OneDeclined },
        Large("Student laptops — approval timed out, allocated again") with { Approvals = ApprovalScripts.OneSilent },
        Statewide(Large("Student laptops — statewide, CPV evidence missing, then given")),
    ];

    public static IReadOnlyList<DemoOrder> Furniture =>
    [
        Regular("Classroom chairs — tier drop by a drop-out", DemoMarket.Furniture) with
        {
            Total = 440, TolerancePercent = 0, PickyTakers = [(40, 65.00m), (40, 60.00m)],
        },
        Regular("Classroom chairs — encumbrance refused for one member", DemoMarket.Furniture)
            with { TightBudget = Money.FromDollars(100m) },
        Regular("Classroom chairs — cancelled while approvals ran", DemoMarket.Furniture) with
        {
            Volume = 8m, PreparesApproval = false, Approvals = ApprovalScripts.Awaited,
            Then = CancelWhen<JointOrder.Event.Settled>("the levy vote failed"),
        },
    ];

    public static IReadOnlyList<DemoOrder> Salt =>
    [
        Regular("Road salt — cancelled after the vendor confirmed, for a fee", DemoMarket.Salt) with
        {
            Then = Both(CancelWhen<JointOrder.Event.Confirmed>("a mild winter"), LetsGo(Money.FromDollars(2_500m))),
        },
    ];

    public static IReadOnlyList<DemoOrder> Tires =>
    [
        Regular("Bus tires — vendor rejects, next vendor accepts", DemoMarket.Tires)
            with { Vendors = [VendorScripts.Rejects, VendorScripts.Accepts(2)] },
        Regular("Bus tires — silence, counted as rejected, late acceptance refused", DemoMarket.Tires) with
        {
            Vendors = [VendorScripts.AcceptsTooLate, VendorScripts.Accepts(1)],
        },
    ];

    public static IReadOnlyList<DemoOrder> Safety =>
    [
        Regular("Defibrillators — contract suspended, held, resumed", DemoMarket.Safety) with
        {
            CommitDays = HeldAfterDays - 1, Also = Suspension, Then = Resume,
        },
        Regular("Defibrillators — vendor rejects, none left, cancelled", DemoMarket.Safety) with { Vendors = [VendorScripts.Rejects] },
        Regular("Defibrillators — cancelled before opening", DemoMarket.Safety) with
        {
            NeverOpens = true, TakersPercent = 0,
            Also = o => [new(
                Clocks.At(o.OpensAt, -1, 15), s =>
                    s.Order(o.Coordinator, o.Id, new JointOrder.Command.Cancel("a grant pays for the kits")))],
        },
    ];

    public static IReadOnlyList<DemoOrder> Lighting =>
    [
        Regular("LED lamps — contract expired, moved to its successor", DemoMarket.Lighting)
            with { CommitDays = HeldAfterDays - 1, Then = Move },
        Regular("LED lamps — acknowledged, then accepted", DemoMarket.LightingNext)
            with { Vendors = [VendorScripts.AcknowledgesThenAccepts] },
    ];

    public static IReadOnlyList<DemoOrder> Playground =>
    [
        Fiber("Playground fiber — minimum met", 96),
        Fiber("Playground fiber — minimum missed, extended", 64, MinimumMissedAction.Extend) with { Then = MoreAfterExtension },
        Fiber("Playground fiber — minimum missed, cancelled", 41),
        Fiber("Playground fiber — extended and missed again, cancelled", 52, MinimumMissedAction.Extend),
        Fiber("Playground fiber — top-up never came, cancelled", 61, MinimumMissedAction.TopUp),
        Fiber("Playground fiber — contract expired, extended by resolution, resumed", 88)
            with { CommitDays = HeldAfterDays - 1, Then = ExtendAndResume },
    ];

    public static IReadOnlyList<DemoOrder> Floor =>
    [
        Regular("Floor finish — cancelled while open", DemoMarket.Floor) with
        {
            CommitDays = 12, Also = o =>
                [new(Clocks.At(o.OpensAt, o.Days, 10), s =>
                    s.Order(o.Coordinator, o.Id, new JointOrder.Command.Cancel("the recipe changed")))],
        },
        Regular("Floor finish — contract suspended, held, cancelled", DemoMarket.Floor) with
        {
            CommitDays = HeldAfterDays - 1, Also = Suspension,
            Then = When<JointOrder.Event.Held>((o, _, at) =>
                [new(Clocks.Business(at, 1, 11), s =>
                    s.Order(o.Coordinator, o.Id, new JointOrder.Command.Cancel("the contract is suspended")))]),
        },
        Regular("Floor finish — cancelled after issue, vendor lets go", DemoMarket.Floor) with
        {
            Vendors = [VendorScripts.Silent],
            Then = Both(CancelWhen<PurchaseOrder.Event.ManuallyDispatched>("ordered twice"), LetsGo(Money.Zero)),
        },
        Regular("Floor finish — cancelled after issue, vendor insists", DemoMarket.Floor) with
        {
            Vendors = [VendorScripts.Silent], Then = Both(CancelWhen<PurchaseOrder.Event.ManuallyDispatched>("stock was found"), Insists),
        },
    ];

    /// <summary>The day on which a contract ends, for the order that is held by that.</summary>
    public static DateOnly EndOfContract(DemoOrder order) => BusinessCalendar.LocalDate(order.OpensAt).AddDays(HeldAfterDays);

    private static DemoOrder Lots(string title, AllocationPolicy policy, RemainderPolicy remainder) =>
        new(title, DemoMarket.FuelLock, [new(DemoMarket.FuelLock.Items[0], policy)]) 
        {
            Total = 150_000, Policies = new() { Remainder = remainder },
        };

    private static DemoOrder Large(string title) => Regular(title, DemoMarket.Devices) with
    {
        Volume = 4m, PreparesApproval = false, TolerancePercent = 0,
    };

    private static DemoOrder Fiber(string title, int total, params IReadOnlyList<MinimumMissedAction> branches) =>
        Regular(title, DemoMarket.Playground) with
        {
            Total = total, MostTakers = 9, TolerancePercent = 0,
            Policies = new() { MinimumUnits = Quantity.Of(70), WhenMinimumMissed = [.. branches, MinimumMissedAction.Cancel] },
        };

    private static Reaction When<TFact>(Func<DemoOrder, TFact, DateTimeOffset, IEnumerable<Happening>> then) =>
        (order, e) => e.Fact is TFact fact ? then(order, fact, e.At) : [];

    private static Reaction Both(Reaction one, Reaction other) => (order, e) => [.. one(order, e), .. other(order, e)];

    private static Reaction CancelWhen<TFact>(string reason) => When<TFact>((o, _, at) =>
        [new(Clocks.Business(at, 1, 13), s => s.Order(o.Coordinator, o.Id, new JointOrder.Command.Cancel(reason)))]);

    private static Reaction LetsGo(Money fee) => When<PurchaseOrder.Event.CancellationRequested>((_, fact, at) =>
        [new(Clocks.Business(at, 1, 9), s =>
            s.PurchaseOrder(VendorScripts.Desk(fact), fact, new PurchaseOrder.Command.ConfirmCancellation(fee)))]);

    private static readonly Reaction Insists = When<PurchaseOrder.Event.CancellationRequested>((_, fact, at) =>
    [
        new(Clocks.Business(at, 1, 9), s => s.PurchaseOrder(
            VendorScripts.Desk(fact), fact, new PurchaseOrder.Command.DeclineCancellation("the goods are on the truck"))),
    ]);

    private static readonly Reaction TopUp = When<JointOrder.Event.TopUpRequested>((o, _, at) =>
    [
        new(Clocks.Business(at, 1, 10), s => s.Order(
            o.Coordinator, o.Id,
                new JointOrder.Command.TopUp(
                    1, Quantity.Of((long)o.Policies.MinimumUnits.Units - o.Total!.Value), "stock for the summer"))),
    ]);

    /// <summary>Everybody confirms again but one.</summary>
    private static readonly Reaction Fallback = When<JointOrder.Event.FallbackOffered>((o, _, at) => Reconfirmations(o, at));

    private static readonly Reaction Resume = When<JointOrder.Event.Held>((o, _, at) =>
    [
        new(Clocks.Business(at, 3, 11), s =>
            s.Order(o.Coordinator, o.Id, new JointOrder.Command.Resume(Clocks.Business(at, 8, 16), s.Now))),
    ]);

    private static readonly Reaction ExtendAndResume = When<JointOrder.Event.Held>((o, _, at) =>
    [
        new(Clocks.Business(at, 2, 10), s => s.Contract(o.Contract.Id, new Contract.Command.Extend(
            EndOfContract(o).AddYears(3), "board resolution on the second term", BusinessCalendar.LocalDate(s.Now)))),
        new(Clocks.Business(at, 2, 11), s =>
            s.Order(o.Coordinator, o.Id, new JointOrder.Command.Resume(Clocks.Business(at, 7, 16), s.Now))),
    ]);

    private static readonly Reaction Move = Both(
        When<JointOrder.Event.Held>((o, _, at) =>
            [new(Clocks.Business(at, 1, 10), s => s.MoveToSuccessor(o.Id, DemoMarket.LightingNext.Id, Clocks.Business(at, 8, 16)))]),
        When<JointOrder.Event.MovedToSuccessor>((o, _, at) => Reconfirmations(o, at)));

    private static readonly Reaction MoreAfterExtension = When<JointOrder.Event.Extended>((o, _, at) =>
    {
        var first = o.Commitments[0];
        var more = first.Final.Select((l, i) => i == 0 ? l with { Quantity = l.Quantity + Quantity.Of(8) } : l).ToStructuralList();
        return [new(Clocks.Business(at, 2, 10), s => s.Commit(first.Member, o.Id, more, false))];
    });

    private static readonly Reaction BoxFill = When<JointOrder.Event.BoxFillStarted>((o, fact, at) =>
    {
        var missing = fact.Shortfalls[0].Quantity.Units;
        var (one, two) = (o.Commitments[0], o.Commitments[1]);
        var half = Quantity.Of((long)missing / 2);
        return
        [
            new(at.AddHours(3), s => s.ClaimBoxFill(one.Member, o.Id, one.Final[0].Site, 1, half)),
            new(at.AddHours(4), s =>
                s.ClaimBoxFillRefused(two.Member, o.Id, two.Final[0].Site, 1, Quantity.Of((long)missing), "box-fill-exceeds-shortfall")),
            new(at.AddHours(5), s => s.ClaimBoxFill(two.Member, o.Id, two.Final[0].Site, 1, fact.Shortfalls[0].Quantity - half)),
        ];
    });

    private static IEnumerable<Happening> Reconfirmations(DemoOrder o, DateTimeOffset at) =>
        o.Commitments.Skip(1).Where(c => !c.Withdraws)
            .Select((c, i) => new Happening(Clocks.At(at, 1 + (i % 3), 9).AddMinutes(4 * i), s => s.Reconfirm(c.Member, o.Id)));

    private static IEnumerable<Happening> LateCommitment(DemoOrder o)
    {
        var late = o.Commitments[^1];
        yield return new(
            o.Cutoff.AddMinutes(10),
            s => s.CommitRefused(
                late.Member, o.Id, [.. late.Final.Select(l => l with { Quantity = l.Quantity + Quantity.Of(40) })], "order-closed"));
    }

    private static IEnumerable<Happening> BelowMinimumDrop(DemoOrder o)
    {
        var small = o.Commitments[^1];
        yield return new(
            Clocks.At(o.OpensAt, 2, 9),
            s => s.CommitRefused(
                small.Member, o.Id, [small.Final[0] with { Quantity = Quantity.Of(5), Tolerance = Quantity.Zero }], "below-minimum-drop"));
    }

    private static IEnumerable<Happening> Extended(DemoOrder o)
    {
        yield return new(
            Clocks.At(o.OpensAt, o.Days - 1, 9),
            s => s.Order(o.Coordinator, o.Id, new JointOrder.Command.Extend(Clocks.At(o.OpensAt, o.Days + 4, 16), "spring break", s.Now)));
    }

    /// <summary>The vendor's rise comes into force while the order is open; it was opened before, so it pays the old price.</summary>
    private static IEnumerable<Happening> PriceRise(DemoOrder o)
    {
        var effective = BusinessCalendar.LocalDate(o.OpensAt).AddDays(4);
        yield return new(Clocks.At(o.OpensAt, 2, 9), s => s.Publish(o.Contract, 1.16m, effective, "Class I price announced for the month"));
    }

    private static IEnumerable<Happening> Suspension(DemoOrder o)
    {
        var at = Clocks.At(o.OpensAt, HeldAfterDays, 10);
        yield return new(at, s => s.Contract(o.Contract.Id, new Contract.Command.Suspend("certificate of insurance has lapsed")));
        yield return new(Clocks.Business(at, 3, 10), s => s.Contract(o.Contract.Id, new Contract.Command.Reinstate()));
    }
}
