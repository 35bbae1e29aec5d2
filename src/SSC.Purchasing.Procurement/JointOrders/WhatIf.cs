using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Contracts;

namespace SSC.Purchasing.Procurement.JointOrders;

/// <summary>What is to be different; what is left out stays as it was.</summary>
public sealed record WhatIfChange
{
    /// <summary>Another schedule, also another vendor's: its lines replace those of the same items.</summary>
    public StructuralList<ScheduleLine> Prices { get; init; }

    /// <summary>Prices as if so much had been pooled on every line.</summary>
    public Quantity? AsIfPooled { get; init; }

    /// <summary>Another way to allocate.</summary>
    public AllocationPolicy? Policy { get; init; }
}

/// <summary>What a member would have got and paid.</summary>
/// <param name="Member">Member.</param>
/// <param name="UnitsBefore">Units as it was.</param>
/// <param name="UnitsAfter">Units as it would have been.</param>
/// <param name="CostBefore">Goods, fees, credits and freight as it was.</param>
/// <param name="CostAfter">The same as it would have been.</param>
public sealed record MemberEffect(MemberNo Member, Quantity UnitsBefore, Quantity UnitsAfter, Money CostBefore, Money CostAfter)
{
    /// <summary>What it would have paid more; negative when it gains.</summary>
    public Money Difference => CostAfter - CostBefore;
}

/// <summary>One order, as it was and as it would have been.</summary>
/// <param name="Order">Order.</param>
/// <param name="CostBefore">What all members owed.</param>
/// <param name="CostAfter">What they would have owed.</param>
/// <param name="Members">By member.</param>
public sealed record OrderEffect(JointOrderId Order, Money CostBefore, Money CostAfter, StructuralList<MemberEffect> Members);

/// <summary>An order that cannot be run through the change, and why.</summary>
public sealed record NotCompared(JointOrderId Order, string Reason);

/// <summary>Who would have gained and who would have lost. Nothing of it is recorded.</summary>
/// <param name="Orders">By order.</param>
/// <param name="Members">Over all orders, those who gain most first.</param>
/// <param name="NotCompared">Orders left out.</param>
public sealed record WhatIfReport(
    StructuralList<OrderEffect> Orders, StructuralList<MemberEffect> Members, StructuralList<NotCompared> NotCompared)
{
    /// <summary>What all orders cost.</summary>
    public Money CostBefore => Orders.Select(o => o.CostBefore).Sum();

    /// <summary>What they would have cost.</summary>
    public Money CostAfter => Orders.Select(o => o.CostAfter).Sum();

    /// <summary>Members that would have paid less.</summary>
    public int Gaining => Members.Count(m => m.Difference < Money.Zero);

    /// <summary>Members that would have paid more.</summary>
    public int Losing => Members.Count(m => m.Difference > Money.Zero);
}

/// <summary>
/// Runs past commitments through another schedule, tier, vendor or allocation policy: the same settlement rules on the same inputs with
/// one thing changed. Pure; what is compared is what the members owed when the order was settled, before any later shortage.
/// </summary>
public static class WhatIf
{
    /// <summary>One order, or why it cannot be compared.</summary>
    public static (OrderEffect? Effect, NotCompared? Not) Compare(JointOrderId order, SettlementInput input, WhatIfChange change)
    {
        var lacking = change.Prices.Count == 0 ? null
            : input.Terms.Lines.FirstOrDefault(l => change.Prices.All(p => p.Item != l.Item.Item));
        if (lacking is not null) return (null, new(order, $"The other schedule does not list {lacking.Item.Item}."));
        var before = SettlementRules.Compute(input);
        var after = SettlementRules.Compute(input with
        {
            Terms = input.Terms with { Lines = [.. input.Terms.Lines.Select(l => Changed(l, change))] },
        });
        var (was, would) = (Parts(before), Parts(after));
        var members = was.Keys.Union(would.Keys).Order().Select(m => new MemberEffect(
            m, was.GetValueOrDefault(m).Units, would.GetValueOrDefault(m).Units, was.GetValueOrDefault(m).Cost,
            would.GetValueOrDefault(m).Cost)).ToStructuralList();
        return (new(order, members.Select(m => m.CostBefore).Sum(), members.Select(m => m.CostAfter).Sum(), members), null);
    }

    /// <summary>Several orders together.</summary>
    public static WhatIfReport Report(IEnumerable<(OrderEffect? Effect, NotCompared? Not)> results)
    {
        var all = results.ToList();
        var orders = all.Where(r => r.Effect is not null).Select(r => r.Effect!).ToStructuralList();
        var members = orders.SelectMany(o => o.Members).GroupBy(m => m.Member).Select(g => new MemberEffect(
                g.Key, g.Select(m => m.UnitsBefore).Sum(), g.Select(m => m.UnitsAfter).Sum(), g.Select(m => m.CostBefore).Sum(),
                g.Select(m => m.CostAfter).Sum()))
            .OrderBy(m => m.Difference).ThenBy(m => m.Member);
        return new(orders, [.. members], [.. all.Where(r => r.Not is not null).Select(r => r.Not!)]);
    }

    /// <summary>The inputs of an order's last settlement, from its events; null when it was never settled.</summary>
    public static async Task<SettlementInput?> Inputs(IEventStore store, string tenant, JointOrderId order, CancellationToken ct)
    {
        var history = await store.ReadStream(tenant, $"{JointOrder.Category}-{order}", ct: ct).ConfigureAwait(false);
        if (history.LastOrDefault(e => e.Fact is JointOrder.Event.Settled)?.Fact is not JointOrder.Event.Settled settled) return null;
        var state = history.Where(h => h.Version <= settled.Basis.OrderVersion)
            .Aggregate(JointOrder.Initial, (s, h) => JointOrder.Evolve(s, (JointOrder.Event)h.Fact));
        return await SettlementInputs.Gather(
            store, tenant, order, state, settled.Basis.Inputs.Select(i => i.Member), settled.Basis, ct).ConfigureAwait(false);
    }

    private static OrderLine Changed(OrderLine line, WhatIfChange change)
    {
        var item = change.Prices.FirstOrDefault(p => p.Item == line.Item.Item) ?? line.Item;
        if (change.AsIfPooled is { } pooled) item = item with { Tiers = [new(Quantity.Zero, item.PriceAt(pooled))] };
        return line with { Item = item, Policy = change.Policy ?? line.Policy };
    }

    private static Dictionary<MemberNo, (Quantity Units, Money Cost)> Parts(Settlement settlement)
    {
        var units = settlement.Lines.SelectMany(l => l.Shares).ToLookup(s => s.Member, s => s.Allocated);
        return settlement.Totals.Where(t => t.Member != SettlementRules.Stock).ToDictionary(t => t.Member, t =>
            (units[t.Member].Sum(), t.Total));
    }
}
