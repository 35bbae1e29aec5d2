using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.JointOrders;

namespace SSC.Purchasing.Procurement.PunchOuts;

/// <summary>Turns a basket that came back into the member's commitment, which decides about it as about any other.</summary>
public sealed class TakeBasket(Commands commands, PlaceCommitment place)
{
    /// <summary>
    /// Commits what is in the basket for the session's site: its quantities replace those of the same lines at that site, everything else
    /// stays committed as it is. The commitment comes first, the session remembers it after; when only the first was recorded, the same
    /// request again records the second. Refusals: those of <see cref="PunchOutSession.Command.Accept"/> and of
    /// <see cref="PlaceCommitment"/>.
    /// </summary>
    /// <param name="context">Who asks.</param>
    /// <param name="session">Id of the session.</param>
    /// <param name="accounts">Where it is booked.</param>
    /// <param name="reference">The member's own order number; null keeps what a line has.</param>
    /// <param name="withoutFaulty">True to leave out what cannot be bought.</param>
    /// <param name="ct">Cancellation.</param>
    public async Task<CommandOutcome> Accept(
        CommandContext context, string session, StructuralList<AccountSplit> accounts, string? reference, bool withoutFaulty,
        CancellationToken ct)
    {
        var state = (await commands.Load<PunchOutSession, PunchOutSession.Command, PunchOutSession.State, PunchOutSession.Event>(
            context.Tenant, session, true, ct).ConfigureAwait(false)).State;
        if (state.About is not { } visit) return new CommandOutcome.Refused(PunchOutSession.Unknown);
        var order = await commands.Load<JointOrder, JointOrder.Command, JointOrder.State, JointOrder.Event>(
            context.Tenant, visit.Order.Value, true, ct).ConfigureAwait(false);
        var accept = new PunchOutSession.Command.Accept(context.Actor, withoutFaulty, order.State.Generation, 0);
        if (PunchOutSession.Decide(accept, state) is Decision<PunchOutSession.Event>.Refused)
            return await Handle(context, session, accept, ct).ConfigureAwait(false); // a repetition is answered as the first time was
        var committed = await place.Commit(
            context, visit.Order, visit.Member, before => After(before, state.Returned!.Lines, visit.Site, accounts, reference), ct)
            .ConfigureAwait(false);
        if (committed is not CommandOutcome.Done done) return committed;
        var remembered = await Handle(
            context.Part("session"), session, accept with { CommitmentVersion = done.Version }, ct).ConfigureAwait(false);
        return remembered is CommandOutcome.Done ? committed : remembered;
    }

    private static StructuralList<CommitmentLine> After(
        StructuralList<CommitmentLine> before, StructuralList<BasketLine> basket, SiteId site, StructuralList<AccountSplit> accounts,
        string? reference)
    {
        bool Same(CommitmentLine line, BasketLine item) => line.LineNo == item.LineNo && line.Site == site;
        CommitmentLine Taken(BasketLine item)
        {
            var line = before.FirstOrDefault(l => Same(l, item)) ?? new(item.LineNo, site, Quantity.Zero, Quantity.Zero, []);
            return line with { Quantity = item.Quantity, Accounts = accounts, Reference = reference ?? line.Reference };
        }

        return [.. before.Where(l => !basket.Any(item => Same(l, item))), .. basket.Select(Taken)];
    }

    private Task<CommandOutcome> Handle(
        CommandContext context, string session, PunchOutSession.Command command, CancellationToken ct) =>
        commands.Handle<PunchOutSession, PunchOutSession.Command, PunchOutSession.State, PunchOutSession.Event>(
            context, session, command, ct);
}
