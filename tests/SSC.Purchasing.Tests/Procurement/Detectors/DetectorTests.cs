using Shouldly;
using SSC.Purchasing.Audit;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Contracts;
using SSC.Purchasing.Procurement.Detectors;
using SSC.Purchasing.Procurement.JointOrders;
using SSC.Purchasing.Tests.Testbed;
using Xunit;

namespace SSC.Purchasing.Tests.Procurement.Detectors;

public class DetectorTests
{
    private static readonly DateTimeOffset Start = BusinessCalendar.InstantOf(new(2026, 3, 2), new(9, 0));
    private readonly SagaTestbed bed = new(
        EventCatalogue.Of([typeof(Contract).Assembly]), Start, [], _ => (_, _, _) => throw new InvalidOperationException());

    [Fact]
    public async Task an_award_on_one_quotation_or_on_short_notice_is_found_with_its_rule()
    {
        await Award("C-quotes", AuthorityKind.JointPowersQuotation, new("Q-1", new(2026, 1, 5), new(2026, 1, 30), 1));
        await Award("C-bids", AuthorityKind.JointPowersBid, new("B-1", new(2026, 1, 5), new(2026, 1, 14), 3));
        await Award("C-good", AuthorityKind.JointPowersBid, new("B-2", new(2026, 1, 5), new(2026, 1, 15), 1));
        (await Find()).Select(f => $"{f.Kind} {f.Subject}").ShouldBe(["notice-too-short C-bids", "second-quote-missing C-quotes"]);
        (await Find()).ShouldAllBe(f => f.Rule.StartsWith("Minn. Stat.") && f.Evidence.Count == 1);
    }

    [Fact]
    public async Task a_line_above_the_days_amount_without_the_states_contract_is_found_and_by_the_amount_of_that_day()
    {
        await Order("JO-1", "C-1", "M-001", 25_000.01m);
        var found = (await Find()).Single();
        (found.Kind, found.Amount, found.Limit).ShouldBe(("cpv-not-considered", Money.FromDollars(25_000.01m), Money.FromDollars(25_000m)));
        await Order("JO-2", "C-2", "M-002", 25_000m);
        (await Find()).Count.ShouldBe(1);
    }

    [Fact]
    public async Task considering_the_states_contract_before_settles_it()
    {
        await bed.Given("commitment-JO-1:M-001", new Commitment.Event.CpvConsidered("memo of 2 March"));
        await Order("JO-1", "C-1", "M-001", 30_000m);
        (await Find()).ShouldBeEmpty();
    }

    [Fact]
    public async Task an_approval_by_the_buyer_itself_is_none()
    {
        await Commit("JO-1", "M-001", 5_000m);
        await bed.Given("commitment-JO-1:M-001", new Commitment.Event.Approved("buyer", Money.FromDollars(9_000m)));
        await Order("JO-1", "C-1", "M-001", 8_000m);
        (await Find()).Single().ShouldSatisfyAllConditions(
            f => f.Kind.ShouldBe("approval-missing"), f => f.Member.ShouldBe(new MemberNo("M-001")), f =>
                f.Limit.ShouldBe(Money.FromDollars(5_000m)));
        await Commit("JO-2", "M-002", 5_000m);
        await bed.Given("commitment-JO-2:M-002", new Commitment.Event.Approved("superintendent", Money.FromDollars(9_000m)));
        await Order("JO-2", "C-2", "M-002", 8_000m);
        (await Find()).Count.ShouldBe(1);
    }

    [Fact]
    public async Task several_purchases_within_a_month_that_each_stay_below_a_limit_are_found_together()
    {
        await Award("C-direct", AuthorityKind.Negotiated, null);
        await Order("JO-1", "C-direct", "M-001", 20_000m);
        await Order("JO-2", "C-direct", "M-002", 20_000m);
        (await Find()).ShouldBeEmpty();
        await bed.AdvanceTo(Start.AddDays(20));
        await Order("JO-3", "C-direct", "M-001", 6_000m);
        var found = (await Find()).Single();
        (found.Kind, found.Amount, found.Limit).ShouldBe(
            ("split-below-quotations", Money.FromDollars(26_000m), Money.FromDollars(25_000m)));
        found.Explanation.ShouldContain("JO-1, JO-3");
    }

