using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Budgets;
using SSC.Purchasing.Procurement.JointOrders;
using SSC.Purchasing.Procurement.Rules;

namespace SSC.Purchasing.Sagas;

/// <summary>
/// Does what <see cref="JointOrderSaga"/> asks for: reads what a decision needs and calls the deciders. Every append inside one
/// command has a key made from the command's own, so doing it again after a crash changes nothing.
/// </summary>
public sealed class JointOrderWork(Commands commands, IReadModels readModels, BudgetWork budgets)
{
    private static readonly TimeSpan ReadModelPatience = TimeSpan.FromSeconds(30);

    /// <summary>Any command that the order decides by itself.</summary>
    public Task<CommandOutcome> Decide(CommandContext context, JointOrderId order, JointOrder.Command command, CancellationToken ct) =>
        commands.Handle<JointOrder, JointOrder.Command, JointOrder.State, JointOrder.Event>(context, order.Value, command, ct);

    /// <summary>Starts the box-fill phase with what each line lacks now.</summary>
    public Task<CommandOutcome> StartBoxFill(CommandContext context, JointOrderId order, CancellationToken ct) =>
        Prepare(context, order, async loaded =>
        {
            // Nothing is taken after the cutoff, so the end of the log has every commitment that counts.
            var end = await commands.Store.Head(ct).ConfigureAwait(false);
            var input = await Gather(context.Tenant, order, loaded, end.Position, ct).ConfigureAwait(false);
            return new JointOrder.Command.StartBoxFill(SettlementRules.Shortfalls(input), input.Basis, context.Now);
        }, ct);

    /// <summary>Settles on the commitments recorded up to the order's last event.</summary>
    public Task<CommandOutcome> Settle(CommandContext context, JointOrderId order, CancellationToken ct) =>
        Prepare(context, order, async loaded => new JointOrder.Command.Settle(
            SettlementRules.Compute(await Gather(context.Tenant, order, loaded, loaded.LastPosition, ct).ConfigureAwait(false))), ct);

    /// <summary>Takes the next branch after a missed minimum, with the deadline that the order's rules give it.</summary>
    public Task<CommandOutcome> TakeMinimumBranch(CommandContext context, JointOrderId order, CancellationToken ct) =>
        Prepare(context, order, loaded =>
        {
            var policies = loaded.State.Terms!.Policies;
            var next = JointOrder.NextMinimumBranch(loaded.State);
            var until = next == MinimumMissedAction.TopUp
                ? BusinessCalendar.Minnesota.AddBusinessDays(context.Now, policies.TopUpDays)
                : BusinessCalendar.AddCalendarDays(
                    context.Now, next == MinimumMissedAction.Extend ? policies.ExtensionDays : policies.ReconfirmDays);
            return Task.FromResult<JointOrder.Command>(new JointOrder.Command.TakeMinimumBranch(context.Now, until));
        }, ct);

    /// <summary>Counts approvals; what is neither approved nor evidenced by now is out.</summary>
    public Task<CommandOutcome> CloseApprovals(CommandContext context, JointOrderId order, CancellationToken ct) =>
        Prepare(context, order, async loaded =>
        {
            var approved = new List<MemberNo>();
            var declined = new List<Exclusion>();
            foreach (var needed in loaded.State.ApprovalsNeeded)
            {
                var commitment = await LoadCommitment(context.Tenant, order, needed.Member, ct).ConfigureAwait(false);
                if (commitment.IsDeclined) declined.Add(new(needed.Member, "approval-declined"));
                else if (IsSettled(needed, commitment)) approved.Add(needed.Member);
                else declined.Add(new(needed.Member, "approval-timeout"));
            }

            return new JointOrder.Command.CloseApprovals([.. approved], [.. declined]);
        }, ct);

