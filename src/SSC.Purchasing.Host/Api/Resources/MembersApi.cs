using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Sagas;

namespace SSC.Purchasing.Host.Api.Resources;

/// <summary>A member as it is at a moment.</summary>
/// <param name="Member">Member number.</param>
/// <param name="Cooperative">The cooperative it belongs to.</param>
/// <param name="Facts">What it is.</param>
/// <param name="Sites">Where it takes deliveries, by site id.</param>
/// <param name="Approval">When its purchases need approval.</param>
/// <param name="LastDay">Last day of membership after notice.</param>
/// <param name="RejoinedFrom">First day after it had left.</param>
public sealed record MemberView(
    MemberNo Member, CooperativeId Cooperative, MemberFacts Facts, StructuralMap<SiteId, Site> Sites, ApprovalRules Approval,
    DateOnly? LastDay, DateOnly? RejoinedFrom);

/// <summary>An expulsion.</summary>
/// <param name="LastDay">Last day of membership.</param>
/// <param name="Resolution">The board's resolution of kind Expulsion about this member.</param>
public sealed record ExpulsionEntry(DateOnly LastDay, ResolutionId Resolution);

/// <summary>A readmission.</summary>
/// <param name="From">First day of membership.</param>
/// <param name="Resolution">The board's resolution of kind Other about this member.</param>
public sealed record ReadmissionEntry(DateOnly From, ResolutionId Resolution);

/// <summary>Members and their delivery sites.</summary>
internal static class MembersApi
{
    private static readonly SiteFacts School = new("High School", new(["100 Main Street"], "Rochester", "55901"))
    {
        DockInstructions = "Ring at door 7.",
        Windows = [new(DayOfWeek.Tuesday, new(7, 0), new(11, 0))],
    };

    private static readonly MemberFacts Facts = new("Rochester Public Schools", MemberType.Education, MemberKind.SchoolDistrict,
        "Olmsted", true, 17_600, 1_210);

    public static void Map(ApiRoutes routes)
    {
        var api = routes.Under("Members");
        api.List<MemberRow>("/members", "List members", List)
            .For(Roles.Coordinator, Roles.Operator, Roles.Clerk, Roles.PoolAdmin, Roles.ProgramAdmin, Roles.MemberBuyer,
                Roles.MemberApprover)
            .Says("Staff and auditors see every member; a member sees itself.")
            .Takes("cooperative", "Only members of this cooperative.")
            .Takes("type", "Only this type of membership, e.g. `education`.")
            .Takes("county", "Only members in this county.");
        api.Get<MemberView>("/members/{memberNo}", "One member, now or as of a moment", Find).AsOf().OfMember()
            .Shows(() => new MemberView(new("M-001"), new("SSC"), Facts, StructuralMap<SiteId,
                Site>.Empty.Set(new("M-001-HS"), new(School)), ApprovalRules.Default, null, null));
        api.Post<Member.Command.Admit>("/members", "Admit a member", (r, body) =>
            Send(r, body.Member, body).Created($"/members/{body.Member}"))
            .For(Roles.Coordinator, Roles.Operator).Creates().Refuses("member-exists", "voting-mismatch", "kind-mismatch")
            .Example(() => new Member.Command.Admit(new("M-001"), new("SSC"), Facts));
        api.Put<Member.Command.Correct>("/members/{memberNo}/facts", "Correct what is known of a member", Send)
            .For(Roles.Coordinator, Roles.Operator).Refuses("member-unknown", "member-left")
            .Example(() => new Member.Command.Correct("Rochester Public Schools", "Olmsted", 17_600, 1_210));
        api.Put<Member.Command.ChangeType>("/members/{memberNo}/type", "Change a member's type", Send)
            .For(Roles.Coordinator, Roles.Operator).Refuses("member-unknown", "member-left")
            .Example(() => new Member.Command.ChangeType(MemberType.Ccoga, MemberKind.City, true));
        api.Put<ApprovalRules>("/members/{memberNo}/approval-rules", "Set above which value a member's purchases need approval",
                (r, body) => Send(r, new Member.Command.SetApprovalRules(body)))
            .For(Roles.MemberApprover, Roles.Coordinator).OfMember().Refuses("threshold-out-of-range")
            .Example(() => new ApprovalRules(Money.FromDollars(10_000m), true));
        api.Post<Member.Command.Leave>("/members/{memberNo}/notice", "Give notice: the membership ends after a day", Send)
            .For(Roles.Coordinator, Roles.Clerk).Refuses("last-day-too-early").Example(() => new Member.Command.Leave(new(2027, 6, 30)));
        api.Post<Member.Command.Rejoin>("/members/{memberNo}/return", "Resume an ended membership", Send)
            .For(Roles.Coordinator, Roles.Clerk).Refuses("member-has-not-left", "rejoining-too-early")
            .Example(() => new Member.Command.Rejoin(new(2028, 7, 1)));
        api.Post<ExpulsionEntry>("/members/{memberNo}/expulsion", "Expel a member, by resolution of the board", (r, b) =>
                new GatedByResolution(r.Services.Commands)
                    .Expel(r.Context, r.Id<MemberNo>("memberNo"), b.LastDay, b.Resolution, r.Cancelled).Answered())
            .For(Roles.Clerk).Refuses("resolution-missing", "resolution-not-effective", "member-expelled", "member-unknown")
            .Example(() => new ExpulsionEntry(new(2027, 6, 30), new("R-2027-003")));
        api.Post<ReadmissionEntry>("/members/{memberNo}/readmission", "Take an expelled member back, by resolution", (r, b) =>
                new GatedByResolution(r.Services.Commands)
                    .Readmit(r.Context, r.Id<MemberNo>("memberNo"), b.From, b.Resolution, r.Cancelled).Answered())
            .For(Roles.Clerk).Refuses("resolution-missing", "member-not-expelled", "rejoining-too-early")
            .Example(() => new ReadmissionEntry(new(2029, 7, 1), new("R-2029-011")));
        api.Import<MemberListAnswer>("/members/import", "Bring the members up to a list (CSV or XLSX)", Import)
            .For(Roles.Coordinator, Roles.Operator).Says("With `dryRun=true` nothing is recorded. A bad row refuses the whole file.")
            .Takes("cooperative", "Whose members they are; the caller's own unless told.")
            .Takes("dryRun", "`true` to see what would change.")
            .Refuses("rows-at-fault", "list-empty", "column-repeated");
        MapSites(routes.Under("Sites"));
    }

