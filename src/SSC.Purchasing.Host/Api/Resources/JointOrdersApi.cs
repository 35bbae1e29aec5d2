using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Procurement.Contracts;
using SSC.Purchasing.Procurement.JointOrders;

namespace SSC.Purchasing.Host.Api.Resources;

/// <summary>What a coordinator plans.</summary>
/// <param name="Id">Number of the order, e.g. <c>JO-2026-014</c>.</param>
/// <param name="Title">What members call it.</param>
/// <param name="Contract">Contract bought on.</param>
/// <param name="Lead">Leading cooperative.</param>
/// <param name="Scope">Members of the leading cooperative, or statewide.</param>
/// <param name="Lines">Items by number.</param>
/// <param name="Cutoff">Nothing recorded at or after this time counts.</param>
/// <param name="Policies">The order's rules; defaults for what is left out.</param>
public sealed record OrderPlanEntry(
    JointOrderId Id, string Title, ContractId Contract, CooperativeId Lead, OrderScope Scope, StructuralList<PlannedLine> Lines,
    DateTimeOffset Cutoff, OrderPolicies? Policies = null);

/// <summary>A joint order on the board, with what is missing.</summary>
/// <param name="Id">Number.</param>
/// <param name="Title">Title.</param>
/// <param name="Contract">Contract.</param>
/// <param name="Vendor">Vendor asked now.</param>
/// <param name="Lead">Leading cooperative.</param>
/// <param name="Scope">Who may take part.</param>
/// <param name="Phase">How far it has come.</param>
/// <param name="Cutoff">End of commitments.</param>
/// <param name="BoxFillUntil">End of the box-fill phase.</param>
/// <param name="Members">Members that have committed.</param>
/// <param name="Lines">Pooled quantities per line.</param>
/// <param name="PurchaseOrder">Number of the purchase order.</param>
/// <param name="Note">Why it is held, cancelled or closed early.</param>
public sealed record BoardOrderView(
    JointOrderId Id, string Title, ContractId Contract, VendorId Vendor, CooperativeId Lead, OrderScope Scope, OrderPhase Phase,
    DateTimeOffset Cutoff, DateTimeOffset? BoxFillUntil, int Members, StructuralList<BoardLineView> Lines, string? PurchaseOrder,
        string? Note);

/// <summary>A line on the board.</summary>
/// <param name="LineNo">Line.</param>
/// <param name="Item">Item number.</param>
/// <param name="Description">Description.</param>
/// <param name="Unit">Unit code.</param>
/// <param name="CaseSize">Units of a case.</param>
/// <param name="Committed">Pooled quantity.</param>
/// <param name="Tolerance">Pooled tolerance.</param>
/// <param name="Cases">Cases filled by now.</param>
/// <param name="MissingToNextCase">Units missing to the next case.</param>
/// <param name="PriceNow">Price the filled cases reach.</param>
/// <param name="MissingToNextTier">Units missing to the next price tier; absent on the last.</param>
public sealed record BoardLineView(
    int LineNo, ItemNo Item, string Description, string Unit, Quantity CaseSize, Quantity Committed, Quantity Tolerance, long Cases,
    Quantity MissingToNextCase, UnitPrice PriceNow, Quantity? MissingToNextTier);

/// <summary>A joint order as it is at a moment.</summary>
/// <param name="Id">Number.</param>
/// <param name="Phase">How far it has come.</param>
/// <param name="Terms">What it is about.</param>
/// <param name="Generation">Raised when members must confirm again.</param>
/// <param name="BoxFillUntil">End of the box-fill phase.</param>
/// <param name="Round">Settlement rounds so far.</param>
/// <param name="CurrentVendor">Vendor asked now.</param>
/// <param name="PurchaseOrder">Number of the purchase order.</param>
/// <param name="Passed">Vendors that refused or kept silent.</param>
public sealed record JointOrderView(
    JointOrderId Id, OrderPhase Phase, OrderTerms Terms, int Generation, DateTimeOffset? BoxFillUntil, int Round, VendorId? CurrentVendor,
    string? PurchaseOrder, StructuralList<VendorId> Passed);

