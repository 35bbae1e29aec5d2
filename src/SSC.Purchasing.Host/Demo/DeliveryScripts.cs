using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.JointOrders;
using SSC.Purchasing.Procurement.Receiving;

namespace SSC.Purchasing.Host.Demo;

/// <summary>What becomes of a delivery from the moment it is expected.</summary>
internal delegate IEnumerable<Happening> DeliveryScript(DemoOrder order, Delivery.Event.Expected expected, DateTimeOffset at);

/// <summary>
/// The ways in which goods arrive. Days are business days from the day they are due. An order's own script is played at its largest
/// site (or its central one); everywhere else everything arrives as ordered.
/// </summary>
internal static class DeliveryScripts
{
    /// <summary>Where goods for several members are delivered.</summary>
    public static readonly SiteId Warehouse = new("SSC-WH");

    /// <summary>The order delivered to the cooperative's warehouse for all its members; fuel and salt go where they are used.</summary>
    public static DemoOrder Centrally(DemoOrder order) =>
        order.Contract == DemoMarket.FuelLock || order.Contract == DemoMarket.FuelRack || order.Contract == DemoMarket.Salt
            ? order
            : order with { Policies = order.Policies with { CentralSite = Warehouse } };

    /// <summary>What follows when something was recorded about deliveries, or about an order that is being delivered.</summary>
    public static IEnumerable<Happening> After(DemoOrder order, RecordedEvent e, DateTimeOffset billedElsewhereUntil) => e.Fact switch
    {
        Delivery.Event.Expected f => IsChosen(order, f) && order.Delivery is { } script ? script(order, f, e.At) : Arrives(order, f, e.At),
        JointOrder.Event.DeliveryStarted f when !DemoInvoices.IsBilledHere(order, billedElsewhereUntil) => Billed(order, f, e.At),
        _ => [],
    };

    /// <summary>Everything arrives as ordered; only what comes centrally, and furniture, is announced.</summary>
    public static readonly DeliveryScript Arrives = (order, f, at) =>
    [
        .. f.Member is null || order.Contract == DemoMarket.Furniture ? [Sent(f, at, 100)] : Array.Empty<Happening>(),
        Receipt(order, f, at, 0, "1", 100),
    ];

    /// <summary>Nobody records the receipt until the site is reminded.</summary>
    public static readonly DeliveryScript ReceivedLate = (order, f, at) => [Receipt(order, f, at, 9, "1", 100)];

    /// <summary>A tenth is missing; the vendor credits it.</summary>
    public static readonly DeliveryScript ShortCredited = (order, f, at) =>
    [
        Sent(f, at, 100), Receipt(order, f, at, 0, "1", 90),
        Says(order, f, at, 0, 11, l => new Delivery.Command.ReportShortage("S-1", l.Line, Part(l, 10), false, "not on the pallet")),
        Answers(f, at, 2, ClaimAnswer.CreditPromised, null), Ends(order, f, at, 8, ClaimResolution.Credited, "CM-1"),
    ];

    /// <summary>A tenth is missing, and the vendor does not answer in time; the coordinator gets the credit.</summary>
    public static readonly DeliveryScript ShortUnanswered = (order, f, at) =>
    [
        Receipt(order, f, at, 0, "1", 90),
        Says(order, f, at, 0, 11, l => new Delivery.Command.ReportShortage("S-1", l.Line, Part(l, 10), false, "two crates fewer")),
        Answers(f, at, 13, ClaimAnswer.CreditPromised, null), Ends(order, f, at, 16, ClaimResolution.Credited, "CM-1"),
    ];

    /// <summary>A tenth is damaged; the vendor sends it again.</summary>
    public static readonly DeliveryScript DamagedReplaced = (order, f, at) =>
    [
        Sent(f, at, 100), Receipt(order, f, at, 0, "1", 100), Damaged(order, f, at),
        Answers(f, at, 2, ClaimAnswer.Replacement, 6), Receipt(order, f, at, 5, "2", 10, onlyFirst: true),
        Ends(order, f, at, 5, ClaimResolution.Replaced, null),
    ];

    /// <summary>A tenth is damaged; the vendor owes nothing, as it turns out.</summary>
    public static readonly DeliveryScript DamageDenied = (order, f, at) =>
    [
        Receipt(order, f, at, 0, "1", 100), Damaged(order, f, at), Answers(f, at, 2, ClaimAnswer.Denied, null),
        Ends(order, f, at, 5, ClaimResolution.Withdrawn, null),
    ];

