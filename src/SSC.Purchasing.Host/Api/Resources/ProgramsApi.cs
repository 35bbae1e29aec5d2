using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Programs;
using SSC.Purchasing.Sagas;

namespace SSC.Purchasing.Host.Api.Resources;

/// <summary>A program to draft.</summary>
/// <param name="Id">Its id, e.g. <c>PD-math</c>.</param>
/// <param name="Title">What members call it.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Cooperative">Whose it is; the caller's own when left out.</param>
public sealed record ProgramEntry(ProgramId Id, string Title, ProgramKind Kind, CooperativeId? Cooperative = null);

/// <summary>A program as it is at a moment.</summary>
/// <param name="Id">Id.</param>
/// <param name="Title">What members call it.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Cooperative">Whose it is.</param>
/// <param name="Phase">How far it has come.</param>
/// <param name="Pricing">What it costs.</param>
/// <param name="Eligibility">Who may take part.</param>
/// <param name="Refunds">What comes back when seats are given up.</param>
/// <param name="Tiers">Tiers of its teams.</param>
public sealed record ProgramView(
    ProgramId Id, string Title, ProgramKind Kind, CooperativeId Cooperative, ProgramPhase Phase, ProgramPricing? Pricing,
    ProgramEligibility Eligibility, RefundPolicy Refunds, TierBands? Tiers);

/// <summary>Programs: what the cooperative offers, to whom, at what price.</summary>
internal static class ProgramsApi
{
    private const string Route = "/programs/{programId}";

    public static void Map(ApiRoutes routes)
    {
        var api = routes.Under("Programs");
        api.List<ProgramView>("/programs", "List programs", r => r.ListOwn(
                Modules.Programs, [("kind", r.Word<ProgramKind>("kind")?.ToString()), ("phase", r.Word<ProgramPhase>("phase")?.ToString())],
                row => View(row.Row.Program, row.Row.State), row => new(Cooperative: row.State.Cooperative)))
            .OnlyWhen(JointOrdersApi.NotVendor)
            .Takes("kind", "Only of this kind, e.g. `professionalDevelopment`.").Takes("phase", "Only in this phase, e.g. `published`.");
        api.Get<ProgramView>(Route, "One program, now or as of a moment", Find).AsOf().OnlyWhen(JointOrdersApi.NotVendor);
        api.Post<ProgramEntry>("/programs", "Draft a program", (r, b) =>
                Send(r, b.Id.Value, new CoopProgram.Command.Draft(b.Id, b.Title, b.Kind, b.Cooperative ?? Own(r)))
                    .Created($"/programs/{b.Id}"))
            .For(Roles.ProgramAdmin).Creates().Of<ProgramEntry>(b => b.Cooperative)
            .Refuses("program-exists", "program-malformed", "title-missing")
            .Example(() => new ProgramEntry(new("PD-math"), "Number sense in the primary grades", ProgramKind.ProfessionalDevelopment));
        api.Put<ProgramPricing>(Route + "/pricing", "Set what it costs from now on; what members were quoted stays",
                (r, b) => new GatedByResolution(r.Services.Commands).SetPricing(
                    r.Context, r.Id<ProgramId>("programId"), b, Cited(r), r.Cancelled).Answered())
            .For(Roles.ProgramAdmin).Says("Other prices of a published program need an adopted resolution of its board.")
            .Takes("resolution", "The resolution on the program's fees, e.g. `R-2026-014`.")
            .Refuses("pricing-empty", "price-out-of-range", "price-steps-invalid", "discounts-invalid", "surcharge-invalid",
                "resolution-missing", "resolution-not-effective")
            .Example(() => new ProgramPricing(new([new(new(2026, 7, 1), Money.FromDollars(49m), Money.FromDollars(49m))])));
        api.Put<ProgramEligibility>(Route + "/eligibility", "Set which members and grades may take part",
                (r, b) => Send(r, new CoopProgram.Command.SetEligibility(b)))
            .For(Roles.ProgramAdmin).Refuses("eligibility-invalid").Example(() => new ProgramEligibility(["Education", "Associate"], 4, 8));
        api.Put<RefundPolicy>(Route + "/refund-policy", "Set what comes back, by the days left to the start",
                (r, b) => Send(r, new CoopProgram.Command.SetRefundPolicy(b)))
            .For(Roles.ProgramAdmin).Refuses("refund-tiers-invalid").Example(() => new RefundPolicy([new(14, 10_000), new(7, 5_000)]));
        api.Put<TierBands>(Route + "/tiers", "Set the tiers of teams by enrollment", (r, b) => Send(r, new CoopProgram.Command.SetTiers(b)))
            .For(Roles.ProgramAdmin).Refuses("tier-bands-invalid")
            .Example(() => new TierBands(new(2026, 7, 1), "Rules of the challenge 2026-27", [new("A", 1_000), new("AA", null)]));
        api.Post(Route + "/publication", "Publish it", r => Send(r, new CoopProgram.Command.Publish()))
            .For(Roles.ProgramAdmin).Refuses("pricing-missing", "program-unknown", "program-retired");
        api.Post<Because>(Route + "/retirement", "Offer it no more", (r, b) => Send(r, new CoopProgram.Command.Retire(b.Reason)))
            .For(Roles.ProgramAdmin).Refuses("program-unknown").Example(() => new Because("Replaced by a new course."));
        api.List<ChargeFact>("/program-charges", "What members owe and get back for programs and services; a member sees its own",
                r => r.ListOwn(Modules.ProgramCharges,
                    [("member", r.Principal.Member?.Value ?? r.Query("member")), ("source", r.Query("source"))], row => row.Row,
                    row => new(row.Member)))
            .OnlyWhen(JointOrdersApi.NotVendor).Takes("member", "Only of this member.").Takes("source",
                "Only from here, e.g. `enrollment`.");
    }

    /// <summary>The work of programs over this service's store.</summary>
    internal static ProgramWork Work(ApiRequest r) => new(r.Services.Commands, r.Services.Models);

    /// <summary>Who may act for the member: itself, or the program administrator.</summary>
    internal static ApiOperation ByMember(this ApiOperation operation) => operation.For(Roles.MemberBuyer, Roles.ProgramAdmin).OfMember();

    private static ResolutionId? Cited(ApiRequest r) => r.Query("resolution") is not { } text ? null
        : Id.IsWellFormed(text) ? new ResolutionId(text)
        : throw new MalformedRequestException("resolution", "Name a resolution by its id, e.g. R-2026-014.");

    private static CooperativeId? Own(ApiRequest r) =>
        r.Principal.Organization is { Kind: OrganizationKind.Cooperative, Id: var id } ? new(id) : null;

    private static ProgramView View(ProgramId id, CoopProgram.State s) =>
        new(id, s.Title, s.Kind, s.Cooperative, s.Phase, s.Pricing, s.Eligibility, s.Refunds, s.Tiers);

    private static Task<IResult> Send(ApiRequest r, CoopProgram.Command command) => Send(r, r.Id<ProgramId>("programId").Value, command);

    private static Task<IResult> Send(ApiRequest r, string id, CoopProgram.Command command) =>
        r.Handle<CoopProgram, CoopProgram.Command, CoopProgram.State, CoopProgram.Event>(id, command);

    private static async Task<IResult> Find(ApiRequest r)
    {
        var id = r.Id<ProgramId>("programId");
        var loaded = await r.Load<CoopProgram, CoopProgram.Command, CoopProgram.State, CoopProgram.Event>(id.Value);
        return Answer.Versioned(loaded.Version == 0 ? null : View(id, loaded.State), loaded.Version);
    }
}
