using Shouldly;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Contracts;
using SSC.Purchasing.Procurement.Invoicing;
using SSC.Purchasing.Tests.Testbed;
using Xunit;
using static SSC.Purchasing.Procurement.Invoicing.VendorInvoice;
using static SSC.Purchasing.Tests.Procurement.Invoicing.InvoiceSamples;

namespace SSC.Purchasing.Tests.Procurement.Invoicing;

public class VendorInvoiceSpecs : SpecFor<VendorInvoice, Command, State, Event>
{
    private static readonly DateOnly Today = Received.AddDays(2);
    private static readonly InvoiceDocument Direct = Invoice("INV-7", [FirstLine], Freight(10m)) with { BillTo = First };
    private static readonly InvoiceDocument TooDear = Invoice("INV-8",
        [Line("1", 1, "M-001-A", "PAPER", 10, "XCT", 41m)]) with { BillTo = First };

    [Fact]
    public void a_document_is_registered_once_and_its_number_is_used_up()
    {
        var fact = When(new Command.Register(Facts(Direct))).RecordsOne<Event, Event.Registered>(e => e as Event.Registered);
        (fact.JointOrder, fact.Vendor, fact.ContentHash).ShouldBe((Order, Vendor, InvoiceKeys.ContentHash(Direct)));
        Registered(Direct).When(new Command.Register(Facts(Direct))).RecordsNothing();
        Registered(Direct).When(new Command.Register(Facts(Direct with { Total = new(1) }))).Refuses("invoice-number-used");
        When(new Command.Remind("payment", 1)).Refuses("invoice-unknown");
    }

    [Fact]
    public void every_wrong_document_has_its_own_code()
    {
        Expect("invoice-number-invalid", Direct with { Number = "a\u0000b" });
        Expect("invoice-parties-invalid", Direct with { OrderNumber = "" });
        Expect("invoice-lines-missing", Direct with { Lines = [] });
        Expect("invoice-line-repeated", Direct with { Lines = [FirstLine, FirstLine] });
        Expect("credit-names-no-invoice", Direct with { Kind = InvoiceKind.CreditNote });
        Expect("line-text-invalid", Direct with { Lines = [FirstLine with { Description = "" }] });
        Expect("quantity-out-of-range", Direct with { Lines = [FirstLine with { Quantity = Quantity.Of(-4) }] });
        Expect("quantity-out-of-range", Direct with { Lines = [FirstLine with { Quantity = new(long.MaxValue) }] });
        Expect("unit-unknown", Direct with { Lines = [FirstLine with { Unit = "BOXES" }] });
        Expect("amount-out-of-range", Direct with { Lines = [FirstLine with { Amount = new(-1) }] });
        Expect("amount-out-of-range", Direct with { Total = new(long.MaxValue) });
        Expect("charge-invalid", Direct with { Charges = [new(ChargeKind.Freight, "", new(1))] });
        Expect("charge-invalid", Direct with { Charges = [new(ChargeKind.Discount, "x", new(long.MinValue))] });
        When(new Command.Register(Facts(Direct), "no hash")).Refuses("document-hash-invalid");

        static void Expect(string code, InvoiceDocument document) => When(new Command.Register(Facts(document))).Refuses(code);
    }

    [Fact]
    public void a_clean_match_sets_the_last_day_to_pay_by_who_pays()
    {
        // 35 days from 1 April is 6 May; a joint powers organization has 45, 16 May, a Saturday, so the next business day.
        DueOf(Payable(Direct)).ShouldBe(new DateOnly(2026, 5, 6));
        DueOf(Given(Reg(Document, BillingMode.Cooperative)).After(new Command.Match(Match(Document)))).ShouldBe(new DateOnly(2026, 5, 18));

        static DateOnly? DueOf(History history) => history.State.ShouldBeOfType<State.Payable>().File.DueOn;
    }

    [Fact]
    public void the_period_runs_from_the_last_receipt_when_goods_came_after_the_bill()
    {
        var late = Match(Direct, BillingMode.VendorDirect) with { GoodsReceivedOn = Received.AddDays(10) };
        Registered(Direct).After(new Command.Match(late)).State.ShouldBeOfType<State.Payable>().File.DueOn.ShouldBe(new DateOnly(2026, 5,
            18));
    }

