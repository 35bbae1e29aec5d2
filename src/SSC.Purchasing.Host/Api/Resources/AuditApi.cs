using SSC.Purchasing.Audit;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;

namespace SSC.Purchasing.Host.Api.Resources;

/// <summary>The log, any aggregate at any time, and why a number is what it is.</summary>
internal static class AuditApi
{
    private const string Stream = "/audit/streams/{stream}";

    public static void Map(ApiRoutes routes)
    {
        var api = routes.Under("Audit");
        api.Get<Page<AuditedEvent>>("/audit/events", "List recorded events", Events).For(Roles.Operator, Roles.Coordinator)
            .Says("Bodies are exactly what is stored: money is integer cents, unit prices integer micro-dollars.")
            .Takes("stream", "Only this stream, e.g. `joint-order-JO-2026-014`.").Takes("type", "Only these stored names, comma-separated.")
            .Takes("actor", "Only by this actor.").Takes("correlation", "Only of this correlation.")
            .Takes("from", "Recorded at or after this time.")
            .Takes("until", "Recorded before this time.").Takes("after", "Cursor: only events after this position.")
            .Takes("limit", "1 to 1,000; 100 unless told.");
        api.Get<AggregateAt>(Stream, "Any aggregate with its events, as of any time or position", At).For(Roles.Operator, Roles.Coordinator)
            .Takes("asOf", "RFC 3339 time or log position; now unless told.");
        api.Get<AggregateDifference>(Stream + "/difference", "What changed between two points, and by which events", Difference)
            .For(Roles.Operator, Roles.Coordinator).Takes("from", "RFC 3339 time or log position.")
            .Takes("to", "RFC 3339 time or log position; now unless told.");
        api.Get<ExplainedNumber>("/audit/explanations/{kind}", "Why this number", Explain)
            .For(
                Roles.Operator, Roles.Coordinator, Roles.Clerk, Roles.Director, Roles.PoolAdmin, Roles.ProgramAdmin, Roles.MemberBuyer,
                Roles.MemberApprover)
            .Says("Kind `joint-order-share` with `order`, `member` and `line` explains an allocated quantity, `pool-rate` with `pool`, "
                + "`year` and `member` a pool's rate, `enrollment-refund` and `waitlist-position` with `offering` and `member` a refund "
                + "and a place in line, `resolution-outcome` with `resolution` why a resolution was adopted or not. A member asks about "
                + "itself.")
            .Takes("order", "Joint order.").Takes("member", "Member.").Takes("line", "Line.").Takes("pool", "Pool.")
            .Takes("year", "Pool year.").Takes("offering", "Offering of a program.").Takes("resolution", "Resolution.")
            .Takes("asOf", "RFC 3339 time or log position; now unless told.");
        api.Get<ReplayReport>("/audit/replay", "Recompute every stored decision from its recorded inputs", Replay).For(Roles.Operator)
            .Says("Reads the whole log unless a stream is named; takes a while on a long one.")
            .Takes("stream", "Only the decisions of this stream.");
    }

    private static async Task<IResult> Events(ApiRequest r)
    {
        var page = await new EventQuery(r.Services.Commands.Store).List(
            new(r.Services.Tenant)
            {
                Stream = r.Query("stream"),
                Types = r.Query("type")?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
                Actor = r.Query("actor"),
                Correlation = r.Query("correlation"),
                From = r.Time("from"),
                Until = r.Time("until"),
                AfterPosition = r.Number("after") ?? 0,
                Limit = (int)(r.Number("limit", 1, EventSearch.MaxLimit) ?? 100),
            },
            r.Cancelled);
        return Answer.Page(r, page.Events, page.Next?.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    private static async Task<IResult> At(ApiRequest r) => Answer.View(
        await View(r).At(r.Services.Tenant, StreamName(r), Point(r, "asOf"), r.Cancelled));

    private static async Task<IResult> Difference(ApiRequest r) => Answer.View(
        await View(r).Difference(r.Services.Tenant, StreamName(r), Point(r, "from"), Point(r, "to"), r.Cancelled));

    private static async Task<IResult> Explain(ApiRequest r)
    {
        var kind = r.Text("kind");
        var parts = Modules.Explanations.FirstOrDefault(e => string.Equals(e.Kind, kind, StringComparison.Ordinal))?.Parts ?? [];
        var subject = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var part in parts)
        {
            if (r.Query(part) is { } value) subject[part] = value;
        }

        // What is about a member is that member's own; a resolution of the board is anybody's.
        if (r.Principal.Member is { } self && parts.Contains("member", StringComparer.Ordinal)
            && !string.Equals(subject.GetValueOrDefault("member"), self.Value, StringComparison.Ordinal)) return Answer.NotFound;
        return Answer.View(await new WhyThisNumber(r.Services.Commands.Store, Modules.Explanations).Explain(
            r.Services.Tenant, kind, subject, Point(r, "asOf"), r.Cancelled));
    }

    private static async Task<IResult> Replay(ApiRequest r) => Answer.View(
        await new ReplayCheck(r.Services.Commands.Store, Modules.Aggregates, Modules.Checks, r.Services.Clock).Run(
            new() { Tenant = r.Services.Tenant, Stream = r.Query("stream") }, ct: r.Cancelled));

    private static AggregateView View(ApiRequest r) => new(r.Services.Commands.Store, Modules.Aggregates);

    private static PointInHistory Point(ApiRequest r, string name) => PointInHistory.TryParse(r.Query(name))
        ?? throw new MalformedRequestException(name, "Expected a log position or an RFC 3339 time, e.g. 2026-03-06T18:00:00Z.");

    private static string StreamName(ApiRequest r) =>
        r.Http.Request.RouteValues["stream"] is string { Length: > 0 and <= 200 } name && CleanStringConverter.WhyUnclean(name) is null
            ? name
            : throw new MalformedRequestException("stream", "A stream's name has 1 to 200 characters.");
}