    [Fact]
    public async Task under_a_joint_powers_competition_only_the_members_own_threshold_counts()
    {
        await Award("C-bids", AuthorityKind.JointPowersBid, new("B-1", new(2026, 1, 5), new(2026, 2, 14), 3));
        await Commit("JO-1", "M-001", 21_000m);
        await Commit("JO-2", "M-001", 21_000m);
        await Order("JO-1", "C-bids", "M-001", 20_000m);
        await Order("JO-2", "C-bids", "M-001", 20_000m);
        (await Find()).Single().Kind.ShouldBe("split-below-approval");
    }

    [Fact]
    public async Task purchases_further_apart_than_the_window_are_no_split()
    {
        await Award("C-direct", AuthorityKind.Negotiated, null);
        await Order("JO-1", "C-direct", "M-001", 20_000m);
        await bed.AdvanceTo(Start.AddDays(31));
        await Order("JO-2", "C-direct", "M-001", 20_000m);
        (await Find()).ShouldBeEmpty();
    }

    [Fact]
    public async Task an_order_that_closed_and_came_to_no_end_is_found_once_nothing_has_happened_for_long()
    {
        await bed.Given("joint-order-JO-1", new JointOrder.Event.Closed(Start));
        (await Find(Start.AddDays(30))).ShouldBeEmpty();
        (await Find(Start.AddDays(31))).Single().Kind.ShouldBe("order-unfinished");
        await bed.Given("joint-order-JO-1", new JointOrder.Event.Cancelled("nobody came", OrderPhase.Closed));
        (await Find(Start.AddDays(90))).ShouldBeEmpty();
    }

    [Fact]
    public async Task as_of_a_position_only_what_was_recorded_by_then_counts()
    {
        await Order("JO-1", "C-1", "M-001", 30_000m);
        var report = await new AuditFindings(bed.Store, Detectors).Run(SagaTestbed.Tenant, toPosition: 1);
        report.Findings.ShouldBeEmpty();
        report.ToPosition.ShouldBe(1);
    }

    private static readonly IDetector[] Detectors = [new MissingEvidence(), new SplitPurchases(), new LatePayments(), new UnfinishedWork()];

    private async Task<IReadOnlyList<Finding>> Find(DateTimeOffset? day = null) => (await new AuditFindings(bed.Store, Detectors)
        .Run(SagaTestbed.Tenant, asOf: BusinessCalendar.LocalDate(day ?? bed.Clock.Now))).Findings;

    private Task Award(string contract, AuthorityKind kind, SolicitationEvidence? evidence) => bed.Given(
        $"contract-{contract}", new Contract.Event.Awarded(
            new(new("V-1"), new("SSC"), new(kind, "citation"), new(2026, 2, 1), new(2027, 1, 31), evidence),
            new("Goods", ContractScope.Cooperative, FeeTerms.None, BillingMode.VendorDirect, new("delivered"))));

    private Task Commit(string order, string member, decimal threshold) => bed.Given(
        $"commitment-{order}:{member}", new Commitment.Event.Placed(
            new(order), new(member), new("SSC"), [], [], Money.Zero, Money.FromDollars(threshold), 0, 1, "buyer"));

    /// <summary>An order of one line that one member bought, from its plan to the point where it is ready for the vendor.</summary>
    private Task Order(string order, string contract, string member, decimal amount)
    {
        var money = Money.FromDollars(amount);
        var terms = JointOrders.Orders.Terms(JointOrders.Orders.Line(JointOrders.Orders.Paper())) with { Contract = new(contract) };
        var share = new MemberShare(
            new(member), Quantity.Of(40), Quantity.Zero, Quantity.Zero, null, money, Money.Zero, Money.Zero,
            [new(new($"{member}-A"), Quantity.Of(40))], "all");
        var outcome = new LineOutcome(
            1, Quantity.Of(40), Quantity.Zero, 1, Quantity.Of(40), Quantity.Zero, UnitPrice.FromDollars(1m), money, [share]);
        return bed.Given(
            $"joint-order-{order}", new JointOrder.Event.Planned(terms), new JointOrder.Event.Closed(bed.Clock.Now),
            new JointOrder.Event.LineAllocated(1, outcome),
            new JointOrder.Event.Settled(
                1, new(Quantity.Of(40), money, Quantity.Zero, Money.Zero, true), [new(new(member), money, Money.Zero, money)], [], [],
                JointOrders.Orders.Basis()),
            new JointOrder.Event.Ready(new("V-1"), 1), new JointOrder.Event.Confirmed(new("V-1")));
    }
}
