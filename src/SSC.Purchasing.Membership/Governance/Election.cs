using System.Diagnostics;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Membership;

/// <summary>
/// An election of directors: nominations, one ballot a voting member, a count that anybody can repeat, ties broken by the rule that was
/// recorded beforehand. Stream <c>election-{id}</c>.
/// </summary>
public sealed partial class Election : IDecider<Election.Command, Election.State, Election.Event>
{
    private const int MaxCandidates = 100;
    private static readonly Decision<Event> Nothing = new Decision<Event>.Accepted();

    /// <inheritdoc/>
    public static string Category => "election";

    /// <inheritdoc/>
    public static State Initial { get; } = new State.Absent();

    /// <inheritdoc/>
    public static Decision<Event> Decide(Command command, State state) => (command, state) switch
    {
        (Command.Call c, State.Absent) => Calling(c),
        (Command.Call c, { Terms: { } terms }) when terms == c.Terms => Nothing,
        (Command.Call, _) => new Refusal("election-exists", "This election was called otherwise; choose another id."),
        (_, State.Absent) => new Refusal("election-unknown", "Call the election first."),

        (Command.Nominate c, State.Nominating s) => Nominating(c, s),
        (Command.Nominate c, State.Voting { Candidates: var known }) when IsKnown(known, c) => Nothing,
        (Command.Nominate, _) => new Refusal("nominations-closed", "Nominations have ended."),

        (Command.OpenVoting c, State.Nominating s) => c.Now < s.Terms.NominationsUntil
            ? new Refusal("nominations-open", "Nominations are still taken; open voting after they end.")
            : c.Voters.Count == 0
                ? new Refusal("no-voters", "No member of this cooperative may vote.")
                : new Event.VotingOpened(c.Voters.Distinct().Order().ToStructuralList(), c.ReadAt),
        (Command.OpenVoting, _) => Nothing,

        (Command.Cast or Command.Close, State.Nominating) => new Refusal("voting-not-open", "Voting opens when nominations have ended."),
        (Command.Cast c, State.Voting s) => Casting(c, s),
        (Command.Cast, _) => new Refusal("voting-closed", "Voting has ended."),
        (Command.Close c, State.Voting s) => c.Now < s.Terms.VotingUntil
            ? new Refusal("voting-open", "Ballots are still taken.")
            : new Event.Counted(ElectionTally.Of(s.Terms.Seats, s.Candidates, s.Ballots.Values), ElectionTally.RuleVersion),
        (Command.Close, _) => Nothing,

        (Command.BreakTie c, State.Counted s) => Breaking(c, s),
        (Command.BreakTie c, State.Certified { Count: var s }) when Breaking(c, s) is Decision<Event>.Accepted { Events.Count: 0 } =>
            Nothing,
        (Command.Certify c, State.Counted s) => Certifying(c, s),
        (Command.Certify, State.Certified) => Nothing,
        (Command.BreakTie, State.Certified) => new Refusal("tie-broken-otherwise", "The election is certified."),
        _ => new Refusal("election-not-counted", "Count the ballots first."),
    };

    /// <inheritdoc/>
    public static State Evolve(State state, Event fact) => (state, fact) switch
    {
        (State.Absent, Event.Called e) => new State.Nominating(e.Terms, default),
        (State.Nominating s, Event.Nominated e) =>
            s with { Candidates = s.Candidates.Set(e.Nomination.Candidate.Person, e.Nomination) },
        (State.Nominating s, Event.VotingOpened e) => new State.Voting(s.Terms, s.Candidates, e.Voters, default),
        (State.Voting s, Event.BallotCast e) => s with { Ballots = s.Ballots.Set(e.Member, e.Ballot) },
        (State.Voting s, Event.Counted e) =>
            new State.Counted(s.Terms, s.Candidates, s.Voters.Count, s.Ballots.Count, e.Results, default),
        (State.Counted s, Event.TieBroken e) => s with { Ties = s.Ties.Set(e.Tie.Seat, e.Tie) },
        (State.Counted s, Event.Certified e) => new State.Certified(s, e.Elected, e.On),
        _ => throw new UnreachableException($"{fact} cannot follow {state}"),
    };

    private static bool IsKnown(StructuralMap<PersonId, Nomination> known, Command.Nominate c) =>
        known.TryGetValue(c.Candidate.Person, out var before) && before == new Nomination(c.Seat, c.Candidate);

