using FsCheck;
using FsCheck.Fluent;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.PurchaseOrders;
using SSC.Purchasing.Tests.Properties;
using static SSC.Purchasing.Procurement.PurchaseOrders.PurchaseOrder;
using static SSC.Purchasing.Tests.Procurement.PurchaseOrders.PurchaseOrderSamples;

namespace SSC.Purchasing.Tests.Procurement.PurchaseOrders;

public class PurchaseOrderLaws : DeciderLaws<PurchaseOrder, Command, State, Event>
{
    private static readonly OrderDocument Fewer = Order(Tires, Line(2, "TUBE-11R22", 41.5m, Drop("M-002", "M-002-BUS", 6)));
    private static readonly string FewerHash = PurchaseOrderContent.Hash(Fewer, 2);

    private static readonly Gen<LineAnswer[]> Answers = Gen.Elements<LineAnswer[]>(
        [], [Accept(1), Reject(2)], [Propose(1, quantity: 10), Accept(2)], [Propose(1, price: 319m)], [Propose(2, on: Friday)],
        [Reject(1), Reject(2)], [Accept(1)]);

    protected override Gen<Command> Commands => Gen.Frequency(
        (4, Gen.Elements<Command>(new Command.Issue(Document), new Command.Issue(Fewer))),
        (4, from h in Gen.Elements(Hash, FewerHash) from n in Gen.Choose(1, 2) select (Command)new Command.RecordDispatch("peppol", n, h)),
        (1, Gen.Choose(1, 3).Select(n => (Command)new Command.Resend(n, n == 3 ? "not an id" : "U-17"))),
        (1, Gen.Elements(Hash, FewerHash, "other").Select(h => (Command)new Command.RecordPickUp(h))),
        (1, Gen.Choose(1, 3).Select(n => (Command)new Command.RecordDispatchFailure("timeout", n))),
        (1, Gen.Elements(Hash, FewerHash).Select(h => (Command)new Command.RecordManualDispatch("telephone", "U-17", h))),
        (4, from id in Gen.Elements("R-1", "R-2", "R-3") from code in Gen.Elements(Enum.GetValues<ResponseCode>()) from lines in Answers
            select (Command)new Command.RecordResponse(Answer(id, code, lines))),
        (2, Gen.Choose(0, 3).Select(n => (Command)new Command.Remind(n))),
        (1, Gen.Elements<Command>(new Command.Escalate("silent"), new Command.CountAsRejected(), new Command.Close())),
        (2, Gen.Choose(1, 3).Select(n => (Command)new Command.AcceptChange(n))),
        (2, Gen.Choose(1, 3).Select(n => (Command)new Command.RejectChange(n, "no"))),
        (1, Gen.Choose(1, 3).Select(n => (Command)new Command.CancelLine(n, "no"))),
        (1, Gen.Elements("V-next", "V-tri-county").Select(v => (Command)new Command.ReAward(new(v)))),
        (1, Gen.Elements<Command>(
            new Command.RequestCancellation("cut"), new Command.DeclineCancellation("shipped"),
            new Command.ConfirmCancellation(new Money(7_500)))),
        (1, Gen.Elements<Command>(new Command.SettleBilling("ledger"), new Command.ReopenBilling("one more bill"))),
        (1, Gen.Elements(Document, Fewer).Select(d => (Command)new Command.Revise(d, "cut"))));

    protected override IEnumerable<IReadOnlyList<Command>> Scenarios =>
    [
        [
            new Command.Issue(Document), new Command.RecordDispatch("peppol", 1, Hash),
            new Command.RecordResponse(Answer("R-1", ResponseCode.CA, Propose(1, quantity: 10), Propose(2, on: Friday))),
            new Command.RejectChange(1, "twelve or none"), new Command.AcceptChange(2), new Command.CancelLine(1, "none"),
            new Command.RequestCancellation("cut"), new Command.DeclineCancellation("shipped"),
            new Command.SettleBilling("ledger"), new Command.ReopenBilling("one more bill"), new Command.Close(),
        ],
    ];

    /// <summary>The same random runs every time.</summary>
    internal IEnumerable<IReadOnlyList<Command>> Runs() => Commands.ListOf().Sample(40, new Rnd(20260320UL, 1UL), 300);
}