    /// <summary>Reserves every member's budget; one that refuses takes out that member only, its other reservations released.</summary>
    public async Task<CommandOutcome> Encumber(CommandContext context, JointOrderId order, CancellationToken ct)
    {
        var loaded = await LoadOrder(context.Tenant, order, ct).ConfigureAwait(false);
        if (loaded.State.Phase != OrderPhase.Encumbering)
            return await Decide(context, order, new JointOrder.Command.RecordEncumbrances([], []), ct).ConfigureAwait(false);
        var reserved = new List<MemberNo>();
        var refused = new List<Exclusion>();
        foreach (var total in loaded.MemberTotals)
        {
            switch (await SetAside(loaded.AtReservation(context), order, total, loaded.State.Lines.Values, ct).ConfigureAwait(false))
            {
                case null:
                    reserved.Add(total.Member);
                    break;
                case CommandOutcome.Refused no:
                    refused.Add(new(total.Member, no.Refusal.Code));
                    break;
                case var other:
                    return other;
            }
        }

        foreach (var excluded in loaded.State.Excluded.Where(e => e.LineNo is null))
        {
            if (await Release(loaded.AtReservation(context), order, excluded.Member, ct).ConfigureAwait(false) is { } busy) return busy;
        }

        return await Decide(context, order, new JointOrder.Command.RecordEncumbrances([.. reserved], [.. refused]), ct)
            .ConfigureAwait(false);
    }

    /// <summary>Gives back everything that is set aside for the order.</summary>
    public async Task<CommandOutcome> ReleaseEncumbrances(CommandContext context, JointOrderId order, CancellationToken ct)
    {
        var loaded = await LoadOrder(context.Tenant, order, ct).ConfigureAwait(false);
        foreach (var total in loaded.MemberTotals)
        {
            if (await Release(loaded.AtReservation(context), order, total.Member, ct).ConfigureAwait(false) is { } busy) return busy;
        }

        return new CommandOutcome.Done($"{JointOrder.Category}-{order}", loaded.Version, loaded.LastPosition, false);
    }

    /// <summary>
    /// Allocates a line again on what will come, as a stream at a version says, at the fixed price, and moves the members' encumbrances
    /// along.
    /// </summary>
    public async Task<CommandOutcome> Reallocate(
        CommandContext context, JointOrderId order, int lineNo, Quantity arriving, StreamAt source, string reason, CancellationToken ct)
    {
        var loaded = await LoadOrder(context.Tenant, order, ct).ConfigureAwait(false);
        if (!loaded.State.Lines.TryGetValue(lineNo, out var before))
            return new CommandOutcome.Refused(new("unknown-line", "The order has no such line."));
        var settled = (JointOrder.Event.Settled)loaded.Events.Last(e => e.Fact is JointOrder.Event.Settled).Fact;
        var basis = settled.Basis with { OrderVersion = loaded.Version };
        var input = await SettlementInputs.Gather(
            commands.Store, context.Tenant, order, loaded.State, basis.Inputs.Select(i => i.Member), basis, ct).ConfigureAwait(false);
        var outcome = SettlementRules.Reallocate(input, lineNo, arriving, before.Price);
        var done = await Decide(context, order, new JointOrder.Command.Reallocate(outcome, input.Basis, reason, source), ct)
            .ConfigureAwait(false);
        if (done is not CommandOutcome.Done) return done;
        var lines = loaded.State.Lines.Set(lineNo, outcome);
        foreach (var total in loaded.MemberTotals)
        {
            if (await Adjust(context, order, loaded, total, lines.Values, reason, ct).ConfigureAwait(false) is { } busy) return busy;
        }

        return done;
    }

    /// <summary>Moves a member's encumbrances to what it owes on these lines.</summary>
    public async Task<CommandOutcome.Busy?> Adjust(
        CommandContext context, JointOrderId order, OrderHistory loaded, MemberTotal total, IEnumerable<LineOutcome> lines, string reason,
        CancellationToken ct)
    {
        var commitment = await LoadCommitment(context.Tenant, order, total.Member, ct).ConfigureAwait(false);
        var shares = EncumbranceShares.Of(total.Member, lines, total, commitment.Lines);
        return await budgets.Adjust(loaded.AtReservation(context), order, total.Member, shares, AccountsOf(commitment), reason, ct)
            .ConfigureAwait(false);
    }

    /// <summary>The order with its events, fresh.</summary>
    public async Task<OrderHistory> LoadOrder(string tenant, JointOrderId order, CancellationToken ct)
    {
        var events = await commands.Store.ReadStream(tenant, $"{JointOrder.Category}-{order}", ct: ct).ConfigureAwait(false);
        var state = events.Aggregate(JointOrder.Initial, (s, e) => JointOrder.Evolve(s, (JointOrder.Event)e.Fact));
        return new(state, events.Count, events.Count == 0 ? 0 : events[^1].Position, events);
    }

    /// <summary>A member's commitment, fresh.</summary>
    public async Task<Commitment.State> LoadCommitment(string tenant, JointOrderId order, MemberNo member, CancellationToken ct) =>
        (await commands.Load<Commitment, Commitment.Command, Commitment.State, Commitment.Event>(
            tenant, Commitment.Key(order, member), true, ct).ConfigureAwait(false)).State;

