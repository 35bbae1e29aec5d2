using Shouldly;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Budgets;
using SSC.Purchasing.Procurement.Contracts;
using SSC.Purchasing.Procurement.Fees;
using SSC.Purchasing.Procurement.Invoicing;
using SSC.Purchasing.Procurement.JointOrders;
using SSC.Purchasing.Tests.Testbed;
using Xunit;
using static SSC.Purchasing.Tests.Sagas.InvoiceStory;

namespace SSC.Purchasing.Tests.Sagas;

public class InvoiceStories
{
    private static readonly MemberNo First = new("M-001"), Second = new("M-002");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task a_bill_for_what_came_is_matched_paid_taken_from_the_budget_and_brings_the_fee(bool deliverTwice)
    {
        var story = await InvoiceStory.Begin(deliverTwice: deliverTwice);
        await story.Receive("M-001", 120);
        await story.Send(Bill("INV-1", ("M-001", 120)));
        (await story.Types("INV-1")).ShouldBe(["vendor_invoice_registered", "vendor_invoice_matched", "vendor_invoice_cleared"]);
        (await story.Order.Encumbered("M-001")).ShouldBe(Money.FromDollars(4_770m));

        await story.Pay("INV-1", First, 2_000m);
        await story.Pay("INV-1", First, 2_770m);
        (await story.State("INV-1")).ShouldBeOfType<VendorInvoice.State.Paid>();
        (await Spent(story)).ShouldBe(Money.FromDollars(4_770m));
        var ledger = await story.Ledger(BusinessCalendar.LocalDate(story.Bed.Clock.Now));
        (ledger.Sales.Select(s => s.Goods).Sum(), ledger.FeeDue).ShouldBe((Money.FromDollars(4_770m), Money.FromDollars(47.70m)));
        ledger.Sales.SelectMany(s => s.Lines).Select(l => l.Units).Sum().ShouldBe(Quantity.Of(120));
        await story.ReplaysClean();
    }

    [Fact]
    public async Task a_bill_that_comes_before_the_goods_waits_and_clears_when_they_are_received()
    {
        var story = await InvoiceStory.Begin();
        await story.Send(Bill("INV-1", ("M-001", 120)));
        (await story.File("INV-1")).Open.Single().Kind.ShouldBe(MatchExceptionKind.QuantityAboveReceived);
        JointOrderStory.Refusal(await story.Ask("INV-1", new VendorInvoice.Command.ApproveForPayment(First,
            "A"))).ShouldBe("exception-open");
        await story.Bed.AdvanceTo(story.Bed.Clock.Now.AddDays(4));
        await story.Receive("M-001", 120);
        (await story.State("INV-1")).ShouldBeOfType<VendorInvoice.State.Payable>();
        (await story.File("INV-1")).DueOn.ShouldBe(new DateOnly(2026, 4, 14)); // 35 days from the goods, 10 March
        await story.ReplaysClean();
    }

    [Fact]
    public async Task nobody_settles_a_wrong_bill_so_it_is_reminded_on_day_seven_and_sent_back_on_day_ten()
    {
        var story = await InvoiceStory.Begin();
        await story.Receive("M-001", 118);
        await story.Send(Bill("INV-1", ("M-001", 120)));
        await story.Bed.AdvanceTo(story.Bed.Clock.Now.AddDays(8));
        (await story.Types("INV-1")).ShouldContain("vendor_invoice_reminded");
        (await story.Types("INV-1")).ShouldNotContain("vendor_invoice_disputed");
        await story.Bed.AdvanceTo(story.Bed.Clock.Now.AddDays(3));
        (await story.State("INV-1")).ShouldBeOfType<VendorInvoice.State.Disputed>();

        // The vendor credits the two cartons; then the rest is owed, and the period begins anew.
        await story.Send(Memo("CM-1", "INV-1", 79.50m));
        await story.Tell("INV-1", new VendorInvoice.Command.Resolve(
            1, ExceptionOutcome.CoveredByCredit, "CM-1", "A", BusinessCalendar.LocalDate(story.Bed.Clock.Now)));
        var file = await story.File("INV-1");
        file.Balance(First).ShouldBe(Money.FromDollars(4_690.50m));
        file.DueOn.ShouldBe(new DateOnly(2026, 4, 21)); // 35 days from the correction on 17 March
        (await story.State("CM-1")).ShouldBeOfType<VendorInvoice.State.CreditMemo>().ShouldSatisfyAllConditions(
            m => m.Closed.ShouldBeTrue(), m => m.Refusal.ShouldBeNull());
        await story.Pay("INV-1", First, 4_690.50m);
        (await story.Ledger(new(2026, 3, 18))).FeeDue.ShouldBe(Money.FromDollars(46.91m)); // net of the credit
        await story.ReplaysClean();
    }

