using FsCheck;
using FsCheck.Fluent;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.JointOrders;
using SSC.Purchasing.Tests.Properties;
using static SSC.Purchasing.Tests.Procurement.JointOrders.Orders;

namespace SSC.Purchasing.Tests.Procurement.JointOrders;

public sealed class JointOrderLaws : DeciderLaws<JointOrder, JointOrder.Command, JointOrder.State, JointOrder.Event>
{
    private static readonly OrderTerms Paper = Terms(
        Line(Paper()),
        new() { WhenMinimumMissed = [MinimumMissedAction.Extend, MinimumMissedAction.TopUp, MinimumMissedAction.FallbackTier] });

    private static readonly JointOrder.Command Plan = new JointOrder.Command.Plan(Paper);
    private static readonly JointOrder.Command Open = new JointOrder.Command.Open(Monday, new(true, true, 1, Paper.Lines));
    private static readonly JointOrder.Command Close = new JointOrder.Command.Close(Friday.AddDays(1));
    private static readonly JointOrder.Command CloseLater = new JointOrder.Command.Close(Friday.AddDays(40));
    private static readonly JointOrder.Command Missed = Settle(SettlementRules.Compute(Input(Paper)));
    private static readonly JointOrder.Command Met = Settle(SettlementRules.Compute(Input(Paper, Commits("A", 80), Commits("B", 40))));

    private static readonly JointOrder.Command ApprovalNeeded =
        Settle(SettlementRules.Compute(Input(Paper, Commits("A", 30, 10, committed: 100m), Commits("B", 40))));

    private static readonly JointOrder.Command Reserved = new JointOrder.Command.RecordEncumbrances([new("A"), new("B")], []);
    private static readonly JointOrder.Command Fix = new JointOrder.Command.FixTiers();
    private static readonly JointOrder.Command Issued = new JointOrder.Command.RecordIssued(Paper.Vendor, "PO-1");

    private static readonly JointOrder.Command Fewer = new JointOrder.Command.Reallocate(
        SettlementRules.Reallocate(Input(Paper, Commits("A", 80), Commits("B", 40)), 1, Quantity.Of(40), UnitPrice.FromDollars(41.9m)),
        Basis(), "one pallet will come");

    private static JointOrder.Command.TakeMinimumBranch Branch(int days) =>
        new JointOrder.Command.TakeMinimumBranch(Friday.AddDays(days), Friday.AddDays(days + 7));

    private static readonly JointOrder.Command Compensation = new JointOrder.Command.Compensate(
        new("CM-1", new("delivery-JO-1:V-1:A-A", 2), new("A"), 1, Quantity.Of(-1), Money.FromDollars(-41.9m), "spoiled"));

    private static JointOrder.Command.CloseOut Done(bool complete, bool billed) =>
        new(new("purchase-order-JO-1:V-1", 4, billed, [], complete, [], 1));

    protected override Gen<JointOrder.Command> Commands => Gen.OneOf(
        Gen.Elements<JointOrder.Command>(
            Plan, Open, Close, Missed, Met, ApprovalNeeded, Reserved, Fix, Issued, Fewer, Branch(1), Branch(9)),
        Gen.Elements<JointOrder.Command>(
            new JointOrder.Command.Hold("recall"), new JointOrder.Command.CloseEarly("all are in"),
            new JointOrder.Command.Resume(Friday.AddDays(2), Friday),
            new JointOrder.Command.Extend(Friday.AddDays(3), "asked", Monday),
            new JointOrder.Command.MoveToSuccessor(Paper with { Contract = new("C-2"), Cutoff = Friday.AddDays(9) }, Monday),
            new JointOrder.Command.StartBoxFill([new(1, Quantity.Of(10))], Basis(), Friday),
            new JointOrder.Command.CloseApprovals([], [new(new("A"), "approval-declined")]),
            new JointOrder.Command.RecordEncumbrances([], [new(new("A"), "budget-exceeded")]),
            new JointOrder.Command.RecordConfirmed(Paper.Vendor),
            new JointOrder.Command.ReAward(Paper.Vendor, "rejected"),
            new JointOrder.Command.TopUp(1, Quantity.Of(40), "stock"),
            new JointOrder.Command.RecordShipped(Paper.Vendor), Done(true, true), Done(false, true), Compensation,
            new JointOrder.Command.Cancel("no need")),
        Gen.Choose(-1, 12).Select(n =>
            (JointOrder.Command)new JointOrder.Command.ClaimBoxFill(new("A"), new("A-A"), 1, Quantity.Of(n), true)));

