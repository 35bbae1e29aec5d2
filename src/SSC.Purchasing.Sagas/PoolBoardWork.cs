using SSC.Purchasing.InsurancePool.Distributions;
using SSC.Purchasing.InsurancePool.Enrollment;
using SSC.Purchasing.InsurancePool.Offers;
using SSC.Purchasing.InsurancePool.Participations;
using SSC.Purchasing.InsurancePool.Pools;
using SSC.Purchasing.InsurancePool.Rules;
using SSC.Purchasing.InsurancePool.Years;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;

namespace SSC.Purchasing.Sagas;

/// <summary>
/// Where pools meet the board and membership: commands that only an adopted resolution allows, each with its evidence read here and held by
/// a condition on the resolution's stream, and applications, for which membership says who may join.
/// </summary>
public sealed class PoolBoardWork(PoolStreams pools, PoolDebts debts)
{
    private readonly BoardResolutions board = new(pools.Commands);

    /// <summary>Apply to a pool; membership says whether the member may.</summary>
    public Task<CommandOutcome> Apply(
        CommandContext context, PoolId pool, MemberNo member, ResolutionId? resolution, CancellationToken ct) =>
        Gated<PoolParticipation, PoolParticipation.Command, PoolParticipation.State, PoolParticipation.Event>(
            context, pool, resolution, ResolutionKind.PoolChange, PoolParticipation.Key(pool, member), PoolParticipation.Key(pool, member),
            async adopted =>
            {
                var known = await pools.Pool(context.Tenant, pool, ct).ConfigureAwait(false);
                var today = BusinessCalendar.LocalDate(context.Now);
                var loaded = await pools.Commands.Load<Member, Member.Command, Member.State, Member.Event>(
                    context.Tenant, member.Value, true, ct).ConfigureAwait(false);
                var ineligible = (known.Phase, loaded.State) switch
                {
                    (PoolPhase.Absent, _) => new("pool-unknown", "There is no such pool."),
                    (not PoolPhase.Open, _) => new("pool-not-open", "The pool takes no more joinders."),
                    (_, Member.State.Admitted s) => MemberEligibility.InsurancePool(s.Standing, KindOf(known.Facts!.Population), today),
                    _ => new Refusal("member-unknown", "There is no such member."),
                };
                return new PoolParticipation.Command.Apply(pool, member, today, ineligible, adopted);
            }, ct);

    /// <summary>Sign the joinder under the pool's regime and rules of the day.</summary>
    public async Task<CommandOutcome> SignJoinder(
        CommandContext context, PoolId pool, MemberNo member, DateOnly effectiveOn, CancellationToken ct)
    {
        var known = await pools.Pool(context.Tenant, pool, ct).ConfigureAwait(false);
        if (known.Phase == PoolPhase.Absent) return new CommandOutcome.Refused(new("pool-unknown", "There is no such pool."));
        return await pools.Tell(
            context, pool, member, new PoolParticipation.Command.SignJoinder(
                effectiveOn, known.Regime, known.On(effectiveOn).Values.Withdrawal), ct).ConfigureAwait(false);
    }

    /// <summary>Give notice for the last day before a plan year's first day.</summary>
    public async Task<CommandOutcome> GiveNotice(
        CommandContext context, PoolId pool, MemberNo member, DateOnly exitOn, DateOnly yearEnds, CancellationToken ct)
    {
        var owed = await debts.Owed(context.Tenant, pool, member, ct).ConfigureAwait(false);
        return await pools.Tell(
            context, pool, member, new PoolParticipation.Command.GiveNotice(
                BusinessCalendar.LocalDate(context.Now), exitOn, yearEnds, owed, Cures: true), ct).ConfigureAwait(false);
    }

    /// <summary>A command to a participation that the board decides.</summary>
    public Task<CommandOutcome> Participation(
        CommandContext context, PoolId pool, MemberNo member, ResolutionId? resolution, ResolutionKind kind,
        Func<AdoptedResolution?, PoolParticipation.Command> command, CancellationToken ct) =>
        Gated<PoolParticipation, PoolParticipation.Command, PoolParticipation.State, PoolParticipation.Event>(
            context, pool, resolution, kind, PoolParticipation.Key(pool, member), PoolParticipation.Key(pool, member),
            adopted => Task.FromResult(command(adopted)), ct);

    /// <summary>A command to a pool that the board decides.</summary>
    public Task<CommandOutcome> Pool(
        CommandContext context, PoolId pool, ResolutionId? resolution, Func<AdoptedResolution?, Pool.Command> command,
        CancellationToken ct) =>
        Gated<Pool, Pool.Command, Pool.State, Pool.Event>(
            context, pool, resolution, ResolutionKind.PoolChange, pool.Value, pool.Value, adopted => Task.FromResult(command(adopted)), ct);

    /// <summary>A command to a pool year that the board decides.</summary>
    public Task<CommandOutcome> Year(
        CommandContext context, PoolId pool, int year, ResolutionId? resolution, ResolutionKind kind,
        Func<AdoptedResolution?, PoolYear.Command> command, CancellationToken ct) =>
        Gated<PoolYear, PoolYear.Command, PoolYear.State, PoolYear.Event>(
            context, pool, resolution, kind, PoolYear.Key(pool, year), PoolYear.Key(pool, year),
            adopted => Task.FromResult(command(adopted)), ct);

