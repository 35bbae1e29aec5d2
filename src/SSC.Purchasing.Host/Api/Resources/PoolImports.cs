using SSC.Purchasing.Exchange.Pool;
using SSC.Purchasing.Exchange.Tabular;
using SSC.Purchasing.InsurancePool.Enrollment;
using SSC.Purchasing.InsurancePool.Experience;
using SSC.Purchasing.InsurancePool.Participations;
using SSC.Purchasing.InsurancePool.Rules;
using SSC.Purchasing.InsurancePool.Years;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Sagas;

namespace SSC.Purchasing.Host.Api.Resources;

/// <summary>What became of a pool's file: a refusal, a report with faults, or what was recorded.</summary>
internal sealed record PoolImported(Refusal? No, ImportReport? Report, bool Recorded, CommandOutcome? Last);

/// <summary>
/// Imports of pools' files, shared by HTTP and the command line. Every row is decided before any is recorded: what the pool refuses is
/// named by row like what cannot be read, and nothing is half imported. A file counts once, by its hash.
/// </summary>
internal static class PoolImports
{
    public static async Task<IResult> Answer(ApiRequest r, Task<PoolImported> import)
    {
        var done = await import;
        if (done.No is { } no) return Api.Answer.Problem(Problem.Refused(no));
        if (done.Report!.Faults.Count > 0 && !r.Flag("dryRun")) return Api.Answer.Problem(Imports.Problem(done.Report));
        var answer = new PoolFileAnswer(done.Recorded, done.Report);
        return done.Last is null ? Api.Answer.View(answer) : Api.Answer.Of(done.Last).With(answer);
    }

    public static async Task<PoolImported> Census(
        ApiServices services, CommandContext context, PoolId pool, int year, Stream file, bool dryRun, CancellationToken ct) =>
        await PoolFiles.Census(file, ct) switch
        {
            PoolFileOutcome<CensusFile>.Refused no => new(no.Refusal, null, false, null),
            PoolFileOutcome<CensusFile>.Faulty bad => new(null, bad.Report, false, null),
            PoolFileOutcome<CensusFile>.Read read => await Record(
                services, context, read.Report, dryRun,
                read.File.Counts.Select(c => Row<PoolYear, PoolYear.Command, PoolYear.State, PoolYear.Event>(
                    services, read.Report.HeaderRow, PoolYear.Key(pool, year),
                    new PoolYear.Command.ReportCensus(c.Key, c.Value) { Source = new(read.Report.SourceHash) }, c.Key.Value)), ct),
            _ => throw new InvalidOperationException("An import has no other outcome."),
        };

    public static async Task<PoolImported> Enrollment(
        ApiServices services, CommandContext context, PoolId pool, int year, Stream file, bool dryRun, CancellationToken ct) =>
        await PoolFiles.Enrollment(file, ct) switch
        {
            PoolFileOutcome<EnrollmentFile>.Refused no => new(no.Refusal, null, false, null),
            PoolFileOutcome<EnrollmentFile>.Faulty bad => new(null, bad.Report, false, null),
            PoolFileOutcome<EnrollmentFile>.Read read => await Record(
                services, context, read.Report, dryRun,
                read.File.Rows.Select(c => Row<EnrollmentLedger, EnrollmentLedger.Command, EnrollmentLedger.State, EnrollmentLedger.Event>(
                    services, c.Row, EnrollmentLedger.Key(pool, year, c.Member),
                    c.Command with { Source = new(read.Report.SourceHash) }, $"{c.Member}-{c.Command.Reference}")), ct),
            _ => throw new InvalidOperationException("An import has no other outcome."),
        };

