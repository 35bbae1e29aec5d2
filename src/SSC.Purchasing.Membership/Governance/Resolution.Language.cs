using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Membership;

/// <summary>What a committee advised. It binds nobody; a resolution cites it.</summary>
public enum Advice
{
    /// <summary>To adopt.</summary>
    InFavor,

    /// <summary>Not to adopt.</summary>
    Opposed,

    /// <summary>Neither.</summary>
    Neutral,
}

/// <summary>A recommendation as a resolution cites it.</summary>
/// <param name="Committee">Committee.</param>
/// <param name="Recommendation">Its own id of the recommendation.</param>
/// <param name="Advice">What it advised.</param>
/// <param name="On">Day of its meeting.</param>
public sealed record CitedRecommendation(string Committee, string Recommendation, Advice Advice, DateOnly On);

/// <summary>What a resolution is about.</summary>
/// <param name="Resolution">Its id.</param>
/// <param name="Cooperative">Whose board.</param>
/// <param name="Kind">What it decides about.</param>
/// <param name="Subject">What exactly, as ids joined by colons; see <see cref="AdoptedResolution.Subject"/>.</param>
/// <param name="Title">One line of the agenda, at most 200 characters; no persons.</param>
/// <param name="DocumentHash">SHA-256 of the text on file, lower-case hexadecimal; null while it is on paper.</param>
public sealed record ResolutionMatter(
    ResolutionId Resolution, CooperativeId Cooperative, ResolutionKind Kind, string Subject, string Title, string? DocumentHash = null);

/// <summary>A resolution with everything said about it before the vote.</summary>
/// <param name="Matter">What it is about.</param>
/// <param name="Recommendations">What committees advised, in the order of citing.</param>
public sealed record ResolutionFile(ResolutionMatter Matter, StructuralList<CitedRecommendation> Recommendations);

/// <summary>An outcome of a roll call, with what it was reckoned from.</summary>
/// <param name="Roll">Who was called, by which rules.</param>
/// <param name="Votes">What they answered.</param>
/// <param name="Tally">What it came to.</param>
public sealed record RollCallResult(BoardRoll Roll, StructuralMap<PersonId, Vote> Votes, Tally Tally);

/// <content>The commands, events and states of a resolution.</content>
public sealed partial class Resolution
{
    /// <summary>What can be asked of a resolution. Any of them but <see cref="Draft"/> before it: <c>resolution-unknown</c>.</summary>
    public abstract record Command
    {
        private Command()
        {
        }

        /// <summary>
        /// Draft it. <c>resolution-exists</c>, <c>resolution-malformed</c>, <c>cooperative-malformed</c>, <c>resolution-kind-unknown</c>,
        /// <c>subject-malformed</c>, <c>subject-is-itself</c>, <c>title-*</c>, <c>document-hash-malformed</c>.
        /// </summary>
        public sealed record Draft(ResolutionMatter Matter) : Command;

        /// <summary>Change title and text while it is a draft; <c>resolution-not-a-draft</c>.</summary>
        public sealed record Redraft(string Title, string? DocumentHash) : Command;

        /// <summary>
        /// Cite a committee's recommendation, before the vote: <c>too-many-recommendations</c>, <c>recommendation-malformed</c>,
        /// <c>advice-unknown</c>.
        /// </summary>
        public sealed record CiteRecommendation(CitedRecommendation Recommendation) : Command;

        /// <summary>Put it before the board.</summary>
        public sealed record Propose(DateOnly On) : Command;

        /// <summary>
        /// Call the roll on it at a meeting: <c>resolution-not-proposed</c>, <c>roll-call-open</c>, <c>meeting-before-proposal</c>,
        /// <c>meeting-had-no-quorum</c>, or a code of <see cref="BoardRoll.Flaw"/>.
        /// </summary>
        public sealed record OpenRollCall(BoardRoll Roll) : Command;

        /// <summary>
        /// Take one director's answer; a later one replaces it while the roll call is open. <c>roll-call-not-open</c>,
        /// <c>director-not-on-roll</c>, <c>vote-unknown</c>.
        /// </summary>
        public sealed record RecordVote(PersonId Director, Vote Vote) : Command;

        /// <summary>
        /// Count, and declare it adopted, rejected, or not decided for want of a quorum. <c>roll-call-not-open</c>,
        /// <c>meeting-differs</c>, <c>number-*</c>, <c>effective-before-meeting</c>; when it is decided,
        /// <c>minutes-number-not-given</c> and <c>minutes-number-taken</c> unless the number is this resolution's.
        /// </summary>
        public sealed record CloseRollCall(string Meeting, string Number, DateOnly EffectiveOn) : Command
        {
            /// <summary>Whose the number is (<see cref="MinutesNumber.State.Resolution"/>), as read; null while it is nobody's.</summary>
            public ResolutionId? NumberOf { get; init; }
        }

        /// <summary>Take it back before it is decided; <c>resolution-decided</c>, <c>reason-*</c>.</summary>
        public sealed record Withdraw(string Reason) : Command;

