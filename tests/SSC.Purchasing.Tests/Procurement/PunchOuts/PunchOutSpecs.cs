using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.JointOrders;
using SSC.Purchasing.Procurement.PunchOuts;
using SSC.Purchasing.Tests.Properties;
using SSC.Purchasing.Tests.Testbed;
using Xunit;
using static SSC.Purchasing.Procurement.PunchOuts.PunchOutSession;
using static SSC.Purchasing.Tests.Procurement.JointOrders.Orders;

namespace SSC.Purchasing.Tests.Procurement.PunchOuts;

/// <summary>Visits that specs start from.</summary>
internal static class Visits
{
    public static readonly ShopIdentity Mill = new("DUNS", "081234567");
    public static readonly SiteId Site = new("M-001-A");

    public static readonly MemberStanding Rochester = new(new("M-001"), new("SSC"), "buyer-1", [Site], 0, null, null);

    public static readonly OrderStanding Order = new(
        new("JO-1"), OrderPhase.Open, Friday, 1,
        [Line(Paper() with { MinimumDrop = Quantity.Of(10) }), Line(Item(12, 5m) with { Increment = Quantity.Of(12) }, lineNo: 2)]);

    public static readonly Command.Open In = new(new("V-whitewater"), Mill, "shop.example", Site, Order, Rochester, Monday);

    public static readonly PunchOutVisit Visit = new(
        new("JO-1"), 1, new("M-001"), Site, new("V-whitewater"), Mill, "shop.example", "buyer-1", Monday + Patience);

    public static PunchOutItem Paper20(int no, decimal quantity, decimal price = 41.90m, string unit = "XCT") =>
        new(no, new("PAPER-20LB"), Quantity.FromDecimal(quantity), unit, UnitPrice.FromDollars(price), "Copy paper");

    public static PunchOutItem Other(int no, string item, decimal quantity, decimal price = 5m) =>
        new(no, new(item), Quantity.FromDecimal(quantity), "EA", UnitPrice.FromDollars(price), item);

    public static Basket Basket(params PunchOutItem[] items) => new(new string('a', 64), [.. items], []);

    public static Command.Return Back(params PunchOutItem[] items) => new([Mill], Basket(items), Order, Monday.AddHours(1));
}

public class PunchOutSpecs : SpecFor<PunchOutSession, Command, State, Event>
{
    private static readonly Event Opened = new Event.Opened(Visits.Visit);

    private static readonly Event Returned = new Event.Returned(
        new string('a', 64), [new(1, new("PAPER-20LB"), Quantity.Of(20), UnitPrice.FromDollars(41.90m), "Copy paper")], []);

    [Fact]
    public void a_member_is_let_in_for_a_working_day_and_never_beyond_the_cutoff()
    {
        Given().When(Visits.In).Records(Opened);
        Given(Opened).When(Visits.In).RecordsNothing();
        Given(Opened).When(Visits.In with { Now = Monday.AddMinutes(1) }).Refuses("punch-out-exists");
        var late = Friday.AddHours(-1);
        Given().When(Visits.In with { Now = late }).Records(new Event.Opened(Visits.Visit with { ExpiresAt = Friday }));
    }

    [Fact]
    public void only_who_may_commit_goes_shopping()
    {
        Given().When(Visits.In with { Now = Friday }).Refuses("order-closed");
        Given().When(Visits.In with { Order = Visits.Order with { Phase = OrderPhase.Held } }).Refuses("order-held");
        Given().When(Visits.In with { Site = new("M-002-A") }).Refuses("unknown-site");
        Given().When(Visits.In with { Member = Visits.Rochester with { NotEligible = new("participation-missing", "Join first.") } })
            .Refuses("participation-missing");
        Given().When(Visits.In with { Shop = "" }).Refuses("punch-out-visit-invalid");
    }

    [Fact]
    public void a_basket_from_before_is_changed_or_looked_at()
    {
        var edit = Visits.In with { Operation = PunchOutOperation.Edit, BasketOf = "5e55" };
        var editing = new Event.Opened(Visits.Visit with { Operation = PunchOutOperation.Edit, BasketOf = "5e55" });
        Given().When(edit).Records(editing);
        Given().When(edit with { BasketOf = null }).Refuses("punch-out-basket-missing");
        Given().When(edit with { Operation = PunchOutOperation.Create }).Refuses("punch-out-basket-missing");
        Given(editing).When(Visits.Back(Visits.Paper20(1, 15), Visits.Paper20(2, 5))).Records(Returned);
        Given(new Event.Opened(Visits.Visit with { Operation = PunchOutOperation.Inspect, BasketOf = "5e55" }))
            .When(Visits.Back(Visits.Paper20(1, 20))).Refuses("punch-out-inspect-only");
    }

    [Fact]
    public void a_basket_comes_back_once_and_the_same_one_again_changes_nothing()
    {
        Given(Opened).When(Visits.Back(Visits.Paper20(1, 15), Visits.Paper20(2, 5))).Records(Returned);
        Given(Opened, Returned).When(Visits.Back(Visits.Paper20(1, 15), Visits.Paper20(2, 5))).RecordsNothing();
        Given(Opened, Returned).When(Visits.Back() with { Basket = Visits.Basket() with { Sha256 = new string('b', 64) } })
            .Refuses("punch-out-cookie-used");
        Given().When(Visits.Back()).Refuses("punch-out-unknown");
    }

