using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.JointOrders;

namespace SSC.Purchasing.Host.Demo;

/// <summary>
/// Every joint order of the demo, contract by contract in the order in which they open: ordinary ones, and one for every branch of the
/// saga, named after it (<see cref="DemoBranches"/>). Around today some are open, one waits for approvals and one for its vendor.
/// </summary>
internal static class DemoOrders
{
    /// <summary>The orders of the past, spread evenly over the time of each contract.</summary>
    public static IReadOnlyList<DemoOrder> Past(DateOnly from, DateOnly until)
    {
        var placed = new List<DemoOrder>();
        var phase = 0;
        foreach (var programme in Programmes)
        {
            phase = (phase + 5) % 23;
            var days = until.DayNumber - from.DayNumber - phase;
            for (var i = 0; i < programme.Count; i++)
            {
                var day = from.AddDays(phase + (programme.Count == 1 ? days / 2 : days * i / (programme.Count - 1)));
                if (programme[i].OpensOnDay is { } wanted) day = new DateOnly(day.Year, day.Month, 1).AddDays(wanted - 1);
                var opens = BusinessCalendar.Minnesota.OnOrAfter(day);
                placed.Add(programme[i] with { OpensAt = Clocks.On(opens, 9, (phase * 2) + (i % 10)) });
            }
        }

        return placed;
    }

    /// <summary>Small open orders, one for each format of <c>src/docs/from-commitment-to-paid-invoice.md</c>.</summary>
    private const int Walkthroughs = 5;

    /// <summary>What a visitor finds around today.</summary>
    public static IReadOnlyList<DemoOrder> Today(DateTimeOffset now)
    {
        DemoOrder Open(DemoOrder order, int opened, int closes) =>
            order with { OpensAt = Clocks.Business(now, -opened, 9), CutoffAt = Clocks.Business(now, closes, 16), TolerancePercent = 0 };

        return
        [
            Open(Regular("Copy paper — open, 28 cartons to the truck price", DemoMarket.Paper) with { Total = 812, About = "-M-001" },
                6, 6),
            Open(Regular("LED lamps — open, 4 packs to the next tier", DemoMarket.LightingNext) with { Total = 36, About = "-M-001" },
                5, 9),
            Open(Statewide(Regular("Student laptops — open statewide, 35 to the best tier", DemoMarket.Devices))
                with { Total = 965, About = "-M-001" }, 7, 12),
            Open(Regular("Diesel, fixed price — open, 8,000 gallons to the next lot", DemoMarket.FuelLock) with { Total = 118_000 }, 4, 8),
            Open(Regular("Janitorial supplies — open, 8 cases of gloves to the tier", DemoMarket.Janitorial, 2) with { Total = 92 }, 3, 10),
            Open(Regular("Apples — closes tomorrow", DemoMarket.Produce), 4, 1) with { TolerancePercent = 50 },
            Open(Regular("Playground fiber — open, 12 yards to the minimum", DemoMarket.Playground) with
            {
                Total = 58, MostTakers = 8,
                Policies = new() { MinimumUnits = Quantity.Of(70), WhenMinimumMissed = [MinimumMissedAction.Extend] },
            }, 5, 4),
            .. Enumerable.Range(1, Walkthroughs).Select(n =>
                Open(Regular($"Copy paper — walkthrough, {n}", DemoMarket.Paper) with { Volume = 0.2m, MostTakers = 3, About = "-M-001" },
                    2, 15)),
            Regular("Student laptops — awaiting approvals", DemoMarket.Devices) with
            {
                OpensAt = Clocks.Business(now, -11, 9), CutoffAt = Clocks.Business(now, -1, 16), Volume = 3m, About = "M-001",
                PreparesApproval = false, Approvals = ApprovalScripts.Awaited, TolerancePercent = 0,
            },
            Regular("Copy paper — awaiting the vendor", DemoMarket.Paper) with
            {
                OpensAt = Clocks.Business(now, -15, 9), CutoffAt = Clocks.Business(now, -5, 16), About = "M-001",
                Vendors = [VendorScripts.Silent],
            },
        ];
    }

    /// <summary>An ordinary order on the first lines of a contract.</summary>
    public static DemoOrder Regular(string title, DemoContract contract, int lines = 1) =>
        new(title, contract, [.. contract.Items.Take(lines).Select(i => new DemoLine(i))]);

    /// <summary>The same, across all seven cooperatives.</summary>
    public static DemoOrder Statewide(DemoOrder order) =>
        DeliveryScripts.Centrally(order with { Scope = OrderScope.Statewide, TakersPercent = 92 });

    private static IReadOnlyList<IReadOnlyList<DemoOrder>> Programmes =>
    [
        With(DemoBranches.Paper, Many("Copy paper", DemoMarket.Paper, 9)),
        With(DemoBranches.FuelLock, Many("Diesel, fixed price", DemoMarket.FuelLock, 2)),
        Many("Diesel, rack price", DemoMarket.FuelRack, 7),
        With(DemoBranches.Food, Many("Chicken patties", DemoMarket.Food, 5)),
        With(DemoBranches.Milk, Many("Milk", DemoMarket.Milk, 6)),
        With(DemoBranches.Produce, Many("Apples and pears", DemoMarket.Produce, 6, 2)),
        With(DemoBranches.Janitorial, Many("Gloves and liners", DemoMarket.Janitorial, 9, 2)),
        With(DemoBranches.Devices, Many("Student laptops", DemoMarket.Devices, 6)),
        With(DemoBranches.Furniture, Many("Classroom chairs", DemoMarket.Furniture, 4)),
        With(DemoBranches.Salt, Many("Road salt", DemoMarket.Salt, 2)),
        With(DemoBranches.Tires, Many("Bus tires", DemoMarket.Tires, 3)),
        With(DemoBranches.Safety, Many("Defibrillators", DemoMarket.Safety, 2)),
        [.. Many("LED lamps", DemoMarket.Lighting, 3), .. DemoBranches.Lighting,
            .. Many("LED lamps, second award", DemoMarket.LightingNext, 3)],
        With(DemoBranches.Playground, Many("Playground fiber", DemoMarket.Playground, 1)),
        With(DemoBranches.Floor, Many("Floor finish", DemoMarket.Floor, 6)),
    ];

    private static List<DemoOrder> Many(string title, DemoContract contract, int count, int lines = 1) =>
        [.. Enumerable.Range(1, count).Select(n =>
        {
            var order = Regular($"{title}, {n}", contract, lines);
            return DemoInvoices.Named(DeliveryBranches.Named(n % 2 == 0 ? Statewide(order) : order));
        })];

    /// <summary>Branches between ordinary orders, as evenly as it goes.</summary>
    private static List<DemoOrder> With(IReadOnlyList<DemoOrder> branches, List<DemoOrder> regular)
    {
        var all = new List<DemoOrder>();
        var total = branches.Count + regular.Count;
        for (int i = 0, r = 0, b = 0; i < total; i++)
        {
            var regularIsDue = r * total <= i * regular.Count;
            if (b == branches.Count || (regularIsDue && r < regular.Count)) all.Add(regular[r++]);
            else all.Add(branches[b++]);
        }

        return all;
    }
}