    private static void MapSites(ApiRoutes api)
    {
        api.List<SiteRow>("/sites", "List delivery sites", Sites)
            .For(Roles.Coordinator, Roles.Operator, Roles.MemberBuyer, Roles.MemberApprover)
            .Says("Staff and auditors see every site; a member sees its own.").Takes("member", "Only sites of this member.");
        api.Get<SiteRow>("/members/{memberNo}/sites/{siteId}", "One site, now or as of a moment", FindSite).AsOf().OfMember()
            .Shows(() => new SiteRow(new("M-001"), new("M-001-HS"), School, true));
        api.Post<Member.Command.AddSite>("/members/{memberNo}/sites", "Add a delivery site",
                (r, body) => Send(r, body).Created($"/members/{r.Text("memberNo")}/sites/{body.Site}"))
            .For(Roles.MemberBuyer, Roles.Coordinator, Roles.Operator).OfMember().Creates()
            .Refuses("site-exists", "site-closed", "too-many-sites", "zip-malformed")
            .Example(() => new Member.Command.AddSite(new("M-001-HS"), School));
        api.Put<SiteFacts>("/members/{memberNo}/sites/{siteId}", "Replace what is known of a site",
                (r, body) => Send(r, new Member.Command.ChangeSite(r.Id<SiteId>("siteId"), body)))
            .For(Roles.MemberBuyer, Roles.Coordinator, Roles.Operator).OfMember().Refuses("site-unknown", "site-closed")
            .Example(() => School);
        api.Delete("/members/{memberNo}/sites/{siteId}", "Take no more deliveries at a site",
                r => Send(r, new Member.Command.CloseSite(r.Id<SiteId>("siteId"))))
            .For(Roles.MemberBuyer, Roles.Coordinator, Roles.Operator).OfMember().Refuses("site-unknown");
    }

    private static async Task<IResult> Import(ApiRequest r, Upload upload)
    {
        var cooperative = r.Query("cooperative") ?? r.Principal.Organization.Id;
        if (!Id.IsWellFormed(cooperative)) throw new MalformedRequestException("cooperative", "Give the cooperative's id, e.g. SSC.");
        var dryRun = r.Flag("dryRun");
        var (no, answer, last) = await Imports.Members(r.Services, r.Context, upload.Content, new(cooperative), dryRun, r.Cancelled);
        if (no is not null) return Answer.Problem(Problem.Refused(no));
        if (answer is null) return Answer.Of(last!);
        if (answer.Report.Faults.Count > 0 && !dryRun) return Answer.Problem(Imports.Problem(answer.Report));
        return last is null ? Answer.View(answer) : Answer.Of(last).With(answer);
    }

    private static Task<IResult> Send(ApiRequest r, MemberNo member, Member.Command command) =>
        r.Handle<Member, Member.Command, Member.State, Member.Event>(member.Value, command);

    private static Task<IResult> Send(ApiRequest r, Member.Command command) => Send(r, r.Id<MemberNo>("memberNo"), command);

    private static async Task<IResult> Find(ApiRequest r)
    {
        var loaded = await Load(r);
        return Answer.Versioned(
            loaded.State is Member.State.Admitted m
                ? new MemberView(m.Member, m.Cooperative, m.Facts, m.Sites, m.Approval, m.LastDay, m.RejoinedFrom)
                : null,
            loaded.Version);
    }

    private static async Task<IResult> FindSite(ApiRequest r)
    {
        var loaded = await Load(r);
        var id = r.Id<SiteId>("siteId");
        return Answer.Versioned(
            loaded.State is Member.State.Admitted m && m.Sites.TryGetValue(id, out var site)
                ? new SiteRow(m.Member, id, site.Facts, site.Open) : null,
            loaded.Version);
    }

    private static Task<Loaded<Member.State>> Load(ApiRequest r) =>
        r.Load<Member, Member.Command, Member.State, Member.Event>(r.Text("memberNo"));

    private static Task<IResult> List(ApiRequest r) => r.Principal.Member is { } self
        ? r.Only(Modules.Members, self.Value, row => row)
        : r.List(
            Modules.Members,
            [("cooperative", r.Query("cooperative")), ("type", r.Word<MemberType>("type")?.ToString()), ("county", r.Query("county"))],
            row => row.Row);

    private static Task<IResult> Sites(ApiRequest r) =>
        r.List(Modules.Sites, [("member", r.Principal.Member?.Value ?? r.Query("member"))], row => row.Row);
}
