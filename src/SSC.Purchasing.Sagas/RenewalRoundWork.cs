using SSC.Purchasing.InsurancePool.Enrollment;
using SSC.Purchasing.InsurancePool.Offers;
using SSC.Purchasing.InsurancePool.Participations;
using SSC.Purchasing.InsurancePool.Reserves;
using SSC.Purchasing.InsurancePool.Rules;
using SSC.Purchasing.InsurancePool.Years;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Sagas;

/// <summary>Does what <see cref="RenewalRoundSaga"/> asks for. Every append has a key made from the command's own.</summary>
public sealed class RenewalRoundWork(PoolStreams pools, PoolDebts debts)
{
    /// <summary>Executes a command of the renewal round.</summary>
    public Task<CommandOutcome> Execute(CommandContext context, RenewalCommand command, CancellationToken ct)
    {
        var today = BusinessCalendar.LocalDate(context.Now);
        return command switch
        {
            OpenPoolCensus c => Year(context, c, new PoolYear.Command.OpenCensus(), ct),
            LockPoolCensus c => LockCensus(context, c.Pool, c.Year, ct),
            HoldPoolRates c => Hold(context, c, ct),
            StartPoolOffering c => StartOffering(context, c, ct),
            IssueOffers c => Issue(context, c, ct),
            RequoteOffer c => Requote(context, c, ct),
            RemindOffers c => EachOffer(context, c, OfferPhase.Issued, _ => new RenewalOffer.Command.Remind(c.Number), ct),
            ExtendOffers c => EachOffer(context, c, null, _ => new RenewalOffer.Command.ExtendDeadline(c.Deadline), ct),
            ApplyOfferDefaults c => ApplyDefaults(context, c, ct),
            NoteDecline c => Leave(context, c, ct),
            RescindDecline c => Stay(context, c, ct),
            TestPoolParticipation c => Test(context, c, ct),
            BindPoolYear c => Year(context, c, new PoolYear.Command.Bind(), ct),
            ApplyBinding c => Bind(context, c, ct),
            VoidOffers c => EachOffer(context, c, null, _ => new RenewalOffer.Command.Void(c.Reason), ct),
            AlarmPoolAttestation c => Year(context, c, new PoolYear.Command.RaiseAttestationAlarm(), ct),
            AlarmPoolStopLoss c => Year(context, c, new PoolYear.Command.RaiseStopLossAlarm(), ct),
            AbsorbRepricing c => pools.Tell(context, c.Pool, new RateStabilization.Command.Draw(
                $"{PoolYear.Key(c.Pool, c.Year)}:repricing-{c.Increase.Cents}", c.Increase, ReservePurpose.StopLossRepriced, today), ct),
            ActivatePoolYear c => Year(context, c, new PoolYear.Command.Activate(today), ct),
            StartPoolRunOut c => Year(context, c, new PoolYear.Command.StartRunOut(today), ct),
            ClosePoolYear c => Year(context, c, new PoolYear.Command.Close(today), ct),
            AbandonPoolYear c => Year(context, c, new PoolYear.Command.Abandon(c.Reason), ct),
            _ => throw new ArgumentException($"{command.GetType().Name} is no command of the renewal round.", nameof(command)),
        };
    }

    /// <summary>What speaks against a member's leaving with the last day before a year.</summary>
    public async Task<StructuralList<NoticeFault>> AgainstLeaving(
        CommandContext context, PoolId pool, int year, MemberNo member, CancellationToken ct)
    {
        var terms = (await pools.Year(context.Tenant, pool, year, ct).ConfigureAwait(false)).Terms;
        var participation = await pools.Participation(context.Tenant, pool, member, ct).ConfigureAwait(false);
        if (terms is null || participation.EffectiveOn is not { } since || participation.Phase == ParticipationPhase.NoticeGiven) return [];
        var exit = terms.StartsOn.AddDays(-1);
        var owed = await debts.Owed(context.Tenant, pool, member, ct).ConfigureAwait(false);
        return Exits.ReasonsAgainst(exit, BusinessCalendar.LocalDate(context.Now), owed, since, exit, participation.Rules);
    }

