using Shouldly;
using SSC.Purchasing.Host;
using SSC.Purchasing.InsurancePool.Billing;
using SSC.Purchasing.InsurancePool.Participations;
using SSC.Purchasing.InsurancePool.Rules;
using SSC.Purchasing.InsurancePool.Years;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Programs;
using SSC.Purchasing.Tests.Sagas;
using SSC.Purchasing.Tests.Testbed;
using Xunit;
using static SSC.Purchasing.Tests.InsurancePool.PoolSamples;

namespace SSC.Purchasing.Tests.Audit;

/// <summary>
/// The dates of leaving a pool, how far a census moved, the total of a contribution and a team's tier are recomputed, and one that somebody
/// altered in the log is found.
/// </summary>
public class ForgedRecordTests
{
    private static readonly EventCatalogue Catalogue = EventCatalogue.Of(Modules.Assemblies);
    private static readonly TierBands Bands = new(new(2026, 7, 1), "Rules of the event", [new("A", 500), new("AA", null)]);

    public static TheoryData<string, string> Forgeries => new()
    {
        { "pool_participant_withdrawn", "exit" },
        { "pool_participant_withdrawn", "run-out" },
        { "pool_participant_withdrawn", "liability" },
        { "pool_reentry_barred", "until" },
        { "pool_census_moved", "drift" },
        { "pool_census_moved", "before" },
        { "contribution_invoice_issued", "total" },
        { "team_registered", "tier" },
        { "team_registered", "bands" },
    };

    [Theory]
    [MemberData(nameof(Forgeries))]
    public async Task what_was_altered_is_found_and_the_honest_record_is_not(string type, string what)
    {
        var bed = await Told(type);
        var honest = (await bed.Store.ReadAll(0, 10_000)).Last(e => e.Type == type);
        (await Recompute(bed, honest)).ShouldAllBe(d => d.Agrees);
        (await Recompute(bed, Forged(honest, what))).ShouldContain(d => !d.Agrees);
    }

    private static object Altered(object fact, string what) => (fact, what) switch
    {
        (PoolParticipation.Event.Withdrawn f, "exit") => f with { ExitOn = f.ExitOn.AddDays(-1) },
        (PoolParticipation.Event.Withdrawn f, "run-out") => f with { RunOutEnds = f.RunOutEnds.AddDays(-1) },
        (PoolParticipation.Event.Withdrawn f, _) => f with { LiableUntil = f.RunOutEnds },
        (PoolParticipation.Event.ReentryBarred f, _) => f with { Until = f.Until.AddDays(1) },
        (PoolYear.Event.CensusMoved f, "drift") => f with { Drift = Factor.Of(0.11m) },
        (PoolYear.Event.CensusMoved f, _) => f with { Before = f.Before + 1 },
        (ContributionInvoice.Event.Issued f, _) => f with { Total = f.Total + new Money(1) },
        (Team.Event.Registered f, "tier") => f with { Tier = "A" },
        (Team.Event.Registered f, _) => f with { Bands = Bands with { Bands = [new("AA", 5_000), new("AAA", null)] } },
        _ => throw new ArgumentException($"{fact} is not altered here.", nameof(fact)),
    };

    private static Task<SagaTestbed> Told(string type) => type switch
    {
        "pool_census_moved" => Moved(),
        "contribution_invoice_issued" => Billed(),
        "team_registered" => Registered(),
        _ => Left(),
    };

    private static async Task<SagaTestbed> Left()
    {
        var (story, exit) = (await PoolStory.Begin(), new DateOnly(2027, 12, 31));
        await Participant(story, new PoolParticipation.Command.GiveNotice(new(2026, 3, 2), exit, exit, Money.Zero));
        await Participant(story, new PoolParticipation.Command.Withdraw(exit.AddDays(1)));
        return story.Bed;
    }

    private static async Task Participant(PoolStory story, PoolParticipation.Command command) =>
        PoolStory.Done(await story.Work.Streams.Tell(story.Admin, School, One, command, default));

    private static async Task<SagaTestbed> Moved()
    {
        var story = await (await PoolStory.Begin()).Rated();
        await story.Year(new PoolYear.Command.ReportCensus(One, [Census[0] with { Contracts = 300 }, .. Census.Skip(1)]));
        return story.Bed;
    }

    private static async Task<SagaTestbed> Billed()
    {
        var (story, month) = (await PoolStory.Begin(), new CoverageMonth(2026, 4));
        ContributionLine Line(decimal amount) => new(LineKind.Contribution, month, Census[0].Plan, Tier.Single, 1, Usd(amount));
        await story.Invoice(One, month, new ContributionInvoice.Command.Draft(School, 2026, One, month, [Line(652.28m), Line(1_304.55m)]));
        await story.Invoice(One, month, new ContributionInvoice.Command.AddAdjustment(new("ADJ-1000"), Usd(-12m)));
        await story.Invoice(One, month, new ContributionInvoice.Command.Issue(new(2026, 4, 5)));
        return story.Bed;
    }

    private static async Task<SagaTestbed> Registered()
    {
        var story = await ProgramStory.Begin();
        await story.Bed.Given("program-PD", new CoopProgram.Event.TiersSet(Bands));
        await story.Enroll("M-001", 2);
        await story.Bed.Given("team-PD-oct:M-001:1", new Team.Event.Registered(
            new(ProgramStory.October, new("M-001"), 1, "Austin A", 5), "AA", 900, Bands));
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

    private static RecordedEvent Forged(RecordedEvent e, string what) => new(Catalogue, Altered(e.Fact, what))
    {
        Position = e.Position, Id = e.Id, Tenant = e.Tenant, Stream = e.Stream, Version = e.Version, Type = e.Type, Data = e.Data,
        At = e.At, Metadata = e.Metadata,
    };
}
