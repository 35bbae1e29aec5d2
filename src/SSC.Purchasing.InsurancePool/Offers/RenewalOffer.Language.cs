using SSC.Purchasing.InsurancePool.Participations;
using SSC.Purchasing.InsurancePool.Rules;
using SSC.Purchasing.InsurancePool.Years;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.InsurancePool.Offers;

/// <summary>Where an offer stands.</summary>
public enum OfferPhase
{
    /// <summary>None was made.</summary>
    Absent,

    /// <summary>It may be answered.</summary>
    Issued,

    /// <summary>Accepted, by the member or by the rule on silence.</summary>
    Accepted,

    /// <summary>Declined.</summary>
    Declined,

    /// <summary>Declined by silence.</summary>
    Lapsed,

    /// <summary>Being made again; no version of it can be answered.</summary>
    Superseded,

    /// <summary>The year is bound on it.</summary>
    Bound,

    /// <summary>Void.</summary>
    Voided,
}

/// <summary>Why an offer is made again or void.</summary>
public enum OfferChangeReason
{
    /// <summary>The census moved.</summary>
    CensusMoved,

    /// <summary>The year is rated anew.</summary>
    ReRated,

    /// <summary>The year was given up.</summary>
    YearAbandoned,
}

/// <summary>What is offered.</summary>
/// <param name="Rate">Composite rate per contract and month.</param>
/// <param name="Contracts">Contracts it was quoted on.</param>
/// <param name="Tiers">The rate over the tiers, with how it was found.</param>
/// <param name="Current">The rate in force, for comparison.</param>
/// <param name="Change">Applied change.</param>
public sealed record OfferTerms(Money Rate, int Contracts, TierRates Tiers, Money Current, Factor Change)
{
    /// <summary>The offer on a rate and a census.</summary>
    public static OfferTerms Of(MemberRate rate, CensusEntry census, RatingRules rules) => new(
        rate.Rate, census.Counts.Total(), TierRates.Of(rate.Rate, census.Counts, rules.TierFactors), rate.Input.Current, rate.Applied);
}

/// <content>The commands, events and state of an offer.</content>
public sealed partial class RenewalOffer
{
    /// <summary>
    /// What can be asked of an offer. Any but <see cref="Issue"/> before it: <c>offer-unknown</c>; when it is over: <c>offer-bound</c>,
    /// <c>offer-voided</c>.
    /// </summary>
    public abstract record Command
    {
        private Command()
        {
        }

        /// <summary>Make version 1; <c>offer-terms-invalid</c>.</summary>
        public sealed record Issue(PoolId Pool, int Year, MemberNo Member, OfferTerms Terms, DateOnly Deadline) : Command;

        /// <summary>Take the live version back because a new one is coming.</summary>
        public sealed record Supersede(OfferChangeReason Reason) : Command;

        /// <summary>Make the next version; its deadline is the old one, or so many days from today when that is later.</summary>
        public sealed record Reissue(OfferTerms Terms, DateOnly Today, int Days, bool ReRated = false) : Command;

        /// <summary>Give more time.</summary>
        public sealed record ExtendDeadline(DateOnly Deadline) : Command;

        /// <summary>Remind the member for the n-th time.</summary>
        public sealed record Remind(int Number) : Command;

        /// <summary>
        /// Accept a version under the member's own approval (its board's minute or resolution). <c>offer-version-stale</c>,
        /// <c>offer-superseded</c>, <c>offer-deadline-passed</c>, <c>approval-missing</c>.
        /// </summary>
        public sealed record Accept(int Version, string Approval, DateTimeOffset At) : Command;

        /// <summary>
        /// Decline a version. When something is against leaving, the refusal is recorded and the member stays. <c>offer-version-stale</c>,
        /// <c>offer-superseded</c>, <c>offer-deadline-passed</c>.
        /// </summary>
        public sealed record Decline(int Version, StructuralList<NoticeFault> Against, DateTimeOffset At) : Command;

        /// <summary>Take an acceptance back, until the deadline. <c>offer-not-accepted</c>, <c>offer-deadline-passed</c>.</summary>
        public sealed record WithdrawAcceptance(DateTimeOffset At) : Command;

        /// <summary>Let the rule on silence speak; <c>too-early</c> through the deadline.</summary>
        public sealed record ApplyDefault(
            NonResponseRule Rule, int EscalationDays, StructuralList<NoticeFault> Against, DateTimeOffset At) : Command;

        /// <summary>
        /// The board reverses a default, within so many days. <c>no-default</c>, <c>default-stands</c>, <c>contest-too-late</c>,
        /// <c>resolution-missing</c>.
        /// </summary>
        public sealed record ReverseDefault(bool Renews, AdoptedResolution? Adopted, DateTimeOffset At, int ContestDays) : Command;

        /// <summary>The year is bound on it; <c>offer-not-accepted</c>.</summary>
        public sealed record Bind : Command;

