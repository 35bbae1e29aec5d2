using SSC.Purchasing.InsurancePool.ReadModels;
using SSC.Purchasing.InsurancePool.Rules;
using SSC.Purchasing.InsurancePool.StopLoss;
using SSC.Purchasing.InsurancePool.Years;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Sagas;

/// <summary>Does what <see cref="StopLossSaga"/> asks for.</summary>
public sealed class StopLossWork(PoolStreams pools, IReadModels models)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Executes a command on stop-loss.</summary>
    public Task<CommandOutcome> Execute(CommandContext context, StopLossCommand command, CancellationToken ct) => command switch
    {
        TestPoolAggregate c => Test(context, c, ct),
        FileStopLoss c => File(context, c, ct),
        ChaseStopLoss c => pools.Tell(context, c.Pool, c.Case, new StopLossCase.Command.Chase(c.Number), ct),
        RemindOfAppeal c => pools.Tell(
            context, c.Pool, c.Case,
            new StopLossCase.Command.RemindOfAppeal(c.AppealBy, BusinessCalendar.LocalDate(context.Now)), ct),
        _ => throw new ArgumentException($"{command.GetType().Name} is no command on stop-loss.", nameof(command)),
    };

    /// <summary>A year's aggregate: the pool's experience of its months, less what was recovered for single cases.</summary>
    private async Task<CommandOutcome> Test(CommandContext context, TestPoolAggregate c, CancellationToken ct)
    {
        var year = await pools.Year(context.Tenant, c.Pool, c.Year, ct).ConfigureAwait(false);
        if (year.Cover is not { } cover || year.Terms is not { } terms) return PoolStreams.NothingDone(c.Pool);
        var (first, last) = (CoverageMonth.Of(terms.StartsOn), CoverageMonth.Of(terms.EndsOn));
        var months = (await pools.Experience(context.Tenant, c.Pool, null, ct).ConfigureAwait(false)).Months.Values
            .Where(m => m.Month >= first && m.Month <= last).ToList();
        if (months.Count == 0) return PoolStreams.NothingDone(c.Pool);
        var position = AggregatePosition.Of(
            cover.ExpectedPepm, cover.AggregateFactor, months.Sum(m => m.ContractMonths), months.Select(m => m.Paid).Sum(),
            await Specific(context.Tenant, c, ct).ConfigureAwait(false));
        var reference = StopLossCase.AggregateOf(c.Year);
        return await pools.Tell(
            context, c.Pool, reference, new StopLossCase.Command.TestAggregate(
                c.Pool, c.Year, reference, position, BusinessCalendar.LocalDate(context.Now)), ct).ConfigureAwait(false);
    }

    private async Task<Money> Specific(string tenant, TestPoolAggregate c, CancellationToken ct)
    {
        var head = await pools.Commands.Store.Head(ct).ConfigureAwait(false);
        if (!await models.WaitFor(PoolModels.Cases, head.Position, Patience, ct).ConfigureAwait(false))
            throw new TimeoutException($"The read model {PoolModels.Cases.Name} has not reached position {head.Position}.");
        var rows = await models.List(
            PoolModels.Cases, tenant, new RowQuery
            {
                Where = new Dictionary<string, string>(StringComparer.Ordinal) { ["year_key"] = PoolYear.Key(c.Pool, c.Year) },
                Limit = 10_000,
            }, ct).ConfigureAwait(false);
        return rows.Where(r => r.Row.Kind == StopLossKind.Specific).SelectMany(r => r.Row.Received.Values).Sum();
    }

    private async Task<CommandOutcome> File(CommandContext context, FileStopLoss c, CancellationToken ct)
    {
        var known = await pools.Case(context.Tenant, c.Pool, c.Case, ct).ConfigureAwait(false);
        if (known.Recoverable <= known.Filed) return PoolStreams.NothingDone(c.Pool);
        var rules = await RulesOf(context.Tenant, c.Pool, known, ct).ConfigureAwait(false);
        return await pools.Tell(
            context, c.Pool, c.Case, new StopLossCase.Command.File(BusinessCalendar.LocalDate(context.Now), rules.ChaseDays), ct)
            .ConfigureAwait(false);
    }

    /// <summary>A command to a case, by the rules of its pool year.</summary>
    public async Task<CommandOutcome> ByRules(
        CommandContext context, PoolId pool, OpaqueRef reference, Func<StopLossRules, StopLossCase.Command> command, CancellationToken ct)
    {
        var known = await pools.Case(context.Tenant, pool, reference, ct).ConfigureAwait(false);
        var rules = await RulesOf(context.Tenant, pool, known, ct).ConfigureAwait(false);
        return await pools.Tell(context, pool, reference, command(rules), ct).ConfigureAwait(false);
    }

    /// <summary>The stop-loss rules that the case's year was drafted with; the defaults where there is no such year.</summary>
    private async Task<StopLossRules> RulesOf(string tenant, PoolId pool, StopLossCase.State known, CancellationToken ct) =>
        (await pools.Year(tenant, pool, known.Year, ct).ConfigureAwait(false)).Terms?.Parameters.StopLoss ?? new StopLossRules();
}
