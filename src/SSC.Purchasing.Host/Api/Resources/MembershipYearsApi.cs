using System.Globalization;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Sagas;

namespace SSC.Purchasing.Host.Api.Resources;

/// <summary>Membership fees to adopt.</summary>
/// <param name="Fees">The fees.</param>
/// <param name="From">First day on which a fee is assessed by them.</param>
/// <param name="Resolution">The board's resolution of kind FeeSchedule about <c>MEMBERSHIP-FEES:{cooperative}</c>.</param>
public sealed record FeesEntry(MembershipFees Fees, DateOnly From, ResolutionId Resolution);

/// <summary>A cooperative's membership fees.</summary>
/// <param name="Adopted">Every schedule adopted, oldest first.</param>
public sealed record FeesView(StructuralList<AdoptedFees> Adopted);

/// <summary>A payment of a fee outside an invoice.</summary>
/// <param name="Reference">E.g. the check's number.</param>
/// <param name="On">Its day.</param>
public sealed record FeePaymentEntry(string Reference, DateOnly On);

/// <summary>A plan that members have got.</summary>
/// <param name="DocumentHash">SHA-256 of the plan.</param>
/// <param name="Members">Who has got it.</param>
/// <param name="On">When.</param>
public sealed record PlanDelivery(string DocumentHash, StructuralList<MemberNo> Members, DateOnly On);

/// <summary>Membership years, their fees, and the annual plan that members get.</summary>
internal static class MembershipYearsApi
{
    private const string Fees = "/membership-fees/{cooperative}";
    private const string Year = "/membership-years/{memberNo}/{year}";
    private const string Plan = "/annual-plans/{cooperative}/{year}";

    public static void Map(ApiRoutes routes)
    {
        var api = routes.Under("Membership years");
        api.List<MembershipYearRow>("/membership-years", "List membership years and their fees", r => r.ListOwn(
                Modules.MembershipYears,
                [
                    ("member", r.Principal.Member?.Value ?? r.Query("member")), ("cooperative", r.Query("cooperative")),
                    ("standing", r.Word<MembershipStanding>("standing")?.ToString()),
                ],
                row => row.Row, row => new(Cooperative: row.Fee.Cooperative)))
            .OnlyWhen(r => r.Principal.Vendor is null).Says("A member sees its own years.")
            .Takes("member", "Only of this member.").Takes("cooperative", "Only of this cooperative.")
            .Takes("standing", "`owed`, `paid` or `lapsed`.");
        api.Get<FeesView>(Fees, "A cooperative's membership fees, now or as of a moment", FindFees).AsOf();
        api.Post<FeesEntry>(Fees, "Adopt membership fees, by resolution of the board", (r, b) =>
                new GatedByResolution(r.Services.Commands)
                    .AdoptFees(r.Context, r.Id<CooperativeId>("cooperative"), b.Fees, b.From, b.Resolution, r.Cancelled).Answered())
            .For(Roles.Clerk, Roles.Coordinator).OnlyWhen(BoardApi.OwnBoard)
            .Refuses("resolution-missing", "resolution-not-effective", "fee-out-of-range", "fees-not-later")
            .Example(() => new FeesEntry(
                new(Money.FromDollars(250m), Money.FromDollars(400m), 30, 60), new(2026, 7, 1), new("R-2026-007")));
        api.Post<FeePaymentEntry>(Year + "/payment", "Record a fee that was paid outside an invoice", (r, b) => Send(r, b))
            .For(Roles.Clerk, Roles.Coordinator).Refuses("membership-year-unknown", "fee-already-paid")
            .Example(() => new FeePaymentEntry("check 5521", new(2026, 7, 20)));
        MapPlans(routes.Under("Annual plans"));
    }

    private static void MapPlans(ApiRoutes api)
    {
        api.List<AnnualPlanRow>("/annual-plans", "List annual plans (Minn. Stat. 123A.21: due to members by 1 June)", r => r.List(
                Modules.AnnualPlans, [("cooperative", r.Query("cooperative"))], row => row.Row))
            .Takes("cooperative", "Only of this cooperative.");
        api.Post(Plan, "Note that a plan is due for a fiscal year", r => OfPlan(r, new AnnualPlan.Command.Schedule(
                r.Id<CooperativeId>("cooperative"), YearOf(r))))
            .For(Roles.Clerk).OnlyWhen(BoardApi.OwnBoard).Refuses("year-out-of-range");
        api.Post<PlanDelivery>(Plan + "/delivery", "Record that members have got the plan", (r, b) => OfPlan(
                r, new AnnualPlan.Command.Deliver(b.DocumentHash, b.Members, b.On)))
            .For(Roles.Clerk).OnlyWhen(BoardApi.OwnBoard)
            .Refuses("plan-unknown", "plan-differs", "document-hash-malformed", "members-missing")
            .Example(() => new PlanDelivery(new string('0', 64), [new("M-001"), new("M-002")], new(2026, 5, 20)));
    }

    private static int YearOf(ApiRequest r) => int.TryParse(r.Text("year"), NumberStyles.None, CultureInfo.InvariantCulture, out var year)
        ? year
        : throw new MalformedRequestException("year", "Give a fiscal year by the year in which it ends, e.g. 2027.");

    private static async Task<IResult> FindFees(ApiRequest r)
    {
        var loaded = await r.Load<FeeSchedule, FeeSchedule.Command, FeeSchedule.State, FeeSchedule.Event>(
            r.Id<CooperativeId>("cooperative").Value);
        return Answer.Versioned(loaded.Version == 0 ? null : new FeesView(loaded.State.Adopted), loaded.Version);
    }

    private static Task<IResult> Send(ApiRequest r, FeePaymentEntry body) =>
        r.Handle<MembershipYear, MembershipYear.Command, MembershipYear.State, MembershipYear.Event>(
            MembershipYear.Key(r.Id<MemberNo>("memberNo"), YearOf(r)),
            new MembershipYear.Command.RecordPayment(body.Reference, body.On));

    private static Task<IResult> OfPlan(ApiRequest r, AnnualPlan.Command command) =>
        r.Handle<AnnualPlan, AnnualPlan.Command, AnnualPlan.State, AnnualPlan.Event>(
            AnnualPlan.Key(r.Id<CooperativeId>("cooperative"), YearOf(r)), command);
}
