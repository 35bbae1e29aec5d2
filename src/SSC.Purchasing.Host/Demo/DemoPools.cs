using SSC.Purchasing.InsurancePool.Participations;
using SSC.Purchasing.InsurancePool.Pools;
using SSC.Purchasing.InsurancePool.Reserves;
using SSC.Purchasing.InsurancePool.Rules;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;

namespace SSC.Purchasing.Host.Demo;

/// <summary>A pool of the demo.</summary>
/// <param name="Facts">What it is.</param>
/// <param name="Regime">Who is liable.</param>
/// <param name="Members">Who takes part, with its contracts.</param>
/// <param name="First">First day of its first plan year.</param>
/// <param name="Specific">What it bears of a case.</param>
internal sealed record DemoPool(
    PoolFacts Facts, LiabilityRegime Regime, IReadOnlyList<(DemoMember Member, int Contracts)> Members, DateOnly First, Money Specific)
{
    public PoolId Id => Facts.Id;

    public MemberNo No(int i) => Members[i].Member.No;
}

/// <summary>
/// Five pools. The school pool has one plan year behind it from the census to the end of its run-out, one that runs, and offers that wait
/// for an answer today, whatever day that is; the city and county pool is small, with its lower retention and a participation test that
/// fails first; in the third one, of three towns, participants answer for each other. In two more, small ones, silence declines or is asked
/// again, a year is rated anew or given up, a member is put out, and one of them is closed and shared out. What the rounds and the money go
/// through is in <see cref="DemoPoolRounds"/> and <see cref="DemoPoolMoney"/>.
/// </summary>
internal static class DemoPools
{
    internal static readonly PoolId Schools = new("SCHOOL"), Government = new("CCOGA"), Towns = new("TOWNS"),
        Vision = new("VISION"), Hearing = new("HEARING");
    internal static readonly PlanId Ppo = new("PPO-500"), Saver = new("HDHP-3200");

    internal static readonly PoolParameters Parameters = new()
    {
        Rating = new() { Band = Factor.Of(0.05m) }, Sharing = new() { LossLimit = Factor.Of(0.95m) },
    };

    // A pool that begins has no half year for its first round.
    private static readonly PoolParameters Founding = Parameters with
    {
        Renewal = new()
        {
            CensusOpens = 75, CensusLocks = 65, Offers = 60, FirstReminder = 50, SecondReminder = 46, Response = 42, Attestation = 50,
            StopLoss = 20,
        },
    };

    /// <summary>Everything that happens to the pools whatever else happens.</summary>
    public static IEnumerable<Happening> Plan(IReadOnlyList<DemoMember> members, DateTimeOffset now)
    {
        var (today, next) = (BusinessCalendar.LocalDate(now), NextYear(now));
        var home = members.Where(m => m.Cooperative == MinnesotaCooperatives.Home).OrderBy(m => m.No).ToList();
        var schools = home.Where(m => m.Facts is { Type: MemberType.Education, Kind: MemberKind.SchoolDistrict }).ToList();
        var towns = home.Where(m => m.Facts.Type == MemberType.Ccoga).ToList();
        var (school, city, small) = (
            Make(Schools, "School health pool (demo)", PoolPopulation.Schools, schools.Take(24), 5_120, next.AddYears(-2), 150_000m),
            Make(Government, "City and county health pool (demo)", PoolPopulation.Government, towns.Take(15), 900,
                new(today.Year, 1, 1), 50_000m),
            Make(Towns, "Three towns' dental pool (demo)", PoolPopulation.Government, towns.Skip(15).Take(3), 240,
                new(today.Year, 1, 1), 50_000m) with { Regime = LiabilityRegime.JointAndSeveral });
        var (vision, hearing) = (
            Make(Vision, "Three towns' vision pool (demo)", PoolPopulation.Government, towns.Skip(18).Take(3), 240, next.AddYears(-1),
                50_000m),
            Make(Hearing, "Three towns' hearing pool (demo)", PoolPopulation.Government, towns.Skip(18).Take(3), 120, next.AddYears(-1),
                50_000m));
        return
        [
            new(Clocks.On(school.First.AddDays(-101), 8), s => s.User("u-SSC-pools", new User.Command.Register(
                "u-SSC-pools", OrgRef.Of(MinnesotaCooperatives.Home), [Roles.PoolAdmin]))),
            .. Found(school, Founding), .. Found(city, Parameters), .. Found(small, Parameters),
            .. Found(vision, Silent(NonResponseRule.TreatAsDecline)), .. Found(hearing, Silent(NonResponseRule.Escalate7Days)),
            .. Applications(school, schools[24], home.First(m => m.Facts.Kind == MemberKind.NonProfit), towns[20]),
            new(Clocks.On(school.First.AddDays(20), 19), s => s.ByResolution(
                $"R-{school.First.Year}-601", ResolutionKind.PoolChange, Schools.Value, "Days of the renewal round",
                (w, c, r) => w.Board.Pool(c, Schools, r, a => new Pool.Command.AmendParameters(
                    Parameters, school.First.AddDays(30), BusinessCalendar.LocalDate(c.Now), a), default))),
            .. new DemoPoolRounds(school).Schools(next, schools[24]), .. new DemoPoolRounds(city).Cities(),
            .. new DemoPoolRounds(small).ThreeTowns(), .. new DemoPoolRounds(vision).Vision(), .. new DemoPoolRounds(hearing).Hearing(),
            .. DemoPoolMoney.Schools(school), .. DemoPoolMoney.ThreeTowns(small),
        ];
    }

