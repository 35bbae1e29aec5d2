using SSC.Purchasing.InsurancePool.Distributions;
using SSC.Purchasing.InsurancePool.Participations;
using SSC.Purchasing.InsurancePool.Pools;
using SSC.Purchasing.InsurancePool.ReadModels;
using SSC.Purchasing.InsurancePool.Rules;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Sagas;

namespace SSC.Purchasing.Host.Api.Resources;

/// <summary>A pool to open.</summary>
/// <param name="Facts">What it is.</param>
/// <param name="Regime">Who is liable.</param>
/// <param name="From">First day of the parameters.</param>
/// <param name="Parameters">The parameters; defaults for what is left out.</param>
public sealed record PoolOpening(PoolFacts Facts, LiabilityRegime Regime, DateOnly From, PoolParameters? Parameters = null);

/// <summary>Parameters from a day on, by resolution.</summary>
public sealed record PoolAmendment(PoolParameters Parameters, DateOnly From, ResolutionId Resolution);

/// <summary>What is left of a pool and by what it is shared.</summary>
public sealed record PoolDissolution(Money Amount, StructuralList<DissolutionBasis> Bases, ResolutionId Resolution);

/// <summary>An application to a pool.</summary>
/// <param name="Resolution">The board's decision, where the bylaws leave it to the board.</param>
public sealed record PoolApplication(ResolutionId? Resolution = null);

/// <summary>Why an application is not approved.</summary>
public sealed record PoolRejection(RejectionReason Reason);

/// <summary>A signed joinder.</summary>
/// <param name="EffectiveOn">First day of coverage.</param>
public sealed record Joinder(DateOnly EffectiveOn);

/// <summary>A notice of withdrawal.</summary>
/// <param name="ExitOn">Last day of coverage.</param>
/// <param name="YearEnds">Last day of the plan year.</param>
public sealed record WithdrawalNotice(DateOnly ExitOn, DateOnly YearEnds);

/// <summary>An expulsion.</summary>
public sealed record PoolExpulsion(DateOnly LastDay, ResolutionId Resolution);

/// <summary>Insurance pools and who takes part in them.</summary>
internal static class PoolsApi
{
    private const string Route = "/pools/{poolId}", Part = Route + "/participants/{memberNo}";
    private static readonly ResolutionId Resolution = new("R-2027-014");

