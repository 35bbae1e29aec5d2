using Shouldly;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.JointOrders;
using Xunit;
using static SSC.Purchasing.Procurement.JointOrders.Commitment;
using static SSC.Purchasing.Tests.Procurement.JointOrders.Orders;

namespace SSC.Purchasing.Tests.Procurement.JointOrders;

public class CommitmentSpecs
{
    private static readonly MemberStanding Rochester = new(
        new("M-001"), new("SSC"), "buyer-1", [new("M-001-A"), new("M-001-B")], 0, Money.FromDollars(5_000), null);

    private static readonly OrderStanding Open =
        new(new("JO-1"), OrderPhase.Open, Friday, 1, [Line(Paper() with { MinimumDrop = Quantity.Of(10) })]);

    private static CommitmentLine Wants(decimal quantity, decimal tolerance = 0, string site = "M-001-A") => new(
        1, new(site), Quantity.FromDecimal(quantity), Quantity.FromDecimal(tolerance), [new(Supplies, 10_000)]);

    private static Decision<Event> Commit(State state, params CommitmentLine[] lines) =>
        Decide(new Command.Commit([.. lines], Open, Rochester, Monday), state);

    private static string Refused(Decision<Event> decision) => decision.ShouldBeOfType<Decision<Event>.Refused>().Refusal.Code;

    private static State After(State state, Decision<Event> decision) =>
        decision.ShouldBeOfType<Decision<Event>.Accepted>().Events.Aggregate(state, Evolve);

    [Fact]
    public void a_revision_says_what_moved_and_repeating_it_records_nothing()
    {
        var state = After(Initial, Commit(Initial, Wants(40)));
        var revised = Commit(state, Wants(60, 5));
        var fact = revised.ShouldBeOfType<Decision<Event>.Accepted>().Events.ShouldHaveSingleItem().ShouldBeOfType<Event.Revised>();
        fact.Changes.ShouldBe([new(1, Quantity.Of(40), Quantity.Of(60), Quantity.Zero, Quantity.Of(5))]);
        fact.Amount.ShouldBe(Money.FromDollars(60 * 41.90m));
        Commit(After(state, revised), Wants(60, 5)).ShouldBeOfType<Decision<Event>.Accepted>().Events.ShouldBeEmpty();
    }

    [Fact]
    public void bad_lines_are_refused_each_with_its_own_code()
    {
        Refused(Commit(Initial, Wants(0))).ShouldBe("nothing-committed");
        Refused(Commit(Initial, Wants(-10))).ShouldBe("quantity-negative");
        Refused(Commit(Initial, Wants(20), Wants(-10, site: "M-001-B"))).ShouldBe("quantity-negative");
        Refused(Commit(Initial, Wants(1_000_000_001m))).ShouldBe("quantity-too-large");
        Refused(Commit(Initial, Wants(20.5m))).ShouldBe("quantity-not-whole");
        Refused(Commit(Initial, Wants(5))).ShouldBe("below-minimum-drop");
        Refused(Commit(Initial, Wants(20, site: "M-002-A"))).ShouldBe("unknown-site");
        Refused(Commit(Initial, Wants(20), Wants(30))).ShouldBe("duplicate-line");
        Refused(Commit(Initial, Wants(20) with { LineNo = 9 })).ShouldBe("unknown-line");
        Refused(Commit(Initial, Wants(20) with { MaxPrice = default(UnitPrice) })).ShouldBe("max-price-not-positive");
        Refused(Commit(Initial, Wants(20) with { Accounts = [] })).ShouldBe("account-missing");
        Refused(Commit(Initial, Wants(20) with { Accounts = [new(Supplies, 6_000), new(Supplies, 3_999)] }))
            .ShouldBe("account-splits-not-whole");
        Refused(Commit(Initial)).ShouldBe("nothing-committed");
    }

    [Fact]
    public void quantities_off_the_increment_are_refused()
    {
        var pallets = Open with { Lines = [Line(Paper()) with { SiteIncrement = Quantity.Of(40) }] };
        Refused(Decide(new Command.Commit([Wants(50)], pallets, Rochester, Monday), Initial)).ShouldBe("quantity-off-increment");
        var exact = Open with { Lines = [Line(Paper() with { ToleranceAllowed = false })] };
        Refused(Decide(new Command.Commit([Wants(50, 5)], exact, Rochester, Monday), Initial)).ShouldBe("tolerance-not-allowed");
    }

    [Theory]
    [InlineData(OrderPhase.Planned, "order-not-open")]
    [InlineData(OrderPhase.Held, "order-held")]
    [InlineData(OrderPhase.BoxFill, "box-fill-only")]
    [InlineData(OrderPhase.Closed, "order-closed")]
    [InlineData(OrderPhase.Cancelled, "order-closed")]
    public void nothing_is_taken_unless_the_order_is_open(OrderPhase phase, string code) =>
        Refused(Decide(new Command.Commit([Wants(40)], Open with { Phase = phase }, Rochester, Monday), Initial)).ShouldBe(code);

    [Fact]
    public void at_the_cutoff_itself_it_is_too_late_to_commit_or_withdraw()
    {
        Refused(Decide(new Command.Commit([Wants(40)], Open, Rochester, Friday), Initial)).ShouldBe("order-closed");
        var state = After(Initial, Commit(Initial, Wants(40)));
        Refused(Decide(new Command.Withdraw(Open, Friday), state)).ShouldBe("order-closed");
        After(state, Decide(new Command.Withdraw(Open, Friday.AddTicks(-1)), state)).Lines.ShouldBeEmpty();
    }

    [Fact]
    public void above_the_members_threshold_the_approver_is_not_the_buyer()
    {
        var state = After(Initial, Commit(Initial, Wants(400)));
        Refused(Decide(new Command.Approve("buyer-1", Money.FromDollars(17_000)), state)).ShouldBe("approver-is-buyer");
        After(state, Decide(new Command.Approve("buyer-1", Money.FromDollars(4_000)), state)).ApprovedUpTo.ShouldBe(
            Money.FromDollars(4_000));
        state = After(state, Decide(new Command.Approve("approver-2", Money.FromDollars(17_000)), state));
        state.ApprovedUpTo.ShouldBe(Money.FromDollars(17_000));
        Decide(new Command.Approve("approver-2", Money.FromDollars(17_000)), state)
            .ShouldBeOfType<Decision<Event>.Accepted>().Events.ShouldBeEmpty();
    }
}
