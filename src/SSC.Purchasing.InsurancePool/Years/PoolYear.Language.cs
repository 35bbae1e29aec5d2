using SSC.Purchasing.InsurancePool.Rules;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.InsurancePool.Years;

/// <content>The commands and events of a pool year.</content>
public sealed partial class PoolYear
{
    /// <summary>
    /// What can be asked of a pool year. Any but <see cref="Draft"/> before it: <c>pool-year-unknown</c>; at another time than its own:
    /// <c>pool-year-phase</c>; after an end: <c>pool-year-over</c>.
    /// </summary>
    public abstract record Command
    {
        private Command()
        {
        }

        /// <summary>Draft it. <c>pool-year-exists</c>, <c>terms-invalid</c>, <c>parameters-unsound</c>.</summary>
        public sealed record Draft(YearTerms Terms) : Command;

        /// <summary>Ask every participant for its counts.</summary>
        public sealed record OpenCensus : Command;

        /// <summary>
        /// A participant's counts. After the lock a change beyond the drift is recorded as a move that asks for a new quote.
        /// <c>not-a-participant</c>, <c>count-out-of-range</c>, <c>cell-repeated</c>, <c>plan-unknown</c>.
        /// </summary>
        public sealed record ReportCensus(MemberNo Member, StructuralList<TierCount> Counts) : Command
        {
            /// <summary>The file it came from, when it came in a file; the same file counts once.</summary>
            public FileHash? Source { get; init; }
        }

        /// <summary>Lock the census; who kept silent stands with these counts of its last ledger. <c>census-empty</c>.</summary>
        public sealed record LockCensus(StructuralList<CensusDefault> Defaults) : Command;

        /// <summary>
        /// Propose rates for every member of the census. <c>rate-input-invalid</c>, <c>rates-incomplete</c>, <c>proposals-exhausted</c>.
        /// </summary>
        public sealed record ProposeRates(StructuralList<RateInput> Inputs, Factor Average) : Command;

        /// <summary>After the last rejection: carry the current rates on with trend.</summary>
        public sealed record HoldRates(StructuralList<RateInput> Inputs, Factor Average) : Command;

        /// <summary>What the advisory committee thinks; it recommends and never binds.</summary>
        public sealed record RecordAdvice(bool Recommends) : Command;

        /// <summary>The board did not adopt the rates.</summary>
        public sealed record RejectRates(int Round) : Command;

        /// <summary>The board had no quorum: adoption moves to a day, once. <c>already-rescheduled</c>.</summary>
        public sealed record RescheduleAdoption(DateOnly To) : Command;

        /// <summary>The board adopted the proposed rates. <c>resolution-missing</c>, <c>no-rates-proposed</c>.</summary>
        public sealed record AdoptRates(AdoptedResolution? Adopted) : Command;

        /// <summary>Offers go out. <c>rates-not-adopted</c>.</summary>
        public sealed record StartOffering(DateOnly Deadline) : Command;

        /// <summary>The actuary's attestation was filed with the Department of Commerce.</summary>
        public sealed record FileAttestation(OpaqueRef Attestation, DateOnly FiledOn) : Command;

        /// <summary>The attestation is not filed on its day.</summary>
        public sealed record RaiseAttestationAlarm : Command;

        /// <summary>
        /// Stop-loss is bound. <c>retention-too-high</c> above $50,000 below 1,000 employees, <c>stop-loss-invalid</c>.
        /// </summary>
        public sealed record BindStopLoss(StopLossCover Cover) : Command;

        /// <summary>Stop-loss is not bound on its day.</summary>
        public sealed record RaiseStopLossAlarm : Command;

        /// <summary>
        /// The carrier asks for more after the year is bound: the reserve absorbs it, or the board reopens; rates stay.
        /// <c>year-not-bound</c>.
        /// </summary>
        public sealed record RepriceStopLoss(Money Increase, RepricingAnswer Answer) : Command;

        /// <summary>
        /// A case is lasered or the cover ends on a day. <c>commerce-notice-late</c> unless Commerce is told before it (Minn. R.
        /// 2785.1300).
        /// </summary>
        public sealed record ChangeStopLoss(StopLossChange Change, DateOnly EffectiveOn, DateOnly CommerceNoticeOn) : Command;

        /// <summary>
        /// Test for the n-th time whether enough take part, on where the offers stand. The first failure extends the offering, the second
        /// one goes to the board. A test that was made is not made again, unless the board has reversed a default since.
        /// <c>participation-undecided</c> while an offer is open.
        /// </summary>
        public sealed record TestParticipation(int Attempt, StructuralList<OfferStanding> Offers, DateOnly Today) : Command;

        /// <summary>The board lets a failed test pass, by resolution.</summary>
        public sealed record OverrideTest(AdoptedResolution? Adopted) : Command;

        /// <summary>The board has the year rated anew.</summary>
        public sealed record ReRate : Command;

        /// <summary>
        /// Bind the year. <c>participation-not-passed</c>, <c>attestation-missing</c>, <c>stop-loss-missing</c>.
        /// </summary>
        public sealed record Bind : Command;

        /// <summary>Coverage begins; <c>too-early</c>.</summary>
        public sealed record Activate(DateOnly Today) : Command;

        /// <summary>Coverage has ended; <c>too-early</c>.</summary>
        public sealed record StartRunOut(DateOnly Today) : Command;

        /// <summary>Nothing more is expected; <c>too-early</c> before the run-out is over.</summary>
        public sealed record Close(DateOnly Today) : Command;

        /// <summary>Give the year up before it is bound.</summary>
        public sealed record Abandon(AbandonReason Reason) : Command;
    }

    /// <summary>What has happened to a pool year.</summary>
    public abstract record Event
    {
        private Event()
        {
        }

