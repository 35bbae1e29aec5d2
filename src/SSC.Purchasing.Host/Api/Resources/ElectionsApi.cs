using System.Text.Json;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Sagas;

namespace SSC.Purchasing.Host.Api.Resources;

/// <summary>An election as it is at a moment. Until it is counted it says who has voted, not how.</summary>
/// <param name="Terms">How it runs.</param>
/// <param name="Phase">Where it stands, e.g. <c>voting</c>.</param>
/// <param name="Candidates">Who stands.</param>
/// <param name="Voters">Members that may vote, once voting has opened.</param>
/// <param name="Voted">Members that have voted.</param>
/// <param name="Results">What the ballots came to, once counted.</param>
/// <param name="Ties">Ties and how they were broken.</param>
/// <param name="Elected">Who was certified.</param>
public sealed record ElectionView(
    ElectionTerms Terms, string Phase, StructuralList<Nomination> Candidates, StructuralList<MemberNo> Voters,
    StructuralList<MemberNo> Voted, StructuralList<SeatResult> Results, StructuralList<BrokenTie> Ties,
    StructuralList<ElectedDirector> Elected);

/// <summary>A tie to break, as the election's rule says.</summary>
/// <param name="Seat">Seat.</param>
/// <param name="Lot">Who won the lot, under that rule.</param>
/// <param name="Seed">The announced number, under the other.</param>
public sealed record TieEntry(SeatId Seat, PersonId? Lot = null, long? Seed = null);

/// <summary>A day on which something was declared.</summary>
/// <param name="On">The day.</param>
public sealed record DayEntry(DateOnly On);

/// <summary>Elections of directors.</summary>
internal static class ElectionsApi
{
    private const string Route = "/elections/{electionId}";
    private static readonly SeatId Seat = new("OLMSTED-1");
    private static readonly DateTimeOffset Ends = new(2027, 4, 1, 22, 0, 0, TimeSpan.Zero);

    public static void Map(ApiRoutes routes)
    {
        var api = routes.Under("Elections");
        api.List<ElectionRow>("/elections", "List elections", r => r.List(
                Modules.Elections, [("cooperative", r.Query("cooperative"))], row => row.Row))
            .Takes("cooperative", "Only of this cooperative.");
        api.Get<ElectionView>(Route, "One election, now or as of a moment", Find).AsOf();
        api.Post<ElectionTerms>("/elections", "Call an election", (r, b) => BoardApi.Mine(r, b.Cooperative)
                ? Send(r, b.Election, new Election.Command.Call(b, r.Now)).Created($"/elections/{b.Election}")
                : Task.FromResult(Answer.NotFound))
            .For(Roles.Clerk).Creates().Says("Voting opens by itself when nominations end, and is counted when it ends.")
            .Refuses("election-exists", "dates-out-of-order", "seats-on-ballot", "election-too-late")
            .Example(() => new ElectionTerms(
                "SSC-2027", new("SSC"), [new(Seat, true)], Ends, Ends.AddDays(30), new(2027, 7, 1), TieRule.Lot));
        api.Post<Nomination>(Route + "/nominations", "Nominate somebody for a seat", (r, b) => Own(r, () =>
                Send(r, new Election.Command.Nominate(b.Seat, b.Candidate, r.Now))))
            .For(Roles.Clerk).Refuses("nominations-closed", "seat-not-on-ballot", "person-nominated", "not-a-school-board-member")
            .Example(() => new Nomination(Seat, new(new("u-204"), new("M-001"), true)));
        api.Post(Route + "/voting", "Open voting now that nominations have ended", r => Own(r, () =>
                new GovernanceWork(r.Services.Commands).OpenVoting(r.Context, r.Text("electionId"), r.Cancelled).Answered()))
            .For(Roles.Clerk).Refuses("nominations-open", "no-voters");
        api.Put<Ballot>(Route + "/ballots/{memberNo}", "Cast a member's one ballot", (r, b) =>
                Send(r, new Election.Command.Cast(r.Id<MemberNo>("memberNo"), b, r.Now)))
            .For(Roles.MemberApprover, Roles.Clerk).OfMember().Says("The clerk records a ballot that came on paper.")
            .Refuses("voting-not-open", "voting-closed", "member-may-not-vote", "member-has-voted", "candidate-unknown")
            .Example(() => new Ballot(StructuralMap<SeatId, PersonId>.Empty.Set(Seat, new("u-204"))));
        api.Post(Route + "/count", "Count, now that voting has ended", r => Own(r, () => Send(r, new Election.Command.Close(r.Now))))
            .For(Roles.Clerk).Refuses("voting-open", "voting-not-open");
        api.Post<TieEntry>(Route + "/ties", "Break a tie, as the election's rule says", (r, b) => Own(r, () =>
                Send(r, new Election.Command.BreakTie(b.Seat, b.Lot, b.Seed))))
            .For(Roles.Clerk).Refuses("no-tie", "tie-rule-differs", "winner-not-tied", "tie-broken-otherwise", "election-not-counted")
            .Example(() => new TieEntry(Seat, new("u-204")));
        api.Post<DayEntry>(Route + "/certification", "Certify who was elected", (r, b) => Own(r, () =>
                Send(r, new Election.Command.Certify(b.On))))
            .For(Roles.Clerk).Refuses("tie-not-broken", "election-not-counted").Example(() => new DayEntry(new(2027, 5, 20)));
    }

    private static Task<IResult> Send(ApiRequest r, string election, Election.Command command) =>
        r.Handle<Election, Election.Command, Election.State, Election.Event>(election, command);

    private static Task<IResult> Send(ApiRequest r, Election.Command command) => Send(r, r.Text("electionId"), command);

    private static Task<Loaded<Election.State>> Load(ApiRequest r) =>
        r.Load<Election, Election.Command, Election.State, Election.Event>(r.Text("electionId"));

    /// <summary>For the clerk of another cooperative the election does not exist.</summary>
    private static async Task<IResult> Own(ApiRequest r, Func<Task<IResult>> write) =>
        (await Load(r)).State.Terms is { } terms && BoardApi.Mine(r, terms.Cooperative) ? await write() : Answer.NotFound;

    private static async Task<IResult> Find(ApiRequest r)
    {
        var loaded = await Load(r);
        if (loaded.State.Terms is not { } terms) return Answer.NotFound;
        var count = loaded.State switch
        {
            Election.State.Counted c => c,
            Election.State.Certified c => c.Count,
            _ => null,
        };
        var voting = loaded.State as Election.State.Voting;
        var candidates = count?.Candidates ?? voting?.Candidates ?? ((Election.State.Nominating)loaded.State).Candidates;
        return Answer.Versioned(
            new ElectionView(
                terms, JsonNamingPolicy.CamelCase.ConvertName(loaded.State.GetType().Name), [.. candidates.Values], voting?.Voters ?? [],
                [.. voting?.Ballots.Keys ?? []], count?.Results ?? [], [.. count?.Ties.Values ?? []],
                (loaded.State as Election.State.Certified)?.Elected ?? []),
            loaded.Version);
    }
}
