using Shouldly;
using SSC.Purchasing.Audit;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Contracts;
using SSC.Purchasing.Procurement.Detectors;
using SSC.Purchasing.Procurement.Invoicing;
using SSC.Purchasing.Procurement.JointOrders;
using SSC.Purchasing.Procurement.PurchaseOrders;
using SSC.Purchasing.Procurement.Receiving;
using SSC.Purchasing.Procurement.VendorDocuments;
using SSC.Purchasing.Tests.Exchange;
using SSC.Purchasing.Tests.Sagas;
using SSC.Purchasing.Tests.Testbed;
using Xunit;

namespace SSC.Purchasing.Tests.Procurement.Detectors;

public class DetectorTests
{
    private static readonly DateTimeOffset Start = BusinessCalendar.InstantOf(new(2026, 3, 2), new(9, 0));
    private SagaTestbed bed = BedAt(Start);

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
    public async Task every_window_is_found_and_a_purchase_is_in_one_only()
    {
        await Award("C-direct", AuthorityKind.Negotiated, null);
        (string Order, int Days, decimal Amount)[] bought =
        [
            ("JO-1", 0, 20_000m), ("JO-2", 20, 6_000m), ("JO-3", 25, 5_000m), ("JO-4", 40, 3_000m), ("JO-5", 75, 15_000m),
            ("JO-6", 90, 11_000m),
        ];
        foreach (var (order, days, amount) in bought)
        {
            await bed.AdvanceTo(Start.AddDays(days));
            await Order(order, "C-direct", "M-001", amount);
        }

        (await Find()).Select(f => (f.Kind, f.Amount, f.Explanation[(f.Explanation.IndexOf(':', StringComparison.Ordinal) + 2)..]))
            .ShouldBe(
            [
                ("split-below-quotations", Money.FromDollars(31_000m), "JO-1, JO-2, JO-3."),
                ("split-below-quotations", Money.FromDollars(26_000m), "JO-5, JO-6."),
            ]);
    }

    [Fact]
    public async Task purchases_on_quotations_that_together_would_have_needed_bids_are_found()
    {
        await Award("C-direct", AuthorityKind.Negotiated, null);
        await Order("JO-1", "C-direct", "M-001", 100_000m);
        await Order("JO-2", "C-direct", "M-001", 75_000m);
        (await Find()).Where(f => f.Kind.StartsWith("split", StringComparison.Ordinal)).ShouldBeEmpty();
        await Order("JO-3", "C-direct", "M-001", 25_000.01m);
        var found = (await Find()).Single(f => f.Kind.StartsWith("split", StringComparison.Ordinal));
        (found.Kind, found.Amount, found.Limit).ShouldBe(
            ("split-below-bids", Money.FromDollars(200_000.01m), Money.FromDollars(175_000m)));
    }