        /// <summary>
        /// Undo it by a later resolution of kind Other whose subject is this one's id: <c>resolution-not-adopted</c>, or a code of
        /// <see cref="AdoptedResolution.Flaw"/>.
        /// </summary>
        public sealed record Rescind(AdoptedResolution? By, DateOnly On) : Command;
    }

    /// <summary>What has happened to a resolution.</summary>
    public abstract record Event
    {
        private Event()
        {
        }

        /// <summary>It was drafted.</summary>
        [EventAlias("resolution_drafted")]
        public sealed record Drafted(ResolutionMatter Matter) : Event;

        /// <summary>Its title and text were changed.</summary>
        [EventAlias("resolution_redrafted")]
        public sealed record Redrafted(string Title, string? DocumentHash) : Event;

        /// <summary>A committee's recommendation was cited.</summary>
        [EventAlias("resolution_recommendation_cited")]
        public sealed record RecommendationCited(CitedRecommendation Recommendation) : Event;

        /// <summary>It came before the board.</summary>
        [EventAlias("resolution_proposed")]
        public sealed record Proposed(DateOnly On) : Event
        {
            /// <summary>What it is about, so that whom it concerns is told; null in facts recorded before that.</summary>
            public ResolutionMatter? Matter { get; init; }
        }

        /// <summary>The roll is called.</summary>
        [EventAlias("resolution_roll_call_opened")]
        public sealed record RollCallOpened(BoardRoll Roll) : Event;

        /// <summary>A director answered.</summary>
        [EventAlias("resolution_vote_recorded")]
        public sealed record VoteRecorded(PersonId Director, Vote Vote) : Event;

        /// <summary>Too few were present; it stays before the board.</summary>
        [EventAlias("resolution_quorum_missed")]
        public sealed record QuorumMissed(string Meeting, Tally Tally, int RuleVersion) : Event;

        /// <summary>It was adopted.</summary>
        [EventAlias("resolution_adopted")]
        public sealed record Adopted(
            string Number, string Meeting, DateOnly MeetingDate, DateOnly EffectiveOn, Tally Tally, int RuleVersion) : Event
        {
            /// <summary>As in <see cref="Proposed.Matter"/>.</summary>
            public ResolutionMatter? Matter { get; init; }
        }

        /// <summary>It was voted down.</summary>
        [EventAlias("resolution_rejected")]
        public sealed record Rejected(string Number, string Meeting, DateOnly MeetingDate, Tally Tally, int RuleVersion) : Event
        {
            /// <summary>As in <see cref="Proposed.Matter"/>.</summary>
            public ResolutionMatter? Matter { get; init; }
        }

        /// <summary>It was taken back.</summary>
        [EventAlias("resolution_withdrawn")]
        public sealed record Withdrawn(string Reason) : Event;

        /// <summary>A later resolution undid it; from that day on it allows nothing.</summary>
        [EventAlias("resolution_rescinded")]
        public sealed record Rescinded(ResolutionId By, DateOnly On) : Event
        {
            /// <summary>As in <see cref="Proposed.Matter"/>.</summary>
            public ResolutionMatter? Matter { get; init; }
        }
    }

    /// <summary>Where a resolution stands.</summary>
    public abstract record State
    {
        private State()
        {
        }

        /// <summary>What it is about; null before it was drafted.</summary>
        public virtual ResolutionFile? File => null;

        /// <summary>Not drafted.</summary>
        public sealed record Absent : State;

        /// <summary>Being written.</summary>
        public sealed record Draft(ResolutionFile File) : State
        {
            /// <inheritdoc/>
            public override ResolutionFile File { get; } = File;
        }

        /// <summary>Before the board; <paramref name="NoQuorumAt"/>: meetings that could not decide.</summary>
        public sealed record Proposed(ResolutionFile File, DateOnly On, StructuralList<string> NoQuorumAt) : State
        {
            /// <inheritdoc/>
            public override ResolutionFile File { get; } = File;
        }

        /// <summary>The roll is being called.</summary>
        public sealed record Voting(Proposed Proposal, BoardRoll Roll, StructuralMap<PersonId, Vote> Votes) : State
        {
            /// <inheritdoc/>
            public override ResolutionFile File => Proposal.File;
        }

        /// <summary>Adopted.</summary>
        public sealed record Adopted(ResolutionFile File, string Number, DateOnly EffectiveOn, RollCallResult Result) : State
        {
            /// <inheritdoc/>
            public override ResolutionFile File { get; } = File;
        }

        /// <summary>Voted down.</summary>
        public sealed record Rejected(ResolutionFile File, string Number, RollCallResult Result) : State
        {
            /// <inheritdoc/>
            public override ResolutionFile File { get; } = File;
        }

        /// <summary>Taken back.</summary>
        public sealed record Withdrawn(ResolutionFile File, string Reason) : State
        {
            /// <inheritdoc/>
            public override ResolutionFile File { get; } = File;
        }

        /// <summary>Undone.</summary>
        public sealed record Rescinded(Adopted Was, ResolutionId By, DateOnly On) : State
        {
            /// <inheritdoc/>
            public override ResolutionFile File => Was.File;
        }
    }
}
