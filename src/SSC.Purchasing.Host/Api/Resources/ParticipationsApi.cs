using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Procurement.Contracts;

namespace SSC.Purchasing.Host.Api.Resources;

/// <summary>The agreement by which a member's governing body joins a contract.</summary>
/// <param name="ResolvedOn">Day of the resolution.</param>
/// <param name="Scope">Orders of the member's cooperative, or statewide ones too.</param>
/// <param name="ValidFrom">First day it holds.</param>
/// <param name="ValidUntil">Last day it holds.</param>
/// <param name="Resolution">Number of the resolution.</param>
public sealed record AgreementEntry(DateOnly ResolvedOn, ContractScope Scope, DateOnly ValidFrom, DateOnly? ValidUntil = null,
    string? Resolution = null);

/// <summary>Which member may order under which contract.</summary>
internal static class ParticipationsApi
{
    private const string Route = "/contracts/{contractId}/participations/{memberNo}";

    public static void Map(ApiRoutes routes)
    {
        var api = routes.Under("Participations");
        api.List<ParticipationEntry>("/participations", "List participations; a member sees its own", r => r.List(
                Modules.Participations, [("contract", r.Query("contract")), ("member", r.Principal.Member?.Value ?? r.Query("member"))],
                    row => row.Row))
            .OnlyWhen(JointOrdersApi.NotVendor).Takes("contract", "Only of this contract.").Takes("member", "Only of this member.");
        api.Get<ParticipationEntry>(Route, "One participation, now or as of a moment", Find).AsOf().OfMember();
        api.Put<AgreementEntry>(Route, "Record the agreement by which a member joins", (r, b) => Send(r, new Participation.Command.Join(
                new(r.Id<ContractId>("contractId"), r.Id<MemberNo>("memberNo"), b.ResolvedOn, b.Scope, b.ValidFrom,
                    b.ValidUntil) { Resolution = b.Resolution })))
            .For(Roles.Coordinator, Roles.Clerk).OfMember()
            .Refuses("agreement-before-resolution", "agreement-dates-wrong", "participation-suspended")
            .Example(() => new AgreementEntry(new(2026, 6, 9), ContractScope.Cooperative, new(2026, 7, 1), null, "2026-44"));
        api.Put<ParticipationLimits>(Route + "/limits", "Limit what may be ordered without asking the governing body", (r, b) =>
            Send(r, new Participation.Command.SetLimits(b)))
            .For(Roles.MemberApprover, Roles.Coordinator).OfMember().Refuses("limit-invalid", "participation-not-joined")
            .Example(() => new ParticipationLimits(Money.FromDollars(200_000m), Money.FromDollars(50_000m)));
        api.Post<Because>(Route + "/suspension", "Stop new orders of this member", (r, b) =>
            Send(r, new Participation.Command.Suspend(b.Reason)))
            .For(Roles.Coordinator).OfMember().Refuses("participation-not-joined", "reason-missing")
            .Example(() => new Because("The agreement is under review."));
        api.Delete(Route + "/suspension", "Allow new orders of this member again", r => Send(r, new Participation.Command.Resume()))
            .For(Roles.Coordinator).OfMember().Refuses("participation-not-joined");
    }

    private static string Key(ApiRequest r) => Participation.Key(r.Id<ContractId>("contractId"), r.Id<MemberNo>("memberNo"));

    private static Task<IResult> Send(ApiRequest r, Participation.Command command) =>
        r.Handle<Participation, Participation.Command, Participation.State, Participation.Event>(Key(r), command);

    private static async Task<IResult> Find(ApiRequest r)
    {
        var loaded = await r.Load<Participation, Participation.Command, Participation.State, Participation.Event>(Key(r));
        return Answer.Versioned(
            loaded.State switch
            {
                Participation.State.Active a => new ParticipationEntry(a.Agreement, a.Limits),
                Participation.State.Suspended s => new ParticipationEntry(s.Agreement, s.Limits, s.Reason),
                _ => null,
            },
            loaded.Version);
    }
}
