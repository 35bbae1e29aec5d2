using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;

namespace SSC.Purchasing.Host.Api.Resources;

/// <summary>A committee as it is at a moment.</summary>
/// <param name="Committee">Its id.</param>
/// <param name="Cooperative">Whom it advises.</param>
/// <param name="Kind">Who sits on it.</param>
/// <param name="Name">Its name.</param>
/// <param name="Members">Opaque ids and the members they come from.</param>
/// <param name="Recommendations">What it recommended, in the order of its ids.</param>
public sealed record CommitteeView(
    string Committee, CooperativeId Cooperative, CommitteeKind Kind, string Name, StructuralMap<PersonId, MemberNo> Members,
    StructuralList<Recommendation> Recommendations);

/// <summary>Where somebody on a committee comes from.</summary>
/// <param name="Member">The member.</param>
public sealed record FromMember(MemberNo Member);

/// <summary>Advisory committees: they recommend and bind nobody.</summary>
internal static class CommitteesApi
{
    private const string Route = "/committees/{committeeId}";

    public static void Map(ApiRoutes routes)
    {
        var api = routes.Under("Committees");
        api.List<CommitteeRow>("/committees", "List advisory committees", r => r.List(
                Modules.Committees, [("cooperative", r.Query("cooperative"))], row => row.Row))
            .Takes("cooperative", "Only of this cooperative.");
        api.Get<CommitteeView>(Route, "One committee with its recommendations, now or as of a moment", Find).AsOf();
        api.Post<AdvisoryCommittee.Command.Establish>("/committees", "Set a committee up", (r, b) => BoardApi.Mine(r, b.Cooperative)
                ? Send(r, b.Committee, b).Created($"/committees/{b.Committee}")
                : Task.FromResult(Answer.NotFound))
            .For(Roles.Clerk).Creates().Refuses("committee-exists")
            .Example(() => new AdvisoryCommittee.Command.Establish(
                "CCOGA-COUNCIL", new("SSC"), CommitteeKind.CcogaCouncil, "CCOGA Advisory Council"));
        api.Put<FromMember>(Route + "/members/{personId}", "Let somebody sit on it", (r, b) => Own(r, () =>
                Send(r, new AdvisoryCommittee.Command.Seat(r.Id<PersonId>("personId"), b.Member))))
            .For(Roles.Clerk).Refuses("committee-unknown", "committee-full").Example(() => new FromMember(new("M-055")));
        api.Delete(Route + "/members/{personId}", "Somebody leaves it", r => Own(r, () =>
                Send(r, new AdvisoryCommittee.Command.Release(r.Id<PersonId>("personId")))))
            .For(Roles.Clerk).Refuses("committee-unknown");
        api.Post<Recommendation>(Route + "/recommendations", "Record what it recommends to the board", (r, b) => Own(r, () =>
                Send(r, new AdvisoryCommittee.Command.Recommend(b))))
            .For(Roles.Clerk).Refuses("recommendation-differs", "subject-malformed", "committee-unknown")
            .Example(() => new Recommendation(
                "REC-2026-3", ResolutionKind.RateAdoption, "POOL-CCOGA:2027", Advice.InFavor, new(2026, 3, 4)));
    }

    private static Task<IResult> Send(ApiRequest r, string committee, AdvisoryCommittee.Command command) =>
        r.Handle<AdvisoryCommittee, AdvisoryCommittee.Command, AdvisoryCommittee.State, AdvisoryCommittee.Event>(committee, command);

    private static Task<IResult> Send(ApiRequest r, AdvisoryCommittee.Command command) => Send(r, r.Text("committeeId"), command);

    private static Task<Loaded<AdvisoryCommittee.State>> Load(ApiRequest r) =>
        r.Load<AdvisoryCommittee, AdvisoryCommittee.Command, AdvisoryCommittee.State, AdvisoryCommittee.Event>(r.Text("committeeId"));

    private static async Task<IResult> Own(ApiRequest r, Func<Task<IResult>> write) =>
        (await Load(r)).State is AdvisoryCommittee.State.Established s && BoardApi.Mine(r, s.Cooperative)
            ? await write()
            : Answer.NotFound;

    private static async Task<IResult> Find(ApiRequest r)
    {
        var loaded = await Load(r);
        return Answer.Versioned(
            loaded.State is AdvisoryCommittee.State.Established s
                ? new CommitteeView(s.Committee, s.Cooperative, s.Kind, s.Name, s.Members, [.. s.Recommendations.Values])
                : null,
            loaded.Version);
    }
}