/// <summary>An order's allocation; a member sees its own shares only.</summary>
/// <param name="Round">Settlement round.</param>
/// <param name="Lines">Cases, tier and shares per line.</param>
/// <param name="Totals">What each member owes.</param>
/// <param name="ApprovalsNeeded">Approvals awaited.</param>
/// <param name="Excluded">Who is out, and why.</param>
public sealed record AllocationView(
    int Round, StructuralList<LineOutcome> Lines, StructuralList<MemberTotal> Totals, StructuralList<ApprovalNeeded> ApprovalsNeeded,
    StructuralList<Exclusion> Excluded);

/// <summary>A later cutoff and why.</summary>
/// <param name="Cutoff">New cutoff.</param>
/// <param name="Reason">Why.</param>
public sealed record LaterCutoff(DateTimeOffset Cutoff, string Reason);

/// <summary>A successor contract for a held order.</summary>
/// <param name="Contract">The successor.</param>
/// <param name="Cutoff">New cutoff.</param>
public sealed record Successor(ContractId Contract, DateTimeOffset Cutoff);

/// <summary>Units the coordinator buys to stock.</summary>
/// <param name="LineNo">Line.</param>
/// <param name="Quantity">Units.</param>
/// <param name="Reason">Why.</param>
public sealed record StockTopUp(int LineNo, Quantity Quantity, string Reason);

/// <summary>Joint orders: planned and led by coordinators, seen by members on the board.</summary>
internal static class JointOrdersApi
{
    private const string Route = "/joint-orders/{orderId}";

