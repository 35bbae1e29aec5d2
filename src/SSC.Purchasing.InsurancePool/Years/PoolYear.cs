using System.Diagnostics;
using System.Globalization;
using SSC.Purchasing.InsurancePool.Rules;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.InsurancePool.Years;

/// <summary>
/// A pool's plan year: census, rates, adoption, offering, stop-loss, binding, coverage, run-out. Stream <c>pool-year-{PoolId}:{year}</c>.
/// Nothing is offered before the board adopted the rates, nothing bound without attestation and stop-loss, and no rate changes after.
/// Commands and events are in <c>PoolYear.Language.cs</c>, the state in <c>PoolYear.State.cs</c>.
/// </summary>
public sealed partial class PoolYear : IDecider<PoolYear.Command, PoolYear.State, PoolYear.Event>
{
    private const int SmallPool = 1_000; // employees, below which the retention is bounded: Minn. R. 2785.1300
    private static readonly Money SmallPoolRetention = Money.FromDollars(50_000m); // Minn. R. 2785.1300

    /// <inheritdoc/>
    public static string Category => "pool-year";

    /// <inheritdoc/>
    public static State Initial { get; } = new(YearPhase.Absent);

    /// <summary>The key of a year.</summary>
    public static string Key(PoolId pool, int year) => string.Create(CultureInfo.InvariantCulture, $"{pool}:{year:0000}");

