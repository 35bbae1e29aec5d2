using SSC.Purchasing.InsurancePool.Billing;
using SSC.Purchasing.InsurancePool.Distributions;
using SSC.Purchasing.InsurancePool.Enrollment;
using SSC.Purchasing.InsurancePool.Experience;
using SSC.Purchasing.InsurancePool.Offers;
using SSC.Purchasing.InsurancePool.Participations;
using SSC.Purchasing.InsurancePool.Pools;
using SSC.Purchasing.InsurancePool.Reserves;
using SSC.Purchasing.InsurancePool.Rules;
using SSC.Purchasing.InsurancePool.StopLoss;
using SSC.Purchasing.InsurancePool.Years;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Sagas;

/// <summary>The aggregates of the pools by their keys: what they are now, and a command to one of them.</summary>
public sealed class PoolStreams(Commands commands)
{
    /// <summary>The store and its commands.</summary>
    public Commands Commands => commands;

    /// <summary>A pool.</summary>
    public async Task<Pool.State> Pool(string tenant, PoolId pool, CancellationToken ct) =>
        (await commands.Load<Pool, Pool.Command, Pool.State, Pool.Event>(tenant, pool.Value, true, ct).ConfigureAwait(false)).State;

    /// <summary>A pool's command.</summary>
    public Task<CommandOutcome> Tell(CommandContext context, PoolId pool, Pool.Command command, CancellationToken ct) =>
        commands.Handle<Pool, Pool.Command, Pool.State, Pool.Event>(context, pool.Value, command, ct);

    /// <summary>A participation.</summary>
    public async Task<PoolParticipation.State> Participation(string tenant, PoolId pool, MemberNo member, CancellationToken ct) =>
        (await commands.Load<PoolParticipation, PoolParticipation.Command, PoolParticipation.State, PoolParticipation.Event>(
            tenant, PoolParticipation.Key(pool, member), true, ct).ConfigureAwait(false)).State;

    /// <summary>A participation's command.</summary>
    public Task<CommandOutcome> Tell(
        CommandContext context, PoolId pool, MemberNo member, PoolParticipation.Command command, CancellationToken ct) =>
        commands.Handle<PoolParticipation, PoolParticipation.Command, PoolParticipation.State, PoolParticipation.Event>(
            context, PoolParticipation.Key(pool, member), command, ct);

    /// <summary>A pool year.</summary>
    public async Task<PoolYear.State> Year(string tenant, PoolId pool, int year, CancellationToken ct) =>
        (await YearAt(tenant, pool, year, ct).ConfigureAwait(false)).State;

    /// <summary>A pool year with its version.</summary>
    public Task<Loaded<PoolYear.State>> YearAt(string tenant, PoolId pool, int year, CancellationToken ct) =>
        commands.Load<PoolYear, PoolYear.Command, PoolYear.State, PoolYear.Event>(tenant, PoolYear.Key(pool, year), true, ct);

    /// <summary>A pool year's command.</summary>
    public Task<CommandOutcome> Tell(CommandContext context, PoolId pool, int year, PoolYear.Command command, CancellationToken ct) =>
        commands.Handle<PoolYear, PoolYear.Command, PoolYear.State, PoolYear.Event>(context, PoolYear.Key(pool, year), command, ct);

    /// <summary>An offer with its version.</summary>
    public Task<Loaded<RenewalOffer.State>> Offer(string tenant, PoolId pool, int year, MemberNo member, CancellationToken ct) =>
        commands.Load<RenewalOffer, RenewalOffer.Command, RenewalOffer.State, RenewalOffer.Event>(
            tenant, RenewalOffer.Key(pool, year, member), true, ct);

    /// <summary>An offer's command.</summary>
    public Task<CommandOutcome> Tell(
        CommandContext context, PoolId pool, int year, MemberNo member, RenewalOffer.Command command, CancellationToken ct,
        AppendConditions? conditions = null) =>
        commands.Handle<RenewalOffer, RenewalOffer.Command, RenewalOffer.State, RenewalOffer.Event>(
            context, RenewalOffer.Key(pool, year, member), _ => Task.FromResult((command, conditions ?? AppendConditions.None)), ct);

    /// <summary>A ledger.</summary>
    public async Task<EnrollmentLedger.State> Ledger(string tenant, PoolId pool, int year, MemberNo member, CancellationToken ct) =>
        (await commands.Load<EnrollmentLedger, EnrollmentLedger.Command, EnrollmentLedger.State, EnrollmentLedger.Event>(
            tenant, EnrollmentLedger.Key(pool, year, member), true, ct).ConfigureAwait(false)).State;

    /// <summary>A ledger's command.</summary>
    public Task<CommandOutcome> Tell(
        CommandContext context, PoolId pool, int year, MemberNo member, EnrollmentLedger.Command command, CancellationToken ct) =>
        commands.Handle<EnrollmentLedger, EnrollmentLedger.Command, EnrollmentLedger.State, EnrollmentLedger.Event>(
            context, EnrollmentLedger.Key(pool, year, member), command, ct);

