using Shouldly;
using SSC.Purchasing.InsurancePool.Billing;
using SSC.Purchasing.InsurancePool.Enrollment;
using SSC.Purchasing.InsurancePool.Experience;
using SSC.Purchasing.InsurancePool.Offers;
using SSC.Purchasing.InsurancePool.Participations;
using SSC.Purchasing.InsurancePool.Pools;
using SSC.Purchasing.InsurancePool.Reserves;
using SSC.Purchasing.InsurancePool.Rules;
using SSC.Purchasing.InsurancePool.Years;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Sagas;
using SSC.Purchasing.Tests.InsurancePool;
using SSC.Purchasing.Tests.Membership.Governance;
using SSC.Purchasing.Tests.Testbed;
using static SSC.Purchasing.Tests.InsurancePool.PoolSamples;

namespace SSC.Purchasing.Tests.Sagas;

/// <summary>
/// A school pool in miniature for telling a pool's branches: three districts, one plan, a board that resolves, real deciders, real sagas, a
/// scripted clock, no database.
/// </summary>
internal sealed class PoolStory
{
    public static readonly DateOnly Deadline = NewYear.AddDays(-75);
    private SagaCommandHandler work = null!;
    private int resolutions;

    private PoolStory(bool deliverTwice)
    {
        var catalogue = EventCatalogue.Of([typeof(Member).Assembly, typeof(Pool).Assembly]);
        ISaga[] sagas =
            [new RenewalRoundSaga(), new PoolBillingSaga(), new StopLossSaga(), new DistributionSaga(), new WithdrawalSaga()];
        Bed = new(catalogue, At(new(2026, 3, 2)), sagas, commands =>
        {
            work = SagaCommandHandler.Over(commands, new InMemoryReadModels(commands.Store));
            return work.Execute;
        })
        { DeliverTwice = deliverTwice };
    }

    public SagaTestbed Bed { get; }

    public PoolWork Work => work.Pools;

    public CommandContext Admin => Bed.As("pool-admin");

    public static DateTimeOffset At(DateOnly day, int hour = 9) => BusinessCalendar.InstantOf(day, new(hour, 0));

    /// <summary>An open pool with three participants and a reserve.</summary>
    public static async Task<PoolStory> Begin(
        PoolParameters? parameters = null, LiabilityRegime regime = LiabilityRegime.PremiumOnly, bool deliverTwice = false)
    {
        var story = new PoolStory(deliverTwice);
        await story.Bed.Given("insurance-pool-SCHOOL", new Pool.Event.Opened(
            new(School, new("SSC"), "School pool", PoolPopulation.Schools), regime, new(2020, 1, 1),
            parameters ?? Parameters));
        foreach (var member in Terms.Members)
        {
            await story.Bed.Given($"member-{member}", new Member.Event.Admitted(
                member, new("SSC"),
                new($"District {member} (demo)", MemberType.Education, MemberKind.SchoolDistrict, "Olmsted", true, 900, 60)));
            Done(await story.Work.Board.Apply(story.Admin, School, member, null, default));
            Done(await story.Work.Streams.Tell(story.Admin, School, member, new PoolParticipation.Command.Approve(), default));
            Done(await story.Work.Board.SignJoinder(story.Admin, School, member, new(2025, 1, 1), default));
            await story.Bed.RunUntilIdle();
        }

        await story.Reserve(
            new RateStabilization.Command.Deposit("SCHOOL:surplus", Usd(500_000m), ReservePurpose.Surplus, new(2026, 3, 2)));
        return story;
    }

    /// <summary>The year is drafted, counted and rated.</summary>
    public async Task<PoolStory> Rated(PoolParameters? parameters = null)
    {
        await Year(new PoolYear.Command.Draft(Terms with { Parameters = parameters ?? Parameters }));
        await Bed.AdvanceTo(At(NewYear.AddDays(-170)));
        foreach (var member in Terms.Members) await Year(new PoolYear.Command.ReportCensus(member, Census));
        await Bed.AdvanceTo(At(NewYear.AddDays(-149)));
        await Propose();
        return this;
    }

    /// <summary>The board has adopted the rates and offers are out.</summary>
    public async Task<PoolStory> Offered(PoolParameters? parameters = null)
    {
        await Rated(parameters);
        await Adopt();
        await Bed.AdvanceTo(At(NewYear.AddDays(-119)));
        return this;
    }

    /// <summary>Every member accepted, attestation and stop-loss are there, the year is bound.</summary>
    public async Task<PoolStory> Bound(PoolParameters? parameters = null)
    {
        await Offered(parameters);
        await Insure();
        foreach (var member in Terms.Members) await Accept(member);
        await Bed.AdvanceTo(At(Deadline.AddDays(1)));
        return this;
    }

