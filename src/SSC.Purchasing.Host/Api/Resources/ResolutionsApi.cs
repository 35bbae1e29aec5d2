using System.Text.Json;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Sagas;

namespace SSC.Purchasing.Host.Api.Resources;

/// <summary>A resolution as it is at a moment.</summary>
/// <param name="File">What it is about and who advised.</param>
/// <param name="Standing">Where it stands, e.g. <c>adopted</c>.</param>
/// <param name="Number">Its number in the minutes.</param>
/// <param name="RollCall">Who was called and how they answered: the one that is open, or the one that decided.</param>
/// <param name="Evidence">What commands may cite; absent unless it is adopted and not rescinded.</param>
public sealed record ResolutionView(
    ResolutionFile File, string Standing, string? Number, RollCallResult? RollCall, AdoptedResolution? Evidence);

/// <summary>The text of a draft.</summary>
/// <param name="Title">One line.</param>
/// <param name="DocumentHash">SHA-256 of the text on file.</param>
public sealed record DraftText(string Title, string? DocumentHash = null);

/// <summary>A recommendation to cite.</summary>
/// <param name="Committee">Committee.</param>
/// <param name="Recommendation">Its id there.</param>
public sealed record CitationEntry(string Committee, string Recommendation);

/// <summary>A meeting at which the roll is called.</summary>
/// <param name="Meeting">Its id.</param>
/// <param name="HeldOn">Its day.</param>
public sealed record RollCallEntry(string Meeting, DateOnly HeldOn);

/// <summary>A director's answer.</summary>
/// <param name="Vote">The answer.</param>
public sealed record VoteEntry(Vote Vote);

/// <summary>The end of a roll call.</summary>
/// <param name="Meeting">The meeting.</param>
/// <param name="Number">The resolution's number in the minutes.</param>
/// <param name="EffectiveOn">First day of its effect, if it is adopted.</param>
public sealed record OutcomeEntry(string Meeting, string Number, DateOnly EffectiveOn);

/// <summary>A resolution that something rests on.</summary>
/// <param name="Resolution">Its id.</param>
public sealed record ByResolution(ResolutionId Resolution);

/// <summary>The board's resolutions.</summary>
internal static class ResolutionsApi
{
    private const string Route = "/resolutions/{resolutionId}";

    private static readonly ResolutionMatter Rates = new(
        new("R-2026-014"), new("SSC"), ResolutionKind.RateAdoption, "POOL-SCHOOLS:2027", "Rates of the school pool for 2027");

    public static void Map(ApiRoutes routes)
    {
        var api = routes.Under("Resolutions");
        api.List<ResolutionRow>("/resolutions", "List resolutions", r => r.List(
                Modules.Resolutions,
                [
                    ("cooperative", r.Query("cooperative")), ("kind", r.Word<ResolutionKind>("kind")?.ToString()),
                    ("subject", r.Query("subject")), ("standing", r.Word<ResolutionStanding>("standing")?.ToString()),
                ],
                row => row.Row))
            .Takes("cooperative", "Only of this board.").Takes("kind", "Only about this, e.g. `rateAdoption`.")
            .Takes("subject", "Only about this subject.").Takes("standing", "Only in this standing, e.g. `adopted`.");
        api.Get<ResolutionView>(Route, "One resolution with its roll call, now or as of a moment", Find).AsOf();
        api.Post<ResolutionMatter>("/resolutions", "Draft a resolution", (r, b) => BoardApi.Mine(r, b.Cooperative)
                ? Send(r, b.Resolution, new Resolution.Command.Draft(b)).Created($"/resolutions/{b.Resolution}")
                : Task.FromResult(Answer.NotFound))
            .For(Roles.Clerk, Roles.Coordinator, Roles.PoolAdmin, Roles.ProgramAdmin).Creates()
            .Refuses("resolution-exists", "subject-malformed", "subject-is-itself").Example(() => Rates);
        Act<DraftText>(api, "PUT", "/text", "Change a draft's title and text",
            (r, b) => Send(r, new Resolution.Command.Redraft(b.Title, b.DocumentHash)), "resolution-not-a-draft", "document-hash-malformed")
            .Example(() => new DraftText("Rates of the school pool for plan year 2027"));
        Act<CitationEntry>(api, "POST", "/recommendations", "Cite what an advisory committee recommended",
            (r, b) => Gated(r).Cite(r.Context, Id(r), b.Committee, b.Recommendation, r.Cancelled).Answered(),
            "recommendation-unknown", "resolution-decided")
            .Example(() => new CitationEntry("ADMINISTRATORS", "REC-2026-3"));
        Act<DayEntry>(api, "POST", "/proposal", "Put it before the board", (r, b) => Send(r, new Resolution.Command.Propose(b.On)),
            "resolution-already-proposed").Example(() => new DayEntry(new(2026, 3, 11)));
        Act<RollCallEntry>(api, "POST", "/roll-call", "Call the roll on it at a meeting",
            (r, b) => new GovernanceWork(r.Services.Commands).CallRoll(r.Context, Id(r), b.Meeting, b.HeldOn, r.Cancelled).Answered(),
            "resolution-not-proposed", "roll-call-open", "meeting-before-proposal", "meeting-had-no-quorum", "board-empty")
            .Example(() => new RollCallEntry("BM-2026-03", new(2026, 3, 25)));
        api.Put<VoteEntry>(Route + "/votes/{personId}", "Record a director's answer", RecordVote).For(Roles.Clerk, Roles.Director)
            .Says("The clerk records any director's answer; a director's own user only its own.")
            .Refuses("roll-call-not-open", "director-not-on-roll", "resolution-decided").Example(() => new VoteEntry(Vote.For));
        Act<OutcomeEntry>(api, "POST", "/outcome", "Count, and declare the outcome",
            (r, b) => new GovernanceWork(r.Services.Commands).Declare(
                r.Context, Id(r), new(b.Meeting, b.Number, b.EffectiveOn), r.Cancelled).Answered(),
            "roll-call-not-open", "meeting-differs", "effective-before-meeting", "minutes-number-taken", "minutes-number-not-given")
            .Says("Adopted, rejected, or still before the board for want of a quorum: read the resolution. A number of the minutes is "
                + "that of one resolution of the board.")
            .Example(() => new OutcomeEntry("BM-2026-03", "2026-14", new(2026, 7, 1)));
        Act<Because>(api, "POST", "/withdrawal", "Take it back before it is decided",
            (r, b) => Send(r, new Resolution.Command.Withdraw(b.Reason)), "resolution-decided")
            .Example(() => new Because("The carrier re-priced."));
        Act<ByResolution>(api, "POST", "/rescission", "Undo it by a later resolution whose subject it is",
            (r, b) => Gated(r).Rescind(r.Context, Id(r), b.Resolution, r.Cancelled).Answered(),
            "resolution-missing", "resolution-not-adopted", "resolution-not-effective").Example(() => new ByResolution(new("R-2026-030")));
    }

