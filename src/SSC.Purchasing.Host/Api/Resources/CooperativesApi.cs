using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;

namespace SSC.Purchasing.Host.Api.Resources;

/// <summary>A cooperative to enter.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Counties">Counties of its region.</param>
public sealed record CooperativeEntry(string Name, StructuralList<string> Counties);

/// <summary>The service cooperatives.</summary>
internal static class CooperativesApi
{
    private static readonly StatewideAgreement Agreement = new(new(2024, 7, 1), null, "Resolution 2024-31");

    public static void Map(ApiRoutes routes)
    {
        var api = routes.Under("Cooperatives");
        api.List<CooperativeRow>("/cooperatives", "List cooperatives", r => r.List(Modules.Cooperatives, [], row => row.Row));
        api.Get<CooperativeRow>("/cooperatives/{cooperative}", "One cooperative, now or as of a moment", Find).AsOf()
            .Shows(() => new CooperativeRow(new("SSC"), "Southeast Service Cooperative", ["Olmsted", "Winona"], Agreement));
        api.Put<CooperativeEntry>("/cooperatives/{cooperative}", "Enter a cooperative",
                (r, body) => Send(r, new Cooperative.Command.Register(new(r.Id<CooperativeId>("cooperative"), body.Name, body.Counties))))
            .For(Roles.Operator).Refuses("cooperative-exists")
            .Example(() => new CooperativeEntry("Southeast Service Cooperative", ["Olmsted", "Winona"]));
        api.Put<StatewideAgreement>("/cooperatives/{cooperative}/statewide-agreement", "Record the agreement for statewide orders",
                (r, body) => Send(r, new Cooperative.Command.SetStatewideAgreement(body)))
            .For(Roles.Operator, Roles.Coordinator).Refuses("cooperative-unknown", "agreement-ends-before-it-begins")
            .Example(() => Agreement);
    }

    private static Task<IResult> Send(ApiRequest r, Cooperative.Command command) =>
        r.Handle<Cooperative, Cooperative.Command, Cooperative.State, Cooperative.Event>(r.Text("cooperative"), command);

    private static async Task<IResult> Find(ApiRequest r)
    {
        var loaded = await r.Load<Cooperative, Cooperative.Command, Cooperative.State, Cooperative.Event>(r.Text("cooperative"));
        return Answer.Versioned(
            loaded.State is Cooperative.State.Registered c ? new CooperativeRow(c.Facts.Id, c.Facts.Name, c.Facts.Counties, c.Agreement)
                : null,
            loaded.Version);
    }
}
