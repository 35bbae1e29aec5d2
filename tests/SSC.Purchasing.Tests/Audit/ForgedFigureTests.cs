using Shouldly;
using SSC.Purchasing.Host;
using SSC.Purchasing.InsurancePool.Distributions;
using SSC.Purchasing.InsurancePool.Rules;
using SSC.Purchasing.InsurancePool.StopLoss;
using SSC.Purchasing.InsurancePool.Years;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Programs;
using SSC.Purchasing.Tests.Sagas;
using SSC.Purchasing.Tests.Testbed;
using Xunit;
using static SSC.Purchasing.Tests.InsurancePool.PoolSamples;

namespace SSC.Purchasing.Tests.Audit;

/// <summary>A rate, a share, a charge, a refund or a draw that somebody altered in the log is found by computing it again.</summary>
public class ForgedFigureTests
{
    private static readonly Money Cent = new(1);

    [Theory]
    [InlineData("pool_member_rated")]
    [InlineData("pool_distribution_allocated")]
    [InlineData("pool_assessment_respread")]
    [InlineData("pool_assessment_consents_closed")]
    [InlineData("stop_loss_threshold_crossed")]
    [InlineData("enrollment_cancelled")]
    [InlineData("offering_round_drawn")]
    public async Task a_figure_that_was_altered_is_found_and_the_honest_one_is_not(string type)
    {
        var bed = await Told(type);
        var honest = (await bed.Store.ReadAll(0, 10_000)).Last(e => e.Type == type);
        (await Recompute(bed, honest)).ShouldAllBe(d => d.Agrees);
        (await Recompute(bed, Forged(honest))).ShouldContain(d => !d.Agrees);
    }

    /// <summary>A cent more here, another seed there.</summary>
    private static object Altered(object fact) => fact switch
    {
        PoolYear.Event.MemberRated f => f with { Rate = f.Rate with { Rate = f.Rate.Rate + Cent } },
        Distribution.Event.Allocated f => f with { Shares = Moved(f.Shares) },
        AssessmentRun.Event.Respread f => f with { Shares = Moved(f.Shares) },
        AssessmentRun.Event.ConsentsClosed f => f with { ChargedToReserve = f.ChargedToReserve - Cent },
        StopLossCase.Event.ThresholdCrossed f => f with { Recoverable = f.Recoverable - Cent },
        Enrollment.Event.Cancelled f => f with { Refund = f.Refund with { Amount = f.Refund.Amount + Cent } },
        SeatLedger.Event.RoundDrawn f => f with { Grants = [.. f.Grants.Reverse()] },
        _ => throw new ArgumentException($"{fact} is not altered here.", nameof(fact)),
    };

    /// <summary>A cent goes from the second member to the first: the sum stays.</summary>
    private static StructuralList<MemberShareOut> Moved(StructuralList<MemberShareOut> shares) =>
        [shares[0] with { Amount = shares[0].Amount + Cent }, shares[1] with { Amount = shares[1].Amount - Cent }, .. shares.Skip(2)];

    private static Task<SagaTestbed> Told(string type) => type switch
    {
        "pool_member_rated" => Rated(),
        "pool_distribution_allocated" => Shared(),
        "pool_assessment_respread" => Assessed(LiabilityRegime.JointAndSeveral, One, Two),
        "pool_assessment_consents_closed" => Assessed(LiabilityRegime.PremiumOnly),
        "stop_loss_threshold_crossed" => Claimed(),
        "enrollment_cancelled" => Cancelled(),
        _ => Drawn(),
    };

    private static async Task<SagaTestbed> Rated() => (await (await PoolStory.Begin()).Rated()).Bed;

    private static async Task<SagaTestbed> Shared()
    {
        var bed = (await PoolStory.Begin()).Bed;
        StructuralList<ContributionBasis> bases = [new(One, Usd(500m), Usd(100m)), new(Two, Usd(500m), Usd(300m))];
        await bed.Given(
            "pool-distribution-SCHOOL:D-1",
            new Distribution.Event.Proposed(
                Usd(100m), NewYear, Usd(900m), Usd(500m), NewYear, DistributionMethod.CreditMemo, null, []) { Pool = School, Id = "D-1" },
            new Distribution.Event.Allocated(
                SharingOut.Dividend(Usd(100m), null, bases)!.Value, bases, null, SharingOut.HashOf(bases), SharingOut.CurrentRuleVersion)
            { Pool = School, Id = "D-1" });
        return bed;
    }

    private static async Task<SagaTestbed> Assessed(LiabilityRegime regime, params MemberNo[] paying)
    {
        var story = await PoolSagaStories.Assessing(regime);
        foreach (var member in paying)
        {
            PoolStory.Done(await story.Work.Streams.Tell(
                story.Admin, School, "A-1", new AssessmentRun.Command.RecordPayment(member, new(2027, 6, 10)), default));
        }

        await story.Bed.AdvanceTo(PoolStory.At(new(2027, 7, 3)));
        return story.Bed;
    }

    private static async Task<SagaTestbed> Claimed()
    {
        var story = await PoolStory.Begin();
        PoolStory.Done(await story.Work.Streams.Tell(story.Admin, School, Ref(1), new StopLossCase.Command.Report(
            School, 2026, Ref(1), Usd(212_480.55m), new(), new(2026, 3, 2)), default));
        return story.Bed;
    }

    private static async Task<SagaTestbed> Cancelled()
    {
        var story = await ProgramStory.Begin();
        await story.Enroll("M-001", 5);
        await story.Tell("M-001", new Enrollment.Command.Cancel("ill", story.Bed.Clock.Now));
        return story.Bed;
    }

    private static async Task<SagaTestbed> Drawn()
    {
        var story = await ProgramStory.Begin(ProgramStory.Terms(5) with { RoundUntil = ProgramStory.Begins.AddDays(2) });
        foreach (var (member, seats) in new[] { ("M-001", 4), ("M-002", 3), ("M-003", 1) }) await story.Enroll(member, seats);
        await story.Bed.AdvanceTo(ProgramStory.Begins.AddDays(2));
        return story.Bed;
    }

    private static async Task<IReadOnlyList<RecomputedDecision>> Recompute(SagaTestbed bed, RecordedEvent e)
    {
        var found = new List<RecomputedDecision>();
        foreach (var check in Modules.Checks.Where(c => c.EventTypes.Contains(e.Type)))
            found.AddRange(await check.Recompute(e, bed.Store, default));
        found.ShouldNotBeEmpty();
        return found;
    }

    private static RecordedEvent Forged(RecordedEvent e) => new(EventCatalogue.Of([typeof(PoolYear).Assembly]), Altered(e.Fact))
    {
        Position = e.Position, Id = e.Id, Tenant = e.Tenant, Stream = e.Stream, Version = e.Version, Type = e.Type, Data = e.Data,
        At = e.At, Metadata = e.Metadata,
    };
}
