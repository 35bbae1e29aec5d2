using SSC.Purchasing.InsurancePool.Offers;
using SSC.Purchasing.InsurancePool.Participations;
using SSC.Purchasing.InsurancePool.Rules;
using SSC.Purchasing.InsurancePool.Years;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Host.Demo;

/// <summary>The renewal rounds of a pool, and joining and leaving around them.</summary>
internal sealed partial class DemoPoolRounds(DemoPool pool)
{
    private PoolId Id => pool.Id;

    /// <summary>A founding round, one that meets every branch, and one whose offers wait today.</summary>
    public IEnumerable<Happening> Schools(DateOnly next, DemoMember late)
    {
        var (first, second) = (pool.First, pool.First.AddYears(1));
        IEnumerable<Happening> happenings =
        [
            .. Counted(first, 80, 72, pool.Members), Propose(first, 64), Adopt(first, 62, 1), .. Insured(first, 55, 30),
            .. Accepted(first, 55, 1, 20),

            // The second one: the last district's counts never come, the board rejects the first rates, has no quorum for the second.
            .. Counted(second, 185, 170, [.. pool.Members.SkipLast(1), (late, 90)]), Propose(second, 146),
            Year(second, 144, new PoolYear.Command.RecordAdvice(false)), Year(second, 142, new PoolYear.Command.RejectRates(1)),
            Propose(second, 140), Year(second, 139, new PoolYear.Command.RecordAdvice(true)),
            Year(second, 136, new PoolYear.Command.RescheduleAdoption(second.AddDays(-130))), Adopt(second, 130, 1),
            .. Insured(second, 84, 22), // late, both: the alarms ring, and binding waits for the stop-loss
            Year(second, 110, new PoolYear.Command.ReportCensus(pool.No(1), DemoPools.Counts(pool.Members[1].Contracts * 4 / 5))),
            Offer(second, 105, pool.No(1), s => new RenewalOffer.Command.Accept(2, "Board minute on the re-quote", s.Now)),
            new(At(second, 104), s => s.PoolsRefused("offer-version-stale", (w, c) => w.Streams.Tell(
                c, Id, second.Year, pool.No(1), new RenewalOffer.Command.Accept(1, "Board minute", s.Now), default))),
            .. Accepted(second, 100, 1, 19, skip: 1),
            Offer(second, 95, pool.No(3), s => new RenewalOffer.Command.WithdrawAcceptance(s.Now)),
            Offer(second, 93, pool.No(3), s => new RenewalOffer.Command.Accept(1, "Board minute, after a second look", s.Now)),
            Leave(second, 92, pool.No(21)), Leave(second, 91, late.No), // the first may go; the second joined half a year ago
            new(At(second, 70), s => s.ByResolution(
                $"R-{second.Year}-604", ResolutionKind.PoolWaiver, RenewalOffer.Key(Id, second.Year, pool.No(22)),
                "A default is set aside", (w, c, r) => w.Board.ReverseDefault(c, Id, second.Year, pool.No(22), false, r, default))),
            Notice(second, 30, pool.No(19)), // too late: recorded with its reason
            Year(second, -40, new PoolYear.Command.RepriceStopLoss(Money.FromDollars(48_000m), RepricingAnswer.ReserveAbsorbs)),
            Year(second, -60, new PoolYear.Command.ChangeStopLoss(StopLossChange.Lasered, second.AddDays(100), second.AddDays(60))),

            // The third one: offers are out and may be answered today.
            .. Counted(next, 185, 170, pool.Members.Where((_, i) => i is not (21 or 22))), Propose(next, 148),
            Year(next, 140, new PoolYear.Command.RecordAdvice(true)), Adopt(next, 130, 1),
            .. Accepted(next, 118, 1, 6, skip: 0), // the first district has not answered yet
            Notice(next, 116, pool.No(20)),
            new(At(next, 112), s => s.Pools((w, c) => w.Streams.Tell(
                c, Id, pool.No(20), new PoolParticipation.Command.RescindNotice(), default))),
        ];
        return happenings;
    }

    /// <summary>The largest member says no first: the test fails, the offering is extended, the test passes or the board lets it.</summary>
    public IEnumerable<Happening> Cities()
    {
        var (first, second) = (pool.First, pool.First.AddYears(1));
        var large = pool.Members.OrderByDescending(m => m.Contracts).Take(2).Select(m => m.Member.No).ToList();
        return
        [
            .. Counted(first, 185, 170, pool.Members), Propose(first, 146), Adopt(first, 130, 2), .. Insured(first, 100, 60),
            .. large.Select((m, i) => Leave(first, 100 - i, m)), .. Accepted(first, 95, 1, 13, except: large),
            .. large.Select(m => Offer(first, 70, m, s => new RenewalOffer.Command.Accept(1, "Council minute, second reading", s.Now))),
            .. Counted(second, 185, 170, pool.Members), Propose(second, 146), Adopt(second, 130, 2), .. Insured(second, 100, 60),
            .. large.Select((m, i) => Leave(second, 100 - i, m)), .. Accepted(second, 95, 1, 13, except: large),
            new(At(second, 55), s => s.ByResolution(
                $"R-{second.Year}-605", ResolutionKind.PoolWaiver, PoolYear.Key(Id, second.Year), "Too few take part, and enough",
                (w, c, r) => w.Board.Year(
                    c, Id, second.Year, r, ResolutionKind.PoolWaiver, a => new PoolYear.Command.OverrideTest(a), default))),
        ];
    }