    [Fact]
    public async Task a_dispute_that_somebody_makes_earlier_leaves_nothing_for_the_timer()
    {
        var story = await InvoiceStory.Begin();
        await story.Send(Bill("INV-1", ("M-001", 120)));
        await story.Tell("INV-1", new VendorInvoice.Command.Dispute("Nothing came.", "A", BusinessCalendar.LocalDate(story.Bed.Clock.Now)));
        await story.Bed.AdvanceTo(story.Bed.Clock.Now.AddDays(40));
        (await story.Types("INV-1")).Count(t => t == "vendor_invoice_disputed").ShouldBe(1);
        (await story.Types("INV-1")).ShouldNotContain("vendor_invoice_interest_accrued");
    }

    [Fact]
    public async Task an_unpaid_bill_is_reminded_before_the_day_and_costs_interest_every_month_after_it()
    {
        var story = await InvoiceStory.Begin();
        await story.Receive("M-001", 120);
        await story.Send(Bill("INV-1", ("M-001", 120)));
        var due = (await story.File("INV-1")).DueOn!.Value;
        await story.Bed.AdvanceTo(BusinessCalendar.EndOfDay(due));
        (await story.Types("INV-1"))[^1].ShouldBe("vendor_invoice_reminded");
        await story.Bed.AdvanceTo(BusinessCalendar.EndOfDay(due.AddMonths(1)).AddHours(1));
        var interest = (await story.File("INV-1")).AccountOf(First).Interest;
        interest.Select(i => (i.Month, i.Amount.ToString())).ShouldBe([(1, "71.55"), (2, "71.55")]); // 1.5 % of 4,770.00
        (await story.Findings()).Single(f => f.Kind == "payment-overdue").Amount.ShouldBe(Money.FromDollars(4_770m));
        await story.Pay("INV-1", First, 4_770m, 143.10m);
        await story.Bed.AdvanceTo(BusinessCalendar.EndOfDay(due.AddMonths(6)));
        (await story.File("INV-1")).AccountOf(First).InterestDue.ShouldBe(Money.Zero);
        (await story.Findings()).Single(f => f.Kind == "late-payment").Rule.ShouldContain("471.425");
        await story.ReplaysClean();
    }

    [Fact]
    public async Task downtime_over_the_last_day_loses_neither_interest_nor_its_month()
    {
        var story = await InvoiceStory.Begin();
        await story.Receive("M-001", 120);
        await story.Send(Bill("INV-1", ("M-001", 120)));
        var due = (await story.File("INV-1")).DueOn!.Value;
        await story.Bed.ResumeAt(BusinessCalendar.EndOfDay(due.AddMonths(2)).AddDays(1));
        (await story.File("INV-1")).AccountOf(First).Interest.Select(i => i.Month).ShouldBe([1, 2, 3]);
        await story.ReplaysClean();
    }

    [Fact]
    public async Task the_same_bill_under_another_number_is_a_duplicate_and_is_rejected()
    {
        var story = await InvoiceStory.Begin();
        await story.Receive("M-001", 120);
        await story.Send(Bill("INV-1", ("M-001", 120)));
        (await story.TrySend(Bill("INV-1", ("M-001", 120)))).ShouldBeOfType<CommandOutcome.Done>().Repeated.ShouldBeTrue();
        JointOrderStory.Refusal(await story.TrySend(Bill("INV-1", ("M-001", 119)))).ShouldBe("invoice-number-used");
        await story.Send(Bill("INV-1B", ("M-001", 120)));
        (await story.File("INV-1B")).Open.Single().Kind.ShouldBe(MatchExceptionKind.Duplicate);
        await story.Tell("INV-1B", new VendorInvoice.Command.Reject("Duplicate of INV-1.", "A"));
        await story.Bed.AdvanceTo(story.Bed.Clock.Now.AddDays(20));
        (await story.Types("INV-1B"))[^1].ShouldBe("vendor_invoice_rejected");
        (await story.State("INV-1")).ShouldBeOfType<VendorInvoice.State.Payable>();
        await story.ReplaysClean();
    }