    /// <summary>Locks the census of a year; who kept silent stands with the counts of its last ledger.</summary>
    public async Task<CommandOutcome> LockCensus(CommandContext context, PoolId pool, int year, CancellationToken ct)
    {
        var state = await pools.Year(context.Tenant, pool, year, ct).ConfigureAwait(false);
        var defaults = new List<CensusDefault>();
        foreach (var member in state.Terms?.Members.Where(m => !state.Census.ContainsKey(m)) ?? [])
        {
            var ledger = await pools.Ledger(context.Tenant, pool, year - 1, member, ct).ConfigureAwait(false);
            if (ledger.Terms is null) continue;
            var now = CoverageMonth.Of(BusinessCalendar.LocalDate(context.Now));
            var month = now < ledger.FirstMonth ? ledger.FirstMonth : now > ledger.LastMonth ? ledger.LastMonth : now;
            defaults.Add(new(member, [.. ledger.CountsIn(month).Where(x => state.Terms!.Plans.Contains(x.Plan))]));
        }

        return await pools.Tell(context, pool, year, new PoolYear.Command.LockCensus([.. defaults]), ct).ConfigureAwait(false);
    }

    private Task<CommandOutcome> Year(CommandContext context, RenewalCommand c, PoolYear.Command command, CancellationToken ct) =>
        pools.Tell(context, c.Pool, c.Year, command, ct);

    private async Task<CommandOutcome> Hold(CommandContext context, HoldPoolRates c, CancellationToken ct)
    {
        var year = await pools.Year(context.Tenant, c.Pool, c.Year, ct).ConfigureAwait(false);
        return await Year(context, c, new PoolYear.Command.HoldRates([.. year.Rates.Values.Select(r => r.Input)], Factor.Zero), ct)
            .ConfigureAwait(false);
    }

    private async Task<CommandOutcome> StartOffering(CommandContext context, StartPoolOffering c, CancellationToken ct)
    {
        var terms = (await pools.Year(context.Tenant, c.Pool, c.Year, ct).ConfigureAwait(false)).Terms!;
        var today = BusinessCalendar.LocalDate(context.Now);
        var planned = terms.Before(terms.Parameters.Renewal.Response);
        // Adopted late: nobody gets less time than a re-quote would give.
        var least = today.AddDays(terms.Parameters.Renewal.RequoteDays);
        return await Year(context, c, new PoolYear.Command.StartOffering(planned > least ? planned : least), ct).ConfigureAwait(false);
    }

    private async Task<CommandOutcome> Issue(CommandContext context, IssueOffers c, CancellationToken ct)
    {
        var year = await pools.Year(context.Tenant, c.Pool, c.Year, ct).ConfigureAwait(false);
        if (year.Phase != YearPhase.Offering) return PoolStreams.NothingDone(c.Pool);
        var today = BusinessCalendar.LocalDate(context.Now);
        return await Each(context, year.Rates.Keys, async (part, member) =>
        {
            var offer = await pools.Offer(context.Tenant, c.Pool, c.Year, member, ct).ConfigureAwait(false);
            return await Quote(part, c, member, (terms, now) => offer.State.Phase == OfferPhase.Absent
                ? new RenewalOffer.Command.Issue(c.Pool, c.Year, member, terms, now.Deadline!.Value)
                : new RenewalOffer.Command.Reissue(terms, today, now.Deadline!.Value.DayNumber - today.DayNumber, ReRated: true), ct)
                .ConfigureAwait(false);
        }, c.Pool).ConfigureAwait(false);
    }

    private async Task<CommandOutcome> Requote(CommandContext context, RequoteOffer c, CancellationToken ct)
    {
        var taken = await pools.Tell(
            context.Part("supersede"), c.Pool, c.Year, c.Member, new RenewalOffer.Command.Supersede(OfferChangeReason.CensusMoved), ct)
            .ConfigureAwait(false);
        if (taken is not CommandOutcome.Done) return taken;
        return await Quote(context.Part("reissue"), c, c.Member, (terms, now) => new RenewalOffer.Command.Reissue(
            terms, BusinessCalendar.LocalDate(context.Now), now.Terms!.Parameters.Renewal.RequoteDays), ct).ConfigureAwait(false);
    }