    /// <summary>A default that the board reverses.</summary>
    public Task<CommandOutcome> ReverseDefault(
        CommandContext context, PoolId pool, int year, MemberNo member, bool renews, ResolutionId? resolution, CancellationToken ct) =>
        Gated<RenewalOffer, RenewalOffer.Command, RenewalOffer.State, RenewalOffer.Event>(
            context, pool, resolution, ResolutionKind.PoolWaiver, RenewalOffer.Key(pool, year, member),
            RenewalOffer.Key(pool, year, member), async adopted =>
            {
                var terms = (await pools.Year(context.Tenant, pool, year, ct).ConfigureAwait(false)).Terms;
                return new RenewalOffer.Command.ReverseDefault(
                    renews, adopted, context.Now, (terms?.Parameters.Renewal ?? new()).ContestDays);
            }, ct);

    /// <summary>A retroactive change that the board lets count.</summary>
    public Task<CommandOutcome> WaiveRetro(
        CommandContext context, PoolId pool, int year, MemberNo member, OpaqueRef reference, ResolutionId? resolution,
        CancellationToken ct) =>
        Gated<EnrollmentLedger, EnrollmentLedger.Command, EnrollmentLedger.State, EnrollmentLedger.Event>(
            context, pool, resolution, ResolutionKind.RetroWaiver, EnrollmentLedger.Key(pool, year, member),
            EnrollmentLedger.Key(pool, year, member),
            adopted => Task.FromResult<EnrollmentLedger.Command>(new EnrollmentLedger.Command.WaiveRetro(reference, adopted)), ct);

    /// <summary>Approve a dividend.</summary>
    public Task<CommandOutcome> ApproveDividend(
        CommandContext context, PoolId pool, string run, ResolutionId? resolution, CancellationToken ct) =>
        Gated<Distribution, Distribution.Command, Distribution.State, Distribution.Event>(
            context, pool, resolution, ResolutionKind.Distribution, Distribution.Key(pool, run), Distribution.Key(pool, run),
            adopted => Task.FromResult<Distribution.Command>(new Distribution.Command.Approve(adopted)), ct);

    /// <summary>Approve an assessment.</summary>
    public Task<CommandOutcome> ApproveAssessment(
        CommandContext context, PoolId pool, string run, ResolutionId? resolution, CancellationToken ct) =>
        Gated<AssessmentRun, AssessmentRun.Command, AssessmentRun.State, AssessmentRun.Event>(
            context, pool, resolution, ResolutionKind.Assessment, AssessmentRun.Key(pool, run), AssessmentRun.Key(pool, run),
            adopted => Task.FromResult<AssessmentRun.Command>(new AssessmentRun.Command.Approve(adopted)), ct);

    private static PoolKind KindOf(PoolPopulation population) =>
        population == PoolPopulation.Schools ? PoolKind.Schools : PoolKind.Ccoga;

    /// <summary>
    /// Reads the resolution for each attempt; evidence of another board, or without effect yet, is refused before the decider sees it. A
    /// rescission between reading and recording makes the command be decided again.
    /// </summary>
    private async Task<CommandOutcome> Gated<TDecider, TCommand, TState, TEvent>(
        CommandContext context, PoolId pool, ResolutionId? resolution, ResolutionKind kind, string subject, string key,
        Func<AdoptedResolution?, Task<TCommand>> command, CancellationToken ct)
        where TDecider : IDecider<TCommand, TState, TEvent>
        where TEvent : notnull
    {
        var cooperative = (await pools.Pool(context.Tenant, pool, ct).ConfigureAwait(false)).Facts?.Cooperative;
        if (resolution is { } cited && cooperative is { } own)
        {
            var found = await board.Find(context.Tenant, cited, kind, subject, true, ct).ConfigureAwait(false);
            if (found.Adopted is not null
                && AdoptedResolution.Flaw(found.Adopted, own, kind, subject, BusinessCalendar.LocalDate(context.Now)) is { } no)
                return new CommandOutcome.Refused(no);
        }

        return await pools.Commands.Handle<TDecider, TCommand, TState, TEvent>(context, key, async fresh =>
        {
            if (resolution is not { } id)
                return (await command(null).ConfigureAwait(false), AppendConditions.None);
            var evidence = await board.Find(context.Tenant, id, kind, subject, fresh, ct).ConfigureAwait(false);
            return (await command(evidence.Adopted).ConfigureAwait(false), new AppendConditions { Unchanged = [evidence.ReadAt] });
        }, ct).ConfigureAwait(false);
    }
}

/// <summary>Everything that is done around pools, over one store.</summary>
public sealed class PoolWork
{
    private PoolWork(PoolStreams streams, IReadModels models)
    {
        var debts = new PoolDebts(streams, models);
        Streams = streams;
        Renewal = new(streams, debts);
        Billing = new(streams);
        StopLoss = new(streams, models);
        Sharing = new(streams);
        Withdrawal = new(streams);
        Board = new(streams, debts);
    }

    /// <summary>Puts the work together.</summary>
    public static PoolWork Over(Commands commands, IReadModels models) => new(new(commands), models);

    /// <summary>The aggregates.</summary>
    public PoolStreams Streams { get; }

    /// <summary>The renewal round.</summary>
    public RenewalRoundWork Renewal { get; }

    /// <summary>The monthly billing.</summary>
    public PoolBillingWork Billing { get; }

    /// <summary>Stop-loss.</summary>
    public StopLossWork StopLoss { get; }

    /// <summary>Dividends and assessments.</summary>
    public DistributionWork Sharing { get; }

    /// <summary>Joining and leaving.</summary>
    public WithdrawalWork Withdrawal { get; }

    /// <summary>What the board decides.</summary>
    public PoolBoardWork Board { get; }
}