    [Fact]
    public async Task when_the_first_of_two_equal_bills_is_rejected_the_second_one_is_none_any_more()
    {
        var story = await InvoiceStory.Begin();
        await story.Receive("M-001", 120);
        await story.Send(Bill("INV-1", ("M-001", 120)));
        await story.Send(Bill("INV-1B", ("M-001", 120)));
        await story.Tell("INV-1", new VendorInvoice.Command.Reject("Sent again with our order number.", "A"));
        (await story.State("INV-1B")).ShouldBeOfType<VendorInvoice.State.Payable>();
        await story.ReplaysClean();
    }

    [Fact]
    public async Task an_order_whose_bills_are_paid_and_whose_goods_are_all_there_is_billed_to_the_end()
    {
        var story = await InvoiceStory.Begin();
        await story.Receive("M-001", 120);
        await story.Receive("M-002", 80);
        foreach (var (member, quantity) in new[] { ("M-001", 120L), ("M-002", 80L) })
        {
            await story.Send(Bill($"INV-{member}", (member, quantity)));
            (await story.IsBilled()).ShouldBeFalse();
            await story.Pay($"INV-{member}", new(member), 39.75m * quantity);
        }

        (await story.IsBilled()).ShouldBeTrue();
        (await story.Order.State()).Phase.ShouldBe(OrderPhase.ClosedOut);
        (await story.Order.Encumbered("M-001")).ShouldBe(Money.Zero);
        await story.ReplaysClean();
    }

    [Fact]
    public async Task with_cooperative_billing_one_invoice_becomes_statements_with_their_share_of_the_freight()
    {
        var story = await InvoiceStory.Begin(BillingMode.Cooperative, freight: 18.50m);
        await story.Receive("M-001", 120);
        await story.Receive("M-002", 80);
        var bill = Bill("INV-1", ("M-001", 120), ("M-002", 80));
        await story.Send(bill with { Charges = [new(ChargeKind.Freight, "Freight", Money.FromDollars(18.50m))],
            Total = Money.FromDollars(7_968.50m) });
        var file = await story.File("INV-1");
        file.Bills.Select(b => b.Total.ToString()).ShouldBe(["4781.10", "3187.40"]);
        file.DueOn.ShouldBe(new DateOnly(2026, 4, 20)); // the cooperative has 45 days
        await story.Pay("INV-1", InvoiceKeys.Cooperative, 7_968.50m);
        (await story.Ledger(new(2026, 3, 18))).Sales.Select(s => s.Goods.ToString()).ShouldBe(["4770.00", "3180.00"]);
        await story.Pay("INV-1", First, 4_781.10m);
        (await Spent(story)).ShouldBe(Money.FromDollars(4_781.10m));
        (await story.State("INV-1")).ShouldBeOfType<VendorInvoice.State.Payable>();
        await story.Pay("INV-1", Second, 3_187.40m);
        (await story.State("INV-1")).ShouldBeOfType<VendorInvoice.State.Paid>();
        var statement = await story.Order.ReadModels.Find(MemberStatements.Instance, SagaTestbed.Tenant, "V-whitewater:INV-1:M-002");
        statement!.ShouldSatisfyAllConditions(
            s => s.Balance.ShouldBe(Money.Zero), s => s.Bill.Freight.ShouldBe(Money.FromDollars(7.40m)), s => s.Approved.ShouldBeTrue());
        await story.ReplaysClean();
    }

