using SSC.Purchasing.InsurancePool.Rules;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.InsurancePool.Years;

/// <content>What is known of a pool year, and how events change it.</content>
public sealed partial class PoolYear
{
    /// <summary>A pool year.</summary>
    public sealed record State(YearPhase Phase)
    {
        /// <summary>What it was drafted with.</summary>
        public YearTerms? Terms { get; init; }

        /// <summary>The census by member.</summary>
        public StructuralMap<MemberNo, CensusEntry> Census { get; init; }

        /// <summary>Contracts by member as they were locked, offered or last moved: what a later change is measured from.</summary>
        public StructuralMap<MemberNo, int> Quoted { get; init; }

        /// <summary>Contracts that a change of a member's census is measured from.</summary>
        internal int QuotedOn(MemberNo member) =>
            Quoted.TryGetValue(member, out var quoted) ? quoted : Census[member].Counts.Total();

        /// <summary>The census stands.</summary>
        public bool CensusLocked { get; init; }

        /// <summary>Proposals of rates so far.</summary>
        public int Round { get; init; }

        /// <summary>Rejections by the board so far.</summary>
        public int Rejections { get; init; }

        /// <summary>The current rates are carried on.</summary>
        public bool Held { get; init; }

        /// <summary>The board's meeting was moved once.</summary>
        public DateOnly? RescheduledTo { get; init; }

        /// <summary>The advisory committee's word on this round.</summary>
        public bool? Recommended { get; init; }

        /// <summary>Rates by member.</summary>
        public StructuralMap<MemberNo, MemberRate> Rates { get; init; }

        /// <summary>The resolution that adopted them.</summary>
        public ResolutionCited? Adopted { get; init; }

        /// <summary>Last day to answer an offer.</summary>
        public DateOnly? Deadline { get; init; }

        /// <summary>The attestation.</summary>
        public OpaqueRef? Attestation { get; init; }

        /// <summary>It was missing on its day.</summary>
        public bool AttestationAlarmed { get; init; }

        /// <summary>The stop-loss.</summary>
        public StopLossCover? Cover { get; init; }

        /// <summary>It was missing on its day.</summary>
        public bool StopLossAlarmed { get; init; }

        /// <summary>By how much it became dearer after binding.</summary>
        public StructuralList<Money> Repricings { get; init; }

        /// <summary>Changes of the cover told to Commerce.</summary>
        public StructuralList<Event.StopLossChanged> CoverChanges { get; init; }

        /// <summary>The last participation test.</summary>
        public ParticipationResult? Test { get; init; }

        /// <summary>Where the offers stood then.</summary>
        public StructuralList<OfferStanding> Offers { get; init; }

        /// <summary>Tests so far in this offering.</summary>
        public int Tests { get; init; }

        /// <summary>Tests that failed in this offering; the first one extends it.</summary>
        public int Failures { get; init; }

        /// <summary>The board let the failed test pass.</summary>
        public bool Overridden { get; init; }

        /// <summary>Members bound.</summary>
        public StructuralList<MemberNo> Members { get; init; }

        /// <summary>All contracts of the census.</summary>
        public int Contracts => Census.Values.Sum(c => c.Counts.Total());

        /// <summary>True when the test passed or the board let it pass.</summary>
        public bool MayBind => Test is { Passed: true } || (Test is not null && Overridden);
    }

    /// <inheritdoc/>
    public static State Evolve(State state, Event fact) => fact switch
    {
        Event.Drafted e => new(YearPhase.Draft) { Terms = e.Terms },
        Event.CensusOpened => state with { Phase = YearPhase.CensusOpen },
        Event.CensusReported e => state with { Census = state.Census.Set(e.Member, new(e.Counts, false)) },
        Event.CensusDefaulted e => state with { Census = state.Census.Set(e.Member, new(e.Counts, true)) },
        Event.CensusMoved e => state with
        {
            Census = state.Census.Set(e.Member, new(e.Counts, false)), Quoted = state.Quoted.Set(e.Member, e.Counts.Total()),
        },
        Event.CensusLocked => state with { CensusLocked = true, Quoted = Counted(state) },
        Event.RatesProposed e => state with
        {
            Phase = YearPhase.Rated, Round = e.Round, Held = e.Held, Recommended = null, Rates = default,
        },
        Event.MemberRated e => state with { Rates = state.Rates.Set(e.Rate.Input.Member, e.Rate) },
        Event.RatesReviewed e => state with { Recommended = e.Recommended },
        Event.RatesRejected => state with { Rejections = state.Rejections + 1, Phase = YearPhase.CensusOpen },
        Event.AdoptionRescheduled e => state with { RescheduledTo = e.To },
        Event.RatesAdopted e => state with { Phase = YearPhase.Adopted, Adopted = e.Resolution },
        Event.OfferingStarted e => state with { Phase = YearPhase.Offering, Deadline = e.Deadline, Quoted = Counted(state) },
        Event.OfferingExtended e => state with { Deadline = e.Deadline },
        Event.AttestationFiled e => state with { Attestation = e.Attestation },
        Event.AttestationOverdue => state with { AttestationAlarmed = true },
        Event.StopLossBound e => state with { Cover = e.Cover },
        Event.StopLossOverdue => state with { StopLossAlarmed = true },
        Event.StopLossRepriced e => state with { Repricings = state.Repricings.Add(e.Increase) },
        Event.StopLossChanged e => state with { CoverChanges = state.CoverChanges.Add(e) },
        Event.ParticipationTested e => state with
        {
            Test = e.Result, Offers = e.Offers, Tests = e.Attempt, Failures = state.Failures + (e.Result.Passed ? 0 : 1),
        },
        Event.TestOverridden => state with { Overridden = true },
        Event.ReRated => state with
        {
            Phase = YearPhase.CensusOpen, Test = null, Tests = 0, Failures = 0, Offers = [], Overridden = false, Adopted = null,
            Deadline = null, Rejections = 0,
        },
        Event.YearBound e => state with { Phase = YearPhase.Bound, Members = e.Members },
        Event.YearActivated => state with { Phase = YearPhase.Active },
        Event.YearRunOutStarted => state with { Phase = YearPhase.RunOut },
        Event.YearClosed => state with { Phase = YearPhase.Closed },
        Event.YearAbandoned => state with { Phase = YearPhase.Abandoned },
        _ => throw new System.Diagnostics.UnreachableException($"{fact} cannot follow {state}"),
    };

    private static StructuralMap<MemberNo, int> Counted(State state) =>
        state.Census.ToStructuralMap(c => c.Key, c => c.Value.Counts.Total());
}