    public static void Map(ApiRoutes routes)
    {
        var api = routes.Under("Joint orders");
        api.List<BoardOrderView>("/joint-orders", "The board: joint orders with what is missing to the next case and tier", List)
            .OnlyWhen(NotVendor).Takes("phase", "Only orders in this phase, e.g. `open`.").Takes("contract", "Only on this contract.")
            .Takes("lead", "Only led by this cooperative.");
        api.Get<JointOrderView>(Route, "One joint order, now or as of a moment", Find).AsOf().OnlyWhen(NotVendor);
        api.Get<BoardOrderView>(Route + "/board", "One joint order with what is missing now", Board).OnlyWhen(NotVendor);
        api.Get<BoardOrderView>(Route + "/live", "What is missing, live, as server-sent events named `board`", Live).OnlyWhen(NotVendor)
            .Says("`text/event-stream`: the current picture at once, then again whenever it has changed.");
        api.Get<AllocationView>(Route + "/allocation", "Who gets what, why, and for how much; a member sees its own shares", Allocation)
            .AsOf().OnlyWhen(NotVendor);
        api.Post<OrderPlanEntry>("/joint-orders", "Plan a joint order on a contract", Plan).For(Roles.Coordinator).Creates()
            .Refuses(
                "order-exists", "order-number-invalid", "order-title-invalid", "contract-unknown", "no-schedule", "item-not-scheduled",
                "order-without-lines", "order-line-invalid", "order-policy-invalid")
            .Example(() => Example);
        api.Post(Route + "/opening", "Open it for commitments, on the schedule in force today", r =>
            Orders(r).Open(r.Context, Order(r), r.Cancelled).Answered())
            .For(Roles.Coordinator).Refuses("cutoff-passed", "contract-not-active", "authority-missing", "item-not-scheduled");
        api.Post<LaterCutoff>(Route + "/extension", "Move the cutoff later", (r, b) =>
            Send(r, new JointOrder.Command.Extend(b.Cutoff, b.Reason, r.Now)))
            .For(Roles.Coordinator).Refuses("cutoff-not-later", "extended-before", "order-phase")
            .Example(() => new LaterCutoff(new(2026, 12, 4, 23, 0, 0, TimeSpan.Zero), "Two districts asked for a week."));
        api.Post<Because>(Route + "/closing", "Close it before its cutoff: nobody is waited for any more", (r, b) =>
            Send(r, new JointOrder.Command.CloseEarly(b.Reason)))
            .For(Roles.Coordinator).Refuses("reason-missing", "order-phase", "order-cancelled")
            .Says("What members recorded by then counts, as at the cutoff, and the board shows the reason.")
            .Example(() => new Because("All members that take part have committed."));
        api.Post<Because>(Route + "/hold", "Stop taking commitments", (r, b) => Send(r, new JointOrder.Command.Hold(b.Reason)))
            .For(Roles.Coordinator).Example(() => new Because("Recall of the item."));
        api.Post<LaterCutoff>(Route + "/resumption", "Take commitments again", (r, b) =>
            Send(r, new JointOrder.Command.Resume(b.Cutoff, r.Now)))
            .For(Roles.Coordinator).Refuses("cutoff-not-later", "order-phase")
            .Example(() => new LaterCutoff(new(2026, 12, 4, 23, 0, 0, TimeSpan.Zero), "The contract was extended."));
        api.Post<Successor>(Route + "/successor", "Move a held order to a successor contract; members confirm again",
                (r, b) => Orders(r).MoveToSuccessor(r.Context, Order(r), b.Contract, b.Cutoff, r.Cancelled).Answered())
            .For(Roles.Coordinator)
            .Refuses("contract-not-active", "authority-missing", "successor-lines-differ", "cutoff-not-later", "order-phase")
            .Example(() => new Successor(new("C-2027-paper"), new(2026, 12, 4, 23, 0, 0, TimeSpan.Zero)));
        api.Post<StockTopUp>(Route + "/top-ups", "Buy to stock what the minimum lacks",
                (r, b) => Send(r, new JointOrder.Command.TopUp(b.LineNo, b.Quantity, b.Reason)))
            .For(Roles.Coordinator).Refuses("unknown-line", "quantity-off-increment", "order-phase")
            .Example(() => new StockTopUp(1, Quantity.Of(40), "Stock for spring."));
        api.Post<Because>(Route + "/cancellation", "Cancel; after issue the vendor is asked", (r, b) =>
            Send(r, new JointOrder.Command.Cancel(b.Reason)))
            .For(Roles.Coordinator).Refuses("order-unknown", "cancel-after-shipment", "order-closed-out")
            .Example(() => new Because("No successor contract."));
        api.Post<Compensation>(Route + "/compensations", "Correct an order that is closed out, citing the event that was wrong",
                (r, b) => Send(r, new JointOrder.Command.Compensate(b)))
            .For(Roles.Coordinator).Refuses("order-not-closed-out", "compensation-invalid", "unknown-line", "unknown-member")
            .Example(() => new Compensation(
                "CM-9001", new("delivery-JO-2026-014:V-whitewater:M-001-HS", 3), new("M-001"), 1, Quantity.Of(-2),
                Money.FromDollars(-79.50m), "Two cartons were found spoiled after the order was closed out."));
    }

    private static readonly OrderPlanEntry Example = new(
        new("JO-2026-014"), "Copy paper, winter", new("C-2026-paper"), new("SSC"), OrderScope.Cooperative,
        [new(1, new("PAPER-20LB"), AllocationPolicy.ProRata, null)], new(2026, 12, 4, 23, 0, 0, TimeSpan.Zero),
        new() { MinimumUnits = Quantity.Of(200), WhenMinimumMissed = [MinimumMissedAction.Extend, MinimumMissedAction.Cancel] });

    /// <summary>What vendors must not see: who wants how much, before there is an order.</summary>
    internal static bool NotVendor(ApiRequest r) => r.Principal.Vendor is null;

    internal static JointOrderId Order(ApiRequest r) => r.Id<JointOrderId>("orderId");