    private static GatedByResolution Gated(ApiRequest r) => new(r.Services.Commands);

    private static ResolutionId Id(ApiRequest r) => r.Id<ResolutionId>("resolutionId");

    /// <summary>An act of the clerk; for the clerk of another cooperative the resolution does not exist.</summary>
    private static ApiOperation Act<TBody>(
        ApiRoutes api, string method, string path, string summary, Func<ApiRequest, TBody, Task<IResult>> write, params string[] codes)
        where TBody : class
    {
        async Task<IResult> Own(ApiRequest r, TBody body) =>
            (await Load(r)).State.File is { } file && BoardApi.Mine(r, file.Matter.Cooperative) ? await write(r, body) : Answer.NotFound;
        return (method is "PUT" ? api.Put<TBody>(Route + path, summary, Own) : api.Post<TBody>(Route + path, summary, Own))
            .For(Roles.Clerk).Refuses(codes);
    }

    private static Task<IResult> Send(ApiRequest r, ResolutionId resolution, Resolution.Command command) =>
        r.Handle<Resolution, Resolution.Command, Resolution.State, Resolution.Event>(resolution.Value, command);

    private static Task<IResult> Send(ApiRequest r, Resolution.Command command) => Send(r, Id(r), command);

    private static Task<Loaded<Resolution.State>> Load(ApiRequest r) =>
        r.Load<Resolution, Resolution.Command, Resolution.State, Resolution.Event>(Id(r).Value);

    private static async Task<IResult> RecordVote(ApiRequest r, VoteEntry body)
    {
        var director = r.Id<PersonId>("personId");
        var file = (await Load(r)).State.File;
        var clerk = file is not null && r.Principal.Has(Roles.Clerk) && BoardApi.Mine(r, file.Matter.Cooperative);
        var self = file is not null && r.Principal.Has(Roles.Director)
            && string.Equals(r.Principal.Actor, $"user:{director}", StringComparison.Ordinal);
        return clerk || self ? await Send(r, new Resolution.Command.RecordVote(director, body.Vote)) : Answer.NotFound;
    }

    private static async Task<IResult> Find(ApiRequest r)
    {
        var loaded = await Load(r);
        if (loaded.State.File is not { } file) return Answer.NotFound;
        var (number, result) = loaded.State switch
        {
            Resolution.State.Voting s => (null, new(s.Roll, s.Votes, Tally.Of(s.Roll, file.Matter.Kind, s.Votes))),
            Resolution.State.Adopted s => (s.Number, s.Result),
            Resolution.State.Rejected s => (s.Number, s.Result),
            Resolution.State.Rescinded s => (s.Was.Number, s.Was.Result),
            _ => ((string?)null, (RollCallResult?)null),
        };
        var standing = JsonNamingPolicy.CamelCase.ConvertName(loaded.State.GetType().Name);
        return Answer.Versioned(
            new ResolutionView(file, standing, number, result, Resolution.EvidenceOf(loaded.State)), loaded.Version);
    }
}