    [Fact]
    public void nothing_is_approved_while_an_exception_is_open()
    {
        var excepted = Excepted();
        excepted.When(new Command.ApproveForPayment(First, "A-1")).Refuses("exception-open");
        Registered(Direct).When(new Command.ApproveForPayment(First, "A-1")).Refuses("invoice-not-matched");
        excepted.After(new Command.Resolve(1, ExceptionOutcome.AcceptedAsBilled, "Board agreed.", "A-1", Today))
            .After(new Command.ApproveForPayment(First, "A-1")).State.ShouldBeOfType<State.Payable>();
        Payable(Direct).When(new Command.ApproveForPayment(Second, "A-1")).Refuses("payer-unknown");
        Payable(Direct).After(new Command.ApproveForPayment(First, "A-1")).When(new Command.ApproveForPayment(First,
            "A-2")).RecordsNothing();
    }

    [Fact]
    public void an_incorrect_invoice_is_sent_back_within_ten_days_and_then_the_period_begins_anew()
    {
        var dispute = new Command.Dispute("Forty dollars were agreed.", "A-1", Received.AddDays(10));
        var disputed = Excepted().After(dispute);
        disputed.State.ShouldBeOfType<State.Disputed>();
        disputed.When(dispute).RecordsNothing();
        var day12 = Received.AddDays(12);

        // The tenth day is a Saturday, so that Monday still counts; the day after it does not.
        Excepted().When(dispute with { Today = day12 }).ShouldBeAccepted();
        Excepted().When(dispute with { Today = day12.AddDays(1) }).Refuses("dispute-too-late");
        Excepted().When(dispute with { Reason = "" }).Refuses("reason-missing");
        var cleared = disputed.After(new Command.Resolve(1, ExceptionOutcome.AcceptedAsBilled, "Agreed after all.", "A-1",
            Received.AddDays(30)));
        cleared.State.ShouldBeOfType<State.Payable>().File.DueOn.ShouldBe(new DateOnly(2026, 6, 5));
        disputed.After(new Command.Resolve(1, ExceptionOutcome.Explained, "The price had risen.", "A-1", Received.AddDays(30)))
            .State.ShouldBeOfType<State.Payable>().File.DueOn.ShouldBe(new DateOnly(2026, 5, 6));
    }

    [Fact]
    public void what_the_match_does_not_see_can_be_contested()
    {
        var contested = Payable(Direct).After(new Command.Dispute("The paper is yellow.", "A-1", Today));
        contested.When(new Command.ApproveForPayment(First, "A-1")).Refuses("exception-open");
        contested.After(new Command.Resolve(0, ExceptionOutcome.Explained, "It is cream on purpose.", "A-1", Today))
            .State.ShouldBeOfType<State.Payable>();
        Payable(Direct).After(new Command.ApproveForPayment(First, "A-1")).When(new Command.Dispute("x", "A-1", Today))
            .Refuses("invoice-approved");
    }

    [Fact]
    public void a_duplicate_is_never_accepted_as_billed()
    {
        var duplicate = InvoiceMatching.Compute(Input(Direct with { Number = "INV-7B" }, BillingMode.VendorDirect, earlier: Direct));
        var excepted = Registered(Direct with { Number = "INV-7B" }).After(new Command.Match(duplicate));
        excepted.When(new Command.Resolve(1, ExceptionOutcome.AcceptedAsBilled, "x", "A-1", Today)).Refuses("duplicate-is-rejected");
        var rejected = excepted.After(new Command.Reject("Duplicate of INV-7.", "A-1"));
        rejected.When(new Command.Reject("Again.", "A-1")).RecordsNothing();
        rejected.When(new Command.ApproveForPayment(First, "A-1")).Refuses("invoice-rejected");
        rejected.When(new Command.Match(duplicate)).RecordsNothing();
        excepted.When(new Command.Reject("", "A-1")).Refuses("reason-missing");
    }