        /// <summary>It was drafted, with the parameters that it runs by.</summary>
        [EventAlias("pool_year_drafted")]
        public sealed record Drafted(YearTerms Terms) : Event;

        /// <summary>Participants report.</summary>
        [EventAlias("pool_census_opened")]
        public sealed record CensusOpened : Event;

        /// <summary>A participant's counts.</summary>
        [EventAlias("pool_census_reported")]
        public sealed record CensusReported(MemberNo Member, StructuralList<TierCount> Counts, FileHash? Source) : Event;

        /// <summary>A participant kept silent: its last ledger stands.</summary>
        [EventAlias("pool_census_defaulted")]
        public sealed record CensusDefaulted(MemberNo Member, StructuralList<TierCount> Counts) : Event;

        /// <summary>The census stands.</summary>
        [EventAlias("pool_census_locked")]
        public sealed record CensusLocked(int Members, int Contracts) : Event;

        /// <summary>A member's census moved after the lock by more than the drift: its offer is made again.</summary>
        [EventAlias("pool_census_moved")]
        public sealed record CensusMoved(
            MemberNo Member, StructuralList<TierCount> Counts, int Before, int After, Factor Drift, FileHash? Source) : Event;

        /// <summary>Rates are proposed, one <see cref="MemberRated"/> each; or the current ones are carried on.</summary>
        [EventAlias("pool_rates_proposed")]
        public sealed record RatesProposed(int Round, Factor Average, RatingRules Rules, bool Held) : Event;

        /// <summary>
        /// A member's rate with every factor, by the rule of a version. An event of its own: it is shown to its member as evidence, and
        /// nobody sees another's experience.
        /// </summary>
        [EventAlias("pool_member_rated")]
        public sealed record MemberRated(int Round, MemberRate Rate, int RuleVersion) : Event;

        /// <summary>The advisory committee's word.</summary>
        [EventAlias("pool_rates_reviewed")]
        public sealed record RatesReviewed(int Round, bool Recommended) : Event;

        /// <summary>The board did not adopt them.</summary>
        [EventAlias("pool_rates_rejected")]
        public sealed record RatesRejected(int Round, bool Last) : Event;

        /// <summary>No quorum; the board meets again.</summary>
        [EventAlias("pool_adoption_rescheduled")]
        public sealed record AdoptionRescheduled(DateOnly To) : Event;

        /// <summary>The board adopted them.</summary>
        [EventAlias("pool_rates_adopted")]
        public sealed record RatesAdopted(int Round, ResolutionCited Resolution) : Event;

        /// <summary>Offers go out, to be answered by the end of a day.</summary>
        [EventAlias("pool_offering_started")]
        public sealed record OfferingStarted(DateOnly Deadline, StructuralList<MemberNo> Members) : Event;

        /// <summary>The attestation is filed.</summary>
        [EventAlias("pool_attestation_filed")]
        public sealed record AttestationFiled(OpaqueRef Attestation, DateOnly FiledOn) : Event;

        /// <summary>The attestation is late.</summary>
        [EventAlias("pool_attestation_overdue")]
        public sealed record AttestationOverdue(DateOnly DueOn) : Event;

        /// <summary>Stop-loss is bound.</summary>
        [EventAlias("pool_stop_loss_bound")]
        public sealed record StopLossBound(StopLossCover Cover) : Event;

        /// <summary>Stop-loss is missing on its day; the year cannot be bound without it.</summary>
        [EventAlias("pool_stop_loss_overdue")]
        public sealed record StopLossOverdue(DateOnly DueOn) : Event;

        /// <summary>Stop-loss became dearer after the year was bound.</summary>
        [EventAlias("pool_stop_loss_repriced")]
        public sealed record StopLossRepriced(Money Increase, RepricingAnswer Answer) : Event;

        /// <summary>A laser or the end of the cover, told to Commerce before its effect.</summary>
        [EventAlias("pool_stop_loss_changed")]
        public sealed record StopLossChanged(StopLossChange Change, DateOnly EffectiveOn, DateOnly CommerceNoticeOn) : Event;

        /// <summary>Whether enough take part, from where the offers stood.</summary>
        [EventAlias("pool_participation_tested")]
        public sealed record ParticipationTested(
            int Attempt, ParticipationResult Result, StructuralList<OfferStanding> Offers, int RuleVersion) : Event;

        /// <summary>The offering lasts longer.</summary>
        [EventAlias("pool_offering_extended")]
        public sealed record OfferingExtended(DateOnly Deadline) : Event;

        /// <summary>The board let the test pass.</summary>
        [EventAlias("pool_participation_overridden")]
        public sealed record TestOverridden(ResolutionCited Resolution) : Event;

        /// <summary>Rated anew: every offer is void.</summary>
        [EventAlias("pool_year_re_rated")]
        public sealed record ReRated : Event;

        /// <summary>Bound: from here on rates do not change.</summary>
        [EventAlias("pool_year_bound")]
        public sealed record YearBound(StructuralList<MemberNo> Members, StructuralList<MemberNo> Leaving) : Event;

        /// <summary>Coverage began.</summary>
        [EventAlias("pool_year_activated")]
        public sealed record YearActivated : Event;

        /// <summary>Coverage ended.</summary>
        [EventAlias("pool_year_run_out_started")]
        public sealed record YearRunOutStarted(DateOnly Ends) : Event;

        /// <summary>Nothing more is expected.</summary>
        [EventAlias("pool_year_closed")]
        public sealed record YearClosed : Event;

        /// <summary>Given up before it was bound.</summary>
        [EventAlias("pool_year_abandoned")]
        public sealed record YearAbandoned(AbandonReason Reason) : Event;
    }
}
