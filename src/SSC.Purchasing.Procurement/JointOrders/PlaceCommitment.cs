using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Contracts;

namespace SSC.Purchasing.Procurement.JointOrders;

using CommitmentInput = (Commitment.Command Command, AppendConditions Conditions);

/// <summary>
/// Everything a member does to its own commitment. Each append carries the streams it was decided on and the cutoff, so the set
/// of accepted commitments is exactly the set recorded before the order closed, at any concurrency, with nothing to contend on.
/// </summary>
public sealed class PlaceCommitment(Commands commands, IMemberDirectory members, IContractOrders contractOrders)
{
    /// <summary>
    /// Places or revises. Refusals: <see cref="CommitmentRules.Check"/>, <c>member-unknown</c>, <c>participation-missing</c>,
    /// <c>scope</c> codes.
    /// </summary>
    public Task<CommandOutcome> Commit(
        CommandContext context, JointOrderId order, MemberNo member, StructuralList<CommitmentLine> lines, CancellationToken ct) =>
        Handle(context, order, member, async (standing, conditions, fresh) =>
        {
            var (facts, streams) = await Standing(context, standing, member, fresh, ct).ConfigureAwait(false);
            return (
                new Commitment.Command.Commit(lines, standing.Order, facts, context.Now),
                conditions with { Unchanged = [.. conditions.Unchanged, .. streams] });
        }, ct);

    /// <summary>
    /// Places or revises with lines made of those that are committed already, as <see cref="Commit(CommandContext, JointOrderId, MemberNo,
    /// StructuralList{CommitmentLine}, CancellationToken)"/>: what was committed meanwhile is never lost.
    /// </summary>
    public Task<CommandOutcome> Commit(
        CommandContext context, JointOrderId order, MemberNo member,
        Func<StructuralList<CommitmentLine>, StructuralList<CommitmentLine>> linesAfter, CancellationToken ct) =>
        Handle(context, order, member, async (standing, conditions, fresh) =>
        {
            var key = Commitment.Key(order, member);
            var before = await commands.Load<Commitment, Commitment.Command, Commitment.State, Commitment.Event>(
                context.Tenant, key, fresh, ct).ConfigureAwait(false);
            var (facts, streams) = await Standing(context, standing, member, fresh, ct).ConfigureAwait(false);
            return (
                new Commitment.Command.Commit(linesAfter(before.State.Lines), standing.Order, facts, context.Now),
                conditions with
                {
                    Unchanged = [.. conditions.Unchanged, .. streams, new($"{Commitment.Category}-{key}", before.Version)],
                });
        }, ct);

    /// <summary>The order and the member as a commitment would be judged on now.</summary>
    public async Task<(OrderStanding Order, MemberStanding Member)> Judged(
        CommandContext context, JointOrderId order, MemberNo member, CancellationToken ct)
    {
        var loaded = await commands.Load<JointOrder, JointOrder.Command, JointOrder.State, JointOrder.Event>(
            context.Tenant, order.Value, true, ct).ConfigureAwait(false);
        var standing = OrderStanding.Of(order, loaded.State);
        return (standing, (await Standing(context, new(standing, loaded.State), member, true, ct).ConfigureAwait(false)).Member);
    }

    /// <summary>Takes the commitment back, before the cutoff.</summary>
    public Task<CommandOutcome> Withdraw(CommandContext context, JointOrderId order, MemberNo member, CancellationToken ct) =>
        Handle(context, order, member, (standing, conditions, _) => Task.FromResult<CommitmentInput>(
            (new Commitment.Command.Withdraw(standing.Order, context.Now), conditions)), ct);

    /// <summary>Confirms again, for a successor contract or a fallback tier.</summary>
    public Task<CommandOutcome> Reconfirm(CommandContext context, JointOrderId order, MemberNo member, CancellationToken ct) =>
        Handle(context, order, member, (standing, conditions, _) => Task.FromResult<CommitmentInput>(
            (new Commitment.Command.Reconfirm(standing.Order, context.Now), conditions)), ct);

    /// <summary>
    /// Takes a part of a shortfall in the box-fill phase; this is decided in the order's own stream, so it is never overfilled.
    /// </summary>
    public Task<CommandOutcome> ClaimBoxFill(
        CommandContext context, JointOrderId order, MemberNo member, SiteId site, int lineNo, Quantity quantity, CancellationToken ct) =>
        commands.Handle<JointOrder, JointOrder.Command, JointOrder.State, JointOrder.Event>(
            context, order.Value, async fresh =>
            {
                var commitment = await commands.Load<Commitment, Commitment.Command, Commitment.State, Commitment.Event>(
                    context.Tenant, Commitment.Key(order, member), fresh, ct).ConfigureAwait(false);
                var takesPart = commitment.State is { IsDeclined: false } s && s.Lines.Any(l => l.LineNo == lineNo && l.Site == site);
                return (new JointOrder.Command.ClaimBoxFill(member, site, lineNo, quantity, takesPart), AppendConditions.None);
            }, ct);

