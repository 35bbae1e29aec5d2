using System.Globalization;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.JointOrders;
using SSC.Purchasing.Procurement.PurchaseOrders;
using SSC.Purchasing.Procurement.Receiving;

namespace SSC.Purchasing.Sagas;

/// <summary>
/// The promise: an order that the vendor confirmed is delivered, billed and closed out, and no money stays set aside for it. Sites that
/// record no receipt are reminded. It is closed out when every delivery is complete (received or released, claims and returns over) and
/// the purchase order is billed to the end: <c>purchase_order_billing_settled</c> is where invoicing plugs in. One instance per joint
/// order.
/// </summary>
public sealed class CloseOutSaga : Saga<CloseOutPromise>
{
    private const string Receipts = "receipts-";

    private static readonly BusinessCalendar Calendar = BusinessCalendar.Minnesota;

    /// <inheritdoc/>
    public override string Name => "close_out";

    /// <inheritdoc/>
    public override CloseOutPromise Initial(string id) => new(new(id));

    /// <inheritdoc/>
    public override string? Correlate(RecordedEvent e) => e.Type switch
    {
        "joint_order_confirmed" or "joint_order_cancelled" or "joint_order_closed_out" => e.KeyIn(JointOrder.Category),
        "purchase_order_confirmed" or "purchase_order_cancelled" or "purchase_order_cancellation_declined"
            or "purchase_order_billing_settled" or "purchase_order_billing_reopened" => ((PurchaseOrder.Event)e.Fact).JointOrder.Value,
        _ => e.KeyIn(Delivery.Category) is null ? null : ((Delivery.Event)e.Fact).JointOrder.Value,
    };

    /// <inheritdoc/>
    public override SagaStep<CloseOutPromise> On(CloseOutPromise state, SagaInput input) => input switch
    {
        SagaInput.Heard { Event.Fact: JointOrder.Event fact } => OnOrder(state, fact),
        SagaInput.Heard { Event.Fact: PurchaseOrder.Event fact } when fact.Vendor == state.Vendor => OnPurchaseOrder(state, fact),
        SagaInput.Heard { Event.Fact: Delivery.Event fact } when fact.Vendor == state.Vendor => OnDelivery(state, fact),
        SagaInput.Woken i => Remind(state, i.Timer),
        SagaInput.WasRefused i => new(state with { LastRefusal = i.Refusal }), // what is still open will be heard of
        _ => new(state),
    };

    private static SagaStep<CloseOutPromise> OnOrder(CloseOutPromise state, JointOrder.Event fact) => fact switch
    {
        JointOrder.Event.Confirmed f =>
            new(state with { Vendor = f.Vendor }, new SagaEffect.Send(new ExpectDeliveries(state.Order, f.Vendor))),
        JointOrder.Event.Cancelled => new(state with { IsCancelled = true }),
        JointOrder.Event.ClosedOut => new(state with { IsClosedOut = true }),
        _ => new(state),
    };

    private static SagaStep<CloseOutPromise> OnPurchaseOrder(CloseOutPromise state, PurchaseOrder.Event fact) => fact switch
    {
        PurchaseOrder.Event.Confirmed => new(state, new SagaEffect.Send(new ExpectDeliveries(state.Order, fact.Vendor))), // a revision
        PurchaseOrder.Event.BillingSettled => Finish(state with { IsBilled = true }),
        PurchaseOrder.Event.BillingReopened => new(state with { IsBilled = false }),
        PurchaseOrder.Event.Cancelled =>
            new(state, new SagaEffect.Send(new CancelDeliveries(state.Order, fact.Vendor, "the purchase order was cancelled"))),
        PurchaseOrder.Event.CancellationDeclined when state.IsCancelled =>
            new(state, new SagaEffect.Send(new CancelDeliveries(state.Order, fact.Vendor, "the joint order was cancelled"))),
        _ => new(state),
    };

    private static SagaStep<CloseOutPromise> OnDelivery(CloseOutPromise state, Delivery.Event fact)
    {
        var open = state.OpenSites.Where(s => s != fact.Site).ToStructuralList();
        var next = state with { OpenSites = fact.IsComplete ? open : open.Add(fact.Site), IsExpected = true };
        if (fact is Delivery.Event.Expected f) return Await(next, f.Expectation);
        if (fact is Delivery.Event.ExpectationRevised) return new(next);
        if (fact is Delivery.Event.Received || fact.IsComplete) next = next with { Awaited = next.Awaited.Remove(fact.Site) };
        if (next.IsShipped || !Moves(fact)) return Finish(next);
        var finish = Finish(next with { IsShipped = true });
        return finish with { Effects = [new SagaEffect.Send(new RecordShipped(state.Order, fact.Vendor)), .. finish.Effects] };
    }

    /// <summary>One timer for all sites whose goods are due on the same day.</summary>
    private static SagaStep<CloseOutPromise> Await(CloseOutPromise state, Expectation expected)
    {
        var next = state with { Awaited = state.Awaited.Set(expected.Site, expected.DueOn) };
        return state.Awaited.Values.Contains(expected.DueOn)
            ? new(next)
            : new(next, new SagaEffect.Wake(Receipts + Text(expected.DueOn), Calendar.AddBusinessDays(
                BusinessCalendar.EndOfDay(expected.DueOn), expected.Terms.ReceiptReminderDays)));
    }

    private static SagaStep<CloseOutPromise> Remind(CloseOutPromise state, string timer) => state.Vendor is not { } vendor
        ? new(state)
        : new(state, [.. state.Awaited.Where(a => timer == Receipts + Text(a.Value))
            .Select(a => new SagaEffect.Send(new RemindReceiver(state.Order, vendor, a.Key, 1)))]);

    private static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>True for facts by which goods are on their way or have been.</summary>
    private static bool Moves(Delivery.Event fact) => fact is Delivery.Event.Despatched or Delivery.Event.Received
        or Delivery.Event.GoodsRefused or Delivery.Event.ShortageReported or Delivery.Event.DamageReported
        or Delivery.Event.WrongSiteReported;

    private static SagaStep<CloseOutPromise> Finish(CloseOutPromise state) =>
        state is { Vendor: { } vendor, IsExpected: true, IsBilled: true, OpenSites.Count: 0, IsClosedOut: false, IsCancelled: false }
            ? new(state, new SagaEffect.Send(new CloseOutJointOrder(state.Order, vendor)))
            : new(state);
}

/// <summary>What the saga remembers of an order that is being delivered.</summary>
/// <param name="Order">Joint order.</param>
public sealed record CloseOutPromise(JointOrderId Order)
{
    /// <summary>The vendor that confirmed; null before.</summary>
    public VendorId? Vendor { get; init; }

    /// <summary>Deliveries are expected.</summary>
    public bool IsExpected { get; init; }

    /// <summary>The first goods are on their way.</summary>
    public bool IsShipped { get; init; }

    /// <summary>Sites whose delivery is not complete.</summary>
    public StructuralList<SiteId> OpenSites { get; init; }

    /// <summary>Sites without a receipt, and when their goods were due.</summary>
    public StructuralMap<SiteId, DateOnly> Awaited { get; init; }

    /// <summary>Everything is billed and paid.</summary>
    public bool IsBilled { get; init; }

    /// <summary>The joint order was cancelled.</summary>
    public bool IsCancelled { get; init; }

    /// <summary>It is done.</summary>
    public bool IsClosedOut { get; init; }

    /// <summary>The last refusal that a command of the saga met, for the coordinator.</summary>
    public Refusal? LastRefusal { get; init; }
}
