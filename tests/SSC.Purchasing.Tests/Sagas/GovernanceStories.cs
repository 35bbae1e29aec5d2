using Shouldly;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Procurement.Contracts;
using SSC.Purchasing.Sagas;
using SSC.Purchasing.Tests.Membership.Governance;
using SSC.Purchasing.Tests.Testbed;
using Xunit;

namespace SSC.Purchasing.Tests.Sagas;

/// <summary>Plans, membership years, elections, seats and the one invoice, also when everything comes twice.</summary>
public class GovernanceStories
{
    private static readonly CooperativeId Ssc = new("SSC");
    private static readonly MemberNo Participant = new("M-080");
    private static readonly DateTimeOffset January = BusinessCalendar.InstantOf(new(2026, 1, 15), new(9, 0));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task nobody_delivers_the_plan_reminders_then_an_alarm_and_the_next_year_is_scheduled(bool twice)
    {
        var bed = await Begin(twice);
        await bed.AdvanceTo(Day(2026, 6, 1, 12));
        (await Plan(bed, 2027)).ShouldBe(new AnnualPlan.State.Due(Ssc, 2027, new(2026, 6, 1), 3, null));
        await bed.AdvanceTo(Day(2026, 6, 2, 12));
        (await Plan(bed, 2027)).ShouldBe(new AnnualPlan.State.Due(Ssc, 2027, new(2026, 6, 1), 3, new(2026, 6, 2)));
        (await Plan(bed, 2028)).ShouldBe(new AnnualPlan.State.Due(Ssc, 2028, new(2027, 6, 1), 0, null));
    }

