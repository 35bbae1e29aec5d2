using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.JointOrders;
using SSC.Purchasing.Procurement.Receiving;

namespace SSC.Purchasing.Host.Demo;

/// <summary>
/// One joint order for every branch of shipping, receiving, sharing again and closing out: ordinary orders of the demo that get the
/// branch's title and script.
/// </summary>
internal static class DeliveryBranches
{
    private static readonly Dictionary<string, (string Title, DeliveryScript Script)> Branches = new(StringComparer.Ordinal)
    {
        ["Apples and pears, 1"] = ("Apples and pears — short at one site, credited", DeliveryScripts.ShortCredited),
        ["Apples and pears, 3"] = ("Apples and pears — substitute accepted", DeliveryScripts.SubstituteAccepted("APPLE-138")),
        ["Apples and pears, 5"] =
            ("Apples and pears — substitute returned, delivered again", DeliveryScripts.SubstituteReturned("APPLE-138")),
        ["Milk, 1"] = ("Milk — claim unanswered, escalated, credited", DeliveryScripts.ShortUnanswered),
        ["Milk, 3"] = ("Milk — excess accepted", DeliveryScripts.TooMuch(taken: true)),
        ["Gloves and liners, 1"] = ("Gloves and liners — damaged, replaced", DeliveryScripts.DamagedReplaced),
        ["Gloves and liners, 3"] = ("Gloves and liners — damage denied, claim withdrawn", DeliveryScripts.DamageDenied),
        ["Gloves and liners, 4"] = ("Gloves and liners — damaged at the warehouse, replaced", DeliveryScripts.DamagedReplaced),
        ["Copy paper, 2"] = ("Copy paper — short at the warehouse, shared again", DeliveryScripts.ShortCredited),
        ["Classroom chairs, 1"] = ("Classroom chairs — left at the wrong site, forwarded", DeliveryScripts.LeftElsewhere),
        ["Chicken patties, 1"] = ("Chicken patties — turned away at the door", DeliveryScripts.TurnedAway),
        ["Student laptops, 1"] = ("Student laptops — part back-ordered, delivered", DeliveryScripts.BackOrderComes),
        ["Student laptops, 3"] = ("Student laptops — back-order lapsed, released", DeliveryScripts.BackOrderLapses),
        ["Student laptops, 5"] = ("Student laptops — back-order kept on, delivered late", DeliveryScripts.BackOrderKept),
        ["Road salt, 1"] = ("Road salt — a fifth more tolerated, the rest returned", DeliveryScripts.TooMuch(taken: false)),
        ["Floor finish, 1"] = ("Floor finish — received without despatch", DeliveryScripts.Arrives),
        ["Floor finish, 3"] = ("Floor finish — receipt missing, reminded", DeliveryScripts.ReceivedLate),
        ["Floor finish, 5"] = ("Floor finish — closed out, compensated", DeliveryScripts.Arrives),
        ["Bus tires, 1"] = ("Bus tires — cancelled after shipment, sent back", DeliveryScripts.SentBack),
    };

    /// <summary>Kitchens, classrooms and playgrounds get their own.</summary>
    private static readonly DemoContract[] AtItsSites =
        [DemoMarket.Food, DemoMarket.Milk, DemoMarket.Produce, DemoMarket.Furniture, DemoMarket.Playground];

    /// <summary>The order under its branch's title, where it shows one; else what keeps in a warehouse comes to the warehouse.</summary>
    public static DemoOrder Named(DemoOrder order)
    {
        if (!Branches.TryGetValue(order.Title, out var branch))
            return AtItsSites.Contains(order.Contract) ? order : DeliveryScripts.Centrally(order);
        var named = order with { Title = branch.Title, Delivery = branch.Script };
        return order.Title switch
        {
            "Road salt, 1" => named with { Policies = named.Policies with { Receiving = new() { OverDeliveryBasisPoints = 2_000 } } },
            "Floor finish, 5" => named with { Then = Compensate },
            "Bus tires, 1" => named with { Policies = named.Policies with { CentralSite = DeliveryScripts.Warehouse } },
            _ => named,
        };
    }

    /// <summary>After the close-out nothing is reopened: a leaking pail is compensated, citing what was received.</summary>
    private static IEnumerable<Happening> Compensate(DemoOrder order, RecordedEvent e)
    {
        if (e.Fact is not JointOrder.Event.ClosedOut { Evidence: var evidence }) return [];
        var received = evidence.Deliveries[0];
        var member = order.Commitments.First(c => c.Member.Sites.Any(s =>
            received.Stream.EndsWith($":{s.Id}", StringComparison.Ordinal))).Member.No;
        return
        [
            new(Clocks.Business(e.At, 12, 9), s => s.OrderRefused(
                order.Coordinator, order.Id, new JointOrder.Command.Cancel("a pail leaks"), "order-closed-out")),
            new(Clocks.Business(e.At, 12, 10), s => s.Order(order.Coordinator, order.Id, new JointOrder.Command.Compensate(new(
                "CM-LATE-1", new(received.Stream, received.Version), member, 1, Quantity.Of(-1), Money.FromDollars(-148m),
                "one pail leaked in storage; the vendor credited it after the close-out")))),
        ];
    }
}