    [Fact]
    public async Task the_amounts_are_those_of_the_day_of_the_purchase()
    {
        bed = BedAt(BusinessCalendar.InstantOf(new(2007, 3, 5), new(9, 0)));
        await Award("C-direct", AuthorityKind.Negotiated, null);
        await Order("JO-1", "C-direct", "M-001", 10_000m);
        await Order("JO-2", "C-direct", "M-001", 6_000m);
        await Order("JO-3", "C-direct", "M-002", 30_000m);
        await Order("JO-4", "C-direct", "M-002", 30_000m);
        (await Find()).Select(f => (f.Kind, f.Member?.Value, f.Amount, f.Limit, f.Rule)).ShouldBe(
        [
            ("split-below-bids", "M-002", Money.FromDollars(60_000m), Money.FromDollars(50_000m),
                "Minn. Stat. 2006, 471.345 subd. 3-5"),
            ("split-below-quotations", "M-001", Money.FromDollars(16_000m), Money.FromDollars(10_000m),
                "Minn. Stat. 2006, 471.345 subd. 3-5"),
        ]);
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
    public async Task a_confirmed_order_is_unfinished_until_it_is_closed_out_and_its_delivery_until_nothing_is_left_of_it()
    {
        await bed.Given("joint-order-JO-1", new JointOrder.Event.Confirmed(new("V-1")));
        (await Kinds(31)).ShouldBe(["order-unfinished"]);
        await bed.Given("delivery-JO-1:V-1:M-001-A", new Delivery.Event.Expected(new(
            new("JO-1"), new("V-1"), new("M-001-A"), "PO-JO-1-1", 1, LocalDate(60), [], new()))
        {
            JointOrder = new("JO-1"), Vendor = new("V-1"), Site = new("M-001-A"),
        });
        (await Kinds(90)).ShouldBeEmpty("thirty days after the day that was agreed it is not left behind yet");
        (await Kinds(91)).ShouldBe(["delivery-unfinished", "order-unfinished"]);
        await bed.AdvanceTo(Start.AddDays(91));
        await bed.Given(
            "delivery-JO-1:V-1:M-001-A",
            new Delivery.Event.RestReleased("the vendor has stopped making it")
            {
                JointOrder = new("JO-1"), Vendor = new("V-1"), Site = new("M-001-A"), IsComplete = true,
            });
        (await Kinds(121)).ShouldBeEmpty("something has happened to what the order waits for");
        (await Kinds(122)).ShouldBe(["order-unfinished"]);
        await bed.Given("joint-order-JO-1", ClosedOut);
        (await Kinds(400)).ShouldBeEmpty();
    }

    [Fact]
    public async Task a_vendor_that_answers_neither_a_cancellation_nor_a_revision_is_found()
    {
        const string Stream = "purchase-order-JO-1:V-1";
        Task Given(PurchaseOrder.Event fact) => bed.Given(Stream, fact with { JointOrder = new("JO-1"), Vendor = new("V-1") });
        await Given(new PurchaseOrder.Event.CancellationRequested("levy failed"));
        (await Kinds(31)).ShouldBe(["cancellation-unanswered"]);
        await Given(new PurchaseOrder.Event.CancellationDeclined("it is on the truck"));
        (await Kinds(31)).ShouldBeEmpty();
        await Given(new PurchaseOrder.Event.Revised(ExchangeOrders.Sample.Order, 2, new string('0', 64), "fewer"));
        (await Kinds(31)).ShouldBe(["revision-unanswered"]);
        await Given(new PurchaseOrder.Event.Confirmed(2, [], []));
        (await Kinds(31)).ShouldBeEmpty();
    }

    [Fact]
    public async Task an_invoice_whose_exceptions_nobody_settles_is_found()
    {
        var document = InvoiceStory.Bill("B-1", ("M-001", 10));
        await bed.Given("invoice-V-1:B-1", new VendorInvoice.Event.Registered(
            new(document, new("JO-1"), new("C-1"), BillingMode.VendorDirect, LocalDate(0)), new string('0', 64))
        {
            JointOrder = new("JO-1"), Vendor = new("V-1"),
        });
        (await Kinds(30)).ShouldBeEmpty();
        (await Kinds(31)).ShouldBe(["invoice-unfinished"]);
        await bed.Given("invoice-V-1:B-1", new VendorInvoice.Event.Rejected("not ours", "clerk")
        {
            JointOrder = new("JO-1"), Vendor = new("V-1"),
        });
        (await Kinds(90)).ShouldBeEmpty();
    }

    [Fact]
    public async Task a_vendors_document_that_waits_for_a_person_is_found_part_by_part()
    {
        await bed.Given(
            "received-document-V-1:00", new ReceivedDocument.Event.ExceptionRaised(1, "order-unknown", "There is no such order."),
            new ReceivedDocument.Event.ExceptionRaised(2, "order-unknown", "There is no such order."));
        (await Kinds(31)).ShouldBe(["document-unresolved", "document-unresolved"]);
        await bed.Given("received-document-V-1:00", new ReceivedDocument.Event.ExceptionResolved(1, "another customer's"));
        (await Find(Start.AddDays(31))).Single().Subject.ShouldBe("received-document-V-1:00, document 2");
    }

    [Fact]
    public void every_event_that_a_detector_wants_is_one() => Detectors.SelectMany(d => d.EventTypes)
        .Except(EventCatalogue.Of([typeof(Contract).Assembly]).Entries.Select(t => t.Key), StringComparer.Ordinal).ShouldBeEmpty();

    [Fact]
    public async Task as_of_a_position_only_what_was_recorded_by_then_counts()
    {
        await Order("JO-1", "C-1", "M-001", 30_000m);
        var report = await new AuditFindings(bed.Store, Detectors).Run(SagaTestbed.Tenant, toPosition: 1);
        report.Findings.ShouldBeEmpty();
        report.ToPosition.ShouldBe(1);
    }

    private static SagaTestbed BedAt(DateTimeOffset start) =>
        new(EventCatalogue.Of([typeof(Contract).Assembly]), start, [], _ => (_, _, _) => throw new InvalidOperationException());

    private static DateOnly LocalDate(int days) => BusinessCalendar.LocalDate(Start.AddDays(days));

    private static readonly JointOrder.Event ClosedOut = new JointOrder.Event.ClosedOut(
        new("purchase-order-JO-1:V-1", 1, true, [], true, [], CloseOutRules.CurrentVersion));

    private static readonly IDetector[] Detectors = [new MissingEvidence(), new SplitPurchases(), new LatePayments(), new UnfinishedWork()];

    private async Task<IReadOnlyList<Finding>> Find(DateTimeOffset? day = null) => (await new AuditFindings(bed.Store, Detectors)
        .Run(SagaTestbed.Tenant, asOf: BusinessCalendar.LocalDate(day ?? bed.Clock.Now))).Findings;

    private async Task<IEnumerable<string>> Kinds(int days) => (await Find(Start.AddDays(days))).Select(f => f.Kind);

    private Task Award(string contract, AuthorityKind kind, SolicitationEvidence? evidence) => bed.Given(
        $"contract-{contract}", new Contract.Event.Awarded(
            new(new("V-1"), new("SSC"), new(kind, "citation"), new(2026, 2, 1), new(2027, 1, 31), evidence),
            new("Goods", ContractScope.Cooperative, FeeTerms.None, BillingMode.VendorDirect, new("delivered"))));

    private Task Commit(string order, string member, decimal threshold) => bed.Given(
        $"commitment-{order}:{member}", new Commitment.Event.Placed(
            new(order), new(member), new("SSC"), [], [], Money.Zero, Money.FromDollars(threshold), 0, 1, "buyer"));

    /// <summary>An order of one line that one member bought, from its plan to its close-out.</summary>
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
            new JointOrder.Event.Ready(new("V-1"), 1), new JointOrder.Event.Confirmed(new("V-1")), ClosedOut);
    }
}
