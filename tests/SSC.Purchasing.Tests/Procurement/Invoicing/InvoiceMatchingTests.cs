using Shouldly;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Contracts;
using SSC.Purchasing.Procurement.Invoicing;
using SSC.Purchasing.Procurement.PurchaseOrders;
using Xunit;
using static SSC.Purchasing.Tests.Procurement.Invoicing.InvoiceSamples;

namespace SSC.Purchasing.Tests.Procurement.Invoicing;

public class InvoiceMatchingTests
{
    [Fact]
    public void an_invoice_as_ordered_and_received_has_no_exception_and_splits_to_the_cent()
    {
        var match = InvoiceMatching.Compute(Input(Document));
        match.Exceptions.ShouldBeEmpty();
        match.GoodsReceivedOn.ShouldBe(new DateOnly(2026, 3, 30));

        // 18.50 over 400.00 / 240.00 / 318.00: 7.724, 4.635, 6.141 — the missing cent goes to the largest remainder.
        match.Bills.Select(b => (b.Member.Value, b.Goods.ToString(), b.Freight.ToString())).ShouldBe(
            [("M-001", "400.00", "7.72"), ("M-002", "240.00", "4.64"), ("M-003", "318.00", "6.14")]);
        match.Bills.Select(b => b.Total).Sum().ShouldBe(Document.Total);
    }

    [Theory]
    [InlineData(4_001, "PriceAboveAgreed", "0.10")]
    [InlineData(3_999, null, null)]
    public void a_price_above_the_agreed_one_is_an_exception_and_one_below_is_not(int cents, string? kind, string? excess)
    {
        var price = cents / 100m;
        var match = InvoiceMatching.Compute(Input(Invoice("INV-2", [Line("1", 1, "M-001-A", "PAPER", 10, "XCT", price)])));
        match.Exceptions.Select(e => e.Kind.ToString()).FirstOrDefault().ShouldBe(kind);
        match.Exceptions.Select(e => e.Excess.ToString()).FirstOrDefault().ShouldBe(excess);
    }

    [Fact]
    public void the_contracts_tolerance_is_the_lesser_of_its_percentage_and_its_amount()
    {
        // 400.00 agreed: 1 % is 4.00, but never more than 3.00.
        var tolerance = new MatchTolerance(new(2026, 1, 1), 100, Money.FromDollars(3m));
        Exceptions(40.30m).ShouldBe(0);
        Exceptions(40.31m).ShouldBe(1);

        int Exceptions(decimal price) => InvoiceMatching.Compute(Input(
            Invoice("INV-2", [Line("1", 1, "M-001-A", "PAPER", 10, "XCT", price)]), tolerance: tolerance)).Exceptions.Count;
    }

    [Fact]
    public void more_than_was_received_is_an_exception_also_over_several_invoices_and_a_credit_memo_takes_back_what_it_names()
    {
        var six = Line("1", 1, "M-001-A", "PAPER", 6, "XCT", 40m);
        var first = Invoice("INV-A", [six]);
        var second = Invoice("INV-B", [six with { Quantity = Quantity.Of(5), Amount = Money.FromDollars(200m) }]);
        InvoiceMatching.Compute(Input(second)).Exceptions.ShouldBeEmpty();
        var found = InvoiceMatching.Compute(Input(second, earlier: first)).Exceptions.Single();
        (found.Kind, found.Excess).ShouldBe((MatchExceptionKind.QuantityAboveReceived, Money.FromDollars(40m)));
        var memo = Memo("CM-1", 0m) with { Lines = [six with { Quantity = Quantity.Of(1), Amount = Money.FromDollars(40m) }],
            Charges = [] };
        InvoiceMatching.Compute(Input(second, earlier: [first, memo])).Exceptions.ShouldBeEmpty();
        InvoiceMatching.Compute(Input(first, received: [])).Exceptions.Single().Excess.ShouldBe(Money.FromDollars(240m));
    }

    [Fact]
    public void the_same_bill_again_under_another_number_is_a_duplicate_unless_that_much_was_received()
    {
        var again = Document with { Number = "INV-1B", Charges = [], Total = Money.FromDollars(958m) };
        var before = Document with { Charges = [], Total = Money.FromDollars(958m) };
        var found = InvoiceMatching.Compute(Input(again, earlier: before)).Exceptions.Single();
        (found.Kind, found.Excess).ShouldBe((MatchExceptionKind.Duplicate, again.Total));
        StructuralList<ReceivedUnits> twice = [.. AllReceived.Select(r => r with { Quantity = r.Quantity * 2 })];
        InvoiceMatching.Compute(Input(again, received: twice, earlier: before)).Exceptions.ShouldBeEmpty();
    }

