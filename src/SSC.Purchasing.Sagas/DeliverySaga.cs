using System.Globalization;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Receiving;

namespace SSC.Purchasing.Sagas;

/// <summary>
/// The promise: nothing that a vendor owes a site is forgotten. A back-order ends on its day or is kept on by a person, a claim is
/// answered in time or the coordinator hears of it, what comes short to several members is shared among them, and what never comes is
/// paid by nobody. One instance per delivery.
/// </summary>
public sealed class DeliverySaga : Saga<DeliveryPromise>
{
    private const string BackOrder = "back-order-", Claim = "claim-";

    private static readonly BusinessCalendar Calendar = BusinessCalendar.Minnesota;

    /// <inheritdoc/>
    public override string Name => "delivery";

    /// <inheritdoc/>
    public override DeliveryPromise Initial(string id) =>
        DeliveryKey.Parse(id) is { } key
            ? new(key.Order, key.Vendor, key.Site)
            : throw new ArgumentException($"{id} is no delivery.", nameof(id));

    /// <inheritdoc/>
    public override string? Correlate(RecordedEvent e) => e.KeyIn(Delivery.Category) is not { } key ? null
        : e.Fact is Delivery.Event.Received f && f.Arrived.All(a => a.Surplus == Quantity.Zero) ? null // as expected: nothing to do
        : key;

    /// <inheritdoc/>
    public override SagaStep<DeliveryPromise> On(DeliveryPromise state, SagaInput input) => input switch
    {
        SagaInput.Heard { Event.Fact: Delivery.Event fact } i => OnFact(state, fact, i.At),
        SagaInput.Woken i => OnTimer(state, i),
        SagaInput.WasRefused i => new(state with { LastRefusal = i.Refusal }), // it changed nothing; the coordinator can see it
        _ => new(state),
    };

    private static SagaStep<DeliveryPromise> OnFact(DeliveryPromise state, Delivery.Event fact, DateTimeOffset at) => fact switch
    {
        Delivery.Event.Expected f => new(Told(state, f.Expectation)),
        Delivery.Event.ExpectationRevised f => new(Told(state, f.Expectation)),
        Delivery.Event.Despatched { BackOrderUntil: { } until } f =>
            WaitFor(state, until, [.. f.Note.Lines.Where(l => l.BackOrdered > Quantity.Zero).Select(l => l.OrderLine)]),
        Delivery.Event.BackOrdered f => WaitFor(state, f.Until, [f.Line]),
        Delivery.Event.BackOrderKept f => WaitFor(state, f.Until, [f.Line]),
        Delivery.Event.Received => Adjusting(state, state.IsCentral),

        Delivery.Event.ShortageReported f => Claimed(state, f.Claim, f.Line, at),
        Delivery.Event.DamageReported f => Claimed(state, f.Claim, f.Line, at),
        Delivery.Event.ClaimAnswered { ReplaceBy: { } day } f => WaitFor(state, day, [state.ClaimLines[f.Claim]], state.IsCentral),
        Delivery.Event.ClaimResolved f => Adjusting(state, f.Resolution != ClaimResolution.Replaced),

        Delivery.Event.GoodsRefused { RedeliverBy: { } day } f => WaitFor(state, day, [f.Line]),
        Delivery.Event.HeldReturned { RedeliverBy: { } day, Kind: not HoldKind.Excess } f => WaitFor(state, day, [f.Line]),
        Delivery.Event.HeldReturned { Kind: HoldKind.Excess } => new(state),
        Delivery.Event.HeldAccepted f => Adjusting(state, f.Kind == HoldKind.Excess && state.IsCentral),
        Delivery.Event.GoodsRefused or Delivery.Event.HeldReturned or Delivery.Event.BackOrderReleased or Delivery.Event.RestReleased
            or Delivery.Event.ReturnCredited => Adjusting(state, true),
        Delivery.Event.GoodsReturned => Adjusting(state, state.IsCentral),
        _ => new(state),
    };

    private static DeliveryPromise Told(DeliveryPromise state, Expectation expected) => state with
    {
        Terms = expected.Terms,
        IsCentral = expected.Lines.Any(l => l.Shares.Count > 1),
    };

    /// <summary>Waits for the later of the days that a line's back-order has been given, as the delivery itself does.</summary>
    private static SagaStep<DeliveryPromise> WaitFor(
        DeliveryPromise state, DateOnly until, StructuralList<int> lines, bool adjusting = false)
    {
        var days = lines.Aggregate(state.BackOrders, (map, line) =>
            map.Set(line, map.TryGetValue(line, out var before) && before > until ? before : until));
        return new(
            state with { BackOrders = days },
            [
                .. lines.Distinct().Select(line => new SagaEffect.Wake(
                    BackOrder + Text(line), BusinessCalendar.EndOfDay(days[line]).AddSeconds(1))),
                .. adjusting ? [Adjust(state)] : Array.Empty<SagaEffect>(),
            ]);
    }

    private static SagaStep<DeliveryPromise> Claimed(DeliveryPromise state, int claim, int line, DateTimeOffset at) => new(
        state with { ClaimLines = state.ClaimLines.Set(claim, line) },
        [
            new SagaEffect.Wake(Claim + Text(claim), Calendar.AddBusinessDays(at, state.Terms.ClaimAnswerDays)),
            .. state.IsCentral ? [Adjust(state)] : Array.Empty<SagaEffect>(),
        ]);

    private static SagaStep<DeliveryPromise> Adjusting(DeliveryPromise state, bool needed) =>
        needed ? new(state, Adjust(state)) : new(state);

    private static SagaEffect.Send Adjust(DeliveryPromise state) =>
        new(new AdjustToDelivery(state.Order, state.Vendor, state.Site));

    private static SagaStep<DeliveryPromise> OnTimer(DeliveryPromise state, SagaInput.Woken timer) => timer.Timer switch
    {
        _ when Number(timer.Timer, BackOrder) is { } line =>
            new(state, new SagaEffect.Send(new LapseBackOrder(state.Order, state.Vendor, state.Site, line))),
        _ when Number(timer.Timer, Claim) is { } claim =>
            new(state, new SagaEffect.Send(new EscalateClaim(state.Order, state.Vendor, state.Site, claim))),
        _ => new(state), // late or overtaken ones are harmless: the delivery itself knows
    };

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static int? Number(string timer, string prefix) =>
        timer.StartsWith(prefix, StringComparison.Ordinal)
        && int.TryParse(timer.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}

/// <summary>What the saga remembers of a delivery.</summary>
/// <param name="Order">Joint order.</param>
/// <param name="Vendor">Vendor.</param>
/// <param name="Site">Site.</param>
public sealed record DeliveryPromise(JointOrderId Order, VendorId Vendor, SiteId Site)
{
    /// <summary>The order's terms of receiving.</summary>
    public ReceivingTerms Terms { get; init; } = new();

    /// <summary>The goods are several members'.</summary>
    public bool IsCentral { get; init; }

    /// <summary>Latest day of each line's back-order.</summary>
    public StructuralMap<int, DateOnly> BackOrders { get; init; }

    /// <summary>Line of each claim.</summary>
    public StructuralMap<int, int> ClaimLines { get; init; }

    /// <summary>The last refusal that a command of the saga met, for the coordinator.</summary>
    public Refusal? LastRefusal { get; init; }
}