    private static Decision<Event> Calling(Command.Call c) =>
        c.Terms.Flaw() is { } no ? no
        : c.Terms.NominationsUntil <= c.Now ? new Refusal("election-too-late", "Let nominations end in the future.")
        : new Event.Called(c.Terms);

    private static Decision<Event> Nominating(Command.Nominate c, State.Nominating s)
    {
        if (IsKnown(s.Candidates, c)) return Nothing;
        if (c.Now >= s.Terms.NominationsUntil) return new Refusal("nominations-closed", "Nominations have ended.");
        if (s.Terms.Seats.FirstOrDefault(x => x.Seat == c.Seat) is not { } seat)
            return new Refusal("seat-not-on-ballot", "This seat is not elected now.");
        if ((PlainText.CheckId("candidate", c.Candidate.Person.Value) ?? PlainText.CheckId("member", c.Candidate.Member.Value)) is { } no)
            return no;
        if (seat.SchoolBoard && !c.Candidate.SchoolBoard)
            return new Refusal("not-a-school-board-member", "This seat is for a current school-board member of a full member.");
        if (s.Candidates.ContainsKey(c.Candidate.Person))
            return new Refusal("person-nominated", "This person is nominated already; a person stands for one seat.");
        return s.Candidates.Count >= MaxCandidates
            ? new Refusal("too-many-candidates", $"An election has at most {MaxCandidates} candidates.")
            : new Event.Nominated(new(c.Seat, c.Candidate));
    }

    private static Decision<Event> Casting(Command.Cast c, State.Voting s)
    {
        if (s.Ballots.TryGetValue(c.Member, out var cast))
            return cast == c.Ballot ? Nothing : new Refusal("member-has-voted", "This member has voted; a member has one vote.");
        if (c.Now >= s.Terms.VotingUntil) return new Refusal("voting-closed", "Voting has ended.");
        if (!s.Voters.Contains(c.Member))
        {
            return new Refusal(
                "member-may-not-vote", "Only members that could vote when voting opened do (Minn. Stat. 123A.21 subd. 3).");
        }

        if (c.Ballot.Choices.Count == 0) return new Refusal("ballot-empty", "Choose somebody for at least one seat.");
        return c.Ballot.Choices.Any(v => !s.Candidates.TryGetValue(v.Value, out var n) || n.Seat != v.Key)
            ? new Refusal("candidate-unknown", "Choose among those who are nominated for the seat.")
            : new Event.BallotCast(c.Member, c.Ballot);
    }

    private static Decision<Event> Breaking(Command.BreakTie c, State.Counted s)
    {
        if (s.Results.FirstOrDefault(r => r.Seat == c.Seat) is not { Tied.Count: > 0 } result)
            return new Refusal("no-tie", "There is no tie for this seat.");
        var bySeed = s.Terms.TieRule == TieRule.Seed;
        if (bySeed != c.Seed.HasValue || bySeed == c.Lot.HasValue)
            return new Refusal("tie-rule-differs", bySeed ? "This election breaks ties by a seed; give it." : "Give who won the lot.");
        var winner = c.Seed is { } seed ? ElectionTally.Draw(seed, c.Seat, result.Tied) : c.Lot!.Value;
        if (!result.Tied.Contains(winner)) return new Refusal("winner-not-tied", "The lot is drawn among those who are tied.");
        var tie = new BrokenTie(c.Seat, winner, c.Seed);
        return !s.Ties.TryGetValue(c.Seat, out var broken) ? new Event.TieBroken(tie, ElectionTally.RuleVersion)
            : broken == tie ? Nothing
            : new Refusal("tie-broken-otherwise", "This tie was broken already.");
    }

    private static Decision<Event> Certifying(Command.Certify c, State.Counted s)
    {
        if (s.Results.FirstOrDefault(r => r.Tied.Count > 0 && !s.Ties.ContainsKey(r.Seat)) is { } open)
            return new Refusal("tie-not-broken", $"Break the tie for seat {open.Seat} first.");
        return new Event.Certified(
        [
            .. from result in s.Results
               let winner = result.Winner ?? (s.Ties.TryGetValue(result.Seat, out var tie) ? tie.Winner : null)
               where winner is not null
               select new ElectedDirector(
                   s.Terms.Election, result.Seat, s.Candidates[winner.Value].Candidate, s.Terms.TermFrom),
        ], c.On);
    }
}