    /// <summary>Left at another site and forwarded the next day.</summary>
    public static readonly DeliveryScript LeftElsewhere = (order, f, at) =>
    [
        Says(order, f, at, 0, 9, l => new Delivery.Command.ReportWrongSite(
            "W-1", l.Line, l.Total(), Sites(order).First(s => s != f.Site), "the driver had the next address")),
        Says(order, f, at, 1, 10, _ => new Delivery.Command.AcceptHeld(1)),
    ];

    /// <summary>Another item comes and is taken.</summary>
    public static DeliveryScript SubstituteAccepted(string item) => (order, f, at) =>
    [
        Receipt(order, f, at, 0, "1", 100, item: item), Says(order, f, at, 0, 14, _ => new Delivery.Command.AcceptHeld(1)),
    ];

    /// <summary>Another item comes and goes back; the ordered one follows.</summary>
    public static DeliveryScript SubstituteReturned(string item) => (order, f, at) =>
    [
        Receipt(order, f, at, 0, "1", 100, item: item),
        Says(order, f, at, 0, 14, _ => new Delivery.Command.ReturnHeld(1, "menus are planned with the ordered count", Day(f, 4))),
        Receipt(order, f, at, 3, "2", 100, onlyFirst: true),
    ];

    /// <summary>Turned away at the door, for good.</summary>
    public static readonly DeliveryScript TurnedAway = (order, f, at) =>
        [Says(order, f, at, 0, 9, l => new Delivery.Command.Refuse("F-1", l.Line, l.Total(), "thawed on the way", null))];

    /// <summary>A fifth is back-ordered and comes within its time.</summary>
    public static readonly DeliveryScript BackOrderComes = (order, f, at) =>
        [Sent(f, at, 80), Receipt(order, f, at, 0, "1", 80), Receipt(order, f, at, 12, "2", 20, onlyFirst: true)];

    /// <summary>A fifth is back-ordered and never comes.</summary>
    public static readonly DeliveryScript BackOrderLapses = (order, f, at) => [Sent(f, at, 80), Receipt(order, f, at, 0, "1", 80)];

    /// <summary>A fifth is back-ordered; the buyer waits longer for it.</summary>
    public static readonly DeliveryScript BackOrderKept = (order, f, at) =>
    [
        Sent(f, at, 80), Receipt(order, f, at, 0, "1", 80),
        Says(order, f, at, 10, 9, l => new Delivery.Command.KeepBackOrder(l.Line, Day(f, 40))),
        Receipt(order, f, at, 30, "2", 20, onlyFirst: true),
    ];

    /// <summary>Three tenths more than ordered come: what is within the tolerance counts, the rest goes back or is taken.</summary>
    public static DeliveryScript TooMuch(bool taken) => (order, f, at) =>
    [
        Receipt(order, f, at, 0, "1", 130, onlyFirst: true), Receipt(order, f, at, 0, "1a", 100, onlyOthers: true),
        Says(order, f, at, 1, 9, _ => taken
            ? new Delivery.Command.AcceptHeld(1)
            : new Delivery.Command.ReturnHeld(1, "beyond what was ordered and tolerated", null)),
    ];

    /// <summary>Cancelled when it was on its way: refused, sent back from every site, credited.</summary>
    public static readonly DeliveryScript SentBack = (order, f, at) =>
    [
        Sent(f, at, 100),
        new(When(f, at, -1, 13), s => s.OrderRefused(
            order.Coordinator, f.JointOrder, new JointOrder.Command.Cancel("the buses are sold"), "cancel-after-shipment")),
        new(When(f, at, -1, 14), s => s.SendBack(order.Coordinator, f.JointOrder, f.Vendor, "the buses are sold")),
        Says(order, f, at, 3, 9, _ => new Delivery.Command.RecordReturn(1, Day(f, 3))),
        new(When(f, at, 9, 10), s => s.Deliver(Desk(f), Key(f), new Delivery.Command.CreditReturn(1, "CM-R1"))),
    ];

    private static bool IsChosen(DemoOrder order, Delivery.Event.Expected f) => f.Member is null || f.Site == Sites(order).First();

    /// <summary>An order's sites, the largest of its first line first.</summary>
    private static IEnumerable<SiteId> Sites(DemoOrder order) => order.Commitments.Where(c => !c.Withdraws).SelectMany(c => c.Final)
        .Where(l => l.LineNo == 1).OrderByDescending(l => l.Quantity).ThenBy(l => l.Site).Select(l => l.Site);