    protected override IEnumerable<IReadOnlyList<JointOrder.Command>> Scenarios =>
    [
        [Plan, Open, Close, Met, Reserved, Fix, Issued, Fewer, new JointOrder.Command.RecordConfirmed(Paper.Vendor),
            new JointOrder.Command.RecordShipped(Paper.Vendor), Done(true, true), Compensation],
        [Plan, Open, Close, ApprovalNeeded, new JointOrder.Command.CloseApprovals([new("A")], []), Reserved, Fix, Issued,
            new JointOrder.Command.ReAward(Paper.Vendor, "rejected")],
        [Plan, Open, Close, Missed, Branch(1), CloseLater, Missed, Branch(9), new JointOrder.Command.TopUp(1, Quantity.Of(40), "stock"),
            Met],
        [Plan, Open, Close, Missed, Branch(1), CloseLater, Missed, Branch(9), Branch(20), CloseLater, Missed, Branch(30)],
        [Plan, Open, new JointOrder.Command.Hold("recall"),
            new JointOrder.Command.MoveToSuccessor(Paper with { Contract = new("C-2"), Cutoff = Friday.AddDays(9) }, Monday)],
        [Plan, Open, new JointOrder.Command.Extend(Friday.AddDays(3), "asked", Monday), new JointOrder.Command.Hold("recall"),
            new JointOrder.Command.Resume(Friday.AddDays(5), Friday),
                new JointOrder.Command.StartBoxFill([new(1, Quantity.Of(10))], Basis(), Friday.AddDays(5)),
            new JointOrder.Command.ClaimBoxFill(new("A"), new("A-A"), 1, Quantity.Of(4), true), new JointOrder.Command.Cancel("no need")],
    ];

    private static JointOrder.Command.Settle Settle(Settlement settlement) => new JointOrder.Command.Settle(settlement);
}

public sealed class CommitmentLaws : DeciderLaws<Commitment, Commitment.Command, Commitment.State, Commitment.Event>
{
    private static readonly MemberStanding Member = new(
        new("M-001"), new("SSC"), "buyer-1", [new("M-001-A"), new("M-001-B")], 0, Money.FromDollars(5_000), null);

    private static OrderStanding Order(int generation) => new(new("JO-1"), OrderPhase.Open, Friday, generation, [Line(Paper())]);

    private static Commitment.Command.Commit Commit(int quantity, int tolerance, string site, int days, int generation) =>
        new Commitment.Command.Commit(
        [new(1, new(site), Quantity.Of(quantity), Quantity.Of(tolerance), [new(Supplies, 10_000)])], Order(generation), Member,
            Monday.AddDays(days));

    protected override Gen<Commitment.Command> Commands => Gen.OneOf(
        from quantity in Gen.Choose(-1, 3)
        from tolerance in Gen.Choose(-1, 2)
        from site in Gen.Elements("M-001-A", "M-001-B", "M-002-A")
        from days in Gen.Choose(0, 5)
        from generation in Gen.Choose(1, 2)
        select (Commitment.Command)Commit(quantity, tolerance, site, days, generation),
        Gen.Choose(-1, 3).Select(n => (Commitment.Command)new Commitment.Command.Approve("approver-1", Money.FromDollars(n * 100))),
        Gen.Elements<Commitment.Command>(
            new Commitment.Command.Withdraw(Order(1), Monday),
            new Commitment.Command.Reconfirm(Order(2), Monday),
            new Commitment.Command.ConsiderCpv("memo 1"),
            new Commitment.Command.ConsiderCpv(" "),
            new Commitment.Command.Decline("approver-1", "too much")));

    protected override IEnumerable<IReadOnlyList<Commitment.Command>> Scenarios =>
    [
        [Commit(2, 0, "M-001-A", 0, 1), Commit(3, 1, "M-001-A", 0, 1), new Commitment.Command.Reconfirm(Order(2), Monday),
            new Commitment.Command.ConsiderCpv("memo 1"), new Commitment.Command.Approve("approver-1", Money.FromDollars(100)),
            new Commitment.Command.Withdraw(Order(2), Monday), new Commitment.Command.Decline("approver-1", "too much")],
    ];
}
