using SSC.Purchasing.InsurancePool.Distributions;
using SSC.Purchasing.InsurancePool.Participations;
using SSC.Purchasing.InsurancePool.Pools;
using SSC.Purchasing.InsurancePool.Rules;
using SSC.Purchasing.InsurancePool.Years;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Host.Demo;

/// <content>What goes wrong in small pools, and how a pool ends.</content>
internal sealed partial class DemoPoolRounds
{
    /// <summary>
    /// One keeps silent and so declines; too few take part twice; the year is rated anew and all accept. In the year the carrier wants
    /// more, which the board takes up again, then ends the cover; a participant is put out.
    /// </summary>
    public IEnumerable<Happening> Vision()
    {
        var (first, third) = (pool.First, pool.No(2));
        return
        [
            .. Counted(first, 185, 170, pool.Members), Propose(first, 146), Adopt(first, 130, 4), .. Insured(first, 100, 40),
            .. Accepted(first, 95, 1, 2),
            Year(first, 60, new PoolYear.Command.ReRate()), Propose(first, 59, 1), Adopt(first, 58, 5), .. Accepted(first, 50, 2, 3),
            Year(first, -20, new PoolYear.Command.RepriceStopLoss(Money.FromDollars(12_000m), RepricingAnswer.BoardReopens)),
            Year(first, -30, new PoolYear.Command.ChangeStopLoss(StopLossChange.Terminated, first.AddDays(100), first.AddDays(60))),
            new(At(first, -60, 19), s => s.ByResolution(
                $"R-{first.Year}-608", ResolutionKind.Expulsion, PoolParticipation.Key(Id, third), "A participant of the vision pool",
                (w, c, r) => w.Board.Participation(
                    c, Id, third, r, ResolutionKind.Expulsion,
                    a => new PoolParticipation.Command.Expel(first.AddMonths(3).AddDays(-1), a), default))),
        ];
    }

    /// <summary>
    /// The largest one declines and silence is asked once more: too few in the end, and the year is given up. There is nothing that an
    /// assessment could be shared by. All leave, and what is left is shared out when claims have run out.
    /// </summary>
    public IEnumerable<Happening> Hearing()
    {
        var first = pool.First;
        var large = pool.Members.MaxBy(m => m.Contracts).Member.No;
        return
        [
            .. Counted(first, 185, 170, pool.Members), Propose(first, 146), Adopt(first, 130, 6), .. Insured(first, 100, 90),
            Leave(first, 100, large), .. Accepted(first, 95, 1, 1, except: [large]),
            Year(first, 60, new PoolYear.Command.Abandon(AbandonReason.TooFewParticipants)),
            new(At(first, 58, 19), s => s.ByResolution(
                $"R-{first.Year}-609", ResolutionKind.PoolChange, Id.Value, "The hearing pool takes nobody more",
                (w, c, r) => w.Board.Pool(c, Id, r, a => new Pool.Command.Close(a), default))),
            .. SharedByNothing(first),
            .. pool.Members.Select(m => Notice(first, 50, m.Member.No)),
            new(At(first, -2), s => s.Pools((w, c) => w.Streams.Tell(c, Id, new Pool.Command.StartRunOff(), default))),
            new(At(first, -190, 19), s => s.ByResolution(
                $"R-{first.Year}-610", ResolutionKind.PoolChange, Id.Value, "The hearing pool is dissolved",
                (w, c, r) => w.Board.Pool(
                    c, Id, r, a => new Pool.Command.Dissolve(
                        Money.FromDollars(90_000m),
                        [
                            .. pool.Members.Select((m, i) => new DissolutionBasis(
                                m.Member.No, m.Contracts * 12L, Money.FromDollars(1_000m * i))),
                        ],
                        a), default))),
        ];
    }

    private IEnumerable<Happening> SharedByNothing(DateOnly first)
    {
        Happening Run(int before, AssessmentRun.Command command) => new(At(first, before), s => s.Pools(
            (w, c) => w.Streams.Tell(c, Id, "A-1", command, default), command));
        StructuralList<ContributionBasis> nothing = [.. pool.Members.Select(m => new ContributionBasis(m.Member.No, default, default))];
        yield return Run(57, new AssessmentRun.Command.Propose(
            Id, "A-1", Money.FromDollars(4_000m), pool.Regime, first.AddDays(-57), 30, 30));
        yield return new(At(first, 56, 19), s => s.ByResolution(
            $"R-{first.Year}-620", ResolutionKind.Assessment, AssessmentRun.Key(Id, "A-1"), "An assessment of the hearing pool",
            (w, c, r) => w.Board.ApproveAssessment(c, Id, "A-1", r, default)));
        yield return new(At(first, 55), s => s.PoolsRefused("basis-zero", (w, c) => w.Streams.Tell(
            c, Id, "A-1", new AssessmentRun.Command.Allocate(nothing, first.AddDays(-55)), default)));
        yield return Run(54, new AssessmentRun.Command.Cancel(RunCancellation.BoardDecision));
    }
}