    [Fact]
    public async Task a_credit_after_the_payment_takes_the_fee_back()
    {
        var story = await InvoiceStory.Begin();
        await story.Receive("M-001", 120);
        await story.Send(Bill("INV-1", ("M-001", 120)));
        await story.Pay("INV-1", First, 4_770m);
        await story.Send(Memo("CM-1", "INV-1", 477m));
        var ledger = await story.Ledger(new(2026, 3, 18));
        (ledger.Sales.Select(s => s.Goods).Sum(), ledger.FeeDue).ShouldBe((Money.FromDollars(4_293m), Money.FromDollars(42.93m)));
        (await story.File("INV-1")).Balance(First).ShouldBe(Money.FromDollars(-477m)); // the vendor owes it
        await story.ReplaysClean();
    }

    [Fact]
    public async Task a_credit_memo_that_is_too_large_counts_for_nothing_and_says_why()
    {
        var story = await InvoiceStory.Begin();
        await story.Receive("M-001", 120);
        await story.Send(Bill("INV-1", ("M-001", 120)));
        await story.Send(Memo("CM-1", "INV-1", 5_000m));
        (await story.State("CM-1")).ShouldBeOfType<VendorInvoice.State.CreditMemo>().Refusal.ShouldNotBeNull();
        (await story.File("INV-1")).Credits.ShouldBeEmpty();
        JointOrderStory.Refusal(await story.TrySend(Memo("CM-2", "INV-77", 5m))).ShouldBe("credit-invoice-unknown");
        (await story.Findings(new DateOnly(2026, 6, 1))).Select(f => f.Kind).ShouldContain("credit-not-applied");
    }

    [Fact]
    public async Task a_bill_for_no_order_or_another_vendors_is_refused()
    {
        var story = await InvoiceStory.Begin();
        foreach (var number in new[] { "PO-JO-2-1", "PO-JO-1-2", "PO--1", "", "JO-1", "PO-JO 1-1" })
        {
            JointOrderStory.Refusal(await story.TrySend(Bill("INV-1",
                ("M-001", 1)) with { OrderNumber = number })).ShouldBe("order-unknown");
        }

        JointOrderStory.Refusal(await story.TrySend(Bill("INV-1", ("M-001", 1)) with { Vendor = JointOrderStory.SecondVendor }))
            .ShouldBe("order-unknown");
    }

    [Fact]
    public async Task the_contracts_tolerance_of_the_day_lets_small_excess_pass()
    {
        var story = await InvoiceStory.Begin(tolerances: [new(new(2026, 1, 1), 200, Money.FromDollars(100m))]);
        await story.Receive("M-001", 118);
        await story.Send(Bill("INV-1", ("M-001", 120))); // 79.50 above what came; 2 % of 4,770.00 is 95.40
        (await story.State("INV-1")).ShouldBeOfType<VendorInvoice.State.Payable>();
        await story.ReplaysClean();
    }

    [Fact]
    public async Task a_rebate_is_shared_over_what_was_paid_and_shows_in_the_savings()
    {
        var story = await InvoiceStory.Begin();
        await story.Receive("M-001", 120);
        await story.Send(Bill("INV-1", ("M-001", 120)));
        await story.Pay("INV-1", First, 4_770m);
        var day = new DateOnly(2026, 3, 18);
        var ledger = await story.Ledger(day);
        var rebate = FeeRules.ShareRebate(Money.FromDollars(50m), ledger.Sales, []).Single();
        var terms = (await story.Order.State()).Terms!;
        var report = SavingsReport.Of(
            First, ledger.Sales, rebate.Amount, new Dictionary<JointOrderId, OrderTerms>
            {
                [JointOrderStory.Order] = terms,
            });

        // 120 cartons alone stay on the first tier at 41.90; pooled they cost 39.75.
        (report.AtList, report.Alone, report.Paid).ShouldBe((Money.FromDollars(5_028m), Money.FromDollars(5_028m),
            Money.FromDollars(4_770m)));
        report.Saved.ShouldBe(Money.FromDollars(308m));
    }

    private static async Task<Money> Spent(InvoiceStory story) =>
        (await story.Bed.Commands.Load<BudgetLine, BudgetLine.Command,
            BudgetLine.State, BudgetLine.Event>(
            SagaTestbed.Tenant, BudgetLine.Key(First, 2026, JointOrderStory.Account), true)).State
            is BudgetLine.State.Open open
            ? open.Encumbrances.Values.Select(e => e.Spent).Sum() + open.SpentBefore : Money.Zero;
}