    /// <summary>First day of the school pool's next plan year, in 80 to 110 days: its offers are out and may be answered.</summary>
    internal static DateOnly NextYear(DateTimeOffset now) =>
        BusinessCalendar.LocalDate(now).AddDays(110) is var last ? new(last.Year, last.Month, 1) : default;

    internal static StructuralList<TierCount> Counts(int contracts)
    {
        var tiers = LargestRemainder.Share(contracts, [53, 19, 28]);
        return [new(Ppo, Tier.Single, (int)tiers[0]), new(Ppo, Tier.SinglePlusOne, (int)tiers[1]), new(Saver, Tier.Family, (int)tiers[2])];
    }

    /// <summary>What silence means, with a short notice and a short extension.</summary>
    private static PoolParameters Silent(NonResponseRule rule) => Parameters with
    {
        Rating = Parameters.Rating with { NonResponse = rule }, Withdrawal = new() { NoticeDays = 30 },
        Renewal = new() { ExtensionDays = 3 },
    };

    private static DemoPool Make(
        PoolId id, string name, PoolPopulation population, IEnumerable<DemoMember> members, int contracts, DateOnly first, decimal specific)
    {
        var all = members.ToList();
        var shares = LargestRemainder.Share(contracts, [.. all.Select(m => (long)(m.Size * 100m) + 40)]);
        return new(
            new(id, MinnesotaCooperatives.Home, name, population), LiabilityRegime.PremiumOnly,
            [.. all.Select((m, i) => (m, (int)shares[i]))], first, Money.FromDollars(specific));
    }

    private static IEnumerable<Happening> Found(DemoPool pool, PoolParameters parameters)
    {
        var day = pool.First.AddDays(pool.Id == Schools ? -100 : -210);
        var id = pool.Id;
        yield return new(Clocks.On(day, 9), s => s.Pools((w, c) => w.Streams.Tell(
            c, id, new Pool.Command.Open(pool.Facts, pool.Regime, pool.First.AddYears(-1), parameters), default)));
        yield return new(Clocks.On(day, 10), s => s.Pools((w, c) => w.Streams.Tell(
            c, id, new RateStabilization.Command.Deposit(
                $"{id}:opening", Money.FromDollars(pool.Id == Schools ? 9_000_000m : 1_500_000m), ReservePurpose.Surplus, day), default)));
        foreach (var (member, _) in pool.Members)
        {
            var no = member.No;
            yield return new(Clocks.On(day, 11), s => s.Pools((w, c) => w.Board.Apply(c, id, no, null, default), no));
            yield return new(Clocks.On(day, 12), s => s.Pools((w, c) =>
                w.Streams.Tell(c, id, no, new PoolParticipation.Command.Approve(), default)));
            yield return new(Clocks.On(day.AddDays(1), 9), s => s.Pools((w, c) =>
                w.Board.SignJoinder(c, id, no, pool.First.AddYears(pool.Id == Schools ? 0 : -1), default)));
        }

        foreach (var (member, _) in pool.Members.Take(3))
            yield return new(Clocks.On(day.AddDays(2), 9), s => s.Pools((w, c) =>
                w.Streams.Tell(c, id, new Pool.Command.SeatTrustee(member.No), default)));
    }

    /// <summary>One without its papers, admitted when they came; two that may not join.</summary>
    private static IEnumerable<Happening> Applications(DemoPool pool, DemoMember late, DemoMember nonprofit, DemoMember town)
    {
        var day = pool.First.AddDays(60);
        Happening Apply(DateOnly on) => new(Clocks.On(on, 9), s => s.Pools((w, c) => w.Board.Apply(c, pool.Id, late.No, null, default)));
        Happening Tell(DateOnly on, PoolParticipation.Command command) =>
            new(Clocks.On(on, 10), s => s.Pools((w, c) => w.Streams.Tell(c, pool.Id, late.No, command, default)));
        yield return Apply(day);
        yield return Tell(day.AddDays(9), new PoolParticipation.Command.Reject(RejectionReason.InformationMissing));
        yield return Apply(day.AddDays(20));
        yield return Tell(day.AddDays(30), new PoolParticipation.Command.Approve());
        yield return new(Clocks.On(day.AddDays(31), 9), s => s.Pools((w, c) =>
            w.Board.SignJoinder(c, pool.Id, late.No, pool.First.AddMonths(6), default)));
        yield return new(Clocks.On(day, 11), s => s.PoolsRefused("not-a-public-employer", (w, c) =>
            w.Board.Apply(c, pool.Id, nonprofit.No, null, default)));
        yield return new(Clocks.On(day, 12), s => s.PoolsRefused("other-pool", (w, c) =>
            w.Board.Apply(c, pool.Id, town.No, null, default)));
    }
}
