using Shouldly;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.JointOrders;
using Xunit;
using static SSC.Purchasing.Procurement.JointOrders.JointOrder;
using static SSC.Purchasing.Tests.Procurement.JointOrders.Orders;

namespace SSC.Purchasing.Tests.Procurement.JointOrders;

public class JointOrderSpecs
{
    private static readonly OrderTerms Paper = Terms(Line(Orders.Paper()));
    private static readonly Event Planned = new Event.Planned(Paper);
    private static readonly Event Opened = new Event.Opened(1, Paper.Lines, Friday);
    private static readonly Event Closed = new Event.Closed(Friday);
    private static readonly ContractStanding Sound = new(true, true, 1, Paper.Lines);

    private static State Given(params Event[] events) => events.Aggregate(Initial, Evolve);

    private static void Refuses(Decision<Event> decision, string code) =>
        decision.ShouldBeOfType<Decision<Event>.Refused>().Refusal.Code.ShouldBe(code);

    private static IReadOnlyList<Event> Records(Decision<Event> decision) => decision.ShouldBeOfType<Decision<Event>.Accepted>().Events;

    private static Settlement Settled(params CommitmentAtClose[] commitments) => SettlementRules.Compute(Input(Paper, commitments));

    [Fact]
    public void an_order_opens_only_on_an_active_contract_awarded_on_competition()
    {
        Refuses(Decide(new Command.Open(Monday, Sound with { Active = false }), Given(Planned)), "contract-not-active");
        Refuses(Decide(new Command.Open(Monday, Sound with { QualifiesFor15b = false }), Given(Planned)), "authority-missing");
        Refuses(Decide(new Command.Open(Friday, Sound), Given(Planned)), "cutoff-passed");
        Records(Decide(new Command.Open(Monday, Sound), Given(Planned))).ShouldBe([Opened]);
    }

    [Fact]
    public void it_closes_at_the_cutoff_and_not_a_second_earlier()
    {
        Refuses(Decide(new Command.Close(Friday.AddSeconds(-1)), Given(Planned, Opened)), "too-early");
        Records(Decide(new Command.Close(Friday), Given(Planned, Opened))).ShouldBe([Closed]);
        Records(Decide(new Command.Close(Friday), Given(Planned, Opened, Closed))).ShouldBeEmpty();
    }

    [Fact]
    public void the_coordinator_closes_it_before_the_cutoff_for_a_reason_and_that_is_kept()
    {
        Refuses(Decide(new Command.CloseEarly(" "), Given(Planned, Opened)), "reason-missing");
        Refuses(Decide(new Command.CloseEarly("all are in"), Given(Planned)), "order-phase");
        Refuses(Decide(new Command.CloseEarly("all are in"), Given(Planned, Opened, new Event.Held("recall"))), "order-phase");
        Records(Decide(new Command.CloseEarly("all are in"), Given(Planned, Opened))).ShouldBe([new Event.Closed(Friday, "all are in")]);
        Records(Decide(new Command.CloseEarly("again"), Given(Planned, Opened, Closed))).ShouldBeEmpty();
        var filling = Given(Planned, Opened, new Event.BoxFillStarted([new(1, Quantity.Of(12))], Friday.AddHours(24), Basis()));
        Records(Decide(new Command.CloseEarly("full"), filling)).ShouldBe([new Event.Closed(Friday, "full")]);
    }

    [Fact]
    public void box_fill_takes_only_what_is_missing_from_members_that_take_part()
    {
        var state = Given(Planned, Opened, new Event.BoxFillStarted([new(1, Quantity.Of(12))], Friday.AddHours(24), Basis()));
        Command Claim(long quantity, bool participant = true) =>
            new Command.ClaimBoxFill(new("M-001"), new("M-001-A"), 1, Quantity.Of(quantity), participant);
        Refuses(Decide(Claim(13), state), "box-fill-exceeds-shortfall");
        Refuses(Decide(Claim(5, false), state), "box-fill-not-a-participant");
        var claimed = Records(Decide(Claim(8), state)).ShouldHaveSingleItem();
        Refuses(Decide(Claim(13), Evolve(state, claimed)), "box-fill-exceeds-shortfall");
        Refuses(Decide(Claim(4), Evolve(state, claimed)), "box-fill-only-more");
        Records(Decide(Claim(12), Evolve(state, claimed)))
            .ShouldBe([new Event.BoxFillClaimed(new("M-001"), new("M-001-A"), 1, Quantity.Of(4))]);
    }

