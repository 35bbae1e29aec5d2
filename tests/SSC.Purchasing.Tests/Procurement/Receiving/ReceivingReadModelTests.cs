using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.JointOrders;
using SSC.Purchasing.Procurement.PurchaseOrders;
using SSC.Purchasing.Procurement.Receiving;
using SSC.Purchasing.Tests.Procurement.JointOrders;
using SSC.Purchasing.Tests.Procurement.PurchaseOrders;
using SSC.Purchasing.Tests.Procurement.Rules;
using Xunit;
using static SSC.Purchasing.Tests.Procurement.Receiving.DeliverySamples;

namespace SSC.Purchasing.Tests.Procurement.Receiving;

/// <summary>What is expected, what is seen of it, and what is owed when part of it never comes.</summary>
public class ReceivingReadModelTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 20, 17, 0, 0, TimeSpan.Zero);
    private static readonly string Stream = $"delivery-{Delivery.Key(Order, Bluffland, School)}";

    [Fact]
    public void the_board_the_register_and_the_claims_follow_a_delivery()
    {
        object[] facts = [.. Told(
            new Delivery.Command.Expect(Expected), Receive("R-1", (1, 8), (2, 40)), Short("S-1", 1, 2),
            new Delivery.Command.AnswerClaim(1, ClaimAnswer.CreditPromised, "CM follows", null))];
        var board = new DeliveryBoard();
        var row = Projected.Rows(board, Stream, Now, facts).Values.Single();
        (row.Status, row.File.Lines[1].Short).ShouldBe((DeliveryStatus.Arriving, Quantity.Of(2)));
        (board.Index("member", row), board.Index("vendor", row), board.Index("status", row)).ShouldBe(("M-001", "V-bluffland", "Arriving"));

        var shares = Projected.Rows(new DeliveryShares(), Stream, Now, facts);
        shares.Keys.ShouldBe([$"{Delivery.Key(Order, Bluffland, School)}:M-001"]);
        shares.Values.Single().ShouldBe(new(Delivery.Key(Order, Bluffland, School), new("M-001"), Order, Bluffland, School));

        var receipt = Projected.Rows(new ReceiptRegister(), Stream, Now, facts).Values.Single();
        (receipt.Receipt.DocumentId, receipt.WithoutDespatch, receipt.Member).ShouldBe(("R-1", true, new MemberNo("M-001")));

        var claim = Projected.Rows(new ClaimBoard(), Stream, Now, facts)[ClaimBoard.Key(Delivery.Key(Order, Bluffland, School), 1)];
        (claim.Status, claim.Claim.Quantity, claim.Claim.AnswerNote).ShouldBe((ClaimStatus.Answered, Quantity.Of(2), "CM follows"));
    }

    [Fact]
    public void only_agreed_lines_are_expected_with_the_item_and_the_day_that_were_agreed()
    {
        PurchaseOrder.Command[] told =
        [
            new PurchaseOrder.Command.Issue(PurchaseOrderSamples.Document),
            new PurchaseOrder.Command.RecordDispatch("peppol", 1, PurchaseOrderSamples.Hash),
            new PurchaseOrder.Command.RecordResponse(PurchaseOrderSamples.Answer(
                "R-1", ResponseCode.CA, PurchaseOrderSamples.Propose(1, on: Later, item: "TIRE-11R24"), PurchaseOrderSamples.Reject(2))),
            new PurchaseOrder.Command.AcceptChange(1),
        ];
        var order = told.Aggregate(PurchaseOrder.Initial, (state, command) =>
            ((Decision<PurchaseOrder.Event>.Accepted)PurchaseOrder.Decide(command, state)).Events.Aggregate(state, PurchaseOrder.Evolve));
        var expected = ExpectedDeliveries.Of(((PurchaseOrder.State.Confirmed)order).File, default, new());
        expected.Select(e => (e.Site.Value, e.Lines[0].Item.Value, e.Lines[0].Total().Units, e.DueOn))
            .ShouldBe([("M-001-BUS", "TIRE-11R24", 8m, Later), ("M-002-BUS", "TIRE-11R24", 4m, Later)]);
        expected.ShouldAllBe(e => e.Lines.Count == 1);
    }

    [Fact]
    public void what_is_kept_and_what_is_lost_sum_to_the_cent() => Prop.ForAll(
        Gen.Two(Gen.Choose(1, 60)).SelectMany(q => Gen.Choose(0, q.Item1).Select(lost => (Mine: q.Item1, Theirs: q.Item2, Lost: lost)))
            .ToArbitrary(),
        i =>
        {
            var terms = Orders.Terms(Orders.Line(Orders.Paper(1)));
            var input = Orders.Input(terms, Orders.Commits("A", i.Mine), Orders.Commits("B", i.Theirs));
            var line = SettlementRules.Compute(input).Lines[0];
            var share = new FulfilledShare(
                1, new("PAPER-20LB"), "XCT", new("A"), new("A-A"), Quantity.Of(i.Mine), default, default, default, Quantity.Of(i.Lost));
            var kept = KeptShares.Of(line, new("A"), new([share], [], false));
            var lost = KeptShares.Of(line, new("A"), new([share with { WrittenOff = Quantity.Of(i.Mine - i.Lost) }], [], false));
            kept.Shares[0].Allocated.ShouldBe(Quantity.Of(i.Mine - i.Lost));
            (kept.Shares[0].Goods + lost.Shares[0].Goods - line.Shares[0].Goods).Cents.ShouldBeInRange(-1, 1);
            kept.Shares[1].ShouldBe(line.Shares[1], "another member's share stays as it is");
        }).QuickCheckThrowOnFailure();

    private static IEnumerable<Delivery.Event> Told(params Delivery.Command[] commands)
    {
        var state = Delivery.Initial;
        foreach (var command in commands)
        {
            foreach (var e in ((Decision<Delivery.Event>.Accepted)Delivery.Decide(command, state)).Events)
            {
                yield return e;
                state = Delivery.Evolve(state, e);
            }
        }
    }
}