    [Fact]
    public void a_credit_memo_covers_an_exception_when_it_is_large_enough()
    {
        var resolve = new Command.Resolve(1, ExceptionOutcome.CoveredByCredit, "CM-1", "A-1", Today);
        Excepted().When(resolve).Refuses("credit-too-small");
        Excepted().After(new Command.Credit(Facts(Memo("CM-1", 9.99m),
            BillingMode.VendorDirect))).When(resolve).Refuses("credit-too-small");
        var covered = Excepted().After(new Command.Credit(Facts(Memo("CM-1", 10m), BillingMode.VendorDirect))).After(resolve);
        covered.State.ShouldBeOfType<State.Payable>().File.Balance(First).ShouldBe(Money.FromDollars(400m));
        covered.When(new Command.Credit(Facts(Memo("CM-1", 10m), BillingMode.VendorDirect))).RecordsNothing();
        covered.When(new Command.Credit(Facts(Memo("CM-1", 11m), BillingMode.VendorDirect))).Refuses("credit-exists");
        covered.When(new Command.Credit(Facts(Memo("CM-2", 401m), BillingMode.VendorDirect))).Refuses("credit-above-invoice");
        covered.When(new Command.Credit(Facts(Memo("CM-2", 1m)) with { JointOrder = new("JO-other") })).Refuses("credit-of-another-order");
        Registered(Direct).When(new Command.Credit(Facts(Memo("CM-2", 1m)))).Refuses("invoice-not-matched");
        Excepted().When(new Command.Resolve(9, ExceptionOutcome.Explained, "x", "A-1", Today)).Refuses("exception-unknown");
    }

    [Fact]
    public void payments_may_be_partial_and_count_once_by_reference()
    {
        var approved = Payable(Direct).After(new Command.ApproveForPayment(First, "A-1"));
        var part = Pay("CHK-1", 400m);
        var half = approved.After(part);
        half.State.ShouldBeOfType<State.Payable>().File.Balance(First).ShouldBe(Money.FromDollars(10m));
        half.When(part).RecordsNothing();
        half.When(Pay("CHK-1", 5m)).Refuses("payment-exists");
        half.When(Pay("CHK-2", 10.01m)).Refuses("payment-above-balance");
        half.When(Pay("CHK-2", 0m)).Refuses("payment-invalid");
        half.When(Pay("CHK-2", 10m) with { Today = Received.AddDays(-1) }).Refuses("payment-day-invalid");
        half.When(Pay("CHK-2", 10m, interest: 1m)).Refuses("interest-above-accrued");
        half.After(Pay("CHK-2", 10m)).State.ShouldBeOfType<State.Paid>();
        Payable(Direct).When(part).Refuses("payment-not-approved");
    }

    [Fact]
    public void paying_late_costs_one_and_a_half_percent_a_month_and_ten_dollars_at_least()
    {
        var approved = Payable(Direct).After(new Command.ApproveForPayment(First, "A-1"));
        var due = new DateOnly(2026, 5, 6);
        approved.When(new Command.AccrueInterest(due)).RecordsNothing();

        // 410.00 at 1.5 % is 6.15, so the minimum of 10.00 holds from 100.00 on, for each month or part of one.
        var late = approved.After(new Command.AccrueInterest(due.AddMonths(1).AddDays(1)));
        late.State.ShouldBeOfType<State.Payable>().File.AccountOf(First).InterestDue.ShouldBe(Money.FromDollars(20m));
        late.When(new Command.AccrueInterest(due.AddMonths(1).AddDays(1))).RecordsNothing();
        var rest = approved.After(Pay("CHK-1", 350m)).After(new Command.AccrueInterest(due.AddDays(1)));
        rest.State.ShouldBeOfType<State.Payable>().File.AccountOf(First).InterestDue.ShouldBe(Money.FromDollars(0.90m));

        // A late payment accrues what nobody has accrued yet, so that it can be paid with it.
        var paid = approved.After(Pay("CHK-1", 410m, due.AddDays(3), 10m));
        paid.State.ShouldBeOfType<State.Paid>().File.AccountOf(First).InterestDue.ShouldBe(Money.Zero);
    }

    [Fact]
    public void with_cooperative_billing_the_cooperative_pays_the_vendor_and_each_member_its_statement()
    {
        var approved = Given(Reg(Document, BillingMode.Cooperative)).After(new Command.Match(Match(Document)));
        foreach (var payer in new[] { First, Second, Third, InvoiceKeys.Cooperative })
            approved = approved.After(new Command.ApproveForPayment(payer, "A-1"));
        var file = approved.State.ShouldBeOfType<State.Payable>().File;
        var paid = approved;
        foreach (var payer in new[] { InvoiceKeys.Cooperative, First, Second })
            paid = paid.After(new Command.RecordPayment(payer, new("P-1", file.Balance(payer), Money.Zero, Today), "A-1", Today));
        paid.State.ShouldBeOfType<State.Payable>();
        var end = paid.After(new Command.RecordPayment(Third, new("P-1", file.Balance(Third), Money.Zero, Today), "A-1", Today));
        end.State.ShouldBeOfType<State.Paid>();
        end.Events[^1].ShouldBeOfType<Event.Settled>().Paid.ShouldBe(Document.Total);
    }

