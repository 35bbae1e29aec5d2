using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.PurchaseOrders;

namespace SSC.Purchasing.Host.Demo;

/// <summary>What a vendor does with a purchase order, and the coordinator with the answer.</summary>
internal delegate IEnumerable<Happening> VendorScript(DemoOrder order, PurchaseOrder.Event.Issued issued, DateTimeOffset at);

/// <summary>The ways in which vendors answer. Days are business days from the issue.</summary>
internal static class VendorScripts
{
    /// <summary>Accepts as ordered (AP).</summary>
    public static VendorScript Accepts(int days = 1) => (_, issued, at) =>
        [Answer(issued, Clocks.Business(at, days, 10, 20), ResponseCode.AP)];

    /// <summary>Acknowledges (AB), accepts two days later (AP).</summary>
    public static readonly VendorScript AcknowledgesThenAccepts = (_, issued, at) =>
    [
        Answer(issued, Clocks.Business(at, 1, 8, 45), ResponseCode.AB, note: "received, checking stock"),
        Answer(issued, Clocks.Business(at, 3, 11), ResponseCode.AP),
    ];

    /// <summary>Rejects the whole (RE).</summary>
    public static readonly VendorScript Rejects = (_, issued, at) =>
        [Answer(issued, Clocks.Business(at, 2, 9, 30), ResponseCode.RE, note: "allocation exhausted, cannot supply")];

    /// <summary>Says nothing, so far.</summary>
    public static readonly VendorScript Silent = (_, _, _) => [];

    /// <summary>Says nothing until it counts as rejected, then accepts too late.</summary>
    public static readonly VendorScript AcceptsTooLate = (_, issued, at) =>
    [
        new(Clocks.Business(at, 12, 9), s => s.PurchaseOrderRefused(
            Desk(issued), issued, Respond(issued, ResponseCode.AP, [], null), "order-re-awarded")),
    ];

    /// <summary>Accepts every line but the second, which it will not deliver (CA with RE).</summary>
    public static readonly VendorScript RejectsALine = (_, issued, at) =>
        [Answer(issued, Clocks.Business(at, 2, 13), ResponseCode.CA,
            LinesOf(issued, 2, no => new(no, LineAnswerCode.Reject, Note: "discontinued")))];

    /// <summary>Proposes a part of the first line (CA); the coordinator accepts the next day.</summary>
    public static VendorScript DeliversPart(int percent) => (order, issued, at) =>
    [
        Answer(issued, Clocks.Business(at, 1, 15), ResponseCode.CA, LinesOf(issued, 1, no => new(
            no, LineAnswerCode.Propose, Quantity: Part(order, issued, no, percent), Note: "short crop"))),
        new(Clocks.Business(at, 2, 9, 15), s => s.PurchaseOrder(DemoStage.Coordinator, issued, new PurchaseOrder.Command.AcceptChange(1))),
    ];

    /// <summary>Proposes a substitute for the first line; the coordinator declines; the vendor delivers as ordered after all.</summary>
    public static VendorScript ProposesSubstitute(string item) => (_, issued, at) =>
    [
        Answer(issued, Clocks.Business(at, 1, 15), ResponseCode.CA, LinesOf(issued, 1, no => new(
            no, LineAnswerCode.Propose, Substitute: new(item), Note: "other count on hand"))),
        new(Clocks.Business(at, 2, 9), s => s.PurchaseOrder(
            DemoStage.Coordinator, issued, new PurchaseOrder.Command.RejectChange(1, "menus are planned with the ordered count"))),
        Answer(issued, Clocks.Business(at, 3, 9), ResponseCode.CA, [new(1, LineAnswerCode.Accept)], document: 2),
    ];

    /// <summary>Proposes a price above schedule for the first line, which is refused by rule; then delivers at the scheduled
    /// price.</summary>
    public static readonly VendorScript AsksMoreThenAccepts = (_, issued, at) =>
    [
        AsksMore(issued, Clocks.Business(at, 1, 14)),
        Answer(issued, Clocks.Business(at, 3, 9), ResponseCode.CA, [new(1, LineAnswerCode.Accept)], document: 2),
    ];

    /// <summary>Proposes a price above schedule for the first line, which is refused by rule; the coordinator takes the line
    /// back.</summary>
    public static readonly VendorScript AsksMoreAndLosesTheLine = (_, issued, at) =>
    [
        AsksMore(issued, Clocks.Business(at, 1, 14)),
        new(Clocks.Business(at, 2, 10), s => s.PurchaseOrder(
            DemoStage.Coordinator, issued, new PurchaseOrder.Command.CancelLine(1, "the vendor asks more than the schedule"))),
    ];

    /// <summary>An answer at a time.</summary>
    public static Happening Answer(
        PurchaseOrder.Event.Issued issued, DateTimeOffset at, ResponseCode code, StructuralList<LineAnswer> lines = default,
            string? note = null,
        int document = 1) => new(at, s => s.PurchaseOrder(Desk(issued), issued, Respond(issued, code, lines, note, document)));

    /// <summary>The vendor's order desk, as events name who acts.</summary>
    public static string Desk(PurchaseOrder.Event about) => DemoMarket.Vendor(about.Vendor).Desk;

    private static Happening AsksMore(PurchaseOrder.Event.Issued issued, DateTimeOffset at) => Answer(issued, at, ResponseCode.CA, LinesOf(
        issued, 1, no => new(
            no, LineAnswerCode.Propose, Price: UnitPrice.FromDollars(decimal.Round(issued.Document.Find(no)!.Price.Dollars * 1.08m, 2)),
            Note: "raw material surcharge")));

    private static PurchaseOrder.Command.RecordResponse Respond(
        PurchaseOrder.Event.Issued issued, ResponseCode code, StructuralList<LineAnswer> lines, string? note, int document = 1) =>
        new(new($"{code}-{issued.Document.Number}-{document}", issued.Vendor, code, lines, note));

    private static StructuralList<LineAnswer> LinesOf(PurchaseOrder.Event.Issued issued, int special, Func<int, LineAnswer> answer) =>
        [.. issued.Document.Lines.Select(l => l.No == special ? answer(l.No) : new LineAnswer(l.No, LineAnswerCode.Accept))];

    private static Quantity Part(DemoOrder order, PurchaseOrder.Event.Issued issued, int no, int percent)
    {
        var step = order.StepOf(no - 1);
        return Quantity.Of((long)(issued.Document.Find(no)!.Quantity.Units * percent / 100m) / step * step);
    }
}