    [Fact]
    public void a_basket_from_another_supplier_too_late_or_for_another_order_is_not_taken()
    {
        Given(Opened).When(Visits.Back() with { From = [new("DUNS", "089999999")] }).Refuses("punch-out-identity-differs");
        Given(Opened).When(Visits.Back() with { From = [] }).Refuses("punch-out-identity-differs");
        Given(Opened).When(Visits.Back() with { From = [new("NetworkID", "AN01"), new("duns", "081234567")] }).ShouldBeAccepted();
        Given(Opened).When(Visits.Back() with { Now = Visits.Visit.ExpiresAt }).Refuses("punch-out-expired");
        Given(Opened).When(Visits.Back() with { Order = Visits.Order with { Generation = 2 } }).Refuses("punch-out-order-changed");
        Given(Opened).When(Visits.Back() with { Basket = Visits.Basket() with { Sha256 = "a" } }).Refuses("punch-out-basket-invalid");
    }

    [Fact]
    public void what_cannot_be_bought_on_the_order_is_named_and_the_rest_is_taken()
    {
        var (lines, faults) = Map(
            Visits.Paper20(1, 20), Visits.Other(2, "PENS", 3), Visits.Other(3, "ITEM", 7));
        lines.ShouldHaveSingleItem().LineNo.ShouldBe(1);
        faults.Select(f => (f.No, f.Code)).ShouldBe([(2, "item-not-in-order"), (3, "quantity-off-increment")]);
        Codes(Visits.Paper20(1, 20, unit: "RM")).ShouldBe(["unit-differs"]);
        Codes(Visits.Paper20(1, 20, price: 38m)).ShouldBe(["price-not-scheduled"]);
        Codes(Visits.Paper20(1, 20, price: 37.85m)).ShouldBeEmpty();
        Codes(Visits.Paper20(1, 9)).ShouldBe(["below-minimum-drop"]);
        Codes(Visits.Paper20(1, 10.5m)).ShouldBe(["quantity-not-whole"]);
        Codes(Visits.Paper20(1, 600_000_000), Visits.Paper20(2, 600_000_000)).ShouldBe(["quantity-too-large", "quantity-too-large"]);
    }

    [Fact]
    public void an_item_is_taken_whole_or_not_at_all()
    {
        Codes(Visits.Paper20(1, 20), Visits.Paper20(2, 20, price: 1m)).ShouldBe(["item-in-doubt", "price-not-scheduled"]);
        var unreadable = Visits.Basket(Visits.Paper20(1, 20)) with
        {
            Faults = [new(2, new("PAPER-20LB"), "unit-unknown", "Use the unit of the order.")],
        };
        var (lines, faults) = BasketRules.Map(unreadable, Visits.Order.Lines, Visits.Site);
        lines.ShouldBeEmpty();
        faults.Select(f => f.Code).ShouldBe(["item-in-doubt", "unit-unknown"]);
    }

    [Fact]
    public void a_basket_becomes_a_commitment_once()
    {
        var take = new Command.Accept("buyer-1", false, 1, 3);
        Given(Opened).When(take).Refuses("punch-out-not-returned");
        Given(Opened, Returned).When(take).Records(new Event.Accepted("buyer-1", false, 3));
        Given(Opened, Returned, new Event.Accepted("buyer-1", false, 3)).When(take).RecordsNothing();
        Given(Opened, Returned, new Event.Accepted("buyer-1", false, 3)).When(take with { CommitmentVersion = 4 })
            .Refuses("punch-out-accepted");
        Given(Opened, Returned).When(take with { Generation = 2 }).Refuses("punch-out-order-changed");
    }

    [Fact]
    public void a_faulty_basket_is_taken_only_by_one_who_leaves_the_faults_out()
    {
        var faulty = ((Event.Returned)Returned) with { Faults = [new(2, null, "item-missing", "Name each item.")] };
        Given(Opened, faulty).When(new Command.Accept("buyer-1", false, 1, 1)).Refuses("punch-out-basket-faulty");
        Given(Opened, faulty).When(new Command.Accept("buyer-1", true, 1, 1)).Records(new Event.Accepted("buyer-1", true, 1));
        Given(Opened, faulty with { Lines = [] }).When(new Command.Accept("buyer-1", true, 1, 1)).Refuses("punch-out-basket-empty");
    }

    private static (StructuralList<BasketLine> Lines, StructuralList<BasketFault> Faults) Map(params PunchOutItem[] items) =>
        BasketRules.Map(Visits.Basket(items), Visits.Order.Lines, Visits.Site);

    private static IEnumerable<string> Codes(params PunchOutItem[] items)
    {
        var (lines, faults) = Map(items);
        lines.Select(l => l.Item).Intersect(faults.Select(f => f.Item!.Value)).ShouldBeEmpty("an item is taken whole or not at all");
        return faults.Select(f => f.Code);
    }
}

public class PunchOutLaws : DeciderLaws<PunchOutSession, Command, State, Event>
{
    protected override Gen<Command> Commands => Gen.Frequency(
        (2, Gen.Choose(0, 2).Select(h => (Command)(Visits.In with { Now = Monday.AddHours(h * 60) }))),
        (4, from quantity in Gen.Choose(0, 40)
            from price in Gen.Elements(41.90m, 12m)
            from hours in Gen.Choose(1, 10)
            from hash in Gen.Elements('a', 'b')
            from who in Gen.Elements(Visits.Mill, new ShopIdentity("DUNS", "0"))
            select (Command)new Command.Return(
                [who], new(new string(hash, 64), [Visits.Paper20(1, quantity, price)], []), Visits.Order, Monday.AddHours(hours))),
        (3, from without in Gen.Elements(true, false)
            from generation in Gen.Choose(1, 2)
            from version in Gen.Choose(1, 2)
            select (Command)new Command.Accept("buyer-1", without, generation, version)));

    protected override IEnumerable<IReadOnlyList<Command>> Scenarios =>
        [[Visits.In, Visits.Back(Visits.Paper20(1, 20)), new Command.Accept("buyer-1", false, 1, 1)]];
}
