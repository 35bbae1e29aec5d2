using System.Globalization;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Programs;

namespace SSC.Purchasing.Host.Api.Resources;

/// <summary>A team's seed.</summary>
/// <param name="Seed">1 for the first.</param>
public sealed record SeedEntry(int Seed);

/// <summary>The round that a team goes on to.</summary>
/// <param name="Round">One more than the last.</param>
public sealed record RoundEntry(int Round);

/// <summary>Teams of student challenges; students are nowhere named.</summary>
internal static class TeamsApi
{
    private const string Route = "/teams/{offeringId}/{memberNo}/{number}";

    public static void Map(ApiRoutes routes)
    {
        var api = routes.Under("Teams");
        api.List<TeamRow>("/teams", "Teams by offering, member and tier", r => r.ListOwn(
                Modules.Teams, [("offering", r.Query("offering")), ("member", r.Query("member")), ("tier", r.Query("tier"))], row =>
                    row.Row, row => new(row.Member, Offering: row.Offering)))
            .OnlyWhen(JointOrdersApi.NotVendor).Takes("offering", "Only of this offering.").Takes("member", "Only of this member.")
            .Takes("tier", "Only in this tier, e.g. `AA`.");
        api.Post<TeamEntry>("/teams", "Register a team on one of the member's confirmed places", Register)
            .For(Roles.MemberBuyer, Roles.ProgramAdmin).Creates().About<TeamEntry>(b => b.Member, b => new(Offering: b.Offering))
            .Refuses("team-exists", "team-without-place", "team-number-invalid", "tier-unknown", "students-out-of-range", "label-missing")
            .Example(() => new TeamEntry(new("KB-2027"), new("M-003"), 1, "Austin A", 5));
        api.Put<SeedEntry>(Route + "/seed", "Seed a team in its tier", (r, b) => Send(r, new Team.Command.Seed(b.Seed)))
            .For(Roles.ProgramAdmin).Refuses("seed-out-of-range", "team-withdrawn", "team-unknown").Example(() => new SeedEntry(3));
        api.Put<RoundEntry>(Route + "/round", "A team goes on to the next round", (r, b) => Send(r, new Team.Command.Advance(b.Round)))
            .For(Roles.ProgramAdmin).Refuses("not-seeded", "round-not-next", "team-withdrawn", "team-unknown")
            .Example(() => new RoundEntry(1));
        api.Post<Because>(Route + "/withdrawal", "Withdraw a team; its place stays the member's", (r, b) =>
                Send(r, new Team.Command.Withdraw(b.Reason)))
            .ByMember().Refuses("team-unknown", "reason-missing").Example(() => new Because("Not enough students."));
    }

    private static async Task<IResult> Register(ApiRequest r, TeamEntry b) => r.Principal.SeesMember(b.Member)
        ? await ProgramsApi.Work(r).Teams.Register(r.Context, b, r.Cancelled).Answered()
            .Created(string.Create(CultureInfo.InvariantCulture, $"/teams/{b.Offering}/{b.Member}/{b.Number}"))
        : Answer.NotFound;

    private static Task<IResult> Send(ApiRequest r, Team.Command command) =>
        int.TryParse(r.Text("number"), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? r.Handle<Team, Team.Command, Team.State, Team.Event>(
                Team.Key(r.Id<OfferingId>("offeringId"), r.Id<MemberNo>("memberNo"), number), command)
            : throw new MalformedRequestException("number", "Expected the number of a team.");
}
