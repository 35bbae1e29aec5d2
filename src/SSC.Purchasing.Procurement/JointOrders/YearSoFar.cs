using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Procurement.JointOrders;

/// <summary>A joint order on a contract and how far it has come.</summary>
public sealed record OrderOnContract(JointOrderId Order, OrderPhase Phase)
{
    /// <summary>True when nobody can commit to it any more, whatever happens: what is committed stays as it is.</summary>
    public bool IsBeyondCommitments => Phase is OrderPhase.Ready or OrderPhase.Issued or OrderPhase.Confirmed or OrderPhase.Cancelled
        or OrderPhase.Delivering or OrderPhase.ClosedOut;
}

/// <summary>Which joint orders a contract has.</summary>
public interface IContractOrders
{
    /// <summary>Every order that is bought on a contract, none planned before this call missing.</summary>
    Task<IReadOnlyList<OrderOnContract>> On(string tenant, ContractId contract, CancellationToken ct);
}

/// <summary>The orders of a contract as the board lists them, once it has reached the end of the log.</summary>
public sealed class ContractOrdersOnBoard(IEventStore store, IReadModels models) : IContractOrders
{
    private const int PageSize = 1_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    /// <exception cref="TimeoutException">The board is behind; try again.</exception>
    public async Task<IReadOnlyList<OrderOnContract>> On(string tenant, ContractId contract, CancellationToken ct)
    {
        var head = await store.Head(ct).ConfigureAwait(false);
        if (!await models.WaitFor(JointOrderBoard.Instance, head.Position, Patience, ct).ConfigureAwait(false))
            throw new TimeoutException($"The board has not reached position {head.Position}.");
        var orders = new List<OrderOnContract>();
        var query = new RowQuery
        {
            Where = new Dictionary<string, string>(StringComparer.Ordinal) { ["contract"] = contract.Value },
            Limit = PageSize,
        };
        IReadOnlyList<KeyedRow<BoardOrder>> page;
        do
        {
            page = await models.List(JointOrderBoard.Instance, tenant, query, ct).ConfigureAwait(false);
            orders.AddRange(page.Select(r => new OrderOnContract(r.Row.Id, r.Row.Phase)));
            query = query with { After = page.Count == 0 ? null : page[^1].Key };
        }
        while (page.Count == PageSize);

        return orders;
    }
}

/// <summary>
/// What a member has committed to in a fiscal year on one contract, beside the order in hand, and the streams that say so: an append
/// that carries them is refused when the member commits elsewhere at the same time.
/// </summary>
/// <param name="Amount">Σ committed amounts of the orders that stand; the day of the last change decides the year.</param>
/// <param name="ReadAt">The member's commitments to every other order that may still take one, those it never made at version 0.</param>
public sealed record YearSoFar(Money Amount, IReadOnlyList<StreamAt> ReadAt)
{
    /// <summary>Nothing read, nothing committed.</summary>
    public static readonly YearSoFar Nothing = new(Money.Zero, []);

    /// <summary>
    /// Adds up from the commitment streams themselves. Cancelled orders and those the member was taken out of do not count.
    /// </summary>
    public static async Task<YearSoFar> Of(
        Commands commands, IContractOrders contractOrders, string tenant, ContractId contract, MemberNo member, JointOrderId except,
        FiscalYear year, CancellationToken ct)
    {
        var orders = (await contractOrders.On(tenant, contract, ct).ConfigureAwait(false)).Where(o => o.Order != except)
            .ToDictionary(o => $"{Commitment.Category}-{Commitment.Key(o.Order, member)}", StringComparer.Ordinal);
        var events = (await commands.Store.ReadStreams(tenant, orders.Keys, ct: ct).ConfigureAwait(false))
            .ToLookup(e => e.Stream, StringComparer.Ordinal);
        var amount = Money.Zero;
        foreach (var (stream, order) in orders)
        {
            var last = events[stream].LastOrDefault(e => e.Fact is Commitment.Event.Placed or Commitment.Event.Revised);
            if (last is null || order.Phase == OrderPhase.Cancelled || !year.Contains(BusinessCalendar.LocalDate(last.At))) continue;
            var state = events[stream].Aggregate(Commitment.Initial, (s, e) => Commitment.Evolve(s, (Commitment.Event)e.Fact));
            if (state.IsDeclined || state.Lines.Count == 0) continue;
            var pooled = await commands.Load<JointOrder, JointOrder.Command, JointOrder.State, JointOrder.Event>(
                tenant, order.Order.Value, ct: ct).ConfigureAwait(false);
            if (pooled.State.Excluded.All(e => e.Member != member || e.LineNo is not null)) amount += state.Amount;
        }

        return new(
            amount,
            [
                .. orders.Where(o => !o.Value.IsBeyondCommitments)
                    .Select(o => new StreamAt(o.Key, events[o.Key].Select(e => e.Version).LastOrDefault())),
            ]);
    }
}
