using System.Collections.Frozen;
using SSC.Purchasing.InsurancePool.Pools;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Programs;

namespace SSC.Purchasing.Host.Api;

/// <summary>
/// A cooperative's staff works for its own members, pools and programs: under these headings those of another cooperative do not exist for
/// it (404), and lists leave them out. Whoever takes part in a program of its own is its business too. Joint orders are made across
/// cooperatives and have rules of their own; the State's auditors see everything.
/// </summary>
internal static class OwnCooperative
{
    private static readonly FrozenSet<string> Headings = new[]
    {
        "Insurance pools", "Insurance pool years", "Insurance pool experience and reserves", "Insurance pool stop-loss",
        "Insurance pool distributions and assessments", "Insurance pool contributions", "Programs", "Offerings", "Enrollments", "Teams",
        "Services", "Attendance and certificates", "Calendars", "Member invoices", "Membership years",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Whom something is about: any of these may be named.</summary>
    /// <param name="Member">A member.</param>
    /// <param name="Pool">A pool.</param>
    /// <param name="Program">A program.</param>
    /// <param name="Offering">A date of a program.</param>
    /// <param name="Cooperative">A cooperative itself.</param>
    internal readonly record struct Subject(
        MemberNo? Member = null, string? Pool = null, ProgramId? Program = null, OfferingId? Offering = null,
        CooperativeId? Cooperative = null);

    /// <summary>True when what the route and the body name is not another cooperative's.</summary>
    public static async Task<bool> Holds(ApiOperation operation, ApiRequest r, object? body)
    {
        if (r.Principal.Organization.Kind != OrganizationKind.Cooperative || !Headings.Contains(operation.Tag)) return true;
        var named = body is null ? default : operation.NamedBy(body);
        if (!await Concerns(r, new(Cooperative: named.Cooperative, Program: named.Program))) return false;
        string? Route(string name) => r.Http.Request.RouteValues.TryGetValue(name, out var value) && Id.IsWellFormed(value as string)
            ? (string)value!
            : null;
        var pool = r.Http.Request.RouteValues.TryGetValue("invoice", out var invoice) ? ((string)invoice!).Split(':')[0] : Route("poolId");
        if (!await Concerns(r, new(Pool: Id.IsWellFormed(pool) ? pool : null))) return false;
        var by = body is null ? default : operation.TakenBy(body);
        var taken = new Subject(
            Program: by.Program is { } entered ? entered
                : Route("programId") is { } program ? new(program)
                : Route("serviceId") is { } service ? new(service)
                : Route("code") is { } code ? await OfCertificate(r, code) : null,
            Offering: by.Offering ?? (Route("offeringId") is { } offering ? new OfferingId(offering) : null));
        var members = new[] { Route("memberNo"), named.Member?.Value }.OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        if (members.Count == 0) return await Concerns(r, taken);
        foreach (var member in members.Where(m => Id.IsWellFormed(m)))
        {
            if (!await Concerns(r, taken with { Member = new(member) })) return false;
        }

        return true;
    }

    /// <summary>True when anything that is named is the caller's own cooperative's, or nothing is known of all that is named.</summary>
    internal static async Task<bool> Concerns(ApiRequest r, Subject subject)
    {
        var own = new CooperativeId(r.Principal.Organization.Id);
        var program = subject.Program ?? (subject.Offering is { } offering ? await OfOffering(r, offering) : null);
        CooperativeId?[] whose =
        [
            subject.Cooperative, subject.Member is { } member ? await OfMember(r, member) : null,
            subject.Pool is { } pool ? await OfPool(r, pool) : null, program is { } known ? await OfProgram(r, known) : null,
        ];
        return whose.All(w => w is null) || whose.Contains(own);
    }

    private static async Task<CooperativeId?> OfPool(ApiRequest r, string pool) =>
        (await r.Services.Commands.Load<Pool, Pool.Command, Pool.State, Pool.Event>(r.Services.Tenant, pool, ct: r.Cancelled))
            .State.Facts?.Cooperative;

    private static async Task<CooperativeId?> OfMember(ApiRequest r, MemberNo member) =>
        (await r.Services.Commands.Load<Member, Member.Command, Member.State, Member.Event>(
            r.Services.Tenant, member.Value, ct: r.Cancelled)).State is Member.State.Admitted s ? s.Cooperative : null;

    private static async Task<CooperativeId?> OfProgram(ApiRequest r, ProgramId program) =>
        (await r.Services.Commands.Load<CoopProgram, CoopProgram.Command, CoopProgram.State, CoopProgram.Event>(
            r.Services.Tenant, program.Value, ct: r.Cancelled)) is { Version: > 0 } known ? known.State.Cooperative : null;

    private static async Task<ProgramId?> OfOffering(ApiRequest r, OfferingId offering) =>
        (await r.Services.Commands.Load<SeatLedger, SeatLedger.Command, SeatLedger.State, SeatLedger.Event>(
            r.Services.Tenant, offering.Value, ct: r.Cancelled)).State.Terms?.Program;

    private static async Task<ProgramId?> OfCertificate(ApiRequest r, string code) =>
        (await r.Services.Commands.Load<Certificate, Certificate.Command, Certificate.State, Certificate.Event>(
            r.Services.Tenant, code, ct: r.Cancelled)).State.Text?.Program;
}
