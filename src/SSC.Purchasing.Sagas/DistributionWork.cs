using System.Globalization;
using SSC.Purchasing.InsurancePool.Billing;
using SSC.Purchasing.InsurancePool.Distributions;
using SSC.Purchasing.InsurancePool.Enrollment;
using SSC.Purchasing.InsurancePool.Reserves;
using SSC.Purchasing.InsurancePool.Rules;
using SSC.Purchasing.InsurancePool.Years;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;

namespace SSC.Purchasing.Sagas;

/// <summary>Does what <see cref="DistributionSaga"/> asks for.</summary>
public sealed class DistributionWork(PoolStreams pools)
{
    /// <summary>Executes a command on sharing out.</summary>
    public Task<CommandOutcome> Execute(CommandContext context, SharingCommand command, CancellationToken ct)
    {
        var today = BusinessCalendar.LocalDate(context.Now);
        return command switch
        {
            ProposeDividend c => Propose(context, c, ct),
            AllocateDividend c => Allocate(context, c, today, ct),
            CreditDividends c => Credit(context, c, today, ct),
            AllocateAssessment c => Assess(context, c, today, ct),
            CloseAssessmentAnswers c => pools.Tell(context, c.Pool, c.Run, c.Regime == LiabilityRegime.PremiumOnly
                ? new AssessmentRun.Command.CloseConsents(today)
                : new AssessmentRun.Command.DeclareDefaults(today), ct),
            ChargeReserve c => pools.Tell(context, c.Pool, new RateStabilization.Command.Draw(
                $"{AssessmentRun.Key(c.Pool, c.Run)}:reserve", c.Amount, ReservePurpose.AssessmentShortfall, today), ct),
            _ => throw new ArgumentException($"{command.GetType().Name} is no command on sharing out.", nameof(command)),
        };
    }

    /// <summary>
    /// What each member brought and cost in the plan year that a day lies in: contributions issued, and its experience. Frozen by the event
    /// that is made of it.
    /// </summary>
    public async Task<StructuralList<ContributionBasis>> Bases(string tenant, PoolId pool, DateOnly recordDate, CancellationToken ct)
    {
        var year = await YearOf(tenant, pool, recordDate, ct).ConfigureAwait(false);
        if (year?.Terms is not { } terms) return [];
        var (first, last) = (CoverageMonth.Of(terms.StartsOn), CoverageMonth.Of(terms.EndsOn));
        var bases = new List<ContributionBasis>();
        foreach (var member in year.Members)
        {
            var premium = Money.Zero;
            for (var month = first; month <= last; month = month.AddMonths(1))
            {
                var invoice = await pools.Invoice(tenant, ContributionInvoice.Key(pool, member, month), ct).ConfigureAwait(false);
                if (invoice.Phase is not (ContributionPhase.Absent or ContributionPhase.Draft or ContributionPhase.Credited))
                    premium += invoice.Lines.Where(l => l.Kind != LineKind.Credit).Select(l => l.Amount).Sum();
            }

            var losses = (await pools.Experience(tenant, pool, member, ct).ConfigureAwait(false)).Months.Values
                .Where(m => m.Month >= first && m.Month <= last).Select(m => m.Paid).Sum();
            bases.Add(new(member, premium > Money.Zero ? premium : Money.Zero, losses));
        }

        return [.. bases];
    }

    private async Task<PoolYear.State?> YearOf(string tenant, PoolId pool, DateOnly day, CancellationToken ct)
    {
        foreach (var year in new[] { day.Year, day.Year - 1 })
        {
            var state = await pools.Year(tenant, pool, year, ct).ConfigureAwait(false);
            if (state.Terms is { } terms && day >= terms.StartsOn && day <= terms.EndsOn && state.Members.Count > 0) return state;
        }

        return null;
    }

