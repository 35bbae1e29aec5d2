using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Procurement.Contracts;

namespace SSC.Purchasing.Host.Demo;

/// <summary>A vendor of the demo; every name is invented.</summary>
internal sealed record DemoVendor(string Key, string Name, OrderChannelKind Channel)
{
    public VendorId Id => new($"V-{Key}");

    /// <summary>Its order desk's user id.</summary>
    public string DeskId => $"u-{Key}-orders";

    /// <summary>Its order desk, as events name who acts.</summary>
    public string Desk => $"user:{DeskId}";

    public OrderChannel OrderChannel => Channel == OrderChannelKind.HttpsPush
        ? new(Channel, $"https://orders.{Key}.example/purchase-orders")
        : new(Channel);
}

/// <summary>How often a vendor's prices move.</summary>
internal enum Repricing
{
    /// <summary>Once a year, on 1 July, by a producer price index.</summary>
    Yearly,

    /// <summary>By a monthly escalator.</summary>
    Monthly,

    /// <summary>By a weekly market quote.</summary>
    Weekly,
}

/// <summary>An item and how much of it a member of size one orders.</summary>
internal sealed record DemoItem(ScheduleLine Line, decimal PerSize);

/// <summary>A contract of the demo.</summary>
internal sealed record DemoContract(string Key, DemoVendor Vendor, string Title, IReadOnlyList<DemoItem> Items)
{
    /// <summary>UFARS program of its goods.</summary>
    public required string Program { get; init; }

    /// <summary>UFARS object of its goods.</summary>
    public required string Object { get; init; }

    /// <summary>Booked to the food service fund.</summary>
    public bool Federal { get; init; }

    public ContractId Id => new($"C-{Key}");

    public ContractScope Scope { get; init; } = ContractScope.Statewide;

    public FeeTerms Fee { get; init; } = new(FeePayer.Vendor, 150);

    public Money? Freight { get; init; }

    /// <summary>Who is invoiced: the cooperative for all, unless the vendor delivers to few and bills each.</summary>
    public BillingMode Billing { get; init; } = BillingMode.Cooperative;

    public Repricing Repricing { get; init; }

    public StructuralList<VendorId> Alternates { get; init; }

    /// <summary>Kinds of members; empty for all.</summary>
    public StructuralList<string> OpenTo { get; init; }

    public DemoItem Item(string no) => Items.Single(i => i.Line.Item.Value == no);
}

/// <summary>The vendors and contracts of the demo, each with its trait: <c>docs</c> and the table name them.</summary>
internal static class DemoMarket
{
    public static readonly DemoVendor Whitewater = new("whitewater", "Whitewater Paper Supply (demo)", OrderChannelKind.HttpsPush);
    public static readonly DemoVendor Zumbro = new("zumbro", "Zumbro Valley Fuels (demo)", OrderChannelKind.ApiPickup);
    public static readonly DemoVendor Driftless = new("driftless", "Driftless Foodservice (demo)", OrderChannelKind.ApiPickup);
    public static readonly DemoVendor RootRiver = new("root-river", "Root River Dairy (demo)", OrderChannelKind.ApiPickup);
    public static readonly DemoVendor Hiawatha = new("hiawatha", "Hiawatha Produce (demo)", OrderChannelKind.Manual);
    public static readonly DemoVendor Bluffland = new("bluffland", "Bluffland Janitorial (demo)", OrderChannelKind.ApiPickup);
    public static readonly DemoVendor Northfork = new("northfork", "Northfork Devices (demo)", OrderChannelKind.HttpsPush);
    public static readonly DemoVendor Prairie = new("prairie", "Prairie Learning Spaces (demo)", OrderChannelKind.ApiPickup);
    public static readonly DemoVendor UpperRiver = new("upper-river", "Upper River Minerals (demo)", OrderChannelKind.Manual);
    public static readonly DemoVendor TriCounty = new("tri-county", "Tri-County Tire (demo)", OrderChannelKind.ApiPickup);
    public static readonly DemoVendor Cascade = new("cascade", "Cascade Safety (demo)", OrderChannelKind.ApiPickup);
    public static readonly DemoVendor Lakeshore = new("lakeshore", "Lakeshore Electric Supply (demo)", OrderChannelKind.ApiPickup);
    public static readonly DemoVendor Oxbow = new("oxbow", "Oxbow Playgrounds (demo)", OrderChannelKind.ApiPickup);
    public static readonly DemoVendor Stillwater = new("stillwater", "Stillwater Chemical (demo)", OrderChannelKind.Manual);