    /// <summary>An offer on the rate and the census of a year that has not moved when it is recorded: replay reads the same.</summary>
    private Task<CommandOutcome> Quote(
        CommandContext context, RenewalCommand c, MemberNo member, Func<OfferTerms, PoolYear.State, RenewalOffer.Command> command,
        CancellationToken ct) =>
        pools.Commands.Handle<RenewalOffer, RenewalOffer.Command, RenewalOffer.State, RenewalOffer.Event>(
            context, RenewalOffer.Key(c.Pool, c.Year, member), async _ =>
            {
                var (year, version) = await pools.YearAt(context.Tenant, c.Pool, c.Year, ct).ConfigureAwait(false);
                var terms = OfferTerms.Of(year.Rates[member], year.Census[member], year.Terms!.Parameters.Rating);
                return (command(terms, year), new AppendConditions
                {
                    Unchanged = [new($"{PoolYear.Category}-{PoolYear.Key(c.Pool, c.Year)}", version)],
                });
            }, ct);

    private async Task<CommandOutcome> ApplyDefaults(CommandContext context, ApplyOfferDefaults c, CancellationToken ct)
    {
        var year = await pools.Year(context.Tenant, c.Pool, c.Year, ct).ConfigureAwait(false);
        if (year.Phase != YearPhase.Offering) return PoolStreams.NothingDone(c.Pool);
        var (rule, days) = (year.Terms!.Parameters.Rating.NonResponse, year.Terms.Parameters.Renewal.EscalationDays);
        return await Each(context, year.Rates.Keys, async (part, member) =>
        {
            var offer = (await pools.Offer(context.Tenant, c.Pool, c.Year, member, ct).ConfigureAwait(false)).State;
            if (offer.Phase != OfferPhase.Issued || context.Now <= BusinessCalendar.EndOfDay(offer.Deadline))
                return PoolStreams.NothingDone(c.Pool);
            var against = rule == NonResponseRule.TreatAsDecline
                ? await AgainstLeaving(context, c.Pool, c.Year, member, ct).ConfigureAwait(false)
                : [];
            return await pools.Tell(
                part, c.Pool, c.Year, member, new RenewalOffer.Command.ApplyDefault(rule, days, against, context.Now), ct)
                .ConfigureAwait(false);
        }, c.Pool).ConfigureAwait(false);
    }

    /// <summary>The decline is the notice: it was checked when the offer took it.</summary>
    private async Task<CommandOutcome> Leave(CommandContext context, NoteDecline c, CancellationToken ct)
    {
        var terms = (await pools.Year(context.Tenant, c.Pool, c.Year, ct).ConfigureAwait(false)).Terms!;
        var exit = terms.StartsOn.AddDays(-1);
        return await pools.Tell(
            context, c.Pool, c.Member, new PoolParticipation.Command.GiveNotice(
                BusinessCalendar.LocalDate(context.Now), exit, exit, Money.Zero), ct).ConfigureAwait(false);
    }

    /// <summary>Only the notice that the decline was: one for another day is the member's own matter.</summary>
    private async Task<CommandOutcome> Stay(CommandContext context, RescindDecline c, CancellationToken ct)
    {
        var exit = (await pools.Year(context.Tenant, c.Pool, c.Year, ct).ConfigureAwait(false)).Terms!.StartsOn.AddDays(-1);
        var participation = await pools.Participation(context.Tenant, c.Pool, c.Member, ct).ConfigureAwait(false);
        return participation.Phase == ParticipationPhase.NoticeGiven && participation.ExitOn == exit
            ? await pools.Tell(context, c.Pool, c.Member, new PoolParticipation.Command.RescindNotice(), ct).ConfigureAwait(false)
            : PoolStreams.NothingDone(c.Pool);
    }

    private async Task<CommandOutcome> Test(CommandContext context, TestPoolParticipation c, CancellationToken ct)
    {
        var today = BusinessCalendar.LocalDate(context.Now);
        return await pools.Commands.Handle<PoolYear, PoolYear.Command, PoolYear.State, PoolYear.Event>(
            context, PoolYear.Key(c.Pool, c.Year), async _ =>
            {
                var year = await pools.Year(context.Tenant, c.Pool, c.Year, ct).ConfigureAwait(false);
                var standings = new List<OfferStanding>();
                var read = new List<StreamAt>();
                foreach (var member in year.Rates.Keys)
                {
                    var offer = await pools.Offer(context.Tenant, c.Pool, c.Year, member, ct).ConfigureAwait(false);
                    var terms = offer.State.Terms;
                    standings.Add(new(
                        member, terms?.Contracts ?? 0, terms?.Rate ?? Money.Zero, offer.State.Outcome, offer.State.ByDefault,
                        offer.Version));
                    read.Add(new($"{RenewalOffer.Category}-{RenewalOffer.Key(c.Pool, c.Year, member)}", offer.Version));
                }

                return (
                    (PoolYear.Command)new PoolYear.Command.TestParticipation(c.Attempt, [.. standings], today),
                    new AppendConditions { Unchanged = read });
            }, ct).ConfigureAwait(false);
    }

