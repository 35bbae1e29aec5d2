using SSC.Purchasing.InsurancePool.Rules;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.InsurancePool.Distributions;

/// <summary>Where a member's part of an assessment stands.</summary>
public enum ShareStanding
{
    /// <summary>Asked for consent, or billed.</summary>
    Open,

    /// <summary>Consented (premium only): it pays.</summary>
    Consented,

    /// <summary>Refused or silent (premium only): the reserve pays.</summary>
    ChargedToReserve,

    /// <summary>Paid.</summary>
    Paid,

    /// <summary>Did not pay (joint and several): the others pay.</summary>
    Defaulted,
}

/// <summary>A member's part of an assessment.</summary>
/// <param name="Share">Its first share.</param>
/// <param name="Owed">What it owes with what was spread again.</param>
/// <param name="Paid">What it has paid of that.</param>
/// <param name="Standing">Where it stands.</param>
public sealed record AssessedShare(MemberShareOut Share, Money Owed, Money Paid, ShareStanding Standing);

/// <content>The commands, events and state of an assessment.</content>
public sealed partial class AssessmentRun
{
    /// <summary>What can be asked of an assessment. Any but <see cref="Propose"/> before it: <c>run-unknown</c>.</summary>
    public abstract record Command
    {
        private Command()
        {
        }

        /// <summary>Propose to cover a deficit under the pool's regime. <c>amount-invalid</c>.</summary>
        public sealed record Propose(
            PoolId Pool, string Id, Money Deficit, LiabilityRegime Regime, DateOnly RecordDate, int ConsentDays, int PaymentDays) : Command;

        /// <summary>The board approves. <c>resolution-missing</c>.</summary>
        public sealed record Approve(AdoptedResolution? Adopted) : Command;

        /// <summary>Share it out by premium. <c>basis-zero</c>, <c>basis-invalid</c>, <c>record-date-ahead</c>.</summary>
        public sealed record Allocate(StructuralList<ContributionBasis> Bases, DateOnly Today) : Command;

        /// <summary>
        /// A participant consents, or refuses (premium only). <c>consent-not-asked</c>, <c>not-assessed</c>, <c>consent-too-late</c>.
        /// </summary>
        public sealed record AnswerConsent(MemberNo Member, bool Consents, DateOnly On) : Command;

        /// <summary>The days of consent are over: what was refused or not answered is the reserve's; <c>too-early</c>.</summary>
        public sealed record CloseConsents(DateOnly Today) : Command;

        /// <summary>A participant paid. <c>not-assessed</c>, <c>share-not-owed</c>.</summary>
        public sealed record RecordPayment(MemberNo Member, DateOnly On) : Command;

        /// <summary>
        /// A payment was taken back, once under a reference: the participant owes it again, and a run that was booked is open again.
        /// <c>reference-not-opaque</c>, <c>not-assessed</c>, <c>reversal-exceeds-paid</c>.
        /// </summary>
        public sealed record ReversePayment(OpaqueRef Reference, MemberNo Member, Money Amount, DateOnly On) : Command;

        /// <summary>
        /// Who has not paid in time defaults, and its share is spread over the others by premium (joint and several). <c>too-early</c>,
        /// <c>everybody-defaulted</c>, <c>consent-regime</c>.
        /// </summary>
        public sealed record DeclareDefaults(DateOnly Today) : Command;

        /// <summary>Book it; <c>shares-open</c> while anybody still owes.</summary>
        public sealed record Post(DateOnly On) : Command;

        /// <summary>Give it up; <c>run-posted</c>.</summary>
        public sealed record Cancel(RunCancellation Reason) : Command;
    }

    /// <summary>What has happened to an assessment.</summary>
    public abstract record Event
    {
        private Event()
        {
        }

        /// <summary>The pool, in every event.</summary>
        public PoolId Pool { get; init; }

        /// <summary>The run, in every event.</summary>
        public string Id { get; init; } = string.Empty;

        /// <summary>It was proposed.</summary>
        [EventAlias("pool_assessment_proposed")]
        public sealed record Proposed(Money Deficit, LiabilityRegime Regime, DateOnly RecordDate, int ConsentDays, int PaymentDays) : Event;

        /// <summary>The board approved it.</summary>
        [EventAlias("pool_assessment_approved")]
        public sealed record Approved(ResolutionCited Resolution) : Event;

        /// <summary>It was shared out, by the rule of a version; consents or payments are due by the end of a day.</summary>
        [EventAlias("pool_assessment_allocated")]
        public sealed record Allocated(
            StructuralList<MemberShareOut> Shares, StructuralList<ContributionBasis> Bases, FileHash BasisHash, DateOnly DueOn,
            int RuleVersion) : Event;

        /// <summary>A participant consents.</summary>
        [EventAlias("pool_assessment_consent_given")]
        public sealed record ConsentGiven(MemberNo Member) : Event;

        /// <summary>A participant refuses.</summary>
        [EventAlias("pool_assessment_consent_refused")]
        public sealed record ConsentRefused(MemberNo Member) : Event;

        /// <summary>Consents are closed: what the reserve is charged with, never spread over those that consented.</summary>
        [EventAlias("pool_assessment_consents_closed")]
        public sealed record ConsentsClosed(StructuralList<MemberNo> Silent, Money ChargedToReserve) : Event;

        /// <summary>A participant paid.</summary>
        [EventAlias("pool_assessment_paid")]
        public sealed record SharePaid(MemberNo Member, Money Amount, DateOnly On) : Event;

        /// <summary>A payment was taken back; it is owed again, under joint and several liability by the end of a day.</summary>
        [EventAlias("pool_assessment_payment_reversed")]
        public sealed record PaymentReversed(OpaqueRef Reference, MemberNo Member, Money Amount, DateOnly On, DateOnly DueOn) : Event;

        /// <summary>Who did not pay, and what each of the others takes over, by the rule of a version.</summary>
        [EventAlias("pool_assessment_respread")]
        public sealed record Respread(
            StructuralList<MemberNo> Defaulted, Money Amount, StructuralList<MemberShareOut> Shares, DateOnly DueOn, int RuleVersion)
            : Event;

        /// <summary>It is in the books.</summary>
        [EventAlias("pool_assessment_posted")]
        public sealed record Posted(DateOnly On, Money Paid, Money ChargedToReserve) : Event;

        /// <summary>It was given up.</summary>
        [EventAlias("pool_assessment_cancelled")]
        public sealed record Cancelled(RunCancellation Reason) : Event;
    }

    /// <summary>An assessment.</summary>
    public sealed record State(RunPhase Phase)
    {
        /// <summary>What was proposed.</summary>
        public Event.Proposed? Proposal { get; init; }

        /// <summary>The resolution.</summary>
        public ResolutionCited? Resolution { get; init; }

        /// <summary>Parts by member.</summary>
        public StructuralMap<MemberNo, AssessedShare> Shares { get; init; }

        /// <summary>What they were shared by.</summary>
        public StructuralList<ContributionBasis> Bases { get; init; }

        /// <summary>End of consents or payments.</summary>
        public DateOnly? DueOn { get; init; }

        /// <summary>Consents are closed.</summary>
        public bool ConsentsClosed { get; init; }

        /// <summary>Payments that were taken back, by reference.</summary>
        public StructuralList<OpaqueRef> Reversals { get; init; }
    }
}
