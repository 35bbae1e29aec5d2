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
    /// Moves what is set aside for the order on these accounts to what is owed now; an account that nothing is owed on is released. What
    /// was paid already stays, and what was never set aside is not set aside now: goods that come after all are not turned away for it.
    /// </summary>
    /// <param name="context">Its time is when the money was set aside, which says which year's budget it is.</param>
    /// <param name="order">The joint order.</param>
    /// <param name="member">Whose budgets.</param>
    /// <param name="amounts">What is owed per account.</param>
    /// <param name="accounts">Every account that the member committed on.</param>
    /// <param name="reason">Why more is set aside than is available, should it come to that.</param>
    /// <param name="ct">Cancellation.</param>
    public async Task<CommandOutcome.Busy?> Adjust(
        CommandContext context, JointOrderId order, MemberNo member, StructuralMap<string, Money> amounts, IEnumerable<string> accounts,
        string reason, CancellationToken ct)
    {
        foreach (var account in accounts)
        {
            var key = Key(context, member, account);
            var line = await Load(context.Tenant, key, true, ct).ConfigureAwait(false);
            if (line.State is not BudgetLine.State.Open open || !open.Encumbrances.ContainsKey(order.Value)) continue;
            var outcome = await commands.Handle<BudgetLine, BudgetLine.Command, BudgetLine.State, BudgetLine.Event>(
                context.Part($"{member}/{account}/adjust"), key, async fresh =>
                {
                    var current = await Load(context.Tenant, key, fresh, ct).ConfigureAwait(false);
                    var spent = current.State is BudgetLine.State.Open now && now.Encumbrances.TryGetValue(order.Value, out var known)
                        ? known.Spent : Money.Zero;
                    var owed = amounts.TryGetValue(account, out var amount) && amount > spent ? amount : spent;
                    BudgetLine.Command command = owed > Money.Zero
                        ? new BudgetLine.Command.Adjust(order.Value, owed, reason)
                        : new BudgetLine.Command.Release(order.Value);
                    return (command, AppendConditions.None);
                }, ct).ConfigureAwait(false);
            if (outcome is CommandOutcome.Busy busy) return busy;
        }

        return null;
    }

    /// <summary>
    /// Takes what was paid out of what is reserved for the order, shared over the accounts as it was reserved. A payment is a fact: where
    /// the budget is too small, it is overdrawn and says why.
    /// </summary>
    /// <param name="context">Its time is when the money was set aside, which says which year's budget it is.</param>
    /// <param name="order">Order whose reservation it is.</param>
    /// <param name="member">Whose budget.</param>
    /// <param name="reserved">Amounts per account.</param>
    /// <param name="document">The invoice and payment.</param>
    /// <param name="amount">What was paid.</param>
    /// <param name="ct">Cancellation.</param>
    /// <returns>The last budget's outcome; null when no budget was adopted on any of the accounts.</returns>
    public async Task<CommandOutcome?> Liquidate(
        CommandContext context, JointOrderId order, MemberNo member, StructuralMap<string, Money> reserved, string document, Money amount,
        CancellationToken ct)
    {
        var shares = reserved.Count == 0 ? [] : LargestRemainder.Share(amount, [.. reserved.Values.Select(a => Math.Max(0, a.Cents))]);
        CommandOutcome? last = null;
        foreach (var (account, share) in reserved.Keys.Zip(shares))
        {
            var key = Key(context, member, account);
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