    public static async Task<PoolImported> Experience(
        ApiServices services, CommandContext context, PoolId pool, Stream file, bool dryRun, CancellationToken ct)
    {
        switch (await PoolFiles.Experience(file, ct))
        {
            case PoolFileOutcome<ExperienceFile>.Refused no:
                return new(no.Refusal, null, false, null);
            case PoolFileOutcome<ExperienceFile>.Faulty bad:
                return new(null, bad.Report, false, null);
            case PoolFileOutcome<ExperienceFile>.Read read:
                var streams = new PoolStreams(services.Commands);
                var (today, rows) = (BusinessCalendar.LocalDate(context.Now), new List<ImportRow>());
                foreach (var ledger in read.File.Ledgers)
                {
                    var left = ledger.Member is { } member
                        ? await streams.Participation(services.Tenant, pool, member, ct)
                        : PoolParticipation.Initial;
                    if (ledger.Member is not null && left.Phase == ParticipationPhase.Absent)
                    {
                        var no = new Refusal("not-a-participant", "The member does not take part in this pool.");
                        rows.Add(new(read.Report.HeaderRow, no, ledger.Member.Value.Value));
                        continue;
                    }

                    rows.Add(Row<ExperienceLedger, ExperienceLedger.Command, ExperienceLedger.State, ExperienceLedger.Event>(
                        services, read.Report.HeaderRow, ExperienceLedger.Key(pool, ledger.Member),
                        new ExperienceLedger.Command.Import(
                            pool, ledger.Member, new(read.Report.SourceHash), ledger.Months, today, left.RunOutEnds),
                        ledger.Member?.Value ?? "pool"));
                }

                return await Record(services, context, read.Report, dryRun, rows, ct);
            default:
                throw new InvalidOperationException("An import has no other outcome.");
        }
    }

    private static ImportRow Row<TDecider, TCommand, TState, TEvent>(
        ApiServices services, int row, string key, TCommand command, string part)
        where TDecider : IDecider<TCommand, TState, TEvent>
        where TEvent : notnull => new(row, null, part)
        {
            Stream = $"{TDecider.Category}-{key}",
            Try = async (state, ct) =>
            {
                var known = state is TState earlier
                    ? earlier
                    : (await services.Commands.Load<TDecider, TCommand, TState, TEvent>(services.Tenant, key, true, ct)).State;
                return TDecider.Decide(command, known) switch
                {
                    Decision<TEvent>.Refused no => (no.Refusal, known),
                    Decision<TEvent>.Accepted yes => (null, yes.Events.Aggregate(known, TDecider.Evolve)),
                    _ => throw new InvalidOperationException("A decision is accepted or refused."),
                };
            },
            Execute = (context, ct) => services.Commands.Handle<TDecider, TCommand, TState, TEvent>(context, key, command, ct),
        };

    private static async Task<PoolImported> Record(
        ApiServices services, CommandContext context, ImportReport report, bool dryRun, IEnumerable<ImportRow> rows, CancellationToken ct)
    {
        var (all, states, faults) = (rows.ToList(), new Dictionary<string, object?>(StringComparer.Ordinal), new List<RowFault>());
        foreach (var row in all)
        {
            var no = row.No;
            if (no is null) (no, states[row.Stream]) = await row.Try(states.GetValueOrDefault(row.Stream), ct);
            if (no is not null) faults.Add(new(row.Number, null, no.Code, $"{row.Part}: {no.Reason}"));
        }

        report = report with { Faults = faults };
        if (dryRun || faults.Count > 0) return new(null, report, false, null);
        CommandOutcome? last = null;
        foreach (var row in all)
        {
            last = await row.Execute(context.Part(row.Part), ct);
            if (last is not CommandOutcome.Done) return new((last as CommandOutcome.Refused)?.Refusal, report, false, last);
        }

        return new(null, report, true, last);
    }

    /// <summary>One command of a file: tried first, executed when everything is sound.</summary>
    private sealed record ImportRow(int Number, Refusal? No, string Part)
    {
        public string Stream { get; init; } = string.Empty;

        public Func<object?, CancellationToken, Task<(Refusal? No, object? State)>> Try { get; init; } =
            (state, _) => Task.FromResult<(Refusal?, object?)>((null, state));

        public Func<CommandContext, CancellationToken, Task<CommandOutcome>> Execute { get; init; } =
            (_, _) => throw new InvalidOperationException("A row at fault is not executed.");
    }
}