    /// <summary>One year, and another one that the board never gives rates.</summary>
    public IEnumerable<Happening> ThreeTowns()
    {
        var (first, second) = (pool.First, pool.First.AddYears(1));
        return
        [
            .. Counted(first, 185, 170, pool.Members), Propose(first, 146), Adopt(first, 130, 3), .. Insured(first, 100, 60),
            .. Accepted(first, 95, 1, 3),
            .. Counted(second, 185, 170, pool.Members),
            .. Enumerable.Range(0, 3).SelectMany(i => (Happening[])
            [
                Propose(second, 148 - (2 * i), i), Year(second, 147 - (2 * i), new PoolYear.Command.RejectRates(i + 1)),
            ]),
            Year(second, 138, new PoolYear.Command.RejectRates(4)), // the rates carried on, which nobody wants either
        ];
    }

    private static DateTimeOffset At(DateOnly start, int before, int hour = 10) => Clocks.On(start.AddDays(-before), hour);

    private Happening Year(DateOnly start, int before, PoolYear.Command command) => new(At(start, before), s => s.Pools(
        (w, c) => w.Streams.Tell(c, Id, start.Year, command, default), $"{Id} {start} {command}"));

    private Happening Offer(DateOnly start, int before, MemberNo member, Func<DemoStage, RenewalOffer.Command> command) =>
        new(At(start, before, 13), s => s.Pools(
            (w, c) => w.Streams.Tell(c, Id, start.Year, member, command(s), default), $"{Id} {start} {member} −{before}"));

    private Happening Leave(DateOnly start, int before, MemberNo member) => new(At(start, before, 14), s => s.Pools(async (w, c) =>
        await w.Streams.Tell(c, Id, start.Year, member, new RenewalOffer.Command.Decline(
            1, await w.Renewal.AgainstLeaving(c, Id, start.Year, member, default), s.Now), default)));

    private Happening Notice(DateOnly start, int before, MemberNo member) => new(At(start, before, 15), s => s.Pools((w, c) =>
        w.Board.GiveNotice(c, Id, member, start.AddDays(-1), start.AddDays(-1), default)));

    private IEnumerable<Happening> Counted(
        DateOnly start, int drafted, int counted, IEnumerable<(DemoMember Member, int Contracts)> members)
    {
        yield return new(At(start, drafted), s => s.DraftPoolYear(Id, start, [DemoPools.Ppo, DemoPools.Saver]));
        foreach (var (member, contracts) in members)
            yield return Year(start, counted, new PoolYear.Command.ReportCensus(member.No, DemoPools.Counts(contracts)));
    }

    private Happening Propose(DateOnly start, int before, int round = 0) => new(At(start, before), s => s.ProposePoolRates(
        Id, start.Year, (member, contracts, current) => new(
            member, contracts * 24, UnitPrice.FromDollars(780m + (Spread(member) % 90) + round), Factor.Of(0.085m), 18,
            UnitPrice.FromDollars(71.20m), UnitPrice.FromDollars(905m), UnitPrice.FromDollars(111.25m),
            current ?? Money.FromDollars(988m), contracts)));

    private static int Spread(MemberNo member) => member.Value.Aggregate(7, (h, c) => ((h * 31) + c) % 997);

    private Happening Adopt(DateOnly start, int before, int number) => new(At(start, before, 19), s => s.ByResolution(
        $"R-{start.Year}-61{number}", ResolutionKind.RateAdoption, PoolYear.Key(Id, start.Year), $"Rates of {Id} for {start.Year}",
        (w, c, r) => w.Board.Year(
            c, Id, start.Year, r, ResolutionKind.RateAdoption, a => new PoolYear.Command.AdoptRates(a), default)));

    private IEnumerable<Happening> Insured(DateOnly start, int attested, int covered)
    {
        yield return Year(start, attested, new PoolYear.Command.FileAttestation(new($"ACT-{start.Year}"), start.AddDays(-attested)));
        yield return Year(start, covered, new PoolYear.Command.BindStopLoss(new(
            new($"CAR-{start.Year}"), pool.Specific, UnitPrice.FromDollars(980m), Factor.Of(1.25m))));
    }

    private IEnumerable<Happening> Accepted(
        DateOnly start, int before, int version, int count, int? skip = null, IReadOnlyList<MemberNo>? except = null)
    {
        foreach (var (i, (member, _)) in pool.Members.Index().Where(m => m.Index != skip && except?.Contains(m.Item.Member.No) != true)
            .Take(count))
        {
            yield return new(At(start, before, 8 + (i % 9)), s => s.Pools((w, c) => w.Streams.Tell(
                c, Id, start.Year, member.No, new RenewalOffer.Command.Accept(version, "Board minute on the renewal", s.Now), default),
                $"{Id} {start} {member.No}"));
        }
    }
}
