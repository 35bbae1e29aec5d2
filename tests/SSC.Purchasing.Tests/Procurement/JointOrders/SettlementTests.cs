using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.JointOrders;
using Xunit;
using static SSC.Purchasing.Tests.Procurement.JointOrders.Orders;

namespace SSC.Purchasing.Tests.Procurement.JointOrders;

public class SettlementTests
{
    private static decimal[] Units(Settlement settlement) => [.. settlement.Lines[0].Shares.Select(s => s.Allocated.Units)];

    [Fact]
    public void first_come_fills_two_cases_of_twelve_as_twelve_seven_and_five()
    {
        var settlement = SettlementRules.Compute(Input(
            Terms(Line(Item(12, 1), AllocationPolicy.FirstCome)),
            Commits("A", 10, 4, position: 1), Commits("B", 7, 2, position: 2), Commits("C", 5, 3, position: 3)));
        settlement.Lines[0].Cases.ShouldBe(2);
        Units(settlement).ShouldBe([12m, 7m, 5m]);
    }

    [Fact]
    public void when_only_one_of_two_cases_arrives_the_line_is_allocated_again_and_the_last_comer_gets_nothing()
    {
        var input = Input(
            Terms(Line(Item(12, 1), AllocationPolicy.FirstCome)),
            Commits("A", 10, 4, position: 1), Commits("B", 7, 2, position: 2), Commits("C", 5, 3, position: 3));
        var again = SettlementRules.Reallocate(input, 1, Quantity.Of(12), UnitPrice.FromDollars(1));
        again.Shares.Select(s => s.Allocated.Units).ShouldBe([10m, 2m, 0m]);
        again.Shares.Select(s => s.Short.Units).ShouldBe([0m, 5m, 5m]);
        again.Goods.ShouldBe(Money.FromDollars(12));
    }

    [Fact]
    public void the_tier_is_taken_from_the_total_after_rounding_to_whole_cases()
    {
        // 195 cartons and 5 of tolerance fill five pallets of 40: 200, the second tier.
        var settlement = SettlementRules.Compute(Input(Terms(Line(Paper())), Commits("A", 100, 5), Commits("B", 95)));
        settlement.Lines[0].Ordered.ShouldBe(Quantity.Of(200));
        settlement.Lines[0].Price.ShouldBe(UnitPrice.FromDollars(39.75m));
        settlement.Lines[0].Goods.ShouldBe(Money.FromDollars(7_950));
    }

    [Fact]
    public void a_member_whose_maximum_price_is_exceeded_falls_out_and_that_lowers_the_tier_for_the_rest()
    {
        // Without C there are 160: the first tier, above B's maximum too; A alone remains.
        var settlement = SettlementRules.Compute(Input(
            Terms(Line(Paper())), Commits("A", 80), Commits("B", 80, maxPrice: 40m), Commits("C", 40, maxPrice: 39m)));
        settlement.Iterations.ShouldBe(3);
        settlement.Excluded.Select(e => (e.Member.Value, e.Code, e.LineNo)).ShouldBe(
            [("B", "max-price-exceeded", 1), ("C", "max-price-exceeded", 1)]);
        Units(settlement).ShouldBe([80m]);
        settlement.Lines[0].Price.ShouldBe(UnitPrice.FromDollars(41.90m));
    }

    [Fact]
    public void a_remainder_that_fills_no_case_is_named_for_each_member()
    {
        var policies = new OrderPolicies { Remainder = RemainderPolicy.Waitlist };
        var settlement = SettlementRules.Compute(
            Input(Terms(Line(Item(12, 1)), policies), Commits("A", 10), Commits("B", 7), Commits("C", 5)));
        Units(settlement).ShouldBe([5m, 4m, 3m]);
        settlement.Lines[0].Shares.Select(s => (s.Short.Units, s.Remainder))
            .ShouldBe([(5m, "waitlist"), (3m, "waitlist"), (2m, "waitlist")]);
    }

    [Fact]
    public void tolerance_alone_opens_no_case_and_the_minimum_is_missed()
    {
        var settlement = SettlementRules.Compute(Input(Terms(Line(Item(4, 1))), Commits("A", 0, 5)));
        settlement.Minimum.Met.ShouldBeFalse();
        settlement.Minimum.Units.ShouldBe(Quantity.Zero);
    }