    /// <inheritdoc/>
    public static Decision<Event> Decide(Command command, State state) => (command, state.Phase) switch
    {
        (Command.Draft c, YearPhase.Absent) => c.Terms.Flaw is { } no ? no : new Event.Drafted(c.Terms),
        (_, YearPhase.Absent) => new Refusal("pool-year-unknown", "There is no such pool year; draft it first."),
        (Command.Draft c, _) => c.Terms == state.Terms ? Nothing : new Refusal("pool-year-exists", "This pool year is drafted already."),

        (Command.Abandon, YearPhase.Abandoned) or (Command.Close, YearPhase.Closed) => Nothing,
        (Command.RaiseAttestationAlarm or Command.RaiseStopLossAlarm, YearPhase.Closed or YearPhase.Abandoned) => Nothing,
        (_, YearPhase.Closed or YearPhase.Abandoned) => new Refusal("pool-year-over", "The pool year is over."),

        (Command.OpenCensus, YearPhase.Draft) => new Event.CensusOpened(),
        (Command.OpenCensus, _) => Nothing,
        (Command.ReportCensus c, _) => Report(c, state),
        (Command.LockCensus c, YearPhase.CensusOpen) => state.CensusLocked ? Nothing : Lock(c, state),
        (Command.LockCensus, not YearPhase.Draft) => Nothing,

        (Command.ProposeRates c, _) => Propose(c.Inputs, c.Average, held: false, state),
        (Command.HoldRates c, _) => Propose(c.Inputs, c.Average, held: true, state),
        (Command.RecordAdvice c, YearPhase.Rated) => state.Recommended == c.Recommends ? Nothing
            : new Event.RatesReviewed(state.Round, c.Recommends),
        (Command.RejectRates c, YearPhase.Rated) => c.Round != state.Round
            ? new Refusal("rates-superseded", $"Round {state.Round} is before the board.")
            : new Event.RatesRejected(state.Round, state.Held || state.Rejections >= state.Terms!.Parameters.Renewal.Reproposals),
        (Command.RejectRates c, YearPhase.CensusOpen) when c.Round == state.Round && state.Rejections > 0 => Nothing,
        (Command.RescheduleAdoption c, YearPhase.Rated) => state.RescheduledTo is { } moved
            ? moved == c.To ? Nothing : new Refusal("already-rescheduled", "The board's meeting was moved once; decide the rates there.")
            : new Event.AdoptionRescheduled(c.To),
        (Command.AdoptRates c, YearPhase.Adopted) when c.Adopted?.Resolution == state.Adopted?.Resolution => Nothing,
        (Command.AdoptRates c, YearPhase.Rated) => ByResolution(c.Adopted, ResolutionKind.RateAdoption, state)
            ?? new Event.RatesAdopted(state.Round, ResolutionCited.Of(c.Adopted!)),
        (Command.AdoptRates, YearPhase.Draft or YearPhase.CensusOpen) => new Refusal("no-rates-proposed", "There are no rates to adopt."),

        (Command.StartOffering c, YearPhase.Adopted) => new Event.OfferingStarted(c.Deadline, [.. state.Rates.Keys]),
        (Command.StartOffering, YearPhase.Offering) => Nothing,
        (Command.StartOffering, YearPhase.Draft or YearPhase.CensusOpen or YearPhase.Rated) =>
            new Refusal("rates-not-adopted", "Nothing is offered before the board adopted the rates."),

        (Command.FileAttestation c, _) => state.Attestation == c.Attestation ? Nothing
            : c.Attestation.Flaw is { } no ? no : new Event.AttestationFiled(c.Attestation, c.FiledOn),
        (Command.RaiseAttestationAlarm, _) => state.Attestation is not null || state.AttestationAlarmed ? Nothing
            : new Event.AttestationOverdue(state.Terms!.Before(state.Terms.Parameters.Renewal.Attestation)),
        (Command.RaiseStopLossAlarm, _) => state.Cover is not null || state.StopLossAlarmed ? Nothing
            : new Event.StopLossOverdue(state.Terms!.Before(state.Terms.Parameters.Renewal.StopLoss)),
        (Command.BindStopLoss or Command.RepriceStopLoss or Command.ChangeStopLoss, _) => StopLoss(command, state),

        (Command.TestParticipation c, YearPhase.Offering) => Test(c, state),
        (Command.OverrideTest c, YearPhase.Offering) => state.Overridden ? Nothing
            : ByResolution(c.Adopted, ResolutionKind.PoolWaiver, state)
            ?? (state.Test is { Passed: false } && state.Failures > 1
                ? new Event.TestOverridden(ResolutionCited.Of(c.Adopted!))
                : (Decision<Event>)new Refusal("participation-not-failed", "The test has not failed twice; there is nothing to override.")),
        (Command.ReRate, YearPhase.Offering) => new Event.ReRated(),
        (Command.ReRate, YearPhase.CensusOpen) => Nothing,

        (Command.Bind, YearPhase.Offering) => Bind(state),
        (Command.Bind, YearPhase.Bound or YearPhase.Active or YearPhase.RunOut) => Nothing,
        (Command.Activate c, YearPhase.Bound) => c.Today < state.Terms!.StartsOn ? TooEarly : new Event.YearActivated(),
        (Command.StartRunOut c, YearPhase.Active) => c.Today <= state.Terms!.EndsOn ? TooEarly
            : new Event.YearRunOutStarted(state.Terms.EndsOn.AddDays(state.Terms.Parameters.Withdrawal.RunOutDays)),
        (Command.Close c, YearPhase.RunOut) =>
            c.Today <= state.Terms!.EndsOn.AddDays(state.Terms.Parameters.Withdrawal.RunOutDays) ? TooEarly : new Event.YearClosed(),
        (Command.Activate, YearPhase.Active or YearPhase.RunOut) or (Command.StartRunOut, YearPhase.RunOut) => Nothing,
        (Command.Abandon c, not (YearPhase.Bound or YearPhase.Active or YearPhase.RunOut)) => new Event.YearAbandoned(c.Reason),
        _ => new Refusal("pool-year-phase", $"This cannot be done while the pool year is {state.Phase}."),
    };

    private static readonly Decision<Event> Nothing = new Decision<Event>.Accepted();

    private static readonly Refusal TooEarly = new("too-early", "It is not time for this yet.");

    private static Decision<Event>? ByResolution(AdoptedResolution? adopted, ResolutionKind matter, State state) =>
        ResolutionCited.Flaw(adopted, matter, state.Terms!.Key) is { } no ? (Decision<Event>)no : null;

