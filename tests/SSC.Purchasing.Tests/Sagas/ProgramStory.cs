using Shouldly;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Programs;
using SSC.Purchasing.Sagas;
using SSC.Purchasing.Tests.Testbed;
using MemberFacts = SSC.Purchasing.Membership.MemberFacts;

namespace SSC.Purchasing.Tests.Sagas;

/// <summary>A cooperative in miniature for telling the branches of programs: five districts, one workshop, real deciders and
/// sagas.</summary>
internal sealed class ProgramStory
{
    public static readonly OfferingId October = new("PD-oct");
    public static readonly OfferingId November = new("PD-nov");
    public static readonly DateTimeOffset Begins = BusinessCalendar.InstantOf(new(2026, 9, 1), new(9, 0));
    public static readonly DateTimeOffset Start = BusinessCalendar.InstantOf(new(2026, 10, 14), new(9, 0));
    public static readonly DateTimeOffset Cutoff = Start.AddDays(-3);

    private SagaCommandHandler work = null!;

    private ProgramStory(bool deliverTwice)
    {
        var catalogue = EventCatalogue.Of([typeof(Member).Assembly, typeof(CoopProgram).Assembly]);
        Bed = new(
            catalogue, Begins,
            [new WaitlistSaga(), new OpeningRoundSaga(), new UnderMinimumSaga(), new EnrollmentSaga(), new SubscriptionSaga()],
            commands =>
            {
                work = SagaCommandHandler.Over(commands, new InMemoryReadModels(commands.Store));
                return work.Execute;
            })
        { DeliverTwice = deliverTwice };
    }

    public SagaTestbed Bed { get; }

    public ProgramWork Work => work.Programs;

    public static async Task<ProgramStory> Begin(OfferingTerms? october = null, bool deliverTwice = false)
    {
        var story = new ProgramStory(deliverTwice);
        foreach (var (type, number) in new[] { MemberType.Education, MemberType.Education, MemberType.Education, MemberType.Ccoga }
            .Select((t, i) => (t, $"M-00{i + 1}")))
        {
            var kind = type == MemberType.Education ? MemberKind.SchoolDistrict : MemberKind.City;
            await story.Bed.Given($"member-{number}", new Member.Event.Admitted(
                new(number), new("SSC"), new MemberFacts($"{number} (demo)", type, kind, "Olmsted", true, 900)));
        }

        await story.Bed.Given(
            "program-PD", new CoopProgram.Event.Drafted(new("PD"), "Number sense", ProgramKind.ProfessionalDevelopment),
            new CoopProgram.Event.PricingSet(new(
                new([new(new(2026, 7, 1), Money.FromDollars(49m), Money.FromDollars(49m))]),
                new(Money.FromDollars(1_200m), 20, Money.FromDollars(30m), 60))),
            new CoopProgram.Event.RefundPolicySet(new([new(14, 10_000), new(7, 5_000)])), new CoopProgram.Event.Published());
        await story.Schedule(October, october ?? Terms(10));
        return story;
    }

    public static OfferingTerms Terms(int? capacity, bool allowSkip = false) => new(
        new("PD"), "Number sense", [new(Start, 180), new(Start.AddHours(4), 180)], capacity, 0, Begins.AddHours(1), Cutoff)
    {
        Rules = SeatRules.Default with { AllowSkip = allowSkip },
    };

    /// <summary>Schedules an offering and lets it open by itself.</summary>
    public async Task Schedule(OfferingId offering, OfferingTerms terms)
    {
        await Ledger(new SeatLedger.Command.Schedule(offering, terms), offering);
        await Bed.AdvanceTo(terms.OpensAt > Bed.Clock.Now ? terms.OpensAt : Bed.Clock.Now);
    }

    public Task<CommandOutcome> TryEnroll(string member, int seats, string? po = "PO 7", OfferingId? offering = null) =>
        Work.Seats.Enroll(Bed.As($"buyer-{member}"), offering ?? October, new(member), seats, po, null, CancellationToken.None);

    public Task Enroll(string member, int seats, string? po = "PO 7", OfferingId? offering = null) => Run(TryEnroll(member, seats, po,
        offering));

    public Task<CommandOutcome> TryAccept(string member, string offer) =>
        Work.Seats.Accept(Bed.As($"buyer-{member}"), October, new(member), offer, CancellationToken.None);

    public Task Accept(string member, string offer) => Run(TryAccept(member, offer));

    public Task Decline(string member, string offer) =>
        Run(Work.Seats.Decline(Bed.As($"buyer-{member}"), October, new(member), offer, CancellationToken.None));

    public Task Confirm(string member) =>
        Run(Work.Seats.Confirm(Bed.As($"buyer-{member}"), October, new(member), CancellationToken.None));

    public Task Tell(string member, Enrollment.Command command) =>
        Run(Work.Seats.Decide(Bed.As($"buyer-{member}"), October, new(member), command, CancellationToken.None));

    public Task Ledger(SeatLedger.Command command, OfferingId? offering = null) =>
        Run(Work.Ledger(Bed.As("program-admin"), offering ?? October, command, CancellationToken.None));

    public async Task<SeatLedger.State> Seats(OfferingId? offering = null) =>
        (await Work.Seats.Ledger(SagaTestbed.Tenant, offering ?? October, true, CancellationToken.None)).State;

    public async Task<Enrollment.State> Of(string member, OfferingId? offering = null) =>
        (await Work.Seats.Enrolled(SagaTestbed.Tenant, offering ?? October, new(member), CancellationToken.None)).State;

    public static string Refusal(CommandOutcome outcome) => outcome.ShouldBeOfType<CommandOutcome.Refused>().Refusal.Code;

    public async Task Run(Task<CommandOutcome> doing)
    {
        (await doing).ShouldBeOfType<CommandOutcome.Done>();
        await Bed.RunUntilIdle();
    }
}
