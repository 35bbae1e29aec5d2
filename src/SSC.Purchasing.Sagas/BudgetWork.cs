using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Budgets;

namespace SSC.Purchasing.Sagas;

/// <summary>
/// Sets a member's budgets aside for a joint order, under the order's number. An account on which the member adopted no budget is
/// not controlled here and is passed over.
/// </summary>
public sealed class BudgetWork(Commands commands)
{
    /// <summary>Reserves, or adjusts to, the given amounts per account. A refusal releases the member's other reservations.</summary>
    /// <returns>Null when all is reserved; else the refusal, or that the store is busy.</returns>
    public async Task<CommandOutcome?> Encumber(
        CommandContext context, JointOrderId order, MemberNo member, StructuralMap<string, Money> amounts, CancellationToken ct)
    {
        foreach (var (account, amount) in amounts)
        {
            var outcome = await Set(context.Part($"{member}/{account}"), Key(context, member, account), order, amount, ct)
                .ConfigureAwait(false);
            if (outcome is null or CommandOutcome.Done) continue;
            if (outcome is CommandOutcome.Refused)
            {
                if (await Release(context, order, member, amounts.Keys, ct).ConfigureAwait(false) is { } busy) return busy;
            }

            return outcome;
        }

        return null;
    }

    /// <summary>Gives back what is reserved for the order on these accounts.</summary>
    public async Task<CommandOutcome.Busy?> Release(
        CommandContext context, JointOrderId order, MemberNo member, IEnumerable<string> accounts, CancellationToken ct)
    {
        foreach (var account in accounts)
        {
            var outcome = await commands.Handle<BudgetLine, BudgetLine.Command, BudgetLine.State, BudgetLine.Event>(
                context.Part($"{member}/{account}/release"), Key(context, member, account), new BudgetLine.Command.Release(order.Value), ct)
                .ConfigureAwait(false);
            if (outcome is CommandOutcome.Busy busy) return busy;
        }

        return null;
    }

    /// <summary>
    /// Takes what was paid out of what is reserved for the order, shared over the accounts as it was reserved. A payment is a fact: where
    /// the budget is too small, it is overdrawn and says why.
    /// </summary>
    /// <param name="context">Who, when, which key.</param>
    /// <param name="order">Order whose reservation it is.</param>
    /// <param name="member">Whose budget.</param>
    /// <param name="year">Fiscal year in which it was reserved.</param>
    /// <param name="reserved">Amounts per account.</param>
    /// <param name="document">The invoice and payment.</param>
    /// <param name="amount">What was paid.</param>
    /// <param name="ct">Cancellation.</param>
    /// <returns>The last budget's outcome; null when no budget was adopted on any of the accounts.</returns>
    public async Task<CommandOutcome?> Liquidate(
        CommandContext context, JointOrderId order, MemberNo member, FiscalYear year, StructuralMap<string, Money> reserved, string document,
        Money amount, CancellationToken ct)
    {
        var shares = reserved.Count == 0 ? [] : LargestRemainder.Share(amount, [.. reserved.Values.Select(a => Math.Max(0, a.Cents))]);
        CommandOutcome? last = null;
        foreach (var (account, share) in reserved.Keys.Zip(shares))
        {
            var key = BudgetLine.Key(member, year.Year, account);
            if (share == Money.Zero || (await Load(context.Tenant, key, true, ct).ConfigureAwait(false)).State is BudgetLine.State.Absent)
                continue;
            last = await commands.Handle<BudgetLine, BudgetLine.Command, BudgetLine.State, BudgetLine.Event>(
                context.Part($"{member}/{account}/liquidate"), key,
                new BudgetLine.Command.Liquidate(order.Value, document, share, "paid on an approved invoice"), ct).ConfigureAwait(false);
            if (last is not CommandOutcome.Done) return last;
        }

        return last;
    }

    private static string Key(CommandContext context, MemberNo member, string account) =>
        BudgetLine.Key(member, FiscalYear.Of(BusinessCalendar.LocalDate(context.Now)).Year, account);

    private async Task<CommandOutcome?> Set(CommandContext context, string key, JointOrderId order, Money amount, CancellationToken ct)
    {
        var line = await Load(context.Tenant, key, false, ct).ConfigureAwait(false);
        if (line.State is BudgetLine.State.Absent) line = await Load(context.Tenant, key, true, ct).ConfigureAwait(false);
        if (line.State is BudgetLine.State.Absent) return null;
        return await commands.Handle<BudgetLine, BudgetLine.Command, BudgetLine.State, BudgetLine.Event>(
            context, key, async fresh =>
            {
                var current = await Load(context.Tenant, key, fresh, ct).ConfigureAwait(false);
                BudgetLine.Command command = current.State is BudgetLine.State.Open open && open.Encumbrances.ContainsKey(order.Value)
                    ? new BudgetLine.Command.Adjust(order.Value, amount)
                    : new BudgetLine.Command.Reserve(order.Value, amount);
                return (command, AppendConditions.None);
            }, ct).ConfigureAwait(false);
    }

    private Task<Loaded<BudgetLine.State>> Load(string tenant, string key, bool fresh, CancellationToken ct) =>
        commands.Load<BudgetLine, BudgetLine.Command, BudgetLine.State, BudgetLine.Event>(tenant, key, fresh, ct);
}