    public static void Map(ApiRoutes routes)
    {
        var api = routes.Under("Insurance pools");
        api.List<Pool.State>("/pools", "List insurance pools", r => r.ListOwn(
                PoolModels.Pools, [], row => row.Row, row => new(Cooperative: row.Facts?.Cooperative)))
            .OnlyWhen(JointOrdersApi.NotVendor);
        api.Get<Pool.State>(Route, "One pool, now or as of a moment", Find).AsOf().OnlyWhen(JointOrdersApi.NotVendor);
        api.Post<PoolOpening>("/pools", "Open a pool", (r, b) => r.Handle<Pool, Pool.Command, Pool.State, Pool.Event>(
                b.Facts.Id.Value, new Pool.Command.Open(b.Facts, b.Regime, b.From, b.Parameters ?? new())).Created($"/pools/{b.Facts.Id}"))
            .For(Roles.PoolAdmin).Creates().Of<PoolOpening>(b => b.Facts.Cooperative).Refuses("pool-exists", "parameters-unsound")
            .Example(() => new PoolOpening(
                new(new("SCHOOL"), new("SSC"), "School health pool", PoolPopulation.Schools), LiabilityRegime.PremiumOnly,
                new(2027, 1, 1)));
        api.Put<PoolAmendment>(Route + "/parameters", "Set parameters from a day on, by resolution", (r, b) => Board(r, b.Resolution, a =>
                new Pool.Command.AmendParameters(b.Parameters, b.From, ContractsApi.Today(r), a)))
            .For(Roles.PoolAdmin).Refuses("resolution-missing", "parameters-unsound", "amendment-retroactive")
            .Example(() => new PoolAmendment(new(), new(2028, 1, 1), Resolution));
        api.Post<ByResolution>(Route + "/joint-liability", "Make the participants answer for each other, by resolution", (r, b) =>
                Board(r, b.Resolution, a => new Pool.Command.ChangeRegime(LiabilityRegime.JointAndSeveral, a)))
            .For(Roles.PoolAdmin).Refuses("resolution-missing", "regime-fixed").Example(() => new ByResolution(Resolution));
        api.Post<ByResolution>(Route + "/closing", "Take no more joinders, by resolution", (r, b) =>
                Board(r, b.Resolution, a => new Pool.Command.Close(a)))
            .For(Roles.PoolAdmin).Refuses("resolution-missing", "pool-not-open").Example(() => new ByResolution(Resolution));
        api.Post(Route + "/run-off", "Only run out claims from now on", r => Send(r, new Pool.Command.StartRunOff()))
            .For(Roles.PoolAdmin).Refuses("participants-active", "pool-open");
        api.Post<PoolDissolution>(Route + "/dissolution", "Share out what is left, by resolution", (r, b) =>
                Board(r, b.Resolution, a => new Pool.Command.Dissolve(b.Amount, b.Bases, a)))
            .For(Roles.PoolAdmin).Refuses("resolution-missing", "pool-not-in-run-off", "basis-zero")
            .Example(() => new PoolDissolution(
                Money.FromDollars(1_000_000m), [new(new("M-001"), 118_800, Money.Zero)], Resolution));
        MapParticipants(api);
    }

    internal static PoolId PoolOf(ApiRequest r) => r.Id<PoolId>("poolId");

    internal static MemberNo MemberOf(ApiRequest r) => r.Id<MemberNo>("memberNo");

    internal static PoolWork Work(ApiRequest r) => PoolWork.Over(r.Services.Commands, r.Services.Models);

    /// <summary>A member sees its own, whoever else is named.</summary>
    internal static string? OwnOr(ApiRequest r) => r.Principal.Member?.Value ?? r.Query("member");