    private static bool IsSettled(ApprovalNeeded needed, Commitment.State commitment) =>
        (commitment.ApprovedUpTo >= needed.Total || needed.Reasons.All(r => r == "cpv-missing"))
        && (commitment.CpvEvidence is not null || needed.Reasons.All(r => r != "cpv-missing"));

    /// <summary>Sets a member's budgets aside for what it owes on these lines; null when done.</summary>
    private async Task<CommandOutcome?> SetAside(
        CommandContext context, JointOrderId order, MemberTotal total, IEnumerable<LineOutcome> lines, CancellationToken ct)
    {
        var commitment = await LoadCommitment(context.Tenant, order, total.Member, ct).ConfigureAwait(false);
        var shares = EncumbranceShares.Of(total.Member, lines, total, commitment.Lines);
        return await budgets.Encumber(context, order, total.Member, shares, ct).ConfigureAwait(false);
    }

    private async Task<CommandOutcome.Busy?> Release(CommandContext context, JointOrderId order, MemberNo member, CancellationToken ct)
    {
        var commitment = await LoadCommitment(context.Tenant, order, member, ct).ConfigureAwait(false);
        return await budgets.Release(context, order, member, AccountsOf(commitment), ct).ConfigureAwait(false);
    }

    private static IEnumerable<string> AccountsOf(Commitment.State commitment) => commitment.Lines.SelectMany(l => l.Accounts)
        .Select(a => BudgetLine.AccountKey(a.Account)).Distinct(StringComparer.Ordinal);

    private Task<CommandOutcome> Prepare(
        CommandContext context, JointOrderId order, Func<OrderHistory, Task<JointOrder.Command>> prepare, CancellationToken ct) =>
        commands.Handle<JointOrder, JointOrder.Command, JointOrder.State, JointOrder.Event>(context, order.Value, async _ =>
        {
            var loaded = await LoadOrder(context.Tenant, order, ct).ConfigureAwait(false);
            return (await prepare(loaded).ConfigureAwait(false), AppendConditions.None);
        }, ct);

    private async Task<SettlementInput> Gather(string tenant, JointOrderId order, OrderHistory loaded, long asOf, CancellationToken ct)
    {
        if (!await readModels.WaitFor(OrderParticipants.Instance, asOf, ReadModelPatience, ct).ConfigureAwait(false))
            throw new TimeoutException($"The read model {OrderParticipants.Instance.Name} has not reached position {asOf}.");
        var members = new List<MemberNo>();
        var query = new RowQuery
        {
            Where = new Dictionary<string, string>(StringComparer.Ordinal) { ["order_id"] = order.Value },
            Limit = 1000,
        };
        IReadOnlyList<KeyedRow<OrderParticipant>> page;
        do
        {
            page = await readModels.List(OrderParticipants.Instance, tenant, query, ct).ConfigureAwait(false);
            members.AddRange(page.Select(r => r.Row.Member));
            query = query with { After = page.Count == 0 ? null : page[^1].Key };
        }
        while (page.Count == query.Limit);

        var closedOn = BusinessCalendar.LocalDate(loaded.Events[^1].At);
        var basis = new SettlementBasis(
            asOf, [], loaded.Version, SettlementRules.CurrentVersion, ProcurementThresholds.CpvConsideration(closedOn),
            loaded.State.ApprovalsAsked);
        return await SettlementInputs.Gather(commands.Store, tenant, order, loaded.State, members, basis, ct).ConfigureAwait(false);
    }
}

/// <summary>A joint order, folded, with its events.</summary>
public sealed record OrderHistory(JointOrder.State State, long Version, long LastPosition, IReadOnlyList<RecordedEvent> Events)
{
    /// <summary>What each member owes, without the coordinator's stock.</summary>
    public IEnumerable<MemberTotal> MemberTotals => State.Totals.Where(t => t.Member != SettlementRules.Stock);

    /// <summary>
    /// The same request as of when the budgets were set aside: that day's fiscal year is the one whose budgets are concerned, however
    /// late goods come.
    /// </summary>
    public CommandContext AtReservation(CommandContext context) =>
        Events.LastOrDefault(e => e.Fact is JointOrder.Event.Encumbered) is { } reserved ? context with { Now = reserved.At } : context;
}