    /// <summary>The fourteen.</summary>
    public static readonly IReadOnlyList<DemoVendor> Vendors =
    [
        Whitewater, Zumbro, Driftless, RootRiver, Hiawatha, Bluffland, Northfork, Prairie, UpperRiver, TriCounty, Cascade, Lakeshore, Oxbow,
        Stillwater,
    ];

    private static readonly StructuralList<string> Schools =
    [
        nameof(MemberKind.SchoolDistrict), nameof(MemberKind.CharterSchool), nameof(MemberKind.NonpublicSchool),
        nameof(MemberKind.OtherCooperativeDistrict), nameof(MemberKind.AssociateEducation),
    ];

    public static readonly DemoContract Paper = new("paper", Whitewater, "Copy paper by the pallet and the truck",
    [
        Of("PAPER-20LB", "Copy paper 8.5 x 11, 20 lb, white, carton of 10 reams", "XCT", 40, 1, 5m, (0, 41.90m), (200, 39.75m),
            (840, 37.85m)),
        Of("PAPER-TRUCK", "Copy paper 8.5 x 11, 20 lb, full truck of 840 cartons", "XCT", 840, 1, 7m, (0, 37.40m)),
    ])
    { Program = "203", Object = "401" };

    public static readonly DemoContract FuelLock = new("fuel-lock", Zumbro, "Ultra-low-sulfur diesel B5, fixed price",
    [
        Of("ULSD-B5-LOCK", "Ultra-low-sulfur diesel B5, fixed price, lots of 42,000 gallons", "GLL", 42_000, 500, 1_100m, (0, 2.689m))
            with { FeeCents = 1, Tolerance = false },
    ])
    { Program = "760", Object = "440", Fee = new(FeePayer.Member, 0, new(1)) };

    public static readonly DemoContract FuelRack = new("fuel-rack", Zumbro, "Ultra-low-sulfur diesel B5, rack plus 8.45 cents",
        [Of("ULSD-B5-RACK", "Ultra-low-sulfur diesel B5, rack average + $0.0845", "GLL", 500, 500, 800m, (0, 2.4845m))
            with { FeeCents = 1 }])
    { Program = "760", Object = "440", Fee = new(FeePayer.Member, 0, new(1)), Repricing = Repricing.Weekly };

    public static readonly DemoContract Food = new("food", Driftless, "Frozen foods for school kitchens",
    [
        Of("CHICKEN-PATTY", "Whole-grain chicken patty, 30 lb case, USDA commodity", "XCS", 10, 1, 20m, (0, 54.60m))
            with { FeeCents = 235, CreditCents = 1842, MinimumDrop = 15, FederalFood = true },
    ])
    { Program = "770", Object = "490", Federal = true, OpenTo = Schools };

    public static readonly DemoContract Milk = new("milk", RootRiver, "Milk for school meals",
        [Of("MILK-1PCT-HP", "1 % milk, half-pint, crate of 50", "EA", 50, 50, 1_500m, (0, 0.305m))
            with { FederalFood = true, Tolerance = false }])
    { Program = "770", Object = "495", Federal = true, OpenTo = Schools, Repricing = Repricing.Monthly };

    public static readonly DemoContract Produce = new("produce", Hiawatha, "Fresh produce",
    [
        Of("APPLE-125", "Apples, fresh, 125-count case", "XCS", 7, 1, 9m, (0, 34.20m)) with { FederalFood = true },
        Of("PEAR-120", "Pears, fresh, 120-count case", "XCS", 7, 1, 4m, (0, 38.50m)) with { FederalFood = true },
    ])
    { Program = "770", Object = "490", Federal = true, OpenTo = Schools, Repricing = Repricing.Weekly };

    public static readonly DemoContract Janitorial = new("janitorial", Bluffland, "Janitorial supplies",
    [
        Of("GLOVE-NITRILE", "Nitrile gloves, powder-free, case of 1,000", "XCS", 1, 1, 4m, (0, 62.50m), (100, 58.90m)),
        Of("LINER-33", "Can liners, 33 gallon, case", "XCS", 1, 1, 6m, (0, 27.40m)),
    ])
    { Program = "810", Object = "401", Alternates = [Stillwater.Id] };

    public static readonly DemoContract Devices = new("devices", Northfork, "Student devices",
        [Of("LAPTOP-11", "Student laptop, 11.6 inch", "EA", 5, 1, 6m, (0, 289m), (250, 279m), (1_000, 268m))])
    { Program = "605", Object = "555" };