    [Fact]
    public void freight_is_shared_by_amount_to_the_cent()
    {
        var policies = new OrderPolicies { Freight = Money.FromDollars(185) };
        var settlement = SettlementRules.Compute(Input(
            Terms(Line(Item(1, 0.01m)), policies), Commits("A", 123_456), Commits("B", 98_765), Commits("C", 43_210)));
        settlement.Totals.Select(t => t.Freight.ToString()).ShouldBe(["86.04", "68.84", "30.12"]);
    }

    [Fact]
    public void taking_tolerance_beyond_what_was_committed_needs_approval_and_without_it_the_member_is_out()
    {
        var terms = Terms(Line(Item(12, 10)));
        var over = Commits("A", 10, 4, committed: 100m);
        var asked = SettlementRules.Compute(Input(terms, over, Commits("B", 12)));
        asked.ApprovalsNeeded.ShouldHaveSingleItem().ShouldBe(
            new(new("A"), Money.FromDollars(120), Money.FromDollars(100), ["over-commitment"]));

        var final = SettlementRules.Compute(Input(terms, over, Commits("B", 12)) with { Basis = Basis(final: true) });
        final.ApprovalsNeeded.ShouldBeEmpty();
        final.Excluded.ShouldHaveSingleItem().Code.ShouldBe("approval-not-given");
        Units(final).ShouldBe([12m]);
    }

    [Fact]
    public void goods_above_25_000_dollars_wait_for_the_evidence_that_the_states_contract_was_considered()
    {
        var terms = Terms(Line(Item(1, 289)));
        var without = Commits("A", 100) with { CpvConsidered = false };
        SettlementRules.Compute(Input(terms, without)).ApprovalsNeeded.ShouldHaveSingleItem().Reasons.ShouldBe(["cpv-missing"]);
        SettlementRules.Compute(Input(terms, Commits("A", 100))).ApprovalsNeeded.ShouldBeEmpty();
    }

    [Fact]
    public void federal_food_is_charged_with_its_fee_per_case_and_credited_with_its_commodity_value()
    {
        var patty = Item(1, 54.60m)
            with { FeePerUnit = Money.FromDollars(2.35m), CommodityCreditPerUnit = Money.FromDollars(18.42m), FederalFood = true };
        var settlement = SettlementRules.Compute(Input(Terms(Line(patty)), Commits("A", 15), Commits("B", 30)));
        settlement.Totals.Select(t => t.Total.ToString()).ShouldBe(["577.95", "1155.90"]);
    }

    [Fact]
    public void whatever_is_committed_the_shares_sum_to_the_order_in_units_and_to_the_cent_whatever_the_order_of_inputs()
    {
        var commitment =
            from quantity in Gen.Choose(0, 60)
            from tolerance in Gen.Choose(0, 9)
            from limited in Gen.Choose(0, 3)
            from tenths in Gen.Choose(0, 40)
            select (Quantity: quantity, Tolerance: tolerance, Limit: limited == 0 ? 38m + (tenths / 10m) : (decimal?)null);
        var inputs =
            from c in Gen.ArrayOf(commitment)
            from s in Gen.Choose(1, 40)
            from p in Gen.Elements(Enum.GetValues<AllocationPolicy>())
            select (c, s, p);
        Prop.ForAll(inputs.ToArbitrary(), i =>
        {
            var commitments = i.c.Select((c, n) => Commits(
                $"M-{n:000}", c.Quantity, c.Quantity == 0 ? 0 : c.Tolerance, c.Limit, position: 100 - n, priority: n % 3)).ToArray();
            var terms = Terms(Line(Paper(i.s), i.p), new() { Freight = new(1234) });
            var settlement = SettlementRules.Compute(Input(terms, commitments));
            var line = settlement.Lines[0];
            var reversed = SettlementRules.Compute(Input(terms, [.. commitments.Reverse()]));
            return line.Ordered == line.Shares.Select(s => s.Allocated).Sum()
                && line.Goods == line.Shares.Select(s => s.Goods).Sum()
                && (settlement.Totals.Count == 0 || settlement.Totals.Select(t => t.Freight).Sum() == new Money(1234))
                && settlement.Totals.Select(t => t.Total).Sum() == line.Goods + (settlement.Totals.Count == 0 ? Money.Zero : new(1234))
                && line.Shares.All(s => s.Drops.Select(d => d.Quantity).Sum() == s.Allocated)
                && reversed == settlement;
        }).QuickCheckThrowOnFailure();
    }
}