    [Fact]
    public void a_credit_after_the_payment_comes_back_and_no_more_than_that()
    {
        var paid = Payable(Direct).After(new Command.ApproveForPayment(First, "A-1")).After(Pay("CHK-1", 410m));
        paid.When(Refund("RF-1", 1m)).Refuses("refund-above-credit");
        var credited = paid.After(new Command.Credit(Facts(Memo("CM-1", 15m), BillingMode.VendorDirect)));
        credited.When(Refund("RF-1", 15.01m)).Refuses("refund-above-credit");
        credited.When(Refund("RF-1", 0m)).Refuses("refund-invalid");
        credited.When(Refund("RF-1", 15m) with { Payer = new("M-077") }).Refuses("payer-unknown");
        credited.When(Refund("RF-1", 15m) with { Today = Today.AddDays(-1) }).Refuses("refund-invalid");

        var half = credited.After(Refund("RF-1", 6m));
        half.When(Refund("RF-1", 6m)).RecordsNothing();
        half.When(Refund("RF-1", 7m)).Refuses("refund-exists");
        half.When(Refund("RF-2", 9.01m)).Refuses("refund-above-credit");
        var whole = half.After(Refund("RF-2", 9m));
        var file = whole.State.ShouldBeOfType<State.Paid>().File;
        (file.Balance(First), file.AccountOf(First).Paid).ShouldBe((Money.Zero, Money.FromDollars(395m)));
        Registered(Direct).When(Refund("RF-1", 1m)).Refuses("invoice-not-matched");
    }

    [Fact]
    public void a_reminder_is_sent_once_and_only_while_there_is_something_to_do()
    {
        var remind = new Command.Remind(AboutExceptions, 1);
        Excepted().After(remind).When(remind).RecordsNothing();
        Payable(Direct).When(remind).RecordsNothing();
        Payable(Direct).When(new Command.Remind(AboutPayment, 1)).ShouldBeAccepted().Count.ShouldBe(1);
        Payable(Direct).When(new Command.Remind("weather", 1)).Refuses("reminder-invalid");
    }

    [Fact]
    public void a_memo_that_counts_nowhere_says_why()
    {
        var memo = Given(Reg(Memo("CM-1", 5m), BillingMode.Cooperative));
        memo.After(new Command.CloseCredit(null)).When(new Command.CloseCredit(null)).RecordsNothing();
        memo.After(new Command.CloseCredit("Too much.")).State.ShouldBeOfType<State.CreditMemo>().Refusal.ShouldBe("Too much.");
        memo.When(new Command.ApproveForPayment(First, "A-1")).Refuses("not-an-invoice");
        Registered(Direct).When(new Command.CloseCredit(null)).Refuses("not-a-credit-memo");
    }

    [Fact]
    public void numbers_that_are_no_ids_have_keys_that_never_meet()
    {
        InvoiceKeys.Key(Vendor, "INV-7").ShouldBe("V-whitewater:INV-7");
        var odd = InvoiceKeys.Key(Vendor, "INV/2026 #7");
        Id.IsKey(odd).ShouldBeTrue();
        odd.ShouldNotBe(InvoiceKeys.Key(Vendor, "INV/2026 #8"));
        InvoiceKeys.Slug(InvoiceKeys.Slug("INV/2026 #7")).ShouldNotBe(InvoiceKeys.Slug("INV/2026 #7"));
    }

    private static Command.RecordPayment Pay(string reference, decimal amount, DateOnly? on = null, decimal interest = 0m) => new(
        First, new(reference, Money.FromDollars(amount), Money.FromDollars(interest), on ?? Today), "A-1", on ?? Today);

    private static Command.RecordRefund Refund(string reference, decimal amount) =>
        new(First, new(reference, Money.FromDollars(amount), Today), "A-1", Today);

    private static Event Reg(InvoiceDocument document, BillingMode billing) =>
        VendorInvoice.Decide(new Command.Register(Facts(document, billing)), VendorInvoice.Initial).ShouldBeAccepted().Single();

    private static History Registered(InvoiceDocument document) => Given(Reg(document, BillingMode.VendorDirect));

    private static History Payable(InvoiceDocument document) =>
        Registered(document).After(new Command.Match(Match(document, BillingMode.VendorDirect)));

    private static History Excepted() =>
        Registered(TooDear).After(new Command.Match(Match(TooDear, BillingMode.VendorDirect)));
}