    [Fact]
    public void a_missed_minimum_goes_through_its_branches_in_order_and_extends_only_once()
    {
        var policies = new OrderPolicies
        {
            MinimumUnits = Quantity.Of(200),
            WhenMinimumMissed = [MinimumMissedAction.Extend, MinimumMissedAction.TopUp, MinimumMissedAction.FallbackTier],
        };
        var terms = Paper with { Policies = policies };
        var missed = new Event.MinimumMissed(1, new(Quantity.Of(80), Money.Zero, Quantity.Of(200), Money.Zero, false), Basis());
        var state = Given(new Event.Planned(terms), Opened, Closed, missed);
        var branch = new Command.TakeMinimumBranch(Friday, Friday.AddDays(7));

        var first = Records(Decide(branch, state)).ShouldHaveSingleItem().ShouldBeOfType<Event.Extended>();
        state = new Event[] { first, Closed, missed }.Aggregate(state, Evolve);
        var second = Records(Decide(branch, state)).ShouldHaveSingleItem().ShouldBeOfType<Event.TopUpRequested>();
        state = Evolve(state, second);
        Records(Decide(branch, state)).ShouldBeEmpty("the coordinator still has time");
        branch = branch with { Now = Friday.AddDays(7) };
        var third = Records(Decide(branch, state)).ShouldHaveSingleItem().ShouldBeOfType<Event.FallbackOffered>();
        third.Generation.ShouldBe(2);
        state = new Event[] { third, Closed, missed }.Aggregate(state, Evolve);
        Records(Decide(branch, state)).ShouldHaveSingleItem().ShouldBeOfType<Event.Cancelled>().Reason.ShouldBe("minimum missed");
    }

    [Fact]
    public void a_settlement_whose_shares_do_not_add_up_is_refused()
    {
        var settlement = Settled(Commits("A", 40), Commits("B", 40));
        var line = settlement.Lines[0];
        var wrong = settlement with { Lines = [line with { Ordered = line.Ordered + Quantity.Of(40) }] };
        Refuses(Decide(new Command.Settle(wrong), Given(Planned, Opened, Closed)), "settlement-unbalanced");
    }

    [Fact]
    public void tiers_are_fixed_once_on_the_last_settlement()
    {
        var state = Given([Planned, Opened, Closed,
            .. Records(Decide(new Command.Settle(Settled(Commits("A", 200))), Given(Planned, Opened, Closed)))]);
        state = Evolve(state, new Event.Encumbered([new("A")], []));
        var fixedNow = Records(Decide(new Command.FixTiers(), state));
        fixedNow[0].ShouldBe(new Event.TierFixed(1, Quantity.Of(200), UnitPrice.FromDollars(39.75m), Quantity.Of(200), 1));
        fixedNow[1].ShouldBe(new Event.Ready(new("V-whitewater"), 1));
        Records(Decide(new Command.FixTiers(), fixedNow.Aggregate(state, Evolve))).ShouldBeEmpty();
    }

    [Fact]
    public void a_vendor_that_refuses_is_followed_by_the_next_ranked_one_and_then_the_order_is_cancelled()
    {
        var state = Given(Planned, Opened, Closed, new Event.Ready(Paper.Vendor, 1), new Event.Issued(Paper.Vendor, "PO-1"));
        var next = Records(Decide(new Command.ReAward(Paper.Vendor, "rejected"), state)).ShouldHaveSingleItem();
        next.ShouldBe(new Event.ReAwarded(Paper.Vendor, new("V-second"), "rejected"));
        state = Evolve(Evolve(state, next), new Event.Issued(new("V-second"), "PO-2"));

        Refuses(Decide(new Command.RecordConfirmed(Paper.Vendor), state), "order-re-awarded");
        Records(Decide(new Command.ReAward(new("V-second"), "silent"), state))
            .ShouldHaveSingleItem().ShouldBe(new Event.Cancelled("no vendor left: silent", OrderPhase.Issued));
    }

    [Fact]
    public void a_held_order_moves_to_a_successor_that_sells_the_same_lines_and_members_confirm_again()
    {
        var state = Given(Planned, Opened, new Event.Held("contract expired"));
        var successor = Paper with { Contract = new("C-next"), Vendor = new("V-next"), Cutoff = Friday.AddDays(14) };
        Refuses(
            Decide(new Command.MoveToSuccessor(successor with { Lines = [] }, Friday), state), "successor-lines-differ");
        var moved = Records(Decide(new Command.MoveToSuccessor(successor, Friday), state)).ShouldHaveSingleItem();
        Evolve(state, moved).ShouldSatisfyAllConditions(
            s => s.Phase.ShouldBe(OrderPhase.Open), s => s.Generation.ShouldBe(2), s => s.CurrentVendor.ShouldBe(new VendorId("V-next")));
    }
}
