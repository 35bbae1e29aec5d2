using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Contracts;
using SSC.Purchasing.Procurement.JointOrders;
using SSC.Purchasing.Tests.Testbed;

namespace SSC.Purchasing.Tests.Audit;

/// <summary>
/// JO-1, settled: line 1 in cases of 12, A 10 (+4), B 7 (+2), C 5 (+3), and D 2 at no more than $39.00, who falls out at $39.75;
/// line 2 in cases of 12 without tolerance, A 10, B 7, C 5, so that one case is shared in shortage. Freight $185.00.
/// </summary>
internal sealed class SettledOrder
{
    public const string Tenant = "mn";

    public static readonly JointOrderId Order = new("JO-1");

    public static readonly EventCatalogue Catalogue = EventCatalogue.Of([typeof(JointOrder).Assembly]);

    private static readonly DateTimeOffset Cutoff = new(2026, 3, 6, 18, 0, 0, TimeSpan.Zero);

    private readonly ScriptedClock clock = new(Cutoff.AddDays(-10));
    private int ids;

    private SettledOrder() => Store = new(Catalogue, clock);

    public InMemoryEventStore Store { get; }

    /// <summary>Position of the last event before settling.</summary>
    public long ClosedAt { get; private set; }

    public static async Task<SettledOrder> Told()
    {
        var order = new SettledOrder();
        await order.Record("joint-order-JO-1", new JointOrder.Event.Planned(Terms), new JointOrder.Event.Opened(1, Terms.Lines, Cutoff));
        await order.Commit("A", Claim(1, 4, 4), Claim(2, 10, 0));
        await order.Commit("B", Claim(1, 7, 2), Claim(2, 7, 0));
        await order.Commit("C", Claim(1, 5, 3), Claim(2, 5, 0));
        await order.Commit("D", Claim(1, 2, 0) with { MaxPrice = UnitPrice.FromDollars(39m) });
        await order.Record(
            Stream("A"),
            new Commitment.Event.Revised(
                [Claim(1, 10, 4), Claim(2, 10, 0)], [Change(1, 4, 10, 4, 4)], Money.FromDollars(9_000m), 1, "buyer-A"));
        order.clock.Now = Cutoff;
        await order.Record("joint-order-JO-1", new JointOrder.Event.Closed(Cutoff));
        order.ClosedAt = (await order.Store.Head()).Position;
        await order.Settle();
        return order;
    }

    /// <summary>Only <paramref name="arriving"/> of line 2 will come.</summary>
    public async Task Reallocate(Quantity arriving, string reason)
    {
        var (state, _) = await State();
        var input = await Input(state);
        var outcome = SettlementRules.Reallocate(input, 2, arriving, state.Lines[2].Price);
        await Decide(new JointOrder.Command.RecordIssued(new("V-paper"), "PO-1"));
        await Decide(new JointOrder.Command.Reallocate(outcome, input.Basis, reason));
    }

    private static OrderTerms Terms { get; } = new(
        "Paper, spring", new("C-paper"), new("V-paper"), [], new("SSC"), OrderScope.Cooperative, 1,
        [
            new(1, Item("PAPER", new(Quantity.Zero, UnitPrice.FromDollars(41.9m)), new(Quantity.Of(20), UnitPrice.FromDollars(39.75m))) with
            {
                FeePerUnit = Money.FromDollars(0.05m),
            }, AllocationPolicy.ProRata, Quantity.Of(1)),
            new(2, Item("CHALK", new Tier(Quantity.Zero, UnitPrice.FromDollars(8.333333m))), AllocationPolicy.ProRata, Quantity.Of(1)),
        ],
        Cutoff, new OrderPolicies { Freight = Money.FromDollars(185m) });

    private async Task Settle()
    {
        var (state, version) = await State();
        basis = new(ClosedAt, [], version, SettlementRules.CurrentVersion, Money.FromDollars(25_000m), false);
        await Decide(new JointOrder.Command.Settle(SettlementRules.Compute(await Input(state))));
        await Decide(new JointOrder.Command.RecordEncumbrances([new("A"), new("B"), new("C")], []));
        await Decide(new JointOrder.Command.FixTiers());
    }

    private SettlementBasis? basis;

    private Task<SettlementInput> Input(JointOrder.State state) => SettlementInputs.Gather(
        Store, Tenant, Order, state, [new("A"), new("B"), new("C"), new("D")], basis!, CancellationToken.None);

    private Task Commit(string member, params CommitmentLine[] lines) => Record(
        Stream(member),
        new Commitment.Event.Placed(
            Order, new(member), new("SSC"), [.. lines],
            [.. lines.Select(l => new LineChange(l.LineNo, Quantity.Zero, l.Quantity, Quantity.Zero, l.Tolerance))],
            Money.FromDollars(9_000m), null, 0, 1, $"buyer-{member}"));

    private async Task Decide(JointOrder.Command command)
    {
        var (state, _) = await State();
        await Record("joint-order-JO-1", [.. JointOrder.Decide(command, state).ShouldBeAccepted()]);
    }

    private async Task<(JointOrder.State State, long Version)> State()
    {
        var events = await Store.ReadStream(Tenant, "joint-order-JO-1");
        return (events.Aggregate(JointOrder.Initial, (s, e) => JointOrder.Evolve(s, (JointOrder.Event)e.Fact)), events.Count);
    }

    private async Task Record(string stream, params object[] facts) => await Store.Append(
        new()
        {
            Tenant = Tenant,
            Stream = stream,
            ExpectedVersion = (await Store.ReadStream(Tenant, stream)).Count,
            Events = [.. facts.Select(f => new NewEvent(new(++ids, 0, 0x7000, 0x80, 0, 0, 0, 0, 0, 0, 0), f))],
            Metadata = new("story", "story"),
        },
        CancellationToken.None);

    private static string Stream(string member) => $"commitment-JO-1:{member}";

    private static ScheduleLine Item(string no, params Tier[] tiers) =>
        new(new(no), no, "RM", Quantity.Of(12), Quantity.Of(1), [.. tiers]);

    private static CommitmentLine Claim(int line, int quantity, int tolerance) => new(
        line, new("HS"), Quantity.Of(quantity), Quantity.Of(tolerance), [new(new("UFARS", ["01", "005"]), AccountSplit.Whole)]);

    private static LineChange Change(int line, int from, int to, int toleranceFrom, int toleranceTo) =>
        new(line, Quantity.Of(from), Quantity.Of(to), Quantity.Of(toleranceFrom), Quantity.Of(toleranceTo));
}