    private static void MapParticipants(ApiRoutes api)
    {
        api.List<PoolParticipation.State>(Route + "/participants", "Who takes part; a member sees itself", r => r.List(
                PoolModels.Participants,
                [("pool", PoolOf(r).Value), ("member", OwnOr(r)), ("phase", r.Word<ParticipationPhase>("phase")?.ToString())],
                row => row.Row))
            .OnlyWhen(JointOrdersApi.NotVendor).Takes("member", "Only this member.").Takes("phase", "Only in this phase, e.g. `active`.");
        api.Get<PoolParticipation.State>(Part, "A member's place in a pool, now or as of a moment", FindParticipant).AsOf().OfMember();
        api.Put<PoolApplication>(Part + "/application", "Apply to a pool", (r, b) =>
                Work(r).Board.Apply(r.Context, PoolOf(r), MemberOf(r), b.Resolution, r.Cancelled).Answered())
            .For(Roles.PoolAdmin, Roles.MemberApprover).OfMember()
            .Refuses("not-a-public-employer", "other-pool", "board-decision-needed", "participation-exists", "reentry-barred")
            .Example(() => new PoolApplication(Resolution));
        api.Post(Part + "/approval", "Approve an application", r => Tell(r, new PoolParticipation.Command.Approve()))
            .For(Roles.PoolAdmin).Refuses("application-not-pending");
        api.Post<PoolRejection>(Part + "/rejection", "Do not approve it", (r, b) => Tell(r, new PoolParticipation.Command.Reject(b.Reason)))
            .For(Roles.PoolAdmin).Refuses("application-not-pending").Example(() => new PoolRejection(RejectionReason.InformationMissing));
        api.Put<Joinder>(Part + "/joinder", "Record the signed joinder", (r, b) =>
                Work(r).Board.SignJoinder(r.Context, PoolOf(r), MemberOf(r), b.EffectiveOn, r.Cancelled).Answered())
            .For(Roles.PoolAdmin).Refuses("application-not-pending", "joinder-day-invalid").Example(() => new Joinder(new(2027, 1, 1)));
        api.Put<WithdrawalNotice>(Part + "/notice", "Give notice of withdrawal; one that does not hold is recorded with its reasons",
                (r, b) => Work(r).Board.GiveNotice(r.Context, PoolOf(r), MemberOf(r), b.ExitOn, b.YearEnds, r.Cancelled).Answered())
            .For(Roles.PoolAdmin, Roles.MemberApprover).OfMember().Refuses("not-active")
            .Example(() => new WithdrawalNotice(new(2027, 12, 31), new(2027, 12, 31)));
        api.Post(Part + "/notice/acceptance", "Accept a notice", r => Tell(r, new PoolParticipation.Command.AcceptNotice()))
            .For(Roles.PoolAdmin).Refuses("not-active");
        api.Post<PoolApplication>(Part + "/notice/rescission", "Stay after all; by resolution once the notice is accepted", (r, b) =>
                Work(r).Board.Participation(
                    r.Context, PoolOf(r), MemberOf(r), b.Resolution, ResolutionKind.PoolWaiver,
                    a => new PoolParticipation.Command.RescindNotice(a), r.Cancelled).Answered())
            .For(Roles.PoolAdmin, Roles.MemberApprover).OfMember().Refuses("resolution-missing", "not-active")
            .Example(() => new PoolApplication(Resolution));
        api.Post<PoolExpulsion>(Part + "/expulsion", "Put a participant out, by resolution", (r, b) =>
                Work(r).Board.Participation(
                    r.Context, PoolOf(r), MemberOf(r), b.Resolution, ResolutionKind.Expulsion,
                    a => new PoolParticipation.Command.Expel(b.LastDay, a), r.Cancelled).Answered())
            .For(Roles.PoolAdmin).Refuses("resolution-missing", "not-active")
            .Example(() => new PoolExpulsion(new(2027, 6, 30), Resolution));
        api.Post(Route + "/trustees/{memberNo}", "Give a participant its seat among the trustees", r =>
                Send(r, new Pool.Command.SeatTrustee(MemberOf(r))))
            .For(Roles.PoolAdmin).Refuses("not-a-participant");
    }

    private static Task<IResult> Send(ApiRequest r, Pool.Command command) =>
        r.Handle<Pool, Pool.Command, Pool.State, Pool.Event>(PoolOf(r).Value, command);

    private static Task<IResult> Board(ApiRequest r, ResolutionId resolution, Func<AdoptedResolution?, Pool.Command> command) =>
        Work(r).Board.Pool(r.Context, PoolOf(r), resolution, command, r.Cancelled).Answered();

    private static Task<IResult> Tell(ApiRequest r, PoolParticipation.Command command) =>
        r.Handle<PoolParticipation, PoolParticipation.Command, PoolParticipation.State, PoolParticipation.Event>(
            PoolParticipation.Key(PoolOf(r), MemberOf(r)), command);

    private static async Task<IResult> Find(ApiRequest r)
    {
        var loaded = await r.Load<Pool, Pool.Command, Pool.State, Pool.Event>(PoolOf(r).Value);
        return Answer.Versioned(loaded.Version == 0 ? null : loaded.State, loaded.Version);
    }

    private static async Task<IResult> FindParticipant(ApiRequest r)
    {
        var loaded = await r.Load<PoolParticipation, PoolParticipation.Command, PoolParticipation.State, PoolParticipation.Event>(
            PoolParticipation.Key(PoolOf(r), MemberOf(r)));
        return Answer.Versioned(loaded.Version == 0 ? null : loaded.State, loaded.Version);
    }
}
