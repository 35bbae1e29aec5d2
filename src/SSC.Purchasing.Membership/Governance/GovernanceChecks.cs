using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Membership;

/// <summary>Recomputes quorum, majority and outcome of every roll call, from the roll, the rules and the answers recorded.</summary>
public sealed class ResolutionCheck : IDecisionCheck
{
    /// <inheritdoc/>
    public IReadOnlyCollection<string> EventTypes => ["resolution_adopted", "resolution_rejected", "resolution_quorum_missed"];

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RecomputedDecision>> Recompute(RecordedEvent e, IEventStore store, CancellationToken ct)
    {
        var (stored, outcome, version) = e.Fact switch
        {
            Resolution.Event.Adopted f => (f.Tally, "adopted", f.RuleVersion),
            Resolution.Event.Rejected f => (f.Tally, "rejected", f.RuleVersion),
            Resolution.Event.QuorumMissed f => (f.Tally, "no quorum", f.RuleVersion),
            _ => throw new ArgumentException($"{e.Type} stores no roll call.", nameof(e)),
        };
        var history = await store.ReadStream(e.Tenant, e.Stream, upToVersion: e.Version - 1, ct: ct).ConfigureAwait(false);
        var voting = (Resolution.State.Voting)history.Aggregate(
            Resolution.Initial, (s, h) => Resolution.Evolve(s, (Resolution.Event)h.Fact));
        var again = Tally.Of(voting.Roll, voting.File.Matter.Kind, voting.Votes);
        var subject = voting.File.Matter.Resolution.Value;
        return
        [
            new("roll-call", subject, version, stored.ToString(), again.ToString()),
            new("outcome", subject, version, outcome, !again.HasQuorum ? "no quorum" : again.Carries ? "adopted" : "rejected"),
        ];
    }
}

/// <summary>Recomputes who could vote in an election, what the ballots came to, and every tie that a seed broke.</summary>
public sealed class ElectionCheck : IDecisionCheck
{
    /// <inheritdoc/>
    public IReadOnlyCollection<string> EventTypes => ["election_voting_opened", "election_counted", "election_tie_broken"];

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RecomputedDecision>> Recompute(RecordedEvent e, IEventStore store, CancellationToken ct)
    {
        var history = await store.ReadStream(e.Tenant, e.Stream, upToVersion: e.Version - 1, ct: ct).ConfigureAwait(false);
        var before = history.Aggregate(Election.Initial, (s, h) => Election.Evolve(s, (Election.Event)h.Fact));
        var terms = before.Terms!;
        switch (e.Fact)
        {
            case Election.Event.VotingOpened opened:
                var voters = await Electorate.Of(
                    store, e.Tenant, terms.Cooperative, BusinessCalendar.LocalDate(terms.NominationsUntil), opened.ReadAt, ct)
                    .ConfigureAwait(false);
                return [new("electorate", terms.Election, ElectionTally.RuleVersion, opened.Voters.ToString(), voters.ToString())];
            case Election.Event.Counted counted:
                var voting = (Election.State.Voting)before;
                var results = ElectionTally.Of(terms.Seats, voting.Candidates, voting.Ballots.Values);
                return [new("election-count", terms.Election, counted.RuleVersion, counted.Results.ToString(), results.ToString())];
            case Election.Event.TieBroken { Tie: { Seed: { } seed } tie } broken:
                var tied = ((Election.State.Counted)before).Results.First(r => r.Seat == tie.Seat).Tied;
                return
                [
                    new("election-tie", $"{terms.Election} {tie.Seat}", broken.RuleVersion, tie.Winner.Value,
                        ElectionTally.Draw(seed, tie.Seat, tied).Value),
                ];
            default:
                return []; // the outcome of a lot is an observation; there is nothing to compute
        }
    }
}

/// <summary>Recomputes every membership fee from the schedule that the event names.</summary>
public sealed class MembershipFeeCheck : IDecisionCheck
{
    /// <inheritdoc/>
    public IReadOnlyCollection<string> EventTypes => ["membership_fee_assessed"];

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RecomputedDecision>> Recompute(RecordedEvent e, IEventStore store, CancellationToken ct)
    {
        var assessed = (MembershipYear.Event.Assessed)e.Fact;
        var fee = assessed.Fee;
        var schedule = await store.ReadStream(
            e.Tenant, $"{FeeSchedule.Category}-{fee.Cooperative}", upToPosition: e.Position, ct: ct).ConfigureAwait(false);
        var first = new FiscalYear(fee.Year).FirstDay;
        var adopted = schedule.Aggregate(FeeSchedule.Initial, (s, h) => FeeSchedule.Evolve(s, (FeeSchedule.Event)h.Fact))
            .On(first > fee.AssessedOn ? first : fee.AssessedOn);
        return
        [
            new(
                "membership-fee", MembershipYear.ReferenceOf(fee.Member, fee.Year), assessed.RuleVersion,
                $"{fee.Amount} by {fee.Fees.Resolution}", $"{adopted?.Fees.For(fee.Type, fee.Services)} by {adopted?.Resolution}"),
        ];
    }
}