    private async Task<CommandOutcome> Bind(CommandContext context, ApplyBinding c, CancellationToken ct)
    {
        var year = await pools.Year(context.Tenant, c.Pool, c.Year, ct).ConfigureAwait(false);
        var terms = year.Terms!;
        var today = BusinessCalendar.LocalDate(context.Now);
        CommandOutcome? shortage = null;
        var done = await Each(context, year.Members, async (part, member) =>
        {
            // The board set its default aside after the test: it is not bound, and nobody else waits for it.
            var standing = (await pools.Offer(context.Tenant, c.Pool, c.Year, member, ct).ConfigureAwait(false)).State.Phase;
            if (standing is not (OfferPhase.Accepted or OfferPhase.Bound)) return PoolStreams.NothingDone(c.Pool);
            var rate = year.Rates[member];
            var entry = $"{PoolYear.Key(c.Pool, c.Year)}:{member}";
            // A reserve that is too short is told at the end and is the board's matter; the rate is bound all the same.
            if (rate.ReserveDraw != Money.Zero)
            {
                var moved = await pools.Tell(part.Part("reserve"), c.Pool, rate.ReserveDraw > Money.Zero
                    ? new RateStabilization.Command.Draw(entry, rate.ReserveDraw, ReservePurpose.RateBand, today)
                    : new RateStabilization.Command.Deposit(entry, -rate.ReserveDraw, ReservePurpose.RateBand, today), ct)
                    .ConfigureAwait(false);
                if (moved is CommandOutcome.Refused) shortage = moved;
            }

            var bound = await pools.Tell(part.Part("bind"), c.Pool, c.Year, member, new RenewalOffer.Command.Bind(), ct)
                .ConfigureAwait(false);
            if (bound is not CommandOutcome.Done) return bound;
            var offer = (await pools.Offer(context.Tenant, c.Pool, c.Year, member, ct).ConfigureAwait(false)).State.Terms!;
            var ledger = new LedgerTerms(
                c.Pool, c.Year, member, terms.StartsOn, terms.Plans, offer.Tiers.Rates, terms.Parameters.Billing);
            return await pools.Tell(
                part.Part("ledger"), c.Pool, c.Year, member, new EnrollmentLedger.Command.Open(ledger, year.Census[member].Counts), ct)
                .ConfigureAwait(false);
        }, c.Pool).ConfigureAwait(false);
        return done is CommandOutcome.Done ? shortage ?? done : done;
    }

    private async Task<CommandOutcome> EachOffer(
        CommandContext context, RenewalCommand c, OfferPhase? only, Func<MemberNo, RenewalOffer.Command> command, CancellationToken ct)
    {
        var year = await pools.Year(context.Tenant, c.Pool, c.Year, ct).ConfigureAwait(false);
        return await Each(context, year.Rates.Keys, async (part, member) =>
        {
            var offer = (await pools.Offer(context.Tenant, c.Pool, c.Year, member, ct).ConfigureAwait(false)).State;
            return offer.Phase == OfferPhase.Absent || (only is { } phase && offer.Phase != phase)
                ? PoolStreams.NothingDone(c.Pool)
                : await pools.Tell(part, c.Pool, c.Year, member, command(member), ct).ConfigureAwait(false);
        }, c.Pool).ConfigureAwait(false);
    }

    /// <summary>The same for every member, each under a key of its own; the first that is not done ends it.</summary>
    private static async Task<CommandOutcome> Each(
        CommandContext context, IEnumerable<MemberNo> members, Func<CommandContext, MemberNo, Task<CommandOutcome>> act, PoolId pool)
    {
        var outcome = PoolStreams.NothingDone(pool);
        foreach (var member in members.ToList())
        {
            outcome = await act(context.Part(member.Value), member).ConfigureAwait(false);
            if (outcome is not CommandOutcome.Done) return outcome;
        }

        return outcome;
    }
}
