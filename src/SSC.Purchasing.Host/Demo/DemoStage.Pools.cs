using SSC.Purchasing.InsurancePool.Rules;
using SSC.Purchasing.InsurancePool.Years;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Sagas;

namespace SSC.Purchasing.Host.Demo;

/// <content>What pool administrators, the board in their matters, members' treasurers and the bank do.</content>
internal sealed partial class DemoStage
{
    /// <summary>Who runs the pools.</summary>
    public const string PoolAdmin = "user:u-SSC-pools";

    /// <summary>Something about pools.</summary>
    public Task Pools(Func<PoolWork, CommandContext, Task<CommandOutcome>> act, object? about = null) =>
        Done(act(handler.Pools, As(PoolAdmin)), about: about);

    /// <summary>Something about pools that is refused.</summary>
    public Task PoolsRefused(string code, Func<PoolWork, CommandContext, Task<CommandOutcome>> act) =>
        Refused(act(handler.Pools, As(PoolAdmin)), code);

    /// <summary>Drafts a plan year for whoever is on the roster.</summary>
    public async Task DraftPoolYear(PoolId pool, DateOnly startsOn, StructuralList<PlanId> plans)
    {
        var known = await handler.Pools.Streams.Pool(tenant, pool, default);
        var parameters = known.On(startsOn);
        await Pools((w, c) => w.Streams.Tell(c, pool, startsOn.Year, new PoolYear.Command.Draft(new(
            pool, startsOn.Year, startsOn, plans, [.. known.Roster.Keys], known.Regime, parameters.Version, parameters.Values)), default));
    }

    /// <summary>Proposes rates for every member of the census; the rate in force is the year before's, where there is one.</summary>
    public async Task ProposePoolRates(PoolId pool, int year, Func<MemberNo, int, Money?, RateInput> input)
    {
        var (state, before) = (
            await handler.Pools.Streams.Year(tenant, pool, year, default),
            await handler.Pools.Streams.Year(tenant, pool, year - 1, default));
        var inputs = state.Census.Select(c =>
            input(c.Key, c.Value.Counts.Total(), before.Rates.GetValueOrDefault(c.Key)?.Rate)).ToStructuralList();
        await Pools((w, c) => w.Streams.Tell(c, pool, year, new PoolYear.Command.ProposeRates(inputs, Factor.Of(0.065m)), default));
    }

    /// <summary>The board adopts a resolution on a pool's matter in one meeting, and what waits for it is done.</summary>
    public async Task ByResolution(
        string id, ResolutionKind kind, string subject, string title,
        Func<PoolWork, CommandContext, ResolutionId, Task<CommandOutcome>> act)
    {
        var (resolution, today) = (new ResolutionId(id), BusinessCalendar.LocalDate(Now));
        await Resolution(resolution, new Resolution.Command.Draft(new(resolution, MinnesotaCooperatives.Home, kind, subject, title)));
        await Resolution(resolution, new Resolution.Command.Propose(today));
        var meeting = $"BM-{id}";
        await CallRoll(resolution, meeting, today);
        var board = await commands.Load<Board, Board.Command, Board.State, Board.Event>(tenant, MinnesotaCooperatives.Home.Value);
        var roll = ((Board.State.Constituted)board.State).RollOf(meeting, today);
        foreach (var director in roll.Directors) await Resolution(resolution, new Resolution.Command.RecordVote(director, Vote.For));
        await Declare(resolution, meeting, id, today);
        await Pools((w, c) => act(w, c, resolution), about: id);
    }

    /// <summary>A member's treasurer pays what an invoice asks for beside the pools' charges, which the pools collect themselves.</summary>
    public async Task PayMemberInvoice(string key)
    {
        var loaded = await commands.Load<MemberInvoice, MemberInvoice.Command, MemberInvoice.State, MemberInvoice.Event>(tenant, key);
        if (loaded.State is not MemberInvoice.State.Issued issued) return;
        var lines = issued.On.Charges.Values;
        if (lines.Any(l => l.Source == ChargeSource.Membership)) return; // paid as DemoGovernance says
        var owed = lines.Where(l => l.Source != ChargeSource.Pool).Select(l => l.Amount).Sum();
        if (owed > issued.Balance) owed = issued.Balance;
        if (owed <= Money.Zero) return;
        await Invoice(key, new MemberInvoice.Command.RecordPayment(new($"check {issued.Number}", owed, BusinessCalendar.LocalDate(Now))));
    }
}