    /// <summary>An invoice.</summary>
    public async Task<ContributionInvoice.State> Invoice(string tenant, string key, CancellationToken ct) =>
        (await commands.Load<ContributionInvoice, ContributionInvoice.Command, ContributionInvoice.State, ContributionInvoice.Event>(
            tenant, key, true, ct).ConfigureAwait(false)).State;

    /// <summary>An invoice's command.</summary>
    public Task<CommandOutcome> Tell(CommandContext context, string key, ContributionInvoice.Command command, CancellationToken ct) =>
        commands.Handle<ContributionInvoice, ContributionInvoice.Command, ContributionInvoice.State, ContributionInvoice.Event>(
            context, key, command, ct);

    /// <summary>Experience.</summary>
    public async Task<ExperienceLedger.State> Experience(string tenant, PoolId pool, MemberNo? member, CancellationToken ct) =>
        (await commands.Load<ExperienceLedger, ExperienceLedger.Command, ExperienceLedger.State, ExperienceLedger.Event>(
            tenant, ExperienceLedger.Key(pool, member), true, ct).ConfigureAwait(false)).State;

    /// <summary>A command to an experience ledger.</summary>
    public Task<CommandOutcome> Tell(
        CommandContext context, PoolId pool, MemberNo? member, ExperienceLedger.Command command, CancellationToken ct) =>
        commands.Handle<ExperienceLedger, ExperienceLedger.Command, ExperienceLedger.State, ExperienceLedger.Event>(
            context, ExperienceLedger.Key(pool, member), command, ct);

    /// <summary>A valuation.</summary>
    public async Task<ReserveValuation.State> Valuation(string tenant, PoolId pool, DateOnly asOf, CancellationToken ct) =>
        (await commands.Load<ReserveValuation, ReserveValuation.Command, ReserveValuation.State, ReserveValuation.Event>(
            tenant, ReserveValuation.Key(pool, asOf), true, ct).ConfigureAwait(false)).State;

    /// <summary>A command to the rate stabilization reserve.</summary>
    public Task<CommandOutcome> Tell(CommandContext context, PoolId pool, RateStabilization.Command command, CancellationToken ct) =>
        commands.Handle<RateStabilization, RateStabilization.Command, RateStabilization.State, RateStabilization.Event>(
            context, pool.Value, command, ct);

    /// <summary>A stop-loss case.</summary>
    public async Task<StopLossCase.State> Case(string tenant, PoolId pool, OpaqueRef reference, CancellationToken ct) =>
        (await commands.Load<StopLossCase, StopLossCase.Command, StopLossCase.State, StopLossCase.Event>(
            tenant, StopLossCase.Key(pool, reference), true, ct).ConfigureAwait(false)).State;

    /// <summary>A case's command.</summary>
    public Task<CommandOutcome> Tell(
        CommandContext context, PoolId pool, OpaqueRef reference, StopLossCase.Command command, CancellationToken ct) =>
        commands.Handle<StopLossCase, StopLossCase.Command, StopLossCase.State, StopLossCase.Event>(
            context, StopLossCase.Key(pool, reference), command, ct);

    /// <summary>A dividend.</summary>
    public async Task<Distribution.State> Dividend(string tenant, PoolId pool, string run, CancellationToken ct) =>
        (await commands.Load<Distribution, Distribution.Command, Distribution.State, Distribution.Event>(
            tenant, Distribution.Key(pool, run), true, ct).ConfigureAwait(false)).State;

    /// <summary>A dividend's command.</summary>
    public Task<CommandOutcome> Tell(CommandContext context, PoolId pool, string run, Distribution.Command command, CancellationToken ct) =>
        commands.Handle<Distribution, Distribution.Command, Distribution.State, Distribution.Event>(
            context, Distribution.Key(pool, run), command, ct);

    /// <summary>An assessment.</summary>
    public async Task<AssessmentRun.State> Assessment(string tenant, PoolId pool, string run, CancellationToken ct) =>
        (await commands.Load<AssessmentRun, AssessmentRun.Command, AssessmentRun.State, AssessmentRun.Event>(
            tenant, AssessmentRun.Key(pool, run), true, ct).ConfigureAwait(false)).State;

    /// <summary>An assessment's command.</summary>
    public Task<CommandOutcome> Tell(
        CommandContext context, PoolId pool, string run, AssessmentRun.Command command, CancellationToken ct) =>
        commands.Handle<AssessmentRun, AssessmentRun.Command, AssessmentRun.State, AssessmentRun.Event>(
            context, AssessmentRun.Key(pool, run), command, ct);

    /// <summary>Nothing was left to do on a pool.</summary>
    internal static CommandOutcome NothingDone(PoolId pool) =>
        new CommandOutcome.Done($"{InsurancePool.Pools.Pool.Category}-{pool}", 0, 0, true);
}