    [Fact]
    public void what_the_order_does_not_have_is_named_and_still_shared_to_the_cent()
    {
        Expect(MatchExceptionKind.UnknownLine, Invoice("I", [FirstLine, Line("9", 7, "M-001-A", "PAPER", 1, "XCT", 1m)]));
        Expect(MatchExceptionKind.UnknownLine, Invoice("I", [FirstLine, Line("9", null, null, "PENS", 1, "EA", 3m)]));
        Expect(MatchExceptionKind.UnknownLine, Invoice("I", [FirstLine with { Item = new ItemNo("GLOVES") }]));
        Expect(MatchExceptionKind.UnknownSite, Invoice("I", [FirstLine, Line("9", 1, "M-009-A", "PAPER", 1, "XCT", 40m)]));
        Expect(MatchExceptionKind.UnitDiffers, Invoice("I", [FirstLine with { Unit = "EA" }]));
        Expect(MatchExceptionKind.Tax, Invoice("I", [FirstLine], new InvoiceCharge(ChargeKind.Tax, "Sales tax", Money.FromDollars(27.5m))));
        Expect(MatchExceptionKind.UnorderedCharge, Invoice("I", [FirstLine], Freight(18.51m)));
        Expect(MatchExceptionKind.UnorderedCharge, Invoice("I", [FirstLine],
            new InvoiceCharge(ChargeKind.Other, "Pallet fee", Money.FromDollars(5m))));
        Expect(MatchExceptionKind.UnorderedCharge, Invoice("I", [FirstLine],
            new InvoiceCharge(ChargeKind.Fee, "Fuel", Money.FromDollars(5m))));
        Expect(MatchExceptionKind.TotalsDoNotAdd, Invoice("I", [FirstLine]) with { Total = Money.FromDollars(400.07m) });
        Expect(MatchExceptionKind.TotalsDoNotAdd, Invoice("I", [FirstLine with { Amount = Money.FromDollars(400.01m) }]));
        Expect(MatchExceptionKind.WrongBillTo, Invoice("I", [FirstLine]) with { BillTo = First });
        Expect(MatchExceptionKind.WrongBillTo, Invoice("I", [FirstLine, SecondLine]), BillingMode.VendorDirect);
        Expect(MatchExceptionKind.WrongBillTo, Invoice("I", [FirstLine]) with { BillTo = Second }, BillingMode.VendorDirect);

        static void Expect(MatchExceptionKind kind, InvoiceDocument document, BillingMode billing = BillingMode.Cooperative)
        {
            var match = InvoiceMatching.Compute(Input(document, billing));
            match.Exceptions.Select(e => e.Kind).ShouldContain(kind);
            match.Bills.Select(b => b.Total).Sum().ShouldBe(document.Total);
        }
    }

    [Fact]
    public void a_line_without_a_site_is_shared_over_the_sites_of_the_order_line_or_of_the_billed_member()
    {
        var whole = Line("1", 1, null, "PAPER", 16, "XCT", 40m);
        InvoiceMatching.Compute(Input(Invoice("I", [whole]))).Bills.Select(b => (b.Member.Value, b.Lines[0].Quantity.Units))
            .ShouldBe([("M-001", 10m), ("M-002", 6m)]);
        var own = Invoice("I", [Line("1", null, null, "PAPER", 10, "XCT", 40m)]) with { BillTo = First };
        var match = InvoiceMatching.Compute(Input(own, BillingMode.VendorDirect));
        (match.Exceptions.Count, match.Bills.Single().Total).ShouldBe((0, Money.FromDollars(400m)));
    }

    [Fact]
    public void the_commodity_credit_of_the_order_must_be_on_the_invoice_and_goes_to_whom_it_is_for()
    {
        var lines = Purchase.Lines.Select(l => l.No == 1 ? l with { Credits = Money.FromDollars(160m) } : l).ToStructuralList();
        var order = Purchase with { Lines = lines, Total = PurchaseOrderContent.TotalOf(lines, Purchase.Freight) };
        var without = Invoice("I", [FirstLine, ThirdLine]);
        InvoiceMatching.Compute(Input(without) with { Order = order }).Exceptions.Single()
            .ShouldSatisfyAllConditions(
                e => e.Kind.ShouldBe(MatchExceptionKind.CreditMissing), e => e.Excess.ShouldBe(Money.FromDollars(100m)));
        var with = Invoice("I", [FirstLine, ThirdLine], new InvoiceCharge(ChargeKind.CommodityCredit, "USDA", Money.FromDollars(-100m)));
        var match = InvoiceMatching.Compute(Input(with) with { Order = order });
        match.Exceptions.ShouldBeEmpty();
        match.Bills.Select(b => b.CommodityCredit.ToString()).ShouldBe(["-100.00", "0.00"]);
    }

    [Fact]
    public void an_accepted_substitute_is_as_good_as_the_ordered_item()
    {
        var other = Invoice("I", [FirstLine with { Item = new ItemNo("PAPER-22LB") }]);
        InvoiceMatching.Compute(Input(other)).Exceptions.Single().Kind.ShouldBe(MatchExceptionKind.UnknownLine);
        StructuralList<ReceivedUnits> received = [.. AllReceived.Select(r => r with { Substitutes = [new("PAPER-22LB")] })];
        InvoiceMatching.Compute(Input(other, received: received)).Exceptions.ShouldBeEmpty();
    }

    [Fact]
    public void a_memo_is_shared_by_its_lines_first_and_the_rest_by_what_the_members_owe()
    {
        var bills = Match(Document).Bills;
        var damaged = Memo("CM-1", 0m) with
        {
            Lines = [Line("1", 1, "M-002-A", "PAPER", 1, "XCT", 40m)], Charges = [Freight(1m)], Total = Money.FromDollars(41m),
        };
        var shares = InvoiceMatching.ShareCredit(damaged, bills);
        shares.Values.Sum().ShouldBe(damaged.Total);
        shares[Second].ShouldBeGreaterThan(Money.FromDollars(40m));
        InvoiceMatching.ShareCredit(Memo("CM-2", 10m), bills).Values.Sum().ShouldBe(Money.FromDollars(10m));
        InvoiceMatching.ShareCredit(Memo("CM-3", 10m) with { BillTo = Third }, bills).Keys.ShouldBe([Third]);
    }

    [Fact]
    public void rules_of_a_later_version_are_not_guessed() => Should.Throw<NotSupportedException>(() => InvoiceMatching.Compute(
        Input(Document) with { Basis = new(1, [], InvoiceMatching.CurrentVersion + 1, None) }));
}