    private Task<CommandOutcome> Handle(
        CommandContext context, JointOrderId order, MemberNo member,
        Func<LoadedOrder, AppendConditions, bool, Task<CommitmentInput>> prepare, CancellationToken ct) =>
        commands.Handle<Commitment, Commitment.Command, Commitment.State, Commitment.Event>(
            context, Commitment.Key(order, member), async fresh =>
            {
                var loaded = await commands.Load<JointOrder, JointOrder.Command, JointOrder.State, JointOrder.Event>(
                    context.Tenant, order.Value, fresh, ct).ConfigureAwait(false);
                var standing = OrderStanding.Of(order, loaded.State);
                return await prepare(
                    new(standing, loaded.State),
                    new AppendConditions
                    {
                        Unchanged = [new($"{JointOrder.Category}-{order.Value}", loaded.Version)],
                        RecordedBefore = standing.Phase is OrderPhase.Open or OrderPhase.Reconfirming ? standing.Cutoff : null,
                        WhenLate = CommitmentRules.Closed,
                    },
                    fresh).ConfigureAwait(false);
            }, ct);

    private async Task<(MemberStanding Member, IReadOnlyList<StreamAt> Streams)> Standing(
        CommandContext context, LoadedOrder order, MemberNo member, bool fresh, CancellationToken ct)
    {
        var today = BusinessCalendar.LocalDate(context.Now);
        var facts = await members.Find(context.Tenant, member, today, fresh, ct).ConfigureAwait(false);
        if (facts is null || order.State.Terms is not { } terms)
            return (new(member, new("-"), context.Actor, [], 0, null,
                new("member-unknown", "There is no such member; check the number.")), []);
        var key = Participation.Key(terms.Contract, member);
        var participation = await commands.Load<Participation, Participation.Command, Participation.State, Participation.Event>(
            context.Tenant, key, fresh, ct).ConfigureAwait(false);
        var refusal = facts.NotEligible
            ?? OutOfScope(terms, facts)
            ?? (participation.State.IsValidOn(today) && Reaches(participation.State, terms.Scope)
                ? null
                : new Refusal("participation-missing",
                    "The member's participation in this contract is not valid today; join it with the governing body's resolution."));
        var limits = (participation.State as Participation.State.Active)?.Limits ?? ParticipationLimits.None;
        var year = limits.PerFiscalYear is null || refusal is not null
            ? YearSoFar.Nothing
            : await YearSoFar.Of(
                commands, contractOrders, context.Tenant, terms.Contract, member, order.Order.Id, FiscalYear.Of(today), ct)
                .ConfigureAwait(false);
        return (
            new(member, facts.Cooperative, context.Actor, facts.Sites, facts.PriorityClass, facts.ApprovalThreshold, refusal)
            {
                Limits = limits,
                CommittedThisYear = year.Amount,
            },
            [facts.ReadAt, new($"{Participation.Category}-{key}", participation.Version), .. year.ReadAt]);
    }

    // An agreement for the member's own cooperative does not reach statewide orders.
    private static bool Reaches(Participation.State state, OrderScope scope) =>
        scope == OrderScope.Cooperative || state is Participation.State.Active { Agreement.Scope: ContractScope.Statewide };

    private static Refusal? OutOfScope(OrderTerms terms, MemberFacts facts)
    {
        if (terms.Policies.MemberKinds is { Count: > 0 } kinds && !kinds.Contains(facts.Kind, StringComparer.Ordinal))
            return new("member-kind-not-eligible", $"This order is for {string.Join(", ", kinds)} members.");
        return terms.Scope switch
        {
            OrderScope.Cooperative when facts.Cooperative != terms.Lead =>
                new("order-other-cooperative", $"This order is for members of {terms.Lead}; ask your own cooperative for one."),
            OrderScope.Statewide when !facts.Statewide =>
                new("statewide-agreement-missing", "The member's cooperative is not party to the statewide joint powers agreement."),
            _ => null,
        };
    }

    private sealed record LoadedOrder(OrderStanding Order, JointOrder.State State);
}
