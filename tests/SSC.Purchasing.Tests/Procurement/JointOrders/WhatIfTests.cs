using Shouldly;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.JointOrders;
using Xunit;
using static SSC.Purchasing.Tests.Procurement.JointOrders.Orders;

namespace SSC.Purchasing.Tests.Procurement.JointOrders;

public class WhatIfTests
{
    private static readonly SettlementInput Past = Input(Terms(Line(Paper())), Commits("A", 120), Commits("B", 80));

    [Fact]
    public void nothing_changed_changes_nothing()
    {
        var effect = WhatIf.Compare(new("JO-1"), Past, new()).Effect.ShouldNotBeNull();
        (effect.CostBefore, effect.CostAfter).ShouldBe((Money.FromDollars(7_950m), Money.FromDollars(7_950m)));
        effect.Members.ShouldAllBe(m => m.Difference == Money.Zero);
    }

    [Fact]
    public void a_larger_pool_would_have_reached_the_next_tier()
    {
        var report = WhatIf.Report([WhatIf.Compare(new("JO-1"), Past, new() { AsIfPooled = Quantity.Of(840) })]);
        report.CostAfter.ShouldBe(Money.FromDollars(200 * 37.85m));
        (report.Gaining, report.Losing).ShouldBe((2, 0));
        report.Members.Select(m => m.Member.Value).ShouldBe(["A", "B"]); // who gains most comes first
    }

    [Fact]
    public void another_vendors_schedule_names_what_it_does_not_list()
    {
        var dearer = Paper() with { Tiers = [Tier(0, 45m)] };
        WhatIf.Compare(new("JO-1"), Past, new() { Prices = [dearer] }).Effect!.CostAfter.ShouldBe(Money.FromDollars(9_000m));
        WhatIf.Compare(new("JO-1"), Past, new() { Prices = [Item(1, 2m)] }).Not!.Reason.ShouldContain("PAPER-20LB");
    }

    [Fact]
    public void another_policy_moves_units_from_one_member_to_another()
    {
        var input = Input(
            Terms(Line(Item(12, 1), AllocationPolicy.FirstCome)),
            Commits("A", 10, 4, position: 1), Commits("B", 7, 2, position: 2), Commits("C", 5, 3, position: 3));
        var effect = WhatIf.Compare(new("JO-1"), input, new() { Policy = AllocationPolicy.ProRata }).Effect!;
        effect.Members.Sum(m => m.UnitsAfter.Units).ShouldBe(24m);
        effect.Members.Any(m => m.UnitsAfter != m.UnitsBefore).ShouldBeTrue();
        effect.CostAfter.ShouldBe(effect.CostBefore);
    }
}