    [Fact]
    public async Task a_plan_delivered_in_time_is_left_alone_by_every_later_timer()
    {
        var bed = await Begin();
        await bed.AdvanceTo(Day(2026, 4, 15));
        await Do<AnnualPlan, AnnualPlan.Command, AnnualPlan.State, AnnualPlan.Event>(
            bed, "SSC:2027", new AnnualPlan.Command.Deliver(new string('a', 64), [Participant], new(2026, 4, 15)));
        var before = (await bed.Store.ReadStream(SagaTestbed.Tenant, "annual-plan-SSC:2027")).Count;
        await bed.ResumeAt(Day(2026, 8, 1));
        (await bed.Store.ReadStream(SagaTestbed.Tenant, "annual-plan-SSC:2027")).Count.ShouldBe(before);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task a_fee_is_assessed_billed_once_and_paid_with_the_invoice(bool twice)
    {
        var bed = await Admitted(twice);
        var open = (await Invoice(bed, "2026-01")).ShouldBeOfType<MemberInvoice.State.Open>().On;
        open.Charges.Values.ShouldBe([new(
            ChargeSource.Membership, "M-080:FY2026", "Participating membership 2025-26, two services", new(40_000))]);
        await Do<MemberInvoice, MemberInvoice.Command, MemberInvoice.State, MemberInvoice.Event>(
            bed, "M-080:2026-01", new MemberInvoice.Command.Issue("2026-01-080", new(2026, 1, 20), new(2026, 2, 19)));
        await Pay(bed, "ACH-1", 30_000);
        (await Year(bed, 2026)).ShouldBeOfType<MembershipYear.State.Owed>();
        await Pay(bed, "ACH-2", 10_000);
        (await Year(bed, 2026)).ShouldBeOfType<MembershipYear.State.Paid>().Reference.ShouldBe("2026-01-080");
        await bed.AdvanceTo(Day(2026, 6, 20));
        (await Member(bed)).LastDay.ShouldBeNull("a late lapse timer is harmless");
        (await Year(bed, 2027)).ShouldBeOfType<MembershipYear.State.Owed>("the next year was assessed 60 days before it begins");
    }

    [Fact]
    public async Task an_unpaid_fee_is_reminded_of_twice_then_lapses_and_ends_the_membership_until_it_is_paid()
    {
        var bed = await Admitted();
        await bed.AdvanceTo(Day(2026, 2, 16));
        (await Year(bed, 2026)).ShouldBeOfType<MembershipYear.State.Owed>().Reminders.ShouldBe(2);
        await bed.AdvanceTo(Day(2026, 4, 16));
        (await Year(bed, 2026)).ShouldBeOfType<MembershipYear.State.Lapsed>().On.ShouldBe(new(2026, 4, 16));
        (await Member(bed)).LastDay.ShouldBe(new(2026, 4, 16));
        await Do<MembershipYear, MembershipYear.Command, MembershipYear.State, MembershipYear.Event>(
            bed, "M-080:2026", new MembershipYear.Command.RecordPayment("check-9", new(2026, 4, 20)));
        (await Member(bed)).ShouldSatisfyAllConditions(m => m.LastDay.ShouldBeNull(), m => m.RejoinedFrom.ShouldBe(new(2026, 4, 20)));
    }

    [Fact]
    public async Task a_returned_payment_makes_the_fee_owed_again_and_it_lapses_after_its_time()
    {
        var bed = await Admitted();
        await Do<MemberInvoice, MemberInvoice.Command, MemberInvoice.State, MemberInvoice.Event>(
            bed, "M-080:2026-01", new MemberInvoice.Command.Issue("2026-01-080", new(2026, 1, 20), new(2026, 2, 19)));
        await Pay(bed, "ACH-1", 40_000);
        await bed.AdvanceTo(Day(2026, 4, 1));
        await Do<MemberInvoice, MemberInvoice.Command, MemberInvoice.State, MemberInvoice.Event>(
            bed, "M-080:2026-01", new MemberInvoice.Command.ReversePayment("ACH-1", "R01"));
        (await Year(bed, 2026)).ShouldBeOfType<MembershipYear.State.Owed>();
        await bed.AdvanceTo(Day(2026, 5, 2));
        (await Year(bed, 2026)).ShouldBeOfType<MembershipYear.State.Lapsed>();
    }

    [Fact]
    public async Task without_a_fee_schedule_nothing_is_billed_until_the_board_adopts_one()
    {
        var bed = await Admitted(fees: false);
        (await Year(bed, 2026)).ShouldBeOfType<MembershipYear.State.Absent>();
        await bed.Given("fee-schedule-SSC", new FeeSchedule.Event.Adopted(Ssc, Schedule));
        await bed.AdvanceTo(Day(2026, 2, 15));
        (await Year(bed, 2026)).ShouldBeOfType<MembershipYear.State.Owed>();
    }

    [Fact]
    public async Task a_charge_for_a_month_that_is_invoiced_goes_to_the_next()
    {
        var bed = await Admitted();
        await Do<MemberInvoice, MemberInvoice.Command, MemberInvoice.State, MemberInvoice.Event>(
            bed, "M-080:2026-01", new MemberInvoice.Command.Issue("2026-01-080", new(2026, 1, 20), new(2026, 2, 19)));
        var billing = new MemberBillingWork(bed.Commands);
        var seats = new Charge(ChargeSource.Program, "PD-12:M-080", "Conference, 3 seats", new(14_700));
        for (var time = 0; time < 2; time++)
            (await billing.Post(bed.As("saga"), Participant, new("2026-01"), seats, default)).ShouldBeOfType<CommandOutcome.Done>();
        (await Invoice(bed, "2026-02")).ShouldBeOfType<MemberInvoice.State.Open>().On.Total.ShouldBe(new(14_700));
        (await Invoice(bed, "2026-03")).ShouldBeOfType<MemberInvoice.State.Absent>();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task an_election_opens_counts_and_seats_by_itself_when_the_term_before_has_ended(bool twice)
    {
        var bed = await Begin(twice);
        await Admit(bed, "M-001", MemberType.Education, MemberKind.SchoolDistrict);
        await Admit(bed, "M-090", MemberType.NonProfit, MemberKind.NonProfit);
        await Do<Board, Board.Command, Board.State, Board.Event>(
            bed, "SSC", new Board.Command.EstablishSeat(Elections.Seat, new("Olmsted", true, 2027), new(2023, 7, 1)));
        await Do<Board, Board.Command, Board.State, Board.Event>(
            bed, "SSC", new Board.Command.Install(Elections.Seat, new(new("p-9"), new("M-001"), true), "SSC-2023", new(2023, 7, 1)));
        await bed.AdvanceTo(Elections.Start);
        await Do<Election, Election.Command, Election.State, Election.Event>(
            bed, "SSC-2027", new Election.Command.Call(Elections.Terms, Elections.Start));
        await Do<Election, Election.Command, Election.State, Election.Event>(bed, "SSC-2027", Elections.Nominate(1));
        await bed.AdvanceTo(Elections.NominationsEnd);
        (await Load<Election, Election.Command, Election.State, Election.Event>(bed, "SSC-2027"))
            .ShouldBeOfType<Election.State.Voting>().Voters.ShouldBe([new("M-001")], "a non-profit has no vote");
        await Do<Election, Election.Command, Election.State, Election.Event>(bed, "SSC-2027", Elections.Cast(1, 1));
        await bed.AdvanceTo(Elections.VotingEnd);
        await Do<Election, Election.Command, Election.State, Election.Event>(
            bed, "SSC-2027", new Election.Command.Certify(new(2027, 5, 20)));
        (await Seat(bed)).Holder!.Director.Person.ShouldBe(new("p-9"), "the term before has not ended");
        await bed.AdvanceTo(Day(2027, 7, 2));
        (await Seat(bed)).Holder.ShouldBe(new(
            new(new("p-1"), new("M-001"), true), SeatedBy.Election, "SSC-2027", new(2027, 7, 1), new(2031, 6, 30)));
    }

    [Fact]
    public async Task a_vacant_seat_is_not_forgotten_until_somebody_is_appointed()
    {
        var bed = await Begin();
        await Do<Board, Board.Command, Board.State, Board.Event>(
            bed, "SSC", new Board.Command.EstablishSeat(Elections.Seat, new("Olmsted", true, 2027), new(2026, 1, 15)));
        await bed.AdvanceTo(Day(2026, 3, 20));
        (await Board(bed)).Reminders[Elections.Seat].ShouldBe(2);
        await Do<Board, Board.Command, Board.State, Board.Event>(
            bed, "SSC", new Board.Command.Appoint(Elections.Seat, new(new("p-2"), new("M-001"), true), "R-1", new(2026, 3, 20)));
        var before = (await bed.Store.ReadStream(SagaTestbed.Tenant, "board-SSC")).Count;
        await bed.AdvanceTo(Day(2027, 6, 30));
        (await bed.Store.ReadStream(SagaTestbed.Tenant, "board-SSC")).Count.ShouldBe(before, "reminders are over");
        await bed.AdvanceTo(Day(2027, 7, 1));
        (await Board(bed)).VacantSince[Elections.Seat].ShouldBe(new(2027, 7, 1));
    }

    [Fact]
    public async Task a_resolution_that_is_rescinded_between_reading_and_recording_expels_nobody()
    {
        var bed = await Admitted();
        await bed.Given("resolution-R-1", [.. Resolve("R-1", ResolutionKind.Expulsion, "M-080")]);
        var gated = new GatedByResolution(bed.Commands);
        (await gated.Expel(bed.As("clerk"), Participant, new(2026, 6, 30), new("R-9"), default)).ShouldBeOfType<CommandOutcome.Refused>()
            .Refusal.Code.ShouldBe("resolution-missing");
        var rescinded = false;
        bed.Store.Interfere = append =>
        {
            if (rescinded || append.Stream is not "member-M-080") return null;
            rescinded = true;
            bed.Store.Append(
                new()
                {
                    Tenant = SagaTestbed.Tenant, Stream = "resolution-R-1", ExpectedVersion = 5, Metadata = new("story", "story"),
                    Events = [new(new Guid(9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9), new Resolution.Event.Rescinded(new("R-2"), new(2026, 1, 20)))],
                },
                default).GetAwaiter().GetResult();
            return null;
        };
        (await gated.Expel(bed.As("clerk"), Participant, new(2026, 6, 30), new("R-1"), default)).ShouldBeOfType<CommandOutcome.Refused>()
            .Refusal.Code.ShouldBe("resolution-missing");
        rescinded.ShouldBeTrue();
        (await Member(bed)).ExpelledBy.ShouldBeNull();
    }

    [Fact]
    public async Task the_roll_is_called_from_the_board_and_a_contracts_fee_waits_for_its_resolution()
    {
        var bed = await Begin();
        await Do<Board, Board.Command, Board.State, Board.Event>(
            bed, "SSC", new Board.Command.EstablishSeat(Elections.Seat, new("Olmsted", true, 2027), new(2023, 7, 1)));
        await Do<Board, Board.Command, Board.State, Board.Event>(
            bed, "SSC", new Board.Command.Install(Elections.Seat, new(new("p-9"), new("M-001"), true), "SSC-2023", new(2023, 7, 1)));
        var matter = new ResolutionMatter(new("R-5"), Ssc, ResolutionKind.FeeSchedule, "C-1", "Fee of the paper contract");
        foreach (Resolution.Command c in new Resolution.Command[] { new Resolution.Command.Draft(matter),
            new Resolution.Command.Propose(new(2026, 1, 15)) })
            await Do<Resolution, Resolution.Command, Resolution.State, Resolution.Event>(bed, "R-5", c);
        var work = new GovernanceWork(bed.Commands);
        (await work.CallRoll(bed.As("clerk"), new("R-5"), "BM-1", new(2026, 1, 28), default)).ShouldBeOfType<CommandOutcome.Done>();
        (await Load<Resolution, Resolution.Command, Resolution.State, Resolution.Event>(bed, "R-5"))
            .ShouldBeOfType<Resolution.State.Voting>().Roll.Directors.ShouldBe([new("p-9")]);
        await bed.Given("contract-C-1", new Contract.Event.Awarded(
            new(new("V-1"), Ssc, new(AuthorityKind.Negotiated, "471.59"), new(2026, 1, 1), new(2027, 12, 31)), Paper(100)));
        var gated = new GatedByResolution(bed.Commands);
        (await gated.AmendContract(bed.As("c"), new("C-1"), Paper(150), "dearer", new("R-5"), default))
            .ShouldBeOfType<CommandOutcome.Refused>().Refusal.Code.ShouldBe("resolution-missing");
        foreach (Resolution.Command c in new Resolution.Command[] { new Resolution.Command.RecordVote(new("p-9"), Vote.For),
            new Resolution.Command.CloseRollCall("BM-1", "2026-5", new(2026, 1, 28)) { NumberOf = new("R-5") } })
            await Do<Resolution, Resolution.Command, Resolution.State, Resolution.Event>(bed, "R-5", c);
        (await gated.AmendContract(bed.As("c"), new("C-1"), Paper(150), "dearer", new("R-5"), default))
            .ShouldBeOfType<CommandOutcome.Refused>().Refusal.Code.ShouldBe("resolution-not-effective");
        await bed.AdvanceTo(Day(2026, 1, 28));
        (await gated.AmendContract(bed.As("c"), new("C-1"), Paper(150), "dearer", new("R-5"), default))
            .ShouldBeOfType<CommandOutcome.Done>();
    }

    [Fact]
    public async Task a_number_of_the_minutes_is_that_of_one_resolution_and_a_vote_without_quorum_takes_none()
    {
        var bed = await Begin();
        var work = new GovernanceWork(bed.Commands);
        for (var n = 1; n <= 3; n++)
        {
            await bed.Given(
                $"resolution-R-{n}",
                new Resolution.Event.Drafted(new(new($"R-{n}"), Ssc, ResolutionKind.Other, $"X-{n}", "A matter")),
                new Resolution.Event.Proposed(Boards.March), new Resolution.Event.RollCallOpened(Boards.Roll()));
            for (var director = 1; director <= (n == 1 ? 3 : 4); director++)
                await bed.Given($"resolution-R-{n}", new Resolution.Event.VoteRecorded(Boards.Person(director), Vote.For));
        }

        Task<CommandOutcome> Declare(int n, string number) =>
            work.Declare(bed.As("clerk"), new($"R-{n}"), new("BM-2026-03", number, Boards.March), default);
        (await Declare(1, "2026-14a")).ShouldBeOfType<CommandOutcome.Done>("three of seven decide nothing");
        (await Declare(2, "2026-14a")).ShouldBeOfType<CommandOutcome.Done>();
        (await Declare(2, "2026-14a")).ShouldBeOfType<CommandOutcome.Done>().Repeated.ShouldBeTrue();
        (await Declare(3, "2026-14A")).ShouldBeOfType<CommandOutcome.Refused>().Refusal.Code.ShouldBe("minutes-number-taken");
        (await Load<Resolution, Resolution.Command, Resolution.State, Resolution.Event>(bed, "R-3"))
            .ShouldBeOfType<Resolution.State.Voting>("nothing is recorded");
        (await Declare(3, "15/2026")).ShouldBeOfType<CommandOutcome.Done>();
    }

    [Fact]
    public async Task a_number_that_was_recorded_before_numbers_were_given_is_still_that_resolutions()
    {
        var bed = await Begin();
        foreach (var fact in Resolve("R-OLD", ResolutionKind.Other, "X-1")) await bed.Given("resolution-R-OLD", fact); // as 2026-1
        await bed.Given(
            "resolution-R-9", new Resolution.Event.Drafted(new(new("R-9"), Ssc, ResolutionKind.Other, "X-2", "A matter")),
            new Resolution.Event.Proposed(Boards.March), new Resolution.Event.RollCallOpened(Boards.Roll()));
        for (var director = 1; director <= 4; director++)
            await bed.Given("resolution-R-9", new Resolution.Event.VoteRecorded(Boards.Person(director), Vote.For));
        var work = new GovernanceWork(bed.Commands);
        Task<CommandOutcome> Declare(string number) =>
            work.Declare(bed.As("clerk"), new("R-9"), new("BM-2026-03", number, Boards.March), default);
        (await Declare("2026-1")).ShouldBeOfType<CommandOutcome.Refused>().Refusal.Code.ShouldBe("minutes-number-taken");
        (await Load<MinutesNumber, MinutesNumber.Command, MinutesNumber.State, MinutesNumber.Event>(bed, "SSC:2026-1"))
            .Resolution.ShouldBe(new("R-OLD"), "reserved for whoever had it");
        (await Declare("2026-2")).ShouldBeOfType<CommandOutcome.Done>();
    }

    private static AdoptedFees Schedule => new(new(new(25_000), new(40_000), 30, 60), new(2025, 7, 1), new("R-0"));

    private static TradingTerms Paper(int basisPoints) => new(
        "Paper", ContractScope.Cooperative, new(FeePayer.Vendor, basisPoints), BillingMode.VendorDirect, new("FOB destination"));

    private static IEnumerable<object> Resolve(string id, ResolutionKind kind, string subject)
    {
        var day = new DateOnly(2026, 1, 15);
        yield return new Resolution.Event.Drafted(new(new(id), Ssc, kind, subject, "By the board"));
        yield return new Resolution.Event.Proposed(day);
        yield return new Resolution.Event.RollCallOpened(Boards.Roll());
        yield return new Resolution.Event.VoteRecorded(Boards.Person(1), Vote.For);
        yield return new Resolution.Event.Adopted("2026-1", "BM-2026-03", day, day, new(7, 4, 4, 0, 0, 0, 4, 3), 1);
    }

    private static DateTimeOffset Day(int year, int month, int day, int hour = 9) =>
        BusinessCalendar.InstantOf(new(year, month, day), new(hour, 0));

    private static async Task<SagaTestbed> Begin(bool twice = false)
    {
        var bed = new SagaTestbed(
            EventCatalogue.Of([typeof(Member).Assembly, typeof(Contract).Assembly]), January,
            [new AnnualPlanSaga(), new MembershipRenewalSaga(), new BoardSeatSaga(), new ElectionSaga(), new MemberBillingSaga()],
            commands =>
            {
                var (governance, billing) = (new GovernanceWork(commands), new MemberBillingWork(commands));
                return (command, context, ct) => command is BillingCommand b
                    ? billing.Execute(context, b, ct)
                    : governance.Execute(context, (GovernanceCommand)command, ct);
            })
        { DeliverTwice = twice };
        await Do<Board, Board.Command, Board.State, Board.Event>(
            bed, "SSC", new Board.Command.Constitute(Ssc, BoardRules.Customary, new(2020, 7, 1), "Bylaws of 2020"));
        return bed;
    }

    private static async Task<SagaTestbed> Admitted(bool twice = false, bool fees = true)
    {
        var bed = await Begin(twice);
        if (fees) await bed.Given("fee-schedule-SSC", new FeeSchedule.Event.Adopted(Ssc, Schedule));
        await Admit(bed, "M-080", MemberType.Participating, MemberKind.ParticipatingOrganization);
        return bed;
    }

    private static Task Admit(SagaTestbed bed, string member, MemberType type, MemberKind kind) =>
        Do<Member, Member.Command, Member.State, Member.Event>(bed, member, new Member.Command.Admit(
            new(member), Ssc, new($"{member} (demo)", type, kind, "Olmsted", MemberRules.Votes(type))
            {
                Services = type == MemberType.Participating ? [CooperativeService.Purchasing, CooperativeService.Programs] : [],
            }));

    private static Task Pay(SagaTestbed bed, string reference, long cents) =>
        Do<MemberInvoice, MemberInvoice.Command, MemberInvoice.State, MemberInvoice.Event>(
            bed, "M-080:2026-01", new MemberInvoice.Command.RecordPayment(new(reference, new(cents), new(2026, 1, 25))));

    private static async Task Do<TDecider, TCommand, TState, TEvent>(SagaTestbed bed, string key, TCommand command)
        where TDecider : IDecider<TCommand, TState, TEvent>
        where TEvent : notnull
    {
        var outcome = await bed.Commands.Handle<TDecider, TCommand, TState, TEvent>(bed.As("clerk"), key, command, default);
        outcome.ShouldBeOfType<CommandOutcome.Done>($"{command}: {outcome}");
        await bed.RunUntilIdle();
    }

    private static async Task<TState> Load<TDecider, TCommand, TState, TEvent>(SagaTestbed bed, string key)
        where TDecider : IDecider<TCommand, TState, TEvent>
        where TEvent : notnull =>
        (await bed.Commands.Load<TDecider, TCommand, TState, TEvent>(SagaTestbed.Tenant, key, fresh: true)).State;

    private static Task<AnnualPlan.State> Plan(SagaTestbed bed, int year) =>
        Load<AnnualPlan, AnnualPlan.Command, AnnualPlan.State, AnnualPlan.Event>(bed, AnnualPlan.Key(Ssc, year));

    private static Task<MembershipYear.State> Year(SagaTestbed bed, int year) =>
        Load<MembershipYear, MembershipYear.Command, MembershipYear.State, MembershipYear.Event>(
            bed, MembershipYear.Key(Participant, year));

    private static Task<MemberInvoice.State> Invoice(SagaTestbed bed, string month) =>
        Load<MemberInvoice, MemberInvoice.Command, MemberInvoice.State, MemberInvoice.Event>(bed, $"M-080:{month}");

    private static async Task<Member.State.Admitted> Member(SagaTestbed bed) =>
        (await Load<Member, Member.Command, Member.State, Member.Event>(bed, "M-080")).ShouldBeOfType<Member.State.Admitted>();

    private static async Task<Board.State.Constituted> Board(SagaTestbed bed) =>
        (await Load<Board, Board.Command, Board.State, Board.Event>(bed, "SSC")).ShouldBeOfType<Board.State.Constituted>();

    private static async Task<Seat> Seat(SagaTestbed bed) => (await Board(bed)).Seats[Elections.Seat];
}
