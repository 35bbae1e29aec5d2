using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Procurement.Contracts;
using SSC.Purchasing.Programs;

namespace SSC.Purchasing.Sagas;

/// <summary>
/// What nobody may do but by resolution of the board: expel and readmit a member, set membership fees, change a contract's fee or the
/// prices of a published program, undo another resolution. Each appends under the condition that the resolution is still as it was read.
/// </summary>
public sealed class GatedByResolution(Commands commands)
{
    private readonly BoardResolutions resolutions = new(commands);

    /// <summary>Expels a member after a day, by a resolution of kind Expulsion about it.</summary>
    public Task<CommandOutcome> Expel(
        CommandContext context, MemberNo member, DateOnly lastDay, ResolutionId resolution, CancellationToken ct) =>
        commands.Handle<Member, Member.Command, Member.State, Member.Event>(
            context, member.Value, async fresh =>
            {
                var by = await Find(context, resolution, ResolutionKind.Expulsion, member.Value, fresh, ct).ConfigureAwait(false);
                return (new Member.Command.Expel(lastDay, by.Adopted), Still(by));
            }, ct);

    /// <summary>Takes an expelled member back, by a resolution of kind Other about it.</summary>
    public Task<CommandOutcome> Readmit(
        CommandContext context, MemberNo member, DateOnly from, ResolutionId resolution, CancellationToken ct) =>
        commands.Handle<Member, Member.Command, Member.State, Member.Event>(
            context, member.Value, async fresh =>
            {
                var by = await Find(context, resolution, ResolutionKind.Other, member.Value, fresh, ct).ConfigureAwait(false);
                return (new Member.Command.Readmit(from, by.Adopted), Still(by));
            }, ct);

    /// <summary>Sets a cooperative's membership fees from a day on, by a resolution of kind FeeSchedule about them.</summary>
    public Task<CommandOutcome> AdoptFees(
        CommandContext context, CooperativeId cooperative, MembershipFees fees, DateOnly from, ResolutionId resolution,
        CancellationToken ct) =>
        commands.Handle<FeeSchedule, FeeSchedule.Command, FeeSchedule.State, FeeSchedule.Event>(
            context, cooperative.Value, async fresh =>
            {
                var by = await Find(context, resolution, ResolutionKind.FeeSchedule, FeeSchedule.SubjectOf(cooperative), fresh, ct)
                    .ConfigureAwait(false);
                return (new FeeSchedule.Command.Adopt(cooperative, fees, from, by.Adopted), Still(by));
            }, ct);

    /// <summary>
    /// Changes a contract's trading terms; another fee needs a resolution of kind FeeSchedule about the contract, other terms need none.
    /// </summary>
    public Task<CommandOutcome> AmendContract(
        CommandContext context, ContractId contract, TradingTerms trading, string reason, ResolutionId? resolution, CancellationToken ct) =>
        commands.Handle<Contract, Contract.Command, Contract.State, Contract.Event>(
            context, contract.Value, async fresh =>
            {
                var by = resolution is { } cited
                    ? await Find(context, cited, ResolutionKind.FeeSchedule, contract.Value, fresh, ct).ConfigureAwait(false)
                    : null;
                var amend = new Contract.Command.Amend(trading, reason)
                {
                    Contract = contract,
                    FeesBy = by?.Adopted,
                    Today = BusinessCalendar.LocalDate(context.Now),
                };
                return (amend, by is null ? AppendConditions.None : Still(by));
            }, ct);

    /// <summary>
    /// Sets what a program costs; other prices of a published one need a resolution of kind FeeSchedule about the program.
    /// </summary>
    public Task<CommandOutcome> SetPricing(
        CommandContext context, ProgramId program, ProgramPricing pricing, ResolutionId? resolution, CancellationToken ct) =>
        commands.Handle<CoopProgram, CoopProgram.Command, CoopProgram.State, CoopProgram.Event>(
            context, program.Value, async fresh =>
            {
                var by = resolution is { } cited
                    ? await Find(context, cited, ResolutionKind.FeeSchedule, program.Value, fresh, ct).ConfigureAwait(false)
                    : null;
                var set = new CoopProgram.Command.SetPricing(pricing)
                {
                    Program = program, By = by?.Adopted, Today = BusinessCalendar.LocalDate(context.Now),
                };
                return (set, by is null ? AppendConditions.None : Still(by));
            }, ct);

    /// <summary>Undoes a resolution by a later one whose subject it is.</summary>
    public Task<CommandOutcome> Rescind(
        CommandContext context, ResolutionId resolution, ResolutionId by, CancellationToken ct) =>
        commands.Handle<Resolution, Resolution.Command, Resolution.State, Resolution.Event>(
            context, resolution.Value, async fresh =>
            {
                var cited = await Find(context, by, ResolutionKind.Other, resolution.Value, fresh, ct).ConfigureAwait(false);
                return (
                    new Resolution.Command.Rescind(cited.Adopted, BusinessCalendar.LocalDate(context.Now)),
                    by == resolution ? AppendConditions.None : Still(cited));
            }, ct);

    /// <summary>Lets a resolution cite what a committee recommended on its subject: <c>recommendation-unknown</c>.</summary>
    public async Task<CommandOutcome> Cite(
        CommandContext context, ResolutionId resolution, string committee, string recommendation, CancellationToken ct)
    {
        var file = (await commands.Load<Resolution, Resolution.Command, Resolution.State, Resolution.Event>(
            context.Tenant, resolution.Value, true, ct).ConfigureAwait(false)).State.File;
        var advisors = await commands.Load<AdvisoryCommittee, AdvisoryCommittee.Command, AdvisoryCommittee.State, AdvisoryCommittee.Event>(
            context.Tenant, committee, true, ct).ConfigureAwait(false);

        // A recommendation is never changed, so no condition on the committee's stream is needed.
        var cited = file is null
            ? new CitedRecommendation(committee, recommendation, Advice.Neutral, default) // the decider says that there is no resolution
            : AdvisoryCommittee.For(advisors.State, recommendation, file.Matter.Kind, file.Matter.Subject);
        if (cited is null)
        {
            return new CommandOutcome.Refused(
                new("recommendation-unknown", "The committee made no such recommendation on this resolution's kind and subject."));
        }

        return await commands.Handle<Resolution, Resolution.Command, Resolution.State, Resolution.Event>(
            context, resolution.Value, new Resolution.Command.CiteRecommendation(cited), ct).ConfigureAwait(false);
    }

    private Task<ResolutionEvidence> Find(
        CommandContext context, ResolutionId resolution, ResolutionKind kind, string subject, bool fresh, CancellationToken ct) =>
        resolutions.Find(context.Tenant, resolution, kind, subject, fresh, ct);

    private static AppendConditions Still(ResolutionEvidence evidence) => new() { Unchanged = [evidence.ReadAt] };
}
