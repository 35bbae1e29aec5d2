using System.Globalization;
using SSC.Purchasing.InsurancePool.Distributions;
using SSC.Purchasing.InsurancePool.Enrollment;
using SSC.Purchasing.InsurancePool.Offers;
using SSC.Purchasing.InsurancePool.Pools;
using SSC.Purchasing.InsurancePool.Reserves;
using SSC.Purchasing.InsurancePool.Rules;
using SSC.Purchasing.InsurancePool.StopLoss;
using SSC.Purchasing.InsurancePool.Years;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.InsurancePool.Checks;

/// <summary>
/// Recomputes every rate, every participation test and how far a census moved: the factors from the inputs that the event names, the
/// contracts from the census as it stood, and the terms of every offer from the rate and the census that it quotes.
/// </summary>
public sealed class RateCheck : IDecisionCheck
{
    /// <inheritdoc/>
    public IReadOnlyCollection<string> EventTypes =>
        ["pool_member_rated", "pool_participation_tested", "pool_census_moved", "renewal_offer_issued", "renewal_offer_reissued"];

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RecomputedDecision>> Recompute(RecordedEvent e, IEventStore store, CancellationToken ct)
    {
        if (e.Fact is RenewalOffer.Event offer) return await Offer(e, offer, store, ct).ConfigureAwait(false);
        var key = e.KeyIn(PoolYear.Category)!;
        var history = await store.ReadStream(e.Tenant, e.Stream, upToVersion: e.Version - 1, ct: ct).ConfigureAwait(false);
        var before = history.Aggregate(PoolYear.Initial, (s, h) => PoolYear.Evolve(s, (PoolYear.Event)h.Fact));
        var proposed = history.Select(h => h.Fact).OfType<PoolYear.Event.RatesProposed>().LastOrDefault();
        return e.Fact switch
        {
            PoolYear.Event.MemberRated f =>
            [
                new("rate", $"{key} {f.Rate.Input.Member}", f.RuleVersion, f.Rate.ToString(), Again(f.Rate, before, proposed!).ToString()),
            ],
            PoolYear.Event.CensusMoved f =>
            [
                new("census-drift", $"{key} {f.Member}", 1, $"{f.Before} {f.After} {f.Drift}", Drifted(f, before)),
            ],
            PoolYear.Event.ParticipationTested f =>
            [
                new(
                    "participation", string.Create(CultureInfo.InvariantCulture, $"{key} test {f.Attempt}"), f.RuleVersion,
                    f.Result.ToString(), ParticipationResult.Of(f.Offers, before.Terms!.Parameters.Rating).ToString()),
            ],
            _ => throw new ArgumentException($"{e.Type} stores no rate.", nameof(e)),
        };
    }

    private static string Drifted(PoolYear.Event.CensusMoved stored, PoolYear.State year)
    {
        var (before, after) = (year.QuotedOn(stored.Member), stored.Counts.Total());
        return $"{before} {after} {PoolYear.DriftOf(before, after)}";
    }

    private static MemberRate Again(MemberRate stored, PoolYear.State year, PoolYear.Event.RatesProposed proposed)
    {
        var counted = stored.Input with { Contracts = year.Census[stored.Input.Member].Counts.Sum(c => c.Contracts) };
        return proposed.Held
            ? RateCalculation.Held(counted, proposed.Rules, proposed.Average)
            : RateCalculation.Of(counted, proposed.Rules, proposed.Average);
    }

    private static async Task<IReadOnlyList<RecomputedDecision>> Offer(
        RecordedEvent e, RenewalOffer.Event offer, IEventStore store, CancellationToken ct)
    {
        var terms = offer switch
        {
            RenewalOffer.Event.Issued f => f.Terms,
            RenewalOffer.Event.Reissued f => f.Terms,
            _ => throw new ArgumentException($"{e.Type} stores no offer.", nameof(e)),
        };
        var year = await YearAt(e, $"{PoolYear.Category}-{PoolYear.Key(offer.Pool, offer.Year)}", e.Position, store, ct)
            .ConfigureAwait(false);
        var again = OfferTerms.Of(year.Rates[offer.Member], year.Census[offer.Member], year.Terms!.Parameters.Rating);
        return [new("tier-rates", e.KeyIn(RenewalOffer.Category)!, RateCalculation.CurrentRuleVersion, terms.ToString(), again.ToString())];
    }

    private static async Task<PoolYear.State> YearAt(
        RecordedEvent e, string stream, long position, IEventStore store, CancellationToken ct)
    {
        var history = await store.ReadStream(e.Tenant, stream, upToPosition: position, ct: ct).ConfigureAwait(false);
        return history.Aggregate(PoolYear.Initial, (s, h) => PoolYear.Evolve(s, (PoolYear.Event)h.Fact));
    }
}