        /// <summary>Void it.</summary>
        public sealed record Void(OfferChangeReason Reason) : Command;
    }

    /// <summary>What has happened to an offer.</summary>
    public abstract record Event
    {
        private Event()
        {
        }

        /// <summary>The pool.</summary>
        public PoolId Pool { get; init; }

        /// <summary>The year.</summary>
        public int Year { get; init; }

        /// <summary>The member.</summary>
        public MemberNo Member { get; init; }

        /// <summary>It was made.</summary>
        [EventAlias("renewal_offer_issued")]
        public sealed record Issued(OfferTerms Terms, int Version, DateOnly Deadline) : Event;

        /// <summary>It is being made again.</summary>
        [EventAlias("renewal_offer_superseded")]
        public sealed record Superseded(int Version, OfferChangeReason Reason) : Event;

        /// <summary>The next version.</summary>
        [EventAlias("renewal_offer_reissued")]
        public sealed record Reissued(OfferTerms Terms, int Version, DateOnly Deadline) : Event;

        /// <summary>It may be answered longer.</summary>
        [EventAlias("renewal_offer_deadline_extended")]
        public sealed record DeadlineExtended(DateOnly Deadline) : Event;

        /// <summary>The member was reminded.</summary>
        [EventAlias("renewal_offer_reminded")]
        public sealed record Reminded(int Number) : Event;

        /// <summary>The member accepted a version, by its own approval.</summary>
        [EventAlias("renewal_offer_accepted")]
        public sealed record Accepted(int Version, string Approval) : Event;

        /// <summary>The member took its acceptance back.</summary>
        [EventAlias("renewal_offer_acceptance_withdrawn")]
        public sealed record AcceptanceWithdrawn(int Version) : Event;

        /// <summary>The member declined a version and leaves.</summary>
        [EventAlias("renewal_offer_declined")]
        public sealed record Declined(int Version) : Event;

        /// <summary>The member wanted to leave and may not: it stays.</summary>
        [EventAlias("renewal_offer_decline_refused")]
        public sealed record DeclineRefused(int Version, StructuralList<NoticeFault> Reasons) : Event;

        /// <summary>Nobody answered; somebody asks, and the deadline moves once.</summary>
        [EventAlias("renewal_offer_escalated")]
        public sealed record Escalated(int Version, DateOnly Until) : Event;

        /// <summary>Nobody answered, and the rule spoke.</summary>
        [EventAlias("renewal_offer_default_applied")]
        public sealed record DefaultApplied(
            int Version, NonResponseRule Rule, bool Renews, DateOnly On, StructuralList<NoticeFault> Against) : Event;

        /// <summary>The board reversed the default.</summary>
        [EventAlias("renewal_offer_default_reversed")]
        public sealed record DefaultReversed(bool Renews, ResolutionCited Resolution) : Event;

        /// <summary>The year is bound on it.</summary>
        [EventAlias("renewal_offer_bound")]
        public sealed record Bound(int Version) : Event;

        /// <summary>Void.</summary>
        [EventAlias("renewal_offer_voided")]
        public sealed record Voided(OfferChangeReason Reason) : Event;
    }

    /// <summary>An offer.</summary>
    public sealed record State(OfferPhase Phase)
    {
        /// <summary>The pool.</summary>
        public PoolId Pool { get; init; }

        /// <summary>The year.</summary>
        public int Year { get; init; }

        /// <summary>The member.</summary>
        public MemberNo Member { get; init; }

        /// <summary>The live version's terms.</summary>
        public OfferTerms? Terms { get; init; }

        /// <summary>The live version.</summary>
        public int Version { get; init; }

        /// <summary>Last day to answer.</summary>
        public DateOnly Deadline { get; init; }

        /// <summary>The member's own approval.</summary>
        public string? Approval { get; init; }

        /// <summary>The last reminder.</summary>
        public int Reminders { get; init; }

        /// <summary>Silence was escalated.</summary>
        public bool Escalated { get; init; }

        /// <summary>It stands by the rule on silence.</summary>
        public bool ByDefault { get; init; }

        /// <summary>When the rule spoke.</summary>
        public DateOnly? DefaultedOn { get; init; }

        /// <summary>What was against the last decline.</summary>
        public StructuralList<NoticeFault> RefusedFor { get; init; }

        /// <summary>Version of the last decline that was refused.</summary>
        public int RefusedVersion { get; init; }

        /// <summary>What it counts as in a participation test.</summary>
        public OfferOutcome Outcome => Phase switch
        {
            OfferPhase.Accepted or OfferPhase.Bound => OfferOutcome.Accepted,
            OfferPhase.Declined or OfferPhase.Lapsed or OfferPhase.Voided => OfferOutcome.Declined,
            _ => OfferOutcome.Open,
        };
    }
}
