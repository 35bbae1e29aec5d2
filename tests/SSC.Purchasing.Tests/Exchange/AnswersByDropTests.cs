using Shouldly;
using SSC.Purchasing.Exchange.Documents;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.PurchaseOrders;
using Xunit;
using static SSC.Purchasing.Procurement.PurchaseOrders.LineAnswerCode;

namespace SSC.Purchasing.Tests.Exchange;

/// <summary>The order of these: line 1 drops 10 and 5 at M-001-HS and 15 at M-002-ES, line 3 drops 1.5 at M-003-DO.</summary>
public class AnswersByDropTests
{
    private static readonly OrderDocument Order = SampleOrders.ByHand.Order;
    private static readonly DateOnly Friday = new(2026, 9, 4);

    [Fact]
    public void drops_that_are_not_named_stay_as_ordered() => Answers(Drop(new(1, Reject), "M-002-ES"))
        .ShouldBe([new LineAnswer(1, Propose, Quantity.Of(15))]);

    [Fact]
    public void a_line_is_rejected_when_every_drop_of_it_is() =>
        Answers(Drop(new(1, Reject), "M-001-HS"), Drop(new(1, Reject), "M-001-HS", 2), Drop(new(1, Reject), "M-002-ES"))
            .ShouldBe([new LineAnswer(1, Reject)]);

    [Fact]
    public void accepted_drops_keep_their_quantity_beside_changed_ones() =>
        Answers(Drop(new(1, Accept), "M-001-HS"), Drop(new(1, Propose, Quantity.Of(4)), null, 2), Drop(new(1, Accept), "M-002-ES"))
            .ShouldBe([new LineAnswer(1, Propose, Quantity.Of(29))]);

    [Fact]
    public void the_latest_day_holds_for_the_line() =>
        Answers(Drop(new(1, Propose, DeliverOn: Friday.AddDays(-1)), "M-001-HS"), Drop(new(1, Propose, DeliverOn: Friday), "M-002-ES"))
            .ShouldBe([new LineAnswer(1, Propose, DeliverOn: Friday)]);

    [Fact]
    public void what_only_repeats_the_order_is_an_acceptance() =>
        Answers(Whole(new(3, Propose, Quantity.FromDecimal(1.5m), UnitPrice.FromDollars(1234.567891m), Substitute: new("LINER-33")), "XPX"))
            .ShouldBe([new LineAnswer(3, Accept)]);

    [Fact]
    public void a_confirmation_with_exceptions_accepts_the_rest() =>
        Answers(true, Whole(new(3, Reject))).ShouldBe([new LineAnswer(3, Reject), new LineAnswer(1, Accept)]);

    [Fact]
    public void a_price_for_some_drops_only_is_no_price_of_the_line() =>
        Codes(Drop(new(1, Propose, Price: UnitPrice.FromDollars(38m)), "M-002-ES")).ShouldBe(["response-differs-by-drop"]);

    [Fact]
    public void what_the_order_does_not_have_is_named()
    {
        Codes(Whole(new(2, Accept))).ShouldBe(["order-line-unknown"]);
        Codes(Drop(new(1, Accept), "M-009-HS")).ShouldBe(["order-drop-unknown"]);
        Codes(Drop(new(1, Accept), null, 4)).ShouldBe(["order-drop-unknown"]);
        Codes(Whole(new(1, Accept), "EA")).ShouldBe(["unit-differs"]);
        Codes(Whole(new(1, Accept)), Drop(new(1, Accept), "M-001-HS")).ShouldBe(["response-line-repeated"]);
    }

    private static StructuralList<LineAnswer> Answers(params AnswerDetail[] details) => Answers(false, details);

    private static StructuralList<LineAnswer> Answers(bool acceptsTheRest, params AnswerDetail[] details)
    {
        var (answer, faults) = AnswersByDrop.Against(Response(details) with { AcceptsTheRest = acceptsTheRest }, Order);
        faults.ShouldBeEmpty();
        return answer!.Lines;
    }

    private static IEnumerable<string> Codes(params AnswerDetail[] details)
    {
        var (answer, faults) = AnswersByDrop.Against(Response(details), Order);
        answer.ShouldBeNull();
        return faults.Select(f => f.Code);
    }

    private static VendorDocument.Response Response(AnswerDetail[] details) =>
        new(Order.Number, new("R-1", Order.Vendor, ResponseCode.CA, [])) { Details = [.. details] };

    private static AnswerDetail Drop(LineAnswer answer, string? site, int nth = 1) =>
        new(answer, new DropKey(site is null ? null : new SiteId(site), nth));

    private static AnswerDetail Whole(LineAnswer answer, string? unit = null) => new(answer, null, unit);
}