    /// <summary>From the outcome of a use case.</summary>
    internal static async Task<IResult> Answered(this Task<CommandOutcome> outcome) => Answer.Of(await outcome);

    internal static BoardOrderView View(BoardOrder row) => new(
        row.Id, row.Title, row.Contract, row.Vendor, row.Lead, row.Scope, row.Phase, row.Cutoff, row.BoxFillUntil, row.Members,
        row.Lines.Select(l => new BoardLineView(
            l.Line.LineNo, l.Line.Item.Item, l.Line.Item.Description, l.Line.Item.Unit, l.Line.Item.CaseSize, l.Committed, l.Tolerance,
                l.Cases,
            l.MissingToNextCase, l.PriceNow, l.MissingToNextTier)).ToStructuralList(),
        row.PurchaseOrder, row.Note);

    private static OpenJointOrder Orders(ApiRequest r) => new(r.Services.Commands);

    private static Task<IResult> Send(ApiRequest r, JointOrder.Command command) =>
        r.Handle<JointOrder, JointOrder.Command, JointOrder.State, JointOrder.Event>(Order(r).Value, command);

    private static Task<IResult> Plan(ApiRequest r, OrderPlanEntry body) => Orders(r).Plan(
        r.Context, body.Id, new(body.Title, body.Contract, body.Lead, body.Scope, body.Lines, body.Cutoff, body.Policies ?? new()),
            r.Cancelled)
        .Answered().Created($"/joint-orders/{body.Id}");

    private static Task<IResult> List(ApiRequest r) => r.List(
        JointOrderBoard.Instance,
        [("phase", r.Word<OrderPhase>("phase")?.ToString()), ("contract", r.Query("contract")), ("lead", r.Query("lead"))],
        row => View(row.Row));

    private static async Task<IResult> Board(ApiRequest r)
    {
        var (row, instead) = await r.Find(JointOrderBoard.Instance, Order(r).Value);
        return instead ?? Answer.View(row is null ? null : View(row));
    }

    private static async Task<IResult> Live(ApiRequest r)
    {
        var (row, instead) = await r.Find(JointOrderBoard.Instance, Order(r).Value);
        return instead ?? (row is null ? Answer.NotFound
            : ServerSentEvents.Live(r, JointOrderBoard.Instance, Order(r).Value, "board", View));
    }

    private static async Task<IResult> Find(ApiRequest r)
    {
        var loaded = await Load(r);
        var s = loaded.State;
        return Answer.Versioned(
            s.Terms is { } terms
                ? new JointOrderView(Order(r), s.Phase, terms, s.Generation, s.BoxFillUntil, s.Round, s.CurrentVendor, s.PurchaseOrder,
                    s.Passed)
                : null,
            loaded.Version);
    }

    private static async Task<IResult> Allocation(ApiRequest r)
    {
        var loaded = await Load(r);
        var s = loaded.State;
        if (s.Round == 0 || s.Lines.Count == 0) return Answer.NotFound;
        var all = new AllocationView(s.Round, [.. s.Lines.Values], s.Totals, s.ApprovalsNeeded, s.Excluded);
        return Answer.Versioned(r.Principal.Member is { } self ? Own(all, self) : all, loaded.Version);
    }

    private static AllocationView Own(AllocationView all, MemberNo self) => new(
        all.Round,
        all.Lines.Select(l => l with { Shares = l.Shares.Where(s => s.Member == self).ToStructuralList() }).ToStructuralList(),
        all.Totals.Where(t => t.Member == self).ToStructuralList(),
        all.ApprovalsNeeded.Where(a => a.Member == self).ToStructuralList(),
        all.Excluded.Where(e => e.Member == self).ToStructuralList());

    private static Task<Loaded<JointOrder.State>> Load(ApiRequest r) =>
        r.Load<JointOrder, JointOrder.Command, JointOrder.State, JointOrder.Event>(Order(r).Value);
}
