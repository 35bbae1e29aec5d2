using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Membership;

/// <content>The commands, events and states of an election.</content>
public sealed partial class Election
{
    /// <summary>What can be asked of an election. Any of them but <see cref="Call"/> before it: <c>election-unknown</c>.</summary>
    public abstract record Command
    {
        private Command()
        {
        }

        /// <summary>Call it: <c>election-exists</c>, <c>election-too-late</c>, or a code of <see cref="ElectionTerms.Flaw"/>.</summary>
        public sealed record Call(ElectionTerms Terms, DateTimeOffset Now) : Command;

        /// <summary>
        /// Nominate: <c>nominations-closed</c>, <c>seat-not-on-ballot</c>, <c>candidate-malformed</c>, <c>member-malformed</c>,
        /// <c>not-a-school-board-member</c>, <c>person-nominated</c>, <c>too-many-candidates</c>.
        /// </summary>
        public sealed record Nominate(SeatId Seat, Candidate Candidate, DateTimeOffset Now) : Command;

        /// <summary>
        /// Open voting to the voting members as they were read at a position: <c>nominations-open</c>, <c>no-voters</c>.
        /// </summary>
        public sealed record OpenVoting(StructuralList<MemberNo> Voters, long ReadAt, DateTimeOffset Now) : Command;

        /// <summary>
        /// Take a member's ballot; a member votes once. <c>voting-not-open</c>, <c>voting-closed</c>, <c>member-may-not-vote</c>,
        /// <c>member-has-voted</c>, <c>candidate-unknown</c>, <c>ballot-empty</c>.
        /// </summary>
        public sealed record Cast(MemberNo Member, Ballot Ballot, DateTimeOffset Now) : Command;

        /// <summary>Count: <c>voting-not-open</c>, <c>voting-open</c>.</summary>
        public sealed record Close(DateTimeOffset Now) : Command;

        /// <summary>
        /// Break a tie, as the election's rule says: by the outcome of the lot or by a seed. <c>election-not-counted</c>,
        /// <c>no-tie</c>, <c>tie-rule-differs</c>, <c>winner-not-tied</c>, <c>tie-broken-otherwise</c>.
        /// </summary>
        public sealed record BreakTie(SeatId Seat, PersonId? Lot, long? Seed) : Command;

        /// <summary>Certify who was elected: <c>election-not-counted</c>, <c>tie-not-broken</c>.</summary>
        public sealed record Certify(DateOnly On) : Command;
    }

    /// <summary>What has happened to an election.</summary>
    public abstract record Event
    {
        private Event()
        {
        }

        /// <summary>It was called.</summary>
        [EventAlias("election_called")]
        public sealed record Called(ElectionTerms Terms) : Event;

        /// <summary>Somebody was nominated.</summary>
        [EventAlias("election_candidate_nominated")]
        public sealed record Nominated(Nomination Nomination) : Event;

        /// <summary>Voting opened to these members, read from the log at a position.</summary>
        [EventAlias("election_voting_opened")]
        public sealed record VotingOpened(StructuralList<MemberNo> Voters, long ReadAt) : Event;

        /// <summary>A member voted.</summary>
        [EventAlias("election_ballot_cast")]
        public sealed record BallotCast(MemberNo Member, Ballot Ballot) : Event;

        /// <summary>It was counted.</summary>
        [EventAlias("election_counted")]
        public sealed record Counted(StructuralList<SeatResult> Results, int RuleVersion) : Event;

        /// <summary>A tie was broken.</summary>
        [EventAlias("election_tie_broken")]
        public sealed record TieBroken(BrokenTie Tie, int RuleVersion) : Event;

        /// <summary>These were elected.</summary>
        [EventAlias("election_certified")]
        public sealed record Certified(StructuralList<ElectedDirector> Elected, DateOnly On) : Event;
    }

    /// <summary>Where an election stands.</summary>
    public abstract record State
    {
        private State()
        {
        }

        /// <summary>How it runs; null before it was called.</summary>
        public virtual ElectionTerms? Terms => null;

        /// <summary>Not called.</summary>
        public sealed record Absent : State;

        /// <summary>Taking nominations.</summary>
        public sealed record Nominating(ElectionTerms Terms, StructuralMap<PersonId, Nomination> Candidates) : State
        {
            /// <inheritdoc/>
            public override ElectionTerms Terms { get; } = Terms;
        }

        /// <summary>Taking ballots.</summary>
        public sealed record Voting(
            ElectionTerms Terms, StructuralMap<PersonId, Nomination> Candidates, StructuralList<MemberNo> Voters,
            StructuralMap<MemberNo, Ballot> Ballots) : State
        {
            /// <inheritdoc/>
            public override ElectionTerms Terms { get; } = Terms;
        }

        /// <summary>Counted; ties are being broken.</summary>
        public sealed record Counted(
            ElectionTerms Terms, StructuralMap<PersonId, Nomination> Candidates, int Voters, int Ballots,
            StructuralList<SeatResult> Results, StructuralMap<SeatId, BrokenTie> Ties) : State
        {
            /// <inheritdoc/>
            public override ElectionTerms Terms { get; } = Terms;
        }

        /// <summary>Certified: it is over.</summary>
        public sealed record Certified(Counted Count, StructuralList<ElectedDirector> Elected, DateOnly On) : State
        {
            /// <inheritdoc/>
            public override ElectionTerms Terms => Count.Terms;
        }
    }
}