    private static Decision<Event> Report(Command.ReportCensus c, State state)
    {
        if (state.Phase == YearPhase.Draft) return new Refusal("census-not-open", "The census is not open yet.");
        if (state.Phase is YearPhase.Bound or YearPhase.Active or YearPhase.RunOut)
            return new Refusal("pool-year-phase", "The year is bound; report changes to the enrollment ledger.");
        if (!state.Terms!.Members.Contains(c.Member))
            return new Refusal("not-a-participant", "The member does not take part in this pool year.");
        if ((Counts.Flaw(c.Counts, state.Terms.Plans) ?? c.Source?.Flaw) is { } no) return no;
        var counts = Counts.InOrder(c.Counts);
        var known = state.Census.GetValueOrDefault(c.Member);
        if (known is { Defaulted: false } && known.Counts == counts) return Nothing;
        if (!state.CensusLocked || known is null) return new Event.CensusReported(c.Member, counts, c.Source);
        // Small steps add up: the change is measured from what was locked or last quoted, not from the last report.
        var (before, after) = (state.QuotedOn(c.Member), counts.Total());
        var drift = DriftOf(before, after);
        return drift > state.Terms.Parameters.Rating.CensusDrift
            ? new Event.CensusMoved(c.Member, counts, before, after, drift, c.Source)
            : new Event.CensusReported(c.Member, counts, c.Source);
    }

    /// <summary>How far a census moved, as a part of what it was; all of it when there was nothing.</summary>
    internal static Factor DriftOf(int before, int after) =>
        before == 0 ? after == 0 ? Factor.Zero : Factor.One : Factor.Of(Math.Abs(after - before) / (decimal)before, 4);

    private static Decision<Event> Lock(Command.LockCensus c, State state)
    {
        var missing = state.Terms!.Members.Where(m => !state.Census.ContainsKey(m)).ToHashSet();
        foreach (var each in c.Defaults)
        {
            if (!missing.Contains(each.Member)) continue;
            if (Counts.Flaw(each.Counts, state.Terms.Plans) is { } no) return no;
        }

        var defaults = c.Defaults.Where(d => missing.Contains(d.Member)).DistinctBy(d => d.Member).ToList();
        var members = state.Census.Count + defaults.Count;
        if (members == 0) return new Refusal("census-empty", "Nobody has reported and no ledger is there; the year cannot be rated.");
        return new Decision<Event>.Accepted(
        [
            .. defaults.Select(d => new Event.CensusDefaulted(d.Member, Counts.InOrder(d.Counts))),
            new Event.CensusLocked(members, state.Contracts + defaults.Sum(d => d.Counts.Total())),
        ]);
    }

    private static Decision<Event> Propose(StructuralList<RateInput> inputs, Factor average, bool held, State state)
    {
        var terms = state.Terms!;
        if (state.Phase is not (YearPhase.CensusOpen or YearPhase.Rated) || !state.CensusLocked)
            return new Refusal("census-not-locked", "Rates are made of a locked census, before they are adopted.");
        var exhausted = state.Rejections > terms.Parameters.Renewal.Reproposals;
        if (exhausted && (!held || state.Held))
            return new Refusal(
                "proposals-exhausted", "The board rejected the rates too often; hold the current rates, or abandon the year.");
        if (held && !exhausted) return new Refusal("proposals-left", "Rates may still be proposed; hold them after the last rejection.");
        if (average < Factor.Of(-0.5m) || average > Factor.One)
            return new Refusal("rate-input-invalid", "The pool's average change is from -50 % to 100 %.");
        if (inputs.Select(RateCalculation.Flaw).FirstOrDefault(f => f is not null) is { } no) return no;
        if (!inputs.Select(i => i.Member).Order().SequenceEqual(state.Census.Keys))
            return new Refusal("rates-incomplete", "Give inputs for each member of the census, once.");
        var rules = terms.Parameters.Rating;
        var rates = inputs.OrderBy(i => i.Member).Select(i => i with { Contracts = state.Census[i.Member].Counts.Total() })
            .Select(i => held ? RateCalculation.Held(i, rules, average) : RateCalculation.Of(i, rules, average)).ToStructuralList();
        return state.Phase == YearPhase.Rated && rates.SequenceEqual(state.Rates.Values) && held == state.Held
            ? Nothing
            : new Decision<Event>.Accepted(
            [
                new Event.RatesProposed(state.Round + 1, average, rules, held),
                .. rates.Select(r => new Event.MemberRated(state.Round + 1, r, RateCalculation.CurrentRuleVersion)),
            ]);
    }