/// <summary>
/// Recomputes every dividend, assessment, re-spread and dissolution from the basis that the event froze, and its hash; and what the reserve
/// is charged with where consent was not given.
/// </summary>
public sealed class SharingCheck : IDecisionCheck
{
    /// <inheritdoc/>
    public IReadOnlyCollection<string> EventTypes =>
    [
        "pool_distribution_allocated", "pool_assessment_allocated", "pool_assessment_respread", "pool_assessment_consents_closed",
        "pool_dissolved",
    ];

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RecomputedDecision>> Recompute(RecordedEvent e, IEventStore store, CancellationToken ct)
    {
        var before = await store.ReadStream(e.Tenant, e.Stream, upToVersion: e.Version - 1, ct: ct).ConfigureAwait(false);
        switch (e.Fact)
        {
            case Distribution.Event.Allocated f:
                var proposal = before.Select(h => h.Fact).OfType<Distribution.Event.Proposed>().Single();
                return
                [
                    Of("dividend", e, f.RuleVersion, f.Shares.ToString(), $"{Distribution.SharesOf(proposal, f.LossLimit, f.Bases)}"),
                    Of("basis", e, f.RuleVersion, f.BasisHash.Value, SharingOut.HashOf(f.Bases).Value),
                ];
            case AssessmentRun.Event.Allocated f:
                var deficit = before.Select(h => h.Fact).OfType<AssessmentRun.Event.Proposed>().Single().Deficit;
                return
                [
                    Of("assessment", e, f.RuleVersion, f.Shares.ToString(), $"{SharingOut.Assessment(deficit, f.Bases)}"),
                    Of("basis", e, f.RuleVersion, f.BasisHash.Value, SharingOut.HashOf(f.Bases).Value),
                ];
            case AssessmentRun.Event.Respread f:
                var state = before.Aggregate(AssessmentRun.Initial, (s, h) => AssessmentRun.Evolve(s, (AssessmentRun.Event)h.Fact));
                var payers = state.Bases.Where(b => state.Shares[b.Member].Standing == ShareStanding.Paid);
                var unpaid = f.Defaulted.Select(m => state.Shares[m].Owed - state.Shares[m].Paid).Sum();
                return [Of("re-spread", e, f.RuleVersion, f.Shares.ToString(), $"{SharingOut.Assessment(unpaid, payers)}")];
            case AssessmentRun.Event.ConsentsClosed f:
                var asked = before.Aggregate(AssessmentRun.Initial, (s, h) => AssessmentRun.Evolve(s, (AssessmentRun.Event)h.Fact));
                var (silent, charged) = AssessmentRun.Unanswered(asked);
                return [Of("reserve-charge", e, 1, $"{f.Silent} {f.ChargedToReserve}", $"{silent} {charged}")];
            case Pool.Event.Dissolved f:
                return [Of("dissolution", e, f.RuleVersion, f.Shares.ToString(), $"{SharingOut.Dissolution(f.Amount, f.Bases)}")];
            default:
                throw new ArgumentException($"{e.Type} shares nothing out.", nameof(e));
        }
    }

    private static RecomputedDecision Of(string kind, RecordedEvent e, int ruleVersion, string stored, string again) =>
        new(kind, e.Stream, ruleVersion, stored, again);
}

/// <summary>Recomputes reserves, stop-loss recoveries, retroactive adjustments and the bills of frozen months.</summary>
public sealed class PoolFiguresCheck : IDecisionCheck
{
    /// <inheritdoc/>
    public IReadOnlyCollection<string> EventTypes =>
    [
        "pool_ibnr_estimated", "stop_loss_aggregate_tested", "stop_loss_threshold_crossed", "pool_counts_adjusted",
        "pool_retro_outside_window", "pool_coverage_ended", "pool_month_frozen",
    ];

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RecomputedDecision>> Recompute(RecordedEvent e, IEventStore store, CancellationToken ct)
    {
        switch (e.Fact)
        {
            case ReserveValuation.Event.Estimated f:
                var months = f.Estimate.Months.Select(m => new PaidMonth(m.Month, m.Paid, m.Completion));
                return [Of("ibnr", e, f.RuleVersion, f.Estimate.ToString(), IbnrEstimate.Of(months, f.Figures, f.Rules).ToString())];
            case StopLossCase.Event.AggregateTested { Position: var p }:
                var again = AggregatePosition.Of(p.ExpectedPepm, p.Factor, p.ContractMonths, p.Claims, p.Specific);
                return [Of("aggregate", e, 1, p.ToString(), again.ToString())];
            case StopLossCase.Event.ThresholdCrossed f:
                return [Of("recoverable", e, 1, f.Recoverable.ToString(), StopLossCase.Recoverable(f.Paid, f.Specific).ToString())];
        }

        var before = (await store.ReadStream(e.Tenant, e.Stream, upToVersion: e.Version - 1, ct: ct).ConfigureAwait(false))
            .Aggregate(EnrollmentLedger.Initial, (s, h) => EnrollmentLedger.Evolve(s, (EnrollmentLedger.Event)h.Fact));
        return e.Fact switch
        {
            EnrollmentLedger.Event.CountsAdjusted f =>
                [Of("adjustment", e, f.RuleVersion, f.Lines.ToString(), Again(f.Lines, f.EffectiveOn, before))],
            EnrollmentLedger.Event.RetroOutsideWindow f =>
                [Of("denied", e, 1, f.Amount.ToString(), f.Lines.Select(l => l.Amount).Sum().ToString())],
            EnrollmentLedger.Event.CoverageEnded f =>
                [Of("coverage-end", e, f.RuleVersion, $"{(f.CountsFrom, f.Lines)}", $"{EnrollmentLedger.EndOf(before, f.LastDay)}")],
            EnrollmentLedger.Event.MonthFrozen f =>
            [
                Of("bill", e, 1, $"{f.Counts} {f.Total}", $"{before.CountsIn(f.Month)} {before.BillOf(f.Month)}"),
            ],
            _ => throw new ArgumentException($"{e.Type} stores no figure.", nameof(e)),
        };
    }

    private static string Again(StructuralList<AdjustmentLine> lines, DateOnly effective, EnrollmentLedger.State ledger) =>
        lines.Select(l => PartialMonths.Line(
            l.Month, new(l.Plan, l.Tier, l.Change), effective, ledger.Terms!.Rules, ledger.RateOf(l.Tier))).ToStructuralList().ToString();

    private static RecomputedDecision Of(string kind, RecordedEvent e, int ruleVersion, string stored, string again) =>
        new(kind, e.Stream, ruleVersion, stored, again);
}