    private async Task<CommandOutcome> Propose(CommandContext context, ProposeDividend c, CancellationToken ct)
    {
        var valuation = await pools.Valuation(context.Tenant, c.Pool, c.AsOf, ct).ConfigureAwait(false);
        var (surplus, target) = (valuation.Estimate!.Surplus, valuation.Estimate.Target);
        var run = $"D-{c.AsOf:yyyyMMdd}";
        return await pools.Tell(
            context, c.Pool, run, new Distribution.Command.Propose(
                c.Pool, run, surplus - target, c.AsOf, surplus, target, c.AsOf, DistributionMethod.CreditMemo), ct).ConfigureAwait(false);
    }

    private async Task<CommandOutcome> Allocate(CommandContext context, AllocateDividend c, DateOnly today, CancellationToken ct)
    {
        var run = await pools.Dividend(context.Tenant, c.Pool, c.Run, ct).ConfigureAwait(false);
        var date = run.Proposal!.RecordDate;
        var rules = (await pools.Pool(context.Tenant, c.Pool, ct).ConfigureAwait(false)).On(date).Values.Sharing;
        var bases = await Bases(context.Tenant, c.Pool, date, ct).ConfigureAwait(false);
        return await pools.Tell(context, c.Pool, c.Run, new Distribution.Command.Allocate(bases, rules.LossLimit, today), ct)
            .ConfigureAwait(false);
    }

    private async Task<CommandOutcome> Assess(CommandContext context, AllocateAssessment c, DateOnly today, CancellationToken ct)
    {
        var run = await pools.Assessment(context.Tenant, c.Pool, c.Run, ct).ConfigureAwait(false);
        var bases = await Bases(context.Tenant, c.Pool, run.Proposal!.RecordDate, ct).ConfigureAwait(false);
        return await pools.Tell(context, c.Pool, c.Run, new AssessmentRun.Command.Allocate(bases, today), ct).ConfigureAwait(false);
    }

    /// <summary>
    /// A share goes on the next bill of the ledger that is open; where none is, as of a member that left, or where the ledger takes it no
    /// more, it is a line in the member's favor on its invoice.
    /// </summary>
    private async Task<CommandOutcome> Credit(CommandContext context, CreditDividends c, DateOnly today, CancellationToken ct)
    {
        var run = await pools.Dividend(context.Tenant, c.Pool, c.Run, ct).ConfigureAwait(false);
        var outcome = PoolStreams.NothingDone(c.Pool);
        foreach (var share in run.Shares.Where(s => s.Amount != Money.Zero))
        {
            var part = context.Part(share.Member.Value);
            outcome = await OnLedger(part, c.Pool, share, run.Proposal!, today, ct).ConfigureAwait(false);
            if (outcome is CommandOutcome.Refused)
            {
                outcome = await new MemberBillingWork(pools.Commands).Post(
                    part, share.Member, BillingMonth.Of(today), MemberChargesSaga.DividendOf(c.Pool, c.Run, share.Member, share.Amount), ct)
                    .ConfigureAwait(false);
            }

            if (outcome is not CommandOutcome.Done) return outcome;
        }

        return outcome;
    }

    private async Task<CommandOutcome> OnLedger(
        CommandContext part, PoolId pool, MemberShareOut share, Distribution.Event.Proposed proposal, DateOnly today, CancellationToken ct)
    {
        foreach (var year in new[] { today.Year + 1, today.Year, today.Year - 1 })
        {
            var ledger = await pools.Ledger(part.Tenant, pool, year, share.Member, ct).ConfigureAwait(false);
            if (ledger.Phase != LedgerPhase.Open || ledger.FrozenThrough == ledger.LastMonth) continue;
            var digits = proposal.ValuationAsOf.ToString("yyyyMMdd", CultureInfo.InvariantCulture);
            return await pools.Tell(
                part, pool, year, share.Member,
                new EnrollmentLedger.Command.Credit(
                    new(proposal.Corrects is null ? $"DIV-{digits}" : $"DVC-{digits}"), CreditCause.Dividend, -share.Amount), ct)
                .ConfigureAwait(false);
        }

        return new CommandOutcome.Refused(new("ledger-unknown", "No ledger of the member takes a credit."));
    }
}
