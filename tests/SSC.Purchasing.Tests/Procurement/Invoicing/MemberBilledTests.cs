using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Contracts;
using SSC.Purchasing.Procurement.Invoicing;
using Xunit;
using static SSC.Purchasing.Tests.Procurement.Invoicing.InvoiceSamples;

namespace SSC.Purchasing.Tests.Procurement.Invoicing;

/// <summary>Goods of several members come to one site, and the vendor bills each by itself: for its share of what was taken in.</summary>
public class MemberBilledTests
{
    private static readonly SiteId Warehouse = new("SSC-WH");

    [Fact]
    public void each_member_is_billed_for_its_share_of_what_the_warehouse_took_in()
    {
        // Of 16 ordered 12 were taken in; they were allocated again as 8 and 4.
        var first = Bill("I-1", First, 8);
        var match = InvoiceMatching.Compute(Central([8, 4], 12, first));
        match.Exceptions.ShouldBeEmpty();
        match.Bills.Select(b => (b.Member, b.Total, b.Lines.Single().Quantity))
            .ShouldBe([(First, Money.FromDollars(320m), Quantity.Of(8))]);
        match.GoodsReceivedOn.ShouldBe(new DateOnly(2026, 3, 30));
        InvoiceMatching.Compute(Central([8, 4], 12, Bill("I-2", Second, 4), first)).Exceptions.ShouldBeEmpty();
    }

    [Fact]
    public void one_member_is_not_billed_for_what_another_got()
    {
        var found = InvoiceMatching.Compute(Central([8, 4], 12, Bill("I-2", Second, 5))).Exceptions.Single();
        (found.Kind, found.Excess).ShouldBe((MatchExceptionKind.QuantityAboveReceived, Money.FromDollars(40m)));
        InvoiceMatching.Compute(Central([8, 4], 12, Bill("I-3", Second, 1), Bill("I-2", Second, 4))).Exceptions.Single().Kind
            .ShouldBe(MatchExceptionKind.QuantityAboveReceived);
        InvoiceMatching.Compute(Central([10, 6], 0, Bill("I-1", First, 1))).Exceptions.Single().Kind
            .ShouldBe(MatchExceptionKind.QuantityAboveReceived);
    }

    [Fact]
    public void two_members_with_the_same_share_have_the_same_bill_and_none_is_a_duplicate()
    {
        var first = Bill("I-1", First, 6);
        InvoiceMatching.Compute(Central([6, 6], 12, Bill("I-2", Second, 6), first)).Exceptions.ShouldBeEmpty();
        InvoiceMatching.Compute(Central([6, 6], 12, Bill("I-3", First, 6), first)).Exceptions.Single().Kind
            .ShouldBe(MatchExceptionKind.Duplicate);
    }

    [Fact]
    public void a_member_without_goods_there_and_a_bill_for_all_at_once_are_still_wrong()
    {
        InvoiceMatching.Compute(Central([8, 4], 12, Bill("I-1", Third, 4))).Exceptions.Select(e => e.Kind)
            .ShouldContain(MatchExceptionKind.WrongBillTo);
        InvoiceMatching.Compute(Central([8, 4], 12, Bill("I-1", null, 12))).Exceptions.Single().Kind
            .ShouldBe(MatchExceptionKind.WrongBillTo);
    }

    [Fact]
    public void what_was_matched_by_the_first_version_is_recomputed_as_it_was()
    {
        var input = Central([8, 4], 12, Bill("I-1", First, 8));
        var then = InvoiceMatching.Compute(input with { Basis = input.Basis with { RuleVersion = 1 } });
        then.Exceptions.Single().Kind.ShouldBe(MatchExceptionKind.WrongBillTo);
        then.Bills.Select(b => (b.Member, b.Lines.Single().Quantity.Units)).ShouldBe([(First, 5m), (Second, 3m)]);
        Should.Throw<NotSupportedException>(() =>
            InvoiceMatching.Compute(input with { Basis = input.Basis with { RuleVersion = InvoiceMatching.CurrentVersion + 1 } }));
    }

    [Fact]
    public void whatever_was_taken_in_the_members_bills_are_what_was_received_and_nobody_may_be_billed_one_more() => Prop.ForAll(
        (from quantities in Gen.Choose(1, 60).ListOf() from percent in Gen.Choose(0, 100) where quantities.Count > 1
         select (quantities, percent)).ToArbitrary(),
        delivery =>
        {
            var asked = delivery.quantities;
            var taken = asked.Sum() * delivery.percent / 100;
            var shares = LargestRemainder.Share(taken, [.. asked.Select(q => (long)q)]);
            var earlier = new List<InvoiceDocument>();
            foreach (var (i, share) in shares.Index().Where(s => s.Item > 0))
            {
                var bill = Bill($"I-{i}", Member(i), share);
                var input = Central(shares, taken, bill, [.. earlier]);
                InvoiceMatching.Compute(input).Exceptions.ShouldBeEmpty();
                var more = Bill($"I-{i}", Member(i), share + 1);
                InvoiceMatching.Compute(Central(shares, taken, more, [.. earlier])).Exceptions.Single().Excess
                    .ShouldBe(Money.FromDollars(40m));
                earlier.Add(bill);
            }

            earlier.Select(e => e.Total).Sum().ShouldBe(UnitPrice.FromDollars(40m).Extend(Quantity.Of(taken)));
        }).QuickCheckThrowOnFailure();

    private static MemberNo Member(int i) => i switch { 0 => First, 1 => Second, _ => new($"M-1{i:00}") };

    private static InvoiceDocument Bill(string number, MemberNo? to, long quantity) =>
        Invoice(number, [Line("1", 1, Warehouse.Value, "PAPER", quantity, "XCT", 40m)]) with { BillTo = to };

    /// <summary>Paper for several members at the warehouse, shared as it was allocated; of it so many units were taken in.</summary>
    private static MatchInput Central(
        IReadOnlyList<long> shares, long taken, InvoiceDocument document, params InvoiceDocument[] earlier) =>
        Input(document, BillingMode.VendorDirect, earlier: earlier) with
        {
            Agreed = [.. shares.Select((s, i) => Agreed[0] with { Member = Member(i), Site = Warehouse, Quantity = Quantity.Of(s) })],
            Received = taken == 0 ? [] : [new(1, Warehouse, Quantity.Of(taken), new(2026, 3, 30))],
        };
}