    public Task Propose() => Year(new PoolYear.Command.ProposeRates([.. Terms.Members.Select(m => Input(m))], Factor.Of(0.065m)));

    public async Task Adopt()
    {
        Done(await Work.Board.Year(
            Admin, School, 2027, await Resolve(ResolutionKind.RateAdoption, "SCHOOL:2027"), ResolutionKind.RateAdoption,
            a => new PoolYear.Command.AdoptRates(a), default));
        await Bed.RunUntilIdle();
    }

    public async Task Insure()
    {
        await Year(new PoolYear.Command.FileAttestation(new("ACT-2027"), new(2026, 10, 1)));
        await Year(new PoolYear.Command.BindStopLoss(new(new("CAR-2027"), Usd(50_000m), Price(900m), Factor.Of(1.25m))));
    }

    public Task Accept(MemberNo member, int version = 1) =>
        Answer(member, new RenewalOffer.Command.Accept(version, "Minute 4", Bed.Clock.Now));

    public async Task Answer(MemberNo member, RenewalOffer.Command command)
    {
        Done(await Work.Streams.Tell(Admin, School, 2027, member, command, default));
        await Bed.RunUntilIdle();
    }

    public async Task Year(PoolYear.Command command)
    {
        Done(await Work.Streams.Tell(Admin, School, 2027, command, default));
        await Bed.RunUntilIdle();
    }

    public async Task Reserve(RateStabilization.Command command)
    {
        Done(await Work.Streams.Tell(Admin, School, command, default));
        await Bed.RunUntilIdle();
    }

    public async Task Invoice(MemberNo member, CoverageMonth month, ContributionInvoice.Command command)
    {
        Done(await Work.Streams.Tell(Admin, ContributionInvoice.Key(School, member, month), command, default));
        await Bed.RunUntilIdle();
    }

    public async Task Experience(MemberNo? member, int hash, params StructuralList<ExperienceMonth> months)
    {
        Done(await Work.Streams.Tell(
            Admin, School, member, new ExperienceLedger.Command.Import(
                School, member, new(hash.ToString("x64", null)), months, BusinessCalendar.LocalDate(Bed.Clock.Now), null), default));
        await Bed.RunUntilIdle();
    }

    /// <summary>A resolution that the board has adopted.</summary>
    public async Task<ResolutionId> Resolve(ResolutionKind kind, string subject)
    {
        var id = new ResolutionId($"R-{++resolutions:000}");
        var today = BusinessCalendar.LocalDate(Bed.Clock.Now);
        await Bed.Given(
            $"resolution-{id}", new Resolution.Event.Drafted(new(id, new("SSC"), kind, subject, "A matter of the pool")),
            new Resolution.Event.Proposed(today), new Resolution.Event.RollCallOpened(Boards.Roll(on: today)),
            new Resolution.Event.VoteRecorded(Boards.Person(1), Vote.For), new Resolution.Event.VoteRecorded(Boards.Person(2), Vote.For),
            new Resolution.Event.VoteRecorded(Boards.Person(3), Vote.For), new Resolution.Event.VoteRecorded(Boards.Person(4), Vote.For),
            new Resolution.Event.Adopted($"2026-{resolutions}", "BM-2026-03", today, today, new(7, 4, 4, 0, 0, 0, 4, 3), 1));
        return id;
    }

    public Task<PoolYear.State> YearState() => Work.Streams.Year(SagaTestbed.Tenant, School, 2027, default);

    public async Task<RenewalOffer.State> OfferState(MemberNo member) =>
        (await Work.Streams.Offer(SagaTestbed.Tenant, School, 2027, member, default)).State;

    public Task<ContributionInvoice.State> InvoiceState(MemberNo member, CoverageMonth month) =>
        Work.Streams.Invoice(SagaTestbed.Tenant, ContributionInvoice.Key(School, member, month), default);

    public Task<PoolParticipation.State> Participant(MemberNo member) =>
        Work.Streams.Participation(SagaTestbed.Tenant, School, member, default);

    public async Task<IReadOnlyList<string>> Types(string stream) =>
        [.. (await Bed.Store.ReadStream(SagaTestbed.Tenant, stream)).Select(e => e.Type)];

    public static void Done(CommandOutcome outcome) => outcome.ShouldBeOfType<CommandOutcome.Done>(outcome.ToString());

    public static string Refusal(CommandOutcome outcome) => outcome.ShouldBeOfType<CommandOutcome.Refused>().Refusal.Code;
}
