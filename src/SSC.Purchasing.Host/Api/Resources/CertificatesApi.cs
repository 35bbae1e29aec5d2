using System.Text;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Programs;

namespace SSC.Purchasing.Host.Api.Resources;

/// <summary>Minutes of people in sessions.</summary>
/// <param name="Marks">Each person and session once.</param>
public sealed record MarksEntry(StructuralList<AttendanceMark> Marks);

/// <summary>Attendance, clock hours and certificates.</summary>
internal static class CertificatesApi
{
    private const string Sheet = "/offerings/{offeringId}/attendance";

    private static readonly string[] Reading = ["GET", "HEAD"];

    public static void Map(ApiRoutes routes)
    {
        var api = routes.Under("Attendance and certificates");
        api.Get<AttendanceSheet.State>(Sheet, "The attendance sheet, now or as of a moment", Find).AsOf().For(Roles.ProgramAdmin);
        api.Post(Sheet, "Open the sheet for the offering's sessions", r =>
                ProgramsApi.Work(r).OpenAttendance(r.Context, Offering(r), r.Cancelled).Answered())
            .For(Roles.ProgramAdmin).Refuses("offering-unknown", "attendance-exists");
        api.Post<MarksEntry>(Sheet + "/marks", "Mark minutes attended; the last mark holds", (r, b) =>
                Send(r, new AttendanceSheet.Command.Mark(b.Marks)))
            .For(Roles.ProgramAdmin)
            .Refuses("attendance-not-open", "attendance-closed", "marks-invalid", "session-unknown", "minutes-out-of-range")
            .Example(() => new MarksEntry([new(1, new("T-17"), new("M-001"), 60)]));
        api.Post(Sheet + "/closing", "Close the sheet: clock hours are reckoned and certificates issued", r =>
                Send(r, new AttendanceSheet.Command.Close(r.Now)))
            .For(Roles.ProgramAdmin).Refuses("attendance-not-open", "too-early");
        api.List<CertificateRow>("/certificates", "Certificates; a member sees those of its people", r => r.ListOwn(
                Modules.Certificates, [("member", r.Principal.Member?.Value ?? r.Query("member")), ("offering", r.Query("offering"))],
                row => row.Row, row => new(Program: row.State.Text?.Program)))
            .OnlyWhen(JointOrdersApi.NotVendor).Takes("member", "Only of this member.").Takes("offering", "Only of this offering.");
        api.Get<string>("/certificates/{code}/print", "A certificate to print, with the person's name while it is kept", Print)
            .Says("`text/html`, one page; anybody can verify its code at `/verify/{code}`.").OnlyWhen(JointOrdersApi.NotVendor);
        api.Post<Because>("/certificates/{code}/revocation", "Revoke a certificate", (r, b) =>
                r.Handle<Certificate, Certificate.Command, Certificate.State, Certificate.Event>(
                    r.Text("code"), new Certificate.Command.Revoke(b.Reason)))
            .For(Roles.ProgramAdmin).Refuses("certificate-unknown", "reason-missing")
            .Example(() => new Because("Attendance was marked for the wrong person."));
    }

    /// <summary><c>/verify/{code}</c>: whether a certificate holds and what it says, without a key and without a name.</summary>
    public static void MapCertificateVerification(this IEndpointRouteBuilder routes, Node node) =>
        routes.MapMethods("/verify/{code}", Reading, (RequestDelegate)(async http =>
        {
            var code = http.Request.RouteValues["code"] as string;
            var state = Id.IsWellFormed(code) ? await Load(node.Api, code, http.RequestAborted) : Certificate.Initial;
            var page = CertificatePage.Verification(code ?? "", state);
            http.Response.Headers.CacheControl = "no-store";
            await Html(page, state.Text is null ? 404 : 200).ExecuteAsync(http);
        }));

    private static OfferingId Offering(ApiRequest r) => r.Id<OfferingId>("offeringId");

    private static Task<IResult> Send(ApiRequest r, AttendanceSheet.Command command) =>
        r.Handle<AttendanceSheet, AttendanceSheet.Command, AttendanceSheet.State, AttendanceSheet.Event>(Offering(r).Value, command);

    private static async Task<IResult> Find(ApiRequest r)
    {
        var loaded = await r.Load<AttendanceSheet, AttendanceSheet.Command, AttendanceSheet.State, AttendanceSheet.Event>(Offering(r)
            .Value);
        return Answer.Versioned(loaded.Version == 0 ? null : loaded.State, loaded.Version);
    }

    private static async Task<IResult> Print(ApiRequest r)
    {
        var code = r.Text("code");
        var state = await Load(r.Services, code, r.Cancelled);
        if (state.Text is not { } text || !r.Principal.SeesMember(text.Member)) return Answer.NotFound;
        var person = await r.Services.People.Find(
            r.Services.Tenant, SeatEnrollmentsApi.PersonId(text.Member, text.Participant), r.Cancelled);
        r.Http.Response.Headers.CacheControl = "private, no-store";
        return Html(CertificatePage.Print(code, state, person?.Name, $"{r.Http.Request.Scheme}://{r.Http.Request.Host}/verify/{code}"),
            200);
    }

    private static async Task<Certificate.State> Load(ApiServices services, string code, CancellationToken ct) =>
        (await services.Commands.Load<Certificate, Certificate.Command, Certificate.State, Certificate.Event>(
            services.Tenant, code, fresh: true, ct)).State;

    private static IResult Html(string page, int status) => Results.Content(page, "text/html; charset=utf-8", Encoding.UTF8, status);
}
