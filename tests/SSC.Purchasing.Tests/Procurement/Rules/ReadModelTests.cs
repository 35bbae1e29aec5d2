using Shouldly;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Budgets;
using SSC.Purchasing.Procurement.Catalog;
using SSC.Purchasing.Procurement.Contracts;
using SSC.Purchasing.Procurement.PurchaseOrders;
using SSC.Purchasing.Tests.Procurement.Contracts;
using SSC.Purchasing.Tests.Procurement.PurchaseOrders;
using Xunit;
using static SSC.Purchasing.Tests.Procurement.Contracts.ContractSpecs;
using static SSC.Purchasing.Tests.Procurement.PurchaseOrders.PurchaseOrderSamples;

namespace SSC.Purchasing.Tests.Procurement.Rules;

public class ReadModelTests
{
    private static readonly DateTimeOffset Now = new(2025, 9, 15, 17, 0, 0, TimeSpan.Zero);
    private static readonly DateOnly Today = new(2025, 9, 15);
    private static readonly VendorId Vendor = ContractSpecs.Award.Vendor;

    [Fact]
    public void the_contract_register_follows_a_contract_through_its_life()
    {
        var register = new ContractRegister();
        object[] facts =
        [
            new Contract.Event.Awarded(ContractSpecs.Award, Trading), Published(1, Start, 40m),
            new Contract.Event.Amended(Trading with { Title = "Paper" }, "shorter"), new Contract.Event.Suspended("recall"),
        ];
        var suspended = Projected.Rows(register, "contract-C-2025-paper", Now, facts)["C-2025-paper"];
        (suspended.Id, suspended.Standing, suspended.SuspendedFor)
            .ShouldBe((new("C-2025-paper"), ContractStanding.Suspended, "recall"));
        (suspended.Trading.Title, suspended.ScheduleVersion, suspended.Items, suspended.QualifiesFor15b).ShouldBe(("Paper", 1, 1, true));
        register.Index("vendor", suspended).ShouldBe(Vendor.Value);

        var revived = Projected.Rows(register, "contract-C-2025-paper", Now,
        [
            .. facts, new Contract.Event.Reinstated(), new Contract.Event.Expired(End),
            new Contract.Event.Extended(End.AddYears(1), "2026/3"),
        ])["C-2025-paper"];
        (revived.Standing, revived.EndsOn, revived.SuspendedFor).ShouldBe((ContractStanding.InForce, End.AddYears(1), null));
    }

    [Fact]
    public void the_catalog_answers_with_the_price_that_holds_and_those_announced()
    {
        var catalog = new CatalogList();
        var later = Today.AddDays(30);
        var row = Projected.Rows(catalog, "contract-C-1", Now, Published(1, Start, 42m), Published(2, Today, 41m), Published(3, later, 43m))
            ["C-1/PAPER-20LB"];
        row.Lines.Select(l => l.Version).ShouldBe([2, 3], "no day from now on needs version 1");
        row.LineOn(Today)!.PriceAt(Quantity.Of(1)).ShouldBe(UnitPrice.FromDollars(41m));
        row.LineOn(later)!.PriceAt(Quantity.Of(1)).ShouldBe(UnitPrice.FromDollars(43m));
        catalog.Index("contract", row).ShouldBe("C-1");
        catalog.Index("unspsc", row).ShouldBe("14111507");
    }

    [Fact]
    public void an_item_that_a_new_schedule_leaves_out_is_gone_from_that_day()
    {
        var other = Ladder((0, 9m)) with { Item = new("PENS") };
        var second = new Contract.Event.PriceSchedulePublished(Vendor, new(2, Today.AddDays(1), [other]), [new("PAPER-20LB")]);
        var rows = Projected.Rows(new CatalogList(), "contract-C-1", Now, Published(1, Start, 42m), second);
        rows["C-1/PAPER-20LB"].LineOn(Today).ShouldNotBeNull();
        rows["C-1/PAPER-20LB"].LineOn(Today.AddDays(1)).ShouldBeNull();
        rows["C-1/PENS"].LineOn(Today).ShouldBeNull();
        rows["C-1/PENS"].LineOn(Today.AddDays(1)).ShouldBe(other);
    }