    private static IEnumerable<Happening> Billed(DemoOrder order, JointOrder.Event.DeliveryStarted f, DateTimeOffset at) =>
    [
        new(Clocks.Business(at, 35, 10), s => s.Billed(
            order.Coordinator, order.Id, f.Vendor, "invoices paid from the general ledger, before they were kept here")),
    ];

    private static Happening Sent(Delivery.Event.Expected f, DateTimeOffset at, int percent) => new(When(f, at, -1, 8), s =>
        s.Despatch(Desk(f), Key(f), new(
            $"DA-{f.Expectation.OrderNumber}-{f.Site}", f.Expectation.OrderNumber, f.Vendor, f.Site, Day(f, -1),
            [.. f.Expectation.Lines.Select((l, i) => new DespatchLine(
                l.Line, l.Item, i == 0 ? Most(l, percent) : l.Total(), l.Unit)
            {
                BackOrdered = i == 0 && percent < 100 ? Part(l, 100 - percent) : null,
            })])));

    private static Happening Receipt(
        DemoOrder order, Delivery.Event.Expected f, DateTimeOffset at, int day, string number, int percent, bool onlyFirst = false,
        bool onlyOthers = false, string? item = null)
    {
        var lines = f.Expectation.Lines.Select((l, i) => new ReceiptLine(
            l.Line, i == 0 && item is not null ? new(item) : l.Item,
            i > 0 ? l.Total() : percent < 50 ? Part(l, percent) : percent > 100 ? l.Total() + Part(l, percent - 100) : Most(l, percent),
            l.Unit));
        StructuralList<ReceiptLine> counted = [.. onlyFirst ? lines.Take(1) : onlyOthers ? lines.Skip(1) : lines];
        var receipt = new GoodsReceipt($"PS-{f.Expectation.OrderNumber}-{number}", Day(f, day), counted);
        return new(When(f, at, day, 10), s => counted.Count == 0
            ? Task.CompletedTask
            : s.Deliver(Receiver(order, f), Key(f), new Delivery.Command.Receive(receipt)));
    }

    private static Happening Damaged(DemoOrder order, Delivery.Event.Expected f, DateTimeOffset at) => Says(
        order, f, at, 0, 13, l => new Delivery.Command.ReportDamage("X-1", l.Line, Part(l, 10), true, "crushed inside the pallet"));

    private static Happening Answers(Delivery.Event.Expected f, DateTimeOffset at, int day, ClaimAnswer answer, int? replaceBy) =>
        new(When(f, at, day, 15), s => s.Deliver(
            Desk(f), Key(f), new Delivery.Command.AnswerClaim(1, answer, null, replaceBy is { } by ? Day(f, by) : null)));

    private static Happening Ends(
        DemoOrder order, Delivery.Event.Expected f, DateTimeOffset at, int day, ClaimResolution resolution, string? document) =>
        Says(order, f, at, day, 16, _ => new Delivery.Command.ResolveClaim(1, resolution, document));

    private static Happening Says(
        DemoOrder order, Delivery.Event.Expected f, DateTimeOffset at, int day, int hour, Func<ExpectedLine, Delivery.Command> command) =>
        new(When(f, at, day, hour), s => s.Deliver(Receiver(order, f), Key(f), command(f.Expectation.Lines[0])));

    /// <summary>The site's buyer; at a central site, and for the coordinator's stock, the coordinator.</summary>
    private static string Receiver(DemoOrder order, Delivery.Event.Expected f) =>
        order.Commitments.FirstOrDefault(c => c.Member.No == f.Member)?.Member.Buyer ?? order.Coordinator;

    private static string Desk(Delivery.Event.Expected f) => DemoMarket.Vendor(f.Vendor).Desk;

    private static DeliveryKey Key(Delivery.Event.Expected f) => new(f.JointOrder, f.Vendor, f.Site);

    private static DateOnly Day(Delivery.Event.Expected f, int day) =>
        BusinessCalendar.Minnesota.AddBusinessDays(f.Expectation.DueOn, day);

    /// <summary>A time on a business day from the day goods are due; soon, when that is over.</summary>
    private static DateTimeOffset When(Delivery.Event.Expected f, DateTimeOffset at, int day, int hour)
    {
        var time = Clocks.On(Day(f, day), hour, f.Site.Value.Sum(c => c) % 50);
        return time > at ? time : at.AddHours(1);
    }

    private static Quantity Part(ExpectedLine line, int percent) => Quantity.Of(Math.Max(1, (long)(line.Total().Units * percent / 100m)));

    private static Quantity Most(ExpectedLine line, int percent) =>
        percent == 100 ? line.Total() : line.Total() - Part(line, 100 - percent);
}