    public static readonly DemoContract Furniture = new("furniture", Prairie, "Classroom furniture",
        [Of("CHAIR-18", "Student chair, 18 inch", "EA", 4, 1, 7m, (0, 68.50m), (500, 63.75m))])
    { Program = "203", Object = "530", Freight = Money.FromDollars(1_850m) };

    public static readonly DemoContract Salt = new("salt", UpperRiver, "Road salt, delivered",
        [Of("SALT-ROAD", "Road salt, short ton, delivered", "STN", 24, 1, 120m, (0, 101.20m), (1_000, 96.40m))])
    {
        Program = "760", Object = "225", OpenTo = [nameof(MemberKind.City), nameof(MemberKind.County)], Billing = BillingMode.VendorDirect,
    };

    public static readonly DemoContract Tires = new("tires", TriCounty, "Bus and truck tires",
        [Of("TIRE-11R225", "Bus tire 11R22.5, all position", "EA", 2, 1, 1.6m, (0, 318m))])
    { Program = "760", Object = "350", Alternates = [Zumbro.Id] };

    public static readonly DemoContract Safety = new("safety", Cascade, "Defibrillators and safety equipment",
        [Of("AED-KIT", "Automated external defibrillator, kit with cabinet", "EA", 1, 1, 0.8m, (0, 1_395m))])
    { Program = "720", Object = "530" };

    public static readonly DemoContract Lighting = new("lighting", Lakeshore, "LED lamps",
        [Of("LED-T8-25", "LED tube T8, 4 foot, 25-pack", "XPK", 4, 1, 1.6m, (0, 172.50m), (40, 161m))])
    { Program = "810", Object = "350" };

    public static readonly DemoContract LightingNext = Lighting with { Key = "lighting-2", Title = "LED lamps, second award" };

    public static readonly DemoContract Playground = new("playground", Oxbow, "Playground surfacing",
        [Of("FIBER-EWF", "Engineered wood fiber, cubic yard, delivered", "YDQ", 1, 1, 5m, (0, 31.75m))])
    { Program = "810", Object = "520", Billing = BillingMode.VendorDirect };

    public static readonly DemoContract Floor = new("floor", Stillwater, "Floor care",
        [Of("FINISH-5GAL", "Floor finish, 5 gallon pail", "XPL", 4, 1, 2.4m, (0, 148m))])
    { Program = "810", Object = "402" };

    /// <summary>The sixteen.</summary>
    public static readonly IReadOnlyList<DemoContract> Contracts =
    [
        Paper, FuelLock, FuelRack, Food, Milk, Produce, Janitorial, Devices, Furniture, Salt, Tires, Safety, Lighting, LightingNext,
        Playground, Floor,
    ];

    /// <summary>The vendor of an id.</summary>
    public static DemoVendor Vendor(VendorId id) => Vendors.Single(v => v.Id == id);

    /// <summary>A price ladder moved by a factor: to the cent, small prices to a hundredth of it.</summary>
    public static ScheduleLine Repriced(ScheduleLine line, decimal factor) => line with
    {
        Tiers = [.. line.Tiers.Select(
            t => t with { Price = UnitPrice.FromDollars(decimal.Round(t.Price.Dollars * factor, t.Price.Dollars < 5m ? 4 : 2)) })],
    };

    private static ItemMaker Of(
        string no, string description, string unit, int caseSize, int increment, decimal perSize,
            params (int From, decimal Price)[] tiers) =>
        new(no, description, unit, caseSize, increment, perSize, tiers);

    /// <summary>A row of the table above, with what few items have.</summary>
    private sealed record ItemMaker(
        string No, string Description, string Unit, int CaseSize, int Increment, decimal PerSize, (int From, decimal Price)[] Tiers)
    {
        public int? FeeCents { get; init; }

        public int? CreditCents { get; init; }

        public int MinimumDrop { get; init; }

        public bool FederalFood { get; init; }

        public bool Tolerance { get; init; } = true;

        public static implicit operator DemoItem(ItemMaker m) => new(
            new(
                new(m.No), m.Description, m.Unit, Quantity.Of(m.CaseSize), Quantity.Of(m.Increment),
                [.. m.Tiers.Select(t => new Tier(Quantity.Of(t.From), UnitPrice.FromDollars(t.Price)))])
            {
                FeePerUnit = m.FeeCents is { } fee ? new Money(fee) : null,
                CommodityCreditPerUnit = m.CreditCents is { } credit ? new Money(credit) : null,
                MinimumDrop = Quantity.Of(m.MinimumDrop),
                FederalFood = m.FederalFood,
                ToleranceAllowed = m.Tolerance,
            },
            m.PerSize);
    }
}