    private static Decision<Event> StopLoss(Command command, State state)
    {
        switch (command)
        {
            case Command.BindStopLoss c when c.Cover == state.Cover: return Nothing;
            case Command.BindStopLoss { Cover: var cover }:
                if (cover.Contract.Flaw is { } no) return no;
                if (cover.Specific <= Money.Zero || cover.ExpectedPepm.Micros <= 0 || cover.AggregateFactor < Factor.One
                    || cover.AggregateFactor > Factor.Of(2m))
                    return new Refusal("stop-loss-invalid", "The specific amount and expected claims are above zero, the factor 1 to 2.");
                return state.Contracts < SmallPool && cover.Specific > SmallPoolRetention
                    ? new Refusal(
                        "retention-too-high", $"Below {SmallPool} employees the pool bears at most {SmallPoolRetention} of a case.")
                    : new Event.StopLossBound(cover);
            case Command.RepriceStopLoss c when state.Phase is YearPhase.Bound or YearPhase.Active:
                return c.Increase <= Money.Zero ? new Refusal("amount-invalid", "Give the increase, above zero.")
                    : state.Repricings.Contains(c.Increase) ? Nothing : new Event.StopLossRepriced(c.Increase, c.Answer);
            case Command.RepriceStopLoss: return new Refusal("year-not-bound", "Before binding, bind the new stop-loss instead.");
            case Command.ChangeStopLoss c when state.Cover is null:
                return new Refusal("stop-loss-missing", "No stop-loss is bound.");
            case Command.ChangeStopLoss c:
                var change = new Event.StopLossChanged(c.Change, c.EffectiveOn, c.CommerceNoticeOn);
                return state.CoverChanges.Contains(change) ? Nothing
                    : c.CommerceNoticeOn >= c.EffectiveOn
                        ? new Refusal("commerce-notice-late", "The Department of Commerce is told before the change takes effect.")
                        : change;
            default: throw new UnreachableException($"{command} is no command on stop-loss.");
        }
    }

    private static Decision<Event> Test(Command.TestParticipation c, State state)
    {
        if (c.Attempt <= state.Tests) return Nothing;
        // What passed is tested again only where the board has changed an outcome since, by reversing a default.
        if (state.MayBind && Outcomes(c.Offers).SequenceEqual(Outcomes(state.Offers))) return Nothing;
        if (c.Offers.Count == 0 || c.Offers.Any(o => o.Outcome == OfferOutcome.Open))
            return new Refusal(
                "participation-undecided", "An offer is still open; test when every one is answered or the rule has spoken.");
        var result = ParticipationResult.Of(c.Offers, state.Terms!.Parameters.Rating);
        var tested = new Event.ParticipationTested(state.Tests + 1, result, c.Offers, ParticipationResult.CurrentRuleVersion);
        return result.Passed || state.Failures > 0
            ? tested
            : new Decision<Event>.Accepted(
                tested, new Event.OfferingExtended(c.Today.AddDays(state.Terms.Parameters.Renewal.ExtensionDays)));
    }

    private static IEnumerable<(MemberNo Member, OfferOutcome Outcome)> Outcomes(StructuralList<OfferStanding> offers) =>
        offers.Select(o => (o.Member, o.Outcome));

    private static Decision<Event> Bind(State state)
    {
        if (!state.MayBind)
            return new Refusal("participation-not-passed", "Too few take part, or nobody has counted; test, or let the board decide.");
        if (state.Attestation is null) return new Refusal("attestation-missing", "File the actuary's attestation first.");
        if (state.Cover is null) return new Refusal("stop-loss-missing", "Bind the stop-loss first.");
        var accepted = state.Offers.Where(o => o.Outcome == OfferOutcome.Accepted).Select(o => o.Member).ToStructuralList();
        return new Event.YearBound(accepted, [.. state.Offers.Select(o => o.Member).Except(accepted)]);
    }
}
