using System.Globalization;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Contracts;
using SSC.Purchasing.Procurement.JointOrders;

namespace SSC.Purchasing.Host.Reports;

/// <summary>What is asked: which orders, and what is to be different.</summary>
public sealed record WhatIfQuestion
{
    /// <summary>Orders by name; none for those of a contract.</summary>
    public IReadOnlyList<string> Orders { get; init; } = [];

    /// <summary>All orders of this contract.</summary>
    public string? Contract { get; init; }

    /// <summary>Of these, orders with a cutoff on or after this day.</summary>
    public DateOnly? From { get; init; }

    /// <summary>Of these, orders with a cutoff on or before this day.</summary>
    public DateOnly? Until { get; init; }

    /// <summary>Another schedule, <c>{contract}@{version}</c>: also another vendor's.</summary>
    public string? Prices { get; init; }

    /// <summary>Prices as if so many units had been pooled.</summary>
    public Quantity? AsIfPooled { get; init; }

    /// <summary>Another way to allocate.</summary>
    public AllocationPolicy? Policy { get; init; }
}

/// <summary>Puts past orders through another schedule, tier, vendor or policy; for the API and the command line. Records nothing.</summary>
internal static class WhatIfRun
{
    private const int MostOrders = 1_000;

    /// <summary>
    /// The report, or why there is none: <c>nothing-changed</c>, <c>orders-missing</c>, <c>schedule-unknown</c>, <c>too-many-orders</c>.
    /// </summary>
    public static async Task<(WhatIfReport? Report, Refusal? No)> Ask(
        IEventStore store, Commands commands, IReadModels models, string tenant, WhatIfQuestion question, CancellationToken ct)
    {
        if (question is { Prices: null, AsIfPooled: null, Policy: null })
            return (null, new("nothing-changed", "Say what is to be different: prices, asIfPooled or policy."));
        if (question is { Orders.Count: 0, Contract: null })
            return (null, new("orders-missing", "Name the orders, or the contract whose orders are meant."));
        var prices = await Prices(commands, tenant, question.Prices, ct);
        if (question.Prices is not null && prices is null)
            return (null, new("schedule-unknown", "Name a published schedule as contract@version, e.g. C-2026-paper@2."));
        var orders = question.Orders.Count > 0
            ? [.. question.Orders.Where(Id.IsWellFormed).Select(o => new JointOrderId(o))]
            : await OrdersOf(models, tenant, question, ct);
        if (orders.Count > MostOrders) return (null, new("too-many-orders", $"Ask about at most {MostOrders} orders at once."));
        var change = new WhatIfChange { Prices = prices ?? [], AsIfPooled = question.AsIfPooled, Policy = question.Policy };
        var results = new List<(OrderEffect?, NotCompared?)>();
        foreach (var order in orders)
        {
            var input = await WhatIf.Inputs(store, tenant, order, ct);
            results.Add(input is null ? (null, new(order, "It was never settled.")) : WhatIf.Compare(order, input, change));
        }

        return (WhatIf.Report(results), null);
    }

    private static async Task<StructuralList<ScheduleLine>?> Prices(Commands commands, string tenant, string? name, CancellationToken ct)
    {
        if (name?.Split('@') is not [var contract, var version] || !Id.IsWellFormed(contract)
            || !int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return null;
        var loaded = await commands.Load<Contract, Contract.Command, Contract.State, Contract.Event>(tenant, contract, true, ct);
        return loaded.State.File?.Schedules.FirstOrDefault(s => s.Version == number)?.Lines;
    }

    private static async Task<List<JointOrderId>> OrdersOf(IReadModels models, string tenant, WhatIfQuestion question, CancellationToken ct)
    {
        var query = new RowQuery
        {
            Where = new Dictionary<string, string>(StringComparer.Ordinal) { ["contract"] = question.Contract! }, Limit = MostOrders + 1,
        };
        return
        [
            .. (await models.List(JointOrderBoard.Instance, tenant, query, ct)).Select(r => r.Row)
                .Where(o => BusinessCalendar.LocalDate(o.Cutoff) is var day && day >= (question.From ?? DateOnly.MinValue)
                    && day <= (question.Until ?? DateOnly.MaxValue))
                .Select(o => o.Id).Order(),
        ];
    }
}