    [Fact]
    public void the_participation_register_shows_the_agreement_that_holds()
    {
        var agreement = new ParticipationAgreement(new("C-1"), new("M-001"), Start, ContractScope.Cooperative, Start);
        var limits = new ParticipationLimits(null, new Money(5));
        var row = Projected.Rows(new ParticipationRegister(), "participation-C-1-M-001", Now,
            new Participation.Event.Joined(agreement), new Participation.Event.LimitsSet(limits), new Participation.Event.Suspended("dues"),
            new Participation.Event.Resumed(), new Participation.Event.Renewed(agreement with { ValidUntil = End }))["C-1-M-001"];
        row.ShouldBe(new(agreement with { ValidUntil = End }, limits));
        new ParticipationRegister().Index("member", row).ShouldBe("M-001");
    }

    [Fact]
    public void the_budget_overview_agrees_with_the_budget_itself()
    {
        var account = AccountCode.TryParse("UFARS", "01-005-203-000-401-000")!;
        BudgetLine.Event[] facts =
        [
            new BudgetLine.Event.Adopted(new("M-001"), 2026, account, new(10_000)), new BudgetLine.Event.Amended(new(12_000), "levy"),
            new BudgetLine.Event.Reserved("JO-1", new(4_000), new(12_000)), new BudgetLine.Event.Reserved("JO-2", new(1_000), new(8_000)),
            new BudgetLine.Event.Adjusted("JO-1", new(5_000), new(11_000)), new BudgetLine.Event.Liquidated("JO-1", "INV-1", new(1_500)),
            new BudgetLine.Event.Liquidated("JO-2", "INV-2", new(1_200)), new BudgetLine.Event.Released("JO-1", new(3_500)),
        ];
        var row = Projected.Rows(new BudgetOverview(), "budget-M-001-2026-x", Now, facts)["M-001-2026-x"];
        (row.Amount, row.Spent, row.Encumbered, row.Available).ShouldBe((new(12_000), new(2_700), Money.Zero, new(9_300)));
        var state = facts.Aggregate(BudgetLine.Initial, BudgetLine.Evolve).ShouldBeOfType<BudgetLine.State.Open>();
        row.Available.ShouldBe(state.Available());
    }

    [Fact]
    public void the_board_of_purchase_orders_stands_where_each_order_stands()
    {
        var board = new PurchaseOrderBoard();
        foreach (var run in new PurchaseOrderLaws().Runs().Take(300))
        {
            var (state, facts) = (PurchaseOrder.Initial, new List<object>());
            foreach (var command in run)
            {
                if (PurchaseOrder.Decide(command, state) is not Decision<PurchaseOrder.Event>.Accepted done) continue;
                state = done.Events.Aggregate(state, PurchaseOrder.Evolve);
                facts.AddRange(done.Events);
            }

            if (state is not PurchaseOrder.State.Known known) continue;
            var row = Projected.Rows(board, "purchase-order-JO-2026-031-V-tri-county", Now, facts)["JO-2026-031-V-tri-county"];
            row.Status.ToString().ShouldBe(state.GetType().Name);
            row.File.ShouldBe(known.File);
            board.Index("status", row).ShouldBe(state.GetType().Name);
            board.Index("joint_order", row).ShouldBe(Document.JointOrder.Value);
        }
    }

    [Fact]
    public void a_read_model_takes_no_notice_of_other_streams() =>
        Projected.Rows(new CatalogList(), "contracts-C-1", Now, Published(1, Start, 42m)).ShouldBeEmpty();

    private static Contract.Event.PriceSchedulePublished Published(int version, DateOnly from, decimal price) =>
        new(Vendor, new(version, from, [Ladder((0, price)) with { Unspsc = "14111507" }]), []);
}
