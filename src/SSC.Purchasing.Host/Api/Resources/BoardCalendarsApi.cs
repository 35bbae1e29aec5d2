using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;

namespace SSC.Purchasing.Host.Api.Resources;

/// <summary>A board's calendar: elections, terms, the annual plan, what its pools wait for; and a director's own.</summary>
internal static class BoardCalendarsApi
{
    private const string Route = "/calendars/board/{cooperative}";

    public static void Map(ApiRoutes routes)
    {
        var api = routes.Under("Calendars");
        api.Get<string>(Route, "Deadlines of a board and of its pools, to subscribe to", r => Calendar(r, null))
            .OnlyWhen(r => JointOrdersApi.NotVendor(r)
                && (r.Principal.Organization.Kind != OrganizationKind.Cooperative || BoardApi.OwnBoard(r)))
            .Says("`text/calendar` (RFC 5545); the same thing always has the same UID.");
        api.Get<string>(Route + "/directors/{personId}", "A director's own: the board's, the end of the term, votes to cast", r =>
                Calendar(r, r.Id<PersonId>("personId")))
            .OnlyWhen(Own).Says("For the director, by its own user, and for the board's staff.");
    }

    private static bool Own(ApiRequest r) => BoardApi.OwnBoard(r)
        || string.Equals(r.Principal.Actor, $"user:{r.Id<PersonId>("personId")}", StringComparison.Ordinal);

    private static async Task<IResult> Calendar(ApiRequest r, PersonId? director)
    {
        var cooperative = r.Id<CooperativeId>("cooperative");
        var board = (await r.Load<Board, Board.Command, Board.State, Board.Event>(cooperative.Value)).State as Board.State.Constituted;
        var seats = board?.Seats.Where(s => s.Value.Holder is not null && (director is null || s.Value.Holder.Director.Person == director))
            .ToList() ?? [];
        if (board is null || (director is not null && seats.Count == 0)) return Answer.NotFound;
        if ((await r.Find(Modules.Elections, cooperative.Value)).Instead is { } behind) return behind;
        var calendar = new ICalendar(director is null ? $"Board of {cooperative}" : $"Board of {cooperative}, {director}");
        void At(string uid, DateOnly on, string summary) => calendar.Add($"{uid}@{r.Services.Tenant}", r.Now, on, summary);
        foreach (var (seat, held) in seats)
            At($"term-{cooperative}-{seat}-{held.Holder!.From:yyyyMMdd}", held.Holder.Until, $"Last day of the term of {seat}");
        foreach (var plan in await r.Rows(Modules.AnnualPlans, "cooperative", cooperative.Value))
        {
            if (plan.DeliveredOn is null)
                At($"annual-plan-{cooperative}-{plan.Year}", plan.DueOn, $"The annual plan {plan.Year} goes to the members");
        }

        var elections = await r.Rows(Modules.Elections, "cooperative", cooperative.Value);
        foreach (var election in elections.Where(e => e.CertifiedOn is null).Select(e => e.Terms))
        {
            foreach (var (what, at, summary) in new[]
            {
                ("nominations", election.NominationsUntil, "Nominations end"), ("voting", election.VotingUntil, "Voting ends"),
            })
            {
                calendar.Add($"{what}-{election.Election}@{r.Services.Tenant}", r.Now, at, at, $"{summary}: {election.Election}");
            }
        }

        await Votes(r, calendar, cooperative, director);
        await PoolDeadlines.OfBoard(r, calendar, cooperative);
        return Results.Text(calendar.ToString(), ICalendar.MediaType);
    }

    /// <summary>Meetings at which a roll is being called; a director's, while the answer is missing.</summary>
    private static async Task Votes(ApiRequest r, ICalendar calendar, CooperativeId cooperative, PersonId? director)
    {
        var resolutions = await r.Rows(Modules.Resolutions, "cooperative", cooperative.Value);
        foreach (var row in resolutions.Where(x => x.Standing == ResolutionStanding.Voting))
        {
            var loaded = await r.Services.Commands.Load<Resolution, Resolution.Command, Resolution.State, Resolution.Event>(
                r.Services.Tenant, row.Matter.Resolution.Value, ct: r.Cancelled);
            if (loaded.State is not Resolution.State.Voting voting) continue;
            if (director is { } person && (!voting.Roll.Directors.Contains(person) || voting.Votes.ContainsKey(person))) continue;
            calendar.Add(
                $"vote-{row.Matter.Resolution}-{voting.Roll.Meeting}@{r.Services.Tenant}", r.Now, voting.Roll.HeldOn,
                $"Vote on {row.Matter.Resolution}: {row.Matter.Title}");
        }
    }
}
